//! Foreign text as it may be printed or logged: a key, a path, a sheet's name or a server's words must not act on the
//! terminal, hide, or pass for a line of the program's own. It is escaped once, where it is printed.
//!
//! The escapes are JSON's (`\u001b`): what is printed as JSON is read back as it was.

use std::fmt::Write;
use std::path::Path;

use crate::visit::is_format;

/// What a spreadsheet takes for UTF-8.
const BOM: char = '\u{feff}';

/// A text that stands within a line: line breaks are escaped as well.
pub fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut safe, c);
    }
    safe
}

/// A path within a line.
pub fn path(path: &Path) -> String {
    line(&path.to_string_lossy())
}

/// A whole text: line breaks and tabs stay, and what a sheet begins with.
pub fn lines(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    if let Some(sheet) = text.strip_prefix(BOM) {
        safe.push(BOM);
        rest = sheet;
    }
    let mut rest = rest.chars().peekable();
    while let Some(c) = rest.next() {
        let stays = matches!(c, '\n' | '\t') || c == '\r' && rest.peek() == Some(&'\n');
        if stays {
            safe.push(c)
        } else {
            push(&mut safe, c)
        }
    }
    safe
}

/// Adds a character, as itself or as its escape. What only joins the parts of a picture, as in many emoji, stays.
fn push(safe: &mut String, c: char) {
    let joins = matches!(c, '\u{200d}' | '\u{fe0f}');
    if !c.is_control() && (joins || !is_format(c)) {
        return safe.push(c);
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a string does not fail.
        let _ = write!(safe, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_on_a_terminal_is_written_out_and_the_rest_stays() {
        for (text, safe) in [
            ("a\u{1b}]0;x\u{7}b", "a\\u001b]0;x\\u0007b"),
            ("\u{9b}2J\u{7f}", "\\u009b2J\\u007f"),
            ("\u{202e}\u{2066}\u{200b}", "\\u202e\\u2066\\u200b"),
            ("\u{e0041}", "\\udb40\\udc41"),
            ("one\r\ntwo\t\u{2028}", "one\\u000d\\u000atwo\\u0009\\u2028"),
            ("\u{feff}学号", "\\ufeff学号"),
            ("张三 C:\\新 👨‍👩‍👧 ❤\u{fe0f}", "张三 C:\\新 👨‍👩‍👧 ❤\u{fe0f}"),
        ] {
            assert_eq!(line(text), safe);
        }
        let sheet = "\u{feff}a\tb\r\nc\rd\u{1b}\u{feff}\n";
        assert_eq!(lines(sheet), "\u{feff}a\tb\r\nc\\u000dd\\u001b\\ufeff\n");
    }

    proptest! {
        #[test]
        fn json_is_read_back_as_it_was(text in any::<String>()) {
            let json = serde_json::to_string_pretty(&[&text]).unwrap();
            let read: Vec<String> = serde_json::from_str(&lines(&json)).unwrap();
            prop_assert_eq!(&read[0], &text);
        }

        #[test]
        fn a_line_stays_one_and_is_escaped_only_once(text in any::<String>()) {
            let safe = line(&text);
            prop_assert!(!safe.chars().any(char::is_control), "{:?}", safe);
            prop_assert_eq!(line(&safe), safe.clone());
            prop_assert_eq!(lines(&safe), safe);
        }
    }
}
