//! Every driver keeps the provider contract. Each part of the samples is in a module of its own.

mod balancers;
mod machines;
mod networks;
mod others;

use std::time::Duration;

use landform_core::{
    Driver, FindBy,
    conformance::{Clause, Sample, check},
};
use landform_gce_emulator::{Life, Settings};
use serde_json::Value as Json;

use crate::world::*;

/// The arguments of one type.
pub struct Case {
    type_name: &'static str,
    arguments: Json,
    changed: Option<Json>,
    /// A field of the changed arguments that an update can remove.
    optional: Option<&'static str>,
}

impl Case {
    fn new(type_name: &'static str, arguments: Json) -> Self {
        Self { type_name, arguments, changed: None, optional: None }
    }

    fn changed(mut self, arguments: Json) -> Self {
        self.changed = Some(arguments);
        self
    }

    /// Says that an update can remove a field of the changed arguments.
    fn optional(mut self, field: &'static str) -> Self {
        self.optional = Some(field);
        self
    }
}

#[tokio::test]
async fn every_driver_keeps_the_contract() {
    // Operations take a while, so that every effect is a ticket that the kit resumes.
    let mut settings = Settings::default();
    settings.life = Life { pending: Duration::from_millis(5), running: Duration::from_millis(20) };
    let cloud = cloud(settings).await;
    let provider = client(&cloud.emulator).provider();
    let base = base(&cloud.kit).await;
    let group = group(&cloud.kit, &base).await;
    let mut cases = networks::cases(&cloud.kit, &base).await;
    cases.extend(machines::cases(&cloud.kit, &base, &group).await);
    cases.extend(balancers::cases(&cloud.kit, &base, &group).await);
    cases.extend(others::cases(&cloud.kit, &base).await);
    let mut tested: Vec<_> = cases.iter().map(|case| case.type_name).collect();
    tested.sort_unstable();
    let mut known: Vec<_> = provider.types().map(|known| known.name_str()).collect();
    known.sort_unstable();
    assert_eq!(tested, known);
    let mut broken = Vec::new();
    for case in cases {
        broken.extend(problem(&**provider.driver(case.type_name).unwrap(), case).await);
    }
    assert_eq!(broken, Vec::<String>::new());
}

async fn problem(driver: &dyn Driver, case: Case) -> Option<String> {
    let Case { type_name, arguments, changed, optional } = case;
    let without = optional.map(|field| {
        let mut without = changed.clone().unwrap();
        assert!(without.as_object_mut().unwrap().remove(field).is_some(), "{type_name}: no {field}");
        without
    });
    let (changes, takes_away) = (changed.is_some(), without.is_some());
    let sample = Sample::new(node(type_name, "sample"), type_name.replace('_', "-"), arguments)
        .changed(changed)
        .without(without)
        .patience(Duration::from_secs(20));
    let never = |clause: &Clause| match clause {
        Clause::Secrets => true,
        Clause::CreateAgain | Clause::Unused => driver.abilities().find != FindBy::Token,
        Clause::TakenAway => !takes_away,
        Clause::Update | Clause::UpdateAgain => !changes,
        _ => false,
    };
    match check(driver, &sample, tokio::time::sleep).await {
        Ok(report) if report.skipped.iter().all(never) => None,
        Ok(report) => Some(format!("{type_name}: {report}")),
        Err(failure) => Some(failure.to_string()),
    }
}
