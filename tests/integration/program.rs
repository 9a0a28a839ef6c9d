//! The program itself: exit codes, logs, and how it stops.

#[cfg(target_os = "linux")]
mod first_process;
mod flags;
mod library_telemetry;
mod stop;

use crate::support::{
    copy_of_tiny,
    program::{Server, assert_one_sentence, bare, refused, valence},
    root, temporary_folder, tiny_folder,
};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{self, Output},
    time::{Duration, Instant},
};

#[test]
fn missing_model_files_are_named() {
    assert_one_sentence(&refused(Path::new("/nowhere")), &["/nowhere is not a folder"]);
    for file in ["config.json", "tokenizer.json", "onnx/model_quantized.onnx"] {
        let folder = copy_of_tiny();
        fs::remove_file(folder.join(file)).unwrap();
        assert_one_sentence(&refused(&folder), &[file, "missing"]);
    }
}

#[test]
fn damaged_model_files_are_named() {
    for file in ["config.json", "tokenizer.json", "onnx/model_quantized.onnx"] {
        let folder = copy_of_tiny();
        let whole = fs::read(folder.join(file)).unwrap();
        fs::write(folder.join(file), &whole[..whole.len() / 2]).unwrap();
        assert_one_sentence(&refused(&folder), &[file]);
    }
}

#[test]
fn a_wrong_checksum_is_named() {
    let folder = copy_of_tiny();
    fs::write(folder.join("SHA256SUMS"), format!("{}  config.json\n", "0".repeat(64))).unwrap();
    assert_one_sentence(&refused(&folder), &["config.json", "checksum"]);
}

#[test]
fn labels_that_the_graph_does_not_have_are_refused() {
    let folder = copy_of_tiny();
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let config = config.replace(r#""0": "NEGATIVE","#, r#""0": "NEGATIVE", "2": "NEUTRAL","#);
    fs::write(folder.join("config.json"), config).unwrap();
    assert_one_sentence(&refused(&folder), &["2 scores", "3 labels"]);
}

#[test]
fn a_precision_that_the_folder_lacks_is_named() {
    let output = valence().arg(copy_of_tiny()).args(["--dtype", "fp16"]).output().unwrap();
    assert_one_sentence(&output, &["no ONNX file in fp16, only in int8", "--dtype"]);
}

#[test]
fn a_device_that_the_library_does_not_know_is_refused() {
    for device in ["cuda:0", "tensorrt", "openvino", "coreml"] {
        let output = valence().arg(tiny_folder()).args(["--device", device]).output().unwrap();
        assert_one_sentence(&output, &["cannot run on", "--runtime"]);
    }
}

#[test]
fn a_missing_or_unfit_runtime_library_is_named() {
    let with = |runtime: &Path| valence().arg(tiny_folder()).arg("--runtime").arg(runtime).output().unwrap();
    assert_one_sentence(&with(Path::new("/nowhere.so")), &["/nowhere.so", "missing", "scripts/setup.sh"]);
    let text = temporary_folder().join("text.so");
    fs::write(&text, "not a library").unwrap();
    assert_one_sentence(&with(&text), &["text.so", "cannot be used"]);
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = valence().arg(tiny_folder()).args(["--port", &port]).output().unwrap();
    assert_one_sentence(&output, &[&port, "--port"]);
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn what_loading_a_model_took_goes_back_to_the_system() {
    let kilobytes = |settings: &str| {
        let server =
            Server::of(valence().arg(root().join("models/valence-mini")).env("GLIBC_TUNABLES", settings));
        server.await_health();
        let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap()
    };
    // Another setting of the allocator stays; one of this size is respected, and is as without any.
    let (usual, ours) =
        (kilobytes("glibc.malloc.mmap_threshold=33554432"), kilobytes("glibc.malloc.arena_max=8"));
    assert!(ours + 20_000 < usual, "{ours} kB with the setting, {usual} kB without");
}

// The loader takes the setting from a program that has capabilities, and it started itself for ever.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn starts_itself_only_once_though_the_setting_is_lost() {
    let variables = |script: &str| {
        let mut shell = process::Command::new("/bin/sh");
        shell.current_dir("/").env_clear().args(["-c", script, "sh", env!("CARGO_BIN_EXE_valence")]);
        shell.args(["serve", "--host", "127.0.0.1", "--port", "0", "--model"]).arg(tiny_folder());
        let server = Server::of(&mut shell);
        fs::read_to_string(format!("/proc/{}/environ", server.child.id())).unwrap()
    };
    // What the second start finds there: a process keeps its number.
    let lost = variables("VALENCE_STARTED=$$ exec \"$@\"");
    assert!(!lost.contains("mmap_threshold"), "{lost:?}");
    let of_another = variables("VALENCE_STARTED=1$$ exec \"$@\"");
    assert!(of_another.contains("mmap_threshold"), "{of_another:?}");
}

/// Asks a port as a container's health check does.
fn health(port: &str) -> Output {
    bare().env("HOST", "0.0.0.0").env("PORT", port).arg("health").output().unwrap()
}

#[test]
fn health_is_asked_without_another_program() {
    let server = Server::start();
    let port = server.address.rsplit_once(':').unwrap().1.to_owned();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let output = health(&port);
        if output.status.success() {
            assert_eq!(output.stdout, b"ready\n");
            break;
        }
        assert_one_sentence(&output, &["not ready", "503"]);
        assert!(Instant::now() < deadline, "the model has not answered its first text");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.stop();
    assert_one_sentence(&health(&port), &["nothing answers", &port]);
    assert_one_sentence(&health("0"), &["--port"]);
}

// Docker called it unhealthy.
#[test]
fn a_server_without_a_free_connection_is_healthy() {
    let server = Server::start_with(&["--connections", "1"]);
    let _only = TcpStream::connect(&server.address).unwrap();
    let port = server.address.rsplit_once(':').unwrap().1;
    let output = health(port);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.starts_with(b"full: "), "{output:?}");
}

