//! The errors that users meet, each as a sentence that says what happened and what to do.

mod examples;
mod models;
mod others;

use crate::support::{
    router::{body, post},
    state, tiny_engine,
};
use arrow_schema::ArrowError;
use examples::{BELOW, JSON, WRONG, failed, file, io, list, missing, sentence};
use models::of_models;
use parquet::errors::ParquetError;
use std::{error::Error, fmt::Write, net::SocketAddr, sync::Arc};
use valence::{
    cli::advice,
    dataset::error::{DatasetError, Holds, Role},
    engine::{
        EngineError,
        device::{Device, UnknownDevice},
        runtime::RuntimeError,
        session::SessionError,
    },
    error::AnalyzeError,
    eval::EvalError,
    hub::{error::HubError, id::NotAnId},
    job::{JobError, output::OutputError},
    loading::LoadError,
    models::{TakenName, UnknownModel},
    server::{
        ServeError,
        api::error::ApiError,
        assets::NoPage,
        feedback::FeedbackError,
        guard::{client::UnfitProxy, cors::UnfitCorsOrigin, key::EmptyKey},
        limits::MAX_BODY,
        origin::UnfitOrigin,
        qr::QrError,
        router,
        telemetry::UnfitEndpoint,
        tunnel::{ShareError, client::UnfitCommand},
    },
    text::TextError,
};

#[test]
fn of_the_page_and_the_endpoints() {
    let mut list = String::new();
    let l = &mut list;
    list!(l, AnalyzeError, {
        AnalyzeError::Empty => AnalyzeError::Empty,
        AnalyzeError::TooLarge { .. } => AnalyzeError::TooLarge { bytes: 100_001, limit: 100_000 },
        AnalyzeError::TooLong { .. } => AnalyzeError::TooLong { tokens: 9000, limit: 8192 },
        AnalyzeError::DamagedLink => AnalyzeError::DamagedLink,
        AnalyzeError::OversizedLink { .. } => AnalyzeError::OversizedLink { limit: 100_000 },
        AnalyzeError::TooMuch => AnalyzeError::TooMuch,
        AnalyzeError::UnknownModel => AnalyzeError::UnknownModel,
        AnalyzeError::FeedbackOff => AnalyzeError::FeedbackOff,
        AnalyzeError::UnknownAddress => AnalyzeError::UnknownAddress,
        AnalyzeError::Busy => AnalyzeError::Busy,
        AnalyzeError::Restarting => AnalyzeError::Restarting,
        AnalyzeError::TookTooLong { .. } => AnalyzeError::TookTooLong { seconds: 120 },
        AnalyzeError::Malformed => AnalyzeError::Malformed,
        AnalyzeError::Failed { .. } => AnalyzeError::Failed { reference: "ID".into() },
        AnalyzeError::Unreachable => AnalyzeError::Unreachable,
        AnalyzeError::Unreadable => AnalyzeError::Unreadable,
        AnalyzeError::NoRow { .. } => AnalyzeError::NoRow { reason: "what is wrong with it".into() },
    });
    let unknown = || UnknownModel { loaded: vec!["a".into(), "b".into()] };
    list!(l, ApiError, {
        ApiError::Text(_) => TextError::Blank.into(),
        ApiError::Analyze(_) => AnalyzeError::Busy.into(),
        ApiError::At { .. } => ApiError::At { index: 3, error: Box::new(TextError::Blank.into()) },
        ApiError::UnknownModel(_) => unknown().into(),
        ApiError::Malformed(_) => ApiError::Malformed(BELOW.into()),
        ApiError::Invalid(_) => ApiError::Invalid(BELOW.into()),
        ApiError::MediaType(_) => ApiError::MediaType(BELOW.into()),
        ApiError::TooLarge(_) => ApiError::TooLarge(BELOW.into()),
        ApiError::CutOff => ApiError::CutOff,
        ApiError::NotReady => ApiError::NotReady,
        ApiError::NotFound => ApiError::NotFound,
        ApiError::Unauthorized => ApiError::Unauthorized,
        ApiError::WrongKey => ApiError::WrongKey,
        ApiError::TooOften { .. } => ApiError::TooOften { seconds: 7 },
        ApiError::TooSlow => ApiError::TooSlow,
        ApiError::MethodNotAllowed => ApiError::MethodNotAllowed,
    });
    list!(l, QrError, {
        QrError::TooLong { .. } => QrError::TooLong { bytes: 3000 },
        QrError::Link(_) => AnalyzeError::DamagedLink.into(),
        QrError::NoOrigin => QrError::NoOrigin,
    });
    insta::assert_snapshot!(list);
}

