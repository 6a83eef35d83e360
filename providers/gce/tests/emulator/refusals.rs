//! Bad input is one clear error with Google's own reason, and nothing half made is left.

use landform_core::{Effect, ErrorKind, Observed, Retry};
use landform_gce::{Disk, DnsManagedZone, Network, RouterNat, ServiceAccount, StorageBucket};
use landform_gce_emulator::{Project, Settings};
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn a_place_that_does_not_exist_is_named() {
    let cloud = cloud(Settings::default()).await;
    let zone: Disk = typed(json!({ "name": "data", "zone": "us-nowhere1-a", "size": 10 }));
    let error = refusal(&cloud.kit, &zone).await;
    assert_eq!((error.kind(), error.provider_code()), (ErrorKind::Invalid, Some("invalid")), "{error}");
    assert!(error.message().contains("Unknown zone"), "{error}");
    let none: Disk = typed(json!({ "name": "data", "size": 10 }));
    let error = refusal(&cloud.kit, &none).await;
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.message().contains("no zone is given"), "{error}");
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test]
async fn an_api_that_is_not_enabled_is_named() {
    let mut settings = Settings::default();
    let mut project = Project::new(PROJECT);
    project.disabled =
        ["compute.googleapis.com", "dns.googleapis.com", "iam.googleapis.com"].map(str::to_owned).into();
    settings.projects = vec![project];
    settings.default_network = false;
    let cloud = cloud(settings).await;
    let network = refusal(&cloud.kit, &typed::<Network>(json!({ "name": "main" }))).await;
    let zone = json!({ "name": "main", "dns_name": "example.com." });
    let zone = refusal(&cloud.kit, &typed::<DnsManagedZone>(zone)).await;
    let account = refusal(&cloud.kit, &typed::<ServiceAccount>(json!({ "account_id": "nodes-of-a" }))).await;
    for (error, api) in [(network, "compute"), (zone, "dns"), (account, "iam")] {
        assert_eq!((error.kind(), error.retry()), (ErrorKind::Denied, Retry::Never), "{error}");
        assert_eq!(error.effect(), Effect::None, "{error}");
        let link = format!("apis/api/{api}.googleapis.com/overview");
        assert!(error.message().contains(&link) && error.message().contains("disabled"), "{error}");
    }
}

#[tokio::test]
async fn a_nat_that_covers_what_another_covers_is_refused() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let nat = |name: &str| typed::<RouterNat>(json!({ "name": name, "router": base.router.id() }));
    let _: Observed<RouterNat> = create(&cloud.kit, "one", &nat("one")).await;
    let error = refusal(&cloud.kit, &nat("two")).await;
    assert_eq!((error.kind(), error.provider_code()), (ErrorKind::Invalid, Some("invalid")), "{error}");
    assert!(error.message().contains("NAT 'two' covers what NAT 'one'"), "{error}");
    let router = cloud.emulator.get(base.router.id()).unwrap();
    assert_eq!(router["nats"].as_array().map(Vec::len), Some(1), "{router}");
}

#[tokio::test]
async fn what_is_full_cannot_be_deleted_by_accident() {
    let cloud = cloud(Settings::default()).await;
    let bucket = |force: bool| {
        typed::<StorageBucket>(json!({ "name": "landform-logs", "location": "US", "force_destroy": force }))
    };
    let logs: Observed<StorageBucket> = create(&cloud.kit, "logs", &bucket(true)).await;
    let object = json!({ "bucket": logs.id(), "name": "a/b", "content": "hello" });
    let _: Observed<landform_gce::StorageBucketObject> = create(&cloud.kit, "object", &typed(object)).await;
    let kept = Observed { arguments: bucket(false), attributes: logs.attributes.clone() };
    let (address, token) = identity("google_storage_bucket", "logs");
    let call = landform_core::Call::new(&address, &token);
    let progress = landform_core::Manage::<StorageBucket>::delete(&cloud.kit, call, &kept).await.unwrap();
    let landform_core::Progress::Pending(ticket) = progress else { panic!("{progress:?}") };
    assert!(ticket.note.contains("refused for now: in use"), "{ticket:?}");
    // Google does not keep this setting. The engine takes it from the state.
    let given_up = Observed { arguments: bucket(true), ..logs };
    assert!(delete(&cloud.kit, "logs", &given_up).await.unwrap());
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

/// A plan refuses these names before any call.
#[test]
fn names_that_google_would_refuse_are_found_by_the_declaration() {
    for (type_name, field, wrong) in [
        ("google_compute_instance", "name", "Web"),
        ("google_compute_subnetwork", "name", &"n".repeat(64) as &str),
        ("google_service_account", "account_id", "short"),
        ("google_storage_bucket", "name", "ab"),
        ("google_dns_managed_zone", "name", "example.com"),
        ("google_compute_forwarding_rule", "ip_address", "projects/p/regions/r/addresses/A"),
    ] {
        let types = landform_gce::types();
        let known = types.iter().find(|known| known.name_str() == type_name).unwrap();
        let field = known.arguments.fields().iter().find(|known| known.name == field).unwrap();
        let limits = format!("{field:?}");
        let pattern = field.limits.pattern.as_ref().is_some_and(|pattern| !pattern.matches(wrong));
        let length = |most: Option<usize>| most.is_some_and(|most| wrong.len() > most);
        let short = field.limits.length.min.is_some_and(|least| wrong.len() < least);
        assert!(pattern || length(field.limits.length.max) || short, "{type_name}: {limits}");
    }
}
