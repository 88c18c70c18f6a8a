//! The references: README, `yingxin help`, the man pages, the version. What is generated agrees with its source.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yingxin::help::TOPICS;
use yingxin::text::Lang;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn run(line: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yingxin"))
        .args(line)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_MESSAGES", "en_US.UTF-8")
        .output()
        .unwrap()
}

/// What a command that succeeds prints.
fn printed(line: &[&str]) -> String {
    let output = run(line);
    assert!(output.status.success(), "{line:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_settings_in_the_reference_are_the_programs() {
    const BEGIN: &str =
        "<!-- generated from the settings: YINGXIN_BLESS=1 cargo test references -->\n";
    const END: &str = "<!-- end of the settings -->\n";
    for (path, lang) in [
        ("src/help/config.md", Lang::En),
        ("src/help/zh/config.md", Lang::Zh),
    ] {
        let path = root().join(path);
        let text = read(&path);
        let (before, rest) = text.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let settings = yingxin::config::settings_markdown(lang);
        let wanted = format!("{before}{BEGIN}{}\n\n{END}{after}", settings.trim_end());
        if std::env::var_os("YINGXIN_BLESS").is_some() {
            std::fs::write(&path, &wanted).unwrap();
        }
        assert!(
            read(&path) == wanted,
            "{} differs from the settings; write it anew: YINGXIN_BLESS=1 cargo test references",
            path.display()
        );
    }
}

#[test]
fn the_readme_is_short_and_leads_to_every_reference() {
    let readme = read(&root().join("README.md"));
    let lines = readme.lines().count();
    assert!(lines <= 180, "{lines} lines");
    for topic in TOPICS.iter().filter(|topic| topic.name != "licence") {
        let link = format!("[{0}](src/help/{0}.md)", topic.name);
        assert!(readme.contains(&link), "{link}");
    }
    for code in [0, 1, 2, 65, 66, 69, 73, 74, 75, 77, 78] {
        assert!(readme.contains(&format!("| {code} |")), "{code}");
    }
    let licence = read(&root().join("src/help/licence.md"));
    assert!(readme.ends_with(&format!("\n#{licence}")), "the licence");
}

#[test]
fn each_link_leads_to_a_file() {
    let mut pages: Vec<PathBuf> = TOPICS
        .iter()
        .map(|topic| root().join(format!("src/help/{}.md", topic.name)))
        .collect();
    let chinese = TOPICS.iter().filter(|topic| topic.markdown_zh.is_some());
    pages.extend(chinese.map(|topic| root().join(format!("src/help/zh/{}.md", topic.name))));
    pages.push(root().join("README.md"));
    for page in pages {
        let text = read(&page);
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            if !target.contains("://") {
                let file = page.parent().unwrap().join(target);
                assert!(file.exists(), "{}: {target}", page.display());
            }
        }
    }
}

/// The text of every source below a folder.
fn sources(dir: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all += &read(&path);
        }
    }
    all
}

#[test]
fn each_attack_has_a_test() {
    let all = sources(&root().join("src")) + &sources(&root().join("tests"));
    let table = read(&root().join("src/help/security.md"));
    let mut rows = 0;
    for row in table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with("| test |"))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let ["", tried, happens, _, test, ""] = cells[..] else {
            panic!("{row}");
        };
        assert!(!tried.is_empty() && !happens.is_empty(), "{row}");
        let name = test.trim_matches('`');
        assert!(all.contains(&format!("fn {name}()")), "{row}");
        rows += 1;
    }
    assert!(rows >= 30, "{rows} rows");
}

#[test]
fn help_prints_topics_and_commands() {
    let list = printed(&["help"]);
    for topic in TOPICS {
        assert!(list.contains(&format!("\n  {} ", topic.name)), "{list}");
        let text = printed(&["help", topic.name]);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        assert!(text.len() > topic.markdown.len() / 2, "{}", topic.name);
    }
    let backup = printed(&["help", "store", "backup"]);
    assert!(backup.contains("--expires <DAYS>"), "{backup}");
    let store = printed(&["help", "store"]);
    assert!(store.contains("Usage: yingxin store"), "{store}");
    assert!(store.contains("\nRetention\n---------\n"), "{store}");
    let unknown = run(&["help", "wecm"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(unknown.stderr).unwrap(),
        "yingxin: there is no topic or command \"wecm\"\n   help: did you mean `wecom`?\n"
    );
}

#[test]
fn the_man_pages_name_every_command() {
    let page = printed(&["man"]);
    for name in ["yingxin\\-practice(1)", "\\-\\-config", "Exit codes"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    let dir = tempfile::tempdir().unwrap();
    printed(&["man", dir.path().to_str().unwrap()]);
    for name in ["yingxin.1", "yingxin-store.1", "yingxin-store-backup.1"] {
        assert!(dir.path().join(name).exists(), "{name}");
    }
    let missing = run(&["man", dir.path().join("none").to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(66));
}

/// `--lang zh-CN`: the same commands in Chinese.
#[test]
fn help_and_man_pages_are_in_chinese_too() {
    let zh = |line: &[&str]| printed(&[&["--lang", "zh-CN"], line].concat());
    let list = zh(&["help"]);
    assert!(
        list.contains("参考手册") && list.contains("所用语言"),
        "{list}"
    );
    for topic in TOPICS {
        assert!(list.contains(topic.about_zh), "{}", topic.name);
        let text = zh(&["help", topic.name]);
        let title = topic.markdown_in(Lang::Zh).lines().next().unwrap();
        let title = title.trim_start_matches("# ").replace('*', "");
        assert!(text.contains(&title), "{text}");
    }
    let backup = zh(&["help", "store", "backup"]);
    assert!(backup.contains("--expires <天数>"), "{backup}");
    assert_eq!(backup, zh(&["store", "backup", "--help"]));
    let page = zh(&["man"]);
    for name in ["名称", "用法", "退出码", "yingxin\\-practice(1)"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    let dir = tempfile::tempdir().unwrap();
    zh(&["man", dir.path().to_str().unwrap()]);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let page = read(&path);
        for english in [
            "NAME\n",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "SUBCOMMANDS",
            "EXTRA",
            "VERSION",
            "Print",
            "[default",
            "possible values",
            "Possible",
        ] {
            assert!(!page.contains(english), "{english}: {}", page);
        }
    }
}

#[test]
fn the_version_names_the_commit() {
    let version = printed(&["--version"]);
    let start = format!("yingxin {}", env!("CARGO_PKG_VERSION"));
    assert!(version.starts_with(&start), "{version}");
    if root().join(".git").exists() {
        let commit = version.trim().strip_prefix(&format!("{start} (")).unwrap();
        let hash = commit.split(' ').next().unwrap();
        assert!(
            hash.len() >= 10 && hash.chars().all(|c| c.is_ascii_hexdigit()),
            "{version}"
        );
    }
}
