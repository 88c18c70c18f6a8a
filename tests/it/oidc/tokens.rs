//! Which ID tokens are accepted: each way to be wrong is reported by its name and signs no student in.

use futures_util::future::join_all;
use serde_json::{Value, json};
use yingxin::visit::{Failure, GrantRefusal};

use super::issuer::{Issuer, Say, tokens};
use super::jose::{Key, encode, hs256, none};

const NOW: i64 = 0;

fn misconfigured(granted: super::issuer::Granted) -> String {
    match granted {
        Err(Failure::Misconfigured(text)) => text,
        other => format!("{other:?}"),
    }
}

/// How an issuer makes a token.
type Make = fn(&Issuer) -> String;

/// A token, and what is said of it.
type Case = (&'static str, Make, &'static str);

fn changed(issuer: &Issuer, changes: Value) -> String {
    issuer.key.sign("k1", &issuer.claims_with(changes))
}

fn at(secs: i64) -> i64 {
    jiff::Timestamp::now().as_second() + NOW + secs
}

const CASES: [Case; 22] = [
    (
        "another key with the same name",
        |i| Key::es256().sign("k1", &i.claims()),
        "signature is wrong",
    ),
    (
        "a bit of the signature",
        |i| {
            let mut token = i.key.sign("k1", &i.claims());
            let last = token.pop().unwrap();
            token.push(if last == 'A' { 'Q' } else { 'A' });
            token
        },
        "signature is wrong",
    ),
    (
        "a claim changed afterwards",
        |i| {
            let token = i.key.sign("k1", &i.claims());
            let parts: Vec<&str> = token.split('.').collect();
            let other = i.claims_with(json!({"preferred_username": "20260002"}));
            format!("{}.{}.{}", parts[0], encode(other.to_string()), parts[2])
        },
        "signature is wrong",
    ),
    (
        "issuer",
        |i| changed(i, json!({"iss": "https://evil.example"})),
        "another issuer",
    ),
    (
        "a list of issuers",
        |i| changed(i, json!({"iss": [i.url, "https://evil.example"]})),
        "another issuer",
    ),
    (
        "audience",
        |i| changed(i, json!({"aud": "another-client"})),
        "another client",
    ),
    (
        "audiences without a party",
        |i| changed(i, json!({"aud": ["desk", "other"]})),
        "another client",
    ),
    (
        "another party",
        |i| changed(i, json!({"aud": ["desk", "other"], "azp": "other"})),
        "another client",
    ),
    (
        "expired",
        |i| changed(i, json!({"exp": at(-120)})),
        "is over",
    ),
    (
        "not yet",
        |i| changed(i, json!({"nbf": at(600)})),
        "not good yet",
    ),
    (
        "no end",
        |i| changed(i, json!({"exp": null})),
        "lacks a claim",
    ),
    (
        "an end that is no number",
        |i| changed(i, json!({"exp": "tomorrow"})),
        "lacks a claim",
    ),
    (
        "no subject",
        |i| changed(i, json!({"sub": null})),
        "lacks a claim",
    ),
    ("nobody's signature", |i| none(&i.claims()), "is none"),
    (
        "the public key as a secret",
        |i| {
            let key = i.key.jwk("k1");
            hs256(key["x"].as_str().unwrap().as_bytes(), "k1", &i.claims())
        },
        "is signed with none of",
    ),
    (
        "an algorithm of another kind than the key",
        |i| {
            let header = json!({"alg": "RS256", "kid": "k1"});
            i.key.sign_with(&header, &i.claims())
        },
        "does not show",
    ),
    (
        "an algorithm that is not taken",
        |i| {
            let header = json!({"alg": "HS512", "kid": "k1"});
            i.key.sign_with(&header, &i.claims())
        },
        "is signed with none of",
    ),
    (
        "a curve of another size than the key's",
        |i| {
            let header = json!({"alg": "ES384", "kid": "k1"});
            i.key.sign_with(&header, &i.claims())
        },
        "does not show",
    ),
    (
        "an extension that must be understood",
        |i| {
            let header = json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false});
            i.key.sign_with(&header, &i.claims())
        },
        "is none",
    ),
    (
        "a key in its own header",
        |i| {
            let key = Key::es256();
            let header = json!({"alg": "ES256", "jwk": key.jwk("k1")});
            key.sign_with(&header, &i.claims())
        },
        "signature is wrong",
    ),
    ("garbage", |_| "\u{1b}[2J..".into(), "is none"),
    (
        "no student number",
        |i| {
            changed(
                i,
                json!({"preferred_username": "me@evil.example/\u{1b}[2J"}),
            )
        },
        "the form of a student number",
    ),
];

