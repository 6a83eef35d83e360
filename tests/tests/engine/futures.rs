//! Every asynchronous function of the public API can be spawned, and its doc says what happens when it is dropped.
//!
//! This file proves the first by compiling. A scan of the sources shows that no function is missing here.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use landform::{
    Address, ApplyOptions, Engine, ErrorKind, KopsStore, Plan, PlanOptions, ProviderError, Secrets, Stack,
    conformance,
    journal::{self, Claim, Journal, Options, Record, State, Writer},
    kit,
    store::{Expect, Files, Store, contract},
};

use landform_testkit::{
    bed::Bed,
    demo::{Network, cidr},
};

/// Requires a future that is `Send`. It calls nothing.
fn spawnable<F: Future<Output: Send> + Send>(name: &'static str, _: impl FnOnce() -> F) -> &'static str {
    name
}

fn of_engine(engine: &Engine, stack: &Stack, plan: &Plan) -> Vec<&'static str> {
    let ids = || Vec::<(Address, String)>::new();
    vec![
        spawnable("Engine::state", || engine.state("base")),
        spawnable("Engine::plan", || engine.plan(stack)),
        spawnable("Engine::plan_with", || async { engine.plan_with(stack, &PlanOptions::default()).await }),
        spawnable("Engine::plan_destroy", || engine.plan_destroy(stack)),
        spawnable("Engine::plan_refresh", || engine.plan_refresh(stack)),
        spawnable("Engine::apply", || engine.apply(plan)),
        spawnable("Engine::apply_with", || async { engine.apply_with(plan, &ApplyOptions::default()).await }),
        spawnable("Engine::outputs", || engine.outputs(stack)),
        spawnable("Engine::declare", || engine.declare("base", ids())),
        spawnable("Engine::stack_name", || engine.stack_name()),
        spawnable("Engine::holder", || engine.holder()),
        spawnable("Engine::unlock", || engine.unlock()),
        spawnable("Engine::forget", || engine.forget("base", &[])),
        spawnable("Engine::rename", || async {
            let address: Address = "aws_vpc.main".parse().unwrap();
            engine.rename("base", &address, &address).await
        }),
        spawnable("Engine::history", || engine.history("base")),
        spawnable("Engine::state_after", || engine.state_after("base", 1)),
        spawnable("Engine::difference", || engine.difference("base", 1, 2)),
        spawnable("Engine::export", || engine.export("base")),
        spawnable("Engine::export_with_private", || engine.export_with_private("base")),
        spawnable("Engine::import", || engine.import("")),
        spawnable("Engine::stack_after", || async { engine.stack_after("base", 1, &Secrets::new()).await }),
        spawnable("Engine::plan_restore", || async { engine.plan_restore("base", 1, &Secrets::new()).await }),
    ]
}

fn of_journal(
    store: &Arc<dyn Store>,
    journal: &Journal,
    writer: &Writer,
    state: &State,
) -> Vec<&'static str> {
    let (store, claim) = (|| store.clone(), || Claim::new("test"));
    vec![
        spawnable("Journal::read", || Journal::read(store(), "base")),
        spawnable("Journal::write", || Journal::write(store(), "base", claim())),
        spawnable("Journal::write_with", || {
            Journal::write_with(store(), "base", claim(), Options::default())
        }),
        spawnable("Journal::continue_with", || async move {
            Journal::read(store(), "base").await?.continue_with(claim(), Options::default()).await
        }),
        spawnable("Journal::stack_of", || async move { Journal::stack_of(&*store()).await }),
        spawnable("Journal::state_after", || journal.state_after(1)),
        spawnable("Journal::state_at", || journal.state_at(1)),
        spawnable("journal/lease::holder", || async move { journal::holder(&*store()).await }),
        spawnable("journal/lease::unlock", || async move { journal::unlock(&*store()).await }),
        spawnable("Writer::append", || {
            writer.append(Record::End(journal::End { run: writer.run().to_owned() }))
        }),
        spawnable("Writer::flush", || writer.flush()),
        spawnable("Writer::import", || writer.import(state)),
        spawnable("Writer::close", || writer.close()),
    ]
}

