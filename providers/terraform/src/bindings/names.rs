//! Names in Rust for names in Terraform. Knows keywords, and the methods that references and builders have already.

use std::collections::BTreeSet;

/// Keywords that a raw identifier can hold.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while",
    "yield",
];

/// Names that no identifier can have, and methods of builders, handles and references.
const TAKEN: [&str; 17] = [
    "self",
    "super",
    "crate",
    "with",
    "new",
    "declare",
    "clone",
    "clone_from",
    "address",
    "beside",
    "deref",
    "node",
    "of",
    "into",
    "try_into",
    "borrow",
    "to_owned",
];

/// Types that the generated code names without a path.
const TYPES: [&str; 20] = [
    "Self",
    "Id",
    "Secret",
    "Number",
    "Value",
    "ValueOf",
    "Vec",
    "Option",
    "String",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Result",
    "Some",
    "None",
    "Ok",
    "Err",
    "Clone",
    "Debug",
    "PartialEq",
];

/// The identifier of a field. It differs from the field's name if Rust cannot have that name.
pub(super) fn field(name: &str, used: &mut BTreeSet<String>) -> String {
    let mut plain = String::new();
    for letter in name.chars().map(|letter| letter.to_ascii_lowercase()) {
        let letter = if letter.is_ascii_alphanumeric() { letter } else { '_' };
        if letter != '_' || !plain.ends_with('_') {
            plain.push(letter);
        }
    }
    let mut plain = plain.trim_end_matches('_').to_owned();
    if plain.is_empty() || plain.starts_with(|first: char| first.is_ascii_digit()) {
        plain = format!("_{plain}");
    }
    if plain == "_" {
        plain = "field".to_owned();
    }
    while TAKEN.contains(&plain.as_str()) || used.contains(&plain) {
        plain.push('_');
    }
    used.insert(plain.clone());
    plain
}

/// Whether an identifier is a keyword, which is written `r#…`.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The name of a file for a type, without its ending.
pub(super) fn file(name: &str, used: &mut BTreeSet<String>) -> String {
    let mut plain = field(name, &mut BTreeSet::new());
    // `data` is the module of the data sources. `union` and the like are no keywords here, but look like some.
    while is_keyword(&plain)
        || ["data", "mod", "lib", "main"].contains(&plain.as_str())
        || used.contains(&plain)
    {
        plain.push('_');
    }
    used.insert(plain.clone());
    plain
}

/// A name in camel case: `vpc_endpoint` is `VpcEndpoint`.
pub(super) fn camel(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

/// The name of a struct. It and the names that the macros derive from it are not used yet, or else it begins with
/// the name of its owner, or ends with a number.
pub(super) fn structure(name: &str, owner: &str, used: &mut BTreeSet<String>) -> String {
    let plain = camel(name);
    let usable = |name: &String| name.starts_with(|first: char| first.is_ascii_alphabetic());
    let longer = format!("{owner}{plain}");
    let numbered = (2..).map(|number| format!("{longer}{number}"));
    let mut candidates = [plain, longer.clone()].into_iter().chain(numbered);
    let found = candidates.find(|name| usable(name) && derived(name).all(|it| !used.contains(&it)));
    // The numbers have no end.
    let found = found.unwrap_or_else(|| owner.to_owned());
    used.extend(derived(&found));
    found
}

/// A name and those that the macros derive from it.
fn derived(name: &str) -> impl Iterator<Item = String> {
    ["", "Builder", "Refs", "Attributes", "AttributesRefs"].into_iter().map(move |end| format!("{name}{end}"))
}

/// The names of structs that a file cannot use.
pub(super) fn reserved() -> BTreeSet<String> {
    TYPES.into_iter().map(str::to_owned).collect()
}

/// The part of a type's name that tells the types of a provider apart: `vpc_endpoint` of `aws_vpc_endpoint`. `shared` is
/// the first word, if all types share it.
pub(super) fn rest<'a>(name: &'a str, shared: Option<&str>) -> &'a str {
    let rest = shared.and_then(|shared| name.strip_prefix(shared)).and_then(|rest| rest.strip_prefix('_'));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// The service of a type: the first word of the rest of its name.
pub(super) fn service(rest: &str) -> &str {
    rest.split('_').find(|word| !word.is_empty()).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_rust_cannot_have_are_changed() {
        let mut used = BTreeSet::new();
        let all = ["type", "self", "with", "2fa", "a__b", "a_b", "address", "Name", "_", "name"];
        let idents: Vec<String> = all.iter().map(|name| field(name, &mut used)).collect();
        assert_eq!(
            idents,
            ["type", "self_", "with_", "_2fa", "a_b", "a_b_", "address_", "name", "field", "name_"]
        );
        assert!(is_keyword("type") && !is_keyword("kind"));
    }

    #[test]
    fn structs_never_share_a_name_with_each_other_or_with_the_prelude() {
        let mut used = reserved();
        let names = ["machine", "disk", "option", "machine_refs", "2fa", "disk"];
        let named: Vec<String> = names.iter().map(|name| structure(name, "Machine", &mut used)).collect();
        assert_eq!(
            named,
            ["Machine", "Disk", "MachineOption", "MachineMachineRefs", "Machine2fa", "MachineDisk"]
        );
    }

    #[test]
    fn a_service_is_the_first_word_behind_the_shared_one() {
        assert_eq!(rest("aws_vpc_endpoint", Some("aws")), "vpc_endpoint");
        assert_eq!(rest("http", Some("http")), "http");
        assert_eq!(rest("aws_vpc", None), "aws_vpc");
        assert_eq!(service("vpc_endpoint"), "vpc");
    }
}
