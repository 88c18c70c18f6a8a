//! What a barcode scanner reads: it goes to the page on top where a number fits there, and is told of where none does.
//! Nothing of it is ever typed.

use super::super::pages::{PageResult, ScanRefusal, UiPage};
use super::super::{UiAction, UiView};
use super::spot::Spot;
use super::{Sent, Ui};
use crate::visit::{StepKind, Way};

impl Ui {
    /// What a scanned text leads to.
    pub(super) fn take_scan(&mut self, text: &str, view: &UiView<'_>) -> UiAction {
        let is_deaf = self.small || self.spot == Spot::Starting && self.overlay.is_none();
        if is_deaf || self.is_calling(view) {
            return UiAction::Ignored;
        }
        let code = view.front.scanned(text);
        let over = self.overlay.is_some();
        let is_waiting = !over && (self.sent.is_some() || self.page.is_busy(view));
        let result = if is_waiting || self.held_phone(view).is_some() {
            Err(ScanRefusal::NotHere)
        } else if code.pickup.is_none() && code.student.is_none() {
            Err(ScanRefusal::NoNumber)
        } else {
            self.top_mut().scan(&code, view)
        };
        let result = match result {
            Ok(result) => result,
            Err(why) => {
                self.scan_refused = Some(why);
                return UiAction::Edited;
            }
        };
        self.ring.leave();
        if let PageResult::Stay(action @ (UiAction::Visit(_) | UiAction::Desk(_))) = &result
            && !over
        {
            // The form of the sign-in comes after other pages.
            let begins = self.spot == Spot::Welcome && matches!(action, UiAction::Visit(_));
            self.carried = begins.then_some(code);
            self.sent = Some(Sent {
                at: view.now.mono,
                waited: false,
            });
        }
        self.apply(result)
    }

    fn top_mut(&mut self) -> &mut dyn UiPage {
        self.overlay.as_deref_mut().unwrap_or(self.page.as_mut())
    }

    /// Hands what was scanned on Welcome to the form of the sign-in; it is forgotten with the visit.
    pub(super) fn hand_on_scan(&mut self, view: &UiView<'_>) {
        match self.spot {
            Spot::Step(_, StepKind::Identity, Way::Desk, _) => {
                if let Some(code) = self.carried.take() {
                    // A page that shows a code for the phone has no use for it.
                    let _ = self.page.scan(&code, view);
                }
            }
            Spot::Step(..) | Spot::Ask(..) => {}
            Spot::Starting
            | Spot::Welcome
            | Spot::Offered(_)
            | Spot::Parked
            | Spot::AlreadyBound
            | Spot::Bound
            | Spot::Noted
            | Spot::Stuck
            | Spot::Ended => self.carried = None,
        }
    }
}
