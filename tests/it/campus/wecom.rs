//! The directory by WeCom and by the student's word, and the practice campus's side of the first.

use serde_json::{Value, json};
use yingxin::campus::directory::Guide;
use yingxin::campus::{Directory, Powers};
use yingxin::visit::{Binding, DirectoryRefusal, Failure, Member, MemberStatus};

use super::house::{House, mobile, number, student, unusable};

const NEW: &str = "13900139001";

fn rejected<T>(why: DirectoryRefusal) -> Result<T, Failure<DirectoryRefusal>> {
    Err(Failure::Rejected(why))
}

#[tokio::test]
async fn every_status_is_read_and_the_number_is_hidden_from_an_app() {
    let house = House::new().await;
    let wecom = house.wecom();
    assert_eq!(
        wecom.powers(),
        Powers {
            read: true,
            write: true
        }
    );
    for (userid, status) in [
        ("20260001", MemberStatus::NotActive),
        ("20260006", MemberStatus::Active),
        ("20260007", MemberStatus::Absent),
        ("20260008", MemberStatus::Disabled),
        ("20260012", MemberStatus::Departed),
    ] {
        let found = wecom.find(&number(userid)).await.unwrap();
        assert_eq!(
            found,
            Member {
                status,
                mobile: None
            },
            "{userid}"
        );
    }
    house.set(json!({"app_sees_mobile": true})).await;
    let found = wecom.find(&number("20260006")).await.unwrap();
    assert_eq!(found.mobile, Some(mobile("13700137006")));
}

#[tokio::test]
async fn a_number_is_set_created_or_refused() {
    let house = House::new().await;
    let wecom = house.wecom();
    let bind = async |userid: &str, number: &str| {
        wecom.bind(&student(userid, "某某"), &mobile(number)).await
    };
    assert_eq!(bind("20260001", NEW).await, Ok(Binding::Set));
    assert_eq!(house.member("20260001").await["mobile"], NEW);
    assert_eq!(
        bind("20260001", NEW).await,
        Ok(Binding::Set),
        "repeating is harmless"
    );
    assert_eq!(bind("20260007", "13900139007").await, Ok(Binding::Created));
    let made = house.member("20260007").await;
    assert_eq!(
        (&made["mobile"], &made["name"]),
        (&json!("13900139007"), &json!("某某"))
    );
    assert_eq!(
        bind("20260007", "13900139008").await,
        Ok(Binding::Set),
        "changed later"
    );
    assert_eq!(
        bind("20260002", NEW).await,
        rejected(DirectoryRefusal::NumberTaken)
    );
    assert_eq!(
        bind("20260013", NEW).await,
        rejected(DirectoryRefusal::NumberTaken)
    );
    assert_eq!(
        bind("20260006", NEW).await,
        rejected(DirectoryRefusal::AlreadyActive)
    );
    assert_eq!(
        bind("20260008", NEW).await,
        rejected(DirectoryRefusal::Disabled)
    );
    assert_eq!(
        bind("20260012", NEW).await,
        rejected(DirectoryRefusal::Departed)
    );
    house
        .fault("/cgi-bin/user/update", "errcode", json!(60103), 1)
        .await;
    assert_eq!(
        bind("20260002", "13900139002").await,
        rejected(DirectoryRefusal::BadNumber)
    );
}

