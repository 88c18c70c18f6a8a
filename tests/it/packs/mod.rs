//! Campus packs from outside: two of invented universities whose rules are others, gone through end to end in a terminal;
//! and faulty ones, each fault named in its exact words. No code may know the embedded campus.

mod walks;

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::sync::OnceLock;

use crate::support::campus::Campus;
use crate::support::kiosk::{PIN, Place};
use crate::support::{ENTER, F10, TAB};
use yingxin::campus::pack::{self, Pack, PackQr};
use yingxin::text::Lang;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

fn guide(pack: &str) -> Place {
    Place::of_pack(&text(pack), tempfile::tempdir().unwrap(), None)
}

/// Runs a command; its exit code, output and complaints.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = Process::new(env!("CARGO_BIN_EXE_yingxin"))
        .args(args)
        .env("LC_MESSAGES", "en_US.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

/// Both templates are the same pack: only what stands in comments is in another language.
#[test]
fn a_new_pack_is_the_same_in_both_languages() {
    let settings = |lang| -> Vec<&'static str> {
        let lines = pack::template(lang).lines();
        let lines = lines.map(|line| line.trim_start_matches("# "));
        let lines = lines.map(|line| line.split("  #").next().unwrap_or(line).trim_end());
        // Whole settings alone, also those in comments.
        let is_set = |line: &&str| toml::from_str::<toml::Table>(line).is_ok_and(|t| !t.is_empty());
        lines.filter(is_set).collect()
    };
    assert!(settings(Lang::En).len() > 60);
    assert_eq!(settings(Lang::En), settings(Lang::Zh));
    let parsed = |lang| toml::from_str::<toml::Table>(pack::template(lang)).unwrap();
    assert_eq!(parsed(Lang::En), parsed(Lang::Zh));
    let (code, printed, _) = run(&["--lang", "zh-CN", "pack", "new"]);
    assert_eq!((code, printed.as_str()), (0, pack::template(Lang::Zh)));
}

#[test]
fn accounts_are_activated_first_by_the_phone() {
    let place = guide("packs/beihai.toml");
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("按 Enter 开始").shows("有续办号");
    let welcome = desk.text();
    for wrong in ["二维码", "我扫好了", "换学号或教工"] {
        assert!(!welcome.contains(wrong), "{wrong}:\n{welcome}");
    }
    desk.types(ENTER);
    for (shown, keys) in [
        ("证件号只填在手机上", "1"),
        ("设一个自己记得住的密码", "1"),
        ("用刚激活的账号登录", "1"),
        ("点【获取验证码】", "1"),
        ("填短信里的验证码", "1"),
    ] {
        desk.shows(shown).types(keys);
    }
    // The code's page says what to do with the code; no page asks whose number it is.
    desk.shows("用微信扫这个二维码");
    assert_eq!(desk.qr(), "https://beihai.example/follow");
    desk.types("1")
        .shows("已按您说的记下")
        .types(ENTER)
        .shows("按 Enter 开始");
}

/// The practice campus with student numbers of twelve digits.
fn campus_of_twelve_digits(state: &Path) -> Campus {
    drop(Campus::start(state));
    let path = state.join("campus.json");
    let roster = std::fs::read_to_string(&path).unwrap();
    let longer = roster.replace("2026000", "20260000000");
    assert_ne!(roster, longer);
    std::fs::write(&path, longer).unwrap();
    Campus::start(state)
}

#[test]
fn accounts_are_activated_first_and_the_desk_does_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let campus = campus_of_twelve_digits(&home.path().join("campus"));
    let place = Place::of_pack(&text("packs/beihai.toml"), home, Some(campus));
    let mut desk = place.kiosk("en", 100, 45);
    desk.shows("Welcome, new students").types(ENTER);
    // How long it is kept is the pack's.
    desk.shows("Before we begin")
        .shows("At most 14 days")
        .types(ENTER);
    desk.shows("Open beihai.example").types("1");
    desk.shows("Choose a password").types("1");
    desk.shows("Sign in with your unified identity");
    desk.types("20260001")
        .types(TAB)
        .types("practice-0001")
        .types(ENTER);
    desk.shows("at least 12 characters").types("\x15");
    desk.types("202600000001")
        .types(TAB)
        .types("\x15practice-0001")
        .types(ENTER);
    desk.shows("Your mobile number")
        .types("13800138000")
        .types(ENTER);
    // The code comes at once: no page asks which number WeChat has, and the follow is later.
    desk.shows("Send the code")
        .types(ENTER)
        .shows("The code went to");
    let phone = place.campus().get("/practice/phone");
    let message = phone["messages"][0].as_str().unwrap().to_owned();
    let code = message
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 6)
        .unwrap();
    desk.types(code).shows("I have followed");
    assert_eq!(desk.qr(), "https://beihai.example/follow");
    // Enter looks once more; only what the directory says is green.
    desk.types(ENTER).shows("has not been seen yet");
    let wechat = serde_json::json!({ "mobile": "13800138000" });
    place.campus().put("/practice/phone/wechat", wechat);
    place.campus().phone("scan-follow");
    desk.shows("YOU ARE BOUND");
}

