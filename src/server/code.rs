//! The code page: the text of a link as calls of this very server, to copy.
//!
//! It shows only endpoints that exist; `/docs` says what they take and return.

use super::{
    PORT, ascii::ascii, document, link::Link, page, security::content_security_policy, state::AppState,
};
use crate::{engine::Engine, percent};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use http::HeaderMap;
use leptos::nonce::Nonce;
use serde_json::Value;

/// What is called where no text is given.
const SAMPLE: &str = "What a lovely surprise!";

/// What stands for a key that only its owner knows.
const KEY: &str = "YOUR_KEY";

/// A way to call the server, and the code.
pub struct Call {
    /// The program or library.
    pub name: &'static str,
    /// The code, whole.
    pub code: String,
}

/// The page with the calls for the text in the address.
pub async fn code(State(state): State<AppState>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let text = Link::read(&query).and_then(|link| link.text.ok()).filter(|text| !text.trim().is_empty());
    let origin = state
        .reached_at(&headers)
        .map_or_else(|| format!("http://127.0.0.1:{PORT}"), |origin| origin.to_string());
    let key = state.guard.has_keys().then_some(KEY);
    // As it is called here: whoever made the link may have written anything.
    let engine = Link::model(&query).and_then(|model| state.models.get(Some(&model)).ok());
    let model = engine.as_ref().map(Engine::model);
    let calls = calls(&origin, text.as_deref().unwrap_or(SAMPLE), model, key);
    let nonce = Nonce::new();
    let policy = content_security_policy(Some(&nonce), None);
    page::html("private, no-cache", policy, || document::code(&state.assets, calls, nonce))
}

/// Calls that ask for a text's answer of this model, or of the default one, with a key where one
/// is needed.
fn calls(origin: &str, text: &str, model: Option<&str>, key: Option<&str>) -> Vec<Call> {
    let (json, python) = (json(text), python(text));
    let named = model.map(|model| format!(", \"model\": {}", self::json(model))).unwrap_or_default();
    let body = format!("{{\"text\": {json}{named}}}");
    let models = model.map(|model| format!("/models/{}", percent::path(model))).unwrap_or_default();
    let address = self::python(&format!("{origin}{models}"));
    let header = key.map(|key| format!("  --header 'Authorization: Bearer {key}' \\\n")).unwrap_or_default();
    let token = key.map(|key| format!(", token=\"{key}\"")).unwrap_or_default();
    let bearer = key.map(|key| format!(", Authorization: \"Bearer {key}\"")).unwrap_or_default();
    let mut calls = vec![
        Call {
            name: "curl",
            code: format!(
                "curl {origin}/api/v1/analyze \\\n  --header 'Content-Type: application/json' \\\n{header}  --data {}",
                shell(&body)
            ),
        },
        Call {
            name: "Python, huggingface_hub",
            code: format!(
                "from huggingface_hub import InferenceClient\n\nclient = InferenceClient(model={address}{token})\n\
                 print(client.text_classification({python}))"
            ),
        },
        Call {
            name: "JavaScript",
            code: format!(
                "const response = await fetch(\"{origin}/api/v1/analyze\", {{\n  method: \"POST\",\n  headers: {{ \
                 \"Content-Type\": \"application/json\"{bearer} }},\n  body: JSON.stringify({body}),\n}});\n\
                 console.log(await response.json());"
            ),
        },
    ];
    if model.is_none() {
        calls.push(Call {
            name: "Python, gradio_client",
            code: format!(
                "from gradio_client import Client\n\nclient = Client(\"{origin}\"{token})\nprint(client.predict({python}, \
                 api_name=\"/predict\"))"
            ),
        });
    }
    calls
}

/// A text as a string of JSON in ASCII, which JavaScript reads as the same.
fn json(text: &str) -> String {
    ascii(Value::from(text).to_string())
}

/// A text as a string of Python in ASCII. Python reads JSON's pairs of surrogates as two characters
/// that nothing can encode.
fn python(text: &str) -> String {
    let mut string = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => string.extend(['\\', c]),
            ' '..='~' => string.push(c),
            '\0'..='\u{ffff}' => string.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => string.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    string + "\""
}

/// A word of the shell that stands for exactly this.
fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_survives_as_json() {
        let text = "It's \"so\" \\ good\n\u{0}é😀";
        assert_eq!(serde_json::from_str::<String>(&json(text)).expect("JSON"), text);
        assert_eq!(json("é"), "\"\\u00e9\"");
    }

    #[test]
    fn python_reads_an_emoji_as_one_character() {
        assert_eq!(python("a \"b\" \\\né😀"), r#""a \"b\" \\\u000a\u00e9\U0001f600""#);
        let calls = calls("http://x", "😀", None, None);
        for call in calls.iter().filter(|call| call.name.starts_with("Python")) {
            assert!(call.code.contains(r#"("\U0001f600""#), "{}", call.code);
        }
    }

    #[test]
    fn a_models_name_stays_within_its_address() {
        for call in calls("http://x", "so", Some("a/b@c #\"); exit(\""), None) {
            let names = ["http://x/models/a/b%40c%20%23%22%29%3B%20exit%28%22", r#"a/b@c #\"); exit(\""#];
            assert!(names.iter().any(|name| call.code.contains(name)), "{}", call.code);
            assert!(!call.code.contains("#\")"), "{}", call.code);
        }
    }

    #[test]
    fn a_text_cannot_end_the_shells_word() {
        assert_eq!(shell("it's"), r"'it'\''s'");
    }
}
