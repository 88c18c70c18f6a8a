//! `yingxin visits`: lists the open and parked visits, masked; erases a student on request. It asks a running kiosk;
//! otherwise it opens the store.

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::{ask, behind_pin, location, say};
use crate::cli_error::{CliError, CliResult, Exit};
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
        Some(_) => return Err(ask::no_answer("it answered something else")),
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
            format!("this is no student number: {why}"),
            "give it as it was typed at the desk",
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
        Some(_) => return Err(ask::no_answer("it answered something else")),
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
    let mut out = format!(
        "forgotten on {}\nvisits: {} (their keys were destroyed)\nroster: {}\n",
        at.strftime("%Y-%m-%d %H:%M:%S %:z"),
        receipt.visits.len(),
        if receipt.roster { "1 row" } else { "no row" },
    );
    out += if receipt.renewed {
        "database: built anew, the old one is gone\n"
    } else {
        "database: the old one is NOT gone; see the log, then repeat this\n"
    };
    if receipt.mentions > 0 {
        out += &format!(
            "left: {} visits of others, who typed this number\n",
            receipt.mentions
        );
    }
    out += &match &receipt.noted {
        Some(noted) => format!(
            "journal: segment {}, record {}\nhash: {}\n",
            noted.segment, noted.record, noted.hash
        ),
        None => "nothing was kept of a visit under this number\n".to_owned(),
    };
    out += "backups hold it until they expire\n";
    if let Some(seal) = seal {
        out += &format!("keep this elsewhere, for `yingxin audit verify --against`:\n{seal}\n");
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
        return "no open or parked visits\n".into();
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
