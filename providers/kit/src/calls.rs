//! The interface of one resource type: [`Calls`], and the values that its methods take and return.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use landform_core::{
    Address, Call, Effect, Error, FindBy, Forecast, Id, Object, Observed, Proposal, Resource, Result, Token,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Due, Patience, Shared, Tagging, senseless};

/// The client of a cloud, which makes the calls of all its types.
#[async_trait]
pub trait Cloud: Send + Sync + 'static {
    /// Asks for the progress of a long operation. Only clouds that answer with an [`Operation`] need it.
    ///
    /// # Errors
    /// Unsupported, unless the cloud implements it.
    async fn poll(&self, operation: &Operation) -> Result<Work> {
        Err(Error::unsupported(operation.as_str(), "be polled: this cloud has no operations"))
    }

    /// Spells an id that a user gives as the forms in declarations do. For clouds whose ids have variants, such as
    /// AWS's partitions.
    fn as_declared<'a>(&self, id: &'a str) -> Cow<'a, str> {
        id.into()
    }
}

/// The calls that manage one resource type with a client `C`. The resource type implements it: `self` is the arguments.
///
/// One mutation makes a resource. A ticket then alternates looks and changes until the resource is as declared. Every
/// method is one short exchange with the cloud and never sleeps.
#[async_trait]
pub trait Calls<C: Cloud>: Resource {
    /// How the kit finds an attempt again. The default is by token if the type has tags, else by identity.
    const FIND: FindBy = match Self::TAGS {
        Some(_) => FindBy::Token,
        None => FindBy::Identity,
    };
    /// How the service answers a repeated [`Calls::make`]. Matters only if the kit finds an attempt by its token.
    const REPEATED: Repeated = match Self::FIND {
        FindBy::Token => Repeated::MakesAnother,
        _ => Repeated::IsRefused,
    };
    /// The field that holds the tags and the call that writes them. `None` if the type has no tags. See
    /// [`tagged!`](crate::tagged).
    const TAGS: Option<Tagging<C, Self>> = None;
    /// A map beside the tags whose keys other programs may set too, such as a machine's metadata. Like tags, a key that
    /// somebody else adds after the plan stays. The kit puts such keys into the arguments of [`Calls::change`]. See
    /// [`shared!`](crate::shared).
    const SHARED: Option<Shared<Self>> = None;
    /// Whether a new resource needs [`Calls::complete`].
    const COMPLETES: bool = false;
    /// Whether a change leaves something behind that [`Calls::settle`] removes.
    const SETTLES: bool = false;
    /// How many ids one [`Calls::look`] takes.
    const PAGE: usize = 200;
    /// Whether a deletion only resets the resource to its default, so that looks still show it. True for settings of
    /// another resource, such as a bucket's encryption.
    const RESETS: bool = false;
    /// Whether a look for [`Which::Beside`] shows all resources in few calls.
    const LISTS: bool = false;
    /// Whether the type implements [`Calls::forecast`].
    const FORECASTS: bool = false;
    /// The time limits and pauses.
    const PATIENCE: Patience = Patience::USUAL;

