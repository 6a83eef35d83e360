//! What one resource type brings: [`Calls`], and the values that its methods take and give.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use landform_core::{
    Address, Call, Effect, Error, FindBy, Forecast, Id, Object, Observed, Proposal, Resource, Result, Token,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Due, Patience, Tagging, senseless};

/// The client of a cloud: what the calls of all its types are made with.
#[async_trait]
pub trait Cloud: Send + Sync + 'static {
    /// Asks how far a long operation is. Only clouds that answer with an [`Operation`] need it.
    ///
    /// # Errors
    /// Unsupported, unless the cloud implements it.
    async fn poll(&self, operation: &Operation) -> Result<Work> {
        Err(Error::unsupported(operation.as_str(), "be asked for: this cloud has no operations"))
    }

    /// An id that a user gives, spelt as the forms in declarations have it: where a cloud has parts of its own, as AWS's
    /// partitions.
    fn as_declared<'a>(&self, id: &'a str) -> Cow<'a, str> {
        id.into()
    }
}

/// The calls that manage one resource type with a client `C`. The type is the implementor: its arguments are `self`.
///
/// One mutation makes a resource. A ticket then leads from look to change to look, until what is seen is as wanted.
/// Every method is one short exchange with the cloud and never sleeps.
#[async_trait]
pub trait Calls<C: Cloud>: Resource {
    /// How an attempt is found again. By token where the type has tags, by identity where it has none, unless it says
    /// otherwise.
    const FIND: FindBy = match Self::TAGS {
        Some(_) => FindBy::Token,
        None => FindBy::Identity,
    };
    /// What the service does when the same [`Calls::make`] comes twice. It counts where an attempt is found by its token.
    const REPEATED: Repeated = match Self::FIND {
        FindBy::Token => Repeated::MakesAnother,
        _ => Repeated::IsRefused,
    };
    /// The field that holds the tags and the call that writes them, if the type has tags: see [`tagged!`](crate::tagged).
    const TAGS: Option<Tagging<C, Self>> = None;
    /// Whether a new one needs [`Calls::complete`].
    const COMPLETES: bool = false;
    /// Whether a change leaves something behind that [`Calls::settle`] takes away.
    const SETTLES: bool = false;
    /// How many ids one [`Calls::look`] takes.
    const PAGE: usize = 200;
    /// Whether removing one only sets it back to its default, so that looks still show it: it is a setting of another
    /// resource, as a bucket's encryption is.
    const RESETS: bool = false;
    /// Whether [`Calls::forecast`] has something to say.
    const FORECASTS: bool = false;
    /// How long to wait for what.
    const PATIENCE: Patience = Patience::USUAL;

