//! The kiosk's whole journey by device grant: the built binary in a terminal, the code decoded off the screen, the
//! phone's browser at glewlwyd, directory and SMS at the practice campus. And the practice desk with its own phone.

use std::path::Path;

use crate::support::glewlwyd::{CLIENT, CLIENT_SECRET, Glewlwyd, STUDENTS};
use crate::support::kiosk::{FOLLOW, Place};
use crate::support::{Desk, ENTER, yingxin};

const ESC: &str = "\x1b";
const F9: &str = "\x1b[20~";

/// A desk whose unified identity is glewlwyd, and all else the practice campus.
fn connected_to(server: &Glewlwyd) -> Place {
    let place = Place::connected();
    let config = place.dir().join("yingxin.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let (before, rest) = text.split_once("[identity.cas_rest]\n").unwrap();
    let (_, after) = rest.split_once("[directory]\n").unwrap();
    let identity = format!(
        "[identity.oidc]\nissuer = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"oidc\"\n",
        server.issuer("oidc")
    );
    std::fs::write(&config, format!("{before}{identity}[directory]\n{after}")).unwrap();
    secret(place.dir(), "oidc", CLIENT_SECRET);
    place
}

fn secret(dir: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn to_code(desk: &mut Desk) -> String {
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前，请您知道").types(ENTER);
    desk.shows("用手机登录统一身份认证")
        .shows("手机上的码应当是");
    desk.qr()
}

#[test]
fn a_student_signs_in_on_their_phone_and_is_bound() {
    let runtime = runtime();
    let server = runtime.block_on(Glewlwyd::start(None));
    let place = connected_to(&server);
    let (number, name, password) = STUDENTS[0];
    let mut desk = place.kiosk("zh-CN", 80, 24);
    let address = to_code(&mut desk);
    assert!(address.starts_with(&server.url), "{address}");
    let (_, code) = address.split_once("code=").unwrap();
    desk.shows(code);
    assert!(
        !desk.text().contains("改用密码"),
        "no password can be typed here"
    );
    // Esc answers at once, and the way leads on with another code.
    desk.types(ESC).shows("开始之前，请您知道").types(ENTER);
    desk.shows("手机上的码应当是").hides(code);
    let again = desk.qr();
    assert_ne!(again, address);
    runtime.block_on(server.browser().approves(&again, number, password));
    desk.shows("填写手机号").types("13800138000").types(ENTER);
    desk.shows("您的微信，绑定的是这个手机号吗？").types("1");
    desk.shows("用微信关注");
    assert_eq!(desk.qr(), FOLLOW);
    place.campus().phone("scan-follow");
    desk.shows("绑定成功").types(ENTER).shows("欢迎新同学");
    let state = place.campus().get("/practice/state");
    assert_eq!(state["members"][number]["mobile"], "13800138000");
    assert_eq!(state["members"][number]["status"], 1);
    let seen = desk.text();
    assert!(!seen.contains(number) && !seen.contains(name), "{seen}");
    // Nothing of the sign-in is written anywhere.
    let (_, second) = again.split_once("code=").unwrap();
    for entry in walk(&place.store()) {
        let bytes = std::fs::read(&entry).unwrap_or_default();
        for needle in [code, second, CLIENT_SECRET, password, "id_token"] {
            let found = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
            assert!(!found, "{needle} in {}", entry.display());
        }
    }
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => all.extend(walk(&entry.path())),
            Ok(kind) if kind.is_file() => all.push(entry.path()),
            _ => {}
        }
    }
    all
}

/// In practice the same code runs, and the practice phone is the student's: it refuses, then agrees.
#[test]
fn the_practice_phone_refuses_and_agrees() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let line = ["practice", "--oidc", "--store", store.to_str().unwrap()];
    let mut desk = Desk::start(yingxin(&line), home.path(), 130, 40);
    to_code(&mut desk);
    desk.shows("扫迎新台的登录码").types(F9).types("1");
    desk.shows("登录迎新台？").types("2");
    desk.shows("手机上没有同意这次登录").types(F9).types("n");
    desk.shows("手机上的码应当是").types(F9).types("1");
    desk.shows("登录迎新台？").types("1");
    desk.shows("填写手机号").types(F9);
    // The power goes: it is offered again, and goes on for the same phone.
    desk.kill();
    let mut desk = Desk::start(yingxin(&line), home.path(), 130, 40);
    desk.shows("接着刚才的办？").types("n");
    desk.shows("手机上的码应当是").types(F9).types("1");
    desk.shows("登录迎新台？").types("1");
    desk.shows("填写手机号");
}
