//! `valence batch`: a file of texts in, the same file with the model's verdicts out.

mod identity;
mod progress;
mod target;

use super::{advice, exit::Exit, model_args::ModelArgs, say};
use crate::{
    columns,
    dataset::{
        self, Dataset, column,
        error::{DatasetError, Role},
        format::Format,
    },
    job::{
        self, Job, Rest,
        output::{self, Output, OutputError, parts::PartFile},
    },
    signals,
};
use clap::Args;
use futures_util::FutureExt;
use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// What to read, what to write.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
All columns are kept. Added are predicted_label, predicted_score, score_<LABEL> for every label, and error, which \
says why a text that is blank or too long, or in JSONL a list, an object or a truth value, has no scores, and what is \
wrong with a row that cannot be read: one of CSV or TSV with more or fewer fields than the header, or with a quote that \
is left open, which in CSV takes in all that follows; a line that is neither a JSON object nor a string; or more than \
16 MB. Lines of a file with one column are read whole. \
Such a row stays in its place, empty but for what is known of it; a line without anything is no row. What an output \
cannot hold is left out of its row, which error says too: of JSONL a member that the first rows do not have, where a \
table is written, or one with the name of an added column; for TSV a value with a tab or a line break. Of columns with \
one name, also of one that is added, the second is called NAME_2, and so on. Times of a zone with a name, such as Europe/Berlin, are in UTC wherever \
they are written as text. CSV may have semicolons, bars or tabs for commas, if its header has them; it is written with \
commas.

Where the name of the column of texts tells little, its first 20 rows are looked at, or those of them that a pipe has \
brought: pros and the names after it give way to a column with clearly more words, and a plural such as reviews, where \
it has no words, to such a name. The last line says then which column was scored.

A text that is longer than the model reads at once is read in windows that overlap, and its scores are the mean of \
theirs. The columns do not tell how many there were: `valence analyze` and the API do.

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
    /// pros, cons, response, answer, description, summary or title, or a column alone]
    #[arg(long, value_name = "NAME")]
    pub text_column: Option<String>,
    /// Discard what an interrupted run has left
    #[arg(long)]
    pub restart: bool,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

/// What is read and written.
struct Plan {
    input_format: Format,
    /// Where the output's name leads to.
    target: PathBuf,
    format: Format,
}

/// Scores every row.
///
/// # Errors
///
/// Whatever keeps the input from being read, the texts from being scored or the output from being
/// written.
pub async fn run(args: &BatchArgs) -> anyhow::Result<Exit> {
    let plan = plan(args)?;
    let is_stream = dataset::is_stream(&plan.target);
    let (Dataset { columns, chunks, size, .. }, text_column) = open(args, &plan)?;
    let Plan { input_format, target, format } = plan;
    let engine = args.model.load()?;
    let all_columns = all_columns(&columns, engine.labels(), format)?;
    let added = all_columns[columns.len()..].to_vec();
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
    let job = Job { text_column, columns, added, format };
    let rest = Rest { chunks, done: skip };
    // At once, as the rows under way may take long.
    let told = tokio::spawn(stop.clone().map({
        let bar = bar.clone();
        move |_| bar.suspend(|| say("stopping once the next rows are written; Ctrl-C again does not wait"))
    }));
    let outcome = job::run(&engine, &job, rest, &mut output, stop.clone().map(drop), |summary| {
        progress::advance(&bar, skip + summary.rows, summary.end, size);
    })
    .await;
    told.abort();
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
        let next = next(is_stream, &args.input);
        say(format_args!("interrupted after {rows} rows{next}"));
        return Ok(Exit::Stopped(signal));
    }
    output.finish()?;
    let is_guess = args.text_column.is_none() && !columns::are_clear(&job.columns);
    let guess = is_guess.then_some(job.text_column.as_str());
    Ok(report(rows, failed_before + summary.failed, summary.rows, start.elapsed(), guess))
}

/// What the command line asks for.
fn plan(args: &BatchArgs) -> anyhow::Result<Plan> {
    let input_format = Format::of(&args.input, args.input_format, Role::Input).map_err(advice::in_flags)?;
    let target = target::of(&args.output)?;
    let format = match Format::of(&args.output, args.format, Role::Output) {
        Err(DatasetError::UnknownFormat { .. }) if dataset::is_standard(&target) => input_format,
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
    Ok(Plan { input_format, target, format })
}

/// The input, and the name of its column of texts.
fn open(args: &BatchArgs, plan: &Plan) -> anyhow::Result<(Dataset, String)> {
    let asked = args.text_column.as_deref();
    // For a table they are the columns, too.
    let is_any_row_fit = dataset::is_stream(&args.input) && plan.format == Format::Jsonl;
    let dataset = Dataset::open_until(&args.input, plan.input_format, |names| {
        is_any_row_fit && column::is_certain(names, asked)
    })?;
    let are_jsonl = [plan.input_format, plan.format] == [Format::Jsonl; 2];
    let text_column = match column::of_texts(&dataset.columns, &dataset.first, asked) {
        // Without a header, a file of no rows is whole, and so is what becomes of it.
        Err(DatasetError::Empty) if dataset.is_empty && are_jsonl => String::new(),
        found => found.map_err(advice::in_flags)?,
    };
    Ok((dataset, text_column))
}

/// The columns of the output: the input's, and those that scores of these `labels` become.
fn all_columns(columns: &[String], labels: &[String], format: Format) -> Result<Vec<String>, DatasetError> {
    let all = columns::distinct(columns.iter().cloned().chain(columns::added(labels)));
    match all.iter().find(|name| !format.holds(name)) {
        Some(column) => Err(DatasetError::NotForTsv { column: column.clone() }),
        None => Ok(all),
    }
}

/// How to go on after an interruption.
fn next(is_stream: bool, input: &Path) -> &'static str {
    match (is_stream, dataset::is_stream(input)) {
        (true, _) => "",
        (false, true) => "; this input cannot be read again: start over with --restart",
        (false, false) => "; the same command resumes from there",
    }
}

/// Says what became of all rows, how fast the `scored` ones of this run were, and which column was a `guess`.
fn report(rows: u64, failed: u64, scored: u64, time: Duration, guess: Option<&str>) -> Exit {
    let seconds = time.as_secs_f64();
    let speed = scored as f64 / seconds;
    let guess = guess.map_or_else(String::new, |column| {
        format!("; scored the column {column:?}, a guess: --text-column names another")
    });
    say(format_args!("{rows} rows, {failed} with an error; {seconds:.2} s, {speed:.1} texts/s{guess}"));
    if failed > 0 { Exit::Partial } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Their name ended the run, as that of a file which has been scored before.
    #[test]
    fn columns_are_added_under_names_that_are_free_where_the_format_holds_all() {
        let of = |columns: &[&str], format| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            all_columns(&columns, &[], format)
        };
        let added = ["error", "a\tb", "predicted_label", "predicted_score", "error_2"];
        assert_eq!(of(&added[..2], Format::Csv).expect("fit"), added);
        assert!(matches!(of(&["a\tb"], Format::Tsv), Err(DatasetError::NotForTsv { .. })));
    }
}
