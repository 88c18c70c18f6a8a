//! SMS by the GSM modem on the desk, through gammu-smsd's "files" service: a message is a file in the daemon's outbox, and
//! the folder to which the daemon moves it is the result. It works without a network.
//!
//! Neither number nor text is on a command line. The text is on the disk until the daemon is done: the adapter removes the
//! file at once, and files that an earlier run left behind. The folders belong on a tmpfs.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::hex;
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{Connector, InvalidSetting, Setting, SettingKind, SettingValues};
use crate::campus::{Probed, Probing, Receipt, Sending, Sms, Unsent};
use crate::cli_error::CliResult;
use crate::cli_lang::{both, pick};
use crate::text::{Lang, Text};
use crate::visit::{Code, Failure, Mobile, SmsRefusal};

/// This carrier's name in the configuration.
pub const NAME: &str = "gammu";
/// Where the code stands in the configured text.
const PLACEHOLDER: &str = "{code}";
/// The longest text of one message that is not ASCII alone, in characters.
const LONGEST_TEXT: usize = 70;

/// How long the modem may take for one message. The daemon's own `commtimeout`, after which it looks into an empty outbox
/// again, is 30 s unless its configuration says less.
const PATIENCE: Duration = Duration::from_secs(12);
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// A file of this desk that is older than this was left by a killed run.
const LEFT_BEHIND: Duration = Duration::from_secs(60);
/// In the name of each file of this desk, so that no other file is touched.
const MARK: &str = "_yingxin-";
/// The most files looked at in one folder.
const MOST_FILES: usize = 1000;

const OUTBOX: Setting = Setting {
    key: "sms.gammu.outbox",
    kind: SettingKind::Path,
    default: None,
    example: "/run/gammu/outbox",
    words: "The outboxpath of gammu-smsd, which drives the GSM modem at the desk. Codes pass through the three folders: put them on a tmpfs.",
};

const SENT: Setting = Setting {
    key: "sms.gammu.sent",
    kind: SettingKind::Path,
    default: None,
    example: "/run/gammu/sent",
    words: "The sentsmspath of gammu-smsd.",
};

const ERROR: Setting = Setting {
    key: "sms.gammu.error",
    kind: SettingKind::Path,
    default: None,
    example: "/run/gammu/error",
    words: "The errorsmspath of gammu-smsd.",
};

const TEXT: Setting = Setting {
    key: "sms.gammu.text",
    kind: SettingKind::Text,
    default: None,
    example: "某某大学迎新验证码 {code}，五分钟内有效。",
    words: "The text of the message, of 70 characters at most, with {code} where the code stands.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[OUTBOX, SENT, ERROR, TEXT];

/// The daemon's three folders, and the text of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gammu {
    /// `outboxpath` of gammu-smsd's configuration.
    pub outbox: PathBuf,
    /// `sentsmspath`.
    pub sent: PathBuf,
    /// `errorsmspath`.
    pub error: PathBuf,
    /// The message, with `{code}` where the code stands.
    pub text: String,
}

/// Where a message's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MessageFile {
    Waiting,
    Sent,
    Failed,
    /// The file was removed.
    Gone,
}

