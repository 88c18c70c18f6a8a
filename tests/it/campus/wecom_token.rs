//! Tokens, busy services and broken answers: tried again as often as is right, and no oftener.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yingxin::campus::Directory;
use yingxin::visit::{DirectoryRefusal, Failure, Member, MemberStatus};

use super::house::{DEADLINE, House, mobile, number, student, unusable};
use crate::support::clock::HeldClock;

const GET: &str = "/cgi-bin/user/get";
const TOKEN: &str = "/cgi-bin/gettoken";

fn not_active() -> Result<Member, Failure<DirectoryRefusal>> {
    let status = MemberStatus::NotActive;
    Ok(Member {
        status,
        mobile: None,
    })
}

#[tokio::test]
async fn one_token_for_many_calls_also_at_once() {
    let house = House::new().await;
    let wecom = house.wecom();
    let chen = number("20260001");
    let (a, b) = tokio::join!(wecom.find(&chen), wecom.find(&chen));
    assert_eq!((a, b), (not_active(), not_active()));
    assert_eq!(wecom.find(&chen).await, not_active());
    assert_eq!((house.calls(TOKEN).await, house.calls(GET).await), (1, 3));
}

#[tokio::test]
async fn an_expired_token_is_fetched_anew_exactly_once() {
    let house = House::new().await;
    let wecom = house.wecom();
    let chen = number("20260001");
    wecom.find(&chen).await.unwrap();
    house.fault(GET, "token-expired", Value::Null, 1).await;
    assert_eq!(wecom.find(&chen).await, not_active());
    assert_eq!((house.calls(TOKEN).await, house.calls(GET).await), (2, 3));
}

#[tokio::test]
async fn a_token_of_a_short_life_is_not_used_beyond_it() {
    let house = House::new().await;
    house.set(json!({"token_life_secs": 2})).await;
    let clock = HeldClock::new();
    let wecom = house.wecom_by(&clock);
    let chen = number("20260001");
    wecom.find(&chen).await.unwrap();
    // Half of it is enough, and the token still good for the campus.
    clock.advance(Duration::from_secs(1));
    assert_eq!(wecom.find(&chen).await, not_active());
    assert_eq!((house.calls(TOKEN).await, house.calls(GET).await), (2, 2));
}

#[tokio::test]
async fn endless_refusals_of_tokens_never_loop() {
    let house = House::new().await;
    for code in [42001, 40014, 40001] {
        let (tokens, gets) = (house.calls(TOKEN).await, house.calls(GET).await);
        house.fault(GET, "errcode", json!(code), 1000).await;
        let failed = house.wecom().find(&number("20260001")).await;
        assert!(
            matches!(failed, Err(Failure::Misconfigured(text)) if text.contains(&code.to_string()))
        );
        assert_eq!(
            (house.calls(TOKEN).await, house.calls(GET).await),
            (tokens + 2, gets + 2)
        );
        house.no_faults().await;
    }
    house.fault(GET, "token-expired", Value::Null, 1000).await;
    let failed = house.wecom().find(&number("20260001")).await;
    assert!(matches!(failed, Err(Failure::Misconfigured(_))));
}

#[tokio::test]
async fn a_wrong_secret_or_corp_is_told_without_a_loop() {
    let house = House::new().await;
    let wrong = house.wecom_with(None, Some("nonsense"), None);
    let failed = wrong.find(&number("20260001")).await;
    assert!(matches!(failed, Err(Failure::Misconfigured(text)) if text.contains("40001")));
    assert_eq!((house.calls(TOKEN).await, house.calls(GET).await), (1, 0));
}

#[tokio::test]
async fn a_busy_service_is_asked_three_times_more() {
    let house = House::new().await;
    let wecom = house.wecom();
    for code in [-1, 6000] {
        house.fault(GET, "errcode", json!(code), 3).await;
        assert_eq!(
            wecom.find(&number("20260001")).await,
            not_active(),
            "{code}"
        );
    }
    let before = house.calls(GET).await;
    house.fault(GET, "errcode", json!(-1), 1000).await;
    assert_eq!(
        wecom.find(&number("20260001")).await,
        Err(Failure::Unavailable)
    );
    assert_eq!(house.calls(GET).await, before + 4);
    house.no_faults().await;
    house.fault(TOKEN, "errcode", json!(-1), 1000).await;
    assert_eq!(
        house.wecom().find(&number("20260001")).await,
        Err(Failure::Unavailable)
    );
}

#[tokio::test]
async fn each_errcode_has_its_kind_and_no_text_of_the_servers() {
    let house = House::new().await;
    let wecom = house.wecom();
    let ask = async |code: i64| {
        house.fault(GET, "errcode", json!(code), 1).await;
        wecom.find(&number("20260001")).await
    };
    assert_eq!(
        ask(45033).await,
        Err(Failure::Limited { retry_after: None })
    );
    let other = DirectoryRefusal::Other(40058);
    assert_eq!(ask(40058).await, Err(Failure::Rejected(other)));
    for code in [48002, 50002, 60011, 60020, 40013, 40091, 301_002] {
        let Err(Failure::Misconfigured(text)) = ask(code).await else {
            panic!("{code}");
        };
        assert!(
            text.contains(&code.to_string()) && !text.contains("hint"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_call_that_was_made_too_often_is_waited_out_and_the_others_go_on() {
    let (house, clock) = (House::new().await, HeldClock::new());
    let wecom = house.wecom_by(&clock);
    let chen = number("20260001");
    house.fault(GET, "errcode", json!(45009), 1).await;
    let minute = Some(Duration::from_secs(60));
    let told = wecom.find(&chen).await;
    assert_eq!(
        told,
        Err(Failure::Limited {
            retry_after: minute
        })
    );
    let calls = house.calls(GET).await;
    clock.advance(Duration::from_secs(59));
    assert_eq!(
        wecom.find(&chen).await,
        Err(Failure::Limited {
            retry_after: Some(Duration::from_secs(1))
        })
    );
    assert_eq!(house.calls(GET).await, calls, "nothing was sent");
    assert_eq!(
        wecom.confirm(&chen).await,
        Ok(()),
        "another call is not blocked"
    );
    clock.advance(Duration::from_secs(1));
    assert_eq!(wecom.find(&chen).await, not_active());
}

#[tokio::test]
async fn no_proper_answer_is_offline_within_the_deadline() {
    let house = House::new().await;
    let wecom = house.wecom();
    for (kind, value) in [
        ("refuse", Value::Null),
        ("lost", Value::Null),
        ("cut", Value::Null),
        ("garbage", json!(300)),
        ("garbage", json!(10_000_000)),
        ("slow", json!(4000)),
        ("status", json!(500)),
        ("status", json!(302)),
        ("status", json!(404)),
    ] {
        for target in [TOKEN, GET, "/cgi-bin/user/update"] {
            house.fault(target, kind, value.clone(), 1).await;
            let began = Instant::now();
            // A new one each time, so that it has no token yet.
            let chen = student("20260001", "陈晓雨");
            let failed = house.wecom().bind(&chen, &mobile("13900139001")).await;
            assert_eq!(failed, Err(unusable(kind)), "{target} {kind} {value}");
            assert!(began.elapsed() < DEADLINE * 2, "{target} {kind} {value}");
            house.no_faults().await;
        }
    }
    house.fault("wecom", "status", json!(429), 1).await;
    let limited = wecom.find(&number("20260001")).await;
    assert_eq!(limited, Err(Failure::Limited { retry_after: None }));
}
