//! The page's files: wasm, bindings and style with hashed names, and what lies in `public/`.
//!
//! `cargo xtask site` writes and compresses them; this module only finds and sends them.

use super::{page, state::AppState};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use thiserror::Error;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::{
    services::{ServeDir, fs::ServeFileSystemResponseBody},
    set_header::{SetResponseHeader, SetResponseHeaderLayer},
};

/// A name with a hash always means the same bytes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A name without one may mean others tomorrow, which a developer must see at once,
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// and an icon's visitor need not: browsers ask for it anew whenever the address changes.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The folder of the pages' files and the addresses of those that a page loads.
#[derive(Clone, Debug)]
pub struct Assets {
    folder: PathBuf,
    hashed: bool,
    /// The program of the page for one text.
    pub one: Program,
    /// The program of the page for many.
    pub many: Program,
    /// Address of the style sheet.
    pub css: String,
}

/// What makes a page interactive.
#[derive(Clone, Debug)]
pub struct Program {
    /// Address of the script.
    pub js: String,
    /// Address of the wasm module.
    pub wasm: String,
}

/// Why the page's files cannot be served.
#[derive(Debug, Error)]
pub enum AssetsError {
    /// They have not been built.
    #[error("the page's files are missing from {}; build them with: make build", folder.display())]
    Missing {
        /// The folder looked in.
        folder: PathBuf,
    },
    /// The list of hashes cannot be read.
    #[error("{} cannot be read; let this user read it", file.display())]
    Unreadable {
        /// The list.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Assets {
    /// Looks into a site folder; without `pkg/hash.txt` the names carry no hashes, as
    /// `cargo leptos watch` leaves them, and one program serves both pages.
    ///
    /// # Errors
    ///
    /// [`AssetsError::Missing`] when there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, AssetsError> {
        if !folder.join("pkg").is_dir() {
            return Err(AssetsError::Missing { folder: folder.into() });
        }
        let list = folder.join("pkg/hash.txt");
        let hashes = match fs::read_to_string(&list) {
            Ok(hashes) => Some(hashes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(AssetsError::Unreadable { file: list, source }),
        };
        let hash = |file: &str| {
            let named =
                hashes.as_deref()?.lines().find_map(|line| line.strip_prefix(file)?.strip_prefix(": "));
            named.map(str::to_owned)
        };
        let address = |name: &str, kind: &str| match hash(&format!("{name}.{kind}")) {
            Some(hash) => format!("/pkg/{name}.{hash}.{kind}"),
            None => format!("/pkg/valence.{kind}"),
        };
        let program = |page| Program { js: address(page, "js"), wasm: address(page, "wasm") };
        Ok(Self {
            hashed: hashes.is_some(),
            one: program("one"),
            many: program("many"),
            css: address("valence", "css"),
            folder: folder.into(),
        })
    }
}

/// The service for `/pkg`, which sends the compressed file where the browser takes it.
///
/// A name that leads nowhere gets no lifetime: after an update it may lead somewhere.
pub fn package(assets: &Assets) -> SetResponseHeader<ServeDir, Lifetime> {
    let lifetime = if assets.hashed { immutable } else { revalidate };
    ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, lifetime as Lifetime))
        .service(ServeDir::new(assets.folder.join("pkg")).precompressed_br().precompressed_gzip())
}

/// Chooses the `Cache-Control` of an answer.
type Lifetime = fn(&http::Response<ServeFileSystemResponseBody>) -> Option<HeaderValue>;

fn immutable(response: &http::Response<ServeFileSystemResponseBody>) -> Option<HeaderValue> {
    (!response.status().is_client_error()).then_some(IMMUTABLE)
}

fn revalidate(_: &http::Response<ServeFileSystemResponseBody>) -> Option<HeaderValue> {
    Some(REVALIDATE)
}

/// A file of `public/`, or the page that says that there is no such address.
pub async fn public(State(state): State<AppState>, request: Request) -> Response {
    let files = ServeDir::new(&state.assets.folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    match files.oneshot(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => page::not_found(&state.assets),
        Ok(response) => ([(CACHE_CONTROL, A_DAY)], response).into_response(),
        Err(never) => match never {},
    }
}
