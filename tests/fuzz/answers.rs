//! What a campus answers: CAS in JSON, XML and pages, LDAP, OIDC, WeCom.

use std::time::Duration;

use ldap3_proto::proto::LdapOp;
use serde::Deserialize;
use serde_json::Value;

use super::{Target, assert_harmless, cases, files, kind, root};
use crate::campus::answer_text;
use crate::campus::directory::wecom_json;
use crate::campus::http::{Http, HttpOptions};
use crate::campus::identity::ldap::{Ldap, LdapOptions};
use crate::campus::identity::ldap_filter::NumberFilter;
use crate::campus::identity::ldap_wire::{LdapAddress, LdapWire};
use crate::campus::identity::oidc::claims::Claims;
use crate::campus::identity::oidc::id_token::{Keys, verify};
use crate::campus::identity::oidc::provider;
use crate::campus::identity::{cas_answer, cas_exceptions, ldap_verdict, page};
use crate::visit::{Student, StudentNumber};

const SLOWEST: Duration = Duration::from_secs(3);
/// The longest answer that is taken is 1 MB.
const LONGEST: usize = 256 * 1024;

pub const CAS: Target = Target {
    name: "cas",
    words: &[
        "<cas:user>",
        "</cas:user>",
        "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">",
        "</cas:serviceResponse>",
        "<cas:authenticationSuccess>",
        "</cas:authenticationSuccess>",
        "<cas:attributes>",
        "<cas:attribute name=\"cn\" value=\"x\"/>",
        "<cas:authenticationFailure code=\"INVALID_TICKET\">",
        "<!-- -->",
        "<![CDATA[",
        "]]>",
        "&#x1b;",
        "&amp;",
        "<!DOCTYPE a>",
        "<?xml encoding=\"gb2312\"?>",
        "<form action=\"/cas/login\" method=\"post\">",
        "<input type=\"password\" name=\"password\">",
        "<input type=\"hidden\" name=\"lt\" value=\"1\">",
        "<script>",
        "</script>",
        "<meta charset=gbk>",
        "location.href=\"",
        "alert('",
        "<select>",
        "<option selected>",
        "style=\"display:none\"",
        "\"serviceResponse\"",
        "\"authenticationSuccess\"",
        "\"user\"",
        "\"attributes\"",
    ],
    seeds: || {
        let mut found = cases(&[".json"]);
        // Pages as campuses make them.
        let pages = files(&root().join("tests/vectors"), &["pages.json"]);
        let pages: Vec<Value> = pages
            .iter()
            .filter_map(|file| serde_json::from_slice(file).ok())
            .collect();
        texts(&pages, &mut found);
        found
    },
    longest: LONGEST,
    slowest: SLOWEST,
    memory: 256,
    read: |bytes| {
        let text = answer_text::decode(None, bytes);
        let refusal = cas_exceptions::refusal(bytes);
        let shape = format!("{} {refusal:?}", page::shape_of(&text));
        let mut kinds = shape;
        for attribute in [None, Some("sno")] {
            match cas_answer::read(&text, attribute) {
                Some(cas_answer::Judged::Student(student)) => {
                    assert_a_student(&student);
                    kinds += "student";
                }
                Some(cas_answer::Judged::NoNumber(why)) => kinds += &why,
                Some(cas_answer::Judged::Refused(code)) => {
                    assert!(
                        code.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
                        "{code:?}"
                    );
                    kinds += "refused";
                }
                None => {}
            }
        }
        kinds
    },
};

