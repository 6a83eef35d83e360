//! IPv6: subnets whose ranges come from the VPC's range, which AWS chooses during the apply.

use landform::{
    Cidr, Engine, Provider, Stack, aws, input,
    sim::{Cloud, Latency},
};

use landform_testkit::moto::Moto;

fn stack() -> Stack {
    let mut stack = Stack::new("six");
    let range = |text: &str| text.parse::<Cidr>().unwrap();
    let vpc = stack.add("main", aws::Vpc::new(range("10.0.0.0/16")).assign_generated_ipv6_cidr_block(true));
    for number in [0_u8, 1, 0x1f] {
        let subnet = aws::Subnet::ipv4(&vpc, range(&format!("10.0.{number}.0/24")))
            .ipv6_cidr_block(input::cidr_subnet(vpc.ipv6_cidr_block(), 64, number.into()))
            .assign_ipv6_address_on_creation(true);
        let subnet = stack.add(&format!("n-{number}"), subnet);
        stack.output(format!("range-{number}"), subnet.ipv6_cidr_block());
    }
    stack.output("range", vpc.ipv6_cidr_block());
    stack
}

async fn counts_out(provider: Provider) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::builder().provider(provider).state_dir(directory.path()).open().unwrap();
    let stack = stack();
    let plan = engine.plan(&stack).await.unwrap();
    let report = engine.apply(&plan).await.unwrap().complete().unwrap();
    let range = |name: &str| report.outputs[name].as_str().unwrap().parse::<Cidr>().unwrap().net();
    let whole = range("range");
    assert_eq!(whole.prefix_len(), 56);
    for number in [0_usize, 1, 0x1f] {
        let expected = whole.subnets(64).unwrap().nth(number).unwrap();
        assert_eq!(range(&format!("range-{number}")), expected);
    }
    let again = engine.plan(&stack).await.unwrap();
    assert!(again.is_empty() && again.drift.is_empty(), "{again}");
    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
}

#[tokio::test]
async fn ranges_of_subnets_are_counted_out_of_the_one_that_aws_chose() {
    let moto = Moto::start();
    counts_out(aws::Client::emulator(&moto.url(), "us-east-2").await.unwrap().provider()).await;
}

#[tokio::test]
async fn so_they_are_in_the_embedded_cloud() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
    counts_out(cloud.provider("aws")).await;
}
