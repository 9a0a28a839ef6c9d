//! The loaded models: engines by name, the first of them the default.
//!
//! They are added before the server listens. Each has a queue, sessions and a cache of its own.

use crate::engine::Engine;
use std::sync::Arc;
use thiserror::Error;

/// The engines that answer, never none; clones share them.
#[derive(Clone)]
pub struct Models(Arc<Vec<Engine>>);

/// No model of this name is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no model has this name here; choose one that is loaded: {}", loaded.join(", "))]
pub struct UnknownModel {
    /// The names there are, the default first.
    pub loaded: Vec<String>,
}

/// Another model has its name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("two models are called \"{name}\"; load one of them only, or rename its folder")]
pub struct TakenName {
    /// The name of both.
    pub name: String,
}

impl Models {
    /// One model, the default.
    #[must_use]
    pub fn new(default: Engine) -> Self {
        Self(Arc::new(vec![default]))
    }

    /// Adds a model behind those that are there.
    ///
    /// # Errors
    ///
    /// [`TakenName`] when one of them has its name.
    pub fn add(&mut self, engine: Engine) -> Result<(), TakenName> {
        if find(&self.0, engine.model()).is_some() {
            return Err(TakenName { name: engine.model().to_owned() });
        }
        Arc::make_mut(&mut self.0).push(engine);
        Ok(())
    }

    /// The model of this name, or the default where none is named.
    ///
    /// # Errors
    ///
    /// [`UnknownModel`], which lists the names there are.
    pub fn get(&self, name: Option<&str>) -> Result<Engine, UnknownModel> {
        let Some(name) = name else { return Ok(self.first()) };
        let engines = &*self.0;
        find_any(engines, name).map(|place| engines[place].clone()).ok_or_else(|| unknown(engines))
    }

    /// The model of this name, or the default where none is named or has it.
    #[must_use]
    pub fn get_or_first(&self, name: Option<&str>) -> Engine {
        self.get(name).unwrap_or_else(|_| self.first())
    }

    /// The whole name of the model that `name` stands for; `name` itself where there is none.
    #[must_use]
    pub fn whole_name(&self, name: String) -> String {
        self.get(Some(&name)).map_or(name, |engine| engine.model().to_owned())
    }

    /// The default: the model that was loaded first.
    #[must_use]
    pub fn first(&self) -> Engine {
        self.0[0].clone()
    }

    /// All of them, the default first.
    #[must_use]
    pub fn all(&self) -> Vec<Engine> {
        Vec::clone(&self.0)
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

fn unknown(engines: &[Engine]) -> UnknownModel {
    UnknownModel { loaded: engines.iter().map(|engine| engine.model().to_owned()).collect() }
}
