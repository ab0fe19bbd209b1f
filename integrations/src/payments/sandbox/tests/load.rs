use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_confirms_capture_once() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    for round in 0..50 {
        let intent = create(&sandbox, &format!("pay_{round}")).await;
        let confirms = (0..4).map(|n| {
            let (sandbox, intent) = (Arc::clone(&sandbox), intent.clone());
            // Two with one key, two with keys of their own.
            let key = format!("{round} {}", n / 2 * n);
            tokio::spawn(async move { sandbox.confirm(&intent, &key, &card("tok_ok")).await.unwrap() })
        });
        for confirm in confirms.collect::<Vec<_>>() {
            assert_eq!(confirm.await.unwrap().captured, 1_999);
        }
    }
    sandbox.close().await;
    // The file would have refused a second capture, and the sandbox stopped.
    let books = Sandbox::read_books(folder.path()).await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.captured).sum::<i64>(), 50 * 1_999);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_refunds_stay_within_the_capture() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    let intent = create(&sandbox, "pay_1").await;
    sandbox.confirm(&intent, "k1", &card("tok_ok")).await.unwrap();
    let refunds: Vec<_> = (0..20)
        .map(|n| {
            let (sandbox, intent) = (Arc::clone(&sandbox), intent.clone());
            tokio::spawn(async move { sandbox.refund(&intent, &format!("r{n}"), usd(300)).await.is_ok() })
        })
        .collect();
    let mut given = 0;
    for refund in refunds {
        given += i64::from(refund.await.unwrap());
    }
    assert_eq!(given, 6);
    assert_eq!(sandbox.retrieve(&intent).await.unwrap().refunded, 1_800);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    for n in 0..200 {
        let intent = create(&sandbox, &format!("pay_{n}")).await;
        let (caller, reference, key) = (Arc::clone(&sandbox), intent.clone(), format!("k{n}"));
        let confirm = tokio::spawn(async move { caller.confirm(&reference, &key, &card("tok_ok")).await });
        if n % 2 == 0 {
            tokio::task::yield_now().await;
        }
        confirm.abort();
    }
    let before = sandbox.books().await.unwrap();
    sandbox.close().await;
    assert_eq!(Sandbox::read_books(folder.path()).await.unwrap(), before, "memory and file agree");
}
