//! The footer: what it names on each page at the least size, stated here and not asked of the pages, with the second key
//! of the function keys.

use super::pages::{PageCase, SIZES, every_page};
use super::properties::{key_named, of_every_page};
use super::*;

/// The keys that the smallest footer names, and the pages on which it does. What every page has is left out: F1 where
/// nothing lies over the page, F2 and F10.
const NAMED: [(&str, &str); 29] = [
    (
        "Enter Esc",
        "ask ask_cache-cleared ask_cache-cleared_look ask_old-binding ask_old-binding_look ask_onward \
         ask_phone ask_phone_look ask_sign-in-again ask_sign-in-again_look ask_staff-bound \
         ask_staff-bound_look ask_standing ask_standing_look ask_wechat-number ask_wechat-number_look \
         away_outbox away_vouch away_vouch_missing coach_follow handover handover_done handover_same \
         handover_typed handover_wrong help_found help_found_page help_list help_route help_step \
         identity_waiting offered offered_failed over_ask_unsure over_help over_leave over_pickup \
         over_pin over_pin_wrong over_tell_number_typed page_app-login page_app-scan page_app-scan_no_qr \
         page_follow page_follow-other page_login page_role page_scan page_scan_no_qr panel_leave_desk panel_quit \
         panel_ticket \
         pin_still stuck tell_number ticket_form tickets tickets_note unbind_phone_cannot waiting_found \
         waiting_list waiting_ticket",
    ),
    (
        "Enter Esc F6",
        "coach_long page_app-by-number page_app-by-wechat page_assistant page_assistant-done \
         page_cache-android-general page_cache-android-settings page_cache-android-storage \
         page_cache-check page_cache-ios-general page_cache-ios-me page_cache-ios-settings \
         page_cache-ios-storage page_cache-unknown page_check-scan page_check-scan_no_qr page_get-app \
         page_get-app_no_qr page_hold page_sign-out page_sign-out-restart page_unbind-app \
         page_unbind-app_no_qr page_unbind-done page_unbind-follow page_unbind-wechat \
         page_unbind-wechat_no_qr",
    ),
    (
        "Enter Esc F5",
        "away_follow_down away_identity_down away_number_vouched coach_login coach_role coach_scan follow \
         follow_late follow_not_seen identity identity_must_change identity_wrong notice \
         notice_taking_over number number_other_case number_taken over_identity_typed over_number_foreign \
         over_number_typed over_unbind_wrong unbind unbind_confirm unbind_unknown",
    ),
    (
        "Esc",
        "away_outbox_none day_failed day_reading help_none over_forgotten over_forgotten_call \
         tickets_unseen waiting_nobody waiting_none",
    ),
    (
        "Enter Esc /",
        "away_panel_down over_panel over_panel_sms panel_end panel_free panel_waiting",
    ),
    (
        "P Esc F5",
        "grant grant_asking grant_plain grant_unbind grant_unheard",
    ),
    (
        "",
        "away_parked_owed away_parked_vouched over_drill_over parked starting",
    ),
    ("Enter", "bound closed noted_by_word over_call"),
    (
        "Enter Esc N F6",
        "coach_verify coach_verify_told page_assistant-code page_assistant-number",
    ),
    ("Esc PgUp/PgDn", "day day_end tickets_one tickets_one_end"),
    ("Enter Esc N", "coach_number page_app-number page_number"),
    (
        "Enter S P",
        "away_welcome_needed welcome welcome_phone_only",
    ),
    ("Enter T", "lead_cache lead_volunteer over_cache"),
    ("Esc C F5 F6", "verify verify_delivered verify_undelivered"),
    ("Enter Esc C F5 F6", "away_verify_down verify_unsent"),
    ("Enter O", "already_bound already_bound_by_word"),
    ("Enter T Esc", "away_outbox_refused away_outbox_waits"),
    ("PgUp/PgDn", "ticket_opened ticket_opened_end"),
    ("1 Esc", "away_vouch_found"),
    ("Enter Esc F6 F5", "away_number_queued"),
    ("Enter P", "welcome_no_qr"),
    ("Enter S P F9", "welcome_practice"),
    ("Enter X", "over_drill"),
    ("Esc R S", "over_checkup"),
    ("Esc S C F5 F6", "verify_expired"),
    ("N Esc", "grant_offered"),
    ("N P Esc F5", "grant_denied"),
    ("P", "welcome_full"),
    ("P Esc", "grant_resume"),
];

