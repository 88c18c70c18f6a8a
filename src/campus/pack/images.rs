//! The codes that a pack has as images. They are read after the first frame: an image is untrusted, and its search takes
//! up to some seconds. What cannot be read is a trouble, and the rest of the pack works without it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::codes::check_length;
use super::{PackFront, PackImage, QrText};
use crate::cli_lang::both;
use crate::picture;
use crate::table::Fault;

/// How long all images of a pack may take. The search of one is bounded by itself; see [`picture`].
const PATIENCE: Duration = Duration::from_secs(10);

/// A code's text, or what is wrong with its image and the remedy.
type ImageRead = Result<String, (String, String)>;

impl PackFront {
    /// Reads the codes of the images; those that cannot be read are added to the troubles.
    pub(super) fn read_images(&mut self) {
        self.read_images_with(PATIENCE, text_of);
    }

    fn read_images_with(&mut self, patience: Duration, read: fn(&Path) -> ImageRead) {
        let images = std::mem::take(&mut self.images);
        if images.is_empty() {
            return;
        }
        let until = Instant::now().checked_add(patience);
        let paths: Vec<PathBuf> = images.iter().map(|image| image.path.clone()).collect();
        let (send, results) = mpsc::channel();
        // A thread that is too late ends by itself: its work is bounded, and nobody receives what it found.
        let started = std::thread::Builder::new()
            .name("images".to_owned())
            .spawn(move || {
                paths
                    .iter()
                    .map(|path| read(path))
                    .try_for_each(|result| send.send(result))
            });
        for image in images {
            let left = until.map_or(Duration::ZERO, |until| {
                until.saturating_duration_since(Instant::now())
            });
            let read = match &started {
                Ok(_) => results
                    .recv_timeout(left)
                    .unwrap_or_else(|why| Err(unread(why, patience))),
                Err(_) => Err(unread(RecvTimeoutError::Disconnected, patience)),
            };
            self.settle(image, read);
        }
        // What was found before the images stands between them in the file.
        self.troubles
            .sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    }

    fn settle(&mut self, image: PackImage, read: ImageRead) {
        let usable = read.and_then(|text| {
            check_length(&text, image.qr.short.is_some())?;
            Ok(text)
        });
        match usable {
            Ok(text) => *self.qr_place(image.which) = Some(QrText { text, ..image.qr }),
            Err((what, remedy)) => self.troubles.push(Fault {
                what,
                remedy,
                ..image.fault
            }),
        }
    }
}

fn unread(why: RecvTimeoutError, patience: Duration) -> (String, String) {
    let what = match why {
        RecvTimeoutError::Timeout => {
            both!(
                "the pack's images take longer than {} seconds",
                "数据包的图片超过 {} 秒还没读完",
                patience.as_secs()
            )
        }
        RecvTimeoutError::Disconnected => both!("the image could not be read", "图片读不出来"),
    };
    (
        what,
        both!(
            "write the code's text: yingxin qr --read IMAGE",
            "请写二维码的内容：yingxin qr --read 图片"
        ),
    )
}

/// The text of the image's only code.
fn text_of(path: &Path) -> ImageRead {
    let found = picture::open(path).and_then(|image| picture::find(&image, path));
    let texts = found.map_err(|error| (error.what, error.remedy))?;
    let [text] = texts.as_slice() else {
        return Err((
            both!(
                "{} codes are in {}",
                "{1} 里有 {0} 个二维码",
                texts.len(),
                path.display()
            ),
            both!("cut out the one that is meant", "请把要用的那个剪出来"),
        ));
    };
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err((
            both!(
                "the code in {} says nothing that can be shown",
                "{} 里二维码的内容显示不出来",
                path.display()
            ),
            both!(
                "use the code that the university gives out",
                "请用学校发的二维码"
            ),
        ));
    }
    Ok(text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::pack::PackQr;

    #[test]
    fn the_reference_has_this_limit() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!("| the images of a pack | {} s for all", PATIENCE.as_secs());
        assert!(limits.contains(&row), "{row}");
    }

    fn front(images: &[(PackQr, &str, Option<&str>)]) -> PackFront {
        let images = images.iter().map(|(which, path, short)| PackImage {
            which: *which,
            path: PathBuf::from(path),
            qr: QrText {
                text: String::new(),
                expires: None,
                short: short.map(str::to_owned),
            },
            fault: Fault {
                file: "p.toml".into(),
                line: Some(3),
                key: format!("{}.image", which.key()),
                what: String::new(),
                remedy: String::new(),
            },
        });
        PackFront {
            images: images.collect(),
            ..PackFront::default()
        }
    }

    #[test]
    fn each_image_is_read_or_a_trouble_of_its_own() {
        let read = |path: &Path| match path.to_str() {
            Some("long") => Ok("x".repeat(3000)),
            Some("bad") => Err(("no code".to_owned(), "cut it".to_owned())),
            _ => Ok("https://a.example".to_owned()),
        };
        let mut front = front(&[
            (PackQr::Register, "good", None),
            (PackQr::Follow, "bad", None),
            (PackQr::Unbind, "long", None),
            (PackQr::App, "long", Some("a.example/app")),
        ]);
        front.read_images_with(Duration::from_secs(5), read);
        let text = |which| front.qr(which).map(|qr| qr.text.len());
        assert_eq!(text(PackQr::Register), Some(17));
        assert_eq!(
            text(PackQr::App),
            Some(3000),
            "with `short` any length is taken"
        );
        let told: Vec<String> = front.troubles.iter().map(Fault::to_string).collect();
        assert!(
            told[0].starts_with("p.toml:3: qr.follow.image: no code"),
            "{told:?}"
        );
        assert!(
            told[1].contains("3000 bytes, and a terminal of 80x24 draws 84"),
            "{told:?}"
        );
        assert_eq!((told.len(), front.images.len()), (2, 0));
    }

    #[test]
    fn an_image_that_takes_too_long_is_given_up() {
        let read = |_: &Path| -> ImageRead {
            std::thread::sleep(Duration::from_millis(500));
            Ok("late".to_owned())
        };
        let mut front = front(&[
            (PackQr::Register, "slow", None),
            (PackQr::App, "slow", None),
        ]);
        let began = Instant::now();
        front.read_images_with(Duration::from_millis(20), read);
        assert!(began.elapsed() < Duration::from_millis(400));
        assert_eq!(
            (front.qr(PackQr::Register), front.troubles.len()),
            (None, 2)
        );
    }
}
