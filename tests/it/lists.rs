//! Lists and images as campuses make them, given to the built program: what was read is what the sheet shows, what was
//! left out is named, and hostile files end in time.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use yingxin::help;
use yingxin::store::Store;
use yingxin::visit::StudentNumber;

use crate::support::kiosk::Place;

fn write(place: &Place, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = place.dir().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A command that needs no desk: its exit code, output and complaints.
fn run(args: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_yingxin"))
        .args(args)
        .env("LC_MESSAGES", "en_US.UTF-8")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        done.status.code().unwrap(),
        text(&done.stdout),
        text(&done.stderr),
    )
}

/// Imports a list: the exit code, what is printed, and what was reported before.
fn import(place: &Place, list: &str, more: &[&str]) -> (i32, String, String) {
    let mut args = vec!["roster", "import", list];
    args.extend(more);
    place.command(&args)
}

/// The name that the imported roster has for a number.
fn name_of(place: &Place, number: &str) -> Option<String> {
    let location = yingxin::store::Location::new(place.store());
    let roster = Store::roster_of(&location, &jiff::tz::TimeZone::UTC).unwrap()?;
    let found = roster.find(&StudentNumber::from_campus(number))?;
    Some(found.student.name.as_str().to_owned())
}

#[test]
fn an_unclosed_quotation_mark_is_named_by_its_line_and_nothing_is_imported() {
    let place = Place::guide();
    let head = "学号,姓名,备注\n20260001,张三,\n";
    let rest = "20260003,王五,\n20260004,赵六,\n20260005,钱七,\n";
    for (name, text) in [
        (
            "open.csv",
            format!("{head}20260002,李四,\"材料未交\n{rest}"),
        ),
        (
            "two.csv",
            "学号,姓名,备注\n20260001,张三,\n20260002,李四,\"甲\n20260003,王五,\"乙\n".to_owned(),
        ),
        (
            "even.csv",
            format!("{head}20260002,李四,\"甲\n20260003,王五,乙\"\n20260004,赵六,\n"),
        ),
        (
            "tabs.txt",
            format!("{head}20260002,李四,\"材料未交\n{rest}").replace(',', "\t"),
        ),
    ] {
        let (code, out, told) = import(&place, &write(&place, name, text), &[]);
        assert_eq!((code, out.as_str()), (65, ""), "{name}: {told}");
        assert!(
            told.contains("line 3: a quotation mark opens a cell"),
            "{name}: {told}"
        );
        assert!(
            told.contains("help: take that quotation mark out"),
            "{name}: {told}"
        );
    }
    assert_eq!(place.command(&["roster", "stats"]).1, "no roster\n");
}

#[test]
fn what_was_read_is_told_before_it_is_imported() {
    let place = Place::guide();
    let list = write(&place, "list.csv", "学号,姓名\n20260001,张三\n");
    let line = format!(
        "\"$0\" --config '{}' --store '{}' roster import '{list}' 2>&1",
        place.dir().join("yingxin.toml").display(),
        place.store().display()
    );
    let done = Command::new("sh")
        .args(["-c", &line, env!("CARGO_BIN_EXE_yingxin")])
        .env("LC_MESSAGES", "en_US.UTF-8")
        .output()
        .unwrap();
    let both = String::from_utf8(done.stdout).unwrap();
    let told = both.find("the list: lines 2 to 2").unwrap();
    let imported = both.find("imported: 1 row").unwrap();
    assert!(told < imported, "{both}");
}

/// A sheet of a workbook: its name, its state, its rows.
type Sheet<'a> = (&'a str, &'a str, Vec<String>);

fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// The rows of a list of students.
fn rows(students: &[(&str, &str)]) -> Vec<String> {
    let all = [("学号", "姓名")]
        .into_iter()
        .chain(students.iter().copied());
    all.zip(1..)
        .map(|((number, name), line)| {
            let cells = cell(&format!("A{line}"), number) + &cell(&format!("B{line}"), name);
            format!("<row r=\"{line}\">{cells}</row>")
        })
        .collect()
}

