//! Where the commands print. What is printed is made harmless here, whoever wrote it, so that no command can forget to.

use std::io::{self, Write};

use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;
use crate::escape;

/// Prints a text to stdout, escaped.
pub fn say(text: &str) -> CliResult<()> {
    say_as_is(&escape::lines(text))
}

/// Prints to stdout what this program drew itself, with its colours, or what another program asked for to the letter.
/// Foreign text in it is escaped by the caller. A closed pipe is no error: the reader has read enough.
pub fn say_as_is(text: &str) -> CliResult<()> {
    say_bytes(text.as_bytes())
}

/// Prints to stdout what is no text, for a file or another program; as [`say_as_is`].
pub fn say_bytes(bytes: &[u8]) -> CliResult<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::io(both!("cannot print", "打印不了"), &e))
        }
        _ => Ok(()),
    }
}

/// Prints a text to stderr, escaped. A closed stderr leaves no place for it.
pub fn tell(text: &str) {
    let _ = io::stderr().write_all(escape::lines(text).as_bytes());
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Where else something is written to stdout or stderr: the screen, its restoring after a panic, the question to the
    /// terminal, a campus's one line, what the process of an import has already escaped,
    /// the log of a command without a store, which escapes each line, and a test that draws.
    const OTHERS: [&str; 7] = [
        "commands/campus.rs",
        "commands/print.rs",
        "commands/roster/limited.rs",
        "desk/doctor/terminal.rs",
        "desk/log.rs",
        "desk/terminal/guard.rs",
        "screen/widgets/gallery.rs",
    ];

    fn sources(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found)
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path)
            }
        }
    }

    #[test]
    fn nothing_else_prints() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        sources(&root, &mut found);
        let mut tried = 0;
        for file in found {
            let name = file.strip_prefix(&root).unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&file).unwrap();
            let program = text.split("\n#[cfg(test)]\n").next().unwrap();
            if OTHERS.contains(&name) {
                tried += 1;
                continue;
            }
            // What a test prints is for who runs it.
            if name.ends_with("_tests.rs") {
                continue;
            }
            for line in program.lines() {
                let asks = line.contains("is_terminal()") || line.contains("tcgetwinsize(");
                let opens = ["stdout()", "stderr()", "println!", "eprint"];
                let prints = opens.iter().any(|word| line.contains(word)) && !asks;
                assert!(!prints, "{name}: {line}");
            }
        }
        assert_eq!(tried, OTHERS.len());
    }
}
