//! Who runs on which core.

use std::fmt;
use std::process::{Command, Stdio};

const SERVER: &str = "0";
const LOAD: &str = "1";

pub enum Cores {
    /// Server and load share what there is.
    Shared,
    /// Wanted apart, and why they are not.
    NotApart(String),
    Apart,
}

impl Cores {
    /// Moves this process to its core when that is wanted and possible.
    pub fn choose(pin: bool) -> Self {
        if !pin {
            return Self::Shared;
        }
        if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
            return Self::NotApart("there is only one core".to_owned());
        }
        let this = std::process::id().to_string();
        let moved = Command::new("taskset").args(["-a", "-c", "-p", LOAD, &this]).stdout(Stdio::null()).status();
        match moved {
            Ok(status) if status.success() => Self::Apart,
            Ok(status) => Self::NotApart(format!("taskset ended with {status}")),
            Err(error) => Self::NotApart(format!("taskset (util-linux) cannot be run: {error}")),
        }
    }

    /// The same command, on the server's core.
    pub fn of_server(&self, command: Command) -> Command {
        match self {
            Self::Shared | Self::NotApart(_) => command,
            Self::Apart => {
                // It replaces itself by the program, so the id of the process stays the one that was started.
                let mut pinned = Command::new("taskset");
                pinned.args(["-c", SERVER]).arg(command.get_program()).args(command.get_args());
                for (name, value) in command.get_envs() {
                    match value {
                        Some(value) => pinned.env(name, value),
                        None => pinned.env_remove(name),
                    };
                }
                pinned
            }
        }
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => f.write_str("server and load share the cores"),
            Self::NotApart(why) => write!(f, "server and load share the cores; --pin was not possible: {why}"),
            Self::Apart => write!(f, "server on core {SERVER}, load on core {LOAD}"),
        }
    }
}