fn of_stores(store: &Arc<dyn Store>, files: &Files) -> Vec<&'static str> {
    let store = || store.clone();
    vec![
        spawnable("Files::get", || files.get("a")),
        spawnable("Files::list", || files.list("a")),
        spawnable("Files::put", || files.put("a", Vec::new(), Expect::Nothing)),
        spawnable("Files::remove", || files.remove("a")),
        spawnable("store/contract::all", || contract::all(store)),
        spawnable("store/contract::reading_creates_nothing", || contract::reading_creates_nothing(store())),
        spawnable("store/contract::segments_are_kept", || contract::segments_are_kept(store())),
        spawnable("store/contract::a_number_is_won_once", || contract::a_number_is_won_once(store())),
        spawnable("store/contract::a_race_has_one_winner", || contract::a_race_has_one_winner(store())),
        spawnable("store/contract::snapshots_are_kept_and_replaced", || {
            contract::snapshots_are_kept_and_replaced(store())
        }),
        spawnable("store/contract::pruning_keeps_what_readers_need", || {
            contract::pruning_keeps_what_readers_need(store())
        }),
        spawnable("store/contract::a_pruned_number_stays_taken", || {
            contract::a_pruned_number_stays_taken(store())
        }),
        spawnable("store/contract::the_lease_changes_hands_in_order", || {
            contract::the_lease_changes_hands_in_order(store())
        }),
        spawnable("store/contract::a_race_for_the_lease_has_one_winner", || {
            contract::a_race_for_the_lease_has_one_winner(store())
        }),
        spawnable("store/contract::files_are_kept", || contract::files_are_kept(files)),
    ]
}

fn of_conformance(
    driver: &dyn landform::Driver,
    sample: &conformance::Sample,
    source: &dyn landform::DataDriver,
    asked: &conformance::DataSample,
) -> Vec<&'static str> {
    vec![
        spawnable("core/conformance::check", || conformance::check(driver, sample, tokio::time::sleep)),
        spawnable("conformance/data::check_data", || conformance::check_data(source, asked)),
    ]
}

fn of_kit() -> Vec<&'static str> {
    async fn missing(id: &'static str) -> Result<Option<()>, ProviderError> {
        Err(ProviderError::new(ErrorKind::NotFound, id))
    }
    async fn page(_: Option<String>) -> Result<(Vec<()>, Option<String>), ProviderError> {
        Ok((Vec::new(), None))
    }
    async fn half(_: &[&str]) -> Result<Vec<()>, ProviderError> {
        Ok(Vec::new())
    }
    vec![
        spawnable("kit/many::in_halves", || kit::in_halves(&["a"], half)),
        spawnable("kit/many::each", || kit::each(["a"], missing)),
        spawnable("kit/many::in_pages", || kit::in_pages(page)),
    ]
}

#[cfg(feature = "stores")]
fn of_features(encrypted: &landform::store::Encrypted) -> Vec<&'static str> {
    let key = || landform::store::Encryption::passphrase("a passphrase");
    vec![spawnable("Encrypted::rotate", || encrypted.rotate(key()))]
}

#[cfg(feature = "client")]
fn of_clients() -> Vec<&'static str> {
    use landform::{
        aws::client::{Client, provider},
        kit::rest,
    };
    let service = rest::Client::new("http://127.0.0.1:1").unwrap();
    let request = || rest::Request {
        method: "GET".parse().unwrap(),
        url: service.url(["a"]),
        headers: Vec::new(),
        body: None,
        conflict: ErrorKind::Conflict,
    };
    vec![
        spawnable("Client::from_env", Client::from_env),
        spawnable("Client::emulator", || Client::emulator("", "")),
        spawnable("Client::verify", || async { Client::emulator("", "").await.unwrap().verify().await }),
        spawnable("aws/client::provider", provider),
        spawnable("Provider::from_env", landform::aws::Provider::from_env),
        spawnable("Client::send", || service.send(request())),
        spawnable("Client::send_bytes", || service.send_bytes(request(), "text/plain", Vec::new())),
        spawnable("Client::from_env_in", || Client::from_env_in("")),
        spawnable("Client::with_settings", || async {
            Client::with_settings(&landform::aws::Settings::default()).await
        }),
    ]
}

