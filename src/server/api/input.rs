//! A text as a request holds it, before it is accepted.

use crate::text::Text;
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A text that nobody has looked at yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Input(pub String);

impl PartialSchema for Input {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A text that is not blank, of at most 100,000 bytes."))
            .pattern(Some(r"\S"))
            .max_length(Some(Text::MAX_BYTES))
            .examples(["What a lovely day!"])
            .into()
    }
}

impl ToSchema for Input {}
