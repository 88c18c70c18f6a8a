//! Identity by 正方 (ZFSoft) CAS: the login page encrypts the password with a key from `v2/getPubKey`. Modelled from the page's
//! own script and from public scripts that sign in there (zjuam.zju.edu.cn, cas.hnu.edu.cn, portal2020.xtu.edu.cn), not from
//! a document of the vendor; campuses differ.

use num_bigint::BigUint;
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::browsing::Browsing;
use super::cas_form::{Filled, form_target, no_form};
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS};
use super::form_body;
use super::page::LoginPage;
use super::page_form::LoginForm;
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// The name of the request in the log.
const WHAT: &str = "zfsoft login page";
/// The sizes of keys, in bits. The known servers have 512 and 1024.
const KEY_BITS: std::ops::RangeInclusive<u64> = 512..=4096;

/// A ZFSoft CAS server.
pub struct ZfSoft {
    server: CasServer,
}

/// What `v2/getPubKey` answers: hexadecimal digits.
#[derive(Deserialize)]
struct PublicKeyAnswer {
    modulus: String,
    exponent: String,
}

/// The key that the password is encrypted with.
#[derive(Debug)]
struct PasswordKey {
    modulus: BigUint,
    exponent: BigUint,
}

/// A login page with the key for the password.
struct Keyed {
    before: LoginPage,
    form: LoginForm,
    key: PasswordKey,
    to: Url,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "zfsoft";

const URL: Setting = Setting {
    key: "identity.zfsoft.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://cas.example.edu.cn/cas",
    words: "The unified identity by a ZFSoft (正方) CAS, whose page encrypts the password with the key of v2/getPubKey.",
};

const SERVICE: Setting = Setting {
    key: "identity.zfsoft.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "As under [identity.cas_rest].",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.zfsoft.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

impl ZfSoft {
    /// Reads the section `[identity.zfsoft]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(ZfSoft { server }),
        )
    }

    /// `base_url` is where `/login` hangs: `https://cas.example.edu.cn/cas`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| ZfSoft { server })
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let mut browsing = self.server.browse();
        let keyed = self.login_page(&mut browsing).await.map_err(Missed::Kept)?;
        if self
            .wants_captcha(&mut browsing, &keyed.form)
            .await
            .map_err(Missed::Kept)?
        {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let sealed = keyed.key.encrypt(password);
        let mut fields: Vec<(&str, &str)> = vec![
            (&keyed.form.username, number),
            (&keyed.form.password, &sealed),
        ];
        if keyed.form.has_puzzle {
            // As the page sends it: the field is there, hidden by the script, and empty.
            fields.push(("authcode", ""));
        }
        let hidden = keyed
            .form
            .hidden
            .iter()
            .map(|(key, value)| (&**key, &**value));
        fields.extend(hidden);
        let filled = Filled {
            what: WHAT,
            before: &keyed.before,
            to: keyed.to,
            body: form_body::encode(&fields),
        };
        self.server.hand_in(&mut browsing, filled).await
    }

    async fn login_page(&self, browsing: &mut Browsing) -> Result<Keyed, SignInFailure> {
        let (before, at, status) = self.server.read_page(browsing, WHAT).await?;
        let form = before
            .form
            .clone()
            .ok_or_else(|| no_form(&before, status))?;
        let to = form_target(&at, form.action.as_deref())?;
        let url = self.server.base.join(&["v2", "getPubKey"]);
        let (answer, _) = browsing.page("zfsoft public key", url).await?;
        let told = serde_json::from_slice::<PublicKeyAnswer>(&answer.body).ok();
        let key = told
            .filter(|_| answer.status == StatusCode::OK)
            .and_then(PasswordKey::read);
        let key = key.ok_or_else(|| {
            let status = answer.status.as_u16();
            Failure::Misconfigured(format!(
                "v2/getPubKey gives no key for the password (HTTP {status})"
            ))
        })?;
        Ok(Keyed {
            before,
            form,
            key,
            to,
        })
    }