#[tokio::test]
async fn a_member_is_deleted_once() {
    const DELETE: &str = "/cgi-bin/user/delete";
    let house = House::new().await;
    let wecom = house.wecom();
    let unbind = async |userid: &str| wecom.unbind(&number(userid)).await;
    assert_eq!(unbind("20260006").await, Ok(()));
    assert!(house.member("20260006").await.is_null());
    assert_eq!(unbind("20260006").await, Ok(()), "absent is done");
    assert_eq!(
        unbind("admin").await,
        rejected(DirectoryRefusal::Creator),
        "301005"
    );
    assert!(house.member("admin").await.is_object());
    // What WeCom says it has not done is asked again; a stale token is fetched again.
    for (kind, code) in [
        ("errcode", json!(-1)),
        ("errcode", json!(6000)),
        ("token-expired", json!(null)),
    ] {
        house.fault(DELETE, kind, code.clone(), 1).await;
        let before = house.calls(DELETE).await;
        assert_eq!(unbind("20260001").await, Ok(()), "{kind} {code}");
        assert_eq!(house.calls(DELETE).await, before + 2, "{kind} {code}");
    }
    // No answer is an unknown fate, and never repeated.
    for (kind, value) in [
        ("lost", json!(null)),
        ("cut", json!(null)),
        ("refuse", json!(null)),
        ("status", json!(502)),
        ("slow", json!(3000)),
        ("garbage", json!(64)),
    ] {
        house.fault(DELETE, kind, value, 1).await;
        let before = house.calls(DELETE).await;
        assert_eq!(unbind("20260002").await, Err(unusable(kind)), "{kind}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert_eq!(house.calls(DELETE).await, before + 1, "{kind}");
    }
    // An app's secret may not.
    let practice = house.campus.credentials();
    let app = house.wecom_with(None, Some(&practice.app_secret), None);
    let refused = app.unbind(&number("20260003")).await;
    assert!(matches!(refused, Err(Failure::Misconfigured(_))));
    let guide = Guide.unbind(&number("20260003")).await;
    assert!(matches!(guide, Err(Failure::Misconfigured(_))));
    assert!(house.member("20260003").await.is_object());
}

#[tokio::test]
async fn an_active_members_own_number_is_no_trouble_where_it_can_be_read() {
    let house = House::new().await;
    house.set(json!({"app_sees_mobile": true})).await;
    let wecom = house.wecom();
    let zhao = student("20260006", "赵敏");
    assert_eq!(
        wecom.bind(&zhao, &mobile("13700137006")).await,
        Ok(Binding::Set)
    );
    let other = wecom.bind(&zhao, &mobile(NEW)).await;
    assert_eq!(other, rejected(DirectoryRefusal::AlreadyActive));
    assert_eq!(house.calls("/cgi-bin/user/update").await, 0);
}

#[tokio::test]
async fn the_trap_an_active_members_update_says_yes_and_does_nothing() {
    let house = House::new().await;
    let token = house.token("practice-contacts-secret").await;
    let path = format!("/cgi-bin/user/update?access_token={token}");
    let body = json!({"userid": "20260006", "mobile": NEW});
    let (_, told) = house.post(&path, body).await;
    assert_eq!(
        (&told["errcode"], &told["errmsg"]),
        (&json!(0), &json!("updated"))
    );
    assert_eq!(house.member("20260006").await["mobile"], "13700137006");
}

#[tokio::test]
async fn becoming_active_between_reading_and_writing_is_noticed() {
    for sees in [false, true] {
        let house = House::new().await;
        house.set(json!({"app_sees_mobile": sees})).await;
        let wecom = house.wecom();
        let chen = student("20260001", "陈晓雨");
        wecom.bind(&chen, &mobile("13800138000")).await.unwrap();
        // The phone follows with the first number while a second one is on its way.
        house
            .fault("/cgi-bin/user/update", "slow", json!(600), 1)
            .await;
        let second = mobile(NEW);
        let follow = async {
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            house.tap("scan-follow").await
        };
        let (bound, phone) = tokio::join!(wecom.bind(&chen, &second), follow);
        assert_eq!(phone["page"], "followed-active");
        assert_eq!(bound, rejected(DirectoryRefusal::AlreadyActive), "{sees}");
        assert_eq!(house.member("20260001").await["mobile"], "13800138000");
    }
}

#[tokio::test]
async fn a_member_somebody_else_made_meanwhile_is_gone_on_with() {
    let house = House::new().await;
    let wecom = house.wecom();
    house
        .fault("/cgi-bin/user/get", "errcode", json!(60111), 1)
        .await;
    let bound = wecom
        .bind(&student("20260001", "陈晓雨"), &mobile(NEW))
        .await;
    assert_eq!(bound, Ok(Binding::Set));
    assert_eq!(
        house.calls("/cgi-bin/user/create").await,
        1,
        "60102 is normal"
    );
    house
        .fault("/cgi-bin/user/get", "errcode", json!(60111), 2)
        .await;
    let bound = wecom
        .bind(&student("20260002", "乌日娜"), &mobile("13900139002"))
        .await;
    assert!(matches!(bound, Err(Failure::Misconfigured(text)) if text.contains("visible range")));
}

#[tokio::test]
async fn an_answer_that_was_lost_is_settled_by_doing_it_again() {
    let house = House::new().await;
    let wecom = house.wecom();
    let sun = student("20260007", "孙悦");
    house
        .fault("/cgi-bin/user/create", "lost", Value::Null, 1)
        .await;
    assert_eq!(wecom.bind(&sun, &mobile(NEW)).await, Err(Failure::Offline));
    assert_eq!(
        house.member("20260007").await["mobile"],
        NEW,
        "it was done all the same"
    );
    assert_eq!(wecom.bind(&sun, &mobile(NEW)).await, Ok(Binding::Set));
}

#[tokio::test]
async fn without_a_department_nobody_is_created() {
    let house = House::new().await;
    let practice = house.campus.credentials();
    let wecom = house.wecom_with(
        Some(&practice.contacts_secret),
        Some(&practice.app_secret),
        None,
    );
    let bound = wecom.bind(&student("20260007", "孙悦"), &mobile(NEW)).await;
    assert_eq!(bound, rejected(DirectoryRefusal::UnknownMember));
    assert_eq!(house.member("20260007").await, Value::Null);
    let wecom = house.wecom_with(
        Some(&practice.contacts_secret),
        Some(&practice.app_secret),
        Some(99),
    );
    let bound = wecom.bind(&student("20260007", "孙悦"), &mobile(NEW)).await;
    assert!(matches!(bound, Err(Failure::Misconfigured(text)) if text.contains("60123")));
}

#[tokio::test]
async fn confirming_makes_a_follower_active() {
    let house = House::new().await;
    let wecom = house.wecom();
    let chen = student("20260001", "陈晓雨");
    wecom.bind(&chen, &mobile(NEW)).await.unwrap();
    assert_eq!(house.tap("scan-follow").await["page"], "followed-inactive");
    assert_eq!(
        wecom.find(&chen.number).await.unwrap().status,
        MemberStatus::NotActive
    );
    for _ in 0..2 {
        assert_eq!(wecom.confirm(&chen.number).await, Ok(()));
    }
    assert_eq!(
        wecom.find(&chen.number).await.unwrap().status,
        MemberStatus::Active
    );
    let nobody = wecom.confirm(&number("20269999")).await;
    assert_eq!(nobody, rejected(DirectoryRefusal::UnknownMember));
    // An app's secret confirms as well.
    let app = house.wecom_with(None, Some("practice-app-secret"), None);
    assert_eq!(app.confirm(&number("20260002")).await, Ok(()));
}

#[tokio::test]
async fn each_secret_may_do_its_own() {
    let house = House::new().await;
    let app = house.wecom_with(None, Some("practice-app-secret"), Some(2));
    assert_eq!(
        app.powers(),
        Powers {
            read: true,
            write: false
        }
    );
    let bound = app.bind(&student("20260001", ""), &mobile(NEW)).await;
    assert!(matches!(bound, Err(Failure::Misconfigured(text)) if text.contains("contacts-sync")));
    let contacts = house.wecom_with(Some("practice-contacts-secret"), None, Some(2));
    let found = contacts.find(&number("20260001")).await;
    assert!(matches!(found, Err(Failure::Misconfigured(text)) if text.contains("48002")));
    house.set(json!({"contacts_may_read": true})).await;
    let found = contacts.find(&number("20260006")).await.unwrap();
    assert_eq!(found.mobile, Some(mobile("13700137006")));
    let none = house.wecom_with(None, None, None);
    assert_eq!(none.powers(), Powers::default());
    assert!(matches!(
        none.find(&number("20260001")).await,
        Err(Failure::Misconfigured(_))
    ));
}

#[tokio::test]
async fn the_guide_has_no_powers() {
    assert_eq!(Guide.powers(), Powers::default());
    let found = Guide.find(&number("20260001")).await;
    assert!(matches!(found, Err(Failure::Misconfigured(_))));
}

#[tokio::test]
async fn errcodes_as_the_real_one_gives_them() {
    let house = House::new().await;
    let contacts = house.token("practice-contacts-secret").await;
    let app = house.token("practice-app-secret").await;
    let get = async |call: &str, token: &str| {
        let joint = if call.contains('?') { '&' } else { '?' };
        let (status, told) = house
            .get(&format!("/cgi-bin/{call}{joint}access_token={token}"))
            .await;
        assert_eq!(status, 200);
        told["errcode"].as_i64().unwrap()
    };
    assert_eq!(get("user/get?userid=20260001", "").await, 41001);
    assert_eq!(get("user/get?userid=20260001", "nonsense").await, 40014);
    assert_eq!(get("user/get?userid=nobody", &app).await, 60111);
    assert_eq!(get("user/get", &app).await, 41009);
    assert_eq!(get("user/get?userid=20260001", &contacts).await, 48002);
    assert_eq!(get("user/delete?userid=20260001", &app).await, 48002);
    assert_eq!(get("user/delete?userid=ADMIN", &contacts).await, 301_005);
    assert_eq!(get("user/delete?userid=20260013", &contacts).await, 60111);
    assert_eq!(get("user/delete?userid=20260010", &contacts).await, 0);
    assert_eq!(get("user/create", &contacts).await, 43002);
    let post = async |call: &str, token: &str, body: Value| {
        let (_, told) = house
            .post(&format!("/cgi-bin/{call}?access_token={token}"), body)
            .await;
        told["errcode"].as_i64().unwrap()
    };
    let create = async |body: Value| post("user/create", &contacts, body).await;
    let whole = |change: Value| {
        let mut body =
            json!({"userid": "new1", "name": "新", "mobile": "+86 13900139001", "department": [2]});
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    };
    assert_eq!(post("user/create", &app, whole(json!({}))).await, 48002);
    for (change, code) in [
        (json!({"userid": "-bad"}), 40003),
        (json!({"userid": "x".repeat(65)}), 40003),
        (json!({"name": ""}), 60112),
        (json!({"name": "长".repeat(65)}), 60112),
        (json!({"mobile": "12345"}), 60103),
        (json!({"mobile": ""}), 60129),
        (json!({"mobile": "13600136000"}), 60104),
        (
            json!({"mobile": "", "email": "20260001@practice.invalid"}),
            60106,
        ),
        (json!({"department": [7]}), 60123),
        (json!({"department": null}), 60127),
        (json!({"userid": "20260001"}), 60102),
        (json!({}), 0),
        (json!({"userid": "NEW1", "mobile": "13900139002"}), 60102),
    ] {
        assert_eq!(create(whole(change.clone())).await, code, "{change}");
    }
    assert_eq!(
        post("user/update", &contacts, json!({"userid": "nobody"})).await,
        60111
    );
    assert_eq!(
        post("user/getuserid", &app, json!({"mobile": "13900139001"})).await,
        0
    );
    let (_, told) = house
        .post(
            &format!("/cgi-bin/batch/invite?access_token={contacts}"),
            json!({"user": ["new1", "x"]}),
        )
        .await;
    assert_eq!(
        (&told["errcode"], &told["invaliduser"]),
        (&json!(0), &json!(["x"]))
    );
    let (_, told) = house.get("/cgi-bin/gettoken?corpid=ww1&corpsecret=x").await;
    assert_eq!(told["errcode"], 40013);
    let errmsg = told["errmsg"].as_str().unwrap();
    assert!(
        errmsg.starts_with("invalid corpid, hint: [")
            && errmsg.contains("], from ip: 127.0.0.1, more info at ")
    );
}

#[tokio::test]
async fn looking_for_numbers_in_vain_is_blocked() {
    let house = House::new().await;
    let token = house.token("practice-app-secret").await;
    let path = format!("/cgi-bin/user/getuserid?access_token={token}");
    let mut codes = Vec::new();
    for _ in 0..5 {
        let (_, told) = house.post(&path, json!({"mobile": "13300000000"})).await;
        codes.push(told["errcode"].as_i64().unwrap());
    }
    assert_eq!(codes, [46004, 46004, 46004, 45009, 45009]);
}

#[tokio::test]
async fn the_joining_code_is_a_picture_that_can_be_read() {
    let house = House::new().await;
    let token = house.token("practice-contacts-secret").await;
    for (size_type, size) in [(1, 171), (4, 2052)] {
        let path =
            format!("/cgi-bin/corp/get_join_qrcode?size_type={size_type}&access_token={token}");
        let (_, told) = house.get(&path).await;
        let url = told["join_qrcode"].as_str().unwrap();
        let png = house
            .tool()
            .get(url)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        let picture = image::load_from_memory(&png).unwrap().to_luma8();
        assert_eq!(picture.width(), size);
        let mut prepared = rqrr::PreparedImage::prepare(picture);
        let (_, text) = prepared.detect_grids()[0].decode().unwrap();
        assert_eq!(text, house.url("/practice/join"));
    }
}
