//! The card's layout, as an SVG: the quote, the verdict and its bars, in the page's colours.

use super::{
    fonts::{self, FAMILY},
    quote,
};
use crate::sentiment::{Outcome, Score, Shown, Tone, title};
use html_escape::encode_text;
use std::{fmt::Write, ops::Range};

/// Width in pixels, as link previews want it.
pub const WIDTH: u32 = 1200;
/// Height in pixels.
pub const HEIGHT: u32 = 630;

/// Space at the left and the right.
const MARGIN: f32 = 96.0;
/// Where lines end.
const END: f32 = WIDTH as f32 - MARGIN;
/// Width of a line.
const COLUMN: f32 = END - MARGIN;

/// The product's name.
const NAME: &str = "Valence";
/// Height of a capital letter in ems.
const CAPITAL: f32 = 0.693;

// The page's colours (style/tokens.css).
const PAPER: &str = "#fbfaf7";
const INK: &str = "#1d1f23";
const QUIET: &str = "#5b606a";
const TRACK: &str = "#ebe8e1";

/// Sizes of a quote, each with the most lines that it may take; the largest that holds it wins.
const SIZES: [(f32, usize); 5] = [(104.0, 1), (80.0, 2), (62.0, 3), (50.0, 4), (42.0, 5)];

/// Baseline of the lowest bar's label.
const LOWEST_BAR: f32 = 560.0;
/// From one bar to the next.
const BAR_STEP: f32 = 48.0;
/// Labels that have room.
const MAX_BARS: usize = 3;

/// The card of a text and its scores, the highest first; see [`Outcome`] for `mixed_below`.
pub fn result(text: &str, scores: &[Score], mixed_below: Option<f32>) -> String {
    let shown = &scores[..scores.len().min(MAX_BARS)];
    let highest_bar = LOWEST_BAR - BAR_STEP * shown.len().saturating_sub(1) as f32;
    let verdict = highest_bar - 64.0;
    let mut svg = Svg::new();
    let outcome = Outcome::of(scores, mixed_below);
    let quote = quote::legible(text);
    if quote.is_empty() {
        svg.text(MARGIN, 122.0, 34.0, QUIET, "start", NAME);
        best(&mut svg, &outcome, verdict - 68.0, 128.0, COLUMN);
    } else {
        quotation(&mut svg, &quote, 84.0..verdict - 108.0);
        best(&mut svg, &outcome, verdict, 70.0, COLUMN - 160.0);
        svg.text(END, verdict, 30.0, QUIET, "end", NAME);
    }
    bars(&mut svg, shown, highest_bar, mixed_below);
    svg.close()
}

/// The product's own card.
pub fn general() -> String {
    let mut svg = Svg::new();
    svg.text(MARGIN, 312.0, 152.0, INK, "start", NAME);
    svg.text(MARGIN, 392.0, 48.0, QUIET, "start", "Is a text positive, negative or mixed?");
    for (row, (share, tone)) in [(0.82, Tone::Positive), (0.18, Tone::Negative)].into_iter().enumerate() {
        let y = LOWEST_BAR - 16.0 + BAR_STEP * (row as f32 - 1.0);
        svg.bar(MARGIN, y, COLUMN, TRACK);
        svg.bar(MARGIN, y, COLUMN * share, colour(tone));
    }
    svg.close()
}

/// Sets the quote as large as it fits, in the middle of a height, its first mark in the margin.
fn quotation(svg: &mut Svg, quote: &str, height: Range<f32>) {
    let quote = format!("{quote}”");
    let set = |(size, most): (f32, usize)| (size, quote::wrap(&quote, COLUMN / size, most));
    let [.., smallest] = SIZES;
    let (size, mut set) =
        SIZES.into_iter().map(set).find(|(_, set)| !set.is_cut).unwrap_or_else(|| set(smallest));
    if let Some(last) = set.lines.last_mut().filter(|_| set.is_cut) {
        last.push('”');
    }
    let leading = size * 1.28;
    let below_first = leading * (set.lines.len() - 1) as f32;
    let first = (height.start + height.end + size * CAPITAL - below_first) / 2.0;
    svg.text(MARGIN, first, size, INK, "end", "“");
    for (row, line) in set.lines.iter().enumerate() {
        svg.text(MARGIN, first + leading * row as f32, size, INK, "start", line);
    }
}

