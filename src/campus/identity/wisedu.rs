//! Identity by 金智 (Wisedu) authserver, a CAS server with a login page of its own: the adapter first requests whether the
//! account needs a captcha, and encrypts the password with a salt from the page. Modelled from public scripts that sign
//! in there (`checkNeedCaptcha.htl`, `pwdEncryptSalt`), not from a document of the vendor; campuses differ.

use aes::Aes128;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::browsing::Browsing;
use super::cas_form::{Filled, captcha, form_target, no_form};
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS};
use super::form_body;
use super::page::LoginPage;
use super::page_form::LoginForm;
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, UNKNOWN_ACCOUNT, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// The name of the request in the log.
const WHAT: &str = "wisedu login page";

/// A Wisedu authserver.
pub struct Wisedu {
    server: CasServer,
}

/// What `checkNeedCaptcha.htl` answers.
#[derive(Deserialize)]
struct NeedCaptcha {
    #[serde(rename = "isNeed")]
    is_need: bool,
}

/// A login page with the salt for the password.
struct Salted {
    before: LoginPage,
    form: LoginForm,
    salt: String,
    to: Url,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "wisedu";

const URL: Setting = Setting {
    key: "identity.wisedu.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://authserver.example.edu.cn/authserver",
    words: "The unified identity by a Wisedu (金智) authserver.",
};

const SERVICE: Setting = Setting {
    key: "identity.wisedu.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "As under [identity.cas_rest].",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.wisedu.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

impl Wisedu {
    /// Reads the section `[identity.wisedu]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(Wisedu { server }),
        )
    }

    /// `base_url` is where `/login` hangs: `https://authserver.example.edu.cn/authserver`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| Wisedu { server })
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let mut browsing = self.server.browse();
        let salted = self.login_page(&mut browsing).await.map_err(Missed::Kept)?;
        let puzzle = self.wants_captcha(&mut browsing, number).await;
        if puzzle.map_err(Missed::Kept)? {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let sealed = encrypt(password, &salted.salt).map_err(Missed::Kept)?;
        let filled = Filled {
            what: WHAT,
            before: &salted.before,
            to: salted.to,
            body: filled(&salted.form, number, &sealed),
        };
        self.server.hand_in(&mut browsing, filled).await
    }

    async fn login_page(&self, browsing: &mut Browsing) -> Result<Salted, SignInFailure> {
        let (mut before, at, status) = self.server.read_page(browsing, WHAT).await?;
        let form = before
            .form
            .clone()
            .ok_or_else(|| no_form(&before, status))?;
        let salt = before.by_id.remove("pwdEncryptSalt");
        let salt = salt.filter(|salt| salt.len() == 16).ok_or_else(|| {
            Failure::Misconfigured("the login page has no pwdEncryptSalt of 16 characters".into())
        })?;
        let to = form_target(&at, form.action.as_deref())?;
        Ok(Salted {
            before,
            form,
            salt,
            to,
        })
    }

    /// Whether this account needs a captcha now: after wrong passwords, or always. Without an answer this fails, and no
    /// password is sent.
    async fn wants_captcha(
        &self,
        browsing: &mut Browsing,
        number: &str,
    ) -> Result<bool, SignInFailure> {
        let mut url = self.server.base.join(&["checkNeedCaptcha.htl"]);
        let moment = jiff::Timestamp::now().as_millisecond().to_string();
        url.query_pairs_mut()
            .append_pair("username", number)
            .append_pair("_", &moment);
        let (answer, _) = browsing.page("wisedu captcha question", url).await?;
        let told = serde_json::from_slice::<NeedCaptcha>(&answer.body).ok();
        told.filter(|_| answer.status == StatusCode::OK)
            .map(|told| told.is_need)
            .ok_or_else(|| {
                let status = answer.status.as_u16();
                Failure::Misconfigured(format!(
                    "checkNeedCaptcha.htl does not tell whether a captcha is needed (HTTP {status})"
                ))
            })
    }
}

impl PasswordWay for Wisedu {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// Checks the login page, its form, and that an account that does not exist needs no captcha: else everybody does.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let asked = match self.login_page(&mut browsing).await {
                Ok(_) => self.wants_captcha(&mut browsing, UNKNOWN_ACCOUNT).await,
                Err(why) => Err(why),
            };
            let said = match asked {
                Ok(true) => Err(captcha()),
                Ok(false) => Ok(()),
                Err(why) => Err(without_refusal(why)),
            };
            vec![browsing.probed("identity.wisedu", said)]
        })
    }
}

