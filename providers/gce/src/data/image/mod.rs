//! `data.google_compute_image`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, data};

/// An image: the one with a name, or the newest one of a family that is not deprecated.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::data;
/// # let mut stack = Stack::new("demo");
/// let debian = stack.read("system", data::Image::new().family("debian-12").project("debian-cloud"));
/// stack.output("image", debian.self_link());
/// ```
#[data("google_compute_image")]
pub struct Image {
    /// Its name. Set this or `family`.
    pub name: Option<String>,
    /// Its family. Set this or `name`.
    pub family: Option<String>,
    /// The project that has it. The default is the provider's.
    #[field(form = "{account}")]
    pub project: Option<String>,
}

/// The attributes that Google reports for an [`Image`].
#[attributes]
pub struct ImageAttributes {
    /// `projects/{project}/global/images/{name}`.
    #[field(form = "projects/{project}/global/images/{name|family}")]
    pub id: Id<Image>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The number that identifies it.
    #[field(form = "{digits12}")]
    pub image_id: String,
    /// Its status: `READY`, `PENDING`, `FAILED`.
    #[field(form = "READY")]
    pub status: String,
    /// The size of a disk that it fits, in GB.
    #[field(form = "10")]
    pub disk_size_gb: u32,
}
