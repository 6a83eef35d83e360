//! Images and snapshots of disks.

use serde_json::json;

use crate::{
    compute::{
        link,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Images;

impl Rules for Images {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        if !draft.is_new() {
            return Ok(());
        }
        let sources = ["sourceDisk", "sourceImage", "sourceSnapshot"];
        let Some((field, source)) =
            sources.iter().find_map(|field| Some((*field, draft.text(field)?.to_owned())))
        else {
            return match draft.object.contains_key("rawDisk") {
                true => {
                    draft.or("diskSizeGb", "10");
                    Ok(())
                }
                false => Err(Refusal::bad("A source must be specified.")),
            };
        };
        let path = match field {
            "sourceImage" => world.image(&source, &draft.place.project),
            _ => link::path(&source, &draft.place.project),
        };
        let there = path.and_then(|path| world.show(&path)).ok_or_else(|| Refusal::not_found(&source))?;
        let size = ["sizeGb", "diskSizeGb"].iter().find_map(|field| there[field].as_str());
        draft.or("diskSizeGb", size.unwrap_or("10"));
        if let Some(object) = there.as_object() {
            draft.object.insert(format!("{field}Id"), json!(text(object, "id")));
        }
        Ok(())
    }
}
