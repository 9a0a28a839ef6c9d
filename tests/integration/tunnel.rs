//! A public link through a stand-in for a tunnel program.

mod told;

use crate::support::{
    program::{Server, assert_one_sentence, valence},
    temporary_folder, tiny_folder,
};
use std::{
    fs::{self, OpenOptions},
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What the stand-in says where it works; the first address is none that leads here.
const LINK: &str =
    "echo 'By using it you accept https://a.example/terms' >&2; echo '|  https://shared.example  |' >&2";
const FOREVER: &str = "while :; do sleep 0.05; done";

/// A tunnel program in a folder of its own, which notes its process, its port and its end there.
struct StandIn(PathBuf);

impl StandIn {
    fn new(script: &str) -> Self {
        let folder = temporary_folder();
        let at = folder.display();
        let begin = format!(
            "echo $$ > {at}/process\necho \"$1\" > {at}/port\ntrap 'echo > {at}/closed; exit' TERM\n"
        );
        fs::write(folder.join("tunnel.sh"), begin + script).unwrap();
        Self(folder)
    }

    fn command(&self) -> String {
        format!("sh {} {{port}}", self.0.join("tunnel.sh").display())
    }

    /// A server that it shares.
    fn shared(&self) -> Command {
        let mut server = valence();
        server.arg(tiny_folder()).args(["--share", "--share-command", &self.command()]);
        server
    }

    fn start(&self) -> Server {
        Server::of(&mut self.shared())
    }

    /// The end of a server that cannot be shared.
    fn refused(&self) -> Output {
        self.shared().env("RUST_LOG", "off").output().unwrap()
    }

    fn noted(&self, name: &str) -> String {
        until(|| fs::read_to_string(self.0.join(name)).is_ok_and(|note| note.ends_with('\n')));
        fs::read_to_string(self.0.join(name)).unwrap().trim().to_owned()
    }

    fn runs(&self) -> bool {
        let stat = Path::new("/proc").join(self.noted("process")).join("stat");
        // One that has ended stays in the list where nobody asks for its end.
        fs::read_to_string(stat).is_ok_and(|stat| !stat.contains(") Z "))
    }

    fn was_closed(&self) -> bool {
        self.0.join("closed").exists()
    }
}

fn until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_shared_server_shows_its_link_and_closes_the_tunnel_with_itself() {
    let tunnel = StandIn::new(&format!("{LINK}\n{FOREVER}"));
    let mut server = tunnel.start();
    let told = server.read_to("closes with the server");
    assert!(told.contains("Shared at https://shared.example\n") && told.contains('█'), "{told}");
    assert!(told.contains("Everybody who has this link"), "{told}");
    assert!(server.address.ends_with(&format!(":{}", tunnel.noted("port"))));
    assert!(server.get("/?text=good").contains("https://shared.example/og.png"));
    assert!(server.get("/code").contains("curl https://shared.example/"));
    assert!(tunnel.runs());
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(tunnel.was_closed() && !tunnel.runs());
    assert!(!log.contains("ERROR"), "{log}");
}

// It panicked, where a server without a link went on.
#[test]
fn a_link_that_cannot_be_shown_does_not_end_the_server() {
    let tunnel = StandIn::new(&format!("{LINK}\n{FOREVER}"));
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut server = tunnel.shared().stdout(full).stderr(Stdio::null()).spawn().unwrap();
    // It listens before it has a link, and answers after that.
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", tunnel.noted("port"))).unwrap();
    stream.write_all(b"GET /info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    let asked = Command::new("kill").arg(server.id().to_string()).status().unwrap();
    let end = server.wait().unwrap();
    assert!(read.is_ok() && answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(asked.success() && end.success() && tunnel.was_closed());
}

// It led to 127.0.0.1, where nothing listened.
#[test]
fn a_tunnel_leads_to_the_address_that_is_listened_on() {
    let tunnel = StandIn::new(&format!("{LINK}\n{FOREVER}"));
    let command = tunnel.command().replace("{port}", "{host}:{port}");
    let server = Server::start_with(&["--host", "127.0.0.2", "--share", "--share-command", &command]);
    assert!(server.address.starts_with("127.0.0.2:"), "{}", server.address);
    assert_eq!(tunnel.noted("port"), server.address);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_tunnel_program_without_a_share_is_refused_where_the_command_line_names_it() {
    let output = valence().arg(tiny_folder()).args(["--share-command", "tunnel {port}"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--share-command needs --share"));
}

#[test]
fn a_tunnel_is_closed_also_while_its_link_is_waited_for() {
    let tunnel = StandIn::new(FOREVER);
    let server = tunnel.start();
    assert!(tunnel.runs());
    let (code, _) = server.stop();
    assert_eq!(code, Some(0));
    assert!(tunnel.was_closed() && !tunnel.runs());
}

#[test]
fn a_tunnel_that_ignores_its_end_is_killed() {
    let tunnel = StandIn::new(&format!("trap '' TERM\n{LINK}\n{FOREVER}"));
    let mut server = tunnel.start();
    server.read_to("closes with the server");
    assert_eq!(server.stop().0, Some(0));
    assert!(!tunnel.runs());
}

/// Whether this test was started to ignore the end of its terminal, as by `nohup`, which it hands on.
fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(ignored.trim(), 16).unwrap() & 1 != 0
}

// It went on, and whatever listened at that port next was public.
#[test]
fn a_tunnel_ends_with_a_server_that_cannot_close_it() {
    for signals in [&["-KILL"][..], &["-INT", "-INT"], &["-HUP"]] {
        if signals == ["-HUP"] && ignores_hangup() {
            continue;
        }
        let tunnel = StandIn::new(&format!("{LINK}\n{FOREVER}"));
        let mut server = tunnel.start();
        server.read_to("closes with the server");
        let _slow = server.ask_slowly();
        assert!(tunnel.runs());
        for signal in signals {
            server.told(signal);
        }
        assert_ne!(server.child.wait().unwrap().code(), Some(0), "{signals:?}");
        until(|| !tunnel.runs());
    }
}

#[test]
fn a_link_that_is_known_is_not_waited_for() {
    let tunnel = StandIn::new(FOREVER);
    let flags = ["--share", "--share-command", &tunnel.command(), "--public-url", "https://own.example"];
    let mut server = Server::start_with(&flags);
    server.read_to("Shared at https://own.example\n");
    server.stop();
    assert!(tunnel.was_closed());
}

#[test]
fn a_machine_without_a_tunnel_program_is_told_so() {
    let output = valence().arg(tiny_folder()).arg("--share").env("PATH", "/nowhere").output().unwrap();
    assert_one_sentence(&output, &["cloudflared", "--share-command"]);
}

#[test]
fn a_tunnel_program_that_is_not_here_is_named() {
    let mut command = valence();
    command.arg(tiny_folder()).args(["--share", "--share-command", "/nowhere/tunnel {port}"]);
    assert_one_sentence(
        &command.env("RUST_LOG", "off").output().unwrap(),
        &["/nowhere/tunnel", "cannot be started"],
    );
}

#[test]
fn a_command_without_a_place_for_the_port_is_refused() {
    let mut command: Command = valence();
    let output =
        command.arg(tiny_folder()).args(["--share", "--share-command", "tunnel 7860"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("{port}"));
}
