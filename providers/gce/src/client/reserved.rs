//! Forwarding rules whose declaration gives a link to a reserved address. Compute Engine takes a link and answers the
//! number. So the driver of a rule looks up what the link leads to: while it is the rule's number, the link stays.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Driver, Effect, Forecast, Found, Id, Known, Manage, Object, Progress, Proposal,
    Resource, ResourceType, Result, Ticket,
};
use landform_kit::Kit;
use serde_json::{Map, Value as Json};

use super::{
    Client,
    place::{Place, path_of},
};
use crate::{Address, ForwardingRule, GlobalAddress, GlobalForwardingRule};

/// The types of forwarding rules.
const RULES: [&str; 2] = [ForwardingRule::TYPE, GlobalForwardingRule::TYPE];

/// The argument that may be a link, and its name on the wire.
const ARGUMENT: &str = "ip_address";
const ON_THE_WIRE: &str = "IPAddress";

/// The part of links to addresses before the name.
const COLLECTION: &str = "/addresses/";

/// Sends the path of an address, because Compute Engine takes no name alone.
pub(crate) fn as_sent(body: &mut Map<String, Json>, place: &Place) {
    if let Some(given) = body.get_mut(ON_THE_WIRE)
        && let Some(path) = given.as_str().and_then(|given| path_in(given, &place.project, &place.scope()))
    {
        *given = path.into();
    }
}

/// The driver of a type of forwarding rules.
pub(super) struct Reserved {
    rules: Arc<dyn Driver>,
    addresses: Arc<Kit<Client>>,
}

impl Reserved {
    /// A driver that does so if it is one of forwarding rules.
    pub(super) fn over(driver: Arc<dyn Driver>, addresses: &Arc<Kit<Client>>) -> Arc<dyn Driver> {
        match RULES.contains(&driver.resource_type().name_str()) {
            true => Arc::new(Self { rules: driver, addresses: addresses.clone() }),
            false => driver,
        }
    }

    /// A rule with the link of its declaration, if that link leads to the rule's number.
    async fn spelt(&self, rule: Object, arguments: &Json) -> Result<Object> {
        let Some(link) = link_in(arguments) else { return Ok(rule) };
        let rules = self.all_spelt(vec![Some(rule.clone())], &[Some(link)]).await?;
        Ok(rules.into_iter().flatten().next().unwrap_or(rule))
    }

    async fn progress(&self, progress: Progress<Object>, arguments: &Json) -> Result<Progress<Object>> {
        Ok(match progress {
            Progress::Exists(rule) => Progress::Exists(self.spelt(rule, arguments).await?),
            Progress::Partial { exists, problem } => {
                Progress::Partial { exists: self.spelt(exists, arguments).await?, problem }
            }
            other => other,
        })
    }

    /// The same for many rules. It reads all addresses at once.
    async fn all_spelt(
        &self,
        mut rules: Vec<Option<Object>>,
        links: &[Option<String>],
    ) -> Result<Vec<Option<Object>>> {
        let paths: Vec<Option<String>> = rules
            .iter()
            .zip(links)
            .map(|(rule, link)| {
                let (project, scope) = scope_of(&rule.as_ref()?.id)?;
                path_in(link.as_deref()?, project, scope)
            })
            .collect();
        let numbers = self.numbers(paths.iter().flatten()).await?;
        for ((rule, link), path) in rules.iter_mut().zip(links).zip(paths) {
            let (Some(rule), Some(link), Some(path)) = (rule, link, path) else { continue };
            let number = rule.arguments.get(ARGUMENT).and_then(Json::as_str);
            if number.is_some() && number == numbers.get(&path).map(String::as_str) {
                rule.arguments[ARGUMENT] = link.as_str().into();
            }
        }
        Ok(rules)
    }

