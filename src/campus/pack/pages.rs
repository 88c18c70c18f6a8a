//! Reads a pack's phone pages: what each shows, and where each choice under "what do you see now?" leads.

use super::gather::Gather;
use super::terms::{answers, localized, qr_codes, questions};
use super::{Localized, Pack, PackQr, PhoneFace, PhoneItem, PhonePage};
use crate::cli_lang::{both, pick};
use crate::table::{Fault, Table};
use crate::visit::{Answer, Lead, PageChoices, PageId, Question};

/// Makes a lead: leads are not `Copy`.
type MakeLead = fn() -> Lead;
const LEADS: [(&str, MakeLead); 7] = [
    ("next", || Lead::Next),
    ("back", || Lead::Back),
    ("scanned", || Lead::Scanned),
    ("step-done", || Lead::StepDone),
    ("already-bound", || Lead::AlreadyBound),
    ("volunteer", || Lead::Volunteer),
    ("park", || Lead::Park),
];
/// The help pages that the program has.
const HELP: [(&str, &str); 4] = [
    ("cache", "cache"),
    ("forgotten", "forgotten"),
    ("scan", "scan"),
    ("scan_fails", "scan_fails"),
];

/// "What do you see now?": the words and where each leads.
fn read_choices(page: &Table<'_>, gather: &mut Gather) -> (Vec<Localized>, Vec<Lead>) {
    let Some(tables) = gather.take(page.tables("choices")) else {
        return Default::default();
    };
    let tables = tables.unwrap_or_default();
    if !(2..=4).contains(&tables.len()) {
        gather.add(page.fault_in(
            "choices",
            both!("{} choices", "{} 个选择", tables.len()),
            pick(
                "give two to four: `{ see = { ... }, lead = \"next\" }`",
                "请写两到四个：`{ see = { ... }, lead = \"next\" }`",
            ),
        ));
        return Default::default();
    }
    let before = gather.count();
    let mut words = Vec::new();
    let mut leads = Vec::new();
    for table in &tables {
        words.push(gather.take(localized(table, "see")).unwrap_or_default());
        leads.extend(gather.take(read_lead(table)));
        gather.finish(table);
    }
    let onward = |lead: &Lead| {
        matches!(
            lead,
            Lead::Next | Lead::Scanned | Lead::StepDone | Lead::Verdict { .. }
        )
    };
    if gather.count() == before && !leads.iter().any(onward) {
        gather.add(page.fault_in(
            "choices",
            both!(
                "none of them goes on: the route would never end here",
                "没有一个往下走：路线在这里走不完"
            ),
            pick(
                "give one `lead = \"next\"` or `lead = \"step-done\"`",
                "请给其中一个写 `lead = \"next\"` 或 `lead = \"step-done\"`",
            ),
        ));
    }
    (words, leads)
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
            both!("must lead to exactly one place", "必须恰好通向一处"),
            pick("give one of: lead = \"...\", help = \"...\", answer or verdict = { question = \"...\", is = \"...\" }", "请写其中一个：lead = \"...\"、help = \"...\"、answer 或 verdict = { question = \"...\", is = \"...\" }"),
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
        _ => {
            return Err(table.fault_in(
                "is",
                both!("is no answer to that question", "不是那个问题的回答"),
                both!("see `when` above", "见上面的 `when`"),
            ));
        }
    };
    table.finish()?;
    Ok(given)
}

/// Reads `[pages]`: what each page shows, and for the rules where its choices lead.
pub(super) fn read_pages(table: &Table<'_>, pack: &mut Pack, gather: &mut Gather) {
    let names: Vec<String> = table.keys().map(str::to_owned).collect();
    for name in names {
        // A faulty page counts as present, so that the steps that name it are not faults.
        let id = PageId(name);
        let read = gather.take(table.need_table(&id.0));
        let page = read.map(|inner| read_page(&inner, gather));
        let leads = page.as_ref().map_or(Vec::new(), |(_, leads)| leads.clone());
        pack.rules.pages.insert(id.clone(), PageChoices { leads });
        pack.pages.extend(page.map(|(page, _)| (id, page)));
    }
}

fn read_page(table: &Table<'_>, gather: &mut Gather) -> (PhonePage, Vec<Lead>) {
    let title = gather.take(localized(table, "title")).unwrap_or_default();
    let say = gather.take(localized(table, "say")).unwrap_or_default();
    let shows = read_items(table, gather);
    let either = read_either(table, gather);
    let mut maybe = |key: &str| {
        if table.has(key) {
            gather.take(localized(table, key))
        } else {
            None
        }
    };
    let warn = maybe("warn");
    let say_with_qr = maybe("say_with_qr");
    let qr = gather.maybe(table.choice("qr", &qr_codes()));
    let version = gather.maybe(table.text("version"));
    let (choices, leads) = read_choices(table, gather);
    if leads.contains(&Lead::Scanned) && qr != Some(PackQr::Register) {
        gather.add(table.fault_in(
            "qr",
            both!("a choice says that the registration code was scanned, and the page does not show it", "有个选择说扫过了注册二维码，而页面没有显示它"),
            both!("add `qr = \"register\"`", "请加上 `qr = \"register\"`"),
        ));
    }
    gather.finish(table);
    let page = PhonePage {
        title,
        say,
        say_with_qr,
        warn,
        version: version.map(|found| found.value),
        qr,
        shows,
        either,
        choices,
    };
    (page, leads)
}

/// Reads the two phones of `either`.
fn read_either(table: &Table<'_>, gather: &mut Gather) -> Option<[PhoneFace; 2]> {
    let tables = gather.maybe(table.tables("either"))?;
    let faces: Vec<PhoneFace> = tables
        .iter()
        .map(|face| {
            let title = gather.take(localized(face, "title")).unwrap_or_default();
            let shows = read_items(face, gather);
            gather.finish(face);
            PhoneFace { title, shows }
        })
        .collect();
    let count = faces.len();
    let either = faces.try_into().ok();
    if either.is_none() {
        gather.add(table.fault_in(
            "either",
            both!("{count} phones side by side", "{count} 部手机并排"),
            both!("draw two, or leave it out", "请画两部，或不写"),
        ));
    }
    either
}

fn read_items(table: &Table<'_>, gather: &mut Gather) -> Vec<PhoneItem> {
    let Some(items) = gather.take(table.tables("shows")) else {
        return Vec::new();
    };
    let items = items.unwrap_or_default();
    if items.is_empty() || items.len() > 8 {
        gather.add(table.fault_in(
            "shows",
            both!(
                "{} things on a phone's page",
                "手机的一页上有 {} 样东西",
                items.len()
            ),
            both!("draw one to eight, from the top", "请从上往下画一到八样"),
        ));
    }
    items
        .iter()
        .filter_map(|item| gather.take(read_item(item)))
        .collect()
}

fn read_item(table: &Table<'_>) -> Result<PhoneItem, Fault> {
    const KINDS: [&str; 5] = ["text", "row", "field", "button", "picture"];
    let mut kinds = KINDS.into_iter().filter(|kind| table.has(kind));
    let (Some(kind), None) = (kinds.next(), kinds.next()) else {
        return Err(table.fault(
            both!("must show exactly one thing", "必须恰好显示一样"),
            both!("give one of: {}", "请写其中一个：{}", KINDS.join(", ")),
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
