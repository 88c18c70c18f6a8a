//! The state of calls to the campus in flight: the effects write it, the screen shows it.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::visit::ActKind;

/// Something under way outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingCall {
    /// The kind of the call.
    pub what: ActKind,
    /// Since when it runs, monotonic.
    pub since: Duration,
    /// When it ends at the latest, monotonic.
    pub until: Duration,
    /// The desk keeps it back first, for what others got wrong here.
    pub is_slowed: bool,
}

/// A message that a carrier took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The carrier's name in the configuration.
    pub carrier: &'static str,
    /// Where the message is.
    pub is: DeliveryIs,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryIs {
    /// The carrier has it; nothing more is known.
    HandedOver,
    /// The message is on the phone.
    Delivered,
    /// It will not arrive: the carrier's own code, without control characters.
    Failed {
        /// The carrier's code.
        code: String,
    },
}

/// A sign-in on the student's own phone that is under way (RFC 8628).
#[derive(Debug)]
pub struct PhoneSignIn {
    /// `None` while the campus is asked for one.
    pub code: Option<ShownCode>,
    /// Whether the campus answered the last poll.
    pub is_heard: bool,
}

impl Default for PhoneSignIn {
    fn default() -> Self {
        PhoneSignIn {
            code: None,
            is_heard: true,
        }
    }
}

/// What the student takes to their phone. It is on the screen and nowhere else, and wiped with it.
pub struct ShownCode {
    /// The code to type on the phone.
    pub user_code: Zeroizing<String>,
    /// The address of the page for the code.
    pub address: String,
    /// The address with the code in it.
    pub whole_address: Option<Zeroizing<String>>,
    /// Until when it is good, monotonic.
    pub until: Duration,
}

impl std::fmt::Debug for ShownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShownCode(***)")
    }
}
