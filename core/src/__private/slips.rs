//! Compile-time checks for the generated code. A mistake in a declaration becomes an error that names it.

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::Cidr;

/// The types that a declaration may use.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a declaration",
    label = "this is neither a value nor declared as a block",
    note = "put `#[block]` on the struct or enum; if this is an `Id`, put `#[resource(\"…\")]` on the type that it identifies"
)]
pub trait Value {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + JsonSchema> Value for T {}

/// Checks that a field's type can be declared.
pub fn is_value<T: Value>() {}

/// The types to which rules about ranges apply.
#[diagnostic::on_unimplemented(
    message = "this rule is about ranges, and the field holds `{Self}`",
    label = "expected a field of type `Cidr`"
)]
pub trait Range {}

impl Range for Cidr {}

/// Checks that a field holds a range.
pub fn is_range<T: Range>() {}

/// The types that may have a text as their default.
#[diagnostic::on_unimplemented(
    message = "text cannot be the default of a field of type `{Self}`",
    label = "expected a value of type `{Self}`"
)]
pub trait Text {
    /// The text as a value of the field.
    fn of(text: &'static str) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<&'static str>> Text for T {
    fn of(text: &'static str) -> Self {
        text.into()
    }
}

/// The default of a field, given as text.
pub fn text<T: Text>(text: &'static str) -> T {
    T::of(text)
}

/// Whether a name is among names.
pub const fn has(names: &[&str], name: &str) -> bool {
    let mut place = 0;
    while place < names.len() {
        if equal(names[place].as_bytes(), name.as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

/// The message for the first form of an attribute that names neither an attribute nor one of these arguments. A form is
/// a pair: a word, and the message if the word is unknown.
pub const fn lost(forms: &[(&str, &'static str)], arguments: &[&str]) -> Option<&'static str> {
    let mut place = 0;
    while place < forms.len() {
        let (word, message) = forms[place];
        if !has(arguments, word) {
            return Some(message);
        }
        place += 1;
    }
    None
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut place = 0;
    while place < a.len() {
        if a[place] != b[place] {
            return false;
        }
        place += 1;
    }
    true
}
