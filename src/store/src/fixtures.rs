//! Customers as files say them: written to match, and read in order to be
//! written to a file.

use crate::{
    Credentials, Customer, NewCustomer, Store, StoreError, clients, customers, faults,
    login_policies, people, row, seeds, token_policies,
};
use policy::{client::Client, login_policy::LoginPolicy, token_policy::TokenPolicy};
use sqlx::{Connection as _, SqliteConnection};

/// A customer with all that a file says of it. Clients that registered
/// themselves are not among its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The customer itself.
    pub customer: Customer,
    /// Its token policies in the order of their creation, as are the others.
    pub token_policies: Vec<TokenPolicy>,
    /// Its login policies.
    pub login_policies: Vec<LoginPolicy>,
    /// Its clients, with their secrets.
    pub clients: Vec<Client>,
    /// Its people, with the hashes of their passwords.
    pub people: Vec<Credentials>,
}

impl Store {
    /// Makes these the only customers of kind [`crate::CustomerKind::Fixture`],
    /// each exactly as given, all or none.
    ///
    /// A customer that is there already, of whatever kind, keeps its age and the
    /// key to it. Its clients and people that are given again keep their
    /// sessions, codes and tokens, the others go with theirs. Clients that
    /// registered themselves stay, unless their policies went or their id or
    /// name is given to another. Every fault is switched off.
    ///
    /// # Errors
    /// When the database fails, or two people share a name to sign in with.
    pub async fn keep_fixtures(&self, wanted: &[NewCustomer<'_>]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        forget_others(&mut transaction, wanted).await?;
        for new in wanted {
            customers::put_fixture(&mut transaction, new.customer).await?;
            put_contents(&mut transaction, new).await?;
            seeds::put(&mut transaction, new).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Gives a customer that is there these policies, clients and people instead
    /// of those it has, and switches its faults off; what it goes back to stays. Clients and
    /// people that are given again keep their sessions, codes and tokens, the
    /// others go with theirs. `false` if there is no such customer.
    ///
    /// # Errors
    /// When the database fails, or two people share a name to sign in with.
    pub async fn refill_customer(&self, new: &NewCustomer<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let kept = customers::one(&mut *transaction, &new.customer.id).await?;
        if kept.is_none() {
            return Ok(false);
        }
        put_contents(&mut transaction, new).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// All that a file says of a customer, as of one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>, StoreError> {
        let mut connection = self.reader.acquire().await?;
        let mut transaction = connection.begin().await?;
        let Some(customer) = customers::one(&mut *transaction, id).await? else {
            return Ok(None);
        };
        Ok(Some(Snapshot {
            customer,
            token_policies: token_policies::all(&mut *transaction, id).await?,
            login_policies: login_policies::all(&mut *transaction, id).await?,
            clients: clients::configured(&mut *transaction, id).await?,
            people: people::all(&mut *transaction, id).await?,
        }))
    }
}

/// Makes the customer's policies, clients and people those given.
async fn put_contents(
    connection: &mut SqliteConnection,
    new: &NewCustomer<'_>,
) -> Result<(), StoreError> {
    let id = &new.customer.id;
    token_policies::clear(connection, id).await?;
    token_policies::insert(connection, id, new.token_policies).await?;
    login_policies::clear(connection, id).await?;
    login_policies::insert(connection, id, new.login_policies).await?;
    clients::put_all(connection, id, new.clients).await?;
    people::put_all(connection, id, new.people).await?;
    faults::clear(connection, id).await?;
    Ok(())
}

async fn forget_others(
    connection: &mut SqliteConnection,
    wanted: &[NewCustomer<'_>],
) -> Result<(), StoreError> {
    let ids: Vec<&String> = wanted.iter().map(|new| &new.customer.id).collect();
    sqlx::query(
        "DELETE FROM customers WHERE kind = 'fixture'
         AND id NOT IN (SELECT value FROM json_each($1))",
    )
    .bind(row::to_json("customers", &ids)?)
    .execute(connection)
    .await?;
    Ok(())
}
