use super::*;

#[tokio::test]
async fn the_same_key_gives_the_same_intent() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let first = create(&sandbox, "pay_1").await;
    assert_eq!(create(&sandbox, "pay_1").await, first);
    assert_ne!(create(&sandbox, "pay_2").await, first);
    assert_eq!(sandbox.books().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_repeated_confirm_pays_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    let declined = sandbox.confirm(&intent, "k1", &card("tok_declined")).await.unwrap();
    assert_eq!(sandbox.confirm(&intent, "k1", &card("tok_declined")).await.unwrap(), declined);
    let paid = sandbox.confirm(&intent, "k2", &card("tok_ok")).await.unwrap();
    let late_repeat = sandbox.confirm(&intent, "k1", &card("tok_declined")).await.unwrap();
    assert_eq!(late_repeat, paid, "an old key tells how things stand now");
}

#[tokio::test]
async fn a_repeated_refund_gives_nothing_back_again() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let intent = create(&sandbox, "pay_1").await;
    sandbox.confirm(&intent, "k1", &card("tok_ok")).await.unwrap();
    let refund = sandbox.refund(&intent, "r1", usd(1_999)).await.unwrap();
    assert_eq!(sandbox.refund(&intent, "r1", usd(1_999)).await.unwrap(), refund);
    assert_eq!(refund.intent.refunded, 1_999);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    let (one, two) = (create(&sandbox, "pay_1").await, create(&sandbox, "pay_2").await);
    sandbox.confirm(&one, "k1", &card("tok_ok")).await.unwrap();
    sandbox.refund(&one, "r1", usd(5)).await.unwrap();
    let other_amount = CreateIntent { key: "create pay_1".into(), amount: usd(5), merchant_reference: "pay_1".into() };
    for refused in [
        code(sandbox.create_intent(other_amount).await),
        code(sandbox.confirm(&one, "k1", &card("tok_late")).await),
        code(sandbox.confirm(&two, "k1", &card("tok_ok")).await),
        code(sandbox.cancel(&two, "k1").await),
        code(sandbox.refund(&one, "r1", usd(6)).await),
        code(sandbox.refund(&one, "k1", usd(5)).await),
    ] {
        assert_eq!(refused, "idempotency_key_reused");
    }
    for key in [String::new(), "k".repeat(256)] {
        assert_eq!(code(sandbox.cancel(&two, &key).await), "idempotency_key_invalid");
    }
    assert_eq!(sandbox.retrieve(&two).await.unwrap().status, IntentStatus::RequiresMethod);
}