    /// Looks for resources, in any order. It leaves out a resource that does not exist, and still shows the others.
    ///
    /// `which` asks for at least one id, or for the resources that an attempt may have made. For an attempt it may
    /// return too many if the type has tags: the kit selects by the token's tag.
    async fn look(client: &C, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>>;

    /// Makes a resource by exactly one mutation. `attempt` holds its tags, including the token's.
    ///
    /// # Errors
    /// The call failed. It made nothing unless the error's effect is unknown.
    async fn make(&self, client: &C, attempt: &Attempt<'_>) -> Result<Made<Self>>;

    /// Takes the next steps from the present state to `self`. The kit calls it only if a field other than the tags is
    /// due. Every step may come twice. The kit looks again after [`Next::Changed`].
    ///
    /// # Errors
    /// The error that stopped it. The next look shows the steps taken before.
    async fn change(&self, client: &C, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next>;

    /// Takes the steps that a new resource needs beside its fields, once nothing else is due. For objects that a
    /// service adds by itself and nobody declared. Every step may come twice.
    ///
    /// # Errors
    /// The error that stopped it.
    async fn complete(&self, client: &C, seen: &Seen<Self>) -> Result<Next> {
        let _ = (client, seen);
        Ok(Next::Done)
    }

    /// Takes the steps that end a change, once nothing else is due. For side effects of the change, such as a machine
    /// that it stopped. `seen` must show whether there is anything to do. Every step may come twice.
    ///
    /// # Errors
    /// The error that stopped it.
    async fn settle(client: &C, seen: &Seen<Self>) -> Result<Next> {
        let _ = (client, seen);
        Ok(Next::Done)
    }

    /// Deletes a resource, or starts to. [`Next::Done`] means that it is gone, [`Next::Wait`] that it lingers for a
    /// while.
    ///
    /// # Errors
    /// NotFound if it is gone, InUse if others use it. The kit then looks again, and tries again.
    async fn remove(client: &C, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next>;

    /// Names the objects that use a resource, for the error's message. The kit asks after the cloud has refused a
    /// deletion as in use for too long.
    ///
    /// # Errors
    /// Any error. The message then names nobody.
    async fn holders(client: &C, id: &str) -> Result<Vec<String>> {
        let _ = (client, id);
        Ok(Vec::new())
    }

    /// Predicts the result of a change while the engine plans it: see
    /// [`Manage::forecast`](landform_core::Manage::forecast).
    ///
    /// # Errors
    /// The service will refuse the change.
    async fn forecast(client: &C, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        let _ = (client, proposal);
        Ok(Forecast::new())
    }

    /// Converts a stored object from an older schema version to the present one: see
    /// [`Manage::upgrade`](landform_core::Manage::upgrade).
    ///
    /// # Errors
    /// Unsupported if there is no conversion.
    async fn upgrade(client: &C, from: u32, stored: Object) -> Result<Object> {
        let _ = (client, stored);
        let what = "be converted from an older schema version to the present one";
        Err(Error::unsupported(Self::TYPE, what).resource(format!("schema version {from}")))
    }
}

/// How the service answers a repeated creation. It decides what the kit does before and after the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// It makes another resource. The kit looks for the token first.
    MakesAnother,
    /// It refuses, because the identity is taken. The kit then checks whether this attempt made the existing resource.
    IsRefused,
    /// It knows the token and repeats its first answer.
    IsRecognised,
    /// It answers with the existing resource, even if somebody else made it. The kit looks first, and refuses a
    /// resource that another attempt made.
    MayBeAnothers,
}

/// The resources to look for.
#[derive(Debug)]
pub enum Which<'a, R> {
    /// These ids: at least one, at most a page.
    Ids(&'a [&'a str]),
    /// These ids, and what else the same calls show: all of the region, the project or the parent. The kit asks for it
    /// only if [`Calls::LISTS`] says so. Other types look for the ids alone.
    Beside(&'a [&'a str]),
    /// The resources that the attempt with this token and these arguments may have made.
    Attempt(&'a Token, &'a R),
}

impl<R> Clone for Which<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Which<'_, R> {}

impl<'a, R> Which<'a, R> {
    /// The ids, or the id that the arguments of an attempt determine. For types whose id is a name or follows from the
    /// arguments.
    pub fn ids_or<'b>(&self, identity: impl FnOnce(&'a R) -> Cow<'b, str>) -> Vec<Cow<'b, str>>
    where
        'a: 'b,
    {
        match *self {
            Self::Ids(ids) | Self::Beside(ids) => ids.iter().map(|id| Cow::Borrowed(*id)).collect(),
            Self::Attempt(_, arguments) => vec![identity(arguments)],
        }
    }
}

/// A resource as a look shows it, in the declaration's terms. No other code reads the SDK's value.
#[derive(Debug, Clone)]
pub struct Seen<R: Resource> {
    /// Arguments and attributes. The kit fills in the tags.
    pub object: Observed<R>,
    /// All its tags, as the service has them.
    pub tags: BTreeMap<String, String>,
    /// The state.
    pub state: State,
    /// The version that a change must name, if the service requires one: an etag, a fingerprint.
    pub etag: Option<String>,
}

