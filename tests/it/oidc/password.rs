//! The password grant (RFC 6749 4.3): one call that carries the password, and each refusal by its kind.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use yingxin::campus::identity::{Missed, OidcPassword, PasswordWay};
use yingxin::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

use super::issuer::{Issuer, Say, error};

async fn judge(issuer: &Issuer, password: &str) -> Result<Student, Missed> {
    let way = OidcPassword(issuer.oidc());
    let number = StudentNumber::from_campus("20260001");
    way.judge(&number, &Secret::new(password.into())).await
}

#[tokio::test]
async fn the_right_password_gets_in_and_is_sent_once() {
    let issuer = Issuer::new().await;
    issuer.answers([issuer.token()]);
    for password in ["a&b=c +%密 🔑", &"x".repeat(512)] {
        let student = judge(&issuer, password).await.unwrap();
        assert_eq!(student.number.as_str(), "20260001");
        assert_eq!(student.name.as_str(), "陈晓雨");
        let call = issuer.calls("/token").pop().unwrap();
        assert_eq!(call.form["grant_type"], "password");
        assert_eq!(call.form["username"], "20260001");
        assert_eq!(call.form["password"], password);
    }
    assert_eq!(issuer.calls("/token").len(), 2);
}

#[tokio::test]
async fn each_refusal_has_its_kind_and_nothing_is_repeated() {
    let wrong = || Missed::Sent(Failure::Rejected(SignInRefusal::WrongPassword));
    let offline = || Missed::Sent(Failure::Offline);
    let unavailable = || Missed::Sent(Failure::Unavailable);
    let misconfigured = |text: &str| Missed::Sent(Failure::Misconfigured(text.into()));
    let refusals = [
        (error("invalid_grant"), wrong()),
        (Say::Json(401, json!({})), wrong()),
        (Say::Bytes(401, Vec::new()), wrong()),
        (Say::Bytes(403, Vec::new()), wrong()),
        (Say::Bytes(400, Vec::new()), wrong()),
        (
            Say::Json(401, json!({"error": "invalid_client"})),
            misconfigured("the OIDC token endpoint refuses this desk: invalid_client (HTTP 401)"),
        ),
        (
            error("unsupported_grant_type"),
            misconfigured(
                "the OIDC token endpoint refuses this desk: unsupported_grant_type (HTTP 400)",
            ),
        ),
        (
            Say::Json(404, json!({})),
            misconfigured("OIDC: no password grant is given (HTTP 404)"),
        ),
        (
            Say::Json(429, json!({})),
            Missed::Sent(Failure::Limited { retry_after: None }),
        ),
        (Say::Json(500, json!({})), unavailable()),
        (Say::Json(302, json!({})), unavailable()),
        (Say::Bytes(200, b"<html>\x1b[2J".to_vec()), unavailable()),
        (Say::Bytes(200, vec![b' '; 10_000_000]), unavailable()),
        (Say::Cut(json!({"id_token": "canary"})), offline()),
        (Say::Late(4000), offline()),
        (
            Say::Json(200, json!({"access_token": "a", "id_token": "not.a.token"})),
            misconfigured("OIDC: the ID token is none"),
        ),
        (
            Say::Json(200, json!({})),
            misconfigured(
                "OIDC: who signed in is told neither by an ID token nor by userinfo: is openid allowed?",
            ),
        ),
    ];
    let judged = join_all(refusals.map(|(say, wanted)| async move {
        let issuer = Issuer::new().await;
        issuer.answers([say.clone()]);
        let began = Instant::now();
        let refused = judge(&issuer, "canary").await;
        let name: String = format!("{say:?}").chars().take(70).collect();
        (
            name,
            refused,
            wanted,
            issuer.calls("/token").len(),
            began.elapsed(),
        )
    }));
    for (name, refused, wanted, calls, took) in judged.await {
        assert_eq!(refused, Err(wanted), "{name}");
        assert_eq!(calls, 1, "{name}");
        assert!(took < Duration::from_secs(4), "{name}: {took:?}");
    }
}

/// Where the issuer is not even found, no password has left.
#[tokio::test]
async fn a_password_does_not_leave_before_its_turn() {
    let issuer = Issuer::new().await;
    issuer.tell(|script| script.discovery = json!("no document"));
    let missed = judge(&issuer, "canary").await;
    assert_eq!(missed, Err(Missed::Kept(Failure::Unavailable)));
    assert!(issuer.calls("/token").is_empty());
}

