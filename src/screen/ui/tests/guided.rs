//! The pages against the university's guide: the words of each step, and that nothing is offered that cannot work.

use super::scenes::{self, Lock, Scene, at_step, placed, secs};
use super::*;
use crate::campus::pack;
use crate::visit::{ActKind, Failure, Gateway, OutboxEntry, PageId, StepKind, Trouble};

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

fn text_at(scene: &Scene, columns: u16, rows: u16) -> String {
    Desk::new(columns, rows).text(scene)
}

/// Without the breaks of lines and columns.
fn words(scene: &Scene) -> String {
    text_at(scene, 120, 40).split_whitespace().collect()
}

fn footer(scene: &Scene, columns: u16) -> String {
    let text = text_at(scene, columns, 24);
    text.lines().last().unwrap_or_default().to_owned()
}

/// The sign-in is down, and the volunteer has opened the panel.
fn cannot_sign_in(has_roster: bool) -> Scene {
    let mut scene = at_step(StepKind::Identity, Way::Desk, 0);
    scene.reach.identity = Gateway::Down { since: secs(240) };
    scene.has_roster = has_roster;
    scene
}

#[test]
fn fault_09_vouching_is_offered_only_where_there_is_a_roster() {
    for (has_roster, lang) in [(true, Lang::Zh), (false, Lang::Zh), (false, Lang::En)] {
        let mut scene = cannot_sign_in(has_roster);
        scene.lang = lang;
        let text = words(&scene);
        let is_told = text.contains("看过证件也能先往下办") || text.contains("Papersathand");
        assert_eq!(is_told, has_roster, "{text}");
        scene.volunteer = Lock::Open;
        let mut desk = Desk::new(120, 40);
        desk.draw(&scene);
        desk.key(&scene, UiKey::Volunteer);
        desk.keys(&scene, "246810");
        desk.key(&scene, UiKey::Enter);
        let panel = desk.text(&scene);
        let is_offered = panel.contains("V  ");
        assert_eq!(is_offered, has_roster, "{panel}");
        desk.key(&scene, UiKey::Char('v'));
        let told = desk.text(&scene);
        let opens = told.contains("看学生证") || told.contains("Look at the student card");
        let says_why = told.contains("还没有导入名单") || told.contains("No roster was");
        assert_eq!((opens, says_why), (has_roster, !has_roster), "{told}");
    }
}

#[test]
fn fault_10_the_question_shows_its_number_or_says_which_one_it_is() {
    let asked = Place::Ask(Question::WechatNumber);
    let shown = placed(asked.clone());
    assert!(words(&shown).contains("绑定的是这个手机号吗"));
    let mut by_phone = placed(asked.clone());
    by_phone.visit_mut().mobile = None;
    let text = words(&by_phone);
    assert!(
        text.contains("绑定的是刚才在手机上填的那个号码吗"),
        "{text}"
    );
    assert!(!text.contains("是这个手机号"), "{text}");
    let mut before = placed(asked);
    before.visit_mut().mobile = None;
    before.visit_mut().done.clear();
    assert!(words(&before).contains("绑定的是您要登记的手机号吗"));
}

/// The number was given, and the directory does not answer.
fn number_waits() -> Scene {
    let offline = || Failure::Offline;
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.reach.directory_write = Gateway::Down { since: secs(240) };
    let at = scene.now.wall;
    let visit = scene.visit_mut();
    visit.mobile = Some(scenes::mobile());
    visit.outbox = vec![OutboxEntry::new(ActKind::BindNumber, at, Some(offline()))];
    scene.troubled(Trouble::Directory(offline()))
}

