//! `valence serve`: loads the models, then answers requests until the process is told to stop.

use super::{guard_args::GuardArgs, model_args::ModelArgs};
use crate::{
    engine::{Engine, cache::CacheLimits, load::EngineOptions},
    models::Models,
    server::{
        self,
        about::About,
        feedback::Feedback,
        limits::Limits,
        origin::Origin,
        state::{self, AppState},
    },
};
use anyhow::Context;
use clap::Args;
use std::{
    env,
    io::{self, IsTerminal},
    net::IpAddr,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Where and what to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1, in a container 0.0.0.0]
    #[arg(long, env = "HOST")]
    pub host: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "PORT", default_value_t = 7860)]
    pub port: u16,
    /// Texts that may wait for a model; one more is refused
    #[arg(long, env = "VALENCE_QUEUE", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// Megabytes of answers to keep for texts that come again, shared among the models; 0 keeps none
    #[arg(long, env = "VALENCE_CACHE_MB", default_value_t = 16)]
    pub cache_mb: u32,
    /// Seconds for which an answer is kept
    #[arg(long, env = "VALENCE_CACHE_SECONDS", default_value_t = 3600)]
    pub cache_seconds: u32,
    /// Address that links and previews name [default: the Space's, else what each request says]
    #[arg(long, env = "VALENCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,
    /// A text whose best score is below this is called mixed
    #[arg(long, env = "VALENCE_MIXED_BELOW", value_name = "SCORE", default_value_t = state::MIXED_BELOW, value_parser = share)]
    pub mixed_below: f32,
    /// File that keeps what users think of an answer, with the text; without it nothing is kept
    #[arg(long, env = "VALENCE_FEEDBACK", value_name = "FILE")]
    pub feedback: Option<PathBuf>,
    /// Answer language models at /mcp, by the Model Context Protocol
    #[arg(long, env = "VALENCE_MCP")]
    pub mcp: bool,
    /// Who may come in.
    #[command(flatten)]
    pub guard: GuardArgs,
    /// Connections at once; one more is closed
    #[arg(long, env = "VALENCE_CONNECTIONS", value_name = "NUMBER", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: u32,
    /// Seconds within which an answer begins, or is given up
    #[arg(long, env = "VALENCE_TIMEOUT", value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub timeout: u32,
    /// Seconds that requests under way have when the process is told to stop
    #[arg(long, env = "VALENCE_GRACE", value_name = "SECONDS", default_value_t = 25)]
    pub grace: u32,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
}

impl ServeArgs {
    /// The address to listen on: every interface in a container, whose network is its own.
    #[must_use]
    pub fn host(&self) -> IpAddr {
        self.host.unwrap_or(if in_container() { [0, 0, 0, 0].into() } else { [127, 0, 0, 1].into() })
    }
}

impl ServeArgs {
    /// Where the server is reached, if that is known beforehand.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.public_url.clone().or_else(Origin::of_space)
    }

    /// What connections and requests may take.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Limits {
            connections: self.connections as usize,
            answer: seconds(self.timeout),
            grace: seconds(self.grace),
            ..Limits::default()
        }
    }

    /// The options of each model's engine, never none; together they have the cache's megabytes.
    #[must_use]
    pub fn engines(&self) -> Vec<EngineOptions> {
        let engines = self.model.engines(self.queue);
        let cache = CacheLimits {
            bytes: u64::from(self.cache_mb) * 1_000_000 / engines.len() as u64,
            lifetime: Duration::from_secs(self.cache_seconds.into()),
        };
        engines.into_iter().map(|engine| EngineOptions { cache, ..engine }).collect()
    }
}

/// Serves until the process is told to stop.
///
/// # Errors
///
/// Whatever keeps a model from loading or the server from listening.
pub async fn run(args: &ServeArgs) -> anyhow::Result<()> {
    log();
    let engines = args.engines();
    let models = models(&engines)?;
    let folder = engines.first().and_then(|engine| engine.model.folder());
    let state = AppState {
        origin: args.origin(),
        feedback: args.feedback.as_deref().map(Feedback::open).transpose()?,
        about: Arc::new(About::read(models.first().model(), folder)),
        mixed_below: args.mixed_below,
        guard: args.guard.guard(),
        mcp: args.mcp,
        limits: args.limits(),
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

/// Logs to standard error: lines for a person at a terminal, JSON for a collector.
fn log() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    // It logs what its clients send, texts included.
    let filter = filter.add_directive("rmcp=off".parse().expect("a directive"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().init();
    }
}

/// A number from 0 to 1.
fn share(number: &str) -> Result<f32, String> {
    let share = number.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "not a number from 0 to 1".into())
}

/// Whether this process runs in a container, by the marks that Docker, Podman, Kubernetes and
/// Hugging Face Spaces leave.
fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|file| PathBuf::from(file).exists())
        || ["KUBERNETES_SERVICE_HOST", "SPACE_ID"].iter().any(|name| env::var_os(name).is_some())
}
