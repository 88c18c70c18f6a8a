//! The roles: what a style is for.

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $key:literal,)*) => {
        /// What a style is for. Its key in a theme file is the name in kebab-case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        /// Every role with its key in theme files, in the order of the enum.
        pub(super) const ROLES: [(Role, &str); [$($key),*].len()] = [$((Role::$role, $key)),*];
    };
}

roles! {
    /// The whole screen's foreground and background, beneath everything.
    Screen = "screen",
    /// Ordinary text.
    Text = "text",
    /// What may be overlooked.
    Dim = "dim",
    /// The title of a page.
    Title = "title",
    /// A word within a text that must not be overlooked.
    Accent = "accent",
    /// The lines of boxes.
    Border = "border",
    /// A button or choice.
    Button = "button",
    /// A button that cannot be used now: it keeps its box.
    ButtonOff = "button-off",
    /// The button or choice that Enter takes.
    Selected = "selected",
    /// An input field.
    Field = "field",
    /// The input field that has the keys.
    FieldFocus = "field-focus",
    /// What stands in an empty field, over `field` or `field-focus`.
    Placeholder = "placeholder",
    /// What succeeded.
    Success = "success",
    /// What needs attention.
    Warning = "warning",
    /// What failed, or destroys.
    Danger = "danger",
    /// What informs.
    Info = "info",
    /// The top row.
    Header = "header",
    /// A key in the footer.
    FooterKey = "footer-key",
    /// The words beside a key in the footer.
    FooterText = "footer-text",
    /// The mark of practice, on every screen.
    Practice = "practice",
    /// The countdown before the screen is cleared.
    Countdown = "countdown",
    /// A box over the page.
    Overlay = "overlay",
    /// The title of such a box.
    OverlayTitle = "overlay-title",
    /// The whole screen that calls a volunteer.
    Call = "call",
    /// The edge of a drawn phone.
    PhoneFrame = "phone-frame",
    /// The title bar of a drawn phone.
    PhoneTitle = "phone-title",
    /// The screen of a drawn phone.
    PhoneScreen = "phone-screen",
    /// A heading on a drawn phone, over `phone-screen`.
    PhoneHeading = "phone-heading",
    /// What can be chosen on a drawn phone.
    PhoneChoice = "phone-choice",
    /// Labels and lines on a drawn phone, over `phone-screen`.
    PhoneDim = "phone-dim",
    /// A button on a drawn phone.
    PhoneButton = "phone-button",
    /// The place to tap on a drawn phone.
    PhoneTap = "phone-tap",
    /// A step of the bar that is done.
    StepDone = "step-done",
    /// The present step of the bar.
    StepNow = "step-now",
    /// A step of the bar that is to come.
    StepComing = "step-coming",
    /// What is bound: its mark and its bars, painted as blocks of this foreground.
    Bound = "bound",
    /// What is noted by the student's word: its mark and its bars, painted as blocks of this foreground.
    ByWord = "by-word",
    /// Large digits, painted as blocks of this foreground.
    Big = "big",
}

impl Role {
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// The role of a theme file's key.
    pub(super) fn of_key(key: &str) -> Option<Role> {
        ROLES
            .iter()
            .find(|(_, known)| *known == key)
            .map(|(role, _)| *role)
    }
}
