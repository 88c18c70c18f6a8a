//! The answers from which a desk is set up. A file has every setting of yingxin.toml as that has it, and beside them the
//! section `[setup]`. Each fault names the file, the line, the key and the remedy. Nothing is opened here but the file.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::campus::pack::{self, Hotline, PackQr};
use crate::cli_error::{CliResult, Exit};
use crate::cli_lang::{self, both};
use crate::config::{self, Value};
use crate::desk::lock::PinList;
use crate::table::{Document, Fault, Source, Table, read_file};
use crate::text::Lang;

/// Where an answer stands, for a fault that is found later.
#[derive(Clone, Debug, Default)]
pub struct At {
    /// The file's name.
    pub file: String,
    /// The line from 1.
    pub line: Option<usize>,
    /// The full key.
    pub key: String,
}

impl At {
    /// A fault of this answer.
    pub fn fault(&self, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            file: self.file.clone(),
            line: self.line,
            key: self.key.clone(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

/// An answer and where it stands.
#[derive(Clone, Debug)]
pub struct Given<T> {
    /// The answer.
    pub value: T,
    /// Where it stands.
    pub at: At,
}

/// Where the campus pack comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackFrom {
    /// The embedded one.
    #[default]
    Embedded,
    /// A file, with the images beside it.
    File(PathBuf),
    /// An address of the campus.
    Address(String),
}

/// The image of a poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeImage {
    /// The image.
    pub path: PathBuf,
    /// A short address to type where the code cannot be drawn.
    pub short: Option<String>,
    /// The last day on which the code is good.
    pub expires: Option<Date>,
}

/// Where students sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAt {
    /// The address, which is asked what it offers.
    pub address: String,
    /// The name by which CAS knows the desk; the address itself without one.
    pub service: Option<String>,
    /// The way to take, of those that the address offers.
    pub way: Option<String>,
}

/// All answers.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The file that they stand in.
    pub file: PathBuf,
    /// The settings of yingxin.toml among them.
    pub settings: Vec<Value>,
    /// The campus pack.
    pub pack: Option<Given<PackFrom>>,
    /// The posters' codes.
    pub codes: Vec<(PackQr, Given<CodeImage>)>,
    /// What the hotline is called by, over the embedded pack's.
    pub hotline: Option<Given<Hotline>>,
    /// Where students sign in.
    pub sign_in: Option<Given<SignInAt>>,
    /// The PINs that were typed, hashed; a file of answers names a file for them.
    pub pins: Option<PinList>,
}

/// The word for the embedded pack.
const EMBEDDED: &str = "imut";

/// Reads a file of answers.
///
/// # Errors
/// The file cannot be read, or the first of its faults.
pub fn read(path: &Path) -> CliResult<Answers> {
    let name = path.display().to_string();
    let named = || both!("the answers {name}", "回答 {name}");
    let text = read_file(path, named, Exit::Configuration)?;
    let source = Source {
        file: &name,
        text: &text,
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut answers = parse(&source, folder)?;
    answers.file = path.to_owned();
    Ok(answers)
}

/// Reads the text of a file of answers.
///
/// # Errors
/// The first of its faults.
pub fn parse(source: &Source<'_>, folder: &Path) -> Result<Answers, Fault> {
    let document = Document::parse(source)?;
    let root = document.root();
    let mut answers = Answers {
        settings: config::read_settings(&root, folder)?,
        ..Answers::default()
    };
    if let Some(table) = root.table("setup")? {
        read_setup(source.file, &table, folder, &mut answers)?;
    }
    root.finish()?;
    Ok(answers)
}

fn read_setup(
    file: &str,
    table: &Table<'_>,
    folder: &Path,
    answers: &mut Answers,
) -> Result<(), Fault> {
    let at = |table: &Table<'_>, path: &str, key: &str| At {
        file: file.to_owned(),
        line: Some(table.line_of(key)),
        key: format!("{path}.{key}"),
    };
    if let Some(found) = table.text("pack")? {
        let value = match found.value.as_str() {
            EMBEDDED => PackFrom::Embedded,
            text if text.contains("://") => PackFrom::Address(text.to_owned()),
            text => PackFrom::File(folder.join(text)),
        };
        let at = at(table, "setup", "pack");
        answers.pack = Some(Given { value, at });
    }
    if let Some(codes) = table.table("codes")? {
        for which in PackQr::ALL {
            let name = which.name();
            if !codes.has(name) {
                continue;
            }
            let value = read_code(&codes, name, folder)?;
            let at = at(&codes, "setup.codes", name);
            answers.codes.push((*which, Given { value, at }));
        }
        codes.finish()?;
    }
    if let Some(hotline) = table.table("hotline")? {
        let at = at(table, "setup", "hotline");
        let value = pack::hotline_alone(&hotline)?;
        answers.hotline = Some(Given { value, at });
    }
    if let Some(sign_in) = table.table("sign_in")? {
        let text = |key| Ok::<_, Fault>(sign_in.text(key)?.map(|found| found.value));
        let value = SignInAt {
            address: sign_in.need_text("address")?.value,
            service: text("service")?,
            way: text("way")?,
        };
        sign_in.finish()?;
        let at = at(&sign_in, "setup.sign_in", "address");
        answers.sign_in = Some(Given { value, at });
    }
    table.finish()
}

