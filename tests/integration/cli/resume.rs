//! `valence batch` after an interruption: it goes on, or says why it does not.

use super::{batch, csv, csv_file, name, rows, run, stderr, valence};
use crate::support::{root, temporary_folder};
use std::{
    fs,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use valence::dataset::format::Format;

/// Starts a batch and waits until some parts are done.
fn interrupted(input: &Path, output: &Path, signal: &str, flags: &[&str]) -> Option<i32> {
    let arguments = [&["batch", name(input), "-o", name(output)][..], flags].concat();
    let mut child = valence(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let partial = output.with_file_name(format!("{}.partial", output.file_name().unwrap().to_str().unwrap()));
    let deadline = Instant::now() + Duration::from_secs(60);
    while !fs::read_dir(&partial).is_ok_and(|files| files.count() > 2) {
        assert!(Instant::now() < deadline, "no part is done");
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(&child, signal);
    let code = child.wait().unwrap().code();
    assert!(!output.exists(), "the file is not whole");
    code
}

/// Starts a batch whose rows go into a pipe.
fn streaming(input: &Path, stderr: Stdio) -> Child {
    let mut command = valence(&["batch", name(input), "-o", "-"]);
    command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap()
}

fn kill(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn goes_on_after_an_interruption_as_if_there_had_been_none() {
    let (folder, input) = csv_file(6000);
    for (ending, signal, code) in
        [("csv", "-KILL", None), ("jsonl", "-INT", Some(130)), ("parquet", "-TERM", Some(143))]
    {
        let (whole, broken) =
            (folder.join("whole").with_extension(ending), folder.join("broken").with_extension(ending));
        batch(&input, &whole);
        assert_eq!(interrupted(&input, &broken, signal, &[]), code);
        let done = run(&["batch", name(&input), "-o", name(&broken)]);
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        assert!(stderr(&done).contains("resuming after "), "{}", stderr(&done));
        if ending == "parquet" {
            // Where a part ends differs, and so do the file's bytes.
            let [whole, broken] = [whole, broken].map(|file| rows(&file, Format::Parquet));
            assert!(whole.len() == 6000 && whole == broken, "the rows differ");
        } else {
            assert!(fs::read(&whole).unwrap() == fs::read(&broken).unwrap(), "{ending} differs");
        }
        assert!(!folder.join(format!("broken.{ending}.partial")).exists());
    }
}

#[test]
fn only_a_second_ctrl_c_ends_a_batch_at_once() {
    let input = temporary_folder().join("in.csv");
    let text = format!("{}\n", "good ".repeat(200));
    fs::write(&input, format!("text\n{}", text.repeat(600))).unwrap();
    let mut child = streaming(&input, Stdio::null());
    // A pipe does not hold what the first rows come to, so it waits for a reader.
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    for signal in ["-INT", "-TERM"] {
        kill(&child, signal);
        std::thread::sleep(Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "it does not wait for its rows to be written");
    }
    kill(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

// It said nothing, and finished a thousand rows, however long they were.
#[test]
fn ctrl_c_is_heard_at_once_and_waits_for_the_first_rows_alone() {
    let input = temporary_folder().join("in.csv");
    let rows: String = (0..2000).map(|row| format!("{row} {}\n", "good ".repeat(60))).collect();
    fs::write(&input, format!("text\n{rows}")).unwrap();
    let mut child = streaming(&input, Stdio::piped());
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    kill(&child, "-INT");
    let mut written = String::new();
    out.read_to_string(&mut written).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = stderr(&ended);
    let (heard, end) = said.trim_end().split_once('\n').expect(&said);
    assert!(heard.contains("Ctrl-C again does not wait") && end.contains("interrupted after"), "{said}");
    // The chunk that was written, the next one, and one that may have been done by then.
    assert!(written.lines().count() <= 1 + 3 * 256, "{said}");
}

#[test]
fn never_goes_on_with_another_input() {
    let (folder, input) = csv_file(6000);
    let output = folder.join("out.csv");
    interrupted(&input, &output, "-KILL", &[]);
    fs::write(&input, csv(3)).unwrap();
    let refused = run(&["batch", name(&input), "-o", name(&output)]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--restart"), "{}", stderr(&refused));
    let again = run(&["batch", name(&input), "-o", name(&output), "--restart"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
}

// Its own parts counted as files of the model, and so did a card that somebody edits.
#[test]
fn goes_on_in_the_folder_of_its_model_unless_the_model_has_changed() {
    let (folder, input) = csv_file(6000);
    let model = folder.join("model");
    let bundled = root().join("models/valence-mini");
    assert!(Command::new("cp").arg("-r").args([&bundled, &model]).status().unwrap().success());
    fs::remove_file(model.join("SHA256SUMS")).unwrap();
    let (output, flags) = (model.join("out.csv"), ["--model", name(&model)]);
    interrupted(&input, &output, "-KILL", &flags);
    let arguments = [&["batch", name(&input), "-o", name(&output)][..], &flags].concat();

    let config = model.join("config.json");
    let content = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{content}\n")).unwrap();
    let refused = run(&arguments);
    assert!(stderr(&refused).contains("--restart"), "{}", stderr(&refused));

    fs::write(&config, content).unwrap();
    fs::write(model.join("README.md"), "another card").unwrap();
    let done = run(&arguments);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("resuming after "), "{}", stderr(&done));
}

#[test]
fn two_runs_never_write_the_same_output() {
    let (folder, input) = csv_file(6000);
    let output = folder.join("out.csv");
    interrupted(&input, &output, "-KILL", &[]);
    let arguments = ["batch", name(&input), "-o", name(&output)];
    let other = fs::File::open(folder.join("out.csv.partial/job.json")).unwrap();
    other.lock().unwrap();
    for flags in [&[][..], &["--restart"]] {
        let refused = run(&[&arguments, flags].concat());
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains("another run"), "{}", stderr(&refused));
    }
    drop(other);
    let done = run(&arguments);
    assert!(stderr(&done).contains("resuming after "), "{}", stderr(&done));
}

// With --restart it was deleted with all that was in it.
#[test]
fn a_folder_that_is_none_of_parts_is_left_alone() {
    let (folder, input) = csv_file(4);
    let (output, other) = (folder.join("out.csv"), folder.join("out.csv.partial"));
    fs::create_dir(&other).unwrap();
    fs::write(other.join("notes"), "somebody's").unwrap();
    let arguments = ["batch", name(&input), "-o", name(&output)];
    for flags in [&[][..], &["--restart"]] {
        let refused = run(&[&arguments, flags].concat());
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains("no parts of an output"), "{}", stderr(&refused));
        assert_eq!(fs::read_to_string(other.join("notes")).unwrap(), "somebody's");
    }
}
