//! The forms of a login page, and which of them is for a user's name and a password. It is chosen by its user field: a page
//! may have others, for the code of a message or for a search, and no password goes there.

/// A form as it stands on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageForm {
    /// The target, as the page has it.
    pub action: Option<String>,
    pub inputs: Vec<FormInput>,
}

/// An input of a form, or its `<select>` with the value of the chosen option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FormInput {
    pub kind: String,
    pub name: String,
    pub id: String,
    pub value: String,
    /// Whether the page displays it by itself.
    pub is_displayed: bool,
}

/// A form with a field for a user's name and one for a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LoginForm {
    /// The target, as the page has it.
    pub action: Option<String>,
    /// The names of the two fields.
    pub username: String,
    pub password: String,
    /// Hidden fields and choices, which are sent back unchanged: `lt`, `execution`, a CSRF token.
    pub hidden: Vec<(String, String)>,
    /// A field for the letters of a picture that is displayed.
    pub has_puzzle: bool,
}

/// Names of the field for a picture's letters (from login pages and public scripts).
const PUZZLES: [&str; 10] = [
    "captcha",
    "authcode",
    "validatecode",
    "verifycode",
    "vcode",
    "checkcode",
    "yzm",
    "randcode",
    "kaptcha",
    "piccode",
];
/// Names of fields for codes that are no passwords.
const CODES: [&str; 9] = [
    "code", "otp", "token", "sms", "captcha", "yzm", "mobile", "phone", "gauth",
];
/// Names of the field for a user (from login pages and public scripts), best first.
const USERS: [&str; 16] = [
    "username",
    "user_name",
    "j_username",
    "userid",
    "user_id",
    "loginname",
    "login_name",
    "account",
    "user",
    "uid",
    "un",
    "login",
    "xh",
    "yhm",
    "number",
    "name",
];

impl FormInput {
    pub fn is_text(&self) -> bool {
        matches!(self.kind.as_str(), "" | "text" | "email" | "tel" | "number")
    }

    pub fn is_password(&self) -> bool {
        self.kind == "password"
    }

    /// Whether its name is that of a code that is asked for once.
    pub fn is_of_a_code(&self) -> bool {
        let name = self.name.to_lowercase();
        CODES.iter().any(|word| name.contains(word))
    }

    fn is_puzzle(&self) -> bool {
        let name = self.name.to_lowercase();
        self.is_text() && PUZZLES.iter().any(|word| name.contains(word))
    }
}

impl PageForm {
    pub fn passwords(&self) -> impl Iterator<Item = &FormInput> {
        self.inputs.iter().filter(|input| input.is_password())
    }

    /// Whether it asks a person for the same as another form: a captcha may have come.
    pub fn asks_as(&self, other: &PageForm) -> bool {
        let asked = |form: &PageForm| -> Vec<(bool, String)> {
            let shown = form
                .inputs
                .iter()
                .filter(|input| input.is_password() || input.is_text() && !input.is_puzzle());
            shown
                .map(|input| (input.is_password(), input.name.clone()))
                .collect()
        };
        asked(self) == asked(other)
    }

    /// What a browser sends without a person: hidden fields, choices, and the letters of a picture that is not displayed.
    pub fn unchanged(&self) -> impl Iterator<Item = &FormInput> {
        let is_unchanged = |input: &&FormInput| {
            !input.name.is_empty()
                && (matches!(input.kind.as_str(), "hidden" | "select")
                    || input.is_puzzle() && !input.is_displayed)
        };
        self.inputs.iter().filter(is_unchanged)
    }

    /// Whether it is the step in which Shibboleth's IdP reads or writes the browser's storage: its script hands it in without
    /// a person, and what it says unchanged is that there is no storage.
    pub fn is_for_storage(&self) -> bool {
        let kind_fits = |input: &FormInput| matches!(input.kind.as_str(), "hidden" | "submit");
        let is_known = |input: &FormInput| input.name.starts_with("shib_idp_ls_");
        self.inputs.iter().all(kind_fits) && self.inputs.iter().any(is_known)
    }

    /// The button of a form whose server wants to know the event (Spring Web Flow): a browser names it.
    fn event(&self) -> Option<&FormInput> {
        self.inputs
            .iter()
            .find(|input| input.name.starts_with("_eventId"))
            .filter(|input| input.kind == "submit")
    }

    pub fn has_puzzle(&self) -> bool {
        self.inputs
            .iter()
            .any(|input| input.is_puzzle() && input.is_displayed)
    }

