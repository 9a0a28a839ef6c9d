//! `valence serve`: loads the models, then answers requests until the process is asked to stop.

use super::{
    address::AddressArgs,
    guard_args::GuardArgs,
    model_args::ModelArgs,
    share_args::ShareArgs,
    values::{fraction, switch, whole},
};
use crate::{
    engine::{Engine, cache::CacheLimits},
    loading::{self, EngineOptions},
    models::Models,
    server::{
        self,
        about::About,
        assets::Assets,
        feedback::Feedback,
        limits::{self, Limits},
        origin::Origin,
        panic,
        site::Site,
        state::{self, AppState},
        telemetry::{self, Endpoint, Lines, LogFormat},
    },
};
use clap::Args;
use std::{env, path::PathBuf, time::Duration};

/// Where and what to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// The address.
    #[command(flatten)]
    pub address: AddressArgs,
    /// Rows that may wait for a model; a text that finds no room is refused. A row is what the model
    /// reads at once: a text, a window of a long one, a sentence, a text with a part hidden
    #[arg(long, env = "VALENCE_QUEUE", default_value_t = 256, value_parser = whole(1..=u16::MAX))]
    pub queue: u16,
    /// Megabytes of answers to keep for repeated texts, shared among the models; 0 keeps none
    #[arg(long, env = "VALENCE_CACHE_MB", default_value_t = 16, value_parser = whole(0..=u32::MAX))]
    pub cache_mb: u32,
    /// Seconds for which an answer is kept
    #[arg(long, env = "VALENCE_CACHE_SECONDS", default_value_t = 3600, value_parser = whole(0..=u32::MAX))]
    pub cache_seconds: u32,
    /// Address that links and previews name [default: the Space's, else what each request says]
    #[arg(long, env = "VALENCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,
    /// A text whose best score is below this is called mixed
    #[arg(long, env = "VALENCE_MIXED_BELOW", value_name = "SCORE", default_value_t = state::MIXED_BELOW, value_parser = fraction)]
    pub mixed_below: f32,
    /// File that keeps users' opinions of an answer, with the text; without it nothing is kept
    #[arg(long, env = "VALENCE_FEEDBACK", value_name = "FILE")]
    pub feedback: Option<PathBuf>,
    /// Answer language models at /mcp, by the Model Context Protocol
    #[arg(long, env = "VALENCE_MCP", value_parser = switch)]
    pub mcp: bool,
    /// Who may come in.
    #[command(flatten)]
    pub guard: GuardArgs,
    /// Connections at once; one more is closed
    #[arg(long, env = "VALENCE_CONNECTIONS", value_name = "NUMBER", default_value_t = limits::CONNECTIONS, value_parser = whole(1..=u32::MAX))]
    pub connections: u32,
    /// Seconds within which an answer must begin, or the server gives up on it
    #[arg(long, env = "VALENCE_TIMEOUT", value_name = "SECONDS", default_value_t = limits::TIMEOUT, value_parser = whole(1..=u32::MAX))]
    pub timeout: u32,
    /// Seconds that requests under way have left once the process is asked to stop
    #[arg(long, env = "VALENCE_GRACE", value_name = "SECONDS", default_value_t = limits::GRACE, value_parser = whole(0..=u32::MAX))]
    pub grace: u32,
    /// Whether the world may come in.
    #[command(flatten)]
    pub share: ShareArgs,
    /// How log lines are written [default: text at a terminal, else json]
    #[arg(long, env = "VALENCE_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Address of an OpenTelemetry collector, which gets traces over HTTP [default: none are made]
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp: Option<Endpoint>,
    /// The model.
    #[command(flatten)]
    pub model: ModelArgs,
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
        let engines = self.model.engines(self.queue.into());
        let cache = CacheLimits {
            bytes: u64::from(self.cache_mb) * 1_000_000 / engines.len() as u64,
            lifetime: Duration::from_secs(self.cache_seconds.into()),
        };
        engines.into_iter().map(|engine| EngineOptions { cache, ..engine }).collect()
    }
}

