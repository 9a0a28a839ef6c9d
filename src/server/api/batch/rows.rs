//! Rows: the texts of an upload, one after the other, in memory for one row at a time.

use super::{
    ndjson::Lines,
    row::{Format, Row},
    table::{Kind, Table},
    upload::Upload,
};
use crate::server::{
    api::{error::ApiError, json::essence},
    room::claim::Held,
};
use axum::extract::Request;

/// The rows of one upload.
pub struct Rows {
    upload: Upload,
    format: Box<dyn Format>,
    /// Whether the body broke off: what came of the row under way is no row.
    is_broken: bool,
}

impl Rows {
    /// Chooses the format by the request's content type, and reads a table's header.
    ///
    /// `column` is the one of a table's columns, or the member of NDJSON's objects, that holds the texts.
    ///
    /// # Errors
    ///
    /// [`ApiError::MediaType`] for another type, and what [`Table::open`] returns.
    pub async fn open(request: Request, column: Option<&str>) -> Result<Self, ApiError> {
        let table = match essence(request.headers()).as_str() {
            "text/csv" => Some(Kind::Csv),
            "text/tab-separated-values" => Some(Kind::Tabs),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => None,
            _ => {
                return Err(ApiError::MediaType(
                    "The body must be NDJSON (Content-Type: application/x-ndjson), CSV (text/csv) or tab-separated \
                     (text/tab-separated-values)."
                        .into(),
                ));
            }
        };
        let mut upload = Upload::new(request);
        let format: Box<dyn Format> = match table {
            Some(kind) => Box::new(Table::open(&mut upload, kind, column).await?),
            None => Box::new(Lines::new(column)),
        };
        Ok(Self { upload, format, is_broken: false })
    }

    /// The next row, or why it is none, and its room; `None` after the last.
    ///
    /// A body that breaks off, or finds no room, has an error for its last row.
    pub async fn next(&mut self) -> Option<(Row, Held)> {
        if self.is_broken {
            return None;
        }
        self.read().await.unwrap_or_else(|error| {
            self.is_broken = true;
            Some((error.into(), self.upload.nothing()))
        })
    }

