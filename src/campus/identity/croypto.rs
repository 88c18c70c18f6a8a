//! Identity by the login pages that hold their key in `<p id="login-croypto">` (sso.fzu.edu.cn, sso.cqu.edu.cn, sso.hdu.edu.cn
//! and others): a script draws the form and encrypts the password by DES, on newer servers by AES. Modelled from public
//! scripts that sign in there, not from a document of the vendor; campuses differ.

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use des::Des;
use reqwest::Url;
use zeroize::Zeroizing;

use super::browsing::Browsing;
use super::cas_form::{Filled, captcha};
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS};
use super::form_body;
use super::page::LoginPage;
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// The name of the request in the log.
const WHAT: &str = "croypto login page";

/// A server whose login page holds `login-croypto`.
pub struct Croypto {
    server: CasServer,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "croypto";

const URL: Setting = Setting {
    key: "identity.croypto.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn",
    words: "The unified identity by a login page with the elements login-croypto and login-page-flowkey.",
};

const SERVICE: Setting = Setting {
    key: "identity.croypto.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "As under [identity.cas_rest].",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.croypto.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

/// A login page with its key.
struct CroyptoPage {
    before: LoginPage,
    /// The key in base64: it is sent back.
    key: String,
    cipher: PageCipher,
    execution: String,
    kind: String,
    to: Url,
}

/// A cipher in blocks, each by itself, as the page's script has it.
enum PageCipher {
    Des(Box<Des>),
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

impl Croypto {
    /// Reads the section `[identity.croypto]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(Croypto { server }),
        )
    }

    /// `base_url` is where `/login` hangs: `https://sso.example.edu.cn`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| Croypto { server })
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let mut browsing = self.server.browse();
        let page = self.login_page(&mut browsing).await.map_err(Missed::Kept)?;
        if wants_captcha(&page.before) {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let (sealed, payload) = (
            page.cipher.encrypt(password.expose()),
            page.cipher.encrypt("{}"),
        );
        let body = form_body::encode(&[
            ("username", number),
            ("type", &page.kind),
            ("_eventId", "submit"),
            ("geolocation", ""),
            ("execution", &page.execution),
            ("captcha_code", ""),
            ("croypto", &page.key),
            ("password", &sealed),
            ("captcha_payload", &payload),
        ]);
        let filled = Filled {
            what: WHAT,
            before: &page.before,
            to: page.to,
            body,
        };
        self.server.hand_in(&mut browsing, filled).await
    }

    async fn login_page(&self, browsing: &mut Browsing) -> Result<CroyptoPage, SignInFailure> {
        let (before, to, status) = self.server.read_page(browsing, WHAT).await?;
        let held = |id: &str| {
            before
                .by_id
                .get(id)
                .filter(|text| !text.is_empty())
                .cloned()
        };
        let (Some(key), Some(execution)) = (held("login-croypto"), held("login-page-flowkey"))
        else {
            let status = status.as_u16();
            return Err(Failure::Misconfigured(format!(
                "the login page has no login-croypto and login-page-flowkey (HTTP {status})"
            )));
        };
        let cipher = PageCipher::new(&key).ok_or_else(|| {
            Failure::Misconfigured("the key in login-croypto is neither for DES nor for AES".into())
        })?;
        let kind = held("current-login-type").unwrap_or_else(|| "UsernamePassword".into());
        if kind != "UsernamePassword" || held("login-iv").is_some() {
            return Err(Failure::Misconfigured(
                "the login page signs in by another way than name and password".into(),
            ));
        }
        Ok(CroyptoPage {
            before,
            key,
            cipher,
            execution,
            kind,
            to,
        })
    }
}

impl PasswordWay for Croypto {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// Checks the login page, its key, and whether everybody is asked for a captcha.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let said = match self.login_page(&mut browsing).await {
                Ok(page) if wants_captcha(&page.before) => Err(captcha()),
                Ok(_) => Ok(()),
                Err(why) => Err(without_refusal(why)),
            };
            vec![browsing.probed("identity.croypto", said)]
        })
    }
}

/// Whether the page shows a captcha to everybody: it names its picture and does not hide it.
fn wants_captcha(page: &LoginPage) -> bool {
    let held = |id: &str| page.by_id.get(id).map_or("", String::as_str);
    !held("captcha-url").is_empty() && held("recaptcha-invisible") != "true"
}

impl PageCipher {
    /// By the length of the key, which stands on the page in base64.
    fn new(key: &str) -> Option<Self> {
        let key = STANDARD.decode(key).ok()?;
        Some(match key.len() {
            8 => PageCipher::Des(Box::new(Des::new_from_slice(&key).ok()?)),
            16 => PageCipher::Aes128(Box::new(Aes128::new_from_slice(&key).ok()?)),
            24 => PageCipher::Aes192(Box::new(Aes192::new_from_slice(&key).ok()?)),
            32 => PageCipher::Aes256(Box::new(Aes256::new_from_slice(&key).ok()?)),
            _ => return None,
        })
    }

    /// Base64 of the encrypted text: ECB with PKCS #7, as the page's script has it.
    fn encrypt(&self, text: &str) -> Zeroizing<String> {
        match self {
            PageCipher::Des(cipher) => ecb(&**cipher, text),
            PageCipher::Aes128(cipher) => ecb(&**cipher, text),
            PageCipher::Aes192(cipher) => ecb(&**cipher, text),
            PageCipher::Aes256(cipher) => ecb(&**cipher, text),
        }
    }
}

fn ecb<C: BlockEncrypt + BlockSizeUser>(cipher: &C, text: &str) -> Zeroizing<String> {
    let size = C::block_size();
    let text = text.as_bytes();
    let left = size.saturating_sub(text.len() % size);
    let padding = u8::try_from(left).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(left)));
    bytes.extend_from_slice(text);
    bytes.resize(text.len().saturating_add(left), padding);
    for block in bytes.chunks_exact_mut(size) {
        cipher.encrypt_block(GenericArray::from_mut_slice(block));
    }
    Zeroizing::new(STANDARD.encode(&*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_encrypted_as_the_script_does_it() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/vectors/pages.json"
        )))
        .unwrap();
        for vector in vectors["croypto"].as_array().unwrap() {
            let text = |key: &str| vector[key].as_str().unwrap();
            let cipher = PageCipher::new(text("key")).unwrap();
            assert_eq!(
                *cipher.encrypt(text("text")),
                text("sealed"),
                "{}",
                text("key")
            );
        }
        for bad in ["", "abc", "AAAA", "!!!!"] {
            assert!(PageCipher::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_captcha_counts_where_it_is_shown_to_everybody() {
        let wants = |html: &str| wants_captcha(&LoginPage::read(html));
        assert!(wants("<p id=captcha-url>/captcha?id=7</p>"));
        assert!(!wants(
            "<p id=captcha-url>/captcha?id=7</p><p id=recaptcha-invisible>true</p>"
        ));
        assert!(!wants("<p id=captcha-url></p>"));
    }
}
