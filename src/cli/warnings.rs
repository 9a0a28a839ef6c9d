//! Warnings: what the engine and the Hub's client have to say while a verb runs that keeps no log.

use super::say;
use std::fmt::{Debug, Write as _};
use tracing::{Event, Level, Subscriber, field::Field};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

/// From now on each warning is a line on standard error; libraries' are not the user's concern.
pub fn show() {
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::WARN);
    tracing_subscriber::registry().with(Lines.with_filter(own)).init();
}

/// Says what it hears.
struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = String::new();
        // A string takes in all that is written.
        event.record(&mut |field: &Field, value: &dyn Debug| {
            let _ = match field.name() {
                "message" => write!(line, "{value:?}"),
                name => write!(line, " {name}={value:?}"),
            };
        });
        say(line);
    }
}
