//! The messages of the plugin protocols 5 and 6, written by hand: what Landform uses of them. Their numbers follow
//! `docs/plugin-protocol` of Terraform. The two protocols differ only in the [`schema`] messages and in the names of
//! some calls. Nothing here interprets a message.

pub(crate) mod held;
pub(crate) mod schema;

use std::fmt;

/// A message is a struct whose fields have the numbers of the protocol.
macro_rules! messages {
    ($($(#[$about:meta])* $name:ident { $($(#[$at:meta])* $field:ident: $kind:ty,)* })*) => {
        $($(#[$about])* #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct $name { $($(#[$at])* pub $field: $kind,)* })*
    };
}
pub(super) use messages;

messages! {
    Empty {}

    /// A value in MessagePack or in JSON.
    DynamicValue {
        #[prost(bytes = "vec", tag = "1")] msgpack: Vec<u8>,
        #[prost(bytes = "vec", tag = "2")] json: Vec<u8>,
    }

    Step {
        #[prost(oneof = "Selector", tags = "1, 2, 3")] selector: Option<Selector>,
    }

    AttributePath {
        #[prost(message, repeated, tag = "1")] steps: Vec<Step>,
    }

    Diagnostic {
        #[prost(int32, tag = "1")] severity: i32,
        #[prost(string, tag = "2")] summary: String,
        #[prost(string, tag = "3")] detail: String,
        #[prost(message, optional, tag = "4")] attribute: Option<AttributePath>,
    }

    /// A state as Terraform stored it.
    RawState {
        #[prost(bytes = "vec", tag = "1")] json: Vec<u8>,
        #[prost(map = "string, string", tag = "2")] flatmap: std::collections::HashMap<String, String>,
    }

    ServerCapabilities {
        #[prost(bool, tag = "1")] plan_destroy: bool,
        #[prost(bool, tag = "2")] get_provider_schema_optional: bool,
        #[prost(bool, tag = "3")] move_resource_state: bool,
    }

    ClientCapabilities {
        #[prost(bool, tag = "1")] deferral_allowed: bool,
        #[prost(bool, tag = "2")] write_only_attributes_allowed: bool,
    }

    Deferred {
        #[prost(int32, tag = "1")] reason: i32,
    }

    IdentityData {
        #[prost(message, optional, tag = "1")] data: Option<DynamicValue>,
    }

    Named {
        #[prost(string, tag = "1")] name: String,
    }

    Metadata {
        #[prost(message, optional, tag = "1")] capabilities: Option<ServerCapabilities>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
        #[prost(message, repeated, tag = "3")] data_sources: Vec<Named>,
        #[prost(message, repeated, tag = "4")] resources: Vec<Named>,
    }

    ValidateProvider {
        #[prost(message, optional, tag = "1")] config: Option<DynamicValue>,
    }

    /// Protocol 5 answers with the configuration to use.
    ValidatedProvider {
        #[prost(message, optional, tag = "1")] prepared: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    ValidatedProvider6 {
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    Configure {
        #[prost(string, tag = "1")] terraform_version: String,
        #[prost(message, optional, tag = "2")] config: Option<DynamicValue>,
        #[prost(message, optional, tag = "3")] capabilities: Option<ClientCapabilities>,
    }

    Diagnostics {
        #[prost(message, repeated, tag = "1")] diagnostics: Vec<Diagnostic>,
    }

    /// Checks the configuration of a resource or a data source.
    Validate {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] config: Option<DynamicValue>,
        #[prost(message, optional, tag = "3")] capabilities: Option<ClientCapabilities>,
    }

    ReadData {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] config: Option<DynamicValue>,
        #[prost(message, optional, tag = "3")] meta: Option<DynamicValue>,
        #[prost(message, optional, tag = "4")] capabilities: Option<ClientCapabilities>,
    }

    DataRead {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
        #[prost(message, optional, tag = "3")] deferred: Option<Deferred>,
    }

    Upgrade {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(int64, tag = "2")] version: i64,
        #[prost(message, optional, tag = "3")] raw: Option<RawState>,
    }

    Upgraded {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    Read {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] state: Option<DynamicValue>,
        #[prost(bytes = "vec", tag = "3")] private: Vec<u8>,
        #[prost(message, optional, tag = "4")] meta: Option<DynamicValue>,
        #[prost(message, optional, tag = "5")] capabilities: Option<ClientCapabilities>,
        #[prost(message, optional, tag = "6")] identity: Option<IdentityData>,
    }

    ReadDone {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
        #[prost(bytes = "vec", tag = "3")] private: Vec<u8>,
        #[prost(message, optional, tag = "4")] deferred: Option<Deferred>,
        #[prost(message, optional, tag = "5")] identity: Option<IdentityData>,
    }

    Plan {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] prior: Option<DynamicValue>,
        #[prost(message, optional, tag = "3")] proposed: Option<DynamicValue>,
        #[prost(message, optional, tag = "4")] config: Option<DynamicValue>,
        #[prost(bytes = "vec", tag = "5")] private: Vec<u8>,
        #[prost(message, optional, tag = "6")] meta: Option<DynamicValue>,
        #[prost(message, optional, tag = "7")] capabilities: Option<ClientCapabilities>,
        #[prost(message, optional, tag = "8")] identity: Option<IdentityData>,
    }

    Planned {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] requires_replace: Vec<AttributePath>,
        #[prost(bytes = "vec", tag = "3")] private: Vec<u8>,
        #[prost(message, repeated, tag = "4")] diagnostics: Vec<Diagnostic>,
        #[prost(bool, tag = "5")] legacy: bool,
        #[prost(message, optional, tag = "6")] deferred: Option<Deferred>,
        #[prost(message, optional, tag = "7")] identity: Option<IdentityData>,
    }

    Apply {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] prior: Option<DynamicValue>,
        #[prost(message, optional, tag = "3")] planned: Option<DynamicValue>,
        #[prost(message, optional, tag = "4")] config: Option<DynamicValue>,
        #[prost(bytes = "vec", tag = "5")] private: Vec<u8>,
        #[prost(message, optional, tag = "6")] meta: Option<DynamicValue>,
        #[prost(message, optional, tag = "7")] identity: Option<IdentityData>,
    }

    Applied {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(bytes = "vec", tag = "2")] private: Vec<u8>,
        #[prost(message, repeated, tag = "3")] diagnostics: Vec<Diagnostic>,
        #[prost(bool, tag = "4")] legacy: bool,
        #[prost(message, optional, tag = "5")] identity: Option<IdentityData>,
    }

    Import {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(string, tag = "2")] id: String,
        #[prost(message, optional, tag = "3")] capabilities: Option<ClientCapabilities>,
        /// In place of the id.
        #[prost(message, optional, tag = "4")] identity: Option<IdentityData>,
    }

    ImportedResource {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(message, optional, tag = "2")] state: Option<DynamicValue>,
        #[prost(bytes = "vec", tag = "3")] private: Vec<u8>,
        #[prost(message, optional, tag = "4")] identity: Option<IdentityData>,
    }

    Imported {
        #[prost(message, repeated, tag = "1")] resources: Vec<ImportedResource>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    IdentityAttribute {
        #[prost(string, tag = "1")] name: String,
        #[prost(bytes = "vec", tag = "2")] kind: Vec<u8>,
        #[prost(bool, tag = "3")] required_for_import: bool,
        #[prost(bool, tag = "4")] optional_for_import: bool,
        #[prost(string, tag = "5")] description: String,
    }

    IdentitySchema {
        #[prost(int64, tag = "1")] version: i64,
        #[prost(message, repeated, tag = "2")] attributes: Vec<IdentityAttribute>,
    }

    IdentitySchemas {
        #[prost(map = "string, message", tag = "1")]
        schemas: std::collections::HashMap<String, IdentitySchema>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    UpgradeIdentity {
        #[prost(string, tag = "1")] type_name: String,
        #[prost(int64, tag = "2")] version: i64,
        #[prost(message, optional, tag = "3")] raw: Option<RawState>,
    }

    UpgradedIdentity {
        #[prost(message, optional, tag = "1")] identity: Option<IdentityData>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
    }

    /// Moves a resource from another type or provider.
    Move {
        #[prost(string, tag = "1")] source_provider: String,
        #[prost(string, tag = "2")] source_type: String,
        #[prost(int64, tag = "3")] source_version: i64,
        #[prost(message, optional, tag = "4")] source_state: Option<RawState>,
        #[prost(string, tag = "5")] target_type: String,
        #[prost(bytes = "vec", tag = "6")] source_private: Vec<u8>,
    }

    Moved {
        #[prost(message, optional, tag = "1")] state: Option<DynamicValue>,
        #[prost(message, repeated, tag = "2")] diagnostics: Vec<Diagnostic>,
        #[prost(bytes = "vec", tag = "3")] private: Vec<u8>,
        #[prost(message, optional, tag = "4")] identity: Option<IdentityData>,
    }

    Stopped {
        #[prost(string, tag = "1")] error: String,
    }
}

