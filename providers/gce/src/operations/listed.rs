//! Lists of everything in a project, for tools that look for what somebody else made.

use landform_core::Result;
use serde_json::Value as Json;

use crate::client::Client;

/// The collections of Compute Engine without a place.
const GLOBAL: [&str; 3] = ["networks", "firewalls", "httpHealthChecks"];

impl Client {
    /// The resources of a collection of Compute Engine, such as `firewalls` or `addresses`, in all regions and zones, as
    /// Google shows them.
    ///
    /// # Errors
    /// Those of the collection's `list` or `aggregatedList`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn resources(&self, collection: &str) -> Result<Vec<Json>> {
        match GLOBAL.contains(&collection) {
            true => self.all(&format!("projects/{}/global/{collection}", self.project()), &[]).await,
            false => self.all_regions(self.project(), collection, &[]).await,
        }
    }
}
