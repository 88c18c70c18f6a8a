//! Reads a pack's routes, and checks that every situation fits exactly one of them.

use std::collections::BTreeMap;

use super::terms::{ANSWERS, QUESTIONS, STEPS, WAYS};
use crate::table::{Fault, Table};
use crate::visit::{Answer, PageId, Question, Route, Rules, Step, StepKind, Way};

/// Reads `[[routes]]`; pages were read before.
pub(super) fn read_routes(root: &Table<'_>, rules: &mut Rules, whole: bool) -> Result<(), Fault> {
    if let Some(tables) = root.tables("routes")? {
        rules.routes = tables
            .iter()
            .map(|table| read_route(table, rules))
            .collect::<Result<Vec<_>, Fault>>()?;
    } else if whole {
        return Err(root.fault_in("routes", "is missing", "add a [[routes]] section"));
    }
    check_routes(root, &rules.routes)
}

fn read_route(table: &Table<'_>, rules: &Rules) -> Result<Route, Fault> {
    let id = table.need_text("id")?.value;
    let when = read_when(table)?;
    let tables = table.tables("steps")?.unwrap_or_default();
    let mut steps: Vec<Step> = Vec::new();
    for step in &tables {
        let read = read_step(step, rules)?;
        check_order(step, &read, &steps)?;
        steps.push(read);
    }
    table.finish()?;
    let takes_data = |step: &Step| step.kind != StepKind::Follow && step.ways.contains(&Way::Desk);
    match steps.first() {
        None => Err(table.fault_in("steps", "a route without steps", "add its steps")),
        Some(first) if first.kind != StepKind::Notice && steps.iter().any(takes_data) => Err(table
            .fault_in(
                "steps",
                "the desk takes data here and gives no notice first",
                "begin with `{ step = \"notice\", ways = [\"desk\"] }`",
            )),
        Some(_) => Ok(Route { id, when, steps }),
    }
}

/// What can be said of a step by what stands before it.
fn check_order(table: &Table<'_>, step: &Step, before: &[Step]) -> Result<(), Fault> {
    let has = |kind: StepKind| before.iter().any(|step| step.kind == kind);
    if has(step.kind) {
        return Err(table.fault_in("step", "stands twice in this route", "take one out"));
    }
    match step.kind {
        StepKind::Notice if !before.is_empty() => Err(table.fault_in(
            "step",
            "a notice after the first step",
            "put it first: it comes before any data",
        )),
        StepKind::Verify if !has(StepKind::Number) => Err(table.fault_in(
            "step",
            "nothing to verify: no number was given before",
            "put a number step before it",
        )),
        _ => Ok(()),
    }
}

fn read_when(route: &Table<'_>) -> Result<BTreeMap<Question, Vec<Answer>>, Fault> {
    let mut when = BTreeMap::new();
    let Some(table) = route.table("when")? else {
        return Ok(when);
    };
    let names: Vec<String> = table.keys().map(str::to_owned).collect();
    for name in names {
        let Some((_, question)) = QUESTIONS.iter().find(|(known, _)| *known == name) else {
            break; // `finish` names it.
        };
        let answers = table
            .texts(&name)?
            .unwrap_or_default()
            .iter()
            .map(|answer| table.pick(&name, answer, &ANSWERS))
            .collect::<Result<Vec<_>, Fault>>()?;
        if answers.is_empty() {
            return Err(table.fault_in(&name, "no answers", "list them, or take the question out"));
        }
        when.insert(*question, answers);
    }
    for (name, _) in QUESTIONS {
        // Asked for once more, so that a wrong name is answered with the questions there are.
        table.texts(name)?;
    }
    table.finish()?;
    Ok(when)
}

fn read_step(table: &Table<'_>, rules: &Rules) -> Result<Step, Fault> {
    table.need_text("step")?;
    let kind = table.choice("step", &STEPS)?.unwrap_or(StepKind::Notice);
    let ways = read_way_list(table, "ways")?.ok_or_else(|| {
        table.fault_in(
            "ways",
            "is missing",
            "add `ways = [\"desk\", \"phone\"]`, or one of them",
        )
    })?;
    let known: Vec<&str> = rules.pages.keys().map(|id| id.0.as_str()).collect();
    let pages = table.texts("pages")?.unwrap_or_default();
    for page in &pages {
        if !known.contains(&page.as_str()) {
            return Err(table.fault_in(
                "pages",
                format!("there is no page \"{page}\""),
                crate::table::suggest(page, &known),
            ));
        }
    }
    table.finish()?;
    let step = Step {
        kind,
        ways,
        pages: pages.into_iter().map(PageId).collect(),
    };
    check_ways(&step).map_err(|(what, remedy)| table.fault_in("ways", what, remedy))?;
    Ok(step)
}

