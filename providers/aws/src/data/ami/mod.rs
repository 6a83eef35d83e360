//! `data.aws_ami`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, data};

use super::Filter;

/// A machine image: the only one that fits, or the newest one.
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
    /// The owners of the images: account ids, `self`, or an alias such as `amazon`.
    pub owners: Vec<String>,
    /// The conditions that it must meet.
    pub filter: Vec<Filter>,
    /// Whether to take the newest image if several fit. This requires owners, or a filter on the owner or the image.
    /// Otherwise anyone could publish a newer image that fits.
    #[field(default = false)]
    pub most_recent: bool,
}

/// The attributes that AWS reports for an [`Ami`].
#[attributes]
pub struct AmiAttributes {
    /// The image's id.
    pub id: Id<Ami>,
    /// The same id.
    pub image_id: String,
    /// Its name.
    pub name: String,
    /// Its architecture, such as `x86_64` or `arm64`.
    pub architecture: String,
    /// The name of the root device, such as `/dev/xvda`.
    pub root_device_name: String,
    /// The time of its creation, such as `2024-05-01T12:00:00.000Z`.
    pub creation_date: String,
    /// The account that owns it.
    pub owner_id: String,
}
