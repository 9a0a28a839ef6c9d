//! Lines: what has come of a stream whose chunks end anywhere, to be taken out line by line.

/// The part of a stream that has come and was not taken out yet.
#[derive(Default)]
pub struct Lines(String);

impl Lines {
    /// Takes in what comes next.
    pub fn push(&mut self, chunk: &str) {
        self.0.push_str(chunk);
    }

    /// Takes out the first line, with its end; `None` while it is not whole.
    pub fn line(&mut self) -> Option<String> {
        let end = self.0.find('\n')?;
        Some(self.0.drain(..=end).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_line_may_come_in_pieces_and_a_piece_may_hold_several() {
        let mut lines = Lines::default();
        lines.push("on");
        assert_eq!(lines.line(), None);
        lines.push("e\ntwo\nth");
        assert_eq!(lines.line().as_deref(), Some("one\n"));
        assert_eq!(lines.line().as_deref(), Some("two\n"));
        assert_eq!(lines.line(), None);
    }
}
