//! JSON: extractors of it and of addresses, whose refusals have the API's one shape, and values with
//! the numbers of answers.

use super::{error::ApiError, unread};
use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE, request::Parts};
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

    /// What is read of a request with this body.
    async fn read(body: &'static str) -> Result<Value, ApiError> {
        let request = Request::post("/").header(CONTENT_TYPE, "application/json");
        let Json(value) = Json::from_request(request.body(body.into()).expect("a request"), &()).await?;
        Ok(value)
    }

    // It was told that it is not JSON.
    #[tokio::test]
    async fn a_byte_order_mark_is_no_part_of_a_body() {
        assert_eq!(read("\u{feff}{}").await, Ok(Value::Object(Map::new())));
        assert!(matches!(read("\u{feff}[]").await, Err(ApiError::Invalid(_))), "a list is still no request");
    }
}
