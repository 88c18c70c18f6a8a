//! The commands that require the PIN: asking for it, checking it by the running kiosk or here, and recording an unmasked
//! view in the journal before it is printed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{ask, location, pin};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::Config;
use crate::desk::lock::{PinTries, PinVerdict, can_lift};
use crate::desk::socket::{IpcQuestion, IpcReply, WirePin};
use crate::store::{CommitError, Store, UnmaskedView};
use crate::visit::{Secret, VisitId, VolunteerName};

/// Asks for the PIN without checking it.
///
/// # Errors
/// The input ended, or cannot be read.
pub fn ask_pin() -> CliResult<Secret> {
    pin::ask_once("PIN: ")
}

/// A copy of the PIN for the kiosk, which checks it.
pub fn wire(pin: &Secret) -> WirePin {
    WirePin(pin.expose().to_owned())
}

/// Checks the PIN without a running kiosk, with the same growing delays, and says whose own it is.
///
/// # Errors
/// The PIN is wrong, the delay has not passed, or no PIN is set.
pub fn check(config: &Config, pin: &Secret) -> CliResult<Option<VolunteerName>> {
    let pins = super::prepare::pins(config)?;
    let tries = PinTries::beside(&config.store_dir);
    if can_lift(pin) && pins.lift(pin) == PinVerdict::Lifted {
        tries.keep(0);
        return Err(wrong_pin(0));
    }
    let mut by = None;
    let checked = tries.check(|| match pins.check(pin) {
        PinVerdict::Right(name) => {
            by = name;
            true
        }
        PinVerdict::Wrong | PinVerdict::Lifted => false,
    });
    checked.map(|()| by).map_err(|pause| {
        wrong_pin(
            pause
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        )
    })
}

/// The error of a wrong PIN; the next try is accepted in `again_in` seconds.
pub fn wrong_pin(again_in: u64) -> CliError {
    let remedy = match again_in {
        0 => both!("try again", "请再试一次"),
        n => both!("try again in {n} s", "请过 {n} 秒再试"),
    };
    CliError::new(
        Exit::NoPermission,
        both!("the PIN is wrong", "PIN 不对"),
        remedy,
    )
}

/// Records in the journal that personal data is shown unmasked. The caller prints it only after that.
///
/// # Errors
/// The PIN is wrong, or the journal cannot be written.
pub fn record_view(
    config: &Config,
    pin: &Secret,
    view: UnmaskedView,
    visit: Option<VisitId>,
) -> CliResult<()> {
    let question = IpcQuestion::Viewed {
        pin: wire(pin),
        view,
        visit,
    };
    match ask::kiosk(&config.store_dir, &question)? {
        Some(IpcReply::Done) => Ok(()),
        Some(IpcReply::WrongPin(wrong)) => Err(wrong_pin(wrong.again_in)),
        Some(_) => Err(ask::no_answer(&both!(
            "it answered something else",
            "答复的是别的"
        ))),
        None => {
            let by = check(config, pin)?;
            in_store(config, |store| {
                store.record_view(view, visit, by).blocking_recv().ok()
            })
        }
    }
}

/// Opens the store, runs one journalled change, and closes the store.
///
/// # Errors
/// Those of the store, or the change was not written.
pub fn in_store<T>(
    config: &Config,
    work: impl FnOnce(&Store) -> Option<Result<T, CommitError>>,
) -> CliResult<T> {
    let zone = TimeZone::system();
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let (store, _) = Store::open(&location(config), today, &zone)?;
    let done = work(&store).unwrap_or(Err(CommitError::Closed));
    store.close()?;
    done.map_err(|why| {
        CliError::new(
            Exit::InputOutput,
            both!("the store did not take it: {why}", "存储没有接受：{why}"),
            both!(
                "look at the disk: yingxin store check",
                "请看看磁盘：yingxin store check"
            ),
        )
    })
}
