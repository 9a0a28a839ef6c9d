//! `valence eval`: how well the model does on a file of labelled texts.

use super::{advice, error::CliError, model_args::ModelArgs, visible};
use crate::{
    dataset::{error::Role, format::Format},
    eval::{self, Columns, EvalError, Labelled, faithfulness, latency::Latency, report::Report},
    sentiment::Method,
};
use clap::Args;
use faithfulness::Faithfulness;
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Which texts to measure.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
A row has one label, and is right if that is the one with the highest score, of a model too that gives each label a \
probability of its own (multi-label). Of a model with a single label, 1 or the label's name stands for a text that has \
it, and 0 or `not` before its name for one that has not; the model says that a text has it by a score of 0.5 or more. \
A model that rates texts (regression) chooses no label and is refused.")]
pub struct EvalArgs {
    /// File of labelled texts: .csv, .tsv, .jsonl or .parquet; `-` is standard input
    pub file: PathBuf,
    /// Format of the file [default: by its name]
    #[arg(long)]
    pub input_format: Option<Format>,
    /// Column of texts [default: text, sentence, review, content, body, comment, tweet, message, document,
    /// pros, cons, response, answer, description, summary or title, or a column alone]
    #[arg(long, value_name = "NAME")]
    pub text_column: Option<String>,
    /// Column of labels, each the name or the number of one of the model's, or pos or neg [default: label,
    /// sentiment, class, target]
    #[arg(long, value_name = "NAME")]
    pub label_column: Option<String>,
    /// Measure also how faithful the explanations are to the model, whatever the labels say
    #[arg(long)]
    pub faithfulness: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

#[derive(Debug, Serialize)]
struct Evaluation {
    model: String,
    runs_on: String,
    #[serde(flatten)]
    report: Report,
    /// Rows without a text, which were passed over.
    blank: usize,
    latency: Latency,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faithfulness: Vec<Faithfulness>,
}

/// Measures and prints the numbers.
///
/// # Errors
///
/// Where the file cannot be read or a text not be scored.
pub async fn run(args: &EvalArgs) -> anyhow::Result<()> {
    let format = Format::of(&args.file, args.input_format, Role::Input).map_err(advice::in_flags)?;
    let columns = Columns { text: args.text_column.as_deref(), label: args.label_column.as_deref() };
    let Labelled { rows, blank } = eval::read(&args.file, format, columns).map_err(|error| match error {
        EvalError::Dataset(error) => advice::in_flags(error),
        other => other.into(),
    })?;
    let engine = args.model.load()?;
    let report = eval::measure(&engine, &rows).await?;
    // Some are blank to the model alone.
    let blank = blank + rows.len() - report.texts;
    let latency = Latency::measure(&engine, rows.iter().map(|row| row.text.clone())).await;
    let mut faithfulness = Vec::new();
    if args.faithfulness {
        for method in [Method::LeaveOneOut, Method::Shapley] {
            faithfulness.push(faithfulness::measure(&engine, &rows, method).await?);
        }
    }
    let (model, runs_on) = (engine.model().into(), engine.setting().to_string());
    let evaluation = Evaluation { model, runs_on, report, blank, latency, faithfulness };
    let mut out = io::stdout().lock();
    let printed = if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&evaluation)?)
    } else {
        print(&mut out, evaluation)
    };
    Ok(printed.map_err(CliError::Output)?)
}

fn print(out: &mut impl Write, mut evaluation: Evaluation) -> io::Result<()> {
    for label in &mut evaluation.report.labels {
        label.label = visible(&label.label);
    }
    writeln!(out, "{}\n\nlatency {}", evaluation.report, evaluation.latency)?;
    if evaluation.blank > 0 {
        writeln!(out, "rows without a text, which were passed over: {}", evaluation.blank)?;
    }
    for faithfulness in evaluation.faithfulness {
        writeln!(out, "{faithfulness}")?;
    }
    Ok(())
}
