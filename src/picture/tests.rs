//! What images say, what they are when they say nothing, and hostile ones.

use std::time::{Duration, Instant};

use image::{GrayImage, Luma};

use super::search::is_too_much;
use super::*;

/// A picture of codes side by side, `pixels` to a module.
fn picture(texts: &[&str], pixels: u32, invert: bool) -> GrayImage {
    let codes: Vec<qrcode::QrCode> = texts
        .iter()
        .map(|text| qrcode::QrCode::new(text).unwrap())
        .collect();
    let side = |code: &qrcode::QrCode| u32::try_from(code.width() + 8).unwrap() * pixels;
    let width = codes.iter().map(side).sum();
    let height = codes.iter().map(side).max().unwrap();
    let mut image = GrayImage::from_pixel(width, height, Luma([255]));
    let mut left = 0;
    for code in &codes {
        let modules = u32::try_from(code.width()).unwrap();
        for (n, colour) in (0u32..).zip(code.to_colors()) {
            let (x, y) = (
                (n % modules + 4) * pixels + left,
                (n / modules + 4) * pixels,
            );
            let value = if colour == qrcode::Color::Dark {
                0
            } else {
                255
            };
            for (dx, dy) in (0..pixels).flat_map(|dx| (0..pixels).map(move |dy| (dx, dy))) {
                image.put_pixel(x + dx, y + dy, Luma([value]));
            }
        }
        left += side(code);
    }
    if invert {
        image::imageops::invert(&mut image);
    }
    image
}

/// One code, `pixels` to a module.
fn drawn(code: &qrcode::QrCode, pixels: u32) -> GrayImage {
    let modules = u32::try_from(code.width()).unwrap();
    let colours = code.to_colors();
    let side = (modules + 8) * pixels;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / pixels).wrapping_sub(4), (y / pixels).wrapping_sub(4));
        let is_dark = x < modules
            && y < modules
            && colours[(y * modules + x) as usize] == qrcode::Color::Dark;
        Luma([if is_dark { 0 } else { 255 }])
    })
}

fn read_back(image: GrayImage, name: &str) -> CliResult<Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    image.save(&path).unwrap();
    open(&path).and_then(|picture| find(&picture, &path))
}

#[test]
fn reads_what_images_say() {
    let text = "https://example.edu.cn/注册";
    assert_eq!(
        read_back(picture(&[text], 4, false), "a.png"),
        Ok(vec![text.to_owned()])
    );
    assert_eq!(
        read_back(picture(&[text], 8, false), "a.jpg"),
        Ok(vec![text.to_owned()])
    );
    assert_eq!(
        read_back(picture(&[text], 6, true), "a.png"),
        Ok(vec![text.to_owned()])
    );
    let mut both = read_back(picture(&["one", "two"], 5, false), "a.png").unwrap();
    both.sort();
    assert_eq!(both, ["one", "two"]);
    let large = read_back(picture(&[text], 40, false), "a.png");
    assert_eq!(large, Ok(vec![text.to_owned()]));
}

/// Black on transparent, whose hidden colour is this.
fn transparent(code: &GrayImage, hidden: u8, ink: u8) -> DynamicImage {
    let clear = image::GrayAlphaImage::from_fn(code.width(), code.height(), |x, y| {
        let is_ink = code.get_pixel(x, y).0[0] == 0;
        image::LumaA(if is_ink { [ink, 255] } else { [hidden, 0] })
    });
    DynamicImage::ImageLumaA8(clear)
}

#[test]
fn what_is_transparent_is_white_and_then_black() {
    let text = "https://example.edu.cn/r";
    let code = picture(&[text], 6, false);
    for (hidden, ink) in [(0, 0), (255, 0), (0, 255), (255, 255)] {
        let found = find(&transparent(&code, hidden, ink), Path::new("a.png"));
        assert_eq!(found, Ok(vec![text.to_owned()]), "{hidden} {ink}");
    }
}