fn workbook(sheets: &[Sheet<'_>], styles: &str, strings: Option<&str>) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut listed, mut targets, mut parts) = (String::new(), String::new(), Vec::new());
    for (n, (name, state, rows)) in (1..).zip(sheets) {
        listed +=
            &format!("<sheet name=\"{name}\" sheetId=\"{n}\" state=\"{state}\" r:id=\"rId{n}\"/>");
        targets += &format!(
            "<Relationship Id=\"rId{n}\" Type=\"{KINDS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
        parts.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!(
                "<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>",
                rows.concat()
            ),
        ));
    }
    let part = |name: &str, text: String| (name.to_owned(), text);
    parts.extend([
        part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".into()),
        part(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r\" Type=\"{KINDS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        part(
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{KINDS}\"><sheets>{listed}</sheets></workbook>"),
        ),
        part("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{PACKAGE}\">{targets}</Relationships>")),
        part("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\">{styles}</styleSheet>")),
    ]);
    parts.extend(strings.map(|strings| part("xl/sharedStrings.xml", strings.to_owned())));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn every_visible_sheet_with_the_headings_is_read_and_told_and_a_hidden_one_is_named() {
    let place = Place::guide();
    let book = workbook(
        &[
            ("2025级", "hidden", rows(&[("20250001", "旧生")])),
            (
                "土木学院",
                "visible",
                rows(&[("20260001", "张三"), ("20260002", "李四")]),
            ),
            (
                "填表说明",
                "visible",
                vec![format!("<row r=\"1\">{}</row>", cell("A1", "请按列填写"))],
            ),
            ("化工学院", "visible", rows(&[("20260003", "王五")])),
        ],
        "",
        None,
    );
    let list = write(&place, "colleges.xlsx", book);
    let (code, out, told) = import(&place, &list, &["--check"]);
    assert!(
        code == 0 && out.contains("nothing was imported, as asked") && out.contains("3 rows"),
        "{out}{told}"
    );
    assert_eq!(place.command(&["roster", "stats"]).1, "no roster\n");
    let (code, out, told) = import(&place, &list, &[]);
    assert!(
        code == 0 && out.starts_with("imported: 3 rows"),
        "{out}{told}"
    );
    for line in [
        "sheet 2025级: not read; the workbook hides it",
        "sheet 土木学院: lines 2 to 3, columns 学号 (A), 姓名 (B), no mobile numbers: 2 students, from 20****01 张* to \
         20****02 李*",
        "sheet 填表说明: not read; no heading with the columns 学号, 姓名",
        "sheet 化工学院: lines 2 to 2,",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(
        !told.contains("20260001") && !told.contains("张三"),
        "{told}"
    );
    assert_eq!(name_of(&place, "20260003").as_deref(), Some("王五"));
    assert_eq!(name_of(&place, "20250001"), None);
    let (code, out, _) = import(&place, &list, &["--sheet", "2025级"]);
    assert!(code == 0 && out.starts_with("imported: 1 row"), "{out}");
    assert_eq!(name_of(&place, "20250001").as_deref(), Some("旧生"));
}

#[test]
fn a_number_is_imported_as_its_sheet_shows_it() {
    let place = Place::guide();
    let mut rows = rows(&[]);
    for line in 2..4 {
        rows.push(format!(
            "<row r=\"{line}\"><c r=\"A{line}\" s=\"1\"><v>2601000{line}</v></c>{}</row>",
            cell(&format!("B{line}"), "张三")
        ));
    }
    let styles = "<numFmts><numFmt numFmtId=\"164\" formatCode=\"0000000000\"/></numFmts>\
                  <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs>";
    let list = write(
        &place,
        "zeros.xlsx",
        workbook(&[("Sheet", "visible", rows)], styles, None),
    );
    let (code, out, told) = import(&place, &list, &[]);
    assert!(
        code == 0 && out.starts_with("imported: 2 rows"),
        "{out}{told}"
    );
    assert_eq!(name_of(&place, "0026010002").as_deref(), Some("张三"));
    assert_eq!(name_of(&place, "26010002"), None);
}

#[test]
fn a_list_is_read_as_registrars_make_it() {
    let place = Place::guide();
    // A mobile number that is none costs the number.
    let phones = "学号,姓名,手机号\n20260001,张三,无\n20260002,李四,13800138000/13900139000\n\
                  20260003,王五,\u{202d}13800138000\u{202c}\n20260005,钱七,0471-6575555\n20260008,郑十,13800138000.0\n";
    let (code, out, told) = import(&place, &write(&place, "phones.csv", phones), &[]);
    assert!(
        code == 0 && out.contains("5 rows, 3 students without the mobile number"),
        "{out}{told}"
    );
    assert!(
        told.contains("line 2, column 手机号 (C):") && told.contains("the student is kept"),
        "{told}"
    );
    // A character that nobody sees is named.
    let names =
        "学号,姓名\n20260001\u{200b},张三\u{200b}\n20260002,李\u{200b}四\n20260003,\u{feff}王五\n";
    let (code, out, told) = import(
        &place,
        &write(&place, "names.csv", names),
        &["--skip-faulty"],
    );
    assert!(
        code == 0 && out.contains("2 rows, 1 row left out"),
        "{out}{told}"
    );
    assert!(told.contains("line 3, column 姓名 (B): U+200B"), "{told}");
    assert_eq!(name_of(&place, "20260001").as_deref(), Some("张三"));
    // Headings, and a separator that the title does not have.
    for (name, text) in [
        (
            "heads.csv",
            "学 号,姓名（必填）,联系方式\n20260001,张三,13800138000\n",
        ),
        ("heads2.csv", "學號,姓名\n20260001,张三\n"),
        ("title.txt", "2026级新生名单\n学号\t姓名\n20260001\t张三\n"),
        ("title.csv", "名单, 2026, 新生\n学号;姓名\n20260001;张三\n"),
    ] {
        let (code, out, told) = import(&place, &write(&place, name, text), &[]);
        assert!(
            code == 0 && out.starts_with("imported: 1 row"),
            "{name}: {out}{told}"
        );
    }
    // What is no list is called what it is.
    let html = "<html><body><table><tr><td>学号</td><td>姓名</td></tr></table></body></html>";
    let mut sealed = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    sealed.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes, said) in [
        (
            "table.xls",
            html.as_bytes(),
            "an HTML page that is called a workbook",
        ),
        ("sealed.xlsx", &sealed, "encrypted with a password"),
    ] {
        let (code, _, told) = import(&place, &write(&place, name, bytes), &[]);
        assert!(code == 65 && told.contains(said), "{name}: {told}");
    }
}

