//! The configuration's values as the adapters read them ([`SettingValues`]), and what else the commands ask of a
//! configuration.

use std::path::{Path, PathBuf};

use super::secret::{self, SecretSource};
use super::settings::{
    DOCTOR_MOBILE, DOCTOR_PASSWORD_FILE, DOCTOR_STUDENT, PACK, PIN_FILE, STORE_DIR, STORE_KEY_FILE,
    THEMES_DIR, TLS_CA_FILE,
};
use super::{Config, Environment, Origin, Value};
use crate::campus::connections::Connections;
use crate::campus::printer::PrinterOptions;
use crate::campus::setting::{InvalidSetting, Setting, SettingValues};
use crate::campus::tls::{self, Trust};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::table::{Fault, read_file};
use crate::visit::Secret;

impl Config {
    /// Reads the secrets and the settings of every adapter that is filled in.
    ///
    /// # Errors
    /// Where a section is half filled in, or a secret cannot be read.
    pub fn connections(&self, environment: Environment<'_>) -> CliResult<Connections> {
        let values = self.values(environment);
        let connections = Connections::read(&values)?;
        Ok(Connections {
            trust: values.trust()?,
            ..connections
        })
    }

    /// The slip printer, also for practice, which connects to nothing else.
    ///
    /// # Errors
    /// As [`PrinterOptions::read`].
    pub fn printer(&self, environment: Environment<'_>) -> CliResult<Option<PrinterOptions>> {
        PrinterOptions::read(&self.values(environment))
    }

    /// The files that hold a secret of this desk: those that are configured, and its PIN. The file of its key is the
    /// store's. Secrets from the environment or the service manager have no file here.
    pub fn secret_files(&self, environment: Environment<'_>) -> Vec<PathBuf> {
        let secrets = self.values.iter().filter(|value| value.setting.is_secret());
        let named = secrets.filter_map(|value| {
            match secret::find(value.setting, value.text.as_deref(), environment)? {
                SecretSource::File(path) => Some(path),
                SecretSource::Variable(_) | SecretSource::Credential(_) => None,
            }
        });
        let pin = Some(self.pin_file.clone()).filter(|path| path.exists());
        named.chain(pin).collect()
    }

    /// The settings that another desk gets as well, but for those that name a file or a folder of this machine.
    pub fn copied(&self) -> Vec<Value> {
        let of_here = [STORE_DIR, STORE_KEY_FILE, PIN_FILE, PACK, THEMES_DIR].map(|one| one.key);
        let values = self.values.iter().filter(|value| {
            !value.setting.is_secret()
                && !of_here.contains(&value.setting.key)
                && matches!(value.origin, Origin::File(_) | Origin::Variable(_))
        });
        values.cloned().collect()
    }

    /// The settings of these keys that stand in the file.
    pub fn own(&self, keys: &[&str]) -> Vec<Value> {
        let is_own = |value: &&Value| {
            keys.contains(&value.setting.key) && matches!(value.origin, Origin::File(_))
        };
        self.values.iter().filter(is_own).cloned().collect()
    }

    /// Every secret, wherever it is kept.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn secrets(
        &self,
        environment: Environment<'_>,
    ) -> CliResult<Vec<(&'static Setting, Secret)>> {
        let values = self.values(environment);
        let mut secrets = Vec::new();
        for value in self.values.iter().filter(|value| value.setting.is_secret()) {
            let secret = values.secret(value.setting)?;
            secrets.extend(secret.map(|secret| (value.setting, secret)));
        }
        Ok(secrets)
    }

    /// The test account: its student number and password.
    ///
    /// # Errors
    /// Where only half of it is there, or the password cannot be read.
    pub fn test_account(
        &self,
        environment: Environment<'_>,
    ) -> CliResult<Option<(String, Secret)>> {
        let values = self.values(environment);
        if !values.is_filled("doctor") {
            return Ok(None);
        }
        let password = values.secret(&DOCTOR_PASSWORD_FILE)?;
        match (values.text(&DOCTOR_STUDENT), password) {
            (Some(student), Some(password)) => Ok(Some((student, password))),
            (Some(_), None) => Err(values.missing(&DOCTOR_PASSWORD_FILE)),
            (None, Some(_)) => Err(values.missing(&DOCTOR_STUDENT)),
            (None, None) => Ok(None),
        }
    }

    /// The volunteer's own number, as it was written.
    pub fn volunteer_mobile(&self) -> Option<&str> {
        self.value(&DOCTOR_MOBILE)?.text.as_deref()
    }

    fn value(&self, setting: &Setting) -> Option<&Value> {
        let mut values = self.values.iter();
        values.find(|value| value.setting.key == setting.key)
    }

    fn values<'a>(&'a self, environment: Environment<'a>) -> ConfigValues<'a> {
        ConfigValues {
            config: self,
            environment,
        }
    }
}

/// A configuration with the environment that holds some of its secrets.
struct ConfigValues<'a> {
    config: &'a Config,
    environment: Environment<'a>,
}

impl SettingValues for ConfigValues<'_> {
    fn text(&self, setting: &Setting) -> Option<String> {
        self.config.value(setting)?.text.clone()
    }

    fn secret(&self, setting: &Setting) -> CliResult<Option<Secret>> {
        let file = self.text(setting);
        secret::find(setting, file.as_deref(), self.environment)
            .map(|source| secret::read(&source, self.environment))
            .transpose()
    }

    fn is_filled(&self, section: &str) -> bool {
        let values = self.config.values.iter();
        let mut values = values.filter(|value| value.setting.split().0 == section);
        values.any(|value| {
            if value.setting.is_secret() {
                secret::find(value.setting, value.text.as_deref(), self.environment).is_some()
            } else {
                !matches!(value.origin, Origin::Default | Origin::Unset)
            }
        })
    }

    fn fault(&self, setting: &Setting, invalid: InvalidSetting) -> CliError {
        let origin = self.config.value(setting).map(|value| &value.origin);
        let (file, line) = match (origin, &self.config.file) {
            (Some(Origin::File(line)), Some(path)) => (path.display().to_string(), Some(*line)),
            (Some(Origin::Variable(_)), _) | (_, None) => ("environment".into(), None),
            (_, Some(path)) => (path.display().to_string(), None),
        };
        Fault {
            file,
            line,
            key: setting.key.to_owned(),
            what: invalid.what,
            remedy: invalid.remedy,
        }
        .into()
    }
}

impl ConfigValues<'_> {
    fn trust(&self) -> CliResult<Trust> {
        let Some(file) = self.text(&TLS_CA_FILE) else {
            return Ok(Trust::System);
        };
        trust_in(Path::new(&file))?.map_err(|invalid| self.fault(&TLS_CA_FILE, invalid))
    }
}

/// The trust in the system's certificates and those of a file.
///
/// # Errors
/// The file cannot be read. Within: it holds no certificate.
pub fn trust_in(file: &Path) -> CliResult<Result<Trust, InvalidSetting>> {
    let name = file.display();
    let named = || both!("the certificates in {name}", "{name} 里的证书");
    let text = read_file(file, named, Exit::Configuration)?;
    let own = tls::authorities(text.as_bytes());
    Ok(own.map(Trust::SystemAnd).map_err(|_| {
        InvalidSetting::new(
            both!(
                "{name} holds no certificate of an authority",
                "{name} 里没有证书颁发机构的证书"
            ),
            both!(
                "name a PEM file: -----BEGIN CERTIFICATE-----, and so on",
                "请指定 PEM 文件：以 -----BEGIN CERTIFICATE----- 开头"
            ),
        )
    }))
}

#[cfg(test)]
mod tests;
