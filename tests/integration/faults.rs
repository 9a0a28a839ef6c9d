//! What breaks underneath: files, the runtime's library, disks, a session in the middle of a run.

mod checksums;
mod down;
mod graphs;
mod sessions;

use crate::support::{
    copy_of_tiny,
    hub::{Fault, TestHub},
    program::{Server, assert_one_sentence, bare, refused, valence},
    temporary_folder, tiny_folder,
};
use memchr::memmem;
use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};
use valence::loading::locate;

const GRAPH: &str = "onnx/model_quantized.onnx";

/// A copy of the tiny model with another graph.
fn with_graph(change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let folder = copy_of_tiny();
    let mut graph = fs::read(folder.join(GRAPH)).unwrap();
    change(&mut graph);
    fs::write(folder.join(GRAPH), graph).unwrap();
    folder
}

#[test]
fn a_graph_of_a_future_opset_is_refused() {
    let folder = with_graph(|graph| {
        // `opset_import`: the domain "" at version 17.
        let place = memmem::find(graph, b"B\x04\n\x00\x10\x11").expect("the opset's field");
        graph[place + 5] = 127;
    });
    assert_one_sentence(&refused(&folder), &[GRAPH, "opset"]);
}

#[test]
fn a_tokenizer_over_which_its_library_panics_is_refused() {
    let folder = copy_of_tiny();
    let file = folder.join("tokenizer.json");
    let content = fs::read_to_string(&file)
        .unwrap()
        .replace(r#""special_tokens":{"[CLS]""#, r#""special_tokens":{"[CLX]""#);
    fs::write(&file, content).unwrap();
    assert_one_sentence(&refused(&folder), &["tokenizer.json", "tokenizers library"]);
}

/// Without checksums a flipped bit may pass for another weight; it never brings the program down.
#[test]
fn a_bit_that_flipped_unseen_is_an_error_or_another_answer() {
    let length = fs::metadata(tiny_folder().join(GRAPH)).unwrap().len() as usize;
    for file in 0..24 {
        // Half of them where the graph is described, at its beginning and its end.
        let place = match file % 4 {
            0 => file * 7,
            1 => length - 1 - file * 7,
            _ => file * 1999 % length,
        };
        let folder = with_graph(|graph| graph[place] ^= 1 << (file % 8));
        let mut command = bare();
        command.args(["analyze", "--model"]).arg(&folder).arg("a good film");
        let output = command.output().unwrap();
        if !output.status.success() {
            assert_one_sentence(&output, &[]);
        }
    }
}

#[test]
fn a_library_of_another_machine_or_of_another_kind_is_named() {
    let with = |runtime: &Path| valence().arg(tiny_folder()).arg("--runtime").arg(runtime).output().unwrap();
    let folder = temporary_folder();
    let mut foreign = fs::read(locate::runtime()).unwrap();
    // ELF's `e_machine`: EM_S390.
    foreign[18..20].copy_from_slice(&[22, 0]);
    fs::write(folder.join("foreign.so"), foreign).unwrap();
    assert_one_sentence(&with(&folder.join("foreign.so")), &["foreign.so", "cannot be used", "--runtime"]);

    for (name, source, words) in [
        ("other.so", "int answer(void) { return 42; }", "OrtGetApiBase"),
        (
            "old.so",
            "static const void *api(unsigned version) { (void)version; return 0; }
             static const char *name(void) { return \"1.10.0\"; }
             static const struct { const void *(*api)(unsigned); const char *(*name)(void); } base = { api, name };
             const void *OrtGetApiBase(void) { return &base; }",
            "1.10.0",
        ),
    ] {
        let (source_file, library) = (folder.join("library.c"), folder.join(name));
        fs::write(&source_file, source).unwrap();
        let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source_file).status();
        assert!(built.expect("scripts/setup.sh has seen to a C compiler").success());
        assert_one_sentence(&with(&library), &[name, "cannot be used", "--runtime", words]);
    }
}

/// The program where no file may have more than `blocks` of 512 bytes, as on a disk that is full.
fn on_a_full_disk(blocks: u32) -> Command {
    let mut command = Command::new("/bin/sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    command.current_dir("/").env_clear().args(["-c", &script, "sh", env!("CARGO_BIN_EXE_valence")]);
    command
}

#[test]
fn a_disk_without_room_ends_a_batch_in_one_sentence() {
    let folder = temporary_folder();
    let (input, output) = (folder.join("in.csv"), folder.join("out.csv"));
    fs::write(&input, format!("text\n{}", "a good film\n".repeat(500))).unwrap();
    let mut command = on_a_full_disk(4);
    command.arg("batch").arg(&input).arg("-o").arg(&output).arg("--model").arg(tiny_folder());
    assert_one_sentence(&command.output().unwrap(), &["cannot be written"]);
    assert!(!output.exists(), "a file appears whole or not at all");
}

#[test]
fn a_disk_without_room_ends_a_pull_in_one_sentence() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let mut command = on_a_full_disk(8);
    command.env("HF_ENDPOINT", &hub.endpoint).env("HF_HOME", &home);
    assert_one_sentence(&command.args(["model", "pull", "tests/tiny"]).output().unwrap(), &["HF_HUB_CACHE"]);
    // What was begun does not pass for the model afterwards.
    let pulled = pull(&hub, &home);
    assert!(pulled.status.success(), "{}", String::from_utf8_lossy(&pulled.stderr));
}

fn pull(hub: &TestHub, home: &Path) -> Output {
    let mut command = bare();
    command.env("HF_ENDPOINT", &hub.endpoint).env("HF_HOME", home);
    command.args(["model", "pull", "tests/tiny"]).output().unwrap()
}

/// Where nobody may write, whoever runs the test: below a file, and in the kernel's own files.
#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let hub = TestHub::start(Fault::None);
    let file = temporary_folder().join("file");
    fs::write(&file, "").unwrap();
    for home in [&file, Path::new("/proc/self")] {
        assert_one_sentence(&pull(&hub, home), &[home.to_str().unwrap(), "HF_HUB_CACHE"]);
    }
}

