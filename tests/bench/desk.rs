//! The figures that the kiosk is held to, measured from outside in a pty beside `dialog` in the same run, each printed
//! beside its limit. `./scripts/bench` builds and runs it; machines differ, so dialog's figure is the yardstick.
//!
//! Words after the program's name choose parts: starts, keys, whole, durable, qr, roster, report, rest. Without any all are run.

#![allow(clippy::unwrap_used, clippy::panic)]

mod durable;
mod lists;
mod place;
mod report;
mod rest;
mod table;
mod terminal;
mod whole;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use place::{DIALOG_IS_UP, Place, dialog};
use table::{Table, Unit, median, ms, quantile};
use terminal::{Probe, Repaint};

/// Starts of each program, taken in turn: other load on the machine affects all of them alike.
const STARTS: usize = 40;
const KEYS: usize = 200;
const STEPS: usize = 200;
const IDLE: Duration = Duration::from_secs(20);
const CLOSED_VISITS: usize = 100_000;
/// sled's pool winds down, blocking threads end: an idle desk is one that has stood a while.
const COOLING: Duration = Duration::from_secs(15);

/// The argument that makes a child fill a store and exit: a process with much memory starts others slowly.
const FILL: &str = "fill";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, dir] = words.as_slice()
        && word == FILL
    {
        durable::closed_visits(Path::new(dir), CLOSED_VISITS);
        return ExitCode::SUCCESS;
    }
    // Cargo passes --bench.
    let parts: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wants = |part: &str| parts.is_empty() || parts.contains(&part);
    let machine = place::machine();
    let home = tempfile::tempdir().unwrap();
    let place = Place::new(home.path());
    let mut table = Table::default();
    if wants("starts") {
        starts(&mut table, &place);
    }
    if wants("keys") {
        keys(&mut table, &place);
    }
    if wants("whole") {
        whole::keys(&mut table, &place);
    }
    if wants("durable") {
        steps(&mut table, &place);
    }
    if wants("qr") {
        durable::qr(&mut table);
    }
    if wants("roster") {
        lists::roster(&mut table, &place);
    }
    if wants("report") {
        report::month(&mut table, &place);
    }
    if wants("rest") {
        at_rest(&mut table, &place);
    }
    println!("{machine}");
    if table.print() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What stands on the first whole frame, and on Welcome when the desk is ready.
const FIRST: [&str; 3] = ["Welcome desk", "Ready in a moment", "F10"];
const READY: [&str; 3] = ["Welcome desk", "Welcome, new students", "F10"];
/// What Enter on Welcome leads to, where the phone does it all.
const BEGUN: &str = "Look at your phone";

