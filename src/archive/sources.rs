//! What a profile says, as the sources of records take it.

use std::sync::Arc;

use super::delivery::Terms;
use crate::io::xpath::XPath;
use crate::profile::{Field, MailField, Per, Separator};
use crate::source::mail::{MailFields, PerMail};
use crate::source::{self, FieldRule, FolderRules, LeaveOut, einvoice, mapping, xdomea};

impl Terms {
    pub(super) fn per_invoice(&self) -> einvoice::Per {
        match self.profile.records.per {
            Per::Folder => einvoice::Per::Folder,
            Per::Delivery => einvoice::Per::Delivery,
            _ => einvoice::Per::File,
        }
    }

    pub(super) fn per_mail(&self) -> PerMail {
        match self.profile.records.per {
            Per::Folder => PerMail::Folder,
            Per::Delivery => PerMail::Delivery,
            Per::Message => PerMail::Message,
            Per::File | Per::Object => PerMail::File,
        }
    }

    /// Returns how the profile says that an export becomes records.
    pub(super) fn mapping(&self) -> Option<mapping::Rules> {
        let told = self.profile.mapping.as_ref()?;
        let format = match &told.record {
            Some(path) => mapping::Format::Xml(XPath::parse(path.as_str())?),
            None => mapping::Format::Csv { separator: told.separator.as_ref().map(Separator::byte) },
        };
        let files = told.files.as_ref().map(|files| mapping::FileRule {
            from: files.from.as_str().to_owned(),
            separator: files.separator.as_str().to_owned(),
            folder: files.folder.as_ref().map(|folder| folder.as_str().to_owned()).unwrap_or_default(),
        });
        let file = told.file.clone();
        Some(mapping::Rules {
            kind: told.kind.as_str().to_owned(),
            file_name: file.as_str().to_owned(),
            file: Arc::new(move |name| file.hits(name)),
            format,
            record: told.record.as_ref().map(|path| path.as_str().to_owned()).unwrap_or_default(),
            encoding: told.encoding.decoder(),
            key: told.key.as_str().to_owned(),
            list_separator: told.list_separator.as_str().to_owned(),
            dates: told.dates.iter().map(|form| form.as_str().to_owned()).collect(),
            files,
            fields: self.fields(),
        })
    }

    pub(super) fn mail_fields(&self) -> MailFields {
        let rules = self.profile.mail.clone().unwrap_or_default();
        let told = |field: MailField| rules.describe.contains(&field);
        MailFields {
            subject: told(MailField::Subject),
            from: told(MailField::From),
            to: told(MailField::To),
            cc: told(MailField::Cc),
            message_id: told(MailField::MessageId),
            references: told(MailField::References),
            attachments: told(MailField::Attachments),
        }
    }

    /// Returns what the profile reads from the data of records.
    pub(super) fn fields(&self) -> Vec<FieldRule> {
        let fields = self.profile.description.field.iter();
        let rule =
            |field: &Field| FieldRule { field: field.field.as_str().to_owned(), from: field.from.as_str().to_owned() };
        fields.map(rule).collect()
    }

    pub(super) fn xdomea_rules(&self) -> xdomea::Rules {
        let per = match self.profile.records.per {
            Per::Message => xdomea::Per::Message,
            _ => xdomea::Per::Object,
        };
        xdomea::Rules { per, schemas: self.validation.clone() }
    }

    pub(super) fn folder_rules(&self) -> FolderRules {
        let profile = &self.profile;
        let rule = |rule: &crate::profile::Rule| {
            let own = rule.clone();
            LeaveOut {
                rule: rule.rule.as_str().to_owned(),
                matches: Arc::new(move |path: &[u8]| {
                    own.hits(path.rsplit(|byte| *byte == b'/').next().unwrap_or_default())
                }),
            }
        };
        FolderRules {
            per: match profile.records.per {
                Per::Folder => source::Per::Folder,
                // What is no word for folders is refused with the profile.
                _ => source::Per::Delivery,
            },
            tables: profile.description.tables.iter().map(|name| name.as_str().to_owned()).collect(),
            links_left_out: profile.links.leave_out,
            leave_out: profile.leave_out.iter().map(rule).collect(),
            ..FolderRules::default()
        }
    }
}
