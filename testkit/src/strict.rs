//! A strict proxy in front of an emulator of AWS. It applies rules of AWS that the emulator ignores: it honours dry
//! runs and client tokens, refuses deletions of resources in use, hides a new resource from one read after another has
//! shown it, answers lists in pages, shows states late, throttles, and loses answers. It answers the calls about instance
//! refreshes and about options of instances, which the emulator lacks. A server error of the emulator fails the test.

mod held;
mod options;
mod pages;
mod refresh;
mod rest;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    io::{BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

pub use self::wire::{Answer, Call};
use held::{HOLDERS, Held};

/// A proxy, which stops when it is dropped.
pub struct Strict {
    port: u16,
    rules: Arc<Rules>,
}

/// The treatment of a call.
#[derive(Debug, Clone)]
pub enum Then {
    /// The proxy refuses it without an effect.
    Refused(u16, &'static str, &'static str),
    /// It has its effect, and its answer is lost.
    Lost,
    /// It passes to the emulator.
    Passes,
}

type Rewrite = Box<dyn Fn(&Call, Answer) -> Answer + Send + Sync>;
type Guard = Box<dyn Fn(&Call) -> Then + Send + Sync>;

struct Rules {
    emulator: u16,
    state: Mutex<State>,
    rewrites: Mutex<Vec<(String, Rewrite)>>,
    guards: Mutex<Vec<(String, Guard)>>,
}

#[derive(Default)]
struct State {
    calls: BTreeMap<String, usize>,
    actions: BTreeSet<String>,
    scripts: HashMap<String, VecDeque<Then>>,
    tokens: HashMap<(String, String), (String, Answer)>,
    buckets: Vec<(String, Bucket)>,
    wavering: HashMap<String, u32>,
    wavers: bool,
    page: Option<usize>,
    refreshes: Vec<refresh::Refresh>,
    options: HashMap<String, options::Options>,
    errors: Vec<String>,
    over: bool,
}

struct Bucket {
    burst: f64,
    per_second: f64,
    tokens: f64,
    since: Instant,
}

impl Strict {
    /// A proxy in front of the emulator at this URL.
    ///
    /// # Panics
    /// No port is free.
    pub fn before(url: &str) -> Self {
        let emulator = url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a URL with a port");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let rules = Arc::new(Rules {
            emulator,
            state: Mutex::default(),
            rewrites: Mutex::default(),
            guards: Mutex::default(),
        });
        let shared = rules.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.state().over {
                    return;
                }
                let rules = shared.clone();
                thread::spawn(move || rules.serve(stream));
            }
        });
        Self { port, rules }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets the treatment of the next calls of an operation, in order. Further calls pass.
    pub fn then(&self, operation: &str, then: impl IntoIterator<Item = Then>) {
        self.rules.state().scripts.entry(operation.to_owned()).or_default().extend(then);
    }

    /// Decides about each call of an operation.
    pub fn guard(&self, operation: &str, with: impl Fn(&Call) -> Then + Send + Sync + 'static) {
        let mut guards = self.rules.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.push((operation.to_owned(), Box::new(with)));
    }

    /// Rewrites the answers of an operation.
    pub fn rewrite(&self, operation: &str, with: impl Fn(&Call, Answer) -> Answer + Send + Sync + 'static) {
        let mut rewrites = self.rules.rewrites.lock().unwrap_or_else(PoisonError::into_inner);
        rewrites.push((operation.to_owned(), Box::new(with)));
    }

    /// Limits the operations with a prefix to a burst and a rate per second. Refuses further calls like EC2.
    pub fn throttle(&self, operations: &str, burst: u32, per_second: u32) {
        let (burst, per_second) = (f64::from(burst), f64::from(per_second));
        let bucket = Bucket { burst, per_second, tokens: burst, since: Instant::now() };
        self.rules.state().buckets.push((operations.to_owned(), bucket));
    }

    /// Hides a new resource from the second read, after the first has shown it.
    pub fn waver(&self) {
        self.rules.state().wavers = true;
    }

    /// Answers EC2's lists in pages of so many items.
    pub fn page(&self, items: usize) {
        self.rules.state().page = Some(items);
    }

    /// Shows another state instead of the real one in the next answers of an operation that contain the real one.
    pub fn late(&self, operation: &str, real: &'static str, shown: &'static str, answers: usize) {
        let left = Mutex::new(answers);
        self.rewrite(operation, move |_, answer| {
            let text = answer.text();
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            if *left == 0 || !text.contains(real) {
                return answer;
            }
            *left -= 1;
            answer.with(text.replace(real, shown))
        });
    }

    /// The number of calls of each operation, including refused ones.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        self.rules.state().calls.clone()
    }

    /// The number of calls of an operation.
    pub fn count(&self, operation: &str) -> usize {
        self.calls().get(operation).copied().unwrap_or_default()
    }

    /// The IAM actions of the calls, such as `ec2:CreateVpc`. A request whose actions are not known has its method and
    /// its path instead.
    pub fn actions(&self) -> BTreeSet<String> {
        self.rules.state().actions.clone()
    }

    /// Resets the counts.
    pub fn forget(&self) {
        let mut state = self.rules.state();
        state.calls.clear();
        state.actions.clear();
    }
}