fn starts(table: &mut Table, place: &Place) {
    let began = Instant::now();
    let filled = std::process::Command::new(std::env::current_exe().unwrap())
        .arg(FILL)
        .arg(place.store("full"))
        .status();
    assert!(filled.unwrap().success());
    eprintln!(
        "{CLOSED_VISITS} visits written in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    let (mut dialogs, mut dialogs_ran, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
    let mut stores = [
        ("empty", Vec::new(), Vec::new(), Vec::new()),
        ("full", Vec::new(), Vec::new(), Vec::new()),
    ];
    for run in 0..=STARTS {
        let counts = run > 0;
        let bare = Probe::start(place::nothing()).silent_after(place::NOTHING);
        let mut probe = Probe::start(dialog("--msgbox"));
        let up = probe.silent_after(DIALOG_IS_UP);
        if counts {
            nothing.push(ms(bare));
            dialogs.push(ms(up));
            dialogs_ran.push(ms(probe.ran()));
        }
        drop(probe);
        for (store, firsts, rans, readies) in &mut stores {
            let started = start(place, store, true);
            if counts {
                firsts.push(started.first);
                rans.push(started.ran);
                readies.push(started.ready);
            }
        }
    }
    let dialog_up = median(dialogs);
    table.told(
        "a program that only prints a word",
        Unit::Ms.show(median(nothing)),
        String::new(),
    );
    let beside = Unit::Ms.show(dialog_up);
    let ran_beside = Unit::Ms.show(median(dialogs_ran));
    for (store, firsts, rans, readies) in stores {
        let name = if store == "full" {
            "100,000 closed visits"
        } else {
            "empty store"
        };
        table.held(
            &format!("start to first frame, {name}"),
            (median(firsts), dialog_up * 1.8),
            Unit::Ms,
            beside.clone(),
        );
        table.told(
            &format!("of it on a processor, {name}"),
            Unit::Ms.show(median(rans)),
            ran_beside.clone(),
        );
        table.held(
            &format!("start to ready, {name}"),
            (median(readies), 100.0),
            Unit::Ms,
            String::new(),
        );
    }
    for store in ["empty", "full"] {
        let unclean = (0..3).map(|_| {
            start(place, store, false);
            start(place, store, true).ready
        });
        let name = if store == "full" {
            "100,000 closed visits"
        } else {
            "empty store"
        };
        table.told(
            &format!("start to ready after kill -9, {name}"),
            Unit::Ms.show(median(unclean)),
            String::new(),
        );
    }
}

/// A start, in milliseconds.
struct Started {
    first: f64,
    /// What the first thread had run when the first frame was seen.
    ran: f64,
    ready: f64,
}

/// Starts the desk once. Then it is closed, or killed in the middle of a visit.
fn start(place: &Place, store: &str, closes: bool) -> Started {
    let mut probe = Probe::start(place.kiosk(store, "dark"));
    let first = probe.frame(1, &FIRST);
    let ran = probe.ran();
    let ready = probe.frame(2, &[]);
    if closes {
        probe.shows(READY[1]);
        probe.close();
    } else {
        probe.types("\r");
        probe.shows(BEGUN);
        probe.types("\x1b");
        probe.shows(READY[1]);
    }
    Started {
        first: ms(first),
        ran: ms(ran),
        ready: ms(ready),
    }
}

fn keys(table: &mut Table, place: &Place) {
    let mut dialogs = Probe::start(dialog("--inputbox"));
    dialogs.silent_after(DIALOG_IS_UP);
    let beside = typed(&mut dialogs, "3467");
    drop(dialogs);
    let dialog_key = Unit::Ms.show(median(beside.iter().map(|(_, repaint)| ms(repaint.took))));
    let dialog_bytes = digits(&beside);
    let dialog_bytes = format!(
        "{} at most {}",
        Unit::Bytes.show(dialog_bytes.0),
        dialog_bytes.1
    );
    for (theme, most_bytes) in [("16-colour", 60.0), ("dark", 100.0)] {
        let mut probe = Probe::start(place.kiosk("keys", theme));
        probe.shows(READY[1]);
        probe.types("p");
        probe.shows("seven digits");
        let pickup = typed(&mut probe, "3467");
        probe.close();
        // A store of its own: the other theme's visit would be offered here.
        let store = format!("practice-{theme}");
        let mut probe = Probe::start(place.practice(&store, theme));
        for (keys, then) in [
            ("", READY[1]),
            ("\r", "Before we begin"),
            ("\r", "Sign in with"),
        ] {
            probe.types(keys);
            probe.shows(then);
        }
        let student = typed(&mut probe, "20260001");
        probe.types("20260001\tpractice-0001\r");
        probe.shows("Your mobile number");
        let number = typed(&mut probe, "13800138000");
        probe.close();
        for (field, typed) in [
            ("pickup number", pickup),
            ("student number", student),
            ("mobile number", number),
        ] {
            let times = || typed.iter().map(|(_, repaint)| ms(repaint.took));
            let name = |what: &str| format!("{what}, {field}, {theme}");
            table.held(
                &name("key, median"),
                (median(times()), 0.5),
                Unit::Ms,
                dialog_key.clone(),
            );
            table.held(
                &name("key, 99 of 100"),
                (quantile(times(), 0.99), 5.0),
                Unit::Ms,
                String::new(),
            );
            let (usual, most) = digits(&typed);
            let told = format!("a digit (at most {most} B), {field}, {theme}");
            table.held(
                &told,
                (usual, most_bytes),
                Unit::Bytes,
                dialog_bytes.clone(),
            );
        }
    }
}

/// Types a number and deletes it again, and again: each key and its repaint.
fn typed(probe: &mut Probe, number: &str) -> Vec<(char, Repaint)> {
    let deletes = std::iter::repeat_n('\x7f', number.len());
    let round: Vec<char> = number.chars().chain(deletes).collect();
    let keys = round
        .iter()
        .cycle()
        .take(KEYS.next_multiple_of(round.len()));
    keys.map(|key| (*key, probe.key(&key.to_string())))
        .collect()
}

/// Bytes for a typed digit: the median, and the most.
fn digits(typed: &[(char, Repaint)]) -> (f64, usize) {
    let sizes = || {
        let digits = typed.iter().filter(|(key, _)| key.is_ascii_digit());
        digits.map(|(_, repaint)| repaint.bytes)
    };
    (
        median(sizes().map(|size| size as f64)),
        sizes().max().unwrap_or_default(),
    )
}

fn steps(table: &mut Table, place: &Place) {
    let steps = durable::steps(&place.store("durable"), STEPS);
    let (ours, bare) = (median(steps.ours), median(steps.bare));
    let beside = format!("bare append {}", Unit::Ms.show(bare));
    let name = format!("a durable step of {} bytes", steps.bytes);
    table.held(&name, (ours, bare * 1.2 + 0.3), Unit::Ms, beside);
    // The same from outside: a key that begins a visit, to the page that shows it.
    let mut probe = Probe::start(place.kiosk("steps", "dark"));
    probe.shows(READY[1]);
    let mut times = Vec::new();
    for _ in 0..30 {
        times.push(ms(probe.page("\r", BEGUN)));
        probe.page("\x1b", READY[1]);
    }
    probe.close();
    table.told(
        "Enter on Welcome to the next page, kept on disk",
        Unit::Ms.show(median(times)),
        String::new(),
    );
}

fn at_rest(table: &mut Table, place: &Place) {
    let mut dialogs = Probe::start(dialog("--msgbox"));
    dialogs.silent_after(DIALOG_IS_UP);
    let (dialog_resident, _) = rest::memory(dialogs.pid());
    let dialog_rest = rest::watch(dialogs.pid(), Duration::from_secs(5));
    drop(dialogs);
    let mut probe = Probe::start(place.kiosk("rest", "dark"));
    probe.shows(READY[1]);
    std::thread::sleep(COOLING);
    let rest = rest::watch(probe.pid(), IDLE);
    let (resident, own) = rest::memory(probe.pid());
    probe.close();
    let name = format!(
        "idle: our own wake-ups ({})",
        if rest.woken.is_empty() {
            "none".to_owned()
        } else {
            rest.woken.join(", ")
        }
    );
    table.held(
        &name,
        (rest.own_wakes, 0.0),
        Unit::PerSecond,
        Unit::PerSecond.show(dialog_rest.own_wakes),
    );
    table.told(
        "idle: wake-ups of sled's pool",
        Unit::PerSecond.show(rest.sled_wakes),
        String::new(),
    );
    table.held(
        "idle: processor, sled's pool included",
        (rest.cpu_percent, 0.1),
        Unit::Percent,
        Unit::Percent.show(dialog_rest.cpu_percent),
    );
    table.told(
        "idle: processor, our own",
        Unit::Percent.show(rest.own_cpu_percent),
        String::new(),
    );
    table.told(
        "idle: threads",
        rest.threads.to_string(),
        dialog_rest.threads.to_string(),
    );
    let name = format!(
        "resident ({} of it not from files)",
        Unit::Megabytes.show(own)
    );
    table.held(
        &name,
        (resident, 15.0),
        Unit::Megabytes,
        Unit::Megabytes.show(dialog_resident),
    );
}
