//! A PostgreSQL server for tests: a real server from the machine's programs, in a separate directory and on a separate
//! port, stopped when dropped. If there is none and apt-get is allowed, the first use installs Debian's.

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The time limit for the start of a server, which recovers first after a crash.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. Its only role is `landform`, which needs no password.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    user: Option<u32>,
    directory: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// PostgreSQL is missing. The message says what to do.
    pub fn start() -> Self {
        let programs = programs();
        let directory = tempfile::Builder::new().prefix("landform-postgres-").tempdir().unwrap();
        // The server refuses to run as root.
        let user = is_root().then(|| user_id("postgres").or_else(|| user_id("nobody")).unwrap());
        if let Some(user) = user {
            chown(directory.path(), Some(user), Some(user)).unwrap();
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut server = Self { programs, user, directory, port, process: None };
        let data = server.data();
        let made = server
            .command("initdb")
            .args(["--username=landform", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .output();
        check("initdb", &made.unwrap());
        server.run();
        server
    }

    /// A new database, as a URL.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    /// The URL of a database, which need not exist.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://landform@127.0.0.1:{}/{name}", self.port)
    }

    /// The URL of a database by the server's Unix socket.
    pub fn socket_url(&self, name: &str) -> String {
        let folder = self.directory.path().display().to_string().replace('/', "%2F");
        format!("postgres://landform@{folder}:{}/{name}", self.port)
    }

    /// The port on which it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL by psql. Returns the printed values.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let output = self
            .command("psql")
            .args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .arg(self.url(database))
            .output()
            .unwrap();
        check(sql, &output);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Restarts the server with TLS, with this certificate and key in PEM. The role `guest` needs its password and TLS.
    pub fn secure(&mut self, certificate: &str, key: &str, password: &str) {
        self.sql("postgres", &format!("CREATE ROLE guest LOGIN SUPERUSER PASSWORD '{password}'"));
        self.stop();
        let files = [
            ("server.crt", certificate.to_owned()),
            ("server.key", key.to_owned()),
            (
                "pg_hba.conf",
                "hostssl all guest all scram-sha-256\nhost all landform all trust\nlocal all all trust\n"
                    .to_owned(),
            ),
        ];
        for (name, content) in files {
            let file = self.data().join(name);
            fs::write(&file, content).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&file, self.user, self.user).unwrap();
        }
        let configuration = self.data().join("postgresql.conf");
        let mut configuration = fs::OpenOptions::new().append(true).open(configuration).unwrap();
        configuration.write_all(b"\nssl = on\n").unwrap();
        self.run();
    }

    /// Shuts down like an administrator, and disconnects all clients: `pg_ctl stop -m fast`.
    pub fn stop(&mut self) {
        self.end("INT");
    }

    /// Stops as in a power cut: `pg_ctl stop -m immediate`.
    pub fn crash(&mut self) {
        self.end("QUIT");
    }

    /// Starts the stopped server again, on the same port.
    pub fn run(&mut self) {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let process = self
            .command("postgres")
            .arg("-D")
            .arg(self.data())
            .args(["-c", "listen_addresses=127.0.0.1", "-c"])
            .arg(format!("unix_socket_directories={}", self.directory.path().display()))
            .args(["-c", &format!("port={}", self.port)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        let begin = Instant::now();
        let ready = || {
            let asked = self.command("pg_isready").args(["-q", "-d", &self.url("postgres")]).status();
            asked.unwrap().success()
        };
        while !ready() {
            let log = || fs::read_to_string(self.log()).unwrap_or_default();
            assert!(begin.elapsed() < PATIENCE, "PostgreSQL does not come up:\n{}", log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn end(&mut self, signal: &str) {
        let Some(mut process) = self.process.take() else { return };
        let id = process.id().to_string();
        check("kill", &Command::new("kill").args(["-s", signal, &id]).output().unwrap());
        process.wait().unwrap();
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.directory.path()).env("LC_ALL", "C").env_remove("PGPASSWORD");
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            let _ = Command::new("kill").args(["-s", "QUIT", &id]).status();
            let _ = process.wait();
        }
    }
}

/// The folder of the server's programs, which Debian does not put on the path.
fn programs() -> PathBuf {
    if let Some(found) = installed() {
        return found;
    }
    let advice = "the tests of the PostgreSQL store need its server (Debian: apt-get install postgresql)";
    assert!(is_root() && Path::new("/usr/bin/apt-get").exists(), "{advice}");
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-q", "--no-install-recommends", "postgresql"]);
    let output = install.env("DEBIAN_FRONTEND", "noninteractive").output().unwrap();
    assert!(output.status.success(), "{advice}; apt-get: {}", String::from_utf8_lossy(&output.stderr));
    installed().expect(advice)
}

fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = debian.chain(std::env::split_paths(&path)).collect();
    found.retain(|folder| ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).exists()));
    found.into_iter().next()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn user_id(name: &str) -> Option<u32> {
    let output = Command::new("id").args(["-u", name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn check(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what} failed: {said}");
}
