//! Autoscalers. They do not change the size of their group here.

use serde_json::{Map, Value as Json, json};

use crate::{
    compute::{
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Autoscalers;

/// What the policy may follow.
const SIGNALS: [&str; 4] =
    ["cpuUtilization", "customMetricUtilizations", "loadBalancingUtilization", "scalingSchedules"];

impl Rules for Autoscalers {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        let target = draft.text("target").unwrap_or_default().to_owned();
        if target.is_empty() {
            return Err(Refusal::required("resource.target"));
        }
        let path = draft.place.path();
        let mut others = world.paths_in(&draft.place.collection()).filter(|other| *other != path);
        let other =
            others.find(|other| world.object(other).is_some_and(|other| text(other, "target") == target));
        if other.is_some() {
            let why = "The instance group manager is already being autoscaled.";
            return Err(Refusal::invalid("resource.target", target, why));
        }
        let Some(policy) = draft.object.get_mut("autoscalingPolicy").and_then(Json::as_object_mut) else {
            return Err(Refusal::required("resource.autoscalingPolicy"));
        };
        complete(policy)
    }
}

fn complete(policy: &mut Map<String, Json>) -> Result<()> {
    let number = |field: &str| policy.get(field).and_then(Json::as_i64);
    let Some(most) = number("maxNumReplicas") else {
        return Err(Refusal::required("resource.autoscalingPolicy.maxNumReplicas"));
    };
    let least = number("minNumReplicas").unwrap_or_default();
    if least > most {
        let why = "Minimum number of replicas cannot be greater than the maximum number of replicas.";
        return Err(Refusal::invalid("resource.autoscalingPolicy.minNumReplicas", least, why));
    }
    policy.entry("coolDownPeriodSec").or_insert_with(|| json!(60));
    policy.entry("mode").or_insert_with(|| json!("ON"));
    let is_empty = |value: &Json| {
        value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
    };
    if !SIGNALS.iter().any(|signal| policy.get(*signal).is_some_and(|value| !is_empty(value))) {
        policy.insert("cpuUtilization".to_owned(), json!({ "utilizationTarget": 0.6 }));
    }
    if let Some(cpu) = policy.get_mut("cpuUtilization").and_then(Json::as_object_mut) {
        cpu.entry("predictiveMethod").or_insert_with(|| json!("NONE"));
    }
    Ok(())
}
