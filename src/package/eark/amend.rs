//! Makes a package that changes what is said of an AIP: description and PREMIS, no payload.
//!
//! CSIP114 wants what a package brings in a group `Representations`, also of one that has none: there stands what was amended.

use std::io;

use super::compose::{Order, READ_ME_TEXT, SCHEMA, dublin_core, premis_metadata};
use super::mets::{self, Group, Header};
use super::premis::{self, Entity, Event};
use super::{DESCRIPTION, METS, PREMIS, READ_ME, description};
use crate::model::record::{Act, Description};
use crate::package::container::{Container, Packed, WriteError};

/// What was amended, for programs.
pub const AMENDMENT: &str = "documentation/amendment.json";

/// Writes the package of `order` into `container`: it says `description`, what was done in `acts`, and in `amendment` what was
/// amended and why.
///
/// Returns its files, in the order in which they lie in it.
pub fn write(
    container: &mut Container,
    order: &Order<'_>,
    description: &Description,
    acts: &[Act],
    amendment: &[u8],
) -> Result<Vec<Packed>, WriteError> {
    let mut files = Vec::new();
    let mut add =
        |container: &mut Container, path: &str, fill: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>| {
            let packed = container.file(path, order.created, fill)?;
            files.push(packed.clone());
            Ok::<Packed, WriteError>(packed)
        };
    let dc = add(container, DESCRIPTION, &mut |out| description::write(out, description))?;
    let read_me = add(container, READ_ME, &mut |out| out.write_all(READ_ME_TEXT.as_bytes()))?;
    let amended = add(container, AMENDMENT, &mut |out| out.write_all(amendment))?;
    let schema = add(container, SCHEMA, &mut |out| out.write_all(description::SCHEMA.as_bytes()))?;
    let detail = format!("{} without payload by E-ARK CSIP 2.2.0", order.kind.name());
    let made = Event { kind: "information package creation", time: order.created, detail, by_archive: false };
    let entity = Entity {
        id: order.id,
        name: "",
        representations: &[],
        acts,
        created: order.created,
        events: std::slice::from_ref(&made),
        provenance: order.provenance,
        rights: order.rights,
    };
    let premis = add(container, PREMIS, &mut |out| premis::write_package(out, &entity))?;
    let id = order.id.to_string();
    let header = Header {
        object: &id,
        label: &description.title,
        kind: order.kind,
        category: order.category,
        information_type: order.information_type,
        created: order.created,
        provenance: Some(order.provenance),
        signature: &description.signature,
        previous: None,
        status: order.status,
    };
    add(container, METS, &mut |out| {
        let metadata = [dublin_core(&dc), premis_metadata(&premis)];
        let groups = [
            Group { name: "Documentation", files: std::slice::from_ref(&read_me) },
            Group { name: "Schemas", files: std::slice::from_ref(&schema) },
        ];
        let content = Group { name: mets::CONTENT, files: std::slice::from_ref(&amended) };
        mets::write_root(out, &header, &metadata, &groups, &[content])
    })?;
    Ok(files)
}