impl Drop for Strict {
    fn drop(&mut self) {
        let errors = {
            let mut state = self.rules.state();
            state.over = true;
            std::mem::take(&mut state.errors)
        };
        // Wakes the listener.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if !thread::panicking() {
            assert!(errors.is_empty(), "the emulator failed: {}", errors.join("\n"));
        }
    }
}

impl Rules {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) {
        let Ok(writer) = stream.try_clone() else { return };
        let mut writer = writer;
        let mut reader = BufReader::new(stream);
        while let Ok(Some(call)) = Call::read(&mut reader) {
            // A lost answer closes the connection.
            let Some(answer) = self.answer(&call) else { return };
            if writer.write_all(&answer.bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, call: &Call) -> Option<Answer> {
        let then = {
            let mut state = self.state();
            *state.calls.entry(call.operation.clone()).or_default() += 1;
            state.actions.extend(call.actions());
            let script = state.scripts.get_mut(&call.operation).and_then(VecDeque::pop_front);
            match script {
                Some(then) => then,
                None if state.is_throttled(&call.operation) => {
                    Then::Refused(503, "RequestLimitExceeded", "Request limit exceeded.")
                }
                None => Then::Passes,
            }
        };
        let then = match then {
            Then::Passes => self.guarded(call),
            then => then,
        };
        if let Then::Refused(status, code, message) = then {
            return Some(call.refused(status, code, message));
        }
        if let Some(refused) = self.refused(call) {
            return Some(refused);
        }
        let answer = self.passed(call);
        (!matches!(then, Then::Lost)).then_some(answer)
    }

    fn guarded(&self, call: &Call) -> Then {
        let guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        let of_call = guards.iter().filter(|(operation, _)| *operation == call.operation);
        let mut said = of_call.map(|(_, guard)| guard(call));
        said.find(|then| !matches!(then, Then::Passes)).unwrap_or(Then::Passes)
    }

    /// The refusals of AWS that the emulator lacks.
    fn refused(&self, call: &Call) -> Option<Answer> {
        if call.fields.get("DryRun").is_some_and(|dry| dry == "true") {
            let message = "Request would have succeeded, but DryRun flag is set.";
            return Some(call.refused(412, "DryRunOperation", message));
        }
        if let Some(token) = call.fields.get("ClientToken") {
            let state = self.state();
            let key = (call.operation.clone(), token.clone());
            if let Some((body, answer)) = state.tokens.get(&key) {
                let same = *body == call.essence();
                let message = "The client token you have provided is associated with another request.";
                return Some(if same {
                    answer.clone()
                } else {
                    call.refused(400, "IdempotentParameterMismatch", message)
                });
            }
        }
        let held = HOLDERS.iter().filter(|held| held.operation == call.operation).any(|held| {
            let Some(id) = call.fields.get(held.field) else { return false };
            let users = self.users(call, held, id, None);
            let itself = held.itself.map_or(0, |filter| self.users(call, held, id, Some(filter)));
            users > held.allowed + itself
        });
        held.then(|| {
            let id = call.fields.values().find(|value| value.contains('-')).cloned().unwrap_or_default();
            let message = format!("{id} has dependencies and cannot be deleted.");
            let code = if call.operation == "ReleaseAddress" {
                "InvalidIPAddress.InUse"
            } else {
                "DependencyViolation"
            };
            call.refused(400, code, &message)
        })
    }

    /// How many users of a resource an answer shows. `further` is one more filter for the id.
    fn users(&self, call: &Call, held: &Held, id: &str, further: Option<&'static str>) -> usize {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", held.asks).append_pair("Version", "2016-11-15");
        let filters = held.filters.iter().copied().chain(further.map(|name| (name, "$id")));
        for (number, (name, value)) in (1..).zip(filters) {
            form.append_pair(&format!("Filter.{number}.Name"), name);
            form.append_pair(&format!("Filter.{number}.Value.1"), &value.replace("$id", id));
        }
        let body = form.finish();
        let answer = self.forward(&Call { body: body.into_bytes(), ..call.clone() });
        String::from_utf8_lossy(&answer.body).matches(&held.sign.replace("$id", id)).count()
    }

    fn passed(&self, call: &Call) -> Answer {
        if let Some(answer) = self.refresh(call).or_else(|| self.tuning(call)) {
            return answer;
        }
        let call = &self.wavered(call);
        let size = self.state().page;
        let mut answer = match size.and_then(|size| Some((size, pages::whole(call)?))) {
            Some((size, (whole, first))) => {
                let answer = self.forward(&whole);
                if answer.status == 200 { pages::page(answer, first, size) } else { answer }
            }
            None => self.forward(call),
        };
        if answer.status >= 500 {
            let text = String::from_utf8_lossy(&answer.body);
            let text: String = text.chars().take(400).collect();
            self.state().errors.push(format!("{}: HTTP {}: {text}", call.operation, answer.status));
        }
        if answer.status == 200 {
            let mut state = self.state();
            if let Some(token) = call.fields.get("ClientToken") {
                let key = (call.operation.clone(), token.clone());
                state.tokens.insert(key, (call.essence(), answer.clone()));
            }
            if state.wavers && call.operation.starts_with("Create") {
                let text = String::from_utf8_lossy(&answer.body);
                for id in ids_of(&text) {
                    state.wavering.entry(id).or_insert(0);
                }
            }
        }
        answer = self.tuned(call, answer);
        for (operation, rewrite) in self.rewrites.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if *operation == call.operation {
                answer = rewrite(call, answer);
            }
        }
        answer
    }

