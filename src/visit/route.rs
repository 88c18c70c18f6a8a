//! Routes as data: where a visit stands, which step is next, and what can be taken back. Pure.
//!
//! A question is asked only when the routes that still fit would go on differently: so a student is asked the fewest
//! that decide it, at the moment when it matters, and a pack that needs no question asks none.

use super::{
    Answer, Connectivity, Lead, Mark, MemberStatus, Outcome, PageChoices, PageId, Pages, PhoneTask,
    Place, Question, Route, Rules, Status, Step, StepKind, Visit, Way,
};

/// Where the visit stands.
pub fn place(visit: &Visit, rules: &Rules, reach: Connectivity) -> Place {
    match &visit.status {
        Status::Parked { .. } => return Place::Parked,
        Status::Closed { .. } => return Place::Closed,
        Status::Open => {}
    }
    place_when_taken_up(visit, rules, reach)
}

/// Where the visit stands, or will when it is resumed.
pub fn place_when_taken_up(visit: &Visit, rules: &Rules, reach: Connectivity) -> Place {
    let place = on_the_route(visit, rules, reach);
    let is_through = matches!(place, Place::Bound | Place::NotedByWord);
    if !is_through && visit.member == Some(MemberStatus::Active) {
        // Whatever is left to do: the directory, or the phone, says that nothing has to be done.
        return Place::AlreadyBound;
    }
    place
}

/// Whether every step is done, also of a visit that was parked or has ended.
pub fn is_through(visit: &Visit, rules: &Rules, reach: Connectivity) -> bool {
    outcome(visit, rules, reach).is_some()
}

/// How the visit ends now, also one that was parked; none while a step is left.
pub fn outcome(visit: &Visit, rules: &Rules, reach: Connectivity) -> Option<Outcome> {
    match on_the_route(visit, rules, reach) {
        Place::Bound => Some(Outcome::Bound),
        Place::NotedByWord => Some(Outcome::BoundByWord),
        Place::Step { .. }
        | Place::Ask(_)
        | Place::AlreadyBound
        | Place::Parked
        | Place::Closed
        | Place::Stuck => None,
    }
}

/// Whether the desk knows that a route whose steps are done has bound the account. A wait after the last step changes
/// nothing about that.
fn is_seen(route: &Route, visit: &Visit) -> bool {
    let mut steps = route.steps.iter().rev();
    let last = steps.find(|step| step.kind != StepKind::Wait);
    visit.seen_active || last.is_some_and(|step| visit.by_campus.contains(&step.kind))
}

fn on_the_route(visit: &Visit, rules: &Rules, reach: Connectivity) -> Place {
    let fitting = fitting(visit, rules);
    let mut nexts = fitting.iter().map(|route| next_step(route, visit, reach));
    let Some(first) = nexts.next() else {
        return Place::Stuck;
    };
    if nexts.all(|next| next == first) {
        return match first {
            None if fitting.iter().all(|route| is_seen(route, visit)) => Place::Bound,
            None => Place::NotedByWord,
            Some(step) => match way(step, visit, reach) {
                Some(Way::Desk) => Place::Step {
                    step: step.kind,
                    way: Way::Desk,
                    page: 0,
                },
                Some(Way::Phone) => coached(step, visit, rules),
                None => Place::Stuck,
            },
        };
    }
    match deciding_question(&fitting, visit) {
        Some(question) => Place::Ask(question),
        None => Place::Stuck,
    }
}

/// A step by the phone: its page, or the question that its pages depend on.
fn coached(step: &Step, visit: &Visit, rules: &Rules) -> Place {
    if let Pages::By { question, .. } = &step.pages
        && visit.answer(*question).is_none()
    {
        return Place::Ask(*question);
    }
    Place::Step {
        step: step.kind,
        way: Way::Phone,
        page: visit.page.max(first_shown(step, visit, rules)),
    }
}

/// The first page of a step that is shown: the scan page is skipped if the code was scanned before.
fn first_shown(step: &Step, visit: &Visit, rules: &Rules) -> usize {
    usize::from(visit.has_scanned() && begins_with_scan(step, visit, rules))
}

fn begins_with_scan(step: &Step, visit: &Visit, rules: &Rules) -> bool {
    let pages = step.pages.of(|question| visit.answer(question));
    pages.first().is_some_and(|page| rules.is_scan(page))
}

/// The first page of the present step that is shown, counted from 0.
pub fn first_page(visit: &Visit, rules: &Rules, reach: Connectivity) -> usize {
    let step = step(visit, rules, reach);
    step.map_or(0, |step| first_shown(step, visit, rules))
}

