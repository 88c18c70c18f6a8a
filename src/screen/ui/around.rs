//! What is around every page: the header with the steps, the lines for practice, waiting and trouble, the footer.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::super::cells;
use super::super::layout::Stack;
use super::super::pages::{
    Hit, PagePen, ScanRefusal, Tip, TroubleField, bad_names, minutes, other_way, script, steps,
    task_words, tip, trouble, trouble_at, visit, waiting,
};
use super::super::theme::Role;
use super::super::widgets::{
    self, BannerKind, Footer, FooterRow, Hint, Progress, StepMark, StepNames,
};
use super::super::{DeskState, StoreHealth, UiKey, UiView, second_key};
use crate::text::Lang;
use crate::visit::{ActKind, Place, StepKind, Way};

/// Stands for the label of F2: no text, but the name of the language that it leads to.
const NEXT_LANGUAGE: &str = "";

/// The number of free pickup numbers from which on a warning is shown.
const FEW_NUMBERS: u16 = 50;

/// A column's air at each side.
pub fn margin(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(2),
        ..area
    }
}

/// University and desk at the left, the steps at the right.
pub fn draw_header(pen: &mut PagePen<'_, '_>, area: Rect) {
    let style = pen.theme.style(Role::Header);
    cells::fill(area, pen.buf, style);
    let desk = desk_name(pen);
    let university = pen.view.front.university.get(pen.view.lang);
    let name = format!(" {university}  {}  {desk}", pen.words("desk-kind"));
    let DeskState::Visit { visit, place } = &pen.view.desk else {
        cells::put(area, area.x, area.y, &name, style, pen.buf);
        return;
    };
    let steps = steps(pen, visit, place);
    let short = pen.view.front.university_short.get(pen.view.lang);
    let full = [name, format!(" {university}  {desk}")];
    let short = (!short.is_empty()).then(|| format!(" {short}  {desk}"));
    let name = header_name(&steps, full, short, format!(" {desk}"), area.width);
    let left = cells::width(&name).saturating_add(2);
    cells::put(area, area.x, area.y, &name, style, pen.buf);
    let room = area.width.saturating_sub(left);
    let wide = Progress::columns(&steps, StepNames::Airy).min(room);
    let place = Rect {
        x: area.right().saturating_sub(wide),
        width: wide,
        ..area
    };
    Progress {
        steps: &steps,
        remaining: "",
    }
    .draw(place, pen.buf, pen.theme);
}

/// The desk's own name, which tells it from all others: students come back to it.
fn desk_name(pen: &PagePen<'_, '_>) -> String {
    let number = pen.view.desk_number.get();
    pen.words_with("desk-name", &[("n", number.into())])
}

/// The longest name beside which all steps fit by name, first with their air; a shorter one of the university, or the desk
/// alone, only where that makes room for their names. Else the longest one beside which the present step fits.
fn header_name(
    steps: &[(String, StepMark)],
    full: [String; 2],
    short: Option<String>,
    desk: String,
    room: u16,
) -> String {
    let fits = |step_names: StepNames, name: &String| {
        let left = room.saturating_sub(cells::width(name)).saturating_sub(2);
        Progress::columns(steps, step_names) <= left
    };
    let found = |step_names, names: &[String]| {
        let mut names = names.iter();
        names.find(|name| fits(step_names, name)).cloned()
    };
    let by_name = |names: &[String]| {
        let each = [StepNames::Airy, StepNames::Close].into_iter();
        let mut each = each.filter_map(|step_names| found(step_names, names));
        each.next()
    };
    by_name(&full)
        .or_else(|| by_name(short.as_slice()))
        .or_else(|| {
            let has_room = !Progress::is_long(steps) && fits(StepNames::Close, &desk);
            has_room.then(|| desk.clone())
        })
        .or_else(|| found(StepNames::One, &full))
        .or_else(|| found(StepNames::One, short.as_slice()))
        .unwrap_or(desk)
}

