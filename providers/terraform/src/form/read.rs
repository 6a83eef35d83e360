//! Terraform's shapes as types of Landform.

use landform_core::{
    Abilities, FindBy, ResourceType, Schema,
    schema::{Field, Kind, Nesting, Range},
};

use crate::{
    shape::{Attribute, Block, Holds, Mode, Nested, Shape},
    value::{Type, ValueError},
};

/// The type of a hosted resource or data source. What can be set is an argument, and the rest is an attribute.
///
/// # Errors
/// The name or the schema is malformed.
pub(crate) fn hosted(name: &str, shape: &Shape) -> Result<ResourceType, ValueError> {
    let malformed = |error: String| ValueError::new(error).within(name);
    let (arguments, attributes): (Vec<&Attribute>, Vec<&Attribute>) =
        shape.block.attributes.iter().partition(|attribute| is_settable(attribute));
    let (argument_blocks, attribute_blocks): (Vec<&Nested>, Vec<&Nested>) =
        shape.block.blocks.iter().partition(|nested| has_settable(&nested.block));
    let schema = |attributes: Vec<&Attribute>, blocks: Vec<&Nested>| {
        let fields = attributes.into_iter().map(field).chain(blocks.into_iter().map(block_field));
        Schema::new(fields.collect::<Result<Vec<_>, String>>()?)
    };
    let arguments = schema(arguments, argument_blocks).map_err(malformed)?;
    let attributes = schema(attributes, attribute_blocks).map_err(malformed)?;
    let version = u32::try_from(shape.version)
        .map_err(|_| malformed(format!("the schema version {} is out of range", shape.version)))?;
    let type_name = name.parse().map_err(|error| malformed(format!("{error}")))?;
    Ok(ResourceType {
        doc: shape.block.doc.clone().into(),
        version,
        ..ResourceType::new(type_name, arguments, attributes)
    })
}

/// What a hosted type can do. Terraform's protocol knows no tokens, so only a holder can find attempts.
pub(crate) const fn abilities(find: FindBy) -> Abilities {
    Abilities::new(find, 64).updates().imports().forecasts()
}

/// Whether users can set an attribute. The id of an older provider is optional by form only.
fn is_settable(attribute: &Attribute) -> bool {
    attribute.required || attribute.optional && !(attribute.name == "id" && attribute.computed)
}

fn has_settable(block: &Block) -> bool {
    block.attributes.iter().any(is_settable)
        || block.blocks.iter().any(|nested| has_settable(&nested.block))
        || (block.attributes.is_empty() && block.blocks.is_empty())
}

fn field(attribute: &Attribute) -> Result<Field, String> {
    let kind = match &attribute.holds {
        Holds::Value(kind) => kind_of(kind)?,
        Holds::Attributes(mode, attributes) => {
            let fields = attributes.iter().map(field).collect::<Result<Vec<_>, String>>()?;
            mode_of(*mode, Kind::Block(Schema::new(fields)?))
        }
    };
    Ok(Field {
        required: attribute.required,
        computed: attribute.computed && !attribute.required,
        secret: attribute.sensitive || attribute.write_only,
        write_only: attribute.write_only,
        nesting: Nesting::Attribute,
        deprecated: attribute.deprecated.clone(),
        doc: attribute.doc.clone(),
        ..Field::new(attribute.name.clone(), kind)
    })
}

fn block_field(nested: &Nested) -> Result<Field, String> {
    let attributes = nested.block.attributes.iter().map(field);
    let fields = attributes.chain(nested.block.blocks.iter().map(block_field));
    let block = Kind::Block(Schema::new(fields.collect::<Result<Vec<_>, String>>()?)?);
    let limit = |limit: usize| (limit > 0).then_some(limit);
    let sized = Range { min: limit(nested.min), max: limit(nested.max) };
    let (kind, nesting, size) = match nested.mode {
        Mode::Single | Mode::Group => (block, Nesting::Single, Range::default()),
        Mode::List if nested.max == 1 => (block, Nesting::Block, Range::default()),
        mode => (mode_of(mode, block), Nesting::Block, sized),
    };
    Ok(Field {
        required: nested.min > 0,
        nesting,
        // A single block that is there and empty is not the same as none. A group is always there.
        null_differs: matches!(kind, Kind::Block(_)) && nested.mode != Mode::Group,
        size,
        deprecated: nested.block.deprecated.then(|| "it should not be used any more".to_owned()),
        doc: nested.block.doc.clone(),
        ..Field::new(nested.name.clone(), kind)
    })
}

fn mode_of(mode: Mode, item: Kind) -> Kind {
    match mode {
        Mode::Single | Mode::Group => item,
        Mode::List => Kind::List(Box::new(item)),
        Mode::Set => Kind::Set(Box::new(item)),
        Mode::Map => Kind::Map(Box::new(item)),
    }
}

fn kind_of(kind: &Type) -> Result<Kind, String> {
    Ok(match kind {
        Type::Bool => Kind::Bool,
        Type::Number => Kind::Number,
        Type::Text => Kind::text(),
        Type::Dynamic => Kind::Any,
        Type::List(item) => Kind::List(Box::new(kind_of(item)?)),
        Type::Set(item) => Kind::Set(Box::new(kind_of(item)?)),
        Type::Map(item) => Kind::Map(Box::new(kind_of(item)?)),
        // Its items have different types, which Landform's lists do not express. The provider checks them.
        Type::Tuple(_) => Kind::List(Box::new(Kind::Any)),
        Type::Object(fields) => {
            let fields = fields.iter().map(|(name, kind)| {
                Ok(Field { nesting: Nesting::Attribute, ..Field::new(name.clone(), kind_of(kind)?) })
            });
            Kind::Block(Schema::new(fields.collect::<Result<Vec<_>, String>>()?)?)
        }
    })
}