/// The form as the page's script fills it in. Fields of the page win over fields of public scripts.
fn filled(form: &LoginForm, number: &str, sealed: &str) -> Zeroizing<Vec<u8>> {
    let mut fields: Vec<(&str, &str)> =
        vec![("username", number), ("password", sealed), ("captcha", "")];
    fields.extend(
        form.hidden
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .filter(|(key, _)| !["username", "password", "captcha"].contains(key)),
    );
    for (key, usual) in [
        ("_eventId", "submit"),
        ("cllt", "userNameLogin"),
        ("dllt", "generalLogin"),
        ("lt", ""),
    ] {
        if !form.hidden.iter().any(|(known, _)| known == key) {
            fields.push((key, usual));
        }
    }
    form_body::encode(&fields)
}

/// The characters that the page's own script draws from.
const ALPHABET: &[u8; 48] = b"ABCDEFGHJKMNPQRSTWXYZabcdefhijkmnprstwxyz2345678";

/// Base64(AES-128-CBC-PKCS7(key = salt, iv = 16 random characters, 64 random characters and the password)). The server
/// throws the first blocks away: it need not know the iv.
fn encrypt(password: &Secret, salt: &str) -> Result<Zeroizing<String>, SignInFailure> {
    let no_randomness = |_| Failure::Misconfigured("this machine gives no randomness".into());
    let mut random = [0u8; 80];
    getrandom::fill(&mut random).map_err(no_randomness)?;
    let random = random.map(|byte| {
        let place = usize::from(byte) % ALPHABET.len();
        ALPHABET.get(place).copied().unwrap_or(b'A')
    });
    let (iv, padding) = random.split_at(16);
    let text = password.expose().as_bytes();
    let length = padding.len().saturating_add(text.len());
    // Room for one more block: in place, and wiped.
    let mut buffer = Zeroizing::new(vec![0u8; length.saturating_add(16)]);
    for (place, byte) in buffer.iter_mut().zip(padding.iter().chain(text)) {
        *place = *byte;
    }
    let broken = || Failure::Misconfigured("the login page's salt is no key".into());
    let cipher = Encryptor::<Aes128>::new_from_slices(salt.as_bytes(), iv).map_err(|_| broken())?;
    let sealed = cipher
        .encrypt_padded_mut::<Pkcs7>(&mut buffer, length)
        .map_err(|_| broken())?;
    Ok(Zeroizing::new(STANDARD.encode(sealed)))
}

#[cfg(test)]
mod tests {
    use cbc::Decryptor;
    use cbc::cipher::BlockDecryptMut;

    use super::*;

    #[test]
    fn the_password_stands_behind_sixty_four_random_characters() {
        let salt = "rjBFAaHsNkKAhpoi";
        let mut seen = Vec::new();
        for password in ["", "practice-0001", "密码 a&b", &"x".repeat(512)] {
            let sealed = encrypt(&Secret::new(password.to_owned()), salt).unwrap();
            let mut bytes = STANDARD.decode(sealed.as_bytes()).unwrap();
            // Another iv than the one it was made with spoils the first block alone.
            let cipher = Decryptor::<Aes128>::new_from_slices(salt.as_bytes(), &[0; 16]).unwrap();
            let clear = cipher.decrypt_padded_mut::<Pkcs7>(&mut bytes).unwrap();
            assert_eq!(&clear[64..], password.as_bytes());
            assert!(clear[16..64].iter().all(|byte| ALPHABET.contains(byte)));
            seen.push(sealed.to_string());
        }
        let again = encrypt(&Secret::new(String::new()), salt).unwrap();
        assert_ne!(seen[0], *again, "never the same twice");
        assert!(encrypt(&Secret::new("x".into()), "short").is_err());
    }

    #[test]
    fn the_form_is_filled_in_as_its_script_does_it() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let form = LoginForm {
            hidden: vec![
                pair("execution", "e1"),
                pair("cllt", "other"),
                pair("password", "evil"),
            ],
            ..LoginForm::default()
        };
        let body = filled(&form, "20260001", "a+b");
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "username=20260001&password=a%2Bb&captcha=&execution=e1&cllt=other&_eventId=submit&dllt=generalLogin&lt="
        );
    }
}
