//! What commands do behind the PIN: it is asked for, checked by the running kiosk or here, and an unmasked view is noted
//! in the journal before it is shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{ask, location, pin};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::Config;
use crate::desk::lock::PinTries;
use crate::desk::socket::{Question, Reply, WirePin};
use crate::store::{CommitError, Store, UnmaskedView};
use crate::visit::{Secret, VisitId};

/// Asks for the PIN. Nothing is checked yet.
///
/// # Errors
/// It was given up, or cannot be read.
pub fn ask_pin() -> CliResult<Secret> {
    pin::ask_once("PIN: ")
}

/// A copy for the kiosk, which checks it itself.
pub fn wire(pin: &Secret) -> WirePin {
    WirePin(pin.expose().to_owned())
}

/// Checks the PIN here, where no kiosk runs, with the same growing pauses.
///
/// # Errors
/// It is wrong, or another is not taken yet, or none is set.
pub fn check(config: &Config, pin: &Secret) -> CliResult<()> {
    let hash = super::prepare::pin(config)?;
    let checked = PinTries::beside(&config.store_dir).check(|| hash.is(pin));
    checked.map_err(|pause| {
        wrong_pin(
            pause
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        )
    })
}

pub fn wrong_pin(again_in: u64) -> CliError {
    let remedy = match again_in {
        0 => "try again".to_owned(),
        n => format!("try again in {n} s"),
    };
    CliError::new(Exit::NoPermission, "the PIN is wrong", remedy)
}

/// Notes that somebody with the PIN sees unmasked what names a person. What is not noted is not shown.
///
/// # Errors
/// A wrong PIN, or it cannot be noted.
pub fn note_view(
    config: &Config,
    pin: &Secret,
    view: UnmaskedView,
    visit: Option<VisitId>,
) -> CliResult<()> {
    let question = Question::Viewed {
        pin: wire(pin),
        view,
        visit,
    };
    match ask::kiosk(&config.store_dir, &question)? {
        Some(Reply::Done) => Ok(()),
        Some(Reply::WrongPin(wrong)) => Err(wrong_pin(wrong.again_in)),
        Some(_) => Err(ask::no_answer("it answered something else")),
        None => {
            check(config, pin)?;
            in_store(config, |store| {
                store.record_view(view, visit).blocking_recv().ok()
            })
        }
    }
}

/// Opens the store, has it do something that is journalled, and closes it.
///
/// # Errors
/// The store's, or it did not take it.
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
            format!("the store did not take it: {why}"),
            "look at the disk: yingxin store check",
        )
    })
}
