//! `yingxin setup`: makes a desk from answers. It writes the files that a person would write, checks them as every command
//! does, puts them in place together, and ends with the doctor.

pub mod answers;
mod pack;
mod sign_in;
pub mod staging;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use answers::{Answers, At};
use staging::{CONFIG, DeskFile};

use super::{say, tell};
use crate::campus::http::{Http, HttpOptions};
use crate::campus::pack::Checked;
use crate::campus::setting::SettingKind;
use crate::campus::tls::Trust;
use crate::cli::{DoctorArgs, SetupArgs};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Config, Flags, Origin, Value, environment};
use crate::desk::lock::PinList;
use crate::desk::lock::pin::PinHash;
use crate::escape;
use crate::table::Fault;
use crate::visit::{DeskNumber, Secret};

/// The volunteers' PINs in a desk's folder.
pub const PIN: &str = "pin";
/// The certificates of the campus in a desk's folder.
const CERTIFICATES: &str = "campus-ca.pem";
/// The largest file of certificates, in bytes.
const MOST_CERTIFICATES: u64 = 1024 * 1024;

/// Makes a desk, or prints a file of answers to fill in.
///
/// # Errors
/// An answer is wrong: its file, line and key are named, and nothing was changed. Or a file cannot be written.
pub fn run(flags: &Flags, options: &SetupArgs) -> CliResult<ExitCode> {
    if options.template {
        say(&answers::template())?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(path) = &options.answers else {
        return Err(CliError::new(
            Exit::Usage,
            "a desk is set up from answers",
            "run: yingxin setup --template > answers.toml, fill it in, then: yingxin setup --answers answers.toml",
        ));
    };
    let answers = answers::read(path)?;
    let place = staging::place(flags.config.as_deref(), &environment)?;
    make(flags, &answers, options.desk, &place, options.replace)?;
    doctor(flags, &place)
}

/// The checks before the doors open, of the desk whose configuration this is.
fn doctor(flags: &Flags, place: &Path) -> CliResult<ExitCode> {
    let flags = Flags {
        config: Some(place.to_owned()),
        ..flags.clone()
    };
    super::doctor::run(&flags, &DoctorArgs::default())
}

/// Makes the desk whose configuration has this place, from answers.
fn make(
    flags: &Flags,
    answers: &Answers,
    number: Option<DeskNumber>,
    place: &Path,
    replaces: bool,
) -> CliResult<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    staging::finish(folder)?;
    let files = files(flags, answers, number, folder)?;
    if !replaces {
        refuse_other(place, &files)?;
    }
    staging::install(folder, &files, |stage| check(flags, stage))?;
    make_store(flags, place)?;
    let names = files.iter().map(|file| file.name.as_str());
    say(&format!(
        "wrote {} into {}\n",
        names.collect::<Vec<_>>().join(", "),
        escape::path(folder)
    ))
}

/// Makes the folder of the store, which the desk's first start fills.
fn make_store(flags: &Flags, place: &Path) -> CliResult<()> {
    let flags = Flags {
        config: Some(place.to_owned()),
        ..flags.clone()
    };
    let config = config::load(&flags, &environment)?;
    let dir = &config.store_dir;
    crate::ours::make_folder(dir).map_err(|e| super::not_made(dir, &e))
}

/// Every file of the desk that the answers describe. Each answer is checked here.
fn files(
    flags: &Flags,
    answers: &Answers,
    number: Option<DeskNumber>,
    folder: &Path,
) -> CliResult<Vec<DeskFile>> {
    let mut settings = Settings::of(answers);
    settings.number(number)?;
    if let Some(store) = &flags.store {
        let store = std::path::absolute(store).unwrap_or_else(|_| store.clone());
        settings.set("store.dir", store.display().to_string());
    }
    let http = || client(&settings);
    let mut files = pack::make(answers, &http)?;
    if let Some(sign_in) = &answers.sign_in {
        let found = sign_in::find(sign_in, &settings, &http()?)?;
        for (key, value) in found {
            settings.set(key, value);
        }
    }
    // With the answers' own lines and files: a section that is half filled in, a secret that cannot be read.
    config::of_settings(&answers.file, settings.0.clone(), &environment)?
        .connections(&environment)?;
    files.extend(settings.take_over(folder)?);
    if files.iter().any(|file| file.name == pack::NAME) {
        settings.set("pack", pack::NAME.into());
    } else {
        settings.clear("pack");
    }
    files.push(DeskFile::new(CONFIG, settings.text()));
    Ok(files)
}

/// Checks a desk's files where they were made ready.
///
/// # Errors
/// What is wrong with them.
pub fn check(flags: &Flags, stage: &Path) -> CliResult<()> {
    let flags = Flags {
        config: Some(stage.join(CONFIG)),
        ..flags.clone()
    };
    let config: Config = config::load(&flags, &environment)?;
    config.connections(&environment)?;
    super::prepare::orders(&config)?;
    super::prepare::pins(&config)?;
    if let Some(path) = &config.pack {
        match crate::campus::pack::check(path)? {
            Checked::Good(pack) => super::pack::print_faults(&pack.troubles),
            Checked::Faulty(faults) => {
                super::pack::print_faults(&faults);
                return Err(CliError::new(
                    Exit::BadData,
                    "the pack cannot be used, and nothing was changed",
                    "mend what is named above, then run it again",
                ));
            }
        }
    }
    Ok(())
}

