//! Compares what boto3 sees of each new resource with its declaration, attribute by attribute.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::Write,
    process::{Command, Stdio},
};

use landform_aws::{
    CloudwatchEventRule, CloudwatchEventTarget, CloudwatchLogGroup, IamOpenidConnectProvider, KmsAlias,
    KmsKey, Route53Record, Route53Zone, Route53ZoneAssociation, S3BucketPolicy, S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfiguration, S3BucketVersioning, S3Object, SqsQueue, SqsQueuePolicy,
};
use serde_json::{Value as Json, json};

use super::*;

/// Creates resources, and notes their types.
struct Maker {
    client: Aws,
    types: RefCell<BTreeSet<&'static str>>,
}

impl Maker {
    async fn make<R: Resource>(&self, name: &str, wanted: Json) -> Observed<R>
    where
        Aws: Manage<R>,
    {
        self.types.borrow_mut().insert(R::TYPE);
        create(&self.client, name, &typed::<R>(wanted)).await
    }
}

#[tokio::test]
async fn others_see_what_is_declared() {
    let (moto, client, _) = world().await;
    let made = Maker { client, types: RefCell::default() };
    let tags = json!({ "Name": "a", "team": "net" });
    let zone = json!({ "name": "example.com", "comment": "of examples", "tags": tags });
    let zone = made.make::<Route53Zone>("zone", zone).await;
    for (name, record) in [
        ("wild", json!({ "name": "*", "type": "A", "ttl": 60, "records": ["192.0.2.2", "192.0.2.1"] })),
        ("text", json!({ "name": "_spf", "type": "TXT", "ttl": 300, "records": ["v=spf1 -all"] })),
        (
            "blue",
            json!({
                "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.3"], "set_identifier": "blue",
                "weighted_routing_policy": { "weight": 10 },
            }),
        ),
        (
            "api",
            json!({
                "name": "api", "type": "AAAA",
                "alias": { "name": "lb.example.net", "zone_id": "Z2", "evaluate_target_health": true },
            }),
        ),
    ] {
        let mut record = record;
        record["zone_id"] = json!(zone.id());
        made.make::<Route53Record>(name, record).await;
    }
    let bucket = made.make::<S3Bucket>("bucket", json!({ "bucket": "landform-seen", "tags": tags })).await;
    let of = |more: Json| {
        let mut whole = json!({ "bucket": bucket.id() });
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    let versions = of(json!({ "versioning_configuration": { "status": "Enabled" } }));
    made.make::<S3BucketVersioning>("versions", versions).await;
    let rule =
        json!({ "rule": { "apply_server_side_encryption_by_default": { "sse_algorithm": "aws:kms" } } });
    made.make::<S3BucketServerSideEncryptionConfiguration>("encryption", of(rule)).await;
    made.make::<S3BucketPublicAccessBlock>("block", of(json!({ "block_public_acls": true }))).await;
    made.make::<S3BucketPolicy>("policy", of(json!({ "policy": allow("s3:Get*") }))).await;
    let object = of(json!({
        "key": "a/b", "content": "text", "content_type": "text/plain", "cache_control": "no-store",
        "storage_class": "STANDARD_IA", "metadata": { "owner": "net" }, "tags": tags,
    }));
    let object = made.make::<S3Object>("object", object).await;
    let queue = json!({
        "name": "jobs", "delay_seconds": 5, "visibility_timeout_seconds": 60, "policy": allow("sqs:*"), "tags": tags,
    });
    let queue = made.make::<SqsQueue>("queue", queue).await;
    let rule = json!({
        "name": "started", "event_pattern": "{\"source\":[\"aws.ec2\"]}", "description": "starts", "state": "DISABLED",
        "tags": tags,
    });
    let rule = made.make::<CloudwatchEventRule>("rule", rule).await;
    let target = json!({ "rule": rule.id(), "arn": queue.attributes.arn, "input": "{\"a\":1}" });
    made.make::<CloudwatchEventTarget>("target", target).await;
    let issuer = json!({
        "url": "https://oidc.example.com/A1", "client_id_list": ["sts.amazonaws.com"], "tags": tags,
        "thumbprint_list": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    });
    let issuer = made.make::<IamOpenidConnectProvider>("issuer", issuer).await;
    let key = json!({ "description": "of disks", "enable_key_rotation": true, "tags": tags });
    let key = made.make::<KmsKey>("key", key).await;
    let alias = json!({ "name": "alias/disks", "target_key_id": key.id() });
    made.make::<KmsAlias>("alias", alias).await;
    let group = json!({ "name": "/cluster/api", "retention_in_days": 30, "deletion_protection_enabled": true, "tags": tags });
    let group = made.make::<CloudwatchLogGroup>("group", group).await;

    let near = made.make::<Vpc>("near", json!({ "cidr_block": "10.0.0.0/16" })).await;
    let far = made.make::<Vpc>("far", json!({ "cidr_block": "10.1.0.0/16" })).await;
    let private = json!({ "name": "internal.example", "vpc": [{ "vpc_id": near.id() }] });
    let private = made.make::<Route53Zone>("private", private).await;
    let association = json!({ "zone_id": private.id(), "vpc_id": far.id() });
    made.make::<Route53ZoneAssociation>("association", association).await;
    let bare = made.make::<SqsQueue>("bare", json!({ "name": "bare" })).await;
    let policy = json!({ "queue_url": bare.id(), "policy": allow("sqs:SendMessage") });
    made.make::<SqsQueuePolicy>("bare", policy).await;
    let types = made.types.take();
    let missing: Vec<&str> = TYPES.into_iter().filter(|name| !types.contains(name)).collect();
    assert!(missing.is_empty(), "boto3 sees nothing of {missing:?}");

    let seen = boto3(
        &moto,
        &json!({
            "zone": zone.id(), "bucket": bucket.id(), "key": object.arguments.key, "queue": queue.id(),
            "rule": rule.id(), "issuer": issuer.id(), "kms": key.id(), "group": group.id(),
            "private": private.id(), "bare": bare.id(),
        }),
    );
    let expected = json!({
        "zone": ["example.com.", "of examples"],
        "zone_tags": tags,
        "networks": BTreeSet::from([near.id(), far.id()]),
        "bare_policy": "sqs:SendMessage",
        "records": [
            ["*.example.com.", "A", 60, ["192.0.2.1", "192.0.2.2"], null, null, null],
            ["_spf.example.com.", "TXT", 300, ["\"v=spf1 -all\""], null, null, null],
            ["api.example.com.", "AAAA", null, [], null, null, "lb.example.net"],
            ["www.example.com.", "A", 60, ["192.0.2.3"], "blue", 10, null],
        ],
        "bucket_tags": tags,
        "place": REGION,
        "versioning": "Enabled",
        "encryption": "aws:kms",
        "block": {
            "BlockPublicAcls": true, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false,
        },
        "bucket_policy": "s3:Get*",
        "object": ["text", "text/plain", "no-store", "STANDARD_IA"],
        "object_metadata": { "owner": "net" },
        "object_tags": tags,
        "queue": ["5", "60", "sqs:*"],
        "queue_tags": tags,
        "rule": ["DISABLED", { "source": ["aws.ec2"] }, "starts"],
        "rule_tags": tags,
        "targets": [[queue.attributes.arn, "{\"a\":1}"]],
        "issuer": [
            "oidc.example.com/A1", ["sts.amazonaws.com"], ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"], tags,
        ],
        "kms": ["of disks", true, "ENCRYPT_DECRYPT"],
        "rotation": true,
        "kms_tags": tags,
        "aliases": ["alias/disks"],
        "group": ["/cluster/api", 30, true],
        "group_tags": tags,
    });
    for (attribute, expected) in expected.as_object().unwrap() {
        assert_eq!(&seen[attribute], expected, "{attribute}");
    }
    assert_eq!(seen.as_object().unwrap().len(), expected.as_object().unwrap().len());
}

/// Reads all resources with boto3.
fn boto3(moto: &Moto, made: &Json) -> Json {
    let mut python = Command::new(moto.python());
    let python = python.args(["-c", include_str!("boto3.py")]).envs(moto.environment());
    let python = python.env("AWS_DEFAULT_REGION", REGION).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.stderr(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(made.to_string().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