/// One step of a path.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Selector {
    #[prost(string, tag = "1")]
    Attribute(String),
    #[prost(string, tag = "2")]
    Key(String),
    #[prost(int64, tag = "3")]
    Index(i64),
}

/// The severities of a diagnostic.
pub(crate) const ERROR: i32 = 1;
pub(crate) const WARNING: i32 = 2;

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Five,
    Six,
}

impl Protocol {
    /// The version that a handshake names; `None` for any other than 5 and 6.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "5" => Some(Self::Five),
            "6" => Some(Self::Six),
            _ => None,
        }
    }

    /// The path of a call of the service, by its name in protocol 6.
    pub(crate) fn path(self, call: &str) -> String {
        let call = match (self, call) {
            (Self::Six, call) => call,
            (Self::Five, "GetProviderSchema") => "GetSchema",
            (Self::Five, "ValidateProviderConfig") => "PrepareProviderConfig",
            (Self::Five, "ConfigureProvider") => "Configure",
            (Self::Five, "ValidateResourceConfig") => "ValidateResourceTypeConfig",
            (Self::Five, "ValidateDataResourceConfig") => "ValidateDataSourceConfig",
            (Self::Five, "StopProvider") => "Stop",
            (Self::Five, same) => same,
        };
        format!("/tfplugin{self}.Provider/{call}")
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Five => "5",
            Self::Six => "6",
        })
    }
}

/// The largest message in bytes, in both directions.
pub(crate) const LARGEST_MESSAGE: usize = 256 << 20;