#[tokio::test]
async fn a_server_that_gives_no_id_token_tells_of_its_bearer() {
    let issuer = Issuer::new().await;
    issuer.answers([Say::Json(200, json!({"access_token": "canary-access"}))]);
    let more = json!({"sub": "u-1", "preferred_username": "20260001", "name": "陈晓雨"});
    issuer.tell(|script| script.userinfo = Say::Json(200, more));
    let student = judge(&issuer, "canary").await.unwrap();
    assert_eq!(student.number.as_str(), "20260001");
    assert_eq!(student.name.as_str(), "陈晓雨");
    // `sub` is a key of the issuer's own, unless the configuration says otherwise.
    let more = json!({"sub": "20260001", "name": "陈晓雨"});
    issuer.tell(|script| script.userinfo = Say::Json(200, more));
    let told = "OIDC: preferred_username: the student number is not given there";
    let wanted = Missed::Sent(Failure::Misconfigured(told.into()));
    assert_eq!(judge(&issuer, "canary").await, Err(wanted));
    let by_sub = OidcPassword(issuer.oidc_with(|options| options.claim = "sub".into()));
    let (number, password) = (
        StudentNumber::from_campus("20260001"),
        Secret::new("canary".into()),
    );
    let student = by_sub.judge(&number, &password);
    assert_eq!(student.await.unwrap().number.as_str(), "20260001");
}

/// What Keycloak, Entra, AD FS and Auth0 say beside a code when it is not the password that is wrong.
#[tokio::test]
async fn a_refused_grant_is_told_by_what_it_says() {
    use SignInRefusal as R;
    for (status, code, described, wanted) in [
        (
            400,
            "invalid_grant",
            "Account is not fully set up",
            R::MustChange,
        ),
        (400, "invalid_grant", "Account disabled", R::Disabled),
        (
            401,
            "invalid_grant",
            "Account is temporarily disabled",
            R::Locked,
        ),
        (
            400,
            "invalid_grant",
            "AADSTS50055: The password is expired.",
            R::MustChange,
        ),
        (
            400,
            "invalid_grant",
            "AADSTS50053: The account is locked, you've tried to sign in too many times with an incorrect user ID \
             or password.",
            R::Locked,
        ),
        (
            400,
            "invalid_grant",
            "AADSTS50076: you must use multi-factor authentication",
            R::AnotherWay,
        ),
        (
            401,
            "invalid_grant",
            "Invalid user credentials",
            R::WrongPassword,
        ),
        (
            403,
            "invalid_grant",
            "Wrong email or password.",
            R::WrongPassword,
        ),
        (
            400,
            "invalid_grant",
            "AADSTS50126: Error validating credentials due to invalid username or password.",
            R::WrongPassword,
        ),
        (400, "invalid_grant", "", R::WrongPassword),
        (
            403,
            "mfa_required",
            "Multifactor authentication required",
            R::AnotherWay,
        ),
        (400, "interaction_required", "", R::AnotherWay),
        (
            400,
            "consent_required",
            "The user has not consented",
            R::AnotherWay,
        ),
    ] {
        let issuer = Issuer::new().await;
        let told = json!({"error": code, "error_description": described});
        issuer.answers([Say::Json(status, told)]);
        let refused = judge(&issuer, "canary").await;
        let wanted = Missed::Sent(Failure::Rejected(wanted));
        assert_eq!(refused, Err(wanted), "{code} {described}");
    }
}

/// Authlib's words for a wrong password, and for what only the administrator can mend.
#[tokio::test]
async fn an_invalid_request_about_the_password_is_a_wrong_password() {
    for (described, is_wrong) in [
        ("Invalid 'username' or 'password' in request.", true),
        ("Invalid credentials", true),
        ("Username and password do not match", true),
        ("The password is incorrect.", true),
        ("Missing 'password' in request.", false),
        ("Invalid client credentials", false),
        ("The password grant is not valid for this client", false),
        (
            "Resource owner password credentials grant is invalid",
            false,
        ),
        ("Multiple client credentials are invalid", false),
        ("Multiple 'password' in request: invalid", false),
        ("Invalid request: a password is required", false),
        ("Credentials in the query are deprecated", false),
        ("password", false),
        ("Unknown scope", false),
        ("", false),
    ] {
        let issuer = Issuer::new().await;
        let body = json!({"error": "invalid_request", "error_description": described});
        issuer.answers([Say::Json(400, body)]);
        let wrong = Missed::Sent(Failure::Rejected(SignInRefusal::WrongPassword));
        let missed = judge(&issuer, "canary").await.unwrap_err();
        assert_eq!(missed == wrong, is_wrong, "{described}: {missed:?}");
    }
}
