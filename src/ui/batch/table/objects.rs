//! Lines of JSON as a table, which keeps what was written.

use super::Table;
use crate::cells::no_text;
use serde_json::{Map, Value};

/// JSON Lines as a table: a column for each key, those of earlier lines first; where no object has
/// one, there are no rows either. A line that is neither an object nor a string stands in the column of texts,
/// unread.
#[must_use]
pub fn objects(content: &str) -> Table {
    let mut table = Table::default();
    let (mut objects, mut written) = (Vec::<Map<String, Value>>::new(), Vec::new());
    let lines: Vec<&str> = content.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in &lines {
        let object = match serde_json::from_str(line) {
            Ok(Value::Object(object)) => {
                written.push(members(line));
                object
            }
            Ok(text @ Value::String(_)) => {
                written.push(format!("\"text\":{text}"));
                Map::from_iter([("text".to_owned(), text)])
            }
            _ => {
                written.push(format!("\"text\":{}", Value::from(*line)));
                table.unread.push((objects.len(), "it is no JSON object or string"));
                Map::new()
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
    for (row, mut object) in objects.into_iter().enumerate() {
        let mut cells = Vec::new();
        for (column, name) in table.columns.iter().enumerate() {
            let value = object.remove(name).unwrap_or_default();
            cells.push(match value {
                Value::String(text) => text,
                Value::Null => String::new(),
                other => {
                    let json = other.to_string();
                    table.no_texts.extend(no_text(&json).map(|why| ((row, column), why)));
                    json
                }
            });
        }
        table.rows.push(cells);
    }
    let column = table.text_column();
    for &(row, _) in &table.unread {
        table.rows[row][column] = lines[row].to_owned();
    }
    table
}

/// What stands between the braces of an object's JSON.
fn members(object: &str) -> String {
    let object = object.trim();
    object[1..object.len() - 1].trim().to_owned()
}
