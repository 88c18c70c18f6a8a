//! The references that are embedded in the program: `yingxin help TOPIC` prints them, GitHub shows the same files. The
//! Chinese ones are in `zh/`. It knows no command.

mod render;

use std::io::IsTerminal;

pub use render::{fill, plain_text};

use crate::text::Lang;

/// The widest text, in cells: longer lines are hard to read.
const WIDEST: usize = 100;
/// The width if stdout is no terminal, in cells.
const DEFAULT_WIDTH: usize = 80;

/// The width of a text on stdout, in cells.
pub fn width() -> usize {
    let columns = if std::io::stdout().is_terminal() {
        rustix::termios::tcgetwinsize(std::io::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
    } else {
        None
    };
    columns
        .filter(|columns| *columns > 0)
        .unwrap_or(DEFAULT_WIDTH)
        .min(WIDEST)
}

/// A reference.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The word to ask for it, which is also the name of its file.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// Its content in one line.
    pub about: &'static str,
    /// The same in Chinese.
    pub about_zh: &'static str,
    /// Its text, in Markdown.
    pub markdown: &'static str,
    /// The same in Chinese; `None` for what is kept in English alone.
    pub markdown_zh: Option<&'static str>,
}

impl Topic {
    /// Its content in one line of this language.
    pub fn about_in(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.about,
            Lang::Zh => self.about_zh,
        }
    }

    /// Its text in this language, where it has one; else in English.
    pub fn markdown_in(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.markdown,
            Lang::Zh => self.markdown_zh.unwrap_or(self.markdown),
        }
    }
}

/// All references, in the order of the list that `yingxin help` prints.
pub const TOPICS: &[Topic] = &[
    Topic {
        name: "config",
        aliases: &["configuration", "settings", "yingxin.toml"],
        about: "yingxin.toml: every setting, secrets, the environment",
        about_zh: "yingxin.toml：每一项设置、密钥、环境变量",
        markdown: include_str!("config.md"),
        markdown_zh: Some(include_str!("zh/config.md")),
    },
    Topic {
        name: "setup",
        aliases: &["answers", "copying", "export", "安装"],
        about: "a desk from a file of answers, and the same desk on the next machine",
        about_zh: "由一份回答建立迎新台，并在下一台电脑上照样再建",
        markdown: include_str!("setup.md"),
        markdown_zh: Some(include_str!("zh/setup.md")),
    },
    Topic {
        name: "pack",
        aliases: &["packs", "campus-pack"],
        about: "the campus pack: words, QR codes, routes and pages of a university",
        about_zh: "学校数据包：一所学校的用语、二维码、路线和页面",
        markdown: include_str!("pack.md"),
        markdown_zh: Some(include_str!("zh/pack.md")),
    },
    Topic {
        name: "sign-in",
        aliases: &["signin", "identity", "oidc", "cas", "ldap"],
        about: "the sign-in methods and their order",
        about_zh: "登录方式及其次序",
        markdown: include_str!("sign-in.md"),
        markdown_zh: Some(include_str!("zh/sign-in.md")),
    },
    Topic {
        name: "wecom",
        aliases: &["directory", "secrets", "connect"],
        about: "WeCom (企业微信): how much to connect, its secrets and its answers",
        about_zh: "企业微信：连接多少、它的密钥和答复",
        markdown: include_str!("wecom.md"),
        markdown_zh: Some(include_str!("zh/wecom.md")),
    },
    Topic {
        name: "sms",
        aliases: &["messages", "carriers", "modem"],
        about: "text messages: the carriers, their order, the modem",
        about_zh: "短信：通道、次序、短信猫",
        markdown: include_str!("sms.md"),
        markdown_zh: Some(include_str!("zh/sms.md")),
    },
    Topic {
        name: "practice",
        aliases: &["drill", "bad-days", "练习", "演练"],
        about: "practice: the phone, the bad days and the drill of five minutes",
        about_zh: "练习：模拟手机、坏日子和五分钟演练",
        markdown: include_str!("practice.md"),
        markdown_zh: Some(include_str!("zh/practice.md")),
    },
    Topic {
        name: "roster",
        aliases: &[],
        about: "the list of expected students",
        about_zh: "应到学生的名单",
        markdown: include_str!("roster.md"),
        markdown_zh: Some(include_str!("zh/roster.md")),
    },
    Topic {
        name: "report",
        aliases: &["day", "numbers", "日报"],
        about: "the numbers of a day: what is counted, and the formats",
        about_zh: "一天的数字：数了什么，有哪些格式",
        markdown: include_str!("report.md"),
        markdown_zh: Some(include_str!("zh/report.md")),
    },
    Topic {
        name: "store",
        aliases: &["retention", "backup", "audit"],
        about: "what is kept, for how long, and what protects it",
        about_zh: "存了什么、存多久、靠什么保护",
        markdown: include_str!("store.md"),
        markdown_zh: Some(include_str!("zh/store.md")),
    },
    Topic {
        name: "limits",
        aliases: &["bounds"],
        about: "how much is read of a list, an image, a pack and an answer",
        about_zh: "名单、图片、数据包和答复各读多少",
        markdown: include_str!("limits.md"),
        markdown_zh: Some(include_str!("zh/limits.md")),
    },
    Topic {
        name: "security",
        aliases: &["attacks"],
        about: "what was tried against the desk, what happens, and what is not protected",
        about_zh: "对迎新台试过哪些攻击、结果如何、什么没有保护",
        markdown: include_str!("security.md"),
        markdown_zh: Some(include_str!("zh/security.md")),
    },
    Topic {
        name: "measures",
        aliases: &["bench", "torture"],
        about: "measured speed, and the results of the fault injection",
        about_zh: "测得的速度，以及故障注入的结果",
        markdown: include_str!("measures.md"),
        markdown_zh: Some(include_str!("zh/measures.md")),
    },
    Topic {
        name: "changelog",
        aliases: &["changes", "news"],
        about: "the changes of each version",
        about_zh: "各版本的变化（英文）",
        markdown: include_str!("changelog.md"),
        markdown_zh: None,
    },
    Topic {
        name: "licence",
        aliases: &["license", "mit"],
        about: "the MIT licence",
        about_zh: "MIT 许可证（英文）",
        markdown: include_str!("licence.md"),
        markdown_zh: None,
    },
];

/// The topic of this name or alias; case does not matter.
pub fn find(name: &str) -> Option<&'static Topic> {
    let name = name.to_lowercase();
    TOPICS
        .iter()
        .find(|topic| topic.name == name || topic.aliases.contains(&name.as_str()))
}

#[cfg(test)]
mod tests;