/// The present step as the pack has it, where the visit stands at one.
pub fn step<'a>(visit: &Visit, rules: &'a Rules, reach: Connectivity) -> Option<&'a Step> {
    fitting(visit, rules)
        .first()
        .and_then(|route| next_step(route, visit, reach))
}

/// The phone pages of a step in this visit's route.
pub fn page_ids<'a>(rules: &'a Rules, visit: &Visit, step: StepKind) -> &'a [PageId] {
    // A route may have a step twice, as the cache before and after an unbinding: the one that is not done counts.
    let of_kind = |route: &'a Route| {
        let mut steps = with_done(route, visit).filter(|(s, _)| s.kind == step);
        let first = steps.next()?;
        std::iter::once(first)
            .chain(steps)
            .find(|(_, is_done)| !is_done)
            .or(Some(first))
    };
    fitting(visit, rules)
        .first()
        .and_then(|route| of_kind(route))
        .map_or(&[], |(s, _)| s.pages.of(|question| visit.answer(question)))
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
        Some(PageChoices { leads }) if !leads.is_empty() => leads.get(choice),
        _ => (choice == 0).then_some(&ON),
    }
}

/// Whether the student may step aside where the visit stands, so that the next one can be taken meanwhile. Not at an
/// unbinding by the desk: it waits for nothing but the campus's answer.
pub fn may_step_aside(place: &Place) -> bool {
    match place {
        Place::Step { step, way, .. } => {
            step.takes_its_time() && (*step, *way) != (StepKind::Unbind, Way::Desk)
        }
        Place::Ask(_)
        | Place::AlreadyBound
        | Place::Bound
        | Place::NotedByWord
        | Place::Parked
        | Place::Closed
        | Place::Stuck => false,
    }
}

/// What the student does on the phone where the visit stands, so that the desk waits for minutes; none where it waits for
/// the student here.
pub fn phone_task(place: &Place) -> Option<PhoneTask> {
    let Place::Step { step, way, .. } = place else {
        return None;
    };
    match (step, way) {
        (StepKind::Notice, _)
        | (StepKind::Identity | StepKind::Number | StepKind::Unbind, Way::Desk) => None,
        (StepKind::Identity | StepKind::Number, Way::Phone) => Some(PhoneTask::Register),
        (StepKind::Cache | StepKind::CacheCheck, _) => Some(PhoneTask::Cache),
        (StepKind::SignOut, _) => Some(PhoneTask::Restart),
        (StepKind::GetApp | StepKind::AppSignIn, _) => Some(PhoneTask::Download),
        (StepKind::Follow, _) => Some(PhoneTask::Follow),
        (StepKind::Verify, _) => Some(PhoneTask::Verify),
        (StepKind::Unbind, Way::Phone) => Some(PhoneTask::Unbind),
        (StepKind::Hold | StepKind::Activate | StepKind::Portal | StepKind::Wait, _) => {
            Some(PhoneTask::Portal)
        }
    }
}

/// The steps of the likeliest route, for the progress line: which are done, which is next. Steps that this visit passes
/// over are left out.
pub fn progress(visit: &Visit, rules: &Rules, reach: Connectivity) -> Vec<(StepKind, bool)> {
    let Some(route) = fitting(visit, rules).first().copied() else {
        return Vec::new();
    };
    with_done(route, visit)
        .filter(|(step, is_done)| *is_done || !is_passed_over(step, route, visit, reach))
        .map(|(step, is_done)| (step.kind, is_done))
        .collect()
}

/// Whether a verification is left on the route that is decided, so that following alone does not activate the account.
pub fn verifies_later(visit: &Visit, rules: &Rules, reach: Connectivity) -> bool {
    let is_decided = route(visit, rules).is_some();
    is_decided && progress(visit, rules, reach).contains(&(StepKind::Verify, false))
}

/// Whether the number is verified with a code, whatever is answered from here on.
pub fn verifies_always(visit: &Visit, rules: &Rules) -> bool {
    let fitting = fitting(visit, rules);
    let verifies = |route: &&Route| {
        let mut steps = route.steps.iter();
        steps.any(|step| step.kind == StepKind::Verify)
    };
    !fitting.is_empty() && fitting.iter().all(verifies)
}