/// A desk that was set up otherwise is not overwritten by chance.
fn refuse_other(place: &Path, files: &[DeskFile]) -> CliResult<()> {
    let there = match std::fs::read(place) {
        Ok(there) => there,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(CliError::io(format!("cannot read {}", place.display()), &e)),
    };
    let mut made = files.iter().filter(|file| file.name == CONFIG);
    if made.any(|file| *file.bytes == there) {
        return Ok(());
    }
    Err(CliError::new(
        Exit::CannotCreate,
        format!("{} is there already, with other settings", place.display()),
        "give --replace to put the new ones in its place, or --config FOLDER/yingxin.toml for another desk",
    ))
}

/// A client for what is asked while a desk is set up, with the campus's own certificates where the answers name them.
fn client(settings: &Settings) -> CliResult<Http> {
    let trust = match settings.get("tls.ca_file") {
        None => Trust::System,
        Some(value) => config::trust_in(Path::new(value.text.as_deref().unwrap_or_default()))?
            .map_err(|invalid| settings.at(value).fault(invalid.what, invalid.remedy))?,
    };
    let options = HttpOptions {
        trust,
        ..HttpOptions::default()
    };
    Http::new(&options)
        .map_err(|error| CliError::new(Exit::Failure, error.to_string(), "then run it again"))
}

/// The settings of the desk that is made, and the file that they come from.
struct Settings(Vec<Value>, PathBuf);

impl Settings {
    fn of(answers: &Answers) -> Self {
        Settings(answers.settings.clone(), answers.file.clone())
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|value| value.setting.key == key)
    }

    fn set(&mut self, key: &str, text: String) {
        self.clear(key);
        let found = config::settings().find(|setting| setting.key == key);
        self.0.extend(found.map(|setting| Value {
            setting,
            text: Some(text),
            origin: Origin::Flag("setup"),
        }));
    }

    fn clear(&mut self, key: &str) {
        self.0.retain(|value| value.setting.key != key);
    }

    fn at(&self, value: &Value) -> At {
        At {
            file: self.1.display().to_string(),
            line: match value.origin {
                Origin::File(line) => Some(line),
                _ => None,
            },
            key: value.setting.key.to_owned(),
        }
    }

    fn number(&mut self, number: Option<DeskNumber>) -> CliResult<()> {
        match number {
            Some(number) => self.set("desk.number", number.to_string()),
            None if self.get("desk.number").is_none() => {
                return Err(Fault {
                    file: self.1.display().to_string(),
                    line: None,
                    key: "desk.number".into(),
                    what: "is missing: which of the desks is this?".into(),
                    remedy: "give --desk N, 1 to 999 and another one for each desk; or write it under [desk]".into(),
                }
                .into());
            }
            None => {}
        }
        Ok(())
    }

    /// Copies of what the settings name, with the names that they get in the desk's folder.
    fn take_over(&mut self, folder: &Path) -> CliResult<Vec<DeskFile>> {
        let mut files = Vec::new();
        let pin = self.pin(folder)?;
        self.set("desk.pin_file", PIN.into());
        files.push(pin);
        for place in 0..self.0.len() {
            let Some(value) = self.0.get(place).cloned() else {
                continue;
            };
            let text = value.text.clone().unwrap_or_default();
            let taken = match value.setting.kind {
                SettingKind::SecretFile => {
                    let secret = config::read_private(Path::new(&text))
                        .map_err(|error| self.at(&value).fault(error.what, error.remedy))?;
                    let name = format!("{}.secret", value.setting.credential());
                    Some(DeskFile::new(name, format!("{}\n", secret.expose())))
                }
                SettingKind::Path if value.setting.key == "tls.ca_file" => Some(DeskFile::new(
                    CERTIFICATES,
                    bounded(Path::new(&text), MOST_CERTIFICATES)?,
                )),
                _ => None,
            };
            if let (Some(file), Some(value)) = (taken, self.0.get_mut(place)) {
                value.text = Some(file.name.clone());
                files.push(file);
            }
        }
        Ok(files)
    }

    /// The PINs: what `yingxin pin` wrote, or the PIN itself, which is hashed; else those that the desk has.
    fn pin(&self, folder: &Path) -> CliResult<DeskFile> {
        let Some(value) = self.get("desk.pin_file") else {
            let there = super::prepare::read_pins(&folder.join(PIN))?;
            let there = there.map(|pins| DeskFile::new(PIN, pins.to_text()));
            return there.ok_or_else(|| {
                Fault {
                    file: self.1.display().to_string(),
                    line: None,
                    key: "desk.pin_file".into(),
                    what: "is missing, and no PIN is set".into(),
                    remedy: "write the PIN into a file (chmod 600), and name that under [desk]"
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
        let hash = PinHash::new(&typed)
            .map_err(|what| at.fault(what, "write one PIN into that file, in one line"))?;
        Ok(DeskFile::new(PIN, PinList::first(None, hash).to_text()))
    }

    /// The configuration as a commented file.
    fn text(&self) -> String {
        let text = |setting: &crate::campus::setting::Setting| {
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
        config::filled(&text)
    }
}

/// A whole file of at most so many bytes.
fn bounded(path: &Path, most: u64) -> CliResult<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let named = format!("cannot read {}", path.display());
    std::fs::File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|e| CliError::io(&named, &e))?;
    if bytes.len() as u64 > most {
        return Err(CliError::new(
            Exit::BadData,
            format!("{} is larger than {most} bytes", path.display()),
            "name the right file",
        ));
    }
    Ok(bytes)
}