#[test]
fn fault_11_a_number_that_waits_for_the_directory_has_ways_on_and_asks_for_nothing() {
    let scene = number_waits();
    let text = text_at(&scene, 80, 24);
    for gone in ["按 Enter 继续", "Enter 下一步"] {
        assert!(!text.contains(gone), "{gone}:\n{text}");
    }
    for there in ["> [ Enter 再试一次 ] <", "F6 先离开", "F5 用手机办"] {
        assert!(text.contains(there), "{there}:\n{text}");
    }
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::GiveNumber { .. })
    ));
    desk.key(&scene, UiKey::StepAside);
    assert!(desk.text(&scene).contains("要离开吗"));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('2')),
        UiAction::Visit(Command::Leave)
    ));
    // Another number is a new one, not a retry.
    desk.ui.wipe();
    desk.draw(&scene);
    desk.key(&scene, UiKey::ClearField);
    desk.keys(&scene, "13900139000");
    assert!(desk.text(&scene).contains("> [ Enter 下一步 ] <"));
}

#[test]
fn fault_12_where_a_number_is_taken_enter_clears_it_for_another() {
    let scene = scenes::number_taken();
    let mut desk = Desk::new(80, 24);
    assert!(desk.text(&scene).contains("> [ Enter 换一个号码 ] <"));
    let footer = footer(&scene, 80).replace("  ", " ");
    assert!(footer.contains("Enter 换一个号码"), "{footer}");
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(desk.text(&scene).contains("[ Enter 下一步 ]"));
}

const OF_WECHAT: &str = "务必使用微信绑定的手机号";
const ONLY: &str = "本号码将作为您登录企业微信的唯一手机号";

#[test]
fn fault_14_the_number_page_says_what_the_guide_says_and_no_code_where_none_comes() {
    let by_desk = words(&at_step(StepKind::Number, Way::Desk, 0));
    let shown = Scene::of(scenes::Desk::Free).pack;
    // The phone's picture breaks its lines.
    let by_phone = format!("{:?}", shown.pages[&PageId("number".into())]);
    for text in [&by_desk, &by_phone] {
        assert!(text.contains(OF_WECHAT) && text.contains(ONLY), "{text}");
        assert!(!text.contains("验证码"), "{text}");
        // Case (二) of the guide.
        assert!(text.contains("微信绑的是别的号码"), "{text}");
    }
    let other = words(&scenes::number_of_other_case());
    assert!(
        other.contains("这样填没有问题") && other.contains(ONLY),
        "{other}"
    );
    assert!(!other.contains(OF_WECHAT), "{other}");
    // A campus whose only route sends a code.
    let mut coded = at_step(StepKind::Number, Way::Desk, 0);
    let beihai = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/beihai.toml");
    coded.pack = pack::load(&beihai).unwrap();
    let text = words(&coded);
    assert!(text.contains("验证码会发到这个号码"), "{text}");
    assert!(!text.contains(OF_WECHAT), "{text}");
}

#[test]
fn fault_15_a_notice_after_the_change_to_the_desk_is_called_so_and_can_be_refused() {
    let scene = scenes::taking_over();
    let text = words(&scene);
    assert!(text.contains("在这里办之前，请您知道"), "{text}");
    assert!(!text.contains("开始之前"), "{text}");
    let mut desk = Desk::new(80, 24);
    assert!(desk.text(&scene).contains("Esc 不同意，接着用手机办"));
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Visit(Command::Prefer { way: Way::Phone })
    ));
    // At the beginning of a visit: the usual title, and F5 for the phone.
    let scene = at_step(StepKind::Notice, Way::Desk, 0);
    desk.ui.wipe();
    assert!(desk.text(&scene).contains("开始之前，请您知道"));
    assert!(matches!(
        desk.key(&scene, UiKey::OtherWay),
        UiAction::Visit(Command::Prefer { way: Way::Phone })
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Visit(Command::Leave)
    ));
}

