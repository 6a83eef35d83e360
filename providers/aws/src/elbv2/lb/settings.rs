//! The settings of a load balancer that AWS keeps as pairs of a key and a text. Which keys there are depends on its type: a
//! missing key means the default.

use std::collections::HashMap;

use super::*;
use crate::{client::prelude::*, elbv2::client::*};

words!(DesyncMitigation, ClientRouting, ForwardedFor);

const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";
const PROTECTION: &str = "deletion_protection.enabled";
const IDLE: &str = "idle_timeout.timeout_seconds";
const HTTP2: &str = "routing.http2.enabled";
const INVALID_HEADERS: &str = "routing.http.drop_invalid_header_fields.enabled";
const HOST_HEADER: &str = "routing.http.preserve_host_header.enabled";
const KEEP_ALIVE: &str = "client_keep_alive.seconds";
const DESYNC: &str = "routing.http.desync_mitigation_mode";
const CLIENTS: &str = "dns_record.client_routing_policy";
const TLS_HEADERS: &str = "routing.http.x_amzn_tls_version_and_cipher_suite.enabled";
const FAIL_OPEN: &str = "waf.fail_open.enabled";
const CLIENT_PORT: &str = "routing.http.xff_client_port.enabled";
const FORWARDED: &str = "routing.http.xff_header_processing.mode";
const SHIFT: &str = "zonal_shift.config.enabled";
const SECONDARY: &str = "secondary_ips.auto_assigned.per_subnet";

/// The keys of a log: whether it is on, the bucket, the prefix.
type LogKeys = [&'static str; 3];

const ACCESS: LogKeys = ["access_logs.s3.enabled", "access_logs.s3.bucket", "access_logs.s3.prefix"];
const CONNECTIONS: LogKeys =
    ["connection_logs.s3.enabled", "connection_logs.s3.bucket", "connection_logs.s3.prefix"];
const CHECKS: LogKeys =
    ["health_check_logs.s3.enabled", "health_check_logs.s3.bucket", "health_check_logs.s3.prefix"];

impl Lb {
    /// The settings: the field of each, its key and its value.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let mut all = vec![
            set("enable_cross_zone_load_balancing", CROSS_ZONE, self.enable_cross_zone_load_balancing),
            set("enable_deletion_protection", PROTECTION, Some(self.enable_deletion_protection)),
            set("idle_timeout", IDLE, Some(self.idle_timeout)),
            set("enable_http2", HTTP2, Some(self.enable_http2)),
            set("drop_invalid_header_fields", INVALID_HEADERS, Some(self.drop_invalid_header_fields)),
            set("preserve_host_header", HOST_HEADER, Some(self.preserve_host_header)),
            set("client_keep_alive", KEEP_ALIVE, Some(self.client_keep_alive)),
            word("desync_mitigation_mode", DESYNC, Some(&self.desync_mitigation_mode)),
            word("dns_record_client_routing_policy", CLIENTS, Some(&self.dns_record_client_routing_policy)),
            set(
                "enable_tls_version_and_cipher_suite_headers",
                TLS_HEADERS,
                Some(self.enable_tls_version_and_cipher_suite_headers),
            ),
            set("enable_waf_fail_open", FAIL_OPEN, Some(self.enable_waf_fail_open)),
            set("enable_xff_client_port", CLIENT_PORT, Some(self.enable_xff_client_port)),
            word("xff_header_processing_mode", FORWARDED, Some(&self.xff_header_processing_mode)),
            set("enable_zonal_shift", SHIFT, Some(self.enable_zonal_shift)),
            set(
                "secondary_ips_auto_assigned_per_subnet",
                SECONDARY,
                self.secondary_ips_auto_assigned_per_subnet,
            ),
        ];
        all.extend(log("access_logs", ACCESS, self.access_logs.as_ref()));
        all.extend(log("connection_logs", CONNECTIONS, self.connection_logs.as_ref()));
        all.extend(log("health_check_logs", CHECKS, self.health_check_logs.as_ref()));
        all
    }

    /// The same load balancer with the settings that AWS shows.
    pub(super) fn with_settings(self, all: &HashMap<String, String>) -> Result<Self> {
        Ok(Self {
            enable_cross_zone_load_balancing: attribute(all, CROSS_ZONE),
            enable_deletion_protection: attribute(all, PROTECTION).unwrap_or_default(),
            idle_timeout: attribute(all, IDLE).unwrap_or(60),
            enable_http2: attribute(all, HTTP2).unwrap_or(true),
            drop_invalid_header_fields: attribute(all, INVALID_HEADERS).unwrap_or_default(),
            preserve_host_header: attribute(all, HOST_HEADER).unwrap_or_default(),
            client_keep_alive: attribute(all, KEEP_ALIVE).unwrap_or(3600),
            desync_mitigation_mode: read_word(all, DESYNC)?.unwrap_or(DesyncMitigation::Defensive),
            dns_record_client_routing_policy: read_word(all, CLIENTS)?
                .unwrap_or(ClientRouting::AnyAvailabilityZone),
            enable_tls_version_and_cipher_suite_headers: attribute(all, TLS_HEADERS).unwrap_or_default(),
            enable_waf_fail_open: attribute(all, FAIL_OPEN).unwrap_or_default(),
            enable_xff_client_port: attribute(all, CLIENT_PORT).unwrap_or_default(),
            xff_header_processing_mode: read_word(all, FORWARDED)?.unwrap_or(ForwardedFor::Append),
            enable_zonal_shift: attribute(all, SHIFT).unwrap_or_default(),
            secondary_ips_auto_assigned_per_subnet: attribute(all, SECONDARY),
            access_logs: read_log(all, ACCESS),
            connection_logs: read_log(all, CONNECTIONS),
            health_check_logs: read_log(all, CHECKS),
            ..self
        })
    }
}

/// The settings of a log, which are sent together.
fn log(field: &'static str, [on, bucket, prefix]: LogKeys, log: Option<&AccessLogs>) -> [Setting; 3] {
    [
        set(field, on, Some(log.is_some_and(|log| log.enabled))),
        set(field, bucket, log.map(|log| &log.bucket)),
        set(field, prefix, log.map(|log| log.prefix.as_deref().unwrap_or_default())),
    ]
}

/// A log that was never on counts as not declared.
fn read_log(all: &HashMap<String, String>, [on, bucket, prefix]: LogKeys) -> Option<AccessLogs> {
    let text = |key| attribute::<String>(all, key).filter(|text| !text.is_empty());
    Some(AccessLogs {
        bucket: text(bucket)?,
        prefix: text(prefix),
        enabled: attribute(all, on).unwrap_or_default(),
    })
}
