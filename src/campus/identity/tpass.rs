//! Identity by a TPASS login page (`/tpass/login`, also `/cas/login` with `des.js`): the page sends number, password and login
//! ticket together in the field `rsa`, encrypted by `strEnc(u + p + lt, "1", "2", "3")`. Modelled from the page's own script
//! and from public scripts that sign in there (DLUT, CUG, JLU), not from a document of the vendor; campuses differ.

use des::Des;
use des::cipher::{BlockEncrypt, KeyInit};
use reqwest::Url;
use zeroize::Zeroizing;

use super::browsing::Browsing;
use super::cas_form::{Filled, captcha, form_target};
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS};
use super::form_body;
use super::page::LoginPage;
use super::page_form::PageForm;
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// The name of the request in the log.
const WHAT: &str = "tpass login page";
/// The keys that every page of this kind has in its script. They hide nothing: TLS keeps the password.
const KEYS: [&str; 3] = ["1", "2", "3"];

/// A TPASS server.
pub struct Tpass {
    server: CasServer,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "tpass";

const URL: Setting = Setting {
    key: "identity.tpass.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://sso.example.edu.cn/tpass",
    words: "The unified identity by a login page that encrypts with strEnc of des.js (hidden field rsa), such as TPASS.",
};

const SERVICE: Setting = Setting {
    key: "identity.tpass.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "As under [identity.cas_rest].",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.tpass.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

/// A login page with its form.
struct TpassPage {
    before: LoginPage,
    form: PageForm,
    to: Url,
}

impl Tpass {
    /// Reads the section `[identity.tpass]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(Tpass { server }),
        )
    }

    /// `base_url` is where `/login` hangs: `https://sso.example.edu.cn/tpass`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| Tpass { server })
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let mut browsing = self.server.browse();
        let page = self.login_page(&mut browsing).await.map_err(Missed::Kept)?;
        if wants_captcha(&page.form) {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let body = filled(&page.form, number, password);
        let filled = Filled {
            what: WHAT,
            before: &page.before,
            to: page.to,
            body,
        };
        self.server.hand_in(&mut browsing, filled).await
    }

    async fn login_page(&self, browsing: &mut Browsing) -> Result<TpassPage, SignInFailure> {
        let (before, at, status) = self.server.read_page(browsing, WHAT).await?;
        let form = before.form_with("rsa").filter(|form| {
            ["ul", "pl", "lt"]
                .iter()
                .all(|name| form.inputs.iter().any(|input| input.name == *name))
        });
        let form = form.cloned().ok_or_else(|| {
            let status = status.as_u16();
            Failure::Misconfigured(format!(
                "the login page has no form with the fields rsa, ul, pl and lt (HTTP {status})"
            ))
        })?;
        let to = form_target(&at, form.action.as_deref())?;
        Ok(TpassPage { before, form, to })
    }
}

impl PasswordWay for Tpass {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// Checks the login page, its fields, and whether everybody is asked for a captcha.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let said = match self.login_page(&mut browsing).await {
                Ok(page) if wants_captcha(&page.form) => Err(captcha()),
                Ok(_) => Ok(()),
                Err(why) => Err(without_refusal(why)),
            };
            vec![browsing.probed("identity.tpass", said)]
        })
    }
}

fn wants_captcha(form: &PageForm) -> bool {
    let is_code = |name: &str| name == "code";
    form.has_puzzle()
        || form
            .inputs
            .iter()
            .any(|input| input.is_text() && input.is_displayed && is_code(&input.name))
}

/// The form as the page's script fills it in. The fields that a person fills in have no name, or are switched off.
fn filled(form: &PageForm, number: &str, password: &Secret) -> Zeroizing<Vec<u8>> {
    let units = |text: &str| text.encode_utf16().count().to_string();
    let ticket = form
        .inputs
        .iter()
        .find(|input| input.name == "lt")
        .map_or("", |input| &input.value);
    let all = [number, password.expose(), ticket];
    let length = all.iter().map(|text| text.len()).sum();
    let mut plain = Zeroizing::new(String::with_capacity(length));
    all.iter().for_each(|text| plain.push_str(text));
    let sealed = str_enc(&plain, &KEYS);
    let (user_length, password_length) = (units(number), units(password.expose()));
    let fields: Vec<(&str, &str)> = form
        .unchanged()
        .map(|input| {
            let value = match input.name.as_str() {
                "rsa" => &sealed,
                "ul" => &user_length,
                "pl" => &password_length,
                _ => &input.value,
            };
            (input.name.as_str(), value.as_str())
        })
        .collect();
    form_body::encode(&fields)
}

