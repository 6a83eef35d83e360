//! `data.google_project`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

/// A project. The caller may read it, or Google does not say whether it exists.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::data;
/// # let mut stack = Stack::new("demo");
/// let here = stack.read("here", data::Project::new());
/// stack.output("number", here.number());
/// ```
#[data("google_project")]
pub struct Project {
    /// Its id. The default is the provider's project.
    #[field(form = "{account}")]
    pub project_id: Option<String>,
}

/// The attributes that Google reports for a [`Project`].
#[attributes]
pub struct ProjectAttributes {
    /// `projects/{project_id}`.
    #[field(form = "projects/{account}")]
    pub id: Id<Project>,
    /// The number that identifies it.
    #[field(form = "{digits12}")]
    pub number: String,
    /// Its name for people.
    #[field(form = "{account}")]
    pub name: String,
    /// Its labels.
    #[field(required)]
    pub labels: BTreeMap<String, String>,
}
