//! What every handler shares.

use super::assets::{Assets, AssetsError};
use crate::engine::{Engine, locate};
use leptos::config::{LeptosOptions, get_configuration};
use std::{env, sync::Arc};

/// The engine and the page's files.
#[derive(Clone)]
pub struct AppState {
    /// Scores texts.
    pub engine: Engine,
    /// Where the page's files are and how they are named.
    pub assets: Arc<Assets>,
    /// How the page learns of a rebuild, under `cargo leptos watch`.
    pub watch: Option<LeptosOptions>,
}

impl AppState {
    /// A state around `engine`, with the page's files that come with the program.
    ///
    /// # Errors
    ///
    /// An [`AssetsError`] when the page's files have not been built.
    pub fn new(engine: Engine) -> Result<Self, AssetsError> {
        Ok(Self { engine, assets: Arc::new(Assets::open(&locate::site())?), watch: watch() })
    }
}

/// The options that `cargo leptos watch` puts into the environment, and only then.
fn watch() -> Option<LeptosOptions> {
    env::var_os("LEPTOS_WATCH")?;
    get_configuration(None).ok().map(|file| file.leptos_options)
}
