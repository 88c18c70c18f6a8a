//! What is read of a page's scripts without running them: texts that they show in a window, and addresses that they lead to.

/// More texts and addresses than the scripts of a login page hold, and the longest of them in bytes.
const MOST_STRINGS: usize = 50;
const LONGEST_STRING: usize = 2000;

/// The texts of `alert("...")` and its like, a line for each.
pub(super) fn shown(script: &str) -> String {
    let calls = ["alert(", "layer.msg(", "toast("];
    let mut lines = String::new();
    for text in calls.iter().flat_map(|call| strings(script, call)) {
        lines.push_str(&text);
        lines.push('\n');
    }
    lines
}

/// The addresses of `location.href = "..."` and its like.
pub(super) fn locations(script: &str) -> Vec<String> {
    let assignments = [
        "location.href",
        "location",
        "location.replace(",
        "location.assign(",
    ];
    let mut found = Vec::new();
    for text in assignments.iter().flat_map(|word| strings(script, word)) {
        if !found.contains(&text) && found.len() < MOST_STRINGS {
            found.push(text);
        }
    }
    found
}

/// The strings that stand behind a word, with nothing but blanks and one `=` between.
fn strings(script: &str, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = script;
    while let Some((_, after)) = rest.split_once(word) {
        rest = after;
        let value = after
            .trim_start()
            .strip_prefix('=')
            .unwrap_or(after.trim_start())
            .trim_start();
        if let Some(text) = string(value) {
            found.push(text);
        }
        if found.len() >= MOST_STRINGS {
            break;
        }
    }
    found
}

/// The string that a script's text begins with (ECMA-262 12.9.4), up to its closing quote.
fn string(text: &str) -> Option<String> {
    let mut chars = text.chars();
    let quote = chars.next().filter(|c| "\"'`".contains(*c))?;
    let mut read = String::new();
    while let Some(c) = chars.next() {
        if read.len() > LONGEST_STRING {
            return None;
        }
        if c == quote {
            return Some(read);
        }
        if c != '\\' {
            read.push(c);
            continue;
        }
        let digits = match chars.next()? {
            'n' | 'r' | 't' => {
                read.push(' ');
                continue;
            }
            'x' => 2,
            'u' => 4,
            other => {
                read.push(other);
                continue;
            }
        };
        let code: String = chars.by_ref().take(digits).collect();
        read.push(
            u32::from_str_radix(&code, 16)
                .ok()
                .and_then(char::from_u32)?,
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_scripts_are_read_with_their_escapes() {
        let script = r#"if (x) { top.location.href="https:\/\/desk.example\/?ticket\u003dST-1\x26a=b" } location = '/b';
            window.location.replace(`/c`); var location_of = "no"; alert('账号"已"锁定'); layer.msg("\u5df2\n锁定"); alert(x)"#;
        let found = locations(script);
        for wanted in ["https://desk.example/?ticket=ST-1&a=b", "/b", "/c"] {
            assert!(found.iter().any(|one| one == wanted), "{wanted} {found:?}");
        }
        assert!(!found.iter().any(|one| one == "no"));
        assert_eq!(shown(script), "账号\"已\"锁定\n已 锁定\n");
        assert!(locations("location='").is_empty() && locations(r"location='\u12").is_empty());
        let long = format!("alert('{}')", "x".repeat(5000));
        assert!(shown(&long).is_empty());
        assert!(locations(&"location='/a';location='/b';".repeat(50_000)).len() == 2);
    }
}
