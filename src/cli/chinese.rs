//! The command line in Chinese: the tree of commands that clap derives, with the words of `zh-CN.toml`, and its help, which
//! clap would neither translate nor break into lines, for Chinese has no spaces.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, Command};
use unicode_width::UnicodeWidthStr;

use super::overview::{AFTER_ZH, COMMANDS_ZH};
use crate::help::fill;

/// The words by the path of the command and the id of the argument.
type Words = BTreeMap<String, BTreeMap<String, String>>;

/// A fault in the file leaves the English words; a test checks that there is none.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("zh-CN.toml")).unwrap_or_default());

/// The table of the names of values.
const VALUE_NAMES: &str = "value-names";
/// The table of the headings of options.
const HEADINGS: &str = "headings";
/// What a command is for, among its arguments.
const ABOUT: &str = "about";

/// What clap writes of its own in a line of usage and on a man page, and the Chinese for it.
pub(super) const CLAP_WORDS: [(&str, &str); 2] = [("[OPTIONS]", "[选项]"), ("[COMMAND]", "[命令]")];

/// The tree of commands with Chinese words. It is for reading: the values that it parses have lost their types.
pub fn command(english: Command) -> Command {
    let version = english.get_version().is_some();
    let mut command = translated(english, "");
    if version {
        let flag = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help("显示版本");
        command = command.disable_version_flag(true).arg(flag);
    }
    command.before_help(COMMANDS_ZH).after_help(AFTER_ZH)
}

fn translated(command: Command, above: &str) -> Command {
    let path = format!("{above} {}", command.get_name()).trim().to_owned();
    let mut command = match find(&path, ABOUT) {
        Some(text) => command
            .about(first_paragraph(text))
            .long_about(text.to_owned()),
        None => command,
    };
    command = command
        .mut_args(|arg| argument(arg, &path))
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help("显示这份说明（-h 是简短的）"),
        )
        .subcommand_value_name("命令")
        .subcommand_help_heading("命令");
    command.mut_subcommands(|inner| translated(inner, &path))
}

/// An argument with its words: its help, the names of its values and their help, its heading.
fn argument(mut arg: Arg, path: &str) -> Arg {
    let id = arg.get_id().to_string();
    let names: Vec<String> = match arg.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect(),
        None => vec![id.to_uppercase()],
    };
    if arg.get_action().takes_values() {
        let names: Option<Vec<&str>> = names.iter().map(|name| find(VALUE_NAMES, name)).collect();
        arg = match names {
            Some(names) => arg.value_names(names),
            None => arg,
        };
    }
    let values: Vec<PossibleValue> = arg
        .get_possible_values()
        .into_iter()
        .map(|value| {
            let key = format!("{id}={}", value.get_name());
            match find(path, &key) {
                Some(words) => value.help(words.to_owned()),
                None => value,
            }
        })
        .collect();
    if arg.get_action().takes_values() && !values.is_empty() {
        arg = arg.value_parser(PossibleValuesParser::new(values));
    }
    if let Some(heading) = arg.get_help_heading().and_then(|one| find(HEADINGS, one)) {
        arg = arg.help_heading(heading);
    }
    match find(path, &id) {
        Some(text) if text.contains("\n\n") => {
            arg.help(first_paragraph(text)).long_help(text.to_owned())
        }
        Some(text) => arg.help(text.to_owned()),
        None => arg,
    }
}

fn find(table: &str, key: &str) -> Option<&'static str> {
    Some(WORDS.get(table)?.get(key)?.as_str())
}

fn first_paragraph(text: &str) -> String {
    text.split("\n\n").next().unwrap_or(text).to_owned()
}

/// Gives each command of a built tree its whole help, so that clap prints it.
pub fn with_help(command: Command, is_long: bool, width: usize) -> Command {
    let help = help(command.clone(), is_long, width);
    command
        .mut_subcommands(|inner| with_help(inner, is_long, width))
        .override_help(help)
}

