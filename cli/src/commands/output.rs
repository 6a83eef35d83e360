//! The current outputs of a stack.

use std::process::ExitCode;

use landform_core::{SENSITIVE, Stack, suggest};
use landform_engine::Output;
use serde_json::{Map, Value as Json};

use crate::{Context, Failure, screen};

/// Prints all outputs with secrets masked, or the value of the named one.
pub(super) async fn output<A>(
    context: &Context<A>,
    name: Option<&str>,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    if let Some(name) = name.filter(|name| !stack.outputs().contains_key(*name)) {
        let near = suggest::nearest(name, stack.outputs().keys().map(String::as_str));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(format!("the stack has no output {name:?}{near}").into());
    }
    let outputs = context.silent_engine().await?.outputs(stack).await?;
    let Some(name) = name else {
        let shown = outputs.iter().map(|(name, output)| (name.clone(), masked(output)));
        match context.json() {
            true => screen::line(Json::Object(shown.collect::<Map<_, _>>())),
            false => shown.for_each(|(name, value)| screen::line(format!("{name} = {value}"))),
        }
        return Ok(ExitCode::SUCCESS);
    };
    match outputs.get(name).and_then(Output::expose) {
        Some(Json::String(text)) if !context.json() => screen::line(text),
        Some(value) => screen::line(value),
        None => return Err(format!("the output {name:?} is not known yet: apply the stack first").into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn masked(output: &Output) -> Json {
    match output {
        Output::Known(value) => value.clone(),
        Output::Secret(_) => SENSITIVE.into(),
        _ => Json::Null,
    }
}
