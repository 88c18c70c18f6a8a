//! A PIN that was given, as the pad and the page of handing over tell of it. It holds none.

use std::time::Duration;

use super::{PagePen, seconds};
use crate::screen::theme::Role;
use crate::screen::{HandoverState, Volunteer};

/// The fewest characters of the administrator's secret, which is taken within the pause.
pub const LIFT_LENGTH: usize = 12;

/// How far a PIN was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// None was given, or it was right.
    None,
    /// It is being checked.
    Checking,
    /// It was wrong; the next try is taken at this monotonic moment.
    Wrong {
        /// Monotonic.
        again_at: Duration,
    },
}

impl From<&Volunteer<'_>> for PinCheck {
    fn from(volunteer: &Volunteer<'_>) -> Self {
        match volunteer {
            Volunteer::Checking => PinCheck::Checking,
            Volunteer::Wrong { again_at } => PinCheck::Wrong {
                again_at: *again_at,
            },
            Volunteer::Locked | Volunteer::Left { .. } | Volunteer::Open { .. } => PinCheck::None,
        }
    }
}

impl From<HandoverState> for PinCheck {
    fn from(handover: HandoverState) -> Self {
        match handover {
            HandoverState::Checking => PinCheck::Checking,
            HandoverState::Wrong { again_at } => PinCheck::Wrong { again_at },
            HandoverState::None
            | HandoverState::Same
            | HandoverState::Keeping
            | HandoverState::NotKept
            | HandoverState::Done => PinCheck::None,
        }
    }
}

impl PinCheck {
    /// What is left at the monotonic `now` of the pause after a wrong PIN.
    pub fn pause(self, now: Duration) -> Option<Duration> {
        match self {
            PinCheck::Wrong { again_at } => {
                Some(again_at.saturating_sub(now)).filter(|left| !left.is_zero())
            }
            PinCheck::None | PinCheck::Checking => None,
        }
    }

    /// Whether what is typed waits until the pause is over: all but what may lift it.
    pub fn waits(self, now: Duration, typed: usize) -> bool {
        self.pause(now).is_some() && typed < LIFT_LENGTH
    }

    /// What is said of it, where there is something to say. That it was wrong is said until another one is being typed.
    pub fn words(self, pen: &PagePen<'_, '_>, is_typed: bool) -> Option<(String, Role)> {
        match (self, self.pause(pen.view.now.mono)) {
            (_, Some(left)) => {
                let n = seconds(left).into();
                Some((pen.words_with("pin-wait", &[("n", n)]), Role::Danger))
            }
            (PinCheck::Wrong { .. }, None) => {
                (!is_typed).then(|| (pen.words("pin-wrong"), Role::Danger))
            }
            (PinCheck::Checking, None) => Some((pen.words("pin-checking"), Role::Info)),
            (PinCheck::None, None) => None,
        }
    }
}
