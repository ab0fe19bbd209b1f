use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::broadcast::error::TryRecvError;

use super::*;

fn wall_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_millis(since.as_millis() as i64)
    })
}

#[tokio::test]
async fn a_late_card_is_captured_by_itself_and_announced() {
    let folder = tempfile::tempdir().unwrap();
    let clock = wall_clock();
    let sandbox = Sandbox::open(folder.path(), Duration::from_millis(50), Arc::clone(&clock)).await.unwrap();
    let mut webhook = sandbox.subscribe();
    let intent = create(&sandbox, "pay_1").await;
    let started = clock();
    let processing = sandbox.confirm(&intent, "k1", &card("tok_late")).await.unwrap();
    let IntentStatus::Processing { ready_at: Some(ready_at) } = processing.status else {
        panic!("{processing:?}");
    };
    assert!(ready_at >= started.plus(Duration::from_millis(50)));

    let changed = webhook.recv().await.unwrap();
    assert!(clock() >= ready_at, "not before its time");
    assert_eq!(changed, IntentChanged { intent: intent.clone(), merchant_reference: "pay_1".into() });
    let captured = sandbox.retrieve(&intent).await.unwrap();
    assert_eq!((captured.status, captured.captured), (IntentStatus::Captured, 1_999));
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
    // Whoever comes late still hears of it.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut webhook = sandbox.subscribe();
    let mut heard = [webhook.recv().await.unwrap().intent, webhook.recv().await.unwrap().intent];
    heard.sort();
    let mut expected = intents.clone();
    expected.sort();
    assert_eq!(heard, expected);
    assert_eq!(webhook.try_recv(), Err(TryRecvError::Empty), "the third has time left");
    for intent in &intents {
        assert_eq!(sandbox.retrieve(intent).await.unwrap().captured, 1_999);
    }
    assert_eq!(sandbox.retrieve(&still).await.unwrap().captured, 0);
}

#[tokio::test]
async fn a_late_card_cannot_be_called_back() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let sandbox = Sandbox::open(folder.path(), LATE, dial.clock()).await.unwrap();
    let mut webhook = sandbox.subscribe();
    let late = create(&sandbox, "pay_1").await;
    sandbox.confirm(&late, "k1", &card("tok_late")).await.unwrap();
    let processing = sandbox.cancel(&late, "k2").await.unwrap();
    assert!(matches!(processing.status, IntentStatus::Processing { .. }));
    dial.turn(LATE);
    // Also a clock that jumps is noticed, within a second.
    assert_eq!(webhook.recv().await.unwrap().intent, late);
    assert_eq!(sandbox.retrieve(&late).await.unwrap().captured, 1_999);
}

#[tokio::test]
async fn what_a_call_changed_itself_is_not_announced() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let mut webhook = sandbox.subscribe();
    let (paid, challenged) = (create(&sandbox, "pay_1").await, create(&sandbox, "pay_2").await);
    sandbox.confirm(&paid, "k1", &card("tok_ok")).await.unwrap();
    sandbox.confirm(&challenged, "k2", &card("tok_challenge")).await.unwrap();
    assert_eq!(webhook.try_recv(), Err(TryRecvError::Empty));
    sandbox.resolve_challenge(&challenged, Challenge::Fail).await.unwrap();
    assert_eq!(webhook.recv().await.unwrap().intent, challenged, "the buyer's answer is news");
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
    let mut webhook = sandbox.subscribe();
    dial.turn(LATE);
    for _ in 0..600 {
        webhook.recv().await.unwrap();
    }
    let books = sandbox.books().await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.captured).sum::<i64>(), 600 * 1_999);
}
