//! A custom service: notebooks in memory, and their pages in the embedded cloud.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use landform::{
    Abilities, Call, DataSource, ProviderError, ErrorKind, FindBy, Found, Id, Manage, Observed, Progress, Provider,
    ProviderResult, Token, async_trait, attributes, block, data, only, resource,
};

/// A notebook.
#[resource("outside_notebook", id = "{name}", unique("name"))]
pub struct Notebook {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// Its ruling.
    #[field(default = Ruling::Lines)]
    pub ruling: Ruling,
    /// Who may read it.
    pub readers: Vec<Reader>,
}

/// The ruling of a notebook.
#[block]
pub enum Ruling {
    /// Lines.
    Lines,
    /// Squares.
    Squares,
}

/// Somebody who may read a notebook.
#[block]
pub struct Reader {
    /// The name.
    pub name: String,
    /// Whether the reader may write too.
    #[field(default = false)]
    pub writes: bool,
}

/// The attributes that the service computes for a notebook.
#[attributes]
pub struct NotebookAttributes {
    /// The id.
    pub id: Id<Notebook>,
    /// The URL where readers find it.
    #[field(form = "https://notes.test/{name}")]
    pub url: String,
}

/// A page of a notebook.
#[resource("outside_page", id = "page-{hex8}")]
pub struct Page {
    /// The notebook.
    #[field(immutable)]
    pub notebook: String,
    /// Its text.
    pub text: String,
}

/// The attributes that the service computes for a page.
#[attributes]
pub struct PageAttributes {
    /// The id.
    pub id: Id<Page>,
}

/// An existing notebook.
#[data("outside_notebook")]
pub struct KnownNotebook {
    /// Its name.
    pub name: String,
}

/// Its attributes.
#[attributes]
pub struct KnownNotebookAttributes {
    /// The id.
    pub id: Id<Notebook>,
}

/// The service: notebooks by name, each with the token of its creation.
#[derive(Default)]
pub struct Notebooks(Mutex<BTreeMap<String, (Token, Observed<Notebook>)>>);

impl Notebooks {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, (Token, Observed<Notebook>)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The service as a provider.
pub fn provider(service: &Arc<Notebooks>) -> Provider {
    Provider::new("outside").with::<Notebook, _>(service).with_data::<KnownNotebook, _>(service)
}

#[async_trait]
impl Manage<Notebook> for Notebooks {
    fn abilities(&self) -> Abilities {
        Abilities::new(FindBy::Token, 100).updates()
    }

    async fn read_many(&self, ids: &[Id<Notebook>]) -> ProviderResult<Vec<Option<Observed<Notebook>>>> {
        self.with(|all| Ok(ids.iter().map(|id| all.get(id.as_str()).map(|(_, it)| it.clone())).collect()))
    }

    async fn create(
        &self,
        call: Call<'_>,
        arguments: &Notebook,
    ) -> ProviderResult<Progress<Observed<Notebook>>> {
        self.with(|all| {
            let attributes = NotebookAttributes {
                id: Id::new(arguments.name.clone()),
                url: format!("https://notes.test/{}", arguments.name),
            };
            let made = Observed { arguments: arguments.clone(), attributes };
            let (token, notebook) =
                all.entry(arguments.name.clone()).or_insert((call.token.clone(), made));
            if token != call.token {
                return Err(ProviderError::new(ErrorKind::AlreadyExists, "the name is taken"));
            }
            Ok(Progress::Exists(notebook.clone()))
        })
    }

    async fn update(
        &self,
        _: Call<'_>,
        prior: &Observed<Notebook>,
        arguments: &Notebook,
    ) -> ProviderResult<Progress<Observed<Notebook>>> {
        self.with(|all| match all.get_mut(prior.id()) {
            Some((_, notebook)) => {
                notebook.arguments = arguments.clone();
                Ok(Progress::Exists(notebook.clone()))
            }
            None => Err(ProviderError::new(ErrorKind::NotFound, "no such notebook").resource(prior.id())),
        })
    }

    async fn delete(
        &self,
        _: Call<'_>,
        prior: &Observed<Notebook>,
    ) -> ProviderResult<Progress<Observed<Notebook>>> {
        self.with(|all| all.remove(prior.id()));
        Ok(Progress::Gone)
    }

