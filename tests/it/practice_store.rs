//! Practice and the real day never meet: what waits in a practice store reaches no real campus, and neither opens the
//! other's store.

use std::time::Duration;

use crate::support::campus::Campus;
use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, ESC, F10, TAB, yingxin};
use serde_json::json;

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Practice, with its store in the home folder; the number given there waits for its campus.
fn practise(place: &Place) {
    let listen = format!("127.0.0.1:{}", free_port());
    let args = ["practice", "--lang", "zh-CN", "--listen", &listen];
    let mut desk = Desk::start(yingxin(&args), place.dir(), 120, 40);
    desk.shows("欢迎新同学");
    let fault = json!({ "target": "POST /cgi-bin/user/update", "kind": "refuse", "calls": 9999 });
    Campus::post_to(&format!("http://{listen}"), "/practice/faults", fault);
    desk.types(ENTER).shows("开始之前，请您知道").types(ENTER);
    desk.shows("登录统一身份认证").types("20260001").types(TAB);
    desk.types("practice-0001").types(ENTER);
    desk.shows("填写手机号").types("13700137000").types(ENTER);
    desk.shows("手机号已经记下").types(ESC).shows("要离开吗");
    desk.types("2").shows("校园系统连上就自己办");
    desk.kill();
}

#[test]
fn what_waits_in_practice_never_reaches_a_real_campus() {
    let place = Place::connected();
    practise(&place);
    let config = place.dir().join("yingxin.toml");
    // The PIN lies in the store that the other commands name.
    place.desk_setting(&format!("pin_file = {:?}", place.store().join("pin")));
    let args = ["--config", config.to_str().unwrap(), "--lang", "zh-CN"];
    let mut desk = Desk::start(yingxin(&args), place.dir(), 120, 40);
    desk.shows("欢迎新同学");
    std::thread::sleep(Duration::from_secs(1));
    let calls = &place.campus().get("/practice/state")["calls"];
    let touched = calls.as_object().unwrap().keys();
    let touched: Vec<_> = touched
        .filter(|path| path.starts_with("/cgi-bin"))
        .collect();
    assert!(touched.is_empty(), "{touched:?}");
    desk.types(F10).shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows("没有人在等").types("o").shows("没有等着的");
}

#[test]
fn neither_opens_the_others_store() {
    let place = Place::connected();
    let store = place.store();
    let store = store.to_str().unwrap();
    // A real desk's, then practice on it.
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.signal("TERM");
    desk.ends();
    let mut practice = Desk::start(
        yingxin(&["--store", store, "practice"]),
        place.dir(),
        100,
        40,
    );
    assert!(!practice.ends().success());
    assert!(
        practice.text().contains("is a real desk's store"),
        "{}",
        practice.text()
    );
    // And the other way round.
    let other = place.dir().join("other");
    let other = other.to_str().unwrap();
    let args = ["--store", other, "practice", "--lang", "zh-CN"];
    let mut practice = Desk::start(yingxin(&args), place.dir(), 100, 40);
    practice.shows("欢迎新同学");
    practice.kill();
    std::fs::copy(place.store().join("pin"), place.dir().join("other/pin")).unwrap();
    let config = place.dir().join("yingxin.toml");
    let args = ["--config", config.to_str().unwrap(), "--store", other];
    let mut kiosk = Desk::start(yingxin(&args), place.dir(), 100, 40);
    assert!(!kiosk.ends().success());
    assert!(
        kiosk.text().contains("is a practice store"),
        "{}",
        kiosk.text()
    );
}
