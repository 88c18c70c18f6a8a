//! `yingxin card`: the volunteer's page for this desk, and with `--poster` the page for the wall. Every word of them is the
//! screen's or the pack's own. Nothing is read but the configuration and the pack.

mod html;
mod sheet;

use super::{prepare, say_as_is};
use crate::cli::CardArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::pick;
use crate::config::{self, Flags, environment};
use crate::text::{Lang, Text};
use sheet::CardSheet;

/// Prints the page in the language that was asked for, else in every one.
///
/// # Errors
/// The configuration or the pack cannot be read, or the pack has no registration code for the poster.
pub fn run(flags: &Flags, options: &CardArgs) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let pack = prepare::pack(&config)?;
    let langs: &[Lang] = match &flags.lang {
        Some(lang) => std::slice::from_ref(lang),
        None => Lang::ALL,
    };
    let texts: Vec<Text> = langs.iter().copied().map(Text::new).collect();
    if options.poster {
        let code = pack.register_qr.as_ref().ok_or_else(no_code)?;
        let page = html::poster(&pack, code, config.number, &texts).ok_or_else(too_long)?;
        return say_as_is(&page);
    }
    let sheets: Vec<CardSheet> = texts
        .iter()
        .map(|text| CardSheet::new(&pack, config.number, text))
        .collect();
    if options.text {
        let pages: Vec<String> = sheets.iter().map(CardSheet::to_text).collect();
        say_as_is(&pages.join("\u{c}"))
    } else {
        say_as_is(&html::card(&sheets))
    }
}

fn no_code() -> CliError {
    CliError::new(
        Exit::Configuration,
        pick(
            "the pack has no registration code for a poster",
            "数据包里没有海报要用的注册二维码",
        ),
        pick(
            "put it into your pack ([qr.register]): yingxin help pack",
            "请写进您的数据包（[qr.register]）：yingxin help pack",
        ),
    )
}

fn too_long() -> CliError {
    CliError::new(
        Exit::BadData,
        pick(
            "the registration code's text is too long for any code",
            "注册二维码的内容太长，做不成二维码",
        ),
        pick(
            "put a shorter address into the pack ([qr.register])",
            "请在数据包里（[qr.register]）写短一些的网址",
        ),
    )
}

#[cfg(test)]
mod tests;
