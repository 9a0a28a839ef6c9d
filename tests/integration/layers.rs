//! The layers of the source: of modules beside each other, none uses one that uses it.

use crate::support::root;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The folder whose modules know each other: a state has what its routes hold.
const ONE_LAYER: &str = "server";

/// A module's path, or that of something in it.
type Names = Vec<String>;

/// The modules below a folder, each with its source.
fn modules(folder: &Path, at: &[String], found: &mut Vec<(Names, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if ["tests", "testing", "main", "lib", "bin"].contains(&name.as_str()) {
            continue;
        }
        let names = [at, &[name]].concat();
        if path.is_dir() {
            modules(&path, &names, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push((names, fs::read_to_string(path).unwrap()));
        }
    }
}

/// What a source names by `crate` and `super`, but for its tests and comments.
fn named(source: &str) -> Vec<Names> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (start, _) in ["crate::", "super::"].into_iter().flat_map(|root| code.match_indices(root)) {
        // The second of `super::super` is a part of the first.
        if !code[..start].ends_with("super::") {
            read(Vec::new(), &mut &code[start..], &mut found);
        }
    }
    found
}

/// Reads a path, or a tree of them in braces.
fn read(mut at: Names, rest: &mut &str, found: &mut Vec<Names>) {
    loop {
        if let Some(inside) = rest.strip_prefix('{') {
            *rest = inside;
            loop {
                // What is between two of them may be the other name of the first.
                *rest = rest.trim_start_matches(|sign: char| sign == ',' || sign.is_whitespace());
                if let Some(after) = rest.strip_prefix('}') {
                    *rest = after;
                    return;
                }
                read(at.clone(), rest, found);
                *rest = &rest[rest.find([',', '}']).unwrap()..];
            }
        }
        let end = rest.find(|sign: char| sign != '_' && !sign.is_alphanumeric()).unwrap_or(rest.len());
        at.push(rest[..end].to_owned());
        *rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => *rest = after,
            None => return found.push(at),
        }
    }
}

/// A path from the crate's root, of one that a module names.
fn from_root(module: &[String], named: &[String]) -> Names {
    let ups = named.iter().take_while(|name| *name == "super").count();
    let start = if ups > 0 { &module[..module.len().saturating_sub(ups)] } else { &[] };
    [start, &named[ups.max(1)..]].concat()
}

#[test]
fn no_two_modules_use_each_other() {
    let mut all = Vec::new();
    modules(&root().join("src"), &[], &mut all);
    let known: BTreeSet<&[String]> = all.iter().map(|(module, _)| module.as_slice()).collect();
    let mut uses = BTreeMap::<String, BTreeSet<(String, String)>>::new();
    for (module, source) in &all {
        for path in named(source).iter().map(|named| from_root(module, named)) {
            let longest = (1..=path.len()).rev().find(|&length| known.contains(&path[..length]));
            let used = &path[..longest.unwrap_or_default()];
            let shared = module.iter().zip(used).take_while(|(one, other)| one == other).count();
            // A module and one within it belong together.
            if shared < module.len().min(used.len()) {
                let pair = (module[shared].clone(), used[shared].clone());
                uses.entry(module[..shared].join("/")).or_default().insert(pair);
            }
        }
    }
    let top = uses.get_mut("").unwrap();
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert!(top.contains(&pair("ui", "wire")), "nothing is found any more: {top:?}");
    assert!(!top.contains(&pair("server", "api")), "what both sides say belongs in wire");
    // Not a use: what a server function does, it does on the server alone.
    top.remove(&pair("api", "server"));
    for (folder, mut uses) in uses {
        // Without those that use no other, again and again, those are left that come back to themselves.
        loop {
            let users: BTreeSet<String> = uses.iter().map(|(user, _)| user.clone()).collect();
            let before = uses.len();
            uses.retain(|(_, used)| users.contains(used));
            if uses.len() == before {
                break;
            }
        }
        assert!(uses.is_empty() || folder == ONE_LAYER, "in src/{folder}: {uses:?}");
    }
}
