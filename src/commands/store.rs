//! `yingxin store`: checks, rebuilds, backs up, restores a store and changes its key. A command that changes the store
//! needs it alone: while a desk runs, it refuses.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{location, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{self, Flags, environment};
use crate::escape;
use crate::screen::pages::script::moment;
use crate::store::{self, Grade, Location, RealDisk, Store, StoreFinding};

/// The longest validity of a backup in days; the pack's retention may shorten it.
const LONGEST_BACKUP: u32 = 90;

fn here(flags: &Flags) -> CliResult<(Location, TimeZone)> {
    let location = location(&config::load(flags, &environment)?);
    Ok((location, TimeZone::system()))
}

/// Reads the whole store and changes nothing. The exit code is that of the worst finding.
///
/// # Errors
/// There is no store, or its files cannot be read at all.
pub fn check(flags: &Flags) -> CliResult<ExitCode> {
    let (location, zone) = here(flags)?;
    let findings = store::check(&location, &zone)?;
    let line = |finding: &StoreFinding| {
        let grade = match finding.grade {
            Grade::Good => "ok",
            Grade::Note => "note",
            Grade::ReadOnly => "READ-ONLY",
            Grade::Damaged => "DAMAGED",
            Grade::Key => "KEY",
        };
        format!(
            "{grade:<10} {:<11} {}\n",
            finding.part,
            escape::line(&finding.says)
        )
    };
    say(&findings.iter().map(line).collect::<String>())?;
    Ok(match findings.iter().map(|finding| finding.grade).max() {
        None | Some(Grade::Good | Grade::Note) => ExitCode::SUCCESS,
        Some(Grade::ReadOnly) => Exit::CannotCreate.into(),
        Some(Grade::Damaged) => Exit::BadData.into(),
        Some(Grade::Key) => Exit::NoPermission.into(),
    })
}

/// Rebuilds sled from the journal.
///
/// # Errors
/// Those of the store, or a desk runs on it.
pub fn rebuild(flags: &Flags) -> CliResult<()> {
    let (location, zone) = here(flags)?;
    let began = Instant::now();
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let (store, opened) = Store::rebuild(&location, today, &zone)?;
    store.close()?;
    let damaged = match opened.damaged {
        0 => String::new(),
        n => both!(
            "; {n} records could not be read: yingxin store check",
            "；{n} 条记录读不出来：yingxin store check"
        ),
    };
    say(&both!(
        "rebuilt from the journal in {:.1} s: {} visits are open or wait{damaged}\n",
        "已由日志重建，用了 {:.1} s：{} 个办理未结束或在等待{damaged}\n",
        began.elapsed().as_secs_f64(),
        opened.visits.len()
    ))
}

/// Writes one encrypted backup file, also while a desk runs. `days` is its validity.
///
/// # Errors
/// Those of the store, the file exists, or the validity is too long.
pub fn backup(flags: &Flags, file: &Path, days: u32) -> CliResult<()> {
    let config = config::load(flags, &environment)?;
    let kept = super::prepare::pack(&config)?.retention_days;
    let most = kept.unwrap_or(LONGEST_BACKUP).min(LONGEST_BACKUP);
    if days > most {
        return Err(CliError::new(
            Exit::Usage,
            both!(
                "a backup of this store may be kept for {most} days at the most",
                "这个存储的备份最多保留 {most} 天"
            ),
            both!(
                "it holds the keys of its day: give fewer days",
                "它含有当天的密钥：请减少天数"
            ),
        ));
    }
    let location = location(&config);
    let life = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let zone = TimeZone::system();
    let made = store::backup(&location, &zone, file, life)?;
    say(&both!(
        "{}: {} segments, {} KB; good until {}\nit opens only with the desk key {}: keep a copy of that file elsewhere\n",
        "{}：{} 段，{} KB；有效到 {}\n只有台子的密钥 {} 能打开它：请把那个文件另存一份在别处\n",
        escape::path(file),
        made.segments,
        made.bytes / 1024,
        moment(made.expires, &zone),
        escape::line(&made.key.to_string())
    ))
}

/// Creates the store from a backup; an existing store is left alone.
///
/// # Errors
/// Those of the backup or the store.
pub fn restore(flags: &Flags, file: &Path) -> CliResult<()> {
    let (location, zone) = here(flags)?;
    let made = store::restore(&RealDisk, &location, file)?;
    say(&both!(
        "restored as of {}: {} segments, {} KB\nstudents who asked to be forgotten since then are to be forgotten again: \
         yingxin visits forget\n",
        "已恢复到 {}：{} 段，{} KB\n此后要求抹掉的学生要再抹掉一次：yingxin visits forget\n",
        moment(made.made, &zone),
        made.segments,
        made.bytes / 1024
    ))
}

/// Prints counts and sizes, without personal data.
///
/// # Errors
/// Those of the store.
pub fn stats(flags: &Flags) -> CliResult<()> {
    let (location, zone) = here(flags)?;
    let stats = store::stats(&location, &zone)?;
    let day = |at: Timestamp| moment(at, &zone);
    let kb = |bytes: u64| format!("{} KB", bytes.div_ceil(1024));
    let roster = stats.roster.map_or_else(
        || both!("none", "没有"),
        |roster| {
            both!(
                "{} rows, {}, imported {}",
                "{} 行，{}，导入于 {}",
                roster.rows,
                kb(roster.bytes),
                day(roster.made)
            )
        },
    );
    let clean = if stats.is_clean {
        pick("whole", "完整")
    } else {
        pick("in use, or to be rebuilt", "正在使用，或有待重建")
    };
    say(&both!(
        "journal     {} segments, {}, since {}; {} records acknowledged\n\
         visit keys  {} made, {} destroyed, {}\n\
         sled        {}, {clean}\n\
         roster      {roster}\n\
         desk key    {}\n\
         free        {} MB\n",
        "日志        {} 段，{}，始于 {}；已确认 {} 条记录\n\
         办理的密钥  已建 {}，已销毁 {}，{}\n\
         sled        {}，{clean}\n\
         名单        {roster}\n\
         台子的密钥  {}\n\
         空闲        {} MB\n",
        stats.segments,
        kb(stats.journal),
        stats.since.map_or_else(|| "-".to_owned(), day),
        stats.records,
        stats.visit_keys,
        stats.destroyed_keys,
        kb(stats.keys),
        kb(stats.sled),
        stats.key,
        stats.free / (1024 * 1024),
    ))
}

/// Creates a new desk key.
///
/// # Errors
/// Those of the store, or a desk runs on it.
pub fn rekey(flags: &Flags) -> CliResult<()> {
    let (location, zone) = here(flags)?;
    let done = store::rekey(&RealDisk, &location, &zone)?;
    say(&both!(
        "the desk key was {} and is {} now; new records go into new segments, and {} older ones stay readable until they \
         are dropped\nbackups that the old key sealed cannot be restored any more: take a new one\n",
        "台子的密钥原是 {}，现在是 {}；新记录写进新的段，{} 个旧的段在删除之前仍可读\n旧密钥加密的备份不能再恢复：请做一份新的\n",
        done.old,
        done.new,
        done.segments
    ))
}
