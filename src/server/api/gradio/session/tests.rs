//! Tests of sessions without a server.

use super::*;
use futures_util::StreamExt;

/// Longer than a test takes.
const LONG: Duration = Duration::from_secs(60);

async fn call(sessions: &Sessions) -> String {
    let running = sessions.enter("a".to_owned()).await.expect("its events are read");
    let id = running.id().to_owned();
    running.leave(&Event::Error("no".into())).await;
    id
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
    assert_eq!(told.next().await, None);
}

// After `reset_session()` a client waited at the old session's stream for the call of the new one.
#[tokio::test]
async fn no_id_of_a_new_session_is_told_before_streams_of_others_have_lingered() {
    let sessions = Sessions::new(LONG);
    let before = Instant::now();
    let [first, second] = [sessions.enter("a".to_owned()).await, sessions.enter("a".to_owned()).await]
        .map(|running| running.expect("its events are read").tellable());
    assert!(first > before + LINGER);
    assert_eq!(second, first, "only a new session's calls are waited with");
}

// The client gave such a call up, once it read the end of the stream that it took for the call's.
#[tokio::test]
async fn no_id_is_told_while_the_end_of_a_stream_is_on_its_way_unless_another_has_begun() {
    let sessions = Sessions::new(LONG);
    call(&sessions).await;
    let session = sessions.get("a").await.expect("a call was begun in it");
    let mut told = std::pin::pin!(Arc::clone(&session).messages(LONG));
    assert!(told.next().await.is_some_and(|frames| frames.contains("process_completed")));
    let tellable = async || sessions.enter("a".to_owned()).await.expect("its events are read").tellable();
    assert_eq!(tellable().await, session.begun + NEW, "the stream is still open");
    let before = Instant::now();
    assert!(told.next().await.is_some_and(|frames| frames.contains("close_stream")));
    assert!(tellable().await >= before + LINGER + ENDING);
    let _next = Arc::clone(&session).messages(LONG);
    assert_eq!(tellable().await, session.begun + NEW, "another stream is open");
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
