//! Every page, and as a campus may have it that left open what it can: no placeholder stands on any. What a page gives a
//! message is checked where it asks for it, in both languages at once (`text::asked`); the Chinese pages are drawn by
//! many other tests, so these are the English ones.

use super::pages::{PageCase, SIZES, every_page};
use super::*;

/// A campus without codes and with a day on which visits are forgotten, at a desk of little left.
fn left_open(mut scene: Scene) -> Scene {
    let front = &mut scene.pack.front;
    front.register_qr = None;
    front.follow_qr = None;
    front.unbind_qr = None;
    front.app_qr = None;
    front.retention_days = Some(30);
    scene.doubted_clock = Some(scene.now.wall);
    scene.numbers_left = 3;
    scene
}

#[test]
fn no_page_shows_a_placeholder_whatever_its_campus_left_open() {
    let mut desk = Desk::new(SIZES[0].0, SIZES[0].1);
    let open = every_page()
        .into_iter()
        .map(|page| PageCase::new(page.name, left_open(page.scene), &page.keys));
    for mut page in every_page().into_iter().chain(open) {
        page.scene.lang = page.scene.lang.next();
        page.open_on(&mut desk);
        let shown = text_of(desk.shown());
        let has_one = ["{$", "{ $"].iter().any(|mark| shown.contains(mark));
        assert!(!has_one, "{}:\n{shown}", page.name);
    }
    // It would have seen the one that stood there.
    let asked = crate::text::asked::taken();
    for line in ["follow-words-no-qr account", "notice-days n"] {
        assert!(asked.contains(line), "{line}");
    }
}