#[test]
fn an_api_key_is_never_printed() {
    let server = Server::start_with(&["--api-key", "bellwether,other"]);
    let answer = server.get("/config");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(!server.get("/info").contains("bellwether"));
    let (_, log) = server.stop();
    assert!(!log.contains("bellwether"), "{log}");
    for flags in [&["--help"][..], &["--port", "none"]] {
        let output =
            valence().arg(tiny_folder()).env("VALENCE_API_KEY", "bellwether").args(flags).output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8(printed).unwrap().contains("bellwether"));
    }
}

#[test]
fn a_text_never_reaches_the_log() {
    let server = Server::start();
    for path in ["/?text=bellwether", "/bellwether", "/page/bellwether?text=bellwether", "/?bellwether=1"] {
        server.get(path);
    }
    // A card with signs of both fonts and of neither, for its drawing has a log of its own.
    for path in ["/embed", "/qr.svg"] {
        server.get(&format!("{path}?text=bellwether"));
    }
    server.get_bytes("/og.png?text=bellwether+%F0%9F%98%80+%E9%9B%A8");
    server.send_feedback("bellwether");
    let (_, log) = server.stop();
    assert!(log.lines().count() >= 4, "{log}");
    assert!(log.lines().all(|line| line.starts_with('{')), "{log}");
    assert!(!log.contains("bellwether") && !log.contains('雨') && !log.contains("WARN"), "{log}");
}

#[test]
fn a_feedback_file_that_cannot_be_written_is_named() {
    let output =
        valence().arg(tiny_folder()).args(["--feedback", "/nowhere/opinions.jsonl"]).output().unwrap();
    assert_one_sentence(&output, &["/nowhere/opinions.jsonl", "--feedback"]);
}

#[test]
fn a_public_url_that_is_none_is_refused() {
    let output = valence().arg(tiny_folder()).args(["--public-url", "example.org/app"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("http:// or https:// and a host"), "{error}");
}

#[test]
fn only_a_space_lets_hugging_face_frame_its_pages() {
    let policy = |space: &[(&str, &str)]| {
        let server = Server::of(valence().arg(tiny_folder()).envs(space.iter().copied()));
        let answer = server.get("/");
        let (_, rest) = answer.split_once("frame-ancestors ").expect("the page's policy");
        rest.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(policy(&[]), "'self'");
    let space = [("SPACE_HOST", "some-one-valence.hf.space")];
    assert_eq!(policy(&space), "'self' https://huggingface.co https://*.hf.space");
}

// The other tests name a host.
#[test]
fn only_a_container_listens_on_every_interface() {
    let started = |variables: &[(&str, &str)]| {
        let mut command = bare();
        command.env("PORT", "0").envs(variables.iter().copied());
        Server::of(command.args(["serve", "--model"]).arg(tiny_folder())).address.clone()
    };
    let lxc = ("container", "lxc");
    assert!(started(&[lxc]).starts_with("0.0.0.0:"));
    assert!(started(&[lxc, ("HOST", "localhost")]).starts_with("127.0.0.1:"));
    // The tests may run in one themselves.
    let is_container = ["/.dockerenv", "/run/.containerenv"].iter().any(|file| Path::new(file).exists());
    let host = if is_container { "0.0.0.0:" } else { "127.0.0.1:" };
    for variables in [&[][..], &[("container", "")]] {
        assert!(started(variables).starts_with(host), "{variables:?}");
    }
}
