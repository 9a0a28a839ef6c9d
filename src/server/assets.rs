//! The page's files: wasm, bindings and style with hashed names, and what lies in `public/`.
//!
//! `cargo xtask site` writes and compresses them; this module only finds and sends them.

use super::{api::error::ApiError, page, site::Site, state::AppState};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, Method,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
};
use thiserror::Error;

/// A name with a hash always means the same bytes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A name without one may mean others tomorrow, which a developer must see at once,
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// and an icon's visitor need not: browsers ask for it again whenever the address changes.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// In what forms a file may lie beside itself, the smallest first: the form's name in
/// `Accept-Encoding`, and how the file's name goes on.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The site and the addresses of those of its files that a page loads.
#[derive(Clone, Debug)]
pub struct Assets {
    site: Site,
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

/// The site has no page, since it has not been built.
#[derive(Debug, Error)]
#[error("the page's files are missing; build them with: make build")]
pub struct NoPage;

impl Assets {
    /// Looks into a site; without `pkg/hash.txt` the names carry no hashes, as
    /// `cargo leptos watch` leaves them, and one program serves both pages.
    ///
    /// # Errors
    ///
    /// [`NoPage`] when there is neither.
    pub fn open(site: Site) -> Result<Self, NoPage> {
        let hashes = site.read("pkg/hash.txt").map(|list| String::from_utf8_lossy(&list).into_owned());
        if hashes.is_none() && site.read("pkg/valence.js").is_none() {
            return Err(NoPage);
        }
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
            site,
        })
    }

    fn lifetime(&self, name: &str) -> HeaderValue {
        match (name.starts_with("pkg/"), self.hashed) {
            (true, true) => IMMUTABLE,
            (true, false) => REVALIDATE,
            (false, _) => A_DAY,
        }
    }

    /// A file, compressed where the browser takes it.
    fn answer(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let compressed = ENCODINGS.into_iter().filter(|(encoding, _)| accepts(headers, encoding));
        let compressed = compressed
            .filter_map(|(encoding, end)| Some((self.site.read(&format!("{name}{end}"))?, encoding)));
        let (content, encoding) = match compressed.into_iter().next() {
            Some((content, encoding)) => (content, Some(encoding)),
            None => (self.site.read(name)?, None),
        };
        let mut response = Response::new(Body::from(content));
        let headers = response.headers_mut();
        let kind = mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream");
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CACHE_CONTROL, self.lifetime(name));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }
}

/// Whether a browser takes this form, without regard to which one it likes best.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// A file of the site, or the page that says that there is no such address; to a program, which asks by
/// another method than people's browsers do, an error as from its endpoints.
///
/// A name that leads nowhere gets no lifetime: after an update it may lead somewhere.
pub async fn file(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::NotFound.into_response();
    }
    let assets = &state.assets;
    let name = request.uri().path().trim_start_matches('/');
    assets.answer(name, request.headers()).unwrap_or_else(|| page::not_found(assets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_unless_its_weight_is_nought() {
        let takes = |value: &'static str| {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            accepts(&headers, "br")
        };
        for value in ["br", "gzip, br", "gzip;q=1.0, BR;q=0.5", "br ; q=1"] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "gzip", "br;q=0", "br;q=0.0", "brotli", "br;q=x"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
