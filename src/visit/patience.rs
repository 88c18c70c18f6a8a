//! How long a desk waits, untouched, for somebody who is busy with their phone: minutes where a download or a restart takes
//! minutes. The campus's pack says how many.

use std::time::Duration;

use strum::{EnumCount, IntoStaticStr, VariantArray};

/// What a student does on the phone while the desk waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumCount, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PhoneTask {
    /// Scanning the code, signing in and giving the number, all on the phone (guide 一).
    Register,
    /// Clearing WeChat's cache, and looking whether it is cleared (guide 三.2).
    Cache,
    /// Signing out of WeChat and restarting the phone (guide 三.2).
    Restart,
    /// Getting the WeCom app and signing in to it (guide 四.1).
    Download,
    /// Following the account (guide 一.3).
    Follow,
    /// Waiting for a code and typing it (guide 一.3(二)).
    Verify,
    /// A page of the campus's own, and what it needs to take effect.
    Portal,
    /// Undoing the old binding (guide 二).
    Unbind,
}

impl PhoneTask {
    /// Every task.
    pub const ALL: &'static [PhoneTask] = PhoneTask::VARIANTS;

    /// Its name in packs.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The minutes where the pack does not say.
    const fn usual(self) -> u8 {
        match self {
            PhoneTask::Register | PhoneTask::Follow | PhoneTask::Verify => 5,
            PhoneTask::Cache | PhoneTask::Unbind => 8,
            PhoneTask::Restart | PhoneTask::Download | PhoneTask::Portal => 10,
        }
    }
}

/// The minutes for each task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience([u8; PhoneTask::COUNT]);

impl Patience {
    /// The most minutes: a desk that waits longer serves nobody else.
    pub const MOST_MINUTES: u8 = 30;

    /// How long the desk waits.
    pub fn of(&self, task: PhoneTask) -> Duration {
        let minutes = self.0.get(task as usize).copied().unwrap_or(task.usual());
        Duration::from_secs(u64::from(minutes).saturating_mul(60))
    }

    /// Sets the minutes, one at the least and [`Patience::MOST_MINUTES`] at the most.
    pub fn set(&mut self, task: PhoneTask, minutes: u8) {
        if let Some(place) = self.0.get_mut(task as usize) {
            *place = minutes.clamp(1, Self::MOST_MINUTES);
        }
    }
}

impl Default for Patience {
    fn default() -> Self {
        let mut patience = Patience([1; PhoneTask::COUNT]);
        for task in PhoneTask::ALL {
            patience.set(*task, task.usual());
        }
        patience
    }
}
