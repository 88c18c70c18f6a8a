//! Tickets: where one is opened, what it contains, how it ends, and what it leaves unchanged.

use super::campus::{everything, guide, mobile, student};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    ActKind, Answer, Command, Connectivity, Fact, Failure, FreeText, Mark, MemberStatus, Outcome,
    ParkedFor, Place, Question, Reply, SignInRefusal, Status, StepKind, Ticket, TicketContact,
    TicketNumber, TicketRow, TicketState, Trouble, Way,
};

fn opens(rig: &mut Rig, reason: &str) {
    rig.does(Command::OpenTicket {
        reason: FreeText::new(reason),
        contact: TicketContact::default(),
    });
}

fn notes(rig: &mut Rig, answer: &str, state: Option<TicketState>) {
    rig.does(Command::NoteTicket {
        called_at: Some(rig.now.wall),
        by: FreeText::new("王老师"),
        answer: FreeText::new(answer),
        state,
    });
}

fn ticket(rig: &Rig) -> &Ticket {
    rig.visit.ticket.as_ref().unwrap()
}

/// A visit by the phone with nothing connected, at its follow page.
fn by_the_phone() -> Rig {
    let mut rig = Rig::with(guide(), Connectivity::default(), Way::Phone);
    for _ in 0..3 {
        rig.does(Command::Choose { choice: 0 });
    }
    rig.says(Answer::Yes);
    rig
}

/// Visits at every kind of place, where each stands, and which situation its answers say.
fn anywhere() -> Vec<(Rig, Option<StepKind>, Option<&'static str>)> {
    let mut disabled = Rig::new();
    disabled
        .agrees()
        .signs_in(1)
        .member_is(MemberStatus::Disabled);
    let mut bound_already = Rig::new();
    bound_already
        .agrees()
        .signs_in(1)
        .member_is(MemberStatus::Active);
    let mut asked = Rig::new();
    asked.binds_number();
    let mut unsure = Rig::new();
    unsure.binds_number().says(Answer::Unsure);
    let mut coded = Rig::new();
    coded.comes_to_code().gets_code();
    vec![
        (Rig::new(), Some(StepKind::Notice), None),
        (disabled, Some(StepKind::Identity), None),
        (bound_already, None, None),
        (asked, None, None),
        (unsure, Some(StepKind::Follow), None),
        (coded, Some(StepKind::Verify), Some("other-number")),
        (
            by_the_phone(),
            Some(StepKind::Follow),
            Some("wechat-number"),
        ),
    ]
}

#[test]
fn one_is_opened_anywhere_and_the_visit_waits() {
    for (mut rig, step, route) in anywhere() {
        let (place, marks) = (rig.place(), rig.visit.done.clone());
        opens(&mut rig, "打不开");
        let ticket = ticket(&rig).clone();
        assert_eq!((ticket.step, &ticket.done), (step, &marks), "{place:?}");
        assert_eq!(ticket.reason.as_str(), "打不开");
        assert_eq!(ticket.state, TicketState::Open);
        assert_eq!(ticket.route.as_deref(), route, "{place:?}");
        let Status::Parked { pickup, why, .. } = &rig.visit.status else {
            panic!("{:?}", rig.visit.status)
        };
        assert_eq!(*why, ParkedFor::Ticket);
        assert_eq!(
            ticket.number,
            TicketNumber::of(pickup.unwrap()),
            "one number to keep in mind"
        );
        rig.does(Command::ResumeByVolunteer);
        assert_eq!(rig.place(), place, "and goes on where it stood");
        assert!(rig.visit.ticket.is_some());
    }
}

#[test]
fn it_tells_who_and_what_went_wrong() {
    let mut rig = Rig::new();
    rig.agrees();
    rig.does(Command::SignIn(super::campus::sign_in(5)));
    let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
    rig.answers(Reply::SignedIn(Err(wrong.clone())));
    let refused_at = rig.now.wall;
    rig.waits(30);
    opens(&mut rig, "");
    let told = ticket(&rig);
    assert_eq!((told.student.clone(), told.reason.is_empty()), (None, true));
    assert_eq!(told.tried_as, Some(student(5).number));
    assert_eq!(told.trouble, Some((refused_at, Trouble::SignIn(wrong))));

    let mut rig = Rig::new();
    rig.binds_number().says(Answer::No);
    opens(&mut rig, "关注不了");
    let told = ticket(&rig);
    assert_eq!(told.student, Some(student(1)));
    assert_eq!(told.mobile, Some(mobile(1)));
    let answer = Mark::Answer(Question::WechatNumber, Answer::No);
    assert_eq!(told.done.last(), Some(&answer));
}

#[test]
fn what_waits_gets_one_and_goes_on_waiting() {
    let mut rig = by_the_phone();
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    let before = rig.visit.status.clone();
    let Status::Parked { pickup, .. } = &before else {
        panic!()
    };
    rig.waits(600);
    opens(&mut rig, "还是不行");
    assert_eq!(rig.visit.status, before, "the student's number is the same");
    let told = ticket(&rig);
    assert_eq!(told.number, TicketNumber::of(pickup.unwrap()));
    assert_eq!(told.step, Some(StepKind::Follow), "where it will go on");
    let row = TicketRow::of(&rig.visit).unwrap();
    assert_eq!(row.pickup, *pickup);
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(rig.place(), phone(StepKind::Follow));
}

