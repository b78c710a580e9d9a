//! The buttons of the administrative token lab.

use super::{Answer, Pairs, console, see_other, value};
use crate::{problem::Again, state::AppState};
use app::{
    admin_tokens::{
        api::unknown_token,
        form::{AskFields, NO_CLIENT},
    },
    problem::{NextStep, Problem},
    submitted::{FieldProblem, Submitted},
};
use axum::{
    Extension, Form,
    extract::{OriginalUri, Path, State},
    response::{IntoResponse as _, Response},
};
use oidc::authorization::append_query;
use playground::{AdminTokenError, LabView, TokenStep, Trial, Tried, Widening};
use provider::sandbox::SandboxKey;

/// The page of the form.
const PAGE: &str = "/admin-tokens";

/// Leads from where the lab's own forms are sent to the lab.
pub(crate) async fn of_lab() -> Answer {
    see_other(PAGE)
}

/// Leads from where a token's forms are sent to the token.
pub(crate) async fn of_token(OriginalUri(uri): OriginalUri) -> Answer {
    let (token, _) = uri.path().rsplit_once('/').unwrap_or_default();
    see_other(token)
}

/// Shows what asking would bring. With `use` a slip is first put right.
pub(crate) async fn preview(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let fields = corrected(fields);
    let lab = lab(&state, &key).await?;
    let sent = Submitted::preview(PAGE, fields);
    let problems = AskFields::sent(&sent).problems(&lab);
    if problems.is_empty() {
        return Ok(Again(sent).into_response());
    }
    Ok(again_with(sent.fields, problems))
}

/// Asks for a token.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let lab = lab(&state, &key).await?;
    let sent = Submitted::preview(PAGE, fields);
    let asked = AskFields::sent(&sent);
    let problems = asked.problems(&lab);
    let (Ok(typed), true) = (asked.typed(&lab), problems.is_empty()) else {
        return Ok(again_with(sent.fields, problems));
    };
    let playground = &state.context.playground;
    match playground
        .ask_admin_token(&key, &asked.client, typed.words)
        .await
    {
        Ok(token) => see_other(&format!("{PAGE}/{}", token.id)),
        Err(AdminTokenError::UnknownClient) => Ok(again_with(
            sent.fields,
            vec![FieldProblem::new("client", NO_CLIENT)],
        )),
        Err(error) => Err(problem(error).into()),
    }
}

fn again_with(fields: Pairs, problems: Vec<FieldProblem>) -> Response {
    Again(Submitted::refused(PAGE, 422, fields, problems)).into_response()
}

/// The fields with a slip replaced by what was meant, as `use` says: the word, a
/// space, and the other.
fn corrected(mut fields: Pairs) -> Pairs {
    let wanted = value(&fields, "use").map(str::to_owned);
    fields.retain(|(name, _)| name != "use");
    let Some((word, meant)) = wanted.as_deref().and_then(|wanted| wanted.split_once(' ')) else {
        return fields;
    };
    for (name, value) in &mut fields {
        if name == "own" {
            let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
            let words = value.split(between).filter(|own| !own.is_empty());
            let words = words.map(|own| if own == word { meant } else { own });
            *value = words.collect::<Vec<_>>().join(" ");
        } else if name == "scope" && value == word {
            meant.clone_into(value);
        }
    }
    fields
}

/// Puts the configuration client and its policy back.
pub(crate) async fn restore(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
) -> Answer {
    let restored = state.context.playground.restore_way_in(&key).await;
    restored.map_err(Problem::from)?;
    see_other("/admin-tokens?restored=yes")
}

/// Introspects a token.
pub(crate) async fn introspect(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
) -> Answer {
    let done = state
        .context
        .playground
        .introspect_admin_token(&key, &id)
        .await;
    done.map_err(problem)?;
    see_other(&format!("{}#introspection", page_of(&id)))
}

