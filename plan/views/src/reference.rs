//! The reference page of a type: what a program gives, what the cloud computes, how a resource is imported, and the
//! permissions that each use needs. Never calls a cloud.

mod rules;

use std::fmt::Write as _;

use landform_core::{
    ImportId, ResourceType,
    schema::{Field, Kind, Limits, Range, Schema},
};

/// The permissions that a use of a type needs, as a provider lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The use, as `create`.
    pub to: &'static str,
    /// The cloud's names of the permissions, as `ec2:CreateVpc`.
    pub names: Vec<&'static str>,
}

/// The reference page of a type, in Markdown. Ids refer to pages beside it, which are named `TYPE.md`.
///
/// ```
/// use landform_core::{Id, Resource, attributes, resource};
///
/// /// A bucket.
/// ///
/// /// # Example
/// /// ```
/// /// stack.add("logs", Bucket::new("logs"));
/// /// ```
/// #[resource("demo_bucket", id = "{name}")]
/// pub struct Bucket {
///     /// Its name.
///     #[field(immutable)]
///     pub name: String,
/// }
///
/// /// What is computed.
/// #[attributes]
/// pub struct BucketAttributes {
///     /// The id.
///     pub id: Id<Bucket>,
/// }
///
/// let page = landform_views::reference(Bucket::resource_type(), &[]);
/// assert!(page.contains("| `name` | text | required, forces replacement | Its name. |"), "{page}");
/// assert!(page.contains("stack.add(\"logs\", Bucket::new(\"logs\"));"), "{page}");
/// ```
pub fn reference(of: &ResourceType, permissions: &[Permission]) -> String {
    let mut page = format!("# {}\n\n{}\n", of.name_str(), of.doc);
    if !of.example.is_empty() {
        let _ = write!(page, "\n## Example\n\n```rust\n{}\n```\n", of.example);
    }
    fields(&mut page, "Arguments", &of.arguments, true);
    fields(&mut page, "Attributes", &of.attributes, false);
    let rules = rules::of(of);
    if !rules.is_empty() {
        page.push_str("\n## Rules\n\nA plan is refused unless they hold.\n\n");
        rules.iter().for_each(|rule| _ = writeln!(page, "- {rule}"));
    }
    if !of.is_data() {
        let _ = write!(page, "\n## Import\n\nThe import id has the form `{}`.", of.id_form);
        match &of.import {
            ImportId::Form(form) => {
                let _ = write!(page, " A Terraform state gives it as `{form}`.");
            }
            ImportId::Usual | ImportId::Function(_) => {}
        }
        page.push('\n');
    }
    if !permissions.is_empty() {
        page.push_str("\n## Permissions\n\n| to | a run needs |\n|---|---|\n");
        for permission in permissions {
            let names: Vec<String> = permission.names.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(page, "| {} | {} |", permission.to, names.join(", "));
        }
    }
    page
}

/// A table of fields, and one for each block among them.
fn fields(page: &mut String, title: &str, schema: &Schema, given: bool) {
    if schema.fields().is_empty() {
        return;
    }
    let _ = write!(page, "\n## {title}\n");
    let mut blocks = vec![(String::new(), schema)];
    let mut next = 0;
    while let Some((place, schema)) = blocks.get(next).cloned() {
        next += 1;
        if !place.is_empty() {
            let _ = write!(page, "\n### `{place}`\n");
        }
        let (head, line) = if given { (" use |", "---|") } else { ("", "") };
        let _ = write!(page, "\n| field | type |{head} meaning |\n|---|---|{line}---|\n");
        for field in schema.fields() {
            let used = if given { format!(" {} |", usage(field)) } else { String::new() };
            let doc = field.doc.replace('\n', " ").replace('|', "\\|");
            let _ = writeln!(page, "| `{}` | {} |{used} {doc} |", field.name, kind(&field.kind));
            if let Some(inner) = rules::block(&field.kind) {
                let place = if place.is_empty() { String::new() } else { format!("{place}.") };
                blocks.push((format!("{place}{}", field.name), inner));
            }
        }
    }
}

/// How a field is given.
fn usage(field: &Field) -> String {
    let default = field.default.as_ref().map(|default| format!("default `{default}`"));
    let Limits { number, length, pattern } = &field.limits;
    // The kind of an unsigned number already says that it is not negative.
    let number = Range { min: number.min.filter(|min| *min != 0.0 || number.max.is_some()), ..*number };
    let said = [
        field.required.then(|| "required".to_owned()),
        default,
        field.computed.then(|| "computed if not given".to_owned()),
        field.immutable.then(|| "forces replacement".to_owned()),
        field.secret.then(|| "secret".to_owned()),
        field.write_only.then(|| "write-only".to_owned()),
        limited(field.size).map(|size| format!("{size} of them")),
        limited(*length).map(|length| format!("{length} characters")),
        limited(number).map(|number| number.to_string()),
        pattern.as_ref().map(|pattern| format!("matches `{}`", pattern.as_str().replace('|', "\\|"))),
        field.deprecated.as_ref().map(|why| format!("deprecated: {why}")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { "optional".to_owned() } else { said.join(", ") }
}

/// A range, if it has a limit.
fn limited<N>(range: Range<N>) -> Option<Range<N>> {
    (range.min.is_some() || range.max.is_some()).then_some(range)
}

/// What a field holds, with a link to the page of the type that it refers to.
fn kind(of: &Kind) -> String {
    match of {
        Kind::Bool => "bool".into(),
        Kind::Integer => "integer".into(),
        Kind::Number => "number".into(),
        Kind::Text { one_of, .. } if !one_of.is_empty() => {
            let values: Vec<String> = one_of.iter().map(|value| format!("`{value}`")).collect();
            values.join(", ")
        }
        Kind::Text { refers_to: Some(target), .. } => format!("id of [{target}]({target}.md)"),
        Kind::Text { format: Some(format), .. } => format.clone(),
        Kind::Text { .. } => "text".into(),
        Kind::List(item) => format!("list of {}", kind(item)),
        Kind::Set(item) => format!("set of {}", kind(item)),
        Kind::Map(item) => format!("map of {}", kind(item)),
        Kind::Block(_) => "block".into(),
        Kind::Any => "JSON".into(),
    }
}
