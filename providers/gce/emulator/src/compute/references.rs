//! Resolves the references of resources.

use serde_json::{Map, Value as Json, json};

use super::{
    link::{self, Place},
    table::{Collection, Draft, Reference, collection},
    world::{Being, World, noun},
};
use crate::refusal::{Refusal, Result};

/// Writes every reference of a draft as a whole URL. Refuses one without a target.
pub(crate) fn resolve(world: &World, collection: &Collection, draft: &mut Draft) -> Result<()> {
    let project = draft.place.project.clone();
    for reference in collection.references {
        let before = draft.before.as_ref().map(|before| texts(before, reference.at)).unwrap_or_default();
        visit(&mut draft.object, reference.at, "resource", &mut |value, at| {
            let Some(text) = value.as_str() else { return Ok(()) };
            if before.iter().any(|before| before == text) {
                return Ok(());
            }
            if let Some(path) = target(world, reference, text, &project, at)? {
                *value = json!(link::url(&path));
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The path of the existing target of a link. `None` if the text is not a link and need not be one.
fn target(
    world: &World,
    reference: &Reference,
    text: &str,
    project: &str,
    at: &str,
) -> Result<Option<String>> {
    let Some(path) = link::path(text, project).map(|path| world.by_project_id(&path)) else {
        return match reference.to {
            [] => Ok(None),
            // A bare name is enough, because the zone is known.
            ["machineTypes"] => Ok(None),
            _ => Err(Refusal::invalid(at, text, "The URL is malformed.")),
        };
    };
    if reference.to.is_empty() {
        return Ok(Some(path));
    }
    exists(world, &path, reference.to, text, at).map(Some)
}

/// Refuses a path outside the collections or without a target. The family of an image leads to its newest image.
pub(crate) fn exists(world: &World, path: &str, to: &[&str], text: &str, at: &str) -> Result<String> {
    let segment = segment(path);
    if !to.contains(&segment) {
        return Err(Refusal::invalid(
            at,
            text,
            format!("The referenced resource is not one of {}.", to.join(", ")),
        ));
    }
    if segment == "images" && path.contains("/family/") {
        return match world.image_of_family(path) {
            Some(_) => Ok(path.to_owned()),
            None => Err(Refusal::not_found(path)),
        };
    }
    match world.resource(path) {
        Some(resource) if resource.being == Being::There => Ok(path.to_owned()),
        Some(_) => Err(Refusal::not_ready(path)),
        None if world.given(path).is_some() => Ok(path.to_owned()),
        None => {
            let noun = collection(segment).map_or_else(|| segment.trim_end_matches('s').to_owned(), noun);
            Err(Refusal::invalid(at, text, format!("The referenced {noun} resource cannot be found.")))
        }
    }
}

/// The paths of all resources that an object uses.
pub(crate) fn held(collection: &Collection, object: &Map<String, Json>, project: &str) -> Vec<String> {
    let holding = collection.references.iter().filter(|reference| reference.holds);
    let links = holding.flat_map(|reference| texts(object, reference.at));
    links.filter_map(|link| link::path(&link, project)).collect()
}

/// All texts at a path of fields: `disks[].source`.
pub(crate) fn texts(object: &Map<String, Json>, at: &str) -> Vec<String> {
    let (first, rest) = at.split_once('.').map_or((at, None), |(first, rest)| (first, Some(rest)));
    let Some(value) = object.get(first.trim_end_matches("[]")) else { return Vec::new() };
    let items = match value {
        Json::Array(items) => items.iter().collect(),
        value => vec![value],
    };
    let mut texts = Vec::new();
    for item in items {
        match (rest, item) {
            (None, Json::String(text)) => texts.push(text.clone()),
            (Some(rest), Json::Object(inner)) => texts.extend(self::texts(inner, rest)),
            _ => {}
        }
    }
    texts
}

/// Visits all values at a path of fields.
pub(crate) fn visit(
    object: &mut Map<String, Json>,
    at: &str,
    above: &str,
    visitor: &mut impl FnMut(&mut Json, &str) -> Result<()>,
) -> Result<()> {
    let (first, rest) = at.split_once('.').map_or((at, None), |(first, rest)| (first, Some(rest)));
    let name = first.trim_end_matches("[]");
    let Some(value) = object.get_mut(name) else { return Ok(()) };
    let here = format!("{above}.{name}");
    let mut step = |value: &mut Json, here: &str| match (rest, value) {
        (None, value) => visitor(value, here),
        (Some(rest), Json::Object(inner)) => visit_boxed(inner, rest, here, visitor),
        _ => Ok(()),
    };
    match value {
        Json::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| step(item, &format!("{here}[{index}]")))
        }
        value => step(value, &here),
    }
}

/// Uses a trait object, so that the type of the visitor stays finite.
fn visit_boxed(
    object: &mut Map<String, Json>,
    at: &str,
    above: &str,
    mut visitor: &mut dyn FnMut(&mut Json, &str) -> Result<()>,
) -> Result<()> {
    visit(object, at, above, &mut visitor)
}

/// The collection of a path: `networks`, `zones`.
pub(crate) fn segment(path: &str) -> &str {
    let parts: Vec<_> = path.split('/').collect();
    match parts.as_slice() {
        ["projects", _, "global", segment, ..] | ["projects", _, _, _, segment, _] => segment,
        ["projects", _, segment, _] => segment,
        _ => "",
    }
}

impl World {
    /// Replaces a project's number by its id in a path.
    pub(crate) fn by_project_id(&self, path: &str) -> String {
        let Some((project, rest)) = path.strip_prefix("projects/").and_then(|path| path.split_once('/'))
        else {
            return path.to_owned();
        };
        match self.project(project) {
            Some(known) => format!("projects/{}/{rest}", known.id),
            None => path.to_owned(),
        }
    }

    /// The path of the newest image of a family: `projects/P/global/images/family/F`.
    pub(crate) fn image_of_family(&self, path: &str) -> Option<String> {
        let (collection, family) = path.split_once("/family/")?;
        let own = self.paths_in(collection).filter_map(|path| Some((path, self.object(path)?)));
        let own = own.filter(|(_, image)| image.get("family").is_some_and(|known| known == family));
        let own = own
            .max_by_key(|(_, image)| image.get("creationTimestamp").and_then(Json::as_str))
            .map(|(path, _)| path);
        if let Some(path) = own {
            return Some(path.to_owned());
        }
        let project = collection.split('/').nth(1)?;
        let mut public = self.images.iter().rev();
        let image =
            public.find(|image| image.project == project && image.family.as_deref() == Some(family))?;
        Some(format!("{collection}/{}", image.name))
    }

    /// The path of the image that a link to an image or a family means.
    pub(crate) fn image(&self, link: &str, project: &str) -> Option<String> {
        let mut path = self.by_project_id(&link::path(link, project)?);
        // gcloud names a family by a zone, or by any zone.
        if let [project, scope, _zone, "imageFamilyViews", family] =
            path.split('/').skip(1).collect::<Vec<_>>().as_slice()
            && *scope == "zones"
        {
            path = format!("projects/{project}/global/images/family/{family}");
        }
        match path.contains("/family/") {
            true => self.image_of_family(&path),
            false => self.show(&path).map(|_| path),
        }
    }

    /// Whether a name in a place is free.
    pub(crate) fn is_free(&self, place: &Place) -> bool {
        self.resource(&place.path()).is_none()
    }
}
