//! Routes as data: where a visit stands and what comes next. Pure.
