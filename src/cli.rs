//! The command line: a verb, its flags, its exit code. Each verb has a file of its own.
//!
//! Flags and environment variables become options here; what they mean is each module's to say.

pub mod address;
pub mod advice;
mod again;
pub mod allocator;
pub mod analyze;
pub mod batch;
pub mod bench;
pub mod completions;
pub mod environment;
pub mod error;
pub mod eval;
pub mod exit;
pub mod guard_args;
pub mod health;
pub mod library_telemetry;
pub mod model;
pub mod model_args;
pub mod openapi;
pub mod serve;
pub mod share_args;
mod values;
mod warnings;

use crate::{
    server::{site::Site, telemetry::Lines},
    signals,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use error::CliError;
use exit::Exit;
use std::{
    env, fmt,
    io::{self, Write},
    time::Duration,
};

/// What `--help` says at its end.
const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed; one line on standard error says why
  2    the command line was not understood
  3    done, but some rows have an error (batch), or a file is damaged
       (model verify)
  130  interrupted by Ctrl-C (SIGTERM: 143); batch resumes when it is started
       again; serve, once it listens, ends with 0, and at a second Ctrl-C
       with 130
  141  the reader of standard output has closed it

Results go to standard output, all else to standard error. NO_COLOR switches colours off.";

/// What a server's last writes may take beyond the time of grace.
const LAST_WRITES: Duration = Duration::from_secs(1);

/// A sentiment analyzer: a page, a server and a tool for files.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; serves if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The flags of `serve`, which may be given without its name.
    #[command(flatten)]
    pub serve: serve::ServeArgs,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page
    Serve(serve::ServeArgs),
    /// Ask the server on this machine whether it can answer
    Health(health::HealthArgs),
    /// Analyze one text
    Analyze(analyze::AnalyzeArgs),
    /// Score every row of a file
    Batch(batch::BatchArgs),
    /// Measure how well the model does on a file of labelled texts
    Eval(eval::EvalArgs),
    /// Measure how fast the engine is on this machine
    Bench(bench::BenchArgs),
    /// Pull, list, show and verify models
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// Print the description of the HTTP interface, as OpenAPI 3.1
    Openapi,
    /// Print a script that completes this command line in a shell
    Completions(completions::CompletionsArgs),
}

/// Says on standard error, in one line, what is no result. Where nobody reads that any more, nothing is
/// lost.
pub fn say(what: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "valence: {}", visible(&what.to_string()));
}

/// What others have written, such as texts and names, without control characters, which could steer the
/// terminal.
fn visible(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

impl Command {
    /// Whether it holds a model for long, so that its memory matters.
    fn stays(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Batch(_))
    }
}

