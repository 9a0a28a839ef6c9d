//! `valence batch`: a file of texts in, the same file with the model's verdicts out.

mod identity;
mod progress;
mod target;

use super::{advice, exit::Exit, model_args::ModelArgs, say};
use crate::{
    dataset::{
        self, Dataset, column,
        error::DatasetError,
        format::{Format, Role},
    },
    job::{
        self, Job,
        output::{self, Output, OutputError, parts::PartFile},
        verdict,
    },
    signals,
};
use clap::Args;
use futures_util::FutureExt;
use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    time::Instant,
};

/// What to read, what to write.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
All columns are kept. Added are predicted_label, predicted_score, score_<LABEL> for every label, and error, which \
says why a text that is blank or too long, or in JSONL a list, an object or a truth value, has no scores, and what is \
wrong with a row that cannot be read: one of CSV or TSV with more or fewer fields than the header, or with a quote that \
is left open, which takes in all that follows; a line that is neither a JSON object nor a string; or more than 16 MB. \
Such a row stays in its place, empty but for what is known of it; a line without anything is no row. What an output \
cannot hold is left out of its row, which error says too: of JSONL a member that the first rows do not have, where a \
table is written, or one with the name of an added column; for TSV a value with a tab or a line break. Of columns with \
one name the second is called NAME_2, and so on. Times of a zone with a name, such as Europe/Berlin, are in UTC wherever \
they are written as text. CSV may have semicolons, bars or tabs for commas, if its header has them; it is written with \
commas.

Until OUT is whole, its rows are in OUT.partial; the same command goes on there after an interruption. It does not \
where the input (by its SHA-256), the model or a setting has changed, and says so. Standard input, pipes and standard \
output cannot be resumed.

The rows of a pipe are scored as they come. JSONL waits for its first 256 rows where it becomes a table, whose columns \
they tell, and where its texts are neither in the member `text` nor in that of --text-column.")]
pub struct BatchArgs {
    /// File of texts: .csv, .tsv, .jsonl or .parquet; `-` is standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// File or pipe to write; `-` is standard output
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Format of the input [default: by its name]
    #[arg(long)]
    pub input_format: Option<Format>,
    /// Format of the output [default: by its name; that of `-` is the input's]
    #[arg(long)]
    pub format: Option<Format>,
    /// Column of texts [default: text, sentence, review, content, body, comment, tweet, message, document,
    /// description or title, or a column alone]
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
    let input_format = Format::of(&args.input, args.input_format, Role::Input).map_err(advice::in_flags)?;
    let target = target::of(&args.output)?;
    let format = match Format::of(&args.output, args.format, Role::Output) {
        Err(_) if dataset::is_standard(&target) => input_format,
        named => named.map_err(advice::in_flags)?,
    };
    // A folder's name, of one that is there or not.
    if target.is_dir() || target.as_os_str().as_encoded_bytes().ends_with(b"/") {
        let source = io::ErrorKind::IsADirectory.into();
        return Err(OutputError::Unwritable { output: target, source }.into());
    }
    if target::is_input(&target, &args.input) {
        return Err(OutputError::IsInput { output: target }.into());
    }
    let is_stream = dataset::is_stream(&target);
    let asked = args.text_column.as_deref();
    // For a table they are the columns, too.
    let is_any_row_fit = dataset::is_stream(&args.input) && format == Format::Jsonl;
    let Dataset { columns, is_empty, chunks, size } =
        Dataset::open_until(&args.input, input_format, |names| {
            is_any_row_fit && column::is_certain(names, asked)
        })?;
    let text_column = match column::of_texts(&columns, asked) {
        // Without a header, a file of no rows is whole, and so is what becomes of it.
        Err(DatasetError::Empty) if is_empty && [input_format, format] == [Format::Jsonl; 2] => String::new(),
        found => found.map_err(advice::in_flags)?,
    };
    let engine = args.model.load()?;
    let added = verdict::columns(engine.labels());
    if let Some(column) = added.iter().find(|column| columns.contains(column)) {
        return Err(DatasetError::Taken { column: column.clone() }.into());
    }
    let all_columns = [&*columns, &*added].concat();
    if let Some(column) = all_columns.iter().find(|name| !format.holds(name)) {
        return Err(DatasetError::NotForTsv { column: column.clone() }.into());
    }
    let start = Instant::now();
    let (mut output, (skip, failed_before)) = if is_stream {
        (output::stream(&target, format, &all_columns)?, (0, 0))
    } else {
        let identity = identity::of(args, &engine, input_format, &text_column, format)?;
        let file = PartFile::open(&target, all_columns, &identity, args.restart)?;
        let done = file.done();
        (Output::File(file), done)
    };
    if skip > 0 {
        say(format_args!("resuming after {skip} rows"));
    }

    let stop = signals::stop().shared();
    let is_among_rows = dataset::is_standard(&target) && io::stdout().is_terminal();
    let bar = progress::bar(skip, !is_among_rows);
    let job = Job { text_column, columns, format };
    let outcome = job::run(&engine, &job, chunks, skip, &mut output, stop.clone().map(drop), |summary| {
        progress::advance(&bar, skip + summary.rows, summary.end, size);
    })
    .await;
    bar.finish_and_clear();
    let summary = match outcome {
        Ok(summary) => summary,
        Err(error) => {
            // What was scored before is not lost; the first error is the one to tell.
            let _ = output.keep();
            return Err(error.into());
        }
    };
    let rows = skip + summary.rows;
    if let Some(signal) = stop.now_or_never() {
        output.keep()?;
        let next = match (is_stream, dataset::is_stream(&args.input)) {
            (true, _) => "",
            (false, true) => "; this input cannot be read again: start over with --restart",
            (false, false) => "; the same command resumes from there",
        };
        say(format_args!("interrupted after {rows} rows{next}"));
        return Ok(Exit::Stopped(signal));
    }
    output.finish()?;
    let seconds = start.elapsed().as_secs_f64();
    let failed = failed_before + summary.failed;
    let speed = summary.rows as f64 / seconds;
    say(format_args!("{rows} rows, {failed} with an error; {seconds:.2} s, {speed:.1} texts/s"));
    Ok(if failed > 0 { Exit::Partial } else { Exit::Done })
}
