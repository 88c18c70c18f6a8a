//! `yingxin visits list`: who is at the desk and who waits, masked. A running kiosk is asked; otherwise the store is read.

use std::io::{self, BufRead, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::say;
use crate::complaint::{Complaint, Exit, Outcome};
use crate::config::{self, Flags, environment};
use crate::desk::socket::{self, Address, Question, Reply};
use crate::store::{Location, RowStatus, VisitRow, list_read_only};

/// How long a kiosk may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Lists the visits of the configured desk, or of the store that `--store` names.
///
/// # Errors
/// As [`list`], or a configuration that is wrong.
pub fn run(flags: &Flags, json: bool) -> Outcome<()> {
    let config = config::load(flags, &environment)?;
    let location = Location {
        dir: config.store_dir,
        key: config.key_file,
    };
    list(&location, json)
}

/// Prints the open and parked visits of a store, as a table or as JSON, one visit a line. No store has no visits.
///
/// # Errors
/// The store's, or a kiosk that runs and does not answer.
pub fn list(location: &Location, json: bool) -> Outcome<()> {
    let zone = TimeZone::system();
    let rows = match ask_kiosk(&location.dir) {
        Some(Ok(rows)) => rows,
        Some(Err(why)) => {
            return Err(Complaint::new(
                Exit::Unavailable,
                format!("the running kiosk did not answer: {why}"),
                "try again in a moment",
            ));
        }
        None => list_read_only(location, &zone)?,
    };
    if json {
        return say(&rows.iter().map(json_line).collect::<String>());
    }
    say(&table(&rows, &zone))
}

fn json_line(row: &VisitRow) -> String {
    serde_json::to_string(row).unwrap_or_default() + "\n"
}

/// `None` where no kiosk runs.
fn ask_kiosk(dir: &Path) -> Option<Result<Vec<VisitRow>, String>> {
    let address = Address::of(dir).ok()?;
    let stream = UnixStream::connect(&address.path).ok()?;
    Some(match talk(stream) {
        Ok(Reply::Visits(rows)) => Ok(rows),
        Ok(Reply::Error(why)) => Err(why),
        Err(e) => Err(e.to_string()),
    })
}

fn talk(mut stream: UnixStream) -> io::Result<Reply> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut question = serde_json::to_vec(&Question::List)?;
    question.push(b'\n');
    stream.write_all(&question)?;
    let mut line = String::new();
    io::BufReader::new(stream.take(socket::ANSWER)).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

const HEADS: [&str; 7] = [
    "PICKUP", "STATUS", "STUDENT", "NAME", "MOBILE", "DONE", "SINCE",
];

/// The rows under their heads, columns as wide as a terminal draws them.
fn table(rows: &[VisitRow], zone: &TimeZone) -> String {
    if rows.is_empty() {
        return "no open or parked visits\n".into();
    }
    let mut lines: Vec<[String; 7]> = vec![HEADS.map(String::from)];
    lines.extend(rows.iter().map(|row| cells(row, zone)));
    let widths: [usize; 7] = std::array::from_fn(|column| {
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

fn cells(row: &VisitRow, zone: &TimeZone) -> [String; 7] {
    let or_dash = |cell: &Option<String>| match cell {
        Some(text) => text.chars().filter(|c| !c.is_control()).collect(),
        None => "-".to_owned(),
    };
    let status = match row.status {
        RowStatus::Open => "open",
        RowStatus::Parked => "parked",
        RowStatus::Closed => "closed",
    };
    let since = row.since.to_zoned(zone.clone());
    [
        or_dash(&row.pickup),
        status.to_owned(),
        or_dash(&row.student),
        or_dash(&row.name),
        or_dash(&row.mobile),
        or_dash(&Some(row.stage.clone())),
        since.strftime("%Y-%m-%d %H:%M").to_string(),
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
            since: jiff::Timestamp::from_second(1_790_000_000).unwrap(),
            status: RowStatus::Parked,
        };
        let rows = [row("张**", Some("A347XK")), row("A*", None)];
        assert_eq!(
            table(&rows, &TimeZone::UTC),
            "PICKUP  STATUS  STUDENT   NAME  MOBILE  DONE    SINCE\n\
             A347XK  parked  20****12  张**  -       number  2026-09-21 14:13\n\
             -       parked  20****12  A*    -       number  2026-09-21 14:13\n"
        );
        assert_eq!(table(&[], &TimeZone::UTC), "no open or parked visits\n");
    }
}
