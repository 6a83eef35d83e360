//! The whole story on the embedded cloud: a network, two clusters in it, a larger group, and the deletion of
//! everything.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use landform::{
    ApplyOptions, Engine, Plan, Printable, aws,
    cli::{self, Context, Place},
    kops::Spec,
    sim::Cloud,
    view::{self, Detail, TextOptions},
    vpc::BaseNetwork,
    words::count,
};

use crate::{
    Failure,
    arguments::Arguments,
    project::{Project, STACK, beforehand},
    validate,
};

const WORKING: &str = include_str!("working.yml");
const PRODUCTION: &str = include_str!("production.yml");

/// The line of the working cluster's spec that changes, and its new text.
const SIZE: (&str, &str) = ("minSize: &size 3", "minSize: &size 30");

/// Runs the story with the state that the command line names, or in a fresh directory.
pub async fn tell(context: &Context<Arguments>) -> Result<ExitCode, Failure> {
    if context.uses_cloud("aws") {
        return Err(
            "the story runs on the embedded cloud only: use apply and destroy with --cloud aws".into()
        );
    }
    let place = match context.has_state() {
        true => context.place().clone(),
        false => Place { state: fresh_directory()?.join("state").display().to_string() },
    };
    let cloud = Cloud::open(place.embedded_cloud()).types(aws::types()).build()?;
    // Reads show writes at once there.
    let engine = Engine::builder().provider(cloud.provider("aws")).lag(Duration::ZERO);
    let engine = engine.state(&*place.state).events(context.brief_listener()).open()?;
    let known = engine.state(STACK).await?.len();
    if known > 0 {
        let (state, known) = (&place.state, count(known, "resource"));
        return Err(format!("{state}: the story needs an empty state, this one has {known}").into());
    }
    for (type_name, id, arguments) in beforehand() {
        cloud.seed(type_name, id, arguments)?;
    }
    let mut story = Story { engine, cloud, place, json: context.json(), steps: Vec::new() };
    story.all().await?;
    Ok(ExitCode::SUCCESS)
}

/// The width of the story's lines.
const WIDTH: usize = 96;

struct Story {
    engine: Engine,
    cloud: Cloud,
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
    async fn all(&mut self) -> Result<(), Failure> {
        let network = BaseNetwork::default();
        let working = self.spec("working.yml", WORKING)?;
        let production = self.spec("production.yml", PRODUCTION)?;

        let first = Project::with_clusters(&network, vec![working.clone()])?;
        let plan = self.plan("plan a three-zone VPC and a cluster in it", &first, Detail::Summary).await?;
        self.apply("apply", &plan).await?;
        let plan = self.plan("plan again", &first, Detail::Full).await?;
        expect(plan.is_empty(), "a plan right after its apply has no changes")?;

        let both = Project::with_clusters(&network, vec![working, production.clone()])?;
        let plan = self.plan("plan a second cluster in the same VPC", &both, Detail::Summary).await?;
        expect(changes_of(&plan, "aws_nat_gateway") == 0, "a second cluster adds no NAT gateway")?;
        self.say("  It adds no NAT gateway: it shares the VPC's.\n");
        self.apply("apply", &plan).await?;

        let grown = self.spec("working.yml", &WORKING.replace(SIZE.0, SIZE.1))?;
        self.say(&format!("  One line of working.yml changes: {:?} becomes {:?}.\n", SIZE.0, SIZE.1));
        let grown = Project::with_clusters(&network, vec![grown, production.clone()])?;
        let plan = self.plan("plan 30 nodes instead of 3", &grown, Detail::Full).await?;
        let counts = plan.counts();
        expect(plan.changes.len() == 1 && counts.changed == 1, "growing is one update in place")?;
        self.apply("apply", &plan).await?;

        self.validate(&grown).await?;

        let rest = Project::with_clusters(&network, vec![production])?;
        let plan = self.plan("plan the deletion of the first cluster", &rest, Detail::Summary).await?;
        let spared =
            ["aws_nat_gateway", "aws_vpc", "aws_eip"].into_iter().all(|name| changes_of(&plan, name) == 0);
        expect(spared, "deleting a cluster does not touch the VPC and its NAT gateways")?;
        self.say("  The VPC, its NAT gateways and the second cluster stay.\n");
        self.apply("apply", &plan).await?;

        let plan = self.destroy(&rest).await?;
        self.apply("destroy", &plan).await?;
        self.nothing_left().await?;
        self.table();
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

    /// Checks in the state and in the cloud that nothing is left.
    async fn nothing_left(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        let known = self.engine.state(STACK).await?.len();
        let made: Vec<_> = self
            .cloud
            .objects()?
            .into_iter()
            .filter(|object| beforehand().iter().all(|(_, id, _)| object.id != *id))
            .collect();
        expect(known == 0 && made.is_empty(), "destroy leaves nothing that the stack made")?;
        self.say(
            "\nOnly the hosted zone and the bucket are left, which existed before. The state is empty.\n",
        );
        let came = "0 known, 0 in the cloud".to_owned();
        self.steps.push(Step { what: "look around", came, took: began.elapsed() });
        Ok(())
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
        let (state, cloud) = (&self.place.state, self.place.embedded_cloud());
        self.say(&format!("\nThe state is in {state}, the cloud in {}.\n", cloud.display()));
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
        let item = format!("{number} {}, ", name.trim_start_matches("aws_"));
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
