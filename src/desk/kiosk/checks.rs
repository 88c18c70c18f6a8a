//! The checks before the doors open, from the volunteer's panel: they run beside the loop and tell what they find.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::desk::Desk;
use super::{Canvas, Kiosk, Phase};
use crate::campus::Campus;
use crate::campus::pack::PackFront;
use crate::desk::doctor::{self, CheckSubject, TerminalFacts};
use crate::desk::event::LoopEvent;
use crate::desk::terminal::locale;
use crate::screen::checkup::{Checkup, CheckupFinding};

impl<C: Canvas> Kiosk<C> {
    /// Begins the checks again; `message` sends one to the volunteer's own number.
    pub(super) fn begin_checks(&mut self, message: bool) {
        match &self.phase {
            Phase::Opening(opening) => {
                let front = &opening.front;
                self.desk.begin_checks(front, None, PathBuf::new(), message);
            }
            Phase::Serving(serving) => {
                let campus = Some(serving.outside.campus());
                let front = &serving.pack.front;
                self.desk
                    .begin_checks(front, campus, serving.location.dir.clone(), message);
            }
        }
    }
}

impl Desk {
    /// Begins the checks of this campus and the store in this folder.
    fn begin_checks(
        &mut self,
        front: &PackFront,
        campus: Option<Arc<Campus>>,
        store: PathBuf,
        message: bool,
    ) {
        self.stop_checks();
        self.checks_run = self.checks_run.wrapping_add(1);
        self.state.checkup = Some(Checkup {
            may_send: self.orders.mobile.is_some() && self.state.reach().sms.is_connected(),
            ..Checkup::default()
        });
        let (run, news) = (self.checks_run, self.news.clone());
        let subject = self.subject(front, campus, store, message);
        let task = tokio::spawn(async move {
            let (sender, mut found) = mpsc::channel(16);
            let forward = async {
                while let Some(finding) = found.recv().await {
                    // Without a receiver the loop has ended.
                    let _ = news.send(LoopEvent::Found { run, finding }).await;
                }
            };
            tokio::join!(doctor::examine(subject, sender), forward);
            let _ = news.send(LoopEvent::Examined { run }).await;
        });
        self.checks = Some(task.abort_handle());
    }

    /// Ends the checks and forgets what they found.
    pub fn stop_checks(&mut self) {
        if let Some(task) = self.checks.take() {
            task.abort();
        }
        self.state.checkup = None;
    }

    /// A finding of this run; one of an earlier run is not shown.
    pub fn found(&mut self, run: u64, finding: CheckupFinding) {
        let is_current = run == self.checks_run;
        if let Some(checkup) = self.state.checkup.as_mut().filter(|_| is_current) {
            checkup.findings.push(finding);
        }
    }

    /// This run of the checks has come to its end.
    pub fn checks_done(&mut self, run: u64) {
        let is_current = run == self.checks_run;
        if let Some(checkup) = self.state.checkup.as_mut().filter(|_| is_current) {
            checkup.is_done = true;
        }
    }

    fn subject(
        &self,
        front: &PackFront,
        campus: Option<Arc<Campus>>,
        store: PathBuf,
        message: bool,
    ) -> CheckSubject {
        let (codes, open_codes) = doctor::codes(front);
        CheckSubject {
            terminal: TerminalFacts {
                size: crossterm::terminal::size().ok(),
                kind: self.terminal,
                locale: locale(&|name| std::env::var(name).ok()).unwrap_or_default(),
                asked: None,
            },
            codes,
            open_codes,
            store,
            files: self.orders.files.clone(),
            house: self.orders.house,
            campus,
            account: self.orders.account.clone(),
            mobile: self.orders.mobile.clone().filter(|_| message),
        }
    }
}
