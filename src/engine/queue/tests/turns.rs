//! Turns: how single texts get in between those of many, and that nobody is passed over.

use super::*;
use std::iter;

/// Rows of many texts, of these lengths.
fn many(lengths: &[usize]) -> Vec<Text> {
    lengths.iter().copied().map(of_many).collect()
}

// All those of many that had come before ran first.
#[test]
fn a_single_text_waits_for_one_batch_of_many_at_most() {
    let queue = queue(256, 8, 1024, &[]);
    queue.push(&mut many(&[512; 128]), None).expect("half of it");
    assert_eq!(next(&queue), [512; 2]);
    queue.push(&mut vec![text(5)], None).expect("the other half");
    let before = iter::repeat_with(|| next(&queue)).take_while(|batch| *batch != [5]).flatten();
    assert_eq!(before.count(), 0, "rows run before it, behind those under way");
    assert_eq!(next(&queue), [512; 2]);
}

#[test]
fn single_texts_and_those_of_many_take_turns_while_both_wait() {
    let queue = queue(16, 1, 1024, &[5, 6, 7]);
    queue.push(&mut many(&[50, 60, 70, 80]), None).expect("half of it");
    let order: Vec<_> = iter::repeat_with(|| next(&queue)).take(7).flatten().collect();
    assert_eq!(order, [5, 50, 6, 60, 7, 70, 80]);
}

#[test]
fn a_batch_has_those_of_the_other_kind_behind_its_own() {
    let queue = queue(16, 3, 1024, &[5, 5]);
    queue.push(&mut many(&[5, 5]), None).expect("half of it");
    let kinds = || queue.next_batch().expect("a batch").iter().map(Text::kind).collect::<Vec<_>>();
    assert_eq!(kinds(), [Kind::Single, Kind::Single, Kind::OfMany]);
    assert_eq!(kinds(), [Kind::OfMany]);
}

proptest! {
    // Each event is a row that comes, by its length and its kind, or a batch that is taken.
    #[test]
    fn the_oldest_of_either_kind_runs_within_two_batches_and_none_is_lost(
        events in prop::collection::vec(
            prop::option::of((2usize..40, prop::sample::select(Kind::BOTH.to_vec()))),
            1..120,
        ),
        rows in 1usize..6,
    ) {
        let queue = queue(240, rows, 100, &[]);
        let mut waiting: Vec<(i64, Kind)> = Vec::new();
        let mut passed_over: Vec<(i64, Kind)> = Vec::new();
        let rest = iter::repeat_n(None, events.len());
        for (number, event) in (0i64..).zip(events.into_iter().chain(rest)) {
            if let Some((length, kind)) = event {
                let row = Text { tokens: Encoding::new(vec![number; length]), is_gone: false, kind };
                queue.push(&mut vec![row], None).expect("room for all");
                waiting.push((number, kind));
            } else if !waiting.is_empty() {
                let oldest = Kind::BOTH.map(|kind| waiting.iter().find(|row| row.1 == kind).copied());
                let batch = queue.next_batch().expect("a batch");
                let batch: Vec<_> = batch.iter().map(|row| (row.tokens.ids()[0], row.kind)).collect();
                prop_assert!(passed_over.iter().all(|row| batch.contains(row)), "{passed_over:?}, {batch:?}");
                let before = waiting.len();
                waiting.retain(|row| !batch.contains(row));
                prop_assert_eq!(waiting.len() + batch.len(), before);
                passed_over = oldest.into_iter().flatten().filter(|row| !batch.contains(row)).collect();
            }
        }
        prop_assert!(waiting.is_empty() && queue.len() == 0);
    }
}
