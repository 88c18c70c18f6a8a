//! Whole registrations in a terminal, with the students known to servers that no one here wrote: OpenLDAP and
//! django-cas-server. Directory and SMS are the practice campus's. And what a student reads where a captcha is wanted.

use std::sync::{Arc, Mutex, mpsc};

use crate::campus::models::{self, Model, Product, Seen};
use crate::support::certificates::Authority;
use crate::support::django::Django;
use crate::support::kiosk::Place;
use crate::support::slapd::{BASE, Entry, LOCKED, SERVICE, SERVICE_PASSWORD, Slapd};
use crate::support::{Desk, ENTER, TAB, memory};
use serde_json::json;

const PASSWORD: &str = "canary-密码-4711";
const WRONG: &str = "canary-wrong-4711";
const F5: &str = "\x1b[15~";
const BACK_TAB: &str = "\x1b[Z";
const CLEAR: &str = "\x15";

/// From Welcome to the page that asks for a password.
fn to_identity(desk: &mut Desk) {
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证");
}

/// A wrong password, the right one, and on to the end; nothing of it stays.
fn registers(place: &Place) {
    let campus = place.campus();
    campus.put("/practice/phone/wechat", json!({ "mobile": "13800138000" }));
    let mut desk = place.kiosk("zh-CN", 80, 24);
    to_identity(&mut desk);
    desk.types("20260001").types(TAB).types(WRONG).types(ENTER);
    desk.shows("学号或密码不对");
    desk.types(PASSWORD).types(ENTER);
    desk.shows("填写手机号").types("13800138000").types(ENTER);
    desk.shows("您的微信，绑定的是这个手机号吗？").types("1");
    desk.shows("用微信关注");
    campus.phone("scan-follow");
    desk.shows("绑定成功").types(ENTER).shows("欢迎新同学");
    let member = &campus.get("/practice/state")["members"]["20260001"];
    assert_eq!(member["status"], 1, "{member}");
    memory::holds_none(desk.pid(), &[PASSWORD, WRONG]);
    desk.signal("TERM");
    desk.ends();
    let log = std::fs::read_to_string(place.store().join("yingxin.log")).unwrap();
    for text in [PASSWORD, WRONG, SERVICE_PASSWORD, "20260001", "张三"] {
        assert!(!log.contains(text), "{text} is in the log:\n{log}");
    }
}

#[test]
fn registered_by_ldap() {
    let authority = Authority::new();
    let entry = |number, password, more| Entry {
        number,
        password,
        more,
    };
    let entries = [
        entry("20260001", PASSWORD, ""),
        entry("20260005", PASSWORD, LOCKED),
    ];
    let slapd = Slapd::start(&entries, Some(&authority.signs("127.0.0.1")));
    let place = Place::connected();
    authority.write(place.dir());
    place.secret_file("ldap.secret", SERVICE_PASSWORD);
    place.signs_in_by(&format!(
        "[tls]\nca_file = \"ca.pem\"\n[identity.ldap]\nurl = \"ldaps://{}\"\nbase = \"{BASE}\"\nbind_dn = \"{SERVICE}\"\n\
         bind_password_file = \"ldap.secret\"\n",
        slapd.tls_at
    ));
    let (code, told, _) = place.command(&["config", "check"]);
    assert!(
        code == 0 && told.contains("identity.ldap.bind_password_file"),
        "{told}"
    );
    assert!(!told.contains(SERVICE_PASSWORD), "{told}");
    registers(&place);

    let mut desk = place.kiosk("zh-CN", 80, 24);
    to_identity(&mut desk);
    desk.types("20260005")
        .types(TAB)
        .types(PASSWORD)
        .types(ENTER);
    desk.shows("这个账号暂时被锁定了");
}

#[test]
fn registered_by_a_login_form() {
    let django = Django::start(models::SERVICE, &[("20260001", PASSWORD.to_owned())]);
    let place = Place::connected();
    let service = models::SERVICE;
    place.signs_in_by(&format!(
        "[identity.cas_form]\nurl = \"http://{}/cas\"\nservice = \"{service}\"\n",
        django.at
    ));
    registers(&place);
}

/// A model of Wisedu's authserver on a thread of its own, where this account needs a captcha.
fn wisedu(account: &str) -> (String, Arc<Mutex<Seen>>) {
    let (tell, told) = mpsc::channel();
    let account = account.to_owned();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let model = Model::start(Product::Wisedu).await;
            model.seen.lock().unwrap().wants_captcha.insert(account);
            tell.send((model.at, model.seen.clone())).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let (at, seen) = told.recv().unwrap();
    let service = models::SERVICE;
    let section =
        format!("[identity.wisedu]\nurl = \"http://{at}/cas\"\nservice = \"{service}\"\n");
    (section, seen)
}

#[test]
fn where_a_captcha_is_wanted_the_phone_is_the_other_way() {
    let place = Place::connected();
    let (section, seen) = wisedu("20260001");
    place.signs_in_by(&section);
    let mut desk = place.kiosk("zh-CN", 80, 24);
    to_identity(&mut desk);
    desk.types("20260001")
        .types(TAB)
        .types(PASSWORD)
        .types(ENTER);
    desk.shows("这里做不了").shows("请按 F5");
    assert_eq!(seen.lock().unwrap().posts, 0, "the password was sent");
    desk.types(F5).hides("登录统一身份认证");
}

#[test]
fn the_next_server_is_asked_where_a_captcha_is_wanted_and_not_where_a_password_was_judged() {
    let entry = |number| Entry {
        number,
        password: PASSWORD,
        more: "",
    };
    let slapd = Slapd::start(&[entry("20260001"), entry("20260004")], None);
    let place = Place::connected();
    place.secret_file("ldap.secret", SERVICE_PASSWORD);
    let (section, seen) = wisedu("20260001");
    place.signs_in_by(&format!(
        "[identity]\norder = [\"wisedu\", \"ldap\"]\n{section}[identity.ldap]\nurl = \"ldap://{}\"\nbase = \"{BASE}\"\n\
         bind_dn = \"{SERVICE}\"\nbind_password_file = \"ldap.secret\"\n",
        slapd.at
    ));
    let mut desk = place.kiosk("en", 100, 30);
    desk.shows("Welcome, new students").types(ENTER);
    desk.shows("Before we begin").types(ENTER);
    desk.shows("Sign in with your unified identity");
    // The directory would let this one in, but the first server has judged.
    desk.types("20260004")
        .types(TAB)
        .types(PASSWORD)
        .types(ENTER);
    desk.shows("Student number or password is wrong");
    assert_eq!(seen.lock().unwrap().posts, 1);
    desk.types(BACK_TAB).types(CLEAR).types("20260001");
    desk.types(TAB).types(PASSWORD).types(ENTER);
    desk.shows("Your mobile number");
    assert_eq!(seen.lock().unwrap().posts, 1);
}
