//! Labels as files write them, and which of the model's own each means.

use super::{EvalError, Row};

/// The labels with their numbers, as a file may have either.
pub(super) fn numbered(labels: &[String]) -> String {
    let labels = labels.iter().enumerate().map(|(number, label)| format!("{number} {label}"));
    labels.collect::<Vec<_>>().join(", ")
}

/// The number of the label that a row has, by its name or its number, as [`super::measure`] says.
///
/// # Errors
///
/// [`EvalError::Label`] where it is none of them.
pub(super) fn number(labels: &[String], row: &Row) -> Result<usize, EvalError> {
    // Numbers of a column that had a gap once are written as 1.0.
    let whole = row.label.strip_suffix(".0").unwrap_or(&row.label);
    let by_number = || whole.parse().ok().filter(|&number: &usize| number < labels.len());
    let by_name = |name: &str| labels.iter().position(|label| label.trim().eq_ignore_ascii_case(name));
    by_name(&row.label)
        .or_else(|| by_name(whole))
        .or_else(by_number)
        .or_else(|| by_stem(labels, &row.label))
        .ok_or_else(|| EvalError::Label { row: row.row, label: row.label.clone(), labels: labels.to_vec() })
}

/// The one label that a usual word for a positive or a negative text can mean.
fn by_stem(labels: &[String], word: &str) -> Option<usize> {
    let stem = match word.to_ascii_lowercase().as_str() {
        "pos" | "positive" => "pos",
        "neg" | "negative" => "neg",
        _ => return None,
    };
    let mut meant = labels.iter().enumerate().filter(|(_, label)| label.to_ascii_lowercase().contains(stem));
    let (number, _) = meant.next()?;
    meant.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_usual_word_means_a_label_only_where_it_can_mean_no_other() {
        let meant = |labels: &[&str], word| {
            by_stem(&labels.iter().map(ToString::to_string).collect::<Vec<_>>(), word)
        };
        assert_eq!(meant(&["NEGATIVE", "POSITIVE"], "pos"), Some(1));
        assert_eq!(meant(&["Pos", "Neutral", "Neg"], "negative"), Some(2));
        assert_eq!(meant(&["Very Positive", "Positive", "Negative"], "pos"), None);
        assert_eq!(meant(&["LABEL_0", "LABEL_1"], "pos"), None);
        assert_eq!(meant(&["NEGATIVE", "POSITIVE"], "good"), None);
    }

    #[test]
    fn a_number_that_names_a_label_is_that_label_however_it_is_written() {
        let stars: Vec<String> = (1..=5).map(|stars| stars.to_string()).collect();
        let text = Text::new("good").expect("a text");
        let of = |label: &str| number(&stars, &Row { row: 1, label: label.into(), text: text.clone() }).ok();
        assert_eq!((of("4"), of("4.0"), of("5.0"), of("0.0")), (Some(3), Some(3), Some(4), Some(0)));
    }
}
