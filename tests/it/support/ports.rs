//! The library's own fake of the campus's ports, compiled for these tests too.

use yingxin::campus::*;
use yingxin::visit::*;

#[allow(dead_code, reason = "the library's own tests use all of it")]
#[path = "../../../src/campus/fake.rs"]
pub mod fake;
