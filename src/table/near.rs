//! "Did you mean": the known name nearest to an unknown one.

/// The longest name that is compared, in bytes: a longer one is similar to none.
const LONGEST_NAME: usize = 64;

/// A remedy for an unknown name: the nearest known name, or a list of all of them.
pub fn suggest(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .filter(|known| name.len().max(known.len()) <= LONGEST_NAME)
        .map(|known| (strsim::levenshtein(name, known), *known))
        .min_by_key(|(edits, _)| *edits)
        .filter(|(edits, known)| *edits <= 1 + known.chars().count() / 4);
    match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None if known.is_empty() => "take it out".into(),
        None => format!("known here: {}", known.join(", ")),
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
