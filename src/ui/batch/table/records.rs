//! The records of lines, CSV and TSV: their cells, and which are no whole ones.

use super::Format;
use crate::cells::records::{Records, Step, Unfit};

/// The most cells of a record, as for the command line.
const MAX_CELLS: usize = 65_536;

/// Records that are none as they should be, by their numbers, in order, and why.
pub type Broken = Vec<(usize, &'static str)>;

/// The cells of a content as `guess::told` leaves it, of so many records at most, and those that are broken.
#[must_use]
pub fn records(content: &str, format: Format, most: usize) -> (Vec<Vec<String>>, Broken) {
    let Format::Delimited(delimiter) = format else {
        let lines = content.lines().filter(|line| !line.trim().is_empty());
        return (lines.take(most).map(|line| vec![line.to_owned()]).collect(), Vec::new());
    };
    // A line end is added to the last one, and a buffer that is full counts as too small.
    let mut records = Records::new(delimiter, content.len() + 2, MAX_CELLS);
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    let mut rest = content.as_bytes();
    while found.len() < most {
        let (taken, step) = records.read(rest);
        rest = &rest[taken..];
        match step {
            Step::More => {}
            Step::Record => {
                broken.extend(records.unfit().map(|unfit| (found.len(), reason(unfit))));
                let cells = records.cells().into_iter();
                found.push(cells.map(|cell| cell.unwrap_or_default().to_owned()).collect());
            }
            Step::End => break,
        }
    }
    (found, broken)
}

const fn reason(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::TooLarge => "it has too many cells",
        Unfit::OpenQuote => "a quote is left open, so all that follows is a part of it",
        Unfit::Cut => "a quote is left open, and the line after it is no whole row",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_open_where_the_content_ends_before_it() {
        for (content, cell, is_open) in [
            ("id,text\n1,\"so\n2,bad\n", "so\n2,bad\n", true),
            ("id,text\n1,\"so", "so", true),
            ("id,text\n1,\"", "", true),
            ("id,text\n1,\"so \"\"good\"\"", "so \"good\"", true),
            ("id,text\n1,\"so \"\"good\"\"\"", "so \"good\"", false),
            ("id,text\r\n1,\"so\"\r\n", "so", false),
            ("id,text\n1,5\" wide", "5\" wide", false),
            ("id,text\n1,.", ".", false),
        ] {
            let (rows, broken) = records(content, Format::Delimited(b','), usize::MAX);
            assert_eq!(rows, [["id", "text"], ["1", cell]], "{content}");
            assert_eq!(broken.len(), usize::from(is_open), "{content}");
        }
        assert!(records("\n\n", Format::Delimited(b','), usize::MAX).0.is_empty());
    }

    #[test]
    fn what_is_too_large_is_told_and_has_no_cells() {
        let content = format!("id,text\n{}\n2,good", ",".repeat(MAX_CELLS));
        let (rows, broken) = records(&content, Format::Delimited(b','), usize::MAX);
        assert_eq!(rows, [vec!["id", "text"], vec![], vec!["2", "good"]]);
        assert_eq!(broken, [(1, "it has too many cells")]);
    }
}