    /// Looks. What does not exist is left out, and one that does not exist hides no other. The order does not matter.
    ///
    /// `which` asks for at least one id, or for what an attempt may have made. Of the latter it may answer too much where
    /// the type has tags: the kit picks by the token's tag.
    async fn look(client: &C, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>>;

    /// Makes one, by exactly one mutation. The tags to give it are in `attempt`, the token's among them.
    ///
    /// # Errors
    /// Nothing was made, unless the error's effect is unknown.
    async fn make(&self, client: &C, attempt: &Attempt<'_>) -> Result<Made<Self>>;

    /// Takes the next steps towards `self` from what is seen. Called only where something is due, tags apart; every step
    /// may come twice. The kit looks again after [`Next::Changed`].
    ///
    /// # Errors
    /// What stopped it. Steps taken before are seen by the next look.
    async fn change(&self, client: &C, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next>;

    /// Takes the steps that a new one needs beside its fields, once nothing else is due: for what a service adds by itself
    /// and nobody declared. Every step may come twice.
    ///
    /// # Errors
    /// What stopped it.
    async fn complete(&self, client: &C, seen: &Seen<Self>) -> Result<Next> {
        let _ = (client, seen);
        Ok(Next::Done)
    }

    /// Takes the steps that end a change, once nothing else is due: for what the change needed on its way, as a machine
    /// that it stopped. What `seen` shows must tell whether there is anything to do. Every step may come twice.
    ///
    /// # Errors
    /// What stopped it.
    async fn settle(client: &C, seen: &Seen<Self>) -> Result<Next> {
        let _ = (client, seen);
        Ok(Next::Done)
    }

    /// Removes one, or begins to. [`Next::Done`] means gone; [`Next::Wait`] that it lingers for a while.
    ///
    /// # Errors
    /// NotFound where it is gone, InUse where others hold it: the kit looks again, and tries again.
    async fn remove(client: &C, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next>;

    /// Who holds one whose removal is refused as in use for too long, in words, for the error's message.
    ///
    /// # Errors
    /// Any; the message then does without.
    async fn holders(client: &C, id: &str) -> Result<Vec<String>> {
        let _ = (client, id);
        Ok(Vec::new())
    }

    /// Says what will come of a change, while it is planned: see [`Manage::forecast`](landform_core::Manage::forecast).
    ///
    /// # Errors
    /// The change is refused.
    async fn forecast(client: &C, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        let _ = (client, proposal);
        Ok(Forecast::new())
    }

    /// Brings a stored object from an older schema version to the present one: see [`Manage::upgrade`](landform_core::Manage::upgrade).
    ///
    /// # Errors
    /// Unsupported when there is no way.
    async fn upgrade(client: &C, from: u32, stored: Object) -> Result<Object> {
        let _ = (client, stored);
        let what = "be brought from an older schema version to the present one";
        Err(Error::unsupported(Self::TYPE, what).resource(format!("schema version {from}")))
    }
}

/// What the service does when the same creation comes twice. It decides what the kit does before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// It makes another: the kit looks for the token first.
    MakesAnother,
    /// It refuses, as the identity is taken: the kit then looks whether it is this attempt's own.
    IsRefused,
    /// It knows the token and answers as the first time.
    IsRecognised,
    /// It answers with the one that is there, whosever that is: the kit looks first, and refuses another's.
    MayBeAnothers,
}

/// What to look for.
#[derive(Debug)]
pub enum Which<'a, R> {
    /// These ids: at least one, at most a page.
    Ids(&'a [&'a str]),
    /// What the attempt with this token and these arguments may have made.
    Attempt(&'a Token, &'a R),
}

impl<R> Clone for Which<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Which<'_, R> {}

impl<'a, R> Which<'a, R> {
    /// The ids, or the one that the arguments of an attempt determine: for types whose id is a name or follows from the
    /// arguments.
    pub fn ids_or<'b>(&self, identity: impl FnOnce(&'a R) -> Cow<'b, str>) -> Vec<Cow<'b, str>>
    where
        'a: 'b,
    {
        match *self {
            Self::Ids(ids) => ids.iter().map(|id| Cow::Borrowed(*id)).collect(),
            Self::Attempt(_, arguments) => vec![identity(arguments)],
        }
    }
}

/// A resource as a look sees it: everything in the declaration's terms, so that nothing reads the SDK's value again.
#[derive(Debug, Clone)]
pub struct Seen<R: Resource> {
    /// Arguments and attributes. The kit fills in the tags.
    pub object: Observed<R>,
    /// All its tags, as the service has them.
    pub tags: BTreeMap<String, String>,
    /// How far it is.
    pub state: State,
    /// The version that a change must name, where the service wants one: an etag, a fingerprint.
    pub etag: Option<String>,
}

impl<R: Resource> Seen<R> {
    /// One that is ready and has no tags.
    pub fn new(arguments: R, attributes: R::Attributes) -> Self {
        let object = Observed { arguments, attributes };
        Self { object, tags: BTreeMap::new(), state: State::Ready, etag: None }
    }

    /// Sets the tags.
    pub fn tags<K: Into<String>, V: Into<String>>(mut self, tags: impl IntoIterator<Item = (K, V)>) -> Self {
        self.tags = tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self
    }

    /// Sets how far it is.
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Sets the version that a change must name.
    pub fn etag(mut self, etag: impl Into<Option<String>>) -> Self {
        self.etag = etag.into();
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.object.id()
    }
}

