//! The services other than EC2 and load balancing: the conformance kit tries every type and every data source. Further
//! tests cover what the kit does not.

mod answers;
mod boto3;
mod records;

use std::time::Duration;

use landform_aws::{Route53Zone, S3Bucket, Vpc};
use landform_core::{
    Address, FindBy, Manage, Observed, Provider, Resource,
    conformance::{Clause, Sample, check},
};
use serde_json::{Value as Json, json};

use super::{Aws, Client, Moto, REGION, Strict, allow, client, create, delete, typed};

/// The services under test here. The table of `compute.rs` has the others.
pub const TYPES: [&str; 17] = [
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_event_target",
    "aws_cloudwatch_log_group",
    "aws_iam_openid_connect_provider",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_route53_record",
    "aws_route53_zone",
    "aws_route53_zone_association",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_s3_object",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
];

/// A server, the kit for its resources, and its drivers.
pub async fn world() -> (Moto, Aws, Provider) {
    let moto = Moto::start();
    let client = client(&moto).await;
    let provider = Client::emulator(&moto.url(), REGION).await.unwrap().provider();
    (moto, client, provider)
}

/// Like [`world`], behind the strict proxy.
pub(super) async fn strict_world() -> (Moto, Strict, Aws, Provider) {
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let client = Client::emulator(&strict.url(), REGION).await.unwrap();
    (moto, strict, client.clone().kit(), client.provider())
}

/// Tries all clauses with these samples: the name of the type, arguments, changed arguments.
pub(super) async fn conform(strict: &Strict, provider: &Provider, samples: &[(&str, Json, Json)]) {
    for (number, (type_name, arguments, changed)) in samples.iter().enumerate() {
        let mut without = changed.clone();
        let without = without.as_object_mut().and_then(|fields| fields.remove("tags")).map(|_| without);
        let address = Address::new(&type_name.parse().unwrap(), "sample").unwrap();
        let driver = provider.driver(type_name).unwrap();
        let abilities = driver.abilities();
        let mut skipped = Vec::new();
        if abilities.find == FindBy::Identity {
            skipped.extend([Clause::Unused, Clause::CreateAgain]);
        }
        skipped.extend(without.is_none().then_some(Clause::TakenAway));
        skipped.extend(abilities.reset.then_some(Clause::Absent));
        let has_secret = arguments.to_string().contains("\"client_secret\"");
        skipped.extend((!has_secret).then_some(Clause::Secrets));
        let sample =
            Sample::new(address, format!("{number}-{}", type_name.replace('_', "-")), arguments.clone())
                .changed(changed.clone())
                .without(without)
                .patience(Duration::from_secs(20));
        strict.forget();
        let report = check(&**driver, &sample, tokio::time::sleep).await;
        let report = report.unwrap_or_else(|broken| panic!("{arguments}: {broken}"));
        assert_eq!(report.skipped, skipped, "{type_name}");
        let untold = super::untold(strict, type_name);
        assert!(untold.is_empty(), "{untold:?}");
    }
}

/// A bucket for samples.
async fn bucket(client: &Aws, name: &str) -> Observed<S3Bucket> {
    create(client, name, &typed(json!({ "bucket": name }))).await
}

