//! The settings of a desk that is made or copied, and the files that they name: secrets, certificates, the PINs.

use std::path::{Path, PathBuf};

use super::PIN;
use super::answers::At;
use super::bounded::bounded;
use super::staging::DeskFile;
use crate::campus::setting::{Setting, SettingKind};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang;
use crate::cli_lang::pick;
use crate::config::{self, Origin, Value};
use crate::desk::lock::PinList;
use crate::desk::lock::pin::PinHash;
use crate::table::Fault;
use crate::visit::{DeskNumber, Secret};

/// The certificates of the campus in a desk's folder.
const CERTIFICATES: &str = "campus-ca.pem";
/// The largest file of certificates, in bytes.
const MOST_CERTIFICATES: u64 = 1024 * 1024;
/// The setting that names them.
pub(super) const CA_FILE: &str = "tls.ca_file";
/// The setting that names the PINs.
const PIN_FILE: &str = "desk.pin_file";

/// A secret's name in a desk's folder.
pub fn secret_name(setting: &Setting) -> String {
    format!("{}.secret", setting.credential())
}

/// The settings of the desk that is made.
pub struct Settings {
    pub(super) values: Vec<Value>,
    /// The file that they come from, for faults.
    file: PathBuf,
}

impl Settings {
    /// The settings of a file.
    pub fn new(values: Vec<Value>, file: Option<PathBuf>) -> Self {
        Settings {
            values,
            file: file.unwrap_or_default(),
        }
    }

