//! Random renames, targets, exclusions and partial destroys: a run does exactly the selected steps, and a later full
//! run always reaches the declared state.

use std::collections::{BTreeMap, BTreeSet};

use landform::{Address, ChangeKind, Handle, PlanOptions, Stack};
use proptest::prelude::*;

use super::config;
use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

const PLACES: usize = 8;

/// One note of the model. It refers only to notes at smaller places.
#[derive(Debug, Clone)]
struct Item {
    /// Its name. A rename changes it.
    name: u32,
    text: u8,
    kind: u8,
    about: BTreeSet<usize>,
}

/// The selection of an apply.
#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Whole,
    Targets,
    Excludes,
    Both,
    /// Destroys a part, without an edit.
    Destroy,
}

/// The edit of one place.
#[derive(Debug, Clone)]
struct Edit {
    /// The new note, or `None` for no note.
    item: Option<(u8, u8, BTreeSet<usize>)>,
    edited: bool,
    renamed: bool,
    target: bool,
    exclude: bool,
}

fn edit() -> impl Strategy<Value = Edit> {
    let about = proptest::collection::btree_set(0..PLACES, 0..3);
    let item = proptest::option::weighted(0.75, (0..3_u8, 0..2_u8, about));
    let some = |often: f64| proptest::bool::weighted(often);
    (item, some(0.5), some(0.3), some(0.3), some(0.2))
        .prop_map(|(item, edited, renamed, target, exclude)| Edit { item, edited, renamed, target, exclude })
}

fn step() -> impl Strategy<Value = (How, Vec<Edit>)> {
    let how = prop_oneof![
        Just(How::Whole),
        Just(How::Targets),
        Just(How::Excludes),
        Just(How::Both),
        Just(How::Destroy)
    ];
    (how, proptest::collection::vec(edit(), PLACES))
}

/// The declarations, and every rename of a present note.
#[derive(Debug, Default)]
struct Model {
    items: BTreeMap<usize, Item>,
    moves: Vec<(u32, u32, usize)>,
    names: u32,
}

fn address(name: u32) -> Address {
    at(&format!("demo_note.n{name}"))
}

impl Model {
    fn edit(&mut self, how: How, edits: &[Edit]) {
        for (place, edit) in edits.iter().enumerate().filter(|_| how != How::Destroy) {
            let before = self.items.get(&place).cloned();
            if edit.edited {
                match (&edit.item, before) {
                    (None, _) => {
                        self.items.remove(&place);
                        self.moves.retain(|(.., of)| *of != place);
                    }
                    (Some((text, kind, about)), before) => {
                        let fresh = before.is_none();
                        // A replacement needs all users of a note, so a selection only changes notes in place.
                        let kind =
                            before.as_ref().filter(|_| how != How::Whole).map_or(*kind, |item| item.kind);
                        let name = before.map_or(self.names, |item| item.name);
                        self.names += u32::from(fresh);
                        self.items.insert(place, Item { name, text: *text, kind, about: about.clone() });
                    }
                }
            }
            if let Some(item) = self.items.get_mut(&place).filter(|_| edit.renamed) {
                self.moves.push((item.name, self.names, place));
                item.name = self.names;
                self.names += 1;
            }
        }
        let there: BTreeSet<usize> = self.items.keys().copied().collect();
        for (place, item) in &mut self.items {
            item.about.retain(|at| at < place && there.contains(at));
        }
    }

    fn stack(&self) -> Stack {
        let mut stack = Stack::new("random");
        for (from, to, _) in &self.moves {
            stack.moved(address(*from), address(*to));
        }
        for item in self.items.values().rev() {
            let about =
                item.about.iter().map(|at| Handle::<Note>::named(&format!("n{}", self.items[at].name)).id());
            let note = Note::new(format!("{}", item.text)).kind(format!("{}", item.kind)).about(about);
            stack.add(&format!("n{}", item.name), note);
        }
        stack
    }

    /// The present address of a recorded resource.
    fn now(&self, recorded: &Address) -> Address {
        let moves = self.moves.iter();
        moves.fold(recorded.clone(), |at, (from, to, _)| if at == address(*from) { address(*to) } else { at })
    }

    fn options(&self, how: How, edits: &[Edit], recorded: &BTreeSet<Address>) -> PlanOptions {
        let picked = |pick: fn(&Edit) -> bool| -> Vec<Address> {
            let declared = self.items.iter().filter(|(place, _)| pick(&edits[**place]));
            let declared = declared.map(|(_, item)| address(item.name));
            // Some of the notes that are no longer declared.
            let gone =
                recorded.iter().filter(|at| self.items.values().all(|item| address(item.name) != **at));
            let gone = gone.enumerate().filter(|(place, _)| pick(&edits[place % PLACES]));
            declared.chain(gone.map(|(_, at)| at.clone())).collect()
        };
        let mut options = PlanOptions { destroy: how == How::Destroy, ..PlanOptions::default() };
        if matches!(how, How::Targets | How::Both | How::Destroy) {
            options.targets = picked(|edit| edit.target);
        }
        if matches!(how, How::Excludes | How::Both) {
            options.excludes = picked(|edit| edit.exclude);
        }
        options
    }
}

