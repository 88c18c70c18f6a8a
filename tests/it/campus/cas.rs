//! Identity by CAS REST, and the practice campus's side of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yingxin::campus::Identity;
use yingxin::campus::identity::{CasRest, Ways};
use yingxin::visit::{Failure, Secret, SignInRefusal, Student};

use super::house::{DEADLINE, House, number, unusable};

async fn sign_in(
    house: &House,
    user: &str,
    password: &str,
) -> Result<Student, Failure<SignInRefusal>> {
    let password = Secret::new(password.to_owned());
    house.cas().sign_in(&number(user), &password).await
}

#[tokio::test]
async fn the_right_password_gives_the_student_and_signs_out_again() {
    let house = House::new().await;
    let student = sign_in(&house, "20260004", "practice-0004").await.unwrap();
    assert_eq!(student.number.as_str(), "20260004");
    assert_eq!(student.name.as_str(), "王𬭎㛃");
    // The sign-out runs behind: a service ticket and a DELETE.
    let patience = Instant::now();
    while house.calls("/cas/v1/tickets/*").await < 2 {
        assert!(patience.elapsed() < Duration::from_secs(5), "no sign-out");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(house.calls("/cas/p3/serviceValidate").await, 1);
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    let house = House::new().await;
    for (user, password, why) in [
        ("20260001", "practice-0002", SignInRefusal::WrongPassword),
        ("20260099", "practice-0099", SignInRefusal::WrongPassword),
        ("20260001", "", SignInRefusal::WrongPassword),
        ("20260001", "a&b=c +%密\u{1b}", SignInRefusal::WrongPassword),
        ("20260005", "practice-0005", SignInRefusal::Locked),
        ("20260011", "practice-0011", SignInRefusal::Disabled),
        ("20260011", "wrong", SignInRefusal::WrongPassword),
    ] {
        let refused = sign_in(&house, user, password).await;
        assert_eq!(refused, Err(Failure::Rejected(why)), "{user}");
    }
    assert_eq!(
        house.calls("/cas/v1/tickets").await,
        6,
        "one call each, none for an empty password"
    );
}

#[tokio::test]
async fn quick_failures_are_throttled_even_with_the_right_password() {
    let house = House::new().await;
    for _ in 0..5 {
        let refused = sign_in(&house, "20260001", "wrong").await;
        assert_eq!(
            refused,
            Err(Failure::Rejected(SignInRefusal::WrongPassword))
        );
    }
    let limited = Err(Failure::Limited { retry_after: None });
    assert_eq!(sign_in(&house, "20260001", "practice-0001").await, limited);
    assert!(sign_in(&house, "20260002", "practice-0002").await.is_ok());
}

#[tokio::test]
async fn no_proper_answer_is_offline_and_is_never_asked_twice() {
    let house = House::new().await;
    let path = "/cas/v1/tickets";
    for (kind, value) in [
        ("refuse", Value::Null),
        ("lost", Value::Null),
        ("cut", Value::Null),
        ("garbage", json!(100)),
        ("garbage", json!(10_000_000)),
        ("slow", json!(4000)),
        ("status", json!(500)),
        ("status", json!(503)),
        ("status", json!(302)),
    ] {
        let before = house.calls(path).await;
        house.fault(path, kind, value.clone(), 1).await;
        let began = Instant::now();
        let failed = sign_in(&house, "20260001", "practice-0001").await;
        assert_eq!(failed, Err(unusable(kind)), "{kind} {value}");
        assert!(
            began.elapsed() < DEADLINE * 2,
            "{kind} {value} kept the student waiting"
        );
        assert_eq!(house.calls(path).await, before + 1, "{kind} {value}");
        house.no_faults().await;
    }
    assert!(sign_in(&house, "20260001", "practice-0001").await.is_ok());
}

#[tokio::test]
async fn trouble_after_the_password_was_right() {
    let house = House::new().await;
    for (target, kind, value) in [
        ("POST /cas/v1/tickets/", "status", json!(404)),
        ("POST /cas/v1/tickets/", "garbage", json!(100)),
        ("/cas/p3", "garbage", json!(100)),
        ("/cas/p3", "cut", Value::Null),
        ("/cas/p3", "refuse", Value::Null),
    ] {
        house.fault(target, kind, value.clone(), 1).await;
        let failed = sign_in(&house, "20260001", "practice-0001").await;
        assert_eq!(failed, Err(unusable(kind)), "{target} {kind} {value}");
        house.no_faults().await;
    }
}

#[tokio::test]
async fn what_only_the_administrator_can_mend() {
    let house = House::new().await;
    for (target, status) in [
        ("/cas/v1/tickets", 404),
        ("/cas/v1/tickets", 415),
        ("/cas/p3", 404),
    ] {
        house.fault(target, "status", json!(status), 1).await;
        let failed = sign_in(&house, "20260001", "practice-0001").await;
        assert!(
            matches!(failed, Err(Failure::Misconfigured(text)) if text.contains(&status.to_string()))
        );
    }
    house.fault("POST /cas", "status", json!(429), 1).await;
    let limited = sign_in(&house, "20260001", "practice-0001").await;
    assert_eq!(limited, Err(Failure::Limited { retry_after: None }));
}

/// The probe takes what is no answer to an incomplete request as a sign-in does.
#[tokio::test]
async fn a_probe_tells_a_refusal_from_a_server_without_rest() {
    let house = House::new().await;
    let not_served = "CAS REST is not served at this address (HTTP 404)";
    for (status, wanted) in [
        (200, Failure::Unavailable),
        (401, Failure::Rejected(())),
        (404, Failure::Misconfigured(not_served.into())),
        (423, Failure::Limited { retry_after: None }),
    ] {
        house
            .fault("/cas/v1/tickets", "status", json!(status), 1)
            .await;
        let probed = house.cas().probe().await;
        let said: Vec<_> = probed.into_iter().map(|one| one.said).collect();
        assert_eq!(said, [Err(wanted)], "{status}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let house = House::new().await;
    // A port that was free a moment ago.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/cas", gone.local_addr().unwrap());
    drop(gone);
    let cas = CasRest::new(house.http.clone(), &url, "http://desk.invalid/").unwrap();
    let cas = Ways::one(cas);
    let password = Secret::new("practice-0001".into());
    let failed = cas.sign_in(&number("20260001"), &password).await;
    assert_eq!(failed, Err(Failure::Offline));
}

#[tokio::test]
async fn tickets_as_apereo_gives_them() {
    let house = House::new().await;
    let url = house.url("/cas/v1/tickets");
    let form = |fields: &[(&str, &str)]| house.tool().post(&url).form(fields).send();
    let good = [("username", "20260001"), ("password", "practice-0001")];
    assert_eq!(
        form(&[("username", "20260001")]).await.unwrap().status(),
        400
    );
    assert_eq!(form(&[]).await.unwrap().status(), 400);
    let json = house
        .tool()
        .post(&url)
        .json(&json!({"username": "20260001"}));
    assert_eq!(json.send().await.unwrap().status(), 415);
    let wrong = form(&[("username", "20260001"), ("password", "x")])
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    let body: Value = wrong.json().await.unwrap();
    assert_eq!(
        body,
        json!({"authentication_exceptions": ["FailedLoginException"]})
    );
    let granted = form(&good).await.unwrap();
    assert_eq!(granted.status(), 201);
    let tgt = granted.headers()["location"].to_str().unwrap().to_owned();
    assert!(tgt.starts_with(&format!("{url}/TGT-")));

    let service = |tgt: String, service: &'static str| {
        house.tool().post(tgt).form(&[("service", service)]).send()
    };
    let ticket = |answer: reqwest::Response| async move { answer.text().await.unwrap() };
    let validate = |ticket: String, service: &'static str, format: &'static str| {
        let path =
            format!("/cas/p3/serviceValidate?service={service}&ticket={ticket}&format={format}");
        let house = &house;
        async move { house.get(&path).await }
    };
    let st = ticket(service(tgt.clone(), "s1").await.unwrap()).await;
    assert!(st.starts_with("ST-"));
    let (status, told) = validate(st.clone(), "s1", "json").await;
    let success = &told["serviceResponse"]["authenticationSuccess"];
    assert_eq!((status, &success["user"]), (200, &json!("20260001")));
    let (status, told) = validate(st, "s1", "JSON").await;
    let code = &told["serviceResponse"]["authenticationFailure"]["code"];
    assert_eq!(
        (status, code),
        (200, &json!("INVALID_TICKET")),
        "one time only"
    );

    let st = ticket(service(tgt.clone(), "s1").await.unwrap()).await;
    let (_, told) = validate(st.clone(), "s2", "xml").await;
    assert!(told.as_str().unwrap().contains("code=\"INVALID_SERVICE\""));
    let (_, told) = validate(st, "s1", "xml").await;
    assert!(
        told.as_str().unwrap().contains("code=\"INVALID_TICKET\""),
        "spent by the wrong service"
    );
    let (_, told) = house.get("/cas/p3/serviceValidate?service=s1").await;
    assert!(told.as_str().unwrap().contains("INVALID_REQUEST"));
    let (_, told) = validate("PT-1".into(), "s1", "xml").await;
    assert!(told.as_str().unwrap().contains("INVALID_TICKET_SPEC"));

    assert_eq!(
        house.tool().delete(&tgt).send().await.unwrap().status(),
        200
    );
    assert_eq!(
        service(tgt, "s1").await.unwrap().status(),
        404,
        "a dead TGT"
    );
}

/// A server of another kind: XML only, and a Location that leads elsewhere.
async fn stranger(house: &House, padding: usize) -> Ways {
    use axum::routing::{get, post};
    let tickets = || async {
        let created = axum::http::StatusCode::CREATED;
        (
            created,
            [("location", "https://elsewhere.example/evil/TGT-1-x")],
        )
    };
    let validate = move || async move {
        let answer = "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'><cas:authenticationSuccess>\
                      <cas:user>20260001</cas:user></cas:authenticationSuccess></cas:serviceResponse>";
        format!("{answer}{}", " ".repeat(padding))
    };
    let app = axum::Router::new()
        .route("/v1/tickets", post(tickets))
        .route("/v1/tickets/TGT-1-x", post(async || "ST-1-x"))
        .route("/p3/serviceValidate", get(validate));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ways::one(CasRest::new(house.http.clone(), &url, "s").unwrap())
}

#[tokio::test]
async fn a_server_that_speaks_xml_only_will_do() {
    let house = House::new().await;
    let cas = stranger(&house, 0).await;
    // The ticket is asked for here, wherever the Location leads.
    let student = cas
        .sign_in(&number("20260001"), &Secret::new("x".into()))
        .await
        .unwrap();
    assert_eq!(
        (student.number.as_str(), student.name.as_str()),
        ("20260001", "")
    );
}

#[tokio::test]
async fn a_true_answer_that_is_too_long_is_none() {
    let house = House::new().await;
    let cas = stranger(&house, 64 * 1024).await;
    let failed = cas
        .sign_in(&number("20260001"), &Secret::new("x".into()))
        .await;
    assert_eq!(failed, Err(Failure::Unavailable));
}
