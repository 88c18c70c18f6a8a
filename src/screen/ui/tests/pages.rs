//! Every page, in one list: one picture of each, and what the properties are asked of.
//!
//! The picture is the Chinese one at 80x24, the least size, where what does not fit is seen. Other sizes, the other
//! language and the themes are held by the properties.

use super::drawing::{overlays, snap};
use super::scenes::{Scene, all};
use super::*;

pub const SIZES: [(u16, u16); 4] = [(80, 24), (100, 30), (100, 45), (120, 40)];

/// A page: what is shown, and the keys that lead there.
pub struct PageCase {
    pub name: String,
    pub scene: Scene,
    pub keys: Vec<UiKey>,
}

impl PageCase {
    pub fn new(name: impl Into<String>, scene: Scene, keys: &[UiKey]) -> Self {
        PageCase {
            name: name.into(),
            scene,
            keys: keys.to_vec(),
        }
    }

    /// Shows the page on a desk that may have shown another, of whatever size.
    pub fn open_on(&self, desk: &mut Desk) {
        desk.ui.wipe();
        desk.draw(&self.scene);
        for key in &self.keys {
            desk.key(&self.scene, *key);
            desk.draw(&self.scene);
        }
    }
}

/// Every page there is, each with a name of its own.
pub fn every_page() -> Vec<PageCase> {
    let plain = all()
        .into_iter()
        .map(|(name, scene)| PageCase::new(name, scene, &[]));
    let over = overlays()
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(format!("over_{name}"), scene, &keys));
    let away = owing::pages()
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(format!("away_{name}"), scene, &keys));
    let day = day::pages()
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(name, scene, &keys));
    let shifts = shifts::pages()
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(name, scene, &keys));
    let help = helping::pages()
        .into_iter()
        .map(|(name, scene, keys)| PageCase::new(name, scene, &keys));
    let mut pages: Vec<PageCase> = plain
        .chain(over)
        .chain(away)
        .chain(day)
        .chain(shifts)
        .chain(help)
        .collect();
    pages.extend(paths::coached_pages());
    pages.extend(paths::questions());
    pages.extend(paths::tickets());
    pages
}

/// A ticket shows its moments in the machine's own zone: here they are all made the same.
fn without_moments(text: &str) -> String {
    const SHAPE: &str = "dddd-dd-dd dd:dd";
    let is_so = |text: &str| {
        let mut shape = SHAPE.chars();
        text.chars().all(|c| match shape.next() {
            Some('d') => c.is_ascii_digit(),
            other => other == Some(c),
        })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match rest.get(..SHAPE.len()) {
            Some(moment) if is_so(moment) => {
                out += "2026-09-01 08:30";
                rest = &rest[SHAPE.len()..];
            }
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

#[test]
fn a_picture_of_every_page() {
    let (columns, rows) = SIZES[0];
    let mut desk = Desk::new(columns, rows);
    for page in every_page() {
        page.open_on(&mut desk);
        let text = without_moments(&desk.text(&page.scene));
        snap(&format!("{}_zh_{columns}x{rows}", page.name), &text);
    }
}

#[test]
fn no_picture_is_of_a_page_that_is_gone() {
    let mut known: Vec<String> = every_page()
        .into_iter()
        .map(|page| format!("{}_zh_80x24.snap", page.name))
        .collect();
    known.push("small_zh_40x15.snap".to_owned());
    let dir =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen/ui/tests/snapshots");
    for entry in std::fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            known.contains(&name) || name.ends_with(".snap.new"),
            "{name}"
        );
    }
}
