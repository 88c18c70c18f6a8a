//! The signs that a login page encrypts the password in its scripts before it sends it: fields, names of files, and calls
//! in its own text or in the files of its server. A file is read and never run.

use std::cmp::Reverse;

use reqwest::Url;

use super::SignInFailure;
use super::browsing::Browsing;

use super::page::LoginPage;
use super::page_form::PageForm;
use crate::visit::Failure;

/// The most script files that are read of a page, and the bytes after which no further one is.
const MOST_FILES: usize = 5;
const MOST_BYTES: usize = 1024 * 1024;
/// Between an encrypting call and the password that it is for, in bytes: a file has many parts, and libraries encrypt
/// nothing by themselves.
const NEAR: usize = 300;
/// Script files that login pages share with all others. They encrypt nothing.
const LIBRARIES: [&str; 10] = [
    "jquery",
    "bootstrap",
    "popper",
    "vue",
    "layui",
    "layer",
    "html5shiv",
    "respond",
    "crypto-js",
    "cryptojs",
];

/// Inputs and elements that hold a key or the encrypted password (from login pages and public scripts).
const KEYS: [&str; 14] = [
    "rsa",
    "croypto",
    "login-croypto",
    "encrypted",
    "encryptedpassword",
    "publickey",
    "pubkey",
    "rsapublickey",
    "pwdencryptsalt",
    "pwddefaultencryptsalt",
    "encryptsalt",
    "modulus",
    "exponent",
    "aeskey",
];
/// Stems of script files that encrypt. Libraries that digest as well, such as crypto-js, are no sign by themselves.
const CRYPT_FILES: [&str; 11] = [
    "des",
    "aes",
    "rsa",
    "sm2",
    "sm4",
    "security",
    "jsencrypt",
    "encrypt",
    "barrett",
    "jsbn",
    "sm-crypto",
];
/// Calls of scripts that encrypt.
const CRYPT_CALLS: [&str; 13] = [
    "encryptedstring(",
    "strenc(",
    "jsencrypt(",
    "getpubkey",
    "encryptpassword(",
    "encryptaes(",
    "encryptpwd(",
    "rsautils.",
    "cryptojs.aes",
    "cryptojs.des",
    "cryptojs.tripledes",
    "rsaencrypt(",
    "sm2.doencrypt",
];

/// By which sign the page encrypts the password in its scripts. Such a server must not be sent the password as it is typed.
pub(super) fn encrypting_sign(page: &LoginPage) -> Option<&'static str> {
    let is_key = |name: &str| KEYS.contains(&name.to_lowercase().as_str());
    let inputs = || page.forms.iter().flat_map(|form| &form.inputs);
    if inputs().any(|input| input.kind == "hidden" && is_key(&input.name))
        || page.by_id.keys().any(|id| is_key(id))
    {
        return Some("a field for a key or for the encrypted password");
    }
    if page.forms.iter().any(fills_in_a_hidden_password) {
        return Some("an empty hidden field beside the password");
    }
    if page
        .scripts
        .iter()
        .any(|src| CRYPT_FILES.contains(&stem(src).as_str()))
    {
        return Some("a script file that encrypts");
    }
    let script = [&*page.script_text, &page.handlers].concat().to_lowercase();
    let calls = CRYPT_CALLS.iter().any(|call| script.contains(call));
    (calls || encrypts_the_password(&script)).then_some(CALL)
}

const CALL: &str = "a script that encrypts";

impl Browsing {
    /// By which sign a script file of the page encrypts the password: those of its own server are read, all within the
    /// time of one answer. One that is refused is passed over, as a browser would do; where nothing answers it is not
    /// known what the page does, and no password may leave.
    pub async fn scripts_encrypt(
        &mut self,
        page: &LoginPage,
        at: &Url,
    ) -> Result<Option<&'static str>, SignInFailure> {
        let patience = self.patience();
        let read = tokio::time::timeout(patience, self.read_scripts(page, at)).await;
        read.unwrap_or(Err(Failure::Offline))
    }

    async fn read_scripts(
        &mut self,
        page: &LoginPage,
        at: &Url,
    ) -> Result<Option<&'static str>, SignInFailure> {
        let mut left = MOST_BYTES;
        for url in files(page, at) {
            let text = match self.page("cas login script", url).await {
                Ok((answer, _)) if answer.status.is_success() => {
                    String::from_utf8_lossy(&answer.body).to_lowercase()
                }
                Err(Failure::Offline) => return Err(Failure::Offline),
                Ok(_) | Err(_) => continue,
            };
            if encrypts_the_password(&text) {
                return Ok(Some(CALL));
            }
            left = left.saturating_sub(text.len());
            if left == 0 {
                break;
            }
        }
        Ok(None)
    }
}