/// Revokes a token.
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
) -> Answer {
    let done = state.context.playground.revoke_admin_token(&key, &id).await;
    let done = done.map_err(problem)?;
    match &done.what {
        TokenStep::Revoked(answered) if answered.status != Some(200) => {
            let status = answered
                .status
                .map_or("nothing".to_owned(), |status| status.to_string());
            Err(Problem::new(
                502,
                "admin-token-not-revoked",
                "The token was not revoked",
                &format!(
                    "The revocation endpoint answered {status}. {}",
                    answered.body
                ),
            )
            .first_step(NextStep::new("Back to the token", &page_of(&id)))
            .into())
        }
        _ => see_other(&page_of(&id)),
    }
}

/// Lets a token expire.
pub(crate) async fn expire(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
) -> Answer {
    let done = state.context.playground.expire_admin_token(&key, &id).await;
    done.map_err(problem)?;
    see_other(&page_of(&id))
}

/// Makes a call of the table, or asks before.
pub(crate) async fn call(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let call = value(&fields, "call").unwrap_or_default();
    let (method, path) = call.split_once(' ').unwrap_or_default();
    let trial = Trial {
        method: method.to_owned(),
        path: path.to_owned(),
        body: value(&fields, "body").map(str::to_owned),
        sure: value(&fields, "sure") == Some("yes"),
    };
    let tried = state.context.playground.try_call(&key, &id, trial).await;
    let place = match tried.map_err(problem)? {
        Tried::Made(step) => append_query(&page_of(&id), [("call", step.id.as_str())]),
        Tried::AskFirst => append_query(&page_of(&id), [("ask", call)]),
        Tried::Reset => return see_other("/admin-tokens?reset=done"),
    };
    see_other(&format!("{place}#call"))
}

/// Asks for another token with one scope more, after adding it to the policy if
/// that is what was pressed.
pub(crate) async fn again(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    Path(id): Path<String>,
    Form(fields): Form<Pairs>,
) -> Answer {
    let (scope, widening) = match value(&fields, "add") {
        Some(scope) => (Some(scope), Widening::First),
        None => (value(&fields, "scope"), Widening::No),
    };
    let playground = &state.context.playground;
    let token = playground.ask_admin_token_again(&key, &id, scope, widening);
    let token = token.await.map_err(problem)?;
    let page = page_of(&token.id);
    match value(&fields, "call") {
        Some(call) => see_other(&format!("{}#call", append_query(&page, [("ask", call)]))),
        None => see_other(&page),
    }
}

async fn lab(state: &AppState, key: &SandboxKey) -> Result<LabView, Problem> {
    Ok(state.context.playground.admin_token_lab(key).await?)
}

fn page_of(token: &str) -> String {
    format!("{PAGE}/{token}")
}

/// Why something cannot be done, as a page that leads on.
fn problem(error: AdminTokenError) -> Problem {
    let lab = || NextStep::new("Ask for a token", PAGE);
    match error {
        AdminTokenError::Unknown | AdminTokenError::NotIssued => unknown_token(),
        AdminTokenError::UnknownClient => Problem::new(
            409,
            "configuration-client-gone",
            "The configuration client is gone",
            "The client this token was issued to was deleted, or it signs people in by now. Its tokens went with it. Nothing was sent.",
        )
        .first_step(lab()),
        AdminTokenError::UnknownCall => Problem::new(
            404,
            "call-unknown",
            "There is no such call",
            "What it was about is not in your sandbox any more, or the form was changed. Nothing was sent.",
        )
        .first_step(lab()),
        AdminTokenError::NoScope => Problem::new(
            422,
            "scope-malformed",
            "This is no scope",
            "It holds characters that may not stand in a scope (RFC 6749, section 3.3). Nothing was sent.",
        )
        .first_step(lab()),
        AdminTokenError::NotWidened { status, answer } => Problem::new(
            409,
            "policy-not-widened",
            "The token policy was not changed",
            &format!("The configuration API answered {status}: `{answer}`. The policy is as it was, and no token was asked for."),
        )
        .first_step(NextStep::new("See the policies you have", "/policies")),
        AdminTokenError::Console(error) => console::problem(error).first_step(lab()),
        AdminTokenError::Internal(error) => error.into(),
    }
}