/// The lines above and below a page: practice, the store, what is waited for, what went wrong.
/// What is said to the student is left out over a volunteer's page, which says it in its own words; a trouble with a
/// field, where the page tells it there itself; the line for practice, where the practice phone stands in its place.
pub fn draw_bands(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    is_volunteers: bool,
    is_phones: bool,
    told_at: Option<TroubleField>,
    scan: Option<ScanRefusal>,
) {
    let view = pen.view;
    if view.practice && !is_phones {
        let words = practice_words(pen, stack.rest().width);
        pen.banner(stack, BannerKind::Practice, "word-practice", &words);
    }
    let mut bands = Vec::new();
    if is_volunteers {
        // The panel names the cause.
    } else if let Some(words) = waiting_words(pen) {
        bands.push((BannerKind::Info, "word-wait", words));
    } else if told_at.is_some_and(|field| trouble_at(view, field).is_some()) {
        // The page says it at the field.
    } else if let (DeskState::Visit { .. }, Some(why)) =
        (&view.desk, visit(view).and_then(|v| v.trouble.as_ref()))
    {
        bands.push((
            BannerKind::Warning,
            "word-trouble",
            trouble(pen.text, why, other_way(view) == Some(Way::Phone)),
        ));
    }
    if let Some(pickup) = view.gave_way.filter(|_| !is_volunteers) {
        let words = pen.words_with("gave-way", &[("pickup", pickup.to_string().into())]);
        bands.push((BannerKind::Info, "word-gave-way", words));
    }
    if let Some(why) = scan {
        let words = pen.words(match why {
            ScanRefusal::NotHere => "scan-not-here",
            ScanRefusal::Secret => "scan-secret",
            ScanRefusal::NoNumber => "scan-no-number",
        });
        bands.push((BannerKind::Warning, "word-scan", words));
    }
    let store = match view.store {
        StoreHealth::Good => None,
        StoreHealth::Full => Some((BannerKind::Danger, "store-full")),
        StoreHealth::Failed => Some((BannerKind::Danger, "store-failed")),
        StoreHealth::ReadOnly => Some((BannerKind::Danger, "store-read-only")),
        StoreHealth::Rebuilt => Some((BannerKind::Info, "store-rebuilt")),
        StoreHealth::Damaged => Some((BannerKind::Warning, "store-damaged")),
        StoreHealth::AsRoot => Some((BannerKind::Danger, "store-as-root")),
        StoreHealth::Unproved => Some((BannerKind::Warning, "store-unproved")),
    };
    if let Some((kind, key)) = store {
        bands.push((kind, "word-store", pen.words(key)));
    }
    if let Some(shows) = view.doubted_clock {
        let moment = script::moment(shows, &TimeZone::system());
        let words = pen.words_with("clock-doubted", &[("moment", moment.into())]);
        bands.push((BannerKind::Warning, "word-clock", words));
    }
    if let Some((kind, words)) = numbers_left(pen) {
        bands.push((kind, "word-store", words));
    }
    for (kind, word, words) in bands.into_iter().rev() {
        let wide = stack.rest().width;
        let label = pen.words(word);
        let rows = widgets::Banner {
            kind,
            word: &label,
            text: &words,
        }
        .height(wide);
        let area = stack.bottom(rows);
        pen.banner(&mut Stack::new(area), kind, word, &words);
    }
    if !is_volunteers {
        draw_patience(pen, stack);
    }
}

/// The quiet line of a page whose student is busy with the phone: how long the desk waits, and the key that begins anew.
fn draw_patience(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let Some(left) = pen.view.patience_left else {
        return;
    };
    let words = pen.words_with("patience-left", &[("n", minutes(left).into())]);
    let line = margin(stack.bottom(1));
    pen.say(&mut Stack::new(line), &words, Role::Dim);
    pen.hits.push(line, Hit::Key(UiKey::Char(' ')));
}

/// The warning that pickup numbers run out: each visit that waits has one.
fn numbers_left(pen: &PagePen<'_, '_>) -> Option<(BannerKind, String)> {
    match pen.view.numbers_left {
        0 => Some((BannerKind::Danger, pen.words("numbers-none"))),
        left @ 1..=FEW_NUMBERS => {
            let words = pen.words_with("numbers-few", &[("n", left.into())]);
            Some((BannerKind::Warning, words))
        }
        _ => None,
    }
}

