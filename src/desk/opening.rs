//! From a setup to a running desk: what the first frame needs is made at once, the store and the campus after it, on a
//! thread of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::doctor::{CheckSettings, House};
use super::effects::Breakers;
use super::event::{LoopEvent, Ready};
use super::lock::{PanelLock, PinList, PinTries};
use super::locked::LOOK_PAUSE;
use super::setup::{Connections, Setup};
use super::socket;
use super::state::{Hand, IdleWatch, State};
use crate::campus::Campus;
use crate::campus::pack::{BegunPack, PackFront};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::clock::{Clock, SteadyClock};
use crate::screen::theme::{Terminal, Theme};
use crate::screen::ui::Ui;
use crate::screen::{DayState, HandoverState, Lookup};
use crate::store::{Disk, Location, RealDisk, Store};
use crate::visit::{DeskNumber, PickupTries};

/// The desk before its store and campus are there.
pub struct Opening {
    /// What of the pack is shown until the whole is read.
    pub front: PackFront,
    /// None once it runs.
    job: Option<OpeningJob>,
}

/// What is opened after the first frame.
struct OpeningJob {
    store: Location,
    number: DeskNumber,
    connections: Connections,
    disk: Arc<dyn Disk>,
    /// The pack, of which at least the front is read.
    pack: BegunPack,
    /// Another campus than the configured one.
    campus: Option<Campus>,
}

/// How the desk looks, and who may unlock it.
pub struct Appearance {
    pub ui: Ui,
    pub theme: String,
    pub themes_dir: Option<PathBuf>,
    pub pins: PinList,
    /// What the checks need to know of the terminal and the configuration.
    pub terminal: Terminal,
    pub orders: CheckSettings,
}

/// What the first frame needs.
pub fn begin(setup: Setup, clock: Arc<dyn Clock>) -> (State, Opening, Appearance) {
    let now = clock.now().mono;
    let (theme, fault) = Theme::load(
        setup.theme.as_deref().unwrap_or(""),
        setup.themes_dir.as_deref(),
    );
    if let Some(fault) = fault {
        tracing::warn!(%fault, "a theme cannot be used");
    }
    let look = Appearance {
        theme: theme.name().to_owned(),
        ui: Ui::new(theme, setup.lang),
        themes_dir: setup.themes_dir,
        pins: setup.pins,
        terminal: setup.terminal,
        orders: setup.orders,
    };
    let is_root = look.orders.house == House::RealAsRoot;
    if is_root {
        tracing::error!("this desk runs as root, and should not (yingxin doctor)");
    }
    let front = setup.pack.front().clone();
    let retention_days = front.retention_days;
    let pin_tries = PinTries::beside(&setup.store.dir);
    let wrong = pin_tries.read();
    let state = State {
        clock: Arc::new(SteadyClock::new(clock)),
        number: setup.number,
        lang: setup.lang,
        home_lang: setup.lang,
        hand: Hand::Starting,
        is_untidy: false,
        called: None,
        is_rebuilt: false,
        is_damaged: false,
        is_unproved: false,
        is_root,
        sweep_from: now,
        shown_since: now,
        breakers: Breakers::default(),
        idle: IdleWatch::new(setup.idle),
        panel: PanelLock::after(wrong, now),
        commands: PanelLock::after(wrong, now),
        taking_over: PanelLock::after(wrong, now),
        pin_tries,
        practice: setup.practice,
        program_look_at: setup
            .locked
            .as_ref()
            .map(|_| now.saturating_add(LOOK_PAUSE)),
        locked: setup.locked,
        wish_refused: false,
        phone: None,
        drill: None,
        message: None,
        checkup: None,
        waiting: Vec::new(),
        tickets: Vec::new(),
        outbox: Vec::new(),
        handover: HandoverState::None,
        day: DayState::None,
        lookup: Lookup::None,
        listed: None,
        seen: None,
        pickup_missed: None,
        pickup_tries: PickupTries::default(),
        gave_way: None,
        printer: None,
        slip_of: None,
    };
    let job = OpeningJob {
        store: Location {
            key: setup.key_file,
            retention_days,
            ..setup.store
        },
        number: setup.number,
        connections: setup.connections,
        disk: Arc::new(RealDisk),
        pack: setup.pack,
        campus: None,
    };
    (
        state,
        Opening {
            front,
            job: Some(job),
        },
        look,
    )
}

impl Opening {
    /// Keeps the store on another disk.
    pub fn on_disk(&mut self, disk: Arc<dyn Disk>) {
        if let Some(job) = &mut self.job {
            job.disk = disk;
        }
    }

    /// Works against another campus than the configured one.
    pub fn against(&mut self, campus: Campus) {
        if let Some(job) = &mut self.job {
            job.campus = Some(campus);
        }
    }

    /// Opens all of it off the loop's thread, once, and sends [`LoopEvent::Ready`].
    pub fn start(&mut self, news: mpsc::Sender<LoopEvent>) {
        let Some(job) = self.job.take() else {
            return;
        };
        tokio::spawn(async move {
            let opened = tokio::task::spawn_blocking(move || job.open()).await;
            let ready = opened.unwrap_or_else(|_| {
                Err(CliError::new(
                    Exit::Failure,
                    both!(
                        "stopped by a fault of its own while the store was opened",
                        "打开存储时自己出错停了"
                    ),
                    both!(
                        "start it again; the log says more",
                        "请重新启动；运行记录里有详情"
                    ),
                ))
            });
            // Without a receiver the loop has ended: the store closes as `ready` is dropped.
            let _ = news.send(LoopEvent::Ready(Box::new(ready))).await;
        });
    }
}

impl OpeningJob {
    fn open(self) -> CliResult<Ready> {
        let pack = self.pack.finish()?;
        for trouble in &pack.front.troubles {
            tracing::warn!(%trouble, "something of the pack cannot be used");
        }
        let zone = jiff::tz::TimeZone::system();
        let today = jiff::Timestamp::now().to_zoned(zone.clone()).date();
        let (store, opened) = Store::open_on(self.disk, &self.store, today, &zone)?;
        let campus = match self.campus {
            Some(campus) => campus,
            None => self.connections.connect()?,
        };
        let codes = Arc::new(store.code_key());
        Ok(Ready {
            location: self.store,
            store,
            opened,
            campus,
            pack,
            number: self.number,
            codes,
            today,
            zone,
        })
    }
}

/// Other commands may ask this desk, once it holds the store. Where they cannot, the desk still runs.
pub fn answer_others(dir: &Path, news: mpsc::Sender<LoopEvent>) {
    let dir = dir.to_owned();
    let (ask, mut asked) = mpsc::channel(4);
    tokio::spawn(async move {
        match socket::bind(&dir) {
            Ok(listener) => socket::serve(listener, ask).await,
            Err(error) => tracing::warn!(%error, "other commands cannot ask this desk"),
        }
    });
    tokio::spawn(async move {
        while let Some(ask) = asked.recv().await {
            if news.send(LoopEvent::Asked(ask)).await.is_err() {
                break;
            }
        }
    });
}
