//! CPU time of a process by its threads, as `/proc` tells it (proc_pid_stat(5)).

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::Context;

/// USER_HZ, the unit of the times in `stat`: 100 on Linux.
const TICK: Duration = Duration::from_millis(10);

/// How a process stood at a moment.
pub struct Sample {
    /// By the thread's id: its name and its time.
    threads: HashMap<String, (String, Duration)>,
    /// Threads that have ended are in it too.
    whole: Duration,
}

/// What a process took between two moments.
#[derive(Debug, Default, Clone)]
pub struct Usage {
    /// By the thread's name.
    pub threads: BTreeMap<String, Duration>,
    pub whole: Duration,
}

impl Sample {
    /// # Errors
    /// When there is no such process.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let folder = format!("/proc/{process}");
        let read = |path: String| std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"));
        let (_, whole) = parse(&read(format!("{folder}/stat"))?).context("a stat of another form")?;
        let mut threads = HashMap::new();
        for task in std::fs::read_dir(format!("{folder}/task"))? {
            let id = task?.file_name().to_string_lossy().into_owned();
            // A thread may end in between.
            if let Ok(text) = std::fs::read_to_string(format!("{folder}/task/{id}/stat")) {
                threads.insert(id, parse(&text).context("a stat of another form")?);
            }
        }
        Ok(Self { threads, whole })
    }

    pub fn since(&self, earlier: &Self) -> Usage {
        let mut threads: BTreeMap<String, Duration> = BTreeMap::new();
        for (id, (name, time)) in &self.threads {
            let before = earlier.threads.get(id).map_or(Duration::ZERO, |(_, time)| *time);
            *threads.entry(name.clone()).or_default() += time.saturating_sub(before);
        }
        Usage { threads, whole: self.whole.saturating_sub(earlier.whole) }
    }
}

/// Name and time. The name stands in brackets and may hold anything; the 14th and 15th fields are the times in
/// user and in system mode.
fn parse(stat: &str) -> Option<(String, Duration)> {
    let (name, rest) = (stat.split_once('(')?.1, stat.rsplit_once(')')?.1);
    let name = name.rsplit_once(')')?.0.to_owned();
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((name, TICK * (user + system)))
}
