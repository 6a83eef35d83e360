//! `toolbox template`: the language of kops's templates.

use std::fs;

use landform::serde_json::{Value, json};

use super::Clusters;

/// A directory for templates, without a cloud.
fn clusters() -> Clusters {
    Clusters(crate::desk::Desk::new())
}

impl Clusters {
    fn render(&self, template: &str, values: &Value, options: &str) -> crate::desk::Ran {
        self.0.write("values.yaml", values.to_string());
        self.0.write("template.yaml", template);
        self.run(&format!("toolbox template --template template.yaml --values values.yaml {options}"))
    }

    fn renders(&self, template: &str, values: &Value, expected: &str) {
        let ran = self.render(template, values, "");
        assert_eq!(
            (ran.code, ran.out.trim_end_matches('\n')),
            (Some(0), expected),
            "{template}: {}",
            ran.errors
        );
    }

    fn refuses_template(&self, template: &str, said: &[&str]) {
        self.0.write("values.yaml", r#"{"text": "x", "list": [1, 2], "map": {"a": 1}}"#);
        self.0.write("template.yaml", template);
        self.refuse("toolbox template --template template.yaml --values values.yaml --output out.yaml", said);
    }
}

#[test]
fn templates_are_written_as_go_writes_them() {
    let clusters = clusters();
    let values = json!({
        "name": "world", "id": 99, "price": 0.05, "on": true, "off": false, "empty": "", "none": null,
        "nodes": [{ "name": "a", "zones": ["x", "y"] }, { "name": "b", "zones": [] }],
        "labels": { "team": "one", "env": "prod" }, "text": "first\nsecond\n\nthird",
    });
    let cases = [
        // Text, values and the space around actions.
        ("hello {{ .name }}, {{.id}} {{ .price }} {{ .on }}", "hello world, 99 0.05 true"),
        ("a {{- .name -}} b", "aworldb"),
        ("a\n{{- /* nothing */ -}}\nb", "ab"),
        ("a {{/* nothing */}}b", "a b"),
        (
            "{{ .nodes }} {{ .labels }}",
            "[map[name:a zones:[x y]] map[name:b zones:[]]] map[env:prod team:one]",
        ),
        (r#"{{ "a\t\"b\" \u00e9" }} {{ `c\n` }} {{ 0x10 }} {{ -1.5 }}"#, "a\t\"b\" \u{e9} c\\n 16 -1.5"),
        ("{{ (index .nodes 0).name }} {{ index .nodes 0 \"zones\" 1 }} {{ $.name }}", "a y world"),
        // Conditions and loops.
        (
            "{{ if .on }}yes{{ else }}no{{ end }} {{ if .empty }}yes{{ else if .id }}id{{ else }}no{{ end }}",
            "yes id",
        ),
        ("{{ if and .on (not .off) (or .empty .name) }}yes{{ end }}", "yes"),
        ("{{ with .labels }}{{ .team }}{{ end }}{{ with .empty }}x{{ else }}none{{ end }}", "onenone"),
        (
            "{{ range .nodes }}{{ .name }}:{{ range .zones }}{{ . }},{{ else }}-{{ end }};{{ end }}",
            "a:x,y,;b:-;",
        ),
        ("{{ range $i, $n := .nodes }}{{ $i }}={{ $n.name }} {{ end }}", "0=a 1=b "),
        ("{{ range $key, $value := .labels }}{{ $key }}={{ $value }} {{ end }}", "env=prod team=one "),
        (
            "{{ range until 5 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ if gt . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}",
            "023",
        ),
        ("{{ $n := 1 }}{{ range .nodes }}{{ $n = add $n 1 }}{{ end }}{{ $n }}", "3"),
        // Templates that a template defines.
        (
            r#"{{ define "zone" }}<{{ . }}>{{ end }}{{ template "zone" .name }}{{ block "other" .id }}[{{ . }}]{{ end }}"#,
            "<world>[99]",
        ),
        (
            r#"{{ define "list" }}- {{ .a }}{{ "\n" }}- b{{ end }}{{ include "list" (dict "a" 1) | nindent 2 }}"#,
            "\n  - 1\n  - b",
        ),
        // Functions.
        ("{{ upper \"hello\" }} {{ lower \"Me\" }} {{ title \"a node\" }}", "HELLO me A Node"),
        ("{{ .text | indent 2 }}", "first\n  second\n\n  third"),
        ("{{ default \"10\" .empty }} {{ default 1 .id }} {{ coalesce .empty .none .name }}", "10 99 world"),
        ("{{ ternary \"a\" \"b\" .on }} {{ .off | ternary \"a\" \"b\" }}", "a b"),
        (
            "{{ join \",\" (list 1 \"b\") }} {{ splitList \",\" \"a,b\" | last }} {{ (split \"/\" \"c/d\")._1 }}",
            "1,b b d",
        ),
        (
            "{{ .name | quote }} {{ .id | squote }} {{ .name | trunc 3 }} {{ trunc -3 .name }}",
            "\"world\" '99' wor rld",
        ),
        (
            "{{ trimSuffix \".\" \"a.\" }}{{ trimPrefix \"v\" \"v1\" }}{{ replace \"a\" \"b\" \"aa\" }}{{ repeat 2 \"z\" }}",
            "a1bbzz",
        ),
        (
            "{{ printf \"%s-%03d %.2f %q %v %5s|%-4s|\" .name .id .price \"x\" .on \"r\" \"l\" }}",
            "world-099 0.05 \"x\" true     r|l   |",
        ),
        (
            "{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 5 }} {{ int \"4\" }}",
            "6 3 6 3 1 5 4",
        ),
        (
            "{{ $d := dict \"a\" 1 }}{{ $_ := set $d \"b\" 2 }}{{ $d }} {{ hasKey $d \"b\" }} {{ keys $d | join \",\" }}",
            "map[a:1 b:2] true a,b",
        ),
        (
            "{{ toJson .labels }} {{ (fromJson \"{\\\"a\\\": [1]}\").a }}",
            "{\"env\":\"prod\",\"team\":\"one\"} [1]",
        ),
        (
            "{{ if has \"x\" (first .nodes).zones }}in{{ end }} {{ len .nodes }} {{ first (rest .nodes) | len }}",
            "in 2 2",
        ),
        (
            "{{ merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }} {{ dig \"team\" \"none\" .labels }} {{ dig \"no\" \"none\" .labels }}",
            "map[a:1 b:3] one none",
        ),
        (
            "{{ regexMatch \"^w\" .name }} {{ regexReplaceAll \"o(r)\" .name \"${1}o\" }} {{ b64enc .name | b64dec }}",
            "true wrold world",
        ),
        (
            "{{ snakecase \"firstName\" }} {{ kebabcase \"FirstName\" }} {{ camelcase \"first_name\" }}",
            "first_name first-name FirstName",
        ),
        (
            "{{ eq .name \"a\" \"world\" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge \"b\" \"a\" }} {{ kindOf .labels }}",
            "true true true true map",
        ),
        (
            "{{ seq 3 }} {{ untilStep 1 6 2 }} {{ uniq (list 1 1 2) }} {{ without (list 1 2) 1 }} {{ reverse (list 1 2) }}",
            "1 2 3 [1 3 5] [1 2] [2] [2 1]",
        ),
        ("{{ sha256sum \"\" }}", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ];
    for (template, expected) in cases {
        clusters.renders(template, &values, expected);
    }
    let ran =
        clusters.render("{{ default \"x\" .nothing }} {{ .nothing }}", &values, "--fail-on-missing=false");
    assert_eq!(ran.out, "x <no value>\n", "{ran:?}");
}

#[test]
fn what_is_wrong_in_a_template_is_told_with_its_line() {
    let clusters = clusters();
    let cases: [(&str, &[&str]); 24] = [
        ("a\n\n{{ .missing }}", &["template.yaml:3:", ".missing", "\"missing\""]),
        ("\n{{ .map.b.c }}", &["template.yaml:2:", "\"b\""]),
        ("{{ .text.a }}", &["template.yaml:1:", "expected a map, not the string x"]),
        ("\n{{ genCA \"a\" 1 }}", &["template.yaml:2:", "genCA is not supported"]),
        ("{{ upperr .text }}", &["template.yaml:1:", "there is no function upperr"]),
        ("{{ upper }}", &["template.yaml:1:", "upper: expected 1 arguments, not 0"]),
        ("{{ upper .list }}", &["upper: expected a text, not the slice [1 2]"]),
        ("{{ index .list 7 }}", &["index: the list has 2 items, none at 7"]),
        ("{{ fail \"set a zone\" }}", &["template.yaml:1:", "set a zone"]),
        ("{{ div 1 0 }}", &["1 cannot be divided by 0"]),
        ("{{ include \"nowhere\" . }}", &["there is no template \"nowhere\""]),
        ("{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}", &["more than 100 deep"]),
        ("{{ $d := dict }}{{ set $d \"a\" $d }}", &["a map cannot hold itself"]),
        ("\n{{ if .text }}a", &["template.yaml:2:", "if is not closed"]),
        ("{{ end }}", &["end without if"]),
        ("{{ if .text }}{{ else }}{{ else }}{{ end }}", &["a second else"]),
        ("{{ break }}", &["break outside of range"]),
        ("a\n{{ .text", &["template.yaml:2:", "expected }}"]),
        ("{{ \"a }}", &["the text is not closed"]),
        ("{{ (upper .text }}", &["expected )"]),
        ("{{ $x }}", &["there is no variable $x"]),
        ("{{ .text | 1 }}", &["expected a function after |"]),
        ("{{ .text .list }}", &["is not a function"]),
        ("{{ repeat 9999999 .text }} {{ until 9999999 }}", &["more than"]),
    ];
    for (template, said) in cases {
        clusters.refuses_template(template, said);
    }
}

#[test]
fn templates_values_and_snippets_come_from_many_files() {
    let clusters = clusters();
    let desk = &clusters.0;
    desk.write(
        "templates/cluster.yaml",
        "cluster: {{ .clusterName }}\nhooks:\n  unit: |\n    {{ include \"unit\" . | indent 4 }}",
    );
    desk.write(
        "templates/groups/nodes.yaml",
        "{{ range .groups }}\n---\nname: {{ .name }}\nsize:   {{ .size }}\n{{ end }}\n",
    );
    desk.write("snippets/parts/unit", "[Unit]\nName: {{ .unit }}");
    desk.write("a.yaml", "unit: one\ngroups:\n- {name: nodes, size: 3}\nmap: {a: 1, b: 2}\n");
    desk.write("b.yaml", "unit: two\nmap: {b: 3}\n");
    let toolbox = "toolbox template --name k8s.example.com --template templates --snippets snippets";
    let ran = clusters
        .succeed(&format!("{toolbox} --values a.yaml,b.yaml --set groups[1].name=infra,groups[1].size=2"));
    let expected = "cluster: k8s.example.com\nhooks:\n  unit: |\n    [Unit]\n    Name: two\n---\n\n---\nname: nodes\nsize:   3\n\n---\n\
                    name: infra\nsize:   2\n\n";
    assert_eq!(ran.out, expected);
    clusters.succeed(&format!("{toolbox} --values a.yaml --values b.yaml --format-yaml --output out.yaml"));
    let written = fs::read_to_string(desk.path().join("out.yaml")).unwrap();
    assert!(written.ends_with("---\nname: nodes\nsize: 3\n"), "{written}");

    let value = |sets: &str, name: &str| {
        let ran = clusters.succeed(&format!("toolbox template --values a.yaml {sets} --config-value {name}"));
        ran.out.trim_end().to_owned()
    };
    assert_eq!(value("--values b.yaml", "map"), "map[a:1 b:3]");
    let sets =
        "--set version=1.0,foo.bar=baz --set-string foo.list={1,2,3} --set foo.list[1]=false,foo.list[3]=4";
    assert_eq!(value(sets, "version"), "1.0");
    assert_eq!(value(sets, "foo"), "map[bar:baz list:[1 false 3 4]]");
    assert_eq!(value(r"--set a\.b=x\,y,n=null,e={}", "a.b"), "x,y");
    assert_eq!(value("", "nothing"), "null");

    let refuse = |rest: &str, said: &[&str]| {
        clusters.refuse(&format!("toolbox template --output out.yaml {rest}"), said);
    };
    refuse("--template nowhere", &["nowhere"]);
    refuse("--template templates --set a", &["--set \"a\"", "KEY=VALUE"]);
    refuse(
        "--template templates --set unit.x=1 --values a.yaml",
        &["--set \"unit.x=1\"", "a map above \"x\""],
    );
    refuse("--template templates --set a[x]=1", &["a key such as a.b"]);
    desk.write("list.yaml", "[1]");
    refuse("--template templates --values list.yaml", &["list.yaml", "a map of values"]);
    desk.write("bad.yaml", "a: [");
    refuse("--template templates --values bad.yaml", &["bad.yaml"]);
    desk.write("snippets/unit", "again");
    refuse("--template templates --snippets snippets", &["has the same name"]);
    desk.write("more/unit", "\n{{ .absent }}");
    let ran = clusters
        .run("toolbox template --template templates --snippets more --set unit=x --name a.example.com");
    assert!(ran.errors.contains("more/unit:2: .absent"), "{ran:?}");
}

/// The cases are those of the library that sprig uses, Masterminds/semver.
#[test]
fn versions_are_compared() {
    let clusters = clusters();
    let cases = [
        ("1.34.0", "v1.34.0", "1.34.1"),
        ("1.34", "1.34.9", "1.35.0"),
        ("1", "1.99.0", "2.0.0"),
        ("=1.2.3", "1.2.3+build", "1.2.4"),
        ("!=1.2", "1.3.0", "1.2.9"),
        (">1.2.3", "1.2.4", "1.2.3"),
        (">1.2", "1.3.0", "1.2.9"),
        (">11", "12.0.0", "11.1.0"),
        (">= 1.32.0, < 1.35.0", "1.34.9", "1.35.0"),
        ("=>1.2.3 =<1.4", "1.4.9", "1.5.0"),
        ("<1.2", "1.1.9", "1.2.0"),
        ("~1.2.3", "1.2.9", "1.3.0"),
        ("~>1", "1.9.9", "2.0.0"),
        ("^1.2.3", "1.9.0", "2.0.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.0", "1.0.0"),
        ("1.2 - 1.4.5", "1.4.5", "1.4.6"),
        ("1.2.x || >=2.0.0", "2.1.0", "1.3.0"),
        (">=1.2.3-0", "1.3.0-alpha.1", "1.2.2"),
        (">1.2.3-alpha.2", "1.2.3-alpha.10", "1.2.3-alpha.1"),
        ("*", "7.0.0", "7.0.0-beta.1"),
        ("", "7.0.0", "7.0.0-beta.1"),
    ];
    let template = "{{ range .cases }}{{ semverCompare (index . 0) (index . 1) }} {{ semverCompare (index . 0) (index . 2) }}\n{{ end }}";
    let expected = vec!["true false"; cases.len()].join("\n");
    clusters.renders(template, &json!({ "cases": cases }), &expected);
    clusters.renders(
        "{{ $v := semver \"v1.34.2-beta.1+build\" }}{{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} {{ $v.Prerelease }} {{ $v.Metadata }}",
        &json!({}),
        "1 34 2 beta.1 build",
    );
    for constraint in ["a", ">=", ">=1.2.3.4", "1.x.3", ">=1.2 -", "1.2.3-"] {
        clusters.refuses_template(
            &format!("{{{{ semverCompare {constraint:?} \"1.0.0\" }}}}"),
            &["expected a constraint of versions"],
        );
    }
    for version in ["", "one", "1.x", "1.2.3.4", "1.2.3-", "1.2.3+", "99999999999999999999"] {
        clusters.refuses_template(&format!("{{{{ semver {version:?} }}}}"), &["expected a version"]);
    }
}

#[test]
fn dates_are_written_as_go_writes_them() {
    let clusters = clusters();
    let at = "1136214245"; // 2006-01-02 15:04:05 UTC
    for (template, expected) in [
        (format!("{{{{ dateInZone \"2006-01-02T15:04:05Z07:00\" {at} \"UTC\" }}}}"), "2006-01-02T15:04:05Z"),
        (
            format!("{{{{ dateInZone \"2006-01-02T15:04:05Z07:00\" {at} \"America/New_York\" }}}}"),
            "2006-01-02T10:04:05-05:00",
        ),
        (
            format!("{{{{ dateInZone \"Mon Jan _2 03:04:05.000 pm 06 at 100%\" {at} \"UTC\" }}}}"),
            "Mon Jan  2 03:04:05.000 pm 06 at 100%",
        ),
        (
            format!("{{{{ dateInZone \"Monday, January 2 2006, 3 PM MST -0700 002\" {at} \"UTC\" }}}}"),
            "Monday, January 2 2006, 3 PM UTC +0000 002",
        ),
        (format!("{{{{ htmlDateInZone {at} \"Asia/Tokyo\" }}}}"), "2006-01-03"),
        (format!("{{{{ date \"2006\" {at} }}}} {{{{ htmlDate {at} }}}}"), "2006 2006-01-02"),
        (format!("{{{{ {at} | dateModify \"-1h30m\" | unixEpoch }}}}"), "1136208845"),
        (
            "{{ toDate \"2006-01-02\" \"2026-11-27\" | date \"02.01.2006 15:04\" }}".to_owned(),
            "27.11.2026 00:00",
        ),
        (
            "{{ toDate \"2006-01-02T15:04:05Z07:00\" \"2026-11-27T01:02:03Z\" | unixEpoch }}".to_owned(),
            "1795741323",
        ),
        (
            "{{ toDate \"2006-01-02T15:04:05Z07:00\" \"2026-11-27T01:02:03+02:00\" }}".to_owned(),
            "2026-11-27 01:02:03 +0200 +02",
        ),
        (
            "{{ duration 3665 }} {{ duration \"95\" }} {{ durationRound \"50h\" }} {{ durationRound 0 }}"
                .to_owned(),
            "1h1m5s 1m35s 2d 0s",
        ),
        (
            "{{ now | unixEpoch | int64 | lt 1700000000 }} {{ now | ago }} {{ kindOf now }}".to_owned(),
            "true 0s struct",
        ),
    ] {
        clusters.renders(&template, &json!({}), expected);
    }
    for (template, said) in [
        ("{{ date \"2006\" \"today\" }}", "expected a date, not the string \"today\""),
        ("{{ dateInZone \"2006\" 0 \"Nowhere\" }}", "there is no time zone \"Nowhere\""),
        ("{{ toDate \"2006-01-02\" \"27.11.2026\" }}", "\"27.11.2026\": expected a date"),
        ("{{ dateModify \"a day\" now }}", "\"a day\": expected a duration"),
    ] {
        clusters.refuses_template(template, &[said]);
    }
}

#[test]
fn templates_ask_a_release_channel() {
    let clusters = clusters();
    let channel = "spec:\n  images:\n  - {name: maker/amd, providerID: aws, architectureID: amd64, kubernetesVersion: '>=1.32.0'}\n  \
                   - {name: maker/arm, providerID: aws, architectureID: arm64, kubernetesVersion: '>=1.32.0'}\n  \
                   kopsVersions:\n  - {range: '>=1.30.0', kubernetesVersion: 1.34.7}\n";
    let file = clusters.0.write("channel", channel);
    let option = format!("--channel file://{}", file.display());
    let template = "{{ ChannelRecommendedKopsKubernetesVersion }} {{ ChannelRecommendedKubernetesUpgradeVersion \"1.33.1\" }} \
                    {{ ChannelRecommendedKubernetesUpgradeVersion \"1.35.0\" }} {{ ChannelRecommendedImage \"aws\" \"1.34.0\" \"arm64\" }}";
    let ran = clusters.render(template, &json!({}), &option);
    assert_eq!(ran.out, "1.34.7 1.34.7 1.35.0 maker/arm\n", "{ran:?}");
    let ran =
        clusters.render("{{ ChannelRecommendedImage \"gce\" \"1.34.0\" \"amd64\" }}", &json!({}), &option);
    assert!(ran.code == Some(1) && ran.errors.contains("has no such image"), "{ran:?}");
    let ran = clusters.render("{{ ChannelRecommendedImage \"aws\" \"new\" \"amd64\" }}", &json!({}), &option);
    assert!(ran.errors.contains("expected a version"), "{ran:?}");
}

/// kops's own examples: the template that its documents show makes a cluster that `create -f` takes.
#[test]
fn a_cluster_comes_from_a_template() {
    let clusters = Clusters::new();
    let text = fs::read_to_string(clusters.0.path().join("cluster_spec.yml")).unwrap();
    let (version, size) = ("kubernetesVersion: 1.34.0", "machineType: t3.xlarge");
    assert!(text.contains(version) && text.contains(size), "{text}");
    let template = text
        .replace(version, "kubernetesVersion: {{ .kubernetes.version }}")
        .replace(size, "machineType: {{ default \"t3.medium\" .machineType }}")
        .replace("working.example.com", "{{ .clusterName }}");
    clusters.0.write("cluster.tmpl.yaml", template);
    clusters.0.write("values.yaml", "clusterName: working.example.com\nkubernetes: {version: 1.34.2}\n");
    clusters.succeed(
        "toolbox template --template cluster.tmpl.yaml --values values.yaml --set machineType=t3.2xlarge --output made.yaml",
    );
    clusters.succeed("create -f made.yaml").assert_says(&["Created cluster/working.example.com"]);
    clusters.succeed("get ig --name working.example.com").assert_says(&["t3.2xlarge"]);
    clusters.succeed("get cluster working.example.com -o yaml").assert_says(&["kubernetesVersion: 1.34.2"]);
}
