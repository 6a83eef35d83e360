//! Requests and answers of AWS's protocols over HTTP/1.1, as the proxy reads and writes them. Knows no rules.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddrV4, TcpStream},
    time::Duration,
};

use super::rest::Request;

/// One request as the proxy reads it.
#[derive(Debug, Clone)]
pub struct Call {
    /// The service, as its signature names it: `ec2`.
    pub service: String,
    /// The operation: `CreateVpc`. For services without such names, the method and the last part of the path: `POST
    /// rrset`.
    pub operation: String,
    /// The fields of a form, decoded.
    pub fields: BTreeMap<String, String>,
    pub(super) head: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Call {
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = String::new();
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
        let (headers, length) = headers(reader)?;
        let mut body = vec![0; length.unwrap_or_default()];
        reader.read_exact(&mut body)?;
        let find = |name: &str| {
            headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
        };
        // Credential=KEY/DATE/REGION/SERVICE/aws4_request
        let scope = find("authorization").and_then(|text| text.split("Credential=").nth(1));
        let service = scope.and_then(|scope| scope.split('/').nth(3)).unwrap_or_default().to_owned();
        let fields = fields(&body);
        let target = find("x-amz-target").and_then(|target| target.rsplit('.').next());
        let operation = match (fields.get("Action"), target) {
            (Some(action), _) => action.clone(),
            (None, Some(target)) => target.to_owned(),
            (None, None) => {
                let mut words = head.split_whitespace();
                let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let path = path.split('?').next().unwrap_or_default();
                format!("{method} {}", path.rsplit('/').next().unwrap_or_default())
            }
        };
        Ok(Some(Self { service, operation, fields, head, headers, body }))
    }

    /// The IAM actions that the caller needs.
    pub(super) fn actions(&self) -> Vec<String> {
        if !self.operation.contains(' ') {
            return vec![format!("{}:{}", self.service, self.operation)];
        }
        let mut words = self.head.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Request { method, path, query, headers: &self.headers }.actions(&self.service)
    }

    /// The content that a token identifies: the fields without the signature.
    pub(super) fn essence(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn sent_to(&self, port: u16) -> io::Result<Answer> {
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
        let mut stream = TcpStream::connect_timeout(&address.into(), Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut head = self.head.clone();
        let passed = ["connection", "content-length", "expect"];
        for (name, value) in
            self.headers.iter().filter(|(name, _)| !passed.contains(&name.to_lowercase().as_str()))
        {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", self.body.len());
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body)?;
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let status = first.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let (headers, length) = headers(&mut reader)?;
        let mut body = Vec::new();
        match length {
            _ if self.head.starts_with("HEAD ") || status == 204 || status == 304 => {}
            Some(length) => {
                body = vec![0; length];
                reader.read_exact(&mut body)?;
            }
            None => _ = reader.read_to_end(&mut body)?,
        }
        Ok(Answer { status, headers, body })
    }

    /// A refusal in the format of the called service.
    pub fn refused(&self, status: u16, code: &str, message: &str) -> Answer {
        let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        let target = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-amz-target"));
        let (kind, body) = match self.service.as_str() {
            _ if target => {
                ("application/x-amz-json-1.1", format!("{{\"__type\":\"{code}\",\"message\":\"{message}\"}}"))
            }
            "ec2" => (
                "text/xml",
                format!("<Response><Errors>{error}</Errors><RequestID>strict</RequestID></Response>"),
            ),
            "s3" => ("text/xml", error),
            _ => ("text/xml", format!("<ErrorResponse>{error}<RequestId>strict</RequestId></ErrorResponse>")),
        };
        let headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        Answer { status, headers, body: body.into_bytes() }
    }
}

impl Answer {
    /// The same with another body.
    pub fn with(self, body: String) -> Self {
        Self { body: body.into_bytes(), ..self }
    }

    /// A successful answer in XML.
    pub(super) fn xml(body: String) -> Self {
        let headers = vec![("Content-Type".to_owned(), "text/xml".to_owned())];
        Self { status: 200, headers, body: body.into_bytes() }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Strict\r\n", self.status);
        let passed = ["connection", "content-length", "transfer-encoding"];
        let bodiless = self
            .body
            .is_empty()
            .then(|| self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length")));
        for (name, value) in
            self.headers.iter().filter(|(name, _)| !passed.contains(&name.to_lowercase().as_str()))
        {
            head += &format!("{name}: {value}\r\n");
        }
        // The length in an answer to HEAD belongs to a body that is not sent.
        match bodiless.flatten() {
            Some((_, length)) => head += &format!("Content-Length: {length}\r\n\r\n"),
            None => head += &format!("Content-Length: {}\r\n\r\n", self.body.len()),
        }
        [head.into_bytes(), self.body.clone()].concat()
    }
}

/// The headers in order, and the length of the body.
type Headers = (Vec<(String, String)>, Option<usize>);

fn headers(reader: &mut impl BufRead) -> io::Result<Headers> {
    let (mut headers, mut length) = (Vec::new(), None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok((headers, length));
        }
        if let Some((name, value)) = line.trim_end().split_once(':') {
            let (name, value) = (name.to_owned(), value.trim().to_owned());
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok();
            }
            headers.push((name, value));
        }
    }
}

fn fields(body: &[u8]) -> BTreeMap<String, String> {
    let Ok(text) = std::str::from_utf8(body) else { return BTreeMap::new() };
    if !text.contains("Action=") {
        return BTreeMap::new();
    }
    let pairs = form_urlencoded::parse(text.as_bytes());
    pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
