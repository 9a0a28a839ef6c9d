//! Models from a Hub in this process: which files are pulled, of which commit.

mod caching;
mod redirects;
mod refusals;
mod transfers;

use crate::support::{
    hub::{COMMIT, Fault, TestHub},
    temporary_folder, tiny_folder,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};
use valence::{
    engine::dtype::Dtype,
    hub::{Hub, cache, error::HubError, id::HubId, verify},
};

const TINY: &str = "tests/tiny";

/// A client with a cache of its own.
fn client(hub: &TestHub) -> Hub {
    Hub {
        endpoint: hub.endpoint.clone(),
        cache: temporary_folder().join("hub"),
        token: None,
        is_offline: false,
        timeout: Duration::from_secs(20),
    }
}

fn pull_as(client: &Hub, id: &str, dtype: Option<Dtype>) -> Result<PathBuf, HubError> {
    client.pull(&id.parse::<HubId>().unwrap(), dtype, Dtype::ON_CPU)
}

fn pull(client: &Hub) -> Result<PathBuf, HubError> {
    pull_as(client, TINY, None)
}

fn assert_same(folder: &Path, files: &[&str]) {
    for file in files {
        assert_eq!(
            fs::read(folder.join(file)).unwrap(),
            fs::read(tiny_folder().join(file)).unwrap(),
            "{file}"
        );
    }
}

/// One sentence with these words.
fn assert_says(error: &HubError, words: &[&str]) {
    let sentence = error.to_string();
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "{word:?} is not in: {sentence}");
    }
}

#[test]
fn pulls_what_a_model_needs_into_the_layout_of_huggingface_hub() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull(&client).unwrap();
    let repo = client.cache.join("models--tests--tiny");
    assert_eq!(folder, repo.join("snapshots").join(COMMIT));
    assert_eq!(fs::read_to_string(repo.join("refs/main")).unwrap(), COMMIT);
    assert_same(
        &folder,
        &["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model_quantized.onnx"],
    );
    assert!(!folder.join("onnx/model.onnx").exists(), "another precision is not needed");
    assert!(fs::read_link(folder.join("onnx/model_quantized.onnx")).unwrap().is_relative());
    assert!(verify::folder(&folder).unwrap().iter().all(|checked| checked.is_sound == Some(true)));

    let listed = cache::list(&client.cache);
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].repo.as_str(), listed[0].refs.as_slice()), (TINY, &["main".to_owned()][..]));

    let full = pull_as(&client, TINY, Some(Dtype::Fp32)).unwrap();
    assert_same(&full, &["onnx/model.onnx"]);
}

#[test]
fn a_revision_is_asked_for_by_its_name() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull_as(&client, "tests/tiny@v1", None).unwrap();
    assert!(folder.ends_with(COMMIT));
    assert_says(&pull_as(&client, "tests/tiny@none", None).unwrap_err(), &["no revision", "none"]);
}

#[test]
fn a_commit_is_asked_for_by_the_beginning_of_its_name() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let id = format!("{TINY}@{}", &COMMIT[..7]);
    let folder = pull_as(&client, &id, None).unwrap();
    assert!(folder.ends_with(COMMIT), "{}", folder.display());
    assert_same(&folder, &["onnx/model_quantized.onnx"]);
    let files = hub.files.load(Ordering::SeqCst);
    assert_eq!(pull_as(&client, &id, None).unwrap(), folder);
    assert_eq!(hub.files.load(Ordering::SeqCst), files, "what is there is not pulled again");
    let offline = Hub { is_offline: true, ..client };
    assert_eq!(pull_as(&offline, &id, None).unwrap(), folder);
}

#[test]
fn a_model_without_what_is_needed_is_refused_before_anything_is_pulled() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let refused = |id: &str, dtype| pull_as(&client, id, dtype).unwrap_err();
    assert_says(&refused("tests/no-onnx", None), &["optimum-cli export onnx --model tests/no-onnx"]);
    assert_says(&refused("tests/no-tokenizer", None), &["tokenizer.json"]);
    assert_says(&refused("tests/no-config", None), &["config.json"]);
    assert_says(&refused(TINY, Some(Dtype::Fp16)), &["fp16", "int8, fp32", "--dtype"]);
    assert_eq!(hub.files.load(Ordering::SeqCst), 0);
}

#[test]
fn pulls_other_layouts_and_external_data() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull_as(&client, "tests/root", None).unwrap();
    assert!(folder.join("model.onnx").is_file() && folder.join("model.onnx_data").is_file());
    assert!(!folder.join("pytorch_model.bin").exists());
    let folder = pull_as(&client, "tests/beside", None).unwrap();
    assert!(
        folder.join("onnx/tokenizer.json").is_file()
            && folder.join("onnx/model_qint8_avx512_vnni.onnx").is_file()
    );
}
