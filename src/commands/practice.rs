//! `yingxin practice`: a desk with the simulated campus in the same process, on a second thread. It uses a separate store
//! and connects to nothing real, whatever the configuration says.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::oneshot;

use super::campus::start_error;
use super::prepare::{CAMPUS, is_practice_store, open_store, pack as configured_pack, read_pins};
use super::{not_made, runtime, say};
use crate::campus::connections::Connections;
use crate::campus::directory::WeComOptions;
use crate::campus::identity::{CasRest, OidcGrants, OidcOptions, OidcSection};
use crate::campus::pack;
use crate::campus::printer::PrinterOptions;
use crate::campus::sms::tencent::TencentOptions;
use crate::campus::tls::Trust;
use crate::cli::PracticeArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{self, Flags, default_store, environment};
use crate::desk::doctor::{CheckSettings, House, TestAccount};
use crate::desk::lock::{PinHash, PinList};
use crate::desk::locked::LockedDesk;
use crate::desk::setup::PracticeLink;
use crate::desk::{self, Setup, terminal};
use crate::ours;
use crate::practice::{self, CampusOptions, Credentials, PracticeCampus};
use crate::screen::theme::Terminal;
use crate::store::{Enrolled, Location, RealDisk, Store};
use crate::visit::{DeskNumber, Mobile, Name, Secret, Student, StudentNumber};

/// Runs a practice desk until a volunteer or a signal ends it. A configuration given by `--config` sets only the desk's
/// appearance and its pack; `--pack` comes before its pack.
///
/// # Errors
/// Something is missing or wrong before the first frame, or the desk fails.
pub fn run(flags: &Flags, given: &PracticeArgs) -> CliResult<()> {
    terminal::check(&environment)?;
    let options = desk_options(flags, given.pack.as_deref())?;
    let pack = pack::for_practice(options.pack)?;
    let dir = store_dir(flags)?;
    refuse_real(&dir)?;
    ours::make_folder(&dir).map_err(|e| not_made(&dir, &e))?;
    let campus = CampusThread::start(given.listen, dir.join(CAMPUS))?;
    let (pins, plain) = pins(&dir.join("pin"))?;
    say(&match &plain {
        Some(plain) => format!("practice PIN / 练习用的 PIN: {plain}\n"),
        None => "practice PIN / 练习用的 PIN: as set with `yingxin pin`\n".to_owned(),
    })?;
    open_store(&dir)?;
    let store = Location::new(dir);
    fill_roster(&store)?;
    let ran = desk::run(Setup {
        terminal: Terminal::from_vars(environment),
        pack: pack::BegunPack::Whole(Box::new(pack)),
        number: options.number,
        lang: options.lang,
        theme: options.theme,
        themes_dir: options.themes_dir,
        store,
        key_file: None,
        idle: options.idle,
        pins,
        has_scanner: options.has_scanner,
        connections: Connections {
            printer: options.printer,
            ..connections(&campus.url, given.oidc)
        },
        orders: orders(),
        locked: LockedDesk::around(&environment),
        practice: Some(PracticeLink {
            url: campus.url.clone(),
            pin: plain,
            drill: given.drill,
        }),
    });
    campus.stop();
    ran.map(drop)
}

/// Refuses a real desk's store: practice would send its outbox entries to the simulated campus.
fn refuse_real(dir: &Path) -> CliResult<()> {
    if is_practice_store(dir) || !dir.join("journal").exists() {
        return Ok(());
    }
    Err(CliError::new(
        Exit::Configuration,
        both!(
            "{} is a real desk's store",
            "{} 是正式迎新台的存储",
            dir.display()
        ),
        both!(
            "practise with a store of its own: leave --store out, or give another folder",
            "请用练习自己的存储：不写 --store，或给出别的文件夹"
        ),
    ))
}

/// The settings of a practice desk.
struct DeskOptions {
    pack: pack::Pack,
    number: DeskNumber,
    lang: crate::text::Lang,
    theme: Option<String>,
    themes_dir: Option<PathBuf>,
    idle: Duration,
    has_scanner: bool,
    printer: Option<PrinterOptions>,
}

fn desk_options(flags: &Flags, practised: Option<&Path>) -> CliResult<DeskOptions> {
    let practised = practised.map(pack::load).transpose()?;
    if flags.config.is_none() {
        return Ok(DeskOptions {
            pack: match practised {
                Some(pack) => pack,
                None => pack::embedded()?,
            },
            number: DeskNumber::default(),
            lang: flags.lang.unwrap_or_default(),
            theme: flags.theme.clone().filter(|name| name != "auto"),
            themes_dir: None,
            idle: Duration::from_secs(90),
            has_scanner: false,
            printer: None,
        });
    }
    let config = config::load(flags, &environment)?;
    let printer = config.printer(&environment)?;
    Ok(DeskOptions {
        pack: match practised {
            Some(pack) => pack,
            None => configured_pack(&config)?,
        },
        number: config.number,
        lang: config.lang,
        theme: config.theme,
        themes_dir: config.themes_dir,
        idle: config.idle,
        has_scanner: config.has_scanner,
        printer,
    })
}

