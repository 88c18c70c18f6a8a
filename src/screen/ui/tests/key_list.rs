//! The keys on paper are those of the pages.

use super::*;
use crate::screen::pages::{page_keys, volunteer_keys};

/// What stands on the screen, without blanks and frames.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn each_key_on_paper_stands_on_a_page_with_the_same_words() {
    for lang in [Lang::Zh, Lang::En] {
        let mut drawn = Vec::new();
        for (_, mut scene) in scenes::all() {
            scene.lang = lang;
            let mut desk = Desk::new(200, 60);
            desk.draw(&scene);
            drawn.push(squeezed(&desk.text(&scene)));
        }
        let mut scene = handling::free();
        scene.lang = lang;
        scene.volunteer = scenes::Lock::Locked;
        let mut desk = Desk::new(200, 60);
        desk.opens_panel(&mut scene);
        desk.keys(&scene, "w");
        drawn.push(squeezed(&desk.text(&scene)));
        let text = Text::new(lang);
        for key in page_keys(&text) {
            for does in key.does.split(" / ") {
                // A footer may name both keys.
                let both = key
                    .second
                    .map(|second| format!("{}/{second}{does}", key.key));
                let one = format!("{}{does}", key.key);
                let wanted: Vec<String> = both.iter().chain([&one]).map(|w| squeezed(w)).collect();
                let stands = |page: &String| wanted.iter().any(|w| page.contains(w));
                assert!(drawn.iter().any(stands), "{wanted:?}");
            }
        }
        let letters: String = volunteer_keys(&text)
            .iter()
            .map(|key| key.key.as_str())
            .collect();
        assert_eq!(letters, "GVNPRTXWKODHLCQ");
    }
}
