//! The keys of a whole registration in the usual way, guide (一), by the desk: walked in practice as a student walks it,
//! and counted as they are pressed. A page that is not known here is left by Enter, and so it counts.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::place::Place;
use super::table::{Table, Unit};
use super::terminal::Probe;

/// What a registration may take beyond what must be typed.
const MOST_KEYS: f64 = 5.0;
/// How long a page that is not known may turn into one that is.
const SETTLING: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);

/// A student presses this on a page.
enum Press {
    /// What must be typed: only the student knows it.
    Typed(&'static str),
    /// What leads on.
    Key(&'static str),
    /// Nothing: the phone follows the account, and the desk sees it.
    Follow,
}
use Press::{Follow, Key, Typed};

/// What stands on each page, and what is pressed there.
static PAGES: [(&str, &[Press]); 6] = [
    ("Welcome, new students", &[Key("\r")]),
    ("Before we begin", &[Key("\r")]),
    (
        "Sign in with your unified identity",
        &[
            Typed("20260001"),
            Key("\t"),
            Typed("practice-0001"),
            Key("\r"),
        ],
    ),
    ("Your mobile number", &[Typed("13800138000"), Key("\r")]),
    ("Is your WeChat bound to this number?", &[Typed("1")]),
    ("I have followed", &[Follow]),
];
const BOUND: &str = "YOU ARE BOUND";
/// What is pressed on a page that is not known here.
static UNKNOWN: &[Press] = &[Key("\r")];

/// Counts them.
pub fn keys(table: &mut Table, place: &Place) {
    let campus = free_address();
    let mut command = place.practice("whole", "dark");
    command.args(["--listen", &campus.to_string()]);
    let mut probe = Probe::start(command);
    probe.shows(PAGES[0].0);
    let (mut typed, mut keys) = (0, 0);
    let began = Instant::now();
    let mut screen = probe.text();
    while !screen.contains(BOUND) {
        assert!(began.elapsed() < LONGEST, "no registration:\n{screen}");
        let known = PAGES.iter().find(|(mark, _)| screen.contains(mark));
        for press in known.map_or(UNKNOWN, |(_, presses)| *presses) {
            match press {
                Typed(text) => typed += text.chars().count(),
                Key(_) => keys += 1,
                Follow => follow(campus),
            }
            if let Typed(text) | Key(text) = press {
                probe.types(text);
            }
        }
        screen = next_page(&mut probe, known.map(|(mark, _)| *mark));
    }
    probe.close();
    table.held(
        &format!("keys of a registration beyond the {typed} that are typed"),
        (f64::from(keys), MOST_KEYS),
        Unit::Keys,
        String::new(),
    );
}

/// The screen once this page has gone and a known one has come, or none has for a while.
fn next_page(probe: &mut Probe, left: Option<&str>) -> String {
    let began = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(20));
        let screen = probe.text();
        let stays = left.is_some_and(|mark| screen.contains(mark));
        let is_known =
            screen.contains(BOUND) || PAGES.iter().any(|(mark, _)| screen.contains(mark));
        let patience = if stays { LONGEST } else { SETTLING };
        if !stays && is_known || began.elapsed() > patience {
            return screen;
        }
    }
}

/// The practice phone scans the follow code.
fn follow(campus: SocketAddr) {
    let mut stream = TcpStream::connect(campus).unwrap();
    let request = format!(
        "POST /practice/phone/do/scan-follow HTTP/1.1\r\nHost: {campus}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("followed-active"), "{answer}");
}

/// An address that was free a moment ago.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap()
}
