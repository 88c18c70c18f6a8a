//! Reads a pack's frequent questions, which the help shows at any time.

use super::Localized;
use super::terms::{localized, localized_of, questions, steps};
use crate::cli_lang::both;
use crate::table::{Fault, Table};
use crate::visit::{Question, StepKind};

/// A frequent question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaqTopic {
    /// A short name. A pack with a base replaces the base's topic with the same id.
    pub id: String,
    /// The question in a few words.
    pub title: Localized,
    /// The answer, a paragraph each.
    pub text: Vec<Localized>,
    /// Other words that people search for, in either language.
    pub keywords: Vec<String>,
    /// The steps that it helps with. At these the help opens with it.
    pub steps: Vec<StepKind>,
    /// The questions of the desk that it helps with.
    pub questions: Vec<Question>,
}

/// Reads `[[faq]]`. A topic with a known id replaces that topic, and others are added.
pub(super) fn read_faq(root: &Table<'_>, faq: &mut Vec<FaqTopic>) -> Result<(), Fault> {
    let mut seen: Vec<String> = Vec::new();
    for table in root.tables("faq")?.unwrap_or_default() {
        let topic = read_topic(&table)?;
        if seen.contains(&topic.id) {
            let what = both!(
                "two topics have the id \"{}\"",
                "两个话题的 id 都是 \"{}\"",
                topic.id
            );
            return Err(table.fault_in("id", what, both!("rename one", "请改一个名")));
        }
        seen.push(topic.id.clone());
        match faq.iter_mut().find(|known| known.id == topic.id) {
            Some(known) => *known = topic,
            None => faq.push(topic),
        }
    }
    Ok(())
}

fn read_topic(table: &Table<'_>) -> Result<FaqTopic, Fault> {
    let id = table.need_text("id")?.value;
    let title = localized(table, "title")?;
    let paragraphs = table.tables("text")?.unwrap_or_default();
    if paragraphs.is_empty() {
        return Err(table.fault_in(
            "text",
            both!("no answer", "没有答案"),
            both!(
                "list its paragraphs: `text = [{}]`",
                "请列出各段：`text = [{}]`",
                Localized::example()
            ),
        ));
    }
    let text = paragraphs
        .iter()
        .map(localized_of)
        .collect::<Result<Vec<_>, Fault>>()?;
    let topic = FaqTopic {
        id,
        title,
        text,
        keywords: table.texts("keywords")?.unwrap_or_default(),
        steps: read_names(table, "steps", &steps())?,
        questions: read_names(table, "questions", &questions())?,
    };
    table.finish()?;
    Ok(topic)
}

fn read_names<T: Copy>(
    table: &Table<'_>,
    key: &str,
    choices: &[(&str, T)],
) -> Result<Vec<T>, Fault> {
    let names = table.texts(key)?.unwrap_or_default();
    names
        .iter()
        .map(|name| table.pick(key, name, choices))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::pack::embedded;
    use crate::table::{Document, Source};

    fn read(text: &str, faq: &mut Vec<FaqTopic>) -> Result<(), Fault> {
        let source = Source {
            file: "x.toml",
            text,
        };
        let document = Document::parse(&source)?;
        read_faq(&document.root(), faq)
    }

    const GOOD: &str = "[[faq]]\nid = \"a\"\ntitle = { zh-CN = \"甲\", en = \"A\" }\n\
        text = [{ zh-CN = \"乙\", en = \"B\" }]\n";

    #[test]
    fn a_topic_is_added_or_takes_its_name_sakes_place() {
        let mut faq = embedded().unwrap().faq;
        let before = faq.len();
        read(GOOD, &mut faq).unwrap();
        assert_eq!(faq.len(), before + 1);
        let again = GOOD.replace("乙", "丙") + "steps = [\"hold\"]\nquestions = [\"phone\"]\n";
        read(&again, &mut faq).unwrap();
        assert_eq!(faq.len(), before + 1);
        let last = faq.last().unwrap();
        assert_eq!(last.text[0].zh, "丙");
        assert_eq!(last.steps, [StepKind::Hold]);
        assert_eq!(last.questions, [Question::Phone]);
    }

    #[test]
    fn faults_name_line_and_key() {
        let cases: [(String, usize, &str, &str); 6] = [
            (GOOD.replace("id = \"a\"\n", ""), 1, "faq[1].id", "missing"),
            (
                GOOD.replace(", en = \"A\"", ""),
                3,
                "faq[1].title.en",
                "missing",
            ),
            (
                GOOD.replace("[{ zh-CN = \"乙\", en = \"B\" }]", "[]"),
                4,
                "faq[1].text",
                "no answer",
            ),
            (
                format!("{GOOD}steps = [\"hodl\"]\n"),
                5,
                "faq[1].steps",
                "not known",
            ),
            (
                format!("{GOOD}keyword = [\"x\"]\n"),
                5,
                "faq[1].keyword",
                "no such key",
            ),
            (format!("{GOOD}{GOOD}"), 6, "faq[2].id", "two topics"),
        ];
        for (text, line, key, what) in cases {
            let fault = read(&text, &mut Vec::new()).unwrap_err();
            assert_eq!(
                (fault.line, fault.key.as_str()),
                (Some(line), key),
                "{fault:?}"
            );
            assert!(fault.what.contains(what), "{fault:?}");
            assert!(!fault.remedy.is_empty());
        }
    }

    #[test]
    fn every_step_and_question_of_the_guide_has_its_topic() {
        let pack = embedded().unwrap();
        let is_taken = |step: &StepKind| {
            let steps = pack.rules.routes.iter().flat_map(|route| &route.steps);
            steps.into_iter().any(|taken| taken.kind == *step)
        };
        let faq = &pack.faq;
        for (name, step) in steps().into_iter().filter(|(_, step)| is_taken(step)) {
            // The notice explains itself.
            let has = faq.iter().any(|topic| topic.steps.contains(&step));
            assert_eq!(has, step != StepKind::Notice, "{name}");
        }
        for (name, question) in questions() {
            let has = faq.iter().any(|topic| topic.questions.contains(&question));
            assert!(has, "{name}");
        }
    }

    #[test]
    fn what_the_guide_warns_of_is_said() {
        let faq = embedded().unwrap().faq;
        let says = |id: &str, words: &str| {
            let topic = faq.iter().find(|topic| topic.id == id).unwrap();
            let whole: String = topic.text.iter().map(|text| text.zh.as_str()).collect();
            assert!(whole.contains(words), "{id}: {whole}");
        };
        says("cache-clear", "千万不要点【清空聊天记录】");
        says("sign-out", "密码");
        says("login-missing", "先不要填");
        says("staff-number", "不能是绑定职工号");
    }
}
