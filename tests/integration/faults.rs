use crate::{
    http::{ONE, body, get, header, send},
    program::{Server, assert_one_sentence, refused, valence},
    support::{
        copy_of_tiny, engine_around,
        hub::{Fault, TestHub},
        root, state, state_of, temporary_folder, tiny_folder,
    },
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header::CONTENT_TYPE},
};
use memchr::memmem;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::mpsc,
    time::{Duration, Instant},
};
use valence::{
    engine::{
        artifact::{Artifact, hex},
        batch::Batch,
        cache::CacheLimits,
        device::Device,
        dtype::Dtype,
        graph::Graph,
        locate,
        runtime::Runtime,
        session::{Model, OnnxSession, SessionError, SessionOptions},
        tokenizer::Encoding,
    },
    models::Models,
    server::{health, router},
};

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

#[test]
fn a_bit_that_flipped_in_any_file_is_found_by_its_checksum() {
    for file in ["config.json", "tokenizer.json", GRAPH] {
        let folder = copy_of_tiny();
        let mut content = fs::read(folder.join(file)).unwrap();
        fs::write(folder.join("SHA256SUMS"), format!("{}  {file}\n", hex(&Sha256::digest(&content))))
            .unwrap();
        let middle = content.len() / 2;
        content[middle] ^= 1;
        fs::write(folder.join(file), content).unwrap();
        assert_one_sentence(&refused(&folder), &[file, "checksum"]);
    }
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_valence"));
        command.current_dir("/").env_clear().args(["analyze", "--model"]).arg(&folder).arg("a good film");
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
    assert_one_sentence(&command.args(["model", "pull", "tests/tiny"]).output().unwrap(), &["HF_HOME"]);
    // What was begun does not pass for the model afterwards.
    let pulled = pull(&hub, &home);
    assert!(pulled.status.success(), "{}", String::from_utf8_lossy(&pulled.stderr));
}

fn pull(hub: &TestHub, home: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valence"));
    command.current_dir("/").env_clear().env("HF_ENDPOINT", &hub.endpoint).env("HF_HOME", home);
    command.args(["model", "pull", "tests/tiny"]).output().unwrap()
}

/// Where nobody may write, whoever runs the test: below a file, and in the kernel's own files.
#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let hub = TestHub::start(Fault::None);
    let file = temporary_folder().join("file");
    fs::write(&file, "").unwrap();
    for home in [&file, Path::new("/proc/self")] {
        assert_one_sentence(&pull(&hub, home), &[home.to_str().unwrap(), "HF_HOME"]);
    }
}

#[test]
fn a_result_that_cannot_be_written_is_an_error_and_no_panic() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut analyze = Command::new(env!("CARGO_BIN_EXE_valence"));
    analyze.current_dir("/").env_clear().args(["analyze", "good", "--model"]).arg(tiny_folder());
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

/// Does at each run and each start what it is told to.
struct Told(mpsc::Receiver<Fate>);

enum Fate {
    Answer,
    Fail,
    Panic,
}

impl Told {
    fn fate(&self) -> Result<(), SessionError> {
        match self.0.recv().expect("the test goes on") {
            Fate::Answer => Ok(()),
            Fate::Fail => Err(SessionError::Runtime("bellwether".into())),
            Fate::Panic => panic!("bellwether"),
        }
    }
}

impl Model for Told {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.fate().map(|()| vec![vec![0.0, 1.0]; batch.rows])
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        self.fate()
    }
}

