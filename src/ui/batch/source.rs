//! The source: what was pasted or dropped, before it is a table.

/// What was pasted or dropped.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file's name, where it came from one.
    pub name: Option<String>,
    /// What it holds.
    pub content: String,
}

impl Source {
    /// Whether it holds nothing but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.content.trim().is_empty()
    }

    /// Whether the other is this one, edited in the box: half of the shorter stands at the beginning or the
    /// end of both.
    #[must_use]
    pub fn becomes(&self, other: &Self) -> bool {
        // Files of megabytes are not compared.
        if self.name.is_some() || other.name.is_some() {
            return false;
        }
        let (old, new) = (self.content.as_bytes(), other.content.as_bytes());
        let shorter = old.len().min(new.len());
        let equal =
            |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(old, new)| old == new).count();
        let same = equal(&mut old.iter().zip(new)) + equal(&mut old.iter().rev().zip(new.iter().rev()));
        shorter > 0 && 2 * same >= shorter
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn lines_that_are_edited_are_told_from_others() {
        let source = |content: &str| Source { name: None, content: content.into() };
        let lines = source("text;stars\nso good;5\n");
        for edited in ["text;stars\nso good;5\nso bad;1\n", "texts;stars\nso good;5\n", "text;stars\n"] {
            assert!(lines.becomes(&source(edited)), "{edited}");
        }
        for other in ["{\"text\":\"so good\"}", ""] {
            assert!(!lines.becomes(&source(other)), "{other}");
        }
        assert!(!source("").becomes(&lines));
        assert!(!lines.becomes(&Source { name: Some("a.csv".into()), ..lines.clone() }));
    }
}
