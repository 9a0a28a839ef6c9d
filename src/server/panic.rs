//! Panics: none is expected, and one is one request's end, not the process's.
//!
//! Its message may hold what a request brought, as that of a slice that ends within a character
//! does, so the log has its place alone.

use super::failure;
use axum::{extract::Request, middleware::Next, response::Response};
use futures_util::FutureExt;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};

/// From now on, each panic becomes a log line with its place.
pub fn log() {
    panic::set_hook(Box::new(tell));
}

fn tell(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(Location::to_string);
    tracing::error!(place, "a panic; please report it");
}

/// Answers a request whose handler panicked as any other that the server failed.
pub async fn catch(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| failure::given_up(failure::panicked()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use axum::{Router, body::Body, middleware, routing::get};
    use http::StatusCode;
    use http_body_util::BodyExt;
    use std::fs::{self, File};
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_for_and_logged_without_its_message() {
        async fn broken() {
            panic!("bellwether");
        }
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| match panic.payload_as_str() {
            Some("bellwether") => tell(panic),
            _ => usual(panic),
        }));
        let folder = Scratch::new();
        let file = folder.join("log");
        let lines =
            tracing_subscriber::fmt().with_ansi(false).with_writer(File::create(&file).expect("a file"));
        let logging = tracing::subscriber::set_default(lines.finish());
        let router = Router::new().route("/", get(broken)).layer(middleware::from_fn(catch));
        let response = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let body = String::from_utf8_lossy(&body);
        drop(logging);
        let log = fs::read_to_string(&file).expect("the log");
        let (_, id) = body.split_once("(reference ").expect("an id");
        let (id, _) = id.split_once(')').expect("its end");
        assert!(log.contains(&format!("reference=\"{id}\"")), "{log}");
        assert!(log.contains(concat!("place=\"", file!())), "{log}");
        assert!(!body.contains("bellwether") && !log.contains("bellwether"), "{body} {log}");
    }
}
