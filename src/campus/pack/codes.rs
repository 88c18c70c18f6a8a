//! Reads a pack's QR codes: their texts or images, and until when each is valid.
//!
//! A code that cannot be used (a broken image, an expired code) is reported and left out; the rest works without it. An
//! error in the file (a text too long to draw, both a text and an image) is a fault. An image is only looked for here;
//! [`super::images`] reads its code, after the first frame.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::gather::Gather;
use super::terms::qr_codes;
use super::{PackFront, PackImage, PackQr, QrText};
use crate::cli_lang::{both, pick};
use crate::picture;
use crate::table::{Fault, Table};

/// The longest text that fits a terminal of 80x24 at level M with a quiet zone, in bytes. A longer one needs a short
/// address to type, and may then have any length: where the code cannot be drawn, the address stands in its place.
const QR_BYTES: usize = 84;

/// The folder and the day of reading, on which a pack's codes depend besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here<'a> {
    /// The pack's folder, to which images are relative; `None` for an embedded pack.
    pub folder: Option<&'a Path>,
    /// Whether a day is over; codes that were valid until it are left out. `None` accepts all codes.
    pub is_over: Option<fn(Date) -> bool>,
}

/// Whether a day is over here.
pub(super) fn is_over(day: Date) -> bool {
    let utc = Timestamp::now().to_zoned(TimeZone::UTC).date();
    is_over_on(day, utc, || Zoned::now().date())
}

/// Calls `local` only if the local day decides, as no zone is more than a day from UTC: to find this machine's zone can
/// take milliseconds of the start.
fn is_over_on(day: Date, utc: Date, local: impl FnOnce() -> Date) -> bool {
    match (utc.yesterday(), utc.tomorrow()) {
        (Ok(yesterday), _) if day < yesterday => true,
        (_, Ok(tomorrow)) if day >= tomorrow => false,
        _ => day < local(),
    }
}

/// Reads `[qr]` over what the pack has.
pub(super) fn read_codes(
    root: &Table<'_>,
    pack: &mut PackFront,
    here: Here<'_>,
    gather: &mut Gather,
) {
    let Some(table) = gather.maybe(root.table("qr")) else {
        return;
    };
    for name in gather.maybe(table.texts("uses")).unwrap_or_default() {
        let picked = table.pick("uses", &name, &qr_codes());
        pack.uses.extend(gather.take(picked));
    }
    for (name, which) in qr_codes() {
        let Some(code) = gather.maybe(table.table(name)) else {
            continue;
        };
        pack.uses.insert(which);
        let Some(read) = read_code(&code, which, here, gather) else {
            continue;
        };
        // This code replaces the base's, also where it cannot be used.
        *pack.qr_place(which) = None;
        match read {
            ReadCode::Text(qr) => *pack.qr_place(which) = Some(qr),
            ReadCode::Image(image) => pack.images.push(image),
            ReadCode::Trouble(trouble) => pack.troubles.push(trouble),
        }
    }
    gather.finish(&table);
}

/// What a code's section gives.
enum ReadCode {
    Text(QrText),
    /// The image that holds the code.
    Image(PackImage),
    /// It cannot be used; the rest works without it.
    Trouble(Fault),
}

