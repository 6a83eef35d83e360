//! The cluster's files as objects of its store.

use super::ground::Ground;
use crate::spec::Manager;
use crate::spec::values::Store;
use crate::store::{self, File};
use crate::{addons, boot};
use landform_aws as aws;
use landform_core::Id;
#[cfg(feature = "gce")]
use landform_gce as gce;
use std::collections::BTreeMap;

/// The bucket in which kops's own suite keeps what a case has in memory.
const SUITE_BUCKET: &str = "testingBucket";

impl Ground<'_> {
    /// Declares the files. Returns the user data of each group.
    pub(super) fn store(&mut self) -> BTreeMap<String, String> {
        self.at("spec.configBase");
        for file in store::common(self.populated) {
            self.object(file);
        }
        let (addons, images) = addons::files(self.populated);
        for file in addons {
            self.object(file);
        }
        let addresses = self.populated.control_plane_addresses();
        let mut boot = BTreeMap::new();
        for group in &self.populated.groups {
            self.at_group(&group.name);
            let Some(config) = store::of_group(self.populated, group, &images) else { continue };
            let text = config.text.clone();
            self.object(config);
            if group.spec.managed_by() == Manager::Karpenter {
                // Karpenter reads the script from the store.
                self.object(File {
                    name: format!("nodeupscript-{}", group.name),
                    place: store::group_place(self.populated, group, "nodeupscript.sh"),
                    text: boot::script(self.populated, group, &text, &addresses),
                    public: false,
                });
            }
            let data = boot::user_data(self.populated, group, &text, &addresses);
            boot.extend(data.map(|data| (group.name.clone(), data)));
        }
        boot
    }

    fn object(&mut self, file: File) {
        let (bucket, key) = match file.place {
            Store::S3 { bucket, key } => (bucket, key),
            Store::Memory(key) => (SUITE_BUCKET.to_owned(), key),
            #[cfg(feature = "gce")]
            Store::Gs { bucket, key } => {
                let bucket = Id::<gce::StorageBucket>::new(bucket);
                self.add_common(&file.name, gce::StorageBucketObject::new(bucket, key, file.text));
                return;
            }
            // A cluster on AWS has no such store.
            #[cfg(not(feature = "gce"))]
            Store::Gs { .. } => return,
            // The check before the model refuses other stores.
            Store::Other { .. } => return,
        };
        let object = aws::S3Object::new(Id::<aws::S3Bucket>::new(bucket), key)
            .content(file.text)
            .server_side_encryption(aws::ServerSideEncryption::Aes256)
            .with(file.public.then_some(aws::CannedAcl::PublicRead), |object, list| object.acl(list));
        self.add_common(&file.name, object);
    }
}
