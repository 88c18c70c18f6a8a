//! The address of a request, with placeholders in its path and query. Every server and proxy on the way may log it, so no
//! secret, no code and no text stands in it.

use reqwest::Url;

use super::template::{Escape, Placeholder, PlaceholderValues, Template};
use crate::campus::http::{Endpoint, EndpointError};
use crate::campus::setting::{InvalidSetting, check_url};
use crate::cli_lang::{both, pick};

/// An address with placeholders, checked.
#[derive(Debug)]
pub(in crate::campus::sms) struct AddressTemplate(Template);

/// Checks an address as it was written.
///
/// # Errors
/// Says what is wrong with it. The address is not repeated where it may hold a secret.
pub(super) fn check(text: &str) -> Result<(), InvalidSetting> {
    AddressTemplate::parse(text).map(|_| ())
}

impl AddressTemplate {
    /// Reads an address.
    ///
    /// # Errors
    /// As [`check`].
    pub fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let template = Template::parse(text)?;
        if let Some(secret) = template.placeholders().find(|one| !one.fits_address()) {
            let what = both!(
                "{{{}}} stands in an address",
                "网址里有 {{{}}}",
                secret.name()
            );
            return Err(InvalidSetting::new(
                what,
                pick(
                    "send it in `content` (with method = \"POST\") or in `headers`: addresses are logged on the way",
                    "请放在 `content`（method = \"POST\"）或 `headers` 里：网址沿途会被记录",
                ),
            ));
        }
        let host = template.literals().next().unwrap_or_default();
        let is_host_literal = host.split_once("://").is_some_and(|(_, rest)| {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            authority.len() < rest.len() || template.placeholders().next().is_none()
        });
        if !is_host_literal && template.placeholders().next().is_some() {
            return Err(InvalidSetting::new(
                pick(
                    "a placeholder stands in the server's name",
                    "服务器名里有占位符",
                ),
                pick(
                    "write the server's name as it is; placeholders may stand behind it",
                    "服务器名请照写；占位符可以在它后面",
                ),
            ));
        }
        let address = AddressTemplate(template);
        let sample = address.sample();
        let (base, query) = match sample.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (sample.as_str(), None),
        };
        check_url(base)?;
        if let Some(query) = query {
            check_query(query, &address.0)?;
        }
        Ok(address)
    }

    /// The placeholders, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = Placeholder> {
        self.0.placeholders()
    }

    /// The address of one request.
    ///
    /// # Errors
    /// None that [`AddressTemplate::parse`] lets through.
    pub fn fill(&self, values: &PlaceholderValues) -> Result<Url, EndpointError> {
        let filled = self.0.fill_escaped(values, Escape::Percent);
        Url::parse(&filled).map_err(|_| EndpointError::Syntax)
    }

    /// The server's own address, without path and query, for a probe.
    ///
    /// # Errors
    /// None that [`AddressTemplate::parse`] lets through.
    pub fn endpoint(&self) -> Result<Endpoint, EndpointError> {
        let sample = self.sample();
        Endpoint::parse(sample.split('?').next().unwrap_or_default())
    }

    /// The address with a letter for each placeholder.
    fn sample(&self) -> String {
        let mut values = PlaceholderValues::default();
        for placeholder in self.0.placeholders() {
            values.set(placeholder, SAMPLE);
        }
        self.0.fill(&values).to_string()
    }
}

/// What stands for a placeholder while an address is checked. No name of a field has it.
const SAMPLE: &str = "\u{b7}";

fn check_query(query: &str, template: &Template) -> Result<(), InvalidSetting> {
    let has_fragment = template.literals().any(|text| text.contains('#'));
    if has_fragment {
        return Err(InvalidSetting::new(
            pick("the address holds a fragment", "网址里有 # 一段"),
            pick("take out what stands from # on", "请删掉 # 及其后面的"),
        ));
    }
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        check_field(name, value.replace(SAMPLE, "").as_str())?;
    }
    Ok(())
}

/// A field whose name says that it is a secret holds a placeholder and nothing else: secrets have files of their own, and
/// `config check` prints this one.
///
/// # Errors
/// Names the field, and not its value.
pub(super) fn check_field(name: &str, literal: &str) -> Result<(), InvalidSetting> {
    const SECRET_NAMES: &[&str] = &[
        "password",
        "passwd",
        "pass",
        "pwd",
        "pswd",
        "secret",
        "secretkey",
        "token",
        "apikey",
    ];
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect::<String>()
        .to_ascii_lowercase();
    let is_secret = SECRET_NAMES.iter().any(|word| plain.ends_with(word));
    if is_secret && !literal.trim().is_empty() {
        let what = both!(
            "a secret seems to stand in the field {name}",
            "字段 {name} 里似乎是密钥"
        );
        return Err(InvalidSetting::new(
            what,
            pick(
                "put it into a file, name the file in key_file or password_file, and write {key} or {password} here",
                "请放进文件，用 key_file 或 password_file 指定，这里写 {key} 或 {password}",
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_stands_in_an_address() {
        for (address, what) in [
            ("https://h/send?key={key}", "{key} stands in an address"),
            ("https://h/{password}", "{password} stands in an address"),
            ("https://h/?c={code}", "{code} stands in an address"),
            ("https://h/?c={text}", "{text} stands in an address"),
            ("https://h/?a={account}", "{account} stands in an address"),
            (
                "https://h/?apikey=abcdef",
                "a secret seems to stand in the field apikey",
            ),
            (
                "https://h/?a=1&user_pwd=s3cret",
                "a secret seems to stand in the field user_pwd",
            ),
        ] {
            let invalid = check(address).unwrap_err();
            assert_eq!(invalid.what, what, "{address}");
            assert!(!invalid.remedy.is_empty() && !invalid.remedy.contains("s3cret"));
        }
    }

    #[test]
    fn an_address_is_https_and_of_one_server() {
        for bad in [
            "http://sms.example.edu/send",
            "https://{mobile}/send",
            "https://{mobile}.example.edu/send",
            "https://sms.example.edu{mobile}/send",
            "{mobile}",
            "https://me:secret@sms.example.edu/send",
            "https://sms.example.edu/send?to={mobile}#part",
            "https://sms.example.edu/send#part",
            "sms.example.edu/send",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        for good in [
            "https://sms.example.edu/send",
            "https://sms.example.edu:8443/a/{mobile}/send?ts={time}&n={nonce}&sign={digest}&action=send",
            "http://127.0.0.1:8080/send?to={mobile}",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_filled_into_an_address_stays_one_part_of_it() {
        let address = AddressTemplate::parse("https://h/a/{mobile}?sign={digest}").unwrap();
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, "../1?x=y#z");
        values.set(Placeholder::Digest, "a+/=&b");
        assert_eq!(
            address.fill(&values).unwrap().as_str(),
            "https://h/a/..%2F1%3Fx%3Dy%23z?sign=a%2B%2F%3D%26b"
        );
        assert_eq!(
            address.endpoint().unwrap().url().as_str(),
            "https://h/a/%C2%B7"
        );
    }
}
