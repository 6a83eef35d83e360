//! The macros that declare a resource type. They write derives, builders, typed references and the description of the
//! type. They know no cloud and no engine.
//!
//! - [`macro@resource`] on the struct of arguments;
//! - [`macro@data`] on the struct of a data source's arguments;
//! - [`macro@attributes`] on the struct of what the cloud computes;
//! - [`macro@block`] on structs and enums inside either.
//!
//! The generated code names the crate `landform`. Each macro has a twin that names `landform_core`, for the crates of
//! which `landform` is made. `crate = …` names any other crate, such as a renamed dependency.
//!
//! A mistake is one compile error that names it. All other code is still generated.

mod builder;
mod choices;
mod declared;
mod field;
mod form;
mod from_map;
mod header;
mod references;
mod slips;
mod tables;

use proc_macro::TokenStream;
use syn::parse_macro_input;

use crate::{declared::Declared, header::Header};

/// Declares a resource type through the struct of its arguments.
///
/// `#[resource("aws_subnet", id = "subnet-{hex17}", unique("name"), disjoint("cidr_block", within = "vpc_id"),
/// inside("cidr_block", of = "vpc_id"), widens("cidr_block", of = "vpc_id"), takes(create = 5, update = 1, delete = 5),
/// one_of("ipv4", "ipv6"), any_of("ipv4", "ipv6"), at_most_one_of("ipv4", "ipv6"), needs("key", when("kind", is =
/// "private")), refuses("key", when("name")), version = 0, attributes = SubnetAttributes, crate = landform)]`. Everything except the
/// name is optional.
///
/// A field is required unless it is an `Option`, `Vec`, `BTreeSet` or `BTreeMap` or has a default. `#[field(immutable,
/// computed, secret, write_only, weak, volatile, unseen, shared, null_differs, required, default = …, form = "…",
/// only_with = "…", generated = "name_prefix", same = "json", nesting = "block", deprecated = "…", min_items = 1,
/// max_items = 5, min_length = 1, max_length = 64, pattern = "^[a-z]+$", minimum = 1, maximum = 9, set, name = "self")]`
/// sets further properties: `set` makes a `Vec` a set, and `name` is the name in the schema that Rust cannot have. The struct and its fields need doc comments,
/// which are the documentation of the schema. A struct's doc comment may end with a heading `# Example` and a code block:
/// reference pages show it without the lines that rustdoc hides.
///
/// `generated = "name_prefix"` on a `String` says that it may be left out. The driver then makes the name from the field
/// `name_prefix` and the attempt's token.
///
/// For a struct `Subnet` it generates `Subnet::new(required…) -> SubnetBuilder`, a setter for each optional field
/// (`tags(…)` and `tag(key, value)` for a map), and `SubnetRefs`, to which a `Handle<Subnet>` dereferences. If a name can
/// be generated, `Subnet::unnamed(required…)` takes all required fields but the name.
#[proc_macro_attribute]
pub fn resource(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declare(arguments, item, FACADE, false)
}

/// Declares a data source through the struct of its arguments, which are the question. Its attributes are the answer.
///
/// `#[data("aws_ami", attributes = AmiAttributes)]`. The type's name is `data.aws_ami`. Fields are written like those
/// of a [`macro@resource`].
#[proc_macro_attribute]
pub fn data(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declare(arguments, item, FACADE, true)
}

/// Declares the attributes of a resource type. The struct has a field `id`, or says `#[attributes(without_id)]`. Fields
/// are written like those of a [`macro@resource`].
#[proc_macro_attribute]
pub fn attributes(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declared::attributes(arguments.into(), parse_macro_input!(item), FACADE).into()
}

/// Declares a block inside arguments or attributes: a struct, which gets a builder, or an enum of plain words.
///
/// A struct may say which fields go together, as a [`macro@resource`] does: `#[block(one_of("id", "name"))]`. With
/// `#[block(refs)]` the fields of a block can be referred to one by one.
#[proc_macro_attribute]
pub fn block(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declared::block(arguments.into(), parse_macro_input!(item), FACADE).into()
}

/// [`macro@resource`] for crates that depend on `landform_core`.
#[proc_macro_attribute]
pub fn core_resource(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declare(arguments, item, CORE, false)
}

/// [`macro@data`] for crates that depend on `landform_core`.
#[proc_macro_attribute]
pub fn core_data(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declare(arguments, item, CORE, true)
}

/// [`macro@attributes`] for crates that depend on `landform_core`.
#[proc_macro_attribute]
pub fn core_attributes(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declared::attributes(arguments.into(), parse_macro_input!(item), CORE).into()
}

/// [`macro@block`] for crates that depend on `landform_core`.
#[proc_macro_attribute]
pub fn core_block(arguments: TokenStream, item: TokenStream) -> TokenStream {
    declared::block(arguments.into(), parse_macro_input!(item), CORE).into()
}

/// Writes `Deserialize` for a struct with `#[serde(default, rename_all = "camelCase", deny_unknown_fields)]`, and with
/// `#[serde(default, rename = "…")]` on its fields. What serde itself would write takes longer to compile.
#[doc(hidden)]
#[proc_macro_derive(FromMap, attributes(serde))]
pub fn from_map(item: TokenStream) -> TokenStream {
    from_map::expand(&parse_macro_input!(item), CORE).into()
}

const FACADE: &str = "landform";
const CORE: &str = "landform_core";

fn declare(arguments: TokenStream, item: TokenStream, usual: &str, data: bool) -> TokenStream {
    let item = parse_macro_input!(item);
    match Header::parse(arguments.into(), usual, data) {
        Ok((header, slip)) => declared::resource(&header, slip, item).into(),
        Err(slip) => Declared::bare(item, slip).into(),
    }
}