async fn ask(router: &Router) -> Response<Body> {
    let request = Request::post("/api/v1/analyze").header(CONTENT_TYPE, "application/json");
    send(router, request.body(Body::from(r#"{"text": "good"}"#)).unwrap()).await
}

async fn until_ready(router: &Router) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while get(router, "/health").await.status() != StatusCode::OK {
        assert!(Instant::now() < deadline, "the model does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_session_that_fails_costs_its_request_and_comes_back() {
    let (tell, told) = mpsc::channel();
    tell.send(Fate::Answer).unwrap();
    let engine = engine_around(Told(told), ONE, CacheLimits::OFF);
    engine.warm_up().await.unwrap();
    let router = router(state(engine));
    until_ready(&router).await;
    for (fault, attempts) in
        [(Fate::Panic, vec![Fate::Answer]), (Fate::Fail, vec![Fate::Panic, Fate::Fail, Fate::Answer])]
    {
        tell.send(fault).unwrap();
        let response = ask(&router).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = header(&response, "x-request-id").to_owned();
        let sentence = body(response).await;
        assert!(sentence.contains(&id) && !sentence.contains("bellwether"), "{sentence}");

        let health = get(&router, "/health").await;
        assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(body(health).await.contains("is restarting"));
        attempts.into_iter().for_each(|fate| tell.send(fate).unwrap());
        until_ready(&router).await;
        tell.send(Fate::Answer).unwrap();
        assert_eq!(ask(&router).await.status(), StatusCode::OK);
    }
}

// One failure at the start, such as of a device still in use, meant 503 for ever.
#[tokio::test]
async fn a_model_whose_first_text_fails_is_tried_again_until_it_is_ready() {
    let (tell, told) = mpsc::channel();
    [Fate::Fail, Fate::Answer, Fate::Answer].into_iter().for_each(|fate| tell.send(fate).unwrap());
    let models = Models::new(engine_around(Told(told), ONE, CacheLimits::OFF));
    let router = router(state_of(models.clone()));
    health::warm_up(models).await;
    assert_eq!(get(&router, "/health").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_comes_while_a_session_restarts_waits_for_it() {
    let (tell, told) = mpsc::channel();
    let engine = engine_around(Told(told), ONE, CacheLimits::OFF);
    let router = router(state(engine));
    tell.send(Fate::Fail).unwrap();
    assert_eq!(ask(&router).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let waits = tokio::spawn({
        let router = router.clone();
        async move { ask(&router).await.status() }
    });
    [Fate::Fail, Fate::Answer, Fate::Answer].into_iter().for_each(|fate| tell.send(fate).unwrap());
    assert_eq!(waits.await.unwrap(), StatusCode::OK);
}

/// Several sessions share their weights, which the new one takes up again.
#[test]
fn a_real_session_answers_after_its_restart_as_before() {
    let runtime = Runtime::load(&locate::runtime()).expect("scripts/setup.sh has installed ONNX Runtime");
    let artifact = Artifact::open(&root().join("models/valence-mini")).unwrap();
    let (_, file) = artifact.graph(None, Dtype::ON_CPU).unwrap();
    let options = SessionOptions { device: Device::Cpu, labels: 2, threads: 1 };
    for count in [1, 2] {
        let graph = artifact.read(&file).unwrap();
        let mut sessions = OnnxSession::open_several(&runtime, &graph, count, options).unwrap();
        let batch = Batch::new(&[&Encoding::new(vec![2, 5, 9, 3])], 0);
        let before = sessions[0].logits(&batch).unwrap();
        sessions[0].restart().unwrap();
        assert_eq!(sessions[0].logits(&batch).unwrap(), before);
    }
}

#[test]
fn a_session_whose_file_has_changed_or_gone_says_so_and_runs_on() {
    let runtime = Runtime::load(&locate::runtime()).unwrap();
    let file = copy_of_tiny().join(GRAPH);
    let options = SessionOptions { device: Device::Cpu, labels: 2, threads: 1 };
    let mut session = OnnxSession::open(&runtime, &Graph::read(&file).unwrap(), options).unwrap();
    fs::write(&file, [fs::read(&file).unwrap(), vec![0]].concat()).unwrap();
    let error = session.restart().unwrap_err().to_string();
    assert!(error.contains(GRAPH) && error.contains("has changed since the start"), "{error}");
    fs::remove_file(&file).unwrap();
    let error = session.restart().unwrap_err().to_string();
    assert!(error.contains(GRAPH) && error.contains("cannot be read again"), "{error}");
    assert_eq!(session.logits(&Batch::new(&[&Encoding::new(vec![2, 3])], 0)).unwrap().len(), 1);
}
