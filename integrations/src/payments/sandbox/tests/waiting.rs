use std::time::{SystemTime, UNIX_EPOCH};

use super::*;

fn wall_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_millis(since.as_millis() as i64)
    })
}

/// What was captured, once something was.
async fn captured(sandbox: &Sandbox, intent: &IntentRef) -> i64 {
    until("it is captured", async || sandbox.retrieve(intent).await.unwrap().captured > 0).await;
    sandbox.retrieve(intent).await.unwrap().captured
}

#[tokio::test]
async fn a_late_card_is_captured_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let clock = wall_clock();
    let sandbox = Sandbox::open(folder.path(), Duration::from_millis(50), Arc::clone(&clock)).await.unwrap();
    let intent = create(&sandbox, "pay_1").await;
    let started = clock();
    let processing = sandbox.confirm(&intent, "k1", &card("tok_late")).await.unwrap();
    let IntentStatus::Processing { ready_at: Some(ready_at) } = processing.status else {
        panic!("{processing:?}");
    };
    assert!(ready_at >= started.plus(Duration::from_millis(50)));

    assert_eq!(captured(&sandbox, &intent).await, 1_999);
    assert!(clock() >= ready_at, "not before its time");
}

#[tokio::test]
async fn confirming_what_is_processing_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    let processing = sandbox.confirm(&intent, "k1", &card("tok_late")).await.unwrap();
    assert_eq!(sandbox.confirm(&intent, "k2", &card("tok_ok")).await.unwrap(), processing);
    assert_eq!(sandbox.confirm(&intent, "k1", &card("tok_late")).await.unwrap(), processing);
}

#[tokio::test]
async fn a_late_card_is_captured_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let sandbox = Sandbox::open(folder.path(), LATE, dial.clock()).await.unwrap();
    let intents = [create(&sandbox, "pay_1").await, create(&sandbox, "pay_2").await];
    for intent in &intents {
        sandbox.confirm(intent, &intent.0, &card("tok_late")).await.unwrap();
    }
    let still = create(&sandbox, "pay_3").await;
    dial.turn(Duration::from_secs(60));
    sandbox.confirm(&still, "k3", &card("tok_late")).await.unwrap();
    sandbox.close().await;

    dial.turn(LATE - Duration::from_secs(60));
    let sandbox = Sandbox::open(folder.path(), LATE, dial.clock()).await.unwrap();
    for intent in &intents {
        assert_eq!(captured(&sandbox, intent).await, 1_999);
    }
    assert_eq!(sandbox.retrieve(&still).await.unwrap().captured, 0);
}

#[tokio::test]
async fn a_late_card_cannot_be_called_back() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let sandbox = Sandbox::open(folder.path(), LATE, dial.clock()).await.unwrap();
    let late = create(&sandbox, "pay_1").await;
    sandbox.confirm(&late, "k1", &card("tok_late")).await.unwrap();
    let processing = sandbox.cancel(&late, "k2").await.unwrap();
    assert!(matches!(processing.status, IntentStatus::Processing { .. }));
    dial.turn(LATE);
    // Also a clock that jumps is noticed, within a second.
    assert_eq!(captured(&sandbox, &late).await, 1_999);
}

#[tokio::test]
async fn many_late_cards_are_captured_together() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let sandbox = Sandbox::open(folder.path(), LATE, dial.clock()).await.unwrap();
    for n in 0..600 {
        let intent = create(&sandbox, &format!("pay_{n}")).await;
        sandbox.confirm(&intent, &format!("k{n}"), &card("tok_late")).await.unwrap();
    }
    dial.turn(LATE);
    let paid = async || sandbox.books().await.unwrap().iter().map(|intent| intent.captured).sum::<i64>();
    until("all are captured", async || paid().await == 600 * 1_999).await;
}
