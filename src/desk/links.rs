//! What is known of each gateway, from how its calls went. It asks nothing by itself: at rest nothing ticks, and the
//! next student's call is the probe. One gateway failing leaves the others as they are.

use std::time::Duration;

use crate::visit::{ActKind, Gateway, Reach, Reply};

/// An answer that took longer than this is called slow.
const SLOW: Duration = Duration::from_secs(3);

/// The gateways' states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links {
    reach: Reach,
}

impl Links {
    /// What is configured, all of it taken for up until a call says otherwise.
    pub fn configured(
        identity: bool,
        device_grant: bool,
        powers: crate::campus::Powers,
        sms: bool,
    ) -> Self {
        let gateway = |there: bool| if there { Gateway::Up } else { Gateway::Absent };
        let reach = Reach {
            identity: gateway(identity),
            device_grant: gateway(device_grant),
            directory_read: gateway(powers.read),
            directory_write: gateway(powers.write),
            sms: gateway(sms),
        };
        Links { reach }
    }

    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Learns from a call that took `took` and ended at the monotonic `now`.
    pub fn note(&mut self, kind: ActKind, reply: &Reply, took: Duration, now: Duration) {
        let gateway = match kind {
            ActKind::SignIn => &mut self.reach.identity,
            ActKind::DeviceGrant => &mut self.reach.device_grant,
            ActKind::FindMember => &mut self.reach.directory_read,
            ActKind::BindNumber | ActKind::ConfirmMember | ActKind::Unbind => {
                &mut self.reach.directory_write
            }
            ActKind::SendCode => &mut self.reach.sms,
        };
        *gateway = match (*gateway, reply.is_offline()) {
            (Gateway::Absent, _) => Gateway::Absent,
            (Gateway::Down { since }, true) => Gateway::Down { since },
            (_, true) => Gateway::Down { since: now },
            // A device grant takes as long as the student does.
            (_, false) if took >= SLOW && kind != ActKind::DeviceGrant => Gateway::Slow,
            (_, false) => Gateway::Up,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Failure;

    #[test]
    fn each_gateway_is_known_by_itself() {
        let mut links = Links::configured(
            true,
            false,
            crate::campus::Powers {
                read: true,
                write: false,
            },
            true,
        );
        let (quick, late) = (Duration::from_millis(80), Duration::from_secs(4));
        links.note(
            ActKind::SignIn,
            &Reply::SignedIn(Err(Failure::Offline)),
            quick,
            Duration::from_secs(5),
        );
        links.note(
            ActKind::SignIn,
            &Reply::SignedIn(Err(Failure::Offline)),
            quick,
            Duration::from_secs(9),
        );
        links.note(
            ActKind::SendCode,
            &Reply::CodeSent(Ok(())),
            late,
            Duration::from_secs(9),
        );
        links.note(
            ActKind::BindNumber,
            &Reply::NumberBound(Err(Failure::Offline)),
            quick,
            Duration::from_secs(9),
        );
        let reach = links.reach();
        assert_eq!(
            reach.identity,
            Gateway::Down {
                since: Duration::from_secs(5)
            }
        );
        assert_eq!(reach.sms, Gateway::Slow);
        assert_eq!(reach.directory_read, Gateway::Up);
        assert_eq!(reach.directory_write, Gateway::Absent);
    }
}
