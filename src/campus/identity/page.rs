//! Reads a login page: its forms, the words on it, and where it leads. A page is hostile: it is read by the tokenizer of the
//! HTML standard, never run, its size is capped before, and no text of it is shown.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::answer_text;
use super::page_form::{FormInput, LoginForm, PageForm, choose};
use super::page_reader::PageReader;
use super::page_script;
use crate::campus::http::HttpAnswer;

/// More forms, and inputs in each, than any page of a login has.
const MOST_FORMS: usize = 20;
const MOST_INPUTS: usize = 100;
/// More elements with an id.
const MOST_IDS: usize = 500;
/// The longest text that is kept of an element with an id, in bytes: a key, or the state of a login flow.
const LONGEST_TEXT: usize = 16 * 1024;

/// A page of a login.
#[derive(Default)]
pub(super) struct LoginPage {
    /// The form for a user's name and a password.
    pub form: Option<LoginForm>,
    /// All forms with an input, in the order of the page.
    pub forms: Vec<PageForm>,
    /// The values of all inputs, and the texts of the elements without tags inside, by their ids: pages pass values to a
    /// script that way.
    pub by_id: BTreeMap<String, String>,
    /// Where a `<meta http-equiv=refresh>` leads within five seconds.
    pub refresh: Option<String>,
    /// The addresses that scripts assign to the location.
    pub leads: Vec<String>,
    /// The `src` of the scripts.
    pub scripts: Vec<String>,
    /// The text of the scripts.
    pub script_text: String,
    /// The text of the `on...` attributes, a line for each: what a click or the hand-in does.
    pub handlers: String,
    /// Whether there is any element.
    pub is_html: bool,
    /// The visible text, and what scripts show in a window. A line for each piece.
    pub words: String,
}

/// What is read at the moment.
#[derive(Default)]
struct Reading {
    form: Option<PageForm>,
    select: Option<FormInput>,
    /// The element that is not displayed, and how deep its name is nested in it.
    undisplayed: Option<(Vec<u8>, usize)>,
    /// The id of the element whose text is read, and the text.
    element: Option<(String, String)>,
    is_script: bool,
    is_unseen: bool,
}

impl LoginPage {
    /// Reads an answer in its own charset.
    pub fn of(answer: &HttpAnswer) -> LoginPage {
        LoginPage::read(&answer_text::text_of(answer))
    }