    /// The form for name and password, and how well its user field is known: a smaller number is better.
    fn login(&self) -> Option<(usize, LoginForm)> {
        let mut passwords = self.passwords().filter(|input| !input.name.is_empty());
        let (password, another) = (passwords.next()?, passwords.next());
        // Two fields are for setting a new password.
        if another.is_some() || password.is_of_a_code() {
            return None;
        }
        let rank = |input: &FormInput| {
            let name = input.name.to_lowercase();
            let known = USERS.iter().position(|user| name == *user);
            // The field of a phone number takes no user's name.
            known.or_else(|| (!input.is_of_a_code()).then_some(USERS.len()))
        };
        let fields = self
            .inputs
            .iter()
            .filter(|input| input.is_text() && !input.name.is_empty() && !input.is_puzzle());
        let (rank, user) = fields
            .filter_map(|input| Some((rank(input)?, input)))
            .min_by_key(|(rank, _)| *rank)?;
        let pair = |input: &FormInput| (input.name.clone(), input.value.clone());
        let form = LoginForm {
            action: self.action.clone(),
            username: user.name.clone(),
            password: password.name.clone(),
            hidden: self.unchanged().chain(self.event()).map(pair).collect(),
            has_puzzle: self.has_puzzle(),
        };
        Some((rank, form))
    }
}

/// The form for name and password among the forms of a page.
pub(super) fn choose(forms: &[PageForm]) -> Option<LoginForm> {
    let fitting = forms.iter().filter_map(PageForm::login);
    fitting.min_by_key(|(rank, _)| *rank).map(|(_, form)| form)
}

#[cfg(test)]
mod tests {
    use super::super::page::LoginPage;
    use super::*;

    fn form(html: &str) -> Option<LoginForm> {
        LoginPage::read(html).form
    }

    #[test]
    fn the_form_is_chosen_by_its_user_field() {
        let sms =
            "<form action=/sms><input name=mobile><input type=password name=dynamicCode></form>";
        let usual =
            "<form action=/login><input name=username><input type=password name=password></form>";
        for page in [format!("{sms}{usual}"), format!("{usual}{sms}")] {
            assert_eq!(form(&page).unwrap().action.as_deref(), Some("/login"));
        }
        assert_eq!(form(sms), None);
        let by_number =
            form("<form><input type=number name=xh><input type=password name=mm></form>").unwrap();
        assert_eq!((&*by_number.username, &*by_number.password), ("xh", "mm"));
        let unknown =
            "<form action=/other><input name=zhanghao><input type=password name=mm></form>";
        assert_eq!(form(unknown).unwrap().username, "zhanghao");
        let both = form(&format!("{unknown}{usual}")).unwrap();
        assert_eq!(both.username, "username");
        for none in [
            "<form><input type=password name=password></form>",
            "<form><input name=user><input type=password name=password><input type=password name=again></form>",
            "<form><input name=captcha><input type=password name=password></form>",
            // The code of a message is no password, whoever it is asked of.
            "<form><input name=username><input type=password name=smsCode></form>",
        ] {
            assert_eq!(form(none), None, "{none}");
        }
    }

    #[test]
    fn a_button_that_names_the_event_is_pressed() {
        let fields = |rest: &str| {
            let form = form(&format!(
                "<form><input name=u><input type=password name=p>{rest}</form>"
            ));
            let hidden = form.unwrap().hidden.into_iter();
            hidden
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            fields("<button name=_eventId_proceed>Login</button><button name=_eventId_cancel>"),
            ["_eventId_proceed="]
        );
        assert_eq!(
            fields("<input type=submit name=_eventId_proceed value=Login>"),
            ["_eventId_proceed=Login"]
        );
        assert_eq!(
            fields("<input type=hidden name=_eventId value=submit><button name=_eventId_x>"),
            ["_eventId=submit"]
        );
        let others = "<button name=reset type=button></button><input type=submit name=ok>";
        assert!(fields(others).is_empty());
    }

    #[test]
    fn a_picture_is_noticed_where_it_is_displayed() {
        let read = |input: &str| {
            form(&format!(
                "<form><input name=username><input type=password name=p>{input}</form>"
            ))
            .unwrap()
        };
        assert!(read("<input name='captchaResponse' type=text>").has_puzzle);
        assert!(read("<input name=authcode>").has_puzzle);
        assert!(!read("<input type=hidden name=captcha>").has_puzzle);
        assert!(!read("").has_puzzle);
        for later in [
            "<input name=captcha style='display: none'>",
            "<input name=captcha hidden>",
            "<div style='display:none'><div></div><input name=captcha></div>",
        ] {
            let form = read(later);
            assert!(!form.has_puzzle, "{later}");
            assert_eq!(form.hidden, [("captcha".to_owned(), String::new())]);
        }
        assert!(read("<div style='display:none'><div></div></div><input name=captcha>").has_puzzle);
    }
}
