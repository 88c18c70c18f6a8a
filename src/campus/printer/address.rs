//! A printer's address in the network. An IP address: a name would have to be looked up, for which there is no deadline.

use std::net::{IpAddr, SocketAddr};

use crate::campus::setting::InvalidSetting;
use crate::cli_lang::{both, pick};

/// The port of a printer that takes what it gets (AppSocket, JetDirect).
const RAW: u16 = 9100;

pub(super) fn parse(text: &str) -> Result<SocketAddr, InvalidSetting> {
    let address: Option<SocketAddr> = text.parse().ok();
    let bare = || {
        text.parse::<IpAddr>()
            .ok()
            .map(|ip| SocketAddr::new(ip, RAW))
    };
    let found = address.or_else(bare).filter(|address| address.port() != 0);
    found.ok_or_else(|| {
        let what = both!("\"{text}\" is no IP address", "\"{text}\" 不是 IP 地址");
        InvalidSetting::new(
            what,
            pick(
                "write the printer's IP address, such as \"192.0.2.7\"",
                "请写打印机的 IP 地址，如 \"192.0.2.7\"",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_port() {
        let parsed = |text: &str| parse(text).ok().map(|address| address.to_string());
        assert_eq!(parsed("192.0.2.7").as_deref(), Some("192.0.2.7:9100"));
        assert_eq!(parsed("192.0.2.7:9101").as_deref(), Some("192.0.2.7:9101"));
        assert_eq!(parsed("2001:db8::7").as_deref(), Some("[2001:db8::7]:9100"));
        for wrong in [
            "",
            "printer",
            "printer:9100",
            "192.0.2.7:0",
            "192.0.2",
            "http://192.0.2.7",
        ] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
