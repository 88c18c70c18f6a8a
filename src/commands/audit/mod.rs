//! `yingxin audit`: verifies the journal, and shows the events of a visit. Personal data is masked without the PIN; an
//! unmasked view is recorded first.

mod shifts;
mod words;

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{behind_pin, location, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Config, Flags, environment};
use crate::escape;
use crate::store::{
    self, AuditReport, AuditSeal, SignedSeal, Story, StoryEvent, UnmaskedView, VisitSelector,
};
use crate::visit::{Pickup, VisitId};
pub use shifts::shifts;
use words::Masking;

/// The longest file of seals, in bytes.
const LONGEST_SEALS: u64 = 1024 * 1024;

/// Verifies the hash chain, and the encryption if the desk key is available; `against` is a file of seals that were kept
/// elsewhere.
///
/// # Errors
/// The journal or the file cannot be read at all, or a line of the file is no seal.
pub fn verify(flags: &Flags, against: Option<&Path>) -> CliResult<ExitCode> {
    let location = location(&config::load(flags, &environment)?);
    let kept = against.map(read_seals).transpose()?.unwrap_or_default();
    let verdict = store::verify_against(&location, &kept)?;
    let mut text = report_text(&verdict);
    if against.is_some() {
        text += &format!(
            "compared with {} seals that were kept elsewhere\n",
            kept.len()
        );
    }
    say(&text)?;
    Ok(if verdict.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        Exit::BadData.into()
    })
}

/// The seals of a file, one in a line: a receipt or a report of a day as it was printed, or seals alone. Other lines are
/// passed over, but not a seal that is cut or changed.
fn read_seals(file: &Path) -> CliResult<Vec<SignedSeal>> {
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|opened| opened.take(LONGEST_SEALS + 1).read_to_string(&mut text))
        .map_err(|e| CliError::io(file.display(), &e))?;
    // Cut at the end of a line it would pass for a shorter list.
    if text.len() as u64 > LONGEST_SEALS {
        return Err(CliError::new(
            Exit::BadData,
            both!("{} is longer than 1 MB", "{} 超过 1 MB", file.display()),
            both!("give the newest seals", "请给出最新的封签"),
        ));
    }
    let lines = text.lines().enumerate();
    let seals: CliResult<Vec<SignedSeal>> = lines
        .filter(|(_, line)| SignedSeal::is_meant(line))
        .map(|(n, line)| {
            SignedSeal::parse(line).ok_or_else(|| {
                CliError::new(
                    Exit::BadData,
                    both!(
                        "{}, line {}: not a seal",
                        "{}，第 {} 行：不是封签",
                        file.display(),
                        n.saturating_add(1)
                    ),
                    both!(
                        "give the lines as `yingxin audit seal` printed them",
                        "请照 `yingxin audit seal` 打印的那样给出"
                    ),
                )
            })
        })
        .collect();
    let seals = seals?;
    if seals.is_empty() {
        return Err(CliError::new(
            Exit::BadData,
            both!("{} holds no seal", "{} 里没有封签", file.display()),
            pick(
                "give what `yingxin audit seal`, `yingxin report` or `yingxin visits forget` printed",
                "请给出 `yingxin audit seal`、`yingxin report` 或 `yingxin visits forget` 打印的内容",
            ),
        ));
    }
    if seals.len() > store::MOST_SEALS {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{} has more than {} seals",
                "{} 里超过 {} 个封签",
                file.display(),
                store::MOST_SEALS
            ),
            both!("give the newest ones", "请给出最新的"),
        ));
    }
    Ok(seals)
}

/// Prints a seal of the journal.
///
/// # Errors
/// As [`sealed`].
pub fn seal(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    say(&format!("{}\n", sealed(&config)?))
}

/// A seal of the journal as it is now. A journal that is not whole gets none.
///
/// # Errors
/// The journal cannot be read, is empty or not whole, or the desk key is missing.
pub fn sealed(config: &Config) -> CliResult<SignedSeal> {
    let location = location(config);
    let verdict = store::verify(&location)?;
    if !verdict.faults.is_empty() {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "the journal is not whole: it gets no seal",
                "日志不完整：不给封签"
            ),
            both!(
                "look at it: yingxin audit verify",
                "请看看：yingxin audit verify"
            ),
        ));
    }
    let Some((record, hash)) = verdict.last else {
        return Err(CliError::new(
            Exit::BadData,
            both!("the journal holds no record yet", "日志里还没有记录"),
            both!("seal it after the first visit", "第一次办理之后再封"),
        ));
    };
    let made = AuditSeal {
        desk: config.number.to_string(),
        at: Timestamp::now(),
        record,
        hash,
    };
    Ok(made.sign(&location)?)
}

