//! The stored form of a plan. Only a plan whose parts fit together can be read from it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Plan;

/// Why the content is not a plan.
enum Misfit {
    Change { step: usize, change: u32, changes: usize },
    Check { step: usize, check: u32, checks: usize },
    Before { step: usize, before: u32, steps: usize },
    Takes { step: usize, takes: f64 },
    Circle { steps: usize },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change { step, change, changes } => {
                write!(f, "actions[{step}].change: {change}, expected the index of one of {changes} changes")
            }
            Self::Check { step, check, checks } => {
                write!(f, "actions[{step}].check: {check}, expected the index of one of {checks} checks")
            }
            Self::Before { step, before, steps } => {
                write!(f, "actions[{step}].after: {before}, expected indices of the {steps} actions")
            }
            Self::Takes { step, takes } => {
                write!(f, "actions[{step}].takes: {takes}, expected seconds, 0 or more")
            }
            Self::Circle { steps } => write!(f, "actions: {steps} of them wait for each other"),
        }
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The derived form.
        Self::serialize(&self.without_private(), serializer)
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plan = Self::deserialize(deserializer)?;
        plan.check().map_err(de::Error::custom)?;
        Ok(plan)
    }
}

impl Plan {
    /// Indices lead somewhere, and the steps have an order.
    fn check(&self) -> Result<(), Misfit> {
        let (steps, changes, checks) = (self.actions.len(), self.changes.len(), self.checks.len());
        let mut waiting: Vec<usize> = Vec::with_capacity(steps);
        let mut behind: Vec<Vec<usize>> = vec![Vec::new(); steps];
        for (step, action) in self.actions.iter().enumerate() {
            if let Some(change) = action.change.filter(|change| *change as usize >= changes) {
                return Err(Misfit::Change { step, change, changes });
            }
            if let Some(check) = action.check.filter(|check| *check as usize >= checks) {
                return Err(Misfit::Check { step, check, checks });
            }
            if !(action.takes >= 0.0 && action.takes.is_finite()) {
                return Err(Misfit::Takes { step, takes: action.takes });
            }
            for before in &action.after {
                let list = behind.get_mut(*before as usize);
                list.ok_or(Misfit::Before { step, before: *before, steps })?.push(step);
            }
            waiting.push(action.after.len());
        }
        let mut ready: Vec<usize> = (0..steps).filter(|step| waiting[*step] == 0).collect();
        let mut done = 0;
        while let Some(step) = ready.pop() {
            done += 1;
            for next in &behind[step] {
                waiting[*next] -= 1;
                if waiting[*next] == 0 {
                    ready.push(*next);
                }
            }
        }
        if done == steps { Ok(()) } else { Err(Misfit::Circle { steps: steps - done }) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn read(actions: Value) -> Result<Plan, String> {
        let plan = json!({
            "format": 1, "stack": "demo", "destroy": false, "changes": [], "unchanged": [], "actions": actions,
            "drift": [], "refreshed": [], "basis": {}, "moves": [], "outputs": {},
        });
        serde_json::from_value(plan).map_err(|error| error.to_string())
    }

    fn step(change: Option<u32>, after: &[u32], takes: f64) -> Value {
        json!({ "change": change, "verb": "pass", "after": after, "takes": takes })
    }

    #[test]
    fn steps_in_an_order_are_a_plan() {
        let plan = read(json!([step(None, &[1, 2], 1.0), step(None, &[2, 2], 1.0), step(None, &[], 1.0)]));
        assert_eq!(plan.unwrap().critical_path(), 3.0);
    }

    #[test]
    fn what_does_not_fit_together_is_refused_with_the_place() {
        for (actions, said) in [
            (
                json!([step(Some(0), &[], 1.0)]),
                "actions[0].change: 0, expected the index of one of 0 changes",
            ),
            (
                json!([{ "change": null, "check": 0, "verb": "check", "after": [], "takes": 0.0 }]),
                "actions[0].check: 0, expected the index of one of 0 checks",
            ),
            (json!([step(None, &[4_294_967_295], 1.0)]), "actions[0].after: 4294967295"),
            (json!([step(None, &[], -1.0)]), "actions[0].takes: -1"),
            (json!([step(None, &[0], 1.0)]), "actions: 1 of them wait for each other"),
            (
                json!([step(None, &[], 1.0), step(None, &[2], 1.0), step(None, &[1], 1.0)]),
                "actions: 2 of them",
            ),
        ] {
            let error = read(actions).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
