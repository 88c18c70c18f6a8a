//! Both languages of the command line whole: no words missing, none left over, no English between the Chinese.

use std::collections::BTreeSet;

use clap::{CommandFactory, Parser};

use super::*;
use crate::cli::Cli;
use crate::cli::overview::{AFTER, COMMANDS};

/// Every command with its path, and the tree below it.
fn walk<'a>(command: &'a Command, above: &str, found: &mut Vec<(String, &'a Command)>) {
    let path = format!("{above} {}", command.get_name()).trim().to_owned();
    for inner in command.get_subcommands() {
        walk(inner, &path, found);
    }
    found.push((path, command));
}

/// The keys that the tree needs.
fn wanted(root: &Command) -> BTreeSet<(String, String)> {
    let mut found = Vec::new();
    walk(root, "", &mut found);
    let mut keys = BTreeSet::new();
    for (path, command) in found {
        keys.insert((path.clone(), ABOUT.to_owned()));
        for arg in command.get_arguments() {
            let id = arg.get_id().to_string();
            keys.insert((path.clone(), id.clone()));
            let takes = arg.get_action().takes_values();
            for value in arg.get_possible_values().iter().filter(|_| takes) {
                if value.get_help().is_some() && id != "shell" {
                    keys.insert((path.clone(), format!("{id}={}", value.get_name())));
                }
            }
            let names = arg.get_value_names().map(<[_]>::to_vec);
            for name in names.into_iter().flatten().filter(|_| takes) {
                keys.insert((VALUE_NAMES.to_owned(), name.to_string()));
            }
            if takes && arg.get_value_names().is_none() {
                keys.insert((VALUE_NAMES.to_owned(), id.to_uppercase()));
            }
            if let Some(heading) = arg.get_help_heading() {
                keys.insert((HEADINGS.to_owned(), heading.to_owned()));
            }
        }
    }
    keys
}

#[test]
fn each_command_and_argument_has_chinese_words_and_no_words_are_left_over() {
    let file: Words = toml::from_str(include_str!("zh-CN.toml")).unwrap();
    let there: BTreeSet<(String, String)> = file
        .iter()
        .flat_map(|(table, keys)| keys.keys().map(|key| (table.clone(), key.clone())))
        .collect();
    let wanted = wanted(&Cli::command());
    let missing: Vec<_> = wanted.difference(&there).collect();
    assert!(missing.is_empty(), "missing in cli/zh-CN.toml: {missing:?}");
    let unused: Vec<_> = there.difference(&wanted).collect();
    assert!(unused.is_empty(), "unused in cli/zh-CN.toml: {unused:?}");
}

#[test]
fn what_has_more_to_say_in_one_language_has_it_in_the_other() {
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    let (english, chinese) = (Cli::command(), command(Cli::command()));
    walk(&english, "", &mut en);
    walk(&chinese, "", &mut zh);
    for ((path, en), (_, zh)) in en.iter().zip(&zh) {
        let has_more = en.get_long_about().is_some();
        let text = zh.get_long_about().map(ToString::to_string);
        let is_long = text.is_some_and(|text| text.contains("\n\n"));
        assert_eq!(has_more, is_long, "{path}");
        for arg in en.get_arguments() {
            let same = zh
                .get_arguments()
                .find(|other| other.get_id() == arg.get_id());
            let more = same.unwrap().get_long_help().is_some();
            assert_eq!(arg.get_long_help().is_some(), more, "{path} {arg}");
        }
    }
}

/// The words of Latin letters in a text, without what is typed: commands, options, values, file names, key names.
fn latin(text: &str) -> Vec<String> {
    let plain = text.replace(
        |c: char| !c.is_ascii_alphanumeric() && !"-_./~$`<>[]".contains(c),
        " ",
    );
    plain
        .split_whitespace()
        .map(|word| word.trim_matches(['.', '[', ']', '<', '>', '`']).to_owned())
        .filter(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic()))
        .collect()
}

