//! A shared link: the text that an address holds.
//!
//! `?text=…` holds it plainly, `?z=…` compressed: base64url without padding of a raw DEFLATE stream
//! of its UTF-8, which browsers make with `CompressionStream("deflate-raw")`. Nothing is stored
//! here, so a link lasts as long as the server.

use super::analysis;
use crate::{engine::reading::Wanted, error::AnalyzeError, models::Models, text::Text, wire::Analyzed};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Decompress, FlushDecompress, Status};

/// The text of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The text, or why it cannot be had.
    pub text: Result<String, AnalyzeError>,
    /// The part of the query that asks for its answer, as it was sent: `text=…` or `z=…`, and
    /// `&model=…` where it names one.
    pub query: String,
    /// The model that is to answer, where it is not the default.
    pub model: Option<String>,
}

impl Link {
    /// The first text in a query, if it has one.
    #[must_use]
    pub fn read(query: &str) -> Option<Self> {
        query.split('&').find_map(|pair| {
            let text = match pair.split_once('=').unwrap_or((pair, "")) {
                ("text", value) => Ok(plain(value)),
                ("z", value) => inflate(value),
                _ => return None,
            };
            let (model, query) = match model(query) {
                Some(model) => (Some(model.1), format!("{pair}&{}", model.0)),
                None => (None, pair.into()),
            };
            Some(Self { text, query, model })
        })
    }

    /// The model that a query names, whether or not it has a text.
    #[must_use]
    pub fn model(query: &str) -> Option<String> {
        model(query).map(|(_, name)| name)
    }

    /// The pair of the query that holds the text, as it was sent.
    #[must_use]
    pub fn pair(&self) -> &str {
        self.query.split('&').next().unwrap_or_default()
    }

    /// What the engine says of the text, and of what else is wanted of it.
    pub async fn answer(&self, models: &Models, wanted: Wanted) -> Analyzed {
        let engine = models.get(self.model.as_deref())?;
        analysis::analyze(&engine, Text::new(self.text.clone()?)?, wanted).await
    }
}

/// The first name of a model in a query, behind the pair that holds it as it was sent.
fn model(query: &str) -> Option<(&str, String)> {
    let named = |pair| form_urlencoded::parse(str::as_bytes(pair)).next().filter(|(key, _)| key == "model");
    query
        .split('&')
        .find_map(|pair| Some((pair, named(pair)?.1.into_owned())))
        .filter(|(_, name)| !name.is_empty())
}

/// A form sends line breaks as CR LF, where its text box holds LF.
fn plain(value: &str) -> String {
    let text: String = form_urlencoded::parse(format!("={value}").as_bytes()).map(|(_, text)| text).collect();
    text.replace("\r\n", "\n")
}

/// Unpacks a compressed text; no more than [`Text::MAX_BYTES`] of it are ever written.
fn inflate(value: &str) -> Result<String, AnalyzeError> {
    let packed = BASE64_URL_SAFE_NO_PAD.decode(value).map_err(|_| AnalyzeError::DamagedLink)?;
    let mut text = Vec::with_capacity(Text::MAX_BYTES + 1);
    let status = Decompress::new(false)
        .decompress_vec(&packed, &mut text, FlushDecompress::Finish)
        .map_err(|_| AnalyzeError::DamagedLink)?;
    if text.len() > Text::MAX_BYTES {
        return Err(AnalyzeError::OversizedLink { limit: Text::MAX_BYTES as u32 });
    }
    match status {
        Status::StreamEnd => String::from_utf8(text).map_err(|_| AnalyzeError::DamagedLink),
        Status::Ok | Status::BufError => Err(AnalyzeError::DamagedLink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn deflate(bytes: &[u8]) -> String {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("a vector takes every write");
        BASE64_URL_SAFE_NO_PAD.encode(encoder.finish().expect("a vector takes every write"))
    }

    fn text(query: &str) -> Option<Result<String, AnalyzeError>> {
        Link::read(query).map(|link| link.text)
    }

    #[test]
    fn reads_what_a_browser_writes() {
        // What `new CompressionStream("deflate-raw")` of Node.js and Chromium gives for "I love this".
        assert_eq!(text("z=81TIyS9LVSjJyCwGAA"), Some(Ok("I love this".into())));
    }

    #[test]
    fn the_first_text_counts() {
        assert_eq!(text("tab=many&text=one&text=two&z=0"), Some(Ok("one".into())));
        assert_eq!(Link::read("a=1&text=a+b%21&b").map(|link| link.query), Some("text=a+b%21".into()));
        assert_eq!(text("text"), Some(Ok(String::new())));
        assert_eq!(text("other=text&&="), None);
        assert_eq!(text(""), None);
    }

    #[test]
    fn a_link_may_name_a_model() {
        let link = Link::read("model=a%2Fb%40c&tab=many&text=so").expect("it has a text");
        assert_eq!((link.model.as_deref(), link.query.as_str()), (Some("a/b@c"), "text=so&model=a%2Fb%40c"));
        assert_eq!(Link::model("model=&x=1"), None);
        assert_eq!(Link::model("tab=many&model=m&model=n").as_deref(), Some("m"));
    }

    #[test]
    fn a_link_that_lost_its_end_is_damaged() {
        let whole = deflate("A text that is long enough to be worth packing, is it not?".as_bytes());
        for end in 0..whole.len() {
            assert_eq!(text(&format!("z={}", &whole[..end])), Some(Err(AnalyzeError::DamagedLink)), "{end}");
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let limit = Text::MAX_BYTES;
        assert_eq!(text(&format!("z={}", deflate(&vec![b'a'; limit]))), Some(Ok("a".repeat(limit))));
        let refused = Some(Err(AnalyzeError::OversizedLink { limit: limit as u32 }));
        assert_eq!(text(&format!("z={}", deflate(&vec![b'a'; limit + 1]))), refused);
        assert_eq!(text(&format!("z={}", deflate(&vec![0; 100_000_000]))), refused);
    }

    #[test]
    fn bytes_that_are_no_text_are_damage() {
        assert_eq!(text(&format!("z={}", deflate(b"\xff\xfe"))), Some(Err(AnalyzeError::DamagedLink)));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(original in any::<String>()) {
            prop_assert_eq!(text(&format!("z={}", deflate(original.as_bytes()))), Some(Ok(original.clone())));
            let plain: String = form_urlencoded::byte_serialize(original.as_bytes()).collect();
            prop_assert_eq!(text(&format!("text={plain}")), Some(Ok(original.replace("\r\n", "\n"))));
        }

        #[test]
        fn nothing_panics(query in any::<String>(), packed in any::<Vec<u8>>()) {
            let _ = Link::read(&query);
            let _ = Link::read(&format!("z={query}"));
            let _ = Link::read(&format!("z={}", BASE64_URL_SAFE_NO_PAD.encode(packed)));
        }
    }
}
