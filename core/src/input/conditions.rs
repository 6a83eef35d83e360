//! Conditions on values and references. Builds expressions; decides nothing.

use serde::Serialize;

use super::Input;
use crate::expr::{Expr, Function};

/// Whether two values of a type are equal.
///
/// ```
/// use landform_core::{Input, input::equal};
/// let same: Input<bool> = equal::<String>("a", "a");
/// ```
pub fn equal<T>(a: impl Into<Input<T>>, b: impl Into<Input<T>>) -> Input<bool> {
    asked(Function::Equal, vec![a.into().into_expr(), b.into().into_expr()])
}

/// Whether something is not so.
pub fn not(condition: impl Into<Input<bool>>) -> Input<bool> {
    asked(Function::Not, vec![condition.into().into_expr()])
}

/// Whether all of these hold. One that is known to be false decides, even if others are unknown.
pub fn all(conditions: impl IntoIterator<Item = Input<bool>>) -> Input<bool> {
    asked(Function::All, conditions.into_iter().map(Input::into_expr).collect())
}

/// Whether any of these holds. One that is known to be true decides, even if others are unknown.
pub fn any(conditions: impl IntoIterator<Item = Input<bool>>) -> Input<bool> {
    asked(Function::Any, conditions.into_iter().map(Input::into_expr).collect())
}

/// Whether a number is at most a limit.
pub fn at_most<T>(number: impl Into<Input<T>>, limit: impl Into<Input<T>>) -> Input<bool> {
    asked(Function::AtMost, vec![number.into().into_expr(), limit.into().into_expr()])
}

/// Whether a number is at least a limit.
pub fn at_least<T>(number: impl Into<Input<T>>, limit: impl Into<Input<T>>) -> Input<bool> {
    at_most(limit, number)
}

/// Whether a list has an item.
pub fn has<T: Serialize>(list: impl Into<Input<Vec<T>>>, item: impl Into<Input<T>>) -> Input<bool> {
    asked(Function::Contains, vec![list.into().into_expr(), item.into().into_expr()])
}

/// Whether a text contains another.
pub fn contains(text: impl Into<Input<String>>, part: impl Into<Input<String>>) -> Input<bool> {
    asked(Function::Contains, vec![text.into().into_expr(), part.into().into_expr()])
}

/// Whether a regular expression matches the whole text.
pub fn matches(text: impl Into<Input<String>>, pattern: &str) -> Input<bool> {
    asked(Function::Matches, vec![text.into().into_expr(), Expr::Literal(pattern.into())])
}

/// The number of items in a list.
pub fn length<T>(list: impl Into<Input<Vec<T>>>) -> Input<u64> {
    Input::from_expr(Expr::Call(Function::Length, vec![list.into().into_expr()]))
}

fn asked(function: Function, arguments: Vec<Expr>) -> Input<bool> {
    Input::from_expr(Expr::Call(function, arguments))
}
