//! Finds the method of a request by its verb and path.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::Method;

/// The method that a path leads to.
pub(crate) enum Found {
    Method {
        method: &'static Method,
        variables: Vec<(String, String)>,
    },
    /// The path is known, but not with this verb.
    OtherVerb,
    Nothing,
}

/// Methods by the number of their path's segments.
pub(super) struct Routes(HashMap<usize, Vec<(usize, Vec<Segment>)>>);

enum Segment {
    Fixed(String),
    /// A variable, and the suffix after it in the segment (`:setIamPolicy`).
    Variable(String, String),
}

impl Segment {
    fn vagueness(&self) -> u8 {
        match self {
            Self::Fixed(_) => 0,
            Self::Variable(_, after) if !after.is_empty() => 1,
            Self::Variable(..) => 2,
        }
    }
}

impl Routes {
    pub(super) fn new(methods: &[Method]) -> Self {
        let mut routes = HashMap::<_, Vec<_>>::new();
        for (index, method) in methods.iter().enumerate() {
            let segments: Vec<_> = method.path.trim_start_matches('/').split('/').map(segment).collect();
            routes.entry(segments.len()).or_default().push((index, segments));
        }
        // Fixed words take precedence over variables, so that `images/family/{family}` comes before other paths of its
        // length.
        for routes in routes.values_mut() {
            routes.sort_by_key(|(_, segments)| segments.iter().map(Segment::vagueness).collect::<Vec<_>>());
        }
        Self(routes)
    }

    pub(super) fn find(&self, methods: &'static [Method], verb: &str, path: &str) -> Found {
        let given: Vec<_> = path.trim_start_matches('/').split('/').collect();
        let mut known = false;
        for (index, segments) in self.0.get(&given.len()).into_iter().flatten() {
            let Some(variables) = variables(segments, &given) else { continue };
            let method = &methods[*index];
            if method.verb == verb {
                return Found::Method { method, variables };
            }
            known = true;
        }
        if known { Found::OtherVerb } else { Found::Nothing }
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        Some((name, after)) => Segment::Variable(name.trim_start_matches('+').to_owned(), after.to_owned()),
        None => Segment::Fixed(text.to_owned()),
    }
}

fn variables(segments: &[Segment], given: &[&str]) -> Option<Vec<(String, String)>> {
    let mut variables = Vec::new();
    for (segment, given) in segments.iter().zip(given) {
        let decoded = percent_decode_str(given).decode_utf8().ok()?;
        match segment {
            Segment::Fixed(fixed) if *fixed == decoded => {}
            Segment::Fixed(_) => return None,
            Segment::Variable(name, after) => {
                let value = decoded.strip_suffix(after.as_str())?;
                if value.is_empty() {
                    return None;
                }
                variables.push((name.clone(), value.to_owned()));
            }
        }
    }
    Some(variables)
}
