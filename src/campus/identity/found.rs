//! Which ways of signing in an address offers: each adapter's own probe is asked, and nobody is signed in.

use futures_util::future::join_all;

use super::{ADAPTERS, ldap, oidc};
use crate::campus::Probed;
use crate::campus::http::Http;
use crate::campus::setting::{Adapter, InvalidSetting, Setting, SettingValues};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::visit::{Failure, Secret};

/// The settings that hold the address of a way's server.
const ADDRESSES: [&str; 2] = ["url", "issuer"];

/// What a way of signing in said at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundWay {
    /// Its section's name in the configuration.
    pub name: &'static str,
    /// Whether this is how the server there signs students in; else why not, in words.
    pub said: Result<(), String>,
}

/// Asks an address by every way that fits it, at once, and gives what each said in the order of the adapters: the first
/// that fits is the one to take. `service` is the name that tickets of CAS are requested for.
pub async fn find_ways(http: &Http, address: &str, service: &str) -> Vec<FoundWay> {
    let is_ldap = address.starts_with("ldap");
    let fits = |adapter: &&Adapter<super::SignIn>| (adapter.name == ldap::NAME) == is_ldap;
    let asked = ADAPTERS.iter().filter(fits).map(|adapter| async {
        let said = ask(http, adapter, address, service).await;
        FoundWay {
            name: adapter.name,
            said,
        }
    });
    join_all(asked).await
}

/// The key of the setting that holds the address of this way's server.
pub fn address_key(way: &str) -> Option<&'static str> {
    let adapter = ADAPTERS.iter().find(|adapter| adapter.name == way)?;
    let mut keys = adapter.settings.iter();
    keys.find(|setting| ADDRESSES.contains(&setting.split().1))
        .map(|setting| setting.key)
}

async fn ask(
    http: &Http,
    adapter: &Adapter<super::SignIn>,
    address: &str,
    service: &str,
) -> Result<(), String> {
    if adapter.name == oidc::NAME {
        // Its probe needs a client of this desk; the document alone names the issuer.
        return oidc::is_issuer(http, address).await.map_err(words);
    }
    let values = ProbeValues { address, service };
    let read = (adapter.read)(&values).map_err(|error| error.what);
    let sign_in = read?.connect(http).map_err(|error| error.to_string())?;
    let Some(password) = sign_in.password else {
        return Err("no sign-in by password".into());
    };
    match password.probe().await.into_iter().next() {
        None => Err("it cannot be asked".into()),
        Some(Probed { said: Ok(()), .. }) => Ok(()),
        // Which entries may be searched, and by whom, is not known yet: a server that says so speaks LDAP.
        Some(Probed {
            said: Err(Failure::Rejected(()) | Failure::Misconfigured(_)),
            fault: None,
            ..
        }) if adapter.name == ldap::NAME => Ok(()),
        Some(Probed {
            fault: Some(fault), ..
        }) => Err(format!("TLS: {fault}")),
        Some(Probed { said: Err(why), .. }) => Err(words(why)),
    }
}

fn words(why: Failure<()>) -> String {
    match why {
        Failure::Offline => "no answer".into(),
        Failure::Unavailable => "another answer than this way has".into(),
        Failure::Limited { .. } => "too many requests".into(),
        Failure::Rejected(()) => "refused".into(),
        Failure::Misconfigured(why) => why,
    }
}

/// The settings of any adapter as far as a probe needs them.
struct ProbeValues<'a> {
    address: &'a str,
    service: &'a str,
}

impl SettingValues for ProbeValues<'_> {
    fn text(&self, setting: &Setting) -> Option<String> {
        let (_, name) = setting.split();
        let given = match name {
            "service" => Some(self.service),
            name if ADDRESSES.contains(&name) => Some(self.address),
            // Below the root every server answers something.
            "base" => Some("dc=invalid"),
            _ => setting.default,
        };
        given.map(str::to_owned)
    }

    fn secret(&self, _: &Setting) -> CliResult<Option<Secret>> {
        Ok(None)
    }

    fn is_filled(&self, _: &str) -> bool {
        false
    }

    fn fault(&self, setting: &Setting, invalid: InvalidSetting) -> CliError {
        let what = format!("{}: {}", setting.key, invalid.what);
        CliError::new(Exit::Configuration, what, invalid.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_an_address() {
        for adapter in ADAPTERS {
            assert!(address_key(adapter.name).is_some(), "{}", adapter.name);
        }
        assert_eq!(address_key("oidc"), Some("identity.oidc.issuer"));
        assert_eq!(address_key("kerberos"), None);
    }
}
