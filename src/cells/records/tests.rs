//! Records that are as they should be, and those that are not.

use super::*;

/// The records of these bytes, a few at a time.
fn records(bytes: &[u8]) -> Vec<Result<Vec<Option<String>>, Unfit>> {
    records_of(b',', bytes)
}

fn records_of(delimiter: u8, bytes: &[u8]) -> Vec<Result<Vec<Option<String>>, Unfit>> {
    let mut records = Records::new(delimiter, 8, 3);
    let (mut found, mut rest) = (Vec::new(), bytes);
    loop {
        let (taken, step) = records.read(&rest[..rest.len().min(3)]);
        rest = &rest[taken..];
        match step {
            Step::More => {}
            Step::Record => {
                let fields = records.fields();
                let owned = |field: Option<&str>| field.map(str::to_owned);
                found.push(fields.map(|fields| fields.into_iter().map(owned).collect()));
            }
            Step::End => return found,
        }
    }
}

#[test]
fn a_record_that_is_too_large_is_read_over_and_the_next_one_is_whole() {
    let whole = |fields: &[&str]| Ok(fields.iter().map(|field| Some(field.to_string())).collect());
    assert_eq!(
        records(b"a,\"b\nc\"\n123456789,0\n1,2,3,4\na,\xff\nd,\"e,\"\"\"\nf"),
        [
            whole(&["a", "b\nc"]),
            Err(Unfit::TooLarge),
            Err(Unfit::TooLarge),
            Ok(vec![Some("a".into()), None]),
            whole(&["d", "e,\""]),
            whole(&["f"]),
        ]
    );
    assert_eq!(records(b"a\n\"bcdefghijklmnopq\nr\ns\n"), [whole(&["a"]), Err(Unfit::TooLarge)]);
    assert_eq!(records(b""), []);
}

#[test]
fn a_line_between_tabs_that_is_too_large_is_read_over() {
    let whole = |fields: [&str; 2]| Ok(fields.map(|field| Some(field.to_owned())).to_vec());
    let found = records_of(b'\t', b"a\tb\n123456789012345\t0\n\"1\t2\n3\t\"4\n5\"\r\n6\t7");
    let fit = [["\"1", "2"], ["3", "4\n5"], ["6", "7"]].map(whole);
    assert_eq!(found[..2], [whole(["a", "b"]), Err(Unfit::TooLarge)]);
    assert_eq!(found[2..], fit);
}

#[test]
fn where_the_first_has_one_field_lines_are_read_whole() {
    let whole = |field: &str| Ok(vec![Some(field.to_owned())]);
    for (delimiter, first) in
        [(b';', "a\n"), (b';', "sep=;\r\na\r\n"), (b'\t', "sep=\t\na\n"), (b'\t', "a\r")]
    {
        let text = format!("b{}c", delimiter as char);
        let found = records_of(delimiter, format!("{first}{text}\nd").as_bytes());
        assert_eq!(found, [whole("a"), whole(&text), whole("d")], "{first:?}");
    }
    assert_eq!(records_of(b'\t', b"\"a\"\n\"b\nc\"\n"), [whole("a"), whole("b\nc")]);
    assert_eq!(records_of(b'\t', b"a\n\"b\nc\""), [whole("a"), whole("\"b"), whole("c\"")]);
    assert_eq!(records_of(b'\t', b"\"a\n\n"), [whole("\"a")]);
}

// It was the text of its row, and the rows that follow were lost.
#[test]
fn a_quote_that_is_left_open_is_no_field() {
    let whole = |field: &str| Ok(vec![Some(field.to_owned())]);
    for (bytes, last) in [
        (&b"a\n\"b\nc\nd"[..], Err(Unfit::OpenQuote)),
        (b"a\n\"b\n", Err(Unfit::OpenQuote)),
        (b"a\n\"", Err(Unfit::OpenQuote)),
        (b"a\n\"b\"\"", Err(Unfit::OpenQuote)),
        (b"a\r\n\"b\"", whole("b")),
        (b"a\r\"b\"\r", whole("b")),
        (b"a\nb\"", whole("b\"")),
        (b"a\n\"\"", whole("")),
    ] {
        assert_eq!(records(bytes), [whole("a"), last], "{}", bytes.escape_ascii());
    }
}
