//! What must hold at every turn, whatever is asked of a visit in whatever order. The rig checks all of it each time.

use std::time::Duration;

use super::campus::PASSWORD;
use super::rig::Rig;
use crate::visit::{
    Act, ActKind, Attestation, Command, Decision, Effect, EffectId, Fact, MemberStatus, Outcome,
    Place, Rules, Status, StepKind, Visit,
};

/// What was there before a decision.
pub struct Before {
    visit: Visit,
    /// The command, as a log would show it.
    asked: String,
    is_sign_in: bool,
    is_unbind: bool,
    is_send: bool,
    is_code: bool,
    is_drain: bool,
    restarts: bool,
}

impl Before {
    pub fn new(visit: &Visit, command: &Command) -> Self {
        Before {
            visit: visit.clone(),
            asked: format!("{command:?}"),
            is_sign_in: matches!(command, Command::SignIn(_)),
            is_unbind: matches!(command, Command::Unbind { .. }),
            is_send: matches!(command, Command::SendCode),
            is_code: matches!(command, Command::TypeCode { .. }),
            is_drain: matches!(command, Command::RetryDue),
            restarts: matches!(command, Command::BeginAgain | Command::BeginAsNewNumber),
        }
    }
}

impl Rig {
    /// Checks a decision that was just folded in.
    pub fn check(&mut self, before: &Before, decision: &Decision) {
        let Decision {
            facts,
            effects,
            cancel,
            ..
        } = decision;
        assert!(effects.len() <= 1, "one effect a decision: {decision:?}");
        if before.visit.is_over() {
            let nothing = facts.is_empty() && effects.is_empty() && cancel.is_empty();
            assert!(nothing && before.visit == self.visit, "over is over");
        }
        if before.visit.is_closed() {
            let confirmed = Status::Closed {
                outcome: Outcome::WordConfirmed,
            };
            let is_same = before.visit.status == self.visit.status;
            assert!(
                is_same || self.visit.status == confirmed,
                "closed is closed"
            );
            assert_eq!(before.visit.done, self.visit.done, "closed is closed");
        }
        let bound = Fact::Closed {
            outcome: Outcome::Bound,
        };
        assert!(!facts.contains(&bound) || is_through(&self.visit, &self.rules));
        if self.place() == Place::Bound || facts.contains(&bound) {
            assert!(
                self.facts.iter().any(|recorded| is_seen(&recorded.fact)),
                "green, and the desk saw nothing"
            );
        }
        for effect in effects {
            self.check_effect(effect, facts, before);
        }
        self.check_owed(before, decision);
        if let (Some(was), false) = (&before.visit.student, before.restarts) {
            assert_eq!(
                Some(was),
                self.visit.student.as_ref(),
                "it never changes hands"
            );
        }
        if before.visit.is_open() && !self.visit.is_open() {
            for kind in [ActKind::SignIn, ActKind::DeviceGrant] {
                assert_eq!(self.under_way(kind), None, "a sign-in outlives it");
            }
        }
        let shown = format!("{} {decision:?} {:?}", before.asked, self.visit);
        self.check_secrets(&shown, facts);
        self.check_visit();
    }

    /// What has a consequence outside is a fact before it is started, under the same id.
    fn check_effect(&mut self, effect: &Effect, facts: &[Fact], before: &Before) {
        let asked = |fact: &Fact| match (fact, &effect.act) {
            (Fact::SignInAsked { effect: id, .. }, Act::SignIn { .. })
            | (Fact::DeviceGrantAsked { effect: id }, Act::StartDeviceGrant)
            | (Fact::BindAsked { effect: id }, Act::BindNumber { .. })
            | (Fact::CodeIssued { effect: id, .. }, Act::SendCode { .. })
            | (Fact::CodeCheckAsked { effect: id }, Act::CheckCode { .. })
            | (Fact::UnbindAsked { effect: id }, Act::Unbind { .. })
            | (Fact::ConfirmAsked { effect: id }, Act::ConfirmMember { .. }) => *id == effect.id,
            _ => false,
        };
        let only_reads = effect.act.kind() == ActKind::FindMember;
        assert!(
            only_reads || facts.iter().any(asked),
            "{effect:?} of {facts:?}"
        );
        match &effect.act {
            Act::SignIn { .. } => assert!(before.is_sign_in, "nobody asked for a sign-in"),
            Act::SendCode { mobile, nonce } => {
                assert!(before.is_send, "a code that nobody asked for");
                let code = self.visit.code.as_ref().unwrap();
                assert_eq!((&code.mobile, code.nonce), (mobile, *nonce));
                self.count_codes(mobile.as_str().to_owned());
            }
            Act::CheckCode { mobile, .. } => {
                assert!(before.is_code, "a check that nobody asked for");
                let code = self.visit.code.as_ref().unwrap();
                assert!(code.mobile == *mobile && !code.accepted);
            }
            Act::ConfirmMember { .. } => assert!(self.visit.code.as_ref().unwrap().accepted),
            Act::BindNumber { student, .. } => {
                assert_eq!(Some(student), self.visit.student.as_ref());
                let vouches = self.visit.vouched && !self.rules.vouching_binds;
                assert!(!vouches, "bound on a volunteer's word");
            }
            Act::Unbind { student } => {
                assert!(before.is_unbind, "nobody confirmed a deletion");
                let old = before.visit.old.as_ref().unwrap();
                assert_eq!(student, &old.student.number);
                assert!(!before.visit.is_unbound(), "deleted twice");
            }
            Act::StartDeviceGrant => {
                let asks_who = self.visit.student.is_none() || !self.visit.is_open();
                assert!(asks_who, "who stands there is known");
                assert_eq!(self.under_way(ActKind::SignIn), None, "two sign-ins");
            }
            Act::FindMember { .. } => {}
        }
    }

