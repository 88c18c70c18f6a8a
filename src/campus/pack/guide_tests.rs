//! The guide's table of routes, row by row, against the embedded pack: which steps a situation leads to.

use super::embedded;
use crate::visit::Answer::{self, App, FirstTime, NewNumber, No, Staff, Unsure, Wechat, Yes};
use crate::visit::Question::{
    self, CacheCleared, OldBinding, Onward, Phone, SignInAgain, StaffBound, Standing, WechatNumber,
};
use crate::visit::StepKind::{
    self, AppSignIn, Cache, CacheCheck, Follow, GetApp, Hold, Identity, Notice, Number, SignOut,
    Unbind, Verify,
};
use crate::visit::{
    Attestation, Connectivity, Fact, Mark, Place, Recorded, Visit, VisitId, Way, evolve, route,
};

/// Walks the pack's phone way with these answers and returns the steps and questions in order.
fn journey(answers: &[(Question, Answer)]) -> (Vec<StepKind>, Vec<Question>) {
    let rules = embedded().unwrap().rules;
    let mut visit = Visit::open(VisitId(1), Way::Phone, jiff::Timestamp::UNIX_EPOCH);
    let (mut steps, mut asked) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let fact = match route::place(&visit, &rules, Connectivity::default()) {
            Place::Step { step, .. } => {
                steps.push(step);
                // What the check shows decides, as the page's choices do: at a second look it may be another answer.
                if step == CacheCheck {
                    let looks = steps.iter().filter(|step| **step == CacheCheck).count();
                    let mut shown = answers.iter().filter(|(q, _)| *q == CacheCleared);
                    let (question, answer) = *shown.nth(looks.saturating_sub(1)).unwrap();
                    let fact = Fact::Answered { question, answer };
                    let (visit_id, at) = (visit.id, visit.opened);
                    evolve(&mut visit, &Recorded::new(visit_id, at, fact));
                }
                Fact::StepDone {
                    step,
                    word: Attestation::Student,
                }
            }
            Place::Ask(question) => {
                asked.push(question);
                let (_, answer) = *answers
                    .iter()
                    .find(|(known, _)| *known == question)
                    .unwrap_or_else(|| panic!("{question:?} was asked after {steps:?}"));
                Fact::Answered { question, answer }
            }
            Place::Bound | Place::NotedByWord => return (steps, asked),
            place => panic!("{place:?} after {steps:?}"),
        };
        let recorded = Recorded::new(visit.id, visit.opened, fact);
        evolve(&mut visit, &recorded);
    }
    panic!("no end: {steps:?}");
}

/// The answers of a situation, and the steps that it leads to.
type Row<'a> = (&'a [(Question, Answer)], &'a [StepKind]);

