//! The page's program: the application compiled for the browser, bound to JavaScript, made small.
//!
//! cargo decides whether anything has to be compiled; what follows is skipped by
//! `site` when the compiled module is the one of the last build.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// The target without an operating system that browsers run.
const TARGET: &str = "wasm32-unknown-unknown";

/// The profile in the workspace's Cargo.toml that asks for a small module.
const PROFILE: &str = "wasm-release";

/// What wasm-opt may use: what the compiler's modules contain, which every
/// browser has had since 2022.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The JavaScript module and the wasm module that it loads.
pub struct Bundle {
    /// The source of the JavaScript module.
    pub js: Vec<u8>,
    /// The wasm module, optimized for size.
    pub wasm: Vec<u8>,
}

/// The pages, each with a program of its own: a visitor of one loads nothing of the other.
const PAGES: [&str; 2] = ["one", "many"];

/// Compiles the pages for the browser and returns each one's module.
pub fn compile(root: &Path) -> Result<[(&'static str, PathBuf); 2]> {
    // The cargo that started this program, so that both use one toolchain.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["build", "--package", "valence", "--features", "hydrate"])
        .args(PAGES.iter().flat_map(|page| ["--bin", page]))
        .args(["--profile", PROFILE, "--target", TARGET])
        .status()
        .context("cargo could not be started")?;
    ensure!(status.success(), "the pages did not compile, see above");
    Ok(PAGES.map(|page| (page, root.join(format!("target/{TARGET}/{PROFILE}/{page}.wasm")))))
}

/// What starts wasm-opt: a script that names the installed version by its path.
pub fn optimizer(root: &Path) -> Result<PathBuf> {
    let program = root.join("target/tools/wasm-opt");
    ensure!(program.exists(), "wasm-opt is missing: run scripts/setup.sh, which installs it");
    Ok(program)
}

/// Generates the JavaScript side of the compiled module and shrinks the wasm side.
///
/// `work` is a folder for files in between.
pub fn bundle(optimizer: &Path, module: &Path, work: &Path) -> Result<Bundle> {
    fs::create_dir_all(work)?;
    let mut bindings = Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        // The page names the hashed module itself.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let js = bindings.js().as_bytes().to_vec();
    // Crates may bring scripts of their own; so far none that the page uses does.
    ensure!(
        !bindings.js().contains("./snippets/"),
        "the page needs a crate's script, which the site does not serve"
    );
    let (bound, small) = (work.join("bound.wasm"), work.join("small.wasm"));
    fs::write(&bound, bindings.wasm_mut().emit_wasm())?;
    optimize(optimizer, &bound, &small)?;
    Ok(Bundle { js, wasm: fs::read(&small)? })
}

fn optimize(program: &Path, from: &Path, to: &Path) -> Result<()> {
    let status = Command::new(program)
        // What traps is a bug that no optimization needs to keep. With -Oz the modules are smaller, but not once
        // they are compressed.
        .args(["-Os", "--traps-never-happen", "--converge"])
        .args(FEATURES)
        .arg(from)
        .arg("--output")
        .arg(to)
        .status()
        .with_context(|| format!("{} could not be started", program.display()))?;
    ensure!(status.success(), "wasm-opt refused the page's module, see above");
    Ok(())
}
