//! The resource types of Identity and Access Management.

mod project_iam_binding;
mod project_iam_member;
mod service_account;

landform_kit::types! {
    with "client" crate::client::Client;
    managed project_iam_binding::ProjectIamBinding;
    managed project_iam_member::ProjectIamMember;
    managed service_account::ServiceAccount;
}
