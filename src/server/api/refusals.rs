//! How the description of the endpoints lists their refusals: by the statuses and headers that
//! `server/failure` really answers with.

use super::error::{ApiError, ErrorBody};
use crate::{error::AnalyzeError, models::UnknownModel};
use axum::response::{IntoResponse, Response as Answer};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
        header::Header,
    },
};

type Responses = BTreeMap<String, RefOr<Response>>;

/// What every endpoint for texts may answer.
pub struct Refused;

impl IntoResponses for Refused {
    fn responses() -> Responses {
        with_any_body([
            ("The request's syntax is broken, or a text is blank.", ApiError::Malformed(String::new())),
            ("The body or a text is too large.", ApiError::TooLarge(String::new())),
            (
                "The request asks for something that is not served, or a text has too many tokens, or one that the \
                 model's tokenizer cannot read.",
                ApiError::Invalid(String::new()),
            ),
            ("The queue is full, or the client has asked too often.", AnalyzeError::Busy.into()),
        ])
    }
}

/// The same of an endpoint that tells elsewhere why a text is refused, and of a full queue by a status of
/// its own.
pub struct Uncalled;

impl IntoResponses for Uncalled {
    fn responses() -> Responses {
        with_any_body([
            ("The request's syntax is broken.", ApiError::Malformed(String::new())),
            ("The body is too large.", ApiError::TooLarge(String::new())),
            ("The request asks for something that is not served.", ApiError::Invalid(String::new())),
            (
                "The memory for requests is full, or the client has asked too often.",
                AnalyzeError::Busy.into(),
            ),
        ])
    }
}

/// These, and what may be wrong whatever a body holds.
fn with_any_body<const N: usize>(refusals: [(&str, ApiError); N]) -> Responses {
    let mut all = described([
        ("The server has keys, and the request names none of them.", ApiError::Unauthorized),
        ("The body came too slowly.", ApiError::TooSlow),
        ("The body is of another type, or compressed.", ApiError::MediaType(String::new())),
        ("The answer took too long.", AnalyzeError::TookTooLong { seconds: 0 }.into()),
    ]);
    all.extend(described(refusals));
    all
}

/// What every address for programs may answer before its endpoint is reached.
pub struct Guarded;

impl IntoResponses for Guarded {
    fn responses() -> Responses {
        described([
            ("The server has keys, and the request names none of them.", ApiError::Unauthorized),
            ("The client has asked too often.", ApiError::TooOften { seconds: 1 }),
        ])
    }
}

/// What an endpoint answers where the model fails.
pub struct Failed;

impl IntoResponses for Failed {
    fn responses() -> Responses {
        described([("The model failed.", AnalyzeError::Failed { reference: String::new() }.into())])
    }
}

/// What an endpoint answers while the model does not run.
pub struct Down;

impl IntoResponses for Down {
    fn responses() -> Responses {
        described([("The model has failed and is restarting.", AnalyzeError::Restarting.into())])
    }
}

/// What is answered while not every model can answer.
pub struct Unready;

impl IntoResponses for Unready {
    fn responses() -> Responses {
        described([(
            "A model has not answered a text yet, or has failed and is restarting.",
            ApiError::NotReady,
        )])
    }
}

/// What an endpoint answers where the request names a model that is not loaded.
pub struct Unnamed;

impl IntoResponses for Unnamed {
    fn responses() -> Responses {
        described([("No model has this name.", ApiError::UnknownModel(UnknownModel { loaded: Vec::new() }))])
    }
}

/// What an address with a name in it answers where nothing has that name.
pub struct Absent;

impl IntoResponses for Absent {
    fn responses() -> Responses {
        described([("Nothing has this name.", ApiError::NotFound)])
    }
}

fn described<const N: usize>(refusals: [(&str, ApiError); N]) -> Responses {
    refusals.into_iter().map(|(meaning, error)| response(meaning, error.into_response())).collect()
}

fn response(meaning: &str, answer: Answer) -> (String, RefOr<Response>) {
    let schema = Ref::from_schema_name(ErrorBody::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let mut response = ResponseBuilder::new().description(meaning).content("application/json", content);
    for (name, meaning, kind) in [
        (RETRY_AFTER, "Seconds after which to try again.", Type::Integer),
        (WWW_AUTHENTICATE, "How to name a key.", Type::String),
    ] {
        if answer.headers().contains_key(&name) {
            response = response.header(name.as_str(), header(meaning, kind));
        }
    }
    (answer.status().as_str().to_owned(), response.build().into())
}

fn header(meaning: &str, kind: Type) -> Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(meaning)).build()
}
