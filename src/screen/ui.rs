//! The screen as a whole: which page is shown, what lies over it, and all that is half typed. It changes no visit: it
//! draws a [`UiView`] and answers input with a [`UiAction`].
//!
//! A new page is made whenever the visit's place changes, so nothing typed outlives its place.

mod around;
mod input;
mod scanning;
mod spot;
mod tab_ring;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::cells;
use super::layout::{self, PhonePlace, Stack};
use super::pages::{
    CallPage, DrillPage, Hit, PagePen, PhonePanel, ScanRefusal, StartingPage, Tip, UiPage,
    draw_idle, draw_small, may_step_aside, next_minute, next_second, tip,
};
use super::theme::{Role, Theme};
use super::widgets::Hits;
use super::{PracticePhone, UiKey, UiView};
use crate::campus::pack::Scanned;
use crate::text::{Lang, Text};
use around::{KeysRow, draw_bands, draw_header, margin};
use spot::{Spot, page, spot};
use tab_ring::TabRing;

/// All that is half typed, and what it takes to draw.
pub struct Ui {
    theme: Theme,
    text: Text,
    spot: Spot,
    page: Box<dyn UiPage>,
    overlay: Option<Box<dyn UiPage>>,
    phone: PhonePanel,
    keys_row: KeysRow,
    /// Whether the drill was over when its page was opened last by itself; `None` where it was not begun.
    drill_shown: Option<bool>,
    hits: Hits<Hit>,
    ring: TabRing,
    sent: Option<Sent>,
    /// Why what was scanned last was not taken, until the next input.
    scan_refused: Option<ScanRefusal>,
    /// What was scanned on Welcome, for the form of the sign-in.
    carried: Option<Scanned>,
    /// The last frame was too small for any page.
    small: bool,
}

/// Something was sent off: the same page sends nothing again until it is answered, something is typed, or a moment has
/// passed in which nothing came of it.
#[derive(Clone, Copy)]
struct Sent {
    at: Duration,
    waited: bool,
}

const NOTHING_CAME: Duration = Duration::from_secs(1);

impl Ui {
    /// A screen that shows the page before the store is ready.
    pub fn new(theme: Theme, lang: Lang) -> Self {
        Ui {
            theme,
            text: Text::new(lang),
            spot: Spot::Starting,
            page: Box::new(StartingPage),
            overlay: None,
            phone: PhonePanel::default(),
            keys_row: KeysRow::default(),
            drill_shown: None,
            hits: Hits::new(),
            ring: TabRing::default(),
            sent: None,
            scan_refused: None,
            carried: None,
            small: false,
        }
    }

    /// Changes the language. [`Ui::draw`] does it by itself where the view's differs.
    pub fn set_lang(&mut self, lang: Lang) {
        if self.text.lang() != lang {
            self.text = Text::new(lang);
        }
    }

    /// Draws with another theme from the next frame on.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Forgets everything half typed; what is secret is zeroized.
    pub fn wipe(&mut self) {
        self.spot = Spot::Starting;
        self.page = Box::new(StartingPage);
        self.overlay = None;
        self.phone.lay_down();
        self.sent = None;
        (self.scan_refused, self.carried) = (None, None);
        self.hits.clear();
        self.ring = TabRing::default();
    }

    /// When the screen must be drawn again by itself, as a moment of the view's monotonic clock; `None` for never. Only
    /// what is visible and counts is waited for.
    pub fn next_wake(&self, view: &UiView<'_>) -> Option<Duration> {
        let idle = view.idle.map(|counting| next_second(view, counting.left));
        let patience = view.patience_left.map(|left| next_minute(view, left));
        if self.small {
            return idle;
        }
        // What lies beneath is not drawn: a moment of its own that only drawing ends would come for ever.
        let top = self.top(view).wake(view).filter(|_| idle.is_none());
        [idle, patience, top].into_iter().flatten().min()
    }

