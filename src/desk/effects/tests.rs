//! The desk's effects against a campus with scripted answers.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::EffectRunner;
use crate::campus::fake::FakeCampus;
use crate::clock::SystemClock;
use crate::desk::event::{EffectAnswer, LoopEvent};
use crate::visit::{
    Act, Binding, CodeKey, CodeVerdict, Effect, EffectId, Failure, Member, MemberStatus, Mobile,
    Name, Nonce, Reply, Secret, SignInRefusal, Student, StudentNumber, VisitId,
};

const VISIT: VisitId = VisitId(7);
/// Long enough for a fake's answer, short enough to wait for.
const DEADLINE: Duration = Duration::from_millis(40);

struct Rig {
    fake: Arc<FakeCampus>,
    outside: EffectRunner,
    answers: mpsc::Receiver<LoopEvent>,
}

fn rig() -> Rig {
    let fake = Arc::new(FakeCampus::default());
    let (news, answers) = mpsc::channel(16);
    let outside = EffectRunner::new(
        fake.campus(),
        Arc::new(CodeKey::new([7; 32])),
        news,
        Arc::new(SystemClock::start()),
    );
    Rig {
        fake,
        outside,
        answers,
    }
}

fn effect(id: u64, act: Act) -> Effect {
    Effect {
        id: EffectId(id),
        visit: VISIT,
        after: Duration::ZERO,
        deadline: DEADLINE,
        act,
    }
}

fn student() -> Student {
    Student {
        number: StudentNumber::from_campus("20260001"),
        name: Name::new("张三"),
    }
}

fn mobile() -> Mobile {
    Mobile::parse("13800138000").unwrap()
}

fn sign_in() -> Act {
    Act::SignIn {
        student: student().number,
        password: Secret::new("canary".into()),
    }
}

impl Rig {
    async fn answered(&mut self) -> EffectAnswer {
        loop {
            match self.answers.recv().await {
                Some(LoopEvent::Answered(answered)) => return answered,
                // The fate of a message is reported beside the answers.
                Some(LoopEvent::Delivery { .. }) => {}
                _ => panic!("no answer"),
            }
        }
    }
}

#[tokio::test]
async fn each_act_asks_its_port_once_and_answers_with_its_id() {
    let mut rig = rig();
    let member = Member {
        status: MemberStatus::NotActive,
        mobile: None,
    };
    rig.fake.sign_in.push(Ok(student()));
    rig.fake.find.push(Ok(member.clone()));
    rig.fake.bind.push(Ok(Binding::Set));
    rig.fake.send.push(Ok(()));
    rig.fake.checks_codes();
    rig.fake.check.push(Ok(CodeVerdict::Wrong));
    rig.fake.confirm.push(Ok(()));
    rig.fake.unbind.push(Ok(()));
    let number = student().number;
    let (student_number, nonce) = (number.clone(), Nonce(3));
    let acts = [
        (sign_in(), Reply::SignedIn(Ok(student()))),
        (
            Act::FindMember { student: number },
            Reply::MemberFound(Ok(member)),
        ),
        (
            Act::BindNumber {
                student: student(),
                mobile: mobile(),
            },
            Reply::NumberBound(Ok(Binding::Set)),
        ),
        (
            Act::SendCode {
                mobile: mobile(),
                nonce,
            },
            Reply::CodeSent(Ok(())),
        ),
        (
            Act::CheckCode {
                mobile: mobile(),
                code: Secret::new("135790".into()),
            },
            Reply::CodeChecked(Ok(CodeVerdict::Wrong)),
        ),
        (
            Act::ConfirmMember {
                student: student_number,
            },
            Reply::Confirmed(Ok(())),
        ),
        (
            Act::Unbind {
                student: student().number,
            },
            Reply::Unbound(Ok(())),
        ),
    ];
    for (id, (act, wanted)) in (1..).zip(acts) {
        let kind = act.kind();
        rig.outside.begin(effect(id, act));
        let answered = rig.answered().await;
        assert_eq!((answered.id, answered.kind), (EffectId(id), kind));
        assert_eq!(answered.reply, wanted);
    }
    let code = CodeKey::new([7; 32]).derive(VISIT, &mobile(), nonce);
    assert_eq!(
        rig.fake.calls(),
        [
            "sign in 20260001".to_owned(),
            "find 20260001".into(),
            "bind 20260001 13800138000".into(),
            format!("send 13800138000 {}", code.expose()),
            "check 13800138000 135790".into(),
            "confirm 20260001".into(),
            "unbind 20260001".into(),
        ]
    );
}

#[tokio::test]
async fn a_campus_that_hangs_is_offline_at_the_deadline_and_is_not_asked_again() {
    let mut rig = rig();
    rig.outside.begin(effect(1, sign_in()));
    let answered = rig.answered().await;
    let offline = Reply::SignedIn(Err(Failure::<SignInRefusal>::Offline));
    assert_eq!(answered.reply, offline);
    assert!(answered.took >= DEADLINE, "{:?}", answered.took);
    assert_eq!(rig.fake.calls(), ["sign in 20260001"]);
}

#[tokio::test]
async fn what_is_cancelled_answers_nothing() {
    let mut rig = rig();
    rig.outside.begin(effect(1, sign_in())).abort();
    rig.fake.sign_in.push(Ok(student()));
    rig.outside.begin(effect(2, sign_in()));
    assert_eq!(rig.answered().await.id, EffectId(2));
    assert!(rig.answers.try_recv().is_err());
}
