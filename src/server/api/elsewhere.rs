//! Members that another address serves, or that another place of a request has. They are refused, lest an
//! answer pass for one that heeds them; `null`, which clients send for what they leave out, is not, nor is
//! `false` where it asks for what is done anyway.

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny},
};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, schema::SchemaType},
};

/// A member of Text Embeddings Inference's requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfPredict;

impl<'de> Deserialize<'de> for OfPredict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<Value>::deserialize(deserializer)? {
            // Both ask for what is done anyway.
            None | Some(Value::Bool(false)) => Ok(Self),
            Some(_) => Err(D::Error::custom("only /predict takes it")),
        }
    }
}

impl PartialSchema for OfPredict {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Boolean, Type::Null]))
            .enum_values(Some([Value::Bool(false), Value::Null]))
            .into()
    }
}

impl ToSchema for OfPredict {}

/// The `parameters` of Hugging Face's requests, which are empty for whoever names none.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfHuggingFace;

impl<'de> Deserialize<'de> for OfHuggingFace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<Map<String, Value>>::deserialize(deserializer)? {
            Some(parameters) if !parameters.is_empty() => Err(D::Error::custom("only POST / takes them")),
            _ => Ok(Self),
        }
    }
}

impl PartialSchema for OfHuggingFace {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
            .max_properties(Some(0))
            .into()
    }
}

impl ToSchema for OfHuggingFace {}

/// A member of these `parameters` that stands beside them.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfParameters;

impl<'de> Deserialize<'de> for OfParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<IgnoredAny>::deserialize(deserializer)? {
            None => Ok(Self),
            Some(_) => Err(D::Error::custom("only the \"parameters\" of POST / take it")),
        }
    }
}

impl PartialSchema for OfParameters {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}

impl ToSchema for OfParameters {}
