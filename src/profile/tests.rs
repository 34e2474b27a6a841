use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::*;

/// Says what is not tested; past the capture of the test program, so that it is seen.
pub(crate) fn not_tested(what: &str) {
    let _ = writeln!(io::stderr(), "not tested: {what}");
}

/// Returns `path` in the shared test material, or says what is not tested without it.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("EARCHIV_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    not_tested(&format!("{} is not there (EARCHIV_SHARED)", path.display()));
    None
}

const PROFILE: &str = "name = 'p'\nversion = 1\nsource = 'folder'\ntitle = {de = 'P', en = 'P'}\n";
const AGREEMENT: &str =
    "name = 'a'\nprofile = 'dateiablage'\nnumber = '7'\nholdings = 'A 67'\nproducer = {name = 'Amt 67'}\n";

/// Returns what is wrong in the words of the tables below.
fn fault<T: std::fmt::Debug>(result: Result<T, ProfileError>) -> String {
    match result.unwrap_err() {
        ProfileError::NotFound { name, .. } => format!("not found {name}"),
        ProfileError::File(error) => match error {
            TomlError::Read { source, .. } => format!("read {}", source.kind()),
            TomlError::NotUtf8 { line, column, .. } => format!("not utf-8 {line}:{column}"),
            TomlError::Syntax { line, column, .. } => format!("syntax {line}:{column}"),
            TomlError::UnknownKey { line, column, key, .. } => format!("unknown {line}:{column} {key}"),
            TomlError::DuplicateKey { line, column, key, .. } => format!("duplicate {line}:{column} {key}"),
            TomlError::Type { line, column, key, .. } => format!("type {line}:{column} {key}"),
            TomlError::Value { line, column, key, value, .. } => format!("value {line}:{column} {key}={value}"),
            TomlError::Missing { line, column, key, .. } => format!("missing {line}:{column} {key}"),
        },
    }
}

#[test]
fn built_in_profiles_are_sound_and_stay_the_same_through_toml() {
    for name in Profile::built_in() {
        let profile = Profile::named(name, None).unwrap();
        assert_eq!(profile.name.as_str(), name);
        let again = Profile::parse(&profile.to_toml().unwrap(), Path::new("x")).unwrap();
        assert_eq!(again, profile);
    }
    assert_eq!(Profile::built_in().len(), BUILT_IN.len());
}

#[test]
fn the_commented_examples_of_the_built_in_profile_work() {
    let keys = ["rule", "names", "reason", "statute", "jurisdiction", "act", "restriction", "start", "end"];
    let lines: Vec<&str> = BUILT_IN[0]
        .1
        .lines()
        .map(|line| {
            let code = line.strip_prefix("# ").unwrap_or_default();
            let key = code.split(" = ").next().unwrap_or_default();
            if code.starts_with('[') || keys.contains(&key) { code } else { line }
        })
        .collect();
    let text = lines.join("\n");
    let profile = Profile::parse(&text, Path::new("dateiablage.toml")).unwrap();
    assert_eq!(profile.leave_out.len(), 2);
    assert_eq!(profile.rights.as_ref().unwrap().end, Date::parse("2056-12-31"));
    let rule = |name: &[u8]| profile.leaves_out(name).map(|rule| rule.rule.as_str());
    assert_eq!(rule(b"THUMBS.DB"), Some("vorschaubilder"));
    assert_eq!(rule(b"~$Konzept 2012.docx"), Some("sperrdateien"));
    assert_eq!(rule(b"Plan\xff.pdf"), None);
    let again = Profile::parse(&profile.to_toml().unwrap(), Path::new("x")).unwrap();
    assert_eq!(again, profile);
}

#[test]
fn what_a_profile_does_not_say_is_the_default() {
    let profile = Profile::parse(PROFILE, Path::new("p.toml")).unwrap();
    let built_in = Profile::named("dateiablage", None).unwrap();
    assert_eq!(profile.records, built_in.records);
    assert_eq!(profile.description, built_in.description);
    assert_eq!(profile.links, built_in.links);
    assert_eq!(profile.package, built_in.package);
    assert_eq!((profile.leave_out, profile.rights), (Vec::new(), None));
}

