//! The practice phone's walk through the guide, followers, the assistant, and a state that outlives a restart.

use serde_json::{Value, json};
use yingxin::campus::{Directory, Identity, Sms};
use yingxin::visit::{CodeKey, MemberStatus, Nonce, Secret, VisitId};

use super::house::{House, mobile, number, student};

const OTHER: &str = "13900139001";

/// Does one thing after the other and looks where it leads: action, page, said.
async fn walk(house: &House, steps: &[(&str, &str, Option<&str>)]) {
    for (action, page, said) in steps {
        let phone = house.tap(action).await;
        assert_eq!(
            (&phone["page"], &phone["said"]),
            (&json!(page), &json!(said)),
            "{action}"
        );
    }
}

async fn status(house: &House, userid: &str) -> MemberStatus {
    house.wecom().find(&number(userid)).await.unwrap().status
}

#[tokio::test]
async fn the_guide_with_the_number_of_this_wechat() {
    let house = House::new().await;
    let (_, phone) = house.get("/practice/phone").await;
    assert_eq!(phone["wechat"], "13800138000");
    assert_eq!(
        phone["actions"],
        json!([
            "scan-register",
            "scan-follow",
            "assistant",
            "read-sms",
            "reset"
        ])
    );
    walk(
        &house,
        &[
            ("read-sms", "home", Some("sms-none")),
            ("scan-register", "role", Some("scanned")),
            ("0", "login", None),
            ("sign-in-wrong", "login", Some("password-wrong")),
            ("sign-in", "number", Some("signed-in")),
            ("fill-number", "follow", Some("number-set")),
            ("follow", "followed-active", Some("followed-active")),
            ("home", "home", None),
            ("scan-register", "role", Some("scanned")),
            ("tap-role", "login", None),
            ("sign-in", "already-bound", Some("already-active")),
        ],
    )
    .await;
    assert_eq!(status(&house, "20260001").await, MemberStatus::Active);
    // The next student has another phone, and another WeChat.
    let phone = house.tap("home").await;
    assert_eq!(phone["page"], "home");
    let phone = house.tap("reset").await;
    assert_eq!(phone["wechat"], "13800138001");
    walk(
        &house,
        &[
            ("scan-register", "role", Some("scanned")),
            ("tap-role", "login", None),
        ],
    )
    .await;
    house.tap("sign-in").await;
    assert_eq!(house.state().await["phone"]["student"], "20260002");
}

#[tokio::test]
async fn the_guide_with_another_number() {
    let house = House::new().await;
    walk(
        &house,
        &[
            ("scan-register", "role", Some("scanned")),
            ("tap-role", "login", None),
            ("sign-in", "number", Some("signed-in")),
            ("fill-other-number", "follow", Some("number-set")),
            ("follow", "followed-inactive", Some("followed-inactive")),
        ],
    )
    .await;
    assert_eq!(status(&house, "20260001").await, MemberStatus::NotActive);
    walk(
        &house,
        &[
            ("assistant", "assistant", None),
            ("assistant-verify", "assistant-number", None),
            (
                "assistant-other-number",
                "assistant-number",
                Some("number-differs"),
            ),
            ("assistant-number", "assistant-code", Some("code-sent")),
            ("assistant-wrong-code", "assistant-code", Some("code-wrong")),
            ("assistant-code", "verified", Some("verified")),
        ],
    )
    .await;
    assert_eq!(status(&house, "20260001").await, MemberStatus::Active);
    let (_, phone) = house.get("/practice/phone").await;
    assert!(phone["messages"][0].as_str().unwrap().contains("企业微信"));
}

