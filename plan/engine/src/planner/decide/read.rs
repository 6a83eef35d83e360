//! Data sources. Reads many at a time if their arguments are known and nothing that they wait for changes. Leaves the
//! others to the apply.

use std::{collections::HashMap, sync::Arc};

use futures::{StreamExt, stream};
use landform_core::{Canonical, Node, expr::Expr};

use super::Decider;
use crate::{
    EngineError, Result,
    answer::{Answered, Present, ask},
    event::Event,
    plan::{Answer, Change, ChangeKind, Configuration, Reason, When},
    planner::{Context, view::View},
    registry::Asked,
};

/// How many questions are open at a time, across all providers.
const AT_A_TIME: usize = 32;

/// Rounds: nodes that can be decided together, then data sources that can be read together.
#[derive(Default)]
pub(super) struct Round {
    pub managed: Vec<usize>,
    /// The nodes whose providers take part in planning.
    pub foreseen: Vec<usize>,
    pub sources: Vec<usize>,
}

/// The role of a node in the rounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Managed,
    Foreseen,
    Source,
}

/// The nodes in rounds. A node comes in a later round than a data source or a predicted node on which it depends. The
/// order within a round stays.
pub(super) fn rounds(context: &Context<'_>) -> Vec<Round> {
    let Context { stack, dependencies, registry, .. } = context;
    let parts: Vec<Part> = stack
        .nodes()
        .map(|node| match node.address.is_data() {
            true => Part::Source,
            false if registry.forecasts(node) => Part::Foreseen,
            false => Part::Managed,
        })
        .collect();
    let mut round_of = vec![0_usize; stack.len()];
    let mut rounds = vec![Round::default()];
    for &index in dependencies.order() {
        let below = dependencies.below(index);
        let first = below.map(|below| round_of[below] + usize::from(parts[below] != Part::Managed));
        let round = first.max().unwrap_or(0);
        round_of[index] = round;
        if rounds.len() <= round {
            rounds.resize_with(round + 1, Round::default);
        }
        let Round { managed, foreseen, sources } = &mut rounds[round];
        match parts[index] {
            Part::Managed => managed.push(index),
            Part::Foreseen => foreseen.push(index),
            Part::Source => sources.push(index),
        }
    }
    rounds
}

/// A data source that can be read now.
struct Question<'a> {
    index: usize,
    node: &'a Node,
    asked: &'a Asked,
    arguments: Expr,
}

impl Decider<'_> {
    /// Reads data sources, each question once.
    pub(super) async fn read(&mut self, sources: &[usize]) -> Result<()> {
        let mut questions = Vec::new();
        for &index in sources {
            let node = self.context.dependencies.node(index);
            let asked = self.context.registry.answering(node)?;
            if !self.selection.contains(&node.address) {
                continue;
            }
            self.conditions(index, node, When::Before)?;
            let arguments = self.resolve(node, &node.arguments)?;
            let arguments = asked.resource_type.arguments.complete(arguments);
            let reason = match self.waits(node) {
                Some(on) => Reason::Waits(on),
                None if !arguments.is_known() || self.is_open(index) => Reason::Unknown,
                None => {
                    questions.push(Question { index, node, asked, arguments });
                    continue;
                }
            };
            let change = self.base(node, &asked.provider, ChangeKind::Read, reason);
            self.changes[index] = Some(Box::new(Change { after: Some(arguments.clone()), ..change }));
            self.views[index] = Some(View::new(&asked.resource_type, Some(arguments), None, false));
            self.conditions(index, node, When::After)?;
        }
        self.check_met()?;
        let answers = self.ask(&questions).await?;
        for (Question { index, node, asked, arguments }, answer) in questions.into_iter().zip(answers) {
            if asked.opens() {
                self.decided.configurations.push(Configuration::new(node, asked, arguments.clone()));
            }
            self.decided.answers.push(Answer {
                address: node.address.clone(),
                type_name: answer.type_name.clone(),
                provider: answer.provider.clone(),
                arguments: answer.arguments.value()?,
                attributes: answer.attributes.value()?,
            });
            self.views[index] =
                Some(View::new(&asked.resource_type, Some(arguments), Some(Present::Answer(answer)), false));
            self.conditions(index, node, When::After)?;
        }
        self.check_met()
    }

    /// The answers, in the order of the questions. Equal questions are asked once.
    async fn ask(&self, questions: &[Question<'_>]) -> Result<Vec<Arc<Answered>>> {
        let mut place_of = HashMap::new();
        let mut different = Vec::new();
        let mut places = Vec::with_capacity(questions.len());
        for question in questions {
            let clear = question.arguments.expose().map(|value| Canonical(&value).to_string());
            let provider: &str = &question.asked.provider;
            let key = (question.node.address.type_str(), provider, clear);
            places.push(*place_of.entry(key).or_insert_with(|| {
                different.push(question);
                different.len() - 1
            }));
        }
        if different.is_empty() {
            return Ok(Vec::new());
        }
        self.context.events.send(|| Event::Reading { resources: questions.len(), calls: different.len() });
        let sealer = self.context.sealer();
        // Collected first: with the closure inside it, the future would not be seen to be `Send`.
        let calls: Vec<_> = different
            .iter()
            .map(|question| async {
                let budget = question.node.lifecycle.budget;
                let calls = question.asked.calls(&question.node.address, budget, self.context.heard());
                let answer = ask(question.asked, &question.arguments, &calls, &sealer).await;
                answer.map_err(|error| EngineError::Provider {
                    address: question.node.address.clone(),
                    operation: "reading",
                    error,
                })
            })
            .collect();
        let mut answered = stream::iter(calls).buffered(AT_A_TIME);
        let mut answers = Vec::with_capacity(different.len());
        while let Some(answer) = answered.next().await {
            answers.push(answer?);
        }
        Ok(places.into_iter().map(|place| answers[place].clone()).collect())
    }

    /// What a data source has to wait for: a node that it names and that changes.
    fn waits(&self, node: &Node) -> Option<landform_core::Address> {
        node.depends_on.iter().find_map(|address| {
            let index = self.context.stack.index_of(address)?;
            self.changes[index].as_ref().map(|_| address.clone())
        })
    }
}
