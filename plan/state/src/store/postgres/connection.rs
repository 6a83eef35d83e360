//! The connections of a store in a PostgreSQL database, and the statements that run on them.

use std::{sync::Arc, time::Duration};

use tokio_postgres::{
    Client, Row,
    error::SqlState,
    types::{ToSql, Type},
};

use super::{
    PostgresStore,
    error::{self, failed},
};
use crate::store::{StoreError, StoreErrorKind};

/// How long a statement may take, because a server that vanished from the network says nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// One at a time, because concurrent `CREATE TABLE IF NOT EXISTS` fail on each other.
const CREATE: &str = "
    SELECT pg_advisory_xact_lock(5561726457);
    CREATE TABLE IF NOT EXISTS landform_segments (
        place text NOT NULL, seq bigint NOT NULL CHECK (seq > 0), bytes bytea NOT NULL, PRIMARY KEY (place, seq));
    CREATE TABLE IF NOT EXISTS landform_snapshots (
        place text NOT NULL, seq bigint NOT NULL, part integer NOT NULL, bytes bytea NOT NULL,
        PRIMARY KEY (place, seq, part));
    CREATE TABLE IF NOT EXISTS landform_registers (
        place text NOT NULL, name text NOT NULL, version bigint NOT NULL, bytes bytea, PRIMARY KEY (place, name));
    COMMENT ON TABLE landform_segments IS 'Landform: journals, format 1';
    COMMENT ON TABLE landform_snapshots IS 'Landform: snapshots of journals, format 1';
    COMMENT ON TABLE landform_registers IS 'Landform: leases and key rings, format 1; no bytes: released'";

/// A parameter of a statement with its type, so that the server need not be asked for it.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

impl PostgresStore {
    pub(super) async fn dial(&self) -> Result<Client, StoreError> {
        let connector = async || {
            self.tls.connector().map_err(|why| {
                StoreError::new(StoreErrorKind::Untrusted, "connect to", &*self.url).because(why)
            })
        };
        let connector = self.connector.get_or_try_init(connector).await?.clone();
        let connected = self.config.connect(connector).await;
        let (client, connection) = connected.map_err(|error| failed("connect to", &self.url, error))?;
        // The connection ends when the client is dropped or the server goes away. The client notices either.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(client)
    }

    /// Opens a separate connection.
    pub(super) async fn connect(&self) -> Result<Client, StoreError> {
        let client = self.dial().await?;
        // An answered commit must survive a power cut, whatever the server's default is.
        let set = client.batch_execute("SET synchronous_commit = on").await;
        set.map_err(|error| failed("connect to", &self.url, error))?;
        Ok(client)
    }

    /// The shared connection. Connects again if it has ended.
    pub(super) async fn client(&self) -> Result<Arc<Client>, StoreError> {
        let mut shared = self.client.lock().await;
        if let Some(client) = shared.as_ref().filter(|client| !client.is_closed()) {
            return Ok(client.clone());
        }
        let client = Arc::new(self.connect().await?);
        *shared = Some(client.clone());
        Ok(client)
    }

    /// Runs a statement without knowing whether the tables exist.
    async fn run(
        &self,
        operation: &'static str,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Result<Vec<Row>, tokio_postgres::Error>, StoreError> {
        let client = self.client().await?;
        let answer = client.query_typed(sql, parameters);
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => Ok(answer),
            Err(_) => {
                *self.client.lock().await = None;
                let cause = format!("no answer for {} s", PATIENCE.as_secs());
                Err(StoreError::new(StoreErrorKind::Unavailable, operation, &*self.url).because(cause))
            }
        }
    }

    /// Runs a statement that reads. Retries if the connection had ended unnoticed. Without tables there are no rows.
    pub(super) async fn read_rows(
        &self,
        operation: &'static str,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut answer = self.run(operation, sql, parameters).await?;
        if answer.as_ref().is_err_and(error::is_disconnected) {
            *self.client.lock().await = None;
            answer = self.run(operation, sql, parameters).await?;
        }
        match answer {
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(Vec::new()),
            answer => answer.map_err(|error| failed(operation, &self.url, error)),
        }
    }

    /// Runs a statement that writes. Creates missing tables if `first` says so.
    pub(super) async fn write_rows(
        &self,
        operation: &'static str,
        first: bool,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut answer = self.run(operation, sql, parameters).await?;
        if answer.as_ref().is_err_and(lacks_tables) && first {
            self.create().await?;
            answer = self.run(operation, sql, parameters).await?;
        }
        answer.map_err(|error| failed(operation, &self.url, error))
    }

    async fn create(&self) -> Result<(), StoreError> {
        let client = self.client().await?;
        client.batch_execute(CREATE).await.map_err(|error| failed("make the tables of", &self.url, error))
    }
}

pub(super) fn lacks_tables(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNDEFINED_TABLE)
}