impl Gammu {
    /// Reads the section `[sms.gammu]`.
    ///
    /// # Errors
    /// Where a folder is missing, or the text is no message with one code in it.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        Ok(Gammu {
            outbox: values.need(&OUTBOX)?.into(),
            sent: values.need(&SENT)?.into(),
            error: values.need(&ERROR)?.into(),
            text: match values.text(&TEXT) {
                None => default_text(),
                Some(text) => match check_text(&text) {
                    Ok(()) => text,
                    Err(invalid) => return Err(values.fault(&TEXT, invalid)),
                },
            },
        })
    }

    async fn hand_over(
        &self,
        mobile: &Mobile,
        code: &Code,
        patience: Duration,
    ) -> Result<Receipt, Unsent> {
        let at = jiff::Timestamp::now();
        let text = utf16(&Zeroizing::new(
            self.text.replace(PLACEHOLDER, code.expose()),
        ));
        let name = name(mobile, at)?;
        let (here, file) = (self.clone(), name.clone());
        let put = blocking(move || here.put(&file, &text)).await;
        if let Err(error) = put {
            return Err(self.not_put(&error));
        }
        // The file is removed however this call ends, also when it is dropped: no code is left behind.
        let _taken_away = TakeAway(self.paths(&name));
        let until = tokio::time::Instant::now() + patience;
        while tokio::time::Instant::now() < until {
            tokio::time::sleep(LOOK_AGAIN).await;
            let (here, file) = (self.clone(), name.clone());
            match blocking(move || Ok(here.find(&file))).await {
                Ok(MessageFile::Waiting) | Err(_) => {}
                Ok(MessageFile::Sent) => {
                    return Ok(Receipt {
                        carrier: NAME,
                        id: String::new(),
                        mobile: mobile.clone(),
                        at,
                    });
                }
                Ok(MessageFile::Failed) => {
                    tracing::warn!("gammu: the modem did not send a message");
                    return Err(Failure::Rejected(SmsRefusal::Other).into());
                }
                Ok(MessageFile::Gone) => break,
            }
        }
        // It may be with the modem right now.
        tracing::warn!("gammu: no word of a message in time; is gammu-smsd running?");
        Err(Failure::Offline.into())
    }

    fn paths(&self, name: &str) -> [PathBuf; 3] {
        [&self.outbox, &self.sent, &self.error].map(|folder| folder.join(name))
    }

    /// Puts a whole file into the outbox: the daemon never sees half of one.
    fn put(&self, name: &str, text: &[u8]) -> io::Result<()> {
        self.sweep();
        let draft = self.outbox.join(format!(".{name}"));
        let written = File::options()
            .write(true)
            .create_new(true)
            // The daemon reads it by the folder's group.
            .mode(0o640)
            .open(&draft)
            .and_then(|mut file| file.write_all(text))
            .and_then(|()| std::fs::rename(&draft, self.outbox.join(name)));
        if written.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        written
    }

    fn find(&self, name: &str) -> MessageFile {
        let [outbox, sent, error] = self.paths(name);
        // In the order in which a file moves: one that moves while this looks is found behind.
        match (outbox.exists(), sent.exists(), error.exists()) {
            (_, true, _) => MessageFile::Sent,
            (_, _, true) => MessageFile::Failed,
            (true, ..) => MessageFile::Waiting,
            (false, ..) => MessageFile::Gone,
        }
    }

    /// Removes the files of a killed run: their codes have expired, and must be neither sent nor read.
    fn sweep(&self) {
        for folder in [&self.outbox, &self.sent, &self.error] {
            let Ok(files) = std::fs::read_dir(folder) else {
                continue;
            };
            for file in files.take(MOST_FILES).flatten() {
                let is_ours = file.file_name().to_string_lossy().contains(MARK);
                if is_ours && age(&file).is_some_and(|age| age > LEFT_BEHIND) {
                    tracing::warn!("gammu: a message that was left behind is taken away");
                    let _ = std::fs::remove_file(file.path());
                }
            }
        }
    }

    fn not_put(&self, error: &io::Error) -> Unsent {
        let kind = error.kind();
        let outbox = self.outbox.display();
        Failure::Misconfigured(format!("GSM modem: cannot write into {outbox} ({kind})")).into()
    }
}

