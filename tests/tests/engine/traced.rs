//! Traces: a span for each step with its calls inside, and a span for each read.

use std::{cell::RefCell, sync::Once};

use landform::Stack;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

use landform_testkit::{
    bed::Bed,
    demo::{KnownNetwork, Network, Part, cidr},
};

/// Records each span of a listening thread at its start: its parent, its name, its fields. Events and later fields are
/// recorded between them.
///
/// The only subscriber of the process, because enabled callsites are cached for all threads. It ignores spans of other
/// threads.
struct Heard;

/// Starts to record this thread.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Heard)).unwrap();
    });
    SPANS.set(Some(Vec::new()));
}

/// The record of this thread.
pub fn heard() -> Vec<String> {
    SPANS.take().unwrap()
}

fn write_down(said: &str) {
    SPANS.with_borrow_mut(|spans| spans.iter_mut().for_each(|spans| spans.push(said.to_owned())));
}

thread_local! {
    static SPANS: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Heard {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        SPANS.with_borrow(Option::is_some)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        let parent = context.span(id).and_then(|span| span.parent().map(|parent| parent.name()));
        let parent = parent.map(|parent| format!("{parent}/")).unwrap_or_default();
        write_down(&format!("{parent}{}{}", attributes.metadata().name(), fields.0));
    }

    fn on_record(&self, _: &Id, record: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields(String::new());
        record.record(&mut fields);
        write_down(&fields.0);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        write_down(&fields.0);
    }
}

#[tokio::test(start_paused = true)]
async fn each_step_each_call_and_each_read_is_a_span() {
    listen();
    let bed = Bed::new();
    let network = serde_json::json!({ "range": "10.0.0.0/8", "name": "shared", "dns": true, "tags": {} });
    bed.cloud.seed("demo_network", "net-00000001", network).unwrap();
    let mut stack = Stack::new("traced");
    let shared = stack.read("shared", KnownNetwork::new().name("shared"));
    stack.add("part", Part::new(shared.id(), cidr("10.1.0.0/16")));
    stack.add("net", Network::new(cidr("172.16.0.0/16")));
    bed.apply(&stack).await;
    let spans = heard();
    for expected in [
        "plan stack=\"traced\"",
        "plan/read provider=demo type=data.demo_network",
        "apply/step address=demo_part.part verb=Create",
        "step/call provider=demo type=demo_part",
        "apply/step address=demo_network.net verb=Create",
        "step/call provider=demo type=demo_network",
        "plan/read type=demo_network resources=1",
    ] {
        assert!(spans.iter().any(|span| span == expected), "{expected:?} is missing in {spans:#?}");
    }
}