#[test]
fn faults_of_profiles_name_their_place() {
    for (more, expected) in [
        ("geheim = 'x'", "unknown 5:1 geheim"),
        ("[package]\nform = 'tar'", "value 6:8 form=tar"),
        ("[package]\ncontent_category = 'mixed'", "value 6:20 content_category=mixed"),
        ("[package]\ncontent_information_type = 'OTHER'", "value 6:28 content_information_type=OTHER"),
        ("[records]", "missing 5:1 per"),
        ("[records]\nper = 'file'", "value 6:7 records.per=file"),
        ("[links]\nleave_out = 'no'", "type 6:13 leave_out"),
        ("[description]\ntables = ['a/b.csv']", "value 6:11 tables=a/b.csv"),
        ("[description]\ntables = 'a.csv'", "type 6:10 tables"),
        ("[leave_out]\nrule = 'a'", "type 5:1 leave_out"),
        ("[[leave_out]]\nrule = 'a'\nnames = ['b']", "missing 5:1 reason"),
        ("[[leave_out]]\nrule = 'a'\nreason = 'r'\nnames = []", "value 8:9 names="),
        ("[[leave_out]]\nrule = 'a'\nreason = 'r'\nnames = ['a', '']", "value 8:15 names="),
        ("[[leave_out]]\nrule = 'a'\nreason = 'r'\nnames = ['*']", "value 8:10 names=*"),
        ("[[leave_out]]\nrule = 'a'\nreason = 'r'\nnames = ['a/b']", "value 8:10 names=a/b"),
        ("[[leave_out]]\nrule = 'a b'\nreason = 'r'\nnames = ['a']", "value 6:8 rule=a b"),
        ("[[leave_out]]\nrule = 'a'\nreason = ' '\nnames = ['a']", "value 7:10 reason= "),
        (
            "[[leave_out]]\nrule='a'\nreason='r'\nnames=['a']\n[[leave_out]]\nrule='a'\nreason='r'\nnames=['b']",
            "value 10:6 leave_out.1.rule=a",
        ),
        ("[rights]\nstatute='s'\njurisdiction='DE-SN'\nrestriction='r'\nend='2056-02-30'", "value 9:5 end=2056-02-30"),
        ("[rights]\nstatute='s'\njurisdiction='DE-SN'\nrestriction='r'\nend=2056", "type 9:5 end"),
        (
            "[rights]\nstatute='s'\njurisdiction='DE-SN'\nrestriction='r'\nend=2056-12-31T10:00:00Z",
            "value 9:5 end=2056-12-31T10:00:00Z",
        ),
        (
            "[rights]\nstatute='s'\njurisdiction='DE-SN'\nrestriction='r'\nstart=2057-01-01\nend=2056-12-31",
            "value 10:5 rights.end=2056-12-31",
        ),
        ("[rights]\nstatute = 's'", "missing 5:1 jurisdiction"),
    ] {
        let text = format!("{PROFILE}{more}");
        assert_eq!(fault(Profile::parse(&text, Path::new("p.toml"))), expected, "{more}");
    }
    for (text, expected) in [
        ("", "missing 1:1 name"),
        ("name = ''", "value 1:8 name="),
        ("name = '../x'", "value 1:8 name=../x"),
        ("name = 'p'\nversion = -1", "value 2:11 version=-1"),
        ("name = 'p'\nversion = 1.0", "type 2:11 version"),
        ("name = 'p'\nversion = 1\nsource = 'andere'", "value 3:10 source=andere"),
    ] {
        assert_eq!(fault(Profile::parse(text, Path::new("p.toml"))), expected, "{text}");
    }
}