#[tokio::test]
async fn dns_keeps_the_contract() {
    let (_moto, strict, client, provider) = strict_world().await;
    let vpc: Observed<Vpc> = create(&client, "one", &typed(json!({ "cidr_block": "10.0.0.0/16" }))).await;
    let other: Observed<Vpc> = create(&client, "other", &typed(json!({ "cidr_block": "10.1.0.0/16" }))).await;
    let zone: Observed<Route53Zone> =
        create(&client, "zone", &typed(json!({ "name": "Example.com.", "tags": { "Name": "a" } }))).await;
    let private = typed(json!({ "name": "internal.example", "vpc": [{ "vpc_id": vpc.id() }] }));
    let private: Observed<Route53Zone> = create(&client, "private", &private).await;
    assert_eq!(zone.attributes.name_servers.len(), 4);
    assert_eq!(private.attributes.name_servers, zone.attributes.name_servers);
    let (zone, linked) = (zone.id(), format!("/hostedzone/{}", private.id()));
    let (tags, changed) = (json!({ "Name": "a", "Old": "yes" }), json!({ "Name": "b", "New": "yes" }));
    let association = json!({ "zone_id": linked, "vpc_id": other.id() });
    let weighted = |weight: u8| {
        json!({
            "zone_id": zone, "name": "blue", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
            "set_identifier": "one_more", "weighted_routing_policy": { "weight": weight },
        })
    };
    let near = |place: Json, bias: i32| {
        let mut near = json!({
            "zone_id": zone, "name": "near", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
            "set_identifier": "near", "geoproximity_routing_policy": place, "allow_overwrite": true,
        });
        near["geoproximity_routing_policy"]["bias"] = bias.into();
        near
    };
    let place = json!({ "coordinates": { "latitude": "49.22", "longitude": "-74.01" } });
    let alias = |healthy: bool| {
        json!({
            "zone_id": format!("/hostedzone/{zone}"), "name": "", "type": "AAAA",
            "alias": { "name": "API.elb.amazonaws.com", "zone_id": "Z3AADJGX6KTTL2", "evaluate_target_health": healthy },
        })
    };
    let simple = |kind: &str, name: &str, records: Json, ttl: u32| json!({ "zone_id": zone, "name": name, "type": kind, "ttl": ttl, "records": records });
    conform(
        &strict,
        &provider,
        &[
            (
                "aws_route53_zone",
                json!({ "name": "Other.org", "comment": "of others", "tags": tags }),
                json!({ "name": "Other.org", "tags": changed }),
            ),
            (
                "aws_route53_zone",
                json!({ "name": "corp.internal", "vpc": [{ "vpc_id": vpc.id() }], "tags": tags }),
                json!({
                    "name": "corp.internal", "vpc": [{ "vpc_id": other.id(), "vpc_region": REGION }], "tags": changed,
                }),
            ),
            ("aws_route53_zone_association", association.clone(), association),
            (
                "aws_route53_record",
                simple("A", "*.Example.com", json!(["192.0.2.1", "192.0.2.2"]), 60),
                simple("A", "*.Example.com", json!(["192.0.2.3"]), 300),
            ),
            (
                "aws_route53_record",
                simple("TXT", "_acme-challenge.www", json!(["v=spf1 -all"]), 60),
                simple("TXT", "_acme-challenge.www", json!(["v=spf1 -all", "two words"]), 60),
            ),
            ("aws_route53_record", weighted(10), weighted(20)),
            ("aws_route53_record", near(json!({ "aws_region": "us-east-1" }), 10), near(place, -10)),
            ("aws_route53_record", alias(false), alias(true)),
        ],
    )
    .await;
}

