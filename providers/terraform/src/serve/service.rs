//! How calls reach a served provider: the gRPC service of both protocols. The last part of a call's path names it.

use std::sync::Arc;

use tonic::{Status, body::Body, server::Grpc};

use super::{
    log,
    plugin::Plugin,
    process::{Answers, Running},
};
use crate::{
    diagnostics::Problem,
    wire::{
        Apply, Configure, DataRead, Diagnostics, Empty, Import, Imported, LARGEST_MESSAGE, Move, Moved, Plan,
        Planned, Read, ReadData, ReadDone, Stopped, Upgrade, UpgradeIdentity, Upgraded, UpgradedIdentity,
        Validate, ValidateProvider, ValidatedProvider, ValidatedProvider6,
        schema::{v5, v6},
    },
};

/// The service of a plugin.
#[derive(Clone)]
pub(super) struct Service {
    plugin: Arc<Plugin>,
    running: Arc<Running>,
}

impl Service {
    pub(super) fn new(plugin: Plugin, running: Arc<Running>) -> Self {
        Self { plugin: Arc::new(plugin), running }
    }
}

/// Answers one call. The work is a task of its own: an effect must not end with the connection, and a fault in one call
/// must not end the others.
pub(crate) async fn unary<Q, A, F, T>(
    request: http::Request<Body>,
    running: Arc<Running>,
    answer: F,
) -> http::Response<Body>
where
    Q: prost::Message + Default + Send + 'static,
    A: prost::Message + Default + Send + 'static,
    F: Fn(Q) -> T + Clone + Send + 'static,
    T: Future<Output = A> + Send + 'static,
{
    let service = tower::service_fn(move |request: tonic::Request<Q>| {
        let (answer, running) = (answer.clone(), running.clone());
        async move {
            let work = answer(request.into_inner());
            let task = tokio::spawn(async move {
                let _busy = running.begin();
                work.await
            });
            match task.await {
                Ok(answer) => Ok(tonic::Response::new(answer)),
                Err(problem) => {
                    let message = format!("the provider has a fault: {problem}");
                    log::line(log::Level::Error, &message);
                    Err(Status::internal(message))
                }
            }
        }
    });
    Grpc::new(tonic_prost::ProstCodec::<A, Q>::default())
        .apply_max_message_size_config(Some(LARGEST_MESSAGE), Some(LARGEST_MESSAGE))
        .unary(service, request)
        .await
}

/// An answer that can carry messages in place of its content.
trait Carries: Default {
    fn with(problem: Problem) -> Self;
}

macro_rules! carries {
    ($($answer:ty),*) => {
        $(impl Carries for $answer {
            fn with(problem: Problem) -> Self {
                Self { diagnostics: problem.0, ..Self::default() }
            }
        })*
    };
}
carries!(Planned, ReadDone, Imported, Upgraded, UpgradedIdentity, Moved, DataRead);

fn answered<A: Carries>(answer: Result<A, Problem>) -> A {
    answer.unwrap_or_else(A::with)
}

impl Answers for Service {
    async fn answer(self, request: http::Request<Body>) -> http::Response<Body> {
        let Self { plugin, running } = self;
        let path = request.uri().path().to_owned();
        // Each call gets what it shares with the others.
        macro_rules! on {
            (|$plugin:ident, $ask:ident: $kind:ty| $answer:expr) => {
                unary(request, running, move |$ask: $kind| {
                    let $plugin = plugin.clone();
                    async move { $answer }
                })
                .await
            };
        }
        match path.rsplit('/').next().unwrap_or_default() {
            "Shutdown" => {
                running.end();
                on!(|_plugin, _ask: Empty| Empty {})
            }
            "GetMetadata" => on!(|plugin, _ask: Empty| plugin.metadata()),
            "GetSchema" => on!(|plugin, _ask: Empty| v5::WireSchemas::write(&plugin.types())),
            "GetProviderSchema" => on!(|plugin, _ask: Empty| v6::WireSchemas::write(&plugin.types())),
            "PrepareProviderConfig" => on!(|plugin, ask: ValidateProvider| ValidatedProvider {
                diagnostics: plugin.validate_provider(ask.config.as_ref()),
                prepared: ask.config,
            }),
            "ValidateProviderConfig" => on!(|plugin, ask: ValidateProvider| ValidatedProvider6 {
                diagnostics: plugin.validate_provider(ask.config.as_ref()),
            }),
            "Configure" | "ConfigureProvider" => {
                on!(|plugin, ask: Configure| Diagnostics {
                    diagnostics: plugin.configure(ask.config.as_ref()).await
                })
            }
            "ValidateResourceConfig" | "ValidateResourceTypeConfig" => {
                on!(|plugin, ask: Validate| Diagnostics { diagnostics: plugin.validate(&ask, false) })
            }
            "ValidateDataResourceConfig" | "ValidateDataSourceConfig" => {
                on!(|plugin, ask: Validate| Diagnostics { diagnostics: plugin.validate(&ask, true) })
            }
            "UpgradeResourceState" => on!(|plugin, ask: Upgrade| answered(plugin.upgrade(&ask).await)),
            "GetResourceIdentitySchemas" => on!(|plugin, _ask: Empty| plugin.identities()),
            "UpgradeResourceIdentity" => {
                on!(|plugin, ask: UpgradeIdentity| answered(plugin.upgrade_identity(&ask)))
            }
            "MoveResourceState" => on!(|plugin, ask: Move| answered(plugin.moved(&ask))),
            "ReadResource" => on!(|plugin, ask: Read| answered(plugin.read(&ask).await)),
            "PlanResourceChange" => on!(|plugin, ask: Plan| answered(plugin.plan(&ask).await)),
            "ApplyResourceChange" => on!(|plugin, ask: Apply| plugin.apply(&ask).await),
            "ImportResourceState" => on!(|plugin, ask: Import| answered(plugin.import(&ask).await)),
            "ReadDataSource" => on!(|plugin, ask: ReadData| answered(plugin.read_data(&ask).await)),
            "Stop" | "StopProvider" => on!(|plugin, _ask: Empty| {
                plugin.stop();
                Stopped::default()
            }),
            _ => Status::unimplemented(path).into_http(),
        }
    }
}