/// How far a resource is.
#[derive(Debug, Clone)]
pub enum State {
    /// It can be used and changed.
    Ready,
    /// The cloud is at work; the text says at what.
    Busy(Cow<'static, str>),
    /// The cloud gave up. A new one is tainted; later reads take it for absent.
    Failed(Error),
    /// It is going. Reads take it for absent.
    Leaving,
}

impl State {
    /// Busy while the condition holds.
    pub fn busy_if(busy: bool, with: impl Into<Cow<'static, str>>) -> Self {
        if busy { Self::Busy(with.into()) } else { Self::Ready }
    }
}

/// One attempt of an effect, with what it gives to a new resource.
#[derive(Debug, Clone)]
pub struct Attempt<'a> {
    /// The node and the token.
    pub call: Call<'a>,
    /// The tags for a new resource: the user's, the defaults and the token's. Empty where the type has none.
    pub tags: BTreeMap<String, String>,
    /// How often the kit has waited within this attempt.
    pub round: u32,
}

impl Attempt<'_> {
    /// The node.
    pub fn address(&self) -> &Address {
        self.call.address
    }

    /// The token.
    pub fn token(&self) -> &Token {
        self.call.token
    }

    /// A UUID for services that want their request ids so. It follows from the token, `purpose` and the round, so the
    /// same step of the same attempt has the same one in any process.
    pub fn request_id(&self, purpose: &str) -> String {
        request_id(self.token(), purpose, self.round)
    }
}

/// What [`Attempt::request_id`] answers in a round of the attempt with this token; a new attempt is in round 0. Where a
/// creation uses it as a name, a look for the attempt finds the resource by that name.
pub fn request_id(token: &Token, purpose: &str, round: u32) -> String {
    let digest = Sha256::digest(format!("{token}\0{purpose}\0{round}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// What a creation answered.
#[derive(Debug)]
pub struct Made<R: Resource> {
    pub(crate) id: String,
    pub(crate) seen: Option<Seen<R>>,
    pub(crate) operation: Option<Operation>,
}

impl<R: Resource> Made<R> {
    /// Made, or being made: this id.
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: id.into(), seen: None, operation: None }
    }

    /// Made, or being made: the id that the answer holds.
    ///
    /// # Errors
    /// The answer lacks it: something was made, and only a search can tell what.
    pub fn answered(id: Option<String>) -> Result<Self> {
        match id.filter(|id| !id.is_empty()) {
            Some(id) => Ok(Self::id(id)),
            None => Err(senseless("the answer to the creation has no id").with_effect(Effect::Unknown)),
        }
    }

    /// Made, and the answer says all about it.
    pub fn seen(seen: Seen<R>) -> Self {
        Self { id: seen.id().to_owned(), seen: Some(seen), operation: None }
    }

    /// The operation to ask until it is there.
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }
}

impl<R: Resource> From<Id<R>> for Made<R> {
    fn from(id: Id<R>) -> Self {
        Self::id(id.as_str())
    }
}

/// What became of a step.
#[derive(Debug)]
pub enum Next {
    /// Nothing is left to do.
    Done,
    /// Something was changed: another look is due.
    Changed,
    /// A long operation began.
    Started(Operation),
    /// The cloud is at work; the text says at what.
    Wait(Cow<'static, str>),
    /// It will never be as wanted.
    Failed(Error),
}

impl Next {
    /// Waits.
    pub fn wait(note: impl Into<Cow<'static, str>>) -> Self {
        Self::Wait(note.into())
    }
}

/// The name of a long operation, in the cloud's own terms. Stored in tickets; never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operation(String);

impl Operation {
    /// An operation of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How far a long operation is.
#[derive(Debug)]
pub enum Work {
    /// It goes on; the text says at what it is.
    Busy(Cow<'static, str>),
    /// It ended well.
    Done,
    /// It ended badly. The error's retry says whether the whole step may be begun again.
    Failed(Error),
}
