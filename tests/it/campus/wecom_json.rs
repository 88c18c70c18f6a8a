//! WeCom's JSON as its gateway writes it.

use axum::Router;
use axum::routing::get;
use yingxin::campus::Directory;
use yingxin::campus::directory::WeCom;
use yingxin::visit::{Member, MemberStatus, Secret};

use super::house::{House, mobile, number};

/// The gateway passes on what members typed as their names, raw.
#[tokio::test]
async fn a_name_with_raw_control_characters_hides_nothing_that_matters() {
    let token = br#"{"errcode":0,"errmsg":"ok","access_token":"tok","expires_in":7200}"#;
    let member = b"{\"errcode\":0,\"errmsg\":\"ok\",\"userid\":\"20260001\",\"name\":\"Li\x08\x14Si\xd5\\x\",\
                   \"status\":4,\"mobile\":\"13900139001\"}";
    let router = Router::new()
        .route("/cgi-bin/gettoken", get(async || token.to_vec()))
        .route("/cgi-bin/user/get", get(async || member.to_vec()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/cgi-bin", listener.local_addr().unwrap());
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let house = House::new().await;
    let secret = Some(Secret::new("x".repeat(43)));
    let wecom = WeCom::new(house.http.clone(), &base, "corp", None, secret, None).unwrap();
    let found = wecom.find(&number("20260001")).await;
    let known = Member {
        status: MemberStatus::NotActive,
        mobile: Some(mobile("13900139001")),
    };
    assert_eq!(found, Ok(known));
    served.abort();
}
