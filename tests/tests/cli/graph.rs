//! The picture of a stack, for Graphviz and for a browser.

use std::fs;

use crate::desk::Desk;

#[test]
fn a_graph_is_drawn_of_what_is_declared_and_touches_nothing_else() {
    let desk = Desk::new();
    let before = desk.listing();
    let ran = desk.succeed("graph --state it --cluster working.yml");
    ran.assert_says(&["it/graph.dot", "it/graph.html"]);
    let mut after = desk.listing();
    after.retain(|path, _| !before.contains_key(path));
    let made: Vec<_> =
        after.keys().map(|path| path.strip_prefix(desk.path()).unwrap().to_str().unwrap()).collect();
    assert_eq!(made, ["it", "it/graph.dot", "it/graph.html"]);

    let dot = fs::read_to_string(desk.path().join("it/graph.dot")).unwrap();
    assert!(dot.starts_with("digraph"), "{}", &dot[..dot.len().min(200)]);
    assert_eq!(dot.matches('{').count(), dot.matches('}').count());
    let html = fs::read_to_string(desk.path().join("it/graph.html")).unwrap();
    assert!(html.contains("<html") && html.trim_end().ends_with("</html>"));
    for elsewhere in ["src=\"http", "href=\"http", "@import", "src=\"//"] {
        assert!(!html.contains(elsewhere), "the page needs {elsewhere:?} from elsewhere");
    }
    for node in ["base-nat-us-east-2a", "nodes-working-example-com"] {
        assert!(dot.contains(node) && html.contains(node), "{node} is not in the picture");
    }
    assert!(dot.contains("->"), "nothing refers to anything");
}

#[test]
fn a_graph_of_a_bad_spec_is_refused() {
    Desk::new().refuse("graph --state it --cluster nowhere.yml", &["nowhere.yml"]);
}

#[test]
fn a_graph_as_json_names_its_files() {
    let files: Vec<String> = Desk::new()
        .succeed("graph --json --state it")
        .lines()
        .iter()
        .filter(|line| line["event"] == "drawn")
        .map(|line| line["file"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, ["it/graph.dot", "it/graph.html"]);
}
