//! Models from a Hub in this process, with all that can go wrong on the way.

mod redirects;

use crate::support::{
    hub::{COMMIT, Fault, TestHub},
    temporary_folder, tiny_folder,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
    time::Duration,
};
use valence::{
    engine::dtype::Dtype,
    hub::{Hub, cache, error::HubError, id::HubId, source::ModelSource, verify},
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
fn a_damaged_file_of_the_cache_is_found() {
    let hub = TestHub::start(Fault::None);
    let folder = pull(&client(&hub)).unwrap();
    fs::write(folder.join("config.json"), "{}").unwrap();
    let damaged: Vec<_> = verify::folder(&folder)
        .unwrap()
        .into_iter()
        .filter(|checked| checked.is_sound == Some(false))
        .collect();
    assert_eq!(damaged.len(), 1);
    assert!(damaged[0].file.ends_with("config.json"));
}

#[test]
fn what_is_there_is_not_pulled_again() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull(&client).unwrap();
    let files = hub.files.load(Ordering::SeqCst);
    assert_eq!(pull(&client).unwrap(), folder);
    assert_eq!(hub.files.load(Ordering::SeqCst), files, "only the list was asked for");

    let requests = hub.requests.load(Ordering::SeqCst);
    assert_eq!(pull_as(&client, &format!("{TINY}@{COMMIT}"), None).unwrap(), folder);
    assert_eq!(hub.requests.load(Ordering::SeqCst), requests, "a commit never changes");
}

#[test]
fn the_cache_serves_offline_and_when_the_hub_is_away() {
    let hub = TestHub::start(Fault::None);
    let mut client = client(&hub);
    let folder = pull(&client).unwrap();
    for fault in [Fault::Status(503, None), Fault::Busy { times: 99, seconds: 3600 }] {
        hub.fail(fault);
        assert_eq!(pull(&client).unwrap(), folder);
    }
    hub.fail(Fault::Status(404, Some("RepoNotFound")));
    assert_says(&pull(&client).unwrap_err(), &["no model tests/tiny"]);
    client.endpoint = "http://127.0.0.1:9".into();
    assert_eq!(pull(&client).unwrap(), folder);
    client.is_offline = true;
    for id in [TINY, "tests/tiny@main", &format!("{TINY}@{}", &COMMIT[..7])] {
        assert_eq!(pull_as(&client, id, None).unwrap(), folder);
    }
    assert_says(&pull_as(&client, "tests/other", None).unwrap_err(), &["tests/other", "not in the cache"]);
    client.is_offline = false;
    assert_says(&pull_as(&client, "tests/other", None).unwrap_err(), &["127.0.0.1:9", "HF_HUB_OFFLINE=1"]);
}

// Its first file took the place of the old one.
#[test]
fn a_pull_of_a_new_commit_that_breaks_leaves_the_old_one_in_its_place() {
    let hub = TestHub::start(Fault::None);
    for fault in [Fault::Cut { times: 99 }, Fault::Silent, Fault::WrongContent] {
        hub.fail(Fault::None);
        let mut client = client(&hub);
        let new = pull(&client).unwrap();
        let old = new.with_file_name("f".repeat(40));
        assert!(Command::new("cp").arg("-rL").args([&new, &old]).status().unwrap().success());
        fs::remove_dir_all(&new).unwrap();
        fs::remove_dir_all(client.cache.join("models--tests--tiny/blobs")).unwrap();
        fs::write(client.cache.join("models--tests--tiny/refs/main"), "f".repeat(40)).unwrap();

        hub.fail(fault);
        client.timeout = Duration::from_secs(2);
        match pull(&client) {
            Ok(folder) => assert_eq!(folder, old, "{fault:?}"),
            Err(error) => assert!(matches!(error, HubError::Damaged { .. }), "{error}"),
        }
        assert!(new.join("config.json").is_file(), "{fault:?}");
        client.is_offline = true;
        assert_eq!(pull(&client).unwrap(), old, "{fault:?}");
    }
}

// A commit that changed another file alone brought all of them again.
#[test]
fn what_another_commit_has_is_not_fetched_again() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull(&client).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    hub.fail(Fault::Cut { times: 99 });
    assert_same(&pull(&client).unwrap(), &["config.json", "onnx/model_quantized.onnx"]);
    assert!(folder.is_dir());
}

#[test]
fn a_source_tells_its_folder_without_a_pull() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let source: ModelSource = TINY.parse().unwrap();
    assert_says(&source.cached(&client).unwrap_err(), &["not in the cache", "valence model pull tests/tiny"]);
    assert_eq!(hub.requests.load(Ordering::SeqCst), 0);
    let folder = pull(&client).unwrap();
    assert_eq!(source.cached(&client).unwrap(), folder);
    assert_eq!(ModelSource::from(folder.clone()).cached(&client).unwrap(), folder);
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
fn refusals_say_what_to_do() {
    let says = |fault: Fault, words: &[&str]| {
        let hub = TestHub::start(fault);
        assert_says(&pull(&client(&hub)).unwrap_err(), words);
    };
    says(Fault::Status(401, Some("GatedRepo")), &["gated", "/tests/tiny", "HF_TOKEN"]);
    says(Fault::Status(401, None), &["tests/tiny", "private", "HF_TOKEN"]);
    says(Fault::Status(404, Some("RepoNotFound")), &["no model tests/tiny"]);
    says(Fault::Status(418, None), &["418"]);
    says(Fault::Busy { times: 99, seconds: 3600 }, &["3600 seconds"]);
    says(Fault::NotAHub, &["HF_ENDPOINT"]);
}

#[test]
fn a_token_opens_a_gated_model() {
    let hub = TestHub::start(Fault::Gated);
    let mut client = client(&hub);
    for token in [None, Some("hf_stranger")] {
        client.token = token.map(String::from);
        assert_says(&pull(&client).unwrap_err(), &["gated", "/tests/tiny", "HF_TOKEN"]);
    }
    client.token = Some("hf_test".into());
    assert_same(&pull(&client).unwrap(), &["onnx/model_quantized.onnx"]);
}

// It was said that the Hub has no such model.
#[test]
fn a_token_that_the_hub_does_not_know_is_told_from_a_missing_model() {
    let hub = TestHub::start(Fault::Status(401, None));
    let client = Hub { token: Some("hf_expired".into()), ..client(&hub) };
    assert_says(&pull(&client).unwrap_err(), &["refuses the token", "tests/tiny", "HF_TOKEN", "expired"]);
    hub.fail(Fault::Status(404, Some("RepoNotFound")));
    assert_says(&pull(&client).unwrap_err(), &["no model tests/tiny"]);
}

#[test]
fn a_busy_hub_is_asked_again_when_it_says() {
    let hub = TestHub::start(Fault::Busy { times: 2, seconds: 0 });
    assert_same(&pull(&client(&hub)).unwrap(), &["onnx/model_quantized.onnx"]);
}

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
fn what_is_missing_of_a_commit_comes_when_it_is_renewed() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let id = format!("{TINY}@{COMMIT}").parse::<HubId>().unwrap();
    let folder = client.pull(&id, None, Dtype::ON_CPU).unwrap();
    let settings = folder.join("tokenizer_config.json");
    fs::remove_file(&settings).unwrap();
    client.pull(&id, None, Dtype::ON_CPU).unwrap();
    assert!(!settings.exists(), "it runs without, so nobody was asked");
    client.renew(&id, None, Dtype::ON_CPU).unwrap();
    assert!(settings.is_file());
}