#[test]
fn a_result_that_cannot_be_written_is_an_error_and_no_panic() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut analyze = bare();
    analyze.args(["analyze", "good", "--model"]).arg(tiny_folder());
    assert_one_sentence(&analyze.stdout(full()).output().unwrap(), &[]);

    // A server says where it listens, and needs no ear for it.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = valence();
    server.arg(tiny_folder()).args(["--port", &port.to_string()]).stdout(full()).stderr(full());
    let mut server = server.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(server.try_wait().unwrap().is_none(), "the server has ended");
        assert!(Instant::now() < deadline, "the server does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

// A limit of the process stands for the disk's end.
#[cfg(target_os = "linux")]
#[test]
fn feedback_rows_stay_whole_where_the_disk_takes_a_part_of_one() {
    use rlimit::{Resource, getrlimit, prlimit};

    let file = temporary_folder().join("opinions.jsonl");
    let mut shell = Command::new("/bin/sh");
    // 512 bytes, and no signal at the attempt to write more.
    shell.env_clear().args(["-c", "trap '' XFSZ; ulimit -S -f 1; exec \"$@\"", "sh"]);
    shell.args([env!("CARGO_BIN_EXE_valence"), "serve", "--host", "127.0.0.1", "--port", "0"]);
    shell.arg("--model").arg(tiny_folder()).arg("--feedback").arg(&file);
    let server = Server::of(&mut shell);
    let text = "good ".repeat(40);
    let send = || server.send_feedback(&text).expect("an answer");
    assert!(send().starts_with("HTTP/1.1 200 "));
    let whole = fs::read_to_string(&file).unwrap();
    for _ in 0..2 {
        assert!(send().starts_with("HTTP/1.1 500 "));
        assert_eq!(fs::read_to_string(&file).unwrap(), whole);
    }
    let pid = server.child.id().try_into().unwrap();
    let room = getrlimit(Resource::FSIZE).unwrap();
    prlimit(pid, Resource::FSIZE, Some(room), None).unwrap();
    assert!(send().starts_with("HTTP/1.1 200 "));
    let rows = fs::read_to_string(&file).unwrap();
    assert!(rows.starts_with(&whole) && rows.ends_with('\n'), "{rows}");
    let texts =
        rows.lines().map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap()["text"].take());
    assert_eq!(texts.collect::<Vec<_>>(), [&*text, &*text]);
}

#[test]
fn feedback_on_a_full_disk_is_an_error_of_its_own_request() {
    let server = Server::start_with(&["--feedback", "/dev/full"]);
    let answer = server.post("/page/feedback", &[], r#"{"text": "good", "choice": "up"}"#);
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
    assert!(answer.rsplit("\r\n\r\n").next().unwrap().contains(id), "{answer}");
    assert!(server.get("/?text=good").contains("<meter"), "everything else goes on");
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains(id) && log.contains("feedback file cannot be written"), "{log}");
}
