//! What a check establishes about a record or a package.

use serde::{Deserialize, Serialize};

/// How grave a finding is: what a standard says with MUST, SHOULD and MAY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Should be otherwise; the package stands.
    Warning,
    /// Must be otherwise.
    Error,
}

/// What a finding is about, in one stable word; the sentence for it is made where it is shown.
///
/// The list is the vocabulary of `--json` (`findings[].code`): codes are never renamed.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident;)*) => {
        /// The kind of a finding; stable and the same in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $code)] $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the code as it stands in JSON documents.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns how grave a finding of this kind is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A checksum is not the recorded one.
    ChecksumMismatch = "checksum-mismatch", Error;
    /// A size is not the recorded one.
    SizeMismatch = "size-mismatch", Error;
    /// A file that is referenced is not there.
    FileMissing = "file-missing", Error;
    /// A METS document names a file that is not there.
    ReferenceMissing = "reference-missing", Error;
    /// A file is there that nothing references.
    FileUnreferenced = "file-unreferenced", Error;
    /// A reference leaves the package.
    ReferenceOutside = "reference-outside", Error;
    /// A checksum algorithm is not known.
    AlgorithmUnknown = "algorithm-unknown", Error;
    /// A checksum is missing where one must be.
    ChecksumAbsent = "checksum-absent", Error;
    /// A file cannot be read.
    Unreadable = "unreadable", Error;
    /// The structure of a ZIP file is not sound.
    ZipStructure = "zip-structure", Error;
    /// The structure of a TAR file is not sound.
    TarStructure = "tar-structure", Error;
    /// What gzip packed is damaged.
    GzipStructure = "gzip-structure", Error;
    /// What gzip packed unpacks to more than it may.
    GzipLimit = "gzip-limit", Error;
    /// The folder for temporary files cannot take what a file unpacks to.
    WorkFolder = "work-folder", Error;
    /// A name in a ZIP file is in no alphabet that can be told; its bytes are kept.
    NameUndecoded = "name-undecoded", Warning;
    /// What was given is nothing that can be taken over.
    InputNotTaken = "input-not-taken", Error;
    /// What was given is no package: files outside a common folder, or no METS document in it.
    NotAPackage = "not-a-package", Error;
    /// A package is packed in a way that is not read here, such as xz or 7-Zip, or is no TAR in what gzip packed.
    PackageCompressed = "package-compressed", Error;
    /// Something is there that no package may hold: a link, a device, a name that is none, an entry beside the package's folder.
    EntryForeign = "entry-foreign", Error;
    /// An XML document is not well-formed, or passes a limit.
    XmlMalformed = "xml-malformed", Error;
    /// A METS document lacks what the specification demands.
    MetsRequirement = "mets-requirement", Error;
    /// The folders of a package are not as the specification says.
    StructureRequirement = "structure-requirement", Error;
    /// A PREMIS document lacks what the specification demands.
    PremisRequirement = "premis-requirement", Error;
    /// A checksum is of a kind that proves little against intent.
    ChecksumWeak = "checksum-weak", Info;
    /// A JSON document is not well-formed, names a key twice, or passes a limit.
    JsonMalformed = "json-malformed", Error;
    /// A bag (BagIt) is not made as its specification says.
    BagInvalid = "bag-invalid", Error;
    /// Something about a bag is worth knowing, or should be otherwise.
    BagNotice = "bag-notice", Warning;
    /// A bag is not as the profile says that it was held to.
    BagProfile = "bag-profile", Error;
    /// The metadata of a submission lack what their schema demands.
    SubmissionInvalid = "submission-invalid", Error;
    /// Something that is there once is named twice: an attachment, a key, a file.
    NamedTwice = "named-twice", Error;
    /// A row or an element of an export does not say which record it is about.
    KeyMissing = "key-missing", Error;
    /// An export has no column of the name that the profile says.
    ColumnMissing = "column-missing", Error;
    /// A row or an element of an export names no files.
    RowWithoutFiles = "row-without-files", Warning;
    /// What should be a date is none.
    DateInvalid = "date-invalid", Warning;
    /// An e-mail has no headers: it is none.
    MailUnreadable = "mail-unreadable", Error;
    /// An e-mail is damaged in places, or lacks headers that it must have.
    MailFault = "mail-fault", Warning;
    /// The description of a record lacks what the profile demands.
    MetadataMissing = "metadata-missing", Error;
    /// The delivery as a whole is refused: for a finding about it, or since the profile wants all of it or nothing.
    DeliveryRefused = "delivery-refused", Error;
    /// A file is no invoice: neither by EN 16931 nor any that is known.
    InvoiceForeign = "not-an-invoice", Error;
    /// An invoice or an order in a format that is recognised and not read.
    InvoiceNotEvaluated = "invoice-not-evaluated", Warning;
    /// An invoice lacks a term that EN 16931 demands.
    InvoiceTermMissing = "invoice-term-missing", Warning;
    /// A term of an invoice should be a date and is none.
    InvoiceDateInvalid = "invoice-date-invalid", Warning;
    /// A PDF holds no invoice that programs can read ("keine E-Rechnung").
    PdfWithoutInvoice = "no-invoice-in-pdf", Warning;
    /// A PDF cannot be read at all.
    PdfUnreadable = "pdf-unreadable", Error;
    /// A PDF is damaged, and was read as far as that goes.
    PdfDamaged = "pdf-damaged", Warning;
    /// A PDF is encrypted; what is embedded in it cannot be listed.
    PdfEncrypted = "pdf-encrypted", Warning;
    /// A file that is embedded in another cannot be taken out completely.
    AttachmentDamaged = "attachment-damaged", Warning;
    /// More files are embedded in another than are listed.
    AttachmentsUnlisted = "attachments-unlisted", Warning;
    /// A record is to be kept for good while it must be kept by law, and nobody decided about it.
    RetentionRunning = "retention-running", Error;
    /// It is not known how long a record must be kept.
    RetentionUnknown = "retention-unknown", Warning;
    /// A stored package is not in the store any more.
    PackageMissing = "package-missing", Error;
    /// A package is in the store that the journal does not know.
    PackageUnknown = "package-unknown", Error;
    /// A stored package is not the one that was recorded at ingest.
    PackageChanged = "package-changed", Error;
    /// A record was stored once and disposed of; it is not stored again.
    RecordDisposed = "record-disposed", Error;
    /// A package that was disposed of is in the archive again.
    DisposedPresent = "disposed-present", Error;
    /// A tombstone stands in the place of a package, and the journal knows of no disposal.
    TombstoneUnknown = "tombstone-unknown", Error;
    /// A package is being disposed of, or a run that did so ended before the catalogue knew.
    DisposalPending = "disposal-pending", Info;
    /// A stored package was wrong when it was read, and right when it was read once more.
    ReadDoubtful = "read-doubtful", Warning;
    /// What was wrong was read once more before it was told.
    ReadRepeated = "read-repeated", Info;
    /// The history of the audits is not the one that was written.
    HistoryChanged = "history-changed", Warning;
    /// An OCFL inventory is missing, damaged or says something else than the store holds.
    InventoryInvalid = "inventory-invalid", Error;
    /// Something lies in the store that OCFL does not allow there.
    StoreIntruder = "store-intruder", Error;
    /// The storage root's own declaration is missing or changed.
    StoreDeclaration = "store-declaration", Error;
    /// A package was begun and not completed; the next ingest settles it.
    PackagePending = "package-pending", Info;
    /// A delivery was begun and not completed; the same command again finishes it.
    AccessionOpen = "accession-open", Info;
    /// The catalogue lacks a package or an accession.
    CatalogueLacks = "catalogue-lacks", Error;
    /// The catalogue knows a package or an accession that does not exist.
    CatalogueSurplus = "catalogue-surplus", Error;
    /// The catalogue says something else than store and journal.
    CatalogueDiffers = "catalogue-differs", Error;
    /// The catalogue cannot be read.
    CatalogueUnreadable = "catalogue-unreadable", Error;
    /// A line of the journal is not the one that was written.
    JournalChanged = "journal-changed", Error;
    /// The journal ends before the last entry that the catalogue or a given head knows.
    JournalShort = "journal-short", Error;
    /// The journal's last line is torn: it was being written when the machine stopped.
    JournalTorn = "journal-torn", Info;
    /// The clock went back between two entries of the journal.
    JournalClock = "journal-clock", Warning;
    /// An entry of the journal was written at a time that is still to come.
    JournalFuture = "journal-future", Warning;
    /// Nobody decided about a record (Bewertung); it is taken over.
    DecisionMissing = "decision-missing", Info;
    /// Decisions contradict each other about the same object.
    DecisionContradicts = "decision-contradicts", Error;
    /// Decisions of another process decide nothing here.
    DecisionForeign = "decision-foreign", Warning;
    /// No primary file belongs to a record.
    RecordWithoutFiles = "record-without-files", Error;
    /// A decision names an object that is not in the delivery.
    DecisionUnused = "decision-unused", Info;
    /// An object was delivered that the archive did not want, or has not decided on.
    DecisionNotFollowed = "decision-not-followed", Warning;
    /// An object that the archive wants is not in the delivery.
    ObjectMissing = "object-missing", Warning;
    /// An object is in the delivery that was neither offered nor appraised.
    ObjectSurplus = "object-surplus", Warning;
    /// An answer to the agency cannot be written.
    AnswerImpossible = "answer-impossible", Warning;
    /// The second copy lacks an object that its own journal knows.
    CopyMissing = "copy-missing", Error;
    /// An object in the second copy is not what was stored.
    CopyDamaged = "copy-damaged", Error;
    /// The second copy does not know an object, a version or a disposal yet: it was made before.
    CopyBehind = "copy-behind", Warning;
    /// Something in the second copy cannot be read.
    CopyUnreadable = "copy-unreadable", Error;
    /// The journal of the second copy went its own way.
    CopyParted = "copy-parted", Error;
    /// The journal of the second copy goes on where that of the archive ends.
    CopyAhead = "copy-ahead", Error;
    /// The journal of the second copy is not the one that was written.
    CopyJournalDamaged = "copy-journal-damaged", Error;
    /// The archive's marker says something else than the journal.
    MarkerDiffers = "marker-differs", Error;
    /// A document is no message of xdomea.
    MessageForeign = "message-foreign", Error;
    /// A message has a version of xdomea that this program does not know.
    MessageVersionUnknown = "message-version-unknown", Error;
    /// A message's header says another type than its root element.
    MessageKindDiffers = "message-kind-differs", Warning;
    /// A delivery holds no message that hands records over.
    MessageKindUnexpected = "message-kind-unexpected", Error;
    /// A message has no process id, or none that is a UUID.
    MessageProcessInvalid = "message-process-invalid", Error;
    /// A message's file is not called after its process id.
    MessageProcessDiffers = "message-process-differs", Warning;
    /// An object of a message has no identifier, or none that is a UUID.
    ObjectIdInvalid = "object-id-invalid", Error;
    /// Two objects of a delivery have the same identifier.
    ObjectIdDuplicate = "object-id-duplicate", Warning;
    /// A primary file that a message names is not there.
    PrimaryFileMissing = "primary-file-missing", Error;
    /// A file is there that no message names.
    PrimaryFileSurplus = "primary-file-surplus", Warning;
    /// A primary file is empty.
    PrimaryFileEmpty = "primary-file-empty", Warning;
    /// A primary file is named more than once, or there are several of its name.
    PrimaryFileDuplicate = "primary-file-duplicate", Warning;
    /// A part of the record is on paper.
    PaperPart = "paper-part", Warning;
    /// A document breaks its schema.
    SchemaInvalid = "schema-invalid", Error;
    /// An OCFL object or storage root is not as the specification says that it must be.
    OcflInvalid = "ocfl-invalid", Error;
    /// An OCFL object or storage root is not as the specification says that it should be.
    OcflDiscouraged = "ocfl-discouraged", Warning;
    /// What is to be an OCFL object or storage root is no folder, and no ZIP or TAR in which one could lie.
    OcflPacked = "ocfl-packed", Error;
    /// More findings of one kind than are told one by one.
    FindingsMore = "findings-more", Info;
    /// There is no schema for a document among those that were given.
    SchemaAbsent = "schema-absent", Warning;
}

/// Where and what: absent fields do not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of finding.
    pub code: Code,
    /// The requirement of a standard, such as `CSIP76`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// How grave.
    pub severity: Severity,
    /// The file, relative to the package's or the archive's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The element or attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xpath: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

impl Finding {
    /// Returns a finding of `code` and its severity that says no more.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            requirement: None,
            severity: code.severity(),
            file: None,
            line: None,
            column: None,
            xpath: None,
            value: None,
            expected: None,
        }
    }

    /// Names the file.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Names the line.
    #[must_use]
    pub const fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Names the place in an XML document: line, column, element or attribute.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64, xpath: impl Into<String>) -> Self {
        (self.line, self.column, self.xpath) = (Some(line), Some(column), Some(xpath.into()));
        self
    }

    /// Names what was found.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Names what should be there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Names the requirement of a standard.
    #[must_use]
    pub fn requirement(mut self, requirement: impl Into<String>) -> Self {
        self.requirement = Some(requirement.into());
        self
    }
}

/// What the findings about a package come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is wrong.
    Conforms,
    /// The package breaks a rule of its standard.
    Nonconforming,
    /// The package is not what was stored.
    Damaged,
    /// The package could not be judged.
    Unreadable,
}
