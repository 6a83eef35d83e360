//! Realises every AWS type and checks the contract.

use landform_aws as aws;
use landform_core::conformance::{Clause, Extent};
use landform_sim::{Cloud, Latency};

use serde_json::json;

use crate::{conformance::Ground, demo::User};

#[tokio::test(start_paused = true)]
async fn every_aws_type_conforms() {
    let mut types = aws::types();
    types.retain(|known| !known.is_data());
    assert!(types.len() > 30);
    let mut broken = Vec::new();
    for extent in [Extent::Least, Extent::Most] {
        let directory = tempfile::tempdir().unwrap();
        let cloud =
            Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
        let ground = Ground::new(&cloud, &types);
        let provider = cloud.provider("aws");
        for known in &types {
            match ground.conforms(&**provider.driver(known.name_str()).unwrap(), extent).await {
                Ok(report) => assert!(report.kept.contains(&Clause::Absent)),
                Err(failure) => broken.push(format!("{extent:?}: {failure}")),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[tokio::test]
async fn what_aws_computes_from_other_resources_is_taken_over() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
    let user = User { cloud };
    let vpc = user.make("aws_vpc", json!({ "cidr_block": "10.0.0.0/16" })).await;
    let arguments =
        json!({ "vpc_id": vpc.id, "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-2c" });
    let subnet = user.make("aws_subnet", arguments).await;
    let eip = user.make("aws_eip", json!({})).await;
    let nat = user.make("aws_nat_gateway", json!({ "subnet_id": subnet.id, "allocation_id": eip.id })).await;
    assert_eq!(nat.attributes["public_ip"], eip.attributes["public_ip"]);
    let own = vpc.attributes["default_security_group_id"].as_str().unwrap();
    let rule = json!({ "security_group_id": own, "type": "egress", "from_port": 0, "to_port": 0, "protocol": "-1",
        "cidr_blocks": ["0.0.0.0/0"] });
    user.make("aws_security_group_rule", rule).await;
    let template = user.make("aws_launch_template", json!({ "name": "nodes" })).await;
    assert_eq!(template.attributes["latest_version"], "1");
    let changed =
        user.update("aws_launch_template", &template, json!({ "name": "nodes", "image_id": "ami-1" }));
    let changed = user.settle("aws_launch_template", changed.await.unwrap()).await.unwrap().unwrap();
    assert_eq!(changed.attributes["latest_version"], "2");
}