    /// The value of a setting.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.setting.key == key)
    }

    /// Sets a value, which comes from no file.
    pub fn set(&mut self, key: &str, text: String) {
        self.clear(key);
        let found = config::settings().find(|setting| setting.key == key);
        self.values.extend(found.map(|setting| Value {
            setting,
            text: Some(text),
            origin: Origin::Flag("setup"),
        }));
    }

    /// Keeps a value of another configuration.
    pub fn keep(&mut self, value: Value) {
        self.clear(value.setting.key);
        self.values.push(value);
    }

    /// Leaves a setting out.
    pub fn clear(&mut self, key: &str) {
        self.values.retain(|value| value.setting.key != key);
    }

    /// Where a value stands.
    pub fn at(&self, value: &Value) -> At {
        At {
            file: self.file.display().to_string(),
            line: match value.origin {
                Origin::File(line) => Some(line),
                _ => None,
            },
            key: value.setting.key.to_owned(),
        }
    }

    /// Sets the desk's number; without one the answers must have it.
    pub(super) fn number(&mut self, number: Option<DeskNumber>) -> CliResult<()> {
        match number {
            Some(number) => self.set("desk.number", number.to_string()),
            None if self.get("desk.number").is_none() => {
                return Err(Fault {
                    file: self.file.display().to_string(),
                    line: None,
                    key: "desk.number".into(),
                    what: pick("is missing: which of the desks is this?", "没有写：这是哪一台？").into(),
                    remedy: pick("give --desk N, 1 to 999 and another one for each desk; or write it under [desk]", "请给出 --desk N，1 到 999，每台各不相同；或写在 [desk] 里").into(),
                }
                .into());
            }
            None => {}
        }
        Ok(())
    }

    /// The settings that name a file of the desk's folder beside the pack, and its name there.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let is_file = |value: &&Value| {
            value.setting.is_secret() || [CA_FILE, PIN_FILE].contains(&value.setting.key)
        };
        let named = self.values.iter().filter(is_file);
        named
            .filter_map(|value| Some((value.setting.key, value.text.clone()?)))
            .collect()
    }

    /// Copies of what the settings name, with the names that they get in the desk's folder.
    pub(super) fn take_over(
        &mut self,
        folder: &Path,
        pins: Option<&PinList>,
    ) -> CliResult<Vec<DeskFile>> {
        let typed = pins.map(|pins| DeskFile::new(PIN, pins.to_text()));
        let mut files = vec![match typed {
            Some(typed) => typed,
            None => self.pin(folder)?,
        }];
        self.set(PIN_FILE, PIN.into());
        files.extend(self.certificates()?);
        for place in 0..self.values.len() {
            let Some(value) = self.values.get(place).cloned() else {
                continue;
            };
            if !value.setting.is_secret() {
                continue;
            }
            let text = value.text.clone().unwrap_or_default();
            let secret = config::read_private(Path::new(&text))
                .map_err(|error| self.at(&value).fault(error.what, error.remedy))?;
            let name = secret_name(value.setting);
            files.push(DeskFile::new(
                name.clone(),
                format!("{}\n", secret.expose()),
            ));
            if let Some(value) = self.values.get_mut(place) {
                value.text = Some(name);
            }
        }
        Ok(files)
    }

    /// Whether every secret that is named can be read.
    ///
    /// # Errors
    /// The first that cannot.
    pub fn check_secrets(&self) -> CliResult<()> {
        for value in self.values.iter().filter(|value| value.setting.is_secret()) {
            let path = value.text.as_deref().unwrap_or_default();
            config::read_private(Path::new(path))
                .map_err(|error| self.at(value).fault(error.what, error.remedy))?;
        }
        Ok(())
    }

    /// A copy of the campus's certificates, where the settings name any.
    ///
    /// # Errors
    /// As [`bounded`].
    pub fn certificates(&mut self) -> CliResult<Option<DeskFile>> {
        let Some(text) = self.get(CA_FILE).and_then(|value| value.text.clone()) else {
            return Ok(None);
        };
        let bytes = bounded(Path::new(&text), MOST_CERTIFICATES)?;
        self.set(CA_FILE, CERTIFICATES.into());
        Ok(Some(DeskFile::new(CERTIFICATES, bytes)))
    }

    /// The PINs: what `yingxin pin` wrote, or the PIN itself, which is hashed; else those that the desk has.
    fn pin(&self, folder: &Path) -> CliResult<DeskFile> {
        let Some(value) = self.get(PIN_FILE) else {
            let there = crate::commands::prepare::read_pins(&folder.join(PIN))?;
            let there = there.map(|pins| DeskFile::new(PIN, pins.to_text()));
            return there.ok_or_else(|| {
                Fault {
                    file: self.file.display().to_string(),
                    line: None,
                    key: PIN_FILE.into(),
                    what: pick("is missing, and no PIN is set", "没有写，也还没有设 PIN").into(),
                    remedy: pick(
                        "write the PIN into a file (chmod 600), and name that under [desk]",
                        "请把 PIN 写进一个文件（chmod 600），并在 [desk] 里指定它",
                    )
                    .into(),
                }
                .into()
            });
        };
        let at = self.at(value);
        let path = value.text.as_deref().unwrap_or_default();
        let refused = |error: CliError| at.fault(error.what, error.remedy);
        let text = config::read_private_lines(Path::new(path)).map_err(refused)?;
        if let Ok(pins) = PinList::parse(text.expose()) {
            return Ok(DeskFile::new(PIN, pins.to_text()));
        }
        let typed = Secret::new(text.expose().trim().to_owned());
        let hash = PinHash::new(&typed).map_err(|what| {
            at.fault(
                what,
                pick(
                    "write one PIN into that file, in one line",
                    "请在那个文件里写一个 PIN，只写一行",
                ),
            )
        })?;
        Ok(DeskFile::new(PIN, PinList::first(None, hash).to_text()))
    }

    /// The configuration as a commented file.
    pub fn text(&self) -> String {
        let text = |setting: &Setting| {
            let value = self.get(setting.key)?;
            let text = value.text.clone()?;
            Some(match setting.kind {
                // What is not taken over stays where it is.
                SettingKind::Path if text.contains('/') => {
                    let path = std::path::absolute(&text);
                    path.map_or(text, |path| path.display().to_string())
                }
                _ => text,
            })
        };
        config::filled(cli_lang::lang(), &text)
    }
}
