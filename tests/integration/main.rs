//! Tests of the whole, by what they go through.

#![allow(clippy::unwrap_used)]

/// The router in process: pages, errors, headers, files.
mod http;

/// The doors for programs, in process.
mod api;

/// The real models against logits that PyTorch recorded.
mod golden;

/// The engine with real models: batches, windows, sentences, explanations, the cache.
mod engine;

/// Several models side by side: names, loading and unloading under load.
mod models;

/// How often the bundled model is right.
mod accuracy;

/// The program itself: exit codes, signals, logs.
mod program;

/// What the others share: folders, engines, a stand-in model.
mod support;
