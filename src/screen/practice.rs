//! What the practice campus sends for the screen: a practice student's phone, the bad days, and who can be registered
//! next. None of it is there on a real desk.

/// What a practice student's phone shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticePhone {
    /// The page's id: its title is the text `phone-page-<id>`.
    pub page: String,
    /// The number this practice phone's WeChat is bound to.
    pub wechat: String,
    /// The newest messages first.
    pub messages: Vec<String>,
    /// What can be done now: ids, their words are the texts `phone-do-<id>`; keys 1 to 9 in order.
    pub actions: Vec<String>,
    /// What the last action led to: an id, its words are the text `phone-said-<id>`.
    pub said: Option<String>,
    /// What can go wrong, in the order of the menu.
    pub bad_days: Vec<BadDayRow>,
    /// The students who cannot register on any day.
    pub own_troubles: Vec<OwnTrouble>,
    /// Who can be registered next; none where all are.
    pub next: Option<NextStudent>,
}

/// Why a practice student cannot register on any day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTrouble {
    /// The student number.
    pub number: String,
    /// Its words are the text `own-trouble-<id>`.
    pub id: String,
}

/// Something that can go wrong in practice, and whether it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDayRow {
    /// Its words are the text `bad-day-<id>`.
    pub id: String,
    /// It goes wrong now.
    pub on: bool,
}

/// A practice student who is not registered yet. The password is the practice campus's, and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStudent {
    /// The student number.
    pub number: String,
    /// The password.
    pub password: String,
}

impl PracticePhone {
    /// The ids of what goes wrong now.
    pub fn bad_now(&self) -> impl Iterator<Item = &str> {
        let on = self.bad_days.iter().filter(|day| day.on);
        on.map(|day| day.id.as_str())
    }

    /// The id of what this student cannot register for.
    pub fn own_trouble(&self, number: &str) -> Option<&str> {
        let mut all = self.own_troubles.iter();
        let found = all.find(|one| one.number == number)?;
        Some(&found.id)
    }
}
