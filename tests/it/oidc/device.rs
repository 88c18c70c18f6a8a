//! The device grant (RFC 8628): what is asked, how often, and each way it can end.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use yingxin::campus::DeviceGrant;
use yingxin::campus::http::Endpoint;
use yingxin::campus::identity::{Missed, OidcPassword, PasswordWay, SetEndpoints};
use yingxin::visit::{Failure, GrantRefusal, Secret, SignInRefusal, StudentNumber};

use super::issuer::{Call, Granted, Issuer, Say, error, grant};

/// The pauses between the calls, in tenths of a second, rounded down.
fn pauses(calls: &[Call]) -> Vec<u128> {
    let between = calls.windows(2).map(|two| two[1].at - two[0].at);
    between.map(|pause| pause.as_millis() / 100).collect()
}

fn rejected(why: GrantRefusal) -> Granted {
    Err(Failure::Rejected(why))
}

#[tokio::test]
async fn a_code_is_told_and_asked_after_until_the_phone_has_signed_in() {
    let issuer = Issuer::new().await;
    let pending = error("authorization_pending");
    issuer.answers([pending.clone(), pending, issuer.token()]);
    let (granted, told) = issuer.grant().await;
    assert_eq!(granted.unwrap().number.as_str(), "20260001");
    let url = &issuer.url;
    assert_eq!(
        told,
        [format!(
            "WDJB-MJHT {url}/verify {url}/verify?code=WDJB-MJHT"
        )]
    );
    let begun = issuer.calls("/device");
    assert_eq!(begun[0].form["scope"], "openid profile");
    let polls = issuer.calls("/token");
    assert_eq!(polls.len(), 3);
    assert_eq!(
        polls[0].form["grant_type"],
        "urn:ietf:params:oauth:grant-type:device_code"
    );
    assert_eq!(polls[0].form["device_code"], "canary-device-code");
    // Name and secret go into the header, encoded: the colon is the secret's own (RFC 6749 2.3.1).
    let basic = "Basic ZGVzazpjYW5hcnklM0FjbGllbnQ=";
    assert_eq!(polls[0].authorization.as_deref(), Some(basic));
    assert!(!polls[0].form.contains_key("client_secret"));
    let all: Vec<Call> = begun.into_iter().chain(polls).collect();
    assert!(
        pauses(&all).iter().all(|pause| *pause >= 10),
        "{:?}",
        pauses(&all)
    );
}

#[tokio::test]
async fn slow_down_is_obeyed_for_good() {
    let issuer = Issuer::new().await;
    let pending = error("authorization_pending");
    issuer.answers([error("slow_down"), pending, issuer.token()]);
    let (granted, _) = issuer.grant().await;
    assert!(granted.is_ok());
    let pauses = pauses(&issuer.calls("/token"));
    assert!(
        pauses.iter().all(|pause| (60..90).contains(pause)),
        "{pauses:?}"
    );
}

#[tokio::test]
async fn each_end_has_its_kind() {
    let ends: [(Say, Granted); 8] = [
        (error("access_denied"), rejected(GrantRefusal::Denied)),
        (error("expired_token"), rejected(GrantRefusal::Expired)),
        (error("invalid_grant"), rejected(GrantRefusal::Expired)),
        (
            Say::Json(401, json!({"error": "invalid_client"})),
            Err(Failure::Misconfigured(
                "the OIDC token endpoint refuses this desk: invalid_client (HTTP 401)".into(),
            )),
        ),
        (
            error("unauthorized_client"),
            Err(Failure::Misconfigured(
                "the OIDC token endpoint refuses this desk: unauthorized_client (HTTP 400)".into(),
            )),
        ),
        (
            error("unsupported_grant_type"),
            Err(Failure::Misconfigured(
                "the OIDC token endpoint refuses this desk: unsupported_grant_type (HTTP 400)"
                    .into(),
            )),
        ),
        (
            Say::Json(200, json!({"access_token": "x", "token_type": "Bearer"})),
            // Its userinfo, which would tell who it is, answers 404 here.
            Err(Failure::Unavailable),
        ),
        (
            error("invalid_scope"),
            Err(Failure::Misconfigured(
                "the OIDC token endpoint refuses this desk: invalid_scope (HTTP 400)".into(),
            )),
        ),
    ];
    let judged = join_all(ends.map(|(say, wanted)| async move {
        let issuer = Issuer::new().await;
        issuer.answers([say.clone()]);
        (issuer.grant().await.0, wanted, issuer.calls("/token").len())
    }));
    for (granted, wanted, polls) in judged.await {
        assert_eq!(granted, wanted);
        assert_eq!(polls, 1);
    }
}

