//! What the form asks, and how its answers are written as a file of answers: so both have the same checks.

use std::net::{IpAddr, SocketAddr};

use crate::config::quoted;

/// The section of the slip printer, and the keys of what one may be: one line of the form holds any of them.
const PRINTER: &str = "printer";
const DEVICE: &str = "device";
const ADDRESS: &str = "address";
const QUEUE: &str = "queue";

/// One line of the form, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum FormField {
    Number,
    Pin,
    PinAgain,
    Pack,
    Register,
    Follow,
    Unbind,
    App,
    AreaCode,
    Campuses,
    SignIn,
    Service,
    CorpId,
    AppSecret,
    ContactsSecret,
    Scanner,
    Printer,
    Paper,
}

impl FormField {
    /// Every field.
    pub const ALL: &'static [FormField] = <FormField as strum::VariantArray>::VARIANTS;

    /// Its label's key among the texts.
    pub fn label(self) -> &'static str {
        match self {
            FormField::Number => "setup-number",
            FormField::Pin => "setup-pin",
            FormField::PinAgain => "setup-pin-again",
            FormField::Pack => "setup-pack",
            FormField::Register => "setup-register",
            FormField::Follow => "setup-follow",
            FormField::Unbind => "setup-unbind",
            FormField::App => "setup-app",
            FormField::AreaCode => "setup-area-code",
            FormField::Campuses => "setup-campuses",
            FormField::SignIn => "setup-sign-in",
            FormField::Service => "setup-service",
            FormField::CorpId => "setup-corp-id",
            FormField::AppSecret => "setup-app-secret",
            FormField::ContactsSecret => "setup-contacts-secret",
            FormField::Scanner => "setup-scanner",
            FormField::Printer => "setup-printer",
            FormField::Paper => "setup-paper",
        }
    }

    /// The key of what is said beneath it while it is in hand.
    pub fn hint(self) -> &'static str {
        match self {
            FormField::Number => "setup-number-hint",
            FormField::Pin => "setup-pin-hint",
            FormField::PinAgain => "setup-pin-again-hint",
            FormField::Pack => "setup-pack-hint",
            FormField::Register => "setup-register-hint",
            FormField::Follow => "setup-follow-hint",
            FormField::Unbind => "setup-unbind-hint",
            FormField::App => "setup-app-hint",
            FormField::AreaCode => "setup-area-code-hint",
            FormField::Campuses => "setup-campuses-hint",
            FormField::SignIn => "setup-sign-in-hint",
            FormField::Service => "setup-service-hint",
            FormField::CorpId => "setup-corp-id-hint",
            FormField::AppSecret => "setup-app-secret-hint",
            FormField::ContactsSecret => "setup-contacts-secret-hint",
            FormField::Scanner => "setup-scanner-hint",
            FormField::Printer => "setup-printer-hint",
            FormField::Paper => "setup-paper-hint",
        }
    }

    /// Its section and key in a file of answers, which is also its name in the draft; none for the PIN, which stands in
    /// no file.
    pub fn place(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            FormField::Pin | FormField::PinAgain => return None,
            FormField::Number => ("desk", "number"),
            FormField::Pack => ("setup", "pack"),
            FormField::Register => ("setup.codes", "register"),
            FormField::Follow => ("setup.codes", "follow"),
            FormField::Unbind => ("setup.codes", "unbind"),
            FormField::App => ("setup.codes", "app"),
            FormField::AreaCode => ("setup.hotline", "area_code"),
            FormField::Campuses => ("setup.hotline", "campuses"),
            FormField::SignIn => ("setup.sign_in", "address"),
            FormField::Service => ("setup.sign_in", "service"),
            FormField::CorpId => ("directory.wecom", "corp_id"),
            FormField::AppSecret => ("directory.wecom", "app_secret_file"),
            FormField::ContactsSecret => ("directory.wecom", "contacts_secret_file"),
            FormField::Scanner => ("desk", "scanner"),
            FormField::Printer => (PRINTER, DEVICE),
            FormField::Paper => (PRINTER, "paper"),
        })
    }

    /// Whether it is typed unseen.
    pub fn is_secret(self) -> bool {
        matches!(self, FormField::Pin | FormField::PinAgain)
    }

    /// What is asked together: a field alone may be no whole answer.
    pub fn with(self) -> Vec<FormField> {
        let before = match self {
            FormField::Service => Some(FormField::SignIn),
            FormField::Paper => Some(FormField::Printer),
            FormField::Register
            | FormField::Follow
            | FormField::Unbind
            | FormField::App
            | FormField::AreaCode
            | FormField::Campuses => Some(FormField::Pack),
            FormField::Number
            | FormField::Pin
            | FormField::PinAgain
            | FormField::Pack
            | FormField::SignIn
            | FormField::CorpId
            | FormField::AppSecret
            | FormField::ContactsSecret
            | FormField::Scanner
            | FormField::Printer => None,
        };
        before.into_iter().chain([self]).collect()
    }

    /// The field that a fault's key belongs to.
    pub fn of_key(key: &str) -> Option<FormField> {
        if [ADDRESS, QUEUE]
            .map(|name| format!("{PRINTER}.{name}"))
            .contains(&key.to_owned())
        {
            return Some(FormField::Printer);
        }
        let mut fields = FormField::ALL.iter().copied();
        fields.find(|field| {
            let place = field
                .place()
                .map(|(section, name)| format!("{section}.{name}"));
            place.is_some_and(|place| key == place || key.starts_with(&format!("{place}[")))
        })
    }
}