/// The pack's id of the route that is the student's situation: `None` while several still fit, and where the student was
/// not sure of an answer that led to it.
pub fn situation<'a>(visit: &Visit, rules: &'a Rules) -> Option<&'a str> {
    let route = route(visit, rules)?;
    let mut questions = route.when.keys();
    let is_sure = questions.all(|question| visit.answer(*question) != Some(Answer::Unsure));
    is_sure.then_some(route.id.as_str())
}

/// The route, once the answers have decided it; `None` while several still fit.
pub fn route<'a>(visit: &Visit, rules: &'a Rules) -> Option<&'a Route> {
    let fitting = fitting(visit, rules);
    let first = fitting.first().copied()?;
    // One that is for several situations stands here once for each.
    fitting
        .iter()
        .all(|other| other.id == first.id)
        .then_some(first)
}

/// How many marks are left when Esc takes the last one back; `None` where nothing can be: at the beginning, and after a
/// sign-in at the desk, which only leaving undoes.
pub fn back_to(visit: &Visit, rules: &Rules, reach: Connectivity) -> Option<usize> {
    let mut keep = visit.done.len().checked_sub(1)?;
    if visit.done.get(keep) == Some(&Mark::Scanned) && !shows_scan(visit, rules, reach) {
        // The page would not change.
        keep = keep.checked_sub(1)?;
    }
    let stays = match visit.done.get(keep)? {
        Mark::Step(StepKind::Identity) => visit.student.is_some(),
        Mark::Step(StepKind::Notice) => visit.owner().is_some(),
        Mark::Step(StepKind::Unbind) => visit.is_unbound(),
        Mark::Step(
            StepKind::Number
            | StepKind::Cache
            | StepKind::CacheCheck
            | StepKind::SignOut
            | StepKind::Hold
            | StepKind::GetApp
            | StepKind::AppSignIn
            | StepKind::Follow
            | StepKind::Verify
            | StepKind::Activate
            | StepKind::Portal
            | StepKind::Wait,
        ) => false,
        // Said on Welcome, not here.
        Mark::Answer(question, answer) => {
            (*question, *answer) == (Question::Standing, Answer::FirstTime)
        }
        Mark::Scanned => false,
    };
    (!stays).then_some(keep)
}

/// Whether the present step is done by the phone and begins with the scan.
fn shows_scan(visit: &Visit, rules: &Rules, reach: Connectivity) -> bool {
    step(visit, rules, reach).is_some_and(|step| {
        way(step, visit, reach) == Some(Way::Phone) && begins_with_scan(step, visit, rules)
    })
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
fn next_step<'a>(route: &'a Route, visit: &Visit, reach: Connectivity) -> Option<&'a Step> {
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
/// What the desk has unbound is not unbound again, whatever is answered otherwise later.
fn is_passed_over(step: &Step, route: &Route, visit: &Visit, reach: Connectivity) -> bool {
    if step.kind == StepKind::Unbind {
        return visit.is_unbound();
    }
    let takes_data = |(s, is_done): (&Step, bool)| {
        let is_over = s.kind == StepKind::Unbind && visit.is_unbound();
        let left = !is_done && !is_over && s.kind != StepKind::Notice;
        left && way(s, visit, reach) == Some(Way::Desk)
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
pub fn way(step: &Step, visit: &Visit, reach: Connectivity) -> Option<Way> {
    let can_be = |way: &Way| *way == Way::Phone || desk_can(step.kind, visit, reach);
    let mut ways = step.ways.iter().copied().filter(can_be);
    let preferred = ways.next()?;
    if preferred == visit.prefers || ways.any(|way| way == visit.prefers) {
        Some(visit.prefers)
    } else {
        Some(preferred)
    }
}

fn desk_can(step: StepKind, visit: &Visit, reach: Connectivity) -> bool {
    let known = visit.student.is_some();
    match step {
        StepKind::Notice => true,
        StepKind::Identity => reach.desk_can_sign_in(),
        StepKind::Number => known && reach.directory_write.is_connected(),
        StepKind::Follow => known && reach.directory_read.is_connected(),
        StepKind::Verify => {
            // A number that the student only typed is not proved to be the member's: its code would prove nothing.
            known
                && visit.number_bound
                && reach.sms.is_connected()
                && reach.directory_write.is_connected()
        }
        StepKind::Unbind => reach.desk_can_sign_in() && reach.directory_write.is_connected(),
        StepKind::Cache
        | StepKind::CacheCheck
        | StepKind::SignOut
        | StepKind::Hold
        | StepKind::GetApp
        | StepKind::AppSignIn
        | StepKind::Activate
        | StepKind::Portal
        | StepKind::Wait => false,
    }
}

#[cfg(test)]
mod tests;
