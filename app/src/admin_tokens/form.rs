//! What the form of the lab holds.

use crate::submitted::{FieldProblem, Submitted};
use diagnosis::admin::{AdminToken, Known, LONGEST, MOST_SCOPES, TooMuch, Typed};
use oidc::scope::ScopeToken;
use playground::LabView;
use policy::{client::Client, token_policy::TokenPolicy};

/// Scopes that are offered whatever the policy lists.
const COMMON: [&str; 5] = [
    "*:**",
    "*:config/**",
    ".:**",
    ".:config/**",
    "*:config/tokenPolicies",
];
/// What is ticked at first: it can only read, which is where the story begins.
const FIRST: &str = ".:**";

/// What is said when the chosen client is not there.
pub const NO_CLIENT: &str = "Your sandbox has no such configuration client. It was deleted, became a login client, or the form was opened before a reset. Choose one that is there.";

/// What the form holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskFields {
    /// The id of the configuration client.
    pub client: String,
    /// The ticked scopes.
    pub ticked: Vec<String>,
    /// What was typed.
    pub own: String,
}

impl AskFields {
    /// What a visitor finds.
    #[must_use]
    pub fn first(lab: &LabView) -> Self {
        let client = lab.clients.first();
        Self {
            client: client.map(|client| client.id.clone()).unwrap_or_default(),
            ticked: vec![FIRST.to_owned()],
            own: String::new(),
        }
    }

    /// What was sent.
    #[must_use]
    pub fn sent(sent: &Submitted) -> Self {
        Self {
            client: sent.value("client").unwrap_or_default().to_owned(),
            ticked: sent.values("scope").map(str::to_owned).collect(),
            own: sent.value("own").unwrap_or_default().to_owned(),
        }
    }

    /// What asks for the same once more.
    #[must_use]
    pub fn again(token: &AdminToken, lab: &LabView) -> Self {
        let mut fields = Self {
            client: token.client.clone(),
            ..Self::default()
        };
        let offered = fields.offered(lab);
        let (ticked, own): (Vec<String>, Vec<String>) = token
            .requested
            .iter()
            .cloned()
            .partition(|word| offered.contains(word));
        fields.ticked = ticked;
        fields.own = own.join(" ");
        fields
    }

    /// The client that is chosen.
    #[must_use]
    pub fn client<'a>(&self, lab: &'a LabView) -> Option<&'a Client> {
        lab.client(&self.client)
    }

    /// The token policy of the client that is chosen.
    #[must_use]
    pub fn policy<'a>(&self, lab: &'a LabView) -> Option<&'a TokenPolicy> {
        lab.policy_of(self.client(lab)?)
    }

    /// The scopes with a tick box: the common ones, what the policy lists, and
    /// what is ticked.
    #[must_use]
    pub fn offered(&self, lab: &LabView) -> Vec<String> {
        let listed = self.policy(lab).into_iter();
        let listed = listed.flat_map(|policy| policy.allowed_scopes.iter());
        let mut offered: Vec<String> = Vec::new();
        let common = COMMON.iter().map(|scope| (*scope).to_owned());
        let all = common
            .chain(listed.map(ScopeToken::to_string))
            .chain(self.ticked.iter().cloned());
        for scope in all {
            if !offered.contains(&scope) {
                offered.push(scope);
            }
        }
        offered
    }

    /// What will be asked for, and what seems wrong with it.
    ///
    /// # Errors
    /// When it is too much.
    pub fn typed(&self, lab: &LabView) -> Result<Typed, TooMuch> {
        let known = Known {
            customer: &lab.sandbox.customer_id,
            calls: &lab.templates(),
        };
        let ticked = self.ticked.iter().map(String::as_str);
        Typed::read(ticked, &self.own, &known)
    }

    /// What keeps it from being sent.
    #[must_use]
    pub fn problems(&self, lab: &LabView) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.client(lab).is_none() {
            problems.push(FieldProblem::new("client", NO_CLIENT));
        }
        if let Err(too_much) = self.typed(lab) {
            let text = match too_much {
                TooMuch::Characters => {
                    format!("This is too long: at most {LONGEST} characters.")
                }
                TooMuch::Scopes => {
                    format!("These are too many: at most {MOST_SCOPES} scopes at once.")
                }
            };
            problems.push(FieldProblem::new("own", text));
        }
        problems
    }
}
