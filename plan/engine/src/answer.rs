//! What a data source answers, in the form in which references find what exists. Asks; records nothing.

use std::sync::Arc;

use landform_core::{
    Error, ErrorKind, Private,
    expr::{Expr, prune},
};
use tracing::Instrument;

use crate::{
    calls::Calls,
    journal::ObjectState,
    registry::Asked,
    seal::{self, Vault},
    token,
};

/// Asks. Secrets of the answer are sealed, and the vault keeps them.
pub(crate) async fn ask(
    asked: &Asked,
    arguments: &Expr,
    calls: &Calls<'_>,
    vault: &Vault,
    salt: &str,
) -> Result<Arc<ObjectState>, Error> {
    let unknown = || Error::new(ErrorKind::Invalid, "an argument is still unknown");
    let mut question = arguments.expose().ok_or_else(unknown)?;
    if seal::holds_seals(&question) && !vault.open(&mut question) {
        return Err(Error::new(ErrorKind::Invalid, "an argument is a secret that is not stored"));
    }
    let span = tracing::debug_span!("read", provider = %asked.provider, r#type = %asked.resource_type.name);
    let answer = calls.reading(|| asked.driver.read(&question));
    let mut attributes = answer.instrument(span).await?;
    // What cannot be read back is not written.
    let _ = prune(&mut attributes);
    let id = attributes.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
    let resource_type = &*asked.resource_type;
    let (clear, mut args) = (attributes.clone(), question.clone());
    seal::seal(&resource_type.attributes, &mut attributes, None, None, salt);
    seal::seal(&resource_type.arguments, &mut args, Some(arguments), None, salt);
    vault.keep(&clear, &attributes);
    vault.keep(&question, &args);
    Ok(Arc::new(ObjectState {
        type_name: resource_type.name.clone(),
        provider: asked.provider.to_string(),
        id,
        schema_version: resource_type.version,
        args: args.into(),
        attributes: attributes.into(),
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
