//! PREMIS 3.0.

use super::notation::Simple::{Id, IdRef, Long, NonNegative, OneOf, Text, Uri};
use super::notation::{Attribute, Rule, Vocabulary, anything, by_kind, children, optional, required, text, value};

/// Elements of PREMIS.
pub(super) const PREMIS: Vocabulary = Vocabulary {
    namespace: "http://www.loc.gov/premis/v3",
    globals: &[],
    rules: &[ENTITIES, OBJECTS, EVENTS, AGENTS, RIGHTS, LINKS, TEXTS, TERMS, EXTENSIONS],
};

const ENTITIES: &[Rule] = &[
    children("premis", "object+ event* agent* rights*", &[&[required("version", VERSION_3)]]),
    by_kind("object"),
    children(
        "object",
        "objectIdentifier+ preservationLevel* significantProperties* originalName? storage* relationship*
         linkingEventIdentifier* linkingRightsStatementIdentifier*",
        ENTITY,
    )
    .kind("representation"),
    children(
        "object",
        "objectIdentifier+ preservationLevel* significantProperties* objectCharacteristics+ originalName? storage*
         signatureInformation* relationship* linkingEventIdentifier* linkingRightsStatementIdentifier*",
        ENTITY,
    )
    .kind("file"),
    children(
        "object",
        "objectIdentifier+ significantProperties* objectCharacteristics+ storage* signatureInformation* relationship*
         linkingEventIdentifier* linkingRightsStatementIdentifier*",
        ENTITY,
    )
    .kind("bitstream"),
    children(
        "object",
        "objectIdentifier+ preservationLevel* significantProperties* originalName? environmentFunction*
         environmentDesignation* environmentRegistry* environmentExtension* relationship* linkingEventIdentifier*
         linkingRightsStatementIdentifier*",
        ENTITY,
    )
    .kind("intellectualEntity"),
    children(
        "event",
        "eventIdentifier eventType eventDateTime eventDetailInformation* eventOutcomeInformation*
         linkingAgentIdentifier* linkingObjectIdentifier*",
        ENTITY,
    ),
    children(
        "agent",
        "agentIdentifier+ agentName* agentType? agentVersion? agentNote* agentExtension* linkingEventIdentifier*
         linkingRightsStatementIdentifier* linkingEnvironmentIdentifier*",
        ENTITY,
    ),
    children("rights", "(rightsStatement | rightsExtension)+", ENTITY),
];

