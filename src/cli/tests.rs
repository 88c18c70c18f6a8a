//! The command line: what is taken and what is refused.

use super::overview::COMMANDS;
use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_sound_and_its_help_names_every_command() {
    Cli::command().debug_assert();
    for command in Cli::command().get_subcommands() {
        let line = format!("\n  {}", command.get_name());
        assert!(COMMANDS.contains(&line), "{}", command.get_name());
    }
}

#[test]
fn a_scale_is_auto_or_a_small_number() {
    assert_eq!("auto".parse(), Ok(Scale::Auto));
    assert_eq!("2".parse(), Ok(Scale::By(2)));
    for bad in ["0", "-1", "33", "large", ""] {
        assert!(bad.parse::<Scale>().is_err(), "{bad}");
    }
}

#[test]
fn wrong_lines_are_refused() {
    let parse = |line: &str| Cli::try_parse_from(line.split_whitespace()).map(|_| ());
    for line in [
        "yingxin",
        "yingxin --lang en practice",
        "yingxin practice --store /tmp/x --listen 127.0.0.1:8080",
        "yingxin campus --listen 127.0.0.1:0 --state /tmp/x",
        "yingxin qr https://a.example/ --scale 2",
        "yingxin qr --read a.png",
        "yingxin visits list --json",
        "yingxin tickets export --format json",
        "yingxin tickets show ta347xk",
        "yingxin roster import list.csv --number 考号 --skip-faulty",
        "yingxin roster stats",
        "yingxin visits forget 20260001",
        "yingxin report",
        "yingxin report --day 2026-09-01 --format html",
        "yingxin report --day 2026-09-01..2026-09-30 --format csv --persons",
        "yingxin store backup a.backup --expires 3",
        "yingxin audit show 017-4822 --unmasked",
        "yingxin completions bash",
        "yingxin doctor",
        "yingxin doctor --json --sms 13800138000",
        "yingxin pack new",
        "yingxin pack new my.toml",
        "yingxin pack check my.toml",
    ] {
        assert!(parse(line).is_ok(), "{line}");
    }
    for line in [
        "yingxin kosk",
        "yingxin --lang fr",
        "yingxin campus",
        "yingxin qr",
        "yingxin qr a --read a.png",
        "yingxin qr a --scale 0",
        "yingxin practice --listen nowhere",
        "yingxin visits",
        "yingxin tickets export --format xls",
        "yingxin roster import",
        "yingxin report --day yesterday",
        "yingxin report --day 2026-09-02..2026-09-01",
        "yingxin report --format pdf",
        "yingxin store",
        "yingxin store backup a.backup --expires 0",
        "yingxin audit show",
        "yingxin pack",
        "yingxin pack check",
    ] {
        assert_eq!(parse(line).map_err(|e| e.exit_code()), Err(2), "{line}");
    }
}
