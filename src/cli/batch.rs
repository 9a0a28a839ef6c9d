//! `valence batch`: a file of texts in, the same file with the model's verdicts out.

use super::{exit::Exit, model_args::ModelArgs};
use crate::{
    dataset::{self, Dataset, column, error::DatasetError, format::Format},
    engine::{Engine, artifact},
    hub::{Hub, cache, source::ModelSource, verify},
    job::{
        self, Job,
        output::{self, Identity, Output, parts::PartFile},
        verdict,
    },
};
use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use std::{
    path::PathBuf,
    process,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// What to read, what to write.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
All columns are kept. Added are predicted_label, predicted_score, score_<LABEL> for every label, and
error, which says why a text that is blank or too long has no scores.

Until OUT is whole, its rows are in OUT.partial; the same command goes on there after an interruption.
It does not where the input (by its SHA-256), the model or a setting has changed, and says so.
Standard input, pipes and standard output cannot be resumed.")]
pub struct BatchArgs {
    /// File of texts: .csv, .tsv, .jsonl or .parquet; `-` is standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// File to write; `-` is standard output
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Format of the input [default: by its name]
    #[arg(long)]
    pub input_format: Option<Format>,
    /// Format of the output [default: by its name, or the input's]
    #[arg(long)]
    pub format: Option<Format>,
    /// Column of texts [default: text, sentence, review, content, …]
    #[arg(long, value_name = "NAME")]
    pub text_column: Option<String>,
    /// Discard what an interrupted run has left
    #[arg(long)]
    pub restart: bool,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// Scores every row.
///
/// # Errors
///
/// Whatever keeps the input from being read, the texts from being scored or the output from being
/// written.
pub async fn run(args: &BatchArgs) -> anyhow::Result<Exit> {
    let input_format = Format::of(&args.input, args.input_format, "--input-format")?;
    let format = if dataset::is_standard(&args.output) {
        args.format.unwrap_or(input_format)
    } else {
        Format::of(&args.output, args.format, "--format")?
    };
    let Dataset { columns, chunks } = Dataset::open(&args.input, input_format)?;
    let text_column = column::find(&columns, args.text_column.as_deref(), &column::TEXT, "--text-column")?;
    let engine = args.model.load()?;
    let added = verdict::columns(engine.labels());
    if let Some(column) = added.iter().find(|column| columns.contains(column)) {
        return Err(DatasetError::Taken { column: column.clone() }.into());
    }
    let all_columns = [&*columns, &*added].concat();
    let start = Instant::now();
    let (mut output, (skip, failed_before)) = if dataset::is_standard(&args.output) {
        (output::standard(format, &all_columns), (0, 0))
    } else {
        let identity = identity(args, &engine, input_format, &text_column, format)?;
        let file = PartFile::open(&args.output, all_columns, &identity, args.restart)?;
        let done = file.done();
        (Output::File(file), done)
    };
    if skip > 0 {
        eprintln!("valence: resuming after {skip} rows");
    }

    let (stop, signal) = interruption()?;
    let bar = progress_bar(skip);
    let job = Job { text_column, columns, format };
    let outcome = job::run(&engine, &job, chunks, skip, &mut output, stop, |outcome| {
        bar.set_position(skip + outcome.rows);
    })
    .await;
    bar.finish_and_clear();
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            // What was scored before is not lost; the first error is the one to tell.
            let _ = output.keep();
            return Err(error.into());
        }
    };
    let rows = skip + outcome.rows;
    if let Some(exit) = signal_exit(&signal) {
        output.keep()?;
        let next = match (dataset::is_standard(&args.output), dataset::is_stream(&args.input)) {
            (true, _) => "",
            (false, true) => "; this input cannot be read again: start over with --restart",
            (false, false) => "; the same command resumes from there",
        };
        eprintln!("valence: interrupted after {rows} rows{next}");
        return Ok(exit);
    }
    output.finish()?;
    let seconds = start.elapsed().as_secs_f64();
    let failed = failed_before + outcome.failed;
    let speed = outcome.rows as f64 / seconds;
    eprintln!("valence: {rows} rows, {failed} with an error; {seconds:.2} s, {speed:.1} texts/s");
    Ok(if failed > 0 { Exit::Partly } else { Exit::Done })
}

fn identity(
    args: &BatchArgs,
    engine: &Engine,
    input_format: Format,
    text_column: &str,
    format: Format,
) -> anyhow::Result<Identity> {
    let input = if dataset::is_stream(&args.input) {
        // Never the same again.
        format!("a stream of process {} at {:?}", process::id(), std::time::SystemTime::now())
    } else {
        verify::sha256(&args.input).with_context(|| args.input.display().to_string())?
    };
    Ok(Identity {
        input,
        input_format,
        text_column: text_column.into(),
        model: model_sum(&args.model.source())?,
        runs_on: engine.setting().to_string(),
        max_tokens: args.model.max_tokens,
        format,
        version: env!("CARGO_PKG_VERSION").into(),
    })
}

/// The SHA-256 of a model's files.
fn model_sum(source: &ModelSource) -> anyhow::Result<String> {
    let folder = match source {
        ModelSource::Folder(folder) => folder.clone(),
        ModelSource::Hub(id) => {
            cache::find(&Hub::from_env().cache, id).with_context(|| format!("{id} is not in the cache"))?
        }
    };
    let mut sum = Sha256::new();
    for file in cache::files(&folder) {
        sum.update(verify::sha256(&file).with_context(|| file.display().to_string())?);
    }
    Ok(artifact::hex(&sum.finalize()))
}

/// A future that is ready at the first SIGINT or SIGTERM, and the number of that signal; a second
/// signal ends the process at once.
fn interruption() -> anyhow::Result<(impl Future<Output = ()>, Arc<AtomicU8>)> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let (sender, stop) = oneshot::channel();
    let code = Arc::new(AtomicU8::new(0));
    let caught = Arc::clone(&code);
    tokio::spawn(async move {
        let mut sender = Some(sender);
        loop {
            let exit = tokio::select! {
                _ = interrupt.recv() => Exit::Interrupted,
                _ = terminate.recv() => Exit::Terminated,
            };
            match sender.take() {
                Some(sender) => {
                    caught.store(exit.code(), Ordering::Release);
                    let _ = sender.send(());
                }
                None => process::exit(exit.code().into()),
            }
        }
    });
    let stop = async move {
        if stop.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok((stop, code))
}

fn signal_exit(code: &AtomicU8) -> Option<Exit> {
    let code = code.load(Ordering::Acquire);
    [Exit::Interrupted, Exit::Terminated].into_iter().find(|exit| exit.code() == code)
}

/// Rows and their speed on standard error; nothing where that is no terminal.
fn progress_bar(skip: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} rows, {per_sec}, {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::no_length().with_style(style).with_position(skip);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
