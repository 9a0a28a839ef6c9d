//! Lines between tabs, in pieces of any size.

use super::*;

/// What stands at the front of each of these lines, which come in pieces of so many bytes.
fn fronts(content: &str, size: usize, most: usize) -> Vec<(Front, String)> {
    let (mut tabs, mut found) = (Tabs::default(), Vec::new());
    let mut rest = content.as_bytes();
    loop {
        let is_end = rest.is_empty();
        if is_end {
            tabs.end();
        }
        let taken = tabs.take(&rest[..rest.len().min(size)]);
        rest = &rest[taken..];
        while let Some((front, bytes)) = tabs.front(2, most, is_end) {
            found.push((front, String::from_utf8_lossy(&tabs.rest()[..bytes]).into_owned()));
            tabs.pass(bytes);
        }
        if is_end {
            return found;
        }
    }
}

#[test]
fn lines_are_the_same_in_pieces_of_any_size() {
    let lines = [
        (Front::Bare, "1\t\"late\"\n"),
        (Front::Bare, "2\t\"I love\n"),
        (Front::Bare, "3\tgood\n"),
        (Front::Quoted, "4\t\"so \"\"good\"\"\n\nreally\"\n"),
        (Front::Quoted, "5\t\"a\tb\"\n"),
        (Front::Cut, "6\t\"so\n"),
        (Front::Bare, "good\n"),
        (Front::Bare, "7\t\"a\" b\tc\n"),
        (Front::Bare, "\n"),
        (Front::Bare, "8\t\"good\n"),
    ];
    let content: String = lines.iter().map(|(_, line)| *line).collect();
    for size in [1, 2, 5, content.len()] {
        let found = fronts(&content, size, 100);
        assert_eq!(found, lines.map(|(front, line)| (front, line.to_owned())), "{size}");
    }
}

#[test]
fn no_more_than_a_record_may_have_is_looked_at() {
    let content = format!("\"{}\n\"\tb\n", "a\n".repeat(20));
    assert_eq!(fronts(&content, 8, 10)[0], (Front::Bare, "\"a\n".to_owned()));
    let parts: String = fronts(&"a".repeat(20), 8, 10).into_iter().map(|(_, part)| part).collect();
    assert_eq!(parts.trim_end(), "a".repeat(20));
}