#[test]
fn a_small_workbook_that_would_take_gigabytes_is_refused_in_time() {
    let place = Place::guide();
    let students = || vec![("新生", "visible", rows(&[("20260001", "张三")]))];
    let styles = format!(
        "<cellXfs>{}</cellXfs>",
        "<xf numFmtId=\"0\"/>".repeat(1_300_000)
    );
    let claimed = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"100000000\">\
                   </sst>";
    let began = Instant::now();
    for (name, book, said) in [
        (
            "styles.xlsx",
            workbook(&students(), &styles, None),
            "500000 elements in its styles",
        ),
        // The parser makes room for as many texts as the file claims to have.
        (
            "claim.xlsx",
            workbook(&students(), "", Some(claimed)),
            "takes more than 1024 MB of memory",
        ),
    ] {
        assert!(book.len() < 128 * 1024, "{name}: {}", book.len());
        let (code, out, told) = import(&place, &write(&place, name, book), &[]);
        assert!(code == 65 && out.is_empty(), "{name}: {code} {out}{told}");
        assert!(
            told.contains(said) && told.contains("yingxin help limits"),
            "{name}: {told}"
        );
    }
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(place.command(&["roster", "stats"]).1, "no roster\n");
}

/// The modules of a code with a quiet zone, eight pixels each.
fn code(content: &[u8]) -> image::GrayImage {
    let code = qrcode::QrCode::new(content).unwrap();
    let (modules, colours) = (u32::try_from(code.width()).unwrap(), code.to_colors());
    let side = (modules + 8) * 8;
    image::GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / 8).wrapping_sub(4), (y / 8).wrapping_sub(4));
        let is_dark = x < modules
            && y < modules
            && colours[(y * modules + x) as usize] == qrcode::Color::Dark;
        image::Luma([if is_dark { 0 } else { 255 }])
    })
}

