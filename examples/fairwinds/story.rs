//! The whole story: a network, two clusters that share it, a larger group, and the deletion of
//! everything. It runs on the embedded cloud. Each cloud's part is in a module of its own.

mod on_aws;
mod on_google;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use landform::{
    ApplyOptions, Engine, EngineBuilder, Plan, Printable, aws,
    cli::{self, Context, Place},
    gce,
    kops::Spec,
    sim::Cloud,
    view::{self, Detail, TextOptions},
    words::count,
};

use crate::{
    Failure,
    arguments::Arguments,
    clouds::Chosen,
    project::{Project, STACK},
    validate,
};

/// Runs the story with the state that the command line names, or in a fresh directory.
pub async fn tell(context: &Context<Arguments>) -> Result<ExitCode, Failure> {
    let place = match context.has_state() {
        true => context.place().clone(),
        false => Place { state: fresh_directory()?.join("state").display().to_string() },
    };
    let (engine, cloud) = match Chosen::of(context) {
        Chosen::Embedded => embedded(&place, "aws")?,
        Chosen::Aws => {
            return Err(
                "the story runs on the embedded cloud only: use apply and destroy with --cloud aws".into()
            );
        }
        Chosen::Google => on_google::cloud(&place).await?,
    };
    let engine = engine.state(&*place.state).events(context.brief_listener()).open()?;
    let known = engine.state(STACK).await?.len();
    if known > 0 {
        let (state, known) = (&place.state, count(known, "resource"));
        return Err(format!("{state}: the story needs an empty state, this one has {known}").into());
    }
    let mut story = Story { engine, cloud, place, json: context.json(), steps: Vec::new() };
    match Chosen::of(context) {
        Chosen::Google => story.on_google().await?,
        Chosen::Embedded | Chosen::Aws => story.on_aws().await?,
    }
    story.table();
    Ok(ExitCode::SUCCESS)
}

/// An engine with the embedded cloud as a provider. Like that of the other commands, it has the types of all clouds. Reads
/// show writes at once there.
fn embedded(place: &Place, provider: &str) -> Result<(EngineBuilder, Option<Cloud>), Failure> {
    let cloud = Cloud::open(place.embedded_cloud()).types(aws::types()).types(gce::types()).build()?;
    Ok((Engine::builder().provider(cloud.provider(provider)).lag(Duration::ZERO), Some(cloud)))
}

/// The width of the story's lines.
const WIDTH: usize = 96;

struct Story {
    engine: Engine,
    /// The embedded cloud. `None` if a server answers instead.
    cloud: Option<Cloud>,
    place: Place,
    json: bool,
    steps: Vec<Step>,
}

/// One row of the closing table.
struct Step {
    what: &'static str,
    came: String,
    took: Duration,
}

impl Story {
    async fn plan(&mut self, what: &'static str, project: &Project, detail: Detail) -> Result<Plan, Failure> {
        let began = Instant::now();
        let plan = self.engine.plan(&project.stack).await?;
        self.planned(what, &plan, detail, began.elapsed());
        Ok(plan)
    }

    async fn destroy(&mut self, project: &Project) -> Result<Plan, Failure> {
        let began = Instant::now();
        let plan = self.engine.plan_destroy(&project.stack).await?;
        self.planned("plan the deletion of everything", &plan, Detail::Summary, began.elapsed());
        Ok(plan)
    }

    fn planned(&mut self, what: &'static str, plan: &Plan, detail: Detail, took: Duration) {
        self.say(&format!("\n▸ {what}\n"));
        match detail {
            Detail::Summary => self.say(&by_type(plan)),
            Detail::Full => self.say(&format!(
                "{}\n",
                view::text_with(plan, &TextOptions::terminal()).to_string().trim_end()
            )),
        }
        self.steps.push(Step { what, came: came(plan), took });
    }

    async fn apply(&mut self, what: &'static str, plan: &Plan) -> Result<(), Failure> {
        let report = cli::apply(&self.engine, plan, &ApplyOptions::default()).await?.complete()?;
        let counts = report.counts;
        let came = format!(
            "{} added, {} changed, {} replaced, {} destroyed",
            counts.added, counts.changed, counts.replaced, counts.destroyed
        );
        self.say(&format!("▸ {what}\n  {came} in {:.2} s\n", report.elapsed.as_secs_f64()));
        self.steps.push(Step { what, came, took: report.elapsed });
        Ok(())
    }

    async fn validate(&mut self, project: &Project) -> Result<(), Failure> {
        let began = Instant::now();
        let validation = validate::validate(&self.engine, project).await?;
        self.say(&format!("\n▸ validate\n{validation}"));
        expect(validation.is_valid(), "the applied stack is valid")?;
        self.steps.push(Step { what: "validate", came: validation.summary(), took: began.elapsed() });
        Ok(())
    }

