//! An upgrade waits for the desk: where another version stands in the program's place, a locked desk ends between two
//! visits, and its unit starts the new one.

use super::{Canvas, Kiosk, Phase};
use crate::desk::locked::{LOOK_PAUSE, LockedDesk};
use crate::desk::state::Hand;

impl<C: Canvas> Kiosk<C> {
    /// Looks at the program's file from time to time, and ends where it was replaced and nobody is served.
    pub(super) fn give_way(&mut self) {
        let state = &mut self.desk.state;
        let now = state.now().mono;
        if state.program_look_at.is_none_or(|at| at > now) {
            return;
        }
        state.program_look_at = Some(now.saturating_add(LOOK_PAUSE));
        if self.rests() && self.is_replaced() {
            tracing::info!("another version of the program was installed: the desk starts again");
            self.desk.is_leaving = true;
        }
    }

    fn is_replaced(&self) -> bool {
        let locked = self.desk.state.locked.as_ref();
        locked.is_some_and(LockedDesk::is_replaced)
    }

    /// Whether Welcome is shown, nobody has touched the desk for a while, and the store owes nothing.
    fn rests(&self) -> bool {
        let state = &self.desk.state;
        let keeps = match &self.phase {
            Phase::Opening(_) => false,
            Phase::Serving(serving) => serving.is_settled && !serving.is_busy(),
        };
        keeps
            && state.hand == Hand::Free
            && !state.is_untidy
            && !state.panel.is_open()
            && state.called.is_none()
            && state.idle.quiet(state.now().mono) >= LOOK_PAUSE
    }
}
