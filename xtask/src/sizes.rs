//! What a first visit downloads, as a table, and the budget that it has to keep.

use std::fmt;

use anyhow::{Result, ensure};

/// The most that a first visit may download, Brotli-compressed.
const TOTAL_BUDGET: usize = 189_000;

/// The most that the wasm module may weigh, Brotli-compressed.
const WASM_BUDGET: usize = 177_000;

/// One file's sizes in bytes.
#[derive(Clone)]
pub struct Sizes {
    /// The file's path in the site.
    pub name: String,
    /// As built.
    pub raw: usize,
    /// As sent to a browser that takes gzip.
    pub gz: usize,
    /// As sent to a browser that takes Brotli.
    pub br: usize,
}

/// The sizes of the files that a page loads before it is interactive.
pub struct FirstLoad(pub Vec<Sizes>);

impl FirstLoad {
    /// Fails when a size is over its budget, with the numbers.
    pub fn check(&self) -> Result<()> {
        for file in self.0.iter().filter(|file| file.name.ends_with(".wasm")) {
            ensure!(
                file.br <= WASM_BUDGET,
                "{} is {} bytes in Brotli, over its budget of {WASM_BUDGET}",
                file.name,
                file.br
            );
        }
        let total = self.total().br;
        ensure!(
            total <= TOTAL_BUDGET,
            "a first load is {total} bytes in Brotli, over its budget of {TOTAL_BUDGET}"
        );
        Ok(())
    }

    fn total(&self) -> Sizes {
        let sum = |size: fn(&Sizes) -> usize| self.0.iter().map(size).sum();
        Sizes {
            name: "first load".into(),
            raw: sum(|file| file.raw),
            gz: sum(|file| file.gz),
            br: sum(|file| file.br),
        }
    }
}

impl fmt::Display for FirstLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<36} {:>9} {:>9} {:>9}", "bytes", "raw", "gzip", "brotli")?;
        for file in self.0.iter().chain([&self.total()]) {
            writeln!(f, "{:<36} {:>9} {:>9} {:>9}", file.name, file.raw, file.gz, file.br)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, br: usize) -> Sizes {
        Sizes { name: name.into(), raw: br * 3, gz: br * 2, br }
    }

    #[test]
    fn a_page_within_the_budget_passes() {
        let page = FirstLoad(vec![file("pkg/a.js", 12_000), file("pkg/a.wasm", 177_000)]);
        assert!(page.check().is_ok());
    }

    #[test]
    fn a_heavy_module_or_a_heavy_sum_fails() {
        assert!(FirstLoad(vec![file("pkg/a.wasm", 177_001)]).check().is_err());
        assert!(FirstLoad(vec![file("pkg/a.js", 12_001), file("pkg/a.wasm", 177_000)]).check().is_err());
    }

    #[test]
    fn the_table_ends_with_the_sum() {
        let table = FirstLoad(vec![file("pkg/a.js", 1), file("pkg/a.wasm", 2)]).to_string();
        let last = table.lines().last().unwrap_or_default();
        assert_eq!(last.split_whitespace().collect::<Vec<_>>(), ["first", "load", "9", "6", "3"]);
    }
}
