//! What another client sees: boto3 reads each new resource, and every attribute is as declared. The table names the
//! call and the place of each declared attribute in its answer, as a JMESPath expression.

mod compute;
mod networks;

use std::process::Command;

use landform_core::{Address, Call, Provider, Token};
use serde_json::{Value as Json, json};

use super::settled;
use landform_testkit::moto::Moto;

/// One type: the service, the call, its arguments (`$id` stands for the id, `$/name` for a declared attribute), and the
/// rows. A row has a declared attribute as a JSON pointer, with a literal after `=` if AWS shows another value, and its
/// place in the answer.
struct Look {
    type_name: &'static str,
    call: (&'static str, &'static str),
    arguments: &'static str,
    rows: &'static [(&'static str, &'static str)],
}

/// A declared attribute that boto3 does not see, and why.
struct Hidden {
    type_name: &'static str,
    attribute: &'static str,
    why: &'static str,
}

const HIDDEN: &[Hidden] =
    &[hidden("aws_lb_listener_rule", "listener_arn", "the answer about a rule does not name its listener")];

const fn hidden(type_name: &'static str, attribute: &'static str, why: &'static str) -> Hidden {
    Hidden { type_name, attribute, why }
}

/// The table.
fn looks() -> impl Iterator<Item = &'static Look> + Clone {
    compute::LOOKS.iter().chain(networks::LOOKS)
}

/// The declared attributes of a sample that no row compares, that no call names, and that are not hidden.
fn unseen(type_name: &str, arguments: &Json) -> Vec<String> {
    let looks = || looks().filter(move |look| look.type_name == type_name);
    let declared = arguments.as_object().unwrap().keys();
    let open = declared.filter(|attribute| {
        let pointer = format!("/{attribute}");
        let row = |what: &str| what.split(['=', '/']).nth(1) == Some(attribute.as_str());
        let in_row = looks().any(|look| look.rows.iter().any(|(what, _)| row(what)));
        let in_call = looks().any(|look| look.arguments.contains(&format!("${pointer}\"")));
        let hidden = HIDDEN.iter().any(|one| one.type_name == type_name && one.attribute == *attribute);
        !in_row && !in_call && !hidden
    });
    open.map(|attribute| format!("no row of the table compares {type_name}.{attribute}")).collect()
}

/// Reads `[[name, service, call, arguments, [[what, path, expected]…]]…]` and prints the differences.
const SCRIPT: &str = r#"
import boto3, jmespath, json, os, sys

def plain(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, list):
        return sorted(plain(item) for item in value)
    if isinstance(value, str) and value[:1] in "{[":
        return json.dumps(json.loads(value), sort_keys=True)
    return "" if value is None else str(value)

checked = 0
for name, service, call, arguments, rows in json.load(sys.stdin):
    client = boto3.client(service, region_name=os.environ["AWS_REGION"])
    answer = getattr(client, call)(**arguments)
    for what, path, expected in rows:
        split = path.startswith("split(")
        found = jmespath.search(path[6:-1] if split else path, answer)
        found = found.split(",") if split else found
        checked += 1
        if plain(found) != plain(expected):
            print(f"{name} {what}: boto3 sees {found!r}, expected {expected!r}")
print(f"checked {checked}", file=sys.stderr)
"#;

/// Creates every sample in the table, and lets boto3 compare them.
pub async fn compare(moto: &Moto, provider: &Provider, samples: &[(&'static str, Json, Json)]) {
    let (mut asked, mut broken) = (Vec::new(), Vec::new());
    let of_sample = |type_name: &str| samples.iter().any(|sample| sample.0 == type_name);
    assert!(looks().all(|look| of_sample(look.type_name)), "the table names a type that has no sample");
    assert!(HIDDEN.iter().all(|one| of_sample(one.type_name) && !one.why.is_empty()));
    for (type_name, arguments, _) in samples {
        broken.extend(unseen(type_name, arguments));
        let driver = provider.driver(type_name).unwrap();
        let address = Address::new(&type_name.parse().unwrap(), "seen").unwrap();
        let token: Token = format!("seen-{}", type_name.replace('_', "-")).parse().unwrap();
        let call = Call::new(&address, &token);
        let made = match driver.create(call, arguments).await {
            Ok(begun) => settled(&**driver, call, begun, arguments).await,
            Err(error) => Err(error.to_string()),
        };
        let id = match made {
            Ok(id) => id,
            Err(problem) => {
                broken.push(problem);
                continue;
            }
        };
        for look in looks().filter(|look| look.type_name == *type_name) {
            let rows = look.rows.iter().map(|(what, path)| json!([what, path, expected(what, arguments)]));
            let rows: Vec<Json> = rows.collect();
            let filled = filled(look.arguments, &id, arguments);
            asked.push(json!([type_name, look.call.0, look.call.1, filled, rows]));
        }
    }
    let input = tempfile(&Json::from(asked));
    let mut python = Command::new(moto.python());
    python.args(["-c", SCRIPT]).envs(moto.environment()).stdin(std::fs::File::open(&input).unwrap());
    let output = python.output().unwrap();
    let [out, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{errors}");
    broken.extend(out.lines().map(str::to_owned));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(errors.contains("checked "), "{errors}");
}

/// The expected value of a row: a literal, or the declared attribute.
fn expected(what: &str, arguments: &Json) -> Json {
    match what.split_once('=') {
        Some((_, literal)) => serde_json::from_str(literal).unwrap_or_else(|_| literal.into()),
        None => arguments.pointer(what).unwrap_or_else(|| panic!("no {what} in {arguments}")).clone(),
    }
}

/// The arguments of a call with its placeholders filled.
fn filled(text: &str, id: &str, arguments: &Json) -> Json {
    let mut text = text.replace("$id", id);
    while let Some(at) = text.find("$/") {
        let end = at + text[at..].find('"').unwrap();
        let value = arguments.pointer(&text[at + 1..end]).unwrap().as_str().unwrap().to_owned();
        text.replace_range(at..end, &value);
    }
    serde_json::from_str(&text).unwrap()
}

fn tempfile(content: &Json) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("landform-seen-{}.json", std::process::id()));
    std::fs::write(&path, content.to_string()).unwrap();
    path
}