impl Gammu {
    /// Checks that the folders can be used, and that the daemon empties the outbox.
    fn examine(&self) -> Result<(), Failure<()>> {
        let wrong = |folder: &Path, why: io::ErrorKind| {
            let folder = folder.display();
            Failure::Misconfigured(format!("GSM modem: {folder} cannot be used ({why})"))
        };
        for folder in [&self.outbox, &self.sent, &self.error] {
            let draft = folder.join(".yingxin-doctor");
            // The folder is the daemon's: what stands there already is not written into.
            let _ = std::fs::remove_file(&draft);
            File::create_new(&draft)
                .and_then(|_| std::fs::remove_file(&draft))
                .map_err(|e| wrong(folder, e.kind()))?;
        }
        let files = std::fs::read_dir(&self.outbox).map_err(|e| wrong(&self.outbox, e.kind()))?;
        let waits_long = |file: &std::fs::DirEntry| {
            let is_message = file.file_name().to_string_lossy().starts_with("OUT");
            is_message && age(file).is_some_and(|age| age > LEFT_BEHIND)
        };
        if files
            .take(MOST_FILES)
            .flatten()
            .any(|file| waits_long(&file))
        {
            Err(Failure::Misconfigured(
                "GSM modem: messages wait in the outbox; is gammu-smsd running?".into(),
            ))
        } else {
            Ok(())
        }
    }
}

impl Connector<Box<dyn Sms>> for Gammu {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, _: &Http) -> Result<Box<dyn Sms>, EndpointError> {
        Ok(self)
    }
}

impl Sms for Gammu {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        Box::pin(self.hand_over(mobile, code, PATIENCE))
    }

    fn probe(&self) -> Probing<'_> {
        let here = self.clone();
        Box::pin(async move {
            let looked = tokio::task::spawn_blocking(move || here.examine()).await;
            vec![Probed {
                gateway: "sms.gammu",
                said: looked.unwrap_or(Err(Failure::Offline)),
                ahead: None,
                fault: None,
            }]
        })
    }
}

/// The message's text without a configured one.
fn default_text() -> String {
    Text::new(Lang::Zh).with("sms-text", &[("code", PLACEHOLDER.into())])
}

/// Checks that a text fits one message and holds the code once. Six digits replace the placeholder's six characters.
fn check_text(text: &str) -> Result<(), InvalidSetting> {
    match text.matches(PLACEHOLDER).count() {
        1 if text.chars().count() <= LONGEST_TEXT => Ok(()),
        1 => Err(InvalidSetting::new(
            both!(
                "is longer than one message of {LONGEST_TEXT} characters",
                "超过一条短信的 {LONGEST_TEXT} 个字"
            ),
            pick("write less", "请写短一些"),
        )),
        times => Err(InvalidSetting::new(
            both!("names the code {times} times", "写了 {times} 次验证码"),
            both!(
                "write {PLACEHOLDER} once, where the code is to stand",
                "请在验证码的位置写一次 {PLACEHOLDER}"
            ),
        )),
    }
}

/// Removes the files when it is dropped.
struct TakeAway([PathBuf; 3]);

impl Drop for TakeAway {
    fn drop(&mut self) {
        for path in &self.0 {
            take_away(path);
        }
    }
}

fn age(file: &std::fs::DirEntry) -> Option<Duration> {
    let at = file.metadata().ok()?.modified().ok()?;
    SystemTime::now().duration_since(at).ok()
}

fn take_away(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(kind = %error.kind(), "gammu: a message cannot be taken away");
        }
        _ => {}
    }
}

/// `OUT<priority><date>_<time>_<serial>_<number>_<note>.txt` (gammu's manual, "Files backend"): A is its first.
fn name(mobile: &Mobile, at: jiff::Timestamp) -> Result<String, Unsent> {
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(|_| Unsent {
        why: Failure::Offline,
        is_certain: true,
    })?;
    let stamp = at.strftime("%Y%m%d_%H%M%S");
    let (number, note) = (mobile.as_str(), hex(&random));
    Ok(format!("OUTA{stamp}_00_+86{number}{MARK}{note}.txt"))
}

/// UTF-16 with its mark: what gammu reads a text file as, whatever the daemon's locale.
fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4 * LONGEST_TEXT + 2));
    bytes.extend_from_slice(&[0xff, 0xfe]);
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes
}

async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(act).await;
    done.unwrap_or_else(|_| Err(io::Error::other("the task fell")))
}

#[cfg(test)]
mod tests;
