//! Valence's own API, for any number of texts: `POST /api/v1/batch`.
//!
//! ```text
//! body → rows (NDJSON or CSV) → engine, a bounded number at a time → NDJSON, in order
//! ```
//!
//! Everything is pulled by the answer's reader: a slow one slows the upload, and one that goes
//! away ends the work. Memory does not grow with the file.

pub mod id;
pub mod ndjson;
pub mod row;
pub mod rows;
pub mod table;
pub mod upload;

use super::{
    error::{ApiError, ErrorBody},
    input::TopK,
    json::Query,
    options::Options,
    refusals::{Refused, Unnamed},
};
use crate::{
    engine::Engine,
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    server::{
        room::{NoRoom, claim::Held},
        state::AppState,
    },
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use id::Id;
use row::Row;
use rows::Rows;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use utoipa::{IntoParams, ToSchema};

/// What is wanted of each text.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Name of the model; the first one where it is absent.
    model: Option<String>,
    /// Whether each sentence's scores are wanted too.
    #[serde(default)]
    sentences: bool,
    /// How to find what each part of the texts adds, where that is wanted.
    explain: Option<Method>,
    /// How many labels, the best first; all where it is absent.
    top_k: Option<TopK>,
    /// The column of a table, or the member of NDJSON's objects, that holds the texts. Where it is absent:
    /// `text` of an object, and of a table the first there is of `text`, `sentence`, `review`, `content`,
    /// `body`, `comment`, `tweet`, `message`, `document`, `pros`, `cons`, `response`, `answer`, `description`,
    /// `summary` and `title`, or the only column. A longer name that ends with one of the first nine or with
    /// `feedback` goes before the last seven, and so does a plural such as `reviews` or `Guest reviews`. What
    /// the columns hold does not count.
    column: Option<String>,
}

/// One line of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchLine {
    /// Place of the text in the file, from 0; blank lines and the header are not counted.
    index: u64,
    /// The text's own `id`, as it is written, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    id: Option<Id>,
    /// The answer, or why there is none.
    #[serde(flatten)]
    outcome: LineOutcome,
}

/// The outcome for one text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
// Programs that were made from the description have the name.
#[schema(as = Outcome)]
pub enum LineOutcome {
    /// Its scores.
    Answer(Box<Analysis>),
    /// Why there are none.
    Error(ErrorBody),
}

/// Analyze a file of any size.
///
/// NDJSON: each line is a JSON string, or an object whose `text`, or the member that `column` names, is a
/// string or a number, and that may have an `id`. CSV (`text/csv`; semicolons, bars or tabs may be its commas)
/// or tab-separated (`text/tab-separated-values`, where a quote is a character like others but around a tab or a
/// line break): the first line names the columns, and where it names but one, lines are read whole.
/// The answer has one line for each text, in order, sent as soon as it is ready. A text that
/// cannot be analyzed gets a line with `error` and `error_type`.
#[utoipa::path(
    post,
    path = "/batch",
    tag = "Valence",
    params(BatchQuery),
    request_body(
        content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "text/tab-separated-values"),
        )
    ),
    responses(
        (status = 200, content_type = "application/x-ndjson", body = BatchLine, description = "A line for each text."),
        Refused,
        Unnamed,
    )
)]
pub async fn batch(
    State(state): State<AppState>,
    Query(query): Query<BatchQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let engine = state.models.get(query.model.as_deref())?;
    let options = Options::new(query.sentences, query.explain, query.top_k);
    let rows = Rows::open(request, query.column.as_deref()).await?;

    let numbered = stream::unfold((rows, 0), |(mut rows, index)| async move {
        let (row, held) = rows.next().await?;
        Some(((index, row, held), (rows, index + 1)))
    });
    let lines = numbered
        .map(move |(index, row, held)| {
            let engine = engine.clone();
            async move {
                let Row { id, text } = row;
                let line = move |analysis: Result<Analysis, ApiError>| {
                    let outcome = match analysis {
                        Ok(analysis) => LineOutcome::Answer(Box::new(analysis)),
                        Err(error) => error.into(),
                    };
                    to_be_sent(BatchLine { index, id, outcome }, held)
                };
                Ok::<_, Infallible>(match text {
                    Ok(text) => options.analyze_when_free(&engine, text, line).await,
                    Err(error) => line(Err(error)),
                })
            }
        })
        .buffered(Engine::IN_FLIGHT);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

impl From<ApiError> for LineOutcome {
    fn from(error: ApiError) -> Self {
        Self::Error(ErrorBody::from(&error))
    }
}

/// A line in the place of its row; where it finds no room, one that says so.
fn to_be_sent(line: BatchLine, held: Held) -> Bytes {
    held.carry(json(&line)).unwrap_or_else(|NoRoom| {
        let outcome = ApiError::from(AnalyzeError::Busy).into();
        json(&BatchLine { outcome, ..line }).into()
    })
}

fn json(line: &BatchLine) -> Vec<u8> {
    let mut json = serde_json::to_vec(line).expect("an answer has only string keys");
    json.push(b'\n');
    json
}
