//! Reads the terminal: bytes become [`TerminalEvent`]. What was read is wiped at once, for it may have been a password; the
//! parser, which keeps a paste's bytes, is thrown away after each paste (crossterm's reader keeps both for the life of
//! the program, so it is not used).

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use termina::{Event, Parser};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use zeroize::Zeroize;

use super::input::{TerminalEvent, translate};

/// Input that may wait while the loop draws; the terminal itself holds what is beyond.
const INPUT_WAITING: usize = 256;
/// The most bytes read at once.
const PIECE: usize = 4096;
/// The most bytes that may come without meaning anything: a longer paste is dropped.
const UNFINISHED_CAP: usize = 2 * 1024 * 1024;
/// What has not ended after a pause of this length never will: the next key counts again.
const UNFINISHED_PAUSE: Duration = Duration::from_secs(2);
const PASTE_BEGINS: &[u8] = b"\x1b[200~";

/// Listens to the terminal at standard input. The channel ends when the terminal does. To be called within the runtime.
///
/// # Errors
/// The system's own.
#[expect(
    deprecated,
    reason = "its successor is unsafe for the sake of types that change their descriptor; a file does not"
)]
pub fn listen() -> io::Result<mpsc::Receiver<TerminalEvent>> {
    let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let terminal = AsyncFd::with_interest(terminal, Interest::READABLE)?;
    let (sender, heard) = mpsc::channel(INPUT_WAITING);
    tell_sizes(sender.downgrade())?;
    tokio::spawn(read(terminal, sender));
    Ok(heard)
}

/// Reads until the terminal or the desk ends. On the desk's own thread: a thread for the terminal would have to wake the
/// desk's at every key, which takes longer than understanding it.
async fn read(terminal: AsyncFd<File>, sender: mpsc::Sender<TerminalEvent>) {
    let mut ear = Ear::default();
    let mut bytes = [0; PIECE];
    while let Ok(mut ready) = terminal.readable().await {
        if !has_bytes(terminal.get_ref()) {
            ready.clear_ready();
            continue;
        }
        let length = match terminal.get_ref().read(&mut bytes) {
            Ok(0) => return,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let piece = bytes.get(..length).unwrap_or_default();
        let heard = ear.hear(piece, length == PIECE, Instant::now());
        if let Some(read) = bytes.get_mut(..length) {
            read.zeroize();
        }
        for heard in heard {
            if sender.send(heard).await.is_err() {
                return;
            }
        }
    }
}

/// Whether a read returns at once, be it that the terminal has ended. The terminal itself stays a blocking one: that it
/// were not is a property that the shell, which shares it, would inherit.
fn has_bytes(terminal: &File) -> bool {
    let mut asked = [PollFd::new(terminal, PollFlags::IN)];
    poll(&mut asked, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

/// Sends each changed window size, as long as the terminal is read.
fn tell_sizes(sender: mpsc::WeakSender<TerminalEvent>) -> io::Result<()> {
    let mut resized = signal(SignalKind::window_change())?;
    tokio::spawn(async move {
        while let Some(()) = resized.recv().await
            && let Some(sender) = sender.upgrade()
            && sender.send(TerminalEvent::Resized).await.is_ok()
        {}
    });
    Ok(())
}

/// Understands bytes as they come.
#[derive(Default)]
struct Ear {
    parser: Parser,
    /// Bytes since something was understood last.
    unfinished: usize,
    /// When bytes came last.
    last: Option<Instant>,
    /// A paste went through the parser, whose buffer still has it.
    is_tainted: bool,
    /// The rest of a paste that is too long goes by.
    is_passing_over: bool,
}

impl Ear {
    /// What these bytes mean; `more` where others are known to follow at once.
    fn hear(&mut self, bytes: &[u8], more: bool, now: Instant) -> Vec<TerminalEvent> {
        let pause = self.last.map(|last| now.saturating_duration_since(last));
        if self.unfinished > 0 && pause.is_some_and(|pause| pause > UNFINISHED_PAUSE) {
            *self = Ear::default();
        }
        self.last = Some(now);
        self.parser.parse(bytes, more);
        self.unfinished = self.unfinished.saturating_add(bytes.len());
        let mut heard = Vec::new();
        while let Some(event) = self.parser.pop() {
            self.unfinished = 0;
            let is_paste = matches!(event, Event::Paste(_));
            self.is_tainted |= is_paste;
            let is_rest = is_paste && std::mem::take(&mut self.is_passing_over);
            heard.extend(Some(event).filter(|_| !is_rest).and_then(translate));
        }
        if self.unfinished > UNFINISHED_CAP {
            // What is still to come of it must not be taken for keys.
            self.parser = Parser::default();
            self.parser.parse(PASTE_BEGINS, true);
            self.unfinished = PASTE_BEGINS.len();
            self.is_passing_over = true;
        } else if self.is_tainted && !more {
            *self = Ear::default();
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::{UiInput, UiKey};

    fn pasted(text: &str) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Paste(text.to_owned()))
    }

    fn key(key: UiKey) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Key(key))
    }

    #[test]
    fn keys_and_pastes_come_in_pieces() {
        let mut ear = Ear::default();
        let mut hear = |bytes: &[u8], more| ear.hear(bytes, more, Instant::now());
        assert_eq!(hear(b"\x1b[200~practice-", true), []);
        assert_eq!(
            hear(b"0001\x1b[201~\r", false),
            [pasted("practice-0001"), key(UiKey::Enter)]
        );
        assert_eq!(hear("张".as_bytes(), false), [key(UiKey::Char('张'))]);
        assert_eq!(hear(b"\x1b", false), [key(UiKey::Esc)]);
        assert_eq!(hear(b"\x1bOP", false), [key(UiKey::Help)]);
        let tap = TerminalEvent::Input(UiInput::Tap { column: 4, row: 2 });
        assert_eq!(hear(b"\x1b[<0;5;3M\x1b[<0;5;3m", false), [tap]);
    }

    #[test]
    fn a_paste_that_is_too_long_goes_by_and_none_of_it_is_a_key() {
        let mut ear = Ear::default();
        let mut hear = |bytes: &[u8], more| ear.hear(bytes, more, Instant::now());
        assert_eq!(hear(PASTE_BEGINS, false), []);
        let piece = [b'x'; PIECE];
        for _ in 0..=UNFINISHED_CAP / PIECE {
            assert_eq!(hear(&piece, true), []);
        }
        assert_eq!(hear(b"y\x1b[201~", false), []);
        assert_eq!(hear(b"\x1bOP", false), [key(UiKey::Help)]);
        assert_eq!(hear(b"\x1b[200~z\x1b[201~", false), [pasted("z")]);
    }

    #[test]
    fn what_never_ends_is_forgotten_after_a_pause() {
        let mut ear = Ear::default();
        let now = Instant::now();
        for unfinished in [PASTE_BEGINS, b"\x1b]52;", "张".as_bytes().split_at(1).0] {
            assert_eq!(ear.hear(unfinished, false, now), []);
            let later = now + UNFINISHED_PAUSE * 2;
            assert_eq!(ear.hear(b"\x1bOP", false, later), [key(UiKey::Help)]);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fall(pieces in proptest::collection::vec(
            proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::strategy::Just(0x1b_u8),
                    proptest::sample::select(b"[]OP<;?0123456789~uMmABc\x07\\".to_vec()),
                    proptest::arbitrary::any::<u8>(),
                ],
                0..24,
            ),
            0..24,
        )) {
            let mut ear = Ear::default();
            for piece in pieces {
                ear.hear(&piece, piece.len() % 2 == 0, Instant::now());
            }
        }
    }
}
