//! Where the screen stands, and the page that belongs there. A page's state lives as long as its spot.

use super::super::pages::{
    AlreadyBoundPage, AskPage, BoundPage, CoachPage, EndedPage, FollowPage, IdentityPage,
    NotedPage, NoticePage, NumberPage, OfferedPage, ParkedPage, StartingPage, StuckPage, UiPage,
    UnbindPage, VerifyPage, WelcomePage, visit,
};
use super::super::{DeskState, UiView};
use crate::campus::pack::Pack;
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
    Noted,
    Stuck,
    Ended,
}

/// Where the view stands.
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
            Place::NotedByWord => Spot::Noted,
            Place::Stuck => Spot::Stuck,
            Place::Parked | Place::Closed => Spot::Ended,
        },
    }
}

/// A new page for a spot.
pub fn page(spot: &Spot, view: &UiView<'_>) -> Box<dyn UiPage> {
    match *spot {
        Spot::Starting => Box::new(StartingPage),
        Spot::Welcome => Box::new(WelcomePage::default()),
        Spot::Offered(_) => Box::new(OfferedPage::default()),
        Spot::Parked => Box::new(ParkedPage::shown_at(view.now.mono)),
        Spot::Step(_, step, way, page) => step_page(step, way, page, view),
        Spot::Ask(_, question) => Box::new(AskPage::new(question)),
        Spot::AlreadyBound => Box::new(AlreadyBoundPage),
        Spot::Bound => Box::new(BoundPage),
        Spot::Noted => Box::new(NotedPage),
        Spot::Stuck => Box::new(StuckPage),
        Spot::Ended => Box::new(EndedPage),
    }
}

fn step_page(step: StepKind, way: Way, page: usize, view: &UiView<'_>) -> Box<dyn UiPage> {
    let Some(visit) = visit(view) else {
        return Box::new(StartingPage);
    };
    // Who signed in at the desk has no page with the code on the phone: the desk's own is shown, and the student's word
    // is the fact.
    let has_no_page = |pack: &Pack| route::page_ids(&pack.rules, visit, step).is_empty();
    let here = visit.student.is_some() || view.pack.is_none_or(has_no_page);
    match (step, way) {
        (StepKind::Notice, _) => Box::new(NoticePage),
        (StepKind::Identity, Way::Desk) => Box::new(IdentityPage::default()),
        (StepKind::Unbind, Way::Desk) => Box::new(UnbindPage::default()),
        (StepKind::Number, Way::Desk) => Box::new(NumberPage::new(visit)),
        (StepKind::Verify, Way::Desk) => Box::new(VerifyPage::default()),
        (StepKind::Follow, _) if way == Way::Desk || here => Box::new(FollowPage::new(way)),
        (
            StepKind::Identity | StepKind::Unbind | StepKind::Number | StepKind::Verify,
            Way::Phone,
        )
        | (
            StepKind::Follow
            | StepKind::Cache
            | StepKind::CacheCheck
            | StepKind::SignOut
            | StepKind::Hold
            | StepKind::GetApp
            | StepKind::AppSignIn
            | StepKind::Activate
            | StepKind::Portal
            | StepKind::Wait,
            Way::Desk | Way::Phone,
        ) => Box::new(CoachPage::new(step, page)),
    }
}
