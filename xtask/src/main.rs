//! `cargo xtask site` builds the files that the page consists of, into `target/site`.
//!
//! It is a program of its own, and not cargo-leptos, because it takes a minute to
//! compile where cargo-leptos takes many, and because it calls wasm-bindgen as a
//! library of the version in Cargo.lock, so that the two cannot disagree.
//! `cargo leptos watch` remains the tool for development.

mod compress;
mod site;
mod sizes;
mod style;
mod wasm;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments != ["site"] {
        bail!("the one task is `cargo xtask site`");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the xtask folder has no parent: this is a bug")?;
    site::build(root, &wasm::compile(root)?)
}
