//! Target proxies.

use crate::{
    compute::{
        table::{Draft, Rules},
        world::World,
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Proxies;

impl Rules for Proxies {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        let leads = if draft.place.segment == "targetHttpProxies" { "urlMap" } else { "service" };
        match draft.text(leads) {
            None | Some("") => Err(Refusal::required(&format!("resource.{leads}"))),
            Some(_) => Ok(()),
        }
    }
}
