//! The site: a folder with every file that the server hands out as it is.
//!
//! `pkg/` holds each page's program and the style under names that carry a hash of their
//! content, so that browsers may keep them for ever; `pkg/hash.txt` tells the
//! server those hashes. The files of `public/` keep their
//! names. Beside each file that compresses stand its `.br` and `.gz`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    compress::{self, Compressed},
    sizes::{FirstLoad, Sizes},
    style, wasm,
};

/// Builds `target/site` from each page's compiled module, the style and the public files.
///
/// The new folder takes the old one's place only when it is complete and within
/// the budget, and nothing is done when no input has changed since the last time.
pub fn build(root: &Path, modules: &[(&str, PathBuf)]) -> Result<()> {
    let target = root.join("target");
    let (site, work, stamp) = (target.join("site"), target.join("site-work"), target.join("site.stamp"));
    let (styles, public) = (files_below(&root.join("style"))?, files_below(&root.join("public"))?);

    let optimizer = wasm::optimizer(root)?;
    let files = styles.iter().chain(&public).map(|(_, path)| path);
    let compiled = modules.iter().map(|(_, path)| path);
    let inputs = fingerprint(compiled.chain([&optimizer]).chain(files))?;
    if site.exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        println!("the site is up to date");
        return Ok(());
    }

    remove(&work)?;
    let new = work.join("site");
    fs::create_dir_all(new.join("pkg"))?;
    let style = style::bundle(&root.join("style/main.css"))?;

    let mut hashes = String::new();
    let mut add = |name: &str, extension: &str, content: &[u8]| {
        let hash = &hex(&Sha256::digest(content))[..16];
        hashes += &format!("{name}.{extension}: {hash}\n");
        write(&new, &format!("pkg/{name}.{hash}.{extension}"), content)
    };
    let style = add("valence", "css", style.as_bytes())?;
    for (page, module) in modules {
        let bundle = wasm::bundle(&optimizer, module, &work)?;
        let program = [add(page, "js", &bundle.js)?, add(page, "wasm", &bundle.wasm)?];
        let first_load = FirstLoad(program.into_iter().chain([style.clone()]).collect());
        print!("{first_load}");
        first_load.check()?;
    }
    fs::write(new.join("pkg/hash.txt"), hashes)?;
    for (name, path) in &public {
        write(&new, name, &fs::read(path)?)?;
    }
    remove(&site)?;
    fs::rename(&new, &site)?;
    remove(&work)?;
    fs::write(&stamp, inputs)?;
    Ok(())
}

/// Writes a file and its compressed forms into the site.
fn write(site: &Path, name: &str, content: &[u8]) -> Result<Sizes> {
    let path = site.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, content)?;
    let mut sizes = Sizes { name: name.into(), raw: content.len(), gz: content.len(), br: content.len() };
    if compress::worthwhile(name) {
        let Compressed { br, gz } = compress::compress(content)?;
        if gz.len() < content.len() {
            fs::write(site.join(format!("{name}.br")), &br)?;
            fs::write(site.join(format!("{name}.gz")), &gz)?;
            (sizes.br, sizes.gz) = (br.len(), gz.len());
        }
    }
    Ok(sizes)
}

/// A hash of everything that the site is made from, this program included.
fn fingerprint<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Result<String> {
    let mut hash = Sha256::new();
    let mut take_in = |path: &Path| -> Result<()> {
        let content = fs::read(path).with_context(|| path.display().to_string())?;
        hash.update(path.to_string_lossy().as_bytes());
        hash.update(content.len().to_le_bytes());
        hash.update(content);
        Ok(())
    };
    take_in(&env::current_exe()?)?;
    for path in files {
        take_in(path)?;
    }
    Ok(hex(&hash.finalize()))
}

/// Every file in a folder and in those within it: its name relative to the folder, and its path.
fn files_below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(folder)?.to_string_lossy().into_owned(), path));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
