//! Why a file is not taken for one of ours, and what to do: in both languages, for who reads it may know one only.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::text::{FluentValue, Lang, Text};

/// A longer list of users is not read: then numbers stand for their names.
const LONGEST_USERS: u64 = 1024 * 1024;

/// A file, folder or socket that is not this desk's own, or not as its own are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOurs {
    /// Where it is.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: OursFault,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OursFault {
    /// It belongs to another user.
    Foreign {
        /// The user's number.
        owner: u32,
        /// The number of the user that this program runs as.
        own: u32,
    },
    /// It is a symbolic link.
    Link,
    /// It is no regular file.
    NoFile,
    /// It is no folder.
    NoFolder,
    /// It is no socket.
    NoSocket,
    /// Others may write it.
    Writable {
        /// The bits of its mode.
        mode: u32,
    },
    /// Others may read it, and it holds a secret.
    Readable {
        /// The bits of its mode.
        mode: u32,
    },
}

impl NotOurs {
    pub(super) fn error(path: &Path, fault: OursFault) -> io::Error {
        let path = path.to_owned();
        io::Error::new(io::ErrorKind::PermissionDenied, NotOurs { path, fault })
    }

    /// What of this an error of the system carries.
    pub fn of(error: &io::Error) -> Option<&NotOurs> {
        error.get_ref()?.downcast_ref()
    }

    /// The keys of what is said: what it is, and what to do.
    pub fn keys(&self) -> (&'static str, &'static str) {
        match self.fault {
            OursFault::Foreign { .. } => ("told-ours-foreign", "remedy-ours-foreign"),
            OursFault::Link => ("told-ours-link", "remedy-ours-away"),
            OursFault::NoFile => ("told-ours-no-file", "remedy-ours-away"),
            OursFault::NoFolder => ("told-ours-no-folder", "remedy-ours-away"),
            OursFault::NoSocket => ("told-ours-no-socket", "remedy-ours-away"),
            OursFault::Writable { .. } => ("told-ours-writable", "remedy-ours-writable"),
            OursFault::Readable { .. } => ("told-ours-readable", "remedy-ours-readable"),
        }
    }

    /// The variables of both.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let mut values = vec![("path", quoted(&self.path))];
        match self.fault {
            OursFault::Foreign { owner, own } => {
                values.extend([("owner", user(owner)), ("own", user(own))]);
                let sudo = find_name(owner).unwrap_or_else(|| format!("'#{owner}'"));
                values.extend([("as", sudo), ("id", own.to_string())]);
            }
            OursFault::Writable { mode } | OursFault::Readable { mode } => {
                values.push(("mode", format!("{mode:04o}")));
            }
            OursFault::Link | OursFault::NoFile | OursFault::NoFolder | OursFault::NoSocket => {}
        }
        values
    }

    /// What it is, in both languages, without a full stop.
    pub fn told(&self) -> String {
        self.words(self.keys().0)
    }

    /// What to do, in both languages.
    pub fn remedy(&self) -> String {
        self.words(self.keys().1)
    }

    fn words(&self, key: &str) -> String {
        let values = self.values();
        let values: Vec<(&str, FluentValue<'_>)> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect();
        let said = [Lang::En, Lang::Zh].map(|lang| Text::new(lang).with(key, &values));
        said.each_ref()
            .map(|words| words.trim_end_matches(['.', '。']))
            .join(" / ")
    }
}

impl fmt::Display for NotOurs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.told(), self.remedy())
    }
}

impl std::error::Error for NotOurs {}

/// A user's name and number.
fn user(number: u32) -> String {
    match find_name(number) {
        Some(name) => format!("{name} ({number})"),
        None => number.to_string(),
    }
}

/// A user's name, where this machine's own list has it.
fn find_name(number: u32) -> Option<String> {
    let mut text = String::new();
    let list = std::fs::File::open("/etc/passwd").ok()?;
    list.take(LONGEST_USERS).read_to_string(&mut text).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, id) = (fields.next()?, fields.nth(1)?);
        let is_it = id.parse() == Ok(number) && name.chars().all(plain) && !name.is_empty();
        is_it.then(|| name.to_owned())
    })
}

/// A path as a shell takes it, without what a terminal would act on.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(plain) {
        return text;
    }
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    format!("'{}'", shown.replace('\'', r"'\''"))
}