fn read(path: &Path) -> (i32, String, String) {
    run(&["qr", "--read", path.to_str().unwrap()])
}

#[test]
fn a_code_is_read_on_its_transparent_ground_and_one_in_other_bytes_is_said_to_be_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("code.png");
    let black = code(b"https://example.edu.cn/r");
    // As a drawing program exports it: what is transparent is black beneath.
    let clear = image::RgbaImage::from_fn(black.width(), black.height(), |x, y| {
        let alpha = if black.get_pixel(x, y).0[0] == 0 {
            255
        } else {
            0
        };
        image::Rgba([0, 0, 0, alpha])
    });
    clear.save(&path).unwrap();
    assert_eq!(
        read(&path),
        (0, "https://example.edu.cn/r\n".to_owned(), String::new())
    );
    code(&encoding_rs::GBK.encode("内蒙古").0)
        .save(&path)
        .unwrap();
    let (exit, out, told) = read(&path);
    assert_eq!((exit, out.as_str()), (65, ""), "{told}");
    assert!(
        told.contains("was found")
            && told.contains("not text in UTF-8")
            && told.contains("make the code anew"),
        "{told}"
    );
    image::GrayImage::from_pixel(300, 300, image::Luma([255]))
        .save(&path)
        .unwrap();
    let (_, _, told) = read(&path);
    assert!(
        told.contains("no QR code was found") && told.contains("white edge"),
        "{told}"
    );
    image::GrayImage::from_pixel(12_001, 1, image::Luma([255]))
        .save(&path)
        .unwrap();
    let (_, _, told) = read(&path);
    assert!(
        told.contains("larger than 12000 pixels") && told.contains("cut the code out"),
        "{told}"
    );
}

/// 400x400 pixels tiled with corners of codes: under a kilobyte, and half a minute of work for the reader.
fn tiled() -> image::GrayImage {
    image::GrayImage::from_fn(400, 400, |x, y| {
        let (x, y) = (x % 8, y % 8);
        let ring = x.min(6u32.wrapping_sub(x)).min(y).min(6u32.wrapping_sub(y));
        let is_dark = x < 7 && y < 7 && ring != 1;
        image::Luma([if is_dark { 0 } else { 255 }])
    })
}

#[test]
fn an_image_full_of_corners_holds_up_neither_a_command_nor_the_first_frame() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("follow.png");
    tiled().save(&path).unwrap();
    let began = Instant::now();
    let (exit, _, told) = read(&path);
    assert!(
        exit == 65 && told.contains("look like the corner of a QR code"),
        "{told}"
    );
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    let pack = "base = \"imut\"\n[qr.register]\ntext = \"https://a.example/register\"\n\
                [qr.follow]\nimage = \"follow.png\"\n";
    let place = Place::of_pack(pack, home, None);
    let mut desk = place.kiosk("zh-CN", 100, 45);
    desk.shows("欢迎新同学");
    assert_eq!(desk.qr(), "https://a.example/register");
    let log = place.store().join("yingxin.log");
    let is_named =
        || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("qr.follow.image"));
    let until = Instant::now() + Duration::from_secs(15);
    while !is_named() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(is_named(), "the log names the image that was left out");
}

#[test]
fn the_limits_stand_in_one_reference() {
    let topic = help::find("limits").unwrap();
    assert!(topic.markdown.contains("1024 MB of memory"));
    let (code, out, _) = run(&["help", "limits"]);
    assert!(code == 0 && out.contains("500,000 students"), "{out}");
}
