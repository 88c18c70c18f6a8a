//! Handing the desk over: the next volunteer has read what is left to do, and confirms it with their PIN. It counts once
//! the journal has it.

use super::desk::Desk;
use super::serving::Serving;
use crate::desk::event::LoopEvent;
use crate::desk::lock::{LockState, PinVerdict};
use crate::screen::HandoverState;
use crate::store::Handover;
use crate::visit::{Secret, VolunteerName};

impl Desk {
    /// Nobody has confirmed anything on the page that opens now. What is being kept goes on: the page says so.
    pub fn begin_handover(&mut self) {
        if self.state.handover != HandoverState::Keeping {
            self.state.handover = HandoverState::None;
        }
        self.state.taking_over.close();
    }

    /// Checks the next volunteer's PIN; the verdict comes as [`LoopEvent::HandoverChecked`]. The panel stays open for the
    /// one who is there, and wrong PINs count as they do at its pad.
    pub fn check_handover(&mut self, pin: Secret) {
        let now = self.state.now().mono;
        if let Some(way) = self.pins.begin(&mut self.state.taking_over, &pin, now) {
            self.find_owner(pin, way, LoopEvent::HandoverChecked);
        }
    }
}

impl Serving {
    /// The PIN was checked: who confirms is noted. Of no use where the panel was closed meanwhile.
    pub fn handover_checked(&mut self, desk: &mut Desk, verdict: PinVerdict) {
        let now = desk.state.now();
        let is_awaited = desk.state.taking_over.lock_state() == LockState::Checking;
        desk.state.taking_over.checked(verdict.clone(), now.mono);
        let tried = desk.state.taking_over.clone();
        desk.state.count_together(&tried);
        let PinVerdict::Right(to) = verdict else {
            return;
        };
        desk.state.taking_over.close();
        if !is_awaited || !desk.state.panel.is_open() {
            return;
        }
        desk.state.idle.touch(now.mono);
        let from = desk.state.panel.by().cloned();
        if to.is_some() && to == from {
            desk.state.handover = HandoverState::Same;
            return;
        }
        desk.state.handover = HandoverState::Keeping;
        let handover = Handover {
            from,
            to: to.clone(),
            waiting: desk.state.waiting.len(),
            owed: desk.state.outbox.len(),
            tickets: desk.state.tickets.len(),
        };
        let kept = self.store.record_handover(now.wall, handover);
        desk.handover_run = desk.handover_run.wrapping_add(1);
        let (run, news) = (desk.handover_run, desk.news.clone());
        tokio::spawn(async move {
            let kept = matches!(kept.await, Ok(Ok(())));
            // Without a receiver the loop has ended.
            let _ = news.send(LoopEvent::HandedOver { run, to, kept }).await;
        });
    }

    /// The journal has it, or does not take it. Of no use where the panel was closed meanwhile.
    pub fn handed_over(
        &mut self,
        desk: &mut Desk,
        run: u64,
        to: Option<VolunteerName>,
        kept: bool,
    ) {
        if desk.state.handover != HandoverState::Keeping || run != desk.handover_run {
            return;
        }
        if !kept {
            tracing::warn!("the desk was not handed over: the store does not take it");
            desk.state.handover = HandoverState::NotKept;
            return;
        }
        // What the last one looked at is nothing that the next one asked for.
        desk.state.forget_views();
        desk.state.panel.taken_over(to);
        self.refresh_lists(desk);
        desk.state.handover = HandoverState::Done;
    }
}