/// What may be named beside, where there is room or more to read: the help has them, and the line of practice its phone.
const LUXURIES: [UiKey; 6] = [
    UiKey::Call,
    UiKey::Theme,
    UiKey::Tab,
    UiKey::ClearField,
    UiKey::Phone,
    UiKey::PageDown,
];

/// The practice phone has the keys, or the countdown takes them all.
fn has_other_keys(page: &PageCase, desk: &Desk) -> bool {
    let is_held = desk.ui.phone.is_held() && desk.ui.overlay.is_none();
    is_held || page.scene.idle_left.is_some()
}

/// What the footer can be tapped for, from left to right, each once.
fn in_footer(desk: &Desk, buffer: &Buffer) -> Vec<Hit> {
    let last = buffer.area.height - 1;
    let hits = (0..buffer.area.width).filter_map(|x| desk.ui.hits.at(x, last).copied());
    let mut seen: Vec<Hit> = Vec::new();
    for hit in hits {
        if !seen.contains(&hit) {
            seen.push(hit);
        }
    }
    seen
}

fn row(buffer: &Buffer) -> String {
    let last = buffer.area.height - 1;
    let mut row = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let symbol = buffer[(x, last)].symbol();
        row.push_str(symbol);
        x += cells::width(symbol).max(1);
    }
    row
}

/// Whether the key stands in the row with one of these words behind it.
fn names(row: &str, key: &str, words: &[&str]) -> bool {
    let key = format!(" {key}");
    let behind = row.split(&key).skip(1);
    // The other key that does the same may stand between them.
    let behind = behind.filter_map(|behind| behind.split_once(' '));
    let mut behind = behind.map(|(_, behind)| behind.trim_start());
    behind.any(|behind| words.iter().any(|words| behind.starts_with(words)))
}

#[test]
fn the_smallest_footer_names_the_keys_of_each_page() {
    of_every_page("dark", &SIZES[..1], |page, desk| {
        if has_other_keys(page, desk) {
            return Vec::new();
        }
        let buffer = desk.shown().clone();
        let is_covered = desk.ui.overlay.is_some() || page.scene.is_called;
        let rows = NAMED
            .iter()
            .find(|(_, pages)| pages.split_whitespace().any(|name| name == page.name));
        let Some((keys, _)) = rows else {
            return vec!["no line says what is named here".to_owned()];
        };
        let mut wanted: Vec<Hit> = keys
            .split_whitespace()
            .map(|name| Hit::Key(key_named(name).unwrap()))
            .collect();
        if !is_covered {
            wanted.push(Hit::Key(UiKey::Help));
        }
        wanted.extend([UiKey::Language, UiKey::Volunteer].map(Hit::Key));
        let named = in_footer(desk, &buffer);
        let missing = wanted.iter().filter(|hit| !named.contains(hit));
        let may_be = |hit: &Hit| wanted.contains(hit) || LUXURIES.map(Hit::Key).contains(hit);
        let too_many = named.iter().filter(|hit| !may_be(hit));
        let missing = missing.map(|hit| format!("{hit:?} is not named: {}", row(&buffer)));
        let too_many = too_many.map(|hit| format!("{hit:?} is named: {}", row(&buffer)));
        missing.chain(too_many).collect()
    });
    let pages = every_page();
    let mut stated = NAMED.iter().flat_map(|(_, pages)| pages.split_whitespace());
    let is_there = |name: &&str| pages.iter().any(|page| page.name == *name);
    assert_eq!(stated.find(|name| !is_there(name)), None, "no such page");
}

