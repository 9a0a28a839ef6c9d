//! Tests of sessions without a server.

use super::{reader::LINGER, *};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

/// Longer than a test takes.
const LONG: Duration = Duration::from_secs(60);

/// Begins a call and waits until its id may be told.
async fn tellable(sessions: &Sessions) {
    let running = sessions.enter("a".to_owned()).await.expect("its events are read");
    running.tellable().await;
}

/// Reads a stream until it tells its end.
async fn read_to_the_end(told: &mut (impl Stream<Item = String> + Unpin)) {
    while !told.next().await.expect("it tells its end").contains("close_stream") {}
}

async fn call(sessions: &Sessions) -> String {
    let running = sessions.enter("a".to_owned()).await.expect("its events are read");
    let id = running.id().to_owned();
    running.leave(&Event::Error("no".into())).await;
    id
}

/// Sessions, and the one of them, in which a call is over.
async fn with_an_event() -> (Sessions, Arc<Session>) {
    let sessions = Sessions::new(LONG);
    call(&sessions).await;
    let session = sessions.get("a").await.expect("a call was begun in it");
    (sessions, session)
}

#[tokio::test]
async fn a_call_begun_after_all_others_are_told_is_told_by_the_same_stream() {
    let sessions = Sessions::new(LONG);
    let first = call(&sessions).await;
    let session = sessions.get("a").await.expect("a call was begun in it");
    let mut told = std::pin::pin!(session.messages(LONG));
    assert!(told.next().await.is_some_and(|frames| frames.contains(&first)));
    let later = async {
        tokio::time::sleep(LINGER / 5).await;
        call(&sessions).await
    };
    let (frames, second) = tokio::join!(told.next(), later);
    assert!(frames.is_some_and(|frames| frames.contains(&second)));
    assert!(told.next().await.is_some_and(|frames| frames.contains("close_stream")));
}

// After `reset_session()` a client waited at the old session's stream for the call of the new one.
#[tokio::test]
async fn no_id_of_a_new_session_is_told_before_streams_of_others_have_lingered() {
    let sessions = Sessions::new(LONG);
    let before = Instant::now();
    tellable(&sessions).await;
    assert!(before.elapsed() > LINGER);
    assert!(
        timeout(NEW / 2, tellable(&sessions)).await.is_ok(),
        "only a new session's calls are waited with"
    );
}

// On a busy machine the client read that end later than any time that was waited, and gave such calls up.
#[tokio::test]
async fn no_id_is_told_while_the_end_of_a_stream_is_on_its_way_however_late_it_is_read() {
    let (sessions, session) = with_an_event().await;
    let mut told = Box::pin(session.messages(LONG));
    assert!(told.next().await.is_some_and(|frames| frames.contains("process_completed")));
    timeout(UNREAD / 2, tellable(&sessions)).await.expect("the stream is still open");
    read_to_the_end(&mut told).await;
    assert!(timeout(UNREAD / 5, tellable(&sessions)).await.is_err(), "the client is still there");
    drop(told);
    timeout(UNREAD / 2, tellable(&sessions)).await.expect("the client has left");
}

#[tokio::test]
async fn the_end_of_a_stream_is_read_where_its_client_has_begun_another() {
    let (sessions, session) = with_an_event().await;
    let mut first = Box::pin(Arc::clone(&session).messages(LONG));
    read_to_the_end(&mut first).await;
    let mut second = Box::pin(session.messages(LONG));
    timeout(UNREAD / 2, tellable(&sessions)).await.expect("another stream is open");
    read_to_the_end(&mut second).await;
    drop(first);
    assert!(timeout(UNREAD / 5, tellable(&sessions)).await.is_err(), "it left the first one alone");
    drop(second);
    timeout(UNREAD / 2, tellable(&sessions)).await.expect("it left both");
}

// A proxy may not pass on that the client has left.
#[tokio::test]
async fn a_stream_that_nobody_leaves_is_waited_for_no_longer_than_a_client_waits_for_an_id() {
    let (sessions, session) = with_an_event().await;
    let mut told = Box::pin(session.messages(LONG));
    read_to_the_end(&mut told).await;
    let (end, id) = tokio::join!(told.next(), timeout(LONG, tellable(&sessions)));
    assert_eq!(end, None);
    id.expect("the id is told at last");
}

#[tokio::test]
async fn a_stream_gives_signs_of_life_until_a_call_is_over() {
    let sessions = Sessions::new(LONG);
    let running = sessions.enter("a".to_owned()).await.expect("its events are read");
    let session = sessions.get("a").await.expect("a call was begun in it");
    let mut told = std::pin::pin!(session.messages(Duration::from_millis(1)));
    for _ in 0..2 {
        assert_eq!(told.next().await.as_deref(), Some("data: {\"msg\":\"heartbeat\"}\n\n"));
    }
    running.leave(&Event::Error("no".into())).await;
    assert!(told.next().await.is_some_and(|frames| frames.contains("process_completed")));
    assert!(told.next().await.is_some_and(|frames| frames.contains("close_stream")));
}

#[tokio::test]
async fn a_session_whose_events_nobody_reads_takes_no_more_calls() {
    let sessions = Sessions::new(LONG);
    let long = Event::Error("no".repeat(MAX_WAITING / 20));
    let mut calls = 0;
    while let Some(running) = sessions.enter("a".to_owned()).await {
        running.leave(&long).await;
        calls += 1;
        assert!(calls < 20, "each event is a tenth of what may wait");
    }
    let session = sessions.get("a").await.expect("calls were begun in it");
    let mut told = std::pin::pin!(session.messages(LONG));
    assert!(told.next().await.is_some());
    assert!(sessions.enter("a".to_owned()).await.is_some());
}

#[tokio::test]
async fn sessions_that_nobody_reads_do_not_fill_the_memory() {
    let sessions = Sessions::new(LONG);
    let long = Event::Error("no".repeat(MAX_WAITING / 4));
    // Twice of what is kept.
    let count = 2 * usize::try_from(KEPT.0).expect("it is in memory") / (MAX_WAITING / 2);
    for number in 0..count {
        let running = sessions.enter(number.to_string()).await.expect("its events are read");
        running.leave(&long).await;
    }
    sessions.0.run_pending_tasks().await;
    assert!(sessions.0.weighted_size() <= KEPT.0, "{} bytes", sessions.0.weighted_size());
    assert!(sessions.get("0").await.is_none(), "the oldest one has gone");
    let last = sessions.get(&(count - 1).to_string()).await.expect("the last one is kept");
    let mut told = std::pin::pin!(last.messages(LONG));
    assert!(told.next().await.is_some_and(|frames| frames.contains("process_completed")));
}
