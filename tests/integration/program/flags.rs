//! The flags of `serve` and its variables: that each reaches what it sets, and what is told of some.

use crate::support::{
    program::{Server, valence},
    tiny_folder,
};
use serde_json::{Value, json};
use std::process::Command;

/// Flags whose values a running server tells.
const FLAGS: [(&str, &str); 9] = [
    ("api-key", "bellwether"),
    ("cors", "https://a.example, https://b.example"),
    ("rate-limit", "50"),
    ("trusted-proxy", "10.0.0.0/8, ::1"),
    ("queue", "9"),
    ("sessions", "2"),
    ("threads", "3"),
    ("batch-tokens", "64"),
    ("max-tokens", "99"),
];

#[test]
fn what_is_set_by_a_flag_or_by_its_variable_reaches_the_server() {
    let (mut by_flags, mut by_variables) = (valence(), valence());
    by_flags.arg(tiny_folder()).args(["--mixed-below", "1"]);
    by_variables.arg(tiny_folder()).env("VALENCE_MIXED_BELOW", "0");
    for (name, value) in FLAGS {
        by_flags.arg(format!("--{name}={value}"));
        by_variables.env(format!("VALENCE_{}", name.to_uppercase().replace('-', "_")), value);
    }
    let guard = json!({
        "api_key": true,
        "cors": ["https://a.example", "https://b.example"],
        "rate_limit": 50,
        "trusted_proxy": ["10.0.0.0/8", "::1/128"],
    });
    for (mut command, is_mixed) in [(by_flags, true), (by_variables, false)] {
        let server = Server::of(&mut command);
        let answer = server.get("/info");
        let json = &answer[answer.find('{').unwrap()..=answer.rfind('}').unwrap()];
        let info: Value = serde_json::from_str(json).unwrap();
        assert_eq!(info["guard"], guard);
        let numbers = ["max_concurrent_requests", "max_batch_tokens", "max_input_length"];
        assert_eq!(numbers.map(|name| info[name].as_u64()), [9, 64, 99].map(Some), "{info}");
        let model = &info["models"][0];
        assert_eq!((&model["sessions"], &model["threads"]), (&json!(2), &json!(3)), "{info}");
        // Between views stand marks for the script that takes over.
        let page = server.get("/?text=good").replace("<!>", "");
        assert_eq!(page.contains("<strong>Mixed</strong>"), is_mixed, "{page}");
    }
}

#[test]
fn a_limit_of_open_files_below_what_connections_need_is_told() {
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().args(["-c", "ulimit -n 300; exec \"$@\"", "sh"]);
    shell.args([env!("CARGO_BIN_EXE_valence"), "serve", "--host", "127.0.0.1", "--port", "0"]);
    shell.args(["--sessions", "1", "--model"]).arg(tiny_folder());
    for (connections, is_told) in [("4096", true), ("40", false)] {
        let (_, log) = Server::of(shell.env("VALENCE_CONNECTIONS", connections)).stop();
        let warning = log.lines().find(|line| line.contains("limit of open files"));
        assert_eq!(warning.is_some(), is_told, "{log}");
        assert!(warning.is_none_or(|line| line.contains(r#""connections":150"#)), "{log}");
    }
}

// It silenced the server without a word.
#[test]
fn a_word_for_the_log_that_is_no_level_is_told() {
    let (_, log) = Server::of(valence().arg(tiny_folder()).env("RUST_LOG", "warning")).stop();
    let [line] = log.lines().collect::<Vec<_>>()[..] else { panic!("one line in {log}") };
    assert!(line.contains(r#""level":"WARN""#) && line.contains(r#""word":"warning""#), "{line}");
}
