//! Measures the parts of a plan. Run with `cargo bench -p landform-benches`.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use landform::{PlanOptions, Refresh, graph, view};
use landform_benches::{engine, renamed, stack};

const SIZES: [usize; 2] = [256, 4_096];

fn declare(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("declare and check");
    for size in SIZES {
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(BenchmarkId::new("declare", size), &size, |bench, size| {
            bench.iter(|| black_box(stack(*size)));
        });
        let stack = stack(size);
        group.bench_function(BenchmarkId::new("check", size), |bench| bench.iter(|| stack.check()));
        group.bench_function(BenchmarkId::new("graph", size), |bench| {
            bench.iter(|| black_box(graph::Dependencies::of(&stack)));
        });
    }
}

fn plan(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    let mut group = criterion.benchmark_group("plan");
    for size in SIZES {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let engine = engine(directory.path()).expect("an engine can be made");
        let stack = stack(size);
        group.throughput(Throughput::Elements(size as u64));
        let all = PlanOptions::default();
        let first = runtime.block_on(engine.plan_with(&stack, &all)).expect("the stack can be planned");
        group.bench_function(BenchmarkId::new("text", size), |bench| {
            bench.iter(|| view::text(&first).to_string());
        });
        let done = runtime.block_on(engine.apply(&first));
        assert!(done.is_ok_and(|report| report.is_complete()));
        for (name, refresh) in [("no-op, read", Refresh::All), ("no-op, not read", Refresh::None)] {
            let options = PlanOptions { refresh, ..PlanOptions::default() };
            group.bench_function(BenchmarkId::new(name, size), |bench| {
                bench.iter(|| runtime.block_on(engine.plan_with(&stack, &options)));
            });
        }
    }
}

/// A plan that renames every resource. Its time must grow only in proportion to its size.
fn moves(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    let mut group = criterion.benchmark_group("moves");
    group.sample_size(10);
    for size in [1_000, 10_000] {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let engine = engine(directory.path()).expect("an engine can be made");
        let plan = runtime.block_on(engine.plan(&renamed(size, false))).expect("the stack can be planned");
        let done = runtime.block_on(engine.apply(&plan));
        assert!(done.is_ok_and(|report| report.is_complete()));
        let stack = renamed(size, true);
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::new("check", size), |bench| bench.iter(|| stack.check()));
        let options = PlanOptions { refresh: Refresh::None, ..PlanOptions::default() };
        group.bench_function(BenchmarkId::new("plan", size), |bench| {
            bench.iter(|| {
                let plan = runtime.block_on(engine.plan_with(&stack, &options)).expect("it can be planned");
                assert!(plan.moves.len() == size && plan.changes.is_empty());
            });
        });
    }
}

criterion_group!(parts, declare, plan, moves);
criterion_main!(parts);