#[cfg(feature = "client")]
fn of_operations(client: &landform::aws::Client) -> Vec<&'static str> {
    let cloud = landform::KopsOnAws::new(client.clone());
    let lookup = landform::kops::FixedLookup::region("");
    vec![
        spawnable("Client::all_machine_types", || client.all_machine_types()),
        spawnable("Client::balancer_addresses", || client.balancer_addresses("")),
        spawnable("Client::deregister_machine", || client.deregister_machine("", "")),
        spawnable("Client::detach_machine", || client.detach_machine("", "", ("", ""))),
        spawnable("Client::hosted_zones", || client.hosted_zones("")),
        spawnable("Client::identities", || client.identities()),
        spawnable("Client::is_bucket_public", || client.is_bucket_public("")),
        spawnable("Client::key_pairs", || client.key_pairs("")),
        spawnable("Client::machine_types", || client.machine_types(&[])),
        spawnable("Client::machines", || client.machines("", "")),
        spawnable("Client::policies_of_role", || client.policies_of_role("")),
        spawnable("Client::queue_url", || client.queue_url("")),
        spawnable("Client::records_below", || client.records_below("", "")),
        spawnable("Client::rules_of_security_groups", || client.rules_of_security_groups(&[])),
        spawnable("Client::tagged", || client.tagged("", "")),
        spawnable("Client::targets_of_rule", || client.targets_of_rule("")),
        spawnable("Client::terminate_machine", || client.terminate_machine("")),
        spawnable("Client::zones_of_machine_types", || client.zones_of_machine_types()),
        spawnable("KopsOnAws::lookup", || cloud.lookup()),
        spawnable("KopsOnAws::answer", || cloud.answer(lookup, |_| ())),
    ]
}

#[cfg(feature = "gce-client")]
fn of_google() -> Vec<&'static str> {
    let client = landform::gce::Client::emulator("http://127.0.0.1:1/compute/v1/", "p", "r").unwrap();
    let cloud = landform::KopsOnGoogle::new(client.clone(), "r");
    let lookup = landform::kops::FixedLookup::google("p", "r");
    vec![
        spawnable("Client::bucket_location", || client.bucket_location("")),
        spawnable("Client::machine_type_in", || client.machine_type_in("", "")),
        spawnable("Client::group_managers", || client.group_managers()),
        spawnable("Client::machines", || client.machines(&[], "", "")),
        spawnable("Client::detach_machine", || client.detach_machine("", "", ("", ""))),
        spawnable("Client::finish_detaching", || client.finish_detaching("", "", "")),
        spawnable("Client::recreate_machine", || client.recreate_machine("", "")),
        spawnable("Client::delete_machine", || client.delete_machine("")),
        spawnable("Client::resources", || client.resources("")),
        spawnable("Client::managed_zones", || client.managed_zones("")),
        spawnable("Client::may_everyone_read", || client.may_everyone_read("")),
        spawnable("Client::reserved_address", || client.reserved_address("", "")),
        spawnable("Client::subnetworks_of", || client.subnetworks_of("", "")),
        spawnable("gce/client::provider", landform::gce::client::provider),
        spawnable("KopsOnGoogle::lookup", || cloud.lookup()),
        spawnable("KopsOnGoogle::answer", || cloud.answer(lookup, |_| ())),
    ]
}

#[cfg(feature = "terraform")]
fn of_terraform() -> Vec<&'static str> {
    use landform::{Provider, terraform};
    vec![
        spawnable("Plugin::open", || terraform::Plugin::open("nobody")),
        spawnable("Plugin::configure", || async {
            terraform::Plugin::open("nobody").await.unwrap().configure(&serde_json::json!({})).await
        }),
        spawnable("Installed::find", || terraform::Installed::new("a/b").unwrap().find()),
        spawnable("terraform/serve::serve", || terraform::serve(Provider::new("x"))),
        spawnable("terraform/serve::serve_at", || terraform::serve_at(Provider::new("x"), Path::new("x"))),
    ]
}

fn of_clusters(clusters: &KopsStore) -> Vec<&'static str> {
    vec![
        spawnable("KopsStore::clusters", || clusters.clusters()),
        spawnable("KopsStore::spec", || clusters.spec("a")),
        spawnable("KopsStore::spec_without_key", || clusters.spec_without_key("a")),
    ]
}

