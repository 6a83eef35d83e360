//! Checks whether the cloud matches the declarations, and whether the declarations survive the loss of a zone.

use std::{fmt, process::ExitCode};

use landform::{
    Engine, PlanOptions, Printable,
    cli::{Context, Table},
    kops::spec::Role,
    view,
    words::count,
};
use serde::Serialize;

use crate::{Failure, arguments::Arguments, clouds::Chosen, project::Project};

/// The findings.
#[derive(Debug, Serialize)]
pub struct Validation {
    groups: Vec<Group>,
    resources: usize,
    errors: Vec<Problem>,
}

/// A group of machines from its spec.
#[derive(Debug, Serialize)]
struct Group {
    cluster: String,
    name: String,
    role: String,
    machine_type: String,
    min: u32,
    max: u32,
    subnets: String,
}

/// A problem that the validation found.
#[derive(Debug, Serialize)]
struct Problem {
    kind: String,
    name: String,
    message: String,
}

/// Validates what the command line names, and prints the findings.
pub async fn run(context: &Context<Arguments>) -> Result<ExitCode, Failure> {
    let project = Project::read(&context.arguments, Chosen::of(context)).await?;
    let validation = validate(&context.engine().await?, &project).await?;
    if context.json() {
        println!("{}", Printable(serde_json::to_string(&validation)?));
    } else {
        print!("{}", Printable(validation.to_string()));
    }
    Ok(if validation.is_valid() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads the cloud and compares it with the declarations.
pub async fn validate(engine: &Engine, project: &Project) -> Result<Validation, Failure> {
    let plan = engine.plan_with(&project.stack, &PlanOptions::default()).await?;
    let mut errors = Vec::new();
    for change in &plan.changes {
        let (kind, name) = (change.type_name.to_string(), change.address.name().to_owned());
        errors.push(Problem { kind, name, message: view::mismatch(change) });
    }
    let mut groups = Vec::new();
    for spec in &project.clusters {
        let mut control_plane = 0;
        for group in &spec.groups {
            let role = group.spec.role.unwrap_or(Role::Node);
            let (min, max) = (group.spec.min_size.unwrap_or(1), group.spec.max_size.unwrap_or(1));
            if role == Role::ControlPlane {
                control_plane += max;
            }
            groups.push(Group {
                cluster: spec.name().to_owned(),
                name: group.metadata.name.clone(),
                role: format!("{role:?}"),
                machine_type: group.spec.machine_type.clone(),
                min,
                max,
                subnets: group.spec.subnets.join(","),
            });
        }
        if control_plane % 2 == 0 {
            let message =
                format!("{control_plane} machines in the control plane: an odd number keeps a quorum");
            errors.push(Problem { kind: "Cluster".into(), name: spec.name().to_owned(), message });
        }
    }
    Ok(Validation { groups, resources: plan.unchanged.len(), errors })
}

impl Validation {
    /// Whether there are no findings.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The result in a few words.
    pub fn summary(&self) -> String {
        let resources = count(self.resources, "resource");
        match self.errors.len() {
            0 => format!("{resources} as declared"),
            errors => format!("{resources} as declared, {}", count(errors, "error")),
        }
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.groups.is_empty() {
            let rows = self.groups.iter().map(|group| {
                [
                    group.cluster.clone(),
                    group.name.clone(),
                    group.role.clone(),
                    group.machine_type.clone(),
                    group.min.to_string(),
                    group.max.to_string(),
                    group.subnets.clone(),
                ]
            });
            writeln!(f, "INSTANCE GROUPS")?;
            let heads = ["CLUSTER", "NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "SUBNETS"];
            writeln!(f, "{}", Table::new(heads, rows))?;
        }
        if !self.errors.is_empty() {
            let rows = self
                .errors
                .iter()
                .map(|error| [error.kind.clone(), error.name.clone(), error.message.clone()]);
            writeln!(f, "VALIDATION ERRORS")?;
            writeln!(f, "{}", Table::new(["KIND", "NAME", "MESSAGE"], rows))?;
        }
        writeln!(f, "{}.", self.summary())
    }
}
