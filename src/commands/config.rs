//! `yingxin config init|check`.

use super::say;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Flags, environment};
use crate::escape;

/// Writes a commented file to the path of `--config`, or to the first place that is searched.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn init(flags: &Flags) -> CliResult<()> {
    let path = flags
        .config
        .clone()
        .or_else(|| config::places(&environment).into_iter().next())
        .ok_or_else(|| {
            CliError::new(
                Exit::Configuration,
                both!(
                    "there is no place for the file: $HOME is not set",
                    "没有放文件的地方：$HOME 没有设"
                ),
                both!("give --config FILE", "请给出 --config 文件"),
            )
        })?;
    config::init(&path)?;
    say(&both!(
        "wrote {}\nNothing is set in it yet. Take the `#` from the lines you need, then run: yingxin config check\n",
        "已写出 {}\n里面还什么都没有设。请去掉所需各行的 `#`，然后运行：yingxin config check\n",
        escape::path(&path)
    ))
}

/// Prints the settings in effect and their sources, and checks all that needs no connection.
///
/// # Errors
/// A setting is wrong. The table is printed before the error if it could be made.
pub fn check(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let mut text = match &config.file {
        Some(path) => both!("file  {}\n\n", "文件  {}\n\n", escape::path(path)),
        None => {
            let places: Vec<String> = config::places(&environment)
                .iter()
                .map(|path| escape::path(path))
                .collect();
            both!(
                "no file; looked for {}\n\n",
                "没有文件；找过 {}\n\n",
                places.join(" and ")
            )
        }
    };
    text.push_str(&config::table(&config, &environment));
    say(&text)?;
    config.connections(&environment)?;
    let pack = super::prepare::pack(&config)?;
    super::pack::print_faults(&pack.troubles);
    let open: Vec<String> = pack.missing().into_iter().map(|m| m.key()).collect();
    let open = if open.is_empty() {
        both!("nothing is left open", "没有未填的")
    } else {
        both!("left open: {}", "没有填的：{}", open.join(", "))
    };
    let pin = if config.pin_file.exists() {
        pick("set", "已设")
    } else {
        pick(
            "not set: a real desk does not start without one (run: yingxin pin)",
            "没有设：没有 PIN 的正式迎新台不启动（请运行：yingxin pin）",
        )
    };
    say(&both!(
        "\npack  {}; {open}\nPIN   {pin}\n",
        "\n数据包  {}；{open}\nPIN     {pin}\n",
        pack.id
    ))
}