#[test]
fn no_english_stands_in_the_chinese_help() {
    let mut root = command(Cli::command());
    root.build();
    let mut all = Vec::new();
    walk(&root, "", &mut all);
    let mut known: BTreeSet<String> = [
        "yingxin", "root", "JSON", "TOML", "HTML", "Excel", "XLSX", "xlsx", "https", "example",
        "SIGTERM", "SIGINT", "SIGHUP", "OpenID", "Connect", "OPTIONS", "PAGER", "less", "shell",
        "SHELL", "argon", "auto", "light",
    ]
    .map(str::to_owned)
    .into();
    for (_, command) in &all {
        known.insert(command.get_name().to_owned());
        for arg in command.get_arguments() {
            for value in arg.get_possible_values() {
                known.insert(value.get_name().to_owned());
            }
        }
    }
    for (path, command) in all {
        for is_long in [false, true] {
            for width in [60, 80, 100] {
                let text = help((*command).clone(), is_long, width);
                let plain = clap::builder::StyledStr::from(text).to_string();
                for word in latin(&plain) {
                    assert!(known.contains(&word), "{path}: {word:?} in {plain}");
                }
                let longest = plain.lines().map(UnicodeWidthStr::width).max();
                let own = command.get_before_help().is_some();
                assert!(
                    own || longest <= Some(width + 4),
                    "{path}: {longest:?} {plain}"
                );
            }
        }
    }
}

#[test]
fn both_overviews_name_the_same_commands_and_the_same_codes() {
    let names = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
        lines
            .map(|line| line.chars().take(12).collect::<String>().trim().to_owned())
            .collect()
    };
    assert_eq!(names(COMMANDS), names(COMMANDS_ZH));
    let codes = |text: &str| -> Vec<String> {
        let (_, codes) = text.rsplit_once("0m\n").unwrap();
        let words = codes.split_whitespace();
        words
            .filter(|word| word.chars().all(|c| c.is_ascii_digit()))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(codes(AFTER), codes(AFTER_ZH));
}

#[test]
fn a_wrong_line_is_told_in_chinese() {
    use crate::cli::CliRefusal;
    for (line, wanted) in [
        ("roster imprt", "没有“imprt”这个命令"),
        ("roster imprt", "您要的是不是这个命令：import？"),
        ("store backup", "缺少参数：<文件>"),
        ("store backup", "用法：yingxin store backup <文件>"),
        ("--lang fr", "--lang <语言> 不能是“fr”，可以是：zh-CN、en"),
        ("practice --listen", "--listen <地址> 后面缺少值"),
        ("practice --listen x", "：要写成 127.0.0.1:8080"),
        (
            "store backup a --expires 0",
            "--expires <天数> 不能是“0”：应在 1..=3650 之内",
        ),
        ("store backup a --expires x", "：要写一个整数"),
        ("qr a --read b", "[文字] 不能与 --read <图片> 同用"),
        ("pin --list=3", "--list 多了一个值“3”"),
        ("--frob", "没有“--frob”这个参数"),
        ("--frob", "用法：yingxin [选项] [命令]"),
        ("store", "通读整个存储"),
        ("report --help", "- html：一个网页，不需要别的文件"),
        ("report -h", "[可以是：text、csv、html、json] [默认：text]"),
        ("-h", "在台前："),
        ("tickets list --help", "列出全部工单"),
    ] {
        let words: Vec<String> = format!("yingxin {line}")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let english = Cli::try_parse_from(&words).unwrap_err();
        let code = english.exit_code();
        let refusal = CliRefusal::in_chinese(&words, english);
        let text = refusal.to_string();
        assert!(text.contains(wanted), "{line}: {text}");
        let CliRefusal::Chinese(error) = refusal else {
            panic!("{line}");
        };
        assert_eq!(error.exit_code(), code, "{line}");
    }
}
