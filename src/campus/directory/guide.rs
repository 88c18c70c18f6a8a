//! The directory of a desk without any secret: the student's phone does every step, and the student's word is the fact
//! (guide 一.3). It has no powers. Every call fails: nothing is connected.

use crate::campus::{Calling, Directory, Powers};
use crate::visit::{Binding, DirectoryRefusal, Failure, Member, Mobile, Student, StudentNumber};

/// A directory that is not connected.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guide;

impl Directory for Guide {
    fn powers(&self) -> Powers {
        Powers::default()
    }

    fn find<'a>(&'a self, _: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal> {
        not_connected()
    }

    fn bind<'a>(&'a self, _: &'a Student, _: &'a Mobile) -> Calling<'a, Binding, DirectoryRefusal> {
        not_connected()
    }

    fn confirm<'a>(&'a self, _: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        not_connected()
    }

    fn unbind<'a>(&'a self, _: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        not_connected()
    }
}

fn not_connected<'a, T: Send + 'a>() -> Calling<'a, T, DirectoryRefusal> {
    let text = "no directory is connected to this desk: the phone does this step";
    Box::pin(std::future::ready(Err(Failure::Misconfigured(text.into()))))
}
