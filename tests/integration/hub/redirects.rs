//! Redirects of the Hub: where they may lead, and who gets the token.

use super::{assert_same, assert_says, client, pull, pull_as};
use crate::support::hub::{Fault, TestHub};
use std::sync::atomic::Ordering;
use valence::hub::Hub;

// It went to whatever server a redirect named.
#[test]
fn the_token_goes_to_the_hub_alone() {
    let (hub, elsewhere) = (TestHub::start(Fault::None), TestHub::start(Fault::None));
    hub.fail(Fault::Elsewhere(elsewhere.address));
    let client = Hub { token: Some("hf_test".into()), ..client(&hub) };
    assert_same(&pull(&client).unwrap(), &["config.json", "onnx/model_quantized.onnx"]);
    let (asked, told) = (hub.requests.load(Ordering::SeqCst), hub.tokens.load(Ordering::SeqCst));
    assert!(asked > 4 && told == asked, "{told} of {asked}");
    assert!(elsewhere.requests.load(Ordering::SeqCst) > asked);
    assert_eq!(elsewhere.tokens.load(Ordering::SeqCst), 0);
}

// A cloud's server of secrets has such an address.
#[test]
fn no_redirect_leads_to_another_host_without_https() {
    let (hub, inside) = (TestHub::start(Fault::None), TestHub::start_at("127.0.0.2", Fault::None));
    hub.fail(Fault::Elsewhere(inside.address));
    assert_says(&pull(&client(&hub)).unwrap_err(), &["redirects to 127.0.0.2, not by HTTPS", "HF_ENDPOINT"]);
    assert_eq!(inside.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn redirects_end() {
    let hub = TestHub::start(Fault::None);
    hub.fail(Fault::Elsewhere(hub.address));
    assert_says(&pull(&client(&hub)).unwrap_err(), &["do not end"]);
}

#[test]
fn a_gated_model_that_was_renamed_is_found_with_its_token() {
    let hub = TestHub::start(Fault::Gated);
    let client = Hub { token: Some("hf_test".into()), ..client(&hub) };
    assert_same(&pull_as(&client, "tests/old", None).unwrap(), &["onnx/model_quantized.onnx"]);
}