#[tokio::test]
async fn a_code_ends_at_its_time_also_where_nobody_says_so() {
    let issuer = Issuer::new().await;
    issuer.tell(|script| {
        if let Say::Json(_, device) = &mut script.device {
            device["expires_in"] = json!(3);
        }
    });
    assert_eq!(issuer.grant().await.0, rejected(GrantRefusal::Expired));
    assert_eq!(issuer.clock.moved(), Duration::from_secs(3));
}

/// Whatever is no answer is waited out, ever more slowly; what comes after it counts.
#[tokio::test]
async fn a_campus_that_falls_silent_is_asked_again() {
    let silences = [
        Say::Late(3000),
        Say::Json(500, json!({})),
        Say::Json(502, json!({})),
        Say::Json(302, json!({})),
        Say::Json(403, json!({})),
        Say::Bytes(
            200,
            b"<html>\x1b[2J sign in to the wireless network".to_vec(),
        ),
        Say::Bytes(200, vec![b'{'; 10_000_000]),
        Say::Bytes(400, Vec::new()),
        Say::Cut(json!({"access_token": "canary", "id_token": "canary"})),
        error("something_new"),
    ];
    let judged = join_all(silences.map(|say| async move {
        let issuer = Issuer::new().await;
        issuer.answers([say.clone(), error("authorization_pending"), issuer.token()]);
        let (granted, told) = issuer.grant().await;
        let name: String = format!("{say:?}").chars().take(50).collect();
        (name, granted, told, pauses(&issuer.calls("/token")))
    }));
    for (name, granted, told, pauses) in judged.await {
        assert!(granted.is_ok(), "{name}: {granted:?}");
        assert_eq!(told[1..], ["heard false", "heard true"], "{name}");
        assert!(pauses[0] >= 20, "{name}: {pauses:?}");
        assert!(pauses[1] < 20, "{name}: {pauses:?}");
    }
}

#[tokio::test]
async fn too_often_is_waited_out() {
    let issuer = Issuer::new().await;
    issuer.answers([Say::Json(429, json!({})), issuer.token()]);
    let (granted, told) = issuer.grant().await;
    assert!(granted.is_ok());
    assert_eq!(told.len(), 1, "busy is not silent");
    assert!(pauses(&issuer.calls("/token"))[0] >= 60);
}

