//! Routes as data: where a visit stands, what comes next, and what can be taken back. Pure.
//!
//! A question is asked only when the routes that still fit would go on differently: so a student is asked the fewest
//! that decide it, at the moment when it matters, and a pack that needs no question asks none.

use super::{
    Lead, Mark, MemberStatus, Page, PageId, Place, Question, Reach, Route, Rules, Status, Step,
    StepKind, Visit, Way,
};

/// Where the visit stands.
pub fn place(visit: &Visit, rules: &Rules, reach: Reach) -> Place {
    match &visit.status {
        Status::Parked { .. } => return Place::Parked,
        Status::Closed { .. } => return Place::Closed,
        Status::Open => {}
    }
    match on_the_route(visit, rules, reach) {
        Place::Bound => Place::Bound,
        // Whatever is left to do: the directory, or the phone, says that nothing has to be done.
        _ if visit.member == Some(MemberStatus::Active) => Place::AlreadyBound,
        place => place,
    }
}

fn on_the_route(visit: &Visit, rules: &Rules, reach: Reach) -> Place {
    let fitting = fitting(visit, rules);
    let mut nexts = fitting.iter().map(|route| next_step(route, visit, reach));
    let Some(first) = nexts.next() else {
        return Place::Stuck;
    };
    if nexts.all(|next| next == first) {
        return match first {
            None => Place::Bound,
            Some(step) => match way(step, visit, reach) {
                Some(way) => Place::Step {
                    step: step.kind,
                    way,
                    page: match way {
                        Way::Desk => 0,
                        Way::Phone => visit.page,
                    },
                },
                None => Place::Stuck,
            },
        };
    }
    match deciding_question(&fitting, visit) {
        Some(question) => Place::Ask(question),
        None => Place::Stuck,
    }
}

/// The present step as the pack has it, where the visit stands at one.
pub fn step<'a>(visit: &Visit, rules: &'a Rules, reach: Reach) -> Option<&'a Step> {
    fitting(visit, rules)
        .first()
        .and_then(|route| next_step(route, visit, reach))
}

/// The phone pages of a step in this visit's route.
pub fn page_ids<'a>(rules: &'a Rules, visit: &Visit, step: StepKind) -> &'a [PageId] {
    fitting(visit, rules)
        .first()
        .and_then(|route| route.steps.iter().find(|s| s.kind == step))
        .map_or(&[], |s| s.pages.as_slice())
}

/// The n-th phone page of a step, counted from 0.
pub fn page_id<'a>(
    rules: &'a Rules,
    visit: &Visit,
    step: StepKind,
    page: usize,
) -> Option<&'a PageId> {
    page_ids(rules, visit, step).get(page)
}

/// Where a choice of a phone page leads. A page without choices has one: on.
pub fn lead<'a>(
    rules: &'a Rules,
    visit: &Visit,
    step: StepKind,
    page: usize,
    choice: usize,
) -> Option<&'a Lead> {
    const ON: Lead = Lead::Next;
    match page_id(rules, visit, step, page).and_then(|id| rules.pages.get(id)) {
        Some(Page { leads }) if !leads.is_empty() => leads.get(choice),
        _ => (choice == 0).then_some(&ON),
    }
}

/// The steps of the likeliest route, for the progress line: which are done, which is next. Steps that this visit passes
/// over are left out.
pub fn progress(visit: &Visit, rules: &Rules, reach: Reach) -> Vec<(StepKind, bool)> {
    let Some(route) = fitting(visit, rules).first().copied() else {
        return Vec::new();
    };
    with_done(route, visit)
        .filter(|(step, is_done)| *is_done || !is_passed_over(step, route, visit, reach))
        .map(|(step, is_done)| (step.kind, is_done))
        .collect()
}

/// How many marks are left when Esc takes the last one back; `None` where nothing can be: at the beginning, and after a
/// sign-in at the desk, which only leaving undoes.
pub fn back_to(visit: &Visit) -> Option<usize> {
    let keep = visit.done.len().checked_sub(1)?;
    match visit.done.get(keep)? {
        Mark::Step(StepKind::Identity | StepKind::Notice) if visit.student.is_some() => None,
        _ => Some(keep),
    }
}

