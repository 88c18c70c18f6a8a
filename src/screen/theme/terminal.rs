//! What the terminal can, as far as its variables promise it. Nothing is asked of the terminal itself: an answer could
//! come late and be taken for typing.

/// What is known of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// How many colours it draws.
    pub colours: Colours,
    /// `NO_COLOR` is set (no-color.org), or the terminal is `dumb`.
    pub no_color: bool,
    /// The Linux kernel's console: its fonts lack half blocks, and it knows few sequences.
    pub console: bool,
}

/// How many colours it draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// 24 bits.
    Rgb,
    /// The 256 of xterm, of which the upper 240 are fixed.
    Indexed,
    /// The 16 of the user's palette.
    Ansi16,
}

/// How a QR code's black and white are written to the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QrPalette {
    /// Exact black and white: many palettes' white is grey.
    #[default]
    Rgb,
    /// Colours 16 and 231 of xterm's 256: exact as well, and seldom changed by anyone.
    Indexed,
    /// Black and bright white of the user's palette.
    Ansi16,
    /// The kernel's console: ANSI colours, and only spaces, because its fonts lack half blocks.
    Console,
}

impl Terminal {
    /// From this process's environment.
    pub fn from_env() -> Terminal {
        Terminal::from_vars(|name| std::env::var(name).ok())
    }

    /// From given variables.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Terminal {
        let term = var("TERM").unwrap_or_default();
        let colorterm = var("COLORTERM").unwrap_or_default();
        let console = term == "linux" || term.starts_with("linux-");
        let promised = matches!(colorterm.as_str(), "truecolor" | "24bit")
            || term.contains("direct")
            || term.contains("truecolor")
            || [
                "foot",
                "xterm-kitty",
                "alacritty",
                "wezterm",
                "xterm-ghostty",
                "contour",
            ]
            .iter()
            .any(|known| term.starts_with(known));
        let colours = if console {
            Colours::Ansi16
        } else if promised {
            Colours::Rgb
        } else if term.contains("256color") {
            Colours::Indexed
        } else {
            Colours::Ansi16
        };
        let no_color = var("NO_COLOR").is_some_and(|value| !value.is_empty()) || term == "dumb";
        Terminal {
            colours,
            no_color,
            console,
        }
    }

    /// The theme where none was chosen, or the chosen one is broken.
    pub fn default_theme(self) -> &'static str {
        match self.colours {
            _ if self.no_color => "monochrome",
            Colours::Rgb => "dark",
            Colours::Indexed | Colours::Ansi16 => "16-colour",
        }
    }

    /// How QR codes are coloured here.
    pub fn qr(self) -> QrPalette {
        match self.colours {
            _ if self.console => QrPalette::Console,
            Colours::Rgb => QrPalette::Rgb,
            Colours::Indexed => QrPalette::Indexed,
            Colours::Ansi16 => QrPalette::Ansi16,
        }
    }
}
