//! Why a command ends early, as a sentence for the console.

/// A sentence, and the exit status that goes with it.
#[derive(Debug)]
pub struct Stop {
    sentence: String,
    status: u8,
}

impl Stop {
    /// It could not be done: status 1.
    #[must_use]
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), status: 1 }
    }

    /// The same with another exit status.
    #[must_use]
    pub fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }

    /// The exit status.
    #[must_use]
    pub fn status(&self) -> u8 {
        self.status
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Stop {}

impl From<model::Error> for Stop {
    fn from(error: model::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}
