use crate::support::{copy_of_tiny, root, temporary_folder, tiny_folder};
use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The program in a folder that has nothing to do with it.
pub fn valence() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valence"));
    command.current_dir("/").env_clear().env("HOST", "127.0.0.1").env("PORT", "0").args(["serve", "--model"]);
    command
}

/// Runs it with a model folder that it must refuse.
pub fn refused(model: &Path) -> Output {
    valence().arg(model).output().unwrap()
}

pub fn assert_one_sentence(output: &Output, words: &[&str]) {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    for word in words {
        assert!(error.contains(word), "{word:?} is not in: {error}");
    }
}

/// A running server, ended when it is dropped.
pub struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: Option<JoinHandle<String>>,
    pub address: String,
}

impl Server {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(flags: &[&str]) -> Self {
        Self::of(valence().arg(tiny_folder()).args(flags))
    }

    /// The server that a command starts.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        // As it comes, so that a long log does not hold the server up.
        let log = thread::spawn(move || io::read_to_string(&mut stderr).unwrap());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").expect("the address it listens on").1.to_owned();
        Self { child, stdout, log: Some(log), address }
    }

    /// The next lines of its output, down to the one that has `words`.
    pub fn read_to(&mut self, words: &str) -> String {
        let mut lines = String::new();
        while !lines.contains(words) {
            assert_ne!(self.stdout.read_line(&mut lines).unwrap(), 0, "no {words:?} in {lines}");
        }
        lines
    }

    /// Waits until it has answered a first text.
    fn await_health(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.get("/health").starts_with("HTTP/1.1 200") {
            assert!(Instant::now() < deadline, "the model has not answered its first text");
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn get(&self, path: &str) -> String {
        String::from_utf8(self.get_bytes(path)).unwrap()
    }

    fn get_bytes(&self, path: &str) -> Vec<u8> {
        self.ask(&format!("GET {path}"), &[], "")
    }

    /// Sends a JSON body and gives the whole answer.
    pub fn post(&self, path: &str, headers: &[&str], json: &str) -> String {
        let headers = [headers, &["Content-Type: application/json"]].concat();
        String::from_utf8(self.ask(&format!("POST {path}"), &headers, json)).unwrap()
    }

    /// Sends a request, named by its method and path, and gives the whole answer.
    pub fn ask(&self, what: &str, headers: &[&str], body: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        write!(
            stream,
            "{what} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    /// Sends an opinion; nothing where the server is gone.
    fn send_feedback(&self, text: &str) -> Option<String> {
        let json = format!(r#"{{"text": "{text}", "choice": "up"}}"#);
        let mut stream = TcpStream::connect(&self.address).ok()?;
        write!(
            stream,
            "POST /page/feedback HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{json}",
            self.address,
            json.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok().map(|_| answer)
    }

    /// Asks it to stop and gives what it logged.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        let log = self.log.take().unwrap().join().unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn missing_model_files_are_named() {
    assert_one_sentence(&refused(Path::new("/nowhere")), &["/nowhere/config.json", "missing"]);
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
    assert_one_sentence(&output, &["onnx/model_fp16.onnx", "missing"]);
}

#[test]
fn a_device_that_the_library_does_not_know_is_refused() {
    for device in ["cuda:0", "tensorrt", "openvino", "coreml", "directml"] {
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

#[test]
fn serves_from_any_folder_and_stops_when_told() {
    let server = Server::start();
    server.await_health();
    assert!(server.get("/?text=good").contains("<meter"));
    let (code, _) = server.stop();
    assert_eq!(code, Some(0));
}

/// Asks a port as a container's health check does.
fn health(port: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valence"));
    command.env_clear().env("HOST", "0.0.0.0").env("PORT", port).arg("health").output().unwrap()
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

const JSON: &str = r#"{"text": "a good film"}"#;

impl Server {
    /// A request whose body the server waits for.
    fn ask_slowly(&self) -> TcpStream {
        const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "POST /api/v1/analyze HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            self.address,
            JSON.len()
        )
        .unwrap();
        // The server says so once it reads the body.
        let mut answer = vec![0; CONTINUE.len()];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(answer, CONTINUE.as_bytes());
        stream
    }

    /// Sends a signal, and waits until no new connections are taken.
    fn told(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(&self.address).is_ok() {
            assert!(Instant::now() < deadline, "new connections are still taken");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn a_second_interrupt_waits_for_nobody() {
    let mut server = Server::start();
    let _slow = server.ask_slowly();
    server.told("-INT");
    server.told("-INT");
    assert_eq!(server.child.wait().unwrap().code(), Some(130));
}

#[test]
fn accepted_requests_are_answered_after_the_order_to_stop() {
    let mut server = Server::start();
    let mut requests: Vec<_> = (0..200).map(|_| server.ask_slowly()).collect();
    server.told("-TERM");
    for stream in &mut requests {
        stream.write_all(JSON.as_bytes()).unwrap();
    }
    for mut stream in requests {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"scores\""), "{answer}");
    }
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
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
fn feedback_rows_are_whole_when_the_server_is_killed() {
    let file = temporary_folder().join("opinions.jsonl");
    let mut server = Server::start_with(&["--feedback", file.to_str().unwrap()]);
    let text = "good ".repeat(400);
    assert!(server.send_feedback(&text).unwrap().starts_with("HTTP/1.1 200"));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| while server.send_feedback(&text).is_some_and(|answer| !answer.is_empty()) {});
        }
        while fs::read_to_string(&file).unwrap().lines().count() < 20 {
            std::thread::yield_now();
        }
        let killed = Command::new("kill").args(["-9", &server.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    });
    server.child.wait().unwrap();
    let rows = fs::read_to_string(&file).unwrap();
    assert!(rows.ends_with('\n'));
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        assert_eq!(row["text"], text);
    }
}

#[test]
fn a_public_url_that_is_none_is_refused() {
    let output = valence().arg(tiny_folder()).args(["--public-url", "example.org/app"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("http:// or https:// and a host"), "{error}");
}

/// Starts a program as the first process of a namespace of its own, as in a container, and gives its
/// number outside; nothing where this machine does not allow that.
#[cfg(target_os = "linux")]
fn first_process(arguments: &[&str]) -> Option<(Child, u32)> {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--pid", "--fork"]);
    if !unshare.arg("--").arg("true").status().is_ok_and(|status| status.success()) {
        return None;
    }
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--pid", "--fork", "--", env!("CARGO_BIN_EXE_valence")])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    let process = loop {
        let process = fs::read_to_string(&children).unwrap_or_default().trim().parse::<u32>();
        if let Some(process) = process.ok().filter(|process| catches_termination(*process)) {
            break process;
        }
        assert!(Instant::now() < deadline, "the first process does not listen for SIGTERM");
        thread::sleep(Duration::from_millis(10));
    };
    Some((child, process))
}

#[cfg(target_os = "linux")]
fn catches_termination(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & (1 << 14) != 0)
}

// The kernel kept both signals from it until a verb listened, and some never did.
#[cfg(target_os = "linux")]
#[test]
fn the_first_process_of_a_container_ends_by_signals_before_it_serves() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        // It waits for the end of its input.
        let Some((mut child, process)) = first_process(&["analyze"]) else {
            // Past the test runner, which keeps what a passing test prints to itself.
            writeln!(io::stderr(), "skipped: no process can have a namespace of its own here").unwrap();
            return;
        };
        let _input = child.stdin.take();
        assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}
