//! The form of ids: whether a text that a user gives can be an id, by the template in the declaration. It detects slips
//! (a subnet's id in place of a VPC's). It does not detect every id that does not exist.

/// Whether `id` has the form `vpc-{hex17}`, `arn:aws:iam::{account}:role/{name}`, `{project}/{name}`.
pub(crate) fn fits(form: &str, id: &str) -> bool {
    // The positions in the id where the part of the form that is read so far may end.
    let mut ends = vec![0];
    let mut rest = form;
    while !rest.is_empty() {
        let literal = rest.find('{').unwrap_or(rest.len());
        ends.retain_mut(|end| {
            let fits = id[*end..].starts_with(&rest[..literal]);
            *end += literal;
            fits
        });
        rest = &rest[literal..];
        let Some(close) = rest.find('}') else { continue };
        let part = &rest[1..close];
        rest = &rest[close + 1..];
        let Some(first) = ends.first().copied() else { return false };
        // An optional part adds nothing to the required parts: any text fits it.
        if part.ends_with('?') {
            ends.extend(id.char_indices().map(|(at, c)| at + c.len_utf8()).filter(|end| *end > first));
            continue;
        }
        let starts = std::mem::take(&mut ends);
        for (at, c) in id.char_indices().filter(|(at, _)| *at >= first) {
            let end = at + c.len_utf8();
            if starts.iter().any(|start| *start < end && holds(part, &id[*start..end])) {
                ends.push(end);
            }
        }
    }
    ends.contains(&id.len())
}

/// Whether a text fits a part. Clouds used shorter random parts in the past, so only the alphabet counts.
fn holds(part: &str, text: &str) -> bool {
    let random = |word: &str| part.strip_prefix(word).is_some_and(|n| n.parse::<u32>().is_ok());
    if random("hex") {
        text.chars().all(|c| c.is_ascii_hexdigit())
    } else if random("digits") {
        text.chars().all(|c| c.is_ascii_digit())
    } else {
        text.chars().all(|c| !c.is_control())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_type_does_not_fit() {
        for (form, id, expected) in [
            ("vpc-{hex17}", "vpc-0123456789abcdef0", true),
            ("vpc-{hex17}", "vpc-1a2b3c4d", true),
            ("vpc-{hex17}", "subnet-0123456789abcdef0", false),
            ("vpc-{hex17}", "vpc-", false),
            ("vpc-{hex17}", "vpc-nothex", false),
            ("{name}", "logs", true),
            ("{name}", "", false),
            ("{name}", "two\nlines", false),
            ("{route_table_id}_{destination}", "rtb-1_10.0.0.0/16", true),
            ("{route_table_id}_{destination}", "rtb-1", false),
            (
                "arn:aws:x:{region}:{account}:t/{name}/{hex8}{hex8}",
                "arn:aws:x:us-east-2:1:t/a/0123456789abcdef",
                true,
            ),
            ("arn:aws:x:{region}:{account}:t/{name}/{hex8}{hex8}", "arn:aws:x:us-east-2:1:lb/a", false),
            ("fixed", "fixed", true),
            ("{zone}_{name}{_set?}", "Z1_www", true),
            ("{zone}_{name}{_set?}", "Z1_www_A_blue", true),
            ("{zone}_{name}{_set?}", "Z1", false),
            ("{zone}_{name?}_{type}", "Z1__AAAA", true),
        ] {
            assert_eq!(fits(form, id), expected, "{form} {id}");
        }
    }
}
