//! Changes files at random: bits and bytes, pieces left out, doubled, taken from elsewhere, words of the format, numbers
//! that are too large.

use super::chance::Chance;

/// Numbers at which arithmetic breaks.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "255",
    "65536",
    "2147483647",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e309",
    "0x7fffffff",
];

/// A file of the corpus, changed in some places.
pub fn changed(corpus: &[Vec<u8>], words: &[&str], longest: usize, chance: &mut Chance) -> Vec<u8> {
    let mut file = corpus[chance.below(corpus.len())].clone();
    let most = if chance.coin() { 2 } else { 10 };
    let times = 1 + chance.below(most);
    for _ in 0..times {
        change(&mut file, corpus, words, chance);
    }
    file.truncate(longest);
    file
}

fn change(file: &mut Vec<u8>, corpus: &[Vec<u8>], words: &[&str], chance: &mut Chance) {
    let place = chance.below(file.len().saturating_add(1));
    let rest = file.len() - place;
    let some = 1 + chance.below(rest.clamp(1, 64));
    let end = place + some.min(rest);
    match chance.below(12) {
        0 => {
            if let Some(byte) = file.get_mut(place) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            if let Some(byte) = file.get_mut(place) {
                *byte = chance.pick(&[0, 1, 0x7f, 0x80, 0xff, b'"', b'<', b'\n', 0x1b]);
            }
        }
        2 => {
            let byte = chance.below(256) as u8;
            file.insert(place, byte);
        }
        3 => drop(file.drain(place..end)),
        4 => file.truncate(place),
        5 => {
            let piece = file[place..end].to_vec();
            let times = chance.pick(&[1, 1, 2, 10, 300]);
            file.splice(place..place, piece.repeat(times));
        }
        6 => {
            let other = &corpus[chance.below(corpus.len())];
            let from = chance.below(other.len().saturating_add(1));
            let length = chance.below(other.len() - from + 1).min(4096);
            file.splice(place..place, other[from..from + length].iter().copied());
        }
        7 => {
            // The beginning of this one and the end of another.
            let other = &corpus[chance.below(corpus.len())];
            let from = chance.below(other.len().saturating_add(1));
            file.truncate(place);
            file.extend_from_slice(&other[from..]);
        }
        8 => number(file, place, chance),
        9 => {
            let hostile = [
                "\u{1b}]0;x\u{7}",
                "\u{202e}",
                "\u{9b}2J",
                "\u{feff}",
                "\0",
                "\r\n",
                "張",
            ];
            let word = chance.pick(&hostile);
            file.splice(place..place, word.bytes());
        }
        _ if words.is_empty() => {}
        10 => {
            let word = chance.pick(words);
            file.splice(place..place, word.bytes());
        }
        _ => {
            let word = chance.pick(words);
            file.splice(place..end, word.bytes());
        }
    }
}

/// Puts another number in the place of the next one that is written out.
fn number(file: &mut Vec<u8>, place: usize, chance: &mut Chance) {
    let Some(begin) = file[place..].iter().position(u8::is_ascii_digit) else {
        return;
    };
    let begin = place + begin;
    let digits = file[begin..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let end = begin + digits.count();
    file.splice(begin..end, chance.pick(&NUMBERS).bytes());
}
