//! Resources on Google in one form. Terraform has several forms for one value; kops's output uses some, and the layer
//! others.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields that kops writes even if they are not set.
const UNSET: [&str; 5] = ["disk_name", "interface", "source", "provisioned_iops", "provisioned_throughput"];
/// The settings of kops's provider block, which the layer writes on each resource.
const PROVIDER: [(&str, &str); 2] = [("project", "testproject"), ("region", "us-test1")];
/// The length of the end of a template's name: kops lets Terraform choose it.
const END: usize = 10;

/// Brings kops's resources and the layer's into one form.
pub fn adopt_form(wanted: &mut BTreeMap<String, Value>, made: &mut BTreeMap<String, Value>) {
    for (address, made) in made.iter_mut() {
        let Some(fields) = made.as_object_mut() else { continue };
        let wanted = wanted.get(address).and_then(Value::as_object);
        for (field, value) in PROVIDER {
            if wanted.is_some_and(|wanted| !wanted.contains_key(field))
                && fields.get(field).is_some_and(|of| of == value)
            {
                fields.remove(field);
            }
        }
        if address.starts_with("google_compute_instance_template.") {
            let name = fields.remove("name").unwrap();
            let (prefix, end) = name.as_str().unwrap().rsplit_once('-').unwrap();
            assert!(end.len() == END && end.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
            fields.insert("name_prefix".into(), format!("{prefix}-").into());
        }
    }
    for resources in [wanted, made] {
        resources.values_mut().for_each(adopt);
    }
}

/// Replaces bindings of a role by members, and returns their number. kops's Terraform output takes the role from all
/// others of the project. kops's own requests add a member, and so does the layer.
pub fn members(wanted: &mut BTreeMap<String, Value>) -> usize {
    const BINDING: &str = "google_project_iam_binding.";
    let bindings: Vec<String> =
        wanted.keys().filter(|address| address.starts_with(BINDING)).cloned().collect();
    for address in &bindings {
        let mut fields = wanted.remove(address).unwrap();
        let only = fields["members"][0].as_str().unwrap();
        let account = only.strip_prefix("${format(\"serviceAccount:%s\", ").unwrap();
        let member = account.strip_suffix(".email)}").unwrap();
        fields["member"] = format!("${{{member}.member}}").into();
        fields.as_object_mut().unwrap().remove("members");
        wanted.insert(address.replace(BINDING, "google_project_iam_member."), fields);
    }
    bindings.len()
}

fn adopt(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|field, value| !(UNSET.contains(&field.as_str()) && is_unset(value)));
            fields.values_mut().for_each(adopt);
            // kops writes a single port as a range.
            if let Some(Value::String(range)) = fields.get_mut("port_range")
                && let Some((first, last)) = range.split_once('-')
                && first == last
            {
                *range = first.to_owned();
            }
            // An access block without fields.
            if let Some(access) = fields.get_mut("access_config").filter(|access| access.is_null()) {
                *access = Value::Object(Map::new());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(adopt),
        Value::String(text) => *text = reference(text),
        _ => {}
    }
}

fn is_unset(value: &Value) -> bool {
    value == "" || value == 0
}

/// References to a resource as a whole by its id, which Terraform treats like the name and the link.
fn reference(text: &str) -> String {
    let Some(inner) = text.strip_prefix("${").and_then(|text| text.strip_suffix('}')) else {
        return text.into();
    };
    let whole = inner.strip_suffix(".name").or_else(|| inner.strip_suffix(".self_link"));
    whole.map_or_else(|| text.into(), |whole| format!("${{{whole}.id}}"))
}
