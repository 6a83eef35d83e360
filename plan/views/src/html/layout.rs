//! The places of the nodes in a graph: what is created first is on the left, nodes of one type are together. Pure
//! arithmetic.

use std::collections::BTreeMap;

/// A rectangle on the page, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Nodes of one type in one box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub type_name: String,
    pub frame: Rect,
    pub members: Vec<usize>,
    layer: usize,
    columns: usize,
}

/// A graph with places for all nodes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Rect>,
    pub groups: Vec<Group>,
    /// For each edge, whether other edges imply it.
    pub implied: Vec<bool>,
}

/// The input: the type of each node, the number of characters in its label, and edges from a node to its dependency.
pub(super) struct Input<'a> {
    pub nodes: Vec<(&'a str, usize)>,
    pub edges: Vec<(usize, usize)>,
}

const LETTER: f64 = 6.7;
const CHIP_HEIGHT: f64 = 22.0;
const CHIP_GAP: f64 = 5.0;
const PADDING: f64 = 8.0;
const TITLE: f64 = 19.0;
const LAYER_GAP: f64 = 84.0;
const COLUMN_GAP: f64 = 22.0;
const GROUP_GAP: f64 = 16.0;
const MARGIN: f64 = 24.0;
/// The ratio of width to height of the visible area.
const ASPECT: f64 = 1.3;
/// The candidates for the number of rows. The one that shows everything largest wins.
const ROWS: [usize; 8] = [5, 8, 12, 16, 22, 30, 42, 60];
/// How many times the layout improves the order, from left to right and back.
const SWEEPS: usize = 6;
/// Up to this many nodes, implied edges are found.
const REDUCED: usize = 4000;

/// Places a graph. Takes O(nodes + edges) for each sweep, and O(nodes · edges / 64) to find implied edges.
pub(super) fn layout(input: &Input<'_>) -> Layout {
    let count = input.nodes.len();
    let mut below = vec![Vec::new(); count];
    let mut above = vec![Vec::new(); count];
    for &(from, to) in &input.edges {
        below[from].push(to);
        above[to].push(from);
    }
    let (order, layers) = layers(&below, &above);
    let mut groups = groups(input, &layers, &below, &above);
    let mut nodes = vec![Rect::default(); count];
    let mut size = |rows| {
        let (width, height) = place(input, &mut groups, &mut nodes, rows);
        (width / ASPECT).max(height)
    };
    let rows = ROWS.into_iter().min_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap_or(ROWS[0]);
    let (mut width, mut height) = place(input, &mut groups, &mut nodes, rows);
    for sweep in 0..SWEEPS {
        let towards = if sweep % 2 == 0 { &below } else { &above };
        arrange(&mut groups, &nodes, towards);
        (width, height) = place(input, &mut groups, &mut nodes, rows);
    }
    let implied = implied(input, &below, &order);
    Layout { width, height, nodes, groups, implied }
}

/// The nodes with their dependencies first, and the length of the longest path from each to a node without
/// dependencies. A node without dependencies moves next to the first node that needs it.
fn layers(below: &[Vec<usize>], above: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut open: Vec<usize> = below.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..below.len()).filter(|node| open[*node] == 0).collect();
    let mut layers = vec![0; below.len()];
    let mut next = 0;
    while next < order.len() {
        let node = order[next];
        next += 1;
        for &user in &above[node] {
            layers[user] = layers[user].max(layers[node] + 1);
            open[user] -= 1;
            if open[user] == 0 {
                order.push(user);
            }
        }
    }
    for node in 0..below.len() {
        let users: Option<usize> = above[node].iter().map(|user| layers[*user]).min();
        if below[node].is_empty()
            && let Some(first) = users
        {
            layers[node] = first.saturating_sub(1);
        }
    }
    (order, layers)
}