#[tokio::test]
async fn of_what_the_endpoints_refuse() {
    let router = router(state(tiny_engine()));
    let mut list = String::new();
    let too_large = vec![b' '; MAX_BODY + 1];
    for (path, kind, bytes) in WRONG.into_iter().chain([("/api/v1/analyze", JSON, &*too_large)]) {
        let response = post(&router, path, kind, bytes.to_vec()).await;
        let (status, answer) = (response.status().as_u16(), body(response).await);
        assert_eq!(answer.lines().count(), 1, "{answer}");
        let sent = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]);
        writeln!(list, "{path} {sent:?}\n  {status} {answer}").unwrap();
    }
    insta::assert_snapshot!(list);
}

#[test]
fn of_the_start() {
    let mut list = String::new();
    let l = &mut list;
    of_models(l);
    list!(l, LoadError, {
        LoadError::NotAFolder { .. } => LoadError::NotAFolder { folder: file() },
        LoadError::Hub(_) => HubError::NoModel { repo: "owner/name".into() }.into(),
        LoadError::Artifact(_) => missing().into(),
        LoadError::Runtime(_) => RuntimeError::Missing { file: file() }.into(),
        LoadError::Session { .. } => LoadError::Session { file: file(), source: SessionError::Labels { graph: 2, config: 3 } },
        LoadError::Trial { .. } => LoadError::Trial { file: file(), source: SessionError::NoNumbers },
        LoadError::UnsupportedDevice { .. } => LoadError::UnsupportedDevice { device: Device::CoreMl },
        LoadError::Device { .. } => LoadError::Device { device: Device::CoreMl, source: failed() },
    });
    writeln!(l, "TakenName: {}", sentence(&TakenName { name: "x".into() })).unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], 80));
    list!(l, ServeError, {
        ServeError::Bind { .. } => ServeError::Bind { address, source: io() },
        ServeError::Socket(_) => io().into(),
        ServeError::Share(_) => ShareError::NoClient.into(),
    });
    list!(l, ShareError, {
        ShareError::NoClient => ShareError::NoClient,
        ShareError::Start { .. } => ShareError::Start { name: "x".into(), source: io() },
        ShareError::Ended { .. } => ShareError::Ended { name: "x".into(), said: "WORDS".into() },
        ShareError::NoLink { .. } => ShareError::NoLink { name: "x".into(), seconds: 30, said: "WORDS".into() },
    });
    writeln!(l, "NoPage: {}", sentence(&NoPage)).unwrap();
    list!(l, FeedbackError, {
        FeedbackError::Open { .. } => FeedbackError::Open { file: file(), source: io() },
        FeedbackError::Write(_) => io().into(),
    });
    writeln!(l, "values of flags").unwrap();
    let values: [&dyn Error; 8] = [
        &NotAnId,
        &UnknownDevice,
        &UnfitOrigin,
        &UnfitCorsOrigin,
        &UnfitProxy,
        &EmptyKey,
        &UnfitEndpoint,
        &UnfitCommand,
    ];
    for error in values {
        writeln!(l, "  {}", sentence(error)).unwrap();
    }
    insta::assert_snapshot!(list);
}

