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

use super::burst::Burst;
use super::input::{TerminalEvent, translate};
use crate::screen::{UiInput, UiKey};

/// Input that may wait while the loop draws; the terminal itself holds what is beyond.
const INPUT_WAITING: usize = 256;
/// The most bytes read at once.
const PIECE: usize = 4096;
/// The most bytes that may come without meaning anything: a longer paste is dropped.
const UNFINISHED_CAP: usize = 2 * 1024 * 1024;
/// A sequence that has not ended this long after its beginning was a key with Alt, or has lost its end. A terminal sends
/// each in one piece.
const SEQUENCE_DEADLINE: Duration = Duration::from_millis(100);
/// A paste that has not ended this long after its beginning has lost its end.
const PASTE_DEADLINE: Duration = Duration::from_secs(2);
/// The longest pause within a paste: what comes after a longer one is a key.
const PASTE_PAUSE: Duration = Duration::from_millis(300);
/// What follows faster than this is not typed by hand: a paste over its deadline still goes on.
const TYPED_PAUSE: Duration = Duration::from_millis(20);
const PASTE_BEGINS: &[u8] = b"\x1b[200~";

/// Listens to the terminal at standard input. The channel ends when the terminal does. To be called within the runtime.
/// Where the desk has a scanner, characters are held back for a moment until it is known that a hand typed them.
///
/// # Errors
/// The system's own.
#[expect(
    deprecated,
    reason = "its successor is unsafe for the sake of types that change their descriptor; a file does not"
)]
pub fn listen(has_scanner: bool) -> io::Result<mpsc::Receiver<TerminalEvent>> {
    let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let terminal = AsyncFd::with_interest(terminal, Interest::READABLE)?;
    let (sender, heard) = mpsc::channel(INPUT_WAITING);
    tell_sizes(sender.downgrade())?;
    tokio::spawn(read(terminal, sender, has_scanner.then(Burst::default)));
    Ok(heard)
}

/// Reads until the terminal or the desk ends. On the desk's own thread: a thread for the terminal would have to wake the
/// desk's at every key, which takes longer than understanding it.
async fn read(
    terminal: AsyncFd<File>,
    sender: mpsc::Sender<TerminalEvent>,
    mut burst: Option<Burst>,
) {
    let mut ear = Ear::default();
    let mut bytes = [0; PIECE];
    loop {
        let ready = tokio::select! {
            ready = terminal.readable() => ready,
            () = pause(ear.left(Instant::now())) => {
                // It may hold half of a password.
                ear = Ear::default();
                continue;
            }
            () = pause(burst.as_ref().and_then(|burst| burst.left(Instant::now()))) => {
                let keys = burst.as_mut().map(Burst::release).unwrap_or_default();
                if !send(&sender, keys).await {
                    return;
                }
                continue;
            }
        };
        let Ok(mut ready) = ready else { return };
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
        let now = Instant::now();
        let mut heard = ear.hear(piece, length == PIECE, now);
        if let Some(read) = bytes.get_mut(..length) {
            read.zeroize();
        }
        if let Some(burst) = &mut burst {
            let events = heard.into_iter();
            heard = events.flat_map(|event| burst.take(event, now)).collect();
        }
        if !send(&sender, heard).await {
            return;
        }
    }
}

/// Sends these; `false` where the desk has ended.
async fn send(sender: &mpsc::Sender<TerminalEvent>, heard: Vec<TerminalEvent>) -> bool {
    for heard in heard {
        if sender.send(heard).await.is_err() {
            return false;
        }
    }
    true
}

