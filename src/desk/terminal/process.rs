//! What the process as a whole promises, before it holds a secret: it leaves no core, and no other process of this user
//! reads its memory. That freed memory is zeroed is the allocator's doing, in `main.rs`.

use crate::cli_lang::pick;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Turns core dumps off and lets only root read this process's memory (prctl(2), `PR_SET_DUMPABLE`). Programs that
/// it starts inherit the limit.
///
/// # Errors
/// What the system refused. The program may go on: a desk that does not open helps no student.
pub fn harden() -> Result<(), &'static str> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let core = setrlimit(Resource::Core, none)
        .map_err(|_| pick("core dumps cannot be turned off", "关不了核心转储"));
    let memory = set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| {
        pick(
            "the process's memory cannot be closed to others",
            "进程的内存不能对别的程序关闭",
        )
    });
    core.and(memory)
}
