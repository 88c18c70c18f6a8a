//! From a setup to a running desk: what the first frame needs is made at once, the store and the campus after it, on a
//! thread of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::idle::IdleWatch;
use super::kiosk::News;
use super::links::Links;
use super::pin::PinHash;
use super::setup::{Connections, Directory, Setup};
use super::socket;
use super::state::{Hand, State};
use super::volunteer::Panel;
use crate::campus::Campus;
use crate::campus::directory::guide::Guide;
use crate::campus::directory::wecom::WeCom;
use crate::campus::http::{EndpointError, Http, HttpOptions, Trust};
use crate::campus::identity::cas_rest::CasRest;
use crate::campus::sms::tencent::{Tencent, TencentOptions};
use crate::complaint::{Complaint, Exit, Outcome};
use crate::screen::StoreHealth;
use crate::screen::theme::Theme;
use crate::screen::ui::Ui;
use crate::store::{Location, Opened, Store, StoreError};
use crate::visit::{CodeKey, DeskLetter};

/// What is opened after the first frame.
pub struct Opening {
    store: Location,
    letter: DeskLetter,
    connections: Connections,
}

/// What was opened.
pub struct Ready {
    pub dir: PathBuf,
    pub store: Store,
    pub opened: Opened,
    pub campus: Campus,
    pub letter: DeskLetter,
    pub links: Links,
    pub codes: Arc<CodeKey>,
}

/// How the desk looks, and who may unlock it.
pub struct Look {
    pub ui: Ui,
    pub theme: String,
    pub themes_dir: Option<PathBuf>,
    pub pin: PinHash,
}

/// What the first frame needs.
pub fn begin(setup: Setup) -> (State, Opening, Look) {
    let clock = Clock::start();
    let (theme, fault) = Theme::load(
        setup.theme.as_deref().unwrap_or(""),
        setup.themes_dir.as_deref(),
    );
    if let Some(fault) = fault {
        tracing::warn!(%fault, "a theme cannot be used");
    }
    let look = Look {
        theme: theme.name().to_owned(),
        ui: Ui::new(theme, setup.lang),
        themes_dir: setup.themes_dir,
        pin: setup.pin,
    };
    let state = State {
        clock,
        lang: setup.lang,
        pack: setup.pack,
        hand: Hand::Starting,
        shown_since: clock.now().mono,
        visits: None,
        links: Links::default(),
        idle: IdleWatch::new(setup.idle),
        panel: Panel::default(),
        store: StoreHealth::Good,
        practice: setup.practice,
        phone: None,
        waiting: Vec::new(),
        pickup_missed: false,
    };
    let opening = Opening {
        store: Location {
            key: setup.key_file,
            ..setup.store
        },
        letter: setup.letter,
        connections: setup.connections,
    };
    (state, opening, look)
}

impl Opening {
    /// Opens all of it off the loop's thread and says when it is there.
    pub fn spawn(self, news: mpsc::Sender<News>) {
        tokio::task::spawn_blocking(move || {
            let ready = self.open();
            // The loop is gone when nobody listens: then the store closes with this.
            let _ = news.blocking_send(News::Ready(Box::new(ready)));
        });
    }

    fn open(self) -> Outcome<Ready> {
        let zone = jiff::tz::TimeZone::system();
        let today = jiff::Timestamp::now().to_zoned(zone.clone()).date();
        let (store, opened) = Store::open(&self.store, today, &zone).map_err(complaint)?;
        let campus = connect(self.connections)?;
        let links = Links::configured(
            campus.identity.is_some(),
            campus.directory.powers(),
            campus.sms.is_some(),
        );
        let codes = Arc::new(store.code_key());
        Ok(Ready {
            dir: self.store.dir,
            store,
            opened,
            campus,
            letter: self.letter,
            links,
            codes,
        })
    }
}

/// Makes the adapters. Nothing is asked of the campus yet. In guide mode not even a client is made.
fn connect(connections: Connections) -> Outcome<Campus> {
    let mut campus = Campus {
        identity: None,
        directory: Box::new(Guide),
        sms: None,
    };
    if connections.is_guide() {
        return Ok(campus);
    }
    let trust = if connections.loopback_only {
        Trust::LoopbackOnly
    } else {
        Trust::System
    };
    let http = Http::new(&HttpOptions {
        trust,
        ..HttpOptions::default()
    })
    .map_err(|e| Complaint::new(Exit::Failure, e.to_string(), "then start the kiosk again"))?;
    if let Some(cas) = connections.identity {
        let cas = CasRest::new(http.clone(), &cas.url, &cas.service)
            .map_err(|e| no_address("identity", e))?;
        campus.identity = Some(Box::new(cas));
    }
    if let Directory::WeCom(wecom) = connections.directory {
        let (contacts, app) = (wecom.contacts_secret, wecom.app_secret);
        let base = format!("{}/cgi-bin", wecom.url);
        let department = u32::try_from(wecom.department).ok();
        let wecom = WeCom::new(
            http.clone(),
            &base,
            &wecom.corp_id,
            contacts,
            app,
            department,
        )
        .map_err(|e| no_address("directory", e))?;
        campus.directory = Box::new(wecom);
    }
    if let Some(sms) = connections.sms {
        let endpoint = sms.endpoint;
        let options = TencentOptions {
            region: sms.region,
            secret_id: sms.secret_id.expose().to_owned(),
            secret_key: sms.secret_key,
            app_id: sms.app_id,
            sign: sms.sign,
            template: sms.template,
        };
        let tencent = Tencent::new(http, &endpoint, options).map_err(|e| no_address("sms", e))?;
        campus.sms = Some(Box::new(tencent));
    }
    Ok(campus)
}

fn no_address(section: &str, error: EndpointError) -> Complaint {
    Complaint::new(
        Exit::Configuration,
        format!("the address under [{section}] is {error}"),
        "run: yingxin config check",
    )
}

/// Other commands may ask this desk, once it holds the store. Where they cannot, the desk runs all the same.
pub fn answer_others(dir: &Path, news: mpsc::Sender<News>) {
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
            if news.send(News::Asked(ask)).await.is_err() {
                break;
            }
        }
    });
}

/// A store that cannot be opened says its remedy itself.
fn complaint(error: StoreError) -> Complaint {
    let exit = match error {
        StoreError::Locked { .. } => Exit::Busy,
        StoreError::ReadOnly { .. } | StoreError::NotADirectory { .. } => Exit::CannotCreate,
        StoreError::KeyMissing { .. }
        | StoreError::KeyForeign { .. }
        | StoreError::KeyUnreadable { .. }
        | StoreError::VisitKeysLost { .. } => Exit::NoPermission,
        StoreError::Newer { .. } => Exit::BadData,
        _ => Exit::InputOutput,
    };
    Complaint::new(
        exit,
        error.to_string(),
        "the log has the details; nothing was changed",
    )
}