#[test]
fn a_portal_binds_without_any_code_to_scan() {
    let place = guide("packs/menhu.toml");
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows("按 Enter 开始");
    let welcome = desk.text();
    for wrong in ["二维码", "我扫好了", "请叫志愿者"] {
        assert!(!welcome.contains(wrong), "{wrong}:\n{welcome}");
    }
    desk.types(ENTER).shows("menhu.example").types("1");
    desk.shows("点【绑定】").types("1");
    desk.shows("最长四小时生效").types("1");
    desk.shows("已按您说的记下");
}

#[test]
fn who_waits_four_hours_gets_a_pickup_number_and_goes_on_where_they_were() {
    let place = guide("packs/menhu.toml");
    let mut desk = place.kiosk("zh-CN", 100, 30);
    desk.shows("按 Enter 开始")
        .types("c")
        .shows("您是哪种情况")
        .types("2");
    desk.shows("menhu.example").types("1");
    desk.shows("解绑老号").types("1");
    desk.shows("四小时以后再来").types("1");
    desk.shows("请记下这个续办号")
        .shows("记好了 ] <")
        .types(ENTER)
        .shows("按 Enter 开始");
    let (code, rows, _) = place.command(&["visits", "list", "--json"]);
    assert_eq!(code, 0);
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows["stage"], "portal");
    let pickup = rows["pickup"].as_str().unwrap();
    desk.types("p")
        .shows("一共七位数字")
        .types(pickup)
        .types(ENTER);
    desk.shows("西山理工学院").hides("一共七位数字").types(F10);
    desk.shows("请输入 PIN").types(PIN).types(ENTER);
    desk.shows("继续这份登记").types("g");
    desk.shows("四小时以后再来").types("2");
    desk.shows("menhu.example").types("1");
    desk.shows("点【绑定】").types("1");
    desk.shows("状态：绑定中")
        .types("1")
        .shows("已按您说的记下");
}

#[test]
fn each_faulty_pack_is_told_all_that_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(file("invalid_packs")).unwrap() {
        let name = entry.unwrap().file_name();
        std::fs::copy(file("invalid_packs").join(&name), dir.path().join(&name)).unwrap();
    }
    let blank = image::GrayImage::from_pixel(60, 60, image::Luma([255]));
    blank.save(dir.path().join("blank.png")).unwrap();
    for entry in std::fs::read_dir(file("invalid_packs")).unwrap() {
        let path = dir.path().join(entry.unwrap().file_name());
        let path = path.to_str().unwrap();
        let written = std::fs::read_to_string(path).unwrap();
        let wanted: Vec<String> = written
            .lines()
            .filter_map(|line| line.strip_prefix("#= "))
            .map(|line| {
                line.replace("{file}", path)
                    .replace("{dir}", dir.path().to_str().unwrap())
            })
            .collect();
        let (code, _, told) = run(&["pack", "check", path]);
        let told: Vec<String> = told
            .replace("\n   help: ", "; ")
            .lines()
            .map(|line| line.trim_start_matches("yingxin: ").to_owned())
            .collect();
        assert_eq!(told, wanted);
        assert_eq!(code, 65, "{path}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen} files");
}

#[test]
fn a_desk_names_the_first_fault_and_how_to_find_the_others() {
    let place = Place::of_pack(
        &text("invalid_packs/missing_text.toml"),
        tempfile::tempdir().unwrap(),
        None,
    );
    let (code, _, told) = place.command(&["config", "check"]);
    assert_eq!(code, 65);
    assert!(told.contains("notice.what: is missing"), "{told}");
    assert!(told.contains("1 more: run: yingxin pack check"), "{told}");
}