#[test]
fn faults_of_agreements_name_their_place() {
    for (more, expected) in [
        ("purpose = 'forever'", "value 6:11 purpose=forever"),
        ("retention_end = '2036-12-31'", "value 6:17 retention_end=2036-12-31"),
        ("retention_basis = 'AO'", "value 6:19 retention_basis=AO"),
        ("purpose = 'interim'\nretention_end = 'bald'", "value 7:17 retention_end=bald"),
        ("version = 1", "unknown 6:1 version"),
        ("[package]\ncontent_category = ''", "value 7:20 content_category="),
    ] {
        let text = format!("{AGREEMENT}{more}");
        assert_eq!(fault(Agreement::parse(&text, Path::new("a.toml"))), expected, "{more}");
    }
    assert_eq!(fault(Agreement::parse("name = 'a'\n[producer]\ncode = '1'", Path::new("a.toml"))), "missing 2:1 name");
}

#[test]
fn an_agreement_changes_only_what_it_says() {
    let profile = format!(
        "{PROFILE}[package]\nform = 'folder'\ncontent_category = 'Email'\n\
         [[leave_out]]\nrule = 'a'\nnames = ['a']\nreason = 'r'\n\
         [[leave_out]]\nrule = 'b'\nnames = ['b']\nreason = 'r'\n"
    );
    let profile = Profile::parse(&profile, Path::new("p.toml")).unwrap();
    let silent = Agreement::parse(AGREEMENT, Path::new("a.toml")).unwrap();
    assert_eq!(silent.purpose, None);
    assert_eq!(profile.clone().with(&silent), profile);

    let agreement = format!(
        "{AGREEMENT}purpose = 'interim'\nretention_end = 2036-12-31\nretention_basis = '§ 147 AO'\n\
         [records]\nper = 'delivery'\n[links]\nleave_out = true\n[package]\ncontent_category = 'Databases'\n\
         [[leave_out]]\nrule = 'b'\nnames = ['*.b']\nreason = 'r'\n\
         [[leave_out]]\nrule = 'c'\nnames = ['c']\nreason = 'r'\n\
         [rights]\nstatute = 's'\njurisdiction = 'DE-SN'\nrestriction = 'Schutzfrist'\nend = 2056-12-31\n"
    );
    let agreement = Agreement::parse(&agreement, Path::new("a.toml")).unwrap();
    assert_eq!(agreement.retention_end, Date::parse("2036-12-31"));
    let resolved = profile.with(&agreement);
    assert_eq!(resolved.records.per, Per::Delivery);
    assert!(resolved.links.leave_out);
    assert_eq!(resolved.package.form, PackageForm::Folder);
    assert_eq!(resolved.package.content_category.as_str(), "Databases");
    let rights = resolved.rights.as_ref().unwrap();
    assert_eq!((rights.act.as_str(), rights.start.as_ref()), ("disseminate", None));
    let rules = |name: &str| resolved.leaves_out(name.as_bytes()).map(|r| r.rule.as_str());
    assert_eq!([rules("a"), rules("b"), rules("x.b"), rules("c")], [Some("a"), None, Some("b"), Some("c")]);
    let again = Profile::parse(&resolved.to_toml().unwrap(), Path::new("x")).unwrap();
    assert_eq!(again, resolved);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test's own files")]
fn names_mean_files_of_the_archive_before_built_in_ones() {
    let archive = tempfile::tempdir().unwrap();
    let root = archive.path();
    for folder in ["profiles", "agreements"] {
        std::fs::create_dir(root.join(folder)).unwrap();
    }
    let write = |path: &str, text: &str| std::fs::write(root.join(path), text).unwrap();
    write("profiles/p.toml", PROFILE);
    write("agreements/a.toml", AGREEMENT);
    write("agreements/bad.toml", "x = 1");
    write("agreements/notes.txt", "x");
    write("profiles/copy.toml", PROFILE);
    assert_eq!(Profile::named("p", Some(root)).unwrap().name.as_str(), "p");
    assert_eq!(Agreement::named("a", Some(root)).unwrap().name.as_str(), "a");
    let path = root.join("profiles/p.toml");
    assert!(Profile::named(path.to_str().unwrap(), None).is_ok());
    assert_eq!(fault(Profile::named("none.toml", Some(root))), "read entity not found");
    for name in ["q", "", "..", "P"] {
        match Profile::named(name, Some(root)) {
            Err(ProfileError::NotFound { known, .. }) => {
                assert_eq!(known, with_built_in(&["copy", "p"]));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fault(Agreement::named("b", Some(root))), "not found b");
    assert_eq!(fault(Profile::named("copy", Some(root))), "value 1:8 name=p");

    let list = Agreement::list(root);
    assert_eq!(list.len(), 2);
    assert!(list[0].0.ends_with("a.toml") && list[0].1.is_ok());
    assert!(list[1].0.ends_with("bad.toml") && list[1].1.is_err());

    write("profiles/dateiablage.toml", &PROFILE.replace("'p'", "'dateiablage'").replace("version = 1", "version = 9"));
    assert_eq!(Profile::named("dateiablage", Some(root)).unwrap().version, 9);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test's own files")]
fn hostile_files_are_refused_at_their_place() {
    let Some(samples) = shared("corpora/hostile/samples.tar.gz") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let status = std::process::Command::new("tar")
        .args(["xzf".as_ref(), samples.as_os_str(), "-C".as_ref(), folder.path().as_os_str()])
        .args(["--wildcards", "*config/*.toml"])
        .status();
    if !status.is_ok_and(|status| status.success()) {
        not_tested("hostile profiles, tar does not unpack them");
        return;
    }
    for (name, expected) in [
        ("deep", "syntax 1:83"),
        ("dup", "duplicate 2:1 a"),
        ("latin1", "not utf-8 1:4"),
        ("nul", "syntax 1:4"),
        ("overflow", "unknown 1:2 limits"),
        ("syntax", "syntax 1:7"),
        ("type", "unknown 1:2 store"),
        ("unknown_key", "unknown 1:2 store"),
    ] {
        let path = folder.path().join("config").join(name).with_extension("toml");
        assert_eq!(fault(Profile::load(&path)), expected, "{name}");
        assert_eq!(fault(Agreement::load(&path)), expected, "{name}");
    }
}

#[test]
fn what_a_profile_demands_is_checked_where_it_stands() {
    for (more, expected) in [
        ("[checks]\nfile-missing = 'warning'\n", "ok"),
        ("[checks]\nfile-mising = 'warning'\n", "value 6:1 file-mising=file-mising"),
        ("[checks]\nfile-missing = 'ignore'\n", "value 6:16 file-missing=ignore"),
        ("[description]\nrequired = ['title', '']\n", "value 6:22 required="),
        ("[description]\nrequired = 'title'\n", "type 6:12 required"),
        ("[[description.field]]\nfield = 'title'\n", "missing 5:1 from"),
        ("on_error = 'stop'\n", "value 5:12 on_error=stop"),
        ("[retention]\nyears = 8\nbasis = '§ 147 AO'\nfrom = 'date'\n", "ok"),
        ("[retention]\nyears = -1\nbasis = 'x'\n", "value 6:9 years=-1"),
        ("[retention]\nyears = 8\n", "missing 5:1 basis"),
        ("[records]\nper = 'object'\n", "value 6:7 records.per=object"),
        ("purpose = 'forever'\n", "value 5:11 purpose=forever"),
    ] {
        let text = format!("{PROFILE}{more}");
        let result = Profile::parse(&text, Path::new("p.toml"));
        let told = if result.is_ok() { "ok".to_owned() } else { fault(result) };
        assert_eq!(told, expected, "{more}");
    }
}

fn with_built_in(own: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Profile::built_in().iter().chain(own).map(ToString::to_string).collect();
    names.sort();
    names
}
