use crate::support::{copy_of_tiny, root, temporary_folder};
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The program with the bundled model, in a folder that has nothing to do with it.
fn valence(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valence"));
    command.current_dir("/").env_clear().args(arguments);
    command
}

/// Runs it to its end.
fn run(arguments: &[&str]) -> Output {
    valence(arguments).output().unwrap()
}

/// Runs it with this on standard input.
fn piped(arguments: &[&str], input: &str) -> Output {
    let mut command = valence(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A table of `rows` texts, some with quotes, commas and line breaks.
fn csv(rows: usize) -> String {
    let mut table = String::from("id,text,note\n");
    for row in 0..rows {
        let judgement = ["wonderful", "terrible", "fine, \"\"really\"\"", "dull\nand long"][row % 4];
        writeln!(table, "{row:05},\"Meal {row} was {judgement}.\",ü{row}").unwrap();
    }
    table
}

fn csv_file(rows: usize) -> (PathBuf, PathBuf) {
    let folder = temporary_folder();
    let file = folder.join("in.csv");
    fs::write(&file, csv(rows)).unwrap();
    (folder, file)
}

/// Converts by way of `batch`, which must succeed.
fn batch(input: &Path, output: &Path) {
    let done = run(&["batch", name(input), "-o", name(output)]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
}

fn jsonl(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_format_keeps_the_columns_and_agrees_on_the_scores() {
    let (folder, input) = csv_file(300);
    let direct = folder.join("direct.jsonl");
    batch(&input, &direct);
    let direct = jsonl(&direct);
    assert_eq!(direct.len(), 300);
    assert_eq!(direct[3]["text"], "Meal 3 was dull\nand long.");
    assert_eq!((&direct[7]["id"], &direct[7]["note"]), (&"00007".into(), &"ü7".into()));
    assert_eq!(direct[0]["predicted_label"], "POSITIVE");
    assert_eq!(direct[1]["predicted_label"], "NEGATIVE");
    assert_eq!(direct[1]["predicted_score"], direct[1]["score_NEGATIVE"]);

    // What batch has added is taken off again, as it would add it twice.
    let member = |row: &Value, name: &str| format!("\"{name}\":{}", row[name]);
    let original: String = direct
        .iter()
        .map(|row| format!("{{{}}}\n", ["id", "text", "note"].map(|name| member(row, name)).join(",")))
        .collect();
    let lines = folder.join("in.jsonl");
    fs::write(&lines, original).unwrap();
    for ending in ["csv", "parquet", "jsonl"] {
        let out = folder.join("again").with_extension(ending);
        batch(&lines, &out);
        let rows = if ending == "csv" { fs::read_to_string(&out).unwrap() } else { String::new() };
        if ending == "csv" {
            assert!(
                rows.starts_with("id,text,note,predicted_label,predicted_score,score_NEGATIVE,"),
                "{rows}"
            );
            assert!(rows.contains("\n00002,\"Meal 2 was fine, \"\"really\"\".\",ü2,"), "{rows}");
        }
        if ending == "jsonl" {
            assert_eq!(jsonl(&out), direct);
        }
    }
}

#[test]
fn parquet_keeps_its_types_and_goes_back() {
    use arrow_array::{Array, Int64Array, RecordBatch, StringArray, cast::AsArray, types::Float32Type};
    use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
    use std::{fs::File, sync::Arc};

    let folder = temporary_folder();
    let (input, output) = (folder.join("in.parquet"), folder.join("out.parquet"));
    let rows = 2500;
    let numbers: Arc<dyn Array> = Arc::new((0..rows).map(|row| Some(i64::MAX - row)).collect::<Int64Array>());
    let texts: StringArray = (0..rows).map(|row| (row != 4).then(|| format!("Very good, {row}"))).collect();
    let table = RecordBatch::try_from_iter_with_nullable([
        ("number", numbers, true),
        ("review", Arc::new(texts) as Arc<dyn Array>, true),
    ])
    .unwrap();
    let mut writer = ArrowWriter::try_new(File::create(&input).unwrap(), table.schema(), None).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();

    let done = run(&["batch", name(&input), "-o", name(&output)]);
    assert_eq!(done.status.code(), Some(3), "a row without a text: {}", stderr(&done));
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&output).unwrap()).unwrap();
    let tables: Vec<RecordBatch> =
        reader.with_batch_size(4000).build().unwrap().map(Result::unwrap).collect();
    let [whole] = &tables[..] else { panic!("one batch") };
    assert_eq!(whole.num_rows(), 2500);
    assert_eq!(whole.column_by_name("number"), table.column_by_name("number"));
    assert_eq!(whole.column_by_name("review"), table.column_by_name("review"));
    let error = whole.column_by_name("error").unwrap().as_string::<i32>();
    assert_eq!((error.value(4), error.null_count()), ("no text", 2499));
    let score = whole.column_by_name("predicted_score").unwrap().as_primitive::<Float32Type>();
    assert!(score.is_null(4) && score.value(5) > 0.5);
}

#[test]
fn tsv_has_no_quotes_and_refuses_what_it_cannot_hold() {
    let folder = temporary_folder();
    let (input, output) = (folder.join("in.tsv"), folder.join("out.tsv"));
    fs::write(&input, "label\tsentence\n1\t\"So good\n").unwrap();
    batch(&input, &output);
    assert!(fs::read_to_string(&output).unwrap().contains("\n1\t\"So good\tPOSITIVE\t"));
    let (_, breaks) = csv_file(4);
    let refused = run(&["batch", name(&breaks), "-o", name(&folder.join("no.tsv"))]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("TSV cannot hold"), "{}", stderr(&refused));
    assert!(!folder.join("no.tsv").exists());
}

#[test]
fn a_row_without_scores_says_why_and_the_exit_code_says_so() {
    let long = "word ".repeat(9000);
    let done = piped(
        &["batch", "-", "-o", "-", "--input-format", "jsonl"],
        &format!(
            "{{\"text\":\"good\",\"n\":1e400}}\n\n{{\"text\":\" \"}}\n{{\"text\":{long:?}}}\n{{\"n\":1}}\n"
        ),
    );
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let lines: Vec<String> = stdout(&done).lines().map(String::from).collect();
    assert!(
        lines[0].starts_with(r#"{"text":"good","n":1e400,"predicted_label":"POSITIVE","#),
        "{}",
        lines[0]
    );
    assert!(lines[1].ends_with(r#""error":"no text"}"#), "{}", lines[1]);
    assert!(lines[2].contains("too long: 9002 tokens, at most 8192"));
    assert_eq!(lines.len(), 4);
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let (folder, input) = csv_file(2);
    let bad = folder.join("bad.jsonl");
    fs::write(&bad, "{\"text\":\"good\"}\nsecret\n").unwrap();
    let (out, bare) = (folder.join("out.csv"), folder.join("out"));
    let cases: [(&[&str], &str); 5] = [
        (
            &["batch", name(&input), "-o", name(&out), "--text-column", "body"],
            "the columns are: id, text, note",
        ),
        (&["batch", name(&bad), "-o", name(&out)], "row 2"),
        (&["batch", "/nowhere.csv", "-o", name(&out)], "/nowhere.csv"),
        (&["batch", name(&input), "-o", name(&bare)], "--format"),
        (&["batch", "-", "-o", name(&out)], "--input-format"),
    ];
    for (arguments, words) in cases {
        let failed = run(arguments);
        let error = stderr(&failed);
        assert_eq!(failed.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(words) && !error.contains("secret"), "{error}");
        assert!(!out.exists());
    }
    assert_eq!(run(&["batch"]).status.code(), Some(2));
}

/// Starts a batch and waits until some parts are done.
fn interrupted(input: &Path, output: &Path, signal: &str) -> Option<i32> {
    let mut child =
        valence(&["batch", name(input), "-o", name(output)]).stderr(Stdio::null()).spawn().unwrap();
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
        assert_eq!(interrupted(&input, &broken, signal), code);
        let done = run(&["batch", name(&input), "-o", name(&broken)]);
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        assert!(stderr(&done).contains("resuming after "), "{}", stderr(&done));
        if ending != "parquet" {
            assert!(fs::read(&whole).unwrap() == fs::read(&broken).unwrap(), "{ending} differs");
        }
        assert!(broken.exists() && !folder.join(format!("broken.{ending}.partial")).exists());
    }
}

/// The most memory that scoring so many rows took, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(rows: usize) -> u64 {
    let (folder, input) = csv_file(rows);
    let output = folder.join("out.csv");
    let tiny = root().join("tests/golden/tiny");
    let arguments = ["batch", name(&input), "-o", name(&output), "--model", name(&tiny)];
    let mut child = valence(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let figures = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let now = fs::read_to_string(&figures).unwrap_or_default();
        let kilobytes = now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = kilobytes.map_or(peak, |kilobytes| kilobytes.parse().unwrap());
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{status}");
    peak
}

// There was a thread for each text under way, up to 512, and each kept memory.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_file() {
    // Some 70,000 and 80,000 kB; with all those threads 112,000 and 180,000.
    let (few, many) = (peak(10_000), peak(80_000));
    assert!(many < few + few * 2 / 5, "{few} kB for 10,000 rows, {many} kB for 80,000");
}

#[test]
fn never_goes_on_with_another_input() {
    let (folder, input) = csv_file(6000);
    let output = folder.join("out.csv");
    interrupted(&input, &output, "-KILL");
    fs::write(&input, csv(3)).unwrap();
    let refused = run(&["batch", name(&input), "-o", name(&output)]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--restart"), "{}", stderr(&refused));
    let again = run(&["batch", name(&input), "-o", name(&output), "--restart"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
}

#[test]
fn two_runs_never_write_the_same_output() {
    let (folder, input) = csv_file(6000);
    let output = folder.join("out.csv");
    interrupted(&input, &output, "-KILL");
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

// Its checksum was taken of what had not been read yet, which then was missing.
#[test]
fn a_pipe_is_read_to_its_end() {
    let (folder, input) = csv_file(600);
    let (pipe, output) = (folder.join("pipe.csv"), folder.join("out.csv"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, fs::read(input).unwrap()).unwrap()
    });
    let done = run(&["batch", name(&pipe), "-o", name(&output)]);
    writer.join().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("600 rows"), "{}", stderr(&done));
}

#[test]
fn a_text_that_the_tokenizer_cannot_read_costs_its_row_alone() {
    let folder = copy_of_tiny();
    let tokenizer = folder.join("tokenizer.json");
    let content = fs::read_to_string(&tokenizer).unwrap();
    let unknown = r#""unk_token":"[UNK]""#;
    assert!(content.contains(unknown));
    fs::write(&tokenizer, content.replace(unknown, r#""unk_token":"[NONE]""#)).unwrap();
    let arguments = ["batch", "-", "-o", "-", "--input-format", "jsonl", "--model", name(&folder)];
    let done = piped(&arguments, "{\"text\":\"good\"}\n{\"text\":\"\u{2603}\"}\n{\"text\":\"good\"}\n");
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let failed: Vec<bool> = stdout(&done).lines().map(|line| line.contains("tokenizer failed")).collect();
    assert_eq!(failed, [false, true, false], "{}", stdout(&done));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let (_, input) = csv_file(6000);
    let mut child = valence(&["batch", name(&input), "-o", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("id,text,note,predicted_label"), "{line}");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), stderr(&ended).as_str()), (Some(141), ""));
}

#[test]
fn variables_without_a_value_and_names_of_machines_are_not_heeded() {
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

#[test]
fn analyzes_an_argument_or_a_pipe() {
    let table = run(&["analyze", "So good", "--sentences", "--explain"]);
    assert_eq!(table.status.code(), Some(0), "{}", stderr(&table));
    assert!(stdout(&table).starts_with("POSITIVE"));
    // No terminal reads it.
    assert!(!stdout(&table).contains('\u{1b}'));
    for arguments in [&["analyze", "-", "--json"][..], &["analyze", "--json"]] {
        let answer: Value = serde_json::from_slice(&piped(arguments, "So good").stdout).unwrap();
        assert_eq!(answer["scores"][0]["label"], "POSITIVE");
        assert!(answer["tokens"].is_u64() && answer.get("explanation").is_none());
    }
    let empty = piped(&["analyze"], " \n");
    assert_eq!((empty.status.code(), stderr(&empty).lines().count()), (Some(1), 1));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let is_coloured = |variables: &[(&str, &str)]| {
        let output = valence(&["analyze", "So good"]).envs(variables.iter().copied()).output().unwrap();
        stdout(&output).contains('\u{1b}')
    };
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn evaluates_labels_by_name_and_by_number() {
    let table = "label,text\n1,So good\npositive,Wonderful\n0,I love it\nNEGATIVE,Terrible\n";
    let output = piped(&["eval", "-", "--input-format", "csv", "--json"], table);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report["texts"].as_u64(), report["right"].as_u64()), (Some(4), Some(3)));
    // NEGATIVE: precision 1, recall 1/2, F1 2/3; POSITIVE: precision 2/3, recall 1, F1 4/5.
    assert_eq!(report["confusion"], serde_json::json!([[1, 1], [0, 2]]));
    assert!((report["macro_f1"].as_f64().unwrap() - (2.0 / 3.0 + 0.8) / 2.0).abs() < 1e-9);
    assert!(report["latency"]["p50_ms"].as_f64().unwrap() > 0.0);
    let unknown = piped(&["eval", "-", "--input-format", "csv"], "label,text\nmixed,So so\n");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("NEGATIVE, POSITIVE"), "{}", stderr(&unknown));
}

#[test]
fn measures_the_engine_on_the_texts_of_a_file() {
    let (_, input) = csv_file(40);
    let report: Value = serde_json::from_slice(&run(&["bench", name(&input), "--json"]).stdout).unwrap();
    assert_eq!(report["texts"], 40);
    assert!(report["texts_per_second"].as_f64().unwrap() > 0.0);
}

#[test]
fn completes_in_shells() {
    for (shell, words) in
        [("bash", "_valence()"), ("zsh", "#compdef valence"), ("fish", "complete -c valence")]
    {
        let script = run(&["completions", shell]);
        assert_eq!(script.status.code(), Some(0));
        assert!(stdout(&script).contains(words), "{shell}");
    }
}

#[test]
fn shows_and_verifies_models() {
    let bundled = root().join("models/valence-mini");
    let info: Value =
        serde_json::from_slice(&run(&["model", "info", name(&bundled), "--json"]).stdout).unwrap();
    assert_eq!(info["labels"], serde_json::json!(["NEGATIVE", "POSITIVE"]));
    assert_eq!(run(&["model", "verify", name(&bundled)]).status.code(), Some(0));
    let damaged = temporary_folder();
    fs::copy(bundled.join("SHA256SUMS"), damaged.join("SHA256SUMS")).unwrap();
    fs::write(damaged.join("config.json"), "{}").unwrap();
    let output = run(&["model", "verify", name(&damaged)]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("DAMAGED     config.json"), "{}", stdout(&output));
    let absent = valence(&["model", "info", "nobody/nothing"]).env("HF_HOME", &damaged).output().unwrap();
    assert!(stderr(&absent).contains("valence model pull nobody/nothing"), "{}", stderr(&absent));
    let none = valence(&["model", "list", "--json"]).env("HF_HOME", &damaged).output().unwrap();
    assert_eq!(stdout(&none).trim(), "[]");
}
