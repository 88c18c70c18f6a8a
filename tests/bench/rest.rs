//! What a process does without input, from /proc: how often its threads were woken, and how long they ran.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub struct Rest {
    /// Switches to threads of the program's own, a second.
    pub own_wakes: f64,
    /// Switches to sled's pool, whose threads it names, a second.
    pub sled_wakes: f64,
    pub own_cpu_percent: f64,
    /// Of one processor, all threads together.
    pub cpu_percent: f64,
    /// The names of the threads of the program's own that woke.
    pub woken: Vec<String>,
    pub threads: usize,
}

#[derive(Clone, Default)]
struct Thread {
    name: String,
    switches: u64,
    ran: Duration,
}

impl Thread {
    fn is_sleds(&self) -> bool {
        self.name.starts_with("sled")
    }
}

/// Watches a process for so long.
pub fn watch(pid: u32, long: Duration) -> Rest {
    let before = threads(pid);
    std::thread::sleep(long);
    let after = threads(pid);
    let mut rest = Rest {
        own_wakes: 0.0,
        sled_wakes: 0.0,
        own_cpu_percent: 0.0,
        cpu_percent: 0.0,
        woken: Vec::new(),
        threads: after.len(),
    };
    let seconds = long.as_secs_f64();
    for (id, thread) in &after {
        // A thread that began meanwhile counts whole.
        let was = before.get(id).cloned().unwrap_or_default();
        let woke = thread.switches.saturating_sub(was.switches);
        let percent = thread.ran.saturating_sub(was.ran).as_secs_f64() / seconds * 100.0;
        rest.cpu_percent += percent;
        if thread.is_sleds() {
            rest.sled_wakes += woke as f64 / seconds;
        } else {
            rest.own_wakes += woke as f64 / seconds;
            rest.own_cpu_percent += percent;
            if woke > 0 {
                rest.woken.push(format!("{} {woke}x", thread.name));
            }
        }
    }
    for (id, thread) in &before {
        if !after.contains_key(id) && !thread.is_sleds() {
            rest.own_wakes += 1.0 / seconds;
            rest.woken.push(format!("{} ended", thread.name));
        }
    }
    rest
}

fn threads(pid: u32) -> BTreeMap<String, Thread> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let seen = tasks.flatten().map(|task| {
        let id = task.file_name().to_string_lossy().into_owned();
        (id, thread(&task.path()))
    });
    seen.collect()
}

fn thread(task: &Path) -> Thread {
    let read = |file: &str| std::fs::read_to_string(task.join(file)).unwrap_or_default();
    let switches = read("status")
        .lines()
        .filter(|line| line.contains("ctxt_switches"))
        .filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok())
        .sum();
    let ran = read("schedstat");
    let ran = ran.split_whitespace().next().and_then(|ns| ns.parse().ok());
    Thread {
        name: read("comm").trim().to_owned(),
        switches,
        ran: Duration::from_nanos(ran.unwrap_or_default()),
    }
}

/// What a process holds in memory, in megabytes of 1024 x 1024: resident, and the part of it that is its own.
pub fn memory(pid: u32) -> (f64, f64) {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kilobytes.unwrap_or(f64::NAN) / 1024.0
    };
    (field("VmRSS:"), field("RssAnon:"))
}
