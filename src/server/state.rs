//! What every handler shares.

use super::assets::{Assets, AssetsError};
use crate::{engine::locate, models::Models};
use leptos::config::{LeptosOptions, get_configuration};
use std::{env, sync::Arc};

/// The models and the page's files.
#[derive(Clone)]
pub struct AppState {
    /// They score texts.
    pub models: Models,
    /// Where the page's files are and how they are named.
    pub assets: Arc<Assets>,
    /// How the page learns of a rebuild, under `cargo leptos watch`.
    pub watch: Option<LeptosOptions>,
}

impl AppState {
    /// A state around `models`, with the page's files that come with the program.
    ///
    /// # Errors
    ///
    /// An [`AssetsError`] when the page's files have not been built.
    pub fn new(models: Models) -> Result<Self, AssetsError> {
        Ok(Self { models, assets: Arc::new(Assets::open(&locate::site())?), watch: watch() })
    }
}

/// The options that `cargo leptos watch` puts into the environment, and only then.
fn watch() -> Option<LeptosOptions> {
    env::var_os("LEPTOS_WATCH")?;
    get_configuration(None).ok().map(|file| file.leptos_options)
}
