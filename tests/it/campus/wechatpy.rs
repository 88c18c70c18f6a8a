//! The practice campus's WeCom, judged by a client that no one here wrote: wechatpy (tests/servers/wecom_client.py).

use std::process::{Command, Stdio};

use super::house::House;
use crate::support::servers;

#[tokio::test]
async fn an_independent_client_takes_the_practice_campus_for_wecom() {
    let house = House::new().await;
    let known = house.campus.credentials();
    let mut client = Command::new(servers::path("wechatpy/bin/python"));
    client
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/servers/wecom_client.py"
        ))
        .args([&house.campus.base_url(), &known.corp_id])
        .args([&known.contacts_secret, &known.app_secret])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null());
    // The campus answers on this thread: the client is waited for on another.
    let ran = tokio::task::spawn_blocking(move || client.output()).await;
    let output = ran.unwrap().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "all of it");
    assert_eq!(house.calls("/cgi-bin/user/create").await, 7);
}
