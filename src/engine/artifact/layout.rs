//! The layout of a model's folder, or of its repository on the Hub: which files a model is made of, but for
//! its graph, whose names [`crate::engine::dtype`] knows, and what the graph leaves to others.

/// The model's configuration.
const CONFIG: &str = "config.json";

/// Where the tokenizer may be, with its settings beside it; Optimum puts both beside the graph.
const TOKENIZERS: [(&str, &str); 2] =
    [("tokenizer.json", "tokenizer_config.json"), ("onnx/tokenizer.json", "onnx/tokenizer_config.json")];

/// A model's files, by their paths in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The model's configuration.
    pub config: &'static str,
    /// The tokenizer.
    pub tokenizer: &'static str,
    /// The tokenizer's settings; optional.
    pub settings: &'static str,
}

impl Layout {
    /// The layout of a model that has these files; the usual one where it lacks them.
    #[must_use]
    pub fn find(has: impl Fn(&str) -> bool) -> Self {
        let there = TOKENIZERS.into_iter().find(|(tokenizer, _)| has(tokenizer));
        let (tokenizer, settings) = there.unwrap_or(TOKENIZERS[0]);
        Self { config: CONFIG, tokenizer, settings }
    }

    /// The files that no model can do without.
    #[must_use]
    pub const fn required(&self) -> [&'static str; 2] {
        [self.tokenizer, self.config]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_beside_the_tokenizer() {
        let find = |files: &[&str]| Layout::find(|file| files.contains(&file));
        let beside_the_graph = find(&["config.json", "tokenizer_config.json", "onnx/tokenizer.json"]);
        assert_eq!(beside_the_graph.required(), ["onnx/tokenizer.json", "config.json"]);
        assert_eq!(beside_the_graph.settings, "onnx/tokenizer_config.json");
        let usual = find(&["tokenizer.json", "onnx/tokenizer.json"]);
        assert_eq!((usual.tokenizer, usual.settings), ("tokenizer.json", "tokenizer_config.json"));
        assert_eq!(find(&[]), usual);
    }
}
