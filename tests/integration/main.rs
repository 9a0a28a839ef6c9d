//! Tests of the whole, by what they go through; each module says what that is.

#![allow(clippy::unwrap_used)]

mod accounts;
mod accuracy;
mod api;
mod canary;
mod cli;
mod columns;
mod engine;
mod faithfulness;
mod faults;
mod feedback;
mod fuzz;
mod given_up;
mod golden;
mod gradio;
mod guard;
mod headers;
mod hostile;
mod hub;
mod huggingface;
mod layers;
mod limits;
mod mcp;
mod models;
mod observe;
mod operations;
mod page;
mod parity;
mod program;
mod pulling;
mod queue;
mod reading;
mod room;
mod setting;
mod share;
mod streams;
mod support;
mod tei;
mod tunnel;
mod upload;
mod written;