/// Reads a code; `None` after a fault.
fn read_code(
    table: &Table<'_>,
    which: PackQr,
    here: Here<'_>,
    gather: &mut Gather,
) -> Option<ReadCode> {
    let before = gather.count();
    let text = gather.maybe(table.text("text"));
    let image = gather.maybe(table.text("image"));
    let short = gather.maybe(table.text("short")).map(|found| found.value);
    let expires = gather.maybe(table.date("expires"));
    if gather.count() == before && text.is_none() && image.is_none() {
        gather.take(table.need_text("text"));
    }
    gather.finish(table);
    if gather.count() > before {
        return None;
    }
    if text.is_some() && image.is_some() {
        gather.add(table.fault_in(
            "image",
            both!("a text and an image", "又有文字又有图片"),
            both!("keep one of the two", "请只留一个"),
        ));
        return None;
    }
    if let Some(text) = &text {
        let checked = check_length(&text.value, short.is_some());
        gather.take(checked.map_err(|(what, remedy)| table.fault_in("text", what, remedy)))?;
    }
    if let (Some(day), Some(is_over)) = (expires, here.is_over)
        && is_over(day)
    {
        return Some(ReadCode::Trouble(table.fault_in(
            "expires",
            both!(
                "the code was good until {day}, and is not shown any more",
                "二维码有效到 {day}，现在不再显示"
            ),
            both!(
                "put in the new code with its day, or take `expires` out",
                "请换上新的二维码及其日期，或去掉 `expires`"
            ),
        )));
    }
    let qr = |text| QrText {
        text,
        expires,
        short,
    };
    match (text, image) {
        (Some(text), _) => Some(ReadCode::Text(qr(text.value))),
        (None, Some(image)) => Some(match image_of(table, &image.value, here) {
            Ok(path) => ReadCode::Image(PackImage {
                which,
                path,
                qr: qr(String::new()),
                fault: table.fault_in("image", "", ""),
            }),
            Err(trouble) => ReadCode::Trouble(trouble),
        }),
        (None, None) => None,
    }
}

/// The image's file, if it is there.
fn image_of(table: &Table<'_>, name: &str, here: Here<'_>) -> Result<PathBuf, Fault> {
    let Some(folder) = here.folder else {
        return Err(table.fault_in(
            "image",
            both!(
                "an embedded pack has no images beside it",
                "内置的数据包旁边没有图片"
            ),
            both!(
                "write the code's text: yingxin qr --read IMAGE",
                "请写二维码的内容：yingxin qr --read 图片"
            ),
        ));
    };
    let path = folder.join(name);
    match picture::look_for(&path) {
        Ok(()) => Ok(path),
        Err(error) => Err(table.fault_in("image", error.what, error.remedy)),
    }
}

/// Checks whether a text can be drawn, or has an address to type in its place.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_length(text: &str, has_short: bool) -> Result<(), (String, String)> {
    let length = text.len();
    if length <= QR_BYTES || has_short {
        return Ok(());
    }
    let without_query = text.split(['?', '#']).next().map_or(length, str::len);
    let query = if without_query <= QR_BYTES {
        pick(
            "; leave out what follows `?`, if the address works without it",
            "；网址去掉 `?` 之后的部分也能用的话，就去掉",
        )
    } else {
        ""
    };
    Err((
        both!(
            "{length} bytes, and a terminal of 80x24 draws {QR_BYTES}",
            "有 {length} 字节，80x24 的终端只画得下 {QR_BYTES}"
        ),
        both!(
            "make a short link for it{query}; or add `short = \"...\"`, an address to type where the code cannot be drawn",
            "请为它做一个短链接{query}；或加上 `short = \"...\"`，画不下时可以输入的网址"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_reference_has_this_limit() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!("| the text of a code | {QR_BYTES} bytes, ");
        assert!(limits.contains(&row), "{row}");
    }

    #[test]
    fn a_day_is_over_when_the_next_begins_here() {
        let utc = date(2026, 9, 2);
        for (local, last_good) in [(1, 1), (2, 2), (3, 3)] {
            for day in 1..=4 {
                let over = is_over_on(date(2026, 9, day), utc, || date(2026, 9, local));
                assert_eq!(over, day < last_good, "{day}, here {local}");
            }
        }
    }

    #[test]
    fn the_zone_is_not_looked_for_without_need() {
        let utc = date(2026, 9, 2);
        let local = || -> Date { panic!("looked for") };
        assert!(is_over_on(date(2026, 8, 31), utc, local));
        assert!(!is_over_on(date(2026, 9, 3), utc, local));
    }
}
