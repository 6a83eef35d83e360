//! Reading Terraform's states.

use landform_views::{self as view, TfstateError, read_tfstate};
use serde_json::json;

#[test]
fn a_terraform_state_names_what_can_be_taken_over() {
    let state = read_tfstate(include_str!("terraform.tfstate")).unwrap();
    let known: Vec<(&str, &str, &str)> = state
        .resources
        .iter()
        .map(|known| (known.address.as_str(), known.terraform_address.as_str(), known.id.as_str()))
        .collect();
    assert_eq!(
        known,
        [
            ("aws_vpc.main", "aws_vpc.main", "vpc-0a"),
            ("aws_subnet.net_private_0", "module.net.aws_subnet.private[0]", "subnet-0a"),
            ("aws_subnet.net_private_1", "module.net.aws_subnet.private[1]", "subnet-0b"),
            (
                "aws_db_instance.a_b_c_db_us-east-2a",
                "module.a[\"b.c\"].aws_db_instance.db[\"us-east-2a\"]",
                "db-0a"
            ),
        ]
    );
    let left_out: Vec<&str> = state.left_out.iter().map(|(address, _)| address.as_str()).collect();
    assert_eq!(left_out, ["data.aws_ami.image", "aws_vpc.main"]);
    assert_eq!(state.resources[0].provider_alias.as_deref(), Some("east"));
    assert_eq!(state.resources[0].attributes["cidr_block"], json!("10.0.0.0/16"));
    assert!(state.resources[3].tainted);
    assert!(!format!("{state:?}").contains("hunter2"));
}