    /// The same, of a body that goes on.
    async fn read(&mut self) -> Result<Option<(Row, Held)>, ApiError> {
        loop {
            let row = self.format.decode(&mut self.upload.buffer, self.upload.is_end);
            let held = self.upload.settle(self.format.kept(), row.as_ref().map_or(0, Row::bytes))?;
            match row {
                Some(row) => return Ok(Some((row, held))),
                None if self.upload.is_end => return Ok(None),
                None => self.upload.read().await?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tables::CASES;
    use axum::body::Body;
    use futures_util::stream;
    use http::header::CONTENT_TYPE;
    use std::io;

    type Piece = io::Result<&'static str>;

    /// The rows of a body that comes in these pieces.
    async fn rows(content_type: &str, pieces: impl IntoIterator<Item = Piece>) -> Vec<Row> {
        let pieces: Vec<Piece> = pieces.into_iter().collect();
        let request = Request::post("/").header(CONTENT_TYPE, content_type);
        let request = request.body(Body::from_stream(stream::iter(pieces))).expect("a request");
        let mut rows = Rows::open(request, None).await.expect("a format that is known");
        let mut found = Vec::new();
        while let Some((row, _)) = rows.next().await {
            found.push(row);
        }
        found
    }

    /// The texts of a body that breaks off after `bytes`.
    async fn broken_off(content_type: &str, bytes: &'static str) -> Vec<Result<String, ApiError>> {
        let body = [Ok(bytes), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
        rows(content_type, body).await.into_iter().map(|row| row.text).collect()
    }

    fn row(id: &str, text: &str) -> Row {
        Row { id: Some(id.into()), text: Ok(text.into()) }
    }

    #[tokio::test]
    async fn reads_what_the_page_and_the_command_line_read() {
        for &(ending, content, expected) in CASES {
            let content_type = match ending {
                "csv" => "text/csv",
                "tsv" => "text/tab-separated-values",
                _ => "application/x-ndjson",
            };
            let found = rows(content_type, [Ok(content)]).await;
            let found: Vec<_> = found.iter().map(|row| row.text.as_deref().ok()).collect();
            assert_eq!(found, expected, "{content:?}");
        }
    }

    // "1;good" was scored.
    #[tokio::test]
    async fn a_header_tells_what_is_between_its_columns_however_it_comes() {
        for pieces in [
            ["\u{feff}", "id;te", "xt\n1;good, but late\n"],
            ["id", "|", "text\n1|good, but late"],
            ["", "id\ttext\n1", "\tgood, but late\n"],
            ["id,text\n", "1,\"good, ", "but late\"\n"],
            ["\r\n", "\nid;text\n1;good", ", but late\n"],
            ["id;\"a,", "\nb\";text\n1;;good", ", but late\n"],
            ["id;te", "xt\r1;good", ", but late\r"],
            // Excel is told so what is between them.
            ["\u{feff}sep", "=;\r\nid;te", "xt\r\n1;good, but late\r\n"],
        ] {
            assert_eq!(rows("text/csv", pieces.map(Ok)).await, [row("1", "good, but late")], "{pieces:?}");
        }
        let tabs = rows("text/tab-separated-values", ["note;\tid\ttext\n;", "\t1\tgood"].map(Ok)).await;
        assert_eq!(tabs, [row("1", "good")]);
    }

    // The text was cut at the comma, and scored.
    #[tokio::test]
    async fn a_record_with_more_or_fewer_fields_than_the_header_is_an_error_with_its_id() {
        let table = "id,text,stars\n1,good, but late,5\n2,good\n3\n4,good,5\n";
        let mut rows = rows("text/csv", [Ok(table)]).await;
        assert_eq!(rows.pop(), Some(row("4", "good")));
        for (record, id) in rows.iter().zip(["1", "2", "3"]) {
            assert_eq!(record.id, Some(id.into()));
            assert!(matches!(record.text, Err(ApiError::Invalid(_))), "{record:?}");
        }
        assert_eq!(rows.len(), 3);
    }

    // What stands there may be a part of the text.
    #[tokio::test]
    async fn an_id_behind_such_a_text_is_not_guessed() {
        let rows = rows("text/csv", [Ok("text,id\ngood, but late,1\n")]).await;
        let [Row { id: None, text: Err(ApiError::Invalid(error)) }] = &rows[..] else { panic!("{rows:?}") };
        assert!(error.starts_with("The header has 2 fields, this record 3"), "{error}");
    }

    // It had no id.
    #[tokio::test]
    async fn a_record_that_is_not_utf_8_is_an_error_with_its_id() {
        let bytes = Body::from(&b"id,text\n1,caf\xe9 good\n\xe9,good\n"[..]);
        let request = Request::post("/").header(CONTENT_TYPE, "text/csv").body(bytes).expect("a request");
        let mut rows = Rows::open(request, None).await.expect("a format that is known");
        for id in [Some("1".into()), None] {
            let (row, _) = rows.next().await.expect("a row");
            assert!(row.id == id && matches!(row.text, Err(ApiError::Malformed(_))), "{row:?}");
        }
    }

    // What follows was scored as a part of its text.
    #[tokio::test]
    async fn a_quote_that_is_left_open_is_an_error() {
        let rows = rows("text/csv", ["id,text\n1,good\n2,\"ba", "d\n3,good\n"].map(Ok)).await;
        let [first, Row { id: None, text: Err(ApiError::Malformed(_)) }] = &rows[..] else {
            panic!("{rows:?}")
        };
        assert_eq!(*first, row("1", "good"));
    }

    #[tokio::test]
    async fn a_line_that_breaks_off_is_one_error_and_the_end() {
        let rows = broken_off("application/x-ndjson", "\"good\"\n{\"text\": \"so go").await;
        assert_eq!(rows, [Ok("good".into()), Err(ApiError::CutOff)]);
    }

    #[tokio::test]
    async fn a_record_that_breaks_off_is_one_error_and_the_end() {
        assert_eq!(
            broken_off("text/csv", "text\ngood\nso go").await,
            [Ok("good".into()), Err(ApiError::CutOff)]
        );
    }
}
