//! Substance: whether a sentence is long enough for its own verdict to be held against its text's.

use super::Sentence;

/// Words that a sentence of substance has at least.
const WORDS: usize = 3;

impl Sentence {
    /// Whether this sentence of `text` has three words or more, and is no greeting or heading, which end in a
    /// comma or a colon. A model has a verdict on "Best," and "Tom" too, which are of no mind.
    #[must_use]
    pub fn has_substance(&self, text: &str) -> bool {
        let [from, to] = self.bytes.map(|byte| byte as usize);
        text.get(from..to).is_some_and(says_enough)
    }
}

fn says_enough(sentence: &str) -> bool {
    let is_word = |word: &&str| word.chars().any(is_letter);
    let words = sentence.split_whitespace().filter(is_word).count();
    let letters = sentence.chars().filter(|letter| needs_no_spaces(*letter)).count();
    words.max(letters) >= WORDS && !sentence.ends_with([',', ':'])
}

/// Whether this is a letter or a digit, or a picture; quotes, dashes, bullets and arrows are not. Unicode's
/// own tables would weigh more than all of this in the page's program.
const fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '\u{c0}'..='\u{1fff}' | '\u{2600}'..='\u{2755}' | '\u{2764}'..='\u{2775}')
        || matches!(letter, '\u{2c00}'..='\u{2dff}' | '\u{2e80}'..='\u{2fff}' | '\u{3041}'..='\u{feff}' | '\u{ff10}'..)
}

/// Whether this is a letter of Thai, Lao, Burmese, Khmer, Japanese or Chinese, where each counts as a word.
const fn needs_no_spaces(letter: char) -> bool {
    matches!(letter, '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3041}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::says_enough;

    #[test]
    fn three_words_say_enough_and_a_greeting_does_not() {
        for enough in ["It broke today.", "- it is too loud", "Nobody answers me!", "質が悪い。", "แย่มาก"]
        {
            assert!(says_enough(enough), "{enough}");
        }
        for short in
            ["Ever.", "Not worth", "- - none", "Tom", "Dear Ms Miller,", "What I liked:", "悪い。", ""]
        {
            assert!(!says_enough(short), "{short}");
        }
    }

    // Each bullet and dash was a word.
    #[test]
    fn signs_that_stand_alone_are_no_words() {
        for short in [
            "Not – worth",
            "• too loud",
            "■ too loud",
            "➤ too loud",
            "❝ so good",
            "« Très bien »",
            "So … “ so ”",
        ] {
            assert!(!says_enough(short), "{short}");
        }
        for enough in ["Ça coûte cher", "Это очень плохо", "– it broke – today"] {
            assert!(says_enough(enough), "{enough}");
        }
    }
}
