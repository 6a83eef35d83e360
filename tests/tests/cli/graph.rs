//! The graph of a stack, for Graphviz and for a browser.

use std::fs;

use crate::desk::Desk;

/// Two nodes that every graph of this stack has.
const NODES: [&str; 2] = ["base-nat-us-east-2a", "nodes-working-example-com"];

#[test]
fn a_graph_is_drawn_of_what_is_declared_and_touches_nothing() {
    let desk = Desk::new();
    let before = desk.listing();
    for arguments in ["graph", "graph --plan"] {
        let dot = desk.succeed(&format!("{arguments} --state it --cluster working.yml")).out;
        assert!(desk.listing() == before, "{arguments}");
        assert!(dot.starts_with("digraph"), "{}", &dot[..dot.len().min(200)]);
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
        assert!(dot.contains("->") && NODES.iter().all(|node| dot.contains(node)), "{arguments}");
    }
}

#[test]
fn a_page_is_drawn_and_needs_nothing_from_elsewhere() {
    let desk = Desk::new();
    for (arguments, file) in [("graph", "stack.html"), ("graph --plan", "change.html"), ("plan", "plan.html")]
    {
        desk.succeed(&format!("{arguments} --html {file} --state it --cluster working.yml"));
        let html = fs::read_to_string(desk.path().join(file)).unwrap();
        assert!(html.contains("<html") && html.trim_end().ends_with("</html>"), "{arguments}");
        for elsewhere in ["src=\"http", "href=\"http", "@import", "src=\"//"] {
            assert!(!html.contains(elsewhere), "the page needs {elsewhere:?} from elsewhere");
        }
        assert!(NODES.iter().all(|node| html.contains(node)), "{arguments}");
    }
    assert!(!desk.path().join("it").exists(), "a picture makes no state");
}

#[test]
fn a_graph_of_a_bad_spec_is_refused() {
    Desk::new().refuse("graph --state it --cluster nowhere.yml", &["nowhere.yml"]);
}

#[test]
fn a_page_that_cannot_be_written_is_an_error_that_names_it() {
    Desk::new().refuse("graph --html nowhere/graph.html", &["nowhere/graph.html"]);
}

#[test]
fn a_graph_as_json_names_its_file() {
    let lines = Desk::new().succeed("graph --json --html graph.html").lines();
    assert_eq!((&lines[0]["event"], &lines[0]["file"]), (&"drawn".into(), &"graph.html".into()));
}
