//! The program: parses the command line, runs one verb, turns an error into one line.

use anyhow::Context;
use clap::Parser;
use std::{io::IsTerminal, process::ExitCode, sync::Arc};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use valence::{
    cli::{Cli, Command, EvalArgs, ServeArgs},
    engine::{Engine, load::EngineOptions},
    eval::{self, faithfulness},
    models::Models,
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
    let engines = args.engines();
    let models = models(&engines)?;
    let folder = engines.first().and_then(|engine| engine.model.folder());
    let state = AppState {
        origin: args.origin(),
        feedback: args.feedback.as_deref().map(Feedback::open).transpose()?,
        about: Arc::new(About::read(models.first().model(), folder)),
        mixed_below: args.mixed_below,
        ..AppState::new(models)?
    };
    server::serve(state, args.host(), args.port).await?;
    Ok(())
}

/// Loads every model before the server listens.
fn models(options: &[EngineOptions]) -> anyhow::Result<Models> {
    let (first, others) = options.split_first().context("no model is named")?;
    let models = Models::new(Engine::load(first)?);
    for options in others {
        models.add(Engine::load(options)?)?;
    }
    Ok(models)
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
