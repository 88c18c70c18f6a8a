//! How many places of an image the QR reader would take for the corner of a code. It then tries groups of three, so that
//! its work grows with the cube of them: a small image can hold thousands.
//!
//! This counts what `rqrr` 0.10 counts: rings of connected dark pixels around a connected dark core, crossed by a row in
//! the proportions 1:1:3:1:1 (ISO/IEC 18004, 6.3.3). Its cost is linear in the pixels.

use std::collections::BTreeSet;

/// Dark and light pixels.
pub struct Bitmap {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub dark: Vec<bool>,
}

/// The connected dark areas of a bitmap.
struct Areas {
    /// The area of each pixel; 0 for a light one.
    of: Vec<u32>,
    /// The pixels of each area.
    size: Vec<usize>,
}

/// A run of pixels of one colour in a row.
#[derive(Clone, Copy)]
struct Run {
    begin: usize,
    len: usize,
}

/// The number of corners.
pub fn count(bitmap: &Bitmap) -> usize {
    let areas = Areas::of(bitmap);
    let mut rings = BTreeSet::new();
    for row in 0..bitmap.height {
        let from = row.saturating_mul(bitmap.width);
        let pixels = bitmap
            .dark
            .get(from..from.saturating_add(bitmap.width))
            .unwrap_or_default();
        let runs = runs(pixels);
        for five in runs.windows(5) {
            let [first, _, core, _, last] = five else {
                continue;
            };
            let is_dark = pixels.get(first.begin).copied().unwrap_or(false);
            if !is_dark || !is_corner(five) {
                continue;
            }
            let area = |run: &Run| {
                areas
                    .of
                    .get(from.saturating_add(run.begin))
                    .copied()
                    .unwrap_or(0)
            };
            let (ring, core) = (area(first), area(core));
            if ring == area(last) && ring != core && areas.fits(ring, core) {
                rings.insert(ring);
            }
        }
    }
    rings.len()
}

fn runs(pixels: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut begin = 0;
    for run in pixels.chunk_by(|one, next| one == next) {
        runs.push(Run {
            begin,
            len: run.len(),
        });
        begin = begin.saturating_add(run.len());
    }
    runs
}

/// Whether five runs are 1:1:3:1:1, each within three quarters of a module.
fn is_corner(runs: &[Run]) -> bool {
    let [a, b, core, c, d] = runs else {
        return false;
    };
    let sum = [a, b, c, d]
        .iter()
        .fold(0usize, |sum, run| sum.saturating_add(run.len));
    let module = sum / 4;
    let slack = module.saturating_mul(3) / 4;
    let within = |run: &Run, modules: usize| {
        let usual = module.saturating_mul(modules);
        run.len.abs_diff(usual) <= slack
    };
    within(a, 1) && within(b, 1) && within(core, 3) && within(c, 1) && within(d, 1)
}

impl Areas {
    fn of(bitmap: &Bitmap) -> Areas {
        let mut areas = Areas {
            of: vec![0; bitmap.dark.len()],
            size: vec![0],
        };
        let mut queue = Vec::new();
        for start in 0..bitmap.dark.len() {
            if !areas.is_free(bitmap, start) {
                continue;
            }
            let area = u32::try_from(areas.size.len()).unwrap_or(u32::MAX);
            let mut size = 0usize;
            areas.claim(start, area, &mut queue);
            while let Some(place) = queue.pop() {
                size = size.saturating_add(1);
                let column = place % bitmap.width.max(1);
                let beside = [
                    (column > 0).then(|| place.saturating_sub(1)),
                    (column.saturating_add(1) < bitmap.width).then(|| place.saturating_add(1)),
                    place.checked_sub(bitmap.width),
                    place.checked_add(bitmap.width),
                ];
                for next in beside.into_iter().flatten() {
                    if areas.is_free(bitmap, next) {
                        areas.claim(next, area, &mut queue);
                    }
                }
            }
            areas.size.push(size);
        }
        areas
    }

    fn is_free(&self, bitmap: &Bitmap, place: usize) -> bool {
        bitmap.dark.get(place).copied().unwrap_or(false) && self.of.get(place) == Some(&0)
    }

    fn claim(&mut self, place: usize, area: u32, queue: &mut Vec<usize>) {
        if let Some(of) = self.of.get_mut(place) {
            *of = area;
            queue.push(place);
        }
    }

    /// A core has 9 pixels where its ring has 24; anything from a tenth to seven tenths may be one.
    fn fits(&self, ring: u32, core: u32) -> bool {
        let size = |area: u32| {
            let place = usize::try_from(area).unwrap_or(0);
            self.size.get(place).copied().unwrap_or(0)
        };
        let per_cent = size(core).saturating_mul(100).checked_div(size(ring));
        per_cent.is_some_and(|per_cent| per_cent > 10 && per_cent < 70)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap(rows: &[&str]) -> Bitmap {
        Bitmap {
            width: rows[0].len(),
            height: rows.len(),
            dark: rows
                .iter()
                .flat_map(|row| row.bytes().map(|b| b == b'#'))
                .collect(),
        }
    }

    #[test]
    fn rings_around_a_core_are_counted() {
        let one = [
            "#######..#######",
            "#.....#..#.....#",
            "#.###.#..#.###.#",
            "#.###.#..#.###.#",
            "#.###.#..#.###.#",
            "#.....#..#.....#",
            "#######..#######",
        ];
        assert_eq!(count(&bitmap(&one)), 2);
        // A ring with a gap, a core that touches its ring, and stripes.
        let none = [
            "#######..#######.#.###.#.#",
            "#.....#..#.....#.#.###.#.#",
            "#.###.#..#.#####.#.###.#.#",
            "..###....#.###.#.#.###.#.#",
            "#.###.#..#.###.#.#.###.#.#",
            "#.....#..#.....#.#.###.#.#",
            "#.#####..#######.#.###.#.#",
        ];
        let cut = count(&bitmap(&none));
        assert!(cut <= 1, "{cut}");
        assert_eq!(count(&bitmap(&["####", "####"])), 0);
        assert_eq!(count(&bitmap(&[""])), 0);
    }

    #[test]
    fn a_code_has_three() {
        let code = qrcode::QrCode::new("https://example.edu.cn").unwrap();
        let (modules, scale) = (code.width(), 4);
        let side = (modules + 8) * scale;
        let colours = code.to_colors();
        let dark = (0..side * side)
            .map(|place| {
                let module = |at: usize| (at / scale).checked_sub(4).filter(|at| *at < modules);
                match (module(place % side), module(place / side)) {
                    (Some(x), Some(y)) => colours[y * modules + x] == qrcode::Color::Dark,
                    _ => false,
                }
            })
            .collect();
        let bitmap = Bitmap {
            width: side,
            height: side,
            dark,
        };
        assert_eq!(count(&bitmap), 3);
    }
}
