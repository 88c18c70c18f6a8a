//! `yingxin setup`: makes a desk from answers. It writes the files that a person would write, checks them as every command
//! does, puts them in place together, and ends with the doctor.

pub mod answers;
mod bounded;
mod form;
mod pack;
pub mod room;
mod settings;
mod sign_in;
pub mod staging;

use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

use answers::Answers;
pub use bounded::bounded;
pub use pack::{NAME as PACK, image_beside};
pub use settings::{Settings, secret_name};
use staging::{CONFIG, DeskFile};

use super::{copying, say, tell};
use crate::campus::http::{Http, HttpOptions};
use crate::campus::pack::Checked;
use crate::campus::tls::Trust;
use crate::cli::{DoctorArgs, SetupArgs};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Config, Flags, environment};
use crate::escape;
use crate::visit::DeskNumber;

/// The volunteers' PINs in a desk's folder.
pub const PIN: &str = "pin";

/// Makes a desk, or prints a file of answers to fill in.
///
/// # Errors
/// An answer is wrong: its file, line and key are named, and nothing was changed. Or a file cannot be written.
pub fn run(flags: &Flags, options: &SetupArgs) -> CliResult<ExitCode> {
    if options.template {
        say(&answers::template())?;
        return Ok(ExitCode::SUCCESS);
    }
    if options.lock {
        return Err(CliError::new(
            Exit::Usage,
            pick(
                "only root locks a machine, and only one with the package yingxin-kiosk",
                "只有 root 能锁定本机，而且要装有 yingxin-kiosk 包",
            ),
            pick(
                "run: sudo apt install ./yingxin*.deb, then sudo yingxin setup --lock without --config and --store",
                "请运行 sudo apt install ./yingxin*.deb，再运行 sudo yingxin setup --lock，不带 --config 和 --store",
            ),
        ));
    }
    let place = staging::place(flags.config.as_deref(), &environment)?;
    if let Some(file) = &options.from {
        return copy(flags, file, options, &place);
    }
    let Some(path) = &options.answers else {
        if !form::is_possible() {
            return Err(CliError::new(
                Exit::Usage,
                pick(
                    "there is no terminal here for the form",
                    "这里没有终端，显示不了表单",
                ),
                pick(
                    "run: yingxin setup --template > answers.toml, fill it in, then: yingxin setup --answers answers.toml",
                    "请运行 yingxin setup --template > answers.toml，填好之后运行 yingxin setup --answers answers.toml",
                ),
            ));
        }
        return if form::run(flags, options, &place)? {
            doctor(flags, &place)
        } else {
            say(pick(
                "nothing was made; what was typed is kept: run `yingxin setup` again\n",
                "什么也没有建立；已填的内容留着：再运行一次 `yingxin setup` 即可\n",
            ))?;
            Ok(ExitCode::SUCCESS)
        };
    };
    let answers = answers::read(path)?;
    make(flags, &answers, options.desk, &place, options.replace)?;
    doctor(flags, &place)
}

/// Makes a desk of an export: it asks for the passphrase and the desk's number, and nothing else.
fn copy(flags: &Flags, file: &Path, options: &SetupArgs, place: &Path) -> CliResult<ExitCode> {
    let number = match options.desk {
        Some(number) => number,
        None => ask_number()?,
    };
    let passphrase = copying::ask_passphrase(options.passphrase_file.as_deref(), false)?;
    let target = copying::Target {
        place,
        number: Some(number),
        updates: false,
        replaces: options.replace,
    };
    copying::import(flags, file, &passphrase, target)?;
    doctor(flags, place)
}

