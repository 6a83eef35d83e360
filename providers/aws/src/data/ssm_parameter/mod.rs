//! `data.aws_ssm_parameter`.

#[cfg(feature = "ssm")]
mod client;

use landform_core::{Id, attributes, data};

/// A parameter of Systems Manager.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
/// let image = stack.read("system", data::SsmParameter::new(name));
/// stack.add("web", aws::LaunchTemplate::new("web").image_id(image.value()));
/// ```
#[data("aws_ssm_parameter")]
pub struct SsmParameter {
    /// Its name.
    pub name: String,
    /// Whether to decrypt a secret parameter.
    #[field(default = true)]
    pub with_decryption: bool,
}

/// The attributes that AWS reports for an [`SsmParameter`].
#[attributes]
pub struct SsmParameterAttributes {
    /// The parameter's name.
    #[field(form = "{name}")]
    pub id: Id<SsmParameter>,
    /// Its ARN.
    #[field(form = "arn:aws:ssm:{region}:{account}:parameter/{name}")]
    pub arn: String,
    /// `String`, `StringList` or `SecureString`.
    #[field(form = "String")]
    pub r#type: String,
    /// Its value. Landform never shows it.
    #[field(secret)]
    pub value: String,
    /// Its value, unless it is a `SecureString`.
    pub insecure_value: Option<String>,
    /// Its version.
    #[field(form = "1")]
    pub version: u64,
}
