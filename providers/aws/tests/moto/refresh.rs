//! Groups that replace their instances after a change.

use landform_aws::{AutoscalingGroup, LaunchTemplate};
use landform_core::{Call, Effect, Manage, Observed, Progress, Resource};
use serde_json::{Value as Json, json};

use super::{base, cases::world, create, identity, typed, untold, update};
use landform_testkit::{
    moto::Moto,
    strict::{Strict, Then},
};

const MARK: &str = "landform:refresh";

/// The refreshes of a group and the versions that its instances run, as boto3 reads them.
fn as_boto3_sees(moto: &Moto, strict: &Strict) -> Json {
    let script = format!(
        r#"
import boto3, json
groups = boto3.client("autoscaling", endpoint_url="{}")
refreshes = groups.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"]
group = groups.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"][0]
print(json.dumps({{
    "refreshes": [[one["Status"], one["Preferences"]] for one in refreshes],
    "versions": sorted(one["LaunchTemplate"]["Version"] for one in group["Instances"]),
    "tags": sorted(tag["Key"] for tag in group["Tags"] if not tag["Key"].startswith("landform:token")),
}}))"#,
        strict.url()
    );
    serde_json::from_str(&moto.run(&script)).unwrap()
}

#[tokio::test]
async fn a_group_replaces_its_instances_after_a_change_of_its_template() {
    let (moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let template = |kind: &str| -> LaunchTemplate {
        typed(json!({ "name": "web", "image_id": "ami-12c6146b", "instance_type": kind }))
    };
    let first = create(&aws, "web", &template("t3.micro")).await;
    let group = |version: &str, size: u32, preferences: Json| -> AutoscalingGroup {
        typed(json!({
            "name": "web", "min_size": 1, "max_size": size, "desired_capacity": 2,
            "vpc_zone_identifier": [base.subnet.id()],
            "launch_template": { "id": first.id(), "version": version },
            "tag": [{ "key": "Name", "value": "web", "propagate_at_launch": true }],
            "instance_refresh": { "preferences": preferences, "triggers": ["max_size"] },
        }))
    };
    strict.forget();
    let usual = json!({ "min_healthy_percentage": 50 });
    let made = create(&aws, "web", &group("1", 3, usual.clone())).await;
    assert_eq!(strict.count("StartInstanceRefresh"), 0);

    let second = update(&aws, "web", &first, &template("t3.small")).await;
    assert_eq!(second.attributes.latest_version, "2");
    let changed = update(&aws, "web", &made, &group("2", 3, usual.clone())).await;
    assert_eq!(strict.count("StartInstanceRefresh"), 1);
    assert_eq!(changed.arguments.tag.len(), 1, "no mark stays: {:?}", changed.arguments.tag);
    let seen = as_boto3_sees(&moto, &strict);
    assert_eq!(seen["refreshes"][0][0], "InProgress");
    assert_eq!(seen["refreshes"][0][1]["MinHealthyPercentage"], 50);
    assert_eq!(seen["refreshes"][0][1]["StandbyInstances"], "Ignore");
    assert_eq!(seen["tags"], json!(["Name"]));
    assert_eq!(as_boto3_sees(&moto, &strict)["refreshes"][0][0], "Successful");
    assert_eq!(as_boto3_sees(&moto, &strict)["versions"], json!(["2", "2"]));

    // Other arguments start a replacement only if they are triggers.
    let mut other = group("2", 3, usual.clone());
    other.health_check_grace_period = 60;
    let changed = update(&aws, "web", &changed, &other).await;
    assert_eq!(strict.count("StartInstanceRefresh"), 1);
    let mut larger = group("2", 4, usual.clone());
    larger.health_check_grace_period = 60;
    let changed = update(&aws, "web", &changed, &larger).await;
    assert_eq!(strict.count("StartInstanceRefresh"), 2);

    // A newer change takes the place of a replacement that is running.
    let rolls_back = json!({ "auto_rollback": true, "skip_matching": true });
    let changed = update(&aws, "web", &changed, &group("1", 4, rolls_back.clone())).await;
    assert!(strict.count("CancelInstanceRefresh") >= 1);
    assert_eq!(changed.arguments.tag.len(), 1);

    // After a lost answer the mark stays, and the next attempt starts the replacement anew.
    as_boto3_sees(&moto, &strict);
    as_boto3_sees(&moto, &strict);
    strict.then("StartInstanceRefresh", [Then::Lost]);
    let wanted = group("2", 4, rolls_back);
    let (address, token) = identity(AutoscalingGroup::TYPE, "lost");
    let call = Call::new(&address, &token);
    let mut progress = aws.update(call, &changed, &wanted).await;
    while let Ok(Progress::Pending(ticket)) = &progress {
        progress = aws.resume(call, ticket, &wanted).await;
    }
    assert_eq!(progress.unwrap_err().effect(), Effect::Unknown);
    let found = read(&aws, changed.id()).await;
    assert!(found.arguments.tag.iter().any(|tag| tag.key == MARK), "{:?}", found.arguments.tag);
    let there = update(&aws, "web", &found, &wanted).await;
    assert_eq!(there.arguments.tag.len(), 1);
    let seen = as_boto3_sees(&moto, &strict);
    assert_eq!(seen["refreshes"][0][0], "InProgress");
    assert_eq!(seen["refreshes"][0][1]["AutoRollback"], true);
    // The other calls are boto3's and those for the template.
    let untold =
        untold(&strict, AutoscalingGroup::TYPE).into_iter().filter(|one| one.ends_with("InstanceRefresh"));
    assert_eq!(untold.collect::<Vec<_>>(), [""; 0]);
}

/// A process that is killed after the change and before the start leaves the mark. A plan shows it as a tag that nobody
/// declared, so the next apply starts what is due.
#[tokio::test]
async fn a_replacement_that_a_kill_prevented_is_due_in_the_next_plan() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let template: LaunchTemplate =
        typed(json!({ "name": "web", "image_id": "ami-12c6146b", "instance_type": "t3.micro" }));
    let template = create(&aws, "web", &template).await;
    let group = |version: &str| -> AutoscalingGroup {
        typed(json!({
            "name": "web", "min_size": 1, "max_size": 1, "vpc_zone_identifier": [base.subnet.id()],
            "launch_template": { "id": template.id(), "version": version }, "instance_refresh": {},
        }))
    };
    let made = create(&aws, "web", &group("1")).await;
    for steps in 1.. {
        strict.forget();
        let wanted = group(if steps % 2 == 1 { "$Latest" } else { "1" });
        let (address, token) = identity(AutoscalingGroup::TYPE, &format!("kill-{steps}"));
        let call = Call::new(&address, &token);
        let prior = read(&aws, made.id()).await;
        let mut progress = aws.update(call, &prior, &wanted).await.unwrap();
        // The process is killed after so many exchanges, and its last ticket is lost.
        for _ in 1..steps {
            if let Progress::Pending(ticket) = &progress {
                progress = aws.resume(call, ticket, &wanted).await.unwrap();
            }
        }
        let ended = matches!(progress, Progress::Exists(_));
        let found = read(&aws, made.id()).await;
        let marked = found.arguments.tag.iter().any(|tag| tag.key == MARK);
        // A refused start leads to a cancellation.
        let started = strict.count("StartInstanceRefresh") > strict.count("CancelInstanceRefresh");
        assert!(marked || started, "after {steps} steps");
        let there = update(&aws, "web", &found, &wanted).await;
        assert_eq!(there.arguments.tag.len(), 0, "after {steps} steps");
        assert!(strict.count("StartInstanceRefresh") >= 1, "after {steps} steps");
        if ended {
            assert!(steps > 2, "the change takes several exchanges");
            return;
        }
    }
}

async fn read(aws: &super::Aws, id: &str) -> Observed<AutoscalingGroup> {
    let id = landform_core::Id::new(id);
    let mut found = aws.read_many(&[id]).await.unwrap();
    found.pop().flatten().unwrap()
}