    /// Checks in the state and in the embedded cloud that nothing is left but what existed before.
    async fn nothing_left(&mut self, before: &[&str], said: &str) -> Result<(), Failure> {
        let began = Instant::now();
        let known = self.engine.state(STACK).await?.len();
        let objects = self.cloud.as_ref().map(Cloud::objects).transpose()?;
        let made = objects.iter().flatten().filter(|object| !before.contains(&&*object.id)).count();
        expect(known == 0 && made == 0, "destroy leaves nothing that the stack made")?;
        self.say(&format!("\n{said} The state is empty.\n"));
        let came = match &self.cloud {
            Some(_) => "0 known, 0 in the cloud".to_owned(),
            None => "0 known".to_owned(),
        };
        self.steps.push(Step { what: "look around", came, took: began.elapsed() });
        Ok(())
    }

    /// Writes a spec to a file beside the state and reads the file, as a user would.
    fn spec(&self, name: &str, text: &str) -> Result<Spec, Failure> {
        let directory = Path::new(&self.place.state).with_extension("specs");
        let file = directory.join(name);
        std::fs::create_dir_all(&directory)
            .and_then(|()| std::fs::write(&file, text))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(Spec::load(&file)?)
    }

    fn table(&self) {
        let wide = self.steps.iter().map(|step| step.what.chars().count()).max().unwrap_or(0);
        let came = self.steps.iter().map(|step| step.came.chars().count()).max().unwrap_or(0);
        self.say(&format!("\n{:wide$}  {:came$}  took\n", "step", "result"));
        for step in &self.steps {
            let took = format!("{:.2} s", step.took.as_secs_f64());
            self.say(&format!("{:wide$}  {:came$}  {took:>6}\n", step.what, step.came));
        }
        let all: Duration = self.steps.iter().map(|step| step.took).sum();
        self.say(&format!("{:wide$}  {:came$}  {:>6}\n", "", "", format!("{:.2} s", all.as_secs_f64())));
        let state = &self.place.state;
        match &self.cloud {
            Some(cloud) => {
                let cloud = cloud.directory().display();
                self.say(&format!("\nThe state is in {state}, the cloud in {cloud}.\n"));
            }
            None => self.say(&format!("\nThe state is in {state}.\n")),
        }
        if self.json {
            let steps: Vec<_> = self
                .steps
                .iter()
                .map(|step| serde_json::json!({ "step": step.what, "came": step.came, "seconds": step.took.as_secs_f64() }))
                .collect();
            println!("{}", Printable(serde_json::json!({ "event": "story", "steps": steps })));
        }
    }

    fn say(&self, text: &str) {
        if !self.json {
            print!("{}", Printable(text));
        }
    }
}

/// The line of the working cluster's spec that changes, and its new text.
const SIZE: (&str, &str) = ("minSize: &size 3", "minSize: &size 30");

fn fresh_directory() -> Result<PathBuf, Failure> {
    let base: &Path = &std::env::temp_dir();
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    Ok(base.join(format!("landform-fairwinds-{moment}-{}", std::process::id())))
}

fn changes_of(plan: &Plan, type_name: &str) -> usize {
    plan.changes.iter().filter(|change| change.type_name.as_str() == type_name).count()
}

/// The number of changes of each type, and the counts.
fn by_type(plan: &Plan) -> String {
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for change in &plan.changes {
        *types.entry(change.type_name.as_str()).or_default() += 1;
    }
    let mut lines = String::new();
    let mut line = String::new();
    for (name, number) in types {
        let shorter =
            ["aws_", "google_compute_", "google_"].iter().find_map(|prefix| name.strip_prefix(prefix));
        let name = shorter.unwrap_or(name);
        let item = format!("{number} {name}, ");
        if line.len() + item.len() > WIDTH {
            lines.push_str(&format!("  {}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(&item);
    }
    lines.push_str(&format!("  {}\n", line.trim_end_matches(", ")));
    let estimate = Duration::from_secs_f64(plan.critical_path().round());
    format!("{lines}  {}; on a real cloud about {estimate:?}\n", came(plan))
}

fn came(plan: &Plan) -> String {
    if plan.is_empty() {
        return "no changes".to_owned();
    }
    let counts = plan.counts();
    format!(
        "{} to add, {} to change, {} to replace, {} to destroy",
        counts.added, counts.changed, counts.replaced, counts.destroyed
    )
}

/// The story is also a test: it fails if a statement is false.
fn expect(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(format!("the story is wrong: expected that {what}").into()) }
}
