//! CSIP 4: the folders of a package.

use super::{MAY, MUST, Row, SHOULD};
use crate::package::eark::rules::ask::Ask::Beside;
use crate::package::eark::rules::place::Place::Package;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("CSIPSTR1", MUST, Package, Beside, "all lies in one folder"),
    ("CSIPSTR2", SHOULD, Package, Beside, "that folder is called as OBJID says"),
    ("CSIPSTR3", MAY, Package, Beside, "it may be contained in an archive such as TAR or ZIP"),
    ("CSIPSTR4", MUST, Package, Beside, "in it is a METS.xml"),
    ("CSIPSTR5", SHOULD, Package, Beside, "there is a folder metadata"),
    ("CSIPSTR6", SHOULD, Package, Beside, "preservation metadata lie in metadata/preservation"),
    ("CSIPSTR7", SHOULD, Package, Beside, "descriptive metadata lie in metadata/descriptive"),
    ("CSIPSTR8", MAY, Package, Beside, "other metadata lie in further folders below metadata"),
    ("CSIPSTR9", SHOULD, Package, Beside, "there is a folder representations"),
    ("CSIPSTR10", SHOULD, Package, Beside, "in it each representation has a folder"),
    ("CSIPSTR11", SHOULD, Package, Beside, "the folder of a representation has a folder data"),
    ("CSIPSTR12", SHOULD, Package, Beside, "it has a METS.xml"),
    ("CSIPSTR13", SHOULD, Package, Beside, "it has a folder metadata"),
    ("CSIPSTR14", MAY, Package, Beside, "there may be further folders"),
    ("CSIPSTR15", SHOULD, Package, Beside, "schemas of the metadata lie in a folder schemas"),
    ("CSIPSTR16", SHOULD, Package, Beside, "documentation lies in a folder documentation"),
];
