//! The configuration's campus as [`Connections`]: sections that are whole, with their secrets read.

use std::path::{Path, PathBuf};

use super::read::listed;
use super::secret::{self, Place};
use super::settings::{IDENTITY_WAYS, SMS_CARRIERS, find};
use super::{Config, Environment, Kind, Origin, Value};
use crate::campus::connections::{
    Aliyun, Cas, Connections, Directory, Gammu, Identity, PasswordServer, SmsCarrier, Tencent,
    WeCom,
};
use crate::campus::identity::OidcOptions;
use crate::campus::identity::ldap::{Address, LdapOptions, NumberFilter};
use crate::campus::sms::gammu::{LONGEST_TEXT, PLACEHOLDER};
use crate::campus::tls::{self, Trust};
use crate::complaint::{Complaint, Exit, Outcome};
use crate::table::{Fault, read_file};
use crate::text::{Lang, Text};
use crate::visit::Secret;

impl Config {
    /// Reads the secrets and puts together how the campus is reached.
    ///
    /// # Errors
    /// Where a section is half filled in, or a secret cannot be read.
    pub fn connections(&self, environment: Environment<'_>) -> Outcome<Connections> {
        let reading = Reading {
            config: self,
            environment,
        };
        Ok(Connections {
            identity: reading.identity()?,
            directory: reading.directory()?,
            sms: reading.sms()?,
            trust: reading.trust()?,
        })
    }

    /// The files that hold a secret of this desk's: those that are named, and its PIN's; its key's is the store's. What
    /// the environment or the service manager holds is not among them.
    pub fn secret_files(&self, environment: Environment<'_>) -> Vec<PathBuf> {
        let named = self
            .values
            .iter()
            .filter(|value| value.setting.kind == Kind::SecretFile)
            .filter_map(|value| {
                match secret::place(value.setting, value.text.as_deref(), environment)? {
                    Place::File(path) => Some(path),
                    Place::Variable(_) | Place::Credential(_) => None,
                }
            });
        let pin = Some(self.pin_file.clone()).filter(|path| path.exists());
        named.chain(pin).collect()
    }

    /// The test account: its student number and password.
    ///
    /// # Errors
    /// Where only half of it is there, or the password cannot be read.
    pub fn test_account(&self, environment: Environment<'_>) -> Outcome<Option<(String, Secret)>> {
        if !self.is_filled("doctor", environment) {
            return Ok(None);
        }
        let reading = Reading {
            config: self,
            environment,
        };
        let password = reading.secret("doctor.password_file")?;
        match (reading.text("doctor.student"), password) {
            (Some(student), Some(password)) => Ok(Some((student, password))),
            (Some(_), None) => Err(self.missing("doctor.password_file")),
            (None, Some(_)) => Err(self.missing("doctor.student")),
            (None, None) => Ok(None),
        }
    }

    /// The volunteer's own number, as it was written.
    pub fn volunteer_mobile(&self) -> Option<&str> {
        self.value("doctor.mobile")?.text.as_deref()
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.setting.key == key)
    }

    /// Whether anybody said anything in this section.
    fn is_filled(&self, section: &str, environment: Environment<'_>) -> bool {
        self.values
            .iter()
            .filter(|value| value.setting.split().0 == section)
            .any(|value| match value.setting.kind {
                Kind::SecretFile => {
                    secret::place(value.setting, value.text.as_deref(), environment).is_some()
                }
                _ => !matches!(value.origin, Origin::Default | Origin::Unset),
            })
    }

    /// A setting that must be there because others of its section are.
    fn missing(&self, key: &str) -> Complaint {
        let setting = find(key);
        let (section, name) = setting.map(super::Setting::split).unwrap_or(("", key));
        let what = "is missing, and the rest of its section needs it".into();
        let remedy = format!("add `{name} = ...` to [{section}], or take the section out");
        self.fault(key, what, remedy)
    }

    /// What is wrong with a setting, where it stands.
    fn fault(&self, key: &str, what: String, remedy: String) -> Complaint {
        let origin = self.value(key).map(|value| &value.origin);
        let (file, line) = match (origin, &self.file) {
            (Some(Origin::File(line)), Some(path)) => (path.display().to_string(), Some(*line)),
            (Some(Origin::Variable(_)), _) | (_, None) => ("environment".into(), None),
            (_, Some(path)) => (path.display().to_string(), None),
        };
        Fault {
            file,
            line,
            key: key.to_owned(),
            what,
            remedy,
        }
        .into()
    }
}

struct Reading<'a> {
    config: &'a Config,
    environment: Environment<'a>,
}

