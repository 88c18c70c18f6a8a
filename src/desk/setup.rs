//! What a command hands over to the desk: everything read, checked and decided before the first frame. It holds no
//! connection: clients are made after the first frame.

use std::path::PathBuf;
use std::time::Duration;

use super::pin::PinHash;
use crate::campus::pack::Pack;
use crate::screen::theme::Terminal;
use crate::store::Location;
use crate::text::Lang;
use crate::visit::{DeskLetter, Secret};

/// A desk that is ready to be run.
#[derive(Debug)]
pub struct Setup {
    /// What the terminal can do.
    pub terminal: Terminal,
    pub pack: Pack,
    pub letter: DeskLetter,
    pub lang: Lang,
    /// A theme's name; `None` for the default one.
    pub theme: Option<String>,
    /// A folder of the desk's own themes, read over the embedded ones. It need not exist.
    pub themes_dir: Option<PathBuf>,
    /// Where the store lives. The directory exists, with mode 0700.
    pub store: Location,
    /// The desk's key; `None` for the store's own file beside the journal.
    pub key_file: Option<PathBuf>,
    /// How long nobody may touch the desk before the countdown begins.
    pub idle: Duration,
    pub pin: PinHash,
    pub connections: Connections,
    /// Set in practice: where the practice campus listens.
    pub practice: Option<PracticeLink>,
}

/// The practice campus beside the kiosk.
#[derive(Clone, Debug)]
pub struct PracticeLink {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub url: String,
    /// The first PIN in plain digits, shown in practice only; `None` where the volunteer has set another.
    pub pin: Option<String>,
}

/// How the campus is reached: one entry for each port that is connected. Secrets are read already.
#[derive(Debug, Default)]
pub struct Connections {
    pub identity: Option<CasRest>,
    pub directory: Directory,
    pub sms: Option<Tencent>,
    /// Practice: nothing but this machine is reached, and no certificate is believed.
    pub loopback_only: bool,
}

impl Connections {
    /// Nothing is connected: the student's phone does everything.
    pub fn is_guide(&self) -> bool {
        self.identity.is_none() && matches!(self.directory, Directory::Guide) && self.sms.is_none()
    }
}

/// Identity by CAS REST.
#[derive(Debug)]
pub struct CasRest {
    /// The server's base, such as `https://cas.example.edu.cn/cas`, without a slash at the end.
    pub url: String,
    /// The service the ticket is for.
    pub service: String,
}

/// The directory.
#[derive(Debug, Default)]
pub enum Directory {
    /// The student's word (guide 一.3).
    #[default]
    Guide,
    WeCom(WeCom),
}

/// The directory by WeCom's server API.
#[derive(Debug)]
pub struct WeCom {
    /// `https://qyapi.weixin.qq.com`, or the practice campus; without a slash at the end.
    pub url: String,
    pub corp_id: String,
    /// The contacts synchronisation's secret: writes.
    pub contacts_secret: Option<Secret>,
    /// An application's secret: reads, and confirms.
    pub app_secret: Option<Secret>,
    /// The department new members are created in.
    pub department: u64,
}

/// Codes by Tencent Cloud SMS.
#[derive(Debug)]
pub struct Tencent {
    /// `https://sms.tencentcloudapi.com`, or the practice campus; without a slash at the end.
    pub endpoint: String,
    pub region: String,
    pub secret_id: Secret,
    pub secret_key: Secret,
    pub app_id: String,
    pub sign: String,
    pub template: String,
}
