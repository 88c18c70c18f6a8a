//! What a command leads to: facts and effects.

use super::{Command, Context, Effect, EffectId, Fact, Visit};

/// What a command leads to. Facts are journalled before they are shown, effects begin after that.
#[derive(Debug, Default)]
pub struct Decision {
    pub facts: Vec<Fact>,
    pub effects: Vec<Effect>,
    /// Effects under way whose answers are not wanted any more.
    pub cancel: Vec<EffectId>,
}

/// What a command leads to in this visit. Nothing at all where the command does not fit: a stale reply, a second Enter.
pub fn decide(_visit: &Visit, _context: &Context, _command: Command) -> Decision {
    Decision::default()
}
