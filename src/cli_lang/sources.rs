//! Each error of the program is made in both languages: looked for in the sources, for a text that was forgotten compiles.

use std::path::{Path, PathBuf};

/// What makes an error for the command line; its texts stand in its brackets.
const MAKERS: [&str; 7] = [
    "CliError::new(",
    "CliError::io(",
    "InvalidSetting::new(",
    ".fault(",
    ".fault_in(",
    ".wrong_type(",
    "unfit(",
];
/// What has a text of an error as its value.
const NAMED: [&str; 4] = ["let what = ", "let remedy = ", "what: ", "remedy: "];
/// What has both languages.
const BOTH: [&str; 2] = ["both!(", "pick("];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // The practice campus speaks to trainers' terminals through `commands`, the core and the screen have no errors
            // of the command line.
            if !["practice", "screen", "tests", "text", "visit"].contains(&name) {
                sources(&path, found);
            }
        } else if name.ends_with(".rs") && !name.contains("tests") && name != "sources.rs" {
            found.push(path);
        }
    }
}

/// What stands in the brackets that are open at the start.
fn in_brackets(text: &str) -> &str {
    let mut depth = 1_usize;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                while let Some((_, c)) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '\'' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let is_char = rest.starts_with('\\') || rest.chars().nth(1) == Some('\'');
                if is_char {
                    let skip = if rest.starts_with('\\') { 3 } else { 2 };
                    chars.by_ref().take(skip).for_each(drop);
                }
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

/// The text without what has both languages.
fn one_language(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let next = |text: &str| {
        let found = BOTH
            .iter()
            .filter_map(|mark| Some((text.find(mark)?, mark.len())));
        found.min()
    };
    while let Some((at, length)) = next(rest) {
        out.push_str(&rest[..at]);
        let inner = in_brackets(&rest[at + length..]);
        rest = &rest[at + length + inner.len()..];
    }
    out + rest
}

/// The first literal in which two words stand.
fn sentence(text: &str) -> Option<&str> {
    let mut parts = text.split('"').skip(1).step_by(2);
    parts.find(|literal| {
        // What stands in braces is no word, and what is in both languages has words of the other.
        let mut is_in = false;
        let literal: String = literal
            .chars()
            .filter(|c| {
                is_in = (is_in || *c == '{') && *c != '}';
                !is_in
            })
            .collect();
        if !literal.is_ascii() {
            return false;
        }
        let mut words = literal.split(' ').map(|word| {
            let letters = word.chars().filter(char::is_ascii_lowercase);
            letters.count() > 1
        });
        let first = words.by_ref().any(|is_word| is_word);
        first && words.any(|is_word| is_word)
    })
}

/// The texts of errors that stand in one language.
fn faults(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let source = source.replace("\\\"", "'");
    let mut found = Vec::new();
    for maker in MAKERS {
        for (at, _) in source.match_indices(maker) {
            let inner = in_brackets(&source[at + maker.len()..]);
            let left = one_language(inner);
            found.extend(sentence(&left).map(|text| format!("{maker} {text}")));
        }
    }
    for named in NAMED {
        for (at, _) in source.match_indices(named) {
            let value = &source[at + named.len()..];
            let value = value.strip_prefix("format!(").unwrap_or(value).trim_start();
            let literal = value
                .strip_prefix('"')
                .and_then(|text| text.split('"').next());
            let quoted = literal.map(|literal| format!("\"{literal}\""));
            let text = quoted.as_deref().and_then(sentence);
            found.extend(text.map(|text| format!("{named}{text}")));
        }
    }
    found
}

#[test]
fn each_error_of_the_command_line_is_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 100);
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        all.extend(
            faults(&text)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    assert!(all.is_empty(), "in one language alone:\n{}", all.join("\n"));
}

#[test]
fn a_text_in_one_language_is_found() {
    let new = |what: &str| {
        format!("fn f() {{ CliError::new(Exit::Usage, {what}, pick(\"try it\", \"请试\")) }}")
    };
    for (what, wanted) in [
        ("\"it is wrong\"", 1),
        ("format!(\"it is ({n}) wrong\")", 1),
        ("both!(\"it is ({n}) wrong\", \"有误（{n}）\")", 0),
        ("pick(\"it is wrong\", \"有误\")", 0),
        ("what", 0),
        ("both!(\"a b\", \"有误\") + \"and more\"", 1),
    ] {
        assert_eq!(faults(&new(what)).len(), wanted, "{what}");
    }
    assert_eq!(faults("let what = format!(\"it is {wrong}\");").len(), 1);
    assert_eq!(
        faults("Fault { remedy: \"write it once\".into() }").len(),
        1
    );
}
