//! The server: every route and layer, used by the program and by the tests.

// For people: the page, and what a shared link shows elsewhere.
pub mod about;
pub mod assets;
pub mod card;
pub mod code;
pub mod docs;
pub mod document;
pub mod link;
pub mod page;
pub mod qr;
pub mod site;
pub mod status;
pub mod words;

// For programs, and who may come in.
pub mod api;
pub mod guard;
pub mod health;
pub mod info;
pub mod mcp;
pub mod metrics;
pub mod openapi;

// How any of them comes to an answer or an error.
pub mod analysis;
pub mod apart;
pub mod ascii;
pub mod failure;
pub mod feedback;
pub mod forgery;
pub mod functions;
pub mod origin;
pub mod state;
pub mod steps;

// Around every request, from its connection to the log.
pub mod compression;
pub mod limits;
pub mod listen;
pub mod log;
pub mod pace;
pub mod panic;
pub mod request;
pub mod request_id;
pub mod room;
pub mod security;
pub mod telemetry;
pub mod traffic;
pub mod tunnel;

use crate::signals;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use futures_util::FutureExt;
use limits::{Limits, MAX_BODY};
use room::Room;
use state::AppState;
use std::{
    io::{self, Write},
    net::{IpAddr, SocketAddr},
};
use thiserror::Error;
use tokio::net::TcpListener;
use tunnel::{ShareError, client::Client};

/// The port to listen on where none is named: Gradio's, which a Hugging Face Space expects.
pub const PORT: u16 = 7860;

/// Why the server did not start or ended early.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}; choose another address with --host or --port")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The listening socket failed.
    #[error("the server's socket failed; start the server again")]
    Socket(#[from] io::Error),
    /// It could not be shared.
    #[error(transparent)]
    Share(#[from] ShareError),
}

/// All routes with their layers.
///
/// Answers are compressed on the way out, but for those of Gradio's routes, of `/mcp` and of batches,
/// which come bit by bit or are short, and the page's own files, which are compressed when they are
/// built.
pub fn router(state: AppState) -> Router {
    // Leptos runs its own futures while it renders; a second call is refused and harmless.
    let _ = any_spawner::Executor::init_tokio();
    metrics::start();
    let facts = Router::new()
        .route("/openapi.json", get(openapi::openapi))
        .route("/health", get(health::health))
        .route("/ping", get(health::health))
        .route("/info", get(info::info))
        .method_not_allowed_fallback(api::method_not_allowed);
    let figures = Router::new()
        .route("/metrics", get(metrics::metrics))
        .method_not_allowed_fallback(api::method_not_allowed);
    let asked = Router::new()
        .route("/page/{*function}", post(functions::answer))
        .route(
            "/page/feedback",
            post(functions::answer).layer(middleware::from_fn_with_state(state.clone(), forgery::refuse)),
        )
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let dynamic = Router::new()
        .route("/embed", get(page::embed))
        .route("/og.png", get(card::og_png))
        .route("/qr.svg", get(qr::qr_svg))
        .route("/code", get(code::code))
        .route("/model", get(about::model_card))
        .route("/docs", get(docs::docs))
        .route("/status", get(status::status))
        .merge(asked)
        .method_not_allowed_fallback(api::method_not_allowed)
        // Without an answer for other methods, of which one address has no two: programs have theirs here.
        .route("/", get(page::home))
        .merge(state.guard.show(facts))
        .layer(middleware::from_fn(room::answer::hold))
        // Needed the most where the room is full, and larger than what is free.
        .merge(figures)
        .layer(compression::layer());
    let mut endpoints = api::router(state.limits);
    if state.mcp {
        endpoints = endpoints.merge(mcp::router(&state));
    }
    let room = Room::new(state.limits);
    // Within the guard: a site's script is to read that its answer took too long, too.
    let endpoints = state.guard.protect(bounded(endpoints, &room, state.limits));
    bounded(dynamic.fallback(assets::file), &room, state.limits)
        .merge(endpoints)
        .layer(middleware::from_fn_with_state(state.clone(), page::tell))
        .layer(middleware::from_fn(security::set_headers))
        .layer(middleware::from_fn_with_state(state.clone(), log::request))
        .with_state(state)
}

/// Holds the requests of `routes` to the limits, and answers for their handlers that have no answer.
fn bounded(routes: Router<AppState>, room: &Room, limits: Limits) -> Router<AppState> {
    routes
        .layer(middleware::from_fn(compression::refuse))
        .layer(middleware::from_fn_with_state(room.clone(), room::enforce))
        .layer(middleware::from_fn_with_state(limits, pace::enforce))
        .layer(middleware::from_fn(panic::catch))
}

/// Answers requests until the process is asked to stop, then finishes those under way.
///
/// The address goes to standard output once it listens, so that a caller can ask for port 0. With
/// `share` it also gets a public link, which closes after the last request.
///
/// # Errors
///
/// A [`ServeError`] when the address or the link cannot be had or the socket fails.
pub async fn serve(
    mut state: AppState,
    host: IpAddr,
    port: u16,
    share: Option<&Client>,
) -> Result<(), ServeError> {
    let address = SocketAddr::new(host, port);
    let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
    let address = listener.local_addr()?;
    // Before anybody is told that it listens, and may tell it to stop.
    let stop = signals::stop()
        .map(|_| tracing::info!("stopping: no new requests, finishing those under way; Ctrl-C ends them"))
        .shared();
    // A server whose standard output takes nothing serves all the same.
    let _ = writeln!(io::stdout(), "Valence listens on http://{address}");
    tokio::spawn(health::warm_up(state.models.clone()));
    tokio::spawn(metrics::keep_up());
    tokio::spawn(state.guard.clone().forget_clients());
    if let Some(client) = share {
        state.tunnel = tokio::select! {
            // First of all: a signal must not leave the tunnel's program behind.
            biased;
            () = stop.clone() => return Ok(()),
            tunnel = tunnel::open(client, listen::reached_at(address), &state) => Some(tunnel?),
        };
    }
    let tunnel = state.tunnel.clone();
    let limits = state.limits;
    listen::serve(listener, router(state), limits, stop).await?;
    if let Some(tunnel) = tunnel {
        tunnel.close();
    }
    tracing::info!("stopped");
    Ok(())
}
