//! Reads a pack's routes, and for each step whether the desk or the phone does it. This is the TOML reader of
//! `visit::rules` (the data); `visit::route` follows the routes for one visit. [`super::situations`] checks that every
//! situation fits one route.

use std::collections::BTreeMap;

use super::Pack;
use super::gather::Gather;
use super::situations::check_routes;
use super::terms::{answers, localized, questions, steps, ways};
use crate::cli_lang::{both, pick};
use crate::table::{Fault, Table};
use crate::visit::{Answer, PageId, Pages, Question, Route, Rules, Step, StepKind, Way};

/// Reads `[[routes]]`. The pages must have been read before.
pub(super) fn read_routes(root: &Table<'_>, pack: &mut Pack, whole: bool, gather: &mut Gather) {
    let before = gather.count();
    let Some(tables) = gather.take(root.tables("routes")) else {
        return;
    };
    if let Some(tables) = tables {
        pack.reasons = BTreeMap::new();
        pack.rules.routes = Vec::new();
        for table in &tables {
            let Some(id) = gather.take(table.need_text("id")) else {
                continue;
            };
            if table.has("reason")
                && let Some(reason) = gather.take(localized(table, "reason"))
            {
                pack.reasons.insert(id.value.clone(), reason);
            }
            let routes = read_route(table, &id.value, &pack.rules, gather);
            pack.rules.routes.extend(routes);
        }
    } else if whole {
        gather.add(root.fault_in(
            "routes",
            both!("is missing", "缺少"),
            both!("add a [[routes]] section", "请加上 [[routes]] 一节"),
        ));
    }
    // A route that could not be read may be the one that a situation fits.
    if gather.count() == before {
        check_routes(root, &pack.rules.routes, gather);
    }
}

/// A route, once for each situation that its `when` lists.
fn read_route(table: &Table<'_>, id: &str, rules: &Rules, gather: &mut Gather) -> Vec<Route> {
    let before = gather.count();
    let whens = gather.take(read_whens(table)).unwrap_or_default();
    let tables = gather.maybe(table.tables("steps")).unwrap_or_default();
    let mut steps: Vec<Step> = Vec::new();
    for step in &tables {
        let Some(read) = gather.take(read_step(step, rules)) else {
            continue;
        };
        gather.take(check_order(step, &read, &steps));
        steps.push(read);
    }
    gather.finish(table);
    if gather.count() == before {
        gather.take(check_steps(table, &steps));
    }
    let route = |when| Route {
        id: id.to_owned(),
        when,
        steps: steps.clone(),
    };
    whens.into_iter().map(route).collect()
}

/// Checks a route as a whole.
fn check_steps(table: &Table<'_>, steps: &[Step]) -> Result<(), Fault> {
    let Some(last) = steps.last() else {
        return Err(table.fault_in(
            "steps",
            both!("a route without steps", "路线没有步骤"),
            both!("add its steps", "请加上步骤"),
        ));
    };
    let mut before_notice = steps
        .iter()
        .take_while(|step| step.kind != StepKind::Notice);
    if before_notice.any(takes_data) {
        return Err(table.fault_in(
            "steps",
            both!(
                "the desk takes data here and gives no notice first",
                "迎新台在这里取得信息，之前却没有隐私说明"
            ),
            pick(
                "begin with `{ step = \"notice\", ways = [\"desk\"] }`",
                "请以 `{ step = \"notice\", ways = [\"desk\"] }` 开头",
            ),
        ));
    }
    // The last step must leave the account bound, or the end of the route would be wrong.
    let mut others = steps.iter().filter(|step| step.kind != StepKind::Wait);
    let ends = match last.kind {
        StepKind::Wait => others.next_back().is_some_and(|step| binds(step.kind)),
        kind => binds(kind),
    };
    if !ends {
        return Err(table.fault_in(
            "steps",
            both!(
                "the route never ends: after `{}` nothing is bound",
                "路线走不完：`{}` 之后什么也没绑定",
                last.kind.name()
            ),
            both!(
                "end it with number, follow, verify or portal",
                "请以 number、follow、verify 或 portal 结束"
            ),
        ));
    }
    Ok(())
}

