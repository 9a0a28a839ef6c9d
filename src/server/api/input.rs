//! What a request holds, before it is accepted: a text, several, a number of labels.

use super::error::ApiError;
use crate::text::Text;
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, Type},
};

/// The most texts in one request; more go to `/api/v1/batch`.
pub const MAX_TEXTS: usize = 1000;

/// A text that has not been checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Input(pub String);

impl PartialSchema for Input {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(format!("A text that is not blank, of at most {} KB.", Text::MAX_BYTES / 1000)))
            .pattern(Some(r"\S"))
            .max_length(Some(Text::MAX_BYTES))
            .examples(["What a lovely day!"])
            .into()
    }
}

impl ToSchema for Input {}

/// Several texts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Inputs(pub Vec<Input>);

impl Inputs {
    /// The texts, where they are not too many and there is one at all; `field` has them.
    ///
    /// # Errors
    ///
    /// [`ApiError::Invalid`].
    pub fn checked(self, field: &str) -> Result<Vec<Input>, ApiError> {
        let hint = match self.0.len() {
            0 => "Send at least one.",
            1..=MAX_TEXTS => return Ok(self.0),
            _ => "Send more of them to /api/v1/batch.",
        };
        Err(ApiError::Invalid(format!("\"{field}\" must hold 1 to {MAX_TEXTS} texts. {hint}")))
    }
}

impl PartialSchema for Inputs {
    fn schema() -> RefOr<Schema> {
        let items = Ref::from_schema_name(Input::name());
        ArrayBuilder::new().items(items).min_items(Some(1)).max_items(Some(MAX_TEXTS)).into()
    }
}

impl ToSchema for Inputs {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Input::name().into_owned(), Input::schema()));
    }
}

/// How many labels, the best first; all where there are fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "f64")]
pub struct TopK(usize);

impl TopK {
    /// The number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

impl TryFrom<f64> for TopK {
    type Error = String;

    /// JSON has one kind of number, so 2.0 is 2.
    fn try_from(number: f64) -> Result<Self, Self::Error> {
        let most = u32::MAX;
        let is_count = number.fract() == 0.0 && (1.0..=f64::from(most)).contains(&number);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
        is_count
            .then_some(Self(number as usize))
            .ok_or_else(|| format!("\"top_k\" must be a whole number from 1 to {most}"))
    }
}

impl PartialSchema for TopK {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some("How many labels, the best first; all where there are fewer."))
            .minimum(Some(1))
            .maximum(Some(u32::MAX))
            .into()
    }
}

impl ToSchema for TopK {}
