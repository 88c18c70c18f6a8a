//! Reads a pack's phone pages: what each shows, and where each choice of "what do you see now?" leads.

use super::terms::{answers, localized, questions};
use super::{Localized, Pack, PackQr, PhoneItem, PhonePage};
use crate::table::{Fault, Table};
use crate::visit::{Answer, Lead, Page, PageId, Question};

/// Leads are not `Copy`: a table of what makes them.
type MakeLead = fn() -> Lead;
const LEADS: [(&str, MakeLead); 6] = [
    ("next", || Lead::Next),
    ("back", || Lead::Back),
    ("step-done", || Lead::StepDone),
    ("already-bound", || Lead::AlreadyBound),
    ("volunteer", || Lead::Volunteer),
    ("park", || Lead::Park),
];
/// The help pages that the program has.
const HELP: [(&str, &str); 2] = [("cache", "cache"), ("forgotten", "forgotten")];

/// "What do you see now?": the words and where each leads.
fn read_choices(page: &Table<'_>) -> Result<(Vec<Localized>, Vec<Lead>), Fault> {
    let tables = page.tables("choices")?.unwrap_or_default();
    if !(2..=4).contains(&tables.len()) {
        return Err(page.fault_in(
            "choices",
            format!("{} choices", tables.len()),
            "give two to four: `{ see = { ... }, lead = \"next\" }`",
        ));
    }
    let mut words = Vec::new();
    let mut leads = Vec::new();
    for table in &tables {
        words.push(localized(table, "see")?);
        leads.push(read_lead(table)?);
        table.finish()?;
    }
    let onward = |lead: &Lead| matches!(lead, Lead::Next | Lead::StepDone | Lead::Verdict { .. });
    match leads.iter().any(onward) {
        true => Ok((words, leads)),
        false => Err(page.fault_in(
            "choices",
            "none of them goes on",
            "give one `lead = \"next\"` or `lead = \"step-done\"`",
        )),
    }
}

fn read_lead(table: &Table<'_>) -> Result<Lead, Fault> {
    let lead = table.choice("lead", &LEADS)?;
    let help = table.choice("help", &HELP)?;
    let answer = table.table("answer")?.map(read_answer).transpose()?;
    let verdict = table.table("verdict")?.map(read_answer).transpose()?;
    match (lead, help, answer, verdict) {
        (Some(lead), None, None, None) => Ok(lead()),
        (None, Some(help), None, None) => Ok(Lead::Help(help.to_owned())),
        (None, None, Some((question, answer)), None) => Ok(Lead::Answer { question, answer }),
        (None, None, None, Some((question, answer))) => Ok(Lead::Verdict { question, answer }),
        _ => Err(table.fault(
            "must lead to exactly one place",
            "give one of: lead = \"...\", help = \"...\", answer or verdict = { question = \"...\", is = \"...\" }",
        )),
    }
}

fn read_answer(table: Table<'_>) -> Result<(Question, Answer), Fault> {
    table.need_text("question")?;
    table.need_text("is")?;
    let given = match (
        table.choice("question", &questions())?,
        table.choice("is", &answers())?,
    ) {
        (Some(question), Some(answer)) if question.answers().contains(&answer) => {
            (question, answer)
        }
        _ => return Err(table.fault_in("is", "is no answer to that question", "see `when` above")),
    };
    table.finish()?;
    Ok(given)
}

/// Reads `[pages]` into the pack: what is shown, and beside it, for the core, where the choices lead.
pub(super) fn read_pages(table: &Table<'_>, pack: &mut Pack) -> Result<(), Fault> {
    let names: Vec<String> = table.keys().map(str::to_owned).collect();
    for name in names {
        let inner = table.need_table(&name)?;
        let (page, leads) = read_page(&inner)?;
        let id = PageId(name);
        pack.rules.pages.insert(id.clone(), Page { leads });
        pack.pages.insert(id, page);
    }
    table.finish()
}

fn read_page(table: &Table<'_>) -> Result<(PhonePage, Vec<Lead>), Fault> {
    let title = localized(table, "title")?;
    let say = localized(table, "say")?;
    let items = table.tables("shows")?.unwrap_or_default();
    if items.is_empty() || items.len() > 8 {
        return Err(table.fault_in(
            "shows",
            format!("{} things on a phone's page", items.len()),
            "draw one to eight, from the top",
        ));
    }
    let shows = items
        .iter()
        .map(read_item)
        .collect::<Result<Vec<_>, Fault>>()?;
    let warn = match table.has("warn") {
        true => Some(localized(table, "warn")?),
        false => None,
    };
    let qr = table.choice(
        "qr",
        &[("register", PackQr::Register), ("follow", PackQr::Follow)],
    )?;
    let version = table.text("version")?.map(|found| found.value);
    let (choices, leads) = read_choices(table)?;
    table.finish()?;
    let page = PhonePage {
        title,
        say,
        warn,
        version,
        qr,
        shows,
        choices,
    };
    Ok((page, leads))
}

fn read_item(table: &Table<'_>) -> Result<PhoneItem, Fault> {
    const KINDS: [&str; 5] = ["text", "row", "field", "button", "picture"];
    let mut kinds = KINDS.into_iter().filter(|kind| table.has(kind));
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        return Err(table.fault(
            "must show exactly one thing",
            format!("give one of: {}", KINDS.join(", ")),
        ));
    };
    let text = localized(table, kind)?;
    let item = match kind {
        "text" => PhoneItem::Text { text },
        "row" => PhoneItem::Row {
            text,
            tap: table.flag("tap")?,
        },
        "field" => PhoneItem::Field {
            text,
            mobile: table.flag("mobile")?,
            tap: table.flag("tap")?,
        },
        "button" => PhoneItem::Button {
            text,
            tap: table.flag("tap")?,
        },
        _ => PhoneItem::Picture {
            text,
            tap: table.flag("tap")?,
        },
    };
    table.finish()?;
    Ok(item)
}