    /// Draws a whole frame.
    pub fn draw(&mut self, frame: &mut Frame<'_>, view: &UiView<'_>) {
        self.sync_with(view);
        let area = frame.area();
        let calls = self.is_calling(view);
        // Over the student's page what is said to the student is not read.
        let over_student = calls || self.shows_volunteers_page();
        let is_covered = self.is_covered(view);
        let buf = frame.buffer_mut();
        self.hits.clear();
        cells::fill(area, buf, self.theme.style(Role::Screen));
        // Whose the keys are is seen: nothing of the desk is marked while they are the phone's.
        let held = self.held_phone(view);
        let resting = held.map(|_| self.theme.at_rest());
        let mut pen = PagePen {
            buf,
            window: area.as_size(),
            theme: resting.as_ref().unwrap_or(&self.theme),
            text: &self.text,
            view,
            hits: &mut self.hits,
            caret: None,
            reached: self.ring.at(),
            stops: Vec::new(),
        };
        let parts = layout::frame(area, view.phone.is_some());
        self.small = parts.is_err();
        let parts = match parts {
            Ok(parts) => parts,
            Err(small) => return draw_small(&mut pen, area, &small),
        };
        draw_header(&mut pen, parts.header);
        let mut stack = Stack::new(parts.body);
        let in_rows = held.filter(|_| parts.practice_phone == Some(PhonePlace::Rows));
        let strip =
            in_rows.map(|phone| stack.take(self.phone.strip_rows(&pen, parts.body.width, phone)));
        let told = self.page.told_at(view);
        let scan = self.scan_refused;
        draw_bands(
            &mut pen,
            &mut stack,
            over_student,
            strip.is_some(),
            told,
            scan,
        );
        let body = margin(stack.rest());
        // A box has the body to itself: of what lies beneath only parts would be seen, and no whole word or code.
        if !is_covered && view.idle.is_none() {
            self.page.draw(&mut pen, body);
        }
        pen.theme = &self.theme;
        if held.is_some() {
            pen.let_go();
        }
        let place = parts.practice_phone;
        draw_phone(&mut self.phone, &mut pen, place, strip, held.is_some());
        draw_over(self.overlay.as_mut(), &mut pen, body, calls);
        let row = parts.footer;
        match held {
            Some(phone) => self.phone.draw_keys(&mut pen, row, phone, strip.is_none()),
            None => {
                let top = top(self.overlay.as_deref(), self.page.as_ref(), calls);
                let tips = tips(top, is_covered, view);
                self.keys_row.draw(&mut pen, row, tips, is_covered);
            }
        }
        if view.idle.is_some() {
            pen.let_go();
        }
        let caret = pen.caret.filter(|_| pen.reached.is_none());
        let stops = std::mem::take(&mut pen.stops);
        if self.ring.set_stops(stops) {
            // The page's own highlight is back.
            return self.draw(frame, view);
        }
        if let Some(caret) = caret.filter(|at| area.contains(*at)) {
            frame.set_cursor_position(caret);
        }
    }

