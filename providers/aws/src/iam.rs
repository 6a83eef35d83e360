//! AWS IAM: identities and their permissions.

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
    managed instance_profile::IamInstanceProfile;
    managed openid_connect_provider::IamOpenidConnectProvider;
    managed policy::IamPolicy;
    managed role::IamRole;
    managed role_policy::IamRolePolicy;
    managed role_policy_attachment::IamRolePolicyAttachment;
}