/// A file of answers with these; what is empty is left out.
pub fn answers(filled: &[(FormField, String)]) -> String {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for field in FormField::ALL {
        let typed = filled.iter().find(|(of, _)| of == field);
        let typed = typed.map_or("", |(_, typed)| typed.trim());
        let Some((of, name)) = field.place().filter(|_| !typed.is_empty()) else {
            continue;
        };
        let is_number = *field == FormField::Number && typed.bytes().all(|b| b.is_ascii_digit());
        let value = if is_number {
            typed.to_owned()
        } else if *field == FormField::Campuses {
            campuses(typed)
        } else {
            quoted(typed)
        };
        let name = if *field == FormField::Printer {
            printer_key(typed)
        } else {
            name
        };
        let line = format!("{name} = {value}\n");
        match sections.iter_mut().find(|(section, _)| *section == of) {
            Some((_, lines)) => lines.push_str(&line),
            None => sections.push((of, line)),
        }
    }
    if sections
        .iter()
        .any(|(section, _)| *section == "directory.wecom")
    {
        sections.push(("directory", "kind = \"wecom\"\n".to_owned()));
    }
    let texts = sections
        .iter()
        .map(|(section, lines)| format!("[{section}]\n{lines}"));
    texts.collect()
}

/// What a slip printer is named by: a path, an address in the network, or else a queue of CUPS.
fn printer_key(typed: &str) -> &'static str {
    if typed.starts_with('/') {
        DEVICE
    } else if typed.parse::<IpAddr>().is_ok() || typed.parse::<SocketAddr>().is_ok() {
        ADDRESS
    } else {
        QUEUE
    }
}

/// `1 新城校区; 2 金川校区` as a pack has it.
fn campuses(typed: &str) -> String {
    let each = typed.split([';', '；', ',', '，']).map(str::trim);
    let tables = each.filter(|one| !one.is_empty()).map(|one| {
        let (digit, name) = one.split_once(char::is_whitespace).unwrap_or((one, ""));
        let name = name.trim();
        if name.is_empty() {
            format!("{{ digit = {} }}", quoted(digit))
        } else {
            let name = quoted(name);
            format!(
                "{{ digit = {}, name = {{ zh-CN = {name}, en = {name} }} }}",
                quoted(digit)
            )
        }
    });
    format!("[{}]", tables.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_a_file_of_answers() {
        let filled = [
            (FormField::Number, " 7 ".to_owned()),
            (FormField::Pin, "471100".into()),
            (FormField::Register, "/stick/a b.png".into()),
            (FormField::Campuses, "1 新城校区； 2".into()),
            (FormField::CorpId, "ww\"1".into()),
            (FormField::Scanner, "keyboard".into()),
            (FormField::Printer, "192.0.2.7".into()),
            (FormField::Paper, "80mm".into()),
        ];
        assert_eq!(
            answers(&filled),
            "[desk]\nnumber = 7\nscanner = \"keyboard\"\n[setup.codes]\nregister = \"/stick/a b.png\"\n[setup.hotline]\n\
             campuses = [{ digit = \"1\", name = { zh-CN = \"新城校区\", en = \"新城校区\" } }, { digit = \"2\" }]\n\
             [directory.wecom]\ncorp_id = 'ww\"1'\n[printer]\naddress = \"192.0.2.7\"\npaper = \"80mm\"\n\
             [directory]\nkind = \"wecom\"\n"
        );
        for (typed, key) in [
            ("/dev/usb/lp0", "device"),
            ("192.0.2.7:9101", "address"),
            ("slips", "queue"),
        ] {
            assert_eq!(printer_key(typed), key);
            let key = format!("printer.{key}");
            assert_eq!(FormField::of_key(&key), Some(FormField::Printer));
        }
        assert_eq!(
            FormField::of_key("setup.hotline.campuses[1].digit"),
            Some(FormField::Campuses)
        );
        assert_eq!(FormField::of_key("desk.pin_file"), None);
    }
}
