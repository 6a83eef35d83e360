//! AWS IAM: identities and what they may do.

#[cfg(feature = "iam")]
mod client;
mod instance_profile;
mod openid_connect_provider;
mod policy;
mod role;
mod role_policy;
mod role_policy_attachment;

landform_kit::types! {
    with "iam" crate::client::Client;
    declared instance_profile::IamInstanceProfile;
    declared openid_connect_provider::IamOpenidConnectProvider;
    declared policy::IamPolicy;
    managed role::IamRole;
    declared role_policy::IamRolePolicy;
    declared role_policy_attachment::IamRolePolicyAttachment;
}