#[test]
fn fault_16_the_other_way_is_named_in_the_footer_at_the_least_size() {
    let follow = || at_step(StepKind::Follow, Way::Desk, 0);
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let scenes = [scenes::other_number, follow, identity, scenes::unbinding];
    for (place, make) in scenes.into_iter().enumerate() {
        for practice in [false, true] {
            for lang in LANGS {
                let mut scene = make();
                if practice {
                    scene = scenes::practised(scene);
                }
                scene.lang = lang;
                let footer = footer(&scene, 80);
                assert!(footer.contains(" F5 "), "{place} {lang:?}: {footer}");
                assert!(footer.contains(" F10 "), "{place} {lang:?}: {footer}");
            }
        }
    }
}

#[test]
fn fault_16_an_old_account_that_cannot_sign_in_has_a_way_on_in_plain_sight() {
    for lang in LANGS {
        let mut scene = scenes::other_number();
        scene.lang = lang;
        let text = text_at(&scene, 80, 24);
        let told = match lang {
            Lang::Zh => "老学号登录不了",
            Lang::En => "The old number cannot sign in?",
        };
        assert!(text.contains(told) && text.contains("[ F5 "), "{text}");
    }
    let mut desk = Desk::new(80, 24);
    let scene = scenes::other_number();
    assert!(matches!(
        desk.tap(&scene, "[ F5 用手机办 ]"),
        UiAction::Visit(Command::Prefer { way: Way::Phone })
    ));
}

/// Guide 三.2: 图 2 and 图 3, of which the student's phone shows one.
#[test]
fn the_two_pages_of_the_cache_check_stand_side_by_side_where_there_is_room() {
    let pages = paths::coached_pages();
    let name = "page_cache-check";
    let mut page = pages.into_iter().find(|page| page.name == name).unwrap();
    let id = PageId("cache-check".into());
    assert!(page.scene.pack.pages[&id].either.is_some());
    for (columns, two, card) in [(80, false, false), (100, true, false), (132, true, true)] {
        for lang in LANGS {
            page.scene.lang = lang;
            let text = text_at(&page.scene, columns, 30);
            let frames = text.lines().filter(|line| line.matches('┌').count() == 2);
            assert_eq!(frames.count(), usize::from(two), "{columns}:\n{text}");
            let (first, second) = match lang {
                Lang::Zh => ("1. 登录页", "2. 填手机号的页面"),
                Lang::En => ("1. The sign-in page", "2. The page for the number"),
            };
            let above = |line: &&str| line.contains(first) && line.contains(second);
            assert_eq!(
                text.lines().filter(above).count(),
                usize::from(two),
                "{text}"
            );
            let title = match lang {
                Lang::Zh => "您这次要办的",
                Lang::En => "Your steps",
            };
            assert_eq!(text.contains(title), card, "{columns}:\n{text}");
        }
    }
}

/// Fault 2: each page that shows a code has answers for "not scanned yet" and "it cannot be scanned".
#[test]
fn fault_02_every_page_with_a_code_has_an_answer_for_who_cannot_scan_it() {
    let pack = pack::embedded().unwrap();
    let with_code = pack.pages.iter().filter(|(_, page)| page.qr.is_some());
    let mut seen = 0;
    for (id, page) in with_code {
        let answers = page.choices.iter().map(|choice| choice.zh.as_str());
        let answers: Vec<&str> = answers.collect();
        let has = |words: &str| answers.iter().any(|answer| answer.contains(words));
        assert!(has("还没扫") && has("扫不出来"), "{id:?}: {answers:?}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen} pages");
    let role = &pack.pages[&PageId("role".into())];
    assert!(
        role.choices
            .iter()
            .any(|choice| choice.zh.contains("还没扫"))
    );
    let scan = at_step(StepKind::Identity, Way::Phone, 0);
    let mut desk = Desk::new(80, 24);
    for (key, told) in [('2', "点右上角的加号"), ('3', "离屏幕一步")] {
        desk.ui.wipe();
        desk.draw(&scan);
        desk.key(&scan, UiKey::Char(key));
        assert!(desk.text(&scan).contains(told), "{}", desk.text(&scan));
    }
}
