//! The PINs that open the panel: one for all, or one for each volunteer with a name. Kept as lines of a file: an argon2id
//! hash, and the name after a blank; or `lift` and the hash of the administrator's secret, which ends the pause after
//! wrong PINs. A file of one hash alone is the PIN for all, as earlier programs wrote it.

use std::time::Duration;

use super::panel::PanelLock;
use super::pin::{PinHash, PinMemory};
use crate::cli_lang::both;
use crate::screen::pages::LIFT_LENGTH;
use crate::visit::{Secret, VolunteerName};

/// The most volunteers with a PIN of their own. Each takes some 30 ms where a PIN is checked, so that this bounds a check.
pub const MOST: usize = 20;

/// The PINs, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinList {
    entries: Vec<PinEntry>,
    /// The administrator's secret, which ends a pause and opens nothing.
    lifter: Option<PinHash>,
}

/// What a line with the administrator's secret begins with; no hash does.
const LIFTER: &str = "lift ";

/// A PIN, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PinEntry {
    /// Nobody's own: the PIN for all.
    name: Option<VolunteerName>,
    hash: PinHash,
}

/// Whether what was typed is long enough to be the administrator's secret.
pub fn can_lift(typed: &Secret) -> bool {
    typed.expose().chars().count() >= LIFT_LENGTH
}

/// What is looked for in what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinWay {
    /// A PIN.
    Check,
    /// Within a pause: the administrator's secret alone.
    Lift,
}

/// Whether a PIN is right, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinVerdict {
    /// It is none of them.
    Wrong,
    /// It opens; with a name where it is a volunteer's own.
    Right(Option<VolunteerName>),
    /// It opens nothing, and ends the pause after wrong ones: the administrator's secret.
    Lifted,
}

impl PinVerdict {
    /// Whether it opens.
    pub fn is_right(&self) -> bool {
        matches!(self, PinVerdict::Right(_))
    }
}

impl From<PinHash> for PinList {
    fn from(hash: PinHash) -> Self {
        PinList::first(None, hash)
    }
}

