//! A moto server for tests: AWS's APIs in a separate process, on a free port, stopped when dropped. The first use
//! installs the pinned version under the target folder. Needs only the standard library, and Python on the machine.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The pinned packages.
const PINNED: &str = "moto[server]==5.2.5";

/// Starts the server, with the repairs.
const LAUNCH: &str = concat!(include_str!("moto_services.py"), "\n", include_str!("moto_server.py"));

/// The time limits for the start of a server, and for another process to install one.
const PATIENCE: Duration = Duration::from_secs(60);
const INSTALLATION: Duration = Duration::from_secs(300);

/// A running server.
#[derive(Debug)]
pub struct Moto {
    process: Child,
    port: u16,
}

impl Moto {
    /// Installs moto if necessary, starts it and waits until it answers.
    ///
    /// # Panics
    /// Python or the package registry is missing. The message says what to do.
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Like [`Moto::start`].
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn try_start() -> Result<Self, String> {
        let folder = target();
        let python = installed(&folder)?;
        let logs = folder.join("logs");
        fs::create_dir_all(&logs).map_err(|error| told("create", &logs, &error))?;
        let mut last = String::new();
        // Another process may take the free port first.
        for _ in 0..3 {
            let port = free_port().map_err(|error| format!("no free port for moto: {error}"))?;
            let path = logs.join(format!("{port}.log"));
            let log = fs::File::create(&path).map_err(|error| told("create", &path, &error))?;
            let errors = log.try_clone().map_err(|error| told("open", &path, &error))?;
            let process = Command::new(&python)
                .args(["-c", LAUNCH, "-H", "127.0.0.1", "-p", &port.to_string()])
                .stdin(Stdio::null())
                .stdout(log)
                .stderr(errors)
                .spawn()
                .map_err(|error| told("start", &python, &error))?;
            let mut moto = Self { process, port };
            match moto.wait() {
                Ok(()) => {
                    let _ = fs::remove_file(&path);
                    return Ok(moto);
                }
                Err(problem) => {
                    last = format!("{problem}\n{}", fs::read_to_string(&path).unwrap_or_default())
                }
            }
        }
        Err(format!("moto does not start: {last}"))
    }

    /// Its URL, for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its Python, which includes boto3 for independent checks.
    ///
    /// # Panics
    /// The installation has vanished.
    pub fn python(&self) -> PathBuf {
        installed(&target()).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Runs a Python script against it, with boto3, and returns its output.
    ///
    /// # Panics
    /// The script fails.
    pub fn run(&self, script: &str) -> String {
        let mut python = Command::new(self.python());
        let output = python
            .args(["-c", script])
            .envs(self.environment())
            .env("AWS_DEFAULT_REGION", "us-east-2")
            .output();
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", self.python().display()));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The environment that points AWS's tools at it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.url()),
            ("AWS_REGION", "us-east-2".into()),
            ("AWS_ACCESS_KEY_ID", "test".into()),
            ("AWS_SECRET_ACCESS_KEY", "test".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_CONFIG_FILE", "/dev/null".into()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".into()),
        ]
    }

    /// Deletes all resources.
    ///
    /// # Panics
    /// It does not answer.
    pub fn reset(&self) {
        let answer = self.request("POST", "/moto-api/reset").unwrap_or_else(|error| error.to_string());
        assert!(answer.starts_with("HTTP/1.1 200"), "moto does not reset: {answer}");
    }

    fn wait(&mut self) -> Result<(), String> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("it ended with {status}"));
            }
            if self.request("GET", "/moto-api/data.json").is_ok_and(|answer| answer.contains("200")) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(format!("it did not answer within {} s", PATIENCE.as_secs()))
    }

    fn request(&self, method: &str, path: &str) -> io::Result<String> {
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port);
        let mut stream = TcpStream::connect_timeout(&address.into(), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The target folder of the build that the test belongs to.
fn target() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    // Cargo marks the target folder with this file.
    let target = program.ancestors().find(|path| path.join("CACHEDIR.TAG").exists());
    target.map_or_else(env::temp_dir, Path::to_owned).join("moto")
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The Python with the server. One process installs it, and other tests and processes wait.
fn installed(folder: &Path) -> Result<PathBuf, String> {
    let name: String = PINNED.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let home = folder.join(name);
    let program = home.join("bin").join("python3");
    let mark = home.join("complete");
    if mark.exists() {
        return Ok(program);
    }
    fs::create_dir_all(folder).map_err(|error| told("create", folder, &error))?;
    let path = folder.join("lock");
    let lock = fs::File::create(&path).map_err(|error| told("create", &path, &error))?;
    let begin = Instant::now();
    while lock.try_lock().is_err() {
        if begin.elapsed() > INSTALLATION {
            return Err(format!(
                "another process has been installing moto for too long; remove {}",
                path.display()
            ));
        }
        thread::sleep(Duration::from_millis(200));
    }
    if !mark.exists() {
        install(&home)?;
        fs::write(&mark, PINNED).map_err(|error| told("write", &mark, &error))?;
    }
    Ok(program)
}

fn install(home: &Path) -> Result<(), String> {
    let needs = "the tests against moto need Python 3 with venv (Debian: apt-get install python3-venv)";
    let _ = fs::remove_dir_all(home);
    let make = Command::new("python3").args(["-m", "venv"]).arg(home).output();
    let make = make.map_err(|error| format!("{needs}: python3: {error}"))?;
    if !make.status.success() {
        return Err(format!("{needs}: {}", said(&make)));
    }
    let pip = home.join("bin").join("pip");
    let load =
        Command::new(&pip).args(["install", "--quiet", "--disable-pip-version-check", PINNED]).output();
    let load = load.map_err(|error| told("start", &pip, &error))?;
    if !load.status.success() {
        let registry = "the tests against moto install it from PyPI once";
        return Err(format!("{registry}; `pip install {PINNED}` failed: {}", said(&load)));
    }
    Ok(())
}

fn said(output: &std::process::Output) -> String {
    let [out, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{}{}", out.trim(), errors.trim())
}

fn told(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}
