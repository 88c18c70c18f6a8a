//! The names of the limits' rows.

use crate::store::fold::{LimitSubject, limit_subject_parts, parse_limit_subject};
use crate::visit::LimitTag;

/// The name of a limit's row: the hour, the kind and the tag.
pub fn limit_row_name(hour: u32, subject: LimitSubject) -> [u8; 21] {
    let (kind, tag) = limit_subject_parts(subject);
    let mut name = [0; 21];
    name[..4].copy_from_slice(&hour.to_be_bytes());
    name[4] = kind;
    name[5..].copy_from_slice(&tag.bytes());
    name
}

/// The hour and the subject of a row by its [`limit_row_name`]; `None` for another name.
pub fn parse_limit_row_name(name: &[u8]) -> Option<(u32, LimitSubject)> {
    let (hour, rest) = name.split_first_chunk()?;
    let (kind, tag) = rest.split_first()?;
    let subject = parse_limit_subject(*kind, LimitTag::new(tag.try_into().ok()?))?;
    Some((u32::from_be_bytes(*hour), subject))
}
