use super::*;

#[tokio::test]
async fn a_good_card_is_captured() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    let opened = sandbox.retrieve(&intent).await.unwrap();
    assert_eq!((opened.status, opened.captured, opened.action_url), (IntentStatus::RequiresMethod, 0, None));

    let paid = sandbox.confirm(&intent, "k1", &card("tok_ok")).await.unwrap();
    assert_eq!((&paid.status, paid.captured, paid.refunded), (&IntentStatus::Captured, 1_999, 0));
    assert_eq!(paid.merchant_reference, "pay_1");
    let again = sandbox.confirm(&intent, "k2", &card("tok_declined")).await.unwrap();
    assert_eq!(again, paid, "what is captured answers the same");
}

#[tokio::test]
async fn a_declined_card_leaves_the_intent_open_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    let declined = sandbox.confirm(&intent, "k1", &card("tok_declined")).await.unwrap();
    assert!(matches!(declined.status, IntentStatus::Declined { .. }));
    assert_eq!(declined.captured, 0);
    let paid = sandbox.confirm(&intent, "k2", &card("tok_ok")).await.unwrap();
    assert_eq!((paid.status, paid.captured), (IntentStatus::Captured, 1_999));
}

#[tokio::test]
async fn a_challenge_is_passed_or_failed_by_the_buyer() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    for (payment, outcome) in [("pay_1", Challenge::Pass), ("pay_2", Challenge::Fail)] {
        let intent = create(&sandbox, payment).await;
        let waits = sandbox.confirm(&intent, payment, &card("tok_challenge")).await.unwrap();
        assert_eq!(waits.status, IntentStatus::RequiresAction);
        assert_eq!(waits.action_url, Some(format!("/sandbox/challenges/{intent}")));

        let resolved = sandbox.resolve_challenge(&intent, outcome).await.unwrap();
        assert_eq!(resolved.action_url, None);
        match outcome {
            Challenge::Pass => assert_eq!((resolved.captured, &resolved.status), (1_999, &IntentStatus::Captured)),
            Challenge::Fail => assert!(matches!(resolved.status, IntentStatus::Declined { .. })),
        }
        let again = sandbox.resolve_challenge(&intent, Challenge::Pass).await.unwrap();
        assert_eq!(again, resolved, "a second answer of the buyer changes nothing");
    }
}

#[tokio::test]
async fn another_card_may_replace_a_challenge() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    sandbox.confirm(&intent, "k1", &card("tok_challenge")).await.unwrap();
    let paid = sandbox.confirm(&intent, "k2", &card("tok_ok")).await.unwrap();
    assert_eq!(paid.captured, 1_999);
    assert_eq!(sandbox.resolve_challenge(&intent, Challenge::Fail).await.unwrap(), paid);
}

#[tokio::test]
async fn an_intent_is_cancelled_unless_it_is_captured_or_about_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    for token in ["", "tok_declined", "tok_challenge"] {
        let intent = create(&sandbox, token).await;
        if !token.is_empty() {
            sandbox.confirm(&intent, token, &card(token)).await.unwrap();
        }
        let key = format!("cancel {token}");
        let cancelled = sandbox.cancel(&intent, &key).await.unwrap();
        assert_eq!((&cancelled.status, cancelled.captured), (&IntentStatus::Cancelled, 0), "{token}");
        assert_eq!(sandbox.cancel(&intent, "again").await.unwrap(), cancelled);
        let late_confirm = sandbox.confirm(&intent, &format!("late {token}"), &card("tok_ok")).await;
        assert_eq!(code(late_confirm), "intent_cancelled");
    }
    let late = create(&sandbox, "late").await;
    let processing = sandbox.confirm(&late, "k0", &card("tok_late")).await.unwrap();
    assert_eq!(sandbox.cancel(&late, "cancel late").await.unwrap(), processing);
    let paid = create(&sandbox, "paid").await;
    sandbox.confirm(&paid, "k1", &card("tok_ok")).await.unwrap();
    let kept = sandbox.cancel(&paid, "k2").await.unwrap();
    assert_eq!((kept.status, kept.captured), (IntentStatus::Captured, 1_999));
}

