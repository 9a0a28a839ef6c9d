//! Pieces: a text cut at the parts that something is said about, with what lies between them.

/// Every part of `text` with its number, and the gaps, in order; nothing is lost but NULs.
///
/// `parts` are ranges of bytes in ascending order; one that does not fit the text is left out.
pub fn pieces(text: &str, parts: impl IntoIterator<Item = [u32; 2]>) -> Vec<(Option<usize>, String)> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for (number, [from, to]) in parts.into_iter().enumerate() {
        let (from, to) = (from as usize, to as usize);
        let (Some(gap), Some(part)) = (text.get(end..from), text.get(from..to)) else { continue };
        pieces.push((None, visible(gap)));
        pieces.push((Some(number), visible(part)));
        end = to;
    }
    pieces.push((None, visible(text.get(end..).unwrap_or_default())));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// A text as HTML can hold it, which has no NUL: browsers drop it, and with it the text node that the
/// page's script looks for.
pub fn visible(piece: &str) -> String {
    piece.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_parts_and_gaps() {
        let owned = |(number, piece): (Option<usize>, &str)| (number, piece.to_owned());
        let expected = [(None, " "), (Some(0), "Ça va."), (None, " "), (Some(1), "Oui"), (None, "!")];
        assert_eq!(pieces(" Ça va. Oui!", [[1, 8], [9, 12]]), expected.map(owned));
    }

    #[test]
    fn a_part_that_does_not_fit_is_text_like_any_other() {
        // The second byte of ç is no place to cut.
        assert_eq!(pieces("ça", [[1, 3]]), [(None, "ça".to_owned())]);
        assert_eq!(pieces("ab", [[0, 9]]), [(None, "ab".to_owned())]);
    }

    #[test]
    fn shows_nul() {
        assert_eq!(pieces("\0", [[0, 1]]), [(Some(0), "\u{fffd}".to_owned())]);
    }
}
