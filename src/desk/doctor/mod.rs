//! The checks before the doors open: the terminal, the codes, the store, the clock, each gateway, the secrets. The
//! command and the volunteer's panel run the same ones. Nothing here changes anything for a student: gateways are asked
//! what leaves no trace, and a message goes out only where somebody gave a number for it.

mod gateways;
mod house;
mod machine;
mod message;
mod terminal;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::campus::Campus;
use crate::campus::pack::PackFront;
use crate::screen::checkup::CheckupFinding;
use crate::screen::theme;
use crate::visit::{Mobile, Secret, StudentNumber};

pub use house::{CheckedCode, code_row};
pub use terminal::{Asked, Measured, ask};

/// How long one check may take; a message's way has a longer time of its own.
const DEADLINE: Duration = Duration::from_secs(20);

/// What is checked.
pub struct CheckSubject {
    /// The terminal that the desk runs in.
    pub terminal: TerminalFacts,
    /// The codes that are drawn.
    pub codes: Vec<CheckedCode>,
    /// The names of the codes that the pack leaves open.
    pub open_codes: Vec<String>,
    /// The store's folder.
    pub store: PathBuf,
    /// Files that hold a secret, as far as they are files.
    pub files: Vec<PathBuf>,
    /// Whose desk it is.
    pub house: House,
    /// None where it could not be connected: then why is found elsewhere.
    pub campus: Option<Arc<Campus>>,
    /// The account to sign in with.
    pub account: Option<Arc<TestAccount>>,
    /// The volunteer's own number, where a message is to be sent.
    pub mobile: Option<Mobile>,
}

/// The terminal as far as it is known without asking, and what it answered where it was asked.
#[derive(Clone, Debug)]
pub struct TerminalFacts {
    /// None where there is no terminal.
    pub size: Option<(u16, u16)>,
    /// What it can show.
    pub kind: theme::Terminal,
    /// The name of its locale; empty where none is set.
    pub locale: String,
    /// None where it was not asked: the running desk reads its keys.
    pub asked: Option<Asked>,
}

/// A test account of the campus, made for these checks: it belongs to no person.
#[derive(Debug)]
pub struct TestAccount {
    /// The number to sign in with.
    pub student: StudentNumber,
    /// Its password.
    pub password: Secret,
}

/// Whether a desk serves students, and whether it may run as it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum House {
    /// Practice, and tests: the machine is nobody's business.
    #[default]
    Practice,
    /// It serves students, as a user of its own.
    Real,
    /// It serves students as root, which it should not.
    RealAsRoot,
}

/// What the configuration says of the checks.
#[derive(Debug, Default)]
pub struct CheckSettings {
    /// The account to sign in with; none where none is configured.
    pub account: Option<Arc<TestAccount>>,
    /// The volunteer's own number.
    pub mobile: Option<Mobile>,
    /// Files that hold a secret.
    pub files: Vec<PathBuf>,
    /// Whose desk it is.
    pub house: House,
}

/// The codes of a pack as a [`CheckSubject`] has them: drawn, and left open.
pub fn codes(pack: &PackFront) -> (Vec<CheckedCode>, Vec<String>) {
    house::codes(pack)
}

/// Runs every check and sends each finding as it is there. It ends early without a receiver.
pub async fn examine(subject: CheckSubject, found: mpsc::Sender<CheckupFinding>) {
    let tell = async |findings: Vec<CheckupFinding>| {
        for finding in findings {
            if found.send(finding).await.is_err() {
                return false;
            }
        }
        true
    };
    if !tell(terminal::examine(&subject.terminal)).await {
        return;
    }
    let (house, place) = (subject.house, subject.store.clone());
    let machine = blocking("check-user", move || machine::examine(house, &place));
    if !tell(machine.await).await {
        return;
    }
    let (codes, open) = (subject.codes.clone(), subject.open_codes.clone());
    let qr = subject.terminal.kind.qr();
    let drawn = blocking("check-qr", move || house::draw(&codes, &open, qr));
    if !tell(drawn.await).await {
        return;
    }
    let (store, files) = (subject.store.clone(), subject.files.clone());
    let kept = blocking("check-store", move || house::keep(&store));
    if !tell(kept.await).await {
        return;
    }
    let guarded = blocking("check-secrets", move || vec![house::guard(&files)]);
    if !tell(guarded.await).await {
        return;
    }
    let (mut asked, mut ahead) = (Vec::new(), Vec::new());
    if let Some(campus) = &subject.campus {
        asked = in_time("check-gateway", gateways::examine(campus, &mut ahead)).await;
    }
    if !tell(asked).await {
        return;
    }
    let store = subject.store.clone();
    let clock = blocking("check-clock", move || house::clock(&store, &ahead));
    if !tell(clock.await).await {
        return;
    }
    let Some(campus) = &subject.campus else {
        return;
    };
    if let Some(printer) = campus.printer.clone() {
        let looked = blocking("check-printer", move || vec![house::printer(&*printer)]);
        if !tell(looked.await).await {
            return;
        }
    }
    if let Some(account) = &subject.account {
        let signed = in_time("check-account", gateways::sign_in(campus, account));
        if !tell(signed.await).await {
            return;
        }
    }
    if let Some(mobile) = &subject.mobile {
        message::send(campus, mobile, &found).await;
    }
}

/// A check that must not keep the others waiting for ever.
async fn in_time(
    check: &'static str,
    findings: impl Future<Output = Vec<CheckupFinding>>,
) -> Vec<CheckupFinding> {
    let found = tokio::time::timeout(DEADLINE, findings).await;
    found.unwrap_or_else(|_| vec![CheckupFinding::fail(check, "told-late", "remedy-late")])
}

/// The same for what blocks: a dead disk, for instance.
async fn blocking(
    check: &'static str,
    act: impl FnOnce() -> Vec<CheckupFinding> + Send + 'static,
) -> Vec<CheckupFinding> {
    in_time(check, async move {
        let done = tokio::task::spawn_blocking(act).await;
        done.unwrap_or_else(|_| vec![CheckupFinding::fail(check, "told-late", "remedy-late")])
    })
    .await
}