/// Whether a route may end with this step.
fn binds(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Number | StepKind::Follow | StepKind::Verify | StepKind::Portal
    )
}

fn takes_data(step: &Step) -> bool {
    !matches!(step.kind, StepKind::Follow | StepKind::Notice) && step.ways.contains(&Way::Desk)
}

/// Checks a step against the steps before it.
fn check_order(table: &Table<'_>, step: &Step, before: &[Step]) -> Result<(), Fault> {
    let has = |kind: StepKind| before.iter().any(|step| step.kind == kind);
    // The cache is cleared before an unbinding and again after it (guide 二), and looked at again after a sign-out (三.2).
    let may_come_again = matches!(
        step.kind,
        StepKind::Cache | StepKind::CacheCheck | StepKind::Portal | StepKind::Wait
    );
    if has(step.kind) && !(may_come_again && before.last().is_some_and(|s| s.kind != step.kind)) {
        return Err(table.fault_in(
            "step",
            both!("stands twice in this route", "在这条路线里出现两次"),
            both!("take one out", "请去掉一个"),
        ));
    }
    match step.kind {
        StepKind::Notice if !before.is_empty() => Err(table.fault_in(
            "step",
            both!("a notice in the middle of a visit", "隐私说明在办理的中间"),
            both!(
                "put it first: it comes before everything else",
                "请放在最前面：它先于一切"
            ),
        )),
        StepKind::Verify if !has(StepKind::Number) => Err(table.fault_in(
            "step",
            both!(
                "nothing to verify: no number was given before",
                "没有可验证的：之前没有给出号码"
            ),
            both!("put a number step before it", "请在它前面放 number 步骤"),
        )),
        StepKind::Number | StepKind::Follow | StepKind::Verify
            if !step.ways.contains(&Way::Phone) && !is_known_before(before) =>
        {
            Err(table.fault_in(
                "ways",
                both!(
                    "the desk cannot do `{}` for somebody who did not sign in at it",
                    "没有在台子上登录的人，台子不能替他办 `{}`",
                    step.kind.name()
                ),
                pick("add phone and its pages, or put an identity step with ways = [\"desk\"] before it", "请加上 phone 及其页面，或在前面放 ways = [\"desk\"] 的 identity 步骤"),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether the desk has identified the student by then, whichever way was taken.
fn is_known_before(before: &[Step]) -> bool {
    let mut identity = before.iter().filter(|step| step.kind == StepKind::Identity);
    identity.any(|step| step.ways == [Way::Desk])
}

type When = BTreeMap<Question, Vec<Answer>>;

/// Reads `when`: one situation, or a list of situations. A route without it fits every situation.
fn read_whens(route: &Table<'_>) -> Result<Vec<When>, Fault> {
    if route.is_list("when") {
        let tables = route.tables("when")?.unwrap_or_default();
        return tables.iter().map(read_when).collect();
    }
    match route.table("when")? {
        Some(table) => Ok(vec![read_when(&table)?]),
        None => Ok(vec![When::new()]),
    }
}

fn read_when(table: &Table<'_>) -> Result<When, Fault> {
    let mut when = When::new();
    let names: Vec<String> = table.keys().map(str::to_owned).collect();
    for name in names {
        let Some((_, question)) = questions().into_iter().find(|(known, _)| *known == name) else {
            break; // `finish` reports it.
        };
        let answers = table
            .texts(&name)?
            .unwrap_or_default()
            .iter()
            .map(|answer| table.pick(&name, answer, &answers()))
            .collect::<Result<Vec<_>, Fault>>()?;
        if answers.is_empty() {
            return Err(table.fault_in(
                &name,
                both!("no answers", "没有回答"),
                both!(
                    "list them, or take the question out",
                    "请列出，或去掉这个问题"
                ),
            ));
        }
        when.insert(question, answers);
    }
    for (name, _) in questions() {
        // Read once more, so that the fault for a wrong name lists the questions.
        table.texts(name)?;
    }
    table.finish()?;
    Ok(when)
}

fn read_step(table: &Table<'_>, rules: &Rules) -> Result<Step, Fault> {
    table.need_text("step")?;
    let kind = table.choice("step", &steps())?.unwrap_or(StepKind::Notice);
    let ways = read_way_list(table, "ways")?.ok_or_else(|| {
        table.fault_in(
            "ways",
            both!("is missing", "缺少"),
            pick(
                "add `ways = [\"desk\", \"phone\"]`, or one of them",
                "请加上 `ways = [\"desk\", \"phone\"]`，或其中一个",
            ),
        )
    })?;
    let pages = if table.has("pages") && !table.is_list("pages") {
        let name = table.need_text("pages")?.value;
        let known: Vec<&str> = rules.page_lists.keys().map(String::as_str).collect();
        rules.page_lists.get(&name).cloned().ok_or_else(|| {
            let what = both!(
                "there is no [page_lists.{name}]",
                "没有 [page_lists.{name}]"
            );
            table.fault_in("pages", what, crate::table::suggest(&name, &known))
        })?
    } else {
        Pages::Same(read_page_list(table, "pages", rules)?)
    };
    table.finish()?;
    let step = Step { kind, ways, pages };
    check_ways(&step).map_err(|(what, remedy)| table.fault_in("ways", what, remedy))?;
    check_scan(&step.pages, rules)
        .map_err(|(what, remedy)| table.fault_in("pages", what, remedy))?;
    Ok(step)
}

/// Whether a desk with every connection can do the step.
fn desk_may(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Notice
            | StepKind::Identity
            | StepKind::Number
            | StepKind::Follow
            | StepKind::Verify
            | StepKind::Unbind
    )
}

/// `[page_lists.NAME]` with `by = "phone"` and a list for every answer: pages that several routes show.
pub(super) fn read_page_lists(root: &Table<'_>, rules: &mut Rules, gather: &mut Gather) {
    let Some(table) = gather.maybe(root.table("page_lists")) else {
        return;
    };
    let names: Vec<String> = table.keys().map(str::to_owned).collect();
    for name in names {
        let list = table.need_table(&name);
        let pages = gather.take(list.and_then(|list| read_pages_by(&list, rules)));
        // A faulty list counts as present, like a faulty page.
        let pages = pages.unwrap_or_else(|| Pages::Same(rules.pages.keys().cloned().collect()));
        rules.page_lists.insert(name, pages);
    }
}

fn read_pages_by(table: &Table<'_>, rules: &Rules) -> Result<Pages, Fault> {
    table.need_text("by")?;
    let question = table.choice("by", &questions())?.unwrap_or(Question::Phone);
    let mut pages = BTreeMap::new();
    for answer in question.answers() {
        let name = answer.name();
        let list = read_page_list(table, name, rules)?;
        if list.is_empty() {
            return Err(table.fault_in(
                name,
                both!("no pages for this answer", "这个回答没有页面"),
                both!("list them", "请列出"),
            ));
        }
        pages.insert(*answer, list);
    }
    table.finish()?;
    Ok(Pages::By { question, pages })
}

fn read_page_list(table: &Table<'_>, key: &str, rules: &Rules) -> Result<Vec<PageId>, Fault> {
    let known: Vec<&str> = rules.pages.keys().map(|id| id.0.as_str()).collect();
    let pages = table.texts(key)?.unwrap_or_default();
    for page in &pages {
        if !known.contains(&page.as_str()) {
            return Err(table.fault_in(
                key,
                both!("there is no page \"{page}\"", "没有页面 \"{page}\""),
                crate::table::suggest(page, &known),
            ));
        }
    }
    Ok(pages.into_iter().map(PageId).collect())
}

fn read_way_list(table: &Table<'_>, key: &str) -> Result<Option<Vec<Way>>, Fault> {
    let Some(names) = table.texts(key)? else {
        return Ok(None);
    };
    let ways = names
        .iter()
        .map(|name| table.pick(key, name, &ways()))
        .collect::<Result<Vec<_>, Fault>>()?;
    let twice = ways.iter().enumerate().any(|(place, way)| {
        ways.iter()
            .skip(place.saturating_add(1))
            .any(|other| other == way)
    });
    if ways.is_empty() || twice {
        return Err(table.fault_in(
            key,
            both!("no way, or one twice", "没有写办法，或写了两次"),
            both!("list desk, phone or both", "请写 desk、phone 或两者"),
        ));
    }
    Ok(Some(ways))
}

fn check_ways(step: &Step) -> Result<(), (&'static str, &'static str)> {
    if step.kind == StepKind::Notice && step.ways != [Way::Desk] {
        return Err((
            pick("a notice is the desk's", "隐私说明由台子给出"),
            pick("write ways = [\"desk\"]", "请写 ways = [\"desk\"]"),
        ));
    }
    if step.ways.contains(&Way::Desk) && !desk_may(step.kind) {
        return Err((
            pick("nothing provides this step at the desk", "台子办不了这一步"),
            pick(
                "write ways = [\"phone\"], with pages",
                "请写 ways = [\"phone\"]，并给出页面",
            ),
        ));
    }
    if step.ways.contains(&Way::Phone) && step.pages.all().next().is_none() {
        return Err((
            pick(
                "the phone's way has no pages to show",
                "手机的办法没有可显示的页面",
            ),
            pick(
                "add `pages = [...]`, or take phone out of ways",
                "请加上 `pages = [...]`，或从 ways 里去掉 phone",
            ),
        ));
    }
    Ok(())
}

/// Checks the scan page, which may be skipped: it must be the first page of its step, and not the only one.
fn check_scan(pages: &Pages, rules: &Rules) -> Result<(), (&'static str, &'static str)> {
    let lists: Vec<&[PageId]> = match pages {
        Pages::Same(list) => vec![list],
        Pages::By { pages, .. } => pages.values().map(Vec::as_slice).collect(),
    };
    let is_scan = |page: &PageId| rules.is_scan(page);
    for list in lists {
        if list.iter().skip(1).any(is_scan) {
            return Err((
                pick(
                    "the page with `lead = \"scanned\"` stands behind another",
                    "有 `lead = \"scanned\"` 的页面排在别的后面",
                ),
                pick("put it first in its step", "请放在这一步的最前面"),
            ));
        }
        if list.len() == 1 && list.iter().any(is_scan) {
            return Err((
                pick(
                    "nothing comes after the page with `lead = \"scanned\"`",
                    "有 `lead = \"scanned\"` 的页面后面什么也没有",
                ),
                pick(
                    "add the page that the scan leads to",
                    "请加上扫码之后的页面",
                ),
            ));
        }
    }
    Ok(())
}

/// Reads `[ways]`, with which a pack with a base changes the ways of a step in every route.
pub(super) fn read_ways(root: &Table<'_>, rules: &mut Rules) -> Result<(), Fault> {
    let Some(table) = root.table("ways")? else {
        return Ok(());
    };
    for (name, kind) in steps() {
        let Some(ways) = read_way_list(&table, name)? else {
            continue;
        };
        let steps = rules.routes.iter_mut().flat_map(|route| &mut route.steps);
        for step in steps.filter(|step| step.kind == kind) {
            step.ways.clone_from(&ways);
            check_ways(step).map_err(|(what, remedy)| table.fault_in(name, what, remedy))?;
        }
    }
    table.finish()
}
