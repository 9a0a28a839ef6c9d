//! Headers: the names of a table's columns, of which no two are the same.
//!
//! Which of them holds the texts is not said here.

use std::collections::{HashMap, HashSet};

/// The names with a number after each that has been there: `text`, `text_2`, `text_3`.
#[must_use]
pub fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let given: Vec<String> = names.into_iter().collect();
    // A number must not make it the name of a later column.
    let mut taken: HashSet<String> = given.iter().cloned().collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut names = Vec::with_capacity(given.len());
    for name in &given {
        let number = numbers.entry(name).or_default();
        *number += 1;
        let mut free = name.clone();
        while *number > 1 {
            free = format!("{name}_{number}");
            if taken.insert(free.clone()) {
                break;
            }
            *number += 1;
        }
        names.push(free);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_columns_have_one_name_and_the_first_keeps_its_own() {
        let names = |names: &[&str]| distinct(names.iter().map(ToString::to_string));
        assert_eq!(names(&["id", "text", "text", "text"]), ["id", "text", "text_2", "text_3"]);
        assert_eq!(names(&["text", "text", "text_2", ""]), ["text", "text_3", "text_2", ""]);
    }
}