/// Accepts the journal as it is: its end is marked anew.
///
/// # Errors
/// There is no store, a desk runs on it, the PIN is wrong, or the store cannot be written.
pub fn accept(flags: &Flags) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    // A store that is not there is not made for this.
    let verdict = store::verify(&location(&config))?;
    say(&report_text(&verdict))?;
    let pin = behind_pin::ask_pin()?;
    let by = behind_pin::check(&config, &pin)?;
    behind_pin::in_store(&config, |store| {
        store.accept_journal(by).blocking_recv().ok()
    })?;
    tracing::warn!(last = ?verdict.last, "the journal was accepted as it is");
    say(&both!("its end is marked anew\n", "末尾已重新标记\n"))
}

fn report_text(verdict: &AuditReport) -> String {
    let mut out: String = verdict
        .faults
        .iter()
        .map(|fault| format!("{}\n", escape::line(&fault.to_string())))
        .collect();
    out += &both!(
        "{} segments, {} records\n",
        "{} 段，{} 条记录\n",
        verdict.segments,
        verdict.records
    );
    if let Some((record, hash)) = &verdict.last {
        out += &both!(
            "last record {record}, hash {hash}\n",
            "最后一条 {record}，散列 {hash}\n"
        );
    }
    if let Some(segment) = verdict.begins_with {
        out += &both!(
            "it begins with segment {segment}: older ones were dropped by age\n",
            "从第 {segment} 段开始：更早的因到期已删\n"
        );
    }
    out += &if verdict.has_key {
        format!(
            "{} seals checked, {} records of people who were forgotten or whose key is lost\n",
            verdict.opened, verdict.forgotten
        )
    } else {
        "the desk key is not there: the chain was checked, not the seals nor who made the end mark\n".to_owned()
    };
    if verdict.torn {
        out += "an unfinished record stands at an end: it was never acknowledged\n";
    }
    out += if verdict.faults.is_empty() {
        "the journal is whole\n"
    } else {
        "the journal is NOT whole\n"
    };
    out
}

/// Prints the events of a visit.
///
/// # Errors
/// There is no such visit, the store fails, or the PIN is wrong.
pub fn show(flags: &Flags, named: &str, unmasked: bool) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let zone = TimeZone::system();
    let unknown = || {
        CliError::new(
            Exit::BadData,
            both!(
                "the journal knows no such visit, or not any more",
                "日志里没有这次办理，或已经没有了"
            ),
            both!(
                "give a pickup number, a ticket's number, or a visit's 32 characters",
                "请给出续办号、工单号，或办理编号的 32 个字符"
            ),
        )
    };
    let selected = selector(named).ok_or_else(unknown)?;
    let read = || store::story(&location(&config), &zone, &selected);
    if !unmasked {
        let story = read()?.ok_or_else(unknown)?;
        return say(&sheet(&story, Masking::Masked, &zone));
    }
    let pin = behind_pin::ask_pin()?;
    let visit = read()?.ok_or_else(unknown)?.visit;
    behind_pin::record_view(&config, &pin, UnmaskedView::Story, Some(visit))?;
    let story = read()?.ok_or_else(unknown)?;
    say(&sheet(&story, Masking::Whole, &zone))
}

fn selector(named: &str) -> Option<VisitSelector> {
    let named = named.trim();
    if named.len() == 32 {
        return VisitId::try_from(named.to_owned())
            .ok()
            .map(VisitSelector::Visit);
    }
    Pickup::parse(named).ok().map(VisitSelector::Pickup)
}

/// A moment as the audit writes it, to the second.
fn second(at: jiff::Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn sheet(story: &Story, shown: Masking, zone: &TimeZone) -> String {
    let mut out = format!("visit {}\n", story.visit);
    for entry in &story.entries {
        let by = entry.by.as_ref();
        let (at, words) = match &entry.what {
            StoryEvent::Fact(moment, fact) => {
                let by = by.map_or_else(String::new, |by| format!(" [{by}]"));
                (second(*moment, zone), words::fact(fact, shown, zone) + &by)
            }
            StoryEvent::Viewed(moment, view) => (second(*moment, zone), words::view(*view, by)),
            StoryEvent::Forgotten => (
                "-".to_owned(),
                "forgotten: the key was destroyed".to_owned(),
            ),
        };
        out += &format!(
            "{:>3}/{:<6} {at:<19}  {words}\n",
            entry.segment, entry.record
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_named_by_its_id_its_pickup_number_or_its_ticket() {
        let pickup = Pickup::new(Default::default(), 77);
        let id = VisitId(12);
        assert_eq!(selector(&id.to_string()), Some(VisitSelector::Visit(id)));
        for named in [pickup.to_string(), format!("t{}", pickup.code())] {
            assert_eq!(
                selector(&named),
                Some(VisitSelector::Pickup(pickup)),
                "{named}"
            );
        }
        assert_eq!(selector("20260001"), None);
    }
}