const OBJECTS: &[Rule] = &[
    children("objectIdentifier", "objectIdentifierType objectIdentifierValue", LINK),
    children(
        "preservationLevel",
        "preservationLevelType? preservationLevelValue preservationLevelRole? preservationLevelRationale*
         preservationLevelDateAssigned?",
        &[],
    ),
    children(
        "significantProperties",
        "significantPropertiesType significantPropertiesValue? significantPropertiesExtension*
         | significantPropertiesValue significantPropertiesExtension*
         | significantPropertiesExtension+",
        &[],
    ),
    children(
        "objectCharacteristics",
        "compositionLevel? fixity* size? format+ creatingApplication* inhibitors* objectCharacteristicsExtension*",
        &[],
    ),
    value("compositionLevel", NonNegative, &[&[optional("unknown", OneOf(&["yes"]))]]),
    children("fixity", "messageDigestAlgorithm messageDigest messageDigestOriginator?", &[]),
    value("size", Long, &[]),
    children("format", "(formatDesignation formatRegistry? | formatRegistry) formatNote*", &[]),
    children("formatDesignation", "formatName formatVersion?", &[]),
    children("formatRegistry", "formatRegistryName formatRegistryKey formatRegistryRole?", LINK),
    children(
        "creatingApplication",
        "creatingApplicationName creatingApplicationVersion? dateCreatedByApplication? creatingApplicationExtension*
         | creatingApplicationVersion dateCreatedByApplication? creatingApplicationExtension*
         | dateCreatedByApplication creatingApplicationExtension*
         | creatingApplicationExtension+",
        &[],
    ),
    children("inhibitors", "inhibitorType inhibitorTarget* inhibitorKey?", &[]),
    value("originalName", Text, LINK),
    children("storage", "contentLocation storageMedium? | storageMedium", &[]),
    children("contentLocation", "contentLocationType contentLocationValue", LINK),
    children("signatureInformation", "signature signatureInformationExtension* | signatureInformationExtension+", &[]),
    children(
        "signature",
        "signatureEncoding signer? signatureMethod signatureValue signatureValidationRules signatureProperties*
         keyInformation*",
        &[],
    ),
    children("environmentFunction", "environmentFunctionType environmentFunctionLevel", &[]),
    children(
        "environmentDesignation",
        "environmentName environmentVersion? environmentOrigin? environmentDesignationNote*
         environmentDesignationExtension*",
        &[],
    ),
    children("environmentRegistry", "environmentRegistryName environmentRegistryKey environmentRegistryRole?", &[]),
    children(
        "relationship",
        "relationshipType relationshipSubType relatedObjectIdentifier+ relatedEventIdentifier*
         relatedEnvironmentPurpose* relatedEnvironmentCharacteristic?",
        &[],
    ),
    children(
        "relatedObjectIdentifier",
        "relatedObjectIdentifierType relatedObjectIdentifierValue relatedObjectSequence?",
        &[&[optional("RelObjectXmlID", IdRef), SIMPLE_LINK]],
    ),
    value("relatedObjectSequence", NonNegative, &[]),
    children(
        "relatedEventIdentifier",
        "relatedEventIdentifierType relatedEventIdentifierValue relatedEventSequence?",
        &[&[optional("RelEventXmlID", IdRef), SIMPLE_LINK]],
    ),
    value("relatedEventSequence", NonNegative, &[]),
];

const EVENTS: &[Rule] = &[
    children("eventIdentifier", "eventIdentifierType eventIdentifierValue", LINK),
    children("eventDetailInformation", "eventDetail? eventDetailExtension*", &[]),
    children("eventOutcomeInformation", "eventOutcome eventOutcomeDetail* | eventOutcomeDetail+", &[]),
    children(
        "eventOutcomeDetail",
        "eventOutcomeDetailNote eventOutcomeDetailExtension* | eventOutcomeDetailExtension+",
        &[],
    ),
];

const AGENTS: &[Rule] = &[children("agentIdentifier", "agentIdentifierType agentIdentifierValue", LINK)];

const RIGHTS: &[Rule] = &[
    children(
        "rightsStatement",
        "rightsStatementIdentifier rightsBasis copyrightInformation? licenseInformation? statuteInformation*
         otherRightsInformation? rightsGranted* linkingObjectIdentifier* linkingAgentIdentifier*",
        &[],
    ),
    children("rightsStatementIdentifier", "rightsStatementIdentifierType rightsStatementIdentifierValue", LINK),
    children(
        "copyrightInformation",
        "copyrightStatus copyrightJurisdiction copyrightStatusDeterminationDate? copyrightNote*
         copyrightDocumentationIdentifier* copyrightApplicableDates?",
        &[],
    ),
    children(
        "copyrightDocumentationIdentifier",
        "copyrightDocumentationIdentifierType copyrightDocumentationIdentifierValue copyrightDocumentationRole?",
        &[],
    ),
    children(
        "licenseInformation",
        "licenseDocumentationIdentifier+ licenseTerms? licenseNote* licenseApplicableDates?
         | licenseTerms licenseNote* licenseApplicableDates?
         | licenseNote+ licenseApplicableDates?
         | licenseApplicableDates",
        &[],
    ),
    children(
        "licenseDocumentationIdentifier",
        "licenseDocumentationIdentifierType licenseDocumentationIdentifierValue licenseDocumentationRole?",
        &[],
    ),
    children(
        "statuteInformation",
        "statuteJurisdiction statuteCitation statuteInformationDeterminationDate? statuteNote*
         statuteDocumentationIdentifier* statuteApplicableDates?",
        &[],
    ),
    children(
        "statuteDocumentationIdentifier",
        "statuteDocumentationIdentifierType statuteDocumentationIdentifierValue statuteDocumentationRole?",
        &[],
    ),
    children(
        "otherRightsInformation",
        "otherRightsDocumentationIdentifier* otherRightsBasis otherRightsApplicableDates? otherRightsNote*",
        &[],
    ),
    children(
        "otherRightsDocumentationIdentifier",
        "otherRightsDocumentationIdentifierType otherRightsDocumentationIdentifierValue otherRightsDocumentationRole?",
        &[],
    ),
    children("rightsGranted", "act restriction* termOfGrant? termOfRestriction? rightsGrantedNote*", &[]),
    dates("copyrightApplicableDates"),
    dates("licenseApplicableDates"),
    dates("statuteApplicableDates"),
    dates("otherRightsApplicableDates"),
    dates("termOfGrant"),
    dates("termOfRestriction"),
];

