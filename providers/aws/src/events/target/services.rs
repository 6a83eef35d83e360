//! Converts the work of services between the declaration and the wire.

use aws_sdk_eventbridge::types::{
    AppSyncParameters, AssignPublicIp, AwsVpcConfiguration, BatchArrayProperties, BatchParameters,
    BatchRetryStrategy, CapacityProviderStrategyItem, EcsParameters, NetworkConfiguration,
    PlacementConstraint, PlacementStrategy, RedshiftDataParameters, SageMakerPipelineParameter,
    SageMakerPipelineParameters,
};

use super::work::*;
use crate::client::{
    error::built,
    prelude::*,
    tags::{given, sent},
};

pub(super) fn ecs_sent(task: &EcsTarget) -> Result<EcsParameters> {
    let providers = task.capacity_provider_strategy.iter().map(|one| {
        let item = CapacityProviderStrategyItem::builder().capacity_provider(&one.capacity_provider);
        let weight: Option<i32> = one.weight.wire();
        built(
            item.weight(weight.unwrap_or_default())
                .base(Wire::<Option<i32>>::wire(&one.base).unwrap_or_default())
                .build(),
        )
    });
    let providers: Vec<_> = providers.collect::<Result<_>>()?;
    let network = task.network_configuration.as_ref().map(|network| {
        let public =
            if network.assign_public_ip { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled };
        let vpc = AwsVpcConfiguration::builder()
            .set_subnets(network.subnets.wire())
            .set_security_groups(network.security_groups.wire())
            .assign_public_ip(public);
        built(vpc.build()).map(|vpc| NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
    });
    let strategy = task.ordered_placement_strategy.iter().map(|one| {
        PlacementStrategy::builder().set_type(one.r#type.wire()).set_field(one.field.wire()).build()
    });
    let strategy: Vec<_> = strategy.collect();
    let constraints = task.placement_constraint.iter().map(|one| {
        PlacementConstraint::builder()
            .set_type(one.r#type.wire())
            .set_expression(one.expression.wire())
            .build()
    });
    let constraints: Vec<_> = constraints.collect();
    let parameters = EcsParameters::builder()
        .task_definition_arn(&task.task_definition_arn)
        .set_task_count(task.task_count.wire())
        .set_launch_type(task.launch_type.wire())
        .set_capacity_provider_strategy((!providers.is_empty()).then_some(providers))
        .set_network_configuration(network.transpose()?)
        .set_platform_version(task.platform_version.wire())
        .set_group(task.group.wire())
        .enable_ecs_managed_tags(task.enable_ecs_managed_tags)
        .enable_execute_command(task.enable_execute_command)
        .set_propagate_tags(task.propagate_tags.wire())
        .set_placement_strategy((!strategy.is_empty()).then_some(strategy))
        .set_placement_constraints((!constraints.is_empty()).then_some(constraints))
        .set_tags(sent(&task.tags));
    built(parameters.build())
}

pub(super) fn ecs(task: EcsParameters) -> Result<EcsTarget> {
    let providers = task.capacity_provider_strategy.unwrap_or_default().into_iter();
    let providers = providers.map(|one| {
        Ok(EcsCapacityProvider {
            capacity_provider: one.capacity_provider,
            weight: read(Some(one.weight), "weight")?,
            base: read(Some(one.base), "base")?,
        })
    });
    let network = task.network_configuration.and_then(|network| network.awsvpc_configuration);
    let network = network.map(|vpc| {
        Ok::<_, Error>(EcsNetwork {
            subnets: read(Some(vpc.subnets), "subnets")?,
            security_groups: read(vpc.security_groups, "security_groups")?,
            assign_public_ip: vpc.assign_public_ip == Some(AssignPublicIp::Enabled),
        })
    });
    let strategy = task.placement_strategy.unwrap_or_default().into_iter();
    let strategy = strategy
        .map(|one| Ok(read!(one => EcsPlacementStrategy { r#type = read(one.r#type, "type")?, field })));
    let constraints = task.placement_constraints.unwrap_or_default().into_iter();
    let constraints = constraints.map(|one| {
        Ok(read!(one => EcsPlacementConstraint { r#type = read(one.r#type, "type")?, expression }))
    });
    Ok(EcsTarget {
        task_definition_arn: task.task_definition_arn,
        task_count: read(task.task_count.or(Some(1)), "task_count")?,
        launch_type: read(task.launch_type, "launch_type")?,
        capacity_provider_strategy: providers.collect::<Result<_>>()?,
        network_configuration: network.transpose()?,
        platform_version: task.platform_version,
        group: task.group,
        enable_ecs_managed_tags: task.enable_ecs_managed_tags,
        enable_execute_command: task.enable_execute_command,
        propagate_tags: read(task.propagate_tags, "propagate_tags")?,
        ordered_placement_strategy: strategy.collect::<Result<_>>()?,
        placement_constraint: constraints.collect::<Result<_>>()?,
        tags: given(task.tags).collect(),
    })
}

pub(super) fn batch_sent(job: &BatchTarget) -> Result<BatchParameters> {
    let number = |number: Option<u32>| Wire::<Option<i32>>::wire(&number);
    let array = number(job.array_size).map(|size| BatchArrayProperties::builder().size(size).build());
    let retries = number(job.job_attempts).map(|most| BatchRetryStrategy::builder().attempts(most).build());
    let parameters = BatchParameters::builder()
        .job_definition(&job.job_definition)
        .job_name(&job.job_name)
        .set_array_properties(array)
        .set_retry_strategy(retries);
    built(parameters.build())
}

pub(super) fn batch(job: BatchParameters) -> Result<BatchTarget> {
    let number = |number: i32| Some(number).filter(|number| *number > 0);
    Ok(BatchTarget {
        job_definition: job.job_definition,
        job_name: job.job_name,
        array_size: read(job.array_properties.and_then(|array| number(array.size)), "size")?,
        job_attempts: read(job.retry_strategy.and_then(|retries| number(retries.attempts)), "attempts")?,
    })
}

pub(super) fn redshift_sent(statement: &RedshiftTarget) -> Result<RedshiftDataParameters> {
    let parameters = RedshiftDataParameters::builder()
        .database(&statement.database)
        .set_db_user(statement.db_user.wire())
        .set_secret_manager_arn(statement.secrets_manager_arn.wire())
        .set_sql(statement.sql.wire())
        .set_statement_name(statement.statement_name.wire())
        .with_event(statement.with_event);
    built(parameters.build())
}

pub(super) fn redshift(statement: RedshiftDataParameters) -> RedshiftTarget {
    RedshiftTarget {
        database: statement.database,
        db_user: statement.db_user,
        secrets_manager_arn: statement.secret_manager_arn,
        sql: statement.sql,
        statement_name: statement.statement_name,
        with_event: statement.with_event,
    }
}

pub(super) fn pipeline_sent(pipeline: &SagemakerPipelineTarget) -> Result<SageMakerPipelineParameters> {
    let all = pipeline.pipeline_parameter_list.iter();
    let all =
        all.map(|one| built(SageMakerPipelineParameter::builder().name(&one.name).value(&one.value).build()));
    let all: Vec<_> = all.collect::<Result<_>>()?;
    Ok(SageMakerPipelineParameters::builder()
        .set_pipeline_parameter_list((!all.is_empty()).then_some(all))
        .build())
}

pub(super) fn pipeline(pipeline: SageMakerPipelineParameters) -> SagemakerPipelineTarget {
    let all = pipeline.pipeline_parameter_list.unwrap_or_default().into_iter();
    let all = all.map(|one| PipelineParameter { name: one.name, value: one.value });
    SagemakerPipelineTarget { pipeline_parameter_list: all.collect() }
}

pub(super) fn appsync_sent(api: &AppsyncTarget) -> AppSyncParameters {
    AppSyncParameters::builder().set_graph_ql_operation(api.graphql_operation.wire()).build()
}

pub(super) fn appsync(api: AppSyncParameters) -> AppsyncTarget {
    AppsyncTarget { graphql_operation: api.graph_ql_operation }
}
