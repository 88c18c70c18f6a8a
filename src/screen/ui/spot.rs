//! Where the screen stands, and the page that belongs there. A page's state lives as long as its spot.

use super::super::pages::{
    AlreadyBound, Ask, Bound, Coach, Ended, Follow, Identity, Notice, Number, Offered, Page,
    Parked, Starting, Stuck, Unbind, Verify, Welcome, visit,
};
use super::super::{DeskState, UiView};
use crate::visit::{Place, Question, StepKind, VisitId, Way, route};

/// Where the screen stands: a page's state belongs to one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    Starting,
    Welcome,
    Offered(VisitId),
    Parked,
    Step(VisitId, StepKind, Way, usize),
    Ask(VisitId, Question),
    AlreadyBound,
    Bound,
    Stuck,
    Ended,
}

pub fn spot(view: &UiView<'_>) -> Spot {
    match &view.desk {
        DeskState::Starting => Spot::Starting,
        DeskState::Free => Spot::Welcome,
        DeskState::Offered { visit, .. } => Spot::Offered(visit.id),
        DeskState::JustParked { .. } => Spot::Parked,
        DeskState::Visit { visit, place } => match *place {
            Place::Step { step, way, page } => Spot::Step(visit.id, step, way, page),
            Place::Ask(question) => Spot::Ask(visit.id, question),
            Place::AlreadyBound => Spot::AlreadyBound,
            Place::Bound => Spot::Bound,
            Place::Stuck => Spot::Stuck,
            Place::Parked | Place::Closed => Spot::Ended,
        },
    }
}

pub fn page(spot: &Spot, view: &UiView<'_>) -> Box<dyn Page> {
    match *spot {
        Spot::Starting => Box::new(Starting),
        Spot::Welcome => Box::new(Welcome::default()),
        Spot::Offered(_) => Box::new(Offered::default()),
        Spot::Parked => Box::new(Parked::default()),
        Spot::Step(_, step, way, page) => step_page(step, way, page, view),
        Spot::Ask(_, question) => Box::new(Ask::new(question)),
        Spot::AlreadyBound => Box::new(AlreadyBound),
        Spot::Bound => Box::new(Bound),
        Spot::Stuck => Box::new(Stuck),
        Spot::Ended => Box::new(Ended),
    }
}

fn step_page(step: StepKind, way: Way, page: usize, view: &UiView<'_>) -> Box<dyn Page> {
    let Some(visit) = visit(view) else {
        return Box::new(Starting);
    };
    // Who signed in at the desk has no page with the code on the phone: the desk's own is shown, and the student's word
    // is the fact.
    let here = visit.student.is_some() || route::page_ids(&view.pack.rules, visit, step).is_empty();
    match (step, way) {
        (StepKind::Notice, _) => Box::new(Notice),
        (StepKind::Identity, Way::Desk) => Box::new(Identity::default()),
        (StepKind::Unbind, Way::Desk) => Box::new(Unbind::default()),
        (StepKind::Number, Way::Desk) => Box::new(Number::new(visit)),
        (StepKind::Verify, Way::Desk) => Box::new(Verify::default()),
        (StepKind::Follow, way) if way == Way::Desk || here => Box::new(Follow::new(way)),
        _ => Box::new(Coach::new(step, page)),
    }
}