/// That nothing is real, or what goes wrong on purpose; while the drill runs, what it asks for next. The first of several
/// ways to say it that fits one row of so many columns.
fn practice_words(pen: &PagePen<'_, '_>, columns: u16) -> String {
    let view = pen.view;
    let bad = view
        .phone
        .map_or_else(Vec::new, |phone| bad_names(pen, phone));
    let names = bad.join(&pen.words("words-between"));
    let named = |key: &str| pen.words_with(key, &[("days", names.as_str().into())]);
    let counted = |key: &str| pen.words_with(key, &[("n", bad.len().into())]);
    let drill = view.drill.filter(|drill| !drill.is_over(view.now.mono));
    let ways = match drill.and_then(|drill| Some((drill, drill.next()?))) {
        None if bad.is_empty() => vec![pen.words("practice-banner")],
        None => vec![named("bad-days-now"), counted("bad-days-count")],
        Some((drill, next)) => {
            let asks = |key: &str, bad: &str| {
                let values = [
                    ("done", drill.done().into()),
                    ("all", drill.tasks().count().into()),
                    ("task", pen.words(task_words(next)).into()),
                    ("bad", bad.into()),
                ];
                pen.words_with(key, &values)
            };
            let whole = asks("drill-banner", "");
            if bad.is_empty() {
                vec![whole]
            } else {
                vec![
                    format!("{whole} | {}", named("bad-days-now")),
                    asks("drill-banner-bad", &named("bad-days-few")),
                    asks("drill-banner-bad", &counted("bad-days-many")),
                ]
            }
        }
    };
    if let [only] = ways.as_slice() {
        return only.clone();
    }
    let word = pen.words("word-practice");
    let fits = |text: &&String| {
        let banner = widgets::Banner {
            kind: BannerKind::Practice,
            word: &word,
            text,
        };
        banner.height(columns) <= 1
    };
    let found = ways.iter().find(fits).or(ways.last());
    found.cloned().unwrap_or_default()
}

/// A static line: what is waited for and how long that may take. Watching the directory is no wait of the student's.
fn waiting_words(pen: &PagePen<'_, '_>) -> Option<String> {
    let view = pen.view;
    let wait = view.waiting_for?;
    let follows = matches!(
        view.desk,
        DeskState::Visit {
            place: Place::Step {
                step: StepKind::Follow,
                ..
            },
            ..
        }
    );
    if follows && wait.what == ActKind::FindMember {
        return None;
    }
    let words = if wait.is_slowed {
        pen.words("wait-sign-in-slowed")
    } else {
        pen.words(waiting(wait.what))
    };
    let most = wait.until.saturating_sub(wait.since).as_secs();
    Some(pen.words_with(
        "wait-at-most",
        &[("words", words.into()), ("n", most.into())],
    ))
}

/// The row of keys as it was laid out for the last frame: it is the same from key to key, and laying it out is a fifth of
/// drawing a frame.
#[derive(Default)]
pub struct KeysRow {
    laid_out: Option<(KeysRowOf, FooterRow<Hit>)>,
}

/// All that the row depends on.
#[derive(PartialEq, Eq)]
struct KeysRowOf {
    tips: Vec<Tip>,
    lang: Lang,
    needs_person: usize,
    columns: u16,
}

impl KeysRow {
    /// Draws what works here, then what works everywhere. Help is not opened over what lies over the page.
    pub fn draw(
        &mut self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        mut tips: Vec<Tip>,
        is_over: bool,
    ) {
        add_everywhere(pen.view, &mut tips, is_over);
        let of = KeysRowOf {
            tips,
            lang: pen.text.lang(),
            needs_person: pen.view.needs_person,
            columns: area.width,
        };
        let row = match self.laid_out.take() {
            Some((last, row)) if last == of => row,
            _ => {
                let hints: Vec<Hint<Hit>> = of.tips.iter().map(|tip| hint(pen, tip)).collect();
                Footer { hints: &hints }.row(of.columns)
            }
        };
        row.draw(area, pen.buf, pen.theme, pen.hits);
        self.laid_out = Some((of, row));
    }
}

