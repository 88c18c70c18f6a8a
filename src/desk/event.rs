//! What reaches the loop from its own tasks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::lock::PinVerdict;
use super::socket::{self, IpcRequest, Wanted};
use crate::campus::Port;
use crate::campus::in_flight::Delivery;
use crate::campus::pack::Pack;
use crate::campus::printer::PrinterTrouble;
use crate::campus::{Campus, GrantNews, Probed};
use crate::cli_error::CliResult;
use crate::screen::PracticePhone;
use crate::screen::checkup::CheckupFinding;
use crate::store::{ForgottenPerson, Location, Opened, Store};
use crate::visit::{
    ActKind, CodeKey, DeskNumber, EffectId, Reply, Student, StudentNumber, VisitId, VolunteerName,
};

/// What reaches the loop from its own tasks.
pub enum LoopEvent {
    /// The store and the campus are there, or why they cannot be.
    Ready(Box<CliResult<Ready>>),
    Answered(EffectAnswer),
    /// What a gateway that was down answered to a probe.
    Probed {
        port: Port,
        answers: Vec<Probed>,
    },
    /// The fate of the message that an effect sent.
    Delivery {
        id: EffectId,
        visit: VisitId,
        delivery: Delivery,
    },
    /// What a check has found, in which run.
    Found {
        run: u64,
        finding: CheckupFinding,
    },
    Examined {
        run: u64,
    },
    /// News of a sign-in on the student's phone.
    Grant {
        id: EffectId,
        news: GrantNews,
    },
    PinChecked(PinVerdict),
    Phone(PracticePhone),
    /// What the roster says of a number.
    Listed(Box<RosterAnswer>),
    /// The PIN of the volunteer who takes the desk over was checked.
    HandoverChecked(PinVerdict),
    /// That the desk was taken over, in which run, is in the journal, or could not be kept.
    HandedOver {
        run: u64,
        to: Option<VolunteerName>,
        kept: bool,
    },
    /// The store was told that the wall clock is right.
    ClockConfirmed,
    /// What came of a slip.
    Printed(Result<(), PrinterTrouble>),
    /// Another command asks this desk.
    Asked(IpcRequest),
    /// The PIN that another command brought was checked.
    AskerChecked {
        verdict: PinVerdict,
        wanted: Wanted,
        answer: oneshot::Sender<socket::IpcReply>,
    },
    /// Somebody was forgotten on request.
    Forgotten(Box<ForgottenPerson>),
    /// A task of the desk panicked. The panic hook restored the terminal: the desk ends.
    Fell,
}

/// What was opened.
pub struct Ready {
    pub location: Location,
    pub store: Store,
    pub opened: Opened,
    pub campus: Campus,
    pub pack: Pack,
    pub number: DeskNumber,
    pub codes: Arc<CodeKey>,
    /// The local day that the store's counts are of.
    pub today: jiff::civil::Date,
    pub zone: jiff::tz::TimeZone,
}

/// What an effect answered.
#[derive(Debug)]
pub struct EffectAnswer {
    pub id: EffectId,
    pub kind: ActKind,
    pub reply: Reply,
    /// How long the call itself took.
    pub took: Duration,
}

/// What the roster answered.
pub struct RosterAnswer {
    pub number: StudentNumber,
    pub found: Result<Option<Student>, NoRoster>,
}

/// Nothing was imported, or it cannot be read.
pub struct NoRoster;
