//! Tests of the whole, by what they go through.

#![allow(clippy::unwrap_used)]

/// The router in process: pages, errors, headers, files.
mod http;

/// The real models against logits that PyTorch recorded.
mod golden;

/// The engine with real models: batches, windows, sentences, explanations, the cache.
mod engine;

/// Several models side by side: names, loading and unloading under load.
mod models;

/// Models from a Hub in this process, with all that can go wrong on the way.
mod hub;

/// How often the bundled model is right.
mod accuracy;

/// The program itself: exit codes, signals, logs.
mod program;

/// The command line: files, pipes, interruptions.
mod cli;

/// What the others share: folders, engines, a stand-in model.
mod support;