    /// The numbers of addresses, by path. It leaves out addresses that do not exist.
    async fn numbers(&self, paths: impl Iterator<Item = &String>) -> Result<BTreeMap<String, String>> {
        let (mut global, mut regional) = (Vec::new(), Vec::new());
        for path in paths {
            match path.contains("/global/") {
                true => global.push(Id::<GlobalAddress>::new(path.as_str())),
                false => regional.push(Id::<Address>::new(path.as_str())),
            }
        }
        let mut numbers = BTreeMap::new();
        if !global.is_empty() {
            for found in self.addresses.read_many(&global).await?.into_iter().flatten() {
                numbers.extend(found.arguments.address.clone().map(|number| (found.id().to_owned(), number)));
            }
        }
        if !regional.is_empty() {
            for found in self.addresses.read_many(&regional).await?.into_iter().flatten() {
                numbers.extend(found.arguments.address.clone().map(|number| (found.id().to_owned(), number)));
            }
        }
        Ok(numbers)
    }
}

#[async_trait]
impl Driver for Reserved {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.rules.resource_type()
    }

    /// Without lists: which declaration gives a link is known only of the rules that are asked for.
    fn abilities(&self) -> Abilities {
        let mut abilities = self.rules.abilities();
        abilities.list = false;
        abilities
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let rules = self.rules.read_many(objects).await?;
        let mut links = Vec::with_capacity(objects.len());
        for object in objects {
            links.push(link_in(&object.arguments()?));
        }
        match links.iter().any(Option::is_some) {
            true => self.all_spelt(rules, &links).await,
            false => Ok(rules),
        }
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        let progress = self.rules.create(call, arguments).await?;
        // The rule exists by now.
        self.progress(progress, arguments).await.map_err(|error| error.with_effect(Effect::Unknown))
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        let progress = self.rules.update(call, prior, arguments).await?;
        self.progress(progress, arguments).await
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        self.rules.delete(call, prior).await
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        let progress = self.rules.resume(call, ticket, arguments).await?;
        self.progress(progress, arguments).await
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>> {
        self.rules.find(call, arguments).await
    }

    async fn import(&self, id: &str) -> Result<Object> {
        self.rules.import(id).await
    }

    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> Result<Forecast> {
        self.rules.forecast(proposal).await
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        self.rules.upgrade(from, stored).await
    }
}

/// The link that arguments give. `None` if they give a number or nothing.
fn link_in(arguments: &Json) -> Option<String> {
    let given = arguments.get(ARGUMENT)?.as_str()?;
    (!is_number(given)).then(|| given.to_owned())
}

/// Whether a text is an IP address, or a range of IPv6 addresses.
fn is_number(text: &str) -> bool {
    text.split('/').next().is_some_and(|number| number.parse::<IpAddr>().is_ok())
}

/// The path of the address to which a rule's link leads. The link may be complete, may start with the project or the
/// scope, or may be the name alone. `None` if it is a number.
fn path_in(given: &str, project: &str, scope: &str) -> Option<String> {
    if given.is_empty() || is_number(given) {
        return None;
    }
    Some(match path_of(given) {
        Some(path) => path.to_owned(),
        None if given.contains(COLLECTION) => format!("projects/{project}/{given}"),
        None => format!("{scope}{COLLECTION}{}", given.rsplit('/').next().unwrap_or(given)),
    })
}

/// The project of a rule, and the path of its project and region.
fn scope_of(rule: &str) -> Option<(&str, &str)> {
    let (scope, _) = rule.rsplit_once("/forwardingRules/")?;
    Some((scope.split('/').nth(1)?, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_link_leads_to_one_address() {
        let (project, scope) = ("p", "projects/p/regions/r");
        for given in [
            "https://www.googleapis.com/compute/v1/projects/p/regions/r/addresses/a",
            "projects/p/regions/r/addresses/a",
            "regions/r/addresses/a",
            "addresses/a",
            "a",
        ] {
            let path = path_in(given, project, scope);
            assert_eq!(path.as_deref(), Some("projects/p/regions/r/addresses/a"), "{given}");
        }
        assert_eq!(
            path_in("global/addresses/a", project, scope).as_deref(),
            Some("projects/p/global/addresses/a")
        );
        for number in ["203.0.113.7", "2001:db8::1", "2600:1900::/96", ""] {
            assert_eq!(path_in(number, project, scope), None, "{number}");
        }
        assert_eq!(scope_of("projects/p/regions/r/forwardingRules/web"), Some((project, scope)));
    }
}
