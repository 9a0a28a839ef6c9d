//! JSON: extractors of it and of addresses, whose refusals have the API's one shape, and values with
//! the numbers of answers.

use super::{error::ApiError, unread};
use crate::server::limits::MAX_BODY;
use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT},
    request::Parts,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::no_json());
        }
        if is_too_much_to_send(request.headers()) {
            return Err(ApiError::too_large());
        }
        let body = Bytes::from_request(request, state).await?;
        // PowerShell and Notepad begin a file with this mark, which is no part of its JSON.
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&body);
        // serde reads a structure from a list too, by the order of its fields.
        if body.trim_ascii_start().first() == Some(&b'[') {
            return Err(ApiError::Invalid("The body must be an object, {…}, not a list.".into()));
        }
        Ok(Self(unread::body(body)?))
    }
}

/// Whether a body says that it is JSON, with or without parameters.
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    essence(headers) == "application/json"
}

/// Whether a client waits for leave, which it gets once its body is read, to send more than may be sent.
///
/// Any other is sending already, and may miss an answer whose connection ends before all of that is read.
fn is_too_much_to_send(headers: &HeaderMap) -> bool {
    let length = || headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse::<usize>().ok();
    headers.contains_key(EXPECT) && length().is_some_and(|length| length > MAX_BODY)
}

/// The type that a body says it has, in small letters and without parameters; empty where it says
/// none.
#[must_use]
pub fn essence(headers: &HeaderMap) -> String {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a structure from an object, or none from `null`, and from nothing else.
///
/// # Errors
///
/// The deserializer's, for a list too.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let object = Option::<Map<_, _>>::deserialize(deserializer)?;
    object.map(Value::Object).map(unread::read).transpose().map_err(D::Error::custom)
}

/// A value, by way of text: a number then has no more digits than an `f32`.
///
/// # Errors
///
/// serde_json's, for keys that are no strings.
pub fn value(of: &impl Serialize) -> serde_json::Result<Value> {
    serde_json::from_str(&serde_json::to_string(of)?)
}

/// The parameters in the address.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let axum::extract::Query(value) = axum::extract::Query::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

/// The names in the address's path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let axum::extract::Path(value) = axum::extract::Path::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::request::Builder;

    fn request() -> Builder {
        Request::post("/").header(CONTENT_TYPE, "application/json")
    }

    async fn read(request: Builder, body: &'static str) -> Result<Value, ApiError> {
        let Json(value) = Json::from_request(request.body(body.into()).expect("a request"), &()).await?;
        Ok(value)
    }

    // It was told that it is not JSON.
    #[tokio::test]
    async fn a_byte_order_mark_is_no_part_of_a_body() {
        assert_eq!(read(request(), "\u{feff}{}").await, Ok(Value::Object(Map::new())));
        let list = read(request(), "\u{feff}[]").await;
        assert!(matches!(list, Err(ApiError::Invalid(_))), "{list:?}");
    }

    #[tokio::test]
    async fn only_what_is_not_sent_yet_is_refused_by_its_length() {
        let said = |length: usize| request().header(CONTENT_LENGTH, length);
        assert_eq!(
            read(said(MAX_BODY + 1).header(EXPECT, "100-continue"), "{}").await,
            Err(ApiError::too_large())
        );
        for request in [said(MAX_BODY + 1), said(MAX_BODY).header(EXPECT, "100-continue")] {
            assert!(read(request, "{}").await.is_ok());
        }
    }
}
