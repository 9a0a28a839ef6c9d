//! `valence bench`: how fast the engine is on this machine, with these settings.

use super::{advice, error::CliError, model_args::ModelArgs, values::whole};
use crate::{
    dataset::{Dataset, column, error::Role, format::Format},
    engine::Engine,
    eval::latency::Latency,
    job::{self, scored::Scored},
    text::Text,
};
use clap::Args;
use futures_util::TryStreamExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

/// Every run makes the same texts.
const SEED: u64 = 5;

/// Words of the generated texts.
const WORDS: &str = "the room was bright and breakfast came late but staff stayed kind \
    a battery that fails after two weeks is not worth its price";

/// What to measure.
#[derive(Clone, Debug, Args)]
pub struct BenchArgs {
    /// File of texts whose name ends in .csv, .tsv, .jsonl or .parquet; they are scored once [default:
    /// generated texts of 4 to 40 words]
    pub file: Option<PathBuf>,
    /// Seconds for which generated texts are taken; the last thousand or so are scored after them
    #[arg(long, default_value_t = 10, value_parser = whole(1..=u16::MAX), conflicts_with = "file")]
    pub seconds: u16,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

#[derive(Debug, Serialize)]
struct Report {
    model: String,
    runs_on: String,
    sessions: usize,
    threads: usize,
    batch_rows: usize,
    batch_tokens: usize,
    texts: u64,
    seconds: f64,
    texts_per_second: f64,
    latency: Latency,
}

/// Measures and prints the numbers.
///
/// # Errors
///
/// Where the file cannot be read, a text not be scored or none has been.
pub async fn run(args: &BenchArgs) -> anyhow::Result<()> {
    let engine = args.model.load()?;
    engine.warm_up().await?;
    let report = match &args.file {
        Some(file) => {
            let texts = read(file)?;
            measure(&engine, texts.iter().cloned(), texts.iter().cloned()).await?
        }
        None => {
            let end = Duration::from_secs(args.seconds.into());
            let start = Instant::now();
            measure(&engine, generated(), generated().take_while(move |_| start.elapsed() < end)).await?
        }
    };
    let mut out = io::stdout().lock();
    let printed = if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)
    } else {
        print(&mut out, &report)
    };
    Ok(printed.map_err(CliError::Output)?)
}

fn print(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "model       {} ({})", report.model, report.runs_on)?;
    let batches = match report.batch_rows {
        1 => "one text at a time".to_owned(),
        _ => format!("batches of {} tokens", report.batch_tokens),
    };
    writeln!(out, "settings    {} sessions of {} threads, {batches}", report.sessions, report.threads)?;
    writeln!(
        out,
        "throughput  {:.1} texts/s ({} texts in {:.1} s)",
        report.texts_per_second, report.texts, report.seconds
    )?;
    writeln!(out, "latency     {}", report.latency)
}

async fn measure(
    engine: &Engine,
    alone: impl Iterator<Item = String>,
    texts: impl Iterator<Item = String>,
) -> anyhow::Result<Report> {
    let start = Instant::now();
    let count = async |sum, row: Scored| Ok(sum + u64::from(row.is_ok()));
    let scored = job::score_all(engine, texts).try_fold(0_u64, count).await?;
    let seconds = start.elapsed().as_secs_f64();
    if scored == 0 {
        return Err(CliError::NoneScored.into());
    }
    let latency = Latency::measure(engine, alone.filter_map(|text| Text::new(text).ok())).await;
    let (setting, limits) = (engine.setting(), engine.limits());
    Ok(Report {
        model: engine.model().into(),
        runs_on: setting.to_string(),
        sessions: setting.sessions,
        threads: setting.threads,
        batch_rows: limits.rows,
        batch_tokens: limits.tokens,
        texts: scored,
        seconds,
        texts_per_second: scored as f64 / seconds,
        latency,
    })
}

fn read(file: &std::path::Path) -> anyhow::Result<Vec<String>> {
    let format = Format::of(file, None, Role::Input).map_err(advice::in_names)?;
    let dataset = Dataset::open(file, format)?;
    let text = column::of_texts(&dataset.columns, &dataset.first, None).map_err(advice::in_names)?;
    let mut texts = Vec::new();
    for rows in dataset.chunks {
        texts.extend(column::texts(&rows?.sound()?, &text)?.into_iter().map(Option::unwrap_or_default));
    }
    Ok(texts)
}

fn generated() -> impl Iterator<Item = String> {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let mut random = StdRng::seed_from_u64(SEED);
    std::iter::repeat_with(move || {
        let length = random.random_range(4..=40);
        (0..length).map(|_| words[random.random_range(0..words.len())]).collect::<Vec<_>>().join(" ")
    })
}