/// The beginning: an unusable code is refused, and no poll follows.
#[tokio::test]
async fn what_is_no_code_is_not_shown() {
    let with = |name: &str, value: Value| {
        let mut code = json!({"device_code": "d", "user_code": "ABCD", "expires_in": 60,
            "verification_uri": "https://sso.example.edu.cn/device"});
        code[name] = value;
        Say::Json(200, code)
    };
    let offline = || Err::<(), _>(Failure::<GrantRefusal>::Offline);
    let unavailable = || Err::<(), _>(Failure::<GrantRefusal>::Unavailable);
    let beginnings = [
        (with("user_code", json!("A\u{1b}[2J")), unavailable()),
        (with("user_code", json!("A\u{202e}B")), unavailable()),
        (with("user_code", json!("A".repeat(100))), unavailable()),
        (with("user_code", json!("")), unavailable()),
        (with("device_code", json!("")), unavailable()),
        (
            with("verification_uri", json!("http://sso.example.edu.cn/")),
            unavailable(),
        ),
        (
            with("verification_uri", json!("javascript:alert(1)")),
            unavailable(),
        ),
        (with("expires_in", json!("soon")), unavailable()),
        (Say::Bytes(200, b"<html>".to_vec()), unavailable()),
        (Say::Bytes(200, vec![b' '; 10_000_000]), unavailable()),
        (Say::Cut(json!({"device_code": "d"})), offline()),
        (Say::Late(4000), offline()),
        (Say::Json(503, json!({})), unavailable()),
        (Say::Json(302, json!({})), unavailable()),
        (
            Say::Json(429, json!({})),
            Err(Failure::Limited { retry_after: None }),
        ),
        (
            error("unauthorized_client"),
            Err(Failure::Misconfigured(
                "the OIDC device endpoint refuses this desk: unauthorized_client (HTTP 400)".into(),
            )),
        ),
        (
            Say::Json(403, json!({})),
            Err(Failure::Misconfigured(
                "OIDC: no device grant is given (HTTP 403)".into(),
            )),
        ),
    ];
    let judged = join_all(beginnings.map(|(say, wanted)| async move {
        let issuer = Issuer::new().await;
        issuer.tell(|script| script.device = say.clone());
        let (granted, told) = issuer.grant().await;
        let name: String = format!("{say:?}").chars().take(70).collect();
        (
            name,
            granted.map(|_| ()),
            wanted,
            told,
            issuer.calls("/token").len(),
        )
    }));
    for (name, granted, wanted, told, polls) in judged.await {
        assert_eq!(granted, wanted, "{name}");
        assert!(told.is_empty() && polls == 0, "{name}: {told:?}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_shown_is_left_out() {
    let issuer = Issuer::new().await;
    issuer.tell(|script| {
        if let Say::Json(_, device) = &mut script.device {
            device["verification_uri_complete"] = json!("javascript:alert(1)");
        }
    });
    issuer.answers([issuer.token()]);
    let (_, told) = issuer.grant().await;
    assert!(told[0].ends_with(" -"), "{told:?}");
}

/// As django-oauth-toolkit and django-allauth answer: an access token alone, and who it is for stands in userinfo.
#[tokio::test]
async fn a_grant_without_an_id_token_is_told_by_userinfo() {
    let issuer = Issuer::new().await;
    issuer.answers([Say::Json(
        200,
        json!({"access_token": "canary-access", "token_type": "Bearer"}),
    )]);
    let claims = json!({"sub": "u-1", "preferred_username": "20260001", "name": "陈晓雨"});
    issuer.tell(|script| script.userinfo = Say::Json(200, claims));
    let student = issuer.grant().await.0.unwrap();
    assert_eq!(
        (student.number.as_str(), student.name.as_str()),
        ("20260001", "陈晓雨")
    );
    let asked = issuer.calls("/userinfo").pop().unwrap();
    assert_eq!(asked.authorization.as_deref(), Some("Bearer canary-access"));
    // Without that endpoint nobody is signed in.
    issuer.tell(|script| script.discovery["userinfo_endpoint"] = Value::Null);
    let (granted, _) = issuer.grant().await;
    assert!(
        format!("{granted:?}").contains("neither by an ID token nor by userinfo"),
        "{granted:?}"
    );
}

/// Whether a new client that knows both endpoints gets a student's number by the password grant.
async fn plain_said(
    issuer: &Issuer,
    set: &impl Fn(&str) -> Option<Endpoint>,
) -> Result<(), Failure<SignInRefusal>> {
    let plain = OidcPassword(issuer.oidc_with(|options| {
        options.claim = "/attributes/xh".into();
        options.endpoints.token = set("token");
        options.endpoints.userinfo = set("userinfo");
    }));
    let password = Secret::new("canary".into());
    let number = StudentNumber::from_campus("20260002");
    let judged = plain.judge(&number, &password);
    judged.await.map(|_| ()).map_err(Missed::why)
}

/// Where a document does not name an endpoint, or there is no document, the configuration does.
#[tokio::test]
async fn an_endpoint_that_no_document_names_may_be_set() {
    let issuer = Issuer::new().await;
    let set = |name: &str| Some(Endpoint::parse(&format!("{}/{name}", issuer.url)).unwrap());
    issuer.answers([issuer.token()]);
    issuer.tell(|script| script.discovery["device_authorization_endpoint"] = Value::Null);
    let named = issuer.oidc_with(|options| options.endpoints.device = set("device"));
    assert!(grant(&named).await.0.is_ok());
    assert_eq!(
        issuer.calls("/device").pop().unwrap().form["scope"],
        "openid profile"
    );
    issuer.tell(|script| script.discovery["token_endpoint"] = Value::Null);
    let (granted, _) = grant(&named).await;
    assert!(granted.is_ok(), "the document is kept for a while");
    let named = issuer.oidc_with(|options| options.endpoints.device = set("device"));
    let (granted, _) = grant(&named).await;
    assert!(
        format!("{granted:?}").contains("names no token endpoint"),
        "{granted:?}"
    );
    // The rest of the document still counts: it is OpenID Connect, with the issuer's keys.
    let named = issuer.oidc_with(|options| {
        options.endpoints.token = set("token");
        options.endpoints.device = set("device");
    });
    assert!(grant(&named).await.0.is_ok());
    assert_eq!(
        issuer.calls("/device").pop().unwrap().form["scope"],
        "openid profile"
    );
    // Plain OAuth 2.0: an ID token could not be verified and is not read; the scopes are sent as they are.
    issuer.tell(|script| script.discovery = Value::Null);
    let claims = json!({"id": "u-1", "attributes": [{"xm": "x"}, {"xh": "20260002"}]});
    issuer.tell(|script| script.userinfo = Say::Json(200, claims));
    let plain = issuer.oidc_with(|options| {
        options.scopes = "basic".into();
        options.claim = "/attributes/xh".into();
        options.endpoints = SetEndpoints {
            token: set("token"),
            device: set("device"),
            userinfo: set("userinfo"),
        };
    });
    let student = grant(&plain).await.0.unwrap();
    assert_eq!(student.number.as_str(), "20260002");
    assert_eq!(
        issuer.calls("/device").pop().unwrap().form["scope"],
        "basic"
    );
    issuer.answers([error("invalid_grant")]);
    assert_eq!(DeviceGrant::probe(&plain).await[0].said, Ok(()));
    issuer.answers([issuer.token()]);
    // Some servers have another answer for an address that they do not know; only silence says nothing of it.
    for say in [
        Say::Bytes(200, b"<html>".to_vec()),
        Say::Json(302, json!({})),
        Say::Json(403, json!({})),
        Say::Json(500, json!({})),
    ] {
        issuer.tell(|script| script.no_document = Some(say.clone()));
        assert_eq!(plain_said(&issuer, &set).await, Ok(()), "{say:?}");
    }
    issuer.tell(|script| script.no_document = Some(Say::Late(4000)));
    assert_eq!(plain_said(&issuer, &set).await, Err(Failure::Offline));
    issuer.tell(|script| script.no_document = None);
    // Half of it is nothing.
    let half = issuer.oidc_with(|options| options.endpoints.token = set("token"));
    let (granted, _) = grant(&half).await;
    assert!(
        format!("{granted:?}").contains("there is no discovery document"),
        "{granted:?}"
    );
}

#[tokio::test]
async fn a_probe_finds_an_issuer_whose_signatures_are_not_verified_here() {
    let issuer = Issuer::new().await;
    for (algorithms, is_taken) in [
        (json!(["HS512"]), false),
        (json!(["none", "HS256"]), false),
        (json!(["HS256", "RS512"]), true),
        (json!(["EdDSA"]), true),
        (json!([]), true),
    ] {
        let named = "id_token_signing_alg_values_supported";
        issuer.tell(|script| script.discovery[named] = algorithms.clone());
        let said = DeviceGrant::probe(&issuer.oidc()).await.remove(0).said;
        let told = format!("{said:?}");
        assert_eq!(
            !told.contains("the ID token is signed with none of"),
            is_taken,
            "{algorithms}: {told}"
        );
    }
}

/// Discovery: another issuer's document, none, one without the grant, one with addresses in the open.
#[tokio::test]
async fn an_issuer_is_found_or_what_is_wrong_is_said() {
    let documents: [(&str, Value, &str); 4] = [
        ("issuer", json!("https://evil.example"), "another issuer's"),
        (
            "device_authorization_endpoint",
            Value::Null,
            "offers no device grant",
        ),
        (
            "token_endpoint",
            json!("http://sso.example.edu.cn/token"),
            "not https",
        ),
        ("jwks_uri", json!("ftp://x/"), "not https"),
    ];
    for (name, value, wanted) in documents {
        let issuer = Issuer::new().await;
        issuer.tell(|script| script.discovery[name] = value);
        let (granted, _) = issuer.grant().await;
        let said = format!("{granted:?}");
        assert!(
            said.contains("Misconfigured") && said.contains(wanted),
            "{said}"
        );
        assert!(issuer.calls("/token").is_empty() && issuer.calls("/device").is_empty());
    }
    let issuer = Issuer::new().await;
    issuer.tell(|script| script.discovery = json!([]));
    assert_eq!(issuer.grant().await.0, Err(Failure::Unavailable));
    // A slash at the end is no other issuer.
    let issuer = Issuer::new().await;
    issuer.answers([issuer.token()]);
    let oidc = issuer.oidc_with(|options| options.issuer.push('/'));
    assert!(grant(&oidc).await.0.is_ok());
    // It is found once.
    assert!(grant(&oidc).await.0.is_ok());
    assert_eq!(issuer.calls("/.well-known/openid-configuration").len(), 1);
}

#[tokio::test]
async fn a_client_names_itself_as_the_issuer_wants() {
    let issuer = Issuer::new().await;
    issuer.answers([issuer.token()]);
    let public = issuer.oidc_with(|options| options.client_secret = None);
    assert!(grant(&public).await.0.is_ok());
    let call = issuer.calls("/token").pop().unwrap();
    assert_eq!(
        (call.form["client_id"].as_str(), call.authorization),
        ("desk", None)
    );
    issuer.tell(|script| {
        script.discovery["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    });
    let by_form = issuer.oidc_with(|options| {
        options.client_secret = Some(Secret::new("canary&client".into()));
        options.scopes = "profile openid  email".into();
    });
    assert!(grant(&by_form).await.0.is_ok());
    let call = issuer.calls("/token").pop().unwrap();
    assert_eq!(call.form["client_secret"], "canary&client");
    assert_eq!(call.authorization, None);
    assert_eq!(
        issuer.calls("/device").pop().unwrap().form["scope"],
        "openid profile email"
    );
}

/// The checks before the doors open name no student, and find out whether the client is accepted.
#[tokio::test]
async fn a_probe_tells_whether_the_client_is_taken() {
    let refused = |code: &str, status: u16| {
        let told = format!("the OIDC token endpoint refuses this desk: {code} (HTTP {status})");
        Err(Failure::Misconfigured(told))
    };
    let unknown = Say::Json(401, json!({"error": "invalid_client"}));
    for (say, wanted) in [
        (error("invalid_grant"), Ok(())),
        (error("expired_token"), Ok(())),
        (error("invalid_request"), Ok(())),
        (Say::Bytes(403, Vec::new()), Ok(())),
        (unknown, refused("invalid_client", 401)),
        (
            error("unauthorized_client"),
            refused("unauthorized_client", 400),
        ),
        (
            error("unsupported_grant_type"),
            refused("unsupported_grant_type", 400),
        ),
        (
            Say::Bytes(401, Vec::new()),
            Err(Failure::Misconfigured(
                "OIDC: the client is not taken (HTTP 401)".into(),
            )),
        ),
        (Say::Json(502, json!({})), Err(Failure::Unavailable)),
        (
            Say::Bytes(200, b"<html>".to_vec()),
            Err(Failure::Unavailable),
        ),
    ] {
        let issuer = Issuer::new().await;
        issuer.answers([say.clone()]);
        let by_device = DeviceGrant::probe(&issuer.oidc()).await;
        let by_password = OidcPassword(issuer.oidc()).probe().await;
        assert_eq!(by_device[0].said, wanted, "{say:?}");
        assert_eq!(by_password[0].said, wanted, "{say:?}");
        let [asked, other] = &issuer.calls("/token")[..] else {
            panic!("asked more than once each");
        };
        assert_eq!(asked.form["device_code"], "yingxin-doctor");
        let keys: Vec<&str> = other.form.keys().map(String::as_str).collect();
        assert_eq!(keys, ["grant_type"], "no account is asked about");
        assert!(issuer.calls("/device").is_empty());
    }
}

#[tokio::test]
async fn whoever_stops_waiting_ends_it() {
    let issuer = Issuer::new().await;
    issuer.answers([Say::Late(400)]);
    let oidc = issuer.oidc();
    let (tell, _told) = tokio::sync::mpsc::channel(8);
    let waited = tokio::time::timeout(Duration::from_millis(300), oidc.grant(&tell)).await;
    assert!(waited.is_err(), "{waited:?}");
    let polls = issuer.calls("/token").len();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(issuer.calls("/token").len(), polls);
}
