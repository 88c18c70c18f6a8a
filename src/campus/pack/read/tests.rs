use super::*;
use crate::campus::pack::{Missing, PackQr};
use crate::text::Lang;
use crate::visit::{Answer, Lead, PageId, PhoneTask, Question, StepKind};

fn fault(text: &str) -> String {
    let source = Source {
        file: "p.toml",
        text,
    };
    let faults = read(&source, Base::None, Here::default()).unwrap_err();
    let fault = faults.first().unwrap();
    format!("{fault}; {}", fault.remedy)
}

#[test]
fn the_embedded_pack_is_the_guides_and_leaves_open_what_the_guide_does() {
    let pack = embedded().unwrap();
    assert_eq!(pack.hotline.number, "6576286");
    assert_eq!(
        pack.missing(),
        [
            Missing::Qr(PackQr::Register),
            Missing::Qr(PackQr::Follow),
            Missing::Qr(PackQr::Unbind),
            Missing::Qr(PackQr::App),
            Missing::AreaCode,
            Missing::CampusName('1'),
            Missing::CampusName('2'),
        ]
    );
    let steps = |id: &str| -> Vec<StepKind> {
        let route = pack.rules.routes.iter().find(|r| r.id == id).unwrap();
        route.steps.iter().map(|step| step.kind).collect()
    };
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    assert_eq!(steps("wechat-number"), [Notice, Identity, Number, Follow]);
    assert_eq!(
        steps("other-number"),
        [Notice, Identity, Number, Follow, Verify]
    );
    for (id, page) in &pack.pages {
        assert_eq!(
            page.choices.len(),
            pack.rules.pages[id].leads.len(),
            "{id:?}"
        );
    }
    assert!(
        pack.rules.pages[&PageId("follow".into())]
            .leads
            .contains(&Lead::Answer {
                question: Question::WechatNumber,
                answer: Answer::No,
            })
    );
}

#[test]
fn practice_fills_in_what_is_open_and_walks_the_packs_own_ways() {
    let pack = for_practice(embedded().unwrap()).unwrap();
    assert_eq!(pack.missing(), [Missing::AreaCode]);
    assert!(
        pack.register_qr
            .as_ref()
            .unwrap()
            .text
            .contains(".example/")
    );
    // The code is the phone's there, and volunteers practise what they will see.
    assert_eq!(pack.rules, embedded().unwrap().rules);
}

#[test]
fn a_small_pack_over_the_embedded_one_says_only_what_differs() {
    let source = Source {
        file: "p.toml",
        text: "base = \"imut\"\n[qr.register]\ntext = \"https://a.example/r\"\nexpires = 2026-10-01\n[hotline]\narea_code = \"0471\"\n",
    };
    let pack = read(&source, Base::None, Here::default()).unwrap();
    let qr = pack.register_qr.as_ref().unwrap();
    assert_eq!(qr.expires, Some(jiff::civil::date(2026, 10, 1)));
    assert_eq!(pack.hotline.area_code.as_deref(), Some("0471"));
    assert_eq!(pack.hotline.number, "6576286");
    assert!(pack.follow_qr.is_none());
}

#[test]
fn faults_name_line_key_and_remedy() {
    let over = |text: &str| fault(&format!("base = \"imut\"\n{text}"));
    let long = "x".repeat(90);
    for (text, wanted) in [
        ("unversity = 1", "p.toml:2: unversity: no such key; did you mean `university`?".to_owned()),
        ("[qr.register]\ntxt = \"x\"", "p.toml:2: qr.register.text: is missing; add `text = ...` to [qr.register]".into()),
        (&format!("[qr.follow]\ntext = \"{long}\""), "p.toml:3: qr.follow.text: 90 bytes, and a terminal of 80x24 draws 84; make a short link for it; or add `short = \"...\"`, an address to type where the code cannot be drawn".into()),
        ("[qr.follow]\ntext = \"a\\u001bb\"", "p.toml:3: qr.follow.text: the character U+001B cannot be shown; take it out; long texts are wrapped by the program".into()),
        ("[hotline]\nnumber = \"1 or 2\"", "p.toml:3: hotline.number: holds more than digits; write digits alone".into()),
        ("[ways]\nnotice = [\"phone\"]", "p.toml:3: ways.notice: a notice is the desk's; write ways = [\"desk\"]".into()),
        ("[ways]\nverify = [\"dsk\"]", "p.toml:3: ways.verify: \"dsk\" is not known here; did you mean `desk`?".into()),
        ("[sms]\nlife_seconds = 3600", "p.toml:3: sms.life_seconds: 3600 is out of range; write a number from 1 to 600".into()),
    ] {
        assert_eq!(over(text), wanted, "{text}");
    }
    assert!(fault("").starts_with("p.toml:1: id: is missing"));
    assert!(fault("base = \"imt\"").ends_with("did you mean `imut`?"));
}

