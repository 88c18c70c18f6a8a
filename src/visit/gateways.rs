//! The gateways to the campus: which are connected, and which of them an act goes through.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::{ActKind, Way};

/// A gateway to the campus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gateway {
    /// Not configured: the desk cannot do this, the phone may.
    #[default]
    Absent,
    /// It answers.
    Up,
    /// It answers late: worth trying, with words.
    Slow,
    /// Since the monotonic moment.
    Down {
        /// Since this monotonic moment.
        since: Duration,
    },
}

impl Gateway {
    /// Whether it is configured at all; it may be down.
    pub fn is_connected(self) -> bool {
        self != Gateway::Absent
    }

    /// Whether it is configured and gave no answer when it was asked last.
    pub fn is_down(self) -> bool {
        matches!(self, Gateway::Down { .. })
    }
}

/// With what a student signs in at the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInMethod {
    /// Their own phone, where that is connected: no password is typed here.
    #[default]
    Device,
    /// A password typed at the desk.
    Password,
}

/// Who makes the codes that are sent by SMS, and checks what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodesBy {
    /// The desk itself. The service only carries the message.
    #[default]
    Desk,
    /// The campus's own platform: the desk never knows a code, and asks it.
    Campus,
}

/// What is really connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connectivity {
    /// Signing in with a password typed at the desk.
    pub identity: Gateway,
    /// Signing in on the student's own phone (RFC 8628).
    pub device_grant: Gateway,
    /// The directory may be read: the member's status.
    pub directory_read: Gateway,
    /// The directory may be written: number, confirmation.
    pub directory_write: Gateway,
    /// Sending messages.
    pub sms: Gateway,
    /// Who makes and checks the codes in them.
    pub codes: CodesBy,
}

/// Which gateway an act goes through. Reading and writing the directory are two: they take different secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Link {
    /// Signing in on the student's phone.
    DeviceGrant,
    /// Signing in with a password.
    Identity,
    /// Reading members.
    DirectoryRead,
    /// Changing members.
    DirectoryWrite,
    /// Sending messages.
    Sms,
}

impl Link {
    /// Every gateway, in the order in which the panel names them.
    pub const ALL: &'static [Link] = Link::VARIANTS;
}

impl ActKind {
    /// The gateway it goes through.
    pub fn link(self) -> Link {
        match self {
            ActKind::SignIn => Link::Identity,
            ActKind::DeviceGrant => Link::DeviceGrant,
            ActKind::FindMember => Link::DirectoryRead,
            ActKind::BindNumber | ActKind::ConfirmMember | ActKind::Unbind => Link::DirectoryWrite,
            ActKind::SendCode | ActKind::CheckCode => Link::Sms,
        }
    }
}

impl Connectivity {
    /// The gateway that such an act goes through.
    pub fn of(&self, kind: ActKind) -> Gateway {
        self.at(kind.link())
    }

    /// The state of this gateway.
    pub fn at(&self, link: Link) -> Gateway {
        match link {
            Link::Identity => self.identity,
            Link::DeviceGrant => self.device_grant,
            Link::DirectoryRead => self.directory_read,
            Link::DirectoryWrite => self.directory_write,
            Link::Sms => self.sms,
        }
    }

    /// Whether the desk can do anything at all by itself, or only coaches.
    pub fn desk_can_sign_in(&self) -> bool {
        self.identity.is_connected() || self.device_grant.is_connected()
    }

    /// With what a student signs in who chose this: what is not connected is not offered.
    pub fn means(&self, chosen: SignInMethod) -> SignInMethod {
        match (
            self.device_grant.is_connected(),
            self.identity.is_connected(),
        ) {
            (true, false) => SignInMethod::Device,
            (false, true) => SignInMethod::Password,
            _ => chosen,
        }
    }

    /// Whether there is a choice between the two.
    pub fn has_both_sign_in_methods(&self) -> bool {
        self.device_grant.is_connected() && self.identity.is_connected()
    }

    /// The way a student is started in who chose neither.
    pub fn usual_way(&self) -> Way {
        if self.desk_can_sign_in() {
            Way::Desk
        } else {
            Way::Phone
        }
    }
}
