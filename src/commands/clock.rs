//! `yingxin clock confirm`: the clock of this machine is right, although it does not fit the store's records.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{ask, behind_pin, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Flags, environment};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::screen::pages::script;

/// Tells the running desk, or the store, that the clock is right.
///
/// # Errors
/// There is no store, the PIN is wrong, or the store cannot be written.
pub fn confirm(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    if !config.store_dir.exists() {
        return Err(CliError::new(
            Exit::NoInput,
            format!("there is no store at {}", config.store_dir.display()),
            "start the desk once, or name its store: --store DIR",
        ));
    }
    let now = script::moment(Timestamp::now(), &TimeZone::system());
    say(&format!("the clock of this machine shows {now}\n"))?;
    let pin = behind_pin::ask_pin()?;
    let question = IpcQuestion::ConfirmClock {
        pin: behind_pin::wire(&pin),
    };
    match ask::kiosk(&config.store_dir, &question)? {
        Some(IpcReply::Done) => {}
        Some(IpcReply::WrongPin(wrong)) => return Err(behind_pin::wrong_pin(wrong.again_in)),
        Some(_) => return Err(ask::no_answer("it answered something else")),
        None => {
            let by = behind_pin::check(&config, &pin)?;
            behind_pin::in_store(&config, |store| {
                store.confirm_clock_by(by).blocking_recv().ok()
            })?;
        }
    }
    say("it is confirmed\n")
}
