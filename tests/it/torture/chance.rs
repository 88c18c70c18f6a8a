//! Random numbers that can be repeated: the seed is printed.

/// A generator for tests (xorshift64).
pub struct Chance(u64);

impl Chance {
    /// From `YINGXIN_SEED`, or from the clock.
    pub fn new(part: &str) -> Chance {
        let given = std::env::var("YINGXIN_SEED").ok();
        let seed = given.and_then(|n| n.parse().ok()).unwrap_or_else(|| {
            let now = std::time::SystemTime::now();
            let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
            since.as_nanos() as u64 | 1
        });
        println!("{part}: YINGXIN_SEED={seed}");
        Chance(seed)
    }

    /// A number from 0 up to the limit, exclusive.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}
