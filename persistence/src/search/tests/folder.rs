//! What survives a restart, and what is built again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::search::SearchError;

fn filled(folder: &Path) -> SearchIndex {
    let (index, _) = SearchIndex::open(folder).unwrap();
    let changes: Vec<_> = (1..=50).map(|n| (n as i64, product(n, "Ceramic vase"))).collect();
    index.apply(&changes).unwrap();
    index.commit().unwrap();
    index
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder.join("index")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_none_or(|ending| ending != "lock"));
    files.sort();
    files
}

#[test]
fn position_and_products_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(filled(folder.path()).position(), 50);
    let (index, opened) = SearchIndex::open(folder.path()).unwrap();
    assert_eq!((opened, index.position()), (Opened::Existing, 50));
    assert_eq!(index.search(&text_query("ceramic")).unwrap().total, 50);

    // What was not committed is given again.
    index.apply(&[(51, product(51, "Late"))]).unwrap();
    assert_eq!(index.position(), 50);
    drop(index);
    let (index, _) = SearchIndex::open(folder.path()).unwrap();
    assert_eq!((index.position(), index.count().unwrap()), (50, 50));
    assert_eq!(index.apply(&[(50, product(50, "Ceramic vase")), (51, product(51, "Late"))]).unwrap(), 1);
    index.commit().unwrap();
    assert_eq!((index.position(), index.count().unwrap()), (51, 51));
}

#[test]
fn changes_that_touch_no_document_write_nothing_and_are_read_again_after_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path());
    let before = files(folder.path());
    let mut sold = product(7, "Ceramic vase");
    sold.seq += 1_000;
    assert_eq!(index.apply(&[(60, sold.clone())]).unwrap(), 0);
    index.commit().unwrap();
    assert_eq!((index.position(), files(folder.path())), (60, before));
    drop(index);
    let (index, _) = SearchIndex::open(folder.path()).unwrap();
    assert_eq!(index.position(), 50);
    assert_eq!(index.apply(&[(60, sold.clone())]).unwrap(), 0);
    // So far ahead that a start would read too much again.
    sold.seq += 1_000;
    assert_eq!(index.apply(&[(100_000, sold)]).unwrap(), 0);
    index.commit().unwrap();
    drop(index);
    assert_eq!(SearchIndex::open(folder.path()).unwrap().0.position(), 100_000);
}

#[test]
fn a_folder_has_one_owner() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path());
    assert!(matches!(SearchIndex::open(folder.path()), Err(SearchError::Locked)));
    assert_eq!(index.search(&text_query("ceramic")).unwrap().total, 50);
}

#[test]
fn another_version_is_built_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    fs::write(folder.path().join("schema-version"), "0").unwrap();
    let (index, opened) = SearchIndex::open(folder.path()).unwrap();
    assert!(matches!(opened, Opened::Rebuilt(_)));
    assert_eq!((index.position(), index.count().unwrap()), (0, 0));
    drop(index);
    assert_eq!(SearchIndex::open(folder.path()).unwrap().1, Opened::Existing);
}

#[test]
fn a_damaged_index_is_built_again() {
    let truncate = |file: &Path, bytes: &[u8]| fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    let empty = |file: &Path, _: &[u8]| fs::write(file, "").unwrap();
    let remove = |file: &Path, _: &[u8]| fs::remove_file(file).unwrap();
    let flip = |file: &Path, bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(file, bytes).unwrap();
    };
    type Damage<'a> = &'a dyn Fn(&Path, &[u8]);
    let damages: [Damage; 4] = [&truncate, &empty, &remove, &flip];
    let count = {
        let folder = tempfile::tempdir().unwrap();
        drop(filled(folder.path()));
        files(folder.path()).len()
    };
    for number in 0..count {
        for (kind, damage) in damages.iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            drop(filled(folder.path()));
            let file = &files(folder.path())[number];
            damage(file, &fs::read(file).unwrap());
            let (index, opened) = SearchIndex::open(folder.path()).unwrap();
            match opened {
                Opened::Rebuilt(_) => assert_eq!(index.position(), 0),
                // Such as the list of files to clean up, without which nothing is lost.
                _ => assert_eq!(index.search(&text_query("ceramic")).unwrap().total, 50, "{file:?} {kind}"),
            }
            let before = index.position();
            index.apply(&[(before + 1, product(100, "Ceramic vase"))]).unwrap();
            index.commit().unwrap();
            assert!(index.search(&text_query("ceramic")).unwrap().total > 0);
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "").unwrap();
    assert!(matches!(SearchIndex::open(&file), Err(SearchError::Unavailable(_))));
}

#[tokio::test]
async fn follows_from_async_code() {
    let folder = tempfile::tempdir().unwrap();
    let index = Arc::new(SearchIndex::open(folder.path()).unwrap().0);
    assert_eq!(index.follow(vec![(3, product(1, "Vase"))]).await.unwrap(), 1);
    assert_eq!(index.follow(vec![(3, product(1, "Vase")), (4, product(2, "Vase"))]).await.unwrap(), 1);
    assert_eq!((index.position(), index.count().unwrap()), (4, 2));
}

#[test]
fn more_products_than_a_commit_takes() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path()).unwrap();
    let changes: Vec<_> = (1..=10_001).map(|n| (n as i64, product(n, "Vase"))).collect();
    assert_eq!(index.apply(&changes).unwrap(), 10_001);
    assert_eq!(index.position(), 10_000);
    index.commit().unwrap();
    assert_eq!(index.search(&all()).unwrap().total, 10_001);
}
