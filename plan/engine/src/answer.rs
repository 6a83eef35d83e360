//! What a data source answers, in the form in which references find what exists. Asks; records nothing.

use std::sync::Arc;

use landform_core::{Error, ErrorKind, Private, expr::Expr};
use tracing::Instrument;

use crate::{
    calls::Calls,
    journal::ObjectState,
    registry::Asked,
    seal::{self, Sealer},
    token,
};

/// Asks. Secrets of the answer are sealed, and the vault keeps them.
pub(crate) async fn ask(
    asked: &Asked,
    arguments: &Expr,
    calls: &Calls<'_>,
    sealer: &Sealer<'_>,
) -> Result<Arc<ObjectState>, Error> {
    let unknown = || Error::new(ErrorKind::Invalid, "an argument is still unknown");
    let mut question = arguments.expose().ok_or_else(unknown)?;
    if seal::holds_seals(&question) && !sealer.vault().open(&mut question) {
        return Err(Error::new(ErrorKind::Invalid, "an argument is a secret that is not stored"));
    }
    let span = tracing::debug_span!("read", provider = %asked.provider, r#type = %asked.resource_type.name);
    let answer = calls.reading(|| asked.driver.read(&question));
    let attributes = answer.instrument(span).await?;
    let id = attributes.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
    let resource_type = &*asked.resource_type;
    Ok(Arc::new(ObjectState {
        type_name: resource_type.name.clone(),
        provider: asked.provider.to_string(),
        id,
        schema_version: resource_type.version,
        args: sealer.seal(&resource_type.arguments, true, &question, Some(arguments), None),
        attributes: sealer.seal(&resource_type.attributes, true, &attributes, None, None),
        private: Private::default(),
        identity: None,
        depends_on: Vec::new(),
        tainted: false,
        create_before_destroy: false,
        retain_on_delete: false,
        token: token::fresh(),
        revised: None,
        triggers: Default::default(),
        read_at: Some(token::now()),
    }))
}
