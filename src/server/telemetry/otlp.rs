//! OTLP: spans on their way to an OpenTelemetry collector, as protobuf over HTTP.
//!
//! What is not the endpoint is set by OpenTelemetry's own variables: `OTEL_SDK_DISABLED`,
//! `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_EXPORTER_OTLP_HEADERS`,
//! `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`. All but the first are read by its libraries.

use async_trait::async_trait;
use opentelemetry::{Key, trace::TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    resource::{ResourceDetector, SdkProvidedResourceDetector},
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{
    env,
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use thiserror::Error;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;
use ureq::Agent;

/// How long the collector may take; OpenTelemetry's default.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What spans are called to come from, where no variable says.
const SERVICE: &str = "valence";

/// How OpenTelemetry's name for the same begins.
const UNKNOWN: &str = "unknown_service";

/// The base address of a collector, below which it takes `v1/traces`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

/// An address that no collector can have.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("a collector's address is http:// or https:// and a host, as http://127.0.0.1:4318")]
pub struct UnfitEndpoint;

impl FromStr for Endpoint {
    type Err = UnfitEndpoint;

    fn from_str(address: &str) -> Result<Self, UnfitEndpoint> {
        let uri: http::Uri = address.parse().map_err(|_| UnfitEndpoint)?;
        let is_fit = matches!(uri.scheme_str(), Some("http" | "https")) && uri.query().is_none();
        is_fit.then(|| Self(address.trim_end_matches('/').to_owned())).ok_or(UnfitEndpoint)
    }
}

/// Makes spans and sends them in batches, from a thread of its own.
pub fn provider(endpoint: &Endpoint) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new())
        .with_endpoint(format!("{}/v1/traces", endpoint.0))
        .build()?;
    let resource = Resource::builder().with_service_name(service()).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Whether no spans are to be made, wherever the collector is.
pub fn is_disabled() -> bool {
    env::var("OTEL_SDK_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true"))
}

/// The service's name: `OTEL_SERVICE_NAME`, else that of `OTEL_RESOURCE_ATTRIBUTES`, else ours.
fn service() -> String {
    let name = SdkProvidedResourceDetector.detect().get(&Key::from_static_str("service.name"));
    let said = name.map(|name| name.to_string());
    said.filter(|name| !name.is_empty() && !name.starts_with(UNKNOWN)).unwrap_or_else(|| SERVICE.into())
}

/// Whether the libraries' line of this name tells of a batch that was not taken: they have some for each,
/// without the address or the cause, and the client here has told.
pub fn is_told_here(name: &str) -> bool {
    name.starts_with("Export.") || name == "BatchSpanProcessor.ExportError"
}

/// The layer that makes spans of `tracing` into spans of `provider`, without their places in the
/// sources.
pub fn layer<S>(provider: &SdkTracerProvider) -> OpenTelemetryLayer<S, SdkTracer>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(SERVICE))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
}

/// The HTTP client that is in the program already; it blocks, which the exporter's thread may.
#[derive(Debug)]
struct Client {
    agent: Agent,
    /// Whether the log has said that the collector takes nothing: each batch is tried several times, and there
    /// is one every few seconds.
    is_told: AtomicBool,
}

impl Client {
    fn new() -> Self {
        let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        Self { agent: config.build().into(), is_told: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, body) = request.into_parts();
        let response = self.agent.run(Request::from_parts(parts, body.as_ref()))?;
        let (parts, mut body) = response.into_parts();
        Ok(Response::from_parts(parts, body.read_to_vec()?.into()))
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let collector = shown(request.uri());
        let answer = self.send(request);
        let is_taken = answer.as_ref().is_ok_and(|answer| answer.status().is_success());
        let was_told = self.is_told.swap(!is_taken, Ordering::Relaxed);
        match &answer {
            _ if is_taken || was_told => {}
            Ok(answer) => {
                let status = answer.status().as_u16();
                tracing::warn!(collector, status, "the collector of traces refuses them");
            }
            Err(error) => tracing::warn!(collector, %error, "the collector of traces cannot be reached"),
        }
        Ok(answer?)
    }
}

/// An address as the log may have it: without a user's name and password.
fn shown(uri: &http::Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{}://{host}{}", uri.scheme_str().unwrap_or_default(), uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_the_address_of_a_server() {
        let parsed = |address: &str| address.parse().map(|Endpoint(address)| address);
        assert_eq!(parsed("http://127.0.0.1:4318/").as_deref(), Ok("http://127.0.0.1:4318"));
        assert_eq!(parsed("https://example.org/otlp").as_deref(), Ok("https://example.org/otlp"));
        for address in ["", "127.0.0.1:4318", "grpc://a", "http://", "http://a/?b", "/path"] {
            assert_eq!(parsed(address), Err(UnfitEndpoint), "{address}");
        }
    }
}
