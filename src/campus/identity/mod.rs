//! Who a student is: one adapter a protocol, and how several of them are combined.

mod browsing;
pub(crate) mod cas_answer;
pub(crate) mod cas_exceptions;
pub mod cas_form;
pub mod cas_rest;
mod cas_ticket;
mod cookies;
pub mod croypto;
pub mod found;
pub mod ldap;
mod ldap_bind_name;
mod ldap_controls;
mod ldap_entry;
pub(crate) mod ldap_filter;
mod ldap_settings;
pub(crate) mod ldap_verdict;
pub(crate) mod ldap_wire;
pub mod oidc;
pub(crate) mod page;
mod page_encryption;
mod page_form;
mod page_phrases;
mod page_reader;
mod page_script;
mod page_verdict;
mod page_words;
mod told_number;
pub mod tpass;
pub mod ways;
pub mod wisedu;
pub mod zfsoft;

pub use cas_form::CasForm;
pub use cas_rest::CasRest;
pub use croypto::Croypto;
pub use ldap::Ldap;
pub use oidc::{Oidc, OidcGrants, OidcOptions, OidcPassword, OidcSection, SetEndpoints};
pub use tpass::Tpass;
pub use ways::{Judging, Missed, PasswordWay, Ways};
pub use wisedu::Wisedu;
pub use zfsoft::ZfSoft;

use super::setting::{Adapter, Setting, SettingKind, names};
use super::{DeviceGrant, answer_text, form_body};
use crate::visit::{Failure, SignInRefusal};

/// Why a sign-in by password failed.
pub type SignInFailure = Failure<SignInRefusal>;

/// What one adapter gives: a server that judges passwords, a device grant, or both.
#[derive(Default)]
pub struct SignIn {
    /// A server that judges passwords.
    pub password: Option<Box<dyn PasswordWay>>,
    /// Students sign in on their own phones.
    pub device_grant: Option<Box<dyn DeviceGrant>>,
}

impl SignIn {
    /// Signing in by password alone.
    pub fn by_password(way: Box<dyn PasswordWay>) -> Self {
        SignIn {
            password: Some(way),
            device_grant: None,
        }
    }
}

/// The adapters, in the order in which they are asked without a configured order.
pub static ADAPTERS: &[Adapter<SignIn>] = &[
    Adapter {
        name: cas_rest::NAME,
        settings: cas_rest::SETTINGS,
        read: CasRest::read,
    },
    Adapter {
        name: cas_form::NAME,
        settings: cas_form::SETTINGS,
        read: CasForm::read,
    },
    Adapter {
        name: wisedu::NAME,
        settings: wisedu::SETTINGS,
        read: Wisedu::read,
    },
    Adapter {
        name: zfsoft::NAME,
        settings: zfsoft::SETTINGS,
        read: ZfSoft::read,
    },
    Adapter {
        name: tpass::NAME,
        settings: tpass::SETTINGS,
        read: Tpass::read,
    },
    Adapter {
        name: croypto::NAME,
        settings: croypto::SETTINGS,
        read: Croypto::read,
    },
    Adapter {
        name: ldap::NAME,
        settings: ldap_settings::SETTINGS,
        read: |values| Ok(Box::new(ldap::LdapOptions::read(values)?)),
    },
    Adapter {
        name: oidc::NAME,
        settings: oidc::settings::SETTINGS,
        read: |values| Ok(Box::new(OidcSection::read(values)?)),
    },
];

/// The order in which the adapters are asked.
pub static ORDER: Setting = Setting {
    key: "identity.order",
    kind: SettingKind::Order(|| names(ADAPTERS)),
    default: None,
    example: "",
    words: "The order in which the ways of signing in are tried. The next way is tried only where the password never left the desk.",
};

/// The settings of `[identity]` and of every adapter, in the order of the file.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let adapters = ADAPTERS.iter().flat_map(|adapter| adapter.settings);
    std::iter::once(&ORDER).chain(adapters)
}
