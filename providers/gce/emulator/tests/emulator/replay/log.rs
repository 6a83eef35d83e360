//! Reads a recording: exchanges of a request and its answer, separated by `---`.

use serde_json::Value as Json;

/// A request and its answer, with placeholders.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub verb: String,
    pub url: String,
    pub body: Option<Json>,
    pub status: u16,
    pub answer: Json,
}

pub fn read(text: &str) -> Vec<Exchange> {
    text.split("\n---\n").filter(|part| !part.trim().is_empty()).map(exchange).collect()
}

fn exchange(text: &str) -> Exchange {
    let lines: Vec<_> = text.trim().lines().collect();
    let (verb, url) = lines[0].split_once(' ').unwrap();
    let is_status =
        |line: &str| line.len() > 4 && line.as_bytes()[3] == b' ' && line[..3].parse::<u16>().is_ok();
    let at = 1 + lines[1..].iter().position(|line| is_status(line)).unwrap();
    Exchange {
        verb: verb.to_owned(),
        url: url.to_owned(),
        body: body(&lines[1..at]),
        status: lines[at][..3].parse().unwrap(),
        answer: body(&lines[at + 1..]).unwrap_or_default(),
    }
}

/// The text after the headers.
fn body(lines: &[&str]) -> Option<Json> {
    let headers = lines.iter().take_while(|line| {
        line.split_once(": ")
            .is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    });
    let text = lines[headers.count()..].join("\n");
    (!text.trim().is_empty()).then(|| serde_json::from_str(&text).unwrap())
}
