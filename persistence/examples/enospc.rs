use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal};
use souk_persistence::sqlite::{DataFolder, SqliteChatStore, SqliteOptions};
use souk_persistence::error::AppendError;
use uuid::Uuid;
#[tokio::main]
async fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let filler = format!("{dir}/filler");
    std::fs::write(&filler, vec![1u8; 300_000]).unwrap();
    let folder = DataFolder::open(format!("{dir}/data")).unwrap();
    let options = SqliteOptions { checkpoint_pages: std::env::args().nth(2).unwrap().parse().unwrap(), ..SqliteOptions::default() };
    let store = SqliteChatStore::open(&folder, &options).await.unwrap();
    let mut heads = vec![0u64; 8];
    let commit = |e: usize, p: u64, n: usize| Commit { entity: EntityId::new(format!("room_{e}")), predecessor: p, commit_id: Uuid::new_v4(), at: Timestamp::from_millis(5), events: vec![format!("{{\"t\":\"{}\"}}", "x".repeat(n))], snapshot: None, due_at: None, rows: vec![] };
    let mut failures = std::collections::BTreeMap::new();
    let mut failed = 0;
    let mut round = 0;
    while failed < 2000 && round < 200000 {
        round += 1;
        let cs: Vec<_> = (0..8).map(|e| store.append(commit(e, heads[e], 100 + 37 * (round % 50)))).collect();
        for (e, o) in futures::future::join_all(cs).await.into_iter().enumerate() {
            match o { Ok(()) => heads[e] += 1, Err(AppendError::NotDone(r)) => { failed += 1; *failures.entry(format!("NotDone {r}")).or_insert(0) += 1; } Err(other) => { *failures.entry(format!("OTHER {other:?}")).or_insert(0) += 1; failed += 1; heads[e] = store.head(&EntityId::new(format!("room_{e}"))).await.unwrap(); } }
        }
    }
    println!("rounds {round} heads {heads:?} {failures:?}");
    std::fs::remove_file(&filler).unwrap();
    let mut ok = 0;
    for e in 0..8 { match store.append(commit(e, heads[e], 100)).await { Ok(()) => { ok += 1; heads[e] += 1 } Err(o) => println!("after room: {o:?}") } }
    println!("after making room {ok} of 8 accepted");
    for e in 0..8 { let l = store.load(&EntityId::new(format!("room_{e}")), 1).await.unwrap(); assert_eq!(l.head, heads[e]); assert_eq!(l.tail.len() as u64, heads[e]); }
    // crash image
    std::mem::forget(store);
    std::process::exit(0);
}
