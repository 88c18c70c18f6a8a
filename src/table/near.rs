//! "Did you mean": the known name nearest to an unknown one.

use crate::cli_lang::both;

/// The longest name that is compared, in bytes: a longer one is similar to none.
const LONGEST_NAME: usize = 64;

/// The known name that is so near to this one that it was meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .filter(|known| name.len().max(known.len()) <= LONGEST_NAME)
        .map(|known| (strsim::levenshtein(name, known), *known))
        .min_by_key(|(edits, _)| *edits)
        .filter(|(edits, known)| *edits <= 1 + known.chars().count() / 4)
        .map(|(_, known)| known)
}

/// A remedy for an unknown name: the nearest known name, or a list of all of them.
pub fn suggest(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => both!("did you mean `{}`?", "是不是 `{}`？", near),
        None if known.is_empty() => both!("take it out", "请删掉它"),
        None => both!("known here: {}", "这里可以写：{}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(
            suggest("languge", &["letter", "language"]),
            "did you mean `language`?"
        );
        assert_eq!(
            suggest("quux", &["letter", "language"]),
            "known here: letter, language"
        );
        assert_eq!(suggest("quux", &[]), "take it out");
    }

    #[test]
    fn a_name_without_end_is_near_to_none() {
        let endless = "a".repeat(65);
        let known = "a".repeat(64);
        let listed = format!("known here: {known}");
        assert_eq!(suggest(&endless, &[&known]), listed);
    }
}
