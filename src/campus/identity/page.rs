//! Reads a login page: its form, and the words on it. A page is hostile: it is read by the tokenizer of the HTML standard,
//! never run, its size is capped before, and no text of it is shown.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// More inputs than any login form has.
const MOST_INPUTS: usize = 100;

/// A login page.
#[derive(Default)]
pub(super) struct LoginPage {
    /// The form with a field for a password.
    pub form: Option<LoginForm>,
    /// The values of all inputs by their ids: some pages pass values to a script that way.
    pub by_id: BTreeMap<String, String>,
    /// The visible text, without scripts.
    words: String,
}

/// A form with a field for a password.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LoginForm {
    /// The target, as the page has it.
    pub action: Option<String>,
    /// The names of the two fields.
    pub username: String,
    pub password: String,
    /// Hidden fields, which are sent back unchanged: `lt`, `execution`, a CSRF token.
    pub hidden: Vec<(String, String)>,
    /// A field for the letters of a picture.
    pub has_puzzle: bool,
}

/// An input of the current form.
struct FormInput {
    kind: String,
    name: String,
    value: String,
}

/// Names of the field for a picture's letters (from login pages and public scripts).
const PUZZLES: [&str; 8] = [
    "captcha",
    "authcode",
    "validatecode",
    "verifycode",
    "vcode",
    "checkcode",
    "yzm",
    "randcode",
];

impl LoginPage {
    pub fn read(body: &[u8]) -> LoginPage {
        let text = String::from_utf8_lossy(body);
        let mut emitter = DefaultEmitter::default();
        // Without this the text of a script would be read as tags.
        emitter.naively_switch_states(true);
        let mut page = LoginPage::default();
        let mut reading: Option<(Option<String>, Vec<FormInput>)> = None;
        let mut hidden_from_people = false;
        for token in Tokenizer::new_with_emitter(text.as_ref(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => match tag.name.as_slice() {
                    b"form" => {
                        page.close(reading.take());
                        reading = Some((attribute(&tag, b"action"), Vec::new()));
                    }
                    b"input" => {
                        let input = page.input(&tag);
                        if let Some((_, inputs)) = reading.as_mut()
                            && inputs.len() < MOST_INPUTS
                        {
                            inputs.push(input);
                        }
                    }
                    b"script" | b"style" | b"noscript" => hidden_from_people = !tag.self_closing,
                    _ => {}
                },
                Token::EndTag(tag) => match tag.name.as_slice() {
                    b"form" => page.close(reading.take()),
                    b"script" | b"style" | b"noscript" => hidden_from_people = false,
                    _ => {}
                },
                Token::String(text) if !hidden_from_people => {
                    page.words.push_str(&String::from_utf8_lossy(&text.value));
                    page.words.push(' ');
                }
                _ => {}
            }
        }
        page.close(reading);
        page
    }

    /// Whether the visible text contains one of the words; capitals do not matter.
    pub fn says(&self, any: &[&str]) -> bool {
        let words = self.words.to_lowercase();
        any.iter().any(|word| words.contains(word))
    }

    fn input(&mut self, tag: &StartTag<()>) -> FormInput {
        let text = |name: &[u8]| attribute(tag, name).unwrap_or_default();
        let input = FormInput {
            kind: text(b"type").to_lowercase(),
            name: text(b"name"),
            value: text(b"value"),
        };
        if let Some(id) = attribute(tag, b"id")
            && self.by_id.len() < MOST_INPUTS
        {
            self.by_id.entry(id).or_insert_with(|| input.value.clone());
        }
        input
    }