/// Asks for the desk's number on a terminal.
fn ask_number() -> CliResult<DeskNumber> {
    let missing = |what: &str| {
        let remedy = pick(
            "give --desk N, 1 to 999 and another one for each desk",
            "请给出 --desk N，1 到 999，每台各不相同",
        );
        CliError::new(Exit::Usage, what.to_owned(), remedy)
    };
    if !io::stdin().is_terminal() {
        return Err(missing(pick(
            "the number of this desk is not given",
            "没有给出本台的编号",
        )));
    }
    tell(pick(
        "The number of this desk, 1 to 999: ",
        "本台的编号（1 到 999）：",
    ));
    let mut line = String::new();
    io::stdin()
        .lock()
        .take(16)
        .read_line(&mut line)
        .map_err(|e| CliError::io(pick("cannot read the number", "读不了编号"), &e))?;
    let number = line.trim().parse().ok();
    let number = number.and_then(|number| DeskNumber::new(number).ok());
    number.ok_or_else(|| missing(pick("this is no number of a desk", "这不是台号")))
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
    room::in_memory(room::DESK_MEMORY)?;
    staging::finish(folder)?;
    let files = files(flags, answers, number, folder)?;
    if !replaces {
        refuse_other(place, &files)?;
    }
    staging::install(folder, &files, |stage| check(flags, stage))?;
    make_store(flags, place)?;
    let names = files.iter().map(|file| file.name.as_str());
    say(&both!(
        "wrote {} into {}\n",
        "已写好 {}，在 {} 里\n",
        names.collect::<Vec<_>>().join(", "),
        escape::path(folder)
    ))
}

/// The configuration in this place.
///
/// # Errors
/// As every command's.
pub fn load_at(flags: &Flags, place: &Path) -> CliResult<Config> {
    let flags = Flags {
        config: Some(place.to_owned()),
        ..flags.clone()
    };
    config::load(&flags, &environment)
}

/// Makes the folder of the store, which the desk's first start fills.
///
/// # Errors
/// It cannot be made, or is somebody else's.
pub fn make_store(flags: &Flags, place: &Path) -> CliResult<()> {
    let config = load_at(flags, place)?;
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
    let mut settings = Settings::new(answers.settings.clone(), Some(answers.file.clone()));
    settings.number(number)?;
    if let Some(store) = &flags.store {
        let store = std::path::absolute(store).unwrap_or_else(|_| store.clone());
        settings.set("store.dir", store.display().to_string());
    }
    let http = || client(&settings);
    let mut files = pack::make(answers, &http)?;
    if let Some(sign_in) = &answers.sign_in {
        let found = sign_in::find(sign_in, &settings, &http()?)?;
        tell(&format!("{}\n", found.told));
        for (key, value) in found.values {
            settings.set(key, value);
        }
    }
    // With the answers' own lines and files: a section that is half filled in, a secret that cannot be read.
    config::of_settings(&answers.file, settings.values.clone(), &environment)?
        .connections(&environment)?;
    files.extend(settings.take_over(folder, answers.pins.as_ref())?);
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
    for place in [stage, &config.store_dir] {
        room::on_disk(place)?;
    }
    room::for_this_program(&config)?;
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
                    pick(
                        "the pack cannot be used, and nothing was changed",
                        "数据包不能用，什么也没有改动",
                    ),
                    pick(
                        "mend what is named above, then run it again",
                        "请改好上面指出的，再运行一次",
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// A desk that was set up otherwise is not overwritten by chance.
///
/// # Errors
/// Other settings are there.
pub fn refuse_other(place: &Path, files: &[DeskFile]) -> CliResult<()> {
    let there = match place.symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) | Ok(_) => bounded(place, crate::table::FILE_CAP as u64)?,
    };
    let mut made = files.iter().filter(|file| file.name == CONFIG);
    if made.any(|file| *file.bytes == there) {
        return Ok(());
    }
    Err(CliError::new(
        Exit::CannotCreate,
        both!(
            "{} is there already, with other settings",
            "{} 已经在了，设置不同",
            place.display()
        ),
        pick(
            "give --replace to put the new ones in its place, or --config FOLDER/yingxin.toml for another desk",
            "要换成新的请加 --replace；另建一台请用 --config 文件夹/yingxin.toml",
        ),
    ))
}

/// A client for what is asked while a desk is set up, with the campus's own certificates where the answers name them.
fn client(settings: &Settings) -> CliResult<Http> {
    let trust = match settings.get(settings::CA_FILE) {
        None => Trust::System,
        Some(value) => config::trust_in(Path::new(value.text.as_deref().unwrap_or_default()))?
            .map_err(|invalid| settings.at(value).fault(invalid.what, invalid.remedy))?,
    };
    let options = HttpOptions {
        trust,
        ..HttpOptions::default()
    };
    Http::new(&options).map_err(|error| {
        CliError::new(
            Exit::Failure,
            error.to_string(),
            pick("then run it again", "然后再运行一次"),
        )
    })
}
