//! The loaded models: engines by name, the first of them the default.
//!
//! A request takes its engine out once and keeps it until it is answered, so loading and unloading
//! never disturb it: an engine that has left the list ends with the last request that holds it.
//! Each model has a queue, sessions and a cache of its own.

use crate::engine::{
    Engine, EngineError,
    load::{EngineOptions, LoadError},
};
use std::{
    panic,
    sync::{Arc, PoisonError, RwLock},
};
use thiserror::Error;

/// The engines that answer, never none; clones share them.
#[derive(Clone)]
pub struct Models(Arc<RwLock<Vec<Engine>>>);

/// No model of this name is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no model is called \"{name}\" here; choose one that is loaded: {}", loaded.join(", "))]
pub struct UnknownModel {
    /// The name asked for.
    pub name: String,
    /// The names there are, the default first.
    pub loaded: Vec<String>,
}

/// Why a model was not loaded or unloaded.
#[derive(Debug, Error)]
pub enum ModelsError {
    /// It could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It failed its first text.
    #[error("the model \"{name}\" failed its first text; get it again, or load another")]
    FirstText {
        /// Name of the model.
        name: String,
        /// What went wrong.
        source: EngineError,
    },
    /// Another one has its name.
    #[error("two models are called \"{name}\"; load one of them only, or rename its folder")]
    Taken {
        /// The name of both.
        name: String,
    },
    /// There is none of this name.
    #[error(transparent)]
    Unknown(#[from] UnknownModel),
    /// Only this one is left.
    #[error("\"{name}\" is the only model; load another one before it is unloaded")]
    Last {
        /// Its name.
        name: String,
    },
}

impl Models {
    /// One model, the default.
    #[must_use]
    pub fn new(default: Engine) -> Self {
        Self(Arc::new(RwLock::new(vec![default])))
    }

    /// Adds a model behind those that are there.
    ///
    /// # Errors
    ///
    /// [`ModelsError::Taken`] when one of them has its name.
    pub fn add(&self, engine: Engine) -> Result<(), ModelsError> {
        self.change(|engines| {
            if find(engines, engine.model()).is_some() {
                return Err(ModelsError::Taken { name: engine.model().to_owned() });
            }
            engines.push(engine);
            Ok(())
        })
    }

    /// Loads a model while the others answer, lets it answer a first text, and adds it.
    ///
    /// # Errors
    ///
    /// A [`ModelsError`]; the models are then as they were.
    pub async fn load(&self, options: EngineOptions) -> Result<(), ModelsError> {
        let loading = tokio::task::spawn_blocking(move || Engine::load(&options));
        let engine = loading.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))?;
        engine
            .warm_up()
            .await
            .map_err(|source| ModelsError::FirstText { name: engine.model().to_owned(), source })?;
        self.add(engine)
    }

    /// Takes a model away from later requests; those that have it are still answered. Where it was
    /// the default, the next one is.
    ///
    /// # Errors
    ///
    /// [`ModelsError::Unknown`] for a name that none has, [`ModelsError::Last`] for the only one.
    pub fn unload(&self, name: &str) -> Result<(), ModelsError> {
        // The engine outlives the lock, as its end may have to wait for a run.
        let _engine = self.change(|engines| match find(engines, name) {
            None => Err(unknown(engines, name).into()),
            Some(_) if engines.len() == 1 => Err(ModelsError::Last { name: name.to_owned() }),
            Some(place) => Ok(engines.remove(place)),
        })?;
        Ok(())
    }

    /// The model of this name, or the default where none is named.
    ///
    /// # Errors
    ///
    /// [`UnknownModel`], which lists the names there are.
    pub fn get(&self, name: Option<&str>) -> Result<Engine, UnknownModel> {
        let Some(name) = name else { return Ok(self.first()) };
        let engines = self.all();
        find_any(&engines, name).map(|place| engines[place].clone()).ok_or_else(|| unknown(&engines, name))
    }

    /// The whole name of the model that `name` stands for; `name` itself where there is none.
    #[must_use]
    pub fn whole_name(&self, name: String) -> String {
        self.get(Some(&name)).map_or(name, |engine| engine.model().to_owned())
    }

    /// The default: the model that was loaded first, of those that are still here.
    #[must_use]
    pub fn first(&self) -> Engine {
        self.all().swap_remove(0)
    }

    /// All of them, the default first.
    #[must_use]
    pub fn all(&self) -> Vec<Engine> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every change is a single step on the list, so a panic elsewhere cannot leave it half done.
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Engine>) -> T) -> T {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Where the engine of this name is.
fn find(engines: &[Engine], name: &str) -> Option<usize> {
    engines.iter().position(|engine| engine.model() == name)
}

/// The same, where `owner/name` also stands for the first `owner/name@revision`.
fn find_any(engines: &[Engine], name: &str) -> Option<usize> {
    let is_of = |engine: &Engine| engine.model().split_once('@').is_some_and(|(repo, _)| repo == name);
    find(engines, name).or_else(|| engines.iter().position(is_of))
}

fn unknown(engines: &[Engine], name: &str) -> UnknownModel {
    let loaded = engines.iter().map(|engine| engine.model().to_owned()).collect();
    UnknownModel { name: name.to_owned(), loaded }
}
