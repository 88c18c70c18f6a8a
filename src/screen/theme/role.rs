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
    Text = "text",
    /// What may be overlooked.
    Dim = "dim",
    Title = "title",
    /// A word within a text that must not be overlooked.
    Accent = "accent",
    Border = "border",
    /// A button or choice.
    Button = "button",
    /// The button or choice that Enter takes.
    Selected = "selected",
    Field = "field",
    FieldFocus = "field-focus",
    /// What stands in an empty field, over `field` or `field-focus`.
    Placeholder = "placeholder",
    Success = "success",
    Warning = "warning",
    Danger = "danger",
    Info = "info",
    /// The top row.
    Header = "header",
    FooterKey = "footer-key",
    FooterText = "footer-text",
    /// The mark of practice, on every screen.
    Practice = "practice",
    Countdown = "countdown",
    /// A box over the page.
    Overlay = "overlay",
    OverlayTitle = "overlay-title",
    /// The edge of a drawn phone.
    PhoneFrame = "phone-frame",
    PhoneTitle = "phone-title",
    PhoneScreen = "phone-screen",
    /// Labels and lines on a drawn phone, over `phone-screen`.
    PhoneDim = "phone-dim",
    PhoneButton = "phone-button",
    /// The place to tap on a drawn phone.
    PhoneTap = "phone-tap",
    StepDone = "step-done",
    StepNow = "step-now",
    StepComing = "step-coming",
    /// Large digits and the done mark: painted as blocks of this foreground.
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
