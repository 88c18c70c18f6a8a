//! Rules of two campuses for the tests, and the people who come there.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::visit::{
    Answer, CodesBy, Connectivity, Gateway, Lead, Mobile, Name, PageChoices, PageId, Pages,
    Patience, Question, Route, Rules, Secret, SignInWith, SmsPolicy, Step, StepKind, Student,
    StudentNumber, StudentNumberRule, Way,
};

pub const PASSWORD: &str = "canary-correct-horse";

/// The guide's campus: the question decides whether following is enough (一) or a code is needed (二).
pub fn guide() -> Rules {
    use Way::{Desk, Phone};
    let begin = [
        step(StepKind::Notice, &[Desk], &[]),
        step(StepKind::Identity, &[Desk, Phone], &["role", "login"]),
        step(StepKind::Number, &[Desk, Phone], &["number"]),
    ];
    let follow = |ways: &[Way]| step(StepKind::Follow, ways, &["follow"]);
    let verify = step(
        StepKind::Verify,
        &[Phone, Desk],
        &["assistant", "same-number", "code", "followed"],
    );
    Rules {
        page_lists: Default::default(),
        routes: vec![
            route(
                "wechat-number",
                &[Answer::Yes, Answer::Unsure],
                begin.iter().cloned().chain([follow(&[Desk, Phone])]),
            ),
            route(
                "other-number",
                &[Answer::No],
                begin.iter().cloned().chain([follow(&[Phone]), verify]),
            ),
        ],
        pages: pages(),
        ..limits()
    }
}

/// An invented campus: no question, and the desk verifies the number before anything is followed.
pub fn verify_first() -> Rules {
    use Way::{Desk, Phone};
    Rules {
        page_lists: Default::default(),
        routes: vec![Route {
            id: "all".into(),
            when: BTreeMap::new(),
            steps: vec![
                step(StepKind::Notice, &[Desk], &[]),
                step(StepKind::Identity, &[Desk], &[]),
                step(StepKind::Number, &[Desk], &[]),
                step(StepKind::Verify, &[Desk], &[]),
                step(StepKind::Follow, &[Desk, Phone], &["follow"]),
            ],
        }],
        pages: pages(),
        ..limits()
    }
}

/// The guide's campus for another student number whose old one is unbound: by the desk where it can, else by the phone.
pub fn another_number() -> Rules {
    use Way::{Desk, Phone};
    let mut rules = guide();
    for route in &mut rules.routes {
        let unbind = step(StepKind::Unbind, &[Phone, Desk], &["unbind"]);
        let hold = step(StepKind::Hold, &[Phone], &["hold"]);
        let place = route
            .steps
            .iter()
            .position(|step| step.kind == StepKind::Identity)
            .unwrap();
        route.steps.splice(place..place, [unbind, hold]);
    }
    rules
}

fn limits() -> Rules {
    Rules {
        page_lists: Default::default(),
        routes: Vec::new(),
        pages: BTreeMap::new(),
        student_number: StudentNumberRule {
            min: 8,
            max: 12,
            letters: false,
        },
        sms: SmsPolicy::default(),
        follow_patience: Duration::from_secs(60),
        follow_watch: Duration::from_secs(600),
        patience: Patience::default(),
        pickup_life: Duration::from_secs(3 * 24 * 3600),
        vouching_binds: false,
    }
}

fn pages() -> BTreeMap<PageId, PageChoices> {
    let other_case = Lead::Answer {
        question: Question::WechatNumber,
        answer: Answer::No,
    };
    [
        ("role", vec![Lead::Next, Lead::AlreadyBound]),
        (
            "login",
            vec![Lead::Next, Lead::Back, Lead::Help("password".into())],
        ),
        ("number", vec![]),
        (
            "follow",
            vec![Lead::StepDone, other_case, Lead::AlreadyBound],
        ),
        ("assistant", vec![Lead::Next, Lead::Volunteer]),
        ("same-number", vec![Lead::Next, Lead::Back]),
        ("code", vec![Lead::Next, Lead::Back]),
        ("followed", vec![Lead::StepDone]),
        ("unbind", vec![Lead::Next]),
        ("hold", vec![Lead::Next]),
    ]
    .into_iter()
    .map(|(id, leads)| (PageId(id.into()), PageChoices { leads }))
    .collect()
}

fn step(kind: StepKind, ways: &[Way], pages: &[&str]) -> Step {
    Step {
        kind,
        ways: ways.to_vec(),
        pages: Pages::Same(pages.iter().map(|id| PageId((*id).into())).collect()),
    }
}

fn route(id: &str, answers: &[Answer], steps: impl Iterator<Item = Step>) -> Route {
    Route {
        id: id.into(),
        when: BTreeMap::from([(Question::WechatNumber, answers.to_vec())]),
        steps: steps.collect(),
    }
}

/// Everything is connected and up.
pub fn everything() -> Connectivity {
    Connectivity {
        identity: Gateway::Up,
        device_grant: Gateway::Absent,
        directory_read: Gateway::Up,
        directory_write: Gateway::Up,
        sms: Gateway::Up,
        codes: CodesBy::Desk,
    }
}

/// The same, and the campus makes and checks the codes.
pub fn checked_by_campus() -> Connectivity {
    Connectivity {
        codes: CodesBy::Campus,
        ..everything()
    }
}

/// The same, and students sign in on their own phones first.
pub fn by_phone_too() -> Connectivity {
    Connectivity {
        device_grant: Gateway::Up,
        ..everything()
    }
}

/// The n-th student.
pub fn student(n: u32) -> Student {
    Student {
        number: StudentNumber::from_campus(&format!("2026{n:04}")),
        name: Name::new("张三"),
    }
}

/// What the n-th student types to sign in.
pub fn sign_in(n: u32) -> SignInWith {
    SignInWith {
        student: student(n).number,
        password: Secret::new(PASSWORD.into()),
    }
}

/// The n-th number.
pub fn mobile(n: u32) -> Mobile {
    Mobile::parse(&format!("1380013{:04}", 8000 + n)).unwrap()
}