/// Who reads nothing of the page finds the other language by its name, whatever else the page names; whoever waits finds
/// that the next one can go first; the count of what waits for a volunteer is there.
#[test]
fn language_next_student_and_count_are_named_at_80_columns_on_every_page() {
    let steps_aside = |page: &PageCase| match &page.scene.desk {
        scenes::Desk::Visit(_, Place::Step { step, way, .. }) => match step {
            StepKind::Notice | StepKind::Identity | StepKind::Number | StepKind::Follow => false,
            StepKind::Unbind => *way == Way::Phone,
            _ => true,
        },
        _ => false,
    };
    let mut found = Vec::new();
    let mut seen_any = 0;
    let mut desk = Desk::new(80, 24);
    for mut page in every_page() {
        for (lang, needs_person) in [(Lang::Zh, 0), (Lang::En, 0), (Lang::Zh, 12), (Lang::En, 12)] {
            (page.scene.lang, page.scene.needs_person) = (lang, needs_person);
            page.open_on(&mut desk);
            if has_other_keys(&page, &desk) {
                continue;
            }
            let row = row(desk.shown());
            let (language, next) = match lang {
                Lang::Zh => (["English", "EN"], ["先让下一位办", "让下一位", "下一位"]),
                Lang::En => (["中文", "中文"], ["Next one first", "Next one", "Next"]),
            };
            let is_covered = desk.ui.overlay.is_some() || page.scene.is_called;
            let waits = steps_aside(&page) && !is_covered;
            seen_any += usize::from(waits);
            let is_counted = needs_person == 0 || row.contains("12");
            if !names(&row, "F2", &language) || waits && !names(&row, "F6", &next) || !is_counted {
                found.push(format!("{} {lang:?}: {row}", page.name));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(seen_any > 100, "{seen_any} footers with F6");
}

/// The tag stands for the language only where the name has no room.
#[test]
fn a_language_is_named_by_its_name_where_that_fits() {
    let footer = |scene: &Scene| {
        let mut desk = Desk::new(80, 24);
        row(desk.frame(scene))
    };
    let number = scenes::at_step(StepKind::Number, Way::Desk, 0);
    assert!(
        names(&footer(&number), "F2", &["English"]),
        "{}",
        footer(&number)
    );
}

/// A volunteer is called from any page; where there is room the footer says so. What lies over a page has neither this
/// key nor the help.
#[test]
fn a_wide_footer_names_the_key_that_calls_a_volunteer() {
    let (mut seen_any, mut desk) = (0, Desk::new(160, 45));
    for (name, scene) in scenes::all() {
        let footer = row(desk.frame(&scene));
        let may_call = names(&footer, "F1/Alt-1", &["帮助"]) && name != "starting";
        let is_named = names(&footer, "F8/Alt-8", &["叫志愿者"]);
        assert_eq!(is_named, may_call, "{name}: {footer}");
        seen_any += usize::from(may_call);
    }
    assert!(seen_any > 30, "{seen_any} pages");
}

#[test]
fn fault_23_the_footer_names_the_second_keys_where_there_is_room() {
    of_every_page("dark", &SIZES[3..], |page, desk| {
        if has_other_keys(page, desk) {
            return Vec::new();
        }
        let row = row(desk.shown());
        if row.contains("Alt-") {
            Vec::new()
        } else {
            vec![row]
        }
    });
}

/// At the least size one second key stands for all.
#[test]
fn fault_23_the_smallest_footer_names_one_second_key() {
    let mut without = Vec::new();
    let mut desk = Desk::new(80, 24);
    for mut page in every_page() {
        for (lang, needs_person) in [(Lang::Zh, 0), (Lang::En, 0), (Lang::Zh, 12), (Lang::En, 12)] {
            (page.scene.lang, page.scene.needs_person) = (lang, needs_person);
            page.open_on(&mut desk);
            let row = row(desk.shown());
            if !row.contains("Alt-") && !has_other_keys(&page, &desk) {
                without.push(format!("{} {lang:?} {needs_person}: {row}", page.name));
            }
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}

/// Where nothing can be taken back Esc leaves, and says so.
#[test]
fn esc_is_named_by_what_it_does() {
    let (mut leaving, mut desk) = (0, Desk::new(80, 24));
    for page in every_page() {
        page.open_on(&mut desk);
        if has_other_keys(&page, &desk) || desk.ui.overlay.is_some() || page.scene.is_called {
            continue;
        }
        let row = row(desk.shown());
        let action = desk.key(&page.scene, UiKey::Esc);
        let asks = desk.text(&page.scene).contains("要离开吗");
        let leaves = asks || matches!(action, UiAction::Visit(Command::Leave));
        let named = ["返回", "离开"].map(|words| names(&row, "Esc", &[words]));
        assert!(named != [true, false] || !leaves, "{}: {row}", page.name);
        assert!(named != [false, true] || leaves, "{}: {row}", page.name);
        leaving += usize::from(named[1]);
    }
    assert!(leaving > 3, "{leaving} pages");
}
