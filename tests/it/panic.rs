//! A panic in a real terminal: given back as it was, the log named, and no more said. The test runs itself as a child.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use yingxin::desk::terminal::{Guard, set_panic_hook};
use yingxin::screen::theme::{Colours, Terminal};

const CHILD: &str = "YINGXIN_TEST_PANIC";

/// The child's work on a thread that is named as sled's own are: its panics are contained.
fn fall_contained(log: &Path) {
    let log = log.to_owned();
    let work = move || fall("contained", &log);
    let named = std::thread::Builder::new().name("sled-io-test".into());
    named.spawn(work).unwrap().join().unwrap();
}

/// What the child does: takes the terminal, draws, and panics.
fn fall(where_to: &str, log: &Path) {
    set_panic_hook(log.to_owned());
    let kind = Terminal {
        colours: Colours::Rgb,
        no_color: false,
        console: false,
    };
    let mut guard = Guard::enter(kind).unwrap();
    guard
        .draw(|frame| frame.render_widget("drawn", frame.area()))
        .unwrap();
    if where_to == "elsewhere" {
        std::thread::spawn(|| panic!("a fall elsewhere"))
            .join()
            .unwrap_err();
        guard
            .draw(|frame| frame.render_widget("still drawn", frame.area()))
            .unwrap();
        std::thread::sleep(Duration::from_millis(50));
        return;
    }
    if where_to == "contained" {
        std::panic::catch_unwind(|| panic!("a contained fall")).unwrap_err();
        guard
            .draw(|frame| frame.render_widget("still drawn", frame.area()))
            .unwrap();
        return;
    }
    panic!("a fall\u{1b}[31m");
}

/// Runs this test as a child in a terminal; gives what it wrote and whether the terminal is as it was.
fn run(test: &str, where_to: &str, log: &Path) -> (String, bool) {
    let pty = portable_pty::native_pty_system()
        .openpty(portable_pty::PtySize {
            rows: 10,
            cols: 40,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let before = pty.master.get_termios().unwrap();
    let mut command = portable_pty::CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        &format!("panic::{test}"),
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(CHILD, format!("{where_to}:{}", log.display()));
    command.env("RUST_BACKTRACE", "0");
    let mut child = pty.slave.spawn_command(command).unwrap();
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut bytes) {
            if send.send(bytes[..read].to_vec()).is_err() {
                return;
            }
        }
    });
    child.wait().unwrap();
    let restored = pty.master.get_termios().unwrap() == before;
    let mut written = Vec::new();
    while let Ok(bytes) = receive.recv_timeout(Duration::from_millis(200)) {
        written.extend(bytes);
    }
    drop(pty.slave);
    (String::from_utf8_lossy(&written).into_owned(), restored)
}

/// In the child, does the child's work and returns true, so that the caller stops there.
fn is_child() -> bool {
    match std::env::var(CHILD) {
        Ok(what) => {
            let (where_to, log) = what.split_once(':').unwrap();
            match where_to {
                "contained" => fall_contained(Path::new(log)),
                _ => fall(where_to, Path::new(log)),
            }
            true
        }
        Err(_) => false,
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_names_the_log() {
    if is_child() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("yingxin.log");
    let (written, restored) = run(
        "a_panic_gives_the_terminal_back_and_names_the_log",
        "here",
        &log,
    );
    assert!(restored, "the terminal's modes were left changed");
    let (drawn, after) = written.split_once("\u{1b}[?1049l").expect(&written);
    assert!(
        drawn.contains("drawn") && drawn.contains("\u{1b}[?1000l") && drawn.contains("\u{1b}[?25h")
    );
    // Cleared before it is left, so that no terminal shows it again.
    assert!(drawn.rfind("\u{1b}[2J") > drawn.rfind("drawn"));
    assert!(
        after.contains("every step that was shown as done is kept"),
        "{after}"
    );
    assert!(after.contains(log.to_str().unwrap()), "{after}");
    assert!(
        !after.contains("a fall") && !written.contains("panicked at"),
        "{written}"
    );
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("tests/it/panic.rs") && log.contains("a fall[31m"),
        "{log}"
    );
}

#[test]
fn a_panic_on_another_thread_leaves_the_screen_alone() {
    if is_child() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("yingxin.log");
    let (written, restored) = run(
        "a_panic_on_another_thread_leaves_the_screen_alone",
        "elsewhere",
        &log,
    );
    assert!(restored);
    let (drawn, after) = written.split_once("\u{1b}[?1049l").expect(&written);
    assert!(drawn.contains("still"), "{drawn}");
    assert!(!written.contains("stopped by a fault"), "{written}");
    assert!(!after.contains("\u{1b}[?1049l"), "given back twice");
    assert!(
        std::fs::read_to_string(log)
            .unwrap()
            .contains("a fall elsewhere")
    );
}

#[test]
fn a_contained_panic_is_logged_and_leaves_the_terminal_alone() {
    if is_child() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("yingxin.log");
    let (written, restored) = run(
        "a_contained_panic_is_logged_and_leaves_the_terminal_alone",
        "contained",
        &log,
    );
    assert!(restored);
    let (drawn, after) = written.split_once("\u{1b}[?1049l").expect(&written);
    assert!(drawn.contains("still"), "{drawn}");
    assert!(!written.contains("stopped by a fault"), "{written}");
    assert!(!after.contains("\u{1b}[?1049l"), "given back twice");
    let log = std::fs::read_to_string(log).unwrap_or_default();
    assert!(
        log.contains("WARN panic at tests/")
            && log.contains("(sled: work in the background): a contained fall"),
        "{log:?}"
    );
}