impl<R: Resource> Seen<R> {
    /// A resource that is ready and has no tags.
    pub fn new(arguments: R, attributes: R::Attributes) -> Self {
        let object = Observed { arguments, attributes };
        Self { object, tags: BTreeMap::new(), state: State::Ready, etag: None }
    }

    /// Sets the tags.
    pub fn tags<K: Into<String>, V: Into<String>>(mut self, tags: impl IntoIterator<Item = (K, V)>) -> Self {
        self.tags = tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self
    }

    /// Sets the state.
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

/// The state of a resource.
#[derive(Debug, Clone)]
pub enum State {
    /// A caller can use and change it.
    Ready,
    /// The cloud is working on it. The text says at what.
    Busy(Cow<'static, str>),
    /// The cloud gave up. The kit taints a new resource. Later reads treat it as absent.
    Failed(Error),
    /// The cloud is deleting it. Reads treat it as absent.
    Leaving,
}

impl State {
    /// `Busy` if the condition holds, else `Ready`.
    pub fn busy_if(busy: bool, with: impl Into<Cow<'static, str>>) -> Self {
        if busy { Self::Busy(with.into()) } else { Self::Ready }
    }
}

/// One attempt at an effect, with the tags for a new resource.
#[derive(Debug, Clone)]
pub struct Attempt<'a> {
    /// The node and the token.
    pub call: Call<'a>,
    /// The tags for a new resource: the user's, the defaults and the token's. Empty if the type has no tags.
    pub tags: BTreeMap<String, String>,
    /// How many times the kit has waited within this attempt.
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

    /// A UUID for services that require one as a request id. It depends only on the token, `purpose` and the round, so
    /// the same step of the same attempt has the same id in any process.
    pub fn request_id(&self, purpose: &str) -> String {
        request_id(self.token(), purpose, self.round)
    }
}

/// The result of [`Attempt::request_id`] in a round of the attempt with this token. A new attempt is in round 0. If a
/// creation uses it as a name, a look for the attempt finds the resource by that name.
pub fn request_id(token: &Token, purpose: &str, round: u32) -> String {
    let digest = Sha256::digest(format!("{token}\0{purpose}\0{round}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// The answer to a creation.
#[derive(Debug)]
pub struct Made<R: Resource> {
    pub(crate) id: String,
    pub(crate) seen: Option<Seen<R>>,
    pub(crate) operation: Option<Operation>,
}

impl<R: Resource> Made<R> {
    /// The resource with this id is made, or being made.
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: id.into(), seen: None, operation: None }
    }

    /// The resource whose id the answer holds is made, or being made.
    ///
    /// # Errors
    /// The answer has no id. A resource was made, and only a search can find it.
    pub fn answered(id: Option<String>) -> Result<Self> {
        match id.filter(|id| !id.is_empty()) {
            Some(id) => Ok(Self::id(id)),
            None => Err(senseless("the answer to the creation has no id").with_effect(Effect::Unknown)),
        }
    }

    /// The resource is made, and the answer describes it fully.
    pub fn seen(seen: Seen<R>) -> Self {
        Self { id: seen.id().to_owned(), seen: Some(seen), operation: None }
    }

    /// Adds the operation to poll until the resource exists.
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

/// The result of a step.
#[derive(Debug)]
pub enum Next {
    /// Nothing is left to do.
    Done,
    /// The step changed something. Another look is due.
    Changed,
    /// The step started a long operation.
    Started(Operation),
    /// The cloud is working. The text says at what.
    Wait(Cow<'static, str>),
    /// The resource cannot become as declared.
    Failed(Error),
}

impl Next {
    /// `Wait` with this note.
    pub fn wait(note: impl Into<Cow<'static, str>>) -> Self {
        Self::Wait(note.into())
    }
}

/// The name of a long operation, in the cloud's terms. Tickets hold it, so it is never a secret.
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

/// The progress of a long operation.
#[derive(Debug)]
pub enum Work {
    /// It continues. The text says at what the cloud is working.
    Busy(Cow<'static, str>),
    /// It succeeded.
    Done,
    /// It failed. The error's retry says whether the whole step may be tried again.
    Failed(Error),
}
