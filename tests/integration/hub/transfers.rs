//! Transfers that break off, stall or bring other bytes: what goes on, and what is thrown away.

use super::{assert_same, assert_says, client, pull, pull_as};
use crate::support::hub::{COMMIT, Fault, TestHub};
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};
use valence::{
    engine::dtype::Dtype,
    hub::{Hub, cache, verify},
};

#[test]
fn a_cut_connection_is_resumed() {
    let hub = TestHub::start(Fault::Cut { times: 2 });
    let client = client(&hub);
    assert_same(&pull(&client).unwrap(), &["config.json", "tokenizer.json", "onnx/model_quantized.onnx"]);
    assert!(hub.resumed.load(Ordering::SeqCst) >= 2, "the second attempt goes on where the first ended");
}

#[test]
fn a_connection_that_is_always_cut_ends_and_the_next_pull_goes_on() {
    let hub = TestHub::start(Fault::Cut { times: 4 });
    let client = client(&hub);
    assert_says(&pull(&client).unwrap_err(), &["connection broke", "resumes from there"]);
    assert_same(&pull(&client).unwrap(), &["config.json", "tokenizer.json", "onnx/model_quantized.onnx"]);
}

#[test]
fn a_pull_that_broke_before_the_external_data_is_not_complete() {
    let hub = TestHub::start(Fault::CutData);
    let mut client = client(&hub);
    let (branch, commit) = ("tests/external", format!("tests/external@{COMMIT}"));
    let folder = cache::snapshot(&client.cache, &branch.parse().unwrap(), COMMIT);
    for id in [branch, &commit] {
        assert_says(
            &pull_as(&client, id, Some(Dtype::Fp32)).unwrap_err(),
            &["model.onnx_data", "resumes from there"],
        );
        assert!(folder.join("onnx/model.onnx").is_file(), "the graph has come");
    }
    client.is_offline = true;
    assert_says(&pull_as(&client, &commit, Some(Dtype::Fp32)).unwrap_err(), &["not in the cache"]);
    let missing = |folder: &Path| -> Vec<PathBuf> {
        let checked = verify::folder(folder).unwrap().into_iter();
        checked.filter(|checked| checked.is_sound == Some(false)).map(|checked| checked.file).collect()
    };
    let weights = folder.join("onnx/model.onnx_data");
    assert!(missing(&folder).contains(&weights));

    client.is_offline = false;
    hub.fail(Fault::None);
    assert_eq!(pull_as(&client, &commit, Some(Dtype::Fp32)).unwrap(), folder);
    assert!(weights.is_file() && missing(&folder).is_empty());
}

#[test]
fn a_file_of_the_wrong_size_or_content_is_thrown_away() {
    for (fault, file, word) in [
        (Fault::WrongSize, "onnx/model_quantized.onnx", "bytes"),
        (Fault::WrongContent, "onnx/model_quantized.onnx", "checksum"),
        (Fault::WrongConfig, "config.json", "checksum"),
    ] {
        let hub = TestHub::start(fault);
        let client = client(&hub);
        assert_says(&pull(&client).unwrap_err(), &[file, word]);
        hub.fail(Fault::None);
        assert_same(&pull(&client).unwrap(), &[file]);
    }
}

#[test]
fn a_silent_hub_is_not_waited_for_without_end() {
    let hub = TestHub::start(Fault::Silent);
    let client = Hub { timeout: Duration::from_millis(300), ..client(&hub) };
    assert_says(&pull(&client).unwrap_err(), &["has sent nothing"]);
}
