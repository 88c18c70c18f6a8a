//! Checks that every situation fits exactly one of a pack's routes. It reads nothing.

use super::gather::Gather;
use crate::table::Table;
use crate::visit::{Answer, Question, Route};

/// Every combination of the answers to the questions that routes name must fit one route and no other.
pub(super) fn check_routes(root: &Table<'_>, routes: &[Route], gather: &mut Gather) {
    for (place, route) in routes.iter().enumerate() {
        let is_other = |other: &&Route| other.id == route.id && other.steps != route.steps;
        if routes.iter().take(place).any(|other| is_other(&other)) {
            let what = format!("two routes have the id \"{}\"", route.id);
            return gather.add(root.fault_in("routes", what, "rename one"));
        }
    }
    let mut questions: Vec<Question> = routes
        .iter()
        .flat_map(|route| route.when.keys().copied())
        .collect();
    questions.sort_unstable();
    questions.dedup();
    let all: Vec<&Route> = routes.iter().collect();
    // One situation of each kind of fault is enough: the others often follow from it.
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
                        format!("no route fits {}", words()),
                        "add that answer to a route's `when`, or a route for it",
                    ));
                }
                [first, second, ..] => {
                    let pair = (first.id.clone(), second.id.clone());
                    if !pairs.contains(&pair) {
                        gather.add(root.fault_in(
                            "routes",
                            format!("both {} and {} fit {}", pair.0, pair.1, words()),
                            "take that answer out of one `when`",
                        ));
                        pairs.push(pair);
                    }
                }
            }
        },
    );
}

/// A situation for people: `wechat-number = yes`.
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

/// Goes through the situations, each as far as its answers matter to a route that still fits: a start pays for this.
fn each_situation(
    questions: &[Question],
    fitting: &[&Route],
    situation: &mut Vec<(Question, Answer)>,
    tell: &mut impl FnMut(&[(Question, Answer)], &[&Route]),
) {
    let Some((question, rest)) = questions.split_first().filter(|_| !fitting.is_empty()) else {
        return tell(situation, fitting);
    };
    if !fitting
        .iter()
        .any(|route| route.when.contains_key(question))
    {
        return each_situation(rest, fitting, situation, tell);
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
        each_situation(rest, &fitting, situation, tell);
        situation.pop();
    }
}
