//! The practice campus at its first start: an invented roster with one of each kind of trouble. No name is a real
//! person's.
//!
//! | number | name, and what is special |
//! |---|---|
//! | 20260001 | 陈晓雨: provisioned ahead without a mobile number, like most |
//! | 20260002 | 乌日娜 |
//! | 20260003 | 阿拉坦其其格·巴雅尔图: a long name |
//! | 20260004 | 王𬭎㛃: characters that fonts often lack |
//! | 20260005 | 刘洋: the account is locked |
//! | 20260006 | 赵敏: bound already, with 13700137006 |
//! | 20260007 | 孙悦: not provisioned |
//! | 20260008 | 周凯: the member is disabled |
//! | 20260009 | 欧阳静怡 |
//! | 20260010 | a name of 43 Latin letters |
//! | 20260011 | 郑一: the account is disabled |
//! | 20260012 | 何田: the member has left the company |
//! | 20260013 | 苏和: not provisioned |
//!
//! The company's creator is `admin`, with 13600136000.

use std::collections::{BTreeMap, VecDeque};

use super::bad_days::BadDays;
use super::state::{CampusState, Condition, CorpMember, IdentityAccount, PhoneState, Settings};

/// The number that the practice phone's WeChat is bound to at first.
pub const WECHAT: &str = "13800138000";
/// The departments there are: the company and its students.
pub const DEPARTMENTS: [u32; 2] = [1, 2];

const ROSTER: [(&str, &str, Condition, Provisioning); 13] = [
    ("20260001", "陈晓雨", Condition::Good, Provisioning::Ahead),
    ("20260002", "乌日娜", Condition::Good, Provisioning::Ahead),
    (
        "20260003",
        "阿拉坦其其格·巴雅尔图",
        Condition::Good,
        Provisioning::Ahead,
    ),
    ("20260004", "王𬭎㛃", Condition::Good, Provisioning::Ahead),
    ("20260005", "刘洋", Condition::Locked, Provisioning::Ahead),
    (
        "20260006",
        "赵敏",
        Condition::Good,
        Provisioning::Bound("13700137006"),
    ),
    ("20260007", "孙悦", Condition::Good, Provisioning::Missing),
    ("20260008", "周凯", Condition::Good, Provisioning::Status(2)),
    ("20260009", "欧阳静怡", Condition::Good, Provisioning::Ahead),
    (
        "20260010",
        "Wilhelmina Featherstonehaugh-Cholmondeley III",
        Condition::Good,
        Provisioning::Ahead,
    ),
    ("20260011", "郑一", Condition::Disabled, Provisioning::Ahead),
    ("20260012", "何田", Condition::Good, Provisioning::Status(5)),
    ("20260013", "苏和", Condition::Good, Provisioning::Missing),
];

/// How the company's contacts know a student at the first start.
enum Provisioning {
    /// A member that is not activated and has no mobile number.
    Ahead,
    /// An active member with this number.
    Bound(&'static str),
    /// A member with this status.
    Status(u8),
    /// No member.
    Missing,
}

/// The state at the first start.
pub fn state() -> CampusState {
    let mut members = BTreeMap::new();
    members.insert(
        "admin".to_owned(),
        CorpMember {
            creator: true,
            mobile: Some("13600136000".into()),
            ..member("admin", "练习大学", 1)
        },
    );
    for (number, name, _, kind) in &ROSTER {
        let new = match kind {
            Provisioning::Ahead => member(number, name, 4),
            Provisioning::Status(status) => member(number, name, *status),
            Provisioning::Bound(mobile) => CorpMember {
                mobile: Some((*mobile).into()),
                followed: true,
                ..member(number, name, 1)
            },
            Provisioning::Missing => continue,
        };
        members.insert((*number).to_owned(), new);
    }
    CampusState {
        accounts: ROSTER
            .iter()
            .map(|(number, name, condition, _)| {
                let account = IdentityAccount {
                    name: (*name).to_owned(),
                    condition: *condition,
                };
                ((*number).to_owned(), account)
            })
            .collect(),
        members,
        tokens: Vec::new(),
        sms_sent: BTreeMap::new(),
        lookup_misses: 0,
        phone: phone(WECHAT.to_owned()),
        settings: Settings::default(),
        bad_days: BadDays::default(),
    }
}

/// The students of the practice campus, number and name: those that its roster expects.
pub fn students() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROSTER.iter().map(|(number, name, ..)| (*number, *name))
}

/// A new phone, whose WeChat is bound to this number.
pub fn phone(wechat: String) -> PhoneState {
    PhoneState {
        page: "home".into(),
        said: None,
        wechat,
        student: None,
        verifying: None,
        messages: VecDeque::new(),
    }
}

/// A student's password: `practice-` and the number's last four digits.
pub fn password(number: &str) -> String {
    let tail = number
        .char_indices()
        .rev()
        .nth(3)
        .and_then(|(place, _)| number.get(place..))
        .unwrap_or(number);
    format!("practice-{tail}")
}

fn member(userid: &str, name: &str, status: u8) -> CorpMember {
    CorpMember {
        userid: userid.to_owned(),
        name: name.to_owned(),
        department: vec![if userid == "admin" { 1 } else { 2 }],
        status,
        // Provisioned without a number: WeCom's import needs a number or an email address.
        email: Some(format!("{userid}@practice.invalid")),
        ..CorpMember::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_says_who_has_which_trouble() {
        let reference = crate::help::find("practice").unwrap().markdown;
        let reference: Vec<&str> = reference.split_whitespace().collect();
        let reference = reference.join(" ");
        let with = |is_so: fn(Condition, &Provisioning) -> bool| {
            let fits = ROSTER.iter().filter(|(.., is, kind)| is_so(*is, kind));
            fits.map(|(number, ..)| *number)
                .collect::<Vec<_>>()
                .join(" and ")
        };
        let locked = with(|is, _| is == Condition::Locked);
        let disabled = with(|is, _| is == Condition::Disabled);
        let bound = with(|_, kind| matches!(kind, Provisioning::Bound(_)));
        let barred = with(|_, kind| matches!(kind, Provisioning::Status(2)));
        let departed = with(|_, kind| matches!(kind, Provisioning::Status(5)));
        let unknown = with(|_, kind| matches!(kind, Provisioning::Missing));
        for said in [
            format!("The account of {locked} is locked, that of {disabled} is disabled."),
            format!(
                "The directory has {bound} bound already, {barred} disabled and {departed} as departed; it does not \
                 know {unknown}."
            ),
        ] {
            assert!(reference.contains(&said), "{said}");
        }
    }
}