#[test]
fn a_code_that_is_found_and_not_read_is_told_apart_from_none() {
    let what = |image: GrayImage| {
        let image = DynamicImage::ImageLuma8(image);
        find(&image, Path::new("a.png")).unwrap_err().what
    };
    let none = what(GrayImage::from_pixel(50, 50, Luma([255])));
    assert!(none.contains("no QR code was found"), "{none}");
    let (gbk, _, _) = encoding_rs::GBK.encode("内蒙古");
    let bytes = what(drawn(&qrcode::QrCode::new(&gbk).unwrap(), 8));
    assert!(bytes.contains("not text in UTF-8"), "{bytes}");
    let mut spoilt = picture(&["https://example.edu.cn/registration"], 8, false);
    for (x, y) in (0..100).flat_map(|x| (0..60).map(move |y| (x, y))) {
        spoilt.put_pixel(
            100 + x,
            100 + y,
            Luma([if (x / 8 + y / 8) % 3 == 0 { 0 } else { 255 }]),
        );
    }
    let damaged = what(spoilt);
    assert!(damaged.contains("cannot be read"), "{damaged}");
}

#[test]
fn an_image_full_of_corners_is_given_up_at_once() {
    let corner = |x: u32, y: u32| {
        let from_edge = |at: u32| at.min(6 - at);
        let ring = from_edge(x).min(from_edge(y));
        ring == 0 || ring > 1
    };
    let tiled = |side| {
        GrayImage::from_fn(side, side, |x, y| {
            let dark = x % 8 < 7 && y % 8 < 7 && corner(x % 8, y % 8);
            Luma([if dark { 0 } else { 255 }])
        })
    };
    for side in [400, 1200] {
        let began = Instant::now();
        let refused = find(&DynamicImage::ImageLuma8(tiled(side)), Path::new("a.png")).unwrap_err();
        assert!(
            refused.what.contains("corner of a QR code"),
            "{}",
            refused.what
        );
        assert!(refused.remedy.contains("cut the code out"));
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{:?}",
            began.elapsed()
        );
    }
    assert!(!is_too_much(12, u64::MAX) && is_too_much(81, 1));
    assert!(is_too_much(30, 50_000_000) && !is_too_much(30, 160_000));
}

#[test]
fn what_is_no_image_has_its_code() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.png");
    assert_eq!(open(&path).unwrap_err().exit, Exit::NoInput);
    assert_eq!(open(dir.path()).unwrap_err().exit, Exit::NoInput);
    std::fs::write(&path, b"not an image").unwrap();
    assert_eq!(open(&path).unwrap_err().exit, Exit::BadData);
    std::fs::write(&path, b"").unwrap();
    assert_eq!(open(&path).unwrap_err().exit, Exit::BadData);
    let blank = GrayImage::from_pixel(50, 50, Luma([255]));
    assert_eq!(read_back(blank, "a.png").unwrap_err().exit, Exit::BadData);
    for (width, height) in [(MAX_SIDE + 1, 1), (8000, 8000)] {
        let large = GrayImage::from_pixel(width, height, Luma([255]));
        let refused = read_back(large, "a.png").unwrap_err();
        assert!(refused.what.contains("larger than"), "{}", refused.what);
        assert!(
            refused.remedy.contains("cut the code out"),
            "{}",
            refused.remedy
        );
    }
    for (bytes, name) in [
        (&b"RIFF\x10\0\0\0WEBPVP8 "[..], "WebP"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"GIF89a", "GIF"),
        (b"<?xml version=\"1.0\"?><svg/>", "SVG"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let refused = open(&path).unwrap_err();
        assert!(refused.what.contains(name), "{}", refused.what);
    }
    std::fs::write(&path, b"\x89PNG\r\n\x1a\nand no more").unwrap();
    assert!(open(&path).unwrap_err().what.contains("is damaged"));
}

#[test]
fn the_reference_has_these_limits() {
    let limits = crate::help::find("limits").unwrap().markdown;
    let million = MAX_PIXELS / 1_000_000;
    for bound in [
        format!(
            "{} MB; 12,000 pixels a side; {million} million pixels",
            MAX_FILE >> 20
        ),
        format!("{} MB decoded", MAX_DECODED >> 20),
        format!("{} places that look like", super::search::MAX_FINDERS),
        format!("{} s, then no other way", super::search::PATIENCE.as_secs()),
    ] {
        assert!(limits.contains(&bound), "{bound}");
    }
    assert_eq!(MAX_SIDE, 12_000);
}
