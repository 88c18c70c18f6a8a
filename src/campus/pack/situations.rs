//! Checks that every situation fits exactly one of a pack's routes. It reads no file.

use super::gather::Gather;
use crate::cli_lang::both;
use crate::table::Table;
use crate::visit::{Answer, Question, Route};

/// Checks that every combination of answers to the routes' questions fits exactly one route.
pub(super) fn check_routes(root: &Table<'_>, routes: &[Route], gather: &mut Gather) {
    for (place, route) in routes.iter().enumerate() {
        let is_other = |other: &&Route| other.id == route.id && other.steps != route.steps;
        if routes.iter().take(place).any(|other| is_other(&other)) {
            let what = both!(
                "two routes have the id \"{}\"",
                "两条路线的 id 都是 \"{}\"",
                route.id
            );
            return gather.add(root.fault_in("routes", what, both!("rename one", "请改一个名")));
        }
    }
    let mut questions: Vec<Question> = routes
        .iter()
        .flat_map(|route| route.when.keys().copied())
        .collect();
    questions.sort_unstable();
    questions.dedup();
    let all: Vec<&Route> = routes.iter().collect();
    // One example of each kind of fault is enough: others often follow from it.
    let (mut none_fits, mut pairs) = (false, Vec::new());
    each_situation(
        &questions,
        &all,
        &mut Vec::new(),
        &mut |situation, fitting| {
            let words = || words_of(situation);
            match fitting {
                [_] => {}
                [] if none_fits => {}
                [] => {
                    none_fits = true;
                    gather.add(root.fault_in(
                        "routes",
                        both!("no route fits {}", "没有路线对得上 {}", words()),
                        both!(
                            "add that answer to a route's `when`, or a route for it",
                            "请把这个回答加进某条路线的 `when`，或为它加一条路线"
                        ),
                    ));
                }
                [first, second, ..] => {
                    let pair = (first.id.clone(), second.id.clone());
                    if !pairs.contains(&pair) {
                        gather.add(root.fault_in(
                            "routes",
                            both!(
                                "both {} and {} fit {}",
                                "{} 和 {} 都对得上 {}",
                                pair.0,
                                pair.1,
                                words()
                            ),
                            both!(
                                "take that answer out of one `when`",
                                "请从其中一个 `when` 里去掉这个回答"
                            ),
                        ));
                        pairs.push(pair);
                    }
                }
            }
        },
    );
}

/// A situation in words: `wechat-number = yes`.
fn words_of(situation: &[(Question, Answer)]) -> String {
    if situation.is_empty() {
        return "everybody".into();
    }
    let parts: Vec<String> = situation
        .iter()
        .map(|(question, answer)| {
            let (question, answer) = (question.name(), answer.name());
            format!("{question} = {answer}")
        })
        .collect();
    parts.join(" and ")
}

/// Visits the situations, each only as far as its answers matter to a route that still fits: this is part of the start.
fn each_situation(
    questions: &[Question],
    fitting: &[&Route],
    situation: &mut Vec<(Question, Answer)>,
    visit: &mut impl FnMut(&[(Question, Answer)], &[&Route]),
) {
    let Some((question, rest)) = questions.split_first().filter(|_| !fitting.is_empty()) else {
        return visit(situation, fitting);
    };
    if !fitting
        .iter()
        .any(|route| route.when.contains_key(question))
    {
        return each_situation(rest, fitting, situation, visit);
    }
    for answer in question.answers() {
        let fits = |route: &&&Route| {
            route
                .when
                .get(question)
                .is_none_or(|answers| answers.contains(answer))
        };
        let fitting: Vec<&Route> = fitting.iter().filter(fits).copied().collect();
        situation.push((*question, *answer));
        each_situation(rest, &fitting, situation, visit);
        situation.pop();
    }
}