    /// What waits stays in its order, one of a kind, and nothing that may not be repeated is among it. What is tried by
    /// itself is the first, and not what needs a person.
    fn check_owed(&self, before: &Before, decision: &Decision) {
        let kinds =
            |visit: &Visit| -> Vec<ActKind> { visit.outbox.iter().map(|o| o.what).collect() };
        let (was, is) = (kinds(&before.visit), kinds(&self.visit));
        let stayed: Vec<ActKind> = was.iter().copied().filter(|k| is.contains(k)).collect();
        assert!(
            is.starts_with(&stayed),
            "{was:?} became {is:?}: the order changed"
        );
        for (at, kind) in is.iter().enumerate() {
            let repeatable = matches!(
                kind,
                ActKind::FindMember | ActKind::BindNumber | ActKind::ConfirmMember
            );
            assert!(repeatable, "{kind:?} may not wait");
            assert!(!is[at + 1..].contains(kind), "{kind:?} twice");
        }
        if before.is_drain {
            for effect in &decision.effects {
                let first = &before.visit.outbox[0];
                assert_eq!(effect.act.kind(), first.what, "out of turn");
                assert_eq!(first.stopped, None, "a person's");
            }
        }
    }

    fn check_visit(&self) {
        let (visit, limits) = self.folded();
        assert_eq!((&visit, &limits), (&self.visit, &self.limits), "replay");
        let kept = serde_json::to_string(&self.visit).unwrap();
        let kept: Visit = serde_json::from_str(&kept).unwrap();
        assert_eq!(kept, self.visit, "kept and read again");

        if self.visit.is_closed() {
            return;
        }
        let only_tells = [ActKind::SignIn, ActKind::DeviceGrant, ActKind::FindMember];
        let has_consequence = |kind| !only_tells.contains(&kind);
        let flying: Vec<EffectId> = self
            .in_flight
            .iter()
            .filter(|flight| has_consequence(flight.kind))
            .map(|flight| flight.id)
            .collect();
        let asked: Vec<EffectId> = self.visit.unsettled.iter().map(|u| u.effect).collect();
        assert_eq!(flying, asked, "what is under way is what is unsettled");
        for kind in only_tells {
            let most = self.in_flight.iter().filter(|f| f.kind == kind).count();
            assert!(most <= 1, "{kind:?} twice at a time");
        }
        if let Some(code) = &self.visit.code {
            let pause = code.resend_in(&self.rules.sms, self.now.wall);
            assert!(pause <= self.rules.sms.resend_after);
        }
    }

    fn count_codes(&mut self, mobile: String) {
        let at = self.now.mono;
        let code = self.code();
        self.sent.push((at, mobile.clone(), code));
        for (window, most) in [
            (3600, self.rules.sms.per_hour),
            (86_400, self.rules.sms.per_day),
        ] {
            let recent = |(when, to, _): &&(Duration, String, String)| {
                *to == mobile && at - *when < Duration::from_secs(window)
            };
            let count = self.sent.iter().filter(recent).count();
            assert!(count <= most as usize, "{count} codes in {window} s");
        }
    }

    pub fn count_tries(&mut self, fact: &Fact) {
        if let (Fact::CodeTried { right: false, .. }, Some(code)) = (fact, &self.visit.code) {
            let wrong = self.wrong.entry(code.nonce.0).or_default();
            *wrong += 1;
            assert!(*wrong <= self.rules.sms.tries, "wrong tries");
        }
    }

    fn check_secrets(&self, shown: &str, facts: &[Fact]) {
        assert!(!shown.contains(PASSWORD), "{shown}");
        for (_, mobile, code) in &self.sent {
            assert!(!shown.contains(code.as_str()), "a code: {shown}");
            assert!(!shown.contains(mobile.as_str()), "a number: {shown}");
        }
        let kept = serde_json::to_string(facts).unwrap();
        assert!(!kept.contains(PASSWORD), "{kept}");
        for (_, _, code) in &self.sent {
            assert!(!kept.contains(&format!("\"{code}\"")), "a code is kept");
        }
    }
}

/// Every step of every route that still fits is done: written independently, not taken from the code under test.
fn is_through(visit: &Visit, rules: &Rules) -> bool {
    let mut fitting = rules
        .routes
        .iter()
        .filter(|route| {
            let given = |question| visit.answer(question);
            route
                .when
                .iter()
                .all(|(question, answers)| given(*question).is_none_or(|a| answers.contains(&a)))
        })
        .peekable();
    fitting.peek().is_some()
        && fitting.all(|route| {
            let needed = |kind| {
                kind != StepKind::Notice && (kind != StepKind::Unbind || !visit.is_unbound())
            };
            route
                .steps
                .iter()
                .all(|step| !needed(step.kind) || visit.has_done(step.kind))
        })
}

/// Whether a fact says that the campus has done a binding step, or has the member as active.
fn is_seen(fact: &Fact) -> bool {
    match fact {
        Fact::StepDone { step, word } => {
            let binds = matches!(step, StepKind::Number | StepKind::Follow | StepKind::Verify);
            binds && *word == Attestation::Campus
        }
        Fact::MemberSeen { status, word } => {
            (*status, *word) == (MemberStatus::Active, Attestation::Campus)
        }
        Fact::Checked { status } => *status == MemberStatus::Active,
        _ => false,
    }
}