impl Reading<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.config.value(key).and_then(|value| value.text.clone())
    }

    fn need(&self, key: &str) -> Outcome<String> {
        self.text(key).ok_or_else(|| self.config.missing(key))
    }

    fn url(&self, key: &str) -> Outcome<String> {
        Ok(self.need(key)?.trim_end_matches('/').to_owned())
    }

    fn secret(&self, key: &str) -> Outcome<Option<Secret>> {
        let Some(value) = self.config.value(key) else {
            return Ok(None);
        };
        let place: Option<Place> =
            secret::place(value.setting, value.text.as_deref(), self.environment);
        place
            .map(|place| secret::read(&place, self.environment))
            .transpose()
    }

    fn need_secret(&self, key: &str) -> Outcome<Secret> {
        self.secret(key)?.ok_or_else(|| self.config.missing(key))
    }

    fn identity(&self) -> Outcome<Identity> {
        let ways = self.order("identity", IDENTITY_WAYS)?;
        let mut identity = Identity::default();
        for way in ways {
            if way == "oidc" {
                self.oidc(&mut identity)?;
            } else {
                identity.passwords.push(self.password_server(way)?);
            }
        }
        Ok(identity)
    }

    /// By OpenID Connect: the phone, the password, or both.
    fn oidc(&self, identity: &mut Identity) -> Outcome<()> {
        identity.oidc = Some(OidcOptions {
            issuer: self.url("identity.oidc.issuer")?,
            client_id: self.need("identity.oidc.client_id")?,
            client_secret: self.secret("identity.oidc.client_secret_file")?,
            scopes: self.need("identity.oidc.scopes")?,
            claim: self.text("identity.oidc.claim"),
        });
        let grants = self.need("identity.oidc.grants")?;
        identity.by_device = grants != "password";
        if grants != "device" {
            identity.passwords.push(PasswordServer::Oidc);
        }
        Ok(())
    }

    /// The sections below `section` that are filled in, in the order that was given, or in the table's own.
    fn order(&self, section: &str, known: &[&'static str]) -> Outcome<Vec<&'static str>> {
        let is_filled = |name: &str| {
            let inner = format!("{section}.{name}");
            self.config.is_filled(&inner, self.environment)
        };
        let key = format!("{section}.order");
        let Some(order) = self.text(&key) else {
            return Ok(known
                .iter()
                .copied()
                .filter(|name| is_filled(name))
                .collect());
        };
        let named: Vec<&'static str> = listed(&order)
            .filter_map(|name| known.iter().copied().find(|known| *known == name))
            .collect();
        for name in known {
            let (what, remedy) = match (named.contains(name), is_filled(name)) {
                (true, false) => (
                    format!("names \"{name}\", and [{section}.{name}] is not filled in"),
                    format!("fill it in, or take \"{name}\" out of the order"),
                ),
                (false, true) => (
                    format!("leaves out \"{name}\", and [{section}.{name}] is filled in"),
                    format!("add \"{name}\", or take its section out"),
                ),
                _ => continue,
            };
            return Err(self.config.fault(&key, what, remedy));
        }
        Ok(named)
    }

    /// `way` is one of [`IDENTITY_WAYS`].
    fn password_server(&self, way: &str) -> Outcome<PasswordServer> {
        if way == "ldap" {
            return Ok(PasswordServer::Ldap(Box::new(self.ldap()?)));
        }
        let key = |name: &str| format!("identity.{way}.{name}");
        let cas = Cas {
            url: self.url(&key("url"))?,
            service: self.need(&key("service"))?,
        };
        Ok(match way {
            "cas_form" => PasswordServer::CasForm(cas),
            "wisedu" => PasswordServer::Wisedu(cas),
            _ => PasswordServer::CasRest(cas),
        })
    }

    fn ldap(&self) -> Outcome<LdapOptions> {
        let key = |name: &str| format!("identity.ldap.{name}");
        let wrong = |name: &str, what: String| {
            let remedy = "run: yingxin config check".to_owned();
            self.config.fault(&key(name), what, remedy)
        };
        let secret = self.secret(&key("bind_password_file"))?;
        let service = match (self.text(&key("bind_dn")), secret) {
            (None, None) => None,
            (Some(dn), Some(secret)) => Some((dn, secret)),
            (None, Some(_)) => return Err(self.config.missing(&key("bind_dn"))),
            (Some(_), None) => return Err(self.config.missing(&key("bind_password_file"))),
        };
        Ok(LdapOptions {
            address: Address::parse(&self.need(&key("url"))?)
                .map_err(|e| wrong("url", e.to_string()))?,
            service,
            base: self.need(&key("base"))?,
            filter: NumberFilter::parse(&self.need(&key("filter"))?)
                .map_err(|e| wrong("filter", e.to_string()))?,
            number_attribute: self.need(&key("number_attribute"))?,
            name_attribute: self.need(&key("name_attribute"))?,
        })
    }

    fn trust(&self) -> Outcome<Trust> {
        let Some(file) = self.text("tls.ca_file") else {
            return Ok(Trust::System);
        };
        let named = format!("the certificates in {file}");
        let text = read_file(Path::new(&file), &named, Exit::Configuration)?;
        let own = tls::authorities(text.as_bytes()).map_err(|_| {
            let what = format!("{file} holds no certificate of an authority");
            let remedy = "name a PEM file: -----BEGIN CERTIFICATE-----, and so on".to_owned();
            self.config.fault("tls.ca_file", what, remedy)
        })?;
        Ok(Trust::SystemAnd(own))
    }

    fn directory(&self) -> Outcome<Directory> {
        let filled = self.config.is_filled("directory.wecom", self.environment);
        match self.text("directory.kind").as_deref() {
            Some("guide") => return Ok(Directory::Guide),
            Some(_) => {}
            None if filled => {}
            None => return Ok(Directory::Guide),
        }
        let wecom = WeCom {
            url: self.url("directory.wecom.url")?,
            corp_id: self.need("directory.wecom.corp_id")?,
            contacts_secret: self.secret("directory.wecom.contacts_secret_file")?,
            app_secret: self.secret("directory.wecom.app_secret_file")?,
            department: self
                .need("directory.wecom.department")?
                .parse()
                .unwrap_or(1),
        };
        if wecom.contacts_secret.is_none() && wecom.app_secret.is_none() {
            return Err(self.config.missing("directory.wecom.app_secret_file"));
        }
        Ok(Directory::WeCom(wecom))
    }

    fn sms(&self) -> Outcome<Vec<SmsCarrier>> {
        let carriers = self.order("sms", SMS_CARRIERS)?.into_iter();
        carriers.map(|carrier| self.sms_carrier(carrier)).collect()
    }

    /// `carrier` is one of [`SMS_CARRIERS`].
    fn sms_carrier(&self, carrier: &str) -> Outcome<SmsCarrier> {
        Ok(match carrier {
            "aliyun" => SmsCarrier::Aliyun(Aliyun {
                endpoint: self.url("sms.aliyun.endpoint")?,
                key_id: self.need_secret("sms.aliyun.key_id_file")?,
                key: self.need_secret("sms.aliyun.key_secret_file")?,
                sign: self.need("sms.aliyun.sign")?,
                template: self.need("sms.aliyun.template")?,
                parameter: self.need("sms.aliyun.parameter")?,
            }),
            "gammu" => SmsCarrier::Gammu(Gammu {
                outbox: self.need("sms.gammu.outbox")?.into(),
                sent: self.need("sms.gammu.sent")?.into(),
                error: self.need("sms.gammu.error")?.into(),
                text: self.sms_text()?,
            }),
            _ => SmsCarrier::Tencent(Tencent {
                endpoint: self.url("sms.tencent.endpoint")?,
                region: self.need("sms.tencent.region")?,
                secret_id: self.need_secret("sms.tencent.secret_id_file")?,
                secret_key: self.need_secret("sms.tencent.secret_key_file")?,
                app_id: self.need("sms.tencent.app_id")?,
                sign: self.need("sms.tencent.sign")?,
                template: self.need("sms.tencent.template")?,
            }),
        })
    }

    /// What the modem's message says: one message, with the code in it.
    fn sms_text(&self) -> Outcome<String> {
        let key = "sms.gammu.text";
        let Some(text) = self.text(key) else {
            let usual = Text::new(Lang::Zh);
            return Ok(usual.with("sms-text", &[("code", PLACEHOLDER.into())]));
        };
        let (what, remedy) = match text.matches(PLACEHOLDER).count() {
            // Six digits stand where the placeholder does.
            1 if text.chars().count() <= LONGEST_TEXT => return Ok(text),
            1 => (
                format!("is longer than one message of {LONGEST_TEXT} characters"),
                "write less".to_owned(),
            ),
            n => (
                format!("names the code {n} times"),
                format!("write {PLACEHOLDER} once, where the code is to stand"),
            ),
        };
        Err(self.config.fault(key, what, remedy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, load};

    const SECTIONS: &str = "[identity.ldap]\nurl = \"ldap://ldap.example\"\nbase = \"dc=example\"\n\
        [identity.cas_form]\nurl = \"https://cas.example/cas/\"\nservice = \"https://desk.example/\"\n";

    /// The ways of a configuration, by what they are.
    fn ways(head: &str, order: Option<&str>) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yingxin.toml");
        std::fs::write(&path, format!("{head}{SECTIONS}")).unwrap();
        let environment = |name: &str| match name {
            "YINGXIN_IDENTITY_ORDER" => order.map(str::to_owned),
            _ => None,
        };
        let flags = Flags {
            config: Some(path),
            store: Some(dir.path().into()),
            ..Flags::default()
        };
        let config = load(&flags, &environment).unwrap();
        let connections = config.connections(&environment).unwrap();
        let ways = connections.identity.passwords.iter().map(|way| match way {
            PasswordServer::CasForm(cas) => format!("cas_form {}", cas.url),
            PasswordServer::Ldap(ldap) => format!("ldap {}", ldap.number_attribute),
            other => format!("{other:?}"),
        });
        ways.collect()
    }

    #[test]
    fn the_order_is_the_tables_the_files_or_the_environments() {
        let (form, ldap) = ("cas_form https://cas.example/cas", "ldap uid");
        let file = "[identity]\norder = [\"ldap\", \"cas_form\"]\n";
        assert_eq!(ways("", None), [form, ldap]);
        assert_eq!(ways(file, None), [ldap, form]);
        assert_eq!(ways(file, Some("cas_form,ldap")), [form, ldap]);
    }
}