/// The outcome in one line of at most `width`.
fn best(svg: &mut Svg, outcome: &Outcome, baseline: f32, size: f32, width: f32) {
    let mut line = name(&outcome.name());
    if let Some(score) = outcome.score() {
        line += &format!("  {score}");
    }
    let size = size.min(width / fonts::line_width(&line));
    svg.text(MARGIN, baseline, size, colour(outcome.tone()), "start", &line);
}

/// Each label with its bar and its score.
fn bars(svg: &mut Svg, scores: &[Score], highest: f32, mixed_below: Option<f32>) {
    const SIZE: f32 = 28.0;
    let widest = scores.iter().map(|score| fonts::line_width(&name(&score.label)) * SIZE).fold(0.0, f32::max);
    let (start, end) = (MARGIN + widest + 28.0, END - 128.0);
    for (row, Score { label, score }) in scores.iter().enumerate() {
        let y = highest + BAR_STEP * row as f32;
        svg.text(MARGIN, y, SIZE, INK, "start", &name(label));
        svg.bar(start, y - 16.0, end - start, TRACK);
        svg.bar(start, y - 16.0, (end - start) * score.clamp(0.0, 1.0), colour(Tone::of(label)));
        svg.text(END, y, SIZE, INK, "end", &Shown::of(*score, mixed_below).to_string());
    }
}

/// A label as a word of at most ten ems.
fn name(label: &str) -> String {
    quote::wrap(&quote::legible(&title(label)), 10.0, 1).lines.concat()
}

const fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Positive => "#1a62a8",
        Tone::Negative => "#a8480f",
        Tone::Plain => "#5a5f69",
    }
}

/// An SVG that is being written.
struct Svg(String);

impl Svg {
    fn new() -> Self {
        Self(format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FAMILY}"><rect width="100%" height="100%" fill="{PAPER}"/>"#
        ))
    }

    #[expect(clippy::too_many_arguments, reason = "the element has as many attributes")]
    fn text(&mut self, x: f32, y: f32, size: f32, colour: &str, anchor: &str, text: &str) {
        let text = encode_text(text);
        self.write(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" xml:space="preserve">{text}</text>"#
        ));
    }

    /// A bar with round ends, which is at least a dot.
    fn bar(&mut self, x: f32, y: f32, width: f32, colour: &str) {
        let width = width.max(12.0);
        self.write(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="12" rx="6" fill="{colour}"/>"#
        ));
    }

    fn write(&mut self, element: std::fmt::Arguments<'_>) {
        self.0.write_fmt(element).expect("a string takes every write");
    }

    fn close(self) -> String {
        self.0 + "</svg>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_page() {
        let page = include_str!("../../../style/tokens.css");
        let tones = [Tone::Positive, Tone::Negative, Tone::Plain].map(colour);
        for colour in [PAPER, INK, QUIET, TRACK].into_iter().chain(tones) {
            assert!(page.contains(&format!("light-dark({colour}, ")), "{colour}");
        }
    }

    #[test]
    fn a_score_stands_beside_its_label_only() {
        let scores =
            [("POSITIVE", 0.6), ("NEGATIVE", 0.4)].map(|(label, score)| Score { label: label.into(), score });
        assert!(result("so", &scores, Some(0.5)).contains(">Positive  60.0 %<"));
        let rated = result("so", &scores, None);
        assert!(rated.contains(">Positive  0.60<") && rated.contains(">0.40<"), "{rated}");
        let mixed = result("so", &scores, Some(0.75));
        assert!(mixed.contains(">Mixed<"), "{mixed}");
        assert_eq!(mixed.matches("60.0 %").count(), 1, "its bar's: {mixed}");
    }
}
