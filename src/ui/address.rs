//! The address of what is shown: a link that restores text, tab and options.
//!
//! The text is in the link itself, compressed when it is long; nothing is kept on the server,
//! which reads both forms.

use super::opening::View;
use form_urlencoded::Serializer;

/// Where Hugging Face shows a Space in a frame, and follows its address.
pub const SPACES: &str = "https://huggingface.co";

/// The longest query with a text as it is; many messengers cut longer links.
const MAX_PLAIN: usize = 2000;

/// The longest query at all; longer ones are refused by servers on the way.
const MAX_PACKED: usize = 7000;

/// The longest query that the page itself leads to; of an address beyond 65,534 bytes a server of
/// this kind makes nothing.
const MAX_FOLLOWED: usize = 60_000;

/// Bytes of a link that the largest QR code holds at the lowest level of correction (ISO/IEC 18004,
/// table 7).
pub const MAX_IN_CODE: usize = 2953;

/// What a link restores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The text, if there is one.
    pub text: Option<String>,
    /// The model that was asked, where it is not the default.
    pub model: Option<String>,
    /// What of the page is shown.
    pub view: View,
}

impl Address {
    /// The query with the text as it is, unless that is too long; empty where there is nothing to
    /// say.
    #[must_use]
    pub fn plain(&self) -> Option<String> {
        self.within(MAX_PLAIN)
    }

    /// The query of a link in the page, with the text as it is; `None` where no address has room
    /// for it.
    #[must_use]
    pub fn unpacked(&self) -> Option<String> {
        self.within(MAX_FOLLOWED)
    }

    /// The query with the text as `packed`, unless that is too long too.
    #[must_use]
    pub fn packed(&self, packed: &str) -> Option<String> {
        let query = self.query(Some(("z", packed)));
        (query.len() <= MAX_PACKED).then_some(query)
    }

    /// The query that a link in the page leads to, which nobody sends on: with the text as `shown`,
    /// the address in use, has it packed, else as it is.
    ///
    /// A text too long for that is left out. Where no script runs, it came packed.
    #[must_use]
    pub fn followed(&self, shown: Option<&str>) -> String {
        let packed = || shown?.split(['?', '&']).find_map(|pair| pair.strip_prefix("z="));
        self.plain()
            .or_else(|| packed().map(|packed| self.query(Some(("z", packed)))))
            .or_else(|| self.unpacked())
            .unwrap_or_else(|| self.query(None))
    }

    /// The query with the text as it is, unless it is longer than `most`.
    fn within(&self, most: usize) -> Option<String> {
        let text = self.text.as_deref();
        // What is too long before it is encoded need not be.
        if text.is_some_and(|text| text.len() > most) {
            return None;
        }
        Some(self.query(text.map(|text| ("text", text)))).filter(|query| query.len() <= most)
    }

    fn query(&self, text: Option<(&str, &str)>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(text);
        finish(query, self.model.as_deref(), self.view)
    }
}

/// The path and query of the page, with the `pair` that holds the text as it was sent, or nothing.
#[must_use]
pub fn path(pair: &str, model: Option<&str>, view: View) -> String {
    format!("/{}", finish(Serializer::new(pair.to_owned()), model, view))
}

/// Adds what is asked for beside the text, for one page always in the same order.
fn finish(mut query: Serializer<'_, String>, model: Option<&str>, view: View) -> String {
    query.extend_pairs(model.map(|model| ("model", model))).extend_pairs(view.pairs());
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address { text: Some(text.into()), model: None, view: View::of([("show", "words")]) }
    }

    #[test]
    fn says_only_what_there_is_to_say() {
        assert_eq!(Address::default().plain().as_deref(), Some(""));
        let other = Address { model: Some("a/b@c".into()), ..Address::default() };
        assert_eq!(other.plain().as_deref(), Some("?model=a%2Fb%40c"));
        assert_eq!(address("so & so").plain().as_deref(), Some("?text=so+%26+so&show=words"));
    }

    #[test]
    fn a_long_text_is_packed_and_a_very_long_one_has_no_link() {
        assert_eq!(address(&"é".repeat(400)).plain(), None);
        assert_eq!(address("").packed("abc").as_deref(), Some("?z=abc&show=words"));
        assert_eq!(address("").packed(&"a".repeat(MAX_PACKED)), None);
    }

    #[test]
    fn the_page_leads_to_long_texts_too() {
        let long = address(&"a".repeat(MAX_PLAIN));
        assert_eq!(long.followed(Some("/?z=abc&deep=1")), "?z=abc&show=words");
        assert_eq!(
            long.followed(Some("/?text=other")),
            format!("?text={}&show=words", "a".repeat(MAX_PLAIN))
        );
        assert_eq!(address("so").followed(Some("/?z=abc")), "?text=so&show=words");
        let longest = address(&"a".repeat(MAX_FOLLOWED));
        assert_eq!((longest.followed(None), longest.unpacked()), ("?show=words".into(), None));
        assert_eq!(long.unpacked(), Some(long.followed(None)));
    }
}
