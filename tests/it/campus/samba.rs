//! Identity by LDAP against Active Directory, as Samba's domain controller has it: an account in each of its states.

use std::time::Duration;

use yingxin::campus::http::Http;
use yingxin::campus::identity::ldap::{BindName, LdapAddress, LdapOptions, NumberFilter};
use yingxin::campus::identity::{Ldap, Missed, PasswordWay};
use yingxin::campus::tls::Trust;
use yingxin::visit::{Failure, Secret, SignInRefusal, Student};

use crate::support::PATIENCE;
use crate::support::contract::{self, number};
use crate::support::passwords::UNICODE;
use crate::support::samba::{
    AT_NO_HOUR, BASE, DISABLED, ELSEWHERE, ENDED, EXPIRED, MUST_CHANGE, SERVICE, SERVICE_PASSWORD,
    Samba, TRIES,
};
use crate::support::slapd::Entry;

const RIGHT: &str = "practice-0001";

/// As a desk may be set up for it: by an account that searches, and by the two names that students have.
fn ways(samba: &Samba, http: &Http) -> [Ldap; 3] {
    let service = (SERVICE.to_owned(), Secret::new(SERVICE_PASSWORD.to_owned()));
    let named = |name| Some(BindName::parse(name).unwrap());
    [
        (Some(service), None),
        (None, named("{number}@campus.test")),
        (None, named("CAMPUS\\{number}")),
    ]
    .map(|(service, bind_as)| {
        let options = LdapOptions {
            address: LdapAddress::parse(&format!("ldap://{}", samba.at)).unwrap(),
            service,
            bind_as,
            base: BASE.into(),
            filter: NumberFilter::parse("(&(objectClass=user)(sAMAccountName={number}))").unwrap(),
            number_attribute: "sAMAccountName".into(),
            name_attribute: "displayName".into(),
        };
        Ldap::new(options, http)
    })
}

async fn sign_in(way: &Ldap, user: &str, password: &str) -> Result<Student, Missed> {
    way.judge(&number(user), &Secret::new(password.to_owned()))
        .await
}

#[tokio::test]
async fn active_directory_tells_each_state_of_an_account() {
    let entries = [
        ("20260001", RIGHT, ""),
        ("20260002", UNICODE, ""),
        ("20260003", RIGHT, ""),
        ("20260004", RIGHT, ""),
        ("20260005", RIGHT, ""),
        ("20260006", RIGHT, DISABLED),
        ("20260007", RIGHT, ENDED),
        ("20260008", RIGHT, MUST_CHANGE),
        ("20260009", RIGHT, EXPIRED),
        ("20260010", RIGHT, AT_NO_HOUR),
        ("20260011", RIGHT, ELSEWHERE),
    ]
    .map(|(number, password, more)| Entry {
        number,
        password,
        more,
    });
    let samba = Samba::start(&entries).await;
    let http = contract::http(Trust::SystemAnd(vec![samba.authority.der()]));
    let ways = ways(&samba, &http);
    for way in &ways {
        assert_eq!(way.probe().await[0].said, Ok(()));
        for (number, password) in [("20260001", RIGHT), ("20260002", UNICODE)] {
            let student = sign_in(way, number, password).await.unwrap();
            let told = (student.number.as_str(), student.name.as_str());
            assert_eq!(told, (number, "张三"));
        }
    }
    let says = async |number: &str, password: &str| {
        samba.says(&format!("{number}@campus.test"), password).await
    };
    for _ in 0..TRIES {
        let said = says("20260005", "wrong").await;
        assert!(said.contains("data 52e,"), "{said}");
    }
    let said = says("20260005", RIGHT).await;
    assert!(said.contains("data 775,"), "{said}");
    let [by_search, by_names @ ..] = &ways;
    // The account that searches may read until when: the domain locks for half an hour.
    let refused = sign_in(by_search, "20260005", RIGHT).await;
    let half_an_hour = Duration::from_secs(1800);
    assert!(
        matches!(
            refused,
            Err(Missed::Sent(Failure::Rejected(SignInRefusal::LockedFor(left))))
                if left <= half_an_hour && left > half_an_hour - PATIENCE
        ),
        "{refused:?}"
    );
    for way in by_names {
        let locked = Missed::Sent(Failure::Rejected(SignInRefusal::Locked));
        assert_eq!(sign_in(way, "20260005", RIGHT).await, Err(locked));
    }
    for (number, password, code, why) in [
        ("20260003", "wrong", "52e", SignInRefusal::WrongPassword),
        ("20260004", UNICODE, "52e", SignInRefusal::WrongPassword),
        ("90000001", RIGHT, "52e", SignInRefusal::WrongPassword),
        ("20260006", RIGHT, "533", SignInRefusal::Disabled),
        // Whoever does not know the password is not told what state the account is in.
        ("20260006", "wrong", "52e", SignInRefusal::WrongPassword),
        ("20260007", RIGHT, "701", SignInRefusal::AccountExpired),
        ("20260008", RIGHT, "773", SignInRefusal::MustChange),
        ("20260009", RIGHT, "532", SignInRefusal::MustChange),
        ("20260010", RIGHT, "530", SignInRefusal::NotAtThisHour),
        ("20260011", RIGHT, "531", SignInRefusal::AddressBarred),
    ] {
        let said = says(number, password).await;
        let told = format!("{number} {password:?}");
        assert!(said.contains(&format!("data {code},")), "{told}: {said}");
        for way in &ways {
            let wanted = Missed::Sent(Failure::Rejected(why));
            assert_eq!(sign_in(way, number, password).await, Err(wanted), "{told}");
        }
    }
}
