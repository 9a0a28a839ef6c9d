//! Faithfulness: whether the parts that an explanation names are those that the model uses.
//!
//! Parts are removed from the text, the strongest first, and the score of the winning label is
//! taken again. The measures are those of ERASER (DeYoung et al. 2020): comprehensiveness, what
//! the score loses without the strongest parts (higher is better), and sufficiency, what it loses
//! with nothing but them (lower is better), each a mean over the shares in [`SHARES`] (AOPC).
//! A random order of the same parts stands beside, which no useful explanation is as bad as.

use super::{EvalError, Row, analyze};
use crate::{
    engine::{Engine, reading::Wanted},
    sentiment::{Analysis, Contribution, Method},
    text::Text,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde::Serialize;
use std::fmt;

/// Shares of the parts that are removed or kept: ERASER's.
const SHARES: [f64; 5] = [0.01, 0.05, 0.10, 0.20, 0.50];

/// Random orders of every text are the same in every run.
const SEED: u64 = 17;

/// Mean loss of the winning label's score: not a number of no texts, for which JSON has `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Losses {
    /// Without the strongest parts.
    pub comprehensiveness: f64,
    /// With nothing but the strongest parts.
    pub sufficiency: f64,
}

/// Losses in the order of an explanation, and in a random one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Faithfulness {
    /// How the parts were weighed.
    pub method: Method,
    /// Texts measured: those of at least two parts.
    pub texts: usize,
    /// In the order of the weights.
    pub explained: Losses,
    /// In a random order.
    pub random: Losses,
}

impl Faithfulness {
    /// The means of what each text lost, in the order of its weights and in a random one.
    fn of(method: Method, measured: &[[Losses; 2]]) -> Self {
        let mean = |which: usize, of: fn(&Losses) -> f64| {
            measured.iter().map(|losses| of(&losses[which])).sum::<f64>() / measured.len() as f64
        };
        let losses = |which| Losses {
            comprehensiveness: mean(which, |losses| losses.comprehensiveness),
            sufficiency: mean(which, |losses| losses.sufficiency),
        };
        Self { method, texts: measured.len(), explained: losses(0), random: losses(1) }
    }
}

impl fmt::Display for Faithfulness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self.method {
            Method::LeaveOneOut => "leave-one-out",
            Method::Shapley => "shapley",
        };
        if self.texts == 0 {
            return write!(f, "{method}: no text has two parts, so there is nothing to measure");
        }
        write!(
            f,
            "{method}: comprehensiveness {:.3} (random order {:.3}), sufficiency {:.3} (random order {:.3}), {} texts",
            self.explained.comprehensiveness,
            self.random.comprehensiveness,
            self.explained.sufficiency,
            self.random.sufficiency,
            self.texts,
        )
    }
}

/// Explains every text and measures what its parts are worth to the model.
///
/// # Errors
///
/// An [`EvalError`] that names the row at fault.
pub async fn measure(engine: &Engine, rows: &[Row], method: Method) -> Result<Faithfulness, EvalError> {
    let losses: Vec<Option<[Losses; 2]>> = stream::iter(rows)
        .map(|row| measure_one(engine, row, method))
        .buffered(Engine::IN_FLIGHT)
        .try_collect()
        .await?;
    let measured: Vec<[Losses; 2]> = losses.into_iter().flatten().collect();
    Ok(Faithfulness::of(method, &measured))
}

async fn measure_one(engine: &Engine, row: &Row, method: Method) -> Result<Option<[Losses; 2]>, EvalError> {
    let wanted = Wanted { explanation: Some(method), ..Wanted::default() };
    let Some(analysis) = analyze(engine, row, row.text.clone(), wanted).await? else { return Ok(None) };
    let Some(parts) = analysis.explanation.as_ref().map(|explanation| &explanation.parts) else {
        return Ok(None);
    };
    if parts.len() < 2 {
        return Ok(None);
    }
    let mut by_weight: Vec<&Contribution> = parts.iter().collect();
    by_weight.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut at_random: Vec<&Contribution> = parts.iter().collect();
    at_random.shuffle(&mut StdRng::seed_from_u64(SEED + row.row as u64));
    let explained = losses(engine, row, &analysis, &by_weight).await?;
    let random = losses(engine, row, &analysis, &at_random).await?;
    Ok(Some([explained, random]))
}

async fn losses(
    engine: &Engine,
    row: &Row,
    whole: &Analysis,
    order: &[&Contribution],
) -> Result<Losses, EvalError> {
    let mut sum = Losses::default();
    for share in SHARES {
        let strongest = (share * order.len() as f64).ceil() as usize;
        let (first, rest) = order.split_at(strongest);
        sum.comprehensiveness += loss(engine, row, whole, rest).await?;
        sum.sufficiency += loss(engine, row, whole, first).await?;
    }
    let shares = SHARES.len() as f64;
    Ok(Losses { comprehensiveness: sum.comprehensiveness / shares, sufficiency: sum.sufficiency / shares })
}

/// What the winning label's score loses when only some parts are left of the text.
async fn loss(
    engine: &Engine,
    row: &Row,
    whole: &Analysis,
    left: &[&Contribution],
) -> Result<f64, EvalError> {
    let text = only(row.text.as_str(), left);
    let text = Text::new(text).map_err(|source| EvalError::Text { row: row.row, source })?;
    let analysis = analyze(engine, row, text, Wanted::default()).await?;
    let best = whole.scores.first();
    let after =
        best.and_then(|best| analysis.as_ref()?.scores.iter().find(|score| score.label == best.label));
    let score = |score: Option<&crate::sentiment::Score>| score.map_or(0.0, |score| f64::from(score.score));
    Ok(score(best) - score(after))
}

/// The parts of a text in its own order, with a space between.
fn only(text: &str, parts: &[&Contribution]) -> String {
    let mut bytes: Vec<[u32; 2]> = parts.iter().map(|part| part.bytes).collect();
    bytes.sort_unstable();
    let part = |[start, end]: [u32; 2]| &text[start as usize..end as usize];
    bytes.into_iter().map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Both measures were -0.000.
    #[test]
    fn nothing_is_measured_where_no_text_has_two_parts() {
        let none = Faithfulness::of(Method::Shapley, &[]);
        assert!(none.to_string().contains("nothing to measure"), "{none}");
        let json = serde_json::to_value(none).expect("JSON");
        assert!(json["explained"]["sufficiency"].is_null(), "{json}");
        let losses = |sufficiency| Losses { comprehensiveness: 0.5, sufficiency };
        let two =
            Faithfulness::of(Method::Shapley, &[[losses(0.25), losses(0.5)], [losses(0.75), losses(0.5)]]);
        assert_eq!((two.texts, two.explained, two.random), (2, losses(0.5), losses(0.5)));
    }

    #[test]
    fn leaves_the_parts_in_the_order_of_the_text() {
        let part = |start, end| Contribution { bytes: [start, end], utf16: [start, end], weight: 0.0 };
        let (first, last) = (part(0, 3), part(8, 12));
        assert_eq!(only("one two last", &[&last, &first]), "one last");
        assert_eq!(only("one two last", &[]), "");
    }
}