    async fn find(&self, call: Call<'_>, arguments: &Notebook) -> ProviderResult<Found<Observed<Notebook>>> {
        self.with(|all| {
            Ok(match all.get(&arguments.name) {
                Some((token, notebook)) if token == call.token => Found::Exists(notebook.clone()),
                _ => Found::Nothing,
            })
        })
    }
}

#[async_trait]
impl DataSource<KnownNotebook> for Notebooks {
    async fn read(&self, asked: &KnownNotebook) -> ProviderResult<KnownNotebookAttributes> {
        let found = self.with(|all| all.contains_key(&asked.name));
        only(asked, found.then(|| Id::new(asked.name.clone())).into_iter().collect())
            .map(|id| KnownNotebookAttributes { id })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use landform::{Engine, Resource, Stack, sim::Cloud, store::MemoryStore};

    use super::*;

    fn stack() -> Stack {
        let mut stack = Stack::new("outside");
        let reader = Reader::new("ada").writes(true);
        let notebook = stack.add("diary", Notebook::new("diary").ruling(Ruling::Squares).readers([reader]));
        stack.add("first", Page::new(notebook.name(), "It begins."));
        let known = stack.read("diary", KnownNotebook::new(notebook.name()));
        stack.depend(&known, [notebook.address().clone()]);
        stack.add("second", Page::new(known.name(), notebook.url()));
        stack.output("url", notebook.url());
        stack
    }

    #[tokio::test]
    async fn a_provider_of_ones_own_and_the_embedded_cloud_work_together() -> Result<(), Box<dyn Error>> {
        let directory = std::env::temp_dir().join(format!("landform-outside-{}", std::process::id()));
        let cloud = Cloud::open(&directory).types([Page::resource_type()]).build()?;
        let engine = Engine::builder()
            .provider(provider(&Arc::default()))
            .provider(cloud.provider("outside.embedded"))
            .store(Arc::new(MemoryStore::new()))
            .open()?;

        let stack = stack();
        let (planner, wanted) = (engine.clone(), stack.clone());
        let plan = tokio::spawn(async move { planner.plan(&wanted).await }).await??;
        assert_eq!(plan.counts().added, 3, "{plan}");
        let applier = engine.clone();
        let report = tokio::spawn(async move { applier.apply(&plan).await }).await??.complete()?;
        assert_eq!(report.outputs["url"], "https://notes.test/diary");
        assert!(engine.plan(&stack).await?.is_empty());
        engine.apply(&engine.plan_destroy(&stack).await?).await?.complete()?;
        std::fs::remove_dir_all(&directory)?;
        Ok(())
    }
}

/// The order of keys, which other crates of a program determine, changes no stored byte.
#[cfg(all(test, feature = "ordered"))]
mod ordered {
    use std::{error::Error, fs, path::Path};

    use landform::{journal::{Journal, Json, State}, serde_json::json, store};

    #[tokio::test]
    async fn states_of_programs_with_sorted_keys_are_read_and_written_the_same() -> Result<(), Box<dyn Error>> {
        let value = json!({ "b": { "d": 1, "c": 2 }, "a": 3 });
        assert_eq!(value.to_string(), r#"{"b":{"d":1,"c":2},"a":3}"#, "this build keeps the order of keys");
        assert_eq!(Json::from(&value).as_str(), r#"{"a":3,"b":{"c":2,"d":1}}"#);
        let golden = Path::new(env!("LANDFORM")).join("plan/state/tests/golden");
        let document = fs::read_to_string(golden.join("state-1.json"))?;
        let state = State::from_json(&document)?;
        assert_eq!(state.to_json()?, document.trim_end());
        for name in ["journal-1", "journal-1-compacted"] {
            let store = store::open(&golden.join(name).display().to_string())?;
            let journal = Journal::read(store, "base").await?;
            journal.state().verify()?;
            assert!(journal.state().objects().eq(state.objects()), "{name}");
        }
        Ok(())
    }
}

/// The examples in the documents, which also name no other crate.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!(concat!(env!("LANDFORM"), "/README.md"))]
    mod readme {}
    #[doc = include_str!(concat!(env!("LANDFORM"), "/docs/adding-a-resource.md"))]
    mod adding_a_resource {}
    #[doc = include_str!(concat!(env!("LANDFORM"), "/docs/cli.md"))]
    mod cli {}
    #[doc = include_str!(concat!(env!("LANDFORM"), "/docs/embedding.md"))]
    mod embedding {}
    #[doc = include_str!(concat!(env!("LANDFORM"), "/docs/layers.md"))]
    mod layers {}
    #[doc = include_str!(concat!(env!("LANDFORM"), "/docs/stacks.md"))]
    mod stacks {}
}
