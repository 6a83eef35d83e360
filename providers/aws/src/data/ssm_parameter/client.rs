//! `data.aws_ssm_parameter`.

use aws_sdk_ssm::types::ParameterType;
use landform_core::Retry;

use super::{SsmParameter, SsmParameterAttributes};
use crate::client::prelude::*;

#[async_trait]
impl DataSource<SsmParameter> for Client {
    async fn read(&self, asked: &SsmParameter) -> Result<SsmParameterAttributes> {
        let call = self.ssm.get_parameter().name(&asked.name).with_decryption(asked.with_decryption);
        let found = call.send().await.map_err(failed).map_err(|error| match error.kind() {
            ErrorKind::NotFound => error.with_retry(Retry::Never).resource(&asked.name),
            _ => error,
        })?;
        let Some(parameter) = found.parameter else {
            return Err(landform_kit::senseless("the answer has no parameter"));
        };
        let is_secret = parameter.r#type == Some(ParameterType::SecureString);
        let value: String = read(parameter.value, "value")?;
        Ok(SsmParameterAttributes {
            id: Id::new(parameter.name.unwrap_or_else(|| asked.name.clone())),
            arn: parameter.arn.unwrap_or_default(),
            r#type: read(parameter.r#type, "type")?,
            insecure_value: (!is_secret).then(|| value.clone()),
            value,
            version: read(Some(parameter.version), "version")?,
        })
    }
}
