//! Words: a text in one line, cut after a word where a title or a quote has no room for more.

use unicode_segmentation::UnicodeSegmentation;

/// A text in one line of at most `most` characters, as a reader counts them, cut after a word.
///
/// Nothing is left in it that would reorder or hide what stands beside it.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    let visible: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_format(*c)).collect();
    let mut line = String::new();
    let mut taken = 0;
    for word in visible.split_whitespace() {
        let length = word.graphemes(true).take(most + 1).count();
        if taken + length > most {
            if line.is_empty() {
                line.extend(word.graphemes(true).take(most));
            }
            return line.trim_end_matches([',', ';', ':', '.', ' ']).to_owned() + "…";
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        taken += length + 1;
    }
    line
}

/// Whether `c` steers the direction of text (Unicode, UAX #9) or is an invisible separator.
///
/// Joiners stay: words of some languages, and many emoji, are written with them.
const fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_at_a_word() {
        assert_eq!(shorten("  one\ntwo \t three ", 13), "one two three");
        assert_eq!(shorten("one two, three", 12), "one two…");
        assert_eq!(shorten("abcdefgh", 4), "abcd…");
        assert_eq!(shorten("", 4), "");
    }

    #[test]
    fn leaves_no_direction_marks() {
        assert_eq!(shorten("a\u{202e}b\u{2066}c\u{0}d", 20), "abc d");
        assert_eq!(shorten("می\u{200c}خواهم 👩\u{200d}🔬", 20), "می\u{200c}خواهم 👩\u{200d}🔬");
    }
}
