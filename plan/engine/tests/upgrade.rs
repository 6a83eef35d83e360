//! Objects that an older release of a provider recorded.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Error, FindBy, Found, Id, Manage, Object, Observed, Progress, Provider, Resource,
    Result, Stack,
};
use landform_engine::{Engine, store::MemoryStore};
use serde_json::json;

/// The old version of the type.
mod old {
    use landform_core::{Id, attributes, resource};

    /// A page.
    #[resource("demo_page", version = 1)]
    pub struct Page {
        /// Its name.
        #[field(immutable)]
        pub name: String,
    }

    /// The attributes that the cloud computes.
    #[attributes]
    pub struct PageAttributes {
        /// Its id.
        pub id: Id<Page>,
    }
}

/// The present version of the type, with another name for the field.
mod new {
    use landform_core::{Id, attributes, resource};

    /// A page.
    #[resource("demo_page", version = 2)]
    pub struct Page {
        /// Its name.
        #[field(immutable)]
        pub title: String,
    }

    /// The attributes that the cloud computes.
    #[attributes]
    pub struct PageAttributes {
        /// Its id.
        pub id: Id<Page>,
    }
}

/// Keeps titles by id, and counts creations and deletions.
#[derive(Default)]
struct Press {
    pages: Mutex<BTreeMap<String, String>>,
    effects: Mutex<u32>,
}

impl Press {
    fn make(&self, title: &str) -> String {
        *self.effects.lock().unwrap() += 1;
        let id = format!("page-{title}");
        self.pages.lock().unwrap().insert(id.clone(), title.to_owned());
        id
    }

    fn drop(&self, id: &str) {
        *self.effects.lock().unwrap() += 1;
        self.pages.lock().unwrap().remove(id);
    }
}

macro_rules! manage {
    ($module:ident, $field:ident, $upgrade:expr) => {
        #[async_trait]
        impl Manage<$module::Page> for Press {
            fn abilities(&self) -> Abilities {
                Abilities::new(FindBy::Token, 10).updates()
            }

            async fn read_many(
                &self,
                ids: &[Id<$module::Page>],
            ) -> Result<Vec<Option<Observed<$module::Page>>>> {
                let pages = self.pages.lock().unwrap();
                let read = |id: &Id<$module::Page>| {
                    let $field = pages.get(id.as_str())?.clone();
                    let arguments = $module::Page { $field };
                    Some(Observed { arguments, attributes: $module::PageAttributes { id: id.clone() } })
                };
                Ok(ids.iter().map(read).collect())
            }

            async fn create(
                &self,
                _: Call<'_>,
                page: &$module::Page,
            ) -> Result<Progress<Observed<$module::Page>>> {
                let id = Id::new(self.make(&page.$field));
                let attributes = $module::PageAttributes { id };
                Ok(Progress::Exists(Observed { arguments: page.clone(), attributes }))
            }

            async fn update(
                &self,
                _: Call<'_>,
                prior: &Observed<$module::Page>,
                _: &$module::Page,
            ) -> Result<Progress<Observed<$module::Page>>> {
                Ok(Progress::Exists(prior.clone()))
            }

            async fn delete(
                &self,
                _: Call<'_>,
                prior: &Observed<$module::Page>,
            ) -> Result<Progress<Observed<$module::Page>>> {
                self.drop(prior.id());
                Ok(Progress::Gone)
            }

            async fn find(&self, _: Call<'_>, _: &$module::Page) -> Result<Found<Observed<$module::Page>>> {
                Ok(Found::Nothing)
            }

            async fn upgrade(&self, from: u32, object: Object) -> Result<Object> {
                $upgrade(from, object)
            }
        }
    };
}

fn unknown(from: u32, _: Object) -> Result<Object> {
    Err(Error::unsupported("demo_page", "upgrade its state").resource(format!("schema version {from}")))
}

fn rename(from: u32, mut object: Object) -> Result<Object> {
    if from != 1 {
        return unknown(from, object);
    }
    let fields = object.arguments.as_object_mut().map(std::mem::take).unwrap_or_default();
    object.arguments = fields.into_iter().map(|(key, value)| (key.replace("name", "title"), value)).collect();
    Ok(object)
}

manage!(old, name, unknown);
manage!(new, title, rename);

fn engine<R: Resource>(press: &Arc<Press>, store: &Arc<MemoryStore>) -> Engine
where
    Press: Manage<R>,
{
    let provider = Provider::new("demo").with::<R, Press>(press);
    Engine::builder().provider(provider).store(store.clone()).open().unwrap()
}

fn older() -> Stack {
    let mut stack = Stack::new("press");
    stack.add("one", old::Page::new("one"));
    stack
}

fn newer() -> Stack {
    let mut stack = Stack::new("press");
    stack.add("one", new::Page::new("one"));
    stack
}

#[tokio::test]
async fn what_an_older_release_recorded_is_upgraded_and_stays_what_it_is() {
    let (press, store) = (Arc::new(Press::default()), Arc::new(MemoryStore::new()));
    let engine_then = engine::<old::Page>(&press, &store);
    let plan = engine_then.plan(&older()).await.unwrap();
    engine_then.apply(&plan).await.unwrap().complete().unwrap();

    let engine_now = engine::<new::Page>(&press, &store);
    let plan = engine_now.plan(&newer()).await.unwrap();
    assert!(plan.is_empty() && plan.drift.is_empty(), "{plan}");
    engine_now.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(*press.effects.lock().unwrap(), 1, "nothing but the first create reached the world");
    let state = engine_now.state("press").await.unwrap();
    let object = state.get(&"demo_page.one".parse().unwrap()).unwrap();
    assert_eq!((object.schema_version, object.args.value().unwrap()), (2, json!({ "title": "one" })));

    let error = engine_then.plan(&older()).await.unwrap_err().to_string();
    assert!(error.starts_with("demo_page.one: it was recorded with schema version 2"), "{error}");

    let plan = engine_now.plan_destroy(&newer()).await.unwrap();
    engine_now.apply(&plan).await.unwrap().complete().unwrap();
    assert!(press.pages.lock().unwrap().is_empty());
}
