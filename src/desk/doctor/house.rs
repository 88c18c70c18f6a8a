//! What the desk has of its own: the codes it draws, the disk it writes on, the files its secrets are in.

use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;

use crate::campus::pack::{Missing, PackFront, PackQr};
use crate::campus::printer::SlipPrinter;
use crate::cli_error::CliError;
use crate::ours::{self, NotOurs};
use crate::screen::checkup::CheckupFinding;
use crate::screen::pages::script;
use crate::screen::printer_trouble;
use crate::screen::qr::QrArt;
use crate::screen::theme::QrPalette;
use crate::store::{clock_agrees, clock_doubt};

/// Room in which every code fits that a pack may have without a short address.
const ROOM: Size = Size {
    width: 120,
    height: 60,
};
/// Less than this is too little for a day, in bytes.
const LITTLE: u64 = 500 * 1024 * 1024;
/// Less than this, and soon no visit can be opened.
const NEXT_TO_NOTHING: u64 = 64 * 1024 * 1024;

/// A code of a pack.
#[derive(Clone, Debug)]
pub struct CheckedCode {
    /// Its name in packs.
    pub name: String,
    /// What it says.
    pub text: String,
    /// An address stands in its place where it cannot be drawn.
    pub has_short: bool,
}

/// The codes of a pack, and the names of those it leaves open.
pub fn codes(pack: &PackFront) -> (Vec<CheckedCode>, Vec<String>) {
    let drawn = PackQr::ALL.iter().filter_map(|which| {
        let code = pack.qr(*which)?;
        Some(CheckedCode {
            name: which.name().to_owned(),
            text: code.text.clone(),
            has_short: code.short.is_some(),
        })
    });
    let open = pack
        .missing()
        .into_iter()
        .filter_map(|missing| match missing {
            Missing::Qr(which) => Some(which.key()),
            Missing::AreaCode | Missing::CampusName(_) => None,
        });
    (drawn.collect(), open.collect())
}

/// Draws each code and reads it back from the cells.
pub fn draw(codes: &[CheckedCode], open: &[String], palette: QrPalette) -> Vec<CheckupFinding> {
    let wrong: Vec<&str> = codes
        .iter()
        .filter(|code| !reads_back(code, palette))
        .map(|code| code.name.as_str())
        .collect();
    let drawn = match (wrong.is_empty(), open.is_empty()) {
        (false, _) => CheckupFinding::fail("check-qr", "told-qr-unread", "remedy-qr-unread")
            .with("names", wrong.join(", ")),
        (true, false) => CheckupFinding::warn("check-qr", "told-qr-open", "remedy-qr-open")
            .with("names", open.join(", ")),
        (true, true) => CheckupFinding::pass("check-qr", "told-qr"),
    };
    vec![drawn.with("n", codes.len())]
}

/// Whether the code is read back from its cells; one that is too long to draw is if an address stands in its place.
fn reads_back(code: &CheckedCode, palette: QrPalette) -> bool {
    let Some(art) = QrArt::fit(&code.text, ROOM, palette) else {
        return code.has_short;
    };
    let area = Rect::from(art.size());
    let mut buf = Buffer::empty(area);
    (&art).render(area, &mut buf);
    QrArt::decode_back(&buf, area).as_ref() == Some(&code.text)
}

/// A row of a code as it is drawn here, of so many columns at the most: what a terminal's width of it is measured by. The
/// row with the most characters that are not blank.
pub fn code_row(text: &str, palette: QrPalette, most: u16) -> Option<String> {
    let art = QrArt::at_scale(text, 1, palette)?;
    let area = Rect::from(art.size());
    let mut buf = Buffer::empty(area);
    (&art).render(area, &mut buf);
    let row = |y: u16| -> String {
        let columns = 0..area.width.min(most);
        columns
            .filter_map(|x| buf.cell((x, y)))
            .map(|cell| cell.symbol())
            .collect()
    };
    let ink = |row: &String| row.chars().filter(|c| *c != ' ').count();
    (0..area.height).map(row).max_by_key(ink)
}

