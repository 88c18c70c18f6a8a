//! Reads a pack's QR codes: their texts or images, and until when each is valid.
//!
//! A code that cannot be used (a broken image, an expired code) is reported and left out; the rest works without it. An
//! error in the file (a text too long to draw, both a text and an image) is a fault.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::gather::Gather;
use super::terms::qr_codes;
use super::{PackFront, QrText};
use crate::picture;
use crate::table::{Fault, Table};

/// The longest text of a QR code, in bytes: a longer one cannot be drawn with words beside it.
const QR_BYTES: usize = 120;
/// The longest text that fits a terminal of 80x24 at level M with a quiet zone, in bytes. A longer one needs a short
/// address to type.
const QR_BYTES_SMALL: usize = 84;

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
        match read_code(&code, here, gather) {
            Some(Ok(qr)) => *pack.qr_place(which) = Some(qr),
            // This code replaces the base's, and it cannot be used.
            Some(Err(trouble)) => {
                *pack.qr_place(which) = None;
                pack.troubles.push(trouble);
            }
            None => {}
        }
    }
    gather.finish(&table);
}

/// Reads a code. The inner error is a trouble without which the rest works. `None` after a fault.
fn read_code(
    table: &Table<'_>,
    here: Here<'_>,
    gather: &mut Gather,
) -> Option<Result<QrText, Fault>> {
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
    let (key, text) = match (text, image) {
        (Some(text), None) => ("text", text.value),
        (None, Some(image)) => match of_image(table, &image.value, here) {
            Ok(text) => ("image", text),
            Err(trouble) => return Some(Err(trouble)),
        },
        (Some(_), Some(_)) => {
            gather.add(table.fault_in("image", "a text and an image", "keep one of the two"));
            return None;
        }
        (None, None) => return None,
    };
    gather.take(check_length(table, key, &text, short.is_some()))?;
    if let (Some(day), Some(is_over)) = (expires, here.is_over)
        && is_over(day)
    {
        return Some(Err(table.fault_in(
            "expires",
            format!("the code was good until {day}, and is not shown any more"),
            "put in the new code with its day, or take `expires` out",
        )));
    }
    Some(Ok(QrText {
        text,
        expires,
        short,
    }))
}

/// The text of the image's only code.
fn of_image(table: &Table<'_>, name: &str, here: Here<'_>) -> Result<String, Fault> {
    let Some(folder) = here.folder else {
        return Err(table.fault_in(
            "image",
            "an embedded pack has no images beside it",
            "write the code's text: yingxin qr --read IMAGE",
        ));
    };
    let path = folder.join(name);
    let found = picture::open(&path).and_then(|image| picture::find(&image, &path));
    let texts = found.map_err(|c| table.fault_in("image", c.what, c.remedy))?;
    let [text] = texts.as_slice() else {
        return Err(table.fault_in(
            "image",
            format!("{} codes are in {}", texts.len(), path.display()),
            "cut out the one that is meant",
        ));
    };
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(table.fault_in(
            "image",
            format!(
                "the code in {} says nothing that can be shown",
                path.display()
            ),
            "use the code that the university gives out",
        ));
    }
    Ok(text.clone())
}

fn check_length(table: &Table<'_>, key: &str, text: &str, has_short: bool) -> Result<(), Fault> {
    let length = text.len();
    if length > QR_BYTES {
        return Err(table.fault_in(
            key,
            format!("{length} bytes, and a terminal draws {QR_BYTES} at the most"),
            "use a shorter address",
        ));
    }
    if length > QR_BYTES_SMALL && !has_short {
        return Err(table.fault_in(
            key,
            format!("{length} bytes cannot be drawn in 80x24"),
            format!("use an address of at most {QR_BYTES_SMALL} bytes, or add `short = \"...\"` to type by hand"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

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