/// The help of a command of a built tree, with the styles of a terminal.
pub fn help(mut command: Command, is_long: bool, width: usize) -> String {
    let mut out = String::new();
    let about = command.get_long_about().filter(|_| is_long);
    if let Some(about) = about.or(command.get_about()) {
        paragraphs(&about.to_string(), 0, width, &mut out);
    }
    out.push_str(&format!("\n{}{}\n", title("用法："), usage(&mut command)));
    if let Some(overview) = command.get_before_help() {
        // Its last line is the heading of the options.
        out.push_str(&format!("\n{}\n", overview.ansi()));
    } else if command.has_subcommands() {
        out.push_str(&format!("\n{}\n", title("命令：")));
        let rows: Vec<(String, String)> = command
            .get_subcommands()
            .map(|inner| {
                let about = inner.get_about().map(ToString::to_string);
                (inner.get_name().to_owned(), about.unwrap_or_default())
            })
            .collect();
        list(&rows, width, &mut out);
    }
    let shown = |arg: &&Arg| !arg.is_hide_set();
    let args: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    let mut headings: Vec<&str> = Vec::new();
    for arg in &args {
        let heading = heading(arg);
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    headings.sort_by_key(|heading| rank(heading));
    for wanted in headings {
        if command.get_before_help().is_none() {
            out.push_str(&format!("\n{}\n", title(&format!("{wanted}："))));
        }
        let of: Vec<&Arg> = args
            .iter()
            .filter(|arg| heading(arg) == wanted)
            .copied()
            .collect();
        let rows: Vec<(String, String)> = of
            .iter()
            .map(|arg| (spelled(arg), told(arg, is_long)))
            .collect();
        list(&rows, width, &mut out);
    }
    if let Some(after) = command.get_after_help() {
        out.push_str(&format!("\n{}\n", after.ansi()));
    }
    out
}

const ARGUMENTS: &str = "参数";
const OPTIONS: &str = "选项";

fn heading(arg: &Arg) -> &str {
    match arg.get_help_heading() {
        Some(heading) => heading,
        None if arg.is_positional() => ARGUMENTS,
        None => OPTIONS,
    }
}

fn rank(heading: &str) -> u8 {
    match heading {
        ARGUMENTS => 0,
        OPTIONS => 1,
        _ => 2,
    }
}

/// The line of usage, without the word before it.
pub fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    in_chinese(usage)
}

/// A text of clap's with its own words in Chinese.
pub(super) fn in_chinese(text: &str) -> String {
    CLAP_WORDS
        .iter()
        .fold(text.to_owned(), |text, (en, zh)| text.replace(en, zh))
}

/// An argument as it is typed.
fn spelled(arg: &Arg) -> String {
    let names: String = arg.get_value_names().map_or_else(String::new, |names| {
        let names: Vec<String> = names.iter().map(|name| format!("<{name}>")).collect();
        names.join(" ")
    });
    if arg.is_positional() {
        return if arg.is_required_set() {
            names
        } else {
            format!("[{}]", names.trim_matches(['<', '>']))
        };
    }
    let short = arg.get_short().map(|short| format!("-{short}, "));
    let long = arg.get_long().unwrap_or_default();
    let value = if arg.get_action().takes_values() {
        format!(" {names}")
    } else {
        String::new()
    };
    format!("{}--{long}{value}", short.unwrap_or_else(|| "    ".into()))
}

/// What is told of an argument: its help, its values, its default.
fn told(arg: &Arg, is_long: bool) -> String {
    let long = arg.get_long_help().filter(|_| is_long);
    let mut text = long
        .or(arg.get_help())
        .map(ToString::to_string)
        .unwrap_or_default();
    if !arg.get_action().takes_values() {
        return text;
    }
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let values = arg.get_possible_values();
    let has_help = values.iter().any(|value| value.get_help().is_some());
    if is_long && has_help {
        for value in &values {
            let help = value
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            text.push_str(&format!("\n- {}：{help}", value.get_name()));
        }
        text.push('\n');
    } else if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        text.push_str(&format!(" [可以是：{}]", names.join("、")));
    }
    if !defaults.is_empty() {
        text.push_str(&format!(" [默认：{}]", defaults.join("、")));
    }
    text
}

/// Two columns: what is typed, and what it does.
fn list(rows: &[(String, String)], width: usize, out: &mut String) {
    const MARGIN: usize = 2;
    let widest = rows.iter().map(|(left, _)| left.width()).max().unwrap_or(0);
    let column = widest.saturating_add(2 * MARGIN);
    for (left, right) in rows {
        let pad = widest.saturating_sub(left.width());
        let margin = " ".repeat(MARGIN);
        out.push_str(&format!(
            "{margin}\x1b[1m{left}\x1b[0m{}{margin}",
            " ".repeat(pad)
        ));
        let mut lines = String::new();
        paragraphs(right, column, width, &mut lines);
        out.push_str(lines.trim_start());
    }
}

/// Fills each line of a text to the width, with an indent.
fn paragraphs(text: &str, indent: usize, width: usize, out: &mut String) {
    for line in text.lines() {
        if line.is_empty() {
            out.push('\n');
        } else {
            fill(line.trim(), indent, indent, width, out);
        }
    }
}

/// A heading as clap draws it.
fn title(words: &str) -> String {
    format!("\x1b[1;4m{words}\x1b[0m")
}

#[cfg(test)]
#[path = "chinese_tests.rs"]
mod tests;