/// Looks whose the store's folder is; writes into it where it is ours, has it synced, reads it back; and looks how much
/// room there is.
pub fn keep(store: &Path) -> Vec<CheckupFinding> {
    let kept = match ours::folder(store).and_then(|_| write_and_read(store)) {
        Ok(true) => CheckupFinding::pass("check-store", "told-store"),
        Ok(false) => CheckupFinding::fail("check-store", "told-store-differs", "remedy-disk"),
        Err(error) => refused("check-store", store, &error),
    };
    let mut found = vec![kept];
    if let Ok(room) = rustix::fs::statvfs(store) {
        found.push(space(room.f_bavail.saturating_mul(room.f_frsize)));
    }
    found.extend(seen_by_others(store));
    found
}

/// Why a file or folder cannot be used, with the words for one that is not ours.
fn refused(check: &'static str, path: &Path, error: &io::Error) -> CheckupFinding {
    if let Some(not_ours) = NotOurs::of(error) {
        let (told, remedy) = not_ours.keys();
        let mut found = CheckupFinding::fail(check, told, remedy);
        found.values = not_ours.values();
        return found;
    }
    let complaint = CliError::io(path.display(), error);
    CheckupFinding::fail(check, "told-complaint", "remedy-complaint")
        .with("what", complaint.what)
        .with("remedy", complaint.remedy)
}

/// A folder that others can look into: its files are closed to them, their names and sizes are not.
fn seen_by_others(store: &Path) -> Option<CheckupFinding> {
    let mode = std::fs::metadata(store).ok()?.permissions().mode() & 0o777;
    if mode & 0o055 == 0 || mode & 0o022 != 0 {
        return None;
    }
    let seen = CheckupFinding::warn("check-folder", "told-folder-seen", "remedy-folder-seen");
    Some(seen.with("path", ours::quoted(store)))
}

/// The wall clock, where a desk that begins here now would not believe it. A server whose clock agrees, which is so far
/// ahead, would confirm it at once: then there is nothing to tell.
pub fn clock(store: &Path, ahead: &[SignedDuration]) -> Vec<CheckupFinding> {
    if clock_doubt(store).is_none() || ahead.iter().copied().any(clock_agrees) {
        return Vec::new();
    }
    let moment = script::moment(Timestamp::now(), &TimeZone::system());
    let doubted = CheckupFinding::fail("check-clock", "told-clock-doubted", "remedy-clock-doubted");
    vec![doubted.with("moment", moment)]
}

/// `free` in bytes.
fn space(free: u64) -> CheckupFinding {
    let told = match free {
        free if free < NEXT_TO_NOTHING => {
            CheckupFinding::fail("check-space", "told-space", "remedy-space")
        }
        free if free < LITTLE => CheckupFinding::warn("check-space", "told-space", "remedy-space"),
        _ => CheckupFinding::pass("check-space", "told-space"),
    };
    told.with("n", free / (1024 * 1024))
}

fn write_and_read(store: &Path) -> io::Result<bool> {
    let path = store.join(format!(".doctor-{}", std::process::id()));
    let sample = [0x5a; 4096];
    let done: io::Result<bool> = (|| {
        let mut file = ours::create(&path)?;
        file.write_all(&sample)?;
        file.sync_all()?;
        let mut back = Vec::with_capacity(sample.len());
        ours::open(&path)?.take(8192).read_to_end(&mut back)?;
        Ok(back == sample)
    })();
    let gone = std::fs::remove_file(&path);
    let same = done?;
    gone.map(|()| same)
}

/// How the slip printer says it is. Without one a desk serves as well.
pub fn printer(printer: &dyn SlipPrinter) -> CheckupFinding {
    const CHECK: &str = "check-printer";
    let told = match printer.check() {
        Ok(()) => return CheckupFinding::pass(CHECK, "told-printer"),
        Err(why) => printer_trouble(why),
    };
    CheckupFinding::warn(CHECK, told, "remedy-printer")
}