    /// Ends a form. The first form with a named field for a password is the login form.
    fn close(&mut self, read: Option<(Option<String>, Vec<FormInput>)>) {
        let Some((action, inputs)) = read else { return };
        if self.form.is_some() {
            return;
        }
        let is_password = |input: &FormInput| input.kind == "password" && !input.name.is_empty();
        let Some(place) = inputs.iter().position(is_password) else {
            return;
        };
        let is_text =
            |input: &&FormInput| matches!(input.kind.as_str(), "" | "text" | "email" | "tel");
        let (before, _) = inputs.split_at(place);
        let username = before.iter().rev().find(is_text).map(|input| &input.name);
        let name_of = |input: &FormInput| input.name.to_lowercase();
        let is_puzzle =
            |input: &FormInput| PUZZLES.iter().any(|name| name_of(input).contains(name));
        self.form = Some(LoginForm {
            action: action.filter(|action| !action.trim().is_empty()),
            username: username.cloned().unwrap_or_else(|| "username".into()),
            password: inputs
                .get(place)
                .map(|i| i.name.clone())
                .unwrap_or_default(),
            has_puzzle: inputs.iter().filter(is_text).any(is_puzzle),
            hidden: inputs
                .into_iter()
                .filter(|input| input.kind == "hidden" && !input.name.is_empty())
                .map(|input| (input.name, input.value))
                .collect(),
        });
    }
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    let value = tag.attributes.get(name)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As django-cas-server writes it, and after it what a hostile page may hold.
    const PAGE: &str = r#"<!DOCTYPE html><html><head><script>var a = "<form><input type=password name=evil>";</script>
        <style>locked</style></head><body><!-- <form><input type=password name=worse></form> -->
        <form action="/search"><input type="text" name="q"></form>
        <FORM method=post action="/cas/login?a=1&amp;b=2">
        <input type="hidden" name="lt" value="LT-1&quot;&#x4e2d;"><input type=hidden name=execution value='e1s1'/>
        <input type="hidden" id="pwdEncryptSalt" value="abc">
        <input name="user"><input type="checkbox" name="warn"><input TYPE="Password" name="pass">
        </form><form><input type="password" name="second"></form><p>Account&nbsp;is <b>Locked</b></p></body></html>"#;

    #[test]
    fn the_form_is_found_among_what_only_looks_like_one() {
        let page = LoginPage::read(PAGE.as_bytes());
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            page.form,
            Some(LoginForm {
                action: Some("/cas/login?a=1&b=2".into()),
                username: "user".into(),
                password: "pass".into(),
                hidden: vec![pair("lt", "LT-1\"中"), pair("execution", "e1s1")],
                has_puzzle: false,
            })
        );
        assert_eq!(page.by_id["pwdEncryptSalt"], "abc");
        assert!(page.says(&["locked"]) && !page.says(&["evil", "<form>"]));
        let in_style = LoginPage::read(b"<style>locked</style>ok");
        assert!(!in_style.says(&["locked"]) && in_style.says(&["ok"]));
    }

    #[test]
    fn a_picture_is_noticed() {
        let form = |input: &str| {
            let page =
                format!("<form><input name=username><input type=password name=p>{input}</form>");
            LoginPage::read(page.as_bytes()).form.unwrap().has_puzzle
        };
        assert!(form("<input name='captchaResponse' type=text>"));
        assert!(form("<input name=authcode>"));
        assert!(!form("<input type=hidden name=captcha>"));
        assert!(!form(""));
    }

    #[test]
    fn what_is_no_page_is_read_as_one_without_a_form() {
        for body in [
            &b""[..],
            b"\xff\xfe\x00<form><input type=password",
            b"{\"a\":1}",
            b"<form><input type=password></form>",
        ] {
            assert!(LoginPage::read(body).form.is_none(), "{body:?}");
        }
        let many = format!(
            "<form>{}</form>",
            "<input type=password name=p>".repeat(20_000)
        );
        assert!(
            LoginPage::read(many.as_bytes())
                .form
                .unwrap()
                .hidden
                .is_empty()
        );
        let deep = "<div><form a='&#".repeat(30_000);
        assert!(LoginPage::read(deep.as_bytes()).form.is_none());
    }
}