/// Serves until the process is asked to stop, and logs into `lines`; `engines` are then those that it used.
///
/// # Errors
///
/// Whatever keeps a model from loading or the server from listening.
pub async fn run(
    args: &ServeArgs,
    site: Site,
    lines: &Lines,
    engines: &mut Vec<Engine>,
) -> anyhow::Result<()> {
    let format = args.log_format.unwrap_or_else(LogFormat::for_stderr);
    let _telemetry = telemetry::start(lines, format, args.otlp.as_ref())?;
    panic::log();
    if args.address.host.is_none() && env::var_os("HOST").is_some_and(|host| !host.is_empty()) {
        tracing::warn!("HOST is not an IP address, so it is taken for 127.0.0.1; set one with --host");
    }
    let share = args.share.client()?;
    // Where `cargo leptos watch` writes them.
    let folder = env::var_os("LEPTOS_SITE_ROOT").filter(|folder| !folder.is_empty());
    let site = folder.map_or(site, |folder| Site::Folder(folder.into()));
    let options = args.engines();
    let models = models(&options)?;
    *engines = models.all();
    let about = |(engine, options): (&Engine, &EngineOptions)| About::read(engine, options.model.folder());
    let state = AppState {
        origin: args.origin(),
        feedback: args.feedback.as_deref().map(Feedback::open).transpose()?,
        abouts: engines.iter().zip(&options).map(about).collect(),
        mixed_below: args.mixed_below,
        guard: args.guard.guard(),
        mcp: args.mcp,
        limits: args.limits(),
        ..AppState::new(models, Assets::open(site)?)
    };
    server::serve(state, args.address.host(), args.address.port, share.as_ref()).await?;
    Ok(())
}

/// Loads every model before the server listens.
fn models(options: &[EngineOptions]) -> anyhow::Result<Models> {
    let (first, others) = options.split_first().expect("never none, as ServeArgs::engines says");
    let mut models = Models::new(loading::load(first)?);
    for options in others {
        models.add(loading::load(options)?)?;
    }
    Ok(models)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn serve(flags: &[&str]) -> ServeArgs {
        Cli::try_parse_from([&["valence"], flags].concat()).expect("flags of serve").serve
    }

    #[test]
    fn each_flag_sets_its_limit() {
        let limits = serve(&["--connections", "7", "--timeout", "5", "--grace", "3"]).limits();
        let (answer, grace) = (Duration::from_secs(5), Duration::from_secs(3));
        assert_eq!(limits, Limits { connections: 7, answer, grace, ..Limits::default() });
        assert_eq!(serve(&[]).limits(), Limits::default());
    }

    #[test]
    fn each_flag_sets_its_option_of_the_engine() {
        let flags = "--queue 9 --sessions 2 --threads 3 --batch-tokens 64 --max-tokens 99 --cache-mb 4 --cache-seconds 11";
        let engines = serve(&flags.split(' ').collect::<Vec<_>>()).engines();
        let [engine] = &engines[..] else { panic!("one engine") };
        assert_eq!((engine.queue, engine.sessions, engine.threads), (9, 2, 3));
        assert_eq!((engine.batch_tokens, engine.max_tokens), (64, 99));
        assert_eq!(engine.cache, CacheLimits { bytes: 4_000_000, lifetime: Duration::from_secs(11) });
    }

    #[test]
    fn a_score_below_which_a_text_is_mixed_is_from_0_to_1() {
        assert_eq!(serve(&["--mixed-below", "0.9"]).mixed_below, 0.9);
        assert_eq!(serve(&[]).mixed_below, state::MIXED_BELOW);
        for other in ["1.1", "-0.1", "NaN", "half"] {
            assert!(Cli::try_parse_from(["valence", &format!("--mixed-below={other}")]).is_err(), "{other}");
        }
    }
}