/// All nodes that targets can include: dependents of deletions, dependencies of creations.
fn allowed(
    model: &Model,
    targets: &[Address],
    users: &[(Address, Address)],
    destroy: bool,
) -> BTreeSet<Address> {
    let declared: BTreeMap<Address, &Item> =
        model.items.values().map(|item| (address(item.name), item)).filter(|_| !destroy).collect();
    let mut allowed: BTreeSet<Address> = targets.iter().cloned().collect();
    loop {
        let mut more = BTreeSet::new();
        for at in &allowed {
            match declared.get(at) {
                Some(item) => more.extend(item.about.iter().map(|place| address(model.items[place].name))),
                None => {
                    more.extend(users.iter().filter(|(_, used)| used == at).map(|(user, _)| user.clone()))
                }
            }
        }
        let before = allowed.len();
        allowed.extend(more);
        if allowed.len() == before {
            return allowed;
        }
    }
}

async fn take(bed: &Bed, model: &Model, how: How, edits: &[Edit]) {
    let (engine, stack) = (bed.engine(), model.stack());
    let state = bed.state(&stack).await;
    let recorded: BTreeSet<Address> = state.objects().map(|(key, _)| model.now(&key.address)).collect();
    let uses = |user: &Address, used: &Address| (model.now(user), model.now(used));
    let users: Vec<(Address, Address)> = state
        .objects()
        .flat_map(|(key, object)| {
            object.depends_on.iter().map(|used| uses(&key.address, used)).collect::<Vec<_>>()
        })
        .collect();
    let options = model.options(how, edits, &recorded);
    if how == How::Destroy && options.targets.is_empty() {
        return;
    }
    let plan = engine.plan_with(&stack, &options).await.unwrap();
    if !options.targets.is_empty() {
        let allowed = allowed(model, &options.targets, &users, options.destroy);
        for change in &plan.changes {
            assert!(
                allowed.contains(&change.address),
                "{} was not selected:\n{plan}\n{:?}",
                change.address,
                options.targets
            );
        }
        for moved in &plan.moves {
            assert!(allowed.contains(&moved.to), "{} was not selected:\n{plan}", moved.to);
        }
    }
    for change in &plan.changes {
        assert!(!options.excludes.contains(&change.address), "{} was excluded:\n{plan}", change.address);
        assert!(!options.destroy || change.kind == ChangeKind::Delete, "{plan}");
    }
    engine.apply(&plan).await.unwrap().complete().unwrap();
    bed.state(&stack).await.verify().unwrap();
    // A deleted note can no longer be named.
    let state = bed.state(&stack).await;
    let known = |address: &Address| stack.node(address.as_str()).is_some() || state.get(address).is_some();
    let mut options = options;
    let targeted = !options.targets.is_empty();
    options.targets.retain(known);
    options.excludes.retain(known);
    if how != How::Destroy && options.targets.is_empty() != targeted {
        let again = engine.plan_with(&stack, &options).await.unwrap();
        assert!(again.changes.is_empty() && again.moves.is_empty(), "something is left to do:\n{again}");
    }
}

/// The existing notes by name: text and kind.
fn existing(bed: &Bed, model: &Model) {
    let mut wanted: Vec<(String, String)> =
        model.items.values().map(|item| (item.text.to_string(), item.kind.to_string())).collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut is: Vec<(String, String)> = bed
        .cloud
        .objects()
        .unwrap()
        .iter()
        .map(|object| (text(&object.arguments["text"]), text(&object.arguments["kind"])))
        .collect();
    wanted.sort();
    is.sort();
    assert_eq!(is, wanted);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_selected_is_done_and_nothing_else(steps in proptest::collection::vec(step(), 1..7), last in step()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (bed, mut model) = (Bed::new(), Model::default());
            for (how, edits) in &steps {
                model.edit(*how, edits);
                take(&bed, &model, *how, edits).await;
                if *how == How::Whole {
                    bed.settled(&model.stack()).await;
                    existing(&bed, &model);
                }
            }
            // A destroy deletes everything, whatever is still to be done.
            model.edit(How::Targets, &last.1);
            let plan = bed.plan(&model.stack()).await;
            if last.0 == How::Whole {
                bed.engine().apply(&plan).await.unwrap().complete().unwrap();
                bed.settled(&model.stack()).await;
                existing(&bed, &model);
            }
            bed.destroy(&model.stack()).await;
            assert!(bed.cloud.objects().unwrap().is_empty(), "destroying leaves nothing");
        });
    }
}
