//! Data sources, by the conformance kit.

use landform_core::{
    Observed,
    conformance::{Clause, DataSample, check_data},
};
use serde_json::{Value as Json, json};

use super::{super::base, *};

/// Tries a data source with one match, no match and several matches.
async fn answers(
    provider: &Provider,
    name: &str,
    asked: Json,
    nothing: Option<Json>,
    several: Option<Json>,
) -> Json {
    let source = provider.data(name).unwrap_or_else(|| panic!("the provider does not have {name}"));
    let mut sample = DataSample::new(asked.clone());
    if let Some(nothing) = nothing {
        sample = sample.nothing(nothing);
    }
    if let Some(several) = several {
        sample = sample.several(several);
    }
    let report = check_data(&**source, &sample).await.unwrap_or_else(|broken| panic!("{asked}: {broken}"));
    assert!(report.kept.contains(&Clause::AnswerAgain));
    source.read(&asked).await.unwrap()
}

#[tokio::test]
async fn networks_are_found() {
    let (_moto, client, provider) = world().await;
    let base = base(&client).await;
    let here = base.vpc.id();
    let ask = async |name: &str, asked: Json, nothing: Json, several: Option<Json>| {
        answers(&provider, name, asked, Some(nothing), several).await
    };
    let none = || json!({ "tags": { "Name": "nobody" } });
    let table = json!({ "subnet_id": base.subnet.id(), "vpc_id": here });
    let filter = json!([{ "name": "vpc-id", "values": [here] }]);

    let group = json!({ "vpc_id": here, "name": "default" });
    let group = ask("data.aws_security_group", group, none(), Some(json!({ "name": "default" }))).await;
    assert_eq!(group["vpc_id"], here);
    let tables = json!({ "vpc_id": here });
    let found = answers(&provider, "data.aws_route_tables", tables.clone(), None, None).await;
    assert_eq!(found["ids"].as_array().unwrap().len(), 3);
    ask("data.aws_route_table", json!({ "route_table_id": base.table.id() }), table, Some(tables)).await;
    let gateway = json!({ "internet_gateway_id": base.gateway.id() });
    assert_eq!(ask("data.aws_internet_gateway", gateway, none(), None).await["id"], base.gateway.id());
    let nat = ask("data.aws_nat_gateway", json!({ "subnet_id": base.subnet.id() }), none(), None).await;
    assert_eq!((&nat["id"], &nat["vpc_id"]), (&json!(base.nat.id()), &json!(here)));
    let nats = answers(&provider, "data.aws_nat_gateways", json!({ "vpc_id": here }), None, None).await;
    assert_eq!(nats["ids"], json!([base.nat.id()]));
    let ip = base.eip.attributes.public_ip.as_str();
    let address = ask("data.aws_eip", json!({ "public_ip": ip }), none(), Some(json!({}))).await;
    assert_eq!(address["id"], base.eip.id());
    let groups =
        answers(&provider, "data.aws_security_groups", json!({ "filter": filter }), None, None).await;
    assert_eq!(groups["ids"], json!([group["id"]]));
    let zones =
        answers(&provider, "data.aws_availability_zones", json!({ "state": "available" }), None, None).await;
    assert_eq!(zones["names"], json!(["us-east-2a", "us-east-2b", "us-east-2c"]));
    let zones = json!({ "exclude_names": ["us-east-2b"] });
    let zones = answers(&provider, "data.aws_availability_zones", zones, None, None).await;
    assert_eq!(zones["names"], json!(["us-east-2a", "us-east-2c"]));
    let m5 = ask(
        "data.aws_ec2_instance_type",
        json!({ "instance_type": "m5.large" }),
        json!({ "instance_type": "m5.tiny" }),
        None,
    )
    .await;
    assert_eq!((&m5["default_vcpus"], &m5["memory_size"]), (&json!(2), &json!(8192)));
    let key: Observed<landform_aws::KeyPair> =
        create(&client, "ada", &typed(json!({ "key_name": "ada", "public_key": crate::KEY }))).await;
    let pair = json!({ "key_name": "ada" });
    assert_eq!(ask("data.aws_key_pair", pair, json!({ "key_name": "eve" }), None).await["id"], key.id());
}

#[tokio::test]
async fn identities_zones_and_parameters_are_found() {
    let (moto, client, provider) = world().await;
    let caller = answers(&provider, "data.aws_caller_identity", json!({}), None, None).await;
    assert_eq!(caller["account_id"], "123456789012");
    let partition = answers(&provider, "data.aws_partition", json!({}), None, None).await;
    assert_eq!((&partition["id"], &partition["dns_suffix"]), (&json!("aws"), &json!("amazonaws.com")));
    assert_eq!(partition["reverse_dns_prefix"], "com.amazonaws");
    let region =
        answers(&provider, "data.aws_region", json!({}), Some(json!({ "name": "nowhere" })), None).await;
    assert_eq!(
        (&region["name"], &region["endpoint"]),
        (&json!(REGION), &json!("ec2.us-east-2.amazonaws.com"))
    );
    let document = json!({ "statement": [{ "actions": ["s3:Get*"], "resources": ["*"] }] });
    let document = answers(&provider, "data.aws_iam_policy_document", document, None, None).await;
    assert_eq!(document["minified_json"].as_str().unwrap(), json!({
        "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }],
    }).to_string());

    for name in ["one", "other"] {
        create(
            &client,
            name,
            &typed::<Route53Zone>(json!({ "name": "example.com", "tags": { "Name": name } })),
        )
        .await;
    }
    let zone = answers(
        &provider,
        "data.aws_route53_zone",
        json!({ "name": "Example.com.", "tags": { "Name": "one" } }),
        Some(json!({ "name": "example.com", "private_zone": true })),
        Some(json!({ "name": "example.com" })),
    )
    .await;
    assert_eq!((&zone["name"], &zone["tags"]), (&json!("example.com"), &json!({ "Name": "one" })));

    let groups = answers(&provider, "data.aws_autoscaling_groups", json!({}), None, None).await;
    assert_eq!(groups["names"], json!([]));
    let lb = provider.data("data.aws_lb").unwrap();
    let error = lb.read(&json!({ "name": "nobody" })).await.unwrap_err();
    assert_eq!(error.to_string(), "DescribeLoadBalancers: not found: nothing matches name \"nobody\"");

    let put = "import boto3, sys; boto3.client('ssm').put_parameter(Name='/db/password', Value='hunter22', Type='SecureString')";
    let mut python = std::process::Command::new(moto.python());
    let done =
        python.args(["-c", put]).envs(moto.environment()).env("AWS_DEFAULT_REGION", REGION).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let nothing = Some(json!({ "name": "/db/other" }));
    let parameter =
        answers(&provider, "data.aws_ssm_parameter", json!({ "name": "/db/password" }), nothing, None).await;
    assert_eq!((&parameter["value"], &parameter["type"]), (&json!("hunter22"), &json!("SecureString")));
    assert!(parameter["insecure_value"].is_null());
    let known = provider.data("data.aws_ssm_parameter").unwrap().resource_type();
    assert!(known.attributes.field("value").unwrap().secret);
}
