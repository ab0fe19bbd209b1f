mod support;
#[tokio::test]
async fn x() {
    let _ = support::shop::Shop::new();
}
