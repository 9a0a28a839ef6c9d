//! Scored rows: what the model says of one row's text, and the columns that it becomes.

use crate::{
    dataset::{convert, error::DatasetError, rows::Rows},
    engine::{Engine, EngineError, reading::Wanted},
    sentiment::Score,
    text::{Text, TextError},
};
use arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

/// How often a text is tried again whose session failed over others.
const TRIES: usize = 5;

/// How long a session that failed is waited for, and between two looks at it.
const RESTART: (Duration, Duration) = (Duration::from_secs(60), Duration::from_millis(5));

/// Every label's score, the highest first, or why there are none.
pub type Scored = Result<Vec<Score>, String>;

/// What is wrong with each row: that it has no scores, and what of it was `unwritable`.
#[must_use]
pub fn errors(scored: &[Scored], unwritable: Vec<Option<String>>) -> Vec<Option<String>> {
    let of_one = |(row, unwritable): (&Scored, Option<String>)| match (row, unwritable) {
        (Err(error), Some(unwritable)) => Some(format!("{error}; {unwritable}")),
        (Err(error), None) => Some(error.clone()),
        (Ok(_), unwritable) => unwritable,
    };
    scored.iter().zip(unwritable).map(of_one).collect()
}

/// Scores one text. One that is blank, too long, of no tokens or not to be read by the tokenizer, or that
/// the model fails at or has no numbers for, has an error in place of scores.
///
/// # Errors
///
/// An [`EngineError`] where a session does not run again in time, or the engine has ended.
pub async fn of(engine: &Engine, text: Option<String>) -> Result<Scored, EngineError> {
    let text = match Text::new(text.unwrap_or_default()) {
        Ok(text) => text,
        Err(TextError::TooLarge { bytes, limit }) => {
            return Ok(Err(format!("too large: {bytes} bytes, at most {limit} are read")));
        }
        Err(TextError::Blank) => return Ok(Err("no text".into())),
    };
    let mut outcome = engine.analyze(text.clone(), Wanted::default()).await;
    // Other texts may have been at fault, and others again the next time.
    for _ in 0..TRIES {
        if !matches!(outcome, Err(EngineError::Restarting)) || !runs_again(engine).await {
            break;
        }
        outcome = engine.analyze(text.clone(), Wanted::default()).await;
    }
    match outcome {
        Ok(analysis) => Ok(Ok(analysis.scores)),
        Err(EngineError::TooLong { tokens, limit }) => {
            Ok(Err(format!("too long: {tokens} tokens, at most {limit} are read")))
        }
        Err(EngineError::Empty) => Ok(Err("no text".into())),
        Err(EngineError::Tokenizer(_)) => Ok(Err("the model's tokenizer cannot read it".into())),
        Err(EngineError::Broken) => Ok(Err("the model's tokenizer failed at it".into())),
        Err(EngineError::NoNumbers) => Ok(Err("the model gives no numbers for it".into())),
        Err(error @ EngineError::Session(_)) => {
            if runs_again(engine).await {
                Ok(Err("the model failed at it".into()))
            } else {
                Err(error)
            }
        }
        Err(error) => Err(error),
    }
}

/// Whether the session that failed has been restarted, and every other one.
async fn runs_again(engine: &Engine) -> bool {
    let (longest, pause) = RESTART;
    let restarted = async {
        while engine.is_restarting() {
            sleep(pause).await;
        }
    };
    timeout(longest, restarted).await.is_ok()
}

/// Adds what the model says and the [`errors`] as columns to the rows, by the names of [`crate::columns::added`] or
/// others in their place, which no row has.
///
/// # Errors
///
/// [`DatasetError::Arrow`] where the rows are not as many as what was scored and the errors.
pub fn append(
    rows: Rows,
    names: &[String],
    labels: &[String],
    scored: &[Scored],
    errors: Vec<Option<String>>,
) -> Result<Rows, DatasetError> {
    let added = table(names, labels, scored, errors)?;
    match rows {
        Rows::Table(rows) => {
            let fields =
                rows.schema().fields().iter().chain(added.schema().fields()).cloned().collect::<Vec<_>>();
            let arrays = [rows.columns(), added.columns()].concat();
            Ok(Rows::Table(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?))
        }
        Rows::Objects(rows) => {
            let added = convert::objects(Rows::Table(added))?;
            let rows = rows.into_iter().zip(added).map(|(mut row, added)| {
                row.extend(added);
                row
            });
            Ok(Rows::Objects(rows.collect()))
        }
    }
}

fn table(
    names: &[String],
    labels: &[String],
    scored: &[Scored],
    errors: Vec<Option<String>>,
) -> Result<RecordBatch, DatasetError> {
    let best = || scored.iter().map(|row| row.as_ref().ok().and_then(|scores| scores.first()));
    let of = |label: &String| -> ArrayRef {
        let score =
            |scores: &Vec<Score>| scores.iter().find(|score| score.label == *label).map(|score| score.score);
        Arc::new(scored.iter().map(|row| row.as_ref().ok().and_then(score)).collect::<Float32Array>())
    };
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(best().map(|best| best.map(|best| &*best.label)).collect::<StringArray>()),
        Arc::new(best().map(|best| best.map(|best| best.score)).collect::<Float32Array>()),
    ];
    arrays.extend(labels.iter().map(of));
    arrays.push(Arc::new(StringArray::from(errors)));
    let last = arrays.len() - 1;
    let fields: Vec<Field> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let is_text = index == 0 || index == last;
            Field::new(name, if is_text { DataType::Utf8 } else { DataType::Float32 }, true)
        })
        .collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_why_there_are_no_scores_and_what_was_left_out() {
        let unwritable = || Some("cannot be written".to_owned());
        let scored: [Scored; 4] =
            [Ok(Vec::new()), Ok(Vec::new()), Err("no text".into()), Err("no text".into())];
        let errors = errors(&scored, vec![None, unwritable(), None, unwritable()]);
        let expected = [None, Some("cannot be written"), Some("no text"), Some("no text; cannot be written")];
        assert_eq!(errors, expected.map(|error| error.map(str::to_owned)));
    }
}
