//! `yingxin visits`: lists the open and parked visits, masked; erases a student on request. It asks a running kiosk;
//! otherwise it opens the store.

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::{ask, behind_pin, location, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Config, Flags, environment};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::escape;
use crate::screen::pages::script::moment;
use crate::store::{
    AuditSeal, ForgetReceipt, Forgotten, Location, RowStatus, SignedSeal, VisitRow, list_read_only,
};
use crate::visit::StudentNumber;

/// Lists the visits of the configured desk, or of the store that `--store` names.
///
/// # Errors
/// As [`list`], or the configuration is wrong.
pub fn run(flags: &Flags, json: bool) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    list(&location(&config), json)
}

/// Prints the open and parked visits of a store, as a table or as JSON, one visit on each line. A missing store has no visits.
///
/// # Errors
/// Those of the store, or a kiosk runs and does not answer.
pub fn list(location: &Location, json: bool) -> CliResult<()> {
    let zone = TimeZone::system();
    let rows = match ask::kiosk(&location.dir, &IpcQuestion::List)? {
        Some(IpcReply::Visits(rows)) => rows,
        Some(_) => {
            return Err(ask::no_answer(&both!(
                "it answered something else",
                "答复的是别的"
            )));
        }
        None => list_read_only(location, &zone)?,
    };
    if json {
        return say(&rows.iter().map(json_line).collect::<String>());
    }
    say(&table(&rows, &zone))
}

/// Destroys the keys of all visits of the student with this number, after asking for the PIN, and prints a receipt.
///
/// # Errors
/// The number does not fit the pack's rule, the PIN is wrong, or the store fails.
pub fn forget(flags: &Flags, number: &str) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let rule = super::prepare::pack(&config)?.rules.student_number;
    let number = StudentNumber::parse(number, &rule).map_err(|why| {
        CliError::new(
            Exit::BadData,
            both!("this is no student number: {why}", "这不是学号：{why}"),
            both!(
                "give it as it was typed at the desk",
                "请照在台子上输入的那样给出"
            ),
        )
    })?;
    let pin = behind_pin::ask_pin()?;
    let question = IpcQuestion::Forget {
        pin: behind_pin::wire(&pin),
        number: number.clone(),
    };
    let receipt = match ask::kiosk(&config.store_dir, &question)? {
        Some(IpcReply::Forgotten(receipt)) => receipt,
        Some(IpcReply::WrongPin(wrong)) => return Err(behind_pin::wrong_pin(wrong.again_in)),
        Some(_) => {
            return Err(ask::no_answer(&both!(
                "it answered something else",
                "答复的是别的"
            )));
        }
        None => {
            behind_pin::check(&config, &pin)?;
            behind_pin::in_store(&config, |store| {
                let forgotten = store.forget_person(number).blocking_recv().ok()?;
                Some(forgotten.map(Forgotten::wait))
            })?
        }
    };
    let seal = seal_of(&config, &receipt);
    say(&receipt_text(&receipt, seal.as_ref(), &TimeZone::system()))
}

/// The receipt's seal: by it an old copy of the folder that was put back, in which nobody was forgotten, is told later.
fn seal_of(config: &Config, receipt: &ForgetReceipt) -> Option<SignedSeal> {
    let noted = receipt.noted.as_ref()?;
    let seal = AuditSeal {
        desk: config.number.to_string(),
        at: receipt.at,
        record: noted.record,
        hash: noted.hash.clone(),
    };
    match seal.sign(&location(config)) {
        Ok(seal) => Some(seal),
        Err(e) => {
            tracing::warn!("the receipt bears no seal: {e}");
            None
        }
    }
}