#[tokio::test]
async fn the_desk_does_it_and_the_phone_follows() {
    for (wechat, page, after) in [
        (OTHER, "followed-active", MemberStatus::Active),
        ("13800138000", "followed-inactive", MemberStatus::NotActive),
    ] {
        let house = House::new().await;
        assert_eq!(house.wechat(wechat).await, 200);
        assert_eq!(house.wechat("12345").await, 400);
        assert_eq!(
            house.tap("scan-follow").await["said"],
            "follow-stranger",
            "no number yet"
        );
        // Not the first of the roster: the phone belongs to the student who signed in at the desk.
        let password = Secret::new("practice-0009".into());
        house
            .cas()
            .sign_in(&number("20260009"), &password)
            .await
            .unwrap();
        let bound = house
            .wecom()
            .bind(&student("20260009", "欧阳静怡"), &mobile(OTHER))
            .await;
        assert!(bound.is_ok());
        assert_eq!(house.tap("scan-follow").await["page"], page);
        assert_eq!(status(&house, "20260009").await, after);
    }
}

#[tokio::test]
async fn another_student_at_the_desk_has_another_phone() {
    let house = House::new().await;
    let sign_in = async |userid: &str, password: &str| {
        let password = Secret::new(password.to_owned());
        house
            .cas()
            .sign_in(&number(userid), &password)
            .await
            .unwrap();
    };
    sign_in("20260001", "practice-0001").await;
    let wechat = mobile("13800138000");
    house
        .wecom()
        .bind(&student("20260001", ""), &wechat)
        .await
        .unwrap();
    house.tap("scan-follow").await;
    sign_in("20260001", "practice-0001").await;
    let (_, phone) = house.get("/practice/phone").await;
    assert_eq!(
        (&phone["page"], &phone["wechat"]),
        (&json!("followed-active"), &json!("13800138000"))
    );
    sign_in("20260002", "practice-0002").await;
    let (_, phone) = house.get("/practice/phone").await;
    assert_eq!(
        (&phone["page"], &phone["wechat"]),
        (&json!("home"), &json!("13800138001"))
    );
    assert_eq!(phone["messages"], json!([]));
}

#[tokio::test]
async fn a_number_of_somebody_elses_is_refused_on_the_phone_too() {
    let house = House::new().await;
    house.wechat("13600136000").await;
    house.tap("scan-register").await;
    house.tap("tap-role").await;
    house.tap("sign-in").await;
    let phone = house.tap("fill-number").await;
    assert_eq!(
        (&phone["page"], &phone["said"]),
        (&json!("number"), &json!("number-taken"))
    );
}

