//! Compares what boto3 sees of each new resource with its declaration, attribute by attribute.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use landform_aws::{
    CloudwatchEventRule, CloudwatchEventTarget, CloudwatchLogGroup, IamOpenidConnectProvider, KmsAlias,
    KmsKey, Route53Record, Route53Zone, S3BucketPolicy, S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfiguration, S3BucketVersioning, S3Object, SqsQueue,
};
use serde_json::{Value as Json, json};

use super::*;

#[tokio::test]
async fn others_see_what_is_declared() {
    let (moto, client, _) = world().await;
    let client = &client;
    let tags = json!({ "Name": "a", "team": "net" });
    let zone = json!({ "name": "example.com", "comment": "of examples", "tags": tags });
    let zone = create(client, "zone", &typed::<Route53Zone>(zone)).await;
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
        create(client, name, &typed::<Route53Record>(record)).await;
    }
    let bucket =
        create(client, "bucket", &typed::<S3Bucket>(json!({ "bucket": "landform-seen", "tags": tags })))
            .await;
    let of = |more: Json| {
        let mut whole = json!({ "bucket": bucket.id() });
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    let versions = of(json!({ "versioning_configuration": { "status": "Enabled" } }));
    create(client, "versions", &typed::<S3BucketVersioning>(versions)).await;
    let rule =
        json!({ "rule": { "apply_server_side_encryption_by_default": { "sse_algorithm": "aws:kms" } } });
    create(client, "encryption", &typed::<S3BucketServerSideEncryptionConfiguration>(of(rule))).await;
    create(client, "block", &typed::<S3BucketPublicAccessBlock>(of(json!({ "block_public_acls": true }))))
        .await;
    create(client, "policy", &typed::<S3BucketPolicy>(of(json!({ "policy": allow("s3:Get*") })))).await;
    let object = of(json!({
        "key": "a/b", "content": "text", "content_type": "text/plain", "cache_control": "no-store",
        "storage_class": "STANDARD_IA", "metadata": { "owner": "net" }, "tags": tags,
    }));
    let object = create(client, "object", &typed::<S3Object>(object)).await;
    let queue = json!({
        "name": "jobs", "delay_seconds": 5, "visibility_timeout_seconds": 60, "policy": allow("sqs:*"), "tags": tags,
    });
    let queue = create(client, "queue", &typed::<SqsQueue>(queue)).await;
    let rule = json!({
        "name": "started", "event_pattern": "{\"source\":[\"aws.ec2\"]}", "description": "starts", "state": "DISABLED",
        "tags": tags,
    });
    let rule = create(client, "rule", &typed::<CloudwatchEventRule>(rule)).await;
    let target = json!({ "rule": rule.id(), "arn": queue.attributes.arn, "input": "{\"a\":1}" });
    create(client, "target", &typed::<CloudwatchEventTarget>(target)).await;
    let issuer = json!({
        "url": "https://oidc.example.com/A1", "client_id_list": ["sts.amazonaws.com"], "tags": tags,
        "thumbprint_list": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    });
    let issuer = create(client, "issuer", &typed::<IamOpenidConnectProvider>(issuer)).await;
    let key = json!({ "description": "of disks", "enable_key_rotation": true, "tags": tags });
    let key = create(client, "key", &typed::<KmsKey>(key)).await;
    let alias = json!({ "name": "alias/disks", "target_key_id": key.id() });
    create(client, "alias", &typed::<KmsAlias>(alias)).await;
    let group = json!({ "name": "/cluster/api", "retention_in_days": 30, "tags": tags });
    let group = create(client, "group", &typed::<CloudwatchLogGroup>(group)).await;

    let seen = boto3(
        &moto,
        &json!({
            "zone": zone.id(), "bucket": bucket.id(), "key": object.arguments.key, "queue": queue.id(),
            "rule": rule.id(), "issuer": issuer.id(), "kms": key.id(), "group": group.id(),
        }),
    );
    let expected = json!({
        "zone": ["example.com.", "of examples"],
        "zone_tags": tags,
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
        "group": ["/cluster/api", 30],
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
