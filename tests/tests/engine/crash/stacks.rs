//! A stack with every relation between resources, and its versions.

use landform::{Handle, Stack, input, sim::Cloud};
use serde_json::json;

use landform_testkit::demo::{Door, Group, Key, Network, Note, Part, Stone, Track, Way, cidr};

/// A version of the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Base,
    /// Changes many resources in place.
    Changed,
    /// Replaces many resources, deleting the old one first, with their dependents.
    DestroyFirst,
    /// Replaces many resources, creating the new one first.
    CreateFirst,
    /// Removes every second house.
    Half,
    /// Renames many resources, and replaces some of them at the same time.
    Renamed,
    /// Replaces some resources, and retains the old ones in the cloud.
    Retained,
    /// Imports seeded resources, and changes some of them.
    Imported,
}

/// The number of houses in a stack.
pub const HOUSES: usize = 5;

impl Version {
    pub fn stack(self) -> Stack {
        let mut stack = Stack::new("crash");
        if self == Self::Imported {
            imported(&mut stack);
            return stack;
        }
        let mut notes: Vec<Handle<Note>> = Vec::new();
        for house in 0..HOUSES {
            if self != Self::Half || house % 2 == 0 {
                self.house(&mut stack, house, &mut notes);
            }
        }
        stack
    }

    fn word(self, of: Self) -> &'static str {
        if self == of { "another" } else { "one" }
    }

    /// A house of fifteen resources, with every kind of relation.
    fn house(self, stack: &mut Stack, house: usize, notes: &mut Vec<Handle<Note>>) {
        let (changed, anew, first) =
            (self.word(Self::Changed), self.word(Self::DestroyFirst), self.word(Self::CreateFirst));
        let name = |what: &str| format!("{what}-{house}");
        let network =
            Network::new(cidr(&format!("10.{house}.0.0/16"))).name(name("net")).tag("word", changed);
        let network = stack.add(&name("net"), network);
        let range = |third: usize, moved: &str| {
            let third = if moved == "another" { third + 100 } else { third };
            cidr(&format!("10.{house}.{third}.0/24"))
        };
        let front = stack.add(&name("front"), Part::new(&network, range(1, first)).word(changed));
        let back = stack.add(&name("back"), Part::new(&network, range(2, anew)).ports([80u16, 443]));
        let gate = stack.add(&name("gate"), Door::new(&front).word(changed).stuff(first));
        let hatch = stack.add(&name("hatch"), Door::new(&back).stuff(anew));
        stack.adjust(&gate, |node| node.lifecycle.create_before_destroy = true);
        let group = Group::new(name("group")).doors([gate.id()]).ways([Way::new(&network).width(3u32)]);
        let group = stack.add(&name("group"), group.tag("arn", network.arn()));
        let path = Track::new(&network, cidr("0.0.0.0/0")).door(&hatch).cost(house as u32 + 1);
        stack.add(&name("path"), path);
        let code = format!("code-{house}-{changed}");
        let key = stack.add(&name("key"), Key::new(name("key")).code(code.as_str()));
        stack.add(&name("stone"), Stone::new(anew).key(&key));
        let renamed = |stack: &mut Stack, old: &str, new: &str| {
            if self != Self::Renamed {
                return name(old);
            }
            let at = |name: String| format!("demo_note.{name}").parse().unwrap();
            stack.moved(at(name(old)), at(name(new)));
            name(new)
        };
        let paper = renamed(stack, "paper", "sheet");
        let paper = stack.add(&paper, Note::new("paper").kind(anew));
        let edition = input::format("edition of {}", [network.arn().into()]);
        let leaf = stack.add(&name("leaf"), Note::new(edition).paper(&paper));
        let kept = renamed(stack, "kept", "held");
        let kind = if self == Self::Renamed { "another" } else { first };
        let kept = stack.add(&kept, Note::new("kept").kind(kind).about(notes.last()));
        stack.adjust(&kept, |node| node.lifecycle.create_before_destroy = true);
        let retained = self.word(Self::Retained);
        let last = Note::new(changed).about([leaf.id(), kept.id()]).paper(&kept).kind(retained);
        let last = stack.add(&name("last"), last);
        stack.adjust(&last, |node| node.lifecycle.retain_on_delete = self == Self::Retained);
        let cause = stack.add(&name("cause"), Note::new(changed));
        let due = stack.add(&name("due"), Note::new("due"));
        stack.adjust(&due, |node| node.lifecycle.replace_triggered_by = vec![cause.address().clone()]);
        stack.depend(&last, [group.address().clone()]);
        notes.push(last);
        stack.output(name("place"), notes[notes.len() - 1].place());
    }
}

/// The seeded resources.
pub fn seed(cloud: &Cloud) {
    for place in 0..12 {
        let arguments =
            json!({ "range": "10.0.0.0/16", "name": format!("old-{place}"), "tags": { "old": "yes" } });
        cloud.seed("demo_network", &format!("net-old{place}"), arguments).unwrap();
        cloud.seed("demo_note", &format!("note-old{place}"), json!({ "text": "old" })).unwrap();
    }
}

fn imported(stack: &mut Stack) {
    for place in 0..12 {
        let network = Network::new(cidr("10.0.0.0/16")).name(format!("old-{place}")).tag("old", "yes");
        let network = stack.add(&format!("net-{place}"), network);
        stack.adjust(&network, |node| node.lifecycle.import = Some(format!("net-old{place}")));
        let note = stack.add(&format!("note-{place}"), Note::new(network.arn()));
        stack.adjust(&note, |node| node.lifecycle.import = Some(format!("note-old{place}")));
        stack.add(&format!("part-{place}"), Part::new(&network, cidr("10.0.1.0/24")));
    }
}
