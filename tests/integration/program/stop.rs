//! The end of a running server: told once, told twice, killed.

use crate::support::{program::Server, temporary_folder, tiny_folder};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

#[test]
fn serves_from_any_folder_and_stops_when_told() {
    let server = Server::start();
    server.await_health();
    assert!(server.get("/?text=good").contains("<meter"));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(!log.contains("cut off"), "{log}");
}

// The program starts itself once more, and was "exe" to `pgrep` and `top` from then on.
#[cfg(target_os = "linux")]
#[test]
fn the_system_lists_it_by_its_name() {
    let server = Server::start();
    let name = fs::read_to_string(format!("/proc/{}/comm", server.child.id())).unwrap();
    assert_eq!(name.trim(), "valence");
}

const JSON: &str = r#"{"text": "a good film"}"#;

impl Server {
    /// A request whose body the server waits for.
    pub fn ask_slowly(&self) -> TcpStream {
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
    pub fn told(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(&self.address).is_ok() {
            assert!(Instant::now() < deadline, "new connections are still taken");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The exit code, which it has in time or never.
    fn end(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the server has not ended");
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
    assert_eq!(server.end(), Some(130));
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
    assert_eq!(server.end(), Some(0));
}

#[test]
fn the_log_says_how_much_the_end_of_grace_has_cut() {
    let server = Server::start_with(&["--grace", "1"]);
    let _slow = [server.ask_slowly(), server.ask_slowly()];
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    let warning = log.lines().find(|line| line.contains("cut off")).expect("a warning");
    assert!(warning.contains("WARN") && warning.contains(r#""connections":2"#), "{log}");
}

// Each line was written where its request was answered, and no request nor a signal was heard any more.
#[cfg(target_os = "linux")]
#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let log = temporary_folder().join("log");
    assert!(Command::new("mkfifo").arg(&log).status().unwrap().success());
    let mut shell = Command::new("/bin/sh");
    // For both ways, a pipe opens without a reader.
    shell.env_clear().env("LOG", &log).args(["-c", "exec \"$@\" 2<>\"$LOG\"", "sh"]);
    shell.args([env!("CARGO_BIN_EXE_valence"), "serve", "--host", "127.0.0.1", "--port", "0", "--model"]);
    let mut server = Server::of(shell.arg(tiny_folder()));
    // More lines than a pipe's 64 KB hold.
    for _ in 0..600 {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let host = &server.address;
        write!(stream, "GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream.read_to_string(&mut String::new()).expect("an answer");
    }
    server.told("-TERM");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_feedback_file_that_another_program_has_locked_holds_nothing_up() {
    let file = temporary_folder().join("opinions.jsonl");
    let mut server = Server::start_with(&["--feedback", file.to_str().unwrap(), "--grace", "1"]);
    let locked = fs::File::options().append(true).open(&file).unwrap();
    locked.lock().unwrap();
    assert!(server.send_feedback("good").unwrap().starts_with("HTTP/1.1 500 "));
    let json = r#"{"text": "good", "choice": "up"}"#;
    let mut waiting = TcpStream::connect(&server.address).unwrap();
    write!(
        waiting,
        "POST /page/feedback HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{json}",
        server.address,
        json.len()
    )
    .unwrap();
    server.told("-TERM");
    assert_eq!(server.end(), Some(0));
    assert_eq!(fs::read(&file).unwrap(), b"");
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
