//! A store in a PostgreSQL database: three tables that any number of stacks share, each under the name of its place.
//!
//! The primary key (place, seq) is the conditional create. As with files and buckets, a writer that slept could use a
//! pruned number again, so a snapshot at or above the number withdraws the row. A separate statement looks for that
//! snapshot; it sees everything that was committed before the row could be inserted. The first write creates the
//! tables.

mod connection;
mod error;
mod shown;
mod tls;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use landform_core::Printable;
use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::{
    Client, Config,
    config::{Host, SslMode},
    error::SqlState,
    types::Type,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::{
    connection::Parameter,
    error::failed,
    shown::{describe, without_password},
    tls::Tls,
};
use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};

/// The schemes of the URLs understood here.
pub(super) const SCHEMES: [&str; 2] = ["postgres", "postgresql"];

/// The place in a database if the URL names none.
const PLACE: &str = "state";

const LEASE: &str = "lease";
const KEYS: &str = "keys";

/// A store in a PostgreSQL database. Creating this value touches nothing; the first write creates the tables.
///
/// It connects when it is used, and again after the server went away. The URL's parameter
/// `options=-csearch_path%3Dname` chooses the schema.
///
/// TLS works as in PostgreSQL's own clients, by `sslmode` and `sslrootcert` in the URL, or else `PGSSLMODE` and
/// `PGSSLROOTCERT`:
///
/// | `sslmode` | |
/// |---|---|
/// | `disable` | not encrypted. A Unix socket is never encrypted |
/// | `prefer` | encrypted if the server supports it, without a check of the server. The default |
/// | `require` | encrypted, without a check of the server. With `sslrootcert` the same as `verify-ca` |
/// | `verify-ca` | encrypted, and an authority in the file `sslrootcert` has signed the server's certificate |
/// | `verify-full` | the same, and the certificate names the host. Without `sslrootcert` the system's authorities count |
#[derive(Clone)]
pub struct PostgresStore {
    config: Arc<Config>,
    tls: Arc<Tls>,
    connector: Arc<OnceCell<MakeRustlsConnect>>,
    place: Arc<str>,
    url: Arc<str>,
    client: Arc<Mutex<Option<Arc<Client>>>>,
}

