//! The one fake of the campus's ports, for tests: it gives scripted answers, in order, and records its calls. It has no
//! network. A call without an answer waits until the test pushes one, as with a campus that hangs; a deadline ends it.
//!
//! It is no part of the program: the library compiles it for its own tests alone. All its types come from `super`, so
//! that integration tests can include the same file, by a file `tests/it/support/ports.rs` with these lines:
//!
//! ```ignore
//! use yingxin::campus::*;
//! use yingxin::visit::*;
//! #[path = "../../../src/campus/fake.rs"]
//! pub mod fake;
//! ```

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use super::{
    Binding, Calling, Campus, Code, CodeChecker, CodeRefusal, CodeVerdict, Directory,
    DirectoryRefusal, Failure, Identity, Member, MessageFate, Mobile, Powers, Receipt, Secret,
    Sending, SignInRefusal, Sms, SmsRefusal, Student, StudentNumber, Unsent,
};

/// The scripted answers of one call, the next one first.
#[derive(Debug)]
pub struct Script<T> {
    answers: Mutex<VecDeque<T>>,
    pushed: Notify,
}

impl<T> Default for Script<T> {
    fn default() -> Self {
        Script {
            answers: Mutex::default(),
            pushed: Notify::new(),
        }
    }
}

impl<T> Script<T> {
    /// Adds an answer. A call that waits gets it at once.
    pub fn push(&self, answer: T) {
        self.answers.lock().unwrap().push_back(answer);
        self.pushed.notify_one();
    }

    async fn next(&self) -> T {
        loop {
            let answer = self.answers.lock().unwrap().pop_front();
            match answer {
                Some(answer) => return answer,
                None => self.pushed.notified().await,
            }
        }
    }
}

/// A campus of three ports: the identity, the directory and the carrier of messages.
#[derive(Debug, Default)]
pub struct FakeCampus {
    /// The carrier's name in receipts.
    pub carrier: &'static str,
    /// Answers to sign-ins.
    pub sign_in: Script<Result<Student, Failure<SignInRefusal>>>,
    /// Answers to look-ups.
    pub find: Script<Result<Member, Failure<DirectoryRefusal>>>,
    /// Answers to binds.
    pub bind: Script<Result<Binding, Failure<DirectoryRefusal>>>,
    /// Answers to confirmations.
    pub confirm: Script<Result<(), Failure<DirectoryRefusal>>>,
    /// Answers to deletions.
    pub unbind: Script<Result<(), Failure<DirectoryRefusal>>>,
    /// Answers to messages.
    pub send: Script<Result<(), Unsent>>,
    /// Without a script the carrier has no reports: [`MessageFate::NoReport`].
    pub fate: Script<Result<MessageFate, Failure<SmsRefusal>>>,
    /// Answers to checks of codes, where the campus makes them.
    pub check: Script<Result<CodeVerdict, Failure<CodeRefusal>>>,
    checks_codes: AtomicBool,
    calls: Mutex<Vec<String>>,
    called: Notify,
    panics: AtomicBool,
}

/// A campus's port: a type of this file, so that every crate that includes it can implement the ports for it.
pub struct FakePort(Arc<FakeCampus>);

impl Deref for FakePort {
    type Target = FakeCampus;

    fn deref(&self) -> &FakeCampus {
        &self.0
    }
}

impl FakeCampus {
    /// A carrier of this name.
    pub fn carrier(carrier: &'static str) -> Arc<FakeCampus> {
        Arc::new(FakeCampus {
            carrier,
            ..FakeCampus::default()
        })
    }

    /// A campus whose every port is this fake.
    pub fn campus(self: &Arc<Self>) -> Campus {
        Campus {
            identity: Some(Box::new(self.port())),
            device_grant: None,
            directory: Box::new(self.port()),
            sms: Some(Box::new(self.port())),
            printer: None,
        }
    }

    /// This fake as any of the ports.
    pub fn port(self: &Arc<Self>) -> FakePort {
        FakePort(self.clone())
    }

    /// The calls so far, in order, such as `find 20260001`. Passwords are not in it; the codes that were sent are.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    /// The campus makes and checks the codes from now on.
    pub fn checks_codes(&self) {
        self.checks_codes.store(true, Ordering::SeqCst);
    }

    /// How many calls of this kind were made: `sign in`, `find`, `bind`, `confirm`, `unbind`, `send`, `fate` or `check`.
    pub fn count(&self, kind: &str) -> usize {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.starts_with(kind)).count()
    }

    /// Waits until so many calls of this kind were made.
    ///
    /// # Panics
    /// Where `patience` ends before.
    pub async fn wait_for_calls(&self, kind: &str, times: usize, patience: Duration) {
        let waiting = async {
            while self.count(kind) < times {
                self.called.notified().await;
            }
        };
        if tokio::time::timeout(patience, waiting).await.is_err() {
            panic!("{kind} was not called {times} times");
        }
    }

    /// Every call panics from now on, as an adapter with a fault of its own.
    pub fn panic_when_called(&self) {
        self.panics.store(true, Ordering::SeqCst);
    }

    fn record(&self, call: String) {
        self.calls.lock().unwrap().push(call);
        self.called.notify_one();
        assert!(!self.panics.load(Ordering::SeqCst), "a fault of the fake");
    }
}

impl Identity for FakePort {
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        _: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal> {
        self.record(format!("sign in {}", student.as_str()));
        Box::pin(self.sign_in.next())
    }
}

impl Directory for FakePort {
    fn powers(&self) -> Powers {
        Powers {
            read: true,
            write: true,
        }
    }

    fn find<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal> {
        self.record(format!("find {}", student.as_str()));
        Box::pin(self.find.next())
    }

    fn bind<'a>(
        &'a self,
        student: &'a Student,
        mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal> {
        let number = student.number.as_str();
        self.record(format!("bind {number} {}", mobile.as_str()));
        Box::pin(self.bind.next())
    }

    fn confirm<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.record(format!("confirm {}", student.as_str()));
        Box::pin(self.confirm.next())
    }

    fn unbind<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.record(format!("unbind {}", student.as_str()));
        Box::pin(self.unbind.next())
    }
}

impl Sms for FakePort {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        self.record(format!("send {} {}", mobile.as_str(), code.expose()));
        Box::pin(async move {
            self.send.next().await?;
            Ok(Receipt {
                carrier: self.carrier,
                id: String::new(),
                mobile: mobile.clone(),
                at: jiff::Timestamp::UNIX_EPOCH,
            })
        })
    }

    fn checker(&self) -> Option<&dyn CodeChecker> {
        let checks = self.0.checks_codes.load(Ordering::SeqCst);
        checks.then_some(self as &dyn CodeChecker)
    }

    fn fate<'a>(&'a self, receipt: &'a Receipt) -> Calling<'a, MessageFate, SmsRefusal> {
        self.record(format!("fate {}", receipt.carrier));
        // Without a script, as a carrier that has no reports.
        let answer = self.fate.answers.lock().unwrap().pop_front();
        Box::pin(std::future::ready(
            answer.unwrap_or(Ok(MessageFate::NoReport)),
        ))
    }
}

impl CodeChecker for FakePort {
    fn check<'a>(
        &'a self,
        mobile: &'a Mobile,
        typed: &'a Secret,
    ) -> Calling<'a, CodeVerdict, CodeRefusal> {
        self.record(format!("check {} {}", mobile.as_str(), typed.expose()));
        Box::pin(self.0.check.next())
    }
}
