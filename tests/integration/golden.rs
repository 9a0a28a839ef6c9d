//! The real models against logits that PyTorch recorded.
//!
//! The files were written by `training/recipe.py`: token numbers by transformers' tokenizer,
//! logits by PyTorch (fp32) and by ONNX Runtime from Python (int8, one text at a time).

use crate::support::{largest_difference, root, tiny_folder};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::Deserialize;
use std::{fs, path::Path};
use valence::{
    engine::{
        artifact::Artifact,
        batch::Batch,
        device::Device,
        dtype::Dtype,
        runtime::Runtime,
        scores::Activation,
        session::{Model, OnnxSession, SessionOptions},
        tokenizer::{Encoding, Tokenizer},
    },
    loading::locate,
};

#[derive(Deserialize)]
struct Golden {
    text: String,
    input_ids: Vec<i64>,
    logits_fp32: Vec<f32>,
    logits_int8: Vec<f32>,
}

fn read(file: &str) -> Vec<Golden> {
    let lines = fs::read_to_string(root().join("tests/golden").join(file)).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn session(folder: &Path, dtype: Dtype) -> OnnxSession {
    session_with(folder, dtype, SessionOptions::new(Device::Cpu, 2, 1))
}

fn session_with(folder: &Path, dtype: Dtype, options: SessionOptions) -> OnnxSession {
    let runtime = Runtime::load(&locate::runtime()).expect("scripts/setup.sh has installed ONNX Runtime");
    let artifact = Artifact::open(folder).unwrap();
    let (_, file) = artifact.graph(Some(dtype), Dtype::ON_CPU).unwrap();
    let graph = artifact.read(&file).unwrap();
    OnnxSession::open(&runtime, &graph, options).unwrap()
}

/// Logits of one text alone, of its first `limit` tokens where there are more, as transformers'
/// `truncation=True` cuts: the last place is `[SEP]`'s.
fn logits(session: &mut OnnxSession, ids: &[i64], limit: usize) -> Vec<f32> {
    let mut ids = ids.to_vec();
    if let (true, Some(&end)) = (ids.len() > limit, ids.last()) {
        ids.truncate(limit - 1);
        ids.push(end);
    }
    session.logits(&Batch::new(&[&Encoding::new(ids)], 0)).unwrap().remove(0)
}

fn assert_same_tokens(folder: &Path, golden: &[Golden]) {
    let tokenizer = Tokenizer::open(&folder.join("tokenizer.json"), usize::MAX, usize::MAX).unwrap();
    for Golden { text, input_ids, .. } in golden {
        let tokens = tokenizer.encode(text).unwrap();
        let encoding = tokens.encoding(&tokens.windows()[0]);
        assert_eq!(encoding.ids(), input_ids, "{text:?}");
    }
}

#[test]
fn the_bundled_tokenizer_gives_the_tokens_of_transformers() {
    let golden = read("texts.jsonl");
    assert_eq!(golden.len(), 300);
    assert!(golden.iter().any(|golden| golden.input_ids.len() > 512));
    assert_same_tokens(&root().join("models/valence-mini"), &golden);
}

#[test]
fn the_tiny_model_in_fp32_gives_the_logits_of_pytorch() {
    let golden = read("tiny.jsonl");
    assert_same_tokens(&tiny_folder(), &golden);
    let mut session = session(&tiny_folder(), Dtype::Fp32);
    for Golden { text, input_ids, logits_fp32, .. } in &golden {
        let difference = largest_difference(&logits(&mut session, input_ids, 128), logits_fp32);
        assert!(difference < 1e-4, "{text:?} differs by {difference}");
    }
}

#[test]
fn the_tiny_model_in_fp16_stays_as_close_as_16_bits_allow() {
    let mut session = session(&tiny_folder(), Dtype::Fp16);
    let mut largest = 0.0_f32;
    for Golden { text, input_ids, logits_fp32, .. } in &read("tiny.jsonl") {
        let difference = largest_difference(&logits(&mut session, input_ids, 128), logits_fp32);
        // 11 bits of a logit of about 4 are steps of 0.004; some are lost on the way.
        assert!(difference < 0.05, "{text:?} differs by {difference}");
        largest = largest.max(difference);
    }
    assert!(largest > 1e-5, "these are the logits of another precision");
}

#[test]
fn the_bundled_model_gives_the_recorded_int8_logits() {
    let folder = root().join("models/valence-mini");
    let mut session = session(&folder, Dtype::Int8);
    for Golden { text, input_ids, logits_int8, .. } in read("texts.jsonl") {
        let difference = largest_difference(&logits(&mut session, &input_ids, 512), &logits_int8);
        // The same library and file: what remains is how processors round sums, which can tip a
        // value over to the next of the 256 levels.
        assert!(difference < 0.05, "{text:?} differs by {difference}");
    }
}

/// The engine forms batches as texts come; these are sure to have several rows, of all lengths.
#[test]
fn scores_are_the_same_alone_and_in_random_batches() {
    let bundled = root().join("models/valence-mini");
    let mut random = StdRng::seed_from_u64(29);
    for (folder, dtype, recorded) in [
        (&bundled, Dtype::Int8, "texts.jsonl"),
        (&tiny_folder(), Dtype::Int8, "tiny.jsonl"),
        (&tiny_folder(), Dtype::Fp32, "tiny.jsonl"),
    ] {
        let mut session = session(folder, dtype);
        let mut scores = |rows: &[&Encoding]| -> Vec<Vec<f32>> {
            let logits = session.logits(&Batch::new(rows, 0)).unwrap();
            logits.iter().map(|logits| Activation::Softmax.apply(logits)).collect()
        };
        let texts = read(recorded).into_iter().map(|golden| Encoding::new(golden.input_ids));
        let texts: Vec<Encoding> = texts.filter(|text| text.len() <= 128).collect();
        for _ in 0..20 {
            let rows = random.random_range(2..=16);
            let group: Vec<&Encoding> =
                (0..rows).map(|_| &texts[random.random_range(0..texts.len())]).collect();
            for (text, together) in group.iter().zip(scores(&group)) {
                let difference = largest_difference(&scores(&[*text])[0], &together);
                assert!(difference <= 1e-4, "{dtype}: {:?} differs by {difference}", text.ids());
            }
        }
    }
}

/// Processors before VNNI take the exact way; here it is asked for whatever the processor.
#[test]
fn the_way_that_old_processors_take_gives_the_same_labels() {
    let folder = root().join("models/valence-mini");
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    let mut usual = session_with(&folder, Dtype::Int8, options);
    let mut exact = session_with(&folder, Dtype::Int8, SessionOptions { is_exact: true, ..options });
    for Golden { text, input_ids, .. } in read("texts.jsonl") {
        let (usual, exact) = (logits(&mut usual, &input_ids, 512), logits(&mut exact, &input_ids, 512));
        assert_eq!(usual[1] > usual[0], exact[1] > exact[0], "{text:?}: {usual:?} {exact:?}");
        let difference = largest_difference(&usual, &exact);
        assert!(difference < 0.05, "{text:?} differs by {difference}");
    }
}

#[test]
fn the_bundled_model_stays_close_to_pytorch_in_fp32() {
    let folder = root().join("models/valence-mini");
    let mut session = session(&folder, Dtype::Int8);
    let golden = read("texts.jsonl");
    let (mut other_labels, mut sum) = (0, 0.0);
    for Golden { input_ids, logits_fp32, .. } in &golden {
        let positive = |logits: &[f32]| Activation::Softmax.apply(logits)[1];
        let (ours, theirs) = (positive(&logits(&mut session, input_ids, 512)), positive(logits_fp32));
        other_labels += usize::from((ours > 0.5) != (theirs > 0.5));
        sum += (ours - theirs).abs();
    }
    let mean = sum / golden.len() as f32;
    println!("{other_labels} of {} labels differ, scores by {mean:.4} on average", golden.len());
    assert!(other_labels * 50 <= golden.len(), "{other_labels} labels differ");
    assert!(mean < 0.02, "scores differ by {mean} on average");
}

#[test]
fn the_bundled_folder_is_complete_and_undamaged() {
    let artifact = Artifact::open(&root().join("models/valence-mini")).unwrap();
    assert_eq!(artifact.config.labels(), ["NEGATIVE", "POSITIVE"]);
    assert_eq!(artifact.max_tokens, 512);
    assert!(root().join("models/valence-mini/SHA256SUMS").is_file());
}
