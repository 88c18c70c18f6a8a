//! The ports' fake, for tests: it answers what it was told to, in order, and keeps what it was asked. It reaches nobody.
//!
//! Where it was told nothing it does not answer at all, as a campus that hangs: only a deadline ends the call.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::{Calling, Campus, Directory, Identity, Powers, Receipt, Sending, Sms};
use crate::visit::{
    Binding, Code, DirectoryRefusal, Failure, Member, Mobile, Secret, SignInRefusal, SmsRefusal,
    Student, StudentNumber,
};

/// Answers of one call, the next one first.
type Script<T, R> = Mutex<VecDeque<Result<T, Failure<R>>>>;

/// All three ports in one.
#[derive(Default)]
pub struct Fake {
    pub sign_in: Script<Student, SignInRefusal>,
    pub find: Script<Member, DirectoryRefusal>,
    pub bind: Script<Binding, DirectoryRefusal>,
    pub confirm: Script<(), DirectoryRefusal>,
    pub unbind: Script<(), DirectoryRefusal>,
    pub send: Script<(), SmsRefusal>,
    asked: Mutex<Vec<String>>,
}

impl Fake {
    /// A campus whose every port is this fake.
    pub fn campus(self: &Arc<Self>) -> Campus {
        Campus {
            identity: Some(Box::new(self.clone())),
            device_grant: None,
            directory: Box::new(self.clone()),
            sms: Some(Box::new(self.clone())),
        }
    }

    /// What was asked so far, in order. Secrets are not among it, but the codes that were sent are.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn answer<'a, T: Send + 'a, R: Send + 'a>(
        &'a self,
        what: String,
        script: &'a Script<T, R>,
    ) -> Calling<'a, T, R> {
        self.asked.lock().unwrap().push(what);
        match script.lock().unwrap().pop_front() {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => Box::pin(std::future::pending()),
        }
    }
}

impl Identity for Arc<Fake> {
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        _: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal> {
        self.answer(format!("sign in {}", student.as_str()), &self.sign_in)
    }
}

impl Directory for Arc<Fake> {
    fn powers(&self) -> Powers {
        Powers {
            read: true,
            write: true,
        }
    }

    fn find<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal> {
        self.answer(format!("find {}", student.as_str()), &self.find)
    }

    fn bind<'a>(
        &'a self,
        student: &'a Student,
        mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal> {
        let what = format!("bind {} {}", student.number.as_str(), mobile.as_str());
        self.answer(what, &self.bind)
    }

    fn confirm<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.answer(format!("confirm {}", student.as_str()), &self.confirm)
    }

    fn unbind<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.answer(format!("unbind {}", student.as_str()), &self.unbind)
    }
}

impl Sms for Arc<Fake> {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        let what = format!("send {} {}", mobile.as_str(), code.expose());
        let answer = self.answer(what, &self.send);
        Box::pin(async move {
            answer.await?;
            Ok(Receipt {
                carrier: "fake",
                id: String::new(),
                mobile: mobile.clone(),
                at: jiff::Timestamp::UNIX_EPOCH,
            })
        })
    }
}
