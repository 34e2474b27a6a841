//! Value lists of the specifications (DILCIS Board) and of METS 1.12.

/// What `mets/@TYPE` may say: the vocabulary `ContentCategory`. Dashes of any length are written as hyphens here.
pub(in crate::package::eark) const CONTENT_CATEGORIES: &[&str] = &[
    "2D and 3D Computer Aided Design",
    "Audio - Media-independent (digital)",
    "Audio - On Tangible Medium (digital or analog)",
    "Collection",
    "Databases",
    "Datasets",
    "Design (schematics, architectural drawings) - Print",
    "Digital Musical Composition (score-based representations)",
    "Email",
    "Event",
    "GIS Raster and Georeferenced Images",
    "GIS Vector and Raster Combined",
    "Geographic Information System (GIS) - Vector Data",
    "Geospatial Data",
    "Image",
    "Interactive resource",
    "Microforms",
    "Mixed",
    "Motion Pictures - Digital and Physical Media",
    "Moving image",
    "Musical Scores - Digital",
    "Musical Scores - Print",
    "Non-GIS Cartographic",
    OTHER_CATEGORY[0],
    OTHER_CATEGORY[1],
    "Other Graphic Images - Digital",
    "Other Graphic Images - Print",
    "Photographs - Digital",
    "Photographs - Print",
    "Physical object",
    "Scanned 3D Objects (output from photogrammetry scanning)",
    "Service",
    "Software",
    "Software and Video Games",
    "Sound",
    "Still image",
    "Text",
    "Textual works - Digital",
    "Textual works - Electronic Serials",
    "Textual works - Print",
    "Video - File-based and Physical Media",
    "Web Archives",
    "Websites",
];

/// How `mets/@TYPE` says that the category is none of the list: CSIP2 writes it one way, the vocabulary the other.
pub(in crate::package::eark) const OTHER_CATEGORY: [&str; 2] = ["OTHER", "Other"];

/// What `csip:CONTENTINFORMATIONTYPE` may say, in the spellings of the vocabulary and of the extension schema, which differ.
pub(in crate::package::eark) const INFORMATION_TYPES: &[&str] = &[
    "ERMS",
    "GeoData",
    "MIXED",
    "OTHER",
    "SIARD1",
    "SIARD2",
    "SIARDDK",
    "citcarchival_v1_0",
    "cits3dpm_v1_0",
    "citsarchival_v1_0",
    "citscarchival_v1_0",
    "citsehcr_v1_0",
    "citsehpj_v1_0",
    "citsehpj_v2_0",
    "citserms_v2_1",
    "citserms_v3_0",
    "citsgeospatial_v3_0",
    "citspremis_v1_0",
    "citssiard_v1_0",
    "csarchival_v1_0",
    "cscarchival_v1_0",
    "cspremis_v1_0",
];

/// What `csip:OAISPACKAGETYPE` may say.
pub(in crate::package::eark) const PACKAGE_TYPES: &[&str] = &["SIP", "AIP", "DIP", "AIU", "AIC"];

/// What `STATUS` of a metadata section may say.
pub(in crate::package::eark) const STATUS: &[&str] = &["CURRENT", "SUPERSEDED"];

/// What `RECORDSTATUS` may say.
pub(in crate::package::eark) const RECORD_STATUS: &[&str] =
    &["NEW", "SUPPLEMENT", "REPLACEMENT", "TEST", "VERSION", "DELETE", "OTHER"];

/// What `CHECKSUMTYPE` may say (METS 1.12).
pub const CHECKSUM_TYPES: &[&str] =
    &["Adler-32", "CRC32", "HAVAL", "MD5", "MNP", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "TIGER", "WHIRLPOOL"];

/// What `MDTYPE` may say (METS 1.12).
pub(in crate::package::eark) const METADATA_TYPES: &[&str] = &[
    "MARC",
    "MODS",
    "EAD",
    "DC",
    "NISOIMG",
    "LC-AV",
    "VRA",
    "TEIHDR",
    "DDI",
    "FGDC",
    "LOM",
    "PREMIS",
    "PREMIS:OBJECT",
    "PREMIS:AGENT",
    "PREMIS:RIGHTS",
    "PREMIS:EVENT",
    "TEXTMD",
    "METSRIGHTS",
    "ISO 19115:2003 NAP",
    "EAC-CPF",
    "LIDO",
    "OTHER",
];

/// Returns whether `value` is one of the content categories.
pub(in crate::package::eark) fn is_category(value: &str) -> bool {
    let plain = value.replace(['\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}'], "-");
    CONTENT_CATEGORIES.contains(&plain.as_str())
}
