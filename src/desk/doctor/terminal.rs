//! The terminal: its size, colours and characters, and what it answers where it may be asked. The running desk never
//! asks: an answer that comes late would be taken for typing.

use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
use unicode_width::UnicodeWidthStr;

use super::TerminalFacts;
use crate::desk::terminal::is_utf8;
use crate::screen::checkup::CheckupFinding;
use crate::screen::theme::Colours;
use crate::screen::{MIN_COLUMNS, MIN_ROWS};

/// What is drawn to be measured: two characters, four columns.
const WIDE: &str = "迎新";
/// Lines, blocks and quotation marks, of which boxes, codes and texts are made. Unicode calls their width ambiguous; the
/// screen counts one column for each (UAX 11).
const AMBIGUOUS: &str = "─│▀▄█“”";
/// How long the terminal may take to answer; a line of a slow modem needs half a second.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 1024;

/// What a terminal answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How many columns Chinese characters took.
    pub wide: Measured,
    /// How many columns characters of ambiguous width took.
    pub ambiguous: Measured,
    /// How many columns a row of a code took; none where no code was drawn.
    pub code: Option<Measured>,
    /// Whether it knows the mouse's clicks in the form that the desk reads (mode 1006). It says nothing of a mouse.
    pub mouse: Option<bool>,
}

/// The columns of what was drawn to be measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// What the screen counts on.
    pub right: u16,
    /// What the terminal took; `None` where it did not say.
    pub taken: Option<u16>,
}

impl Measured {
    fn of(sample: &str, taken: Option<u16>) -> Self {
        Measured {
            right: u16::try_from(sample.width()).unwrap_or_default(),
            taken,
        }
    }

    fn is_right(self) -> bool {
        self.taken == Some(self.right)
    }
}

/// Checks the terminal's size, colours and locale.
pub fn examine(facts: &TerminalFacts) -> Vec<CheckupFinding> {
    let mut found = Vec::new();
    let Some((columns, rows)) = facts.size else {
        return vec![CheckupFinding::warn(
            "check-size",
            "told-no-terminal",
            "remedy-no-terminal",
        )];
    };
    let size = if columns >= MIN_COLUMNS && rows >= MIN_ROWS {
        CheckupFinding::pass("check-size", "told-size")
    } else {
        CheckupFinding::fail("check-size", "told-size", "remedy-size")
    };
    found.push(size.with("columns", columns).with("rows", rows));
    found.push(match (facts.kind.colours, facts.kind.console) {
        _ if facts.kind.no_color => {
            CheckupFinding::warn("check-colours", "told-colours-none", "remedy-colours")
        }
        (_, true) => CheckupFinding::fail("check-colours", "told-console", "remedy-console"),
        (Colours::Rgb, _) => CheckupFinding::pass("check-colours", "told-colours-rgb"),
        (Colours::Indexed, _) => CheckupFinding::pass("check-colours", "told-colours-indexed"),
        (Colours::Ansi16, _) => {
            CheckupFinding::warn("check-colours", "told-colours-16", "remedy-colours")
        }
    });
    let locale = if is_utf8(&facts.locale) {
        CheckupFinding::pass("check-utf8", "told-utf8")
    } else {
        CheckupFinding::fail("check-utf8", "told-utf8", "remedy-utf8")
    };
    let shown: String = facts
        .locale
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect();
    found.push(locale.with("locale", if shown.is_empty() { "-" } else { &shown }));
    if let Some(asked) = facts.asked {
        found.push(width(asked.wide));
        found.extend(narrow_widths(&asked));
        found.push(match asked.mouse {
            Some(true) => CheckupFinding::pass("check-mouse", "told-mouse"),
            Some(false) => CheckupFinding::warn("check-mouse", "told-mouse-none", "remedy-mouse"),
            None => CheckupFinding::warn("check-mouse", "told-mouse-silent", "remedy-mouse"),
        });
    }
    found
}

fn width(wide: Measured) -> CheckupFinding {
    match wide.taken {
        Some(_) if wide.is_right() => CheckupFinding::pass("check-width", "told-width"),
        Some(columns) => CheckupFinding::fail("check-width", "told-width-wrong", "remedy-width")
            .with("columns", columns),
        None => CheckupFinding::warn("check-width", "told-width-silent", "remedy-width"),
    }
}

