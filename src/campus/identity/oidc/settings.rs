//! The settings of `[identity.oidc]`, and which of the two ways of signing in they switch on.

use super::{NAME, Oidc, OidcOptions, OidcPassword, SetEndpoints};
use crate::campus::http::{EndpointError, Http};
use crate::campus::identity::SignIn;
use crate::campus::setting::{Connector, Setting, SettingKind, SettingValues, unknown_word};
use crate::cli_error::CliResult;

const ISSUER: Setting = Setting {
    key: "identity.oidc.issuer",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn/oidc",
    words: "The unified identity by OpenID Connect. /.well-known/openid-configuration is below this address.",
};

const CLIENT_ID: Setting = Setting {
    key: "identity.oidc.client_id",
    kind: SettingKind::Text,
    default: None,
    example: "yingxin",
    words: "The client id of this desk, as registered with the issuer.",
};

const CLIENT_SECRET: Setting = Setting {
    key: "identity.oidc.client_secret_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "oidc.secret",
    words: "The client secret. Without it the desk is a public client.",
};

const SCOPES: Setting = Setting {
    key: "identity.oidc.scopes",
    kind: SettingKind::Text,
    default: Some("openid profile"),
    example: "openid profile",
    words: "The requested scopes, separated by spaces.",
};

const CLAIM: Setting = Setting {
    key: "identity.oidc.claim",
    kind: SettingKind::Text,
    default: Some("preferred_username"),
    example: "preferred_username",
    words: "The claim that holds the student number, and the only one that is looked at; /attributes/xh for one inside another.",
};

const TOKEN_ENDPOINT: Setting = Setting {
    key: "identity.oidc.token_endpoint",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn/oauth/token",
    words: "The token endpoint, where the issuer's discovery document does not name it. With userinfo_endpoint it is enough for a server without that document: plain OAuth 2.0.",
};

const DEVICE_ENDPOINT: Setting = Setting {
    key: "identity.oidc.device_endpoint",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn/oauth/device",
    words: "The endpoint of the device grant, where the issuer's discovery document does not name it.",
};

const USERINFO_ENDPOINT: Setting = Setting {
    key: "identity.oidc.userinfo_endpoint",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn/oauth/userinfo",
    words: "The userinfo endpoint, where the issuer's discovery document does not name it.",
};

const GRANTS: Setting = Setting {
    key: "identity.oidc.grants",
    kind: SettingKind::Choice(OidcGrants::names),
    default: Some("device"),
    example: "device",
    words: "How students sign in. device: on their own phones, which is offered first. password: they type the password here. both: either.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    ISSUER,
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    CLAIM,
    TOKEN_ENDPOINT,
    DEVICE_ENDPOINT,
    USERINFO_ENDPOINT,
    GRANTS,
];

/// The ways of signing in at an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidcGrants {
    /// Students sign in on their own phones (RFC 8628).
    Device,
    /// Students type the password at the desk (RFC 6749 4.3).
    Password,
    /// Either.
    Both,
}

impl OidcGrants {
    const ALL: [OidcGrants; 3] = [OidcGrants::Device, OidcGrants::Password, OidcGrants::Both];

    fn name(self) -> &'static str {
        match self {
            OidcGrants::Device => "device",
            OidcGrants::Password => "password",
            OidcGrants::Both => "both",
        }
    }

    fn names() -> Vec<&'static str> {
        OidcGrants::ALL.map(OidcGrants::name).to_vec()
    }

    fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let text = values.need(&GRANTS)?;
        let found = OidcGrants::ALL.into_iter().find(|one| one.name() == text);
        found.ok_or_else(|| values.fault(&GRANTS, unknown_word(&text, &OidcGrants::names())))
    }
}

/// An issuer, and how students sign in there.
#[derive(Debug)]
pub struct OidcSection {
    /// How the issuer is reached.
    pub options: OidcOptions,
    /// The ways of signing in that are offered.
    pub grants: OidcGrants,
}

impl OidcSection {
    /// Reads the section `[identity.oidc]`.
    ///
    /// # Errors
    /// Where a setting is missing, or the secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        Ok(OidcSection {
            options: OidcOptions {
                issuer: values.need_url(&ISSUER)?,
                client_id: values.need(&CLIENT_ID)?,
                client_secret: values.secret(&CLIENT_SECRET)?,
                scopes: values.need(&SCOPES)?,
                claim: values.need(&CLAIM)?,
                endpoints: SetEndpoints {
                    token: values.endpoint(&TOKEN_ENDPOINT)?,
                    device: values.endpoint(&DEVICE_ENDPOINT)?,
                    userinfo: values.endpoint(&USERINFO_ENDPOINT)?,
                },
            },
            grants: OidcGrants::read(values)?,
        })
    }
}

impl Connector<SignIn> for OidcSection {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<SignIn, EndpointError> {
        let oidc = Oidc::new(http.clone(), self.options)?;
        let password = || Box::new(OidcPassword(oidc.clone()));
        Ok(match self.grants {
            OidcGrants::Device => SignIn {
                password: None,
                device_grant: Some(Box::new(oidc)),
            },
            OidcGrants::Password => SignIn::by_password(password()),
            OidcGrants::Both => SignIn {
                password: Some(password()),
                device_grant: Some(Box::new(oidc)),
            },
        })
    }
}
