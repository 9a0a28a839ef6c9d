//! A text as a request holds it, before it is accepted.

use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// The most characters that are accepted in every case: none of them has more than three tokens,
/// with the default limit of 8,192.
const SAFE_LENGTH: usize = 2500;

/// A text that nobody has looked at yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Input(pub String);

impl PartialSchema for Input {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A text that is not blank."))
            .pattern(Some(r"\S"))
            .max_length(Some(SAFE_LENGTH))
            .examples(["What a lovely day!"])
            .into()
    }
}

impl ToSchema for Input {}
