//! One run of the kit over one data source.

use serde_json::Value as Json;

use super::{Broken, Clause, Verdict, secrets::secrets};
use crate::{DataDriver, Error, ErrorKind, Retry, expr::Expr};

/// The sample with which to test a data source.
#[derive(Debug, Clone)]
pub struct DataSample {
    /// Arguments that have an answer.
    pub arguments: Json,
    /// Arguments that nothing matches. `None` if something always matches.
    pub nothing: Option<Json>,
    /// Arguments that several things match. `None` if the answer is a list, or always one thing.
    pub several: Option<Json>,
}

impl DataSample {
    /// A sample that has an answer.
    pub fn new(arguments: impl Into<Json>) -> Self {
        Self { arguments: arguments.into(), nothing: None, several: None }
    }

    /// Sets arguments that nothing fits.
    pub fn nothing(mut self, arguments: impl Into<Json>) -> Self {
        self.nothing = Some(arguments.into());
        self
    }

    /// Sets arguments that several things match.
    pub fn several(mut self, arguments: impl Into<Json>) -> Self {
        self.several = Some(arguments.into());
        self
    }
}

/// Tests every clause on one data source. Nothing in the cloud may change meanwhile.
///
/// # Errors
/// The first broken clause.
///
/// - **Cancel safety**: it changes nothing and can be dropped at any time.
pub async fn check_data(driver: &dyn DataDriver, sample: &DataSample) -> Result<Verdict, Broken> {
    let known = driver.resource_type();
    let broken = |clause, problem: String| Broken { type_name: known.name.to_string(), clause, problem };
    let mut report = Verdict::default();
    for asked in
        [Some(&sample.arguments), sample.nothing.as_ref(), sample.several.as_ref()].into_iter().flatten()
    {
        if let Some(violation) = known.arguments.check(&Expr::Literal(asked.clone())).first() {
            return Err(broken(Clause::Sample, violation.to_string()));
        }
    }
    report.kept.push(Clause::Sample);

    let read = driver.read(&sample.arguments).await;
    let answer = read.map_err(|error| broken(Clause::Answer, error.to_string()))?;
    if let Some(violation) = known.attributes.check(&Expr::Literal(answer.clone())).first() {
        return Err(broken(Clause::Answer, violation.to_string()));
    }
    if known.attributes.field("id").is_some()
        && answer.get("id").and_then(Json::as_str).is_none_or(str::is_empty)
    {
        return Err(broken(Clause::Answer, format!("the id is {:?}, expected text", answer.get("id"))));
    }
    report.kept.push(Clause::Answer);

    let again = driver.read(&sample.arguments).await;
    let again = again.map_err(|error| broken(Clause::AnswerAgain, error.to_string()))?;
    if again != answer {
        return Err(broken(Clause::AnswerAgain, "the same arguments got another answer".to_owned()));
    }
    report.kept.push(Clause::AnswerAgain);

    for (clause, asked, kind) in [
        (Clause::Nothing, &sample.nothing, ErrorKind::NotFound),
        (Clause::Several, &sample.several, ErrorKind::Invalid),
    ] {
        let Some(asked) = asked else {
            report.skipped.push(clause);
            continue;
        };
        match driver.read(asked).await {
            Err(error) if error.kind() == kind && error.retry() == Retry::Never => {}
            Err(error) => return Err(broken(clause, refused(&error, kind))),
            Ok(answer) => {
                return Err(broken(clause, format!("expected that it is {}, got {answer}", kind.as_str())));
            }
        }
        report.kept.push(clause);
    }

    let given = secrets(&known.arguments, &sample.arguments);
    if given.is_empty() {
        report.skipped.push(Clause::Secrets);
        return Ok(report);
    }
    let open = known.attributes.fields().iter().filter(|field| !field.secret);
    for field in open {
        let shown = answer.get(&field.name).map(Json::to_string).unwrap_or_default();
        if given.iter().any(|secret| shown.contains(secret.as_str())) {
            return Err(broken(
                Clause::Secrets,
                format!("the attribute {} shows a secret argument", field.name),
            ));
        }
    }
    report.kept.push(Clause::Secrets);
    Ok(report)
}

fn refused(error: &Error, kind: ErrorKind) -> String {
    format!("expected an error that says \"{}\" and is not tried again, got {error}", kind.as_str())
}