/// Whether users other than the owner could read a secret, or change it.
pub fn guard(files: &[PathBuf]) -> CheckupFinding {
    for path in files {
        if let Err(error) = ours::open_secret(path, false) {
            return refused("check-secrets", path, &error);
        }
    }
    CheckupFinding::pass("check-secrets", "told-secrets").with("n", files.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::checkup::CheckupVerdict;

    #[test]
    fn a_code_is_drawn_and_read_and_one_that_does_not_fit_is_named() {
        let code = |name: &str, text: &str| CheckedCode {
            name: name.to_owned(),
            text: text.to_owned(),
            has_short: false,
        };
        let good = [code("register", "https://work.example.edu.cn/join?a=1")];
        for palette in [QrPalette::Rgb, QrPalette::Indexed, QrPalette::Ansi16] {
            assert_eq!(draw(&good, &[], palette)[0].verdict, CheckupVerdict::Pass);
        }
        let open = ["qr.follow".to_owned()];
        assert_eq!(
            draw(&good, &open, QrPalette::Rgb)[0].verdict,
            CheckupVerdict::Warn
        );
        let huge = [code("register", &"x".repeat(2000))];
        let found = draw(&huge, &[], QrPalette::Rgb).remove(0);
        assert_eq!(found.verdict, CheckupVerdict::Fail);
        assert!(found.values.contains(&("names", "register".into())));
        let has_short = huge.map(|code| CheckedCode {
            has_short: true,
            ..code
        });
        let found = draw(&has_short, &[], QrPalette::Rgb).remove(0);
        assert_eq!(
            found.verdict,
            CheckupVerdict::Pass,
            "its address stands there"
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named_and_nothing_is_left_in_one_that_can() {
        let dir = tempfile::tempdir().unwrap();
        let found = keep(dir.path());
        assert_eq!(found[0].verdict, CheckupVerdict::Pass);
        assert_eq!(found[1].check, "check-space");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        let none = keep(&dir.path().join("none"));
        assert_eq!(none[0].verdict, CheckupVerdict::Fail);
        assert!(none[0].values[0].1.contains("none"));
    }

    #[test]
    fn a_folder_that_others_change_fails_and_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let check = |mode: u32| {
            std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(mode)).unwrap();
            let before = std::fs::metadata(dir.path()).unwrap().modified().unwrap();
            let found = keep(dir.path());
            let after = std::fs::metadata(dir.path()).unwrap().modified().unwrap();
            let folder = found.iter().find(|found| found.check == "check-folder");
            (
                found[0].verdict,
                folder.map(|found| found.verdict),
                before == after,
            )
        };
        let (pass, warn, fail) = (
            CheckupVerdict::Pass,
            CheckupVerdict::Warn,
            CheckupVerdict::Fail,
        );
        assert_eq!(check(0o700), (pass, None, false));
        assert_eq!(check(0o755), (pass, Some(warn), false));
        assert_eq!(check(0o777), (fail, None, true));
        assert_eq!(check(0o730), (fail, None, true));
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(dir.path(), Some(54_321), None).unwrap();
            assert_eq!(check(0o700), (fail, None, true));
            let found = keep(dir.path()).remove(0);
            assert_eq!(found.told, "told-ours-foreign");
            assert!(found.values.contains(&("owner", "54321".into())));
        }
    }

    #[test]
    fn little_room_is_told_and_next_to_none_keeps_the_doors_shut() {
        for (megabytes, verdict) in [
            (0, CheckupVerdict::Fail),
            (63, CheckupVerdict::Fail),
            (64, CheckupVerdict::Warn),
            (499, CheckupVerdict::Warn),
            (500, CheckupVerdict::Pass),
        ] {
            let found = space(megabytes * 1024 * 1024);
            assert_eq!(found.verdict, verdict, "{megabytes}");
            assert!(found.values.contains(&("n", megabytes.to_string())));
        }
    }

    #[test]
    fn a_secret_that_others_read_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "s").unwrap();
        let verdict = |mode: u32| {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            guard(std::slice::from_ref(&path)).verdict
        };
        assert_eq!(verdict(0o600), CheckupVerdict::Pass);
        assert_eq!(verdict(0o640), CheckupVerdict::Fail);
        assert_eq!(verdict(0o602), CheckupVerdict::Fail);
        assert_eq!(
            guard(&[dir.path().join("none")]).verdict,
            CheckupVerdict::Fail
        );
    }
}
