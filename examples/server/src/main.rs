//! Landform in an HTTP server: GET /plan shows the changes, POST /apply applies them.
//!
//! `cargo run -p server -- 127.0.0.1:8080` serves until you stop it. The state is in server.state.

use axum::{Router, extract::State, http::StatusCode, routing};
use landform::{Cidr, Engine, Error, Stack, aws, sim::Cloud, view};

/// The state of the server. An engine is cheap to clone and keeps nothing open between calls.
#[derive(Clone)]
struct Service {
    engine: Engine,
    block: Cidr,
}

fn declare(block: Cidr) -> Stack {
    let mut stack = Stack::new("server");
    stack.add("main", aws::Vpc::new(block));
    stack
}

async fn plan(State(service): State<Service>) -> Result<String, (StatusCode, String)> {
    let plan = service.engine.plan(&declare(service.block)).await.map_err(refused)?;
    Ok(view::text(&plan).to_string())
}

async fn apply(State(service): State<Service>) -> Result<String, (StatusCode, String)> {
    // A separate task continues the work if the client disconnects.
    let work = tokio::spawn(async move {
        let plan = service.engine.plan(&declare(service.block)).await?;
        service.engine.apply(&plan).await
    });
    let report = work.await.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    report.map(|report| format!("{} added\n", report.counts.added)).map_err(refused)
}

fn refused(error: Error) -> (StatusCode, String) {
    let status = match error {
        Error::Stack(_) | Error::Conditions(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Journal(_) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, error.to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let cloud = Cloud::open("server.cloud").types(aws::types()).build()?;
    let engine = Engine::builder().provider(cloud.provider("aws")).state_dir("server.state").open()?;
    let block = "10.50.0.0/16".parse()?;
    let service = Router::new().route("/plan", routing::get(plan)).route("/apply", routing::post(apply));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, service.with_state(Service { engine, block })).await?;
    Ok(())
}