#[tokio::test]
async fn five_wrong_codes_end_the_day() {
    let house = House::new().await;
    let nothing = [
        ("assistant", "assistant", None),
        ("assistant-verify", "assistant", Some("nothing-to-verify")),
    ];
    walk(&house, &nothing).await;
    house
        .wecom()
        .bind(&student("20260001", ""), &mobile(OTHER))
        .await
        .unwrap();
    house.tap("home").await;
    house.tap("scan-follow").await;
    let again = [
        ("assistant", "assistant", None),
        ("assistant-verify", "assistant-number", None),
        ("assistant-number", "assistant-code", Some("code-sent")),
        ("assistant-wrong-code", "assistant-code", Some("code-wrong")),
        ("assistant-wrong-code", "assistant-code", Some("code-wrong")),
        ("assistant-wrong-code", "assistant-code", Some("code-wrong")),
        ("assistant-wrong-code", "assistant-code", Some("code-wrong")),
        ("assistant-wrong-code", "assistant", Some("code-spent")),
        ("assistant-verify", "assistant", Some("code-spent")),
    ];
    walk(&house, &again).await;
    house.set(json!({"clock_ahead_secs": 86_400})).await;
    walk(
        &house,
        &[
            ("assistant-verify", "assistant-number", None),
            ("assistant-number", "assistant-code", Some("code-sent")),
            ("assistant-code", "verified", Some("verified")),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_code_ends_and_belongs_to_its_number() {
    let house = House::new().await;
    let chen = student("20260001", "");
    house.wecom().bind(&chen, &mobile(OTHER)).await.unwrap();
    house.tap("scan-follow").await;
    for action in ["assistant", "assistant-verify", "assistant-number"] {
        house.tap(action).await;
    }
    // Changed at the desk while the phone waits for the code.
    house
        .wecom()
        .bind(&chen, &mobile("13900139002"))
        .await
        .unwrap();
    assert_eq!(house.tap("assistant-code").await["said"], "number-differs");
    house.tap("assistant-verify").await;
    house.tap("assistant-number").await;
    house.set(json!({"clock_ahead_secs": 301})).await;
    assert_eq!(house.tap("assistant-code").await["said"], "code-expired");
}

#[tokio::test]
async fn only_what_the_page_has_can_be_done() {
    let house = House::new().await;
    for action in ["tap-role", "9", "assistant-code", "../state", "%00"] {
        let url = house.url(&format!("/practice/phone/do/{action}"));
        let status = house.tool().post(url).send().await.unwrap().status();
        assert!(status.is_client_error(), "{action}: {status}");
    }
    assert_eq!(house.state().await["phone"]["page"], "home");
}

#[tokio::test]
async fn everything_outlives_a_restart() {
    let house = House::new().await;
    let wecom = house.wecom();
    wecom
        .bind(&student("20260007", "孙悦"), &mobile(OTHER))
        .await
        .unwrap();
    house.tap("scan-follow").await;
    let to = mobile(OTHER);
    let code = CodeKey::new([7; 32]).derive(VisitId(1), &to, Nonce(1));
    house.sms().send(&to, &code).await.unwrap();
    house.tap("assistant").await;
    let before = house.state().await;
    let house = house.restarted().await;
    let after = house.state().await;
    for part in [
        "accounts", "members", "tokens", "phone", "sms_sent", "settings",
    ] {
        assert_eq!(before[part], after[part], "{part}");
    }
    assert_eq!(after["members"]["20260007"]["followed"], true);
    assert!(
        !after.to_string().contains("practice-0001"),
        "no password is kept"
    );
}

#[tokio::test]
async fn an_unreadable_state_is_put_aside() {
    let house = House::new().await;
    house.campus.stop().await;
    std::fs::write(house.dir.path().join("campus.json"), b"{ half").unwrap();
    let dir = house.dir;
    let house = House::open(dir).await;
    assert_eq!(house.member("20260001").await["status"], 4);
    let aside = std::fs::read(house.dir.path().join("campus.json.broken")).unwrap();
    assert_eq!(aside, b"{ half");
}

#[tokio::test]
async fn hooks_refuse_what_they_do_not_know_and_bound_what_they_take() {
    let house = House::new().await;
    for bad in [
        json!({"target": "moon", "kind": "slow"}),
        json!({"target": "cas", "kind": "explode"}),
        json!({"target": "cas", "kind": "slow", "extra": 1}),
    ] {
        let (status, _) = house.post("/practice/faults", bad.clone()).await;
        assert!((400..500).contains(&status), "{bad}");
    }
    for _ in 0..32 {
        house.fault("cas", "refuse", Value::Null, u32::MAX).await;
    }
    let (status, _) = house
        .post("/practice/faults", json!({"target": "cas", "kind": "slow"}))
        .await;
    assert_eq!(status, 400);
    house.no_faults().await;
    let url = house.url("/practice/settings");
    let unknown = house.tool().put(&url).json(&json!({"sms_puase": false}));
    assert_eq!(unknown.send().await.unwrap().status(), 400);
    let huge = house
        .tool()
        .post(house.url("/cas/v1/tickets"))
        .header("content-type", "application/x-www-form-urlencoded");
    let huge = huge.body(format!("username={}", "a".repeat(200_000)));
    assert!(huge.send().await.unwrap().status().is_client_error());
    let foreign = house
        .tool()
        .get(house.url("/practice/state"))
        .header("host", "evil.example");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}
