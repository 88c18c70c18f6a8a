//! "Did you mean": the nearest name there is. It knows names only.

/// "did you mean", or all that there is.
pub fn suggest(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|known| (distance(name, known), *known))
        .min_by_key(|(far, _)| *far)
        .filter(|(far, known)| *far <= 1 + known.chars().count() / 4);
    match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None if known.is_empty() => "take it out".into(),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Edits (insert, delete, replace) that make one text of the other; texts over 64 characters are far from everything.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    if from.len() > 64 || to.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (b, above) in to.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(a != *b))
                .min(left + 1)
                .min(*above + 1);
            diagonal = *above;
            *above = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
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
}