#[test]
fn every_row_of_the_guide() {
    let phone = (Phone, Answer::Iphone);
    let rows: [Row<'_>; 11] = [
        (
            &[(Standing, FirstTime), (WechatNumber, Yes)],
            &[Identity, Number, Follow],
        ),
        (
            &[(Standing, FirstTime), (WechatNumber, No)],
            &[Identity, Number, Follow, Verify],
        ),
        (
            &[(Standing, Unsure), (WechatNumber, Unsure)],
            &[Identity, Number, Follow],
        ),
        (
            &[
                (Standing, NewNumber),
                (OldBinding, Wechat),
                phone,
                (Onward, App),
            ],
            &[Cache, Unbind, Hold, GetApp, AppSignIn, Identity, Number],
        ),
        (
            &[
                (Standing, NewNumber),
                (OldBinding, Wechat),
                phone,
                (Onward, Wechat),
                (CacheCleared, Yes),
                (WechatNumber, No),
            ],
            &[
                Cache, Unbind, Hold, Cache, CacheCheck, Identity, Number, Follow, Verify,
            ],
        ),
        (
            &[
                (Standing, NewNumber),
                (OldBinding, Unsure),
                phone,
                (Onward, Wechat),
                (CacheCleared, No),
                (SignInAgain, No),
            ],
            &[
                Cache, Unbind, Hold, Cache, CacheCheck, GetApp, AppSignIn, Identity, Number,
            ],
        ),
        // A thing to try, for who can sign in again: it helps, or it does not.
        (
            &[
                (Standing, NewNumber),
                (OldBinding, Wechat),
                phone,
                (Onward, Wechat),
                (CacheCleared, No),
                (SignInAgain, Yes),
                (CacheCleared, Yes),
                (WechatNumber, Yes),
            ],
            &[
                Cache, Unbind, Hold, Cache, CacheCheck, SignOut, CacheCheck, Identity, Number,
                Follow,
            ],
        ),
        (
            &[
                (Standing, NewNumber),
                (OldBinding, Wechat),
                phone,
                (Onward, Wechat),
                (CacheCleared, Unsure),
                (SignInAgain, Yes),
                (CacheCleared, No),
            ],
            &[
                Cache, Unbind, Hold, Cache, CacheCheck, SignOut, CacheCheck, GetApp, AppSignIn,
                Identity, Number,
            ],
        ),
        (
            &[
                (Standing, NewNumber),
                (OldBinding, App),
                (WechatNumber, Yes),
            ],
            &[Unbind, Identity, Number, Follow],
        ),
        (
            &[(Standing, Staff), (StaffBound, Yes)],
            &[GetApp, AppSignIn, Identity, Number],
        ),
        (
            &[(Standing, Staff), (StaffBound, No), (WechatNumber, Yes)],
            &[Identity, Number, Follow],
        ),
    ];
    for (answers, wanted) in rows {
        let (steps, asked) = journey(answers);
        assert_eq!(steps, wanted, "{answers:?}");
        assert!(
            !steps.contains(&Notice),
            "the phone does it all: the desk takes no data"
        );
        // The fewest: nothing is asked that the situation did not need, and nothing twice.
        let mut once = asked.clone();
        once.dedup();
        assert_eq!(once, asked, "{answers:?}");
    }
}

/// Where the API is configured the desk unbinds, after the notice; then the route goes on as the guide has it.
#[test]
fn a_desk_with_the_api_gives_notice_and_unbinds() {
    let rules = embedded().unwrap().rules;
    let up = crate::visit::Gateway::Up;
    let reach = Connectivity {
        identity: up,
        directory_read: up,
        directory_write: up,
        ..Connectivity::default()
    };
    for (old, before) in [(Wechat, vec![Cache]), (App, vec![])] {
        let mut visit = Visit::open(VisitId(1), Way::Desk, jiff::Timestamp::UNIX_EPOCH);
        visit.done.push(Mark::Answer(Standing, NewNumber));
        let at = |visit: &Visit| route::place(visit, &rules, reach);
        let stands = |step, way| Place::Step { step, way, page: 0 };
        assert_eq!(at(&visit), stands(Notice, Way::Desk), "before everything");
        visit.done.push(Mark::Step(Notice));
        for (question, answer) in [(OldBinding, old), (Phone, Answer::Iphone)] {
            visit.done.push(Mark::Answer(question, answer));
        }
        for step in before {
            assert_eq!(at(&visit), stands(step, Way::Phone), "{old:?}");
            visit.done.push(Mark::Step(step));
        }
        assert_eq!(at(&visit), stands(Unbind, Way::Desk), "{old:?}");
    }
}

#[test]
fn what_the_guide_warns_of_is_in_plain_sight() {
    let pack = embedded().unwrap();
    let general = &pack.pages[&crate::visit::PageId("cache-ios-general".into())];
    assert!(general.warn.as_ref().unwrap().zh.contains("清空聊天记录"));
    assert_eq!(general.version.as_deref(), Some("7.0.10"));
    for (id, page) in pack
        .pages
        .iter()
        .filter(|(id, _)| id.0.starts_with("cache-ios"))
    {
        assert!(page.version.is_some(), "{id:?} is not dated");
    }
    for route in &pack.rules.routes {
        assert!(
            pack.reasons.contains_key(&route.id),
            "{} gives no reason",
            route.id
        );
    }
}
