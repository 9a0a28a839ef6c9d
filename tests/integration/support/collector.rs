//! A collector of traces in the test's own process.

use axum::{Router, http::HeaderMap, routing::post};
use bytes::Bytes;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;
use std::sync::{Arc, Mutex};
use tokio::{net::TcpListener, runtime::Runtime};

/// An OpenTelemetry collector in the test's own process, which keeps what it gets.
pub struct Collector {
    pub address: String,
    received: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    _runtime: Runtime,
}

impl Collector {
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        let keep =
            post(async move |headers: HeaderMap, body: Bytes| kept.lock().unwrap().push((headers, body)));
        let router = Router::new().route("/v1/traces", keep);
        runtime.spawn(async { axum::serve(listener, router).await });
        Self { address, received, _runtime: runtime }
    }

    /// All that came, as it was sent.
    pub fn bytes(&self) -> Vec<u8> {
        self.received.lock().unwrap().iter().flat_map(|(_, body)| body.to_vec()).collect()
    }

    /// The values of a header that came.
    pub fn header(&self, name: &str) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let values = received.iter().filter_map(|(headers, _)| headers.get(name));
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The spans that came, and the services that they are of.
    pub fn spans(&self) -> (Vec<String>, Vec<Span>) {
        let (mut services, mut spans) = (Vec::new(), Vec::new());
        for (_, body) in self.received.lock().unwrap().iter() {
            for of_resource in ExportTraceServiceRequest::decode(body.clone()).unwrap().resource_spans {
                let resource = of_resource.resource.unwrap();
                let name = resource.attributes.iter().find(|pair| pair.key == "service.name");
                services.extend(name.map(|pair| text(pair.value.clone().unwrap().value)));
                spans.extend(of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans));
            }
        }
        (services, spans)
    }
}

/// An attribute of a span, in words.
pub fn attribute(span: &Span, name: &str) -> String {
    let pair = span.attributes.iter().find(|pair| pair.key == name).unwrap();
    text(pair.value.clone().unwrap().value)
}

fn text(value: Option<Value>) -> String {
    match value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    }
}
