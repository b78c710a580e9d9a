//! What keeps a page from being shown: what happened, why, and what to do.

/// Something that keeps a page from being shown: what happened, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status of the page.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// Why, in a few sentences. Text in backquotes is code.
    pub explanation: String,
    /// Where to go from here; the first one is the best.
    pub steps: Vec<NextStep>,
    /// A name for the kind of problem, the same for ever.
    pub code: String,
}

/// A link that leads on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// What the link says.
    pub label: String,
    /// Where it goes.
    pub href: String,
}

impl NextStep {
    /// A link that leads on.
    #[must_use]
    pub fn new(label: &str, href: &str) -> Self {
        Self {
            label: label.to_owned(),
            href: href.to_owned(),
        }
    }

    /// Back to the first page.
    #[must_use]
    pub fn start() -> Self {
        Self::new("Back to the playground", "/")
    }
}

impl Problem {
    /// A problem with a link to the first page.
    #[must_use]
    pub fn new(status: u16, code: &str, title: &str, explanation: &str) -> Self {
        Self {
            status,
            title: title.to_owned(),
            explanation: explanation.to_owned(),
            steps: vec![NextStep::start()],
            code: code.to_owned(),
        }
    }

    /// Puts a better next step in front of the others.
    #[must_use]
    pub fn first_step(mut self, step: NextStep) -> Self {
        self.steps.insert(0, step);
        self
    }

    /// A fault of ours. Nothing about it is told; the log knows more.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            500,
            "internal",
            "Something went wrong on our side",
            "The server could not finish this. Nothing you kept is lost. Try again; if it stays so, the server's log says why.",
        )
    }

    /// No such page.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            404,
            "page-not-found",
            "There is no such page",
            "The address may be mistyped, or what it showed has been removed.",
        )
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Problem {}
