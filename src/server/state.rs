//! What every handler shares.

use super::{
    about::About, assets::Assets, card::Cards, feedback::Feedback, guard::Guard, limits::Limits,
    origin::Origin, traffic::Traffic, tunnel::Tunnel,
};
use crate::models::Models;
use http::HeaderMap;
use leptos::config::{LeptosOptions, get_configuration};
use std::{env, sync::Arc};

/// Below this even a sure model is wrong about as often as not between neutral and either side: on
/// neutral comments scores above it are the exception that a model can be trained to.
pub const MIXED_BELOW: f32 = 0.75;

/// The models, the page's files and the settings of the routes.
#[derive(Clone)]
pub struct AppState {
    /// They score texts.
    pub models: Models,
    /// Where the page's files are and how they are named.
    pub assets: Arc<Assets>,
    /// Draws the pictures of shared links.
    pub cards: Cards,
    /// Where this server is reached, where that is a setting; each request says so otherwise.
    pub origin: Option<Origin>,
    /// What leads to this server from elsewhere, where it is shared.
    pub tunnel: Option<Tunnel>,
    /// Where users' opinions go, if they are kept.
    pub feedback: Option<Feedback>,
    /// What each model's card says, in the models' order.
    pub abouts: Arc<[About]>,
    /// A text whose best score is below this is called mixed, where the model does not rate texts.
    pub mixed_below: f32,
    /// Who may use the endpoints for programs.
    pub guard: Guard,
    /// Whether language models have an endpoint.
    pub mcp: bool,
    /// What connections and requests may take.
    pub limits: Limits,
    /// How many requests there are and were.
    pub traffic: Arc<Traffic>,
    /// How the page learns of a rebuild, under `cargo leptos watch`.
    pub watch: Option<LeptosOptions>,
}

impl AppState {
    /// A state around `models` and the page's files, with no public origin and no feedback.
    #[must_use]
    pub fn new(models: Models, assets: Assets) -> Self {
        Self {
            models,
            assets: Arc::new(assets),
            cards: Cards::default(),
            origin: None,
            tunnel: None,
            feedback: None,
            abouts: Arc::default(),
            mixed_below: MIXED_BELOW,
            guard: Guard::default(),
            mcp: false,
            limits: Limits::default(),
            traffic: Arc::default(),
            watch: watch(),
        }
    }

    /// Below which score a text is called mixed by the model of this name, or by the default one; none where
    /// that rates texts.
    #[must_use]
    pub fn mixed_below_of(&self, model: Option<&str>) -> Option<f32> {
        let engine = self.models.get_or_first(model);
        engine.gives_probabilities().then_some(self.mixed_below)
    }

    /// Where this server is known to be reached.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origin.iter().chain(self.tunnel.as_ref().map(Tunnel::link))
    }

    /// Where this server is reached: by the link it is shared at, as it was told, or as the request
    /// says.
    #[must_use]
    pub fn reached_at(&self, headers: &HeaderMap) -> Option<Origin> {
        let known = match &self.tunnel {
            // A link that was given beforehand leads nowhere either once the tunnel has ended.
            Some(tunnel) => tunnel.open_link(),
            None => self.origin.as_ref(),
        };
        known.cloned().or_else(|| Origin::of_request(headers))
    }
}

/// The options that `cargo leptos watch` puts into the environment, and only then.
fn watch() -> Option<LeptosOptions> {
    env::var_os("LEPTOS_WATCH")?;
    get_configuration(None).ok().map(|file| file.leptos_options)
}
