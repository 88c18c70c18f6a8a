//! The references that are embedded in the program: `yingxin help TOPIC` prints them, GitHub shows the same files. It
//! knows no command and no other module.

mod render;

pub use render::plain_text;

/// A reference.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The word to ask for it, which is also the name of its file.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// Its content in one line.
    pub about: &'static str,
    /// Its text, in Markdown.
    pub markdown: &'static str,
}

/// All references, in the order of the list that `yingxin help` prints.
pub const TOPICS: &[Topic] = &[
    Topic {
        name: "config",
        aliases: &["configuration", "settings", "yingxin.toml"],
        about: "yingxin.toml: every setting, secrets, the environment",
        markdown: include_str!("config.md"),
    },
    Topic {
        name: "setup",
        aliases: &["answers", "copying", "export", "安装"],
        about: "a desk from a file of answers, and the same desk on the next machine",
        markdown: include_str!("setup.md"),
    },
    Topic {
        name: "pack",
        aliases: &["packs", "campus-pack"],
        about: "the campus pack: words, QR codes, routes and pages of a university",
        markdown: include_str!("pack.md"),
    },
    Topic {
        name: "sign-in",
        aliases: &["signin", "identity", "oidc", "cas", "ldap"],
        about: "the sign-in methods and their order",
        markdown: include_str!("sign-in.md"),
    },
    Topic {
        name: "wecom",
        aliases: &["directory", "secrets", "connect"],
        about: "WeCom (企业微信): how much to connect, its secrets and its answers",
        markdown: include_str!("wecom.md"),
    },
    Topic {
        name: "sms",
        aliases: &["messages", "carriers", "modem"],
        about: "text messages: the carriers, their order, the modem",
        markdown: include_str!("sms.md"),
    },
    Topic {
        name: "practice",
        aliases: &["drill", "bad-days", "练习", "演练"],
        about: "practice: the phone, the bad days and the drill of five minutes",
        markdown: include_str!("practice.md"),
    },
    Topic {
        name: "roster",
        aliases: &[],
        about: "the list of expected students",
        markdown: include_str!("roster.md"),
    },
    Topic {
        name: "report",
        aliases: &["day", "numbers", "日报"],
        about: "the numbers of a day: what is counted, and the formats",
        markdown: include_str!("report.md"),
    },
    Topic {
        name: "store",
        aliases: &["retention", "backup", "audit"],
        about: "what is kept, for how long, and what protects it",
        markdown: include_str!("store.md"),
    },
    Topic {
        name: "limits",
        aliases: &["bounds"],
        about: "how much is read of a list, an image, a pack and an answer",
        markdown: include_str!("limits.md"),
    },
    Topic {
        name: "security",
        aliases: &["attacks"],
        about: "what was tried against the desk, what happens, and what is not protected",
        markdown: include_str!("security.md"),
    },
    Topic {
        name: "measures",
        aliases: &["bench", "torture"],
        about: "measured speed, and the results of the fault injection",
        markdown: include_str!("measures.md"),
    },
    Topic {
        name: "changelog",
        aliases: &["changes", "news"],
        about: "the changes of each version",
        markdown: include_str!("changelog.md"),
    },
    Topic {
        name: "licence",
        aliases: &["license", "mit"],
        about: "the MIT licence",
        markdown: include_str!("licence.md"),
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
mod tests {
    use super::*;

    #[test]
    fn each_topic_is_found_by_one_name_only() {
        let mut names: Vec<&str> = TOPICS
            .iter()
            .flat_map(|topic| topic.aliases.iter().chain([&topic.name]))
            .copied()
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(
            find("Configuration").map(|topic| topic.name),
            Some("config")
        );
        assert!(find("kitchen").is_none());
    }

    #[test]
    fn each_topic_is_plain_text_that_fits() {
        for topic in TOPICS {
            for width in [40, 80, 100] {
                let text = plain_text(topic.markdown, width);
                assert!(text.len() > 200, "{}", topic.name);
                assert!(
                    text.chars().all(|c| c == '\n' || !c.is_control()),
                    "{} holds a control character",
                    topic.name
                );
                assert!(!text.contains("**") && !text.contains("]("), "{text}");
            }
        }
    }
}
