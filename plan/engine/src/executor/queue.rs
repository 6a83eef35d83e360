//! The order of steps: a step is ready when its predecessors are done, and the longest remaining path goes first. Each
//! step costs O(log n).

use std::{cmp::Ordering, collections::BinaryHeap};

use crate::plan::Action;

/// The steps that are not done.
pub(super) struct Queue {
    /// The number of predecessors that are not done, by step. `SETTLED` for done, started and failed steps.
    waiting: Vec<u32>,
    /// The followers of each step, one list after the other.
    behind: Vec<u32>,
    /// Where the list of each step begins. Has one more entry than there are steps.
    starts: Vec<u32>,
    /// The time from the start of a step to the end of everything after it.
    remaining: Vec<f64>,
    ready: BinaryHeap<Ready>,
}

const SETTLED: u32 = u32::MAX;

struct Ready {
    remaining: f64,
    index: u32,
}

impl Ord for Ready {
    fn cmp(&self, other: &Self) -> Ordering {
        self.remaining.total_cmp(&other.remaining).then_with(|| other.index.cmp(&self.index))
    }
}

impl PartialOrd for Ready {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ready {}

impl Queue {
    pub(super) fn new(actions: &[Action]) -> Self {
        let mut waiting = vec![0; actions.len()];
        let mut starts = vec![0_u32; actions.len() + 1];
        for (index, action) in actions.iter().enumerate() {
            waiting[index] = action.after.len() as u32;
            action.after.iter().for_each(|before| starts[*before as usize + 1] += 1);
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut filled = starts.clone();
        let mut behind = vec![0; starts.last().copied().unwrap_or(0) as usize];
        for (index, action) in actions.iter().enumerate() {
            for before in &action.after {
                let place = &mut filled[*before as usize];
                behind[*place as usize] = index as u32;
                *place += 1;
            }
        }
        let mut queue = Self { waiting, behind, starts, remaining: Vec::new(), ready: BinaryHeap::new() };
        queue.remaining = queue.measure(actions);
        for index in 0..actions.len() as u32 {
            queue.offer(index);
        }
        queue
    }

    /// Takes the next ready step.
    pub(super) fn next(&mut self) -> Option<u32> {
        self.ready.pop().map(|ready| ready.index)
    }

    /// Marks a step as done.
    pub(super) fn done(&mut self, index: u32) {
        for place in self.places(index) {
            let behind = self.behind[place];
            let waiting = &mut self.waiting[behind as usize];
            if *waiting != SETTLED {
                *waiting -= 1;
                self.offer(behind);
            }
        }
    }

    /// Marks a step as failed. Returns the steps that can therefore never start.
    pub(super) fn fail(&mut self, index: u32) -> Vec<u32> {
        let mut stopped = Vec::new();
        let mut open = vec![index];
        while let Some(index) = open.pop() {
            for place in self.places(index) {
                let behind = self.behind[place];
                if self.waiting[behind as usize] != SETTLED {
                    self.waiting[behind as usize] = SETTLED;
                    stopped.push(behind);
                    open.push(behind);
                }
            }
        }
        stopped
    }

    /// The steps that were neither started nor stopped.
    pub(super) fn left(self) -> Vec<u32> {
        let ready = self.ready.into_iter().map(|ready| ready.index);
        let waiting = self.waiting.iter().enumerate().filter(|(_, waiting)| **waiting != SETTLED);
        let mut left: Vec<u32> = ready.chain(waiting.map(|(index, _)| index as u32)).collect();
        left.sort_unstable();
        left
    }

    fn places(&self, index: u32) -> std::ops::Range<usize> {
        self.starts[index as usize] as usize..self.starts[index as usize + 1] as usize
    }

    fn offer(&mut self, index: u32) {
        if self.waiting[index as usize] == 0 {
            self.waiting[index as usize] = SETTLED;
            self.ready.push(Ready { remaining: self.remaining[index as usize], index });
        }
    }

    /// The remaining times, computed from the last steps backwards.
    fn measure(&self, actions: &[Action]) -> Vec<f64> {
        let mut remaining = vec![0.0; actions.len()];
        let mut open: Vec<u32> =
            (0..actions.len()).map(|index| self.places(index as u32).len() as u32).collect();
        let mut last: Vec<usize> = (0..actions.len()).filter(|index| open[*index] == 0).collect();
        while let Some(index) = last.pop() {
            let after = self.places(index as u32).map(|place| remaining[self.behind[place] as usize]);
            remaining[index] = actions[index].takes + after.fold(0.0, f64::max);
            for before in &actions[index].after {
                let before = *before as usize;
                open[before] -= 1;
                if open[before] == 0 {
                    last.push(before);
                }
            }
        }
        remaining
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plan::Verb;

    fn actions(after: &[&[u32]]) -> Vec<Action> {
        let action = |after: &&[u32]| Action {
            change: None,
            check: None,
            verb: Verb::Pass,
            after: after.to_vec(),
            takes: 1.0,
        };
        after.iter().map(action).collect()
    }

    #[test]
    fn the_longest_way_goes_first_and_nothing_before_its_time() {
        let mut queue = Queue::new(&actions(&[&[], &[], &[1], &[2, 0]]));
        assert_eq!(queue.next(), Some(1));
        assert_eq!(queue.next(), Some(0));
        assert_eq!(queue.next(), None);
        queue.done(1);
        assert_eq!(queue.next(), Some(2));
        queue.done(2);
        assert_eq!(queue.next(), None);
        queue.done(0);
        assert_eq!(queue.next(), Some(3));
        assert!(queue.left().is_empty());
    }

    #[test]
    fn a_failure_stops_what_is_behind_it_and_nothing_else() {
        let mut queue = Queue::new(&actions(&[&[], &[0], &[1], &[], &[3, 2]]));
        assert_eq!(queue.next(), Some(0));
        let mut stopped = queue.fail(0);
        stopped.sort_unstable();
        assert_eq!(stopped, [1, 2, 4]);
        assert_eq!(queue.next(), Some(3));
        queue.done(3);
        assert_eq!(queue.next(), None);
        assert!(queue.left().is_empty());
    }
}
