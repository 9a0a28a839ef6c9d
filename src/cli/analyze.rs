//! `valence analyze`: one text, as a table or as JSON.

use super::{error::CliError, model_args::ModelArgs, visible};
use crate::{
    engine::reading::Wanted,
    sentiment::{Analysis, Method, Score, Shown, Tone},
    text::Text,
};
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal, Read, Write};

/// Characters of a full bar.
const BAR: usize = 24;

/// Which text, and what of it.
#[derive(Clone, Debug, Args)]
pub struct AnalyzeArgs {
    /// The text; `-` or nothing reads it from standard input
    pub text: Option<String>,
    /// Print the whole answer as JSON
    #[arg(long)]
    pub json: bool,
    /// Score each sentence too
    #[arg(long)]
    pub sentences: bool,
    /// Show what each part adds to the verdict; a method follows an equals sign
    #[arg(long, value_name = "METHOD", num_args = 0..=1, require_equals = true, default_missing_value = "leave-one-out")]
    pub explain: Option<Explain>,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// A method of explanation, by the name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Explain {
    /// Hide one part at a time
    LeaveOneOut,
    /// Sample Shapley values: deeper and slower
    Shapley,
}

impl From<Explain> for Method {
    fn from(explain: Explain) -> Self {
        match explain {
            Explain::LeaveOneOut => Self::LeaveOneOut,
            Explain::Shapley => Self::Shapley,
        }
    }
}

/// Analyzes the text and prints what the model says.
///
/// # Errors
///
/// Where there is no text, or it cannot be scored.
pub async fn run(args: &AnalyzeArgs) -> anyhow::Result<()> {
    if let (Some(text), Some(Explain::LeaveOneOut)) = (args.text.as_deref(), args.explain)
        && Explain::from_str(text, false).is_ok()
    {
        return Err(CliError::TakenForText { text: text.into() }.into());
    }
    let text = Text::new(read(args.text.as_deref())?)?;
    let wanted = Wanted {
        sentences: args.sentences,
        explanation: args.explain.map(Method::from),
        ..Wanted::default()
    };
    let engine = args.model.load()?;
    let analysis = engine.analyze(text.clone(), wanted).await?;
    let shown: fn(f32) -> Shown = if engine.gives_probabilities() { Shown::Percent } else { Shown::Rating };
    let mut out = anstream::stdout().lock();
    let printed = if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&analysis)?)
    } else {
        print(&mut out, text.as_str(), &analysis, shown)
    };
    Ok(printed.map_err(CliError::Output)?)
}

fn read(text: Option<&str>) -> Result<String, CliError> {
    match text {
        Some(text) if text != "-" => return Ok(text.into()),
        None if io::stdin().is_terminal() => return Err(CliError::NoText),
        _ => {}
    }
    let mut bytes = Vec::new();
    // One byte above the limit is enough to know that it is too large.
    let mut input = io::stdin().lock().take(Text::MAX_BYTES as u64 + 1);
    input.read_to_end(&mut bytes).map_err(CliError::Input)?;
    // The limit may fall into a character.
    if bytes.len() > Text::MAX_BYTES {
        return Err(CliError::TooLarge { limit: Text::MAX_BYTES });
    }
    String::from_utf8(bytes).map_err(|_| CliError::NotUtf8)
}

fn print(out: &mut impl Write, text: &str, analysis: &Analysis, shown: fn(f32) -> Shown) -> io::Result<()> {
    table(out, &analysis.scores, shown)?;
    if !analysis.sentences.is_empty() {
        writeln!(out)?;
        for sentence in &analysis.sentences {
            if let Some(best) = sentence.scores.first() {
                let style = style(&best.label);
                let (label, score) = (visible(&best.label), shown(best.score).to_string());
                writeln!(out, "{style}{label}  {score:>8}{style:#}  {}", part(text, sentence.bytes))?;
            }
        }
    }
    if let Some(explanation) = &analysis.explanation {
        let (label, unit) = (visible(&explanation.label), explanation.unit.name());
        writeln!(out, "\nWhat each {unit} adds for {label}:")?;
        for contribution in &explanation.parts {
            writeln!(out, "{:>+8.3}  {}", contribution.weight, part(text, contribution.bytes))?;
        }
        writeln!(out, "{}", explanation.how())?;
    }
    writeln!(
        out,
        "\n{}, {:.1} ms, {} ({})",
        analysis.extent(),
        f64::from(analysis.micros) / 1000.0,
        analysis.model,
        analysis.runs_on
    )
}

fn table(out: &mut impl Write, scores: &[Score], shown: fn(f32) -> Shown) -> io::Result<()> {
    let width = scores.iter().map(|score| visible(&score.label).chars().count()).max().unwrap_or(0);
    for score in scores {
        let filled = (score.score.clamp(0.0, 1.0) * BAR as f32).round() as usize;
        let bar = "█".repeat(filled) + &"░".repeat(BAR - filled);
        let style = style(&score.label);
        let number = shown(score.score).to_string();
        writeln!(out, "{:<width$}  {style}{bar}{style:#}  {number:>8}", visible(&score.label))?;
    }
    Ok(())
}

fn style(label: &str) -> Style {
    match Tone::of(label) {
        Tone::Positive => AnsiColor::Green.on_default(),
        Tone::Negative => AnsiColor::Red.on_default(),
        Tone::Plain => AnsiColor::Cyan.on_default(),
    }
}

/// A part of the text on one line.
fn part(text: &str, [start, end]: [u32; 2]) -> String {
    visible(text.get(start as usize..end as usize).unwrap_or_default())
}
