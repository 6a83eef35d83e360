//! Splits the lists that EC2 answers into pages, because moto answers them whole. Knows no rules.

use super::wire::{Answer, Call};

/// The start of a token for the next page. The number of the first item follows.
const TOKEN: &str = "page-";

/// The lists that EC2 never splits.
const WHOLE: [&str; 6] = [
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeKeyPairs",
    "DescribePlacementGroups",
    "DescribeRegions",
];

/// The call without the token of a page, and the number of the page's first item. `None` if its answer has no pages: AWS
/// answers a call about ids at once.
pub(super) fn whole(call: &Call) -> Option<(Call, usize)> {
    let by_id = call.fields.keys().any(|field| field.contains("Id."));
    let paged = call.operation.starts_with("Describe") && !WHOLE.contains(&call.operation.as_str());
    if call.service != "ec2" || !paged || by_id {
        return None;
    }
    let first = call.fields.get("NextToken").and_then(|token| token.strip_prefix(TOKEN)?.parse().ok());
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(call.fields.iter().filter(|(field, _)| *field != "NextToken"));
    Some((Call { body: form.finish().into_bytes(), ..call.clone() }, first.unwrap_or_default()))
}

/// The page of an answer that begins at an item, and the token of the next page if there are more items.
pub(super) fn page(answer: Answer, first: usize, size: usize) -> Answer {
    let text = answer.text();
    let items = items(&text);
    let (Some(start), Some(end)) = (items.first().map(|item| item.0), items.last().map(|item| item.1)) else {
        return answer;
    };
    let shown = items.iter().skip(first).take(size).map(|(start, end)| &text[*start..*end]);
    let shown: String = shown.collect();
    let rest = &text[end..];
    let body = match first + size < items.len() {
        true => {
            let (close, after) = rest.split_at(rest.find('>').map_or(0, |place| place + 1));
            format!("{}{shown}{close}<nextToken>{TOKEN}{}</nextToken>{after}", &text[..start], first + size)
        }
        false => format!("{}{shown}{rest}", &text[..start]),
    };
    answer.with(body)
}

/// Where the items of the outermost list are.
fn items(text: &str) -> Vec<(usize, usize)> {
    let (open, close) = ("<item>", "</item>");
    let (mut items, mut depth, mut start, mut at) = (Vec::new(), 0_usize, 0, 0);
    while let Some(place) = text[at..].find("item>").map(|place| at + place) {
        at = place + "item>".len();
        if text[..at].ends_with(close) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                items.push((start, at));
            }
        } else if text[..at].ends_with(open) {
            if depth == 0 {
                start = at - open.len();
            }
            depth += 1;
        }
    }
    items
}
