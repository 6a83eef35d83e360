//! The collections of Compute Engine: the references of each, the server's defaults, the guard of a change. A
//! collection's rules add the behaviour that a line of the table cannot express.

use serde_json::{Map, Value as Json};

use super::{
    link::Place,
    rules::{
        addresses::Addresses,
        autoscalers::Autoscalers,
        backends::BackendServices,
        disks::Disks,
        firewalls::Firewalls,
        forwarding::ForwardingRules,
        groups::{InstanceGroups, ManagedGroups},
        health::HealthChecks,
        images::Images,
        instances::Instances,
        networks::Networks,
        proxies::Proxies,
        routers::Routers,
        routes::Routes,
        subnetworks::Subnetworks,
        templates::Templates,
        url_maps::UrlMaps,
    },
    world::World,
};
use crate::refusal::Result;

/// One collection in all its scopes: `addresses` are global and regional.
pub(crate) struct Collection {
    /// Its segment in paths: `networks`.
    pub segment: &'static str,
    /// The type of its resources in the schema: `Network`.
    pub of: &'static str,
    /// The quota that its resources use, in the project and the region.
    pub quota: Option<&'static str>,
    /// The references of its resources.
    pub references: &'static [Reference],
    /// The server's defaults, as JSON.
    pub defaults: &'static str,
    /// The type of an insert's operation.
    pub insert: &'static str,
    /// Where the deletion of a resource in use fails.
    pub in_use: InUse,
    /// Whether a patch or update needs the fingerprint.
    pub guarded: bool,
    /// The status during the creation and after it. A resource with a status is visible from the start, another one
    /// after its creation.
    pub status: Option<(&'static str, &'static str)>,
    pub rules: &'static dyn Rules,
}

/// Where the deletion of a resource in use fails.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum InUse {
    /// In the answer.
    AtOnce,
    /// In the operation, which ends with an error.
    InOperation,
}

/// A field that refers to another resource.
pub(crate) struct Reference {
    /// The path of the field: `disks[].source`.
    pub at: &'static str,
    /// The collections that it may refer to. The emulator does not check a reference without any.
    pub to: &'static [&'static str],
    /// Whether it prevents the deletion of its target.
    pub holds: bool,
}

/// A resource that is about to be made or changed.
pub(crate) struct Draft {
    pub place: Place,
    pub object: Map<String, Json>,
    /// The present object, if it is a change.
    pub before: Option<Map<String, Json>>,
    /// The id of the resource.
    pub id: String,
    /// The resources that it uses in addition to its references.
    pub holds: Vec<String>,
}

impl Draft {
    pub(crate) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.object.get(field).and_then(Json::as_str)
    }

    /// Sets a field that is absent.
    pub(crate) fn or(&mut self, field: &str, value: impl Into<Json>) {
        self.object.entry(field).or_insert_with(|| value.into());
    }

    /// Whether a change changes a field.
    pub(crate) fn changes(&self, field: &str) -> bool {
        self.before.as_ref().is_some_and(|before| before.get(field) != self.object.get(field))
    }
}

/// The special rules of a collection.
pub(crate) trait Rules: Sync {
    /// Checks a draft, resolves its references, and sets its defaults.
    fn check(&self, _world: &mut World, _draft: &mut Draft) -> Result<()> {
        Ok(())
    }

    /// Runs after a creation. An error becomes the operation's error.
    fn made(&self, _world: &mut World, _path: &str) -> Result<()> {
        Ok(())
    }

    /// Runs after a change.
    fn changed(&self, _world: &mut World, _path: &str, _before: &Map<String, Json>) {}

    /// Adds the fields that depend on other resources to an answer.
    fn show(&self, _world: &World, _path: &str, _object: &mut Map<String, Json>) {}

    /// Refuses a deletion for a reason other than references.
    fn may_go(&self, _world: &World, _path: &str) -> Result<()> {
        Ok(())
    }

    /// Runs before a deletion that nothing prevents.
    fn goes(&self, _world: &mut World, _path: &str) {}

    /// Runs after a deletion.
    fn gone(&self, _world: &mut World, _path: &str, _object: &Map<String, Json>) {}
}

/// No special rules.
struct Plain;

impl Rules for Plain {}

