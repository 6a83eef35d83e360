//! The difference of two texts, line by line, with the lines around each change.

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// In both.
    Same(&'a str),
    /// Only in the old one.
    Old(&'a str),
    /// Only in the new one.
    New(&'a str),
    /// This many equal lines are left out.
    Gap(usize),
}

/// How many equal lines are kept around a change.
const AROUND: usize = 2;
/// Above this many pairs of lines, the middle counts as completely changed.
const PAIRS: usize = 4_000_000;

/// The difference of two texts given as lines.
pub(super) fn difference<'a>(old: &'a [String], new: &'a [String]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut lines: Vec<Line<'a>> = old[..head].iter().map(|line| Line::Same(line)).collect();
    if old_middle.len().saturating_mul(new_middle.len()) > PAIRS {
        lines.extend(old_middle.iter().map(|line| Line::Old(line)));
        lines.extend(new_middle.iter().map(|line| Line::New(line)));
    } else {
        middle(old_middle, new_middle, &mut lines);
    }
    lines.extend(old[old.len() - tail..].iter().map(|line| Line::Same(line)));
    fold(lines)
}

/// The longest common subsequence, from a table of the lengths for all tails.
fn middle<'a>(old: &'a [String], new: &'a [String], lines: &mut Vec<Line<'a>>) {
    let width = new.len() + 1;
    let mut common = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push(Line::Same(&old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            lines.push(Line::Old(&old[i]));
            i += 1;
        } else {
            lines.push(Line::New(&new[j]));
            j += 1;
        }
    }
}

/// Leaves out equal lines that are far from any change.
fn fold(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut near = vec![false; lines.len()];
    for (place, line) in lines.iter().enumerate() {
        if !matches!(line, Line::Same(_)) {
            let end = (place + AROUND + 1).min(lines.len());
            near[place.saturating_sub(AROUND)..end].fill(true);
        }
    }
    for place in 0..near.len() {
        let alone = |side: Option<usize>| side.and_then(|side| near.get(side)).is_none_or(|near| *near);
        // The words for a gap of one line would take a line too.
        if alone(place.checked_sub(1)) && alone(Some(place + 1)) {
            near[place] = true;
        }
    }
    let mut folded = Vec::new();
    for (line, near) in lines.into_iter().zip(near) {
        match folded.last_mut() {
            _ if near => folded.push(line),
            Some(Line::Gap(count)) => *count += 1,
            _ => folded.push(Line::Gap(1)),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn changes_are_shown_with_what_is_around_them() {
        let (old, new) = (split("a b c d e f g h"), split("a b c d x f g h i"));
        let found = difference(&old, &new);
        let text: Vec<String> = found
            .iter()
            .map(|line| match line {
                Line::Same(line) => (*line).to_owned(),
                Line::Old(line) => format!("-{line}"),
                Line::New(line) => format!("+{line}"),
                Line::Gap(count) => format!("…{count}"),
            })
            .collect();
        assert_eq!(text, ["…2", "c", "d", "-e", "+x", "f", "g", "h", "+i"]);
    }

    #[test]
    fn equal_texts_and_empty_ones() {
        let text = split("a b");
        assert_eq!(difference(&text, &text), [Line::Gap(2)]);
        assert_eq!(difference(&text[..1], &text[..1]), [Line::Same("a")]);
        assert_eq!(difference(&[], &text), [Line::New("a"), Line::New("b")]);
        assert!(difference(&[], &[]).is_empty());
    }
}