/// The script files that may be the page's own: of its server, no library, those for the login first, then the last ones.
fn files(page: &LoginPage, at: &Url) -> Vec<Url> {
    let is_own = |url: &Url| {
        let stem = stem(url.path());
        url.origin() == at.origin() && !LIBRARIES.contains(&stem.as_str())
    };
    let mut files: Vec<Url> = Vec::new();
    for url in page
        .scripts
        .iter()
        .rev()
        .filter_map(|src| at.join(src).ok())
    {
        if is_own(&url) && !files.contains(&url) {
            files.push(url);
        }
    }
    files.sort_by_key(|url| Reverse(stem(url.path()).contains("login")));
    files.truncate(MOST_FILES);
    files
}

/// Whether a script, in small letters, has an encrypting call near the password, or one to which it is handed.
fn encrypts_the_password(script: &str) -> bool {
    let names_it = |text: &[u8]| {
        let words: [&[u8]; 3] = [b"passw", b"pwd", b"pass."];
        let has = |word: &&[u8]| text.windows(word.len()).any(|piece| piece == *word);
        words.iter().any(has)
    };
    let bytes = script.as_bytes();
    let near = CRYPT_CALLS.iter().any(|call| {
        script.match_indices(call).any(|(at, _)| {
            let end = at.saturating_add(NEAR).min(bytes.len());
            let around = bytes.get(at.saturating_sub(NEAR)..end);
            around.is_some_and(names_it)
        })
    });
    // Other names: `$('#pwd').val(encrypt($('#pwd').val()))`.
    let handed = script.match_indices("encrypt(").any(|(at, _)| {
        let argument = bytes.get(at.saturating_add(8)..).unwrap_or_default();
        let end = argument
            .iter()
            .take(60)
            .position(|byte| b",;\n".contains(byte));
        let end = end.unwrap_or_else(|| argument.len().min(60));
        argument.get(..end).is_some_and(names_it)
    });
    near || handed
}

/// An empty hidden field for a password, beside the field that a person fills in.
fn fills_in_a_hidden_password(form: &PageForm) -> bool {
    let is_password = |name: &str| {
        let name = name.to_lowercase();
        name.contains("passw") || name.contains("pwd")
    };
    form.passwords().next().is_some()
        && form.inputs.iter().any(|input| {
            input.kind == "hidden" && input.value.is_empty() && is_password(&input.name)
        })
}

/// The name of a script file without its folder, its version and its endings: `js/jsencrypt.min.js?v=1` is `jsencrypt`.
fn stem(src: &str) -> String {
    let path = src.split(['?', '#', ';']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let stem = file.split('.').next().unwrap_or_default();
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit() && !stem.starts_with("sm"));
    bare.trim_end_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_these_limits() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let most = crate::campus::http::Timing::default().total.as_secs();
        let row = format!(
            "| the script files of a login page | {MOST_FILES}; none after {} MB; {most} s for all |",
            MOST_BYTES >> 20
        );
        assert!(limits.contains(&row), "{row}");
    }

    #[test]
    fn an_encrypting_page_is_known_by_its_signs() {
        let sign = |html: &str| encrypting_sign(&LoginPage::read(html));
        let form = |more: &str| {
            format!("<form><input name=username><input type=password name=password>{more}</form>")
        };
        for page in [
            form("<input type=hidden name=rsa>"),
            form("<input type=hidden name=croypto value=x>"),
            form("<input type=hidden name=encrypted value=true>"),
            form("<input type=hidden name=publicKey>"),
            form("<input type=hidden id=pwdEncryptSalt value=abc>"),
            form("<input type=hidden name=passwordEnc>"),
            "<p id=login-croypto>abc</p>".into(),
            form("<script src=/js/des.js></script>"),
            form("<script src='comm/js/jsencrypt.min.js?v=3'></script>"),
            form("<script src='/cas/js/login/security.js'></script>"),
            form("<script src='rsa-1.2.js'></script>"),
            form("<script>$.getJSON('v2/getPubKey', f)</script>"),
            form("<script>var k = new RSAUtils.getKeyPair(e, '', m)</script>"),
            form("<button onclick=\"$('#pwd').val(encrypt($('#pwd').val(), k))\">"),
            form("<a onClick='return strEnc(x)'>"),
        ] {
            assert!(sign(&page).is_some(), "{page}");
        }
        for page in [
            form(
                "<input type=hidden name=execution value=e1s1><input type=hidden name=geolocation>",
            ),
            form(
                "<script src='/js/description.js'></script><script src='/jquery-3.5.1.min.js'></script>",
            ),
            form(
                "<script src='/bwr/crypto-js/crypto-js.js'></script><script>CryptoJS.SHA256(x)</script>",
            ),
            form("<script>document.getElementById('username').focus()</script>"),
            form(
                "<input type=hidden name=csrfmiddlewaretoken value=x><script src='/js/cas.js'></script>",
            ),
        ] {
            assert_eq!(sign(&page), None, "{page}");
        }
    }
}
