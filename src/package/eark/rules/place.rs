//! The places in METS that requirements speak of.

use crate::io::xml::Element;
use crate::package::eark::references::NAMESPACE;

macro_rules! places {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        /// A place in METS that requirements speak of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Place { $($(#[$doc])* $name,)* }

        impl Place {
            /// All places.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the place as the specification writes it, without attributes.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }
        }
    };
}

places! {
    /// The package as a whole: its file tree, its container, its PREMIS documents.
    Package = "";
    /// The root element.
    Mets = "mets";
    /// The header.
    Header = "mets/metsHdr";
    /// An agent.
    Agent = "mets/metsHdr/agent";
    /// Its name.
    AgentName = "mets/metsHdr/agent/name";
    /// Its note.
    AgentNote = "mets/metsHdr/agent/note";
    /// An alternative identifier.
    AltRecordId = "mets/metsHdr/altRecordID";
    /// A section of descriptive metadata.
    Dmd = "mets/dmdSec";
    /// Its reference to a file.
    DmdRef = "mets/dmdSec/mdRef";
    /// The administrative metadata.
    Amd = "mets/amdSec";
    /// Metadata of digital provenance.
    Digiprov = "mets/amdSec/digiprovMD";
    /// Their reference to a file.
    DigiprovRef = "mets/amdSec/digiprovMD/mdRef";
    /// Metadata of rights.
    Rights = "mets/amdSec/rightsMD";
    /// Their reference to a file.
    RightsRef = "mets/amdSec/rightsMD/mdRef";
    /// Technical metadata and those of sources, of which CSIP says nothing.
    OtherAmd = "mets/amdSec/*";
    /// The file section.
    FileSec = "mets/fileSec";
    /// A file group, also one in another.
    FileGrp = "mets/fileSec/fileGrp";
    /// A file.
    File = "mets/fileSec/fileGrp/file";
    /// Its location.
    FLocat = "mets/fileSec/fileGrp/file/FLocat";
    /// Its content, in the METS document itself.
    FContent = "mets/fileSec/fileGrp/file/FContent";
    /// The structural map that CSIP describes.
    Map = "mets/structMap[@LABEL='CSIP']";
    /// Another structural map.
    OtherMap = "mets/structMap";
    /// The division of the package.
    Main = "mets/structMap[@LABEL='CSIP']/div";
    /// The division of the metadata.
    MetadataDiv = "mets/structMap[@LABEL='CSIP']/div/div[@LABEL='Metadata']";
    /// The division of the documentation.
    DocumentationDiv = "mets/structMap[@LABEL='CSIP']/div/div[@LABEL='Documentation']";
    /// The division of the schemas.
    SchemasDiv = "mets/structMap[@LABEL='CSIP']/div/div[@LABEL='Schemas']";
    /// The division of the content.
    ContentDiv = "mets/structMap[@LABEL='CSIP']/div/div[@LABEL='Representations']";
    /// The division of one representation.
    RepresentationDiv = "mets/structMap[@LABEL='CSIP']/div/div";
    /// Any other division of that map.
    OtherDiv = "mets/structMap[@LABEL='CSIP']/div//div";
    /// A pointer to files or file groups in a division of that map.
    Fptr = "mets/structMap[@LABEL='CSIP']/div/div/fptr";
    /// A pointer to another METS document.
    Mptr = "mets/structMap[@LABEL='CSIP']/div/div/mptr";
    /// Links between divisions.
    StructLink = "mets/structLink";
    /// Behaviours.
    BehaviorSec = "mets/behaviorSec";
    /// What no requirement speaks of, and what is in it.
    Other = "*";
}

/// How many places there are.
pub(super) const PLACES: usize = Place::ALL.len();

impl Place {
    /// Returns the place of `element` in one at `self`; of the root in [`Place::Package`].
    pub(super) fn of(self, element: &Element) -> Self {
        if element.namespace != NAMESPACE {
            return Self::Other;
        }
        match (self, element.name.as_str()) {
            (Self::Package, "mets") => Self::Mets,
            (Self::Mets, "metsHdr") => Self::Header,
            (Self::Header, "agent") => Self::Agent,
            (Self::Header, "altRecordID") => Self::AltRecordId,
            (Self::Agent, "name") => Self::AgentName,
            (Self::Agent, "note") => Self::AgentNote,
            (Self::Mets, "dmdSec") => Self::Dmd,
            (Self::Dmd, "mdRef") => Self::DmdRef,
            (Self::Mets, "amdSec") => Self::Amd,
            (Self::Amd, "digiprovMD") => Self::Digiprov,
            (Self::Digiprov, "mdRef") => Self::DigiprovRef,
            (Self::Amd, "rightsMD") => Self::Rights,
            (Self::Rights, "mdRef") => Self::RightsRef,
            (Self::Amd, "techMD" | "sourceMD") => Self::OtherAmd,
            (Self::Mets, "fileSec") => Self::FileSec,
            (Self::FileSec | Self::FileGrp, "fileGrp") => Self::FileGrp,
            (Self::FileGrp | Self::File, "file") => Self::File,
            (Self::File, "FLocat") => Self::FLocat,
            (Self::File, "FContent") => Self::FContent,
            (Self::Mets, "structMap") if element.attribute("LABEL") == Some("CSIP") => Self::Map,
            (Self::Mets, "structMap") => Self::OtherMap,
            (Self::Map, "div") => Self::Main,
            (Self::Main, "div") => Self::division(element.attribute("LABEL").unwrap_or_default()),
            (parent, "div") if parent.is_division() => match element.attribute("LABEL") {
                // CSIP103 and CSIP107 leave open which division holds the other: those of representations are looked for in both.
                Some(label) if parent == Self::ContentDiv && label.starts_with("Representations/") => {
                    Self::RepresentationDiv
                }
                _ => Self::OtherDiv,
            },
            (parent, "fptr") if parent == Self::Main || parent.is_division() => Self::Fptr,
            (parent, "mptr") if parent == Self::Main || parent.is_division() => Self::Mptr,
            (Self::Mets, "structLink") => Self::StructLink,
            (Self::Mets, "behaviorSec") => Self::BehaviorSec,
            _ => Self::Other,
        }
    }

    fn division(label: &str) -> Self {
        match label {
            "Metadata" => Self::MetadataDiv,
            "Documentation" => Self::DocumentationDiv,
            "Schemas" => Self::SchemasDiv,
            "Representations" => Self::ContentDiv,
            label if label.starts_with("Representations/") => Self::RepresentationDiv,
            _ => Self::OtherDiv,
        }
    }

    /// Returns whether it is a division below that of the package.
    pub(super) const fn is_division(self) -> bool {
        use Place::{ContentDiv, DocumentationDiv, MetadataDiv, OtherDiv, RepresentationDiv, SchemasDiv};
        matches!(self, MetadataDiv | DocumentationDiv | SchemasDiv | ContentDiv | RepresentationDiv | OtherDiv)
    }
}