fn of_datasets(l: &mut String) {
    let column = || "text".to_owned();
    let columns = || ["a", "b"].map(String::from).to_vec();
    list!(l, DatasetError, {
        DatasetError::Unreadable { .. } => DatasetError::Unreadable { file: file(), source: io() },
        DatasetError::UnknownFormat { .. } => DatasetError::UnknownFormat { file: file(), role: Role::Output },
        DatasetError::Packed { .. } => DatasetError::Packed { file: file(), ending: "gz".into() },
        DatasetError::ParquetStream => DatasetError::ParquetStream,
        DatasetError::Row { .. } => DatasetError::Row { row: 3, reason: "REASON".into() },
        DatasetError::Header { .. } => DatasetError::Header { reason: "REASON".into() },
        DatasetError::Empty => DatasetError::Empty,
        DatasetError::NoColumn { .. } => DatasetError::NoColumn { wanted: vec![column()], columns: columns(), holds: Holds::Texts },
        DatasetError::NotText { .. } => DatasetError::NotText { column: column() },
        DatasetError::NotForTsv { .. } => DatasetError::NotForTsv { column: column() },
        DatasetError::Arrow(_) => ArrowError::DivideByZero.into(),
        DatasetError::Parquet(_) => ParquetError::General("what the library says".into()).into(),
        DatasetError::Damaged { .. } => DatasetError::Damaged { row: 3 },
        DatasetError::Write(_) => io().into(),
    });
    writeln!(l, "with advice").unwrap();
    for role in [Role::Input, Role::Output] {
        writeln!(l, "  {}", advice::in_flags(DatasetError::UnknownFormat { file: file(), role })).unwrap();
    }
    for holds in [Holds::Texts, Holds::Labels] {
        let error = DatasetError::NoColumn { wanted: vec![column()], columns: columns(), holds };
        writeln!(l, "  {}", advice::in_flags(error)).unwrap();
    }
}

#[test]
fn of_files_and_texts() {
    let mut list = String::new();
    let l = &mut list;
    of_datasets(l);
    list!(l, OutputError, {
        OutputError::IsInput { .. } => OutputError::IsInput { output: file() },
        OutputError::IsOpen { .. } => OutputError::IsOpen { output: file() },
        OutputError::Different { .. } => OutputError::Different { folder: file() },
        OutputError::NotParts { .. } => OutputError::NotParts { folder: file() },
        OutputError::InUse { .. } => OutputError::InUse { folder: file() },
        OutputError::Unwritable { .. } => OutputError::Unwritable { output: file(), source: io() },
    });
    list!(l, JobError, {
        JobError::Dataset(_) => DatasetError::ParquetStream.into(),
        JobError::Output(_) => OutputError::Different { folder: file() }.into(),
        JobError::Engine(_) => EngineError::Stopped.into(),
    });
    list!(l, TextError, {
        TextError::Blank => TextError::Blank,
        TextError::TooLarge { .. } => TextError::TooLarge { bytes: 100_001, limit: 100_000 },
    });
    list!(l, EngineError, {
        EngineError::TooLong { .. } => EngineError::TooLong { tokens: 9000, limit: 8192 },
        EngineError::Empty => EngineError::Empty,
        EngineError::Overloaded => EngineError::Overloaded,
        EngineError::Tokenizer(_) => EngineError::Tokenizer(Arc::new(io())),
        EngineError::Broken => EngineError::Broken,
        EngineError::Session(_) => failed().into(),
        EngineError::Restarting => SessionError::Down.into(),
        EngineError::NoNumbers => EngineError::NoNumbers,
        EngineError::Stopped => EngineError::Stopped,
    });
    list!(l, EvalError, {
        EvalError::Dataset(_) => DatasetError::ParquetStream.into(),
        EvalError::NoLabel { .. } => EvalError::NoLabel { row: 3 },
        EvalError::Label { .. } => EvalError::Label { row: 3, label: "GOOD".into(), labels: vec!["A".into(), "B".into()] },
        EvalError::NoText => EvalError::NoText,
        EvalError::Regression => EvalError::Regression,
        EvalError::Text { .. } => EvalError::Text { row: 3, source: TextError::Blank },
        EvalError::Engine { .. } => EvalError::Engine { row: 3, source: EngineError::Stopped },
    });
    insta::assert_snapshot!(list);
}
