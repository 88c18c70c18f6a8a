//! The passphrase of an export: from a private file, or typed without an echo.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::commands::pin;
use crate::commands::setup::room;
use crate::config;
use crate::visit::Secret;

/// The fewest characters that seal a desk's secrets.
const SHORTEST: usize = 12;

/// Asks for the passphrase of an export that is opened (once) or made (twice on a terminal).
///
/// # Errors
/// There is too little memory for it, the two inputs differ, it is too short to seal with, or the file cannot be read.
pub fn ask(file: Option<&Path>, seals: bool) -> CliResult<Secret> {
    room::in_memory(room::PASSPHRASE_MEMORY)?;
    let typed = match file {
        Some(path) => config::read_private(path)?,
        None if seals && io::stdin().is_terminal() => {
            let first = pin::ask_once(pick(
                "New passphrase, 12 characters or more: ",
                "新口令（12 个字符以上）：",
            ))?;
            let second = pin::ask_once(pick("The same again: ", "再输入一次："))?;
            if first.expose() != second.expose() {
                return Err(CliError::new(
                    Exit::BadData,
                    pick(
                        "the two are not the same, and nothing was written",
                        "两次不一样，什么也没有写",
                    ),
                    pick("run it again", "请再运行一次"),
                ));
            }
            first
        }
        None => pin::ask_once(pick("Passphrase: ", "口令："))?,
    };
    let text = typed.expose();
    let is_typed = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    let length = text.chars().count();
    if !is_typed || (seals && length < SHORTEST) || length == 0 {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "a passphrase has {SHORTEST} letters, digits and signs or more, as every keyboard has them",
                "口令要有 {SHORTEST} 个以上的字母、数字和符号，都是每个键盘上有的"
            ),
            pick("choose four words", "可以选四个词"),
        ));
    }
    Ok(typed)
}
