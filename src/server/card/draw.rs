//! From a card's SVG to its PNG.

use super::{
    fonts,
    layout::{HEIGHT, WIDTH},
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::Tree,
};
use thiserror::Error;

/// Why a card could not be drawn: a defect of its layout, never of the text on it.
#[derive(Debug, Error)]
pub enum DrawError {
    /// The SVG is not one.
    #[error("the card's SVG is malformed")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture could not be written.
    #[error("the card's picture cannot be encoded: {0}")]
    Png(String),
}

/// Draws `svg`, which takes some ten milliseconds of a CPU.
///
/// # Errors
///
/// A [`DrawError`] for an SVG that is none.
pub fn png(svg: &str) -> Result<Vec<u8>, DrawError> {
    let tree = Tree::from_str(svg, &fonts::options())?;
    let mut picture = Pixmap::new(WIDTH, HEIGHT).ok_or_else(|| DrawError::Png("no room for it".into()))?;
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    picture.encode_png().map_err(|error| DrawError::Png(error.to_string()))
}
