//! `data.aws_ssm_parameter`.

#[cfg(feature = "ssm")]
mod client;

use landform_core::{Id, attributes, data};

/// A parameter of Systems Manager.
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
