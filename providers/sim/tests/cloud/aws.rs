//! Every AWS type as declared, realised and held to the contract.

use landform_aws as aws;
use landform_core::conformance::{Clause, Extent};
use landform_sim::{Cloud, Latency};

use crate::conformance::Ground;

#[tokio::test(start_paused = true)]
async fn every_aws_type_conforms() {
    let types = aws::types();
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
