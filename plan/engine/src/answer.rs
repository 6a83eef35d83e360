//! Asks data sources, and holds their answers in a form that references can look into. Records nothing.

use std::sync::Arc;

use landform_core::{Error, ErrorKind, TypeName, expr::Expr};
use tracing::Instrument;

use crate::{
    calls::Calls,
    journal::ObjectState,
    registry::Asked,
    seal::{self, Sealed, Sealer},
};

/// What a data source answered. Secrets are sealed.
pub(crate) struct Answered {
    pub type_name: TypeName,
    /// The provider that was asked.
    pub provider: String,
    /// The id in the answer, if it has one.
    pub id: Option<String>,
    /// What was asked.
    pub arguments: Sealed,
    pub attributes: Sealed,
}

/// What a reference finds at a node: an object that exists, or an answer.
#[derive(Clone)]
pub(crate) enum Present {
    Object(Arc<ObjectState>),
    Answer(Arc<Answered>),
}

impl Present {
    pub fn arguments(&self) -> &Sealed {
        match self {
            Self::Object(object) => &object.args,
            Self::Answer(answer) => &answer.arguments,
        }
    }

    pub fn attributes(&self) -> &Sealed {
        match self {
            Self::Object(object) => &object.attributes,
            Self::Answer(answer) => &answer.attributes,
        }
    }
}

/// Asks. Secrets of the answer are sealed, and the vault keeps them.
pub(crate) async fn ask(
    asked: &Asked,
    arguments: &Expr,
    calls: &Calls<'_>,
    sealer: &Sealer<'_>,
) -> Result<Arc<Answered>, Error> {
    let unknown = || Error::new(ErrorKind::Invalid, "an argument is still unknown");
    let mut question = arguments.expose().ok_or_else(unknown)?;
    if seal::holds_seals(&question) && !sealer.vault().open(&mut question) {
        return Err(Error::new(ErrorKind::Invalid, "an argument is a secret that is not stored"));
    }
    let span = tracing::debug_span!("read", provider = %asked.provider, r#type = %asked.resource_type.name);
    let answer = calls.reading(|| asked.driver.read(&question));
    let attributes = answer.instrument(span).await?;
    let id = attributes.get("id").and_then(|id| id.as_str()).map(str::to_owned);
    let resource_type = &*asked.resource_type;
    Ok(Arc::new(Answered {
        type_name: resource_type.name.clone(),
        provider: asked.provider.to_string(),
        id,
        arguments: sealer.seal(&resource_type.arguments, true, &question, Some(arguments), None),
        attributes: sealer.seal(&resource_type.attributes, true, &attributes, None, None),
    }))
}
