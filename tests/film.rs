//! Journeys as films: one picture a screen, from the built binary in a terminal. `./scripts/film FOLDER` runs it.

mod support;
#[path = "film/svg.rs"]
mod svg;

use std::path::PathBuf;

use support::{Desk, ENTER, ESC, F9, yingxin};

/// A film being taken: numbered pictures in a folder.
struct Film {
    folder: PathBuf,
    name: String,
    taken: usize,
}

impl Film {
    fn new(name: &str) -> Film {
        let folder =
            PathBuf::from(std::env::var_os("YINGXIN_FILM").expect("YINGXIN_FILM names no folder"));
        std::fs::create_dir_all(&folder).unwrap();
        Film {
            folder,
            name: name.to_owned(),
            taken: 0,
        }
    }

    fn take(&mut self, desk: &mut Desk, what: &str) {
        desk.rests();
        self.taken += 1;
        let path = self
            .folder
            .join(format!("{}-{:02}-{what}.svg", self.name, self.taken));
        std::fs::write(path, svg::draw(&desk.screen(), "yingxin practice")).unwrap();
    }
}

/// Screens of the first registration in practice by the desk: a name, what it shows in each language, the keys on.
const FIRST: [(&str, [&str; 2], &str); 6] = [
    ("welcome", ["欢迎新同学", "Welcome, new students"], ENTER),
    ("notice", ["开始之前，请您知道", "Before we begin"], ENTER),
    (
        "identity",
        ["登录统一身份认证", "with your unified identity"],
        "20260001\tpractice-0001\r",
    ),
    (
        "number",
        ["填写手机号", "Your mobile number"],
        "13800138000\r",
    ),
    (
        "question",
        ["您的微信，绑定的是", "Is your WeChat bound"],
        "1",
    ),
    ("follow", ["】", "】"], F9),
];

#[test]
#[ignore = "writes pictures: ./scripts/film runs it"]
fn first_registration() {
    for (place, lang) in ["zh-CN", "en"].into_iter().enumerate() {
        let mut film = Film::new(&format!("first-{lang}"));
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::start(yingxin(&["practice", "--lang", lang]), home.path(), 100, 45);
        for (name, texts, keys) in FIRST {
            desk.shows(texts[place]);
            film.take(&mut desk, name);
            desk.types(keys);
        }
        film.take(&mut desk, "phone");
        desk.types("2")
            .types(ESC)
            .shows(["绑定成功", "YOU ARE BOUND"][place]);
        film.take(&mut desk, "bound");
    }
}
