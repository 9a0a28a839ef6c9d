//! A tint: how strongly a part of a text is coloured, and for which side.
//!
//! Tints are steps with names, since the page's security policy allows no styles in its markup.

use crate::sentiment::Tone;

/// The tint of `value` in -1..=1 towards `tone`, and away from it where negative; a name of the
/// style sheet.
#[must_use]
pub fn tint(value: f32, tone: Tone) -> &'static str {
    const BLUE: [&str; 5] = ["none", "blue-1", "blue-2", "blue-3", "blue-4"];
    const ORANGE: [&str; 5] = ["none", "orange-1", "orange-2", "orange-3", "orange-4"];
    let step = match value.abs() {
        v if v < 0.1 => 0,
        v if v < 0.35 => 1,
        v if v < 0.6 => 2,
        v if v < 0.85 => 3,
        _ => 4,
    };
    // Blue is what speaks for a label, unless that label is a negative one.
    if (value > 0.0) == (tone == Tone::Negative) { ORANGE[step] } else { BLUE[step] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_against_a_negative_label_is_blue() {
        assert_eq!(tint(0.5, Tone::Negative), "orange-2");
        assert_eq!(tint(-0.5, Tone::Negative), "blue-2");
        assert_eq!(tint(-0.5, Tone::Positive), "orange-2");
        assert_eq!(tint(0.9, Tone::Plain), "blue-4");
    }

    #[test]
    fn next_to_nothing_has_no_tint() {
        assert_eq!(tint(0.05, Tone::Positive), "none");
        assert_eq!(tint(-0.05, Tone::Negative), "none");
    }
}
