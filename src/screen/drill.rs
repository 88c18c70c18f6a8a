//! The drill of five minutes in practice, as far as it got: what it asks for, what was done, what took several tries. The
//! desk fills it from what the journal keeps; it is drawn in `screen/pages/drill.rs`.

use std::time::Duration;

use strum::VariantArray;

/// How long the drill is meant to take.
pub const MEANT: Duration = Duration::from_secs(300);
/// After so long it is over, done or not.
const LONGEST: Duration = Duration::from_secs(900);

/// Something that the drill asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum DrillTask {
    /// A registration that ends with the account seen active.
    Register,
    /// A parked visit that goes on by its pickup number.
    PickUp,
    /// A student who is vouched for, and what goes wrong for that taken back.
    Vouch,
    /// A ticket for the hotline.
    Ticket,
    /// A bad day that is set when the rest is done, on which a student is looked after, and which is taken back.
    BadDay,
}

impl DrillTask {
    /// All of them, in the order in which they are asked for.
    pub const ALL: &'static [DrillTask] = DrillTask::VARIANTS;
}

/// What is asked of the desk about the drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrillOrder {
    /// It begins, at nothing.
    Begin,
    /// It ends, whatever is done.
    End,
}

/// How far a task got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskState {
    /// How long after the beginning it was done.
    pub done: Option<Duration>,
    /// Tries that did not lead there.
    pub failed: u32,
}

impl TaskState {
    /// Whether its words are to be read again: it was not done, or not at the first try.
    pub fn is_weak(self) -> bool {
        self.done.is_none() || self.failed > 0
    }
}

/// The drill, running or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drill {
    began: Duration,
    ended: Option<Duration>,
    tasks: [TaskState; DrillTask::ALL.len()],
}

impl Drill {
    /// A drill that begins at the monotonic `now`.
    pub fn begin(now: Duration) -> Self {
        Drill {
            began: now,
            ended: None,
            tasks: [TaskState::default(); DrillTask::ALL.len()],
        }
    }

    /// Each task with its state.
    pub fn tasks(&self) -> impl Iterator<Item = (DrillTask, TaskState)> {
        DrillTask::ALL.iter().copied().zip(self.tasks)
    }

    /// How long a task took that is done: since the one that was done before it, or since the beginning.
    pub fn spent_on(&self, task: DrillTask) -> Option<Duration> {
        let done = self.tasks.get(task as usize)?.done?;
        let earlier = self.tasks.iter().filter_map(|state| state.done);
        let before = earlier.filter(|at| *at < done).max();
        Some(done.saturating_sub(before.unwrap_or_default()))
    }

    /// The first task that is not done.
    pub fn next(&self) -> Option<DrillTask> {
        let open = self.tasks().find(|(_, state)| state.done.is_none());
        open.map(|(task, _)| task)
    }

    /// How many tasks are done.
    pub fn done(&self) -> usize {
        let done = self.tasks.iter().filter(|state| state.done.is_some());
        done.count()
    }

    /// Whether it is over by the monotonic `now`: all is done, it was ended, or it took far too long.
    pub fn is_over(&self, now: Duration) -> bool {
        self.ended.is_some() || now.saturating_sub(self.began) >= LONGEST
    }

    /// How long it took, or has taken so far.
    pub fn took(&self, now: Duration) -> Duration {
        let until = self.ended.unwrap_or(now).saturating_sub(self.began);
        until.min(LONGEST)
    }

    /// A task is done; the last one ends the drill.
    pub fn tick_off(&mut self, task: DrillTask, now: Duration) {
        if self.is_over(now) {
            return;
        }
        let after = self.took(now);
        if let Some(state) = self.state(task) {
            state.done.get_or_insert(after);
        }
        if self.next().is_none() {
            self.end(now);
        }
    }

    /// A try at a task failed; one that is done already is not judged again, and nothing is once the drill is over.
    pub fn count_failure(&mut self, task: DrillTask, now: Duration) {
        if self.is_over(now) {
            return;
        }
        let open = self.state(task).filter(|state| state.done.is_none());
        if let Some(state) = open {
            state.failed = state.failed.saturating_add(1);
        }
    }

    /// The drill ends, whatever is done.
    pub fn end(&mut self, now: Duration) {
        self.ended.get_or_insert(now);
    }

    fn state(&mut self, task: DrillTask) -> Option<&mut TaskState> {
        self.tasks.get_mut(task as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_when_all_is_done_and_tells_what_was_weak() {
        let secs = Duration::from_secs;
        let mut drill = Drill::begin(secs(100));
        assert_eq!(drill.next(), Some(DrillTask::Register));
        drill.count_failure(DrillTask::PickUp, secs(105));
        for (after, task) in (10..).zip(DrillTask::ALL) {
            assert!(!drill.is_over(secs(100)));
            drill.tick_off(*task, secs(100 + after));
            // What is done is not judged again.
            drill.count_failure(DrillTask::Register, secs(100 + after));
        }
        assert!(drill.is_over(secs(115)));
        assert_eq!((drill.done(), drill.took(secs(999))), (5, secs(14)));
        let weak = drill.tasks().filter(|(_, state)| state.is_weak());
        assert_eq!(
            weak.map(|(task, _)| task).collect::<Vec<_>>(),
            [DrillTask::PickUp]
        );
    }

    /// In whatever order they are done.
    #[test]
    fn each_task_has_a_time_of_its_own() {
        let secs = Duration::from_secs;
        let mut drill = Drill::begin(secs(100));
        for (at, task) in [
            (165, DrillTask::Register),
            (230, DrillTask::Ticket),
            (260, DrillTask::PickUp),
        ] {
            drill.tick_off(task, secs(at));
        }
        let spent = DrillTask::ALL.iter().map(|task| drill.spent_on(*task));
        let expected = [Some(secs(65)), Some(secs(30)), None, Some(secs(65)), None];
        assert_eq!(spent.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn nothing_counts_after_its_end() {
        let secs = Duration::from_secs;
        let mut ended = Drill::begin(Duration::ZERO);
        ended.end(secs(5));
        // Nobody ended the other one: it took too long.
        for (mut drill, now) in [(ended, secs(6)), (Drill::begin(Duration::ZERO), LONGEST)] {
            for &task in DrillTask::ALL {
                drill.count_failure(task, now);
                drill.tick_off(task, now);
            }
            let untouched = |state: TaskState| state == TaskState::default();
            assert!(drill.tasks().all(|(_, state)| untouched(state)));
        }
    }

    #[test]
    fn it_has_an_end_also_when_nobody_goes_on() {
        let mut drill = Drill::begin(Duration::ZERO);
        drill.tick_off(DrillTask::Ticket, Duration::from_secs(20));
        assert!(!drill.is_over(LONGEST - Duration::from_secs(1)));
        assert!(drill.is_over(LONGEST));
        drill.tick_off(DrillTask::BadDay, LONGEST);
        assert_eq!(drill.done(), 1, "too late");
        let mut ended = Drill::begin(Duration::ZERO);
        ended.end(Duration::from_secs(5));
        assert!(ended.is_over(Duration::from_secs(5)));
    }
}
