//! The campus pack of a desk that is set up: taken over from a file or an address, or a few lines over the embedded one,
//! and the posters' codes in it. What is made is checked as every pack is.

use super::answers::{Answers, CodeImage, Given, PackFrom};
use super::bounded::bounded;
use super::staging::{DeskFile, is_plain_name};
use crate::campus::fetch::fetch;
use crate::campus::http::{Endpoint, Http};
use crate::campus::pack::{self, Hotline, Localized, PackQr, check_length};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::{both, pick};
use crate::config::quoted;
use crate::picture;
use crate::table::{Document, FILE_CAP, Fault, Source};
use crate::text::Lang;

/// The pack's name in a desk's folder.
pub const NAME: &str = "pack.toml";
/// The largest image that is taken over with a pack, in bytes.
pub const MOST_IMAGE: u64 = 32 * 1024 * 1024;

/// A pack with the images beside it; none where the embedded one serves as it is.
///
/// # Errors
/// The pack cannot be had, an image has no code, or an answer does not fit the pack.
pub fn make(answers: &Answers, http: &dyn Fn() -> CliResult<Http>) -> CliResult<Vec<DeskFile>> {
    let mut files = Vec::new();
    let from = answers.pack.as_ref();
    let text = match from.map(|given| (&given.value, &given.at)) {
        None | Some((PackFrom::Embedded, _)) => None,
        Some((PackFrom::File(path), at)) => {
            let begun = pack::begin(Some(path))?;
            for image in &begun.front().images {
                files.push(image_beside(path, &image.path).map_err(|what| {
                    at.fault(
                        what,
                        pick(
                            "put the image beside the pack, and name it without a path",
                            "请把图片放在数据包旁边，只写文件名",
                        ),
                    )
                })?);
            }
            let named = || both!("the pack {}", "数据包 {}", path.display());
            Some(crate::table::read_file(
                path,
                named,
                crate::cli_error::Exit::BadData,
            )?)
        }
        Some((PackFrom::Address(address), at)) => {
            let endpoint = Endpoint::parse(address).map_err(|error| {
                at.fault(
                    error.to_string(),
                    pick(
                        "write https://host/path/pack.toml",
                        "请写成 https://主机/路径/pack.toml",
                    ),
                )
            })?;
            let fetched = super::super::runtime()?.block_on(fetch(&http()?, &endpoint, FILE_CAP));
            let bytes = fetched.map_err(|why| {
                let what = both!(
                    "the pack cannot be fetched: {}",
                    "取不到数据包：{}",
                    words(&why)
                );
                at.fault(
                    what,
                    pick(
                        "try the address in a browser on this machine, or name a file",
                        "请在这台电脑的浏览器里试试这个地址，或改用文件",
                    ),
                )
            })?;
            Some(String::from_utf8(bytes).map_err(|_| {
                at.fault(
                    pick(
                        "what is there is not UTF-8 text",
                        "那里的内容不是 UTF-8 文字",
                    ),
                    pick(
                        "name the address of a pack.toml",
                        "请指定一个 pack.toml 的地址",
                    ),
                )
            })?)
        }
    };
    let is_over_embedded = text.is_none();
    if is_over_embedded && answers.codes.is_empty() && answers.hotline.is_none() {
        return Ok(files);
    }
    let mut text = text.unwrap_or_else(|| embedded().to_owned());
    if let Some(hotline) = &answers.hotline {
        if !is_over_embedded {
            return Err(hotline
                .at
                .fault(
                    pick(
                        "a pack of your own has its hotline itself",
                        "您自己的数据包里本来就有热线",
                    ),
                    pick(
                        "write it into the pack, and take it out here",
                        "请写进数据包，并从这里删掉",
                    ),
                )
                .into());
        }
        text.push_str(&hotline_text(&hotline.value));
    }
    let known = codes_in(&text)?;
    for (which, code) in &answers.codes {
        if known.contains(which) {
            return Err(code
                .at
                .fault(
                    pick("the pack has this code already", "数据包里已有这个二维码"),
                    both!(
                        "take it out here, or take [{}] out of the pack",
                        "请从这里删掉，或从数据包里删掉 [{}]",
                        which.key()
                    ),
                )
                .into());
        }
        text.push_str(&code_text(*which, code)?);
    }
    files.push(DeskFile::new(NAME, text));
    Ok(files)
}

