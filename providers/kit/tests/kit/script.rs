//! A cloud that follows a script: it keeps one type in memory, and a test can set its next answers.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
};

use landform_core::{
    Address, Call, Error, ErrorKind, Id, Manage, Observed, Progress, Result, Ticket, Token, attributes,
    resource,
};
use landform_kit::{
    Attempt, Calls, Cloud, Due, Kit, Made, Next, Operation, Pace, Patience, Seen, Shared, State, TagChange,
    Tagging, Tags, Which, Work, async_trait, changes, shared, tagged,
};

/// A machine.
#[resource("demo_machine", id = "m-{digits4}")]
pub struct Machine {
    /// Its zone.
    #[field(immutable)]
    pub zone: String,
    /// Its size.
    #[field(default = 1)]
    pub size: u32,
    /// A secret that the cloud does not show.
    pub password: Option<landform_core::Secret>,
    /// A value that the cloud chooses.
    #[field(computed)]
    pub rack: Option<String>,
    /// Whether to force a deletion. No read shows it.
    #[field(unseen)]
    pub force: Option<bool>,
    /// Notes, which others write too.
    pub notes: BTreeMap<String, String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that the cloud computes for a [`Machine`].
#[attributes]
pub struct MachineAttributes {
    /// Its id.
    pub id: Id<Machine>,
}

/// The cloud's behaviour at one call.
#[derive(Clone)]
pub enum Turn {
    /// The usual behaviour.
    Usual,
    /// A look does not show it.
    Hidden,
    /// A look shows this state.
    In(State),
    /// The call fails with this error and has no effect.
    Fails(Error),
    /// The call has its effect, but its answer is this error.
    Lost(Error),
    /// The call starts an operation.
    Starts(&'static str),
    /// The operation is still busy.
    Busy,
    /// The operation ends with this error.
    Ends(Error),
    /// The deletion starts, and ends some looks later.
    Lingers,
}

/// A machine and its tags.
type Tagged = (Machine, BTreeMap<String, String>);

#[derive(Default)]
pub struct Cloudlet {
    pub machines: Mutex<BTreeMap<String, Tagged>>,
    script: Mutex<HashMap<&'static str, VecDeque<Turn>>>,
    pub calls: Mutex<Vec<String>>,
}

impl Cloudlet {
    /// Sets the behaviour at the next calls of a kind: `look`, `make`, `change`, `settle`, `tag`, `remove`, `poll`.
    pub fn then(&self, call: &'static str, turns: impl IntoIterator<Item = Turn>) {
        self.script.lock().unwrap().entry(call).or_default().extend(turns);
    }

    fn turn(&self, call: &'static str) -> Turn {
        self.calls.lock().unwrap().push(call.to_owned());
        self.script.lock().unwrap().get_mut(call).and_then(VecDeque::pop_front).unwrap_or(Turn::Usual)
    }

    /// The number of calls of a kind so far.
    pub fn count(&self, call: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|made| *made == call).count()
    }
}

#[async_trait]
impl Cloud for Cloudlet {
    async fn poll(&self, _: &Operation) -> Result<Work> {
        Ok(match self.turn("poll") {
            Turn::Busy => Work::Busy("at work".into()),
            Turn::Ends(problem) => Work::Failed(problem),
            Turn::Fails(error) => return Err(error),
            _ => Work::Done,
        })
    }
}

async fn tag(cloud: &Cloudlet, seen: &Seen<Machine>, change: &TagChange) -> Result<Next> {
    cloud.turn("tag");
    let mut machines = cloud.machines.lock().unwrap();
    machines.get_mut(seen.id()).unwrap().1 = change.all.clone();
    Ok(Next::Done)
}

#[async_trait]
impl Calls<Cloudlet> for Machine {
    const TAGS: Option<Tagging<Cloudlet, Self>> = tagged!(tags, tag);
    const SHARED: Option<Shared<Self>> = shared!(notes);
    const PATIENCE: Patience = Patience { looks: 2, ..Patience::USUAL };
    const SETTLES: bool = true;
    const LISTS: bool = true;

    async fn look(cloud: &Cloudlet, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let state = match cloud.turn("look") {
            Turn::Hidden => return Ok(Vec::new()),
            Turn::In(state) => state,
            Turn::Fails(error) => return Err(error),
            _ => State::Ready,
        };
        let machines = cloud.machines.lock().unwrap();
        let asked = |id: &str| match which {
            Which::Ids(ids) => ids.contains(&id),
            Which::Beside(_) | Which::Attempt(..) => true,
        };
        let seen = machines.iter().filter(|(id, _)| asked(id)).map(|(id, (machine, tags))| {
            let rack = Some("r-7".into());
            let arguments = Machine { password: None, rack, force: None, ..machine.clone() };
            Seen::new(arguments, MachineAttributes { id: Id::new(id) })
                .tags(tags.clone())
                .state(state.clone())
        });
        Ok(seen.collect())
    }