    /// The call, with hidden ids replaced by ids that do not exist.
    fn wavered(&self, call: &Call) -> Call {
        let mut state = self.state();
        if !state.wavers || !call.operation.starts_with("Describe") {
            return call.clone();
        }
        let mut body = String::from_utf8_lossy(&call.body).into_owned();
        for value in call.fields.values() {
            let Some(reads) = state.wavering.get_mut(value) else { continue };
            *reads += 1;
            if *reads == 2 {
                let prefix = value.split('-').next().unwrap_or_default();
                body = body.replace(value.as_str(), &format!("{prefix}-00000000000000000"));
            }
        }
        Call { body: body.into_bytes(), ..call.clone() }
    }

    /// The emulator's answer to another call of the same service.
    fn asked(&self, call: &Call, fields: &[(&str, &str)]) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.forward(&Call { body: form.finish().into_bytes(), ..call.clone() }).text()
    }

    fn forward(&self, call: &Call) -> Answer {
        call.sent_to(self.emulator).unwrap_or_else(|error| {
            self.state().errors.push(format!("{}: {error}", call.operation));
            call.refused(500, "InternalError", "the emulator does not answer")
        })
    }
}

impl State {
    fn is_throttled(&mut self, operation: &str) -> bool {
        let now = Instant::now();
        self.buckets.iter_mut().filter(|(prefix, _)| operation.starts_with(prefix.as_str())).any(
            |(_, bucket)| {
                let passed = now.duration_since(bucket.since).as_secs_f64();
                bucket.tokens = (bucket.tokens + passed * bucket.per_second).min(bucket.burst);
                bucket.since = now;
                let empty = bucket.tokens < 1.0;
                if !empty {
                    bucket.tokens -= 1.0;
                }
                empty
            },
        )
    }
}

/// The ids in an answer about a new object, such as `vpc-0a1b2c…`.
fn ids_of(text: &str) -> Vec<String> {
    let words = text.split(['<', '>']).filter(|word| {
        word.split_once('-').is_some_and(|(prefix, id)| {
            !prefix.is_empty()
                && prefix.chars().all(|c| c.is_ascii_lowercase())
                && id.len() == 17
                && id.chars().all(|c| c.is_ascii_hexdigit())
        })
    });
    words.take(1).map(str::to_owned).collect()
}
