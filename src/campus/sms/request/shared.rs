//! What the requests of a section share: the secrets, the charset, the time's format, and the computed value.

use jiff::tz::{Offset, TimeZone};

use super::charset::{self, Charset};
use super::digest::{self, DigestTemplate};
use super::settings::{SharedSettings, chosen};
use super::template::{Placeholder, PlaceholderValues, Template};
use crate::campus::setting::{InvalidSetting, Setting, SettingValues};
use crate::campus::sms::hex;
use crate::cli_error::CliResult;
use crate::cli_lang::pick;
use crate::visit::{Failure, Secret};

/// How a time is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum TimeFormat {
    Seconds,
    Milliseconds,
    Utc,
    /// In China's time, by a format of strftime.
    China(&'static str),
}

/// The names of the formats in the configuration.
pub(super) const TIMES: &[(&str, TimeFormat)] = &[
    ("seconds", TimeFormat::Seconds),
    ("milliseconds", TimeFormat::Milliseconds),
    ("utc", TimeFormat::Utc),
    ("yyyyMMddHHmmss", TimeFormat::China("%Y%m%d%H%M%S")),
    ("MMddHHmmss", TimeFormat::China("%m%d%H%M%S")),
    (
        "yyyy-MM-dd HH:mm:ss",
        TimeFormat::China("%Y-%m-%d %H:%M:%S"),
    ),
];

/// What the requests of a section share: its secrets, the charset, the time's format, the digest.
#[derive(Debug)]
pub(in crate::campus::sms) struct SharedParts {
    pub(super) account: Option<Secret>,
    pub(super) password: Option<Secret>,
    pub(super) key: Option<Secret>,
    pub(super) charset: Charset,
    time: TimeFormat,
    pub(super) digest: Option<DigestTemplate>,
}

impl SharedParts {
    /// Reads what the requests of a section share.
    ///
    /// # Errors
    /// Where a secret cannot be read or sent, or a digest is described by half.
    pub fn read(values: &dyn SettingValues, settings: &SharedSettings) -> CliResult<Self> {
        let charset = chosen(values, settings.charset, charset::CHARSETS).unwrap_or(Charset::Utf8);
        let secret = |setting: &Setting| {
            let secret = values.secret(setting)?;
            match &secret {
                Some(secret) if !charset.can_encode(secret.expose()) => {
                    let what = pick(
                        "the secret holds a character that the charset does not have",
                        "密钥里有这种字符集没有的字",
                    );
                    let invalid = InvalidSetting::new(
                        what,
                        pick(
                            "look at the file, and at `charset`",
                            "请看看那个文件，以及 `charset`",
                        ),
                    );
                    Err(values.fault(setting, invalid))
                }
                _ => Ok(secret),
            }
        };
        Ok(SharedParts {
            account: secret(settings.account)?,
            password: secret(settings.password)?,
            key: secret(settings.key)?,
            charset,
            time: chosen(values, settings.time, TIMES).unwrap_or(TimeFormat::Seconds),
            digest: read_digest(values, settings)?,
        })
    }

    /// What the digest is computed from; nothing where there is none.
    pub fn digested(&self) -> Vec<Placeholder> {
        let digests = self.digest.iter();
        digests
            .flat_map(|digest| digest.of.placeholders())
            .collect()
    }

    /// Whether the charset has every character of a text.
    pub fn can_encode(&self, text: &str) -> bool {
        self.charset.can_encode(text)
    }

    /// Fills in what is not the message's own: the secrets, the time, a nonce, and the digest of all of them.
    ///
    /// # Errors
    /// Without randomness nothing is sent; nor where the charset lacks a character.
    pub(super) fn complete<R>(
        &self,
        mut values: PlaceholderValues,
        at: jiff::Timestamp,
    ) -> Result<PlaceholderValues, Failure<R>> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(|_| Failure::Offline)?;
        values.set(Placeholder::Nonce, hex(&random));
        values.set(Placeholder::Time, self.time.write(at));
        for (placeholder, secret) in [
            (Placeholder::Account, &self.account),
            (Placeholder::Password, &self.password),
            (Placeholder::Key, &self.key),
        ] {
            if let Some(secret) = secret {
                values.set(placeholder, secret.expose());
            }
        }
        if let (Some(account), Some(password)) = (&self.account, &self.password) {
            let pair =
                zeroize::Zeroizing::new(format!("{}:{}", account.expose(), password.expose()));
            values.set(
                Placeholder::Basic,
                base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair.as_bytes()),
            );
        }
        if let Some(digest) = &self.digest {
            let computed = digest.compute(&values, self.charset);
            values.set(Placeholder::Digest, computed.map_err(|_| unencodable())?);
        }
        Ok(values)
    }
}

impl TimeFormat {
    fn write(self, at: jiff::Timestamp) -> String {
        match self {
            TimeFormat::Seconds => at.as_second().to_string(),
            TimeFormat::Milliseconds => at.as_millisecond().to_string(),
            TimeFormat::Utc => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            TimeFormat::China(format) => {
                let china = TimeZone::fixed(Offset::constant(8));
                at.to_zoned(china).strftime(format).to_string()
            }
        }
    }
}

fn read_digest(
    values: &dyn SettingValues,
    settings: &SharedSettings,
) -> CliResult<Option<DigestTemplate>> {
    let template = |setting: &Setting| {
        let template = Template::parse(&values.need(setting)?);
        template.map_err(|invalid| values.fault(setting, invalid))
    };
    match chosen(values, settings.digest, digest::KINDS) {
        Some(kind) => Ok(Some(DigestTemplate {
            kind,
            encoding: chosen(values, settings.digest_as, digest::ENCODINGS)
                .unwrap_or(digest::DigestEncoding::Hex),
            of: template(settings.digest_of)?,
            key: template(settings.digest_key)?,
        })),
        None if values.text(settings.digest_of).is_some() => Err(values.missing(settings.digest)),
        None => Ok(None),
    }
}

/// The configuration's check lets none of this through.
pub(super) fn unencodable<R>() -> Failure<R> {
    Failure::Misconfigured("a message cannot be written into the request".into())
}
