//! Telemetry: where log lines go and, where it is asked for, spans.
//!
//! The log is lines for a person or JSON for a collector, on standard error. Spans of the target
//! [`TRACE`] go to an OpenTelemetry collector and nowhere else, so a log line never holds more than
//! its request's id, method and route.

mod lines;
mod otlp;

use crate::engine::timing::TRACE;
pub use lines::{Lines, lines_dropped};
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::trace::SdkTracerProvider;
pub use otlp::{Endpoint, UnfitEndpoint};
use std::{
    env,
    io::{self, IsTerminal},
};
use tracing::{Level, Subscriber, subscriber::with_default};
use tracing_appender::non_blocking::NonBlocking;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, Targets, filter_fn},
    fmt::layer,
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For a person.
    Text,
    /// For a program, an object a line.
    Json,
}

impl LogFormat {
    /// Text where a terminal reads it, else JSON.
    #[must_use]
    pub fn for_stderr() -> Self {
        if io::stderr().is_terminal() { Self::Text } else { Self::Json }
    }
}

/// What has to be done at the end: spans that wait are sent when it is dropped.
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts to log into `lines`, as `RUST_LOG` says, and to trace where there is a collector.
///
/// # Errors
///
/// An [`ExporterBuildError`] where OpenTelemetry's variables (`OTEL_…`) contradict each other.
pub fn start(
    lines: &Lines,
    format: LogFormat,
    collector: Option<&Endpoint>,
) -> Result<Telemetry, ExporterBuildError> {
    let asked = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    if let Some(word) = env::var(EnvFilter::DEFAULT_ENV).ok().as_deref().and_then(no_level) {
        // Past what is asked for, which leaves it out.
        let told = tracing_subscriber::registry().with(log(lines.queue(), format, EnvFilter::new("warn")));
        with_default(told, || {
            tracing::warn!(
                word,
                "this word of RUST_LOG is no level, so it is taken for a library's name and nothing of the server \
                 is logged; levels are error, warn, info, debug, trace and off"
            );
        });
    }
    let collector = collector.filter(|_| !otlp::is_disabled());
    let provider = collector.map(|collector| {
        // Which of OpenTelemetry's variables ask for what is not done is told while it is made.
        let told = tracing_subscriber::registry().with(log(lines.queue(), format, asked.clone()));
        with_default(told, || otlp::provider(collector))
    });
    let provider = provider.transpose()?;
    let traces = provider.as_ref().map(|provider| {
        otlp::layer(provider).with_filter(Targets::new().with_target(TRACE, LevelFilter::TRACE))
    });
    tracing_subscriber::registry().with(traces).with(log(lines.queue(), format, asked)).init();
    Ok(Telemetry(provider))
}

/// The word of `RUST_LOG` that may have been meant as a level, where it has none for the lines of this
/// program.
fn no_level(asked: &str) -> Option<&str> {
    let words = || asked.split(',').map(str::trim);
    let is_ours =
        |word: &str| word.parse::<LevelFilter>().is_ok() || word.starts_with(env!("CARGO_CRATE_NAME"));
    words().find(|word| !word.contains('=')).filter(|_| !words().any(is_ours))
}

/// The layer that writes what is `asked` for into the log.
fn log<S>(queue: NonBlocking, format: LogFormat, asked: EnvFilter) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let has_colours = io::stderr().is_terminal() && !is_plain;
    let layer = layer().with_writer(queue).with_ansi(has_colours);
    let layer = match format {
        LogFormat::Text => layer.compact().boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_span_list(false).boxed(),
    };
    // Below `info` libraries tell what they read: the tokenizer each letter of a text, HTTP's the
    // headers. rmcp does so at any level. What OpenTelemetry tells of each batch that is not taken,
    // `otlp` tells once.
    let fit = filter_fn(|line| match line.target() {
        TRACE => false,
        target if target.starts_with(env!("CARGO_CRATE_NAME")) => true,
        target if target.starts_with("opentelemetry") && otlp::is_told_here(line.name()) => false,
        target => *line.level() <= Level::INFO && !target.starts_with("rmcp"),
    });
    // A filter by function that does not say so may want every level, and then the tokenizer's
    // trace lines, several a letter, are made before they are thrown away.
    layer.with_filter(asked.and(fit.with_max_level_hint(LevelFilter::TRACE)))
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_found_where_it_silences_this_program() {
        for word in ["warning", "hyper"] {
            assert_eq!(no_level(word), Some(word));
        }
        assert_eq!(no_level("ort=warn, none"), Some("none"));
        for fit in ["", "warn", "OFF", "3", "info,hyper", "hyper=debug", "valence", "valence::api=warn,x"] {
            assert_eq!(no_level(fit), None, "{fit}");
        }
    }
}