#[test]
fn a_code_comes_from_an_image_beside_the_pack_and_a_bad_one_holds_nobody_up() {
    let home = tempfile::tempdir().unwrap();
    let code = qrcode::QrCode::new("https://a.example/register").unwrap();
    let side = u32::try_from(code.width()).unwrap();
    let colours = code.to_colors();
    let image = image::GrayImage::from_fn((side + 8) * 6, (side + 8) * 6, |x, y| {
        let (x, y) = ((x / 6).wrapping_sub(4), (y / 6).wrapping_sub(4));
        let dark = x < side && y < side && colours[(y * side + x) as usize] == qrcode::Color::Dark;
        image::Luma([if dark { 0 } else { 255 }])
    });
    image.save(home.path().join("register.png")).unwrap();
    let pack = "base = \"imut\"\n[qr.register]\nimage = \"register.png\"\nexpires = 2999-12-31\n\
                [qr.unbind]\ntext = \"https://a.example/unbind\"\n\
                [qr.follow]\nimage = \"nowhere.png\"\n";
    let place = Place::of_pack(pack, home, None);
    let loaded = pack::load(&place.dir().join("pack.toml")).unwrap();
    assert_eq!(loaded.troubles.len(), 1);
    assert!(
        loaded
            .missing()
            .iter()
            .all(|open| open.key() != "qr.follow")
    );
    let mut desk = place.kiosk("zh-CN", 100, 45);
    // Named before the first frame, and the desk goes on.
    desk.shows("欢迎新同学");
    let raw = String::from_utf8_lossy(&desk.raw()).into_owned();
    assert!(raw.contains("qr.follow.image: 打不开"), "{raw}");
    assert!(raw.contains("没有填：qr.app, hotline.area_code"), "{raw}");
    assert_eq!(desk.qr(), "https://a.example/register");
    desk.types("c").shows("您是哪种情况").types("2");
    desk.shows("老学号绑定在哪里").types("2");
    // The code stands in the phone's place, with its own words.
    desk.shows("用企业微信扫这个解绑二维码");
    assert_eq!(desk.qr(), "https://a.example/unbind");
}

#[test]
fn a_new_pack_is_sound_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("my.toml");
    let path = path.to_str().unwrap();
    let (code, printed, _) = run(&["pack", "new"]);
    assert_eq!((code, printed.as_str()), (0, pack::template(Lang::En)));
    assert_eq!(run(&["pack", "new", path]).0, 0);
    let (code, said, told) = run(&["pack", "check", path]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(said.contains("qr.register: add [qr.register]"), "{said}");
    std::fs::write(path, "mine").unwrap();
    assert_eq!(run(&["pack", "new", path]).0, 73);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "mine");
    // Every key that it only speaks of is one: nothing is refused once the comment signs are taken away.
    let prose = ["help = ", "verdict = ", "when = ", "by = ", "[page_lists"];
    let is_toml = |rest: &str| {
        let key = rest.split(" = ").next().unwrap_or_default();
        let is_key =
            rest.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_key || rest.starts_with(['[', ' ', ']']))
            && !prose.iter().any(|start| rest.starts_with(start))
            && !rest.contains("[\"...\"]")
    };
    let spoken: String = pack::template(Lang::En)
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| is_toml(rest))
                .unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(spoken.contains("\nper_hour = 5") && spoken.contains("\n[retention]\n"));
    std::fs::write(path, spoken).unwrap();
    let (_, _, told) = run(&["pack", "check", path]);
    let faults: Vec<&str> = told
        .lines()
        .filter(|line| !line.contains("help: "))
        .collect();
    assert!(
        faults.len() == 1 && faults[0].contains("qr.follow.image: cannot open"),
        "{told}"
    );
}

/// Every campus there is to try: the embedded one, its template, the invented ones.
fn packs() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(read_packs)
}

fn read_packs() -> Vec<Pack> {
    let invented = ["packs/beihai.toml", "packs/menhu.toml"];
    let mut packs: Vec<Pack> = invented.map(|name| pack::load(&file(name)).unwrap()).into();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new.toml");
    std::fs::write(&path, pack::template(Lang::En)).unwrap();
    packs.push(pack::load(&path).unwrap());
    packs.push(pack::embedded().unwrap());
    packs
}

#[test]
fn what_a_campus_does_not_have_is_not_missed() {
    let [beihai, menhu, ..] = packs() else {
        panic!()
    };
    assert_eq!(beihai.missing(), []);
    assert!(!beihai.uses.contains(&PackQr::Register));
    assert!(menhu.uses.is_empty());
    assert!(!menhu.rules.desk_takes_part() && beihai.rules.desk_takes_part());
    // Practice makes up nothing that such a campus does not have.
    let practised = pack::for_practice(menhu.clone()).unwrap();
    assert!(practised.register_qr.is_none() && practised.follow_qr.is_none());
}
