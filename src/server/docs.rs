//! The documentation of the endpoints for programs: `GET /docs`, a page made of `/openapi.json`.
//!
//! It needs no script. What the endpoints take and return is the description's to say, not this file's.

use super::{document, openapi, page, security::content_security_policy, state::AppState};
use axum::{extract::State, response::Response};
use serde_json::Value;
use std::sync::LazyLock;

/// How many schemas inside each other are shown.
const DEPTH: usize = 4;

static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::read);

/// The page.
pub async fn docs(State(state): State<AppState>) -> Response {
    page::html("no-cache", content_security_policy(None, None), || {
        document::reference(&state.assets, &REFERENCE)
    })
}

/// The description, read for people.
pub struct Reference(Value);

/// A way to ask one address.
pub struct Operation {
    /// Method and path.
    pub name: String,
    /// What it does, in a line.
    pub summary: String,
    /// What else there is to say.
    pub description: String,
    /// What the address takes: name, kind, meaning.
    pub parameters: Vec<Field>,
    /// What the body has: its content types and fields.
    pub request: Option<Body>,
    /// What comes back where all is well.
    pub answers: Vec<Answer>,
    /// What comes back otherwise, of one shape at every address.
    pub refusals: Vec<Answer>,
}

/// What may come back.
pub struct Answer {
    /// Its HTTP status.
    pub status: String,
    /// When it comes.
    pub meaning: String,
    /// What it has.
    pub body: Option<Body>,
}

/// A body, sent or received.
pub struct Body {
    /// Its content types.
    pub types: String,
    /// An example of it.
    pub example: Option<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A named value.
pub struct Field {
    /// Its name, behind those of the fields that it is in.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What it means.
    pub meaning: String,
}

impl Reference {
    fn read() -> Self {
        Self(serde_json::to_value(openapi::document()).unwrap_or_default())
    }

    /// The groups of operations: name, what they are for, and the operations.
    #[must_use]
    pub fn groups(&self) -> Vec<(String, String, Vec<Operation>)> {
        let of = |tag: &Value| {
            let name = text(&tag["name"]);
            let operations = self.operations(&name);
            (name, text(&tag["description"]), operations)
        };
        self.0["tags"].as_array().into_iter().flatten().map(of).collect()
    }

    fn operations(&self, tag: &str) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in self.0["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|one| one == tag)) {
                    operations.push(self.operation(format!("{} {path}", method.to_uppercase()), operation));
                }
            }
        }
        operations
    }

    fn operation(&self, name: String, operation: &Value) -> Operation {
        let parameter = |parameter: &Value| Field {
            name: text(&parameter["name"]),
            kind: self.kind(&parameter["schema"]),
            meaning: text(&parameter["description"]),
        };
        let answer = |(status, response): (&String, &Value)| Answer {
            status: status.clone(),
            meaning: text(&response["description"]),
            body: self.body(response),
        };
        let answers = operation["responses"].as_object().into_iter().flatten().map(answer);
        let (answers, refusals) = answers.partition(|answer| answer.status.starts_with('2'));
        Operation {
            name,
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            request: self.body(&operation["requestBody"]),
            answers,
            refusals,
        }
    }

    fn body(&self, body: &Value) -> Option<Body> {
        let contents = body["content"].as_object()?;
        let (_, first) = contents.iter().next()?;
        let mut fields = Vec::new();
        self.collect(&first["schema"], "", DEPTH, &mut fields);
        let example = (!first["example"].is_null()).then(|| match &first["example"] {
            Value::String(example) => example.clone(),
            example => serde_json::to_string_pretty(example).unwrap_or_default(),
        });
        Some(Body { types: contents.keys().cloned().collect::<Vec<_>>().join(", "), example, fields })
    }

    /// Adds the fields of a schema and of those inside it; a field that two forms have counts once.
    fn collect(&self, schema: &Value, outer: &str, depth: usize, fields: &mut Vec<Field>) {
        let schema = self.resolve(schema);
        for form in ["oneOf", "anyOf", "allOf"] {
            for inner in schema[form].as_array().into_iter().flatten() {
                self.collect(inner, outer, depth, fields);
            }
        }
        if !schema["items"].is_null() {
            self.collect(&schema["items"], &format!("{outer}[]"), depth, fields);
        }
        for (name, inner) in properties(schema) {
            let dot = if outer.is_empty() { "" } else { "." };
            let name = format!("{outer}{dot}{name}");
            if depth == 0 || fields.iter().any(|field| field.name == name) {
                continue;
            }
            fields.push(Field { name: name.clone(), kind: self.kind(inner), meaning: self.meaning(inner) });
            self.collect(inner, &name, depth - 1, fields);
        }
    }

    /// A schema's own description, else that of what it refers to; where that may be absent, its
    /// description is inside the first form.
    fn meaning(&self, schema: &Value) -> String {
        let forms = schema["oneOf"].as_array().into_iter().flatten();
        let schemas = [schema, self.resolve(schema)].into_iter().chain(forms);
        schemas.map(|schema| text(&schema["description"])).find(|said| !said.is_empty()).unwrap_or_default()
    }

    fn kind(&self, schema: &Value) -> String {
        let schema = self.resolve(schema);
        if let Some(values) = schema["enum"].as_array() {
            return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
        }
        for form in ["oneOf", "anyOf"] {
            if let Some(forms) = schema[form].as_array() {
                let mut kinds: Vec<_> = forms.iter().map(|form| self.kind(form)).collect();
                kinds.dedup();
                return kinds.join(" or ");
            }
        }
        match &schema["type"] {
            Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
            kind if kind == "array" => format!("array of {}", self.kind(&schema["items"])),
            kind => text(kind),
        }
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let pointer = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
        pointer.and_then(|pointer| self.0.pointer(pointer)).unwrap_or(schema)
    }
}

/// A schema's fields: those that must be there in their own order, then the others by name.
fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    let mut properties: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    let place = |name: &String| required.iter().position(|one| one == name).unwrap_or(required.len());
    properties.sort_by_key(|(name, _)| place(name));
    properties
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_in_a_group_and_says_what_it_does() {
        let reference = Reference::read();
        let operations: Vec<_> =
            reference.groups().into_iter().flat_map(|(.., operations)| operations).collect();
        let paths = reference.0["paths"].as_object().expect("paths");
        let described: usize = paths.values().map(|item| item.as_object().map_or(0, |item| item.len())).sum();
        assert_eq!(operations.len(), described);
        for Operation { name, summary, parameters, request, answers, .. } in operations {
            assert!(!summary.is_empty() && !answers.is_empty(), "{name}");
            let bodies = request.iter().chain(answers.iter().filter_map(|answer| answer.body.as_ref()));
            // Those that may be absent and refer to another schema had none.
            for field in parameters.iter().chain(bodies.flat_map(|body| &body.fields)) {
                assert!(!field.meaning.is_empty(), "{} of {name} has no meaning", field.name);
            }
        }
    }

    #[test]
    fn fields_are_named_by_their_way() {
        let reference = Reference::read();
        let groups = reference.groups();
        let analyze =
            groups[0].2.iter().find(|one| one.name == "POST /api/v1/analyze").expect("it is described");
        let names: Vec<_> =
            analyze.answers[0].body.iter().flat_map(|body| &body.fields).map(|field| &field.name).collect();
        for name in ["scores", "scores[].label", "results[].sentences[].scores[].score"] {
            assert!(names.iter().any(|one| *one == name), "{name} of {names:?}");
        }
    }
}
