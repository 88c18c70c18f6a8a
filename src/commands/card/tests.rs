use super::*;
use crate::campus::pack::{self, Pack, QrText};
use crate::visit::DeskNumber;
use image::{DynamicImage, GrayImage, Luma};

fn texts() -> Vec<Text> {
    Lang::ALL.iter().copied().map(Text::new).collect()
}

fn desk() -> DeskNumber {
    DeskNumber::new(17).unwrap()
}

/// The text of all elements, and that the page is whole and loads nothing.
fn read(page: &str) -> String {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let parsed = roxmltree::Document::parse_with_options(page, options).unwrap();
    for node in parsed.descendants().filter(|node| node.is_element()) {
        let name = node.tag_name().name();
        assert!(
            !["script", "link", "img", "iframe", "object"].contains(&name),
            "{name}"
        );
        for attribute in node.attributes() {
            assert!(!["src", "href", "onload"].contains(&attribute.name()));
        }
    }
    assert!(page.contains("size: A4") && !page.contains("url("));
    let texts = parsed.descendants().filter_map(|node| node.text());
    texts.collect::<Vec<_>>().join("\n")
}

fn card_of(pack: &Pack) -> (String, Vec<String>) {
    let texts = texts();
    let sheets: Vec<CardSheet> = texts
        .iter()
        .map(|text| CardSheet::new(pack, desk(), text))
        .collect();
    let pages = sheets.iter().map(CardSheet::to_text).collect();
    (html::card(&sheets), pages)
}

#[test]
fn the_card_has_each_key_each_trouble_the_hotline_and_the_desk() {
    let pack = pack::for_practice(pack::embedded().unwrap()).unwrap();
    let (page, pages) = card_of(&pack);
    let page = read(&page);
    for (text, sheet) in texts().iter().zip(&pages) {
        let lang = text.lang();
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let (flat, page) = (squeezed(sheet), squeezed(&page));
        let mut wanted = vec![
            text.with("desk-name", &[("n", 17.into())]),
            pack.hotline.number.clone(),
            text.get("do-step-aside"),
            text.get("panel-restart"),
            text.get("store-full"),
            "F10 (Alt-0)".to_owned(),
        ];
        for topic in &pack.faq {
            wanted.push(topic.title.get(lang).to_owned());
            wanted.extend(topic.text.iter().map(|text| text.get(lang).to_owned()));
        }
        for campus in &pack.hotline.campuses {
            wanted.push(campus.name.as_ref().unwrap().get(lang).to_owned());
        }
        for words in wanted {
            assert!(page.contains(&squeezed(&words)), "{words}");
            assert!(
                flat.replace("-", "")
                    .contains(&squeezed(&words).replace("-", "")),
                "{words}"
            );
        }
        for line in sheet.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 100, "{line}");
        }
    }
}

/// The dark modules of the path, as a picture.
fn rendered(page: &str) -> GrayImage {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let parsed = roxmltree::Document::parse_with_options(page, options).unwrap();
    let named = |name: &str| {
        let mut all = parsed.descendants();
        all.find(|node| node.tag_name().name() == name).unwrap()
    };
    let side: u32 = named("rect").attribute("width").unwrap().parse().unwrap();
    const MODULE: u32 = 6;
    let mut picture = GrayImage::from_pixel(side * MODULE, side * MODULE, Luma([255]));
    for square in named("path").attribute("d").unwrap().split_terminator('z') {
        let at = square
            .strip_prefix('M')
            .unwrap()
            .strip_suffix("h1v1h-1")
            .unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
        for (dx, dy) in (0..MODULE).flat_map(|dx| (0..MODULE).map(move |dy| (dx, dy))) {
            picture.put_pixel(x * MODULE + dx, y * MODULE + dy, Luma([0]));
        }
    }
    picture
}

#[test]
fn the_code_of_the_poster_reads_as_the_packs() {
    let mut pack = pack::for_practice(pack::embedded().unwrap()).unwrap();
    for text in [
        "https://practice.yingxin.example/register".to_owned(),
        format!("https://wecom.example.edu.cn/{}", "x".repeat(300)),
    ] {
        let code = QrText {
            text: text.clone(),
            expires: "2027-10-01".parse().ok(),
            short: Some("wecom.example/<r>&1".to_owned()),
        };
        pack.front.register_qr = Some(code.clone());
        let page = html::poster(&pack, &code, desk(), &texts()).unwrap();
        let picture = DynamicImage::ImageLuma8(rendered(&page));
        let found = crate::picture::find(&picture, std::path::Path::new("poster")).unwrap();
        assert_eq!(found, [text]);
        let words = read(&page);
        for wanted in [
            "用微信扫这个二维码",
            "17",
            "2027-10-01",
            "wecom.example/<r>&1",
            "6576286",
        ] {
            assert!(words.contains(wanted), "{wanted}");
        }
    }
    let long = QrText {
        text: "x".repeat(5000),
        expires: None,
        short: None,
    };
    assert!(html::poster(&pack, &long, desk(), &texts()).is_none());
}

/// A pack's words are text, whatever they are.
#[test]
fn no_word_of_a_pack_is_markup() {
    let mut pack = pack::embedded().unwrap();
    pack.front.university.zh = "<script>alert(1)</script>&\"'".into();
    pack.faq[0].title.en = "</section><img src=x>".into();
    let (page, _) = card_of(&pack);
    let words = read(&page);
    assert!(words.contains("<script>alert(1)</script>") && words.contains("</section><img src=x>"));
}