#[test]
fn every_situation_fits_exactly_one_route() {
    let routes = |first: &str, second: &str| {
        format!(
            "base = \"imut\"\n[[routes]]\nid = \"a\"\n{first}\nsteps = [{{ step = \"follow\", ways = [\"phone\"], pages = [\"follow\"] }}]\n\
             [[routes]]\nid = \"b\"\n{second}\nsteps = [{{ step = \"follow\", ways = [\"phone\"], pages = [\"follow\"] }}]\n"
        )
    };
    let yes = "when = { wechat-number = [\"yes\"] }";
    let no = "when = { wechat-number = [\"no\"] }";
    let rest = "when = { wechat-number = [\"no\", \"unsure\"] }";
    assert!(fault(&routes(yes, no)).contains("no route fits wechat-number = unsure"));
    assert!(fault(&routes(rest, no)).contains("no route fits wechat-number = yes"));
    assert!(fault(&routes("", no)).contains("both a and b fit wechat-number = no"));
    assert!(fault(&routes("", "")).contains("both a and b fit everybody"));
    assert!(fault(&routes("when = { wechat = [\"no\"] }", no)).contains("known here: "));
    let text = routes(yes, rest);
    let source = Source {
        file: "p.toml",
        text: &text,
    };
    assert_eq!(
        read(&source, Base::None, Here::default())
            .unwrap()
            .rules
            .routes
            .len(),
        2
    );
}

#[test]
fn steps_that_cannot_work_are_refused() {
    let steps = |steps: &str| {
        fault(&format!(
            "base = \"imut\"\n[[routes]]\nid = \"a\"\nsteps = [\n{steps}\n]\n"
        ))
    };
    for (text, wanted) in [
        ("", "a route without steps"),
        (
            "{ step = \"identity\", ways = [\"desk\"] }",
            "gives no notice first",
        ),
        (
            "{ step = \"follow\", ways = [\"phone\"] }",
            "has no pages to show",
        ),
        (
            "{ step = \"follow\", ways = [\"phone\"], pages = [\"folow\"] }",
            "there is no page \"folow\"; did you mean `follow`?",
        ),
        (
            "{ step = \"verify\", ways = [\"desk\"] }",
            "no number was given before",
        ),
        (
            "{ step = \"follow\", ways = [\"phone\"], pages = [\"follow\"] }, { step = \"follow\", ways = [\"phone\"], pages = [\"follow\"] }",
            "stands twice",
        ),
        (
            "{ step = \"identity\", ways = [\"desk\"] }, { step = \"notice\", ways = [\"desk\"] }",
            "a notice in the middle of a visit",
        ),
        (
            "{ step = \"follow\", ways = [\"desk\", \"desk\"] }",
            "no way, or one twice",
        ),
        (
            "{ step = \"identity\", ways = [\"phone\"], pages = [\"role\", \"scan\"] }",
            "stands behind another",
        ),
        (
            "{ step = \"identity\", ways = [\"phone\"], pages = [\"scan\"] }",
            "nothing comes after",
        ),
    ] {
        assert!(steps(text).contains(wanted), "{text}: {}", steps(text));
    }
}

#[test]
fn a_page_leads_somewhere() {
    let page = |choices: &str| {
        fault(&format!(
            "base = \"imut\"\n[pages.x]\ntitle = {{ zh-CN = \"a\", en = \"a\" }}\nsay = {{ zh-CN = \"a\", en = \"a\" }}\n\
             shows = [{{ text = {{ zh-CN = \"a\", en = \"a\" }} }}]\nchoices = [{choices}]\n"
        ))
    };
    let see = "see = { zh-CN = \"a\", en = \"a\" }";
    for (text, wanted) in [
        (String::new(), "0 choices"),
        (
            format!("{{ {see}, lead = \"back\" }}, {{ {see}, lead = \"volunteer\" }}"),
            "none of them goes on",
        ),
        (
            format!("{{ {see}, lead = \"nxt\" }}, {{ {see}, lead = \"back\" }}"),
            "did you mean `next`?",
        ),
        (
            format!("{{ {see} }}, {{ {see}, lead = \"next\" }}"),
            "exactly one place",
        ),
        (
            format!("{{ {see}, help = \"cash\" }}, {{ {see}, lead = \"next\" }}"),
            "did you mean `cache`?",
        ),
        (
            format!("{{ {see}, lead = \"next\", help = \"cache\" }}, {{ {see}, lead = \"next\" }}"),
            "exactly one place",
        ),
        (
            format!("{{ {see}, lead = \"scanned\" }}, {{ {see}, lead = \"volunteer\" }}"),
            "the page does not show it",
        ),
    ] {
        assert!(page(&text).contains(wanted), "{text}: {}", page(&text));
    }
}

/// A pack's file in a folder of its own, removed with it.
fn file_of(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pack.toml");
    std::fs::write(&path, text).unwrap();
    (dir, path)
}

