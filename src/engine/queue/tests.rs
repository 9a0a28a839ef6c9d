//! The queue alone: what goes into a batch, who is refused, and that every text runs once.

mod places;
mod turns;

use super::*;
use proptest::prelude::*;

struct Text {
    tokens: Encoding,
    is_gone: bool,
    kind: Kind,
}

impl Waiting for Text {
    fn encoding(&self) -> &Encoding {
        &self.tokens
    }

    fn is_abandoned(&self) -> bool {
        self.is_gone
    }

    fn kind(&self) -> Kind {
        self.kind
    }
}

fn text(tokens: usize) -> Text {
    Text { tokens: Encoding::new(vec![1; tokens]), is_gone: false, kind: Kind::Single }
}

fn gone() -> Text {
    Text { is_gone: true, ..text(5) }
}

fn of_many(tokens: usize) -> Text {
    Text { kind: Kind::OfMany, ..text(tokens) }
}

fn queue(waiting: usize, rows: usize, tokens: usize, lengths: &[usize]) -> Queue<Text> {
    let queue = Queue::new(QueueLimits { waiting, rows, tokens }, 1);
    queue.push(&mut lengths.iter().copied().map(text).collect(), None).expect("room for all");
    queue
}

/// Whether one more row of a text of this kind would be refused.
fn is_full(queue: &Queue<Text>, kind: Kind) -> bool {
    queue.keep(kind).is_err()
}

fn next(queue: &Queue<Text>) -> Vec<usize> {
    queue.next_batch().expect("a batch").iter().map(|text| text.tokens.len()).collect()
}

#[test]
fn begins_with_the_oldest_and_adds_those_of_its_length() {
    let queue = queue(8, 8, 1000, &[20, 300, 21, 20, 310, 19]);
    assert_eq!(next(&queue), [20, 21, 20, 19]);
    assert_eq!(next(&queue), [300, 310]);
}

#[test]
fn keeps_the_budget_of_padded_tokens() {
    let queue = queue(8, 8, 60, &[20, 20, 20, 20]);
    assert_eq!(next(&queue), [20, 20, 20]);
    assert_eq!(next(&queue), [20]);
}

#[test]
fn runs_a_text_above_the_budget_alone() {
    let queue = queue(8, 8, 60, &[100, 100]);
    assert_eq!(next(&queue), [100]);
}

#[test]
fn gives_single_texts_where_batches_are_not_allowed() {
    let queue = queue(8, 1, 1000, &[5, 5]);
    assert_eq!(next(&queue), [5]);
    assert_eq!(next(&queue), [5]);
}

#[test]
fn takes_those_in_front_for_which_there_is_room() {
    let queue = queue(3, 1, 1000, &[5, 6]);
    let mut texts = vec![text(7), text(8)];
    assert_eq!(queue.push(&mut texts, None), Ok(()));
    assert_eq!(texts.iter().map(|text| text.tokens.len()).collect::<Vec<_>>(), [8]);
    assert_eq!(queue.push(&mut texts, None), Err(Refusal::Full));
    assert_eq!(texts.len(), 1);
    assert_eq!([next(&queue), next(&queue), next(&queue)], [[5], [6], [7]]);
}

#[test]
fn abandoned_texts_give_their_places_away_and_are_never_run() {
    let queue = queue(2, 8, 1000, &[]);
    queue.push(&mut vec![gone(), gone()], None).expect("room for both");
    queue.push(&mut vec![text(7)], None).expect("the places of those who have gone");
    assert_eq!(next(&queue), [7]);
}

#[test]
fn is_full_only_of_those_who_still_wait() {
    let queue = queue(2, 8, 1000, &[5]);
    assert!(!is_full(&queue, Kind::Single));
    queue.push(&mut vec![gone()], None).expect("room for it");
    assert!(!is_full(&queue, Kind::Single), "one has gone");
    queue.push(&mut vec![text(5)], None).expect("room for it");
    assert!(is_full(&queue, Kind::Single));
}