fn of_command_lines() -> Vec<&'static str> {
    use landform::cli::{self, Consent, Context};
    fn given<'a, T: 'a, F: Future<Output: Send> + Send>(
        name: &'static str,
        _: impl FnOnce(&'a T) -> F,
    ) -> &'static str {
        name
    }
    vec![
        given("Context::engine", |context: &Context| context.engine()),
        given("Context::carry_out", |(context, engine, plan, consent): &(Context, Engine, Plan, Consent)| {
            context.carry_out(engine, plan, "", consent)
        }),
        given("cli/carry::apply", |(engine, plan, options): &(Engine, Plan, ApplyOptions)| {
            cli::apply(engine, plan, options)
        }),
    ]
}

/// Functions of features and crates that this build may lack.
const OF_FEATURES: [&str; 45] = [
    "Emulator::start",
    "Encrypted::rotate",
    "Client::from_env",
    "Client::emulator",
    "Client::verify",
    "aws/client::provider",
    "gce/client::provider",
    "Provider::from_env",
    "Client::send",
    "Client::send_bytes",
    "Client::from_env_in",
    "Client::with_settings",
    "Client::all_machine_types",
    "Client::balancer_addresses",
    "Client::bucket_location",
    "Client::deregister_machine",
    "Client::detach_machine",
    "Client::hosted_zones",
    "Client::identities",
    "Client::is_bucket_public",
    "Client::key_pairs",
    "Client::machine_type_in",
    "Client::machine_types",
    "Client::machines",
    "Client::managed_zones",
    "Client::may_everyone_read",
    "Client::policies_of_role",
    "Client::queue_url",
    "Client::records_below",
    "Client::reserved_address",
    "Client::rules_of_security_groups",
    "Client::subnetworks_of",
    "Client::tagged",
    "Client::targets_of_rule",
    "Client::terminate_machine",
    "Client::zones_of_machine_types",
    "KopsOnAws::answer",
    "KopsOnGoogle::answer",
    "KopsOnGoogle::lookup",
    "Installed::find",
    "KopsOnAws::lookup",
    "Plugin::configure",
    "Plugin::open",
    "terraform/serve::serve",
    "terraform/serve::serve_at",
];

/// Sources with checks for other authors' tests. The docs of their modules cover cancellation.
const CHECKS: [&str; 1] = ["store/contract.rs"];

/// Sources that the crates of plan/ share and the facade does not export.
const INNER: [&str; 1] = ["state/task.rs"];

#[tokio::test]
async fn every_public_future_can_be_spawned() {
    let bed = Bed::new();
    let engine = bed.engine();
    let stack = Stack::new("base");
    let plan = engine.plan(&stack).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(bed.store.clone());
    let journal = Journal::read(store.clone(), "base").await.unwrap();
    let writer = Journal::write(store.clone(), "base", Claim::new("test")).await.unwrap();
    let state = writer.state();
    let files = Files::open("unused").unwrap();
    let provider = bed.cloud.provider("demo");
    let address = "demo_network.sample".parse().unwrap();
    let sample = conformance::Sample::new(address, "test", serde_json::Value::Null);
    let driver = provider.driver("demo_network").unwrap();
    let mut proven = of_engine(&engine, &stack, &plan);
    proven.extend(of_journal(&store, &journal, &writer, &state));
    proven.extend(of_stores(&store, &files));
    let source = provider.data("data.demo_network").unwrap();
    let asked = conformance::DataSample::new(serde_json::json!({}));
    proven.extend(of_conformance(&**driver, &sample, &**source, &asked));
    proven.extend(of_kit());
    proven.extend(of_command_lines());
    proven.extend(of_clusters(&KopsStore::new(files.clone())));
    #[cfg(feature = "stores")]
    {
        let key = landform::store::Encryption::passphrase("one");
        proven.extend(of_features(&landform::store::Encrypted::new(store.clone(), key)));
    }
    #[cfg(feature = "client")]
    {
        let client = landform::aws::Client::emulator("http://127.0.0.1:1", "us-east-2").await.unwrap();
        proven.extend(of_clients());
        proven.extend(of_operations(&client));
    }
    #[cfg(feature = "gce-client")]
    proven.extend(of_google());
    #[cfg(feature = "terraform")]
    proven.extend(of_terraform());
    let outer = functions().into_iter().filter(|function| !INNER.contains(&&*function.file));
    let found: BTreeSet<String> = outer.map(|function| function.name).collect();
    let known = |name: &String| proven.contains(&name.as_str()) || OF_FEATURES.contains(&name.as_str());
    let missing: Vec<_> = found.iter().filter(|name| !known(name)).collect();
    assert!(missing.is_empty(), "add these here, so that they are known to be `Send`: {missing:?}");
    let gone: Vec<_> = proven.iter().filter(|name| !found.contains(**name)).collect();
    assert!(gone.is_empty(), "these are no longer public asynchronous functions: {gone:?}");
}

