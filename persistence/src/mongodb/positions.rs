//! The order of changes that followers read by, with any number of nodes and no transaction.
//!
//! `changes` is itself a journal: blocks `{ _id: number, done, products }` numbered without being given twice. A block
//! gives each of its products the position `number * BLOCK + place`. It is put down *after* the products' rows were
//! written and *before* the positions are set in them, so whoever reads can see what may still be missing: the blocks
//! that are not done. It does them itself (setting a position is a maximum: it may be done twice, late, or by
//! several), and then nothing at or below the newest block can appear any more.

use std::sync::atomic::Ordering;

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};

use super::documents::number;
use super::errors::{Fault, code};
use super::options::Access;
use super::store::{CHANGES, PRODUCTS, Shared};
use crate::error::StoreError;
use crate::stores::Position;

/// Places in a block, more than are ever written at once.
pub(super) const BLOCK: i64 = 4096;
/// Others may take the next number at the same moment, that often.
const ATTEMPTS: usize = 100;

impl Shared {
    /// Gives the products new positions. Their rows are there.
    pub(super) async fn tell_followers(&self, products: &[&str]) -> Result<(), Fault> {
        for products in products.chunks(BLOCK as usize / 2) {
            let number = self.put_down_block(products).await?;
            self.finish_block(number, products.iter().copied()).await?;
            // The newest block stays, so that its number stays taken.
            let older = doc! { "_id": { "$lt": number }, "done": true };
            self.commands.delete(CHANGES, older).await?.expect_only(&[])?;
        }
        Ok(())
    }

    pub(super) async fn put_down_block(&self, products: &[&str]) -> Result<i64, Fault> {
        let mut known = self.newest_block.load(Ordering::Relaxed);
        for _ in 0..ATTEMPTS {
            let block = doc! { "_id": known + 1, "done": false, "products": products };
            let reply = self.commands.insert(CHANGES, vec![block]).await?.expect_only(&[code::DUPLICATE_KEY])?;
            let taken = !reply.errors.is_empty();
            // A number that was used, done and removed could be taken again by one who slept; then a later one is
            // there. The newest one is never removed, so if this is the newest it is the first of its number.
            let blocks = self.blocks().await.map_err(|error| Fault::NotDone(error.to_string()))?;
            let newest = blocks.last().map_or(0, |block| block.number);
            self.newest_block.store(newest, Ordering::Relaxed);
            if !taken && newest == known + 1 {
                return Ok(newest);
            }
            if !taken {
                let mine = doc! { "_id": known + 1, "done": false };
                self.commands.delete(CHANGES, mine).await?.expect_only(&[])?;
            }
            known = newest;
        }
        Err(Fault::NotDone("too many nodes tell of changes at once".to_owned()))
    }

    async fn finish_block<'a>(&self, number: i64, products: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        let positions = products.zip(number * BLOCK..).map(|(product, position)| {
            doc! { "q": { "_id": product }, "u": { "$max": { "changed": position } } }
        });
        self.commands.update(PRODUCTS, positions.collect()).await?.expect_only(&[])?;
        let done = vec![doc! { "q": { "_id": number }, "u": { "$set": { "done": true } } }];
        self.commands.update(CHANGES, done).await?.expect_only(&[])?;
        Ok(())
    }

    /// The position below which nothing can appear any more.
    pub(super) async fn settled_position(&self) -> Result<Position, StoreError> {
        let blocks = self.blocks().await?;
        if self.access == Access::Reading {
            let open = blocks.iter().find(|block| !block.done).map(|block| block.number * BLOCK);
            return Ok(open.unwrap_or_else(|| blocks.last().map_or(0, |block| (block.number + 1) * BLOCK)));
        }
        for block in blocks.iter().filter(|block| !block.done) {
            self.finish_block(block.number, block.products.iter().map(String::as_str)).await?;
        }
        Ok(blocks.last().map_or(0, |block| (block.number + 1) * BLOCK))
    }

    /// Those that are still there, the oldest first.
    async fn blocks(&self) -> Result<Vec<Block>, StoreError> {
        let changes = self.collection(CHANGES);
        let reading = async { changes.find(doc! {}).sort(doc! { "_id": 1 }).await?.try_collect().await };
        let found: Vec<Document> = self.commands.read(reading).await?;
        found.iter().map(Block::decode).collect()
    }
}

struct Block {
    number: i64,
    done: bool,
    products: Vec<String>,
}

impl Block {
    fn decode(block: &Document) -> Result<Self, StoreError> {
        let products = block.get_array("products").ok().into_iter().flatten();
        Ok(Self {
            number: number(block, "_id")?,
            done: block.get_bool("done").unwrap_or_default(),
            products: products.filter_map(|id| id.as_str().map(str::to_owned)).collect(),
        })
    }
}