/// Imports the students of the simulated campus as the roster, so that volunteers can practise to vouch; a roster that a
/// trainer imported stays.
fn fill_roster(store: &Location) -> CliResult<()> {
    let roster = Store::make_roster(store, &TimeZone::system())?;
    if roster.is_there() {
        return Ok(());
    }
    let enrolled = practice::students().map(|(number, name)| Enrolled {
        student: Student {
            number: StudentNumber::from_campus(number),
            name: Name::new(name),
        },
        mobile: None,
    });
    roster.replace(&RealDisk, &enrolled.collect::<Vec<_>>())?;
    Ok(())
}

fn store_dir(flags: &Flags) -> CliResult<PathBuf> {
    flags
        .store
        .clone()
        .or_else(|| default_store(&environment, true))
        .ok_or_else(|| {
            CliError::new(
                Exit::Configuration,
                both!(
                    "there is no folder for the practice store: $HOME is not set",
                    "没有放练习存储的文件夹：$HOME 没有设"
                ),
                both!("give --store DIR", "请给出 --store 文件夹"),
            )
        })
}

/// The PINs that were set for this store, or a random one with its plain text, which the screen shows.
fn pins(path: &Path) -> CliResult<(PinList, Option<String>)> {
    let failed = |what: String| {
        CliError::new(
            Exit::BadData,
            both!("no practice PIN: {what}", "没有练习的 PIN：{what}"),
            both!("delete {}", "请删除 {}", path.display()),
        )
    };
    if let Some(pins) = read_pins(path)? {
        return Ok((pins, None));
    }
    let random = getrandom::u32().map_err(|e| failed(e.to_string()))?;
    let plain = format!("{:04}", random % 10_000);
    let hash = PinHash::for_practice(&Secret::new(plain.clone())).map_err(failed)?;
    Ok((hash.into(), Some(plain)))
}

/// The options of the checks: a test account of the simulated campus, and the number of the simulated phone.
fn orders() -> CheckSettings {
    let account = TestAccount {
        student: StudentNumber::from_campus("20260001"),
        password: Secret::new("practice-0001".into()),
    };
    CheckSettings {
        account: Some(Arc::new(account)),
        mobile: Mobile::parse("13800138000").ok(),
        files: Vec::new(),
        house: House::Practice,
    }
}

/// The simulated campus through the same adapters as a real one; with `oidc` the device grant is offered first.
fn connections(url: &str, oidc: bool) -> Connections {
    let known = Credentials::practice();
    let mut connections = Connections {
        trust: Trust::LoopbackOnly,
        ..Connections::default()
    };
    let cas = CasRest::at(format!("{url}/cas"), known.cas_service);
    connections.identity.push(cas);
    if oidc {
        let options = OidcOptions {
            issuer: format!("{url}/oidc"),
            client_id: known.oidc_client,
            client_secret: Some(Secret::new(known.oidc_secret)),
            scopes: "openid profile".into(),
            claim: "preferred_username".into(),
            ..OidcOptions::default()
        };
        let grants = OidcGrants::Device;
        let section = OidcSection { options, grants };
        connections.identity.push(Box::new(section));
    }
    connections.directory = Some(Box::new(WeComOptions {
        url: url.to_owned(),
        corp_id: known.corp_id,
        contacts_secret: Some(Secret::new(known.contacts_secret)),
        app_secret: Some(Secret::new(known.app_secret)),
        department: Some(known.department),
    }));
    connections.sms.push(Box::new(TencentOptions {
        endpoint: url.to_owned(),
        region: known.sms_region,
        secret_id: Secret::new(known.sms_secret_id),
        secret_key: Secret::new(known.sms_secret_key),
        app_id: known.sms_app_id,
        sign: known.sms_sign,
        template: known.sms_template,
    }));
    connections
}

/// The simulated campus on its own thread, so that the desk's loop is the same as with a real one.
struct CampusThread {
    url: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl CampusThread {
    /// Starts the campus; it answers requests when this returns.
    fn start(listen: SocketAddr, state_dir: PathBuf) -> CliResult<Self> {
        let runtime = runtime()?;
        let (stop, stopped) = oneshot::channel();
        let (started, answer) = mpsc::sync_channel(1);
        let serve = async move {
            let options = CampusOptions { listen, state_dir };
            match PracticeCampus::start(options).await {
                Err(error) => {
                    let _ = started.send(Err(error));
                }
                Ok(campus) => {
                    let _ = started.send(Ok(campus.base_url()));
                    // A dropped sender also means stop.
                    let _ = stopped.await;
                    campus.stop().await;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("practice-campus".into())
            .spawn(move || runtime.block_on(serve))
            .map_err(|e| {
                CliError::io(
                    both!("cannot start the practice campus", "模拟校园启动不了"),
                    &e,
                )
            })?;
        match answer.recv() {
            Ok(Ok(url)) => Ok(CampusThread { url, stop, thread }),
            Ok(Err(error)) => Err(start_error(&error)),
            Err(_) => Err(CliError::new(
                Exit::Failure,
                both!("the practice campus did not start", "模拟校园没有启动"),
                both!("start it again", "请重新启动"),
            )),
        }
    }

    /// Finishes the responses in flight and releases the campus's state.
    fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}
