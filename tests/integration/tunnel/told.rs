//! What is told of a tunnel: what it makes public, and how it ended.

use super::{FOREVER, LINK, StandIn, until};
use crate::support::{
    program::{Server, assert_one_sentence},
    temporary_folder,
};
use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

#[test]
fn a_tunnel_that_ends_is_told_and_its_link_no_longer_given_away() {
    let folder = temporary_folder();
    let end = folder.join("end");
    let tunnel = StandIn::new(&format!("{LINK}\nuntil [ -e {} ]; do sleep 0.05; done", end.display()));
    let mut server = tunnel.start();
    server.read_to("closes with the server");
    assert!(server.get("/?text=good").contains("https://shared.example/"));
    fs::write(end, "").unwrap();
    until(|| !server.get("/?text=good").contains("https://shared.example/"));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("the tunnel has ended"), "{log}");
}

// The server's own address was that link, and stayed on its cards.
#[test]
fn a_link_that_is_known_is_not_given_away_after_its_tunnel_either() {
    let end = temporary_folder().join("end");
    let tunnel = StandIn::new(&format!("until [ -e {} ]; do sleep 0.05; done; exit 3", end.display()));
    let mut server = Server::of(tunnel.shared().args(["--public-url", "https://own.example"]));
    server.read_to("closes with the server");
    assert!(server.get("/?text=good").contains("https://own.example/"));
    fs::write(end, "").unwrap();
    until(|| !server.get("/?text=good").contains("https://own.example/"));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("the tunnel has ended") && log.contains("exit status: 3"), "{log}");
}

// The link was shown, and the program's words were kept back.
#[test]
fn a_tunnel_that_does_not_start_says_why_though_its_link_is_known() {
    let tunnel = StandIn::new("echo 'no such flag' >&2; exit 1");
    let mut shared = tunnel.shared();
    shared.args(["--public-url", "https://own.example"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut server = shared.spawn().unwrap();
    let log = BufReader::new(server.stderr.take().unwrap());
    // Where the machine is so busy that it starts late, the server runs on and logs its end.
    let says_why = |line: &String| line.contains("said: no such flag") || line.contains("exit status: 1");
    let line = log.lines().map(Result::unwrap).find(says_why);
    let _ = server.kill();
    server.wait().unwrap();
    assert!(line.is_some());
}

#[test]
fn a_shared_server_says_what_it_makes_public() {
    let told = |flags: &[&str]| {
        let tunnel = StandIn::new(&format!("{LINK}\n{FOREVER}"));
        let mut server = Server::of(tunnel.shared().args(flags));
        server.read_to("closes with the server")
    };
    let open = told(&[]);
    assert!(open.contains("its page, its API, /status and /metrics. What they send"), "{open}");
    let opinions = temporary_folder().join("opinions.jsonl");
    let guarded = told(&["--api-key", "secret", "--mcp", "--feedback", opinions.to_str().unwrap()]);
    let words = "its page, /status and /metrics, and with a key its API and /mcp. Their opinions";
    assert!(guarded.contains(words), "{guarded}");
}

#[test]
fn a_tunnel_without_a_link_ends_the_program_with_what_it_said() {
    let tunnel = StandIn::new("echo 'no network here' >&2; exit 1");
    assert_one_sentence(&tunnel.refused(), &["ended before there was a link", "no network here"]);
}
