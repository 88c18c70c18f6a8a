//! The visits that a student number occurs in, also those that have ended, by an HMAC of the number: for forgetting.

use std::io;

use super::containment::contain_sled;
use super::{Projection, read_id};
use crate::store::seal;
use crate::visit::{Fact, NumberInFact, StudentNumber, VisitId};

/// A visit in which a number occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The visit.
    pub visit: VisitId,
    /// Whether the student with this number was identified there; otherwise the number was only typed.
    pub is_theirs: bool,
}

impl Projection {
    /// Writes which student's number a fact of this visit holds, if it holds one.
    ///
    /// # Errors
    /// sled's.
    pub fn put_student(&self, visit: VisitId, fact: &Fact) -> io::Result<()> {
        let Some(NumberInFact { number, is_proved }) = fact.student() else {
            return Ok(());
        };
        self.note_change(visit)?;
        let (id, tag) = (visit.0.to_be_bytes(), self.student_tag(number));
        let name = [tag, id].concat();
        contain_sled("writing a student", || {
            let before = self.people.get(&name)?;
            let knew = before.as_ref().map(|value| value.as_ref() == [1]);
            if knew == Some(true) || knew == Some(false) && !is_proved {
                return Ok(());
            }
            self.people.insert(name, &[u8::from(is_proved)])?;
            if knew.is_none() {
                let mut tags = self.people.get(id)?.map_or_else(Vec::new, |v| v.to_vec());
                tags.extend_from_slice(&tag);
                self.people.insert(id, tags)?;
            }
            Ok(())
        })
    }

    /// The visits in which a number occurs.
    ///
    /// # Errors
    /// sled's.
    pub fn visits_of(&self, number: &StudentNumber) -> io::Result<Vec<Occurrence>> {
        let tag = self.student_tag(number);
        let rows = contain_sled("finding a student", || {
            let rows = self.people.scan_prefix(tag);
            rows.collect::<sled::Result<Vec<_>>>()
        })?;
        // The row of a visit (its tags) is as long as a tag and may have the same prefix.
        let named = rows.into_iter().filter(|(name, _)| name.len() == 32);
        named
            .map(|(name, value)| {
                Ok(Occurrence {
                    visit: read_id(name.get(16..).unwrap_or_default())?,
                    is_theirs: value.as_ref() == [1],
                })
            })
            .collect()
    }

    /// Removes a visit from the rows of every student.
    pub(super) fn remove_student_rows(&self, id: &[u8; 16]) -> sled::Result<()> {
        let Some(tags) = self.people.remove(id)? else {
            return Ok(());
        };
        for tag in tags.chunks_exact(16) {
            self.people.remove([tag, id].concat())?;
        }
        Ok(())
    }

    /// The HMAC of a number, without regard to the case of its letters: campuses write both.
    fn student_tag(&self, number: &StudentNumber) -> [u8; 16] {
        let text = number.as_str().to_ascii_uppercase();
        let tag = seal::hmac(&self.names, &[b"person\0", text.as_bytes()]);
        let mut short = [0; 16];
        short.copy_from_slice(&tag[..16]);
        short
    }
}