    async fn make(&self, cloud: &Cloudlet, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let turn = cloud.turn("make");
        if let Turn::Fails(error) = turn {
            return Err(error);
        }
        let mut machines = cloud.machines.lock().unwrap();
        let id = format!("m-{:04}", machines.len() + 1);
        machines.insert(id.clone(), (self.clone(), attempt.tags.clone()));
        match turn {
            Turn::Lost(error) => Err(error),
            Turn::Starts(name) => Ok(Made::id(id).with_operation(Operation::new(name))),
            _ => Ok(Made::id(id)),
        }
    }

    async fn change(&self, cloud: &Cloudlet, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let turn = cloud.turn("change");
        match turn {
            Turn::Fails(error) => return Err(error),
            Turn::Starts(name) => return Ok(Next::Started(Operation::new(name))),
            _ => {}
        }
        let call = |field| Set { cloud, id: seen.id().to_owned(), field, wanted: self };
        let failed = |error: Error| error;
        Ok(changes!(self, due, failed; [size] => call("size"), [password] => call("password"),
            [notes] => call("notes")))
    }

    async fn settle(cloud: &Cloudlet, _: &Seen<Self>) -> Result<Next> {
        Ok(match cloud.turn("settle") {
            Turn::Lingers => Next::wait("it starts again"),
            _ => Next::Done,
        })
    }

    async fn remove(cloud: &Cloudlet, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.force == Some(true) {
            cloud.calls.lock().unwrap().push("force".to_owned());
        }
        match cloud.turn("remove") {
            Turn::Fails(error) => return Err(error),
            Turn::Starts(name) => return Ok(Next::Started(Operation::new(name))),
            Turn::Lingers => return Ok(Next::wait("it lingers")),
            _ => {}
        }
        match cloud.machines.lock().unwrap().remove(prior.id()) {
            Some(_) => Ok(Next::Done),
            None => Err(Error::new(ErrorKind::NotFound, "no such machine")),
        }
    }

    async fn holders(_: &Cloudlet, _: &str) -> Result<Vec<String>> {
        Ok(vec!["eni-1".into(), "eni-2".into()])
    }
}

/// A call in the style of an SDK.
struct Set<'a> {
    cloud: &'a Cloudlet,
    id: String,
    field: &'static str,
    wanted: &'a Machine,
}

impl Set<'_> {
    async fn send(self) -> Result<()> {
        self.cloud.calls.lock().unwrap().push(format!("set {}", self.field));
        let mut machines = self.cloud.machines.lock().unwrap();
        let (machine, _) = machines.get_mut(&self.id).unwrap();
        machine.size = self.wanted.size;
        machine.notes = self.wanted.notes.clone();
        Ok(())
    }
}

/// A kit on a new cloud, with short pauses.
pub fn kit() -> Kit<Cloudlet> {
    let tags = Tags::default().with_defaults([("team", "net")]).ignoring_prefixes(["kubernetes.io/"]);
    Kit::new(Cloudlet::default()).tags(tags).pace(Pace::AtMost(std::time::Duration::ZERO))
}

/// A machine of this size.
pub fn machine(size: u32) -> Machine {
    let tags = BTreeMap::from([("Name".to_owned(), "a".to_owned())]);
    let notes = BTreeMap::new();
    Machine { zone: "a".into(), size, password: None, rack: None, force: None, notes, tags }
}

/// One attempt, followed to its end as an engine does, but without pauses.
pub struct Run<'a> {
    pub kit: &'a Kit<Cloudlet>,
    pub address: Address,
    pub token: Token,
}

impl<'a> Run<'a> {
    pub fn new(kit: &'a Kit<Cloudlet>, token: &str) -> Self {
        Self { kit, address: "demo_machine.a".parse().unwrap(), token: token.parse().unwrap() }
    }

    pub fn call(&self) -> Call<'_> {
        Call::new(&self.address, &self.token)
    }

    pub async fn create(&self, wanted: &Machine) -> Result<Progress<Observed<Machine>>> {
        let begun = self.kit.create(self.call(), wanted).await?;
        self.follow(begun, wanted).await
    }

    pub async fn update(
        &self,
        prior: &Observed<Machine>,
        wanted: &Machine,
    ) -> Result<Progress<Observed<Machine>>> {
        let begun = self.kit.update(self.call(), prior, wanted).await?;
        self.follow(begun, wanted).await
    }

    pub async fn delete(&self, prior: &Observed<Machine>) -> Result<Progress<Observed<Machine>>> {
        let begun = self.kit.delete(self.call(), prior).await?;
        self.follow(begun, &prior.arguments).await
    }

    /// Each ticket passes through its stored form, as if another process continued it.
    pub async fn follow(
        &self,
        mut progress: Progress<Observed<Machine>>,
        wanted: &Machine,
    ) -> Result<Progress<Observed<Machine>>> {
        for _ in 0..2000 {
            let Progress::Pending(ticket) = progress else { return Ok(progress) };
            let stored: Ticket = serde_json::from_str(&serde_json::to_string(&ticket).unwrap()).unwrap();
            progress = self.kit.resume(self.call(), &stored, wanted).await?;
        }
        panic!("it never ends: {progress:?}")
    }
}

/// The resource that exists at the end.
pub fn exists(progress: Result<Progress<Observed<Machine>>>) -> Observed<Machine> {
    match progress {
        Ok(Progress::Exists(machine)) => machine,
        other => panic!("{other:?}"),
    }
}