/// Characters of ambiguous width, and the code. A terminal that answers no such question is named once, above.
fn narrow_widths(asked: &Asked) -> Vec<CheckupFinding> {
    let checks = [
        (
            Some(asked.ambiguous),
            "check-ambiguous",
            "told-ambiguous",
            "told-ambiguous-wrong",
        ),
        (
            asked.code,
            "check-code-width",
            "told-code-width",
            "told-code-width-wrong",
        ),
    ];
    let finding = |(measured, check, right, wrong): (Option<Measured>, _, _, _)| {
        let measured = measured?;
        let columns = measured.taken?;
        Some(if measured.is_right() {
            CheckupFinding::pass(check, right)
        } else {
            CheckupFinding::fail(check, wrong, "remedy-ambiguous")
                .with("columns", columns)
                .with("right", measured.right)
        })
    };
    checks.into_iter().filter_map(finding).collect()
}

/// Asks the terminal that this process stands in: how wide Chinese, characters of ambiguous width and a row of a code are
/// (CPR), whether it knows the mouse (DECRQM 1006), and who it is (DA1), which every terminal answers, so that the end of
/// the answers is known. `None` where there is no terminal.
pub fn ask(code: Option<&str>) -> Option<Asked> {
    let (stdin, mut stdout) = (io::stdin(), io::stdout());
    if !stdin.is_terminal() || !stdout.is_terminal() {
        return None;
    }
    let before = tcgetattr(&stdin).ok()?;
    let mut raw = before.clone();
    raw.make_raw();
    // Reading gives up after a tenth of a second, so that no thread is left reading.
    raw.special_codes[SpecialCodeIndex::VMIN] = 0;
    raw.special_codes[SpecialCodeIndex::VTIME] = 1;
    tcsetattr(&stdin, OptionalActions::Flush, &raw).ok()?;
    let samples: Vec<&str> = [WIDE, AMBIGUOUS].into_iter().chain(code).collect();
    let measuring: String = samples
        .iter()
        .map(|sample| format!("\r\x1b[K{sample}\x1b[6n"))
        .collect();
    let query = format!("{measuring}\r\x1b[K\x1b[?1006$p\x1b[c");
    let written = stdout
        .write_all(query.as_bytes())
        .and_then(|()| stdout.flush());
    let answer = match written {
        Ok(()) => listen(&mut stdin.lock()),
        Err(_) => Vec::new(),
    };
    // What comes later than this is thrown away with the old settings' return.
    let _ = tcsetattr(&stdin, OptionalActions::Flush, &before);
    Some(read(&answer, code))
}

fn listen(input: &mut impl Read) -> Vec<u8> {
    let (mut answer, mut piece, begun) = (Vec::new(), [0u8; 128], Instant::now());
    while begun.elapsed() < PATIENCE && answer.len() < LONGEST && !is_whole(&answer) {
        match input.read(&mut piece) {
            Ok(count) => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    answer
}

/// Each control sequence of an answer: its parameters and its last byte.
fn sequences(answer: &[u8]) -> Vec<(String, char)> {
    let text: String = answer.iter().map(|byte| char::from(*byte)).collect();
    text.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| ('@'..='~').contains(&c))?;
            Some((
                rest.get(..end)?.to_owned(),
                rest.get(end..)?.chars().next()?,
            ))
        })
        .collect()
}

/// Whether the answer to the last question is there.
fn is_whole(answer: &[u8]) -> bool {
    let all = sequences(answer);
    all.iter()
        .any(|(asked, last)| *last == 'c' && asked.starts_with('?'))
}

