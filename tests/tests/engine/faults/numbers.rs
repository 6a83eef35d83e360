//! Numbers: whole numbers are exact, decimals survive a round trip, and other values are refused.

use landform::{Stack, input};

use super::bed;
use super::types::Big;

fn big(number: u64, real: f64) -> Stack {
    let mut stack = Stack::new("t");
    stack.add("a", Big::new(number).signed(i64::MIN).numbers([u64::MAX, 1]).real(real));
    stack
}

#[tokio::test(start_paused = true)]
async fn whole_numbers_beyond_2_53_are_told_apart() {
    let bed = bed();
    bed.apply(&big(9_007_199_254_740_992, 0.5)).await;
    let plan = bed.plan(&big(9_007_199_254_740_993, 0.5)).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "number");
    bed.apply(&big(u64::MAX, 0.5)).await;
    assert!(!bed.plan(&big(u64::MAX - 1, 0.5)).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn reals_come_back_as_they_were() {
    let bed = bed();
    for real in [22.795_249_244_587_882, 0.1, 1e300, 5e-324, -0.0, f64::MAX, 1.0] {
        bed.apply(&big(1, real)).await;
    }
}

#[test]
fn what_is_no_number_is_refused_where_it_is_declared() {
    for real in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut stack = big(1, real);
        stack.output("real", landform::Input::<f64>::from(real));
        let text = stack.check().unwrap_err().to_string();
        assert!(text.contains(&format!("real: {real} is not a number, expected a number")), "{text}");
        assert!(text.contains(&format!("output real: value: {real} is not a number")), "{text}");
    }
    let mut stack = big(1, 1.0);
    let it = landform::Handle::<Big>::named("a");
    stack.ensure(&it, input::at_most(it.real(), f64::NAN), "it is small");
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("NaN is not a number"), "{text}");
}