fn read_way_list(table: &Table<'_>, key: &str) -> Result<Option<Vec<Way>>, Fault> {
    let Some(names) = table.texts(key)? else {
        return Ok(None);
    };
    let ways = names
        .iter()
        .map(|name| table.pick(key, name, &WAYS))
        .collect::<Result<Vec<_>, Fault>>()?;
    let twice = ways.iter().enumerate().any(|(place, way)| {
        ways.iter()
            .skip(place.saturating_add(1))
            .any(|other| other == way)
    });
    match ways.is_empty() || twice {
        true => Err(table.fault_in(key, "no way, or one twice", "list desk, phone or both")),
        false => Ok(Some(ways)),
    }
}

fn check_ways(step: &Step) -> Result<(), (&'static str, &'static str)> {
    if step.kind == StepKind::Notice && step.ways != [Way::Desk] {
        return Err(("a notice is the desk's", "write ways = [\"desk\"]"));
    }
    if step.ways.contains(&Way::Phone) && step.pages.is_empty() {
        return Err((
            "the phone's way has no pages to show",
            "add `pages = [...]`, or take phone out of ways",
        ));
    }
    Ok(())
}

/// `[ways]`: for a pack with a base that only changes who does a step, in every route.
pub(super) fn read_ways(root: &Table<'_>, rules: &mut Rules) -> Result<(), Fault> {
    let Some(table) = root.table("ways")? else {
        return Ok(());
    };
    for (name, kind) in STEPS {
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

/// Every combination of the answers to the questions that routes name must fit one route and no other.
fn check_routes(root: &Table<'_>, routes: &[Route]) -> Result<(), Fault> {
    for (place, route) in routes.iter().enumerate() {
        if routes.iter().take(place).any(|other| other.id == route.id) {
            let what = format!("two routes have the id \"{}\"", route.id);
            return Err(root.fault_in("routes", what, "rename one"));
        }
    }
    let mut questions: Vec<Question> = routes
        .iter()
        .flat_map(|route| route.when.keys().copied())
        .collect();
    questions.sort_unstable();
    questions.dedup();
    for situation in situations(&questions) {
        let fitting: Vec<&str> = routes
            .iter()
            .filter(|route| fits(route, &situation))
            .map(|route| route.id.as_str())
            .collect();
        let words = || words_of(&situation);
        match fitting.as_slice() {
            [_] => {}
            [] => {
                return Err(root.fault_in(
                    "routes",
                    format!("no route fits {}", words()),
                    "add that answer to a route's `when`, or a route for it",
                ));
            }
            [first, second, ..] => {
                return Err(root.fault_in(
                    "routes",
                    format!("both {first} and {second} fit {}", words()),
                    "take that answer out of one `when`",
                ));
            }
        }
    }
    Ok(())
}

/// A situation for people: `wechat-number = yes`.
fn words_of(situation: &[(Question, Answer)]) -> String {
    if situation.is_empty() {
        return "everybody".into();
    }
    let parts: Vec<String> = situation
        .iter()
        .map(|(question, answer)| {
            let (question, answer) = (name_of(&QUESTIONS, question), name_of(&ANSWERS, answer));
            format!("{question} = {answer}")
        })
        .collect();
    parts.join(" and ")
}

fn situations(questions: &[Question]) -> Vec<Vec<(Question, Answer)>> {
    questions.iter().fold(vec![Vec::new()], |sofar, question| {
        sofar
            .iter()
            .flat_map(|situation| {
                question.answers().iter().map(move |answer| {
                    let mut longer: Vec<(Question, Answer)> = situation.clone();
                    longer.push((*question, *answer));
                    longer
                })
            })
            .collect()
    })
}

fn fits(route: &Route, situation: &[(Question, Answer)]) -> bool {
    situation.iter().all(|(question, answer)| {
        route
            .when
            .get(question)
            .is_none_or(|answers| answers.contains(answer))
    })
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names
        .iter()
        .find(|(_, known)| known == value)
        .map_or("?", |(name, _)| name)
}
