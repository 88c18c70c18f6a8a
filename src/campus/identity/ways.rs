//! Several servers that check passwords, one after the other. The next server is tried only where the password never left
//! the desk: no sign-in is retried, and a password that one server checked is never sent to a second one.

use std::future::Future;
use std::pin::Pin;

use super::SignInFailure;
use crate::campus::http::Unanswered;
use crate::campus::{Calling, Identity, Probing, not_probed};
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// Why a way of signing in failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The password never left the desk: no connection, or a question before it that cannot be answered here.
    Kept(SignInFailure),
    /// The password left the desk, with this result. No other server may be tried.
    Sent(SignInFailure),
}

/// The result of [`PasswordWay::judge`].
pub type Judging<'a> = Pin<Box<dyn Future<Output = Result<Student, Missed>> + Send + 'a>>;

/// One server that checks passwords.
pub trait PasswordWay: Send + Sync {
    /// Its section's name in the configuration, for the log.
    fn name(&self) -> &'static str;

    /// Has the server check the password once; it is never empty. The adapter retries nothing. With [`Missed::Kept`] no
    /// byte of the password has left the desk.
    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a>;

    /// Checks whether the server answers by this protocol, without a sign-in.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// The configured ways of signing in, in the order in which they are tried.
pub struct Ways(Vec<Box<dyn PasswordWay>>);

impl Missed {
    /// The failure itself.
    pub fn why(self) -> SignInFailure {
        match self {
            Missed::Kept(why) | Missed::Sent(why) => why,
        }
    }
}

impl From<Unanswered<SignInRefusal>> for Missed {
    /// For the call that carries the password.
    fn from(unanswered: Unanswered<SignInRefusal>) -> Missed {
        if unanswered.left {
            Missed::Sent(unanswered.why)
        } else {
            Missed::Kept(unanswered.why)
        }
    }
}

impl Ways {
    /// Several ways, in the order in which they are tried.
    pub fn new(ways: Vec<Box<dyn PasswordWay>>) -> Self {
        Ways(ways)
    }

    /// A single way.
    pub fn one(way: impl PasswordWay + 'static) -> Self {
        Ways(vec![Box::new(way)])
    }
}

impl Identity for Ways {
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        password: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal> {
        Box::pin(async move {
            // Some servers take an empty password for an anonymous bind and accept it (RFC 4513 5.1.2).
            if password.is_empty() {
                return Err(Failure::Rejected(SignInRefusal::WrongPassword));
            }
            let mut told = Failure::Offline;
            for way in &self.0 {
                match way.judge(student, password).await {
                    Ok(student) => return Ok(student),
                    Err(Missed::Sent(why)) => {
                        if let Failure::Misconfigured(what) = &why {
                            tracing::warn!(way = way.name(), what, "misconfigured");
                        }
                        return Err(why);
                    }
                    Err(Missed::Kept(why)) => {
                        tracing::warn!(way = way.name(), ?why, "the password was not sent");
                        told = more_telling(told, why);
                    }
                }
            }
            Err(told)
        })
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut probed = Vec::new();
            for way in &self.0 {
                probed.extend(way.probe().await);
            }
            probed
        })
    }
}

/// Of two failures without any sign-in, the one that says more about what to do next.
fn more_telling(one: SignInFailure, other: SignInFailure) -> SignInFailure {
    let weight = |why: &SignInFailure| match why {
        Failure::Rejected(_) => 4,
        Failure::Limited { .. } => 3,
        Failure::Misconfigured(_) => 2,
        Failure::Unavailable => 1,
        Failure::Offline => 0,
    };
    if weight(&other) > weight(&one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::visit::Name;

    type ScriptedAnswer = fn() -> Result<Student, Missed>;

    struct ScriptedWay {
        answer: ScriptedAnswer,
        asked: Arc<AtomicUsize>,
    }

    impl PasswordWay for ScriptedWay {
        fn name(&self) -> &'static str {
            "told"
        }

        fn judge<'a>(&'a self, _: &'a StudentNumber, _: &'a Secret) -> Judging<'a> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            Box::pin(std::future::ready((self.answer)()))
        }
    }

    /// Signs in by ways that answer so; gives the answer and how often each was asked.
    fn sign_in(
        answers: &[ScriptedAnswer],
        password: &str,
    ) -> (Result<Student, SignInFailure>, Vec<usize>) {
        let asked: Vec<Arc<AtomicUsize>> = answers.iter().map(|_| Arc::default()).collect();
        let told = answers.iter().zip(&asked).map(|(answer, asked)| {
            let (answer, asked) = (*answer, asked.clone());
            Box::new(ScriptedWay { answer, asked }) as Box<dyn PasswordWay>
        });
        let ways = Ways::new(told.collect());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let number = StudentNumber::from_campus("20260001");
        let password = Secret::new(password.to_owned());
        let answer = runtime.block_on(ways.sign_in(&number, &password));
        let counts = asked.iter().map(|asked| asked.load(Ordering::SeqCst));
        (answer, counts.collect())
    }

    fn student() -> Result<Student, Missed> {
        Ok(Student {
            number: StudentNumber::from_campus("20260001"),
            name: Name::default(),
        })
    }

    fn kept() -> Result<Student, Missed> {
        Err(Missed::Kept(Failure::Offline))
    }

    fn puzzle() -> Result<Student, Missed> {
        Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)))
    }

    fn no_form() -> Result<Student, Missed> {
        Err(Missed::Kept(Failure::Misconfigured("no form".into())))
    }

    fn sent() -> Result<Student, Missed> {
        Err(Missed::Sent(Failure::Offline))
    }

    fn wrong() -> Result<Student, Missed> {
        Err(Missed::Sent(Failure::Rejected(
            SignInRefusal::WrongPassword,
        )))
    }

    #[test]
    fn the_next_is_asked_only_where_the_password_was_kept() {
        let rejected = |why| Err(Failure::Rejected(why));
        let another_way = || rejected(SignInRefusal::AnotherWay);
        let right = || student().map_err(Missed::why);
        let cases: [(&[ScriptedAnswer], _, &[usize]); 11] = [
            (&[student, student], right(), &[1, 0]),
            (&[kept, student], right(), &[1, 1]),
            (&[puzzle, no_form, student], right(), &[1, 1, 1]),
            (&[sent, student], Err(Failure::Offline), &[1, 0]),
            (
                &[wrong, student],
                rejected(SignInRefusal::WrongPassword),
                &[1, 0],
            ),
            (
                &[kept, wrong],
                rejected(SignInRefusal::WrongPassword),
                &[1, 1],
            ),
            (&[kept, sent, student], Err(Failure::Offline), &[1, 1, 0]),
            (&[puzzle], another_way(), &[1]),
            (&[puzzle, kept], another_way(), &[1, 1]),
            (
                &[kept, no_form],
                Err(Failure::Misconfigured("no form".into())),
                &[1, 1],
            ),
            (&[], Err(Failure::Offline), &[]),
        ];
        for (number, (answers, wanted, counts)) in cases.into_iter().enumerate() {
            let (answer, asked) = sign_in(answers, "x");
            assert_eq!(answer, wanted, "case {number}");
            assert_eq!(asked, counts, "case {number}");
        }
    }

    #[test]
    fn nobody_is_asked_about_an_empty_password() {
        let (answer, asked) = sign_in(&[student], "");
        assert_eq!(answer, Err(Failure::Rejected(SignInRefusal::WrongPassword)));
        assert_eq!(asked, [0]);
    }
}
