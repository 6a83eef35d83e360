"""Prints what boto3 sees of the created resources, attribute by attribute, as one JSON object."""

import json
import sys

import boto3

made = json.load(sys.stdin)
r53, s3, sqs, events, iam, kms, logs = map(
    boto3.client, ("route53", "s3", "sqs", "events", "iam", "kms", "logs")
)


def tags(items, key="Key", value="Value"):
    return {one[key]: one[value] for one in items if one[key] != "landform:token"}


zone = r53.get_hosted_zone(Id=made["zone"])
sets = r53.list_resource_record_sets(HostedZoneId=made["zone"])["ResourceRecordSets"]
sets = [one for one in sets if one["Type"] not in ("NS", "SOA")]
bucket, key = made["bucket"], made["key"]
thing = s3.get_object(Bucket=bucket, Key=key)
queue = sqs.get_queue_attributes(QueueUrl=made["queue"], AttributeNames=["All"])["Attributes"]
bare = sqs.get_queue_attributes(QueueUrl=made["bare"], AttributeNames=["All"])["Attributes"]
rule = events.describe_rule(Name=made["rule"])
target = events.list_targets_by_rule(Rule=made["rule"])["Targets"]
issuer = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=made["issuer"])
description = kms.describe_key(KeyId=made["kms"])["KeyMetadata"]
group = logs.describe_log_groups(logGroupNamePrefix=made["group"])["logGroups"]
aliases = [one for one in kms.list_aliases()["Aliases"] if one.get("TargetKeyId") == made["kms"]]
rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
seen = {
    "zone": [zone["HostedZone"]["Name"], zone["HostedZone"]["Config"]["Comment"]],
    "zone_tags": tags(
        r53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=made["zone"])["ResourceTagSet"]["Tags"]
    ),
    "records": [
        [
            one["Name"],
            one["Type"],
            one.get("TTL"),
            sorted(record["Value"] for record in one.get("ResourceRecords", [])),
            one.get("SetIdentifier"),
            one.get("Weight"),
            one.get("AliasTarget", {}).get("DNSName"),
        ]
        for one in sets
    ],
    "networks": sorted(one["VPCId"] for one in r53.get_hosted_zone(Id=made["private"])["VPCs"]),
    "bare_policy": json.loads(bare["Policy"])["Statement"][0]["Action"],
    "bucket_tags": tags(s3.get_bucket_tagging(Bucket=bucket)["TagSet"]),
    "place": s3.get_bucket_location(Bucket=bucket)["LocationConstraint"],
    "versioning": s3.get_bucket_versioning(Bucket=bucket)["Status"],
    "encryption": rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
    "block": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
    "bucket_policy": json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]["Action"],
    "object": [thing["Body"].read().decode(), thing["ContentType"], thing["CacheControl"], thing["StorageClass"]],
    "object_metadata": {k: v for k, v in thing["Metadata"].items() if k != "landform-token"},
    "object_tags": tags(s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]),
    "queue": [queue["DelaySeconds"], queue["VisibilityTimeout"], json.loads(queue["Policy"])["Statement"][0]["Action"]],
    "queue_tags": {k: v for k, v in sqs.list_queue_tags(QueueUrl=made["queue"])["Tags"].items() if k != "landform:token"},
    "rule": [rule["State"], json.loads(rule["EventPattern"]), rule["Description"]],
    "rule_tags": tags(events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]),
    "targets": [[one["Arn"], one["Input"]] for one in target],
    "issuer": [issuer["Url"], sorted(issuer["ClientIDList"]), issuer["ThumbprintList"], tags(issuer["Tags"])],
    "kms": [description["Description"], description["Enabled"], description["KeyUsage"]],
    "rotation": kms.get_key_rotation_status(KeyId=made["kms"])["KeyRotationEnabled"],
    "kms_tags": tags(kms.list_resource_tags(KeyId=made["kms"])["Tags"], "TagKey", "TagValue"),
    "aliases": [one["AliasName"] for one in aliases],
    "group": [group[0]["logGroupName"], group[0]["retentionInDays"], group[0]["deletionProtectionEnabled"]],
    "group_tags": tags(
        [{"Key": k, "Value": v} for k, v in logs.list_tags_log_group(logGroupName=made["group"])["tags"].items()]
    ),
}
json.dump(seen, sys.stdout)
