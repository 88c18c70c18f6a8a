//! `yingxin help [TOPIC]`: a reference, or the help of a command, in a pager if stdout is a terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Seek, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::{MemfdFlags, memfd_create};

use super::say;
use crate::cli::{Cli, chinese};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, lang};
use crate::config::environment;
use crate::help::{TOPICS, find, plain_text, width};
use crate::table::{nearest, suggest};
use crate::text::Lang;

/// Prints the topics, a topic, or the help of a command. A command and a topic of the same name, such as `store`, are
/// printed one after the other.
///
/// # Errors
/// There is no such topic or command, or stdout cannot be written.
pub fn run(words: &[String]) -> CliResult<()> {
    if words.is_empty() {
        return show(&list());
    }
    let width = width();
    let command = command_help(words);
    let topic = match words {
        [word] => find(word).map(|topic| plain_text(topic.markdown_in(lang()), width)),
        _ => None,
    };
    let parts: Vec<String> = [command, topic].into_iter().flatten().collect();
    if parts.is_empty() {
        return Err(unknown(&words.join(" ")));
    }
    show(&parts.join("\n\n"))
}

/// The list of topics.
fn list() -> String {
    let topics: String = TOPICS
        .iter()
        .map(|topic| format!("  {:<11}{}\n", topic.name, topic.about_in(lang())))
        .collect();
    both!(
        "Topics, by `yingxin help TOPIC`:\n\n{}\nCommands: `yingxin --help` lists them, `yingxin help COMMAND` explains \
         one.\n\nThis is English by --lang, desk.language or the locale (LC_ALL, LC_MESSAGES, LANG), in this order; where\nthe \
         locale names no language it is Chinese, but not on the Linux console, which cannot show it.\n",
        "参考手册，用 `yingxin help 主题` 看：\n\n{}\n命令：`yingxin --help` 列出全部，`yingxin help 命令` 说明其中一个。\n\n\
         所用语言依次按 --lang、desk.language、系统语言环境（LC_ALL、LC_MESSAGES、LANG）；\n语言环境没有指明语言时用中文，\
         但 Linux 控制台显示不了中文，用英文。\n",
        topics
    )
}

/// clap's help of the command that these words name, such as `store backup`.
fn command_help(words: &[String]) -> Option<String> {
    let mut command = Cli::command_in(lang());
    command.build();
    if lang() == Lang::Zh {
        command = chinese::with_help(command, true, width());
    }
    let mut found = &mut command;
    for word in words {
        found = found.find_subcommand_mut(word)?;
    }
    Some(found.render_long_help().to_string())
}

fn unknown(name: &str) -> CliError {
    let command = Cli::command_in(Lang::En);
    let names: Vec<&str> = TOPICS
        .iter()
        .flat_map(|topic| topic.aliases.iter().copied().chain([topic.name]))
        .chain(command.get_subcommands().map(|command| command.get_name()))
        .collect();
    let remedy = match nearest(name, &names) {
        Some(_) => suggest(name, &names),
        None => both!(
            "`yingxin help` lists the topics, `yingxin --help` the commands",
            "`yingxin help` 列出主题，`yingxin --help` 列出命令"
        ),
    };
    CliError::new(
        Exit::Usage,
        both!(
            "there is no topic or command {:?}",
            "没有“{}”这个主题或命令",
            name
        ),
        remedy,
    )
}

/// Prints the text: on a terminal with `$PAGER`, `less` or `more`, else directly.
fn show(text: &str) -> CliResult<()> {
    if io::stdout().is_terminal() {
        page(text);
    }
    say(text)
}

/// Replaces this process by a pager that reads the text; returns only if there is none. The pager takes the place of
/// the process so that Ctrl-C reaches the pager alone.
fn page(text: &str) {
    let Ok(file) = in_memory(text) else {
        return;
    };
    let chosen = environment("PAGER").unwrap_or_default();
    for candidate in [chosen.as_str(), "less -R", "more"] {
        let mut words = candidate.split_whitespace();
        let (Some(program), Ok(input)) = (words.next(), file.try_clone()) else {
            continue;
        };
        let mut pager = Command::new(program);
        pager.args(words).stdin(input);
        if environment("LESS").is_none() {
            // Ends by itself if the text fits the screen, and leaves it there.
            pager.env("LESS", "FRX");
        }
        // `exec` returns only if the program cannot be started.
        let _ = pager.exec();
    }
}

/// A file without a name that holds the text.
fn in_memory(text: &str) -> io::Result<File> {
    let mut file = File::from(memfd_create("yingxin-help", MemfdFlags::CLOEXEC)?);
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}