/// `strEnc` of the public `des.js`: blocks of four UTF-16 units, filled up with zeros, each encrypted with every block of
/// every key in turn, in capital hexadecimal digits.
fn str_enc(text: &str, keys: &[&str]) -> Zeroizing<String> {
    let ciphers: Vec<Des> = keys
        .iter()
        .flat_map(|key| blocks(key).into_iter())
        .map(|block| Des::new(&script_key(block).to_be_bytes().into()))
        .collect();
    let mut sealed = Zeroizing::new(String::new());
    for block in Zeroizing::new(blocks(text)).iter() {
        let mut block = block.to_be_bytes().into();
        for cipher in &ciphers {
            cipher.encrypt_block(&mut block);
        }
        for byte in block {
            sealed.push_str(&format!("{byte:02X}"));
        }
    }
    sealed
}

/// Blocks of four UTF-16 units, the first unit highest.
fn blocks(text: &str) -> Vec<u64> {
    let units: Zeroizing<Vec<u16>> = Zeroizing::new(text.encode_utf16().collect());
    let block = |units: &[u16]| {
        let unit = |place: usize| u64::from(units.get(place).copied().unwrap_or(0));
        (0..4).fold(0, |block, place| block << 16 | unit(place))
    };
    units.chunks(4).map(block).collect()
}

/// The key that makes DES draw the same round keys as the script does. The script takes the bits of a key column by column;
/// the standard turns the order of the last three columns round and puts half of the fourth last (FIPS 46-3, PC-1). The
/// rest of the two is the same.
fn script_key(key: u64) -> u64 {
    // The bits of the right half, counted from the highest: as the script takes them, and as the standard does.
    let column = |column: u32, rows: std::ops::Range<u32>| {
        rows.rev()
            .map(move |row| row.saturating_mul(8).saturating_add(column))
    };
    let script = column(3, 0..4)
        .chain(column(4, 0..8))
        .chain(column(5, 0..8))
        .chain(column(6, 0..8));
    let standard = column(6, 0..8)
        .chain(column(5, 0..8))
        .chain(column(4, 0..8))
        .chain(column(3, 0..4));
    let bit = |place: u32| 1_u64 << 63_u32.saturating_sub(place);
    let right: u64 = standard.clone().map(bit).sum();
    script
        .zip(standard)
        .filter(|(from, _)| key & bit(*from) != 0)
        .fold(key & !right, |made, (_, to)| made | bit(to))
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
        for vector in vectors["str_enc"].as_array().unwrap() {
            let text = |key: &str| vector[key].as_str().unwrap();
            let keys: Vec<&str> = vector["keys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key.as_str().unwrap())
                .collect();
            assert_eq!(
                *str_enc(text("text"), &keys),
                text("sealed"),
                "{}",
                text("text")
            );
        }
    }

    #[test]
    fn the_form_is_filled_in_as_its_script_does_it() {
        let page = LoginPage::read(
            "<form><input id=un><input id=pd name=pd type=password><input type=hidden id=rsa name=rsa><input type=hidden name=ul>\
             <input type=hidden name=pl><input type=hidden name=lt value=LT-1><input type=hidden name=execution value=e1s1></form>",
        );
        let form = page.form_with("rsa").unwrap();
        let password = Secret::new("密码x".into());
        let body = filled(form, "20260001", &password);
        let sealed = str_enc("20260001密码xLT-1", &KEYS);
        let wanted = format!("rsa={}&ul=8&pl=3&lt=LT-1&execution=e1s1", *sealed);
        assert_eq!(std::str::from_utf8(&body).unwrap(), wanted);
    }
}
