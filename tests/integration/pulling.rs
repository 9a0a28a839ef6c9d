//! Models from a Hub by the program: pulling, listing, showing, verifying; `hub` has the Hub's faults.

use crate::support::{
    copy_with_weights_in,
    hub::{COMMIT, Fault, TestHub},
    program::{self, Server, bare},
    temporary_folder,
};
use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
    sync::atomic::Ordering,
};

/// The program with this Hub and a cache of its own.
fn valence(hub: &TestHub, home: &Path, arguments: &[&str]) -> Output {
    let mut command = bare();
    command.env("HF_ENDPOINT", &hub.endpoint).env("HF_HOME", home);
    command.args(arguments).output().unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one sentence of a program that failed.
fn sentence(output: &Output) -> String {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(output.stdout.is_empty(), "{output:?}");
    error.lines().last().unwrap_or_default().to_owned()
}

/// The program on two texts.
fn eval(hub: &TestHub, model: &str, home: &Path) -> Output {
    let texts = home.join("texts.tsv");
    fs::write(&texts, "label\ttext\nPOSITIVE\tgood\nNEGATIVE\tbad\n").unwrap();
    valence(hub, home, &["eval", texts.to_str().unwrap(), "--model", model, "--device", "cpu"])
}

#[test]
fn the_program_runs_a_model_by_its_id() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    assert!(printed(&eval(&hub, "tests/tiny@v1", &home)).contains("of 2 texts"));
    assert!(home.join("hub/models--tests--tiny/refs/v1").is_file());

    let error = sentence(&eval(&hub, "tests/none", &home));
    assert!(error.contains("no model tests/none"), "{error}");
}

// A file was said to be missing in a folder of that name.
#[test]
fn what_is_neither_a_folder_nor_an_id_is_told_what_an_id_is() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    for model in ["tiny", "https://hub.example/tests/tiny"] {
        for arguments in [["analyze", "good", "--model", model].as_slice(), &["model", "info", model]] {
            let error = sentence(&valence(&hub, &home, arguments));
            assert!(error.contains("is not a folder") && error.contains("owner/name"), "{error}");
        }
    }
}

#[test]
fn the_server_tells_the_commit_of_a_model_from_the_hub() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let mut command = program::valence();
    command.arg("tests/tiny").env("HF_ENDPOINT", &hub.endpoint).env("HF_HOME", &home);
    let info = Server::of(&mut command).get("/info");
    assert!(info.contains(&format!(r#""model_sha":"{COMMIT}""#)), "{info}");
    let info = Server::start().get("/info");
    assert!(info.contains(r#""model_sha":null"#), "{info}");
}

#[test]
fn a_model_is_pulled_listed_shown_and_verified() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let run = |arguments: &[&str]| printed(&valence(&hub, &home, arguments));
    // Standard output is the folder alone, for a script to go on with.
    let folder = run(&["model", "pull", "tests/tiny"]);
    let folder = Path::new(folder.trim_end());
    assert!(folder.join("config.json").is_file(), "{}", folder.display());
    let listed = run(&["model", "list"]);
    assert!(listed.starts_with("tests/tiny@") && listed.lines().count() == 1, "{listed}");
    let shown = run(&["model", "info", "tests/tiny"]);
    assert!(shown.contains("NEGATIVE, POSITIVE") && shown.contains("128 at once"), "{shown}");
    let verified = run(&["model", "verify", "tests/tiny"]);
    assert!(verified.contains("sound") && !verified.contains("DAMAGED"), "{verified}");

    let asked = hub.files.load(Ordering::SeqCst);
    run(&["model", "pull", "tests/tiny"]);
    assert_eq!(hub.files.load(Ordering::SeqCst), asked, "what is there is not pulled again");
}

// It was kept as long as it had the right size, whatever `verify` said.
#[test]
fn a_pull_replaces_a_damaged_file() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let run = |arguments: &[&str]| valence(&hub, &home, arguments);
    let folder = printed(&run(&["model", "pull", "tests/tiny"]));
    let config = Path::new(folder.trim_end()).join("config.json");
    let damaged = fs::read_to_string(&config).unwrap().replace("NEGATIVE", "NEGATIVO");
    fs::write(&config, damaged).unwrap();
    let verified = run(&["model", "verify", "tests/tiny"]);
    assert_eq!(verified.status.code(), Some(3), "{verified:?}");

    let asked = hub.files.load(Ordering::SeqCst);
    let analyze = ["analyze", "good", "--model", "tests/tiny", "--device", "cpu"];
    assert!(printed(&run(&analyze)).contains("NEGATIVO"), "no file is read for its checksum at each start");
    assert_eq!(hub.files.load(Ordering::SeqCst), asked);
    printed(&run(&["model", "pull", "tests/tiny"]));
    assert_eq!(hub.files.load(Ordering::SeqCst), asked + 1, "the others are sound");
    printed(&run(&["model", "verify", "tests/tiny"]));
    assert!(printed(&run(&analyze)).contains("NEGATIVE"));
}

// It printed the folder, whatever the files in it were.
#[test]
fn a_pull_without_the_hub_fails_where_other_verbs_use_what_is_there_and_say_so() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let pull = ["model", "pull", "tests/tiny"];
    printed(&valence(&hub, &home, &pull));
    hub.fail(Fault::Busy { times: 99, seconds: 3600 });
    let error = sentence(&valence(&hub, &home, &pull));
    assert!(error.contains("3600 seconds"), "{error}");
    let analyzed =
        valence(&hub, &home, &["analyze", "good", "--model", "tests/tiny", "--device", "cpu", "--json"]);
    let said = String::from_utf8(analyzed.stderr.clone()).unwrap();
    assert!(said.starts_with("valence: using what was pulled before model=tests/tiny error="), "{said}");
    assert!(said.contains("3600 seconds") && said.lines().count() == 1, "{said}");
    assert!(printed(&analyzed).contains("POSITIVE"));

    let mut offline = bare();
    offline.env("HF_HUB_OFFLINE", "1").env("HF_HOME", &home).args(pull);
    let error = sentence(&offline.output().unwrap());
    assert!(error.contains("HF_HUB_OFFLINE") && error.contains("model verify tests/tiny"), "{error}");
}

// The program ended, though it had a commit that it could run.
#[test]
fn a_cache_that_is_read_only_serves_where_the_branch_has_moved_on_and_says_so() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let pull = ["model", "pull", "tests/tiny"];
    let new = printed(&valence(&hub, &home, &pull));
    let new = Path::new(new.trim_end());
    let old = "f".repeat(40);
    let mut copy = Command::new("cp");
    assert!(copy.arg("-rL").arg(new).arg(new.with_file_name(&old)).status().unwrap().success());
    fs::remove_dir_all(new).unwrap();
    let repo = home.join("hub/models--tests--tiny");
    fs::write(repo.join("refs/main"), old).unwrap();
    // Nobody may write there, root neither.
    fs::remove_dir_all(repo.join("blobs")).unwrap();
    symlink("/sys", repo.join("blobs")).unwrap();

    let analyzed = valence(&hub, &home, &["analyze", "good", "--model", "tests/tiny", "--device", "cpu"]);
    let said = String::from_utf8(analyzed.stderr.clone()).unwrap();
    assert!(said.starts_with("valence: the cache is read-only: using what was pulled before"), "{said}");
    assert!(said.contains("model=tests/tiny") && said.lines().count() == 1, "{said}");
    assert!(printed(&analyzed).contains("POSITIVE"));
    assert!(sentence(&valence(&hub, &home, &pull)).contains("HF_HUB_CACHE"));
}