    /// Whether the script would show the captcha's field: `v2/getKaptchaStatus` says true. Servers without it have no
    /// captcha, and hide the field.
    async fn wants_captcha(
        &self,
        browsing: &mut Browsing,
        form: &LoginForm,
    ) -> Result<bool, SignInFailure> {
        if !form.has_puzzle {
            return Ok(false);
        }
        let url = self.server.base.join(&["v2", "getKaptchaStatus"]);
        let (answer, _) = browsing.page("zfsoft captcha question", url).await?;
        match (answer.status, String::from_utf8_lossy(&answer.body).trim()) {
            (StatusCode::NOT_FOUND, _) | (StatusCode::OK, "false") => Ok(false),
            (StatusCode::OK, "true") => Ok(true),
            (status, _) => Err(Failure::Misconfigured(format!(
                "v2/getKaptchaStatus does not tell whether a captcha is needed (HTTP {})",
                status.as_u16()
            ))),
        }
    }
}

impl PasswordWay for ZfSoft {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// Checks the login page, its form, the key, and whether everybody is asked for a captcha.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let asked = match self.login_page(&mut browsing).await {
                Ok(keyed) => self.wants_captcha(&mut browsing, &keyed.form).await,
                Err(why) => Err(why),
            };
            let said = match asked {
                Ok(false) => Ok(()),
                Ok(true) => Err(super::cas_form::captcha()),
                Err(why) => Err(without_refusal(why)),
            };
            vec![browsing.probed("identity.zfsoft", said)]
        })
    }
}

impl PasswordKey {
    fn read(answer: PublicKeyAnswer) -> Option<Self> {
        let number = |text: &str| {
            let is_short = text.len() <= 2048;
            BigUint::parse_bytes(text.trim().as_bytes(), 16).filter(|_| is_short)
        };
        let (modulus, exponent) = (number(&answer.modulus)?, number(&answer.exponent)?);
        let is_key = KEY_BITS.contains(&modulus.bits())
            && modulus.bit(0)
            && (2..=64).contains(&exponent.bits());
        is_key.then_some(PasswordKey { modulus, exponent })
    }

    /// As `RSAUtils.encryptedString` does it with the reversed password: raw RSA of blocks of two bytes less than the
    /// modulus has, the first byte lowest, in hexadecimal digits, with a blank between blocks. Where the script would break
    /// a character of more than one byte, its bytes in UTF-8 are taken. The allocator wipes the numbers.
    fn encrypt(&self, password: &Secret) -> Zeroizing<String> {
        let digits = self.modulus.bits().div_ceil(16);
        let block = usize::try_from(digits.saturating_sub(1).saturating_mul(2)).unwrap_or(2);
        let reversed: Zeroizing<Vec<u8>> =
            Zeroizing::new(password.expose().bytes().rev().collect());
        let mut sealed = Zeroizing::new(String::new());
        for bytes in reversed.chunks(block) {
            let number = BigUint::from_bytes_le(bytes).modpow(&self.exponent, &self.modulus);
            if !sealed.is_empty() {
                sealed.push(' ');
            }
            // The script writes whole digits of 16 bits; public scripts fill up to the length of the modulus.
            let width = usize::try_from(digits.saturating_mul(4)).unwrap_or(0);
            sealed.push_str(&format!("{number:0>width$x}"));
        }
        sealed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_encrypted_as_the_script_does_it() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/vectors/pages.json"
        )))
        .unwrap();
        for vector in vectors["rsa"].as_array().unwrap() {
            let text = |key: &str| vector[key].as_str().unwrap().to_owned();
            let answer = PublicKeyAnswer {
                modulus: text("modulus"),
                exponent: text("exponent"),
            };
            let key = PasswordKey::read(answer).unwrap();
            let password = text("password");
            let sealed = key.encrypt(&Secret::new(password.clone()));
            assert_eq!(*sealed, text("sealed"), "{password}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        let key = |modulus: &str, exponent: &str| {
            PasswordKey::read(PublicKeyAnswer {
                modulus: modulus.into(),
                exponent: exponent.into(),
            })
        };
        let good = "f".repeat(256);
        assert!(key(&good, "10001").is_some());
        let (even, huge) = (format!("{}e", "f".repeat(255)), "f".repeat(1025));
        for (modulus, exponent) in [
            ("", "10001"),
            ("ff", "10001"),
            (&*even, "10001"),
            (&*huge, "10001"),
            (&*good, "1"),
            (&*good, ""),
            ("xyz", "10001"),
            (&*good, &*good),
        ] {
            assert!(key(modulus, exponent).is_none(), "{modulus} {exponent}");
        }
    }
}