#[tokio::test]
async fn no_more_is_refunded_than_was_captured() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    assert_eq!(code(sandbox.refund(&intent, "r0", usd(1)).await), "refund_exceeds_capture");
    sandbox.confirm(&intent, "k1", &card("tok_ok")).await.unwrap();

    assert_eq!(sandbox.refund(&intent, "r1", usd(1_500)).await.unwrap().intent.refunded, 1_500);
    assert_eq!(code(sandbox.refund(&intent, "r2", usd(500)).await), "refund_exceeds_capture");
    assert_eq!(sandbox.refund(&intent, "r3", usd(499)).await.unwrap().intent.refunded, 1_999);
    for amount in [usd(0), usd(-1), Money::new(1, Currency::EUR)] {
        assert_eq!(code(sandbox.refund(&intent, "r4", amount).await), "amount_invalid");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    assert_eq!(code(sandbox.confirm(&intent, "k1", &card("tok_gold")).await), "unknown_token");
    assert_eq!(sandbox.retrieve(&intent).await.unwrap().status, IntentStatus::RequiresMethod);
    let nobody = IntentRef("sbx_0".to_owned());
    assert_eq!(code(sandbox.retrieve(&nobody).await), "intent_unknown");
    assert_eq!(code(sandbox.confirm(&nobody, "k1", &card("tok_ok")).await), "intent_unknown");
    assert_eq!(code(sandbox.cancel(&nobody, "k1").await), "intent_unknown");
    assert_eq!(code(sandbox.refund(&nobody, "k1", usd(1)).await), "intent_unknown");
    assert_eq!(code(sandbox.resolve_challenge(&nobody, Challenge::Pass).await), "intent_unknown");
    let free = CreateIntent { key: "free".into(), amount: usd(0), merchant_reference: "pay_2".into() };
    assert_eq!(code(sandbox.create_intent(free).await), "amount_invalid");
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    for token in ["tok_ok", "tok_declined", "tok_challenge", "tok_late"] {
        let intent = create(&sandbox, token).await;
        sandbox.confirm(&intent, token, &card(token)).await.unwrap();
    }
    let refunded = create(&sandbox, "refunded").await;
    sandbox.confirm(&refunded, "k1", &card("tok_ok")).await.unwrap();
    let refund = sandbox.refund(&refunded, "r1", usd(100)).await.unwrap();
    let before = sandbox.books().await.unwrap();
    assert_eq!(before.len(), 5);
    assert_eq!(Sandbox::read_books(folder.path()).await.unwrap(), before, "also while it runs");
    drop(sandbox);

    let sandbox = open(folder.path()).await;
    assert_eq!(sandbox.books().await.unwrap(), before);
    assert_eq!(create(&sandbox, "refunded").await, refunded, "the keys are there too");
    assert_eq!(sandbox.refund(&refunded, "r1", usd(100)).await.unwrap(), refund);
    sandbox.close().await;
    assert_eq!(Sandbox::read_books(folder.path()).await.unwrap(), before);
    assert!(matches!(sandbox.retrieve(&refunded).await, Err(ProviderError::NotDone(_))));
}

#[tokio::test]
async fn a_file_that_fails_is_never_answered_as_done() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("sandbox.db"));
    let mut other = sqlx::ConnectOptions::connect(&file).await.unwrap();
    sqlx::raw_sql("drop table captures").execute(&mut other).await.unwrap();

    let paid = sandbox.confirm(&intent, "k1", &card("tok_ok")).await;
    assert!(matches!(paid, Err(ProviderError::Unknown(_))), "{paid:?}");
    let later = sandbox.retrieve(&intent).await;
    assert!(matches!(later, Err(ProviderError::NotDone(_))), "{later:?}");
}

#[tokio::test]
async fn a_file_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("sandbox.db"));
    let mut other = sqlx::ConnectOptions::connect(&file.create_if_missing(true)).await.unwrap();
    sqlx::raw_sql("pragma user_version = 9").execute(&mut other).await.unwrap();
    let error = Sandbox::open(folder.path(), LATE, Dial::default().clock()).await.err().unwrap();
    assert!(error.to_string().contains("version 9"), "{error}");
}
