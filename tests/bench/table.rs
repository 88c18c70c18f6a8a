//! The figures, each beside its limit and dialog's.

use std::time::Duration;

#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 5]>,
    over: usize,
}

impl Table {
    /// A figure that has a limit: both in the same unit, shown with so many decimals.
    pub fn held(&mut self, what: &str, (figure, limit): (f64, f64), unit: Unit, beside: String) {
        let verdict = if figure <= limit { "ok" } else { "OVER" };
        self.over += usize::from(figure > limit);
        self.row(what, unit.show(figure), unit.show(limit), verdict, beside);
    }

    /// A figure without a limit, to be seen beside the others.
    pub fn told(&mut self, what: &str, figure: String, beside: String) {
        self.row(what, figure, String::new(), "", beside);
    }

    fn row(&mut self, what: &str, figure: String, limit: String, verdict: &str, beside: String) {
        eprintln!("{what}: {figure} {verdict}");
        let verdict = verdict.to_owned();
        self.rows
            .push([what.to_owned(), figure, limit, verdict, beside]);
    }

    /// Prints all of them; whether none is over its limit.
    pub fn print(&self) -> bool {
        let line = |row: [&str; 5]| {
            let [what, figure, limit, verdict, beside] = row;
            let text = format!("{what:<56} {figure:>10} {limit:>10} {verdict:<5} {beside}");
            println!("{}", text.trim_end());
        };
        line(["", "measured", "limit", "", "dialog"]);
        for row in &self.rows {
            line(row.each_ref().map(String::as_str));
        }
        println!("{} over its limit", self.over);
        self.over == 0
    }
}

#[derive(Clone, Copy)]
pub enum Unit {
    Ms,
    Bytes,
    Megabytes,
    Percent,
    PerSecond,
    Keys,
}

impl Unit {
    pub fn show(self, figure: f64) -> String {
        match self {
            Unit::Ms => format!("{figure:.2} ms"),
            Unit::Bytes => format!("{figure:.0} B"),
            Unit::Megabytes => format!("{figure:.1} MB"),
            Unit::Percent => format!("{figure:.3} %"),
            Unit::PerSecond => format!("{figure:.2} /s"),
            Unit::Keys => format!("{figure:.0}"),
        }
    }
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The value that so much of all (0 to 1) lies below; `NaN` of nothing.
pub fn quantile(values: impl IntoIterator<Item = f64>, part: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (last as f64 * part).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}

pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}
