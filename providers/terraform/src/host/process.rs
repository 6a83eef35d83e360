//! The process of a plugin: its start, its first line, and its end. Knows no call.

#[cfg(unix)]
use std::os::unix::fs::FileTypeExt;
use std::{
    io::{self, Write},
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStdin, Command},
};

use super::{Launch, PluginError, held::VARIABLE};
use crate::{serve::process::COOKIE, tls::Identity, wire::Protocol};

/// The longest first line of a plugin, in bytes. It holds a certificate.
const LONGEST_LINE: u64 = 64 << 10;

/// How much of what a failed program said is repeated.
const REPEATED: usize = 400;

/// A plugin that runs, or the holder of one. Dropping it ends the process and those that it started. A holder ends after
/// the changes that run.
pub(super) struct Process {
    child: Child,
    /// A holder ends by itself when this is closed.
    holder: Option<ChildStdin>,
    is_holder: bool,
    /// A plugin that is killed cannot remove it.
    socket: Option<PathBuf>,
    /// The group of the plugin and of what it started. Only a failed start reaps the plugin before this value is dropped,
    /// so nobody else has got the number meanwhile.
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
    pub program: String,
}

/// Where a plugin listens.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub protocol: Protocol,
    pub network: Network,
    pub address: String,
    /// The certificate of the plugin, if it secures its connections.
    pub certificate: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    Unix,
    Tcp,
}

impl Process {
    /// Starts the program and reads its first line.
    pub(super) async fn start(
        launch: &Launch,
        identity: &Identity,
        is_holder: bool,
    ) -> Result<(Self, Place), PluginError> {
        let program = launch.program.display().to_string();
        let mut command = Command::new(&launch.program);
        command.env_remove(VARIABLE);
        command.args(&launch.arguments).envs(launch.environment.iter().map(|(name, value)| (name, value)));
        command.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
        command.env("PLUGIN_MIN_PORT", "10000").env("PLUGIN_MAX_PORT", "25000");
        command.env("PLUGIN_CLIENT_CERT", &identity.pem);
        command.stdin(if is_holder { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(!is_holder);
        // An interrupt in a terminal must not reach the plugin while an effect runs.
        #[cfg(unix)]
        command.process_group(0);
        let mut child =
            command.spawn().map_err(|source| PluginError::Start { program: program.clone(), source })?;
        let mut process = Self {
            is_holder,
            socket: None,
            holder: child.stdin.take(),
            #[cfg(unix)]
            group: child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())),
            child,
            program,
        };
        match tokio::time::timeout(launch.patience, process.first_line()).await {
            Ok(Ok(line)) => {
                let place = process.place(&line)?;
                if place.network == Network::Unix {
                    process.socket = Some(PathBuf::from(&place.address));
                }
                Ok((process, place))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(PluginError::Silent {
                program: process.program.clone(),
                what: "say where it listens",
                after: launch.patience,
            }),
        }
    }

    /// The first line on stdout. What comes later on stdout and stderr is read and dropped, because it may hold secrets.
    async fn first_line(&mut self) -> Result<String, PluginError> {
        let failed = |program: &str, source: io::Error| PluginError::Connection {
            program: program.to_owned(),
            source: Box::new(source),
        };
        let closed = || io::Error::other("its output is closed");
        let stdout = self.child.stdout.take().ok_or_else(|| failed(&self.program, closed()))?;
        let mut stderr = self.child.stderr.take().ok_or_else(|| failed(&self.program, closed()))?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let hearing = said.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = stderr.read(&mut buffer).await {
                let mut said = hearing.lock().unwrap_or_else(PoisonError::into_inner);
                let room = REPEATED.saturating_sub(said.len()).min(length);
                said.extend_from_slice(&buffer[..room]);
            }
        });
        let mut stdout = BufReader::new(stdout);
        let mut line = Vec::new();
        let mut limited = (&mut stdout).take(LONGEST_LINE);
        let reading = limited.read_until(b'\n', &mut line);
        // What a program started may hold its output open after the program has ended.
        let child = &mut self.child;
        let ended = async {
            let _ = child.wait().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        tokio::select! {
            read = reading => drop(read.map_err(|source| failed(&self.program, source))?),
            () = ended => {}
        }
        if line.last() == Some(&b'\n') || line.len() as u64 == LONGEST_LINE {
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while let Ok(1..) = stdout.read(&mut buffer).await {}
            });
            return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
        // It closed its output, so it has ended or is about to.
        let ended = tokio::time::timeout(Duration::from_secs(1), self.child.wait()).await;
        let status = match ended {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(problem)) => problem.to_string(),
            Err(_) => "it closed its output".to_owned(),
        };
        let said = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let said = match String::from_utf8_lossy(&said).trim() {
            "" => String::new(),
            said => format!(": {said}"),
        };
        Err(PluginError::Ended { program: self.program.clone(), status, said })
    }

    /// Says a last word to a holder.
    pub(super) fn say(&mut self, word: &[u8]) {
        #[cfg(unix)]
        if let Some(pipe) = self.holder.take().and_then(|pipe| pipe.into_owned_fd().ok()) {
            // If the holder is gone, it needs no word.
            let _ = std::fs::File::from(pipe).write_all(word);
        }
    }

    fn place(&self, line: &str) -> Result<Place, PluginError> {
        let no_plugin = || PluginError::NotAPlugin {
            program: self.program.clone(),
            line: line.chars().take(60).collect(),
        };
        let parts: Vec<&str> = line.split('|').collect();
        let [core, version, network, address, kind, rest @ ..] = parts.as_slice() else {
            return Err(no_plugin());
        };
        let network = match *network {
            "unix" => Network::Unix,
            "tcp" => Network::Tcp,
            _ => return Err(no_plugin()),
        };
        if *core != "1" || *kind != "grpc" || address.is_empty() || version.parse::<u32>().is_err() {
            return Err(no_plugin());
        }
        let protocol = Protocol::parse(version).ok_or_else(|| PluginError::Protocol {
            program: self.program.clone(),
            version: (*version).to_owned(),
        })?;
        let certificate = rest.first().filter(|text| !text.is_empty()).map(|text| (*text).to_owned());
        Ok(Place { protocol, network, address: (*address).to_owned(), certificate })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_holder {
            return;
        }
        // The group holds what the plugin started. The runtime reaps the plugin itself.
        #[cfg(unix)]
        if let Some(group) = self.group {
            // If it has ended by itself, there is nothing to end.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.start_kill();
        #[cfg(unix)]
        if let Some(socket) = &self.socket
            && std::fs::symlink_metadata(socket).is_ok_and(|found| found.file_type().is_socket())
        {
            // If it cannot be removed, only the file stays.
            let _ = std::fs::remove_file(socket);
        }
    }
}
