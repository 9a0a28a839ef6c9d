//! The program as a user starts it: a command, or a server that listens on a port of its own.

use super::tiny_folder;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The program in a folder that has nothing to do with it, without arguments and variables.
///
/// It hears an interrupt, though whoever runs the tests in the background of a script has them ignore it.
pub fn bare() -> Command {
    let mut command = Command::new("/usr/bin/env");
    command.args(["--default-signal=INT", env!("CARGO_BIN_EXE_valence")]);
    command.current_dir("/").env_clear();
    command
}

/// A server on a free port, whose next argument is its model.
pub fn valence() -> Command {
    let mut command = bare();
    command.env("HOST", "127.0.0.1").env("PORT", "0").args(["serve", "--model"]);
    command
}

/// Runs it with a model folder that it must refuse.
pub fn refused(model: &Path) -> Output {
    valence().arg(model).output().unwrap()
}

/// That it failed with one sentence, which has these words.
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
    pub child: Child,
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
    pub fn await_health(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.get("/health").starts_with("HTTP/1.1 200") {
            assert!(Instant::now() < deadline, "the model has not answered its first text");
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn get(&self, path: &str) -> String {
        String::from_utf8(self.get_bytes(path)).unwrap()
    }

    pub fn get_bytes(&self, path: &str) -> Vec<u8> {
        self.ask(&format!("GET {path}"), &[], "")
    }

    /// Sends a JSON body and gives the whole answer.
    pub fn post(&self, path: &str, headers: &[&str], json: &str) -> String {
        let headers = [headers, &["Content-Type: application/json"]].concat();
        String::from_utf8(self.ask(&format!("POST {path}"), &headers, json)).unwrap()
    }

    /// Sends a request, named by its method and path, and gives the whole answer.
    pub fn ask(&self, what: &str, headers: &[&str], body: &str) -> Vec<u8> {
        self.try_ask(what, headers, body).unwrap()
    }

    fn try_ask(&self, what: &str, headers: &[&str], body: &str) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.address)?;
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        write!(
            stream,
            "{what} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }

    /// Sends an opinion; nothing where the server is gone.
    pub fn send_feedback(&self, text: &str) -> Option<String> {
        let json = format!(r#"{{"text": "{text}", "choice": "up"}}"#);
        let answer = self.try_ask("POST /page/feedback", &["Content-Type: application/json"], &json).ok()?;
        String::from_utf8(answer).ok()
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
