//! Opening the screens, and taking their forms.

use crate::{
    client_address::ClientAddress, page::PageError, parameters::Parameters, provider::Provider,
};
use axum::extract::Request;
use http::{HeaderMap, header};
use store::Customer;

/// A screen that somebody opens.
pub(super) struct Visit {
    pub(super) customer: Customer,
    pub(super) query: Parameters,
    pub(super) headers: HeaderMap,
}

impl Visit {
    pub(super) async fn take(
        provider: &Provider,
        customer: &str,
        request: Request,
    ) -> Result<Self, PageError> {
        let headers = request.headers().clone();
        let customer = provider.customer_or_page(customer, &headers).await?;
        let query = Parameters::query(request.uri().query())
            .map_err(|_| PageError::bad_request(&customer.id))?;
        Ok(Self {
            customer,
            query,
            headers,
        })
    }
}

/// A form that one of our own pages sent.
pub(super) struct Form {
    pub(super) customer: Customer,
    pub(super) fields: Parameters,
    pub(super) headers: HeaderMap,
    /// Where it comes from, if that is known.
    pub(super) from: Option<ClientAddress>,
}

impl Form {
    /// Reads the form, unless another site sent it.
    pub(super) async fn take(
        provider: &Provider,
        customer: &str,
        request: Request,
    ) -> Result<Self, PageError> {
        let headers = request.headers().clone();
        let from = ClientAddress::of(request.extensions());
        if is_cross_site(&headers, provider.public_url()) {
            return Err(PageError::cross_site(customer));
        }
        let customer = provider.customer_or_page(customer, &headers).await?;
        let fields = Parameters::form(request)
            .await
            .map_err(|error| PageError::bad_form(&customer.id, error.status()))?;
        Ok(Self {
            customer,
            fields,
            headers,
            from,
        })
    }

    /// The value of the field `interaction`.
    pub(super) fn interaction(&self) -> &str {
        self.fields.get("interaction").unwrap_or_default()
    }

    /// Whether the button with this value of `action` was pressed.
    pub(super) fn pressed(&self, action: &str) -> bool {
        self.fields.get("action") == Some(action)
    }
}

/// Whether a POST may come from another site.
///
/// `Sec-Fetch-Site` is what browsers say and pages cannot forge; `Origin` is
/// what older browsers have. Neither: no browser, and then no cookie either.
/// A path of the own origin is not a proof, so that `same-site` is refused too.
fn is_cross_site(headers: &HeaderMap, public_url: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    headers.get(header::ORIGIN).is_some_and(|origin| {
        !origin
            .as_bytes()
            .eq_ignore_ascii_case(public_url.as_bytes())
    })
}
