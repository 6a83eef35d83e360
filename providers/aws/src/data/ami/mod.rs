//! `data.aws_ami`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, data};

use super::Filter;

/// A machine image: the one that fits, or the newest of them.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let name = data::Filter::new("name", ["al2023-ami-*-x86_64"]);
/// let image = stack.read("system", data::Ami::new().owners(["amazon"]).filter([name]).most_recent(true));
/// stack.add("web", aws::LaunchTemplate::new("web").image_id(image.id()));
/// ```
#[data("aws_ami")]
pub struct Ami {
    /// Whose images are looked at: account ids, `self`, or an alias as `amazon`.
    pub owners: Vec<String>,
    /// What must hold of it.
    pub filter: Vec<Filter>,
    /// Whether the newest is taken where several fit. That takes owners, or a filter on the owner or the image: else
    /// anyone could publish a newer one that fits.
    #[field(default = false)]
    pub most_recent: bool,
}

/// What AWS knows of an [`Ami`].
#[attributes]
pub struct AmiAttributes {
    /// The image's id.
    pub id: Id<Ami>,
    /// The image's id once more.
    pub image_id: String,
    /// Its name.
    pub name: String,
    /// The architecture it is for, as `x86_64` or `arm64`.
    pub architecture: String,
    /// The device it starts from, as `/dev/xvda`.
    pub root_device_name: String,
    /// When it was made, as `2024-05-01T12:00:00.000Z`.
    pub creation_date: String,
    /// The account that owns it.
    pub owner_id: String,
}
