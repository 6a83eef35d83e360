//! Options that have no effect in a combination: each is refused, with exit status 2, before anything is read.

use super::Clusters;

#[test]
fn an_option_without_effect_is_refused() {
    let clusters = Clusters::new();
    let cluster = "create cluster a.example.com --cloud aws --zones us-east-2a";
    let gce = "create cluster a.example.com --cloud gce --zones us-east1-b";
    let before = clusters.0.listing();
    for (line, said) in [
        ("--provider aws --cloud-directory c get clusters", "--cloud-directory"),
        ("get assets --refresh mirror --file-hashes f -o json", "--output"),
        ("get assets --copy", "--file-hashes"),
        ("get assets --copy --file-hashes f -o json", "--output"),
        ("get assets --copy --file-hashes f --refresh mirror", "--refresh"),
        ("get assets --mirror m", "--copy"),
        ("get assets --pull-through h", "--copy"),
        ("get instances --kubeconfig f --admin 1h", "--admin"),
        ("get instances --use-kubeconfig --admin 1h", "--admin"),
        ("validate cluster --interval 5s", "--wait"),
        ("validate cluster --kubeconfig f --admin 1h", "--admin"),
        ("update cluster --out d", "--out"),
        ("update cluster --target terraform --prune", "--prune"),
        ("update cluster --target terraform --phase network", "--phase"),
        ("update cluster --target terraform --instance-group a", "--instance-group"),
        ("update cluster --target terraform --lifecycle-overrides VPC=Ignore", "--lifecycle-overrides"),
        ("update cluster --create-kube-config=false --admin", "--create-kube-config"),
        ("update cluster --admin --user u", "--user"),
        ("update cluster --internal --api-server https://a", "--api-server"),
        ("rolling-update cluster --cloudonly --drain-timeout 1m", "--drain-timeout"),
        ("rolling-update cluster --cloudonly --validate-count 1", "--validate-count"),
        ("rolling-update cluster --cloudonly --api-server https://a", "--api-server"),
        ("reconcile cluster --cloudonly --kubeconfig f", "--kubeconfig"),
        ("delete instance i-1 --cloudonly --post-drain-delay 1s", "--post-drain-delay"),
        ("delete cluster --region us-east-2", "--external"),
        ("delete cluster --external", "--region"),
        ("delete cluster --unregister --external --region us-east-2", "--external"),
        ("export kubeconfig a --all", "--all"),
        ("export kubeconfig --all --api-server https://a", "--api-server"),
        ("export kubeconfig --internal --api-server https://a", "--api-server"),
        ("create ig a --output json", "--dry-run"),
        ("create keypair kubernetes-ca --key f", "--cert"),
        ("toolbox template --config-value a --template f", "--template"),
        ("toolbox template --config-value a --format-yaml", "--format-yaml"),
        ("toolbox template", "--template"),
        (&format!("{cluster} -o json"), "--dry-run"),
        (&format!("{cluster} --dry-run --yes"), "--yes"),
        (&format!("{cluster} --dry-run --target terraform"), "--target"),
        (&format!("{cluster} --out d"), "--out"),
        (&format!("{cluster} --bastion-image i"), "--bastion"),
        (&format!("{cluster} --api-server-size m5.large"), "--api-server-count"),
        (&format!("{cluster} --project p"), "--project"),
        (&format!("{cluster} --gce-service-account s"), "--gce-service-account"),
        (&format!("{cluster} --utility-subnets subnet-1"), "--utility-subnets"),
        (&format!("{cluster} --dns none --dns-zone example.com"), "--dns-zone"),
        (&format!("{cluster} --instance-manager karpenter --node-image i"), "--node-image"),
        (&format!("{gce} --egress nat-1"), "--egress"),
        (&format!("{gce} --ipv6"), "--ipv6"),
    ] {
        let ran = clusters.run(line);
        assert_eq!(ran.code, Some(2), "{line}: {ran:?}");
        assert!(ran.errors.contains(said), "{line}: expected {said:?} in: {}", ran.errors);
    }
    assert!(before == clusters.0.listing(), "a refused command changes no file");
}

/// What has an effect reaches the command, which says that the cluster or a file is missing.
#[test]
fn an_option_with_effect_is_accepted() {
    let clusters = Clusters::new();
    for line in [
        "--cloud-directory c get clusters",
        "get clusters a.example.com b.example.com -o yaml",
        "get assets a.example.com -o json",
        "validate cluster --wait 10m --interval 5s",
        "validate cluster --count 3 --interval 5s",
        "update cluster --target terraform --out d --yes",
        "update cluster --create-kube-config --admin 1h",
        "update cluster --lifecycle-overrides VPC=Ignore,VPC=Sync",
        "rolling-update cluster --cloudonly --node-interval 1s",
        "rolling-update cluster --use-kubeconfig --kubeconfig f",
        "rolling-update cluster --ig nodes --role node",
        "delete secret one two --name a.example.com",
        "trust keypair kubernetes-ca 1 2",
        "export kubeconfig --all --internal",
        "toolbox template --config-value a --values f",
        "toolbox template --template f --out g",
        "create -f a.yaml,b.yaml",
        "create secret sshpublickey admin -i key.pub",
        "create sshpublickey a.example.com -i key.pub",
        "create cluster a.example.com --cloud aws --zones us-east-2a -t private --utility-subnets subnet-1",
        "create cluster a.example.com --cloud aws --zones us-east-2a --override spec.channel=alpha",
    ] {
        let ran = clusters.run(line);
        assert!(ran.code == Some(0) || ran.code == Some(1), "{line}: {ran:?}");
    }
}
