//! The settings of `[identity.ldap]`.

use super::SignIn;
use super::ldap::{BindName, Ldap, LdapAddress, LdapAddressError, LdapOptions, NAME, NumberFilter};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{Connector, InvalidSetting, Setting, SettingKind, SettingValues};
use crate::cli_error::CliResult;
use crate::cli_lang::{both, pick};

const URL: Setting = Setting {
    key: "identity.ldap.url",
    kind: SettingKind::Checked(check_address),
    default: None,
    example: "ldaps://ldap.example.edu.cn",
    words: "The unified identity by LDAP. A connection to ldap:// is made private by StartTLS, or not used.",
};

const BASE: Setting = Setting {
    key: "identity.ldap.base",
    kind: SettingKind::Text,
    default: None,
    example: "ou=students,dc=example,dc=edu,dc=cn",
    words: "The entry below which students are searched.",
};

const BIND_DN: Setting = Setting {
    key: "identity.ldap.bind_dn",
    kind: SettingKind::Text,
    default: None,
    example: "cn=yingxin,ou=services,dc=example,dc=edu,dc=cn",
    words: "The account that searches. Without it the search is anonymous, unless bind_as is set.",
};

const BIND_PASSWORD: Setting = Setting {
    key: "identity.ldap.bind_password_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "ldap.secret",
    words: "The password of that account.",
};

const BIND_AS: Setting = Setting {
    key: "identity.ldap.bind_as",
    kind: SettingKind::Checked(check_bind_name),
    default: None,
    example: "{number}@campus.example.edu.cn",
    words: "The name that students bind by, for Active Directory. {number} is the student number. Without an account that searches they read their own entry.",
};

const FILTER: Setting = Setting {
    key: "identity.ldap.filter",
    kind: SettingKind::Checked(check_filter),
    default: Some("(uid={number})"),
    example: "(uid={number})",
    words: "The filter that fits one student's entry alone. {number} is the student number.",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.ldap.number_attribute",
    kind: SettingKind::Text,
    default: Some("uid"),
    example: "uid",
    words: "The attribute that holds the student number.",
};

const NAME_ATTRIBUTE: Setting = Setting {
    key: "identity.ldap.name_attribute",
    kind: SettingKind::Text,
    default: Some("cn"),
    example: "cn",
    words: "The attribute that holds the name.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    URL,
    BASE,
    BIND_DN,
    BIND_PASSWORD,
    BIND_AS,
    FILTER,
    NUMBER_ATTRIBUTE,
    NAME_ATTRIBUTE,
];

impl LdapOptions {
    /// Reads the section `[identity.ldap]`.
    ///
    /// # Errors
    /// Where a setting is missing or wrong, or the secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let service = match (values.text(&BIND_DN), values.secret(&BIND_PASSWORD)?) {
            (None, None) => None,
            (Some(dn), Some(secret)) => Some((dn, secret)),
            (None, Some(_)) => return Err(values.missing(&BIND_DN)),
            (Some(_), None) => return Err(values.missing(&BIND_PASSWORD)),
        };
        let bind_as = values
            .text(&BIND_AS)
            .map(|text| parse_bind_name(&text).map_err(|invalid| values.fault(&BIND_AS, invalid)));
        let address = parse_address(&values.need(&URL)?);
        let filter = parse_filter(&values.need(&FILTER)?);
        Ok(LdapOptions {
            address: address.map_err(|invalid| values.fault(&URL, invalid))?,
            service,
            bind_as: bind_as.transpose()?,
            base: values.need(&BASE)?,
            filter: filter.map_err(|invalid| values.fault(&FILTER, invalid))?,
            number_attribute: values.need(&NUMBER_ATTRIBUTE)?,
            name_attribute: values.need(&NAME_ATTRIBUTE)?,
        })
    }
}

impl Connector<SignIn> for LdapOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<SignIn, EndpointError> {
        Ok(SignIn::by_password(Box::new(Ldap::new(*self, http))))
    }
}

fn check_address(text: &str) -> Result<(), InvalidSetting> {
    parse_address(text).map(|_| ())
}

fn parse_address(text: &str) -> Result<LdapAddress, InvalidSetting> {
    LdapAddress::parse(text).map_err(|error| match error {
        LdapAddressError::Syntax => InvalidSetting::new(
            both!(
                "\"{text}\" is no address of an LDAP server",
                "\"{text}\" 不是 LDAP 服务器的地址"
            ),
            pick(
                "write it whole, such as \"ldaps://ldap.example.edu.cn\"",
                "请写完整，如 \"ldaps://ldap.example.edu.cn\"",
            ),
        ),
        // The address is not repeated: it may hold a secret.
        LdapAddressError::Extras => InvalidSetting::new(
            pick(
                "the address holds more than a host and a port",
                "地址里不止主机和端口",
            ),
            pick(
                "take it out: base, bind_dn and filter have keys of their own",
                "请删掉：base、bind_dn、filter 各有自己的键",
            ),
        ),
    })
}

fn check_filter(text: &str) -> Result<(), InvalidSetting> {
    parse_filter(text).map(|_| ())
}

fn parse_filter(text: &str) -> Result<NumberFilter, InvalidSetting> {
    NumberFilter::parse(text).map_err(|error| {
        let remedy = pick(
            "write it in brackets, such as \"(uid={number})\"",
            "请写在括号里，如 \"(uid={number})\"",
        );
        InvalidSetting::new(both!("it is {error}", "它有误：{error}"), remedy)
    })
}

fn check_bind_name(text: &str) -> Result<(), InvalidSetting> {
    parse_bind_name(text).map(|_| ())
}

fn parse_bind_name(text: &str) -> Result<BindName, InvalidSetting> {
    BindName::parse(text).map_err(|error| {
        let remedy = pick(
            "write it whole, such as \"{number}@campus.example.edu.cn\"",
            "请写完整，如 \"{number}@campus.example.edu.cn\"",
        );
        InvalidSetting::new(both!("it is {error}", "它有误：{error}"), remedy)
    })
}
