//! The references: found, plain, and the same in both languages.

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
        for &lang in Lang::ALL {
            for width in [40, 80, 100] {
                let text = plain_text(topic.markdown_in(lang), width);
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

/// The topics that stay in English: a list of changes and a licence.
const ENGLISH: [&str; 2] = ["changelog", "licence"];

/// What is the same in both languages, line by line: the level of each heading, the lines of code blocks without their
/// remarks, a table's rows and the number of their cells, the items of lists.
fn shape(markdown: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            shape.push(line.to_owned());
        } else if in_code {
            let code = line.split("  ").find(|part| !part.is_empty());
            let code = code.filter(|code| code.is_ascii() && !code.starts_with('#'));
            shape.push(format!("code {}", code.unwrap_or_default().trim()));
        } else if line.starts_with('#') {
            shape.push(line.chars().take_while(|c| *c == '#').collect());
        } else if line.starts_with('|') {
            let bars = line.replace("\\|", "").matches('|').count();
            shape.push(format!("row of {bars}"));
        } else if line.starts_with("- ") {
            shape.push("item".to_owned());
        }
    }
    shape
}

/// What stands in backticks, in any order and number.
fn code(markdown: &str) -> std::collections::BTreeSet<&str> {
    let mut found = std::collections::BTreeSet::new();
    for line in markdown.lines().filter(|line| !line.starts_with("```")) {
        found.extend(line.split('`').skip(1).step_by(2));
    }
    found
}

/// The figures of a table's rows, line by line.
fn figures(markdown: &str) -> Vec<Vec<&str>> {
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    rows.map(|row| {
        let parts = row.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let parts = parts.map(|part| part.trim_matches(['.', ',']));
        let mut figures: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        figures.sort_unstable();
        figures
    })
    .collect()
}

#[test]
fn what_was_measured_is_the_same_in_both_languages() {
    let topic = find("measures").unwrap();
    let (en, zh) = (figures(topic.markdown), figures(topic.markdown_zh.unwrap()));
    assert!(en.len() > 20);
    for (en, zh) in en.iter().zip(&zh) {
        assert_eq!(en, zh);
    }
}

#[test]
fn each_topic_is_whole_in_both_languages() {
    for topic in TOPICS {
        let Some(chinese) = topic.markdown_zh else {
            assert!(ENGLISH.contains(&topic.name), "{} in Chinese", topic.name);
            continue;
        };
        let name = topic.name;
        let (en, zh) = (shape(topic.markdown), shape(chinese));
        for (number, (en, zh)) in en.iter().zip(&zh).enumerate() {
            assert_eq!(en, zh, "{name}: part {number} of {en:?}");
        }
        assert_eq!(en.len(), zh.len(), "{name}");
        let (en, zh) = (code(topic.markdown), code(chinese));
        let lost: Vec<_> = en.symmetric_difference(&zh).collect();
        assert!(lost.is_empty(), "{name}: not in both: {lost:?}");
    }
}
