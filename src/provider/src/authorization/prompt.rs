//! What `prompt` asks for.
//! [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest),
//! [Initiating User Registration section 4](https://openid.net/specs/openid-connect-prompt-create-1_0.html)

/// What `prompt` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A session will do, else the person is asked.
    #[default]
    WhenNeeded,
    /// Nobody is asked.
    None,
    /// The person is asked to sign in, session or not.
    Login,
    /// The person is asked to create an account, session or not.
    // Inferred: Hosted Login has a value for this; that it is this one is the
    // specification's (domain notes, section 1.2).
    Create,
}

/// What the person sees first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The form to sign in with.
    SignIn,
    /// The form to create an account with.
    Registration,
}

impl Prompt {
    /// The values that are acted on, as discovery lists them. `consent` is taken
    /// as well.
    pub(crate) const SUPPORTED: [&str; 4] = ["none", "login", "select_account", "create"];

    /// Reads the parameter, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let values: Vec<&str> = text.split(' ').filter(|value| !value.is_empty()).collect();
        let alone = values.len() == 1;
        let mut prompt = Self::WhenNeeded;
        for value in values {
            match value {
                "none" | "create" if !alone => {
                    return Err(if value == "none" {
                        "prompt none cannot stand beside other values"
                    } else {
                        "prompt create cannot stand beside other values"
                    });
                }
                "none" => prompt = Self::None,
                "create" => prompt = Self::Create,
                "login" | "select_account" => prompt = Self::Login,
                // Inferred: Hosted Login has no OAuth consent screen (domain
                // notes, section 9), so that there is nothing to ask.
                "consent" => {}
                _ => return Err("prompt has a value that is not supported"),
            }
        }
        Ok(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::Prompt;

    #[test]
    fn none_and_create_stand_alone_and_consent_asks_for_nothing() {
        for (text, expected) in [
            ("", Ok(Prompt::WhenNeeded)),
            ("consent", Ok(Prompt::WhenNeeded)),
            ("none", Ok(Prompt::None)),
            ("create", Ok(Prompt::Create)),
            ("login", Ok(Prompt::Login)),
            ("login login", Ok(Prompt::Login)),
            ("consent  select_account", Ok(Prompt::Login)),
            (
                "login none",
                Err("prompt none cannot stand beside other values"),
            ),
            (
                "create login",
                Err("prompt create cannot stand beside other values"),
            ),
            (
                "none create",
                Err("prompt none cannot stand beside other values"),
            ),
            ("LOGIN", Err("prompt has a value that is not supported")),
        ] {
            assert_eq!(Prompt::parse(text), expected, "{text:?}");
        }
        for value in Prompt::SUPPORTED {
            assert!(Prompt::parse(value).is_ok_and(|prompt| prompt != Prompt::WhenNeeded));
        }
    }
}