#[test]
fn a_pull_that_fails_says_why_in_a_sentence() {
    for (fault, words) in [
        (Fault::Status(401, None), "HF_TOKEN"),
        (Fault::Status(404, Some("RepoNotFound")), "no model tests/tiny"),
        (Fault::Gated, "tests/tiny is gated"),
        (Fault::Busy { times: 99, seconds: 3600 }, "3600 seconds"),
        (Fault::WrongSize, "bytes"),
    ] {
        let hub = TestHub::start(fault);
        let output = valence(&hub, &temporary_folder(), &["model", "pull", "tests/tiny"]);
        let error = sentence(&output);
        assert!(error.contains(words), "{words:?} is not in: {error}");
    }
}

// The pull left them out, and the model was said to be damaged.
#[test]
fn weights_are_pulled_by_the_name_that_the_graph_has_for_them() {
    let hub = TestHub::start(Fault::None);
    let home = temporary_folder();
    let run = |arguments: &[&str]| printed(&valence(&hub, &home, arguments));
    run(&["model", "pull", "tests/named"]);
    let verified = run(&["model", "verify", "tests/named"]);
    assert!(verified.contains("sound       onnx/weights/one.bin"), "{verified}");
    let analyzed = run(&["analyze", "good", "--model", "tests/named", "--device", "cpu"]);
    assert!(analyzed.contains("TOXIC"), "{analyzed}");
}

#[test]
fn weights_outside_the_graphs_folder_are_neither_pulled_nor_read() {
    let hub = TestHub::start(Fault::None);
    let (home, folder) = (temporary_folder(), copy_with_weights_in("../weights1.bin"));
    let folder = folder.to_str().unwrap();
    for arguments in [
        &["model", "pull", "tests/outside"][..],
        &["model", "verify", folder],
        &["analyze", "good", "--model", folder, "--device", "cpu"],
    ] {
        let error = sentence(&valence(&hub, &home, arguments));
        assert!(error.contains("onnx/model.onnx"), "{error}");
        assert!(error.contains(r#"its weights to "../weights1.bin", outside its folder"#), "{error}");
    }
}

#[test]
fn a_pull_goes_on_where_the_connection_broke() {
    let hub = TestHub::start(Fault::Cut { times: 1 });
    let home = temporary_folder();
    printed(&valence(&hub, &home, &["model", "pull", "tests/tiny"]));
    assert_eq!(hub.resumed.load(Ordering::SeqCst), 1);
    printed(&valence(&hub, &home, &["model", "verify", "tests/tiny"]));
}
