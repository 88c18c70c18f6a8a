//! Journeys as films: one picture a screen, from the built binary in a terminal. `./scripts/film FOLDER` runs it.

mod svg;

use std::path::PathBuf;
use std::time::Duration;

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, ESC, F6, F7, F9, F10, TAB, yingxin};

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

    /// One picture, once the screen has come to rest.
    fn take(&mut self, desk: &mut Desk) {
        desk.rests();
        self.taken += 1;
        let path = self
            .folder
            .join(format!("{}-{:02}.svg", self.name, self.taken));
        std::fs::write(path, svg::draw(&desk.screen(), "yingxin")).unwrap();
    }
}

/// A film: its name, and the keys from screen to screen, which are the same in every language.
type Scene = (&'static str, &'static [&'static str]);

/// The first registration by the desk, (一) and (二), with the practice phone (F9) doing the student's part.
const BY_THE_DESK: [Scene; 3] = [
    (
        "first-same-number",
        &[
            ENTER,
            ENTER,
            "20260001\tpractice-0001",
            ENTER,
            "13800138000",
            ENTER,
            "1",
            F9,
            "2",
            ESC,
        ],
    ),
    (
        "first-other-number",
        &[
            ENTER,
            ENTER,
            "20260002\tpractice-0002\r",
            "13700137000\r",
            "2",
            F9,
            "2",
            ESC,
            ENTER,
        ],
    ),
    (
        "unbound-by-the-desk",
        &[
            "c",
            "2",
            ENTER,
            "2",
            "20260006\tpractice-0006",
            ENTER,
            "0000\r",
            "0006",
            ENTER,
            "20260001\tpractice-0001\r",
            "13800138000\r",
        ],
    ),
];

/// By the student's own phone: S after the scan, C for those who do not come for the first time.
const BY_THE_PHONE: [Scene; 11] = [
    ("phone-same-number", &["s", "1", "1", "1", "1", "1"]),
    (
        "phone-other-number",
        &["s", "1", "1", "1", "2", "1", "1", "1", "1", "1"],
    ),
    (
        "wechat-to-app",
        &[
            "c", "2", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1",
            "1", "1",
        ],
    ),
    (
        "wechat-again",
        &[
            "c", "2", "1", "2", "1", "1", "1", "1", "1", "1", "1", "2", "1", "1", "1", "1", "1",
            "1", "1", "1", "1",
        ],
    ),
    (
        "wechat-not-cleared",
        &[
            "c", "2", "1", "2", "1", "1", "1", "1", "1", "1", "1", "2", "1", "1", "1", "1", "2",
            "2", "1", "1", "1", "1", "1", "1",
        ],
    ),
    (
        "wechat-signed-out",
        &[
            "c", "2", "1", "3", "1", "1", "1", "1", "1", "2", "1", "1", "2", "3", "1", "1", "1",
            "1", "1", "1", "1", "1", "1",
        ],
    ),
    (
        "app-to-wechat",
        &["c", "2", "2", "1", "1", "1", "1", "1", "1", "1", "1", "1"],
    ),
    (
        "staff-to-app",
        &["c", "3", "1", "1", "1", "1", "1", "1", "1"],
    ),
    ("bound-already", &["s", "3", "o"]),
    (
        "ticket",
        &[
            "s",
            "1",
            "1",
            "3",
            "t",
            TAB,
            TAB,
            TAB,
            "微信打不开，重启也不行",
            ENTER,
        ],
    ),
    (
        "queue",
        &[
            "c",
            "3",
            "1",
            F6,
            ENTER,
            F10,
            PIN,
            ENTER,
            "w",
            F7,
            TAB,
            TAB,
            TAB,
            "装不上",
            ENTER,
        ],
    ),
];

fn take_all(scenes: &[Scene], practice: bool) {
    for lang in ["zh-CN", "en"] {
        for (name, keys) in scenes {
            let mut film = Film::new(&format!("{name}-{lang}"));
            let place = Place::guide();
            let mut desk = if practice {
                Desk::start(yingxin(&["practice", "--lang", lang]), place.dir(), 100, 45)
            } else {
                place.kiosk(lang, 100, 45)
            };
            desk.qr();
            film.take(&mut desk);
            for key in *keys {
                desk.types(key);
                if *key == F6 {
                    // The page with the number takes no Enter for two seconds.
                    std::thread::sleep(Duration::from_millis(2_100));
                }
                film.take(&mut desk);
            }
        }
    }
}

#[test]
#[ignore = "writes pictures: ./scripts/film runs it"]
fn by_the_desk() {
    take_all(&BY_THE_DESK, true);
}

#[test]
#[ignore = "writes pictures: ./scripts/film runs it"]
fn by_the_phone() {
    take_all(&BY_THE_PHONE, false);
}
