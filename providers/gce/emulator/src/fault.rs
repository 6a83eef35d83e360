//! Faults that tests inject.

use std::time::Duration;

use crate::{refusal::Refusal, settings::Life};

/// A fault for a number of requests of a method.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The methods, such as `compute.networks.insert`. `*` stands for any text.
    pub method: String,
    /// A text that the path must contain. Empty for any path.
    pub path: String,
    /// How many such requests go well before.
    pub skip: u32,
    /// The number of requests that it affects.
    pub times: u32,
    /// The effect of the fault.
    pub what: What,
}

/// The effect of a fault on a request.
#[derive(Clone, Debug)]
pub enum What {
    /// The request is refused and has no effect.
    Refuse(Refusal),
    /// The request has its effect, and the connection breaks before the answer.
    LoseAnswer,
    /// The answer comes later.
    Delay(Duration),
    /// The operation that it starts ends with an error and has no effect.
    Fail(Refusal),
    /// The operation that it starts takes this long.
    Take(Life),
}

impl Fault {
    /// A fault for the next request of a method.
    pub fn new(method: &str, what: What) -> Self {
        Self { method: method.to_owned(), path: String::new(), skip: 0, times: 1, what }
    }

    /// 403: too many requests.
    pub fn throttled(method: &str) -> Self {
        let message = "Quota exceeded for quota group 'default' and limit 'Queries per 100 seconds' of service \
                       'compute.googleapis.com'.";
        Self::new(method, What::Refuse(Refusal::new(403, "rateLimitExceeded", message)))
    }

    /// 503: the service is unavailable.
    pub fn unavailable(method: &str) -> Self {
        Self::new(method, What::Refuse(Refusal::new(503, "backendError", "Backend Error")))
    }

    /// 403: the caller lacks a permission.
    pub fn forbidden(method: &str, permission: &str, resource: &str) -> Self {
        let message = format!("Required '{permission}' permission for '{resource}'");
        Self::new(method, What::Refuse(Refusal::new(403, "forbidden", message)))
    }

    /// Sets the number of requests.
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// Lets some requests succeed first.
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Limits the fault to paths that contain a text.
    pub fn on(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Whether it affects a request. Counts the request.
    fn strikes(&mut self, method: &str, path: &str) -> bool {
        if self.times == 0 || !matches(&self.method, method) || !path.contains(&self.path) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.times -= 1;
        true
    }
}

/// The effects of all faults on one request. Removes the faults that are used up.
pub(crate) fn strike(faults: &mut Vec<Fault>, method: &str, path: &str) -> Vec<What> {
    let what = faults
        .iter_mut()
        .filter_map(|fault| fault.strikes(method, path).then(|| fault.what.clone()))
        .collect();
    faults.retain(|fault| fault.times > 0);
    what
}

/// Whether a pattern with `*` matches a whole text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, right) in [
            ("compute.networks.insert", "compute.networks.insert", true),
            ("compute.networks.insert", "compute.networks.inserts", false),
            ("compute.*.insert", "compute.networks.insert", true),
            ("compute.*.insert", "compute.networks.delete", false),
            ("*", "anything", true),
            ("*.delete", "compute.networks.delete", true),
        ] {
            assert_eq!(matches(pattern, text), right, "{pattern} {text}");
        }
    }

    #[test]
    fn a_fault_happens_as_often_as_it_says() {
        let mut faults = vec![Fault::throttled("compute.*.insert").after(1).times(2).on("networks")];
        let mut struck = |path| strike(&mut faults, "compute.networks.insert", path).len();
        assert_eq!(
            [
                struck("networks"),
                struck("routers"),
                struck("networks"),
                struck("networks"),
                struck("networks")
            ],
            [0, 0, 1, 1, 0]
        );
    }
}
