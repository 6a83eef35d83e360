//! Environment variables of containers. Data only.

use super::values::Quantity;

section! {
    /// An environment variable of a container, with a value or a source.
    pub struct ContainerVariable {
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
        /// Where its value comes from.
        pub value_from: Option<VariableSource>,
    }

    /// Where the value of a variable comes from: one of these.
    pub struct VariableSource {
        /// An entry of a `ConfigMap`.
        pub config_map_key_ref: Option<EntryOf>,
        /// A field of the pod.
        pub field_ref: Option<PodField>,
        /// An entry of a file in a volume.
        pub file_key_ref: Option<FileEntry>,
        /// A container's request or limit.
        pub resource_field_ref: Option<ContainerResource>,
        /// An entry of a `Secret`.
        pub secret_key_ref: Option<EntryOf>,
    }

    /// An entry of a `ConfigMap` or a `Secret`.
    pub struct EntryOf {
        /// The object's name.
        pub name: String,
        /// The entry's key.
        pub key: String,
        /// Whether it may be absent.
        pub optional: Option<bool>,
    }

    /// A field of a pod.
    pub struct PodField {
        /// The version of the API that defines the path. The default is `v1`.
        pub api_version: String,
        /// The field, such as `status.podIP`.
        pub field_path: String,
    }

    /// An entry of a file in a volume.
    pub struct FileEntry {
        /// The entry's key.
        pub key: String,
        /// Whether it may be absent.
        pub optional: Option<bool>,
        /// The file's path in the volume.
        pub path: String,
        /// The volume.
        pub volume_name: String,
    }

    /// A container's request or limit.
    pub struct ContainerResource {
        /// The container.
        pub container_name: String,
        /// What it is divided by.
        pub divisor: Option<Quantity>,
        /// The resource, such as `limits.cpu`.
        pub resource: String,
    }
}