const LINKS: &[Rule] = &[
    children(
        "linkingAgentIdentifier",
        "linkingAgentIdentifierType linkingAgentIdentifierValue linkingAgentRole*",
        &[&[optional("LinkAgentXmlID", IdRef), SIMPLE_LINK]],
    ),
    children(
        "linkingEnvironmentIdentifier",
        "linkingEnvironmentIdentifierType linkingEnvironmentIdentifierValue linkingEnvironmentRole*",
        // The schema takes the attribute's name from events.
        &[&[optional("LinkEventXmlID", IdRef), SIMPLE_LINK]],
    ),
    children(
        "linkingEventIdentifier",
        "linkingEventIdentifierType linkingEventIdentifierValue",
        &[&[optional("LinkEventXmlID", IdRef), SIMPLE_LINK]],
    ),
    children(
        "linkingObjectIdentifier",
        "linkingObjectIdentifierType linkingObjectIdentifierValue linkingObjectRole*",
        &[&[optional("LinkObjectXmlID", IdRef), SIMPLE_LINK]],
    ),
    children(
        "linkingRightsStatementIdentifier",
        "linkingRightsStatementIdentifierType linkingRightsStatementIdentifierValue",
        &[&[optional("LinkPermissionStatementXmlID", IdRef), SIMPLE_LINK]],
    ),
];

/// Text without attributes. Dates are among it: what PREMIS calls EDTF its schema does not look at.
const TEXTS: &[Rule] = &[
    plain("agentIdentifierValue"),
    plain("agentNote"),
    plain("agentVersion"),
    plain("contentLocationValue"),
    plain("copyrightDocumentationIdentifierValue"),
    plain("copyrightNote"),
    plain("copyrightStatusDeterminationDate"),
    plain("creatingApplicationVersion"),
    plain("dateCreatedByApplication"),
    plain("endDate"),
    plain("environmentDesignationExtension"),
    plain("environmentDesignationNote"),
    plain("environmentFunctionLevel"),
    plain("environmentNote"),
    plain("environmentOrigin"),
    plain("environmentRegistryKey"),
    plain("environmentRegistryName"),
    plain("environmentVersion"),
    plain("eventDateTime"),
    plain("eventDetail"),
    plain("eventIdentifierValue"),
    plain("eventOutcomeDetailNote"),
    plain("formatNote"),
    plain("formatVersion"),
    plain("hwOtherInformation"),
    plain("inhibitorKey"),
    plain("licenseDocumentationIdentifierValue"),
    plain("licenseIdentifierValue"),
    plain("licenseNote"),
    plain("licenseTerms"),
    plain("linkingAgentIdentifierValue"),
    plain("linkingEnvironmentIdentifierType"),
    plain("linkingEnvironmentIdentifierValue"),
    plain("linkingEventIdentifierValue"),
    plain("linkingObjectIdentifierValue"),
    plain("linkingRightsStatementIdentifierValue"),
    plain("messageDigest"),
    plain("objectIdentifierValue"),
    plain("otherRightsDocumentationIdentifierValue"),
    plain("otherRightsNote"),
    plain("preservationLevelDateAssigned"),
    plain("preservationLevelRationale"),
    plain("relatedEventIdentifierValue"),
    plain("relatedObjectIdentifierValue"),
    plain("rightsGrantedNote"),
    plain("rightsStatementIdentifierValue"),
    plain("signatureProperties"),
    plain("signatureValue"),
    plain("significantPropertiesValue"),
    plain("startDate"),
    plain("statuteDocumentationIdentifierValue"),
    plain("statuteInformationDeterminationDate"),
    plain("statuteNote"),
    plain("swOtherInformation"),
    plain("swVersion"),
];

