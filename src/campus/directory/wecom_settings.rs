//! The settings of `[directory.wecom]`.

use super::WeCom;
use crate::campus::Directory;
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{Connector, Setting, SettingKind, SettingValues};
use crate::cli_error::CliResult;
use crate::visit::Secret;

/// This adapter's name in the configuration.
pub const NAME: &str = "wecom";

const URL: Setting = Setting {
    key: "directory.wecom.url",
    kind: SettingKind::Url,
    default: Some("https://qyapi.weixin.qq.com"),
    example: "https://qyapi.weixin.qq.com",
    words: "The address of WeCom's server.",
};

const CORP_ID: Setting = Setting {
    key: "directory.wecom.corp_id",
    kind: SettingKind::Text,
    default: None,
    example: "ww0123456789abcdef",
    words: "The id of the company (corp id).",
};

const CONTACTS_SECRET: Setting = Setting {
    key: "directory.wecom.contacts_secret_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "wecom-contacts.secret",
    words: "The secret of the contacts synchronisation. It sets numbers.",
};

const APP_SECRET: Setting = Setting {
    key: "directory.wecom.app_secret_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "wecom-app.secret",
    words: "The secret of an application. It reads members and confirms the verification.",
};

const DEPARTMENT: Setting = Setting {
    key: "directory.wecom.department",
    kind: SettingKind::Number(1, 4_294_967_295),
    default: Some("1"),
    example: "1",
    words: "The number of the department in which new members are created.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, CORP_ID, CONTACTS_SECRET, APP_SECRET, DEPARTMENT];

/// The directory by WeCom's server API.
#[derive(Debug)]
pub struct WeComOptions {
    /// `https://qyapi.weixin.qq.com`, or the practice campus; without a slash at the end.
    pub url: String,
    /// The id of the company.
    pub corp_id: String,
    /// The secret of the contacts synchronisation: it writes.
    pub contacts_secret: Option<Secret>,
    /// The secret of an application: it reads, and confirms.
    pub app_secret: Option<Secret>,
    /// The department in which new members are created; without it none is created.
    pub department: Option<u32>,
}

impl WeComOptions {
    /// Reads the section `[directory.wecom]`.
    ///
    /// # Errors
    /// Where a setting is missing, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let options = WeComOptions {
            url: values.need_url(&URL)?,
            corp_id: values.need(&CORP_ID)?,
            contacts_secret: values.secret(&CONTACTS_SECRET)?,
            app_secret: values.secret(&APP_SECRET)?,
            department: values.need(&DEPARTMENT)?.parse().ok(),
        };
        if options.contacts_secret.is_none() && options.app_secret.is_none() {
            return Err(values.missing(&APP_SECRET));
        }
        Ok(options)
    }
}

impl Connector<Box<dyn Directory>> for WeComOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<Box<dyn Directory>, EndpointError> {
        let wecom = WeCom::new(
            http.clone(),
            &format!("{}/cgi-bin", self.url),
            &self.corp_id,
            self.contacts_secret,
            self.app_secret,
            self.department,
        )?;
        Ok(Box::new(wecom))
    }
}