    pub fn read(text: &str) -> LoginPage {
        let mut emitter = DefaultEmitter::default();
        // Without this the text of a script would be read as tags.
        emitter.naively_switch_states(true);
        let mut page = LoginPage::default();
        let mut reading = Reading::default();
        for token in Tokenizer::new_with_emitter(PageReader::new(text), emitter) {
            let Ok(token) = token else {
                continue;
            };
            match token {
                Token::StartTag(tag) => page.open(&tag, &mut reading),
                Token::EndTag(tag) => page.close(tag.name.as_slice(), &mut reading),
                Token::String(text) => {
                    page.text(&String::from_utf8_lossy(&text.value), &mut reading);
                }
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        page.end_form(&mut reading);
        page.form = choose(&page.forms);
        let told = page_script::shown(&page.script_text);
        page.words.push_str(&told);
        page.leads = page_script::locations(&page.script_text);
        page
    }

    /// What was found of a page, in a few words.
    #[cfg(test)]
    fn shape(&self) -> String {
        let (forms, leads) = (self.forms.len().min(3), self.goes_on().count().min(2));
        format!("{} {forms} {leads} {}", self.is_html, self.form.is_some())
    }

    /// Whether the page can go on without a person: it leads somewhere by itself.
    pub fn goes_on(&self) -> impl Iterator<Item = &str> {
        let leads = self.leads.iter().map(String::as_str);
        self.refresh.as_deref().into_iter().chain(leads)
    }

    /// The form with an input of this name.
    pub fn form_with(&self, name: &str) -> Option<&PageForm> {
        let has = |form: &&PageForm| form.inputs.iter().any(|input| input.name == name);
        self.forms.iter().find(has)
    }

    fn open(&mut self, tag: &StartTag<()>, reading: &mut Reading) {
        self.is_html = true;
        reading.element = None;
        for (name, value) in &tag.attributes {
            if name.starts_with(b"on") {
                self.handlers.push_str(&String::from_utf8_lossy(value));
                self.handlers.push('\n');
            }
        }
        let name = tag.name.as_slice();
        let is_void = tag.self_closing
            || matches!(name, b"input" | b"meta" | b"br" | b"img" | b"link" | b"hr");
        let is_displayed = reading.undisplayed.is_none() && is_displayed(tag);
        if let Some((hidden, depth)) = reading.undisplayed.as_mut() {
            if hidden.as_slice() == name && !is_void {
                *depth = depth.saturating_add(1);
            }
        } else if !is_displayed && !is_void {
            reading.undisplayed = Some((name.to_vec(), 1));
        }
        match name {
            b"form" => {
                self.end_form(reading);
                reading.form = Some(PageForm {
                    action: attribute(tag, b"action").filter(|action| !action.trim().is_empty()),
                    inputs: Vec::new(),
                });
            }
            b"input" => {
                let input = self.input(tag, is_displayed);
                keep(reading.form.as_mut(), input);
            }
            b"button" => {
                let mut button = self.input(tag, is_displayed);
                if button.kind.is_empty() {
                    button.kind = "submit".to_owned();
                }
                keep(reading.form.as_mut(), button);
            }
            b"select" => {
                reading.select = Some(FormInput {
                    kind: "select".into(),
                    name: attribute(tag, b"name").unwrap_or_default(),
                    ..FormInput::default()
                });
            }
            b"option" => {
                if let Some(select) = reading.select.as_mut()
                    && (!select.is_displayed || tag.attributes.contains_key(&b"selected"[..]))
                {
                    // The first option, until one is selected.
                    select.value = attribute(tag, b"value").unwrap_or_default();
                    select.is_displayed = true;
                }
            }
            b"meta" => self.meta(tag),
            b"script" => {
                reading.is_script = !tag.self_closing;
                reading.is_unseen = !tag.self_closing;
                if let Some(src) = attribute(tag, b"src")
                    && self.scripts.len() < MOST_INPUTS
                {
                    self.scripts.push(src);
                }
            }
            b"style" | b"noscript" => reading.is_unseen = !tag.self_closing,
            b"p" | b"span" | b"div" => {
                reading.element = attribute(tag, b"id").map(|id| (id, String::new()));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8], reading: &mut Reading) {
        if let Some((id, text)) = reading.element.take()
            && self.by_id.len() < MOST_IDS
        {
            self.by_id
                .entry(id)
                .or_insert_with(|| text.trim().to_owned());
        }
        if let Some((hidden, depth)) = reading.undisplayed.as_mut()
            && hidden.as_slice() == name
        {
            *depth = depth.saturating_sub(1);
            if *depth == 0 {
                reading.undisplayed = None;
            }
        }
        match name {
            b"form" => self.end_form(reading),
            b"select" => {
                if let Some(select) = reading.select.take() {
                    keep(reading.form.as_mut(), select);
                }
            }
            b"script" | b"style" | b"noscript" => {
                reading.is_script = false;
                reading.is_unseen = false;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, reading: &mut Reading) {
        if reading.is_script {
            self.script_text.push_str(text);
            self.script_text.push('\n');
        }
        if reading.is_unseen {
            return;
        }
        if let Some((_, kept)) = reading.element.as_mut()
            && kept.len().saturating_add(text.len()) <= LONGEST_TEXT
        {
            kept.push_str(text);
        }
        // A line break in the source is a blank.
        self.words
            .extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
        self.words.push('\n');
    }

    fn input(&mut self, tag: &StartTag<()>, is_displayed: bool) -> FormInput {
        let text = |name: &[u8]| attribute(tag, name).unwrap_or_default();
        let input = FormInput {
            kind: text(b"type").to_lowercase(),
            name: text(b"name"),
            id: text(b"id"),
            value: text(b"value"),
            is_displayed,
        };
        if !input.id.is_empty() && self.by_id.len() < MOST_IDS {
            self.by_id
                .entry(input.id.clone())
                .or_insert_with(|| input.value.clone());
        }
        input
    }

    /// `content="0;url=..."` (HTML 4.2.5.3).
    fn meta(&mut self, tag: &StartTag<()>) {
        let is_refresh =
            attribute(tag, b"http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("refresh"));
        let Some(content) =
            attribute(tag, b"content").filter(|_| is_refresh && self.refresh.is_none())
        else {
            return;
        };
        let Some((delay, rest)) = content.split_once([';', ',']) else {
            return;
        };
        let is_soon = delay
            .trim()
            .parse::<f32>()
            .is_ok_and(|seconds| seconds <= 5.0);
        let rest = rest.trim();
        let url = match rest.get(..4) {
            Some(word) if word.eq_ignore_ascii_case("url=") => rest.get(4..).unwrap_or_default(),
            Some(_) | None => rest,
        };
        self.refresh = Some(url.trim().trim_matches(['"', '\'']).to_owned()).filter(|_| is_soon);
    }

    fn end_form(&mut self, reading: &mut Reading) {
        if let Some(form) = reading.form.take()
            && !form.inputs.is_empty()
            && self.forms.len() < MOST_FORMS
        {
            self.forms.push(form);
        }
    }
}

fn keep(form: Option<&mut PageForm>, input: FormInput) {
    if let Some(form) = form
        && form.inputs.len() < MOST_INPUTS
    {
        form.inputs.push(input);
    }
}

/// Whether the page displays the element by itself. A script may do so later.
fn is_displayed(tag: &StartTag<()>) -> bool {
    let style = attribute(tag, b"style").unwrap_or_default().to_lowercase();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    !tag.attributes.contains_key(&b"hidden"[..])
        && !style.contains("display:none")
        && !style.contains("visibility:hidden")
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    let value = tag.attributes.get(name)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Reads a page as an answer's text is read, for who looks only whether it can be.
#[cfg(test)]
pub(crate) fn shape_of(text: &str) -> String {
    LoginPage::read(text).shape()
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
        <select name="domain"><option value="staff"><option value="students" selected></select>
        </form><form><input name=u><input type="password" name="second"></form><p>Account&nbsp;is <b>Locked</b></p>
        <p id="login-croypto"> a+b= </p></body></html>"#;

    #[test]
    fn the_form_is_found_among_what_only_looks_like_one() {
        let page = LoginPage::read(PAGE);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            page.form,
            Some(LoginForm {
                action: Some("/cas/login?a=1&b=2".into()),
                username: "user".into(),
                password: "pass".into(),
                hidden: vec![
                    pair("lt", "LT-1\"中"),
                    pair("execution", "e1s1"),
                    pair("domain", "students")
                ],
                has_puzzle: false,
            })
        );
        assert_eq!(page.by_id["pwdEncryptSalt"], "abc");
        assert_eq!(page.by_id["login-croypto"], "a+b=");
        assert!(page.words.contains("Locked") && !page.words.contains("evil"));
        let in_style = LoginPage::read("<style>locked</style>ok");
        assert_eq!(in_style.words.trim(), "ok");
    }

    #[test]
    fn where_a_page_leads_is_read() {
        let refresh = |tag: &str| LoginPage::read(tag).refresh;
        let quick = "<meta http-equiv=Refresh content=\"0; URL='/next?a=1&amp;b=2'\">";
        assert_eq!(refresh(quick).as_deref(), Some("/next?a=1&b=2"));
        assert_eq!(
            refresh("<meta http-equiv=refresh content='600;url=/x'>"),
            None
        );
        assert_eq!(refresh("<meta http-equiv=refresh content=600>"), None);
        let page = LoginPage::read(
            "<script>window.location.href = '/a?ticket=ST-1';alert(\"账号已锁定\")</script>",
        );
        assert_eq!(page.leads, ["/a?ticket=ST-1"]);
        assert!(page.words.contains("账号已锁定"));
    }

    #[test]
    fn what_is_no_page_is_read_as_one_without_a_form() {
        for body in [
            "",
            "\u{fffd}<form><input type=password",
            "{\"a\":1}",
            "<form><input type=password></form>",
            "<form><input type=password name=p></form>",
        ] {
            assert!(LoginPage::read(body).form.is_none(), "{body:?}");
        }
        let many = format!(
            "<form>{}</form>",
            "<input type=password name=p>".repeat(20_000)
        );
        let read = LoginPage::read(&many);
        assert_eq!(
            (read.forms.len(), read.forms[0].inputs.len()),
            (1, MOST_INPUTS)
        );
        for deep in [
            "<div><form a='&#",
            "<div style='display:none'>",
            "<p id=a>",
            "<form><input name=a>",
        ] {
            let page = LoginPage::read(&deep.repeat(30_000));
            assert!(page.form.is_none() && page.forms.len() <= MOST_FORMS);
        }
    }
}
