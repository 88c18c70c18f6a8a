//! Whether a store's folder and all that is in it are this desk's own. It is looked at before anything of it is read or
//! written; nothing is changed.

use super::error::StoreError;
use super::journal;
use super::location::StorePaths;
use crate::ours;

/// Looks at the folder, at the folders in it and at every file that the store knows by its name.
///
/// # Errors
/// Something is another user's, or no file or folder as the store makes them.
pub fn guard(paths: &StorePaths) -> Result<(), StoreError> {
    ours::folder(&paths.dir).map_err(|e| StoreError::at(&paths.dir, e))?;
    for folder in [&paths.journal, &paths.projections, &paths.staged] {
        ours::tree(folder).map_err(|e| StoreError::at(folder, e))?;
    }
    let segments = journal::segments(&paths.journal);
    let segments = segments.map_err(|e| StoreError::at(&paths.journal, e))?;
    let files = [
        &paths.lock,
        &paths.visit_keys,
        &paths.clean,
        &paths.high_water,
        &paths.clock,
        &paths.ballast,
        &paths.roster,
        &paths.retired_keys,
        &paths.roster_lock,
    ];
    for file in files
        .into_iter()
        .chain(segments.iter().map(|(_, path)| path))
    {
        ours::file(file).map_err(|e| StoreError::at(file, e))?;
    }
    Ok(())
}