fn groups(input: &Input<'_>, layers: &[usize], below: &[Vec<usize>], above: &[Vec<usize>]) -> Vec<Group> {
    let mut members: BTreeMap<(usize, bool, &str), Vec<usize>> = BTreeMap::new();
    for (node, (type_name, _)) in input.nodes.iter().enumerate() {
        // Nodes without any edges stand below the rest.
        let alone = below[node].is_empty() && above[node].is_empty();
        members.entry((layers[node], alone, type_name)).or_default().push(node);
    }
    let group = |((layer, _, type_name), members): ((usize, bool, &str), Vec<usize>)| Group {
        type_name: type_name.to_owned(),
        frame: Rect::default(),
        members,
        layer,
        columns: 1,
    };
    members.into_iter().map(group).collect()
}

/// Orders the nodes in each group, and the groups in each layer, by the places of their neighbours.
fn arrange(groups: &mut [Group], nodes: &[Rect], towards: &[Vec<usize>]) {
    let middle = |node: usize| nodes[node].y + nodes[node].height / 2.0;
    let pull = |node: usize| match towards[node].as_slice() {
        [] => middle(node),
        near => near.iter().map(|near| middle(*near)).sum::<f64>() / near.len() as f64,
    };
    for group in groups.iter_mut() {
        group.members.sort_by(|a, b| pull(*a).total_cmp(&pull(*b)));
    }
    let mean = |group: &Group| {
        group.members.iter().map(|node| pull(*node)).sum::<f64>() / group.members.len().max(1) as f64
    };
    groups.sort_by(|a, b| a.layer.cmp(&b.layer).then(mean(a).total_cmp(&mean(b))));
}

/// Places everything in the current order. Returns the size of the whole.
fn place(input: &Input<'_>, groups: &mut [Group], nodes: &mut [Rect], rows: usize) -> (f64, f64) {
    let mut tallest = box_height(rows);
    for group in groups.iter_mut() {
        group.columns = group.members.len().div_ceil(rows).max(1);
        let letters = group.members.iter().map(|node| input.nodes[*node].1).max().unwrap_or(0);
        let chip = letters as f64 * LETTER + 16.0;
        let rows = group.members.len().div_ceil(group.columns);
        let columns = group.columns as f64;
        let title = group.type_name.len() as f64 * LETTER + 34.0;
        group.frame.width = (columns * (chip + CHIP_GAP) - CHIP_GAP).max(title) + 2.0 * PADDING;
        group.frame.height = box_height(rows);
        tallest = tallest.max(group.frame.height);
    }
    let columns = columns(groups, tallest);
    let height_of = |column: &[usize], groups: &[Group]| {
        column.iter().map(|group| groups[*group].frame.height + GROUP_GAP).sum::<f64>() - GROUP_GAP
    };
    let height = columns.iter().map(|column| height_of(column, groups)).fold(0.0, f64::max);
    let mut x = MARGIN;
    let mut layer = columns.first().map_or(0, |column| groups[column[0]].layer);
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            x += if groups[column[0]].layer == layer { COLUMN_GAP } else { LAYER_GAP };
        }
        layer = groups[column[0]].layer;
        let mut y = MARGIN + (height - height_of(column, groups)) / 2.0;
        let width = column.iter().map(|group| groups[*group].frame.width).fold(0.0, f64::max);
        for &group in column {
            let group = &mut groups[group];
            (group.frame.x, group.frame.y) = (x, y);
            fill(group, nodes);
            y += group.frame.height + GROUP_GAP;
        }
        x += width;
    }
    (x + MARGIN, height + 2.0 * MARGIN)
}

fn box_height(rows: usize) -> f64 {
    TITLE + rows as f64 * (CHIP_HEIGHT + CHIP_GAP) - CHIP_GAP + 2.0 * PADDING
}

