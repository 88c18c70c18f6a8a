//! What clap says of a wrong command line, in the language of the command line: for Chinese, clap gives the kind of its
//! error and what it is about.

use std::error::Error as _;
use std::fmt;
use std::net::AddrParseError;
use std::num::ParseIntError;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind, RichFormatter};
use clap::{Command, CommandFactory};

use super::{Cli, chinese};
use crate::help::width;

/// A command line that is not run: it is wrong, or asks for help or the version.
#[derive(Debug)]
pub enum CliRefusal {
    /// In English, as clap writes it.
    English(Error<RichFormatter>),
    /// In Chinese.
    Chinese(Error<ChineseFormatter>),
}

impl CliRefusal {
    /// Prints it where it belongs, and ends the process with its code.
    pub fn exit(&self) -> ! {
        match self {
            CliRefusal::English(error) => error.exit(),
            CliRefusal::Chinese(error) => error.exit(),
        }
    }

    /// What is printed for these words, in Chinese; the error in English where the words of that tree were right.
    pub(super) fn in_chinese(words: &[String], english: Error) -> CliRefusal {
        let mut command = chinese::command(Cli::command());
        command.build();
        let parse = |command: &Command| command.clone().try_get_matches_from(words).err();
        let Some(error) = parse(&command) else {
            return CliRefusal::English(english);
        };
        let is_long = match error.kind() {
            ErrorKind::DisplayHelp => !words.iter().any(|word| word == "-h"),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => false,
            _ => return CliRefusal::Chinese(error.apply()),
        };
        let helpful = parse(&chinese::with_help(command, is_long, width()));
        CliRefusal::Chinese(helpful.unwrap_or(error).apply())
    }
}

impl fmt::Display for CliRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CliRefusal::English(error) => error.render().fmt(f),
            CliRefusal::Chinese(error) => error.render().fmt(f),
        }
    }
}

/// Writes clap's errors in Chinese.
#[derive(Debug)]
pub enum ChineseFormatter {}

impl ErrorFormatter for ChineseFormatter {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let mut text = format!("\x1b[1;31m错误：\x1b[0m{}", what(error));
        for (kind, noun) in [
            (ContextKind::SuggestedSubcommand, "命令"),
            (ContextKind::SuggestedArg, "选项"),
            (ContextKind::SuggestedValue, "值"),
        ] {
            let near = texts(error.get(kind));
            if !near.is_empty() {
                text.push_str(&format!(
                    "\n\n  您要的是不是这个{noun}：{}？",
                    near.join("、")
                ));
            }
        }
        if let Some(usage) = error.get(ContextKind::Usage) {
            let usage = usage.to_string();
            let usage = usage.trim_start_matches("Usage:").trim();
            text.push_str(&format!("\n\n用法：{}", chinese::in_chinese(usage)));
        }
        text.push_str("\n\n加上 --help 可以看说明。\n");
        text.into()
    }
}

/// The error in a sentence, as clap has one for each kind.
fn what(error: &Error<ChineseFormatter>) -> String {
    let of = |kind| texts(error.get(kind)).join("、");
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let known = texts(error.get(ContextKind::ValidValue)).join("、");
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => match known.as_str() {
            "" => format!("{arg} 后面缺少值"),
            known => format!("{arg} 后面缺少值，可以是：{known}"),
        },
        ErrorKind::InvalidValue => format!("{arg} 不能是“{value}”，可以是：{known}"),
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个参数"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::NoEquals => format!("{arg} 与它的值之间要写等号"),
        ErrorKind::ValueValidation => {
            format!("{arg} 不能是“{value}”{}", reason(error))
        }
        ErrorKind::TooManyValues => format!("{arg} 多了一个值“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 的值个数不对")
        }
        ErrorKind::ArgumentConflict => {
            let arg = arg + &of(ContextKind::InvalidSubcommand);
            match of(ContextKind::PriorArg) {
                prior if prior == arg => format!("{arg} 只能写一次"),
                prior if prior.is_empty() => format!("{arg} 不能与其他参数同用"),
                prior => format!("{arg} 不能与 {prior} 同用"),
            }
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{arg}"),
        ErrorKind::MissingSubcommand => {
            let names = of(ContextKind::ValidSubcommand);
            format!("缺少命令，可以是：{names}")
        }
        ErrorKind::InvalidUtf8 => "有一个参数不是 UTF-8 文字".to_owned(),
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format => String::new(),
        // The enum may grow with clap.
        kind => kind.to_string(),
    }
}

/// Why a value is not taken, after a comma.
fn reason(error: &Error<ChineseFormatter>) -> String {
    let Some(source) = error.source() else {
        return String::new();
    };
    if source.is::<ParseIntError>() {
        return "：要写一个整数".to_owned();
    }
    if source.is::<AddrParseError>() {
        return "：要写成 127.0.0.1:8080 这样的地址和端口".to_owned();
    }
    let text = source.to_string();
    match text.split_once(" is not in ") {
        Some((_, range)) => format!("：应在 {range} 之内"),
        None => format!("：{text}"),
    }
}

fn texts(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}
