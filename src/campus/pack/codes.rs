//! Reads a pack's QR codes: their texts, or the images that hold them, and until when each is good.
//!
//! A code that cannot be used (a broken image, one that has expired) is named and left out; the rest works without it.
//! What is plainly wrong in the file (too long to be drawn, both a text and an image) is a fault.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::gather::Gather;
use super::{PackFront, PackQr, QrText};
use crate::picture;
use crate::table::{Fault, Table};

/// What a QR code may hold at the most, in bytes: more cannot be drawn with words beside it.
const QR_BYTES: usize = 120;
/// What fits a terminal of 80x24 at level M with a quiet zone; above it there must be a short address to type.
const QR_BYTES_SMALL: usize = 84;

/// Where a pack stands and when it is read: what its codes depend on beside its text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here<'a> {
    /// The pack's folder, which images are relative to; an embedded pack has none.
    pub folder: Option<&'a Path>,
    /// Whether a day is over: codes that were good until it are left out. `None` where nobody asks.
    pub is_over: Option<fn(Date) -> bool>,
}

/// Whether a day is over here.
pub(super) fn is_over(day: Date) -> bool {
    let utc = Timestamp::now().to_zoned(TimeZone::UTC).date();
    is_over_on(day, utc, || Zoned::now().date())
}

/// The local day is asked for only where it decides, as no zone is more than a day away from UTC: to find this machine's
/// zone may take milliseconds, and a start pays for them.
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
        let picked = table.pick("uses", &name, &PackQr::ALL);
        pack.uses.extend(gather.take(picked));
    }
    for (name, which) in PackQr::ALL {
        let Some(code) = gather.maybe(table.table(name)) else {
            continue;
        };
        pack.uses.insert(which);
        match read_code(&code, here, gather) {
            Some(Ok(qr)) => *pack.qr_place(which) = Some(qr),
            // Whatever a base had was replaced by this one, which is no good.
            Some(Err(trouble)) => {
                *pack.qr_place(which) = None;
                pack.troubles.push(trouble);
            }
            None => {}
        }
    }
    gather.finish(&table);
}

/// A code; the inner error is a trouble that the rest can do without. `None` where a fault was gathered.
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

/// What the image's one code says.
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