    /// The practice phone while keys go to it: it is in hand, and nothing lies over the page.
    fn held_phone<'v>(&self, view: &UiView<'v>) -> Option<&'v PracticePhone> {
        let is_free = self.phone.is_held() && !self.is_covered(view);
        view.phone.filter(|_| is_free)
    }

    /// Whether something lies over the page.
    fn is_covered(&self, view: &UiView<'_>) -> bool {
        self.overlay.is_some() || self.is_calling(view)
    }

    /// Whether the call for a volunteer is seen, over all else: until a volunteer comes to the PIN pad.
    fn is_calling(&self, view: &UiView<'_>) -> bool {
        view.is_called && !self.shows_volunteers_page()
    }

    /// The page that is on top.
    fn top(&self, view: &UiView<'_>) -> &dyn UiPage {
        let calls = self.is_calling(view);
        top(self.overlay.as_deref(), self.page.as_ref(), calls)
    }

    /// Whether a volunteer's page lies over the page: the PIN pad, the panel, or one that was opened from it.
    pub fn shows_volunteers_page(&self) -> bool {
        self.overlay
            .as_ref()
            .is_some_and(|page| page.is_volunteers())
    }

    /// Lays a page over the page, or takes it away. The buttons of the frame before are gone with what they belonged to.
    fn lay_over(&mut self, page: Option<Box<dyn UiPage>>) {
        self.overlay = page;
        self.ring = TabRing::default();
    }

    /// Makes a new page where the visit's place changed, and drops what has nothing left to show.
    fn sync_with(&mut self, view: &UiView<'_>) {
        self.set_lang(view.lang);
        let spot = spot(view);
        if spot != self.spot {
            self.page = page(&spot, view);
            self.spot = spot;
            self.sent = None;
            self.scan_refused = None;
            self.ring = TabRing::default();
            self.hand_on_scan(view);
            if !self.shows_volunteers_page() {
                let opens = self.page.opens(view);
                self.lay_over(opens);
            }
        }
        if self.overlay.as_ref().is_some_and(|page| page.is_over(view)) {
            self.lay_over(None);
        }
        self.open_drill(view);
        if let Some(sent) = &mut self.sent {
            let answered = sent.waited && view.waiting_for.is_none();
            sent.waited |= view.waiting_for.is_some();
            let nothing = !sent.waited && view.now.mono.saturating_sub(sent.at) >= NOTHING_CAME;
            if answered || nothing {
                self.sent = None;
            }
        }
    }

    /// The drill's page opens by itself when the drill begins, and when it is over.
    fn open_drill(&mut self, view: &UiView<'_>) {
        let drill = view.drill.map(|drill| drill.is_over(view.now.mono));
        let may = self.overlay.is_none() && self.spot != Spot::Starting;
        match drill {
            _ if drill == self.drill_shown => {}
            Some(_) if !may => {}
            None => self.drill_shown = None,
            Some(is_over) => {
                self.drill_shown = Some(is_over);
                self.phone.lay_down();
                self.lay_over(Some(Box::new(DrillPage::default())));
            }
        }
    }
}

/// The page that is on top. What lies beneath the call stays as it is.
fn top<'p>(
    overlay: Option<&'p (dyn UiPage + 'static)>,
    page: &'p (dyn UiPage + 'static),
    calls: bool,
) -> &'p dyn UiPage {
    if calls {
        return &CallPage;
    }
    overlay.unwrap_or(page)
}

/// What the keys do on the page that is on top.
fn tips(top: &dyn UiPage, is_covered: bool, view: &UiView<'_>) -> Vec<Tip> {
    let mut tips = top.tips(view);
    if !is_covered && may_step_aside(view) {
        tips.push(tip("F6", "do-step-aside", 1, UiKey::StepAside));
    }
    tips
}

/// Draws the practice phone where it stands: beside the page, or as the strip while it is in hand.
fn draw_phone(
    panel: &mut PhonePanel,
    pen: &mut PagePen<'_, '_>,
    place: Option<PhonePlace>,
    strip: Option<Rect>,
    is_held: bool,
) {
    match (place, pen.view.phone, strip) {
        (Some(PhonePlace::Beside(rect)), Some(phone), _) => panel.draw(pen, rect, phone, is_held),
        (Some(PhonePlace::Rows), Some(phone), Some(row)) => panel.draw_strip(pen, row, phone),
        _ => {}
    }
}

/// Draws what has the body instead of the page: the countdown before all else.
fn draw_over(
    overlay: Option<&mut Box<dyn UiPage>>,
    pen: &mut PagePen<'_, '_>,
    body: Rect,
    calls: bool,
) {
    match (overlay, pen.view.idle) {
        (_, Some(counting)) => draw_idle(pen, body, counting),
        (_, None) if calls => {
            pen.let_go();
            CallPage.draw(pen, body);
        }
        (Some(overlay), None) => {
            pen.let_go();
            overlay.draw(pen, body);
        }
        (None, None) => {}
    }
}

/// Says where the screen stands, and nothing that was typed.
impl std::fmt::Debug for Ui {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ui")
            .field("spot", &self.spot)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
