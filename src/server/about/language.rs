//! Languages: what people call the one that a card names.

use serde_norway::Value;

/// The Hub's codes of the languages that most of its models are for.
const NAMES: [(&str, &str); 40] = [
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// The name of a card's language, by its code or as it is; none where the card names several, or what is not
/// known here, as "multilingual" is.
pub fn name(named: &Value) -> Option<&'static str> {
    let only = match named.as_sequence().map(Vec::as_slice) {
        None => named,
        Some([only]) => only,
        Some(_) => return None,
    };
    let only = only.as_str()?;
    let is_meant =
        |(code, name): &&(&str, &str)| code.eq_ignore_ascii_case(only) || name.eq_ignore_ascii_case(only);
    NAMES.iter().find(is_meant).map(|(_, name)| *name)
}
