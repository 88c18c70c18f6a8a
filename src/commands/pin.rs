//! `yingxin pin`: asks for the volunteer's PIN twice, without echo, and writes its argon2id hash.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};

use super::{make_private, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Flags, environment};
use crate::desk::lock::pin::{LENGTH, PinHash};
use crate::visit::Secret;

/// Sets the PIN.
///
/// # Errors
/// The two inputs differ, the PIN is too short or too long, or the file cannot be written.
pub fn run(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let refuse = |what: String| CliError::new(Exit::BadData, what, "run it again");
    let pin = if io::stdin().is_terminal() {
        ask_twice()?
    } else {
        read_secret(&mut io::stdin().lock())?
    };
    let hash = PinHash::new(&pin).map_err(refuse)?;
    drop(pin);
    write(&config.pin_file, &hash)?;
    say(&format!("the PIN is set: {}\n", config.pin_file.display()))
}

fn ask_twice() -> CliResult<Secret> {
    let first = ask_silently(&format!(
        "New PIN, {} to {} digits or letters: ",
        LENGTH.start(),
        LENGTH.end()
    ))?;
    let second = ask_silently("The same again: ")?;
    if first.expose() == second.expose() {
        Ok(first)
    } else {
        Err(CliError::new(
            Exit::BadData,
            "the two are not the same, and nothing was changed",
            "run it again",
        ))
    }
}

/// Asks for a PIN: on a terminal without echo, else it reads the first line of stdin.
///
/// # Errors
/// The input ended, or cannot be read.
pub(super) fn ask_once(words: &str) -> CliResult<Secret> {
    if io::stdin().is_terminal() {
        ask_silently(words)
    } else {
        read_secret(&mut io::stdin().lock())
    }
}

fn ask_silently(words: &str) -> CliResult<Secret> {
    let silence = Silence::begin().map_err(|e| CliError::io("cannot silence the terminal", &e))?;
    let mut err = io::stderr();
    let _ = write!(err, "{words}").and_then(|()| err.flush());
    let read = read_secret(&mut io::stdin().lock());
    drop(silence);
    let _ = writeln!(err);
    read
}

/// The terminal without echo, lines and signal keys; dropped, as it was.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = termios::tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        let off = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        silent.local_modes.remove(off);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Silence(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

/// Reads to the line's end, byte by byte and unbuffered enough that nothing of it stays behind.
fn read_secret(input: &mut impl Read) -> CliResult<Secret> {
    // Room for all of it at once: a string that grows leaves copies behind.
    let mut text = String::with_capacity(128);
    let mut byte = [0u8];
    loop {
        let read = input
            .read(&mut byte)
            .map_err(|e| CliError::io("cannot read the PIN", &e))?;
        match (read, byte) {
            (0, _) | (_, [b'\n' | b'\r']) => break,
            (_, [0x7f | 0x08]) => {
                text.pop();
            }
            // Ctrl-C, Ctrl-D, Ctrl-\, Esc.
            (_, [0x03 | 0x04 | 0x1c | 0x1b]) => {
                drop(Secret::new(text));
                return Err(CliError::new(
                    Exit::Failure,
                    "given up, and nothing was changed",
                    "run it again",
                ));
            }
            // What is no ASCII or too long stays visible to the check as one sign too many.
            (_, [byte]) if text.len() < 100 => text.push(char::from(byte)),
            _ => {}
        }
    }
    Ok(Secret::new(text))
}

/// Writes the hash beside the old one and puts it in its place: a power cut leaves one or the other.
fn write(path: &Path, hash: &PinHash) -> CliResult<()> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        make_private(dir)?;
    }
    let mut new = path.to_owned().into_os_string();
    new.push(".new");
    let failed = |e: io::Error| CliError::io(format!("cannot write {}", path.display()), &e);
    let _ = std::fs::remove_file(&new);
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)
        .map_err(failed)?;
    writeln!(file, "{}", hash.as_str())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&new, path))
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_pin_is_read_to_the_lines_end() {
        let read = |bytes: &[u8]| read_secret(&mut &*bytes).map(|pin| pin.expose().to_owned());
        assert_eq!(read(b"4711\nrest"), Ok("4711".into()));
        assert_eq!(read(b"4711"), Ok("4711".into()));
        assert_eq!(read(b"471\x7f\x7f\x7f1234\r"), Ok("1234".into()));
        assert!(read(b"47\x03").is_err());
        assert!(PinHash::new(&read_secret(&mut &"中文密码".as_bytes()[..]).unwrap()).is_err());
    }

    #[test]
    fn the_file_is_private_and_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/pin");
        for pin in ["1234", "5678"] {
            let hash = PinHash::new(&Secret::new(pin.into())).unwrap();
            write(&path, &hash).unwrap();
            let read = config::read_private(&path).unwrap();
            assert!(
                PinHash::parse(read.expose())
                    .unwrap()
                    .is(&Secret::new(pin.into()))
            );
        }
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            std::fs::read_dir(dir.path().join("new")).unwrap().count(),
            1
        );
    }
}