/// The answers in the order of the questions.
fn read(answer: &[u8], code: Option<&str>) -> Asked {
    let sequences = sequences(answer);
    let mut columns = sequences
        .iter()
        .filter(|(_, last)| *last == 'R')
        .map(|(parameters, _)| {
            let column = parameters.split(';').nth(1)?;
            column.parse::<u16>().ok()?.checked_sub(1)
        });
    let mut measured = |sample| Measured::of(sample, columns.next().flatten());
    let (wide, ambiguous) = (measured(WIDE), measured(AMBIGUOUS));
    let code = code.map(measured);
    // 0 is unknown, 4 is for ever off (DECRPM).
    let mouse = |(parameters, last): &(String, char)| {
        let state = parameters.strip_prefix("?1006;").filter(|_| *last == 'y')?;
        Some(!matches!(state.trim_end_matches('$'), "0" | "4"))
    };
    Asked {
        wide,
        ambiguous,
        code,
        mouse: sequences.iter().rev().find_map(mouse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::checkup::CheckupVerdict;
    use crate::screen::theme::Terminal;

    fn facts() -> TerminalFacts {
        TerminalFacts {
            size: Some((80, 24)),
            kind: Terminal {
                colours: Colours::Rgb,
                no_color: false,
                console: false,
            },
            locale: "zh_CN.UTF-8".into(),
            asked: Some(Asked {
                wide: Measured::of(WIDE, Some(4)),
                ambiguous: Measured::of(AMBIGUOUS, Some(7)),
                code: Some(Measured::of(CODE, Some(9))),
                mouse: Some(true),
            }),
        }
    }

    /// A piece of a code's row.
    const CODE: &str = "▄█▄ ▄▄█▄ ";

    #[test]
    fn each_fault_of_a_terminal_has_its_verdict_and_remedy() {
        use CheckupVerdict::{Fail, Warn};
        type Change = fn(&mut TerminalFacts);
        let good = examine(&facts());
        assert_eq!(good.len(), 7);
        assert!(
            good.iter()
                .all(|found| found.verdict == CheckupVerdict::Pass)
        );
        let cases: [(Change, &str, CheckupVerdict, &str); 14] = [
            (|f| f.size = None, "check-size", Warn, "remedy-no-terminal"),
            (
                |f| f.size = Some((79, 24)),
                "check-size",
                Fail,
                "remedy-size",
            ),
            (
                |f| f.size = Some((80, 23)),
                "check-size",
                Fail,
                "remedy-size",
            ),
            (
                |f| f.kind.colours = Colours::Ansi16,
                "check-colours",
                Warn,
                "remedy-colours",
            ),
            (
                |f| f.kind.no_color = true,
                "check-colours",
                Warn,
                "remedy-colours",
            ),
            (
                |f| f.kind.console = true,
                "check-colours",
                Fail,
                "remedy-console",
            ),
            (|f| f.locale = "C".into(), "check-utf8", Fail, "remedy-utf8"),
            (|f| f.locale.clear(), "check-utf8", Fail, "remedy-utf8"),
            (
                |f| f.asked.as_mut().unwrap().wide.taken = Some(2),
                "check-width",
                Fail,
                "remedy-width",
            ),
            (
                |f| f.asked.as_mut().unwrap().wide.taken = None,
                "check-width",
                Warn,
                "remedy-width",
            ),
            (
                |f| f.asked.as_mut().unwrap().ambiguous.taken = Some(14),
                "check-ambiguous",
                Fail,
                "remedy-ambiguous",
            ),
            (
                |f| f.asked.as_mut().unwrap().code = Some(Measured::of(CODE, Some(16))),
                "check-code-width",
                Fail,
                "remedy-ambiguous",
            ),
            (
                |f| f.asked.as_mut().unwrap().mouse = Some(false),
                "check-mouse",
                Warn,
                "remedy-mouse",
            ),
            (
                |f| f.asked.as_mut().unwrap().mouse = None,
                "check-mouse",
                Warn,
                "remedy-mouse",
            ),
        ];
        for (number, (change, check, verdict, remedy)) in cases.into_iter().enumerate() {
            let mut facts = facts();
            change(&mut facts);
            let wrong: Vec<_> = examine(&facts)
                .into_iter()
                .filter(|found| found.verdict != CheckupVerdict::Pass)
                .map(|found| (found.check, found.verdict, found.remedy))
                .collect();
            assert_eq!(wrong, [(check, verdict, Some(remedy))], "case {number}");
        }
    }

    #[test]
    fn answers_are_read_and_nonsense_is_not() {
        let foot = b"\x1b[1;5R\x1b[1;8R\x1b[1;10R\x1b[?1006;2$y\x1b[?62;4;22;28;29;52c";
        assert_eq!(Some(read(foot, Some(CODE))), facts().asked);
        assert!(is_whole(foot) && !is_whole(&foot[..20]));
        let old = b"\x1b[24;3R\x1b[24;15R\x1b[?1006;0$y\x1b[?6c";
        let asked = Asked {
            wide: Measured::of(WIDE, Some(2)),
            ambiguous: Measured::of(AMBIGUOUS, Some(14)),
            code: None,
            mouse: Some(false),
        };
        assert_eq!(read(old, None), asked);
        // Keys typed meanwhile, and an answer that was not asked for.
        for other in [
            &b"abc"[..],
            b"\x1b[A\x1b[",
            b"\x1b[R",
            b"\x1b[99999999;1R",
            b"\xff\xfe",
        ] {
            let asked = read(other, Some(CODE));
            assert_eq!(asked.wide.taken.filter(|n| *n != 0), None);
            assert_eq!((asked.ambiguous.taken, asked.mouse), (None, None));
        }
    }
}
