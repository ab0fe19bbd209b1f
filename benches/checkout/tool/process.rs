//! Runs of the binary. The output of a server goes to a file, so that no pipe fills up.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_souk");
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// A large folder takes its time to open.
const START: Duration = Duration::from_secs(600);
const STOP: Duration = Duration::from_secs(60);

/// The binary on a data folder, with limits and mails off and nothing of the caller's own `SOUK_*` environment.
pub fn souk(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SOUK_")) {
        command.env_remove(name);
    }
    command.args(args).env("SOUK_DATA_DIR", folder).env("NO_COLOR", "1");
    command.env("SOUK_LISTEN", "127.0.0.1:0").env("SOUK_LIMITS__ENABLED", "false").env("SOUK_LOG__FILTER", "warn");
    // A file for each order is for trying out: it would measure how fast the file system makes files.
    command.env("SOUK_MAIL__TRANSPORT", "off");
    command
}

/// What a command prints, once it has succeeded.
///
/// # Errors
/// When it cannot be run or fails, with what it printed.
pub fn output(command: Command) -> anyhow::Result<String> {
    let (status, text) = finish(command)?;
    if status.success() { Ok(text) } else { bail!("souk ended with {status}:\n{text}") }
}

/// How a command ended, and what it printed: its errors too where it failed.
///
/// # Errors
/// When it cannot be run.
pub fn finish(mut command: Command) -> anyhow::Result<(ExitStatus, String)> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?} cannot be run"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        text.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    Ok((output.status, text))
}

/// A process that serves until it is stopped, or this is dropped.
pub struct Process {
    child: Child,
    output: TempDir,
}

impl Process {
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let output = tempfile::tempdir()?;
        let file = |name| File::create(output.path().join(name));
        command.stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?);
        let child = command.spawn().with_context(|| format!("{command:?} cannot be started"))?;
        Ok(Self { child, output })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What follows `word` on its standard output, up to the next blank, once that is there.
    ///
    /// # Errors
    /// When it ends before, or takes too long.
    pub fn word_after(&mut self, word: &str) -> anyhow::Result<String> {
        let patience = Instant::now() + START;
        loop {
            let text = read(self.output.path().join("stdout"));
            let found = text.split_once(word).and_then(|(_, rest)| rest.split_once(char::is_whitespace));
            if let Some((found, _)) = found {
                return Ok(found.to_owned());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended at its start ({status}):\n{}", self.errors());
            }
            if Instant::now() > patience {
                bail!("it was not ready within {START:?}:\n{}", self.errors());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// SIGTERM, and the end that follows.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let id = self.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &id]).status()?;
        if !sent.success() {
            bail!("process {id} is gone:\n{}", self.errors());
        }
        let patience = Instant::now() + STOP;
        while Instant::now() < patience {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("process {id} ended with {status}:\n{}", self.errors()),
                None => std::thread::sleep(LOOK_EVERY),
            }
        }
        bail!("process {id} did not stop within {STOP:?}:\n{}", self.errors())
    }

    fn errors(&self) -> String {
        read(self.output.path().join("stderr"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: PathBuf) -> String {
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