#[tokio::test]
async fn each_way_to_be_wrong_is_told_and_signs_nobody_in() {
    let judged = join_all(CASES.map(|(name, make, wanted)| async move {
        let issuer = Issuer::new().await;
        issuer.answers([tokens(&make(&issuer))]);
        let (granted, _) = issuer.grant().await;
        (name, misconfigured(granted), wanted)
    }));
    for (name, said, wanted) in judged.await {
        assert!(said.contains(wanted), "{name}: {said}");
    }
}

#[tokio::test]
async fn what_is_right_signs_in() {
    let good: [(&str, Make); 6] = [
        ("as it comes", |i| i.key.sign("k1", &i.claims())),
        ("with audiences and a party", |i| {
            changed(i, json!({"aud": ["other", "desk"], "azp": "desk"}))
        }),
        ("one audience in a list", |i| {
            changed(i, json!({"aud": ["desk"]}))
        }),
        ("clocks a little apart", |i| {
            changed(i, json!({"exp": at(-30), "nbf": at(30)}))
        }),
        ("without a name for its key", |i| {
            let header = json!({"alg": i.key.alg()});
            i.key.sign_with(&header, &i.claims())
        }),
        ("a number as a number", |i| {
            changed(i, json!({"preferred_username": 20_260_001}))
        }),
    ];
    for make_key in [
        Key::es256 as fn() -> Key,
        Key::rs256,
        || Key::rsa("RS384"),
        || Key::rsa("RS512"),
        || Key::rsa("PS256"),
        || Key::rsa("PS384"),
        || Key::rsa("PS512"),
        Key::es384,
        Key::ed25519,
    ] {
        let granted = join_all(good.map(|(name, make)| async move {
            let issuer = Issuer::with_key(make_key()).await;
            issuer.answers([tokens(&make(&issuer))]);
            (name, issuer.grant().await.0)
        }));
        for (name, student) in granted.await {
            let student = student.unwrap_or_else(|why| panic!("{name}: {why:?}"));
            assert_eq!(student.number.as_str(), "20260001", "{name}");
            assert_eq!(student.name.as_str(), "陈晓雨", "{name}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_not_known_is_looked_for_once() {
    let issuer = Issuer::new().await;
    let oidc = issuer.oidc();
    issuer.answers([issuer.token()]);
    assert!(super::issuer::grant(&oidc).await.0.is_ok());
    assert_eq!(issuer.calls("/keys").len(), 1);
    // Kept: the next one asks for no keys.
    assert!(super::issuer::grant(&oidc).await.0.is_ok());
    assert_eq!(issuer.calls("/keys").len(), 1);
    // The issuer has a new key.
    let new = Key::es256();
    let set = json!({"keys": [issuer.key.jwk("k1"), new.jwk("k2")]});
    issuer.tell(|script| script.keys = [Say::Json(200, set)].into());
    issuer.answers([tokens(&new.sign("k2", &issuer.claims()))]);
    assert!(super::issuer::grant(&oidc).await.0.is_ok());
    assert_eq!(issuer.calls("/keys").len(), 2);
    // An unknown key: the keys are fetched once more, and no more.
    issuer.answers([tokens(&Key::es256().sign("k3", &issuer.claims()))]);
    let (granted, _) = super::issuer::grant(&oidc).await;
    assert!(misconfigured(granted).contains("does not show"));
    assert_eq!(issuer.calls("/keys").len(), 3);
}

#[tokio::test]
async fn keys_of_other_kinds_are_left_out_and_bad_key_sets_are_none() {
    let strange = [
        json!({"kty": "OKP", "crv": "Ed448", "x": "AA", "kid": "k0"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "k1"}),
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "k1", "alg": "HS256"}),
        json!("no key at all"),
    ];
    let issuer = Issuer::new().await;
    let mut keys = strange.to_vec();
    keys.push(issuer.key.jwk("k1"));
    issuer.tell(|script| script.keys = [Say::Json(200, json!({"keys": keys}))].into());
    issuer.answers([issuer.token()]);
    assert!(issuer.grant().await.0.is_ok());

    let mut encrypting = issuer.key.jwk("k1");
    encrypting["use"] = json!("enc");
    let bad = [
        Say::Json(200, json!({"keys": "none"})),
        Say::Bytes(200, b"<html>\x1b[2J".to_vec()),
        Say::Bytes(200, vec![b' '; 10_000_000]),
        Say::Cut(json!({"keys": [issuer.key.jwk("k1")]})),
        Say::Json(503, json!({})),
        Say::Json(302, json!({})),
    ];
    let judged = join_all(bad.map(|say| async move {
        let issuer = Issuer::new().await;
        issuer.tell(|script| script.keys = [say.clone()].into());
        issuer.answers([issuer.token()]);
        (
            format!("{say:?}").chars().take(60).collect::<String>(),
            issuer.grant().await.0,
        )
    }));
    for (say, granted) in judged.await {
        let wanted = if say.starts_with("Cut") {
            Failure::<GrantRefusal>::Offline
        } else {
            Failure::Unavailable
        };
        assert_eq!(granted, Err(wanted), "{say}");
    }
    issuer.tell(|script| script.keys = [Say::Json(200, json!({"keys": [encrypting]}))].into());
    assert!(misconfigured(issuer.grant().await.0).contains("does not show"));
}

#[tokio::test]
async fn what_the_token_does_not_say_is_asked_of_the_issuer() {
    let issuer = Issuer::new().await;
    let bare = issuer.claims_with(json!({"preferred_username": null, "name": null}));
    issuer.answers([tokens(&issuer.key.sign("k1", &bare))]);
    let more = json!({"sub": "u-1", "preferred_username": "20260002", "name": "乌日娜\u{1b}[31m"});
    issuer.tell(|script| script.userinfo = Say::Json(200, more));
    let student = issuer.grant().await.0.unwrap();
    assert_eq!(student.number.as_str(), "20260002");
    assert_eq!(student.name.as_str(), "乌日娜[31m");
    let asked = issuer.calls("/userinfo");
    assert_eq!(
        asked[0].authorization.as_deref(),
        Some("Bearer canary-access")
    );
    // Claims about another subject are not accepted.
    let other = json!({"sub": "u-2", "preferred_username": "20260002"});
    issuer.tell(|script| script.userinfo = Say::Json(200, other));
    assert!(misconfigured(issuer.grant().await.0).contains("somebody else"));
    // Without an answer there is no number; without a name it goes on.
    issuer.tell(|script| script.userinfo = Say::Bytes(200, vec![b'x'; 10_000_000]));
    assert_eq!(issuer.grant().await.0, Err(Failure::Unavailable));
    let named = issuer.claims_with(json!({"name": null}));
    issuer.answers([tokens(&issuer.key.sign("k1", &named))]);
    assert_eq!(issuer.grant().await.0.unwrap().name.as_str(), "");
    // The number is where it is said to be, and nowhere else.
    let oidc = issuer.oidc_with(|options| options.claim = "xh".into());
    let (granted, _) = super::issuer::grant(&oidc).await;
    assert_eq!(granted, Err(Failure::Unavailable));
}
