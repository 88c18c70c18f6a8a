//! `yingxin clock confirm`: the clock of this machine is right, although it does not fit the store's records.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{ask, behind_pin, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
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
            both!(
                "there is no store at {}",
                "{} 没有存储",
                config.store_dir.display()
            ),
            both!(
                "start the desk once, or name its store: --store DIR",
                "请先启动一次迎新台，或指定它的存储：--store 文件夹"
            ),
        ));
    }
    let now = script::moment(Timestamp::now(), &TimeZone::system());
    say(&both!(
        "the clock of this machine shows {now}\n",
        "本机的时钟是 {now}\n"
    ))?;
    let pin = behind_pin::ask_pin()?;
    let question = IpcQuestion::ConfirmClock {
        pin: behind_pin::wire(&pin),
    };
    match ask::kiosk(&config.store_dir, &question)? {
        Some(IpcReply::Done) => {}
        Some(IpcReply::WrongPin(wrong)) => return Err(behind_pin::wrong_pin(wrong.again_in)),
        Some(_) => {
            return Err(ask::no_answer(&both!(
                "it answered something else",
                "答复的是别的"
            )));
        }
        None => {
            let by = behind_pin::check(&config, &pin)?;
            behind_pin::in_store(&config, |store| {
                store.confirm_clock_by(by).blocking_recv().ok()
            })?;
        }
    }
    say(&both!("it is confirmed\n", "已确认\n"))
}
