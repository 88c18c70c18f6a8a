//! What stands in a process's memory: read through `/proc`, as somebody with the machine in their hands would.

use std::fs::File;
use std::io::BufRead;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::time::{Duration, Instant};

/// The largest piece that is read at once.
const PIECE: usize = 1 << 20;

/// Searches a desk's memory once the student has gone. Only root may read it.
pub fn holds_none(pid: u32, texts: &[&str]) {
    let Some(sings) = finds(std::process::id(), texts) else {
        panic!("a process may read itself");
    };
    assert!(!sings.is_empty(), "the search finds nothing at all");
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let found = finds(pid, texts);
    assert_eq!(found.is_some(), is_root, "whose memory is it?");
    // What the last answer brought may still be on its way to the wipe.
    let end = Instant::now() + Duration::from_secs(5);
    let mut found = found.unwrap_or_default();
    while !found.is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
        found = finds(pid, texts).unwrap_or_default();
    }
    assert!(found.is_empty(), "{found:?}");
}

/// Whether a needle stands in the bytes. Its first byte is looked for by the standard library, which is optimised also
/// where this program is not: a process's memory is large.
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let (first, tail) = needle.split_first().unwrap();
    let mut rest = bytes;
    while !rest.is_empty() {
        let _ = rest.skip_until(*first);
        if rest.starts_with(tail) {
            // At the end the first byte may not have been there at all.
            return !tail.is_empty() || bytes.contains(first);
        }
    }
    false
}

/// Where each of the texts stands in the readable memory of a process, by what the kernel calls the place; also as
/// UTF-16. `None` where this user may not read it.
pub fn finds(pid: u32, texts: &[&str]) -> Option<Vec<(String, String)>> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let mut needles = Vec::new();
    for text in texts {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        needles.push((*text, text.as_bytes().to_vec()));
        needles.push((*text, wide));
    }
    let overlap = needles.iter().map(|(_, n)| n.len()).max().unwrap_or(0);
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else {
            continue;
        };
        let name = words.nth(3).unwrap_or("nameless").to_owned();
        // What is mapped from a file and never written to is the file's; the kernel's own pages cannot be read.
        if !rights.starts_with("rw") || name.starts_with("[v") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let mut at = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        while at < to {
            let length = PIECE.min((to - at) as usize);
            let mut bytes = vec![0; length];
            if memory.read_exact_at(&mut bytes, at).is_ok() {
                for (text, needle) in &needles {
                    if contains(&bytes, needle) {
                        found.push(((*text).to_owned(), name.clone()));
                    }
                }
            }
            at += if length == PIECE {
                (PIECE - overlap) as u64
            } else {
                length as u64
            };
        }
    }
    Some(found)
}