#[tokio::test]
async fn storage_keeps_the_contract() {
    let (_moto, strict, client, provider) = strict_world().await;
    let (tags, changed) = (json!({ "Name": "a", "Old": "yes" }), json!({ "Name": "b", "New": "yes" }));
    let bucket = bucket(&client, "landform-samples").await;
    let bucket = bucket.id();
    let policy = |action: &str| {
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": action, "Resource": format!("arn:aws:s3:::{bucket}/*"),
        });
        json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
    };
    let block = |one: bool| json!({ "bucket": bucket, "block_public_acls": one, "block_public_policy": true, "ignore_public_acls": !one });
    let versions =
        |status: &str| json!({ "bucket": bucket, "versioning_configuration": { "status": status } });
    let encryption = |rule: Json, key: bool| {
        json!({
            "bucket": bucket,
            "rule": { "apply_server_side_encryption_by_default": rule, "bucket_key_enabled": key },
        })
    };
    let text = |content: &str, tags: &Json, kind: &str| {
        json!({
            "bucket": bucket, "key": "a/b c+d.txt", "content": content, "content_type": kind, "tags": tags,
            "metadata": { "owner": "net" }, "cache_control": "no-cache", "storage_class": "STANDARD_IA",
        })
    };
    let bytes = |content: &str, acl: &str| {
        json!({
            "bucket": bucket, "key": "bytes", "content_base64": content, "acl": acl,
            "server_side_encryption": "AES256",
        })
    };
    let samples = [
        (
            "aws_s3_bucket",
            json!({ "bucket": "landform-logs", "tags": tags }),
            json!({ "bucket": "landform-logs", "tags": changed }),
        ),
        (
            "aws_s3_bucket_policy",
            json!({ "bucket": bucket, "policy": policy("s3:GetObject") }),
            json!({ "bucket": bucket, "policy": policy("s3:PutObject") }),
        ),
        ("aws_s3_bucket_public_access_block", block(true), block(false)),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            encryption(json!({ "sse_algorithm": "AES256" }), false),
            encryption(json!({ "sse_algorithm": "aws:kms", "kms_master_key_id": "key-1" }), true),
        ),
        ("aws_s3_object", text("one", &tags, "text/plain"), text("", &changed, "text/html")),
        ("aws_s3_object", bytes("AAECAw==", "public-read"), bytes("dGV4dA", "private")),
        (
            "aws_s3_object",
            json!({ "bucket": bucket, "key": "empty" }),
            json!({ "bucket": bucket, "key": "empty", "content_language": "en" }),
        ),
        ("aws_s3_bucket_versioning", versions("Enabled"), versions("Suspended")),
        ("aws_s3_object", text("one", &tags, "text/plain"), text("two", &changed, "text/html")),
    ];
    conform(&strict, &provider, &samples).await;
}

#[tokio::test]
async fn queues_events_keys_and_logs_keep_the_contract() {
    let (_moto, strict, client, provider) = strict_world().await;
    let (tags, changed) = (json!({ "Name": "a", "Old": "yes" }), json!({ "Name": "b", "New": "yes" }));
    let key: Observed<landform_aws::KmsKey> =
        create(&client, "one", &typed(json!({ "description": "one" }))).await;
    let other: Observed<landform_aws::KmsKey> = create(&client, "other", &typed(json!({}))).await;
    let queue: Observed<landform_aws::SqsQueue> =
        create(&client, "queue", &typed(json!({ "name": "told" }))).await;
    let dead = json!({ "name": "dead.fifo", "fifo_queue": true });
    let dead: Observed<landform_aws::SqsQueue> = create(&client, "dead", &typed(dead)).await;
    let rule = json!({ "name": "base", "schedule_expression": "rate(1 hour)" });
    create(&client, "rule", &typed::<landform_aws::CloudwatchEventRule>(rule)).await;
    let issuer = "https://oidc.example.com/id/A1";
    let target = |field: &str, how: Json| {
        let mut target = json!({
            "rule": "base", "arn": "arn:aws:ecs:us-east-2:123456789012:cluster/work", "target_id": field,
            "role_arn": "arn:aws:iam::123456789012:role/starts", "force_destroy": true,
        });
        target[field] = how;
        target
    };
    let task = |count: u32, kind: &str| {
        let how = json!({
            "task_definition_arn": "arn:aws:ecs:us-east-2:123456789012:task-definition/work", "task_count": count,
            "launch_type": kind, "platform_version": "LATEST", "group": "work", "enable_ecs_managed_tags": count == 1,
            "enable_execute_command": count == 2, "propagate_tags": "TASK_DEFINITION", "tags": { "team": kind },
            "network_configuration": {
                "subnets": ["subnet-0123456789abcdef0"], "security_groups": ["sg-0123456789abcdef0"],
                "assign_public_ip": count == 2,
            },
            "ordered_placement_strategy": [{ "type": "spread", "field": "host" }, { "type": "random" }],
            "placement_constraint": [{ "type": "memberOf", "expression": "attribute:a == b" }],
        });
        target("ecs_target", how)
    };
    let job = |most: u32| {
        let how =
            json!({ "job_definition": "work:1", "job_name": "work", "array_size": 2, "job_attempts": most });
        target("batch_target", how)
    };
    let statement = |sql: &str| {
        let how = json!({ "database": "main", "db_user": "ada", "sql": sql, "statement_name": "s", "with_event": true });
        target("redshift_target", how)
    };
    let pipeline = |value: &str| {
        target(
            "sagemaker_pipeline_target",
            json!({ "pipeline_parameter_list": [{ "name": "kind", "value": value }] }),
        )
    };
    let operation = |name: &str| {
        target("appsync_target", json!({ "graphql_operation": format!("mutation {{ {name} {{ id }} }}") }))
    };
    conform(
        &strict,
        &provider,
        &[
            (
                "aws_iam_openid_connect_provider",
                json!({
                    "url": issuer, "client_id_list": ["sts.amazonaws.com", "vault"], "tags": tags,
                    "thumbprint_list": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
                }),
                json!({
                    // moto cannot change audiences.
                    "url": issuer, "client_id_list": ["vault", "sts.amazonaws.com"], "tags": changed,
                    "thumbprint_list": ["a031c46782e6e6c662c2c87c76da9aa62ccabd8e"],
                }),
            ),
            (
                "aws_sqs_queue",
                json!({ "name": "jobs", "delay_seconds": 5, "policy": allow("sqs:SendMessage"), "tags": tags }),
                json!({ "name": "jobs", "visibility_timeout_seconds": 60, "policy": allow("sqs:*"), "tags": changed }),
            ),
            (
                "aws_sqs_queue",
                json!({ "name": "jobs.fifo", "fifo_queue": true, "content_based_deduplication": true, "tags": tags }),
                json!({
                    "name": "jobs.fifo", "fifo_queue": true, "tags": changed,
                    "redrive_policy": json!({
                        "deadLetterTargetArn": dead.attributes.arn, "maxReceiveCount": 3,
                    }).to_string(),
                }),
            ),
            (
                "aws_sqs_queue_policy",
                json!({ "queue_url": queue.id(), "policy": allow("sqs:SendMessage") }),
                json!({ "queue_url": queue.id(), "policy": allow("sqs:ReceiveMessage") }),
            ),
            (
                "aws_cloudwatch_event_rule",
                json!({
                    "name": "started", "event_pattern": "{\"source\":[\"aws.ec2\"]}", "description": "starts",
                    "tags": tags,
                }),
                json!({
                    "name": "started", "event_pattern": "{\"source\": [\"aws.ec2\", \"aws.s3\"]}", "state": "DISABLED",
                    "tags": changed,
                }),
            ),
            (
                "aws_cloudwatch_event_target",
                json!({ "rule": "base", "arn": queue.attributes.arn, "input": "{\"a\":1}" }),
                json!({
                    "rule": "base", "arn": queue.attributes.arn,
                    "input_transformer": { "input_paths": { "id": "$.id" }, "input_template": "<id>" },
                    "retry_policy": { "maximum_retry_attempts": 2, "maximum_event_age_in_seconds": 60 },
                }),
            ),
            (
                "aws_kms_key",
                json!({ "description": "of disks", "enable_key_rotation": true, "tags": tags }),
                json!({ "description": "of logs", "policy": allow("kms:*"), "is_enabled": false, "tags": changed }),
            ),
            (
                "aws_kms_alias",
                json!({ "name": "alias/disks", "target_key_id": key.id() }),
                json!({ "name": "alias/disks", "target_key_id": other.attributes.arn }),
            ),
            (
                "aws_cloudwatch_log_group",
                json!({
                    "name": "/cluster/api", "retention_in_days": 30, "deletion_protection_enabled": true, "tags": tags,
                }),
                json!({ "name": "/cluster/api", "tags": changed }),
            ),
            ("aws_cloudwatch_event_target", task(1, "FARGATE"), task(2, "EC2")),
            ("aws_cloudwatch_event_target", job(2), job(3)),
            ("aws_cloudwatch_event_target", statement("select 1"), statement("select 2")),
            ("aws_cloudwatch_event_target", pipeline("a"), pipeline("b")),
            ("aws_cloudwatch_event_target", operation("a"), operation("b")),
        ],
    )
    .await;
}

/// Creates a resource, and deletes it by its declared arguments, because only the declaration says how to delete.
async fn comes_and_goes<R: Resource>(client: &Aws, name: &str, wanted: &R, fill: impl AsyncFnOnce(&str))
where
    Aws: Manage<R>,
{
    let made = create(client, name, wanted).await;
    fill(made.id()).await;
    let recorded = Observed { arguments: wanted.clone(), attributes: made.attributes };
    assert!(delete(client, name, &recorded).await.unwrap(), "{name}");
}

#[tokio::test]
async fn a_deletion_takes_along_what_it_is_told_to() {
    let (_moto, client, _) = world().await;
    let bucket: S3Bucket = typed(json!({ "bucket": "full", "force_destroy": true }));
    comes_and_goes(&client, "full", &bucket, async |bucket| {
        let versions = json!({ "bucket": bucket, "versioning_configuration": { "status": "Enabled" } });
        create(&client, "full", &typed::<landform_aws::S3BucketVersioning>(versions)).await;
        for key in ["a", "b/c"] {
            let object = |content| typed(json!({ "bucket": bucket, "key": key, "content": content }));
            let made: Observed<landform_aws::S3Object> = create(&client, key, &object("one")).await;
            super::update(&client, key, &made, &object("two")).await;
        }
    })
    .await;
    let role: landform_aws::IamRole = typed(json!({
        "name": "armed", "force_detach_policies": true,
        "assume_role_policy": super::trust("ec2"),
    }));
    comes_and_goes(&client, "armed", &role, async |role| {
        let own = json!({ "role": role, "name": "own", "policy": allow("s3:Get*") });
        create(&client, "own", &typed::<landform_aws::IamRolePolicy>(own)).await;
        let shared = create(&client, "shared", &super::shared_policy()).await;
        let attached = json!({ "role": role, "policy_arn": shared.id() });
        create(&client, "attached", &typed::<landform_aws::IamRolePolicyAttachment>(attached)).await;
    })
    .await;
    let zone: Route53Zone = typed(json!({ "name": "full.example", "force_destroy": true }));
    comes_and_goes(&client, "zone", &zone, async |zone| {
        for name in ["www", "*"] {
            let record =
                json!({ "zone_id": zone, "name": name, "type": "A", "ttl": 60, "records": ["192.0.2.1"] });
            create(&client, name, &typed::<landform_aws::Route53Record>(record)).await;
        }
    })
    .await;
    let key: landform_aws::KmsKey = typed(json!({ "deletion_window_in_days": 7 }));
    comes_and_goes(&client, "key", &key, async |_| {}).await;
}

#[tokio::test]
async fn a_deletion_only_forgets_what_it_is_told_to_skip() {
    let (_moto, client, _) = world().await;
    let logs: landform_aws::CloudwatchLogGroup = typed(json!({ "name": "kept", "skip_destroy": true }));
    comes_and_goes(&client, "logs", &logs, async |_| {}).await;
    let kept = Manage::<landform_aws::CloudwatchLogGroup>::import(&client, "kept").await.unwrap();
    assert_eq!(kept.id(), "kept");
    let bucket = bucket(&client, "landform-kept").await;
    assert_eq!(bucket.attributes.bucket_region, REGION);
    assert_eq!(bucket.attributes.hosted_zone_id.as_deref(), Some("Z2O1EMRO9K5GLX"));
    let block = json!({ "bucket": bucket.id(), "block_public_acls": true, "skip_destroy": true });
    let block: landform_aws::S3BucketPublicAccessBlock = typed(block);
    comes_and_goes(&client, "block", &block, async |_| {}).await;
    let kept = Manage::<landform_aws::S3BucketPublicAccessBlock>::import(&client, bucket.id()).await.unwrap();
    assert!(kept.arguments.block_public_acls);
}

#[tokio::test]
async fn a_record_replaces_an_existing_one_if_it_says_so() {
    let (_moto, client, _) = world().await;
    let zone: Observed<Route53Zone> = create(&client, "zone", &typed(json!({ "name": "example.com" }))).await;
    let record = |address: &str, overwrites: bool| -> landform_aws::Route53Record {
        typed(json!({
            "zone_id": zone.id(), "name": "www", "type": "A", "ttl": 60, "records": [address],
            "allow_overwrite": overwrites,
        }))
    };
    create(&client, "old", &record("192.0.2.1", false)).await;
    let now = create(&client, "new", &record("192.0.2.2", true)).await;
    assert_eq!(now.arguments.records, ["192.0.2.2".to_owned()].into());
}
