//! Writes the JSON Schema of every resource type and data source to a folder, one file each. For editors, forms, and
//! programs that check arguments before Landform does.
//!
//! ```sh
//! cargo run --example schemas -- target/schemas
//! ```

use std::{error::Error, fs, path::PathBuf};

use landform::{aws, serde_json};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("expected a folder to write to")?);
    fs::create_dir_all(&folder)?;
    let types = aws::types();
    #[cfg(feature = "gce")]
    let types: Vec<_> = types.into_iter().chain(landform::gce::types()).collect();
    for resource_type in &types {
        let file = folder.join(format!("{}.json", resource_type.name));
        fs::write(file, serde_json::to_string_pretty(&resource_type.to_json_schema())? + "\n")?;
    }
    println!("{} schemas are in {}", types.len(), folder.display());
    Ok(())
}
