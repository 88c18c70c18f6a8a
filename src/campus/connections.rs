//! How a desk reaches its campus: what an administrator, or practice, says of each port. Nothing is connected here.

use std::path::PathBuf;

use super::identity::OidcOptions;
use super::identity::ldap::LdapOptions;
use super::tls::Trust;
use crate::visit::Secret;

/// How the campus is reached: one entry for each port that is connected. Secrets are read already.
#[derive(Debug, Default)]
pub struct Connections {
    pub identity: Identity,
    pub directory: Directory,
    /// Carriers of messages, the first to be asked first.
    pub sms: Vec<SmsCarrier>,
    /// Whose certificates are believed. In practice nobody's: nothing but this machine is reached.
    pub trust: Trust,
}

impl Connections {
    /// Nothing is connected: the student's phone does everything.
    pub fn is_guide(&self) -> bool {
        self.identity.is_empty()
            && matches!(self.directory, Directory::Guide)
            && self.sms.is_empty()
    }
}

/// The unified identity.
#[derive(Debug, Default)]
pub struct Identity {
    /// Who judges a password, the first to be asked first; the next one only where a password never left the desk.
    pub passwords: Vec<PasswordServer>,
    /// The campus's issuer by OpenID Connect.
    pub oidc: Option<OidcOptions>,
    /// Students sign in there on their own phones.
    pub by_device: bool,
}

impl Identity {
    pub fn is_empty(&self) -> bool {
        self.passwords.is_empty() && self.oidc.is_none()
    }
}

/// One server that judges passwords, by what it speaks.
#[derive(Debug)]
pub enum PasswordServer {
    CasRest(Cas),
    CasForm(Cas),
    Wisedu(Cas),
    Ldap(Box<LdapOptions>),
    /// The issuer, by its password grant.
    Oidc,
}

/// A CAS server, however the password gets there.
#[derive(Debug)]
pub struct Cas {
    /// The server's base, such as `https://cas.example.edu.cn/cas`, without a slash at the end.
    pub url: String,
    /// The service the ticket is for.
    pub service: String,
}

/// The directory.
#[derive(Debug, Default)]
pub enum Directory {
    /// The student's word (guide 一.3).
    #[default]
    Guide,
    WeCom(WeCom),
}

/// The directory by WeCom's server API.
#[derive(Debug)]
pub struct WeCom {
    /// `https://qyapi.weixin.qq.com`, or the practice campus; without a slash at the end.
    pub url: String,
    pub corp_id: String,
    /// The contacts synchronisation's secret: writes.
    pub contacts_secret: Option<Secret>,
    /// An application's secret: reads, and confirms.
    pub app_secret: Option<Secret>,
    /// The department new members are created in.
    pub department: u64,
}

/// One carrier of messages, by what it speaks.
#[derive(Debug)]
pub enum SmsCarrier {
    Tencent(Tencent),
    Aliyun(Aliyun),
    Gammu(Gammu),
}

/// Codes by Aliyun's short message service.
#[derive(Debug)]
pub struct Aliyun {
    /// `https://dysmsapi.aliyuncs.com`; without a slash at the end.
    pub endpoint: String,
    pub key_id: Secret,
    pub key: Secret,
    pub sign: String,
    pub template: String,
    /// The name of the template's one parameter.
    pub parameter: String,
}

/// Codes by the GSM modem on the desk, through gammu-smsd.
#[derive(Debug)]
pub struct Gammu {
    pub outbox: PathBuf,
    pub sent: PathBuf,
    pub error: PathBuf,
    /// The whole message, with `{code}` where the code stands.
    pub text: String,
}

/// Codes by Tencent Cloud SMS.
#[derive(Debug)]
pub struct Tencent {
    /// `https://sms.tencentcloudapi.com`, or the practice campus; without a slash at the end.
    pub endpoint: String,
    pub region: String,
    pub secret_id: Secret,
    pub secret_key: Secret,
    pub app_id: String,
    pub sign: String,
    pub template: String,
}