impl PostgresStore {
    /// The store of a URL `postgres://user@host/database#place`. The password may be in the URL or in `PGPASSWORD`.
    pub(super) fn open(url: &str, environment: &[(String, String)]) -> Result<Self, StoreError> {
        let (server, place) = url.split_once('#').unwrap_or((url, PLACE));
        let shown = without_password(server);
        let bad = |why: String| {
            StoreError::new(StoreErrorKind::BadUrl, "open the state store", &shown)
                .because(format!("{why}; expected postgres://user@host/database#place"))
        };
        let (server, tls) = Tls::take(server, environment).map_err(&bad)?;
        let mut config: Config = server.parse().map_err(|error| bad(error::brief(&error)))?;
        let place = super::decode(place).filter(|place| !place.is_empty() && !place.contains('\0'));
        let place = place.ok_or_else(|| bad("the place after '#' is empty or not well encoded".into()))?;
        if config.get_hosts().is_empty() {
            return Err(bad("it names no host".into()));
        }
        if config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(bad("there is a second '@' before the host; write %40 in a password".into()));
        }
        // A socket leads to this machine, and no server uses TLS there.
        let local = config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)));
        config.ssl_mode(if local { SslMode::Disable } else { tls.mode });
        if config.get_password().is_none()
            && let Some((_, password)) = environment.iter().find(|(name, _)| name == "PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_application_name().is_none() {
            config.application_name("landform");
        }
        let url = Printable(format!("{}#{place}", describe(&config))).in_a_line().to_string();
        Ok(Self {
            config: config.into(),
            tls: tls.into(),
            connector: Arc::default(),
            place: place.into(),
            url: url.into(),
            client: Arc::default(),
        })
    }

    async fn numbers(&self, sql: &str) -> Result<Vec<u64>, StoreError> {
        let rows = self.read_rows("list", sql, &[(&&*self.place, Type::TEXT)]).await?;
        rows.iter()
            .map(|row| {
                let number: i64 = row.try_get(0).map_err(|error| failed("list", &self.url, error))?;
                Ok(number.unsigned_abs())
            })
            .collect()
    }

    async fn snapshots(&self) -> Result<Vec<u64>, StoreError> {
        self.numbers("SELECT seq FROM landform_snapshots WHERE place = $1 AND part = 0 ORDER BY seq").await
    }

    async fn is_covered(&self, seq: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM landform_snapshots WHERE place = $1 AND seq >= $2 LIMIT 1";
        let parameters: [Parameter<'_>; 2] = [(&&*self.place, Type::TEXT), (&seq, Type::INT8)];
        Ok(!self.read_rows("list", sql, &parameters).await?.is_empty())
    }

    fn at(&self, what: &str, seq: u64) -> String {
        format!("{}: {what} {seq}", self.url)
    }

    fn number(&self, seq: u64) -> Result<i64, StoreError> {
        i64::try_from(seq).map_err(|error| {
            StoreError::new(StoreErrorKind::Unsupported, "use", self.at("segment", seq)).because(error)
        })
    }

    async fn read_register(&self, name: &str) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        let sql = "SELECT version, bytes FROM landform_registers WHERE place = $1 AND name = $2 AND bytes IS NOT NULL";
        let parameters: [Parameter<'_>; 2] = [(&&*self.place, Type::TEXT), (&name, Type::TEXT)];
        let rows = self.read_rows("read the lease of", sql, &parameters).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let fail = |error| failed("read the lease of", &self.url, error);
        let version: i64 = row.try_get(0).map_err(fail)?;
        Ok(Some((LeaseVersion::new(version.to_string()), row.try_get(1).map_err(fail)?)))
    }

    /// Writes a register if its version is `previous`. A register without bytes counts as missing.
    async fn put_register(
        &self,
        name: &str,
        previous: Option<&LeaseVersion>,
        bytes: Option<&[u8]>,
    ) -> Result<LeaseVersion, StoreError> {
        let operation = "write the lease of";
        let conflict = || StoreError::new(StoreErrorKind::Conflict, operation, &*self.url);
        let rows = match previous {
            None => {
                let sql = "INSERT INTO landform_registers AS r (place, name, version, bytes) VALUES ($1, $2, 1, $3) \
                           ON CONFLICT (place, name) DO UPDATE SET version = r.version + 1, bytes = excluded.bytes \
                           WHERE r.bytes IS NULL RETURNING version";
                let parameters: [Parameter<'_>; 3] =
                    [(&&*self.place, Type::TEXT), (&name, Type::TEXT), (&bytes, Type::BYTEA)];
                self.write_rows(operation, true, sql, &parameters).await?
            }
            Some(previous) => {
                let Ok(version) = previous.as_str().parse::<i64>() else { return Err(conflict()) };
                let sql = "UPDATE landform_registers SET version = version + 1, bytes = $3 \
                           WHERE place = $1 AND name = $2 AND version = $4 AND bytes IS NOT NULL RETURNING version";
                let parameters: [Parameter<'_>; 4] = [
                    (&&*self.place, Type::TEXT),
                    (&name, Type::TEXT),
                    (&bytes, Type::BYTEA),
                    (&version, Type::INT8),
                ];
                self.write_rows(operation, false, sql, &parameters).await?
            }
        };
        let row = rows.first().ok_or_else(conflict)?;
        let version: i64 = row.try_get(0).map_err(|error| failed(operation, &self.url, error))?;
        Ok(LeaseVersion::new(version.to_string()))
    }

    /// Writes a snapshot in one transaction.
    async fn write_snapshot(
        &self,
        client: &mut Client,
        seq: i64,
        parts: Parts,
    ) -> Result<(), tokio_postgres::Error> {
        let writing = client.transaction().await?;
        writing.batch_execute("SET LOCAL synchronous_commit = on").await?;
        let old = "DELETE FROM landform_snapshots WHERE place = $1 AND seq = $2";
        writing.execute(old, &[&&*self.place, &seq]).await?;
        let insert = "INSERT INTO landform_snapshots (place, seq, part, bytes) VALUES ($1, $2, $3, $4)";
        let insert = writing.prepare(insert).await?;
        for (number, part) in (0i32..).zip(parts) {
            writing.execute(&insert, &[&&*self.place, &seq, &number, &part]).await?;
        }
        writing.commit().await
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn describe(&self) -> String {
        self.url.to_string()
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        let segments =
            self.numbers("SELECT seq FROM landform_segments WHERE place = $1 ORDER BY seq").await?;
        // This comes last, so that it sees a snapshot that has replaced segments in the meantime.
        Ok(Listing { segments, snapshots: self.snapshots().await? })
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        let number = self.number(seq)?;
        let taken = || StoreError::new(StoreErrorKind::Taken, "append", self.at("segment", seq));
        let sql = "INSERT INTO landform_segments (place, seq, bytes) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING RETURNING 1";
        let content: &[u8] = &bytes;
        let parameters: [Parameter<'_>; 3] =
            [(&&*self.place, Type::TEXT), (&number, Type::INT8), (&content, Type::BYTEA)];
        if self.write_rows("append to", seq == 1, sql, &parameters).await?.is_empty() {
            return Err(taken());
        }
        if self.is_covered(number).await? {
            let sql = "DELETE FROM landform_segments WHERE place = $1 AND seq = $2";
            self.write_rows("append to", false, sql, &parameters[..2]).await?;
            return Err(taken());
        }
        Ok(())
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT bytes FROM landform_segments WHERE place = $1 AND seq = $2";
        let number = self.number(seq)?;
        let parameters: [Parameter<'_>; 2] = [(&&*self.place, Type::TEXT), (&number, Type::INT8)];
        let rows = self.read_rows("read", sql, &parameters).await?;
        let place = self.at("segment", seq);
        let Some(row) = rows.first() else {
            return Err(StoreError::new(StoreErrorKind::NotFound, "read", place));
        };
        row.try_get(0).map_err(|error| failed("read", &place, error))
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        let number = self.number(seq)?;
        // It has a separate connection, so that appends need not wait for it.
        let mut client = self.dial().await?;
        match self.write_snapshot(&mut client, number, parts).await {
            Ok(()) => Ok(()),
            // Another writer of the same snapshot was faster. Both mean the same.
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(()),
            Err(error) => Err(failed("write", &self.at("snapshot", seq), error)),
        }
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        let place = self.at("snapshot", seq);
        let number = self.number(seq)?;
        if !self.snapshots().await?.contains(&seq) {
            return Err(StoreError::new(StoreErrorKind::NotFound, "read", place));
        }
        let client = self.connect().await?;
        let sql = "SELECT bytes FROM landform_snapshots WHERE place = $1 AND seq = $2 ORDER BY part";
        let parameters: [Parameter<'_>; 2] = [(&&*self.place, Type::TEXT), (&number, Type::INT8)];
        let rows =
            client.query_typed_raw(sql, parameters).await.map_err(|error| failed("read", &place, error))?;
        let mut rows = Box::pin(rows);
        // The first row tells whether the snapshot was pruned in between.
        let first = rows.try_next().await.map_err(|error| failed("read", &place, error))?;
        let Some(first) = first else {
            return Err(StoreError::new(StoreErrorKind::NotFound, "read", place));
        };
        let rows = stream::iter([Ok(first)]).chain(rows);
        // The connection lives as long as its rows are read.
        let chunks = stream::try_unfold((client, rows, place), |(client, mut rows, place)| async move {
            let row = rows.try_next().await.and_then(|row| row.map(|row| row.try_get(0)).transpose());
            let bytes: Option<Vec<u8>> = row.map_err(|error| failed("read", &place, error))?;
            Ok(bytes.map(|bytes| (bytes, (client, rows, place))))
        });
        Ok(chunks.boxed())
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        if !self.snapshots().await?.contains(&through) {
            let place = self.at("snapshot", through);
            return Err(StoreError::new(StoreErrorKind::NotFound, "prune behind", place));
        }
        let number = self.number(through)?;
        let parameters: [Parameter<'_>; 2] = [(&&*self.place, Type::TEXT), (&number, Type::INT8)];
        for sql in [
            "DELETE FROM landform_snapshots WHERE place = $1 AND seq < $2",
            "DELETE FROM landform_segments WHERE place = $1 AND seq <= $2",
        ] {
            self.write_rows("prune", false, sql, &parameters).await?;
        }
        Ok(())
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.read_register(LEASE).await
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.put_register(LEASE, previous, Some(&bytes)).await
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        self.put_register(LEASE, Some(version), None).await.map(drop)
    }

    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.read_register(KEYS).await
    }

    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.put_register(KEYS, previous, Some(&bytes)).await
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("url", &self.url).finish_non_exhaustive()
    }
}
