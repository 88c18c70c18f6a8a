//! The slip printer on the desk: ESC/POS on a device or over the network, or a queue of CUPS. What is printed is bytes
//! here; `desk` makes them. Every call ends within its deadline, and is made on a thread that nothing waits for.

mod address;
mod line;
mod queue;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use strum::{EnumString, VariantNames};

use super::setting::{InvalidSetting, Setting, SettingKind, SettingValues};
use crate::cli_error::CliResult;
use crate::cli_lang::pick;
use address::parse as parse_address;
use line::LinePrinter;
use queue::QueuePrinter;

/// How long one part of the work on a slip may take: a program of CUPS, or the sending. A slip has two of them at most.
pub const DEADLINE: Duration = Duration::from_secs(10);

const SECTION: &str = "printer";

const DEVICE: Setting = Setting {
    key: "printer.device",
    kind: SettingKind::Path,
    default: None,
    example: "/dev/usb/lp0",
    words: "The device of a slip printer (ESC/POS). The desk's user needs the group lp.",
};

const ADDRESS: Setting = Setting {
    key: "printer.address",
    kind: SettingKind::Checked(|text| parse_address(text).map(|_| ())),
    default: None,
    example: "192.0.2.7:9100",
    words: "Or its address in the network: an IP address, with a port other than 9100 behind it.",
};

const QUEUE: Setting = Setting {
    key: "printer.queue",
    kind: SettingKind::Checked(queue::check_name),
    default: None,
    example: "slips",
    words: "Or its queue in CUPS (lpstat -e). The slip is sent to it raw: a queue of a slip printer.",
};

const PAPER: Setting = Setting {
    key: "printer.paper",
    kind: SettingKind::Choice(|| Paper::VARIANTS.to_vec()),
    default: Some("58mm"),
    example: "80mm",
    words: "The width of its paper. Its characters must be GB18030, as printers sold in China have them.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[DEVICE, ADDRESS, QUEUE, PAPER];

/// The width of the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, VariantNames)]
pub enum Paper {
    /// 58 mm: 384 dots.
    #[default]
    #[strum(serialize = "58mm")]
    Narrow,
    /// 80 mm: 576 dots.
    #[strum(serialize = "80mm")]
    Wide,
}

impl Paper {
    /// The dots that a line is wide, at 203 dpi.
    pub fn dots(self) -> u16 {
        match self {
            Paper::Narrow => 384,
            Paper::Wide => 576,
        }
    }

    /// The columns of a line: a Latin character is 12 dots wide, a Chinese one 24.
    pub fn columns(self) -> u16 {
        self.dots() / 12
    }
}

/// Why nothing was printed, or what a printer lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrinterTrouble {
    /// The paper is out, or its cover is open.
    #[error("no paper, or the cover is open")]
    NoPaper,
    /// It is there and takes nothing: switched off, stopped, in use by another program.
    #[error("it takes nothing")]
    Offline,
    /// There is no such device or queue.
    #[error("it is not there")]
    Absent,
    /// The desk's user may not use it.
    #[error("the desk's user may not use it")]
    NotAllowed,
}

/// A printer. Its calls block, until their deadline at the most.
pub trait SlipPrinter: Send + Sync {
    /// The width of its paper.
    fn paper(&self) -> Paper;

    /// Prints a slip.
    ///
    /// # Errors
    /// Why it is not printed, as far as the printer tells. Many cheap ones tell nothing.
    fn print(&self, slip: &[u8]) -> Result<(), PrinterTrouble>;

    /// Asks how it is, and prints nothing.
    ///
    /// # Errors
    /// What it lacks.
    fn check(&self) -> Result<(), PrinterTrouble>;
}

/// The settings of `[printer]`.
#[derive(Clone, Debug)]
pub struct PrinterOptions {
    to: PrinterPlace,
    paper: Paper,
}

/// Where a printer that speaks ESC/POS is.
#[derive(Clone, Debug)]
enum PrinterPlace {
    Device(PathBuf),
    Network(std::net::SocketAddr),
    Queue(String),
}

impl PrinterOptions {
    /// Reads the section; `None` where it is not filled in.
    ///
    /// # Errors
    /// Where it names no printer, or more than one.
    pub fn read(values: &dyn SettingValues) -> CliResult<Option<Self>> {
        if !values.is_filled(SECTION) {
            return Ok(None);
        }
        let named = [&DEVICE, &ADDRESS, &QUEUE].map(|setting| values.text(setting));
        let to = match named {
            [Some(path), None, None] => PrinterPlace::Device(PathBuf::from(path)),
            [None, Some(address), None] => {
                let parsed = parse_address(&address);
                PrinterPlace::Network(parsed.map_err(|why| values.fault(&ADDRESS, why))?)
            }
            [None, None, Some(queue)] => PrinterPlace::Queue(queue),
            [None, None, None] => return Err(values.missing(&DEVICE)),
            _ => {
                let invalid = InvalidSetting::new(
                    pick("more than one printer is named", "写了不止一台打印机"),
                    pick(
                        "keep one of device, address and queue",
                        "device、address、queue 请只留一个",
                    ),
                );
                return Err(values.fault(&DEVICE, invalid));
            }
        };
        let paper = match values.text(&PAPER) {
            None => Paper::default(),
            Some(text) => text.parse().map_err(|_| {
                let invalid = InvalidSetting::new(
                    pick("no such width", "没有这种宽度"),
                    pick("write 58mm or 80mm", "请写 58mm 或 80mm"),
                );
                values.fault(&PAPER, invalid)
            })?,
        };
        Ok(Some(PrinterOptions { to, paper }))
    }

    /// The printer. Nothing is opened yet.
    pub fn connect(self) -> Arc<dyn SlipPrinter> {
        let paper = self.paper;
        match self.to {
            PrinterPlace::Device(path) => Arc::new(LinePrinter::device(path, paper)),
            PrinterPlace::Network(address) => Arc::new(LinePrinter::network(address, paper)),
            PrinterPlace::Queue(name) => Arc::new(QueuePrinter::new(name, paper)),
        }
    }
}
