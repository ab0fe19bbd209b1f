//! One run of the binary. Its output goes to files, so that a killed process leaves it behind and no pipe fills up.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::wait::eventually;

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_souk");

/// The binary on a data folder, with nothing of the tester's own `SOUK_*` environment.
pub fn souk(data_folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args);
    with_environment(&mut command, data_folder);
    command
}

/// What [`souk`] sets, for a command that ends in `exec` of [`BINARY`].
pub fn with_environment(command: &mut Command, data_folder: &Path) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SOUK_") {
            command.env_remove(name);
        }
    }
    command.env("SOUK_DATA_DIR", data_folder).env("NO_COLOR", "1");
    command.env("SOUK_LISTEN", "127.0.0.1:0").env("SOUK_LIMITS__ENABLED", "false");
}

/// A process that is ended with the test, and shows what it printed when the test fails.
pub struct Process {
    what: String,
    child: Child,
    output: TempDir,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Finished {
    pub what: String,
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Process {
    pub fn start(mut command: Command) -> Self {
        let output = tempfile::tempdir().expect("a temporary folder for the output");
        let file = |name| File::create(output.path().join(name)).expect("a file for the output");
        command.stdin(Stdio::null()).stdout(file("stdout")).stderr(file("stderr"));
        let what =
            format!("souk {}", command.get_args().map(|arg| arg.to_string_lossy()).collect::<Vec<_>>().join(" "));
        let child = command.spawn().unwrap_or_else(|error| panic!("{what} does not start: {error}"));
        Self { what, child, output }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn stdout(&self) -> String {
        read(self.output.path().join("stdout"))
    }

    pub fn stderr(&self) -> String {
        read(self.output.path().join("stderr"))
    }

    /// None while it runs.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap_or_else(|error| panic!("{}: {error}", self.what))
    }

    /// SIGKILL: it gets no chance to tidy up.
    pub fn kill(mut self) {
        self.end();
    }

    /// SIGTERM: it is asked to stop.
    pub fn ask_to_stop(&self) {
        let pid = self.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{} (pid {pid}) can't be sent a signal", self.what);
    }

    pub async fn finish(mut self, within: Duration) -> Finished {
        let what = format!("{} ends", self.what);
        let status = eventually(&what, within, async || self.status().ok_or_else(|| "it still runs".to_owned())).await;
        Finished { what: self.what.clone(), status, stdout: self.stdout(), stderr: self.stderr() }
    }

    fn end(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
        if std::thread::panicking() {
            eprintln!(
                "--- {} printed:\n{}\n--- and on stderr:\n{}\n---",
                self.what,
                self.stdout(),
                last(&self.stderr())
            );
        }
    }
}

impl Finished {
    pub fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// Both outputs, for those who ask only whether something was said.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    #[track_caller]
    pub fn assert_succeeded(&self) -> &Self {
        assert!(self.succeeded(), "{self}");
        self
    }

    /// It ended by itself with a failure: no signal, no panic.
    #[track_caller]
    pub fn assert_failed(&self) -> &Self {
        let code = self.status.code().unwrap_or_else(|| panic!("ended by a signal: {self}"));
        assert!(code != 0, "should have failed: {self}");
        assert!(code != 101 && !self.text().contains("panicked at"), "panicked: {self}");
        self
    }

    #[track_caller]
    pub fn assert_says(&self, words: &[&str]) -> &Self {
        let text = self.text().to_lowercase();
        for word in words {
            assert!(text.contains(&word.to_lowercase()), "does not say {word:?}: {self}");
        }
        self
    }

    /// The number that stands before a word on stdout, such as 3 in `3 created`.
    #[track_caller]
    pub fn count_of(&self, word: &str) -> u64 {
        let words: Vec<_> = self.stdout.split([' ', ',', '\n']).filter(|word| !word.is_empty()).collect();
        let number = words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok());
        number.unwrap_or_else(|| panic!("no number of {word:?}: {self}"))
    }

    /// One line of the output has all of these words.
    #[track_caller]
    pub fn assert_line(&self, words: &[&str]) -> &Self {
        let text = self.text().to_lowercase();
        let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
        let found = text.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "no line has {words:?}: {self}");
        self
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, status, stdout, stderr } = self;
        write!(f, "{what} ({status})\n{stdout}\n{}", last(stderr))
    }
}

fn read(path: PathBuf) -> String {
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The last lines of a log.
fn last(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(100)..].join("\n")
}
