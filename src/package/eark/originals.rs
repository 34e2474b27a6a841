//! Reads from PREMIS of any origin what files were called where they were made.

use std::collections::BTreeMap;
use std::io::BufRead;

use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader};
use crate::model::path::{original, resolve, text};

/// How many names are kept at most; more are not told.
const MOST: usize = 200_000;

/// Returns the `originalName` of each file that it does not follow from the path of, by path in the package; `base` is the
/// folder of the representation, ending in `/`.
pub fn read(source: impl BufRead, base: &str) -> Result<BTreeMap<String, String>, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut names = BTreeMap::new();
    let (mut path, mut name) = (None, String::new());
    let (mut of_path, mut piece) = (false, String::new());
    let mut open: Vec<String> = Vec::new();
    while let Some(node) = xml.node()? {
        match node {
            Node::Start(element) => {
                piece.clear();
                if element.name == "object" {
                    (path, name) = (None, String::new());
                }
                open.push(element.name);
            }
            Node::Text(more) => piece.push_str(&more),
            Node::End => {
                let value = std::mem::take(&mut piece);
                match open.pop().as_deref() {
                    Some("objectIdentifierType") => of_path = value == "path",
                    Some("objectIdentifierValue") if of_path && path.is_none() => path = resolve(base, &value).ok(),
                    Some("originalName") => name = value,
                    Some("object") => {
                        let told = path.take().filter(|path| !name.is_empty() && !follows(path, base, &name));
                        if let Some(path) = told.filter(|_| names.len() < MOST) {
                            names.insert(path, std::mem::take(&mut name));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(names)
}

/// Returns whether `name` is what the path says too.
fn follows(path: &str, base: &str, name: &str) -> bool {
    let inside = path.strip_prefix(base).unwrap_or(path);
    text(&original(inside.strip_prefix("data/").unwrap_or(inside))).0 == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_path_does_not_tell_are_told() {
        let object = |kind: &str, path: &str, name: &str| {
            format!(
                "<object><objectIdentifier><objectIdentifierType>{kind}</objectIdentifierType>\
                 <objectIdentifierValue>{path}</objectIdentifierValue></objectIdentifier>\
                 <objectIdentifier><objectIdentifierType>UUID</objectIdentifierType>\
                 <objectIdentifierValue>1</objectIdentifierValue></objectIdentifier>\
                 <originalName>{name}</originalName></object>"
            )
        };
        let objects = [
            object("path", "data/a%253Ab.txt", "a:b.txt"),
            object("path", "data/1f.pdf", "Angebot.pdf"),
            object("local", "data/2f.pdf", "Rechnung.pdf"),
            object("path", "../../3f.pdf", "Brief.pdf"),
            object("path", "data/4f.pdf", ""),
        ];
        let document = format!("<premis xmlns='http://www.loc.gov/premis/v3'>{}</premis>", objects.concat());
        let names = read(document.as_bytes(), "representations/rep1/").unwrap();
        let told = ("representations/rep1/data/1f.pdf".to_owned(), "Angebot.pdf".to_owned());
        assert_eq!(names.into_iter().filter(|(path, _)| path.starts_with("repr")).collect::<Vec<_>>(), [told]);
    }
}
