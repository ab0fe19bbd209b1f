//! The Lua scripts that run inside the server: what has to happen at one moment.

use redis::{Cmd, Pipeline, Script};

/// A script and the hash that it is called by.
#[derive(Debug)]
pub(super) struct Stored {
    source: &'static str,
    hash: String,
}

/// All of them. Each begins with a line that makes the server refuse it as a whole or run it as a whole.
#[derive(Debug)]
pub(super) struct Scripts {
    pub append: Stored,
    pub read: Stored,
    pub archive: Stored,
    pub restore: Stored,
    pub relayed: Stored,
    pub read_mark: Stored,
    pub erase: Stored,
    pub lease: Stored,
    pub release: Stored,
}

impl Scripts {
    pub fn new() -> Self {
        Self {
            append: Stored::new(include_str!("scripts/append.lua")),
            read: Stored::new(include_str!("scripts/read.lua")),
            archive: Stored::new(include_str!("scripts/archive.lua")),
            restore: Stored::new(include_str!("scripts/restore.lua")),
            relayed: Stored::new(include_str!("scripts/relayed.lua")),
            read_mark: Stored::new(include_str!("scripts/read_mark.lua")),
            erase: Stored::new(include_str!("scripts/erase.lua")),
            lease: Stored::new(include_str!("scripts/lease.lua")),
            release: Stored::new(include_str!("scripts/release.lua")),
        }
    }

    /// Gives them all to the server, which forgets them when it starts again.
    pub fn loading(&self) -> Pipeline {
        let Self { append, read, archive, restore, relayed, read_mark, erase, lease, release } = self;
        let mut commands = Pipeline::new();
        for script in [append, read, archive, restore, relayed, read_mark, erase, lease, release] {
            commands.cmd("SCRIPT").arg("LOAD").arg(script.source);
        }
        commands
    }
}

impl Stored {
    fn new(source: &'static str) -> Self {
        Self { source, hash: Script::new(source).get_hash().to_owned() }
    }

    /// Calls it by its hash.
    pub fn call<K: AsRef<[u8]>, A: AsRef<[u8]>>(&self, keys: &[K], arguments: &[A]) -> Cmd {
        let mut command = redis::cmd("EVALSHA");
        command.arg(&self.hash).arg(keys.len());
        keys.iter().for_each(|key| {
            command.arg(key.as_ref());
        });
        arguments.iter().for_each(|argument| {
            command.arg(argument.as_ref());
        });
        command
    }
}