#[test]
fn a_begun_pack_is_completed_to_the_same() {
    let begun = begin(None).unwrap();
    assert!(matches!(begun, BegunPack::Front(_)));
    let whole = embedded().unwrap();
    assert_eq!(begun.front().university, whole.university);
    assert_eq!(whole.university_short.en, "IMUT");
    assert_eq!(begun.front().missing(), whole.missing());
    assert_eq!(begun.finish(), Ok(whole));

    let (_dir, path) = file_of(
        "base = \"imut\"\nuniversity = { zh-CN = \"甲\", en = \"A\" }\n[qr.register]\ntext = \"https://a.example/r\"\n\
         [qr.follow]\ntext = \"https://a.example/f\"\nexpires = 2001-01-01\n[sms]\ntries = 3\n[retention]\ndays = 9\n\
         [timing]\nfollow_patience_seconds = 7\n",
    );
    let begun = begin(Some(&path)).unwrap();
    let whole = load(&path).unwrap();
    assert!(matches!(begun, BegunPack::Front(_)));
    assert_eq!(begun.front().missing(), whole.missing());
    assert_eq!(begun.front().troubles, whole.troubles);
    assert_eq!(whole.university_short.en, "", "that of another name");
    assert_eq!(begun.finish(), Ok(whole));
}

#[test]
fn what_stands_behind_the_front_is_read_at_once() {
    for behind in [
        "[ways]\nidentity = [\"phone\"]\n",
        "[page_lists.mine]\nby = \"phone\"\niphone = [\"scan\"]\nandroid = [\"scan\"]\nharmony = [\"scan\"]\nunsure = [\"scan\"]\n",
    ] {
        let (_dir, path) = file_of(&format!("base = \"imut\"\n{behind}"));
        let whole = load(&path).map(|pack| BegunPack::Whole(Box::new(pack)));
        assert_eq!(begin(Some(&path)), whole, "{behind}");
    }
}

#[test]
fn all_faults_are_told_when_it_is_begun() {
    for text in [
        "base = \"imut\"\nuniversty = 1\n",
        "base = \"imut\"\n[rooutes]\nx = 1\n",
        "base = \"imut\"\n[sms]\ntries = 99\n[qr.register]\n",
        "base = \"imut\"\n[[routes]]\nid = \"a\"\n",
        "base = \"other\"\n",
        "id = \"alone\"\n",
        "[",
    ] {
        let (_dir, path) = file_of(text);
        let begun = begin(Some(&path)).unwrap_err();
        assert_eq!(begun, load(&path).unwrap_err(), "{text}");
    }
}

#[test]
fn the_patience_is_read_for_each_task_and_has_bounds() {
    let with = |line: &str| {
        let text = format!("base = \"imut\"\n[timing.patience_minutes]\n{line}\n");
        let (_dir, path) = file_of(&text);
        load(&path)
    };
    let minutes = |pack: &Pack, task| pack.rules.patience.of(task).as_secs() / 60;
    let usual = embedded().unwrap();
    for task in PhoneTask::ALL {
        assert!((5..=10).contains(&minutes(&usual, *task)), "{task:?}");
    }
    let pack = with("download = 12").unwrap();
    assert_eq!(minutes(&pack, PhoneTask::Download), 12);
    assert_eq!(
        minutes(&pack, PhoneTask::Restart),
        minutes(&usual, PhoneTask::Restart)
    );
    for (line, told) in [
        (
            "download = 31",
            "timing.patience_minutes.download: 31 is out of range",
        ),
        (
            "download = 0",
            "timing.patience_minutes.download: 0 is out of range",
        ),
        (
            "downlod = 5",
            "timing.patience_minutes.downlod: no such key",
        ),
    ] {
        let why = with(line).unwrap_err().to_string();
        assert!(why.contains(told), "{why}");
    }
}

/// Where the code is not there the words say where else it is; "this code" is said beside the code alone.
#[test]
fn a_page_that_shows_a_code_has_other_words_where_there_is_none() {
    let mut seen_any = 0;
    for pack in [
        embedded().unwrap(),
        for_practice(embedded().unwrap()).unwrap(),
    ] {
        for (id, page) in pack.pages.iter().filter(|(_, page)| page.qr.is_some()) {
            assert!(page.say_with_qr.is_some(), "{id:?}");
            for (lang, this) in [
                (Lang::Zh, ["扫这个", "扫这张"]),
                (Lang::En, ["can this", "follow this"]),
            ] {
                let say = page.say.get(lang);
                let beside = page.say_with_qr.as_ref().map(|say| say.get(lang));
                assert!(!this.iter().any(|this| say.contains(this)), "{id:?}: {say}");
                assert_ne!(Some(say), beside, "{id:?}");
            }
            seen_any += 1;
        }
    }
    assert!(seen_any > 5, "{seen_any} pages");
}
