//! Rows that are too long for one value of sled's: the beginning stays under the row's name, the rest is stored in pieces
//! in a tree of its own. Nothing here knows what the bytes mean.

use std::io;

/// The longest value, in bytes: sled 0.34 leaks space with larger ones.
pub const PIECE: usize = 16 * 1024;
/// The most pieces of a row: its first byte says how many follow.
const MOST: usize = 255;

/// Splits a row into the value under its name and the pieces that follow.
///
/// # Errors
/// A row of more than four megabytes.
pub fn split(value: &[u8]) -> io::Result<(Vec<u8>, Vec<&[u8]>)> {
    let (head, rest) = value.split_at(value.len().min(PIECE.saturating_sub(1)));
    let pieces: Vec<&[u8]> = rest.chunks(PIECE).collect();
    let count = u8::try_from(pieces.len().min(MOST.saturating_add(1)))
        .map_err(|_| io::Error::other("a row too long for sled"))?;
    let mut first = Vec::with_capacity(head.len().saturating_add(1));
    first.push(count);
    first.extend_from_slice(head);
    Ok((first, pieces))
}

/// The name of the n-th piece of a row, counted from 0.
pub fn piece_name(name: &[u8], n: u8) -> Vec<u8> {
    let mut piece = name.to_vec();
    piece.push(n);
    piece
}

/// Joins a row with its pieces, which `piece` reads. `None` where a piece is missing.
///
/// # Errors
/// Those of `piece`.
pub fn join<P: AsRef<[u8]>>(
    first: &[u8],
    mut piece: impl FnMut(u8) -> io::Result<Option<P>>,
) -> io::Result<Option<Vec<u8>>> {
    let Some((count, head)) = first.split_first() else {
        return Ok(None);
    };
    let mut whole = head.to_vec();
    for n in 0..*count {
        match piece(n)? {
            Some(piece) => whole.extend_from_slice(piece.as_ref()),
            None => return Ok(None),
        }
    }
    Ok(Some(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_any_length_is_put_together_again() {
        for length in [
            0,
            1,
            PIECE - 2,
            PIECE - 1,
            PIECE,
            PIECE * 2 - 1,
            PIECE * 7 + 5,
        ] {
            let value: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let (first, pieces) = split(&value).unwrap();
            assert!(first.len() <= PIECE && pieces.iter().all(|piece| piece.len() <= PIECE));
            let whole = join(&first, |n| Ok(pieces.get(usize::from(n)))).unwrap();
            assert_eq!(whole, Some(value), "{length}");
        }
        let value = vec![0; PIECE * 3];
        let (first, _) = split(&value).unwrap();
        assert_eq!(join(&first, |_| Ok(None::<Vec<u8>>)).unwrap(), None);
        assert!(split(&vec![0; PIECE * 300]).is_err());
    }
}
