//! What a Hub refuses, and to whom: models that are missing, gated or private, requests that are too many.

use super::{assert_same, assert_says, client, pull};
use crate::support::hub::{Fault, TestHub};
use std::sync::atomic::Ordering;
use valence::hub::Hub;

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
fn a_busy_hub_is_asked_again_when_it_says() {
    let hub = TestHub::start(Fault::Busy { times: 2, seconds: 0 });
    assert_same(&pull(&client(&hub)).unwrap(), &["onnx/model_quantized.onnx"]);
}

// It asked four times within three seconds, and said "later".
#[test]
fn a_hub_that_tells_when_a_limit_is_renewed_is_not_asked_before() {
    let hub = TestHub::start(Fault::UsedUp { seconds: 213 });
    assert_says(&pull(&client(&hub)).unwrap_err(), &["in 213 seconds"]);
    assert_eq!(hub.requests.load(Ordering::SeqCst), 1);
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

// It was taken for an outage, in which what was pulled before serves.
#[test]
fn what_is_no_address_and_what_is_no_token_is_told_though_the_model_is_there() {
    let hub = TestHub::start(Fault::None);
    let client = client(&hub);
    pull(&client).unwrap();
    for endpoint in ["hub.example", "localhost:8080", "//hub.example", "ftp://hub.example"] {
        let client = Hub { endpoint: endpoint.into(), ..client.clone() };
        assert_says(&pull(&client).unwrap_err(), &[endpoint, "HF_ENDPOINT"]);
    }
    let client = Hub { token: Some("hf_one\nhf_two".into()), ..client };
    assert_says(&pull(&client).unwrap_err(), &["HF_TOKEN"]);
}