/// Waits for so long, or for ever.
async fn pause(left: Option<Duration>) {
    match left {
        Some(left) => tokio::time::sleep(left).await,
        None => std::future::pending().await,
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
pub(crate) struct Ear {
    parser: Parser,
    /// How what has not ended yet begins: at most as much as the mark of a paste.
    head: Vec<u8>,
    /// Bytes since something was understood last.
    unfinished: usize,
    /// When what has not ended yet began.
    begun: Option<Instant>,
    /// When bytes came last.
    last: Option<Instant>,
    /// A paste went through the parser, whose buffer still has it.
    is_tainted: bool,
    /// The rest of a paste that is too long goes by.
    is_passing_over: bool,
}

impl Ear {
    /// What these bytes mean; `more` where others are known to follow at once.
    pub(crate) fn hear(&mut self, bytes: &[u8], more: bool, now: Instant) -> Vec<TerminalEvent> {
        if self.has_lost_its_end(now) {
            *self = Ear::default();
        }
        self.last = Some(now);
        let mut heard = Vec::new();
        for (index, byte) in bytes.iter().enumerate() {
            let follows = more || index.saturating_add(1) < bytes.len();
            self.take(*byte, follows, now, &mut heard);
        }
        if self.unfinished > UNFINISHED_CAP {
            // What is still to come of it must not be taken for keys.
            self.begin_anew();
            self.parser.parse(PASTE_BEGINS, true);
            self.head = PASTE_BEGINS.to_vec();
            self.unfinished = PASTE_BEGINS.len();
            self.begun = Some(now);
            self.is_passing_over = true;
        } else if self.is_tainted && !more && self.unfinished == 0 {
            *self = Ear::default();
        }
        heard
    }

    fn take(&mut self, byte: u8, follows: bool, now: Instant, heard: &mut Vec<TerminalEvent>) {
        if byte == 0x1b && !self.is_paste() && !self.is_string() {
            // It begins a sequence, whatever was before it.
            self.begin_anew();
        }
        if let ([0x1b, b'O'], Some(key)) = (&*self.head, keypad_key(byte)) {
            self.begin_anew();
            heard.push(TerminalEvent::Input(UiInput::Key(key)));
            return;
        }
        if self.head.len() < PASTE_BEGINS.len() {
            self.head.push(byte);
        }
        self.unfinished = self.unfinished.saturating_add(1);
        self.begun.get_or_insert(now);
        self.parser.parse(&[byte], follows);
        while let Some(event) = self.parser.pop() {
            self.settle();
            let is_paste = matches!(event, Event::Paste(_));
            self.is_tainted |= is_paste;
            let is_rest = is_paste && std::mem::take(&mut self.is_passing_over);
            heard.extend(Some(event).filter(|_| !is_rest).and_then(translate));
        }
        if !follows && self.is_string() && self.unfinished == 2 {
            // Alt-] and Alt-P: no terminal sends the beginning of a string alone.
            self.begin_anew();
        }
    }

    /// Nothing is unfinished.
    fn settle(&mut self) {
        self.head.clear();
        self.unfinished = 0;
        self.begun = None;
    }

    fn begin_anew(&mut self) {
        if self.unfinished > 0 {
            self.parser = Parser::default();
        }
        self.settle();
    }

    fn is_paste(&self) -> bool {
        self.head == PASTE_BEGINS
    }

    /// An operating system command or a device control string, which ends with a terminator.
    fn is_string(&self) -> bool {
        matches!(&*self.head, [0x1b, b']' | b'P', ..])
    }

    /// Whether what has not ended yet never will: what comes now is none of it.
    fn has_lost_its_end(&self, now: Instant) -> bool {
        let since = |moment: Option<Instant>| {
            moment.map_or(Duration::ZERO, |moment| {
                now.saturating_duration_since(moment)
            })
        };
        let (age, pause) = (since(self.begun), since(self.last));
        if self.is_paste() {
            pause > PASTE_PAUSE || age > PASTE_DEADLINE && pause > TYPED_PAUSE
        } else {
            age > SEQUENCE_DEADLINE
        }
    }

    /// How long what has not ended yet may still be waited for.
    fn left(&self, now: Instant) -> Option<Duration> {
        let (from, patience) = if self.is_paste() {
            (self.last, PASTE_PAUSE)
        } else {
            (self.begun, SEQUENCE_DEADLINE)
        };
        let end = self.begun.and(from)?.checked_add(patience)?;
        Some(
            end.saturating_duration_since(now)
                .max(Duration::from_millis(1)),
        )
    }
}

/// A key of the keypad in application mode, by the last byte of its sequence (xterm, VT220-Style Function Keys). The
/// desk turns that mode off; another program may turn it on again.
fn keypad_key(last: u8) -> Option<UiKey> {
    Some(match last {
        b'p'..=b'y' => UiKey::Char(char::from(last.saturating_sub(b'p').saturating_add(b'0'))),
        b'j' => UiKey::Char('*'),
        b'k' => UiKey::Char('+'),
        b'l' => UiKey::Char(','),
        b'm' => UiKey::Char('-'),
        b'n' => UiKey::Char('.'),
        b'o' => UiKey::Char('/'),
        b'M' => UiKey::Enter,
        b'I' => UiKey::Tab,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(text: &str) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Paste(text.to_owned()))
    }

    fn key(key: UiKey) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Key(key))
    }

    #[test]
    fn keys_and_pastes_come_in_pieces() {
        let mut ear = Ear::default();
        let now = Instant::now();
        let mut hear = |bytes: &[u8], more| ear.hear(bytes, more, now);
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
        let now = Instant::now();
        let mut hear = |bytes: &[u8], more| ear.hear(bytes, more, now);
        assert_eq!(hear(PASTE_BEGINS, false), []);
        let piece = [b'x'; PIECE];
        for _ in 0..=UNFINISHED_CAP / PIECE {
            assert_eq!(hear(&piece, true), []);
        }
        assert_eq!(hear(b"y\x1b[201~", false), []);
        assert_eq!(hear(b"\x1bOP", false), [key(UiKey::Help)]);
        assert_eq!(hear(b"\x1b[200~z\x1b[201~", false), [pasted("z")]);
    }

    /// Keys as a hand types them after something, each with its pause: all of them must come through.
    fn keys_after(begin: &[u8], pause: Duration) -> Vec<TerminalEvent> {
        let mut ear = Ear::default();
        let mut now = Instant::now();
        let mut heard = ear.hear(begin, false, now);
        for typed in [&b"2"[..], b"0", b"\x1b", b"\x1b[21~", b"\x03", b"\r"] {
            now += pause;
            heard.extend(ear.hear(typed, false, now));
        }
        heard
    }

    #[test]
    fn what_never_ends_costs_no_other_key() {
        let wanted = [
            UiKey::Char('2'),
            UiKey::Char('0'),
            UiKey::Esc,
            UiKey::Volunteer,
            UiKey::Esc,
            UiKey::Enter,
        ]
        .map(key);
        for pause in [320, 500, 1000, 3000].map(Duration::from_millis) {
            for begin in [
                &b"\x1b]"[..],
                b"\x1bP",
                b"\x1bO",
                b"\x1b[",
                b"\x1b_",
                b"\x1b]52;c",
                b"\x1bP1$r",
                b"\x1b[<0;5",
                b"\x1b[200~practice-0001",
                b"\x1b[200~",
                "张".as_bytes().split_at(1).0,
            ] {
                let shown = String::from_utf8_lossy(begin).into_owned();
                assert_eq!(keys_after(begin, pause), wanted, "{shown:?} {pause:?}");
            }
        }
        // Alt with a key that begins a string: at once, however fast the next key comes.
        for begin in [b"\x1b]", b"\x1bP"] {
            assert_eq!(keys_after(begin, Duration::from_millis(1)), wanted);
        }
    }

    #[test]
    fn a_lost_paste_ends_by_its_deadline_and_never_comes_out() {
        let mut ear = Ear::default();
        let begun = Instant::now();
        assert_eq!(ear.hear(b"\x1b[200~practice-0001", false, begun), []);
        // Keys without a pause between them, from the paste on.
        let mut heard = Vec::new();
        for turn in 1..=30 {
            let now = begun + Duration::from_millis(100) * turn;
            heard.extend(ear.hear(b"7", false, now));
        }
        heard.extend(ear.hear(b"\x1b[201~", false, begun + Duration::from_secs(9)));
        assert_eq!(heard.len(), 10);
        assert!(heard.iter().all(|heard| *heard == key(UiKey::Char('7'))));
    }

    #[test]
    fn a_slow_line_brings_a_long_paste_whole() {
        let mut ear = Ear::default();
        let mut now = Instant::now();
        let mut heard = Vec::new();
        let text = "x".repeat(8 * 1024);
        for piece in format!("\x1b[200~{text}\x1b[201~").as_bytes().chunks(8) {
            now += Duration::from_millis(8);
            heard.extend(ear.hear(piece, false, now));
        }
        assert_eq!(heard, [pasted(&text)]);
    }

    #[test]
    fn a_keypad_in_application_mode_has_its_digits() {
        let mut ear = Ear::default();
        let mut now = Instant::now();
        let mut heard = Vec::new();
        for last in b"pqrstuvwxyM" {
            now += Duration::from_millis(40);
            heard.extend(ear.hear(&[0x1b, b'O', *last], false, now));
        }
        let mut wanted: Vec<TerminalEvent> =
            ('0'..='9').map(|digit| key(UiKey::Char(digit))).collect();
        wanted.push(key(UiKey::Enter));
        assert_eq!(heard, wanted);
    }

    #[test]
    fn an_escape_begins_a_sequence_wherever_it_comes() {
        let mut ear = Ear::default();
        let now = Instant::now();
        let mut hear = |bytes: &[u8]| ear.hear(bytes, false, now);
        assert_eq!(hear(b"\x1b[2\x1bOP"), [key(UiKey::Help)]);
        // Alt with a function key, where Alt sends an escape before it.
        assert_eq!(hear(b"\x1b\x1bOP"), [key(UiKey::Help)]);
        assert_eq!(hear(b"\x1b\x1b"), [key(UiKey::Esc)]);
        assert_eq!(hear(b"a\x1b]"), [key(UiKey::Char('a'))]);
        assert_eq!(hear(b"b"), [key(UiKey::Char('b'))]);
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
