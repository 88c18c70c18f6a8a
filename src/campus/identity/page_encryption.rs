//! The signs that a login page encrypts the password in its scripts before it sends it.

use super::page::LoginPage;
use super::page_form::PageForm;

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
    let script = page.script_text.to_lowercase();
    let calls = CRYPT_CALLS.iter().any(|call| script.contains(call));
    calls.then_some("a script that encrypts")
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
