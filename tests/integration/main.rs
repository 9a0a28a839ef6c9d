//! Tests of the whole, by what they go through.

#![allow(clippy::unwrap_used)]

/// The router in process: pages, errors, headers, files.
mod http;

/// What a link leads to: the text, its card, head tags, the embedded verdict, the QR code.
mod share;

/// The endpoints for programs, in process.
mod api;

/// What clients of Text Embeddings Inference expect beside that.
mod tei;

/// A client that sends and does not read.
mod upload;

/// Who may come in at them.
mod guard;

/// The endpoint for language models.
mod mcp;

/// Slow, idle and numerous connections, and the end of the server.
mod limits;

/// The worst that texts can be, at every endpoint.
mod hostile;

/// What mutation makes of good input, at every parser.
mod fuzz;

/// What breaks underneath: files, the runtime's library, disks, a session in the middle of a run.
mod faults;

/// What every error says.
mod accounts;

/// Users' opinions and the file that keeps them.
mod feedback;

/// The real models against logits that PyTorch recorded.
mod golden;

/// Scores and tokens against transformers' pipeline.
mod parity;

/// The engine with real models: batches, windows, sentences, explanations, the cache.
mod engine;

/// Several models side by side: names, loading and unloading under load.
mod models;

/// Models from a Hub in this process, with all that can go wrong on the way.
mod hub;

/// The same by the program: pulling, listing, showing, verifying.
mod pulling;

/// How often the bundled model is right.
mod accuracy;

/// What is reported of requests: log lines, metrics, traces, the status page, and no text.
mod observe;

/// The program itself: exit codes, signals, logs.
mod program;

/// A public link through a stand-in for a tunnel program.
mod tunnel;

/// The command line: files, pipes, interruptions.
mod cli;

/// What the others share: folders, engines, a stand-in model.
mod support;