const fn holds(at: &'static str, to: &'static [&'static str]) -> Reference {
    Reference { at, to, holds: true }
}

const fn knows(at: &'static str, to: &'static [&'static str]) -> Reference {
    Reference { at, to, holds: false }
}

const PLAIN: Collection = Collection {
    segment: "",
    of: "",
    quota: None,
    references: &[],
    defaults: "{}",
    insert: "insert",
    in_use: InUse::AtOnce,
    guarded: false,
    status: None,
    rules: &Plain,
};

/// The collection of a path's segment.
pub(crate) fn collection(segment: &str) -> Option<&'static Collection> {
    COLLECTIONS.iter().find(|collection| collection.segment == segment)
}

const HEALTH_CHECKS: &[&str] = &["healthChecks", "httpHealthChecks", "httpsHealthChecks"];
const TARGETS: &[&str] = &["targetPools", "targetTcpProxies", "targetHttpProxies"];

/// All collections whose resources requests can make.
pub(crate) static COLLECTIONS: &[Collection] = &[
    Collection {
        segment: "networks",
        of: "Network",
        quota: Some("NETWORKS"),
        references: &[knows("networkProfile", &[]), knows("peerings[].network", &[])],
        defaults: r#"{"networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"}"#,
        in_use: InUse::InOperation,
        rules: &Networks,
        ..PLAIN
    },
    Collection {
        segment: "subnetworks",
        of: "Subnetwork",
        quota: Some("SUBNETWORKS"),
        references: &[holds("network", &["networks"])],
        defaults: r#"{
            "allowSubnetCidrRoutesOverlap": false, "enableFlowLogs": false, "privateIpGoogleAccess": false,
            "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS", "purpose": "PRIVATE", "state": "READY"
        }"#,
        guarded: true,
        rules: &Subnetworks,
        ..PLAIN
    },
    Collection {
        segment: "routers",
        of: "Router",
        quota: Some("ROUTERS"),
        references: &[
            holds("network", &["networks"]),
            holds("nats[].natIps[]", &["addresses"]),
            holds("nats[].drainNatIps[]", &["addresses"]),
            holds("nats[].rules[].action.sourceNatActiveIps[]", &["addresses"]),
            holds("nats[].rules[].action.sourceNatDrainIps[]", &["addresses"]),
            holds("nats[].rules[].action.sourceNatActiveRanges[]", &["subnetworks"]),
            holds("nats[].rules[].action.sourceNatDrainRanges[]", &["subnetworks"]),
            holds("nats[].subnetworks[].name", &["subnetworks"]),
            holds("interfaces[].subnetwork", &["subnetworks"]),
            knows("interfaces[].linkedVpnTunnel", &[]),
            knows("bgpPeers[].routerApplianceInstance", &["instances"]),
        ],
        defaults: r#"{"encryptedInterconnectRouter": false}"#,
        rules: &Routers,
        ..PLAIN
    },
    Collection {
        segment: "firewalls",
        of: "Firewall",
        quota: Some("FIREWALLS"),
        references: &[holds("network", &["networks"])],
        defaults: r#"{"direction": "INGRESS", "priority": 1000, "disabled": false, "logConfig": {"enable": false}}"#,
        rules: &Firewalls,
        ..PLAIN
    },
    Collection {
        segment: "routes",
        of: "Route",
        quota: Some("ROUTES"),
        references: &[
            holds("network", &["networks"]),
            holds("nextHopInstance", &["instances"]),
            holds("nextHopIlb", &["forwardingRules"]),
            knows("nextHopGateway", &[]),
            knows("nextHopVpnTunnel", &[]),
            knows("nextHopNetwork", &["networks"]),
        ],
        rules: &Routes,
        ..PLAIN
    },
    Collection {
        segment: "addresses",
        of: "Address",
        quota: Some("STATIC_ADDRESSES"),
        references: &[holds("network", &["networks"]), holds("subnetwork", &["subnetworks"])],
        defaults: r#"{"addressType": "EXTERNAL", "networkTier": "PREMIUM", "description": ""}"#,
        status: Some(("RESERVING", "RESERVED")),
        rules: &Addresses,
        ..PLAIN
    },
    Collection {
        segment: "disks",
        of: "Disk",
        quota: Some("DISKS_TOTAL_GB"),
        references: &[
            knows("type", &["diskTypes"]),
            knows("sourceImage", &["images"]),
            knows("sourceSnapshot", &["snapshots"]),
            knows("sourceDisk", &["disks"]),
            knows("replicaZones[]", &[]),
            knows("resourcePolicies[]", &[]),
        ],
        defaults: r#"{"physicalBlockSizeBytes": "4096"}"#,
        status: Some(("CREATING", "READY")),
        rules: &Disks,
        ..PLAIN
    },
    Collection {
        segment: "images",
        of: "Image",
        quota: Some("IMAGES"),
        references: &[
            knows("sourceDisk", &["disks"]),
            knows("sourceImage", &["images"]),
            knows("sourceSnapshot", &["snapshots"]),
        ],
        defaults: r#"{"sourceType": "RAW", "storageLocations": ["us"]}"#,
        status: Some(("PENDING", "READY")),
        rules: &Images,
        ..PLAIN
    },
    Collection {
        segment: "snapshots",
        of: "Snapshot",
        quota: Some("SNAPSHOTS"),
        references: &[knows("sourceDisk", &["disks"])],
        defaults: r#"{"snapshotType": "STANDARD", "storageLocations": ["us"]}"#,
        status: Some(("CREATING", "READY")),
        rules: &Images,
        ..PLAIN
    },
    Collection {
        segment: "instances",
        of: "Instance",
        quota: Some("INSTANCES"),
        references: &[
            knows("machineType", &["machineTypes"]),
            holds("disks[].source", &["disks"]),
            holds("networkInterfaces[].network", &["networks"]),
            holds("networkInterfaces[].subnetwork", &["subnetworks"]),
            knows("resourcePolicies[]", &[]),
        ],
        defaults: r#"{
            "canIpForward": false, "deletionProtection": false, "startRestricted": false,
            "cpuPlatform": "Intel Broadwell",
            "shieldedInstanceConfig": {"enableSecureBoot": false, "enableVtpm": true, "enableIntegrityMonitoring": true},
            "shieldedInstanceIntegrityPolicy": {"updateAutoLearnPolicy": true}
        }"#,
        status: Some(("PROVISIONING", "RUNNING")),
        rules: &Instances,
        ..PLAIN
    },
    Collection {
        segment: "instanceTemplates",
        of: "InstanceTemplate",
        quota: Some("INSTANCE_TEMPLATES"),
        references: &[
            knows("properties.disks[].initializeParams.sourceImage", &["images"]),
            knows("properties.networkInterfaces[].network", &["networks"]),
            knows("properties.networkInterfaces[].subnetwork", &["subnetworks"]),
            knows("sourceInstance", &["instances"]),
        ],
        insert: "compute.instanceTemplates.insert",
        in_use: InUse::InOperation,
        rules: &Templates,
        ..PLAIN
    },
    Collection {
        segment: "instanceGroups",
        of: "InstanceGroup",
        quota: Some("INSTANCE_GROUPS"),
        references: &[knows("network", &["networks"])],
        rules: &InstanceGroups,
        ..PLAIN
    },
    Collection {
        segment: "instanceGroupManagers",
        of: "InstanceGroupManager",
        quota: Some("INSTANCE_GROUP_MANAGERS"),
        references: &[
            holds("instanceTemplate", &["instanceTemplates"]),
            holds("versions[].instanceTemplate", &["instanceTemplates"]),
            holds("targetPools[]", &["targetPools"]),
            holds("autoHealingPolicies[].healthCheck", HEALTH_CHECKS),
            knows("distributionPolicy.zones[].zone", &["zones"]),
        ],
        rules: &ManagedGroups,
        ..PLAIN
    },
    Collection {
        segment: "autoscalers",
        of: "Autoscaler",
        quota: Some("AUTOSCALERS"),
        references: &[holds("target", &["instanceGroupManagers"])],
        defaults: r#"{"status": "ACTIVE"}"#,
        rules: &Autoscalers,
        ..PLAIN
    },
    Collection {
        segment: "targetPools",
        of: "TargetPool",
        quota: Some("TARGET_POOLS"),
        references: &[
            holds("healthChecks[]", &["httpHealthChecks"]),
            holds("backupPool", &["targetPools"]),
            knows("instances[]", &["instances"]),
        ],
        defaults: r#"{"sessionAffinity": "NONE"}"#,
        ..PLAIN
    },
    Collection {
        segment: "healthChecks",
        of: "HealthCheck",
        quota: Some("HEALTH_CHECKS"),
        defaults: r#"{"checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2}"#,
        rules: &HealthChecks,
        ..PLAIN
    },
    Collection {
        segment: "httpHealthChecks",
        of: "HttpHealthCheck",
        quota: Some("HEALTH_CHECKS"),
        defaults: r#"{
            "checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2, "port": 80,
            "requestPath": "/"
        }"#,
        rules: &HealthChecks,
        ..PLAIN
    },
    Collection {
        segment: "httpsHealthChecks",
        of: "HttpsHealthCheck",
        quota: Some("HEALTH_CHECKS"),
        defaults: r#"{
            "checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2, "port": 443,
            "requestPath": "/"
        }"#,
        rules: &HealthChecks,
        ..PLAIN
    },
    Collection {
        segment: "backendServices",
        of: "BackendService",
        quota: Some("BACKEND_SERVICES"),
        references: &[
            holds("backends[].group", &["instanceGroups"]),
            holds("healthChecks[]", HEALTH_CHECKS),
            holds("network", &["networks"]),
        ],
        defaults: r#"{
            "affinityCookieTtlSec": 0, "connectionDraining": {"drainingTimeoutSec": 0}, "description": "",
            "loadBalancingScheme": "EXTERNAL", "sessionAffinity": "NONE", "timeoutSec": 30
        }"#,
        guarded: true,
        rules: &BackendServices,
        ..PLAIN
    },
    Collection {
        segment: "urlMaps",
        of: "UrlMap",
        quota: Some("URL_MAPS"),
        references: &[
            holds("defaultService", &["backendServices"]),
            holds("pathMatchers[].defaultService", &["backendServices"]),
            holds("pathMatchers[].pathRules[].service", &["backendServices"]),
            holds("tests[].service", &["backendServices"]),
        ],
        guarded: true,
        rules: &UrlMaps,
        ..PLAIN
    },
    Collection {
        segment: "targetTcpProxies",
        of: "TargetTcpProxy",
        quota: Some("TARGET_TCP_PROXIES"),
        references: &[holds("service", &["backendServices"])],
        defaults: r#"{"proxyHeader": "NONE"}"#,
        rules: &Proxies,
        ..PLAIN
    },
    Collection {
        segment: "targetHttpProxies",
        of: "TargetHttpProxy",
        quota: Some("TARGET_HTTP_PROXIES"),
        references: &[holds("urlMap", &["urlMaps"])],
        guarded: true,
        rules: &Proxies,
        ..PLAIN
    },
    Collection {
        segment: "forwardingRules",
        of: "ForwardingRule",
        quota: Some("FORWARDING_RULES"),
        references: &[
            holds("target", TARGETS),
            holds("backendService", &["backendServices"]),
            holds("network", &["networks"]),
            holds("subnetwork", &["subnetworks"]),
        ],
        defaults: r#"{"loadBalancingScheme": "EXTERNAL", "networkTier": "PREMIUM"}"#,
        rules: &ForwardingRules,
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::schema::{Kind, Schema, Service};

    #[test]
    fn every_line_fits_the_schema() {
        let schema = Schema::get();
        for line in COLLECTIONS {
            let fields =
                schema.fields(Service::Compute, line.of).unwrap_or_else(|| panic!("{} is unknown", line.of));
            for reference in line.references {
                let mut fields = fields;
                for part in reference.at.split('.') {
                    let name = part.trim_end_matches("[]");
                    let field = fields.iter().find(|field| field.name == name);
                    let field = field.unwrap_or_else(|| panic!("{}: no {}", line.of, reference.at));
                    if matches!(field.kind, Kind::Output(_)) {
                        // The schema does not describe the inner fields.
                        break;
                    }
                    let kind = match &field.kind {
                        Kind::List(of) => of,
                        kind => kind,
                    };
                    if let Kind::Object(of) = kind {
                        fields = schema.fields(Service::Compute, of).unwrap_or_default();
                    }
                }
                for target in reference.to {
                    let seed = ["zones", "machineTypes", "diskTypes"];
                    assert!(seed.contains(target) || collection(target).is_some(), "{}: {target}", line.of);
                }
            }
            let defaults: Map<String, Json> = serde_json::from_str(line.defaults).unwrap();
            for name in defaults.keys() {
                assert!(fields.iter().any(|field| field.name == name), "{}: no {name}", line.of);
            }
        }
    }
}
