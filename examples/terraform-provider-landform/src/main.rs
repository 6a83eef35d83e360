//! AWS, Google Cloud and Landform's embedded cloud as a plugin of Terraform. Terraform starts it; docs/terraform-plugin.md says how.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match landform::terraform::serve(terraform_provider_landform::provider()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
