//! The environment: which of its variables a verb respects.

use super::{name, stderr, valence};
use crate::support::tiny_folder;

#[test]
fn variables_without_a_value_and_names_of_machines_are_ignored() {
    let mut command = valence(&["analyze", "good"]);
    command.env("HOST", "workstation").env("VALENCE_SHARE_COMMAND", "tunnel {port}");
    for name in ["PORT", "VALENCE_MODEL", "VALENCE_DTYPE", "VALENCE_THREADS", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
        command.env(name, "");
    }
    let done = command.output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let refused = valence(&["serve", "--port", "0"]).env("VALENCE_API_KEY", "").output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}

// They ended every verb.
#[test]
fn variables_of_the_server_are_for_the_server() {
    let ended = |arguments: &[&str], variable: (&str, &str)| {
        let output = valence(arguments).envs([variable]).output().unwrap();
        (output.status.code(), stderr(&output))
    };
    for variable in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        ("VALENCE_CORS", "example.org"),
        ("VALENCE_MIXED_BELOW", "75"),
        ("VALENCE_API_KEY", ""),
    ] {
        for verb in [&["completions", "bash"][..], &["model", "list", "--json"]] {
            assert_eq!(ended(verb, variable), (Some(0), String::new()), "{verb:?} {variable:?}");
        }
        for server in [&[][..], &["serve"], &["--port", "0"]] {
            assert_eq!(ended(server, variable).0, Some(2), "{server:?} {variable:?}");
        }
    }
}

// All but the first were passed over.
#[test]
fn several_models_are_for_the_server_unless_a_variable_names_them() {
    let tiny = tiny_folder();
    let both = format!("{},/nowhere", name(&tiny));
    for models in [&["--model", &both][..], &["--model", name(&tiny), "--model", "/nowhere"]] {
        let refused = valence(&[&["analyze", "good"], models].concat()).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("analyze uses one model"), "{}", stderr(&refused));
    }
    let done = valence(&["analyze", "good"]).env("VALENCE_MODEL", &both).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
}

// Every verb but `serve` panicked.
#[test]
fn a_wrong_value_is_named_at_every_verb() {
    let none: [(&str, &str); 0] = [];
    for (arguments, variables, words) in [
        (&["analyze", "good", "--dtype", "fp8"][..], &none[..], "--dtype"),
        (&["batch", "in.csv", "-o", "out.csv", "--format", "xml"], &none, "--format"),
        (&["eval", "dev.tsv", "--sessions", "0"], &none, "--sessions"),
        (&["bench", "--seconds", "soon"], &none, "--seconds"),
        (&["health", "--port", "99999"], &none, "--port"),
        (&["completions", "cobol"], &none, "<SHELL>"),
        (&["model", "pull", "no id"], &none, "<ID>"),
        (&["model", "pull", "owner/name", "--dtype", "fp8"], &none, "--dtype"),
        (&["analyze", "good"], &[("VALENCE_DTYPE", "fp8")], "the variable VALENCE_DTYPE"),
        (
            &["batch", "in.csv", "-o", "out.csv"],
            &[("VALENCE_THREADS", "many")],
            "the variable VALENCE_THREADS",
        ),
        (&["health"], &[("PORT", "tcp://10.0.0.1:80")], "the variable PORT"),
        (&["model", "pull", "owner/name"], &[("VALENCE_DTYPE", "fp8")], "the variable VALENCE_DTYPE"),
    ] {
        let refused = valence(arguments).envs(variables.iter().copied()).output().unwrap();
        let error = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?} {variables:?} {error}");
        assert!(error.contains(words) && !error.contains("panicked"), "{arguments:?} {variables:?} {error}");
    }
}

// Who writes a manifest has never typed a flag.
#[test]
fn a_wrong_variable_is_named_with_what_it_takes() {
    // Were the value taken, it would end with 1: there is no such model.
    let refused = |variable: (&str, &str), flags: &[&str]| {
        let serve = [&["serve", "--model", "/nowhere"], flags].concat();
        let output = valence(&serve).envs([variable]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{variable:?} {}", stderr(&output));
        stderr(&output)
    };
    for (name, value, takes) in [
        ("PORT", "abc", "a whole number from 0 to 65535"),
        ("VALENCE_RATE_LIMIT", "0", "a whole number from 1 to 4294967295"),
        ("VALENCE_SHARE", "none", "off or 0"),
        ("VALENCE_MCP", "disabled", "off or 0"),
        ("VALENCE_LOG_FORMAT", "xml", "json"),
    ] {
        let error = refused((name, value), &[]);
        assert!(error.contains(&format!("the variable {name}")) && error.contains(takes), "{error}");
    }
    for flags in [&["--port", "abc"][..], &["--port=abc"]] {
        let error = refused(("PORT", "80"), flags);
        assert!(!error.contains("variable"), "{error}");
    }
    assert!(refused(("PORT", "80"), &["--host", "localhost"]).contains("an IP address, like 127.0.0.1"));
}
