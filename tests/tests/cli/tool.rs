//! The commands of every tool of the feature `cli`, other than plan, apply and destroy.

use std::fs;

use crate::desk::Desk;

#[test]
fn a_saved_plan_is_shown_and_applied_as_it_was_shown() {
    let desk = Desk::new();
    let planned = desk.succeed("plan --out base.plan --html base.html").out;
    assert!(fs::read_to_string(desk.path().join("base.html")).unwrap().contains("aws_vpc"));
    assert_eq!(desk.succeed("show base.plan").out, planned);
    let shown = desk.succeed("show base.plan --json").lines().remove(0);
    assert_eq!(shown["format_version"], "1.2");
    assert_eq!(shown["resource_changes"].as_array().unwrap().len(), 40);
    // The command does not ask, because the plan was shown.
    desk.succeed("apply base.plan").assert_says(&["40 added"]);
    desk.assert_same("fairwinds.state", 40);
    desk.refuse("apply base.plan", &["this plan is stale"]);
    desk.refuse("show nowhere.plan", &["nowhere.plan"]);
    let wrong = desk.run("apply base.plan --target aws_vpc.base");
    assert_eq!(wrong.code, Some(2), "a saved plan is applied whole: {wrong:?}");
}

#[test]
fn the_exit_status_tells_whether_something_would_change() {
    let desk = Desk::new();
    let status = |arguments: &str| desk.run(&format!("plan --detailed-exitcode {arguments}")).code;
    assert_eq!(status(""), Some(2));
    desk.succeed("apply --yes");
    assert_eq!(status(""), Some(0));
    assert_eq!(status("--destroy"), Some(2));
    assert_eq!(status("--refresh-only"), Some(0));
    let nat = desk.ids("fairwinds.state", "aws_nat_gateway").remove(0);
    desk.cloud("fairwinds.state").vanish("aws_nat_gateway", &nat).unwrap();
    assert_eq!(status("--refresh-only"), Some(2));
    assert_eq!(status("--no-refresh"), Some(0), "the plan trusts the state");
    assert_eq!(status("--cluster nowhere.yml"), Some(1));
}

#[test]
fn drift_is_recorded_by_a_refresh() {
    let desk = Desk::new();
    desk.succeed("apply --yes");
    let nat = desk.ids("fairwinds.state", "aws_nat_gateway").remove(0);
    desk.cloud("fairwinds.state").vanish("aws_nat_gateway", &nat).unwrap();
    desk.refuse("refresh", &["cannot ask for confirmation"]);
    desk.succeed("refresh --yes");
    assert!(!desk.succeed("state list").out.contains(&nat));
    assert_eq!(desk.run("plan --no-refresh --detailed-exitcode").code, Some(2));
}

#[test]
fn a_part_is_applied_destroyed_and_replaced() {
    let desk = Desk::new();
    desk.succeed("apply --yes --target aws_internet_gateway.base");
    assert_eq!(desk.state("fairwinds.state").len(), 2, "the gateway and the VPC that it depends on");
    desk.succeed("apply --yes");
    let before = desk.ids("fairwinds.state", "aws_eip");
    let address = "aws_nat_gateway.base-nat-us-east-2a";
    desk.succeed(&format!("apply --yes --replace {address}")).assert_says(&["1 replaced"]);
    assert_eq!(desk.ids("fairwinds.state", "aws_eip"), before);
    desk.succeed(&format!("destroy --yes --target {address}"));
    assert!(!desk.succeed("state list").out.contains(address));
    desk.refuse("plan --target aws_vpc.bas", &["aws_vpc.bas", "did you mean aws_vpc.base?"]);
    assert_eq!(desk.run("plan --target base").code, Some(2));
}

