//! The server: every route and layer, used by the program and by the tests.

pub mod api;
pub mod assets;
pub mod document;
pub mod failure;
pub mod health;
pub mod info;
pub mod log;
pub mod metrics;
pub mod page;
pub mod security;
pub mod shutdown;
pub mod state;

use axum::{
    Router,
    extract::{Request, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::provide_context;
use state::AppState;
use std::{
    io,
    net::{IpAddr, SocketAddr},
};
use thiserror::Error;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

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
    #[error("the server's socket failed")]
    Socket(#[from] io::Error),
}

/// All routes with their layers.
///
/// Answers are compressed on the way out but for the page's own files, which are compressed when
/// they are built.
pub fn router(state: AppState) -> Router {
    // Leptos runs its own futures while it renders; a second call is refused and harmless.
    let _ = any_spawner::Executor::init_tokio();
    metrics::start();
    let dynamic = Router::new()
        .route("/", get(page::home))
        .route("/page/{*function}", post(server_function))
        .route("/health", get(health::health))
        .route("/info", get(info::info))
        .route("/metrics", get(metrics::metrics))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(dynamic)
        .merge(api::router())
        .nest_service("/pkg", assets::package(&state.assets))
        .fallback(assets::public)
        .layer(middleware::from_fn(security::set_headers))
        .layer(middleware::from_fn(log::request))
        .with_state(state)
}

/// Answers requests until the process is told to stop, then finishes those under way.
///
/// The address goes to standard output once it listens, so that a caller can ask for port 0.
///
/// # Errors
///
/// A [`ServeError`] when the address cannot be had or the socket fails.
pub async fn serve(state: AppState, host: IpAddr, port: u16) -> Result<(), ServeError> {
    let address = SocketAddr::new(host, port);
    let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
    println!("Valence listens on http://{}", listener.local_addr()?);
    tokio::spawn(health::warm_up(state.models.clone()));
    axum::serve(listener, router(state)).with_graceful_shutdown(shutdown::signal()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// The page's server functions, with the default model's engine as their context.
async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let context = move || provide_context(state.models.first());
    let response = leptos_axum::handle_server_fns_with_context(context, request).await;
    failure::restore_status(response.into_response()).await
}