/// A poster: the name of its image, or a table with that and more.
fn read_code(codes: &Table<'_>, name: &str, folder: &Path) -> Result<CodeImage, Fault> {
    let plain = |path: &str| CodeImage {
        path: folder.join(path),
        short: None,
        expires: None,
    };
    match codes.table(name) {
        Ok(Some(code)) => {
            let image = plain(&code.need_text("image")?.value);
            let read = CodeImage {
                short: code.text("short")?.map(|found| found.value),
                expires: code.date("expires")?,
                ..image
            };
            code.finish()?;
            Ok(read)
        }
        Ok(None) | Err(_) => codes.need_text(name).map(|found| plain(&found.value)),
    }
}

/// A commented file of answers: what only a setup asks, and below it yingxin.toml.
pub fn template() -> String {
    template_in(cli_lang::lang())
}

fn template_in(lang: Lang) -> String {
    let settings = config::filled(lang, &|_| None);
    // Its own head says what it is as a file of its own.
    let (_, settings) = settings.split_once("\n\n").unwrap_or(("", &settings));
    format!("{}\n{settings}", head(lang))
}

fn head(lang: Lang) -> &'static str {
    match lang {
        Lang::En => SETUP,
        Lang::Zh => SETUP_ZH,
    }
}

const SETUP: &str = r#"# The answers from which `yingxin setup --answers FILE` makes a desk. Every line is optional but the desk's number,
# which `--desk N` gives as well: so one file serves for all desks. What is commented out shows the default or an
# example. A path is relative to this file's folder; images, secrets and the PIN are taken over into the desk's own.

[setup]
# The campus pack: "imut" (embedded, the default), a file, or an address of the campus (https).
# pack = "imut"

# The posters' codes as photographs or images, PNG or JPEG. The desk keeps what they say.
# [setup.codes]
# register = "register.jpg"
# follow = "follow.png"
# unbind = "unbind.png"
# app = { image = "app.png", short = "https://example.edu.cn/app", expires = 2027-10-01 }

# The hotline over that of the embedded pack, and which digit is for which campus.
# [setup.hotline]
# area_code = "0471"
# campuses = [
#   { digit = "1", name = { zh-CN = "新城校区", en = "Xincheng campus" } },
#   { digit = "2", name = { zh-CN = "金川校区", en = "Jinchuan campus" } },
# ]

# Where students sign in. The address is asked what it offers (CAS with or without REST, Wisedu, OpenID Connect, LDAP
# and others), and the first that fits is taken, or `way` of them. The rest of that way's settings stands in its section
# below. A section that is written whole below needs no address here, and is not asked.
# [setup.sign_in]
# address = "https://cas.example.edu.cn/cas"
# service = "https://yingxin.example.edu.cn/"
# way = "cas_rest"

# From here on: the settings of yingxin.toml. `pin_file` may hold the PIN itself, in one line, or what `yingxin pin`
# wrote; the desk keeps a hash of it.
"#;

/// [`SETUP`] in Chinese.
const SETUP_ZH: &str = r#"# `yingxin setup --answers FILE` 由这份回答建立迎新台。除了台号，每一行都可以不写；台号也可以用 `--desk N` 给出，
# 这样一份回答就可以给所有的台子用。注释掉的是默认值或例子。路径相对于本文件所在的文件夹；图片、密钥和 PIN 会收进
# 台子自己的文件夹。

[setup]
# 学校数据包："imut"（内置的，默认）、一个文件，或校园的地址（https）。
# pack = "imut"