/// How many marks stand before the number step, for changing the number.
pub fn before_number(visit: &Visit) -> Option<usize> {
    visit
        .done
        .iter()
        .position(|mark| *mark == Mark::Step(StepKind::Number))
}

/// How many marks stand before the answer to a question, for answering it otherwise.
pub fn before_answer(visit: &Visit, question: Question) -> Option<usize> {
    visit
        .done
        .iter()
        .position(|mark| matches!(mark, Mark::Answer(asked, _) if *asked == question))
}

/// The routes that no answer so far rules out, in the pack's order.
fn fitting<'a>(visit: &Visit, rules: &'a Rules) -> Vec<&'a Route> {
    let fits = |route: &&Route| {
        route.when.iter().all(|(question, answers)| {
            visit
                .answer(*question)
                .is_none_or(|given| answers.contains(&given))
        })
    };
    rules.routes.iter().filter(fits).collect()
}

/// The first step of a route that is neither done nor passed over.
fn next_step<'a>(route: &'a Route, visit: &Visit, reach: Reach) -> Option<&'a Step> {
    with_done(route, visit)
        .find(|(step, is_done)| !is_done && !is_passed_over(step, route, visit, reach))
        .map(|(step, _)| step)
}

/// A route's steps, each with whether it is done. The order in which they were done does not matter: another answer may
/// have led here from a route of another order, and a notice may come late, when the desk takes over from the phone.
fn with_done<'a>(route: &'a Route, visit: &Visit) -> impl Iterator<Item = (&'a Step, bool)> {
    let mut done: Vec<StepKind> = visit.steps_done().collect();
    route.steps.iter().map(move |step| {
        let found = done.iter().position(|kind| *kind == step.kind);
        if let Some(place) = found {
            done.swap_remove(place);
        }
        (step, found.is_some())
    })
}

/// The notice is for data that the desk is yet to take: where the phone does every step that is left, there is none.
fn is_passed_over(step: &Step, route: &Route, visit: &Visit, reach: Reach) -> bool {
    let takes_data = |(s, is_done): (&Step, bool)| {
        !is_done && s.kind != StepKind::Notice && way(s, visit, reach) == Some(Way::Desk)
    };
    step.kind == StepKind::Notice && !with_done(route, visit).any(takes_data)
}

/// The first open question by which the fitting routes differ.
fn deciding_question(fitting: &[&Route], visit: &Visit) -> Option<Question> {
    let asked = fitting.iter().flat_map(|route| route.when.keys()).copied();
    let mut open: Vec<Question> = asked
        .filter(|question| visit.answer(*question).is_none())
        .collect();
    open.sort_unstable();
    open.into_iter().find(|question| {
        let mut answers = fitting.iter().map(|route| route.when.get(question));
        let first = answers.next();
        answers.any(|other| Some(other) != first)
    })
}

/// Who does a step here: what the pack allows, what is connected, and what the student began with. `None` where neither
/// can be.
pub fn way(step: &Step, visit: &Visit, reach: Reach) -> Option<Way> {
    let can_be = |way: &Way| *way == Way::Phone || desk_can(step.kind, visit, reach);
    let mut ways = step.ways.iter().copied().filter(can_be);
    let preferred = ways.next()?;
    if preferred == visit.prefers || ways.any(|way| way == visit.prefers) {
        Some(visit.prefers)
    } else {
        Some(preferred)
    }
}

fn desk_can(step: StepKind, visit: &Visit, reach: Reach) -> bool {
    let known = visit.student.is_some();
    match step {
        StepKind::Notice => true,
        StepKind::Identity => reach.identity.is_connected(),
        StepKind::Number => known && reach.directory_write.is_connected(),
        StepKind::Follow => known && reach.directory_read.is_connected(),
        StepKind::Verify => {
            known
                && visit.mobile.is_some()
                && reach.sms.is_connected()
                && reach.directory_write.is_connected()
        }
    }
}