fn embedded() -> &'static str {
    pick(
        "# The campus pack of this desk: the embedded one, and what it leaves open. `yingxin pack check FILE` names the rest.\n\
         base = \"imut\"\n",
        "# 本台的学校数据包：内置的，加上它没有填的内容。`yingxin pack check 文件` 会指出还缺什么。\nbase = \"imut\"\n",
    )
}

/// Why nothing was fetched, in words.
fn words(why: &crate::visit::Failure<()>) -> String {
    use crate::visit::Failure;
    match why {
        Failure::Offline => pick("no answer", "没有答复").into(),
        Failure::Unavailable => pick(
            "no proper answer, or a longer one than a pack has",
            "答复不对，或比数据包长",
        )
        .into(),
        Failure::Limited { .. } => pick("too many requests", "请求太频繁").into(),
        Failure::Rejected(()) => pick("refused", "被拒绝").into(),
        Failure::Misconfigured(what) => what.clone(),
    }
}

/// An image of a pack, which must stand beside it by a plain name.
///
/// # Errors
/// It stands elsewhere, cannot be read, or is too large.
pub fn image_beside(pack: &std::path::Path, image: &std::path::Path) -> Result<DeskFile, String> {
    let folder = pack.parent().unwrap_or(std::path::Path::new(""));
    let name = image
        .strip_prefix(folder)
        .ok()
        .and_then(|name| name.to_str());
    let shown = image.display();
    let name = name.filter(|name| is_plain_name(name));
    let name = name.ok_or_else(|| {
        both!(
            "its image {shown} stands in another folder",
            "它的图片 {shown} 在别的文件夹里"
        )
    })?;
    let bytes = bounded(image, MOST_IMAGE)
        .map_err(|error| both!("its image: {}", "它的图片：{}", error.what))?;
    Ok(DeskFile::new(name, bytes))
}

/// The codes that a pack's text has.
fn codes_in(text: &str) -> Result<Vec<PackQr>, Fault> {
    let source = Source { file: NAME, text };
    let document = Document::parse(&source)?;
    let Some(table) = document.root().table("qr")? else {
        return Ok(Vec::new());
    };
    let has = |which: &&PackQr| table.has(which.name());
    Ok(PackQr::ALL.iter().filter(has).copied().collect())
}

fn code_text(which: PackQr, code: &Given<CodeImage>) -> CliResult<String> {
    let image = &code.value;
    let refused = |error: CliError| code.at.fault(error.what, error.remedy);
    let opened = picture::open(&image.path).map_err(refused)?;
    let found = picture::find(&opened, &image.path).map_err(refused)?;
    let [said] = found.as_slice() else {
        let what = both!(
            "{} holds {} codes",
            "{} 里有 {} 个二维码",
            image.path.display(),
            found.len()
        );
        return Err(code
            .at
            .fault(
                what,
                pick("cut the image so that one is left", "请裁剪图片，只留一个"),
            )
            .into());
    };
    check_length(said, image.short.is_some())
        .map_err(|(what, remedy)| code.at.fault(what, remedy))?;
    if said.chars().any(char::is_control) {
        let what = pick("the code holds more than one line", "二维码的内容不止一行");
        return Err(code
            .at
            .fault(
                what,
                pick("use a code that holds an address", "请用内容是网址的二维码"),
            )
            .into());
    }
    let mut text = format!("\n[{}]\ntext = {}\n", which.key(), quoted(said));
    if let Some(short) = &image.short {
        text.push_str(&format!("short = {}\n", quoted(short)));
    }
    if let Some(day) = image.expires {
        text.push_str(&format!("expires = {day}\n"));
    }
    Ok(text)
}

fn hotline_text(hotline: &Hotline) -> String {
    let mut text = String::from("\n[hotline]\n");
    if !hotline.number.is_empty() {
        text.push_str(&format!("number = {}\n", quoted(&hotline.number)));
    }
    if let Some(area) = &hotline.area_code {
        text.push_str(&format!("area_code = {}\n", quoted(area)));
    }
    if !hotline.campuses.is_empty() {
        text.push_str("campuses = [\n");
        for campus in &hotline.campuses {
            let digit = format!("digit = \"{}\"", campus.digit);
            let name = campus.name.as_ref();
            let name = name.map(|name| format!(", name = {}", localized(name)));
            text.push_str(&format!("  {{ {digit}{} }},\n", name.unwrap_or_default()));
        }
        text.push_str("]\n");
    }
    text
}

fn localized(text: &Localized) -> String {
    let each = Lang::ALL
        .iter()
        .map(|lang| format!("{} = {}", lang.tag(), quoted(text.get(*lang))));
    format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
}