/// Put aside again and again, the visit keeps the number that the ticket has.
#[test]
fn fault_18_a_ticket_shows_one_number_to_bring() {
    let mut rig = by_the_phone();
    opens(&mut rig, "打不开");
    let number = *ticket(&rig).number.pickup();
    for _ in 0..2 {
        let row = TicketRow::of(&rig.visit).unwrap();
        assert_eq!(row.pickup, Some(number));
        rig.does(Command::ResumeByVolunteer);
        rig.does(Command::Park {
            why: ParkedFor::Student,
        });
    }
}

/// All numbers of the desk wait: a visit is put aside without one, and no ticket is opened without one.
#[test]
fn without_a_free_number_the_visit_is_kept_and_no_ticket_is_opened() {
    let mut rig = by_the_phone();
    rig.has_numbers = false;
    opens(&mut rig, "打不开");
    assert!(rig.visit.ticket.is_none() && rig.visit.is_open());
    rig.does(Command::Park {
        why: ParkedFor::Student,
    });
    assert!(matches!(
        rig.visit.status,
        Status::Parked { pickup: None, .. }
    ));
    opens(&mut rig, "打不开");
    assert!(rig.visit.ticket.is_none());
    rig.has_numbers = true;
    opens(&mut rig, "打不开");
    assert!(rig.visit.ticket.is_some());
}

#[test]
fn a_second_one_is_a_note_and_opens_a_solved_one_again() {
    let mut rig = Rig::new();
    rig.comes_to_number();
    opens(&mut rig, "一");
    let number = ticket(&rig).number;
    rig.does(Command::ResumeByVolunteer);
    opens(&mut rig, "二");
    assert_eq!(ticket(&rig).number, number);
    assert_eq!(ticket(&rig).notes.len(), 1);
    assert!(matches!(rig.visit.status, Status::Parked { .. }));
    notes(&mut rig, "办好了", Some(TicketState::Solved));
    assert!(!ticket(&rig).is_pending());
    opens(&mut rig, "又不行了");
    assert_eq!(ticket(&rig).state, TicketState::Open);
    let last = ticket(&rig).notes.last().unwrap();
    assert_eq!(last.answer.as_str(), "又不行了");
}

#[test]
fn a_call_is_noted_with_who_when_and_what_and_changes_the_state_once() {
    let mut rig = Rig::new();
    rig.comes_to_number();
    opens(&mut rig, "一");
    notes(&mut rig, "转工程师", Some(TicketState::HandedOver));
    let noted = &ticket(&rig).notes[0];
    assert_eq!(
        (noted.called_at, noted.by.as_str(), noted.answer.as_str()),
        (Some(rig.now.wall), "王老师", "转工程师")
    );
    let (at, by) = ticket(&rig).changed.clone().unwrap();
    assert_eq!((at, by.as_str()), (rig.now.wall, "王老师"));
    // The same state again is no change.
    notes(&mut rig, "再等等", Some(TicketState::HandedOver));
    let changes = |rig: &Rig| {
        let is_change = |fact: &&Fact| matches!(fact, Fact::TicketChanged { .. });
        rig.facts.iter().map(|r| &r.fact).filter(is_change).count()
    };
    assert_eq!((changes(&rig), ticket(&rig).notes.len()), (1, 2));
    // A note that says nothing is none.
    let decision = rig.decide(Command::NoteTicket {
        called_at: None,
        by: FreeText::new("王老师"),
        answer: FreeText::default(),
        state: None,
    });
    assert_eq!(decision.facts, []);
    // Full: the state can still change.
    for n in 0..Ticket::MOST_NOTES {
        notes(&mut rig, &n.to_string(), None);
    }
    assert!(ticket(&rig).is_full());
    notes(&mut rig, "好了", Some(TicketState::Solved));
    assert_eq!(ticket(&rig).notes.len(), Ticket::MOST_NOTES);
    assert_eq!(ticket(&rig).state, TicketState::Solved);
}

#[test]
fn it_outlives_its_visit_and_a_restart_of_it() {
    let mut rig = Rig::new();
    rig.comes_to_number();
    opens(&mut rig, "一");
    rig.does(Command::ResumeByVolunteer);
    rig.does(Command::BeginAgain);
    assert_eq!(rig.place(), desk(StepKind::Notice));
    assert_eq!(ticket(&rig).student, Some(student(1)), "as it was opened");
    rig.does(Command::End);
    assert!(rig.visit.is_closed() && !rig.visit.is_over());
    opens(&mut rig, "二");
    assert!(ticket(&rig).notes.is_empty(), "nobody is there to open one");
    notes(&mut rig, "好了", Some(TicketState::Solved));
    assert!(rig.visit.is_over());
    // One that runs out keeps it too.
    let mut rig = Rig::new();
    rig.comes_to_number();
    opens(&mut rig, "一");
    rig.waits(4 * 24 * 3600);
    rig.does(Command::Expire);
    let outcome = Outcome::Expired;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
    assert!(ticket(&rig).is_pending());
}

#[test]
fn nothing_is_noted_where_there_is_none() {
    let mut rig = Rig::new();
    rig.comes_to_number();
    let before = rig.visit.clone();
    notes(&mut rig, "好了", Some(TicketState::Solved));
    assert_eq!(rig.visit, before);
}

#[test]
fn what_is_under_way_is_settled_all_the_same() {
    let mut rig = Rig::with(guide(), everything(), Way::Desk);
    rig.comes_to_number().gives(1);
    opens(&mut rig, "等了太久");
    assert!(rig.under_way(ActKind::BindNumber).is_some());
    rig.is_bound();
    assert!(rig.visit.number_bound);
    assert_eq!(rig.place(), Place::Parked);
}