#[test]
fn every_public_future_says_what_dropping_it_does() {
    let silent: Vec<String> = functions()
        .into_iter()
        .filter(|function| !function.docs.contains("Cancel safety") && !CHECKS.contains(&&*function.file))
        .map(|function| format!("{} ({})", function.name, function.file))
        .collect();
    assert!(silent.is_empty(), "say under \"Cancel safety\" what dropping the future does: {silent:#?}");
}

#[tokio::test]
async fn a_plan_and_an_apply_can_be_spawned() {
    let bed = Bed::new();
    let mut stack = Stack::new("base");
    stack.add("main", Network::new(cidr("10.0.0.0/16")));
    let engine = bed.engine();
    let (engine, plan) =
        tokio::spawn(async move { (engine.clone(), engine.plan(&stack).await) }).await.unwrap();
    let plan = plan.unwrap();
    let report = tokio::spawn(async move { engine.apply(&plan).await }).await.unwrap().unwrap();
    assert_eq!(report.counts.added, 1);
}

/// A public asynchronous function in a source file.
struct Function {
    /// `Type::name`, or `folder/file::name` for a free function.
    name: String,
    /// The last two parts of its file's path.
    file: String,
    docs: String,
}

fn functions() -> Vec<Function> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["cli", "core", "plan", "providers", "layers"] {
        sources(&root.join(folder), &mut files);
    }
    files.extend(["kops_aws.rs", "kops_gce.rs", "kops_store.rs"].map(|file| root.join(file)));
    assert!(files.len() > 100, "the sources are not in the expected folders");
    files.iter().flat_map(|file| functions_of(file)).collect()
}

/// The sources of libraries under a folder: all files in a folder `src`.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") && path.iter().any(|part| part == "src") {
            files.push(path);
        }
    }
}

fn functions_of(file: &Path) -> Vec<Function> {
    let text = fs::read_to_string(file).unwrap();
    let stem = file.with_extension("");
    let parts: Vec<_> = stem.iter().rev().filter(|part| *part != "src").take(2).collect();
    let module = format!("{}/{}", parts[1].display(), parts[0].display());
    let (mut of, mut docs, mut found) = (None, String::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if line.starts_with("impl") {
            let words = trimmed.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            of = words
                .skip(1)
                .find(|word| word.len() > 1 && word.starts_with(char::is_uppercase))
                .map(str::to_owned);
        } else if line == "}" {
            of = None;
        } else if trimmed.starts_with("///") {
            docs += trimmed;
            docs.push('\n');
        } else if trimmed.starts_with("pub fn") || trimmed.starts_with("pub async fn") {
            let signature = text.lines().skip(number);
            let end = signature.clone().position(|line| line.ends_with('{')).unwrap_or_default();
            let answers_future = signature.take(end + 1).any(|line| line.contains("-> impl Future"));
            if trimmed.contains("async fn") || answers_future {
                let name = trimmed.split("fn ").nth(1).unwrap_or_default();
                let name = name.split(['(', '<']).next().unwrap_or_default();
                let name = format!("{}::{name}", of.as_deref().unwrap_or(&module));
                found.push(Function { name, file: format!("{module}.rs"), docs: std::mem::take(&mut docs) });
            }
            docs.clear();
        } else if !trimmed.starts_with('#') {
            docs.clear();
        }
    }
    found
}
