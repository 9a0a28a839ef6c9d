//! A QR code of the page's public address, as an SVG: `GET /qr.svg`.
//!
//! The code has the query as it was sent, so whatever a link restores, the code restores too.

use super::{link::Link, state::AppState};
use crate::{error::AnalyzeError, ui::address::MAX_IN_CODE};
use axum::{
    extract::{RawQuery, State},
    response::IntoResponse,
};
use fast_qr::{ECL, Module, QRBuilder, QRCode};
use http::{
    HeaderMap,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use std::fmt::Write;
use thiserror::Error;

/// Modules of light around a code, by the standard (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// Why there is no code.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum QrError {
    /// The address does not fit.
    #[error(
        "This link is too long for a QR code: {bytes} bytes; the limit is {MAX_IN_CODE}. Copy it instead."
    )]
    TooLong {
        /// Bytes of the address.
        bytes: usize,
    },
    /// The link's text cannot be read, so the code would lead to an error.
    #[error(transparent)]
    Link(#[from] AnalyzeError),
    /// Nobody knows under which name this server is reached.
    #[error("The server does not know its own address. Send a Host header, or set --public-url.")]
    NoOrigin,
}

/// The code of the page with the same query.
///
/// # Errors
///
/// A [`QrError`] in plain text.
pub async fn qr_svg(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, QrError> {
    let query = query.unwrap_or_default();
    if let Some(link) = Link::read(&query) {
        link.text?;
    }
    let origin = state.reached_at(&headers).ok_or(QrError::NoOrigin)?;
    let address = if query.is_empty() { format!("{origin}/") } else { format!("{origin}/?{query}") };
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
        // The address may have come from this request's own headers.
        (CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((headers, svg(&address)?))
}

/// The smallest code: on a screen nothing is torn or stained, so little correction will do.
fn encode(address: &str) -> Result<QRCode, QrError> {
    let too_long = || QrError::TooLong { bytes: address.len() };
    if address.len() > MAX_IN_CODE {
        return Err(too_long());
    }
    QRBuilder::new(address).ecl(ECL::L).build().map_err(|_| too_long())
}

fn svg(address: &str) -> Result<String, QrError> {
    let code = encode(address)?;
    let side = code.size + 2 * QUIET_ZONE;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#1d1f23" d="{}"/></svg>"##,
        dark_modules(&code)
    ))
}

/// Draws a code for a terminal: lines of half blocks, dark on light, with the light around it.
///
/// # Errors
///
/// [`QrError::TooLong`] for an address that does not fit.
pub fn blocks(address: &str) -> Result<Vec<String>, QrError> {
    let code = encode(address)?;
    let inside = QUIET_ZONE..QUIET_ZONE + code.size;
    let is_dark = |row, column| {
        inside.contains(&row)
            && inside.contains(&column)
            && code[row - QUIET_ZONE][column - QUIET_ZONE].value()
    };
    let side = code.size + 2 * QUIET_ZONE;
    let line = |row: usize| {
        let block = |column| match (is_dark(row, column), is_dark(row + 1, column)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..side).map(block).collect()
    };
    Ok((0..side).step_by(2).map(line).collect())
}

/// One rectangle for each run of dark modules: single squares would show seams between them.
fn dark_modules(code: &QRCode) -> String {
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        for run in code[row].chunk_by(|a: &Module, b: &Module| a.value() == b.value()) {
            if run[0].value() {
                let (x, y, width) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                write!(path, "M{x} {y}h{width}v1h-{width}z").expect("a string takes every write");
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::{
        tiny_skia::{Pixmap, Transform},
        usvg::{Options, Tree},
    };

    /// What a reader makes of a code's picture.
    fn scan(svg: &str) -> String {
        let tree = Tree::from_str(svg, &Options::default()).expect("an SVG");
        let side = tree.size().width() as usize * 4;
        let mut picture = Pixmap::new(side as u32, side as u32).expect("a size");
        resvg::render(&tree, Transform::from_scale(4.0, 4.0), &mut picture.as_mut());
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            picture.pixel(x as u32, y as u32).expect("a pixel inside").red()
        });
        let codes = image.detect_grids();
        assert_eq!(codes.len(), 1);
        codes[0].decode().expect("a code that can be read").1
    }

    #[test]
    fn a_reader_gets_the_address() {
        for length in [0, 100, 1000, 2500] {
            let address = format!("https://example.org/?text={}", "a+b%21".repeat(length / 6));
            assert_eq!(scan(&svg(&address).expect("it fits")), address);
        }
    }

    #[test]
    fn a_reader_gets_the_address_from_a_terminal() {
        let lines: Vec<Vec<char>> = blocks("https://a.example/")
            .expect("it fits")
            .iter()
            .map(|line| line.chars().collect())
            .collect();
        let side = lines[0].len();
        let is_dark = |row: usize, column: usize| {
            lines[row / 2][column] == '█'
                || lines[row / 2][column] == if row.is_multiple_of(2) { '▀' } else { '▄' }
        };
        let mut image =
            rqrr::PreparedImage::prepare_from_bitmap(4 * side, 4 * side, |x, y| is_dark(y / 4, x / 4));
        let codes = image.detect_grids();
        assert_eq!(codes[0].decode().expect("a code that can be read").1, "https://a.example/");
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_size() {
        assert!(svg(&"a".repeat(MAX_IN_CODE)).is_ok());
        assert_eq!(svg(&"a".repeat(MAX_IN_CODE + 1)), Err(QrError::TooLong { bytes: MAX_IN_CODE + 1 }));
    }
}
