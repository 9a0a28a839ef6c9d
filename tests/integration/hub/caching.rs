//! What is in the cache: when it is pulled again, when it serves without a Hub, how it is checked.

use super::{TINY, assert_same, assert_says, client, pull, pull_as};
use crate::support::hub::{COMMIT, Fault, TestHub};
use std::{
    fs,
    process::Command,
    sync::atomic::Ordering,
    thread,
    time::{Duration, UNIX_EPOCH},
};
use valence::{
    engine::dtype::Dtype,
    hub::{Hub, cache, error::HubError, id::HubId, verify},
    loading::ModelSource,
};

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

// One of two that began together gave up after five seconds.
#[test]
fn a_file_that_another_process_pulls_is_waited_for_as_long_as_it_grows() {
    let hub = TestHub::start(Fault::Slow);
    let client = Hub { timeout: Duration::from_secs(5), ..client(&hub) };
    let pulls = [(); 2].map(|()| {
        let client = client.clone();
        thread::spawn(move || pull(&client))
    });
    for pulled in pulls {
        assert_same(&pulled.join().unwrap().unwrap(), &["onnx/model_quantized.onnx"]);
    }
}

#[test]
fn a_file_that_another_process_holds_is_not_waited_for_without_end() {
    let hub = TestHub::start(Fault::None);
    let client = Hub { timeout: Duration::from_secs(2), ..client(&hub) };
    let folder = pull(&client).unwrap();
    let blob = fs::canonicalize(folder.join("onnx/model_quantized.onnx")).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    fs::remove_file(&blob).unwrap();
    let held = fs::File::create(format!("{}.lock", blob.display())).unwrap();
    held.lock().unwrap();
    assert_says(&pull(&client).unwrap_err(), &["another process is pulling onnx/model_quantized.onnx"]);
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

// What it was told to pull was there already.
#[test]
fn a_precision_that_the_cache_lacks_is_told_with_how_to_pull_it() {
    let hub = TestHub::start(Fault::None);
    let mut client = client(&hub);
    pull(&client).unwrap();
    client.is_offline = true;
    let words = ["not in fp32", "valence model pull tests/tiny --dtype fp32"];
    assert_says(&pull_as(&client, TINY, Some(Dtype::Fp32)).unwrap_err(), &words);
    assert_says(&pull_as(&client, "tests/other", Some(Dtype::Fp32)).unwrap_err(), &["not in the cache"]);
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

// A cache that has all, and may only be read, ended the program while the Hub could be reached.
#[test]
fn a_commit_that_is_noted_is_not_noted_again() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    let folder = pull(&client).unwrap();
    let noted = client.cache.join("models--tests--tiny/refs/main");
    fs::File::options().append(true).open(&noted).unwrap().set_modified(UNIX_EPOCH).unwrap();
    assert_eq!(pull(&client).unwrap(), folder);
    assert_eq!(noted.metadata().unwrap().modified().unwrap(), UNIX_EPOCH);
}

#[test]
fn what_was_noted_before_stays_until_the_new_commit_is_written() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    pull(&client).unwrap();
    let folder = client.cache.join("models--tests--tiny");
    let noted = folder.join("refs/main");
    // Another name for the old content, which shows whether that was overwritten.
    let before = client.cache.join("before");
    fs::hard_link(&noted, &before).unwrap();
    let (id, new) = (TINY.parse().unwrap(), "f".repeat(40));
    cache::note(&client.cache, &id, &new).unwrap();
    assert_eq!(fs::read_to_string(before).unwrap(), COMMIT);
    assert_eq!(fs::read_to_string(noted).unwrap(), new);
    let mut left: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["blobs", "refs", "snapshots"]);
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