#[test]
fn what_is_no_terraform_state_is_refused_with_a_reason() {
    let refused = |text: &str| read_tfstate(text).unwrap_err().to_string();
    assert!(refused("{").starts_with("this is not a Terraform state: EOF"));
    assert_eq!(refused("[]"), "this is not a Terraform state: it is not a JSON object");
    assert_eq!(refused("{}"), "this is not a Terraform state: it has no version");
    assert!(refused(r#"{"encrypted_data":"x"}"#).contains("it is encrypted"));
    assert!(refused(r#"{"format_version":"1.0"}"#).contains("`terraform state pull`"));
    assert!(matches!(read_tfstate(r#"{"version":5}"#), Err(TfstateError::Version { found: 5 })));
    assert!(refused(r#"{"version":3}"#).contains("expected 4; any Terraform since 0.12"));
    assert_eq!(refused(r#"{"version":4,"resources":{}}"#), "resources: a map, expected a list");
}

/// A state with these objects of `aws_vpc.a`, and a valid one beside them.
fn state_with(instances: &str) -> view::TerraformState {
    let text = format!(
        r#"{{"version":4,"resources":[
            {{"mode":"managed","type":"aws_vpc","name":"a","instances":[{instances}]}},
            {{"mode":"managed","type":"aws_vpc","name":"whole","instances":[{{"attributes":{{"id":"vpc-1"}}}}]}}]}}"#
    );
    read_tfstate(&text).unwrap()
}

#[test]
fn one_odd_object_hides_no_other() {
    let flat = "attributes have the flat form of Terraform 0.11";
    for (instances, address, why) in [
        (r#"{"attributes":{"cidr_block":"x"}}"#, "aws_vpc.a", "it has no id"),
        (r#"{"attributes":{"id":null}}"#, "aws_vpc.a", "it has no id"),
        (r#"{"attributes":{"id":""}}"#, "aws_vpc.a", "it has no id"),
        (r#"{"attributes":{"id":7}}"#, "aws_vpc.a", "it has no id"),
        (r#"{"attributes":null,"attributes_flat":{"id":"vpc-2","tags.%":"0"}}"#, "aws_vpc.a", flat),
        (r#"{"attributes_flat":{"id":"vpc-2"}}"#, "aws_vpc.a", flat),
        (r#"{"attributes":null}"#, "aws_vpc.a", "attributes: null, expected a map"),
        (
            r#"{"index_key":"k","attributes":["hush"]}"#,
            r#"aws_vpc.a["k"]"#,
            "attributes: a list, expected a map",
        ),
        (r#"{"index_key":0}"#, "aws_vpc.a[0]", "attributes: missing, expected a map"),
        (r#""hush""#, "aws_vpc.a", "the instance: some text, expected a map"),
        (r#"{"attributes":{"id":"vpc-2","n":1e99999}}"#, "aws_vpc.a", "attributes: number out of range"),
        (
            r#"{"deposed":"12ab","attributes":{"id":"vpc-2"}}"#,
            "aws_vpc.a",
            "Terraform still has to delete it",
        ),
    ] {
        let state = state_with(instances);
        assert_eq!(state.resources.len(), 1, "{instances}");
        let [(left, said)] = state.left_out.as_slice() else { panic!("{instances}: {state:?}") };
        assert!(left == address && said.to_string().contains(why), "{instances}: {left}: {said}");
        assert!(!format!("{state:?} {said}").contains("hush"));
    }
    // Invalid entries, each beside a valid one.
    for (entry, address, why) in [
        (
            r#"{"mode":"managed","type":7,"name":"x","instances":[]}"#,
            "resources[0]",
            "type: 7, expected text",
        ),
        (r#"[]"#, "resources[0]", "the entry: a list, expected a map"),
        (r#"{"mode":"odd","type":"aws_vpc","name":"x","instances":[]}"#, "aws_vpc.x", "mode: some text"),
        (r#"{"mode":"managed","type":"aws_vpc","name":"x"}"#, "aws_vpc.x", "instances: missing"),
        (
            r#"{"mode":"managed","type":"Aws","name":"x","instances":[]}"#,
            "Aws.x",
            "\"Aws\" is not a resource type",
        ),
        (
            r#"{"mode":"managed","type":"aws_vpc","name":"1","instances":[{"attributes":{"id":"i"}}]}"#,
            "aws_vpc.1",
            "\"1\" is not a name",
        ),
    ] {
        let whole =
            r#"{"mode":"managed","type":"aws_vpc","name":"w","instances":[{"attributes":{"id":"v"}}]}"#;
        let state = read_tfstate(&format!(r#"{{"version":4,"resources":[{entry},{whole}]}}"#)).unwrap();
        assert_eq!(state.resources.len(), 1, "{entry}");
        let [(left, said)] = state.left_out.as_slice() else { panic!("{entry}: {state:?}") };
        assert!(left == address && said.to_string().contains(why), "{entry}: {left}: {said}");
    }
}

#[test]
fn keys_that_fall_together_are_left_out_and_all_others_are_not() {
    let state = state_with(
        r#"{"index_key":"a b","attributes":{"id":"1"}}, {"index_key":"c","attributes":{"id":"2"}},
           {"index_key":"a.b","attributes":{"id":"3"}}, {"index_key":"a/b","attributes":{"id":"4"}},
           {"index_key":"ä","attributes":{"id":"5"}}, {"index_key":"ö","attributes":{"id":"6"}},
           {"index_key":123456789012345678901234567890,"attributes":{"id":"7"}},
           {"index_key":"${x}\"","attributes":{"id":"8"}}"#,
    );
    let known: Vec<(&str, &str)> =
        state.resources.iter().map(|known| (known.address.as_str(), known.id.as_str())).collect();
    let expected = [
        ("aws_vpc.a_c", "2"),
        ("aws_vpc.a_ä", "5"),
        ("aws_vpc.a_ö", "6"),
        ("aws_vpc.a_123456789012345678901234567890", "7"),
        ("aws_vpc.a_x", "8"),
        ("aws_vpc.whole", "vpc-1"),
    ];
    assert_eq!(known, expected);
    assert_eq!(state.resources[4].terraform_address, r#"aws_vpc.a["$${x}\""]"#);
    let left: Vec<String> = state.left_out.iter().map(|(address, why)| format!("{address}: {why}")).collect();
    let expected = [
        r#"aws_vpc.a["a b"]: aws_vpc.a["a.b"] would also be aws_vpc.a_a_b here; rename one of them in Terraform first"#,
        r#"aws_vpc.a["a.b"]: aws_vpc.a["a b"] would also be aws_vpc.a_a_b here; rename one of them in Terraform first"#,
        r#"aws_vpc.a["a/b"]: aws_vpc.a["a b"] would also be aws_vpc.a_a_b here; rename one of them in Terraform first"#,
    ];
    assert_eq!(left, expected);
}

#[test]
fn marks_versions_and_providers_of_all_times_are_read() {
    for (written, source, alias) in [
        (r#"provider[\"registry.terraform.io/hashicorp/aws\"]"#, "registry.terraform.io/hashicorp/aws", None),
        (r#"provider[\"registry.opentofu.org/a/b\"].west"#, "registry.opentofu.org/a/b", Some("west")),
        (r#"module.m[\"k\"].provider[\"a.b/c/d\"].west"#, "a.b/c/d", Some("west")),
        ("provider.aws", "aws", None),
        ("module.m.provider.aws.west", "aws", Some("west")),
    ] {
        let text = format!(
            "\u{feff}{{\"version\":4,\"serial\":1e3,\"resources\":[{{\"mode\":\"managed\",\"type\":\"aws_vpc\",\"name\":\"a\",\
             \"provider\":\"{written}\",\"instances\":[{{\"schema_version\":99,\"attributes\":{{\"id\":\"v\",\"n\":18446744073709551616}}}}]}}]}}"
        );
        let state = read_tfstate(&text).unwrap();
        let known = &state.resources[0];
        assert_eq!((known.provider.as_str(), known.provider_alias.as_deref()), (source, alias), "{written}");
    }
    assert!(read_tfstate("\u{feff}{\"version\":4}").unwrap().resources.is_empty());
    assert!(read_tfstate("{\"version\":4,\"resources\":null}").unwrap().left_out.is_empty());
}
