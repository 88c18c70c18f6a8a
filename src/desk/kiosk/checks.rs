//! The checks before the doors open, from the volunteer's panel: they run beside the loop and tell what they find.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Canvas, Kiosk};
use crate::campus::Campus;
use crate::desk::doctor::{self, Subject, TerminalFacts};
use crate::desk::event::News;
use crate::desk::terminal::locale;
use crate::screen::checkup::{Checkup, CheckupFinding};

impl<C: Canvas> Kiosk<C> {
    /// Begins the checks anew; `message` sends one to the volunteer's own number.
    pub(in crate::desk) fn examine(&mut self, message: bool) {
        if !self.state.panel.is_open() {
            return;
        }
        self.stop_examining();
        self.examined = self.examined.wrapping_add(1);
        self.state.checkup = Some(Checkup {
            may_send: self.orders.mobile.is_some() && self.state.reach().sms.is_connected(),
            ..Checkup::default()
        });
        let (run, news) = (self.examined, self.news.clone());
        let subject = self.subject(message);
        let task = tokio::spawn(async move {
            let (sender, mut found) = mpsc::channel(16);
            let tell = async {
                while let Some(finding) = found.recv().await {
                    // The loop is gone when nobody listens.
                    let _ = news.send(News::Found { run, finding }).await;
                }
            };
            tokio::join!(doctor::examine(subject, sender), tell);
            let _ = news.send(News::Examined { run }).await;
        });
        self.examining = Some(task.abort_handle());
    }

    /// Nobody wants to know any more.
    pub(in crate::desk) fn stop_examining(&mut self) {
        if let Some(task) = self.examining.take() {
            task.abort();
        }
        self.state.checkup = None;
    }

    /// A finding of this run; one of an earlier run is not shown.
    pub(super) fn found(&mut self, run: u64, finding: CheckupFinding) {
        if let Some(checkup) = self.state.checkup.as_mut().filter(|_| run == self.examined) {
            checkup.findings.push(finding);
        }
    }

    pub(super) fn has_examined(&mut self, run: u64) {
        if let Some(checkup) = self.state.checkup.as_mut().filter(|_| run == self.examined) {
            checkup.is_done = true;
        }
    }

    fn subject(&self, message: bool) -> Subject {
        let (codes, open_codes) = doctor::codes(&self.state.pack);
        let campus: Option<Arc<Campus>> = self.outside.as_ref().map(|outside| outside.campus());
        Subject {
            terminal: TerminalFacts {
                size: crossterm::terminal::size().ok(),
                kind: self.terminal,
                locale: locale(&|name| std::env::var(name).ok()).unwrap_or_default(),
                asked: None,
            },
            codes,
            open_codes,
            store: self.dir.clone().unwrap_or_default(),
            files: self.orders.files.clone(),
            campus,
            account: self.orders.account.clone(),
            mobile: self.orders.mobile.clone().filter(|_| message),
        }
    }
}