impl PinList {
    /// A list of one PIN.
    pub fn first(name: Option<VolunteerName>, hash: PinHash) -> Self {
        PinList {
            entries: vec![PinEntry { name, hash }],
            lifter: None,
        }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// Says in a sentence which line is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut list = PinList {
            entries: Vec::new(),
            lifter: None,
        };
        let lines = (1..).zip(text.lines().map(str::trim));
        for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let at = |what: String| both!("line {number}: {what}", "第 {number} 行：{what}");
            if let Some(hash) = line.strip_prefix(LIFTER) {
                let lifter = PinHash::parse(hash).map_err(&at)?;
                if list.lifter.replace(lifter).is_some() {
                    return Err(at(both!(
                        "the administrator's secret again",
                        "管理员口令又写了一次"
                    )));
                }
                continue;
            }
            let (hash, name) = match line.split_once(' ') {
                Some((hash, name)) => (hash, Some(name)),
                None => (line, None),
            };
            let hash = PinHash::parse(hash).map_err(&at)?;
            let name = name.map(VolunteerName::parse).transpose();
            let name = name.map_err(|what| at(both!("no name: {what}", "不是名字：{what}")))?;
            if list.place(name.as_ref()).is_some() {
                return Err(at(both!("the same name again", "同一个名字又写了一次")));
            }
            list.push(name, hash).map_err(&at)?;
        }
        if list.entries.is_empty() {
            return Err(both!(
                "line 1: it holds no argon2id hash",
                "第 1 行：里面没有 argon2id 散列"
            ));
        }
        Ok(list)
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let line = |entry: &PinEntry| match &entry.name {
            Some(name) => format!("{} {name}\n", entry.hash.as_str()),
            None => format!("{}\n", entry.hash.as_str()),
        };
        let lifter = self.lifter.iter();
        let lifter = lifter.map(|hash| format!("{LIFTER}{}\n", hash.as_str()));
        self.entries.iter().map(line).chain(lifter).collect()
    }

    /// Whose PIN it is. It takes some 30 ms of work for each entry: call it off the screen's thread.
    pub fn check(&self, pin: &Secret) -> PinVerdict {
        let mut memory = PinMemory::default();
        let mut entries = self.entries.iter();
        match entries.find(|entry| entry.hash.is_in(pin, &mut memory)) {
            Some(entry) => PinVerdict::Right(entry.name.clone()),
            None => self.lift_in(pin, &mut memory),
        }
    }

    /// Has this lock begin a check at the monotonic `now`, and says of what; `None` where nothing is looked at now.
    pub fn begin(&self, lock: &mut PanelLock, typed: &Secret, now: Duration) -> Option<PinWay> {
        if self.lifter.is_some() && can_lift(typed) && lock.begin_lift(now) {
            return Some(PinWay::Lift);
        }
        lock.begin_check(now).then_some(PinWay::Check)
    }

    /// Whether this ends a pause: within one, no PIN is looked at.
    pub fn lift(&self, pin: &Secret) -> PinVerdict {
        self.lift_in(pin, &mut PinMemory::default())
    }

    fn lift_in(&self, pin: &Secret, memory: &mut PinMemory) -> PinVerdict {
        match &self.lifter {
            Some(lifter) if can_lift(pin) && lifter.is_in(pin, memory) => PinVerdict::Lifted,
            _ => PinVerdict::Wrong,
        }
    }

    /// Whether the administrator's secret is set.
    pub fn has_lifter(&self) -> bool {
        self.lifter.is_some()
    }

    /// Sets the administrator's secret.
    pub fn set_lifter(&mut self, hash: PinHash) {
        self.lifter = Some(hash);
    }

    /// The names, in the order of the file; `None` for the PIN for all.
    pub fn names(&self) -> impl Iterator<Item = Option<&VolunteerName>> {
        self.entries.iter().map(|entry| entry.name.as_ref())
    }

    /// Whether this PIN opens already, and not for this name alone.
    pub fn is_anothers(&self, pin: &Secret, name: Option<&VolunteerName>) -> bool {
        let own = self.place(name);
        let mut memory = PinMemory::default();
        let mut entries = self.entries.iter().enumerate();
        entries.any(|(at, entry)| Some(at) != own && entry.hash.is_in(pin, &mut memory))
    }

    /// Sets the PIN of a name, or the one for all; a PIN that was set for it before opens no more.
    ///
    /// # Errors
    /// There are too many names.
    pub fn set(&mut self, name: Option<VolunteerName>, hash: PinHash) -> Result<(), String> {
        match self
            .place(name.as_ref())
            .and_then(|at| self.entries.get_mut(at))
        {
            Some(entry) => {
                *entry = PinEntry { name, hash };
                Ok(())
            }
            None => self.push(name, hash),
        }
    }

    /// Takes a name's PIN away, or the one for all. Returns whether there was one.
    ///
    /// # Errors
    /// It is the last one: a desk does not start without a PIN.
    pub fn remove(&mut self, name: Option<&VolunteerName>) -> Result<bool, String> {
        match self.place(name) {
            None => Ok(false),
            Some(_) if self.entries.len() == 1 => Err(both!(
                "it is the last PIN, and a desk does not start without one",
                "这是最后一个 PIN，没有 PIN 的迎新台不启动"
            )),
            Some(at) => {
                self.entries.remove(at);
                Ok(true)
            }
        }
    }

    fn place(&self, name: Option<&VolunteerName>) -> Option<usize> {
        let is_it = |entry: &PinEntry| match (&entry.name, name) {
            (Some(known), Some(name)) => known.is_same(name),
            (known, name) => known.is_none() && name.is_none(),
        };
        self.entries.iter().position(is_it)
    }

    fn push(&mut self, name: Option<VolunteerName>, hash: PinHash) -> Result<(), String> {
        if name.is_some() && self.names().flatten().count() >= MOST {
            return Err(both!(
                "there are {MOST} names already, and no more are taken",
                "已经有 {MOST} 个名字，不能再多"
            ));
        }
        self.entries.push(PinEntry { name, hash });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> VolunteerName {
        VolunteerName::parse(text).unwrap()
    }

    fn secret(pin: &str) -> Secret {
        Secret::new(pin.into())
    }

    fn hash(pin: &str) -> PinHash {
        PinHash::for_practice(&secret(pin)).unwrap()
    }

    fn set(list: &mut PinList, who: &str, pin: &str) -> Result<(), String> {
        list.set(Some(name(who)), hash(pin))
    }

    #[test]
    fn a_pin_says_whose_it_is_and_the_file_is_read_again() {
        let mut list = PinList::from(hash("1111"));
        set(&mut list, "王老师", "2222").unwrap();
        set(&mut list, "Li Wei", "3333").unwrap();
        let list = PinList::parse(&list.to_text()).unwrap();
        let who = |pin: &str| list.check(&secret(pin));
        assert_eq!(who("1111"), PinVerdict::Right(None));
        assert_eq!(who("2222"), PinVerdict::Right(Some(name("王老师"))));
        assert_eq!(who("3333"), PinVerdict::Right(Some(name("Li Wei"))));
        assert_eq!(who("4444"), PinVerdict::Wrong);
        assert!(list.is_anothers(&secret("2222"), None));
        assert!(!list.is_anothers(&secret("2222"), Some(&name("王老师"))));
        assert!(!list.is_anothers(&secret("5555"), None));
    }

    #[test]
    fn a_file_of_one_hash_is_the_pin_for_all() {
        let list = PinList::parse(&format!("{}\n", hash("4711").as_str())).unwrap();
        assert_eq!(list.check(&secret("4711")), PinVerdict::Right(None));
    }

    #[test]
    fn the_administrators_secret_opens_nothing_and_is_long() {
        let mut list = PinList::from(hash("1111"));
        assert_eq!(list.lift(&secret("long enough to be")), PinVerdict::Wrong);
        list.set_lifter(hash("twelve-signs"));
        let list = PinList::parse(&list.to_text()).unwrap();
        assert!(list.has_lifter());
        assert_eq!(list.names().count(), 1);
        for read in [PinList::check, PinList::lift] {
            assert_eq!(read(&list, &secret("twelve-signs")), PinVerdict::Lifted);
            assert_eq!(read(&list, &secret("twelve-sign5")), PinVerdict::Wrong);
        }
        assert_eq!(list.lift(&secret("1111")), PinVerdict::Wrong, "a PIN");
        assert_eq!(list.check(&secret("1111")), PinVerdict::Right(None));
        // Set to something short by hand, it counts for nothing: four digits would be guessed within the pauses.
        let line = format!(
            "{}\nlift {}\n",
            hash("1111").as_str(),
            hash("2222").as_str()
        );
        let short = PinList::parse(&line).unwrap();
        assert_eq!(short.lift(&secret("2222")), PinVerdict::Wrong);
        let twice = format!("{line}lift {}\n", hash("3333").as_str());
        assert!(PinList::parse(&twice).unwrap_err().starts_with("line 3: "));
        let alone = format!("lift {}\n", hash("2222").as_str());
        assert!(PinList::parse(&alone).is_err(), "no PIN");
    }

    #[test]
    fn a_pin_is_replaced_or_taken_away_by_its_name() {
        let mut list = PinList::from(hash("1111"));
        assert!(list.remove(None).is_err(), "the last one");
        set(&mut list, "Li", "2222").unwrap();
        set(&mut list, "LI", "3333").unwrap();
        assert_eq!(list.names().count(), 2);
        assert_eq!(list.check(&secret("2222")), PinVerdict::Wrong);
        assert_eq!(list.remove(Some(&name("x"))), Ok(false));
        assert_eq!(list.remove(None), Ok(true));
        assert_eq!(list.check(&secret("1111")), PinVerdict::Wrong);
        assert!(list.remove(Some(&name("li"))).is_err());
    }

    #[test]
    fn more_than_twenty_names_are_refused_wherever_they_come_from() {
        let mut list = PinList::from(hash("1111"));
        let one = hash("2222");
        for n in 0..MOST {
            list.set(Some(name(&n.to_string())), one.clone()).unwrap();
        }
        assert!(set(&mut list, "one more", "3333").is_err());
        set(&mut list, "7", "3333").unwrap();
        let line = |n: usize| format!("{} {n}\n", one.as_str());
        let many: String = (0..200).map(line).collect();
        let why = PinList::parse(&many).unwrap_err();
        assert!(why.contains("line 21") && why.contains("20"), "{why}");
    }

    #[test]
    fn a_file_with_a_wrong_line_is_refused_and_the_line_named() {
        let good = hash("1111");
        let good = good.as_str();
        for (line, text) in [
            (1, String::new()),
            (1, "\n\n".into()),
            (1, "4711".into()),
            (2, "\n4711".into()),
            (2, format!("{good}\n4711 王\n")),
            (3, format!("{good}\n\n4711\n")),
            (1, format!("{good} a\u{1b}[31m\n")),
            (2, format!("{good} 王\n{good} 王\n")),
            (2, format!("{good}\n{good}\n")),
            (1, format!("{good} 一二三四五六七八九十一\n")),
        ] {
            let why = PinList::parse(&text).unwrap_err();
            assert!(why.starts_with(&format!("line {line}: ")), "{why}");
            assert!(
                !why.contains('\u{1b}') && !why.contains("argon2id$"),
                "{why}"
            );
        }
    }
}