#[test]
fn texts_of_many_fill_half_of_it_and_leave_the_other_to_single_ones() {
    let queue = queue(4, 1, 1000, &[]);
    let mut many = vec![of_many(5), Text { is_gone: true, ..of_many(5) }, of_many(5)];
    assert_eq!(queue.push(&mut many, None), Ok(()));
    assert_eq!((queue.len(), many.len()), (2, 1));
    assert_eq!(queue.push(&mut many, None), Ok(()), "one has gone");
    assert!(is_full(&queue, Kind::OfMany) && !is_full(&queue, Kind::Single));
    queue.push(&mut vec![text(6), text(7)], None).expect("the other half");
    assert!(is_full(&queue, Kind::Single));
    assert_eq!([next(&queue), next(&queue)], [[6], [5]]);
    assert!(!is_full(&queue, Kind::OfMany), "one of many runs, so the next may wait");
}

#[test]
fn a_place_that_is_kept_is_nobody_elses() {
    let queue = queue(2, 1, 1000, &[5]);
    let place = queue.keep(Kind::Single).expect("room for one");
    assert_eq!(queue.len(), 2);
    assert!(is_full(&queue, Kind::Single));
    let mut texts = vec![text(6), text(7)];
    assert_eq!(queue.push(&mut texts, None), Err(Refusal::Full));
    assert_eq!(queue.push(&mut texts, Some(place)), Ok(()));
    assert_eq!((queue.len(), texts.len()), (2, 1));
    assert_eq!(next(&queue), [5]);
    drop(queue.keep(Kind::Single).expect("room for one"));
    assert_eq!(queue.push(&mut texts, None), Ok(()), "what was kept was given back");
}

#[test]
fn places_kept_for_texts_of_many_are_half_of_it_at_most() {
    let queue = queue(4, 1, 1000, &[]);
    let many = [queue.keep(Kind::OfMany), queue.keep(Kind::OfMany)];
    assert!(many.iter().all(Result::is_ok) && is_full(&queue, Kind::OfMany));
    let _single = [
        queue.keep(Kind::Single).expect("the other half"),
        queue.keep(Kind::Single).expect("the other half"),
    ];
    assert!(is_full(&queue, Kind::Single));
    let [first, _second] = many;
    let mut rows = vec![of_many(5), of_many(5)];
    assert_eq!(queue.push(&mut rows, first.ok()), Ok(()));
    assert_eq!((queue.len(), rows.len()), (4, 1), "there is room for the one that had a place");
}

#[test]
fn gives_out_what_waits_after_it_is_closed() {
    let queue = queue(2, 1, 1000, &[5]);
    queue.close();
    assert!(matches!(queue.keep(Kind::Single), Err(Refusal::Closed)));
    assert_eq!(queue.push(&mut vec![text(5)], None), Err(Refusal::Closed));
    assert_eq!(next(&queue), [5]);
    assert!(queue.next_batch().is_none());
}

// What came was taken in, and never answered.
#[test]
fn takes_nothing_in_while_nobody_takes_rows_out() {
    let queue = Queue::new(QueueLimits { waiting: 8, rows: 1, tokens: 1000 }, 2);
    let mut texts = vec![text(5), text(6)];
    let place = queue.keep(Kind::Single).expect("room for one");
    assert!(queue.leave().is_empty(), "another is there");
    assert_eq!(queue.push(&mut texts, None), Ok(()));
    assert_eq!(queue.leave().len(), 2);
    assert!(matches!(queue.keep(Kind::Single), Err(Refusal::Left)));
    assert_eq!(queue.push(&mut vec![text(7)], Some(place)), Err(Refusal::Left));
    assert_eq!(queue.len(), 0);
    queue.come_back();
    assert_eq!(queue.push(&mut vec![text(7)], None), Ok(()));
    assert_eq!(next(&queue), [7]);
    queue.leave();
    queue.close();
    assert!(matches!(queue.keep(Kind::Single), Err(Refusal::Closed)));
}

proptest! {
    #[test]
    fn every_text_runs_once_in_batches_within_the_limits(
        lengths in prop::collection::vec(2usize..512, 1..80),
        rows in 1usize..16,
        tokens in 64usize..4096,
    ) {
        let queue = queue(80, rows, tokens, &lengths);
        let mut seen = Vec::new();
        while queue.len() > 0 {
            let batch = next(&queue);
            let longest = batch.iter().copied().max().unwrap_or(0);
            prop_assert!(batch.len() <= rows);
            prop_assert!(batch.len() == 1 || longest * batch.len() <= tokens);
            prop_assert!(batch.iter().sum::<usize>() * 10 > longest * batch.len() * 9);
            seen.extend(batch);
        }
        let mut lengths = lengths;
        lengths.sort_unstable();
        seen.sort_unstable();
        prop_assert_eq!(seen, lengths);
    }
}
