//! Data sources: what exists, or what the cloud was told of the world, looked up by what is asked. Changes nothing.

use async_trait::async_trait;
use landform_core::{Error, ErrorKind, ResourceType, Result, Source};
use serde_json::{Map, Value as Json};

use crate::{calls::Operation, cloud::Cloud, driver::TypeDriver, manner};

/// One data source. It knows the resources of the type that bears its name, and the facts the cloud was given.
pub(crate) struct TypeSource {
    driver: TypeDriver,
    cloud: Cloud,
    resource_type: &'static ResourceType,
}

impl TypeSource {
    pub(crate) fn new(cloud: Cloud, resource_type: &'static ResourceType) -> Self {
        Self { driver: TypeDriver::new(cloud.clone(), resource_type), cloud, resource_type }
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        manner::error(self.resource_type, Operation::Read, kind, message)
    }
}

#[async_trait]
impl Source for TypeSource {
    fn resource_type(&self) -> &'static ResourceType {
        self.resource_type
    }

    async fn query(&self, arguments: &Json) -> Result<Json> {
        let bare = self.resource_type.name.bare();
        let read = self.driver.request(Operation::Read, None, |_, session| {
            let existing = session.world.existing(session.now).into_iter();
            let of_type = existing.filter(|object| object.type_name == bare && !object.deleting);
            Ok(of_type.map(|object| joined(object.arguments, object.attributes)).collect::<Vec<_>>())
        });
        let (mut candidates, _) = read.await?;
        candidates.extend(self.cloud.facts(self.resource_type.name_str()).cloned());
        candidates.retain(|candidate| fits(arguments, candidate));
        match candidates.len() {
            1 => Ok(self.answer(&candidates[0])),
            0 => Err(self.error(ErrorKind::NotFound, format!("nothing fits {}", asked(arguments)))),
            many => {
                let message = format!("{many} fit {}, expected one; ask for more", asked(arguments));
                Err(self.error(ErrorKind::Invalid, message))
            }
        }
    }
}

impl TypeSource {
    /// The attributes of the data source, from what was found.
    fn answer(&self, found: &Map<String, Json>) -> Json {
        let fields = self.resource_type.attributes.fields().iter();
        let value = |name: &str| found.get(name).cloned().unwrap_or(Json::Null);
        fields.map(|field| (field.name.to_string(), value(&field.name))).collect::<Map<_, _>>().into()
    }
}

fn joined(mut arguments: Map<String, Json>, attributes: Map<String, Json>) -> Map<String, Json> {
    arguments.extend(attributes);
    arguments
}

/// Whether everything that is asked for is so; of a map, what is asked for.
fn fits(asked: &Json, candidate: &Map<String, Json>) -> bool {
    let Json::Object(asked) = asked else { return true };
    asked.iter().all(|(name, wanted)| match (wanted, candidate.get(name)) {
        (Json::Null, _) => true,
        (Json::Object(wanted), Some(Json::Object(has))) => {
            wanted.iter().all(|(key, value)| has.get(key) == Some(value))
        }
        (Json::Object(wanted), _) => wanted.is_empty(),
        (Json::Array(wanted), None) => wanted.is_empty(),
        (wanted, has) => has == Some(wanted),
    })
}

/// What was asked, as people read it.
fn asked(arguments: &Json) -> String {
    let Json::Object(fields) = arguments else { return "the question".to_owned() };
    let given = fields.iter().filter(|(_, value)| !value.is_null());
    let given: Vec<String> = given.map(|(name, value)| format!("{name} {value}")).collect();
    if given.is_empty() { "a question without arguments".to_owned() } else { given.join(", ") }
}
