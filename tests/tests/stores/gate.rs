//! A proxy in front of an HTTP server. It passes requests on, answers instead of the server, or drops the server's
//! answers.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// The treatment of one request.
#[derive(Debug, Clone)]
pub enum Fate {
    /// The server answers it.
    Pass,
    /// It never reaches the server. The answer has this status and XML code.
    Answer(u16, &'static str),
    /// It reaches the server. The answer is replaced by this status and XML code.
    Lose(u16, &'static str),
    /// It reaches the server. The connection ends without an answer.
    Drop,
}

type Judge = Box<dyn FnMut(&str, &str) -> Fate + Send>;

/// A gate that stays open as long as the process.
#[derive(Clone)]
pub struct Gate {
    port: u16,
    judge: Arc<Mutex<Judge>>,
}

impl Gate {
    /// A gate in front of the server at `http://127.0.0.1:PORT`.
    pub fn before(server: &str) -> Self {
        let server: SocketAddr = server.strip_prefix("http://").unwrap().parse().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let judge: Arc<Mutex<Judge>> = Arc::new(Mutex::new(Box::new(|_, _| Fate::Pass)));
        let gate = Self { port, judge: judge.clone() };
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let judge = judge.clone();
                thread::spawn(move || {
                    let _ = serve(client, server, &judge);
                });
            }
        });
        gate
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets the treatment of later requests by method and path.
    pub fn judge(&self, judge: impl FnMut(&str, &str) -> Fate + Send + 'static) {
        *self.judge.lock().unwrap() = Box::new(judge);
    }

    pub fn open(&self) {
        self.judge(|_, _| Fate::Pass);
    }
}

fn serve(client: TcpStream, server: SocketAddr, judge: &Mutex<Judge>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut client = client;
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let fate = judge.lock().unwrap()(method, path);
    if let Fate::Answer(status, code) = fate {
        return refuse(&mut client, status, code);
    }
    let mut upstream = TcpStream::connect(server)?;
    upstream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    upstream.write_all(&body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    match fate {
        Fate::Pass => client.write_all(&answer),
        Fate::Lose(status, code) => refuse(&mut client, status, code),
        Fate::Drop | Fate::Answer(..) => Ok(()),
    }
}

fn refuse(client: &mut TcpStream, status: u16, code: &str) -> io::Result<()> {
    let body = format!("<Error><Code>{code}</Code><Message>As the test wants it.</Message></Error>");
    let length = body.len();
    write!(client, "HTTP/1.1 {status} No\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\n")?;
    write!(client, "Connection: close\r\n\r\n{body}")
}
