//! Amazon S3: objects.

mod object;

landform_kit::types! {
    declared object::S3Object;
}
