//! Words: how much of a cell is text, and which cells are a number, a date or an address.

/// Bytes of the words in several cells; numbers, dates and addresses are none. A cell that comes again counts
/// once, as the question of a survey does that stands beside each answer.
pub fn words<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> usize {
    let mut seen: Vec<T> = Vec::new();
    let mut sum = 0;
    for cell in cells {
        if !seen.iter().any(|other| other.as_ref() == cell.as_ref()) {
            sum += words_of(cell.as_ref());
            seen.push(cell);
        }
    }
    sum
}

fn words_of(cell: &str) -> usize {
    cell.split_whitespace().filter(|word| !is_value(word)).map(str::len).sum()
}

/// Whether a cell is a number, a date, or an address of mail or of the web: it has more digits than letters, or
/// the signs of such an address and no space.
#[must_use]
pub fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let count = |is_counted: fn(&u8) -> bool| cell.bytes().filter(is_counted).count();
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let is_address = (cell.contains('@') || cell.contains("://")) && !cell.contains(' ');
    is_address || count(u8::is_ascii_digit) > count(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_addresses_are_told_from_words() {
        for value in [
            "5",
            " -1,5 ",
            "100 %",
            "2024-01-02T10:00:00Z",
            "5/1/2024 10:00:00 AM",
            "01.05.2024",
            "Mon Apr 06 22:19:45 PDT 2009",
            "a0@shop.example",
            "https://shop.example/so-good",
        ] {
            assert!(is_value(value), "{value}");
        }
        for text in ["", "-", "Q1", "Gut", "5 stars", "How likely is it? (0-10)", "@shop so good", "好 5"] {
            assert!(!is_value(text), "{text}");
        }
        assert_eq!(words(["Not good, 2 of 10: see https://shop.example"]), "Notgood,ofsee".len());
        assert_eq!(words(["2024-01-02 10:00"]), 0);
        assert_eq!(words(["so good", "so", "so good"]), "sogoodso".len());
    }
}
