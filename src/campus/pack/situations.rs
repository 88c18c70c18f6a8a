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
    // One situation of each kind of fault is enough: the others often follow from it.
    let (mut none_fits, mut pairs) = (false, Vec::new());
    for situation in situations(&questions) {
        let fitting: Vec<&str> = routes
            .iter()
            .filter(|route| fits(route, &situation))
            .map(|route| route.id.as_str())
            .collect();
        let words = || words_of(&situation);
        match fitting.as_slice() {
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
            [first, second, ..] if pairs.contains(&(*first, *second)) => {}
            [first, second, ..] => {
                pairs.push((*first, *second));
                gather.add(root.fault_in(
                    "routes",
                    format!("both {first} and {second} fit {}", words()),
                    "take that answer out of one `when`",
                ));
            }
        }
    }
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