impl Cli {
    /// What the command line and the environment say, or nothing where they ask for help or the version
    /// alone, which then is printed; ends the process where they cannot be understood.
    ///
    /// # Errors
    ///
    /// [`CliError::Output`].
    pub fn read() -> Result<Option<Self>, CliError> {
        let command = environment::leave_to_serve(Self::command(), env::args_os());
        let mut command = environment::ignore_unset(command);
        let matches = match command.try_get_matches_from_mut(env::args_os()) {
            Ok(matches) => matches,
            Err(error) if error.use_stderr() => {
                environment::with_variable(command, env::args_os(), error).exit()
            }
            Err(help) => return help.print().map(|()| None).map_err(CliError::Output),
        };
        share_args::check(&mut command, &matches)
            .and_then(|()| model_args::check(&mut command, &matches))
            .unwrap_or_else(|error| error.exit());
        Ok(Some(Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())))
    }

    /// Does what the command line says; `site` is what the program has of the page.
    ///
    /// # Errors
    ///
    /// Whatever keeps the verb from being done.
    pub fn run(self, site: Site) -> anyhow::Result<Exit> {
        let command = self.command.unwrap_or(Command::Serve(self.serve));
        if command.stays() {
            allocator::fix_mmap_threshold();
        }
        if !matches!(command, Command::Serve(_)) {
            warnings::show();
        }
        let runtime = tokio::runtime::Runtime::new().map_err(CliError::Threads)?;
        signals::end_until_heard(&runtime);
        signals::survive_closed_pipes(&runtime);
        let done = |()| Exit::Done;
        match command {
            Command::Serve(args) => {
                // Dropped last: what is cut off at the end has a line too.
                let lines = Lines::start();
                let mut engines = Vec::new();
                let served = runtime.block_on(serve::run(&args, site, &lines, &mut engines));
                // What blocks even now, as a disk may for ever, has no request any more.
                runtime.shutdown_timeout(LAST_WRITES);
                // But a run of a model ends first, as `Batcher` says.
                drop(engines);
                served.map(done)
            }
            Command::Health(args) => Ok(health::run(&args).map(done)?),
            Command::Analyze(args) => runtime.block_on(analyze::run(&args)).map(done),
            Command::Batch(args) => runtime.block_on(batch::run(&args)),
            Command::Eval(args) => runtime.block_on(eval::run(&args)).map(done),
            Command::Bench(args) => runtime.block_on(bench::run(&args)).map(done),
            Command::Model(command) => model::run(&command),
            Command::Openapi => openapi::run().map(done),
            Command::Completions(args) => Ok(completions::run(&args).map(done)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::dtype::Dtype, loading::locate};
    use std::path::PathBuf;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    // What was broken for a wider terminal was broken once more.
    #[test]
    fn help_is_broken_into_lines_once() {
        let all = Cli::command();
        for command in [&all].into_iter().chain(all.get_subcommands()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for paragraph in help.split("\n\n").filter(|paragraph| paragraph.contains('\n')) {
                assert!(paragraph.lines().all(|line| line.len() < 80), "{paragraph}");
            }
        }
    }

    #[test]
    fn serves_without_a_verb() {
        let cli = Cli::try_parse_from(["valence", "--port", "8000"]).expect("flags of serve");
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.address.port, 8000);
    }

    #[test]
    fn takes_several_models_and_shares_the_cache_among_them() {
        let models = |flags: &[&str]| {
            let cli = Cli::try_parse_from([&["valence", "--cache-mb", "10"], flags].concat()).expect("flags");
            let engines = cli.serve.engines();
            engines.into_iter().map(|engine| (engine.model, engine.cache.bytes)).collect::<Vec<_>>()
        };
        let both = ["a", "b"].map(|folder| (PathBuf::from(folder).into(), 5_000_000));
        assert_eq!(models(&["--model", "a", "--model", "b"]), both);
        assert_eq!(models(&["--model", "a,b"]), both);
        assert_eq!(models(&[]), [(locate::model().into(), 10_000_000)]);
    }

    #[test]
    fn a_precision_is_chosen_by_name_or_by_the_device() {
        let dtype = |flags: &[&str]| {
            Cli::try_parse_from([&["valence"], flags].concat()).map(|cli| cli.serve.engines()[0].dtype)
        };
        for auto in [&[][..], &["--dtype", "auto"]] {
            assert_eq!(dtype(auto).expect("a choice"), None);
        }
        assert_eq!(dtype(&["--dtype", "fp16"]).expect("a precision"), Some(Dtype::Fp16));
        assert!(dtype(&["--dtype", "int4"]).is_err());
        let pull = ["valence", "model", "pull", "owner/name", "--dtype", "auto"];
        assert!(Cli::try_parse_from(pull).is_ok());
    }

    #[test]
    fn what_others_have_written_cannot_steer_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{9b}2Jd"), "a [2Jb c 2Jd");
    }

    #[test]
    fn refuses_a_queue_that_holds_nothing() {
        assert!(Cli::try_parse_from(["valence", "--queue", "0"]).is_err());
    }
}