fn add_everywhere(view: &UiView<'_>, tips: &mut Vec<Tip>, is_over: bool) {
    if !is_over {
        tips.push(tip("F1", "do-help", 1, UiKey::Help));
    }
    tips.push(tip("F2", NEXT_LANGUAGE, 2, UiKey::Language));
    // Under what lies over the page the phone takes no keys.
    if view.phone.is_some() && !is_over {
        tips.push(tip("F9", "do-practice-phone", 3, UiKey::Phone));
    }
    tips.push(tip("F10", "do-volunteer", 1, UiKey::Volunteer));
    if !is_over && !matches!(view.desk, DeskState::Starting) {
        tips.push(tip("F8", "call-volunteer", 5, UiKey::Call));
    }
    tips.push(tip("F3", "do-theme", 5, UiKey::Theme));
}

fn hint(pen: &PagePen<'_, '_>, tip: &Tip) -> Hint<Hit> {
    let second = match tip.hit {
        Hit::Key(key) => second_key(key),
        Hit::Pick(_) | Hit::Focus(_) | Hit::Phone(_) | Hit::BadDay(_) => None,
    };
    let [whole, short, least] = tip_words(pen, tip);
    Hint::new(tip.key, whole, tip.rank, tip.hit)
        .with_second(second)
        .shortened(short, least)
}

/// What a tip is called: in whole, in fewer cells, and in the fewest.
fn tip_words(pen: &PagePen<'_, '_>, tip: &Tip) -> [String; 3] {
    let n = pen.view.needs_person;
    match tip.label {
        // A language is named by itself, and by its tag, as buttons do (`EN`), where nothing else fits.
        NEXT_LANGUAGE => {
            let next = pen.view.lang.next();
            let name = next.name().to_owned();
            let tag = next.tag().to_uppercase();
            let is_shorter = cells::width(&tag) < cells::width(&name);
            let least = if is_shorter { tag } else { name.clone() };
            [name.clone(), name, least]
        }
        // The count of what waits for a volunteer is shown without the PIN, and never left out; whose visits they are is
        // not shown.
        "do-volunteer" if n > 0 => {
            let whole = pen.words_with("do-volunteer-needed", &[("n", n.into())]);
            let least = format!("{} {n}", pen.words("short-volunteer"));
            [whole.clone(), whole, least]
        }
        label => {
            let whole = pen.words(label);
            let short = short(label).map_or_else(|| whole.clone(), |key| pen.words(key));
            let least = least(label).map_or_else(|| short.clone(), |key| pen.words(key));
            [whole, short, least]
        }
    }
}

/// What a tip is called in the fewest cells, where that is shorter than [`short`].
fn least(label: &str) -> Option<&'static str> {
    match label {
        "do-step-aside" => Some("least-step-aside"),
        "coach-tell" => Some("least-tell"),
        "number-another" => Some("short-change-number"),
        "notice-by-phone" | "way-to-phone" => Some("least-to-phone"),
        "way-to-desk" => Some("least-to-desk"),
        _ => None,
    }
}

/// What a tip is called where not all of them fit.
fn short(label: &str) -> Option<&'static str> {
    match label {
        "do-step-aside" => Some("short-step-aside"),
        "coach-tell" => Some("short-tell"),
        "verify-send" => Some("short-send"),
        "verify-resend" => Some("short-resend"),
        "verify-change-number" => Some("short-change-number"),
        "do-practice-phone" => Some("short-practice-phone"),
        "do-volunteer" => Some("short-volunteer"),
        "do-retry" => Some("short-retry"),
        "already-old" => Some("short-already-old"),
        "grant-anew" => Some("short-grant-anew"),
        "grant-password" => Some("short-grant-password"),
        "welcome-enter" => Some("short-here"),
        "welcome-scanned" => Some("short-scanned"),
        "welcome-pickup" => Some("short-pickup"),
        "notice-agree" => Some("short-agree"),
        "notice-leave" => Some("short-leave"),
        "unbind-other" => Some("short-unbind-other"),
        "notice-by-phone" | "way-to-phone" => Some("short-to-phone"),
        "way-to-desk" => Some("short-to-desk"),
        "help-leave" => Some("short-leave-for-now"),
        _ => None,
    }
}