# 海报上的二维码，照片或图片，PNG 或 JPEG。迎新台保存其中的内容。
# [setup.codes]
# register = "register.jpg"
# follow = "follow.png"
# unbind = "unbind.png"
# app = { image = "app.png", short = "https://example.edu.cn/app", expires = 2027-10-01 }

# 热线，代替内置数据包里的；以及每个校区按哪个数字。
# [setup.hotline]
# area_code = "0471"
# campuses = [
#   { digit = "1", name = { zh-CN = "新城校区", en = "Xincheng campus" } },
#   { digit = "2", name = { zh-CN = "金川校区", en = "Jinchuan campus" } },
# ]

# 学生在哪里登录。会去问这个地址提供哪些方式（带或不带 REST 的 CAS、金智、OpenID Connect、LDAP 等），取第一个合适的，
# 或者 `way` 所写的那一种。该方式的其余设置写在下面它自己的一节里。下面写完整的一节，这里不用写地址，也不去问。
# [setup.sign_in]
# address = "https://cas.example.edu.cn/cas"
# service = "https://yingxin.example.edu.cn/"
# way = "cas_rest"

# 以下是 yingxin.toml 的设置。`pin_file` 所指的文件可以是一行 PIN 本身，也可以是 `yingxin pin` 写出的内容；
# 迎新台只存它的散列。
"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Answers, Fault> {
        let source = Source {
            file: "a.toml",
            text,
        };
        parse(&source, Path::new("/stick"))
    }

    #[test]
    fn the_template_is_valid_with_and_without_its_comments() {
        let examples = Lang::ALL.iter().map(|lang| {
            let answers = parsed(&template_in(*lang)).unwrap();
            assert!(answers.settings.is_empty() && answers.codes.is_empty());
            valid_example(head(*lang))
        });
        let examples: Vec<String> = examples.collect();
        assert!(examples.iter().all(|example| *example == examples[0]));
    }

    /// The example of a template's head without its comments.
    fn valid_example(head: &str) -> String {
        let (setup, _) = head.rsplit_once("\n\n").unwrap();
        let is_value = |line: &&str| {
            line.starts_with('[') || line.starts_with(['{', ' ', ']']) || line.contains(" = ")
        };
        let lines = setup.lines().filter_map(|line| {
            let bare = line.strip_prefix("# ").or(line.strip_prefix('['));
            bare.filter(|_| !line.starts_with('['))
                .or(Some(line).filter(|l| l.starts_with('[')))
        });
        let whole: String = lines
            .filter(is_value)
            .map(|line| format!("{line}\n"))
            .collect();
        let answers = parsed(&whole).unwrap_or_else(|fault| panic!("{fault}\n{whole}"));
        assert_eq!(answers.codes.len(), 4);
        assert_eq!(answers.hotline.unwrap().value.campuses.len(), 2);
        assert_eq!(
            answers.sign_in.unwrap().value.way.as_deref(),
            Some("cas_rest")
        );
        whole
    }

    #[test]
    fn each_answer_keeps_its_line_and_folder() {
        let answers = parsed(
            "[desk]\nnumber = 7\n[setup]\npack = \"pack.toml\"\n[setup.codes]\nregister = \"r.png\"\n",
        )
        .unwrap();
        let pack = answers.pack.unwrap();
        assert_eq!(pack.value, PackFrom::File("/stick/pack.toml".into()));
        assert_eq!(
            (pack.at.line, pack.at.key.as_str()),
            (Some(4), "setup.pack")
        );
        let (which, code) = &answers.codes[0];
        assert_eq!(*which, PackQr::Register);
        assert_eq!(code.value.path, PathBuf::from("/stick/r.png"));
        assert_eq!(code.at.line, Some(6));
        assert_eq!(answers.settings[0].text.as_deref(), Some("7"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, wanted) in [
            ("[setup]\npak = \"x\"\n", "a.toml:2: setup.pak: no such key"),
            (
                "[setup.codes]\nregistr = \"x\"\n",
                "a.toml:2: setup.codes.registr: no such key",
            ),
            (
                "[desk]\nnumber = 0\n",
                "a.toml:2: desk.number: 0 is out of range",
            ),
            (
                "[setup.sign_in]\nway = \"x\"\n",
                "a.toml:1: setup.sign_in.address: is missing",
            ),
            (
                "[setup.hotline]\ncampuses = [{ digit = \"12\" }]\n",
                "a.toml:2: setup.hotline.campuses[1].digit: is not one digit",
            ),
        ] {
            assert_eq!(parsed(text).unwrap_err().to_string(), wanted);
        }
    }
}
