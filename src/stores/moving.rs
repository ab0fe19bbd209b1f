//! A shop's stores on both sides of a move. What is kept in the same place on both sides stays where it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use souk_persistence::moving::Movable;
use souk_persistence::sqlite::{Accounts, Chat, Domain, Orders, Payments, Products};

use super::folders::Folders;
use super::leases::Held;
use super::open::{Access, Closer, OpenStores, Opening};
use crate::config::Config;
use crate::config::stores::{Engine, Engines};

/// One domain from one store to another.
pub struct Move {
    pub domain: &'static str,
    pub near: Arc<dyn Movable>,
    pub far: Arc<dyn Movable>,
}

/// Both sides, open, and closed to everybody else.
pub struct Sides {
    pub moves: Vec<Move>,
    held: Vec<Held>,
    close: Vec<Closer>,
    // The data folders stay locked as long as it runs.
    _folders: Folders,
}

const DOMAINS: [(&str, &str); 5] = [
    ("products", Products::FILE),
    ("accounts", Accounts::FILE),
    ("orders", Orders::FILE),
    ("payments", Payments::FILE),
    ("chat", Chat::FILE),
];

impl Sides {
    /// # Errors
    /// Which store of which side cannot be opened, is in use or is missing, and what to do.
    pub async fn open(from: &Config, to: &Config) -> anyhow::Result<Self> {
        let (near, far) = (engines(from)?, engines(to)?);
        let moved: Vec<&str> = DOMAINS
            .iter()
            .zip(near.iter().zip(&far))
            .filter(|(_, (near, far))| !is_same(near, from, far, to))
            .map(|((domain, _), _)| *domain)
            .collect();
        if moved.is_empty() {
            bail!("--from and --to name the same stores: there is nothing to copy");
        }
        for ((domain, file), engine) in DOMAINS.iter().zip(&near) {
            let Engine::Sqlite(folder) = engine else { continue };
            let file = folder.as_deref().unwrap_or(&from.data_dir).join(file);
            if moved.contains(domain) && !file.is_file() {
                bail!(
                    "--from: stores.{domain}: {} is not there: name the shop's data folder or its configuration",
                    file.display()
                );
            }
        }
        let mut folders = Folders::new(Access::Writing);
        // A shop that is open has its data folder locked, wherever its stores are.
        for data_dir in [&from.data_dir, &to.data_dir] {
            if data_dir.is_dir() {
                folders.folder(data_dir)?;
            }
        }
        let mut close = Vec::new();
        let (near, near_held, folders) = side(from, &near, &moved, folders, "--from", &mut close).await?;
        let (far, far_held, folders) = side(to, &far, &moved, folders, "--to", &mut close).await?;
        let pairs = moved.into_iter().zip(near.into_iter().zip(far));
        let moves = pairs.map(|(domain, (near, far))| Move { domain: name(domain), near, far }).collect();
        Ok(Self { moves, held: vec![near_held, far_held], close, _folders: folders })
    }

    pub async fn close(self) {
        for held in self.held {
            held.give_back().await;
        }
        for close in self.close {
            close.close().await;
        }
    }
}

/// Opens those of a side's stores that are moved.
async fn side(
    config: &Config,
    engines: &[Engine; 5],
    moved: &[&str],
    folders: Folders,
    side: &str,
    close: &mut Vec<Closer>,
) -> anyhow::Result<(Vec<Arc<dyn Movable>>, Held, Folders)> {
    let mut opening = OpenStores::opening(config, folders);
    let [products, accounts, orders, payments, chat] = engines;
    let opened = open(&mut opening, moved, [products, accounts, orders, payments, chat]).await;
    opened.with_context(|| side.to_owned())?;
    let held = Held::take_all(opening.shared(), side).await?;
    let (movable, folders, closer) = opening.parts();
    close.push(closer);
    Ok((movable, held, folders))
}

async fn open(opening: &mut Opening<'_>, moved: &[&str], engines: [&Engine; 5]) -> anyhow::Result<()> {
    let [products, accounts, orders, payments, chat] = engines;
    if moved.contains(&"products") {
        opening.products(products).await?;
    }
    if moved.contains(&"accounts") {
        opening.accounts(accounts).await?;
    }
    if moved.contains(&"orders") {
        opening.orders(orders).await?;
    }
    if moved.contains(&"payments") {
        opening.payments(payments).await?;
    }
    if moved.contains(&"chat") {
        opening.chat(chat).await?;
    }
    Ok(())
}

fn engines(config: &Config) -> anyhow::Result<[Engine; 5]> {
    let Engines { products, accounts, orders, payments, chat } = config.engines()?;
    Ok([products, accounts, orders, payments, chat])
}

fn name(domain: &str) -> &'static str {
    DOMAINS.iter().find(|(name, _)| *name == domain).map_or("", |(name, _)| name)
}

/// Whether both name one store.
fn is_same(near: &Engine, from: &Config, far: &Engine, to: &Config) -> bool {
    match (near, far) {
        (Engine::Sqlite(near), Engine::Sqlite(far)) => {
            let folder =
                |folder: &Option<PathBuf>, config: &Config| place(folder.as_deref().unwrap_or(&config.data_dir));
            folder(near, from) == folder(far, to)
        }
        (Engine::Postgres(near), Engine::Postgres(far)) => near == far && from.postgres.schema == to.postgres.schema,
        (Engine::Redis(near), Engine::Redis(far)) => near == far && from.redis.prefix == to.redis.prefix,
        (Engine::Mongodb(near), Engine::Mongodb(far)) => near == far,
        _ => false,
    }
}

fn place(folder: &Path) -> PathBuf {
    fs::canonicalize(folder).or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
}
