//! `yingxin pin`: asks for a volunteer's PIN twice, without echo, and writes its argon2id hash; lists whose PINs there
//! are, and takes one away.

use std::io::{self, IsTerminal, Read};
use std::path::Path;

use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};

use super::prepare::read_pins;
use super::{not_made, say, tell};
use crate::cli::PinArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{self, Flags, environment};
use crate::desk::lock::pin::{LENGTH, PinHash};
use crate::desk::lock::{PinList, can_lift};
use crate::escape;
use crate::ours;
use crate::screen::pages::LIFT_LENGTH;
use crate::visit::{Secret, VolunteerName};

/// What stands for the PIN for all in place of a name.
const FOR_ALL: &str = "-";

/// Sets a PIN, lists whose there are, or takes one away.
///
/// # Errors
/// The two inputs differ, the PIN is too short, too long or another volunteer's, there are too many names, or the file
/// cannot be written.
pub fn run(flags: &Flags, options: &PinArgs) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let path = config.pin_file.as_path();
    if options.list {
        return list(path);
    }
    if let Some(name) = &options.remove {
        return remove(path, name);
    }
    if options.lift {
        return set_lifter(path);
    }
    set(path, options.name.as_deref())
}

fn refuse(what: String) -> CliError {
    CliError::new(Exit::BadData, what, both!("run it again", "请再运行一次"))
}

fn list(path: &Path) -> CliResult<()> {
    let names = read_pins(path)?;
    let names = names.iter().flat_map(PinList::names);
    let line = |name: Option<&VolunteerName>| match name {
        Some(name) => format!("{name}\n"),
        None => both!("{FOR_ALL}  (for all)\n", "{FOR_ALL}  （共用）\n"),
    };
    say(&names.map(line).collect::<String>())
}

fn remove(path: &Path, name: &str) -> CliResult<()> {
    let whose = Some(name).filter(|name| *name != FOR_ALL);
    let whose = whose.map(parsed).transpose()?;
    let mut pins = read_pins(path)?.ok_or_else(|| refuse(both!("no PIN is set", "没有设 PIN")))?;
    if !pins.remove(whose.as_ref()).map_err(refuse)? {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "there is no such PIN, and nothing was changed",
                "没有这个 PIN，什么也没改"
            ),
            both!(
                "see whose there are: yingxin pin --list",
                "看有谁的：yingxin pin --list"
            ),
        ));
    }
    write(path, &pins)?;
    say(&both!("the PIN is gone\n", "PIN 已撤销\n"))
}

fn parsed(name: &str) -> CliResult<VolunteerName> {
    let name = if name == FOR_ALL { "" } else { name };
    VolunteerName::parse(name).map_err(|what| {
        CliError::new(
            Exit::Usage,
            both!(
                "this is no volunteer's name: {what}",
                "这不是志愿者的名字：{what}"
            ),
            both!(
                "give a name or a number of at most ten Chinese characters or twenty others",
                "请给出最多十个汉字或二十个其他字符的名字或编号"
            ),
        )
    })
}

fn set(path: &Path, name: Option<&str>) -> CliResult<()> {
    let name = name.map(parsed).transpose()?;
    let before = read_pins(path)?;
    let pin = typed()?;
    let hash = PinHash::new(&pin).map_err(refuse)?;
    let pins = match before {
        None => PinList::first(name, hash),
        Some(mut pins) => {
            if pins.is_anothers(&pin, name.as_ref()) {
                return Err(CliError::new(
                    Exit::BadData,
                    both!(
                        "this PIN is another volunteer's, and nothing was changed",
                        "这个 PIN 是别的志愿者的，什么也没改"
                    ),
                    both!("choose another", "请换一个"),
                ));
            }
            pins.set(name, hash).map_err(refuse)?;
            pins
        }
    };
    drop(pin);
    write(path, &pins)?;
    say(&both!(
        "the PIN is set: {}\n",
        "PIN 已设定：{}\n",
        escape::path(path)
    ))
}

/// Sets the secret that ends the pause after wrong PINs: for the administrator, who is fetched while somebody plays at the
/// keyboard.
fn set_lifter(path: &Path) -> CliResult<()> {
    let mut pins = read_pins(path)?.ok_or_else(|| refuse(both!("no PIN is set", "没有设 PIN")))?;
    let secret = typed()?;
    if !can_lift(&secret) {
        return Err(refuse(both!(
            "it has fewer than {LIFT_LENGTH} characters",
            "不到 {LIFT_LENGTH} 个字符"
        )));
    }
    if pins.check(&secret).is_right() {
        return Err(refuse(both!(
            "this is a volunteer's PIN",
            "这是某个志愿者的 PIN"
        )));
    }
    pins.set_lifter(PinHash::new(&secret).map_err(refuse)?);
    drop(secret);
    write(path, &pins)?;
    say(&both!(
        "the administrator's secret is set: {}\n",
        "管理员口令已设定：{}\n",
        escape::path(path)
    ))
}

/// What is typed twice on a terminal, or read from stdin.
fn typed() -> CliResult<Secret> {
    if io::stdin().is_terminal() {
        ask_twice()
    } else {
        read_secret(&mut io::stdin().lock())
    }
}

fn ask_twice() -> CliResult<Secret> {
    let first = ask_silently(&both!(
        "New PIN, {} to {} digits or letters: ",
        "新的 PIN，{} 到 {} 位数字或字母：",
        LENGTH.start(),
        LENGTH.end()
    ))?;
    let second = ask_silently(&both!("The same again: ", "再输入一次："))?;
    if first.expose() == second.expose() {
        Ok(first)
    } else {
        Err(CliError::new(
            Exit::BadData,
            both!(
                "the two are not the same, and nothing was changed",
                "两次不一样，什么也没改"
            ),
            both!("run it again", "请再运行一次"),
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
    let silence = Silence::begin()
        .map_err(|e| CliError::io(both!("cannot silence the terminal", "关不掉终端的回显"), &e))?;
    tell(words);
    let read = read_secret(&mut io::stdin().lock());
    drop(silence);
    tell("\n");
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
            .map_err(|e| CliError::io(both!("cannot read the PIN", "读不到 PIN"), &e))?;
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
                    both!("given up, and nothing was changed", "已放弃，什么也没改"),
                    both!("run it again", "请再运行一次"),
                ));
            }
            // What is no ASCII or too long stays visible to the check as one sign too many.
            (_, [byte]) if text.len() < 100 => text.push(char::from(byte)),
            _ => {}
        }
    }
    Ok(Secret::new(text))
}

/// Writes the hashes beside the old one and puts it in its place: a power cut leaves one or the other.
fn write(path: &Path, pins: &PinList) -> CliResult<()> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        ours::make_folder(dir).map_err(|e| not_made(dir, &e))?;
    }
    ours::replace(path, pins.to_text().as_bytes())
        .map_err(|e| CliError::io(both!("cannot write {}", "写不了 {}", path.display()), &e))
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
            write(&path, &hash.into()).unwrap();
            let read = config::read_private_lines(&path).unwrap();
            assert!(
                PinList::parse(read.expose())
                    .unwrap()
                    .check(&Secret::new(pin.into()))
                    .is_right()
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