/// Terms that may come from a list, which the attributes name.
const TERMS: &[Rule] = &[
    term("act"),
    term("agentIdentifierType"),
    term("agentName"),
    term("agentType"),
    term("contentLocationType"),
    term("copyrightDocumentationIdentifierType"),
    term("copyrightDocumentationRole"),
    term("copyrightJurisdiction"),
    term("copyrightStatus"),
    term("creatingApplicationName"),
    term("environmentCharacteristic"),
    term("environmentFunctionType"),
    term("environmentName"),
    term("environmentPurpose"),
    term("environmentRegistryRole"),
    term("eventIdentifierType"),
    term("eventOutcome"),
    term("eventType"),
    term("formatName"),
    term("formatRegistryKey"),
    term("formatRegistryName"),
    term("formatRegistryRole"),
    term("hwName"),
    term("hwType"),
    term("inhibitorTarget"),
    term("inhibitorType"),
    term("licenseDocumentationIdentifierType"),
    term("licenseDocumentationRole"),
    term("licenseIdentifierType"),
    term("linkingAgentIdentifierType"),
    term("linkingAgentRole"),
    term("linkingEnvironmentRole"),
    term("linkingEventIdentifierType"),
    term("linkingObjectIdentifierType"),
    term("linkingObjectRole"),
    term("linkingRightsStatementIdentifierType"),
    term("messageDigestAlgorithm"),
    term("messageDigestOriginator"),
    term("objectIdentifierType"),
    term("otherRightsBasis"),
    term("otherRightsDocumentationIdentifierType"),
    term("otherRightsDocumentationRole"),
    term("preservationLevelRole"),
    term("preservationLevelType"),
    term("preservationLevelValue"),
    term("relatedEnvironmentCharacteristic"),
    term("relatedEnvironmentPurpose"),
    term("relatedEventIdentifierType"),
    term("relatedObjectIdentifierType"),
    term("relationshipSubType"),
    term("relationshipType"),
    term("restriction"),
    term("rightsBasis"),
    term("rightsStatementIdentifierType"),
    term("signatureEncoding"),
    term("signatureMethod"),
    term("signatureValidationRules"),
    term("signer"),
    term("significantPropertiesType"),
    term("statuteCitation"),
    term("statuteDocumentationIdentifierType"),
    term("statuteDocumentationRole"),
    term("statuteJurisdiction"),
    term("storageMedium"),
    term("swDependency"),
    term("swName"),
    term("swType"),
];

const EXTENSIONS: &[Rule] = &[
    anything("agentExtension"),
    anything("creatingApplicationExtension"),
    anything("environmentExtension"),
    anything("eventDetailExtension"),
    anything("eventOutcomeDetailExtension"),
    anything("keyInformation"),
    anything("objectCharacteristicsExtension"),
    anything("rightsExtension"),
    anything("signatureInformationExtension"),
    anything("significantPropertiesExtension"),
];

const fn plain(name: &'static str) -> Rule {
    value(name, Text, &[])
}

const fn term(name: &'static str) -> Rule {
    value(name, Text, AUTHORITY)
}

const fn dates(name: &'static str) -> Rule {
    children(name, "startDate endDate?", &[])
}

const VERSION_3: super::notation::Simple = OneOf(&["3.0"]);
const SIMPLE_LINK: Attribute = optional("simpleLink", Uri);

const LINK: &[&[Attribute]] = &[&[SIMPLE_LINK]];
const ENTITY: &[&[Attribute]] = &[&[optional("xmlID", Id), optional("version", VERSION_3)]];
const AUTHORITY: &[&[Attribute]] = &[&[text("authority"), optional("authorityURI", Uri), optional("valueURI", Uri)]];
