//! The fonts that come with the program: which characters they draw, and how wide.
//!
//! Ubuntu Light (Ubuntu Font Licence 1.0) has Latin, Greek and Cyrillic, Noto Emoji (SIL Open Font
//! License 1.1) the older emoji. Nothing of the system is used, so a card looks the same everywhere.

use epaint_default_fonts::{NOTO_EMOJI_REGULAR, UBUNTU_LIGHT};
use resvg::usvg::{
    FontResolver, Options,
    fontdb::{Database, ID, Source},
};
use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};
use std::sync::{Arc, LazyLock};

/// Name of the font for words; the other one is taken where this one lacks a character.
pub const FAMILY: &str = "Ubuntu";

static FACES: LazyLock<[Face; 2]> = LazyLock::new(|| [UBUNTU_LIGHT, NOTO_EMOJI_REGULAR].map(Face::new));

static DATABASE: LazyLock<(Arc<Database>, Vec<ID>)> = LazyLock::new(|| {
    let mut database = Database::new();
    let ids = [UBUNTU_LIGHT, NOTO_EMOJI_REGULAR]
        .into_iter()
        .flat_map(|data| database.load_font_source(Source::Binary(Arc::new(data))))
        .collect();
    (Arc::new(database), ids)
});

struct Face {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
}

impl Face {
    fn new(data: &'static [u8]) -> Self {
        let font = FontRef::new(data).expect("the bundled fonts are whole");
        // At size 1 every length is in ems.
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        Self { characters: font.charmap(), metrics }
    }

    /// From the start of `c` to that of the next character, where this font has `c`.
    fn advance(&self, c: char) -> Option<f32> {
        self.metrics.advance_width(self.characters.map(c)?)
    }

    /// Whether there is something to see of `c`.
    fn has_outline(&self, c: char) -> bool {
        let outline = self.characters.map(c).and_then(|glyph| self.metrics.bounds(glyph));
        outline.is_some_and(|outline| outline.x_max > outline.x_min)
    }
}

/// Width of `c` in ems; `None` for a character that would be drawn as a box, or not at all.
///
/// What is for private use is left out too: in these fonts it is trademarks.
pub fn width(c: char) -> Option<f32> {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let face = FACES.iter().find(|face| !is_private && face.has_outline(c))?;
    face.advance(c)
}

/// Width of a line of words in ems, without kerning.
pub fn line_width(line: &str) -> f32 {
    line.chars().map(|c| if c == ' ' { FACES[0].advance(c) } else { width(c) }.unwrap_or(0.0)).sum()
}

/// Options that draw with these fonts alone.
pub fn options() -> Options<'static> {
    let (database, ids) = &*DATABASE;
    Options {
        fontdb: Arc::clone(database),
        font_family: FAMILY.into(),
        font_resolver: FontResolver {
            // usvg's own selector logs each character that it looks up, and a text is not for logs.
            select_fallback: Box::new(|_, tried, _| ids.iter().find(|id| !tried.contains(id)).copied()),
            ..FontResolver::default()
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_europes_scripts_and_emoji() {
        for c in "Aéß€ŁżΩώЖя“”–…?!😀❤👍".chars() {
            assert!(width(c).is_some_and(|width| width > 0.1), "{c:?}");
        }
    }

    #[test]
    fn knows_what_it_cannot_draw() {
        for c in "中あ한אبहไ\u{0}\u{7}\u{200b}\u{202e}\u{2066}\u{301}\u{fe0f}\u{feff}\u{e0ff}\u{f200}".chars()
        {
            assert_eq!(width(c), None, "{c:?}");
        }
    }
}
