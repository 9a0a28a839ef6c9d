//! Lines of JSON as a table, which keeps what was written.

use super::Table;
use serde_json::{Map, Value};

/// JSON Lines as a table: a column for each key, those of earlier lines first; where no object has
/// one, there are no rows either.
#[must_use]
pub fn objects(content: &str) -> Table {
    let mut table = Table::default();
    let (mut objects, mut written) = (Vec::<Map<String, Value>>::new(), Vec::new());
    for line in content.lines().filter(|line| !line.trim().is_empty()) {
        let object = match serde_json::from_str(line) {
            Ok(Value::Object(object)) => {
                written.push(members(line));
                object
            }
            other => {
                let value = other.unwrap_or_else(|_| Value::String(line.to_owned()));
                written.push(format!("\"text\":{value}"));
                Map::from_iter([("text".to_owned(), value)])
            }
        };
        for key in object.keys().filter(|key| !table.columns.contains(key)).cloned().collect::<Vec<_>>() {
            table.columns.push(key);
        }
        objects.push(object);
    }
    if table.columns.is_empty() {
        return table;
    }
    table.members = written;
    table.rows = objects
        .into_iter()
        .map(|mut object| {
            let cell = |column: &String| match object.remove(column) {
                Some(Value::String(text)) => text,
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            };
            table.columns.iter().map(cell).collect()
        })
        .collect();
    table
}

/// What stands between the braces of an object's JSON.
fn members(object: &str) -> String {
    let object = object.trim();
    object[1..object.len() - 1].trim().to_owned()
}