#[test]
fn what_exists_is_imported_moved_and_let_go() {
    let desk = Desk::new();
    desk.succeed("apply --yes");
    let vpc = desk.ids("fairwinds.state", "aws_vpc").remove(0);
    desk.succeed("state rm aws_vpc.base").assert_says(&["Forgot aws_vpc.base"]);
    assert_eq!(desk.ids("fairwinds.state", "aws_vpc"), std::slice::from_ref(&vpc), "it stays in the cloud");
    desk.refuse(&format!("import aws_vpc.none {vpc} --yes"), &["aws_vpc.none is not declared"]);
    desk.refuse("import aws_vpc.base vpc-none --yes", &["aws_vpc.base", "vpc-none"]);
    desk.succeed(&format!("import aws_vpc.base {vpc} --yes"));
    desk.succeed("plan").assert_says(&["No changes."]);

    desk.succeed("state mv aws_vpc.base aws_vpc.other").assert_says(&["aws_vpc.base is aws_vpc.other now."]);
    let gateway = desk.succeed("state show aws_internet_gateway.base").out;
    assert!(gateway.contains("aws_vpc.other") && !gateway.contains("aws_vpc.base\""), "{gateway}");
    for (from, to, said) in [
        ("aws_vpc.base", "aws_vpc.third", "did you mean"),
        ("aws_vpc.other", "aws_eip.third", "of another type"),
        ("aws_eip.base-nat-us-east-2a", "aws_eip.base-nat-us-east-2b", "the state has both"),
    ] {
        desk.refuse(&format!("state mv {from} {to}"), &[from, said]);
    }
    desk.succeed("state mv aws_vpc.other aws_vpc.base");
    desk.succeed("plan").assert_says(&["No changes."]);
    desk.assert_same("fairwinds.state", 40);
}

#[test]
fn outputs_are_listed_and_told_one_by_one() {
    let desk = Desk::new();
    desk.refuse("output base_vpc_id", &["base_vpc_id", "apply the stack first"]);
    desk.succeed("apply --yes");
    let vpc = desk.ids("fairwinds.state", "aws_vpc").remove(0);
    assert_eq!(desk.succeed("output base_vpc_id").out, format!("{vpc}\n"));
    assert_eq!(desk.succeed("output --json").lines()[0]["base_vpc_id"], vpc);
    assert!(desk.succeed("output").out.contains(&format!("base_vpc_id = {vpc:?}")));
    desk.refuse("output base_vpc", &["no output \"base_vpc\"", "did you mean"]);
}

#[test]
fn the_rights_that_a_run_needs_are_told_and_no_others() {
    let desk = Desk::new();
    let actions = |command: &str| {
        let policy: serde_json::Value = serde_json::from_str(&desk.succeed(command).out).unwrap();
        policy["Statement"][0]["Action"].to_string()
    };
    let has = |actions: &str, names: &[&str]| names.iter().all(|name| actions.contains(name));
    let apply = actions("permissions");
    assert!(
        has(&apply, &["ec2:CreateVpc", "ec2:CreateNatGateway", "ec2:DescribeVpcs", "ec2:CreateTags"]),
        "{apply}"
    );
    assert!(!has(&apply, &["ec2:DeleteVpc\""]) && !has(&apply, &["iam:"]), "{apply}");
    desk.succeed("plan --out rights.plan");
    assert_eq!(actions("permissions --plan rights.plan"), apply);
    desk.succeed("apply --yes");
    let nothing = actions("permissions");
    assert!(has(&nothing, &["ec2:DescribeVpcs"]) && !has(&nothing, &["ec2:Create"]), "{nothing}");
    let destroy = actions("permissions --destroy");
    assert!(
        has(&destroy, &["ec2:DeleteVpc\"", "ec2:ReleaseAddress"]) && !has(&destroy, &["ec2:CreateVpc"]),
        "{destroy}"
    );
    assert_eq!(desk.run("permissions --destroy --plan rights.plan").code, Some(2));
}

#[test]
fn defaults_come_from_the_environment_and_shells_complete() {
    let desk = Desk::new();
    let mut apply = desk.command("apply --yes");
    assert!(apply.env("LANDFORM_STATE", "elsewhere").output().unwrap().status.success());
    desk.assert_same("elsewhere", 40);
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.succeed(&format!("completion {shell}")).out;
        assert!(script.contains("detailed-exitcode") && script.contains("refresh"), "{shell}");
    }
    assert_eq!(desk.run("plan --cloud nowhere").code, Some(2));
    // A closed pipe is not an error.
    let mut list = desk.command("state list --state elsewhere").spawn().unwrap();
    drop(list.stdout.take());
    assert!(list.wait().unwrap().success());
}
