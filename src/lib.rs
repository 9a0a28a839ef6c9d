//! Valence: a sentiment analyzer, from a text to its scores and to the page that shows them.
//!
//! A text's way: text → engine (tokenizer → batcher → session → scores) → server → page.

#![recursion_limit = "256"]

pub mod cells;
pub mod columns;
pub mod error;
pub mod sentiment;
pub mod text;
pub mod wire;

#[cfg(feature = "ssr")]
pub mod digest;
#[cfg(feature = "ssr")]
pub mod engine;
#[cfg(feature = "ssr")]
pub mod hub;
#[cfg(feature = "ssr")]
pub mod loading;
#[cfg(feature = "ssr")]
pub mod models;
#[cfg(feature = "ssr")]
pub mod percent;

pub mod api;

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod dataset;
#[cfg(feature = "ssr")]
pub mod eval;
#[cfg(feature = "ssr")]
pub mod job;
#[cfg(feature = "ssr")]
pub mod quiet;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod signals;

pub mod app;
pub mod ui;

#[cfg(feature = "hydrate")]
pub mod hydrate;

#[cfg(all(test, feature = "ssr"))]
mod testing;
