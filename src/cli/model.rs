//! `valence model`: pulls, lists, shows and verifies models.

use super::{error::CliError, exit::Exit, say, visible};
use crate::{
    engine::{
        artifact::Artifact,
        dtype::{Dtype, DtypeChoice},
    },
    hub::{Hub, cache, id::HubId, verify},
    loading::{LoadError, ModelSource},
};
use clap::{Args, Subcommand};
use serde_json::json;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// What to do with models.
#[derive(Clone, Debug, Subcommand)]
pub enum ModelCommand {
    /// Bring a model from the Hugging Face Hub into the cache, in place of damaged files too, and print
    /// its folder
    Pull(PullArgs),
    /// List the models in the cache
    List(ListArgs),
    /// Show a model's labels, limits and precisions
    Info(InfoArgs),
    /// Compare a model's files with their checksums
    Verify(VerifyArgs),
}

/// Which model to pull.
#[derive(Clone, Debug, Args)]
pub struct PullArgs {
    /// Id of the model: owner/name or owner/name@revision
    pub id: HubId,
    /// Precision; auto is int8 where there is one
    #[arg(long, env = "VALENCE_DTYPE", value_enum, default_value_t)]
    pub dtype: DtypeChoice,
}

/// How to list.
#[derive(Clone, Copy, Debug, Args)]
pub struct ListArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Which model to show.
#[derive(Clone, Debug, Args)]
pub struct InfoArgs {
    /// Folder of the model, or its id in the cache
    pub model: ModelSource,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Which model to verify.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// Folder of the model, or its id in the cache
    pub model: ModelSource,
}

/// Does it.
///
/// # Errors
///
/// Whatever keeps the model from being pulled or read.
pub fn run(command: &ModelCommand) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    match command {
        ModelCommand::Pull(args) => {
            let folder = Hub::from_env().renew(&args.id, args.dtype.named(), Dtype::ON_CPU)?;
            writeln!(out, "{}", folder.display()).map_err(CliError::Output)?;
        }
        ModelCommand::List(args) => list(*args, &mut out).map_err(CliError::Output)?,
        ModelCommand::Info(args) => info(args, &mut out)?,
        ModelCommand::Verify(args) => return verified(args, &mut out),
    }
    Ok(Exit::Done)
}

fn list(args: ListArgs, out: &mut impl Write) -> io::Result<()> {
    let cache = Hub::from_env().cache;
    let models = cache::list(&cache);
    if args.json {
        let models: Vec<_> = models
            .iter()
            .map(|model| {
                json!({
                    "id": model.repo,
                    "commit": model.commit,
                    "refs": model.refs,
                    "bytes": model.bytes,
                    "folder": model.folder,
                })
            })
            .collect();
        return writeln!(out, "{:#}", json!(models));
    }
    if models.is_empty() {
        say(format_args!("no model is in {}", cache.display()));
    }
    for model in models {
        let megabytes = model.bytes as f64 / 1e6;
        let line = format!("{}@{}  {megabytes:.1} MB  {}", model.repo, model.commit, model.refs.join(" "));
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(())
}

fn info(args: &InfoArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = folder(&args.model)?;
    let model = Artifact::open(&folder)?;
    let dtypes = model.dtypes();
    let shown = if args.json {
        let info = json!({
            "model": args.model.to_string(),
            "folder": folder,
            "labels": model.config.labels(),
            "max_tokens": model.max_tokens,
            "dtypes": dtypes.iter().map(Dtype::to_string).collect::<Vec<_>>(),
        });
        format!("{info:#}")
    } else {
        format!(
            "model       {}\nfolder      {}\nlabels      {}\ntokens      {} at once\nprecisions  {}",
            args.model,
            folder.display(),
            visible(&model.config.labels().join(", ")),
            model.max_tokens,
            Dtype::list(&dtypes)
        )
    };
    Ok(writeln!(out, "{shown}").map_err(CliError::Output)?)
}

fn verified(args: &VerifyArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    let folder = folder(&args.model)?;
    let mut exit = Exit::Done;
    for checked in verify::folder(&folder)? {
        let verdict = match checked.is_sound {
            Some(true) => "sound",
            Some(false) => {
                exit = Exit::Partial;
                if checked.file.is_file() { "DAMAGED" } else { "MISSING" }
            }
            None => "no checksum",
        };
        let name = checked.file.strip_prefix(&folder).unwrap_or(&checked.file);
        let line = format!("{verdict:<12}{}", visible(&name.to_string_lossy()));
        writeln!(out, "{line}").map_err(CliError::Output)?;
    }
    Ok(exit)
}

/// The folder of a model that is here.
fn folder(source: &ModelSource) -> anyhow::Result<PathBuf> {
    let folder = source.cached(&Hub::from_env())?;
    if folder.is_dir() { Ok(folder) } else { Err(LoadError::NotAFolder { folder }.into()) }
}
