//! Graphs that are sound to the runtime, and give other logits than a classifier's or have weights elsewhere.

use super::GRAPH;
use crate::support::{
    copy_of_tiny, copy_with_a_token_too_many, engine_around,
    program::{Server, assert_one_sentence, bare, refused, valence},
    router::ONE,
    temporary_folder,
};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};
use valence::{
    engine::{
        EngineError,
        batch::Batch,
        cache::CacheLimits,
        device::Device,
        graph::Graph,
        reading::Wanted,
        runtime::Runtime,
        session::{Model, OnnxSession, SessionError, SessionOptions},
        tokenizer::Encoding,
    },
    job::scored,
    loading::locate,
    text::Text,
};

/// A field of a protobuf message, its length in two bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = [content.len() as u8 & 0x7f | 0x80, (content.len() >> 7) as u8];
    [&[number << 3 | 2], &length[..], content].concat()
}

/// An input or output of the graph, two axes of any length: its name and its element's type.
fn value(name: &str, element: u8) -> Vec<u8> {
    let axes = ["rows", "columns"].map(|axis| field(1, &field(2, axis.as_bytes()))).concat();
    let tensor = [vec![1 << 3, element], field(2, &axes)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

const INT32: u8 = 6;
const INT64: u8 = 7;

/// An ONNX file whose logits are the tokens' numbers, as many as there are tokens; it takes them as this type.
fn of_open_width(numbers: u8) -> Vec<u8> {
    let float = 1;
    let to_float = [field(1, b"to"), vec![3 << 3, float, 0xa0, 1, 2]].concat();
    let cast = [field(1, b"input_ids"), field(2, b"logits"), field(4, b"Cast"), field(5, &to_float)].concat();
    let graph = [
        field(1, &cast),
        field(2, b"graph"),
        field(11, &value("input_ids", numbers)),
        field(11, &value("attention_mask", INT64)),
        field(12, &value("logits", float)),
    ];
    [vec![1 << 3, 8], field(7, &graph.concat()), field(8, &[2 << 3, 17])].concat()
}

/// What makes a condition part of an ONNX file that it is added to, both of whose branches leave a weight of 4
/// bytes to the file of this name.
fn branches_with_weights_in(location: &str) -> Vec<u8> {
    let yes = [field(5, &[vec![2 << 3, 9], field(9, &[1])].concat()), vec![0xa0, 1, 4]];
    let yes = field(5, &[field(1, b"value"), yes.concat()].concat());
    let yes = [field(2, b"yes"), field(4, b"Constant"), yes].concat();
    let entry = [field(1, b"location"), field(2, location.as_bytes())].concat();
    let weight =
        [vec![1 << 3, 1, 2 << 3, 1], field(8, b"weight"), field(13, &entry), vec![14 << 3, 1]].concat();
    let branch = |name: &[u8]| {
        let node = [field(1, b"weight"), field(2, name), field(4, b"Identity")].concat();
        let output = field(12, &field(1, name));
        let graph = [field(1, &node), field(2, name), field(5, &weight), output].concat();
        field(5, &[field(1, name), field(6, &graph), vec![0xa0, 1, 5]].concat())
    };
    let branches = [branch(b"then_branch"), branch(b"else_branch")].concat();
    let condition = [field(1, b"yes"), field(2, b"unused"), field(4, b"If"), branches].concat();
    field(7, &[field(1, &yes), field(1, &condition)].concat())
}

// The runtime looked for them in the working directory, and nobody had looked at their names.
#[test]
fn the_weights_of_a_branch_are_in_the_graphs_folder() {
    let (folder, elsewhere) = (copy_of_tiny(), temporary_folder());
    let (graph, whole) = (folder.join(GRAPH), fs::read(folder.join(GRAPH)).unwrap());
    let weights = graph.with_file_name("weights");
    let analyze = |location: &str, model: &Path| {
        fs::write(&graph, [&*whole, &branches_with_weights_in(location)].concat()).unwrap();
        bare().current_dir(&elsewhere).args(["analyze", "good", "--model"]).arg(model).output().unwrap()
    };
    fs::write(&weights, [0; 4]).unwrap();
    fs::write(elsewhere.join("weights"), "").unwrap();
    let relative = Path::new("..").join(folder.file_name().unwrap());
    for model in [&folder, &relative] {
        let output = analyze("weights", model);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::rename(&weights, elsewhere.join("weights")).unwrap();
    assert_one_sentence(&analyze("weights", &folder), &["onnx/weights is missing"]);
    assert_one_sentence(&analyze("../weights", &folder), &[r#"weights to "../weights", outside its folder"#]);
}

#[test]
fn logits_of_another_width_than_the_labels_are_no_answer() {
    let folder = copy_of_tiny();
    let file = folder.join(GRAPH);
    fs::write(&file, of_open_width(INT64)).unwrap();
    assert_one_sentence(&refused(&folder), &[GRAPH, "35 scores", "2 labels"]);

    let runtime = Runtime::load(&locate::runtime()).unwrap();
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    let mut session = OnnxSession::open(&runtime, &Graph::read(&file).unwrap(), options).unwrap();
    let mut logits = |ids: &[i64]| session.logits(&Batch::new(&[&Encoding::new(ids.to_vec())], 0));
    assert_eq!(logits(&[2, 3]).unwrap(), [[2.0, 3.0]]);
    for (ids, width) in [(&[2, 5, 3][..], 3), (&[2], 1)] {
        let answer = logits(ids);
        assert!(
            matches!(answer, Err(SessionError::Labels { graph, config: 2 }) if graph == width),
            "{answer:?}"
        );
    }
}

// It was served, and never ready.
#[test]
fn a_graph_that_fails_at_every_text_is_not_loaded() {
    let folder = copy_of_tiny();
    fs::write(folder.join(GRAPH), of_open_width(INT32)).unwrap();
    let analyzed = bare().args(["analyze", "good", "--model"]).arg(&folder).output().unwrap();
    assert_one_sentence(&analyzed, &[GRAPH, "fails at a first text", "tensor(int32)"]);
}

/// Gives a number for one word only, as a graph in 16 bits that overflows; never starts again.
struct Overflows(f32);

impl Model for Overflows {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        let logit = if batch.columns > 3 { self.0 } else { 1.0 };
        Ok(vec![vec![0.0, logit]; batch.rows])
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        Err(SessionError::Runtime("never".into()))
    }
}

#[tokio::test]
async fn logits_that_are_no_numbers_are_no_answer_and_cost_no_session() {
    for logit in [f32::NAN, f32::INFINITY] {
        let engine = engine_around(Overflows(logit), ONE, CacheLimits::OFF);
        let ask = |text| engine.analyze(Text::new(text).unwrap(), Wanted::default());
        assert!(matches!(ask("a good film").await, Err(EngineError::NoNumbers)), "{logit}");
        assert!(!engine.is_restarting());
        let row = scored::of(&engine, Some("a good film".into())).await.unwrap();
        assert_eq!(row.unwrap_err(), "the model gives no numbers for it");
        assert_eq!(ask("good").await.unwrap().scores[0].label, "POSITIVE");
    }
}

// The runtime wrote lines of its own, in colours, between those of the log.
#[test]
fn what_the_runtime_says_of_a_failed_run_is_a_line_of_the_log_alone() {
    let folder = copy_with_a_token_too_many();
    let server = Server::of(valence().arg(&folder).args(["--log-format", "json"]));
    let answer = server.post("/api/v1/analyze", &[], r#"{"text": "good bellwether"}"#);
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    let (_, log) = server.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.iter().any(|line| line["target"] == "ort" && line["level"] == "ERROR"), "{log}");
    assert!(!log.contains("bellwether"), "{log}");

    let mut analyze = bare();
    analyze.args(["analyze", "--model"]).arg(&folder).arg("good bellwether");
    assert_one_sentence(&analyze.output().unwrap(), &["the model failed at this text", "out of data bounds"]);
}

// It had no more than that the model failed.
#[test]
fn the_log_says_why_a_model_fails_its_first_text() {
    let folder = copy_with_a_token_too_many();
    let tokenizer = folder.join("tokenizer.json");
    // A word of that text.
    let content = fs::read_to_string(&tokenizer).unwrap().replace("bellwether", "warm");
    fs::write(&tokenizer, content).unwrap();
    let server = Server::of(valence().arg(&folder));
    let failures = || {
        let figures = server.get("/metrics");
        let mut counts =
            figures.lines().filter_map(|line| line.strip_prefix("valence_session_restarts_total "));
        counts.next().expect("a count").parse::<u64>().unwrap()
    };
    // Before the second, the first has its line.
    let deadline = Instant::now() + Duration::from_secs(20);
    while failures() < 2 {
        assert!(Instant::now() < deadline, "the first text is not tried again");
        thread::sleep(Duration::from_millis(20));
    }
    let (_, log) = server.stop();
    let line = log.lines().find(|line| line.contains("the model failed its first text")).expect(&log);
    assert!(line.contains("out of data bounds"), "{line}");
}