/// The groups of each layer in columns of about the wanted height.
fn columns(groups: &[Group], target: f64) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut height = 0.0;
    for (place, group) in groups.iter().enumerate() {
        let goes_on = columns.last().and_then(|column| column.last()).is_some_and(|last: &usize| {
            groups[*last].layer == group.layer && height + group.frame.height <= target
        });
        match columns.last_mut() {
            Some(column) if goes_on => column.push(place),
            _ => {
                columns.push(vec![place]);
                height = 0.0;
            }
        }
        height += group.frame.height + GROUP_GAP;
    }
    columns
}

fn fill(group: &Group, nodes: &mut [Rect]) {
    let rows = group.members.len().div_ceil(group.columns);
    let inner = group.frame.width - 2.0 * PADDING;
    let width = (inner + CHIP_GAP) / group.columns as f64 - CHIP_GAP;
    for (number, node) in group.members.iter().enumerate() {
        let (column, row) = (number / rows, number % rows);
        nodes[*node] = Rect {
            x: group.frame.x + PADDING + column as f64 * (width + CHIP_GAP),
            y: group.frame.y + PADDING + TITLE + row as f64 * (CHIP_HEIGHT + CHIP_GAP),
            width,
            height: CHIP_HEIGHT,
        };
    }
}

/// Which edges a longer path implies.
fn implied(input: &Input<'_>, below: &[Vec<usize>], order: &[usize]) -> Vec<bool> {
    let count = below.len();
    if count > REDUCED {
        return vec![false; input.edges.len()];
    }
    let words = count.div_ceil(64);
    let mut reach = vec![0u64; count * words];
    let mut beyond = vec![0u64; count * words];
    for &node in order {
        for &near in &below[node] {
            for word in 0..words {
                let far = reach[near * words + word];
                beyond[node * words + word] |= far;
                reach[node * words + word] |= far;
            }
            reach[node * words + near / 64] |= 1 << (near % 64);
        }
    }
    input.edges.iter().map(|(from, to)| beyond[from * words + to / 64] >> (to % 64) & 1 == 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(count: usize) -> Layout {
        let nodes = (0..count).map(|node| (["a", "b", "c"][node % 3], 5 + node % 20)).collect();
        let edges = (1..count).flat_map(|node| [(node, node / 10), (node, node / 7)]).filter(|(a, b)| a != b);
        layout(&Input { nodes, edges: edges.collect() })
    }

    #[test]
    fn nothing_overlaps_and_everything_is_on_the_page() {
        let layout = sample(500);
        for (place, a) in layout.nodes.iter().enumerate() {
            assert!(a.x >= 0.0 && a.y >= 0.0);
            assert!(a.x + a.width <= layout.width && a.y + a.height <= layout.height);
            for b in &layout.nodes[place + 1..] {
                let apart = a.x + a.width <= b.x
                    || b.x + b.width <= a.x
                    || a.y + a.height <= b.y
                    || b.y + b.height <= a.y;
                assert!(apart, "{a:?} {b:?}");
            }
        }
        let aspect = layout.width / layout.height;
        assert!((0.8..4.0).contains(&aspect), "{aspect}");
    }

    #[test]
    fn what_is_needed_stands_to_the_left() {
        let nodes = vec![("net", 4), ("subnet", 4), ("subnet", 4), ("gateway", 4), ("alone", 4)];
        let edges = vec![(1, 0), (2, 0), (3, 1), (3, 0)];
        let layout = layout(&Input { nodes, edges });
        for (from, to) in [(1, 0), (2, 0), (3, 1)] {
            assert!(layout.nodes[to].x + layout.nodes[to].width < layout.nodes[from].x);
        }
        assert_eq!(layout.implied, [false, false, false, true]);
        assert_eq!(layout.groups.len(), 4);
    }

    #[test]
    fn even_a_cycle_and_an_empty_graph_have_a_place() {
        let cycle = Input { nodes: vec![("a", 1), ("b", 1)], edges: vec![(0, 1), (1, 0)] };
        assert_eq!(layout(&cycle).nodes.len(), 2);
        assert!(layout(&Input { nodes: Vec::new(), edges: Vec::new() }).groups.is_empty());
    }
}