/// The longer texts of a JSON document.
fn texts(of: &[Value], found: &mut Vec<Vec<u8>>) {
    for value in of {
        match value {
            Value::String(text) if text.len() > 40 && found.len() < 200 => {
                found.push(text.clone().into_bytes())
            }
            Value::Array(all) => texts(all, found),
            Value::Object(all) => texts(&all.values().cloned().collect::<Vec<_>>(), found),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// As it was written, and nothing in it acts on a terminal.
fn assert_a_student(student: &Student) {
    let number = student.number.as_str();
    assert_eq!(
        StudentNumber::exactly(number).as_ref(),
        Some(&student.number)
    );
    assert_harmless(number);
    assert_harmless(student.name.as_str());
}

pub const LDAP: Target = Target {
    name: "ldap",
    words: &[
        "0\u{c}\u{2}\u{1}\u{0}a\u{7}\n\u{1}\u{0}\u{4}\u{0}\u{4}\u{0}",
        "uid",
        "cn",
        "sn",
        "0\u{0}",
        "1\u{0}",
        "\u{4}\u{0}",
        "1.3.6.1.4.1.42.2.27.8.5.1",
        "2.16.840.1.113730.3.4.4",
        "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 775, v4563",
        "uid=20260001,dc=a",
        "lockoutTime",
        "pwdAccountLockedTime",
        "133500000000000000",
        "20260901120000Z",
    ],
    seeds: Vec::new,
    longest: 64 * 1024,
    slowest: SLOWEST,
    memory: 256,
    read: |bytes| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let directory = directory();
        let stream = tokio::io::join(std::io::Cursor::new(bytes.to_vec()), tokio::io::sink());
        let mut wire = LdapWire::over(stream);
        let mut kinds = String::new();
        // Each message has at least two bytes.
        for _ in 0..=bytes.len() / 2 {
            let (message, notes) = match runtime.block_on(wire.answer()) {
                Ok(answer) => answer,
                Err(broken) => {
                    kinds += &kind(&broken.to_string());
                    break;
                }
            };
            let read = match message {
                LdapOp::BindResponse(answer) => {
                    format!(
                        "{:?}",
                        ldap_verdict::verdict(&answer.res, notes, ldap_verdict::EntryLock::None)
                    )
                }
                LdapOp::SearchResultEntry(entry) => match directory.read(entry) {
                    Ok(entry) => {
                        assert_a_student(&entry.student);
                        "an entry".to_owned()
                    }
                    Err(refused) => format!("{refused:?}"),
                },
                _ => "another message".to_owned(),
            };
            assert_harmless(&read);
            kinds += &kind(&read);
            kinds.truncate(kinds.floor_char_boundary(200));
        }
        kinds
    },
};

fn directory() -> Ldap {
    let options = LdapOptions {
        address: LdapAddress::parse("ldap://127.0.0.1").unwrap(),
        service: None,
        bind_as: None,
        base: "dc=a".to_owned(),
        filter: NumberFilter::parse("(uid={number})").unwrap(),
        number_attribute: "uid".to_owned(),
        name_attribute: "cn".to_owned(),
    };
    Ldap::new(options, &Http::new(&HttpOptions::default()).unwrap())
}

/// A body is read as claims, as keys, and, where it has both, its token with its keys.
pub const OIDC: Target = Target {
    name: "oidc",
    words: &[
        "\"keys\"",
        "\"kty\":\"RSA\"",
        "\"kty\":\"OKP\"",
        "\"crv\":\"P-256\"",
        "\"alg\":\"none\"",
        "\"id_token\"",
        "\"sub\"",
        "\"preferred_username\"",
        "\"name\"",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiJ9.e30.",
        "[[[[",
        "{\"a\":",
        "\\u001b",
        "\\ud800",
        "1e999",
    ],
    seeds: || cases(&[".json"]),
    longest: LONGEST,
    slowest: SLOWEST,
    memory: 256,
    read: |bytes| {
        provider::install();
        let mut kinds = String::new();
        if let Some(claims) = Claims::read(bytes) {
            for claim in ["sub", "attributes.sno", "a.b.c.d.e"] {
                match claims.student(claim) {
                    Ok(student) => {
                        assert_a_student(&student);
                        kinds += "student;";
                    }
                    Err(why) => kinds += &why,
                }
            }
        }
        let keys = Keys::read(bytes);
        kinds += if keys.is_some() { "keys" } else { "none" };
        let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
        if let (Some(keys), Some(token)) = (keys, body["id_token"].as_str()) {
            // No key of the corpus has signed a token for this client.
            let verified = verify(token, &keys, "https://issuer.example", "desk");
            kinds += verified
                .err()
                .expect("a token that nobody signed is believed")
                .text();
        }
        kinds
    },
};

#[derive(Debug, Deserialize, PartialEq)]
struct Told {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
    status: Option<u8>,
    mobile: Option<String>,
    userid: Option<String>,
}

pub const WECOM: Target = Target {
    name: "wecom",
    words: &[
        "\"errcode\":0",
        "\"errmsg\":\"ok\"",
        "\"status\":1",
        "\"mobile\":\"13800138000\"",
        "\"userid\":\"20260001\"",
        "\\u0000",
        "\\x",
        "\\",
        "\"",
        "{",
        "}",
        ",",
    ],
    seeds: || cases(&[".json"]),
    longest: LONGEST,
    slowest: SLOWEST,
    memory: 256,
    read: |bytes| {
        let lenient: Option<Told> = wecom_json::read("user/get", bytes).ok();
        // What keeps to the standard is read by it.
        if let Ok(strict) = serde_json::from_slice::<Told>(bytes) {
            assert_eq!(lenient.as_ref(), Some(&strict));
        }
        match lenient {
            Some(told) => format!("read {} {}", told.mobile.is_some(), told.errmsg.is_empty()),
            None => "not an answer".to_owned(),
        }
    },
};
