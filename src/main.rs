//! The program: parses the command line, runs one verb, turns an error into one line.

use anyhow::Context;
use clap::Parser;
use std::{io::IsTerminal, process::ExitCode, sync::Arc};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use valence::{
    cli::{Cli, Command, EvalArgs, ServeArgs},
    engine::Engine,
    eval::{self, faithfulness},
    sentiment::Method,
    server::{self, about::About, feedback::Feedback, state::AppState},
};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("valence: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the async runtime")?;
    match cli.command {
        None => runtime.block_on(serve(&cli.serve)),
        Some(Command::Serve(args)) => runtime.block_on(serve(&args)),
        Some(Command::Eval(args)) => runtime.block_on(evaluate(&args)),
    }
}

async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    log();
    let options = args.engine();
    let engine = Engine::load(&options)?;
    let about = Arc::new(About::read(engine.model(), &options.model));
    let feedback = args.feedback.as_deref().map(Feedback::open).transpose()?;
    let mixed_below = args.mixed_below;
    let state = AppState { origin: args.origin(), feedback, about, mixed_below, ..AppState::new(engine)? };
    server::serve(state, args.host(), args.port).await?;
    Ok(())
}

async fn evaluate(args: &EvalArgs) -> anyhow::Result<()> {
    // Nothing is refused: the texts wait here, not at a client.
    let engine = Engine::load(&args.model.engine(u16::MAX))?;
    let rows = eval::read(&args.file)?;
    println!("{}", eval::accuracy(&engine, &rows).await?);
    if args.faithfulness {
        for method in [Method::LeaveOneOut, Method::Shapley] {
            println!("{}", faithfulness::measure(&engine, &rows, method).await?);
        }
    }
    Ok(())
}

/// Logs to standard error: lines for a person at a terminal, JSON for a collector.
fn log() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().init();
    }
}
