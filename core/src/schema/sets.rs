//! Finds for each item of a set the one with the same meaning, without comparing every pair.

use std::collections::{HashMap, HashSet};

use super::{Field, Inside, Place};
use crate::{
    expr::{Expr, Glance},
    secret::is_sealed,
};

/// The fields that distinguish the blocks of a set before they are compared: those that every item has in the clear.
/// Items that differ in one of them are not equal.
pub(super) fn telling<'a, 'v>(
    item: Place<'a>,
    items: impl Iterator<Item = &'v Glance<'v>> + Clone,
) -> Vec<&'a Field> {
    let Some(schema) = item.schema() else { return Vec::new() };
    let scalar = |field: &&Field| {
        field.required && !field.secret && !field.write_only && matches!(field.kind.inside(), Inside::Nothing)
    };
    let everywhere =
        |field: &&Field| items.clone().all(|item| item.get(&field.name).is_some_and(is_readable));
    schema.fields().iter().filter(scalar).filter(everywhere).collect()
}

/// The key of an item. Items with different keys are not equal.
pub(super) fn key(item: Place<'_>, fields: &[&Field], value: Glance<'_>) -> Option<String> {
    if item.schema().is_none() {
        return match value {
            Glance::Json(value) if !is_sealed(value) => item.key_of(value),
            Glance::Json(_) | Glance::Expr(_) => None,
        };
    }
    let keys = fields.iter().map(|field| match value.get(&field.name) {
        Some(Glance::Json(value)) => item.key(&field.name).key_of(value),
        Some(Glance::Expr(_)) | None => None,
    });
    keys.collect::<Option<Vec<String>>>().map(|keys| keys.join("\0"))
}

/// For each left item, its partner on the right: as many pairs as possible, with each right item in at most one.
/// Compares only items with the same key, and items without a key with all that remain.
pub(super) fn pairs(
    left: &[Option<String>],
    right: &[Option<String>],
    same: &mut dyn FnMut(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut by_key: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::with_capacity(left.len());
    for (place, key) in left.iter().enumerate() {
        key.iter().for_each(|key| by_key.entry(key).or_default().0.push(place));
    }
    for (place, key) in right.iter().enumerate() {
        key.iter().for_each(|key| by_key.entry(key).or_default().1.push(place));
    }
    let mut paired = vec![None; left.len()];
    for (ours, theirs) in by_key.into_values() {
        pair_all(&ours, &theirs, same, &mut paired);
    }
    let ours: Vec<usize> = (0..left.len()).filter(|place| paired[*place].is_none()).collect();
    if !ours.is_empty() {
        let taken: HashSet<usize> = paired.iter().flatten().copied().collect();
        let theirs: Vec<usize> = (0..right.len()).filter(|place| !taken.contains(place)).collect();
        let mut same = |a: usize, b: usize| (left[a].is_none() || right[b].is_none()) && same(a, b);
        pair_all(&ours, &theirs, &mut same, &mut paired);
    }
    paired
}

fn pair_all(
    left: &[usize],
    right: &[usize],
    same: &mut dyn FnMut(usize, usize) -> bool,
    paired: &mut [Option<usize>],
) {
    let candidates: Vec<Vec<usize>> =
        left.iter().map(|a| (0..right.len()).filter(|b| same(*a, right[*b])).collect()).collect();
    let mut taken: Vec<Option<usize>> = vec![None; right.len()];
    for place in 0..left.len() {
        pair(place, &candidates, &mut taken, &mut vec![false; right.len()]);
    }
    for (b, a) in taken.into_iter().enumerate() {
        if let Some(a) = a {
            paired[left[a]] = Some(right[b]);
        }
    }
}

/// Pairs one item. Moves others to other candidates if that makes room.
fn pair(item: usize, candidates: &[Vec<usize>], taken: &mut [Option<usize>], asked: &mut [bool]) -> bool {
    for &candidate in &candidates[item] {
        if std::mem::replace(&mut asked[candidate], true) {
            continue;
        }
        let free = match taken[candidate] {
            None => true,
            Some(other) => pair(other, candidates, taken, asked),
        };
        if free {
            taken[candidate] = Some(item);
            return true;
        }
    }
    false
}

/// Whether a value is in the clear.
fn is_readable(value: Glance<'_>) -> bool {
    match value {
        Glance::Json(value) => !value.is_null() && !is_sealed(value),
        Glance::Expr(
            Expr::Literal(_) | Expr::Ref(_) | Expr::List(_) | Expr::Map(_) | Expr::Call(..) | Expr::Secret(_),
        ) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    fn paired(left: &[&str], right: &[&str], edges: &[(usize, usize)]) -> Vec<Option<usize>> {
        let keys = |keys: &[&str]| keys.iter().map(|key| Some((*key).to_owned())).collect::<Vec<_>>();
        pairs(&keys(left), &keys(right), &mut |a, b| edges.contains(&(a, b)))
    }

    #[test]
    fn every_item_that_can_be_paired_is() {
        let one_way = paired(&["k", "k"], &["k", "k"], &[(0, 0), (0, 1), (1, 0)]);
        assert_eq!(one_way, [Some(1), Some(0)]);
        let chain = paired(&["k"; 3], &["k"; 3], &[(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]);
        assert_eq!(chain, [Some(0), Some(1), Some(2)]);
        assert_eq!(paired(&["k", "k"], &["k", "k"], &[(0, 0), (1, 0)]).iter().flatten().count(), 1);
        assert_eq!(paired(&["a"], &["b"], &[(0, 0)]), [None], "of another key");
    }

    #[test]
    fn items_without_a_key_are_paired_with_what_is_left() {
        let key = |key: &str| Some(key.to_owned());
        let same = |a: usize, b: usize| [(0, 1), (1, 0), (1, 1)].contains(&(a, b));
        assert_eq!(pairs(&[None, key("x")], &[key("x"), key("y")], &mut { same }), [Some(1), Some(0)]);
    }

    #[test]
    fn items_of_other_keys_are_not_compared() {
        let keys: Vec<Option<String>> = (0..10_000).map(|number| Some(number.to_string())).collect();
        let mut compared = 0;
        let paired = pairs(&keys, &keys, &mut |_, _| {
            compared += 1;
            true
        });
        assert_eq!((compared, paired.iter().flatten().count()), (10_000, 10_000));
    }
}
