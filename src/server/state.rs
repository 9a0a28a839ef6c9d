//! What every handler shares.

use super::assets::{Assets, AssetsError};
use crate::engine::{Engine, locate};
use leptos::config::{LeptosOptions, get_configuration};
use std::sync::Arc;

/// The engine and the page's files.
#[derive(Clone)]
pub struct AppState {
    /// Scores texts.
    pub engine: Engine,
    /// Where the page's files are and how they are named.
    pub assets: Arc<Assets>,
    /// What `cargo leptos watch` says about reloading the page.
    pub leptos_options: LeptosOptions,
}

impl AppState {
    /// A state around `engine`, with the page's files that come with the program.
    ///
    /// # Errors
    ///
    /// An [`AssetsError`] when the page's files have not been built.
    pub fn new(engine: Engine) -> Result<Self, AssetsError> {
        Ok(Self { engine, assets: Arc::new(Assets::open(&locate::site())?), leptos_options: leptos_options() })
    }
}

/// The options in the environment, where `cargo leptos watch` puts them.
fn leptos_options() -> LeptosOptions {
    get_configuration(None)
        .map(|file| file.leptos_options)
        .unwrap_or_else(|_| LeptosOptions::builder().output_name("valence").build())
}
