//! `valence batch`: where the name of its output leads.

use super::{batch, csv, csv_file, name, stderr, valence};
use std::{fs, os::unix::fs::symlink, path::Path, process::Stdio};

// The link became a file, and what it leads to stayed as it was.
#[test]
fn an_output_is_written_where_its_link_leads() {
    let (folder, input) = csv_file(4);
    let (there, link) = (folder.join("there"), folder.join("link.csv"));
    fs::create_dir(&there).unwrap();
    fs::write(there.join("old.csv"), "old").unwrap();
    for file in ["old.csv", "new.csv"] {
        symlink(Path::new("there").join(file), &link).unwrap();
        batch(&input, &link);
        assert!(link.is_symlink(), "{file}");
        let written = fs::read_to_string(there.join(file)).unwrap();
        assert!(written.starts_with("id,text,note,predicted_label"), "{written}");
        fs::remove_file(&link).unwrap();
    }
    assert_eq!(fs::read_dir(&there).unwrap().count(), 2, "no parts are left");
}

// It became a file, and standard output stayed empty. Such a link of the system's own was not safe from that.
#[test]
fn a_link_to_standard_output_is_standard_output() {
    let (folder, input) = csv_file(4);
    let (link, captured) = (folder.join("out.csv"), folder.join("captured.csv"));
    for name_of_it in ["/dev/stdout", "/dev/fd/1"] {
        symlink(name_of_it, &link).unwrap();
        let mut command = valence(&["batch", name(&input), "-o", name(&link)]);
        let ended = command.stdout(fs::File::create(&captured).unwrap()).stderr(Stdio::null()).status();
        assert!(ended.unwrap().success() && link.is_symlink(), "{name_of_it}");
        let written = fs::read_to_string(&captured).unwrap();
        assert!(written.starts_with("id,text,note,predicted_label"), "{written}");
        fs::remove_file(&link).unwrap();
    }
}

// By its own name it would be replaced under whoever has it open. It was told to make a folder in /proc.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_open_otherwise_is_no_output() {
    let (folder, input) = csv_file(4);
    let log = folder.join("log.txt");
    fs::write(&log, "what was there\n").unwrap();
    let appended = fs::OpenOptions::new().append(true).open(&log).unwrap();
    let mut command = valence(&["batch", name(&input), "-o", "/dev/stderr", "--format", "csv"]);
    assert!(!command.stderr(appended).status().unwrap().success());
    let told = "/dev/stderr stands for a file that is open already; name the file itself";
    let logged = fs::read_to_string(&log).unwrap();
    assert!(logged.starts_with(&format!("what was there\nvalence: {told}")), "{logged}");
}

// Its own answers were read without end, and rows that cannot be read were lost.
#[test]
fn what_is_open_as_input_is_no_output() {
    let (folder, input) = csv_file(4);
    let another = || fs::File::create(folder.join("another.csv")).unwrap();
    let appended = || fs::File::options().append(true).open(&input).unwrap();
    for (read, written, out) in
        [("-", name(&input), another()), (name(&input), "-", appended()), ("-", "-", appended())]
    {
        // Before the model is loaded.
        let mut command =
            valence(&["batch", read, "-o", written, "--input-format", "csv", "--model", "/nowhere"]);
        let refused = command.stdin(fs::File::open(&input).unwrap()).stdout(out).output().unwrap();
        let output = if written == "-" { "standard output" } else { written };
        assert_eq!(stderr(&refused), format!("valence: {output} is the input; name another file\n"));
        assert_eq!(refused.status.code(), Some(1));
    }
    assert_eq!(fs::read_to_string(&input).unwrap(), csv(4));
}