/// The receipt: time, counts and the place in the journal, without personal data.
fn receipt_text(receipt: &ForgetReceipt, seal: Option<&SignedSeal>, zone: &TimeZone) -> String {
    let at = receipt.at.to_zoned(zone.clone());
    let mut out = both!(
        "forgotten on {}\nvisits: {} (their keys were destroyed)\nroster: {}\n",
        "抹掉于 {}\n办理：{}（密钥已销毁）\n名单：{}\n",
        at.strftime("%Y-%m-%d %H:%M:%S %:z"),
        receipt.visits.len(),
        if receipt.roster {
            pick("1 row", "1 行")
        } else {
            pick("no row", "没有")
        },
    );
    out += &if receipt.renewed {
        both!(
            "database: built anew, the old one is gone\n",
            "数据库：已重建，旧的已去掉\n"
        )
    } else {
        both!(
            "database: the old one is NOT gone; see the log, then repeat this\n",
            "数据库：旧的还没有去掉；请看运行记录，再运行一次\n"
        )
    };
    if receipt.mentions > 0 {
        out += &both!(
            "left: {} visits of others, who typed this number\n",
            "留下：{} 个别人的办理，他们输入过这个学号\n",
            receipt.mentions
        );
    }
    out += &match &receipt.noted {
        Some(noted) => both!(
            "journal: segment {}, record {}\nhash: {}\n",
            "日志：第 {} 段，第 {} 条\n散列：{}\n",
            noted.segment,
            noted.record,
            noted.hash
        ),
        None => both!(
            "nothing was kept of a visit under this number\n",
            "没有存过这个学号的办理\n"
        ),
    };
    out += pick(
        "backups hold it until they expire\n",
        "备份里还有，直到备份到期\n",
    );
    if let Some(seal) = seal {
        out += &both!(
            "keep this elsewhere, for `yingxin audit verify --against`:\n{seal}\n",
            "请把下面这行存在别处，供 `yingxin audit verify --against` 比对：\n{seal}\n"
        );
    }
    out
}

fn json_line(row: &VisitRow) -> String {
    serde_json::to_string(row).unwrap_or_default() + "\n"
}

const HEADS: [&str; 8] = [
    "PICKUP", "STATUS", "STUDENT", "NAME", "MOBILE", "DONE", "WORD", "SINCE",
];

/// The rows below their headings; widths are in terminal cells.
fn table(rows: &[VisitRow], zone: &TimeZone) -> String {
    if rows.is_empty() {
        return both!("no open or parked visits\n", "没有未结束或放一放的办理\n");
    }
    let mut lines: Vec<[String; 8]> = vec![HEADS.map(String::from)];
    lines.extend(rows.iter().map(|row| cells(row, zone)));
    let widths: [usize; 8] = std::array::from_fn(|column| {
        lines
            .iter()
            .map(|line| line[column].width())
            .max()
            .unwrap_or(0)
    });
    let mut out = String::new();
    for line in &lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(widths) {
            text.push_str(cell);
            let pad = width.saturating_sub(cell.width()).saturating_add(2);
            text.extend(std::iter::repeat_n(' ', pad));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn cells(row: &VisitRow, zone: &TimeZone) -> [String; 8] {
    let or_dash = |cell: &Option<String>| match cell {
        Some(text) => escape::line(text),
        None => "-".to_owned(),
    };
    let status = match row.status {
        RowStatus::Open => "open",
        RowStatus::Parked => "parked",
        RowStatus::Closed => "closed",
    };
    [
        or_dash(&row.pickup),
        status.to_owned(),
        or_dash(&row.student),
        or_dash(&row.name),
        or_dash(&row.mobile),
        or_dash(&Some(row.stage.clone())),
        if row.by_word { "student's" } else { "-" }.to_owned(),
        moment(row.since, zone),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_the_script() {
        let row = |name: &str, pickup: Option<&str>| VisitRow {
            pickup: pickup.map(String::from),
            student: Some("20****12".into()),
            name: Some(name.into()),
            mobile: None,
            stage: "number".into(),
            by_word: pickup.is_none(),
            since: jiff::Timestamp::from_second(1_790_000_000).unwrap(),
            status: RowStatus::Parked,
        };
        let rows = [row("张**", Some("017-4822")), row("A*", None)];
        assert_eq!(
            table(&rows, &TimeZone::UTC),
            "PICKUP    STATUS  STUDENT   NAME  MOBILE  DONE    WORD       SINCE\n\
             017-4822  parked  20****12  张**  -       number  -          2026-09-21 14:13\n\
             -         parked  20****12  A*    -       number  student's  2026-09-21 14:13\n"
        );
        assert_eq!(table(&[], &TimeZone::UTC), "no open or parked visits\n");
    }
}
