//! What a command hands over to the desk: everything read, checked and decided before the first frame. It holds no
//! connection: clients are made after the first frame.

use std::path::PathBuf;
use std::time::Duration;

use super::doctor::CheckSettings;
use super::lock::PinList;
use super::locked::LockedDesk;
pub(super) use crate::campus::connections::Connections;
use crate::campus::pack::BegunPack;
use crate::screen::theme::Terminal;
use crate::store::Location;
use crate::text::Lang;
use crate::visit::DeskNumber;

/// A desk that is ready to be run.
#[derive(Debug)]
pub struct Setup {
    /// What the terminal can do.
    pub terminal: Terminal,
    /// Its front is enough: the rest is read after the first frame.
    pub pack: BegunPack,
    /// The desk's number, on every page and in its pickup numbers.
    pub number: DeskNumber,
    /// The language that each student finds.
    pub lang: Lang,
    /// A theme's name; `None` for the default one.
    pub theme: Option<String>,
    /// A folder of the desk's own themes, read over the embedded ones. It need not exist.
    pub themes_dir: Option<PathBuf>,
    /// Where the store lives. The directory exists, with mode 0700.
    pub store: Location,
    /// The desk's key; `None` for the store's own file beside the journal.
    pub key_file: Option<PathBuf>,
    /// How long the desk may go untouched before the countdown begins.
    pub idle: Duration,
    /// The volunteers' PINs.
    pub pins: PinList,
    /// A barcode scanner types at this desk.
    pub has_scanner: bool,
    /// Where the campus is reached.
    pub connections: Connections,
    /// What the checks from the volunteer's panel need beside it.
    pub orders: CheckSettings,
    /// The locked desk around this process, if any.
    pub locked: Option<LockedDesk>,
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
    /// The drill begins with the desk.
    pub drill: bool,
}
