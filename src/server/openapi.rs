//! The description of every endpoint for programs, as OpenAPI 3.1: `GET /openapi.json`, and
//! `valence openapi` without a server.
//!
//! Paths, parameters and schemas come from the handlers themselves; here are only the words around
//! them.

use super::{
    api::{
        self,
        gradio::{self, schema},
    },
    health, info, metrics, page,
};
use axum::Json;
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What the routers do not describe by themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Valence",
        description = "Sentiment of texts: Valence's own API, and those that the clients of Hugging Face, Text \
                       Embeddings Inference and Gradio speak. Errors have one shape at every address. Where the \
                       server has keys, each request for texts needs `Authorization: Bearer KEY`."
    ),
    security((), ("key" = [])),
    modifiers(&Key),
    tags(
        (name = "Valence", description = "Valence's own API."),
        (name = "Hugging Face", description = "As `InferenceClient.text_classification` and `@huggingface/inference` ask."),
        (name = "Text Embeddings Inference", description = "As clients of TEI's classifiers ask."),
        (name = "Gradio", description = "As an app with one function, `predict(text)`. `gradio_client` also asks `queue/join`, `queue/data`, `heartbeat` and `cancel` under `/gradio_api`, whose answers belong to its session; they are not described here."),
        (name = "Server", description = "What runs here, and how it is doing."),
    ),
    paths(
        page::home,
        schema::config,
        schema::info,
        gradio::run,
        gradio::call,
        gradio::call_by_name,
        gradio::told,
        info::info,
        health::health,
        metrics::metrics,
    )
)]
struct Described;

/// The key that a server may ask for.
struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("One of the server's keys, where it has any."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(key));
    }
}

static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(|| {
    let mut document = Described::openapi().merge_from(api::described().into_openapi());
    // axum marks a parameter that may hold slashes by a star, which is no part of its name.
    let paths = std::mem::take(&mut document.paths.paths);
    document.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    document
});

/// The description.
#[must_use]
pub fn document() -> &'static utoipa::openapi::OpenApi {
    &DOCUMENT
}

/// Answers with it.
pub async fn openapi() -> Json<&'static utoipa::openapi::OpenApi> {
    Json(document())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gradios_clients_ask_without_a_session_is_described() {
        let paths = serde_json::to_value(&document().paths).expect("it is JSON");
        let mut ids = Vec::new();
        for (path, method) in [
            ("/config", "get"),
            ("/gradio_api/info", "get"),
            ("/gradio_api/run/{api}", "post"),
            ("/gradio_api/call/{api}", "post"),
            ("/gradio_api/call/v2/{api}", "post"),
            ("/gradio_api/call/{api}/{event}", "get"),
            ("/info", "get"),
        ] {
            ids.push(paths[path][method]["operationId"].as_str().expect(path));
        }
        let different: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
    }

    // Of health's answer, which is asked for again and again, it was not.
    #[test]
    fn where_a_model_does_not_run_it_is_described_when_to_try_again() {
        let paths = serde_json::to_value(&document().paths).expect("it is JSON");
        for (path, method) in [("/health", "get"), ("/predict", "post"), ("/api/v1/analyze", "post")] {
            let told = &paths[path][method]["responses"]["503"];
            assert!(told["headers"]["retry-after"].is_object(), "{path}: {told}");
        }
    }

    #[test]
    fn gradios_refusals_are_told_as_they_are_sent() {
        let paths = serde_json::to_value(&document().paths).expect("it is JSON");
        let told = &paths["/gradio_api/call/{api}/{event}"]["get"]["responses"];
        let statuses: Vec<_> = told.as_object().expect("responses").keys().collect();
        assert_eq!(statuses, ["200", "401", "404", "429"], "it has no body and asks no model");
        let called = &paths["/gradio_api/call/{api}"]["post"]["responses"];
        let says = |status: &str| called[status]["description"].as_str().unwrap_or_default();
        assert!(says("503").contains("queue") && !says("429").contains("queue"), "{called}");
        for status in ["400", "413", "422"] {
            let meaning = says(status);
            assert!(!meaning.is_empty() && !meaning.contains("text"), "its event tells of texts: {meaning}");
        }
        let run = &paths["/gradio_api/run/{api}"]["post"]["responses"];
        assert!(run["429"]["description"].as_str().is_some_and(|meaning| meaning.contains("queue")));
        assert!(run["503"]["description"].as_str().is_some_and(|meaning| !meaning.contains("queue")));
        assert!(run["504"].is_object());
    }
}
