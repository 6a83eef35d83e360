//! Blocks of a target: the work that a service does for each event.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, block};

use crate::ec2::{SecurityGroup, Subnet};

/// The task that ECS runs.
#[block]
pub struct EcsTarget {
    /// The ARN of the task definition.
    pub task_definition_arn: String,
    /// The number of tasks.
    #[field(default = 1, minimum = 1)]
    pub task_count: u32,
    /// Where the tasks run: `EC2`, `FARGATE` or `EXTERNAL`.
    #[field(pattern = "^(EC2|FARGATE|EXTERNAL)$")]
    pub launch_type: Option<String>,
    /// The capacity providers, in place of `launch_type`.
    pub capacity_provider_strategy: BTreeSet<EcsCapacityProvider>,
    /// The network of the tasks, for tasks with their own interfaces.
    pub network_configuration: Option<EcsNetwork>,
    /// The version of Fargate.
    pub platform_version: Option<String>,
    /// The group of the tasks, at most 255 characters.
    #[field(max_length = 255)]
    pub group: Option<String>,
    /// Whether ECS adds its own tags.
    #[field(default = false)]
    pub enable_ecs_managed_tags: bool,
    /// Whether commands can run in the tasks.
    #[field(default = false)]
    pub enable_execute_command: bool,
    /// `TASK_DEFINITION` if the tasks get the tags of their definition.
    #[field(pattern = "^TASK_DEFINITION$")]
    pub propagate_tags: Option<String>,
    /// How ECS chooses instances, in order.
    #[field(max_items = 5)]
    pub ordered_placement_strategy: Vec<EcsPlacementStrategy>,
    /// The instances that ECS may choose.
    #[field(max_items = 10)]
    pub placement_constraint: BTreeSet<EcsPlacementConstraint>,
    /// Tags of the tasks.
    pub tags: BTreeMap<String, String>,
}

/// A provider of capacity for tasks.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct EcsCapacityProvider {
    /// Its name.
    pub capacity_provider: String,
    /// The share of tasks that it gets, 0 to 1000.
    #[field(default = 0, maximum = 1000)]
    pub weight: u32,
    /// The number of tasks that it gets first.
    #[field(default = 0, maximum = 100000)]
    pub base: u32,
}

/// The network of tasks.
#[block]
pub struct EcsNetwork {
    /// The subnets.
    #[field(required)]
    pub subnets: BTreeSet<Id<Subnet>>,
    /// The security groups.
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Whether the tasks get public addresses.
    #[field(default = false)]
    pub assign_public_ip: bool,
}

/// How ECS chooses instances.
#[block]
pub struct EcsPlacementStrategy {
    /// `random`, `spread` or `binpack`.
    #[field(pattern = "^(random|spread|binpack)$")]
    pub r#type: String,
    /// What to spread over, or what to fill.
    pub field: Option<String>,
}

/// The instances that ECS may choose.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct EcsPlacementConstraint {
    /// `distinctInstance` or `memberOf`.
    #[field(pattern = "^(distinctInstance|memberOf)$")]
    pub r#type: String,
    /// The expression that the instances meet.
    pub expression: Option<String>,
}

/// The job that Batch runs.
#[block]
pub struct BatchTarget {
    /// The ARN or the name of the job definition.
    pub job_definition: String,
    /// The name of the job.
    pub job_name: String,
    /// The number of jobs in an array, 2 to 10000.
    #[field(minimum = 2, maximum = 10000)]
    pub array_size: Option<u32>,
    /// The number of attempts, 1 to 10.
    #[field(minimum = 1, maximum = 10)]
    pub job_attempts: Option<u32>,
}

/// The statement that Redshift runs.
#[block]
pub struct RedshiftTarget {
    /// The database.
    pub database: String,
    /// The user.
    pub db_user: Option<String>,
    /// The ARN of the secret with the user's password.
    pub secrets_manager_arn: Option<String>,
    /// The statement.
    pub sql: Option<String>,
    /// The name of the statement.
    pub statement_name: Option<String>,
    /// Whether an event reports the end of the statement.
    #[field(default = false)]
    pub with_event: bool,
}

/// The parameters of a SageMaker pipeline.
#[block]
pub struct SagemakerPipelineTarget {
    /// The parameters.
    #[field(max_items = 200)]
    pub pipeline_parameter_list: BTreeSet<PipelineParameter>,
}

/// A parameter of a SageMaker pipeline.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct PipelineParameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The operation of an AppSync API.
#[block]
pub struct AppsyncTarget {
    /// The operation in GraphQL.
    pub graphql_operation: Option<String>,
}
