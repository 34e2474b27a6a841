//! The kernel keeps each call from what it does not need, and every command works all the same, wherever its folders lie.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use super::sandbox::{Run, Sandbox, is_root, not_tested, tree};

/// Whether the kernel confines; a line says what was not tested where it does not.
pub fn confines(sandbox: &Sandbox, what: &str) -> bool {
    let rows = sandbox.json("doctor").exits(0).results();
    let holds = rows.iter().any(|row| row["code"] == "landlock" && row["state"] == "yes");
    if !holds {
        not_tested(&format!("{what} (the kernel has no Landlock)"));
    }
    holds
}

fn has(program: &str, what: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        not_tested(&format!("{what} ({program} is missing)"));
    }
    found.is_ok()
}

#[test]
fn a_link_that_leads_out_of_the_named_folder_is_denied_by_the_kernel() {
    let sandbox = Sandbox::new();
    if !confines(&sandbox, "a link that leads out of the named folder") {
        return;
    }
    sandbox.file("anderswo/brief.txt", b"unberuehrt\n");
    fs::create_dir(sandbox.path("seiten")).unwrap();
    symlink("../anderswo/brief.txt", sandbox.path("seiten/earchiv.1")).unwrap();
    sandbox.run("man --out seiten").exits(8);
    assert_eq!(fs::read(sandbox.path("anderswo/brief.txt")).unwrap(), b"unberuehrt\n");
    // The same call without: the test can fail.
    sandbox.call("man --out seiten").env("EARCHIV_LANDLOCK", "off").run().exits(0);
    assert_ne!(fs::read(sandbox.path("anderswo/brief.txt")).unwrap(), b"unberuehrt\n");
}

#[test]
fn the_variable_that_switches_it_off_knows_two_words() {
    let sandbox = Sandbox::new();
    for (value, code) in [("on", 0), ("off", 0), ("0", 2), ("aus", 2)] {
        sandbox.call("list").env("EARCHIV_LANDLOCK", value).run().exits(code);
    }
    let rows = sandbox.call("doctor --json").env("EARCHIV_LANDLOCK", "off").run().exits(0).results();
    let row = rows.iter().find(|row| row["code"] == "landlock").unwrap();
    assert_eq!(row["state"], "no");
    assert!(row["consequence"].as_str().unwrap().contains("EARCHIV_LANDLOCK"), "{row}");
}

/// What a call gave up (`R`) and which threads it started (`C`), in this order.
fn order(sandbox: &Sandbox, line: &str) -> String {
    let trace = sandbox.path("trace");
    let options = ["-f", "-qq", "-e", "trace=landlock_restrict_self,clone,clone3", "-e", "signal=none", "-o"];
    let options = options.into_iter().chain([trace.to_str().unwrap()]).collect::<Vec<_>>();
    sandbox.call_through("strace", &options, line).run();
    let seen = fs::read_to_string(trace).unwrap();
    let calls = seen.lines().filter_map(|line| {
        let call = line.split_once(' ')?.1.trim_start();
        // One that another thread interrupts stands in two lines.
        let name = call.split('(').next()?;
        match name {
            "landlock_restrict_self" => Some('R'),
            "clone" | "clone3" => Some('C'),
            _ => None,
        }
    });
    calls.collect()
}

#[test]
fn each_command_gives_up_its_rights_before_its_first_thread() {
    let sandbox = Sandbox::filled();
    let what = "that rights are given up before threads start";
    if !has("strace", what) || !confines(&sandbox, what) {
        return;
    }
    if sandbox.call_through("strace", &["-qq", "-o", "/dev/null"], "list").run().code != Some(0) {
        return not_tested(&format!("{what} (no right to trace)"));
    }
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    for line in [
        "init neu --name Neu",
        "pack lieferung --out sip",
        "inspect lieferung",
        "ingest lieferung",
        "ingest lieferung --dry-run",
        "list",
        &format!("show {id}"),
        "accession list",
        "access list",
        "journal verify",
        "profile list",
        "catalogue rebuild",
        "completions bash",
        "man",
        &format!("export {id} --permit P --out dip"),
    ] {
        let order = order(&sandbox, line);
        assert!(order.starts_with('R'), "{line}: {order}");
    }
    // Checks give up the right to write, too, once the thread is there that writes the journal's line.
    for line in ["verify", "audit"] {
        let order = order(&sandbox, &format!("{line} --jobs 2"));
        assert!(order.starts_with("RCCRCC"), "{line}: {order}");
    }
    // What makes an archive, or a folder, gives up the place around it before it reads the delivery.
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    for line in [
        "ingest lieferung --init --report a/b --jobs 2",
        "pack lieferung --out sip2 --jobs 2",
        "ingest --inbox lieferung --outbox aus --quiet-for 0s --jobs 2",
    ] {
        let order = order(&sandbox, line);
        assert!(order.starts_with("RCRCC"), "{line}: {order}");
    }
}

/// What a call changed in the file system, or tried to, and the sockets that it made: system calls with their first path.
fn changes(sandbox: &Sandbox, line: &str) -> Vec<(String, std::path::PathBuf)> {
    let trace = sandbox.path("trace");
    let calls = "trace=openat,openat2,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,\
        symlinkat,truncate,mknod,mknodat,chmod,fchmodat,chown,fchownat,socket,connect,bind,sendto,execve";
    let options = ["-f", "-qq", "-y", "-s", "4096", "-e", calls, "-e", "signal=none", "-o"];
    let options = options.into_iter().chain([trace.to_str().unwrap()]).collect::<Vec<_>>();
    sandbox.call_through("strace", &options, line).env("TMPDIR", sandbox.path("arbeit")).run();
    let mut changes = Vec::new();
    for line in fs::read_to_string(trace).unwrap().lines() {
        let call = line.split_once(' ').unwrap().1.trim_start();
        let (name, rest) = call.split_once('(').unwrap_or((call, ""));
        let reads = name.starts_with("open")
            && !["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| rest.contains(flag));
        // The first is the program itself.
        if reads || call.starts_with('<') || call.starts_with('+') || (name == "execve" && changes.is_empty()) {
            continue;
        }
        // Of two paths the second is the new name.
        let rest = if name.starts_with("link") { rest.splitn(3, ", ").nth(2).unwrap_or(rest) } else { rest };
        // A path is below the folder of its handle: `AT_FDCWD</folder>, "path"`, `6</folder>, "path"`.
        let folder = rest.split_once('<').filter(|(before, _)| !before.contains('"')).map_or("", |(_, rest)| rest);
        let folder = folder.split('>').next().unwrap_or_default();
        let path = rest.split('"').nth(1).unwrap_or_default();
        changes.push((name.to_owned(), sandbox.path("").join(folder).join(path)));
    }
    changes
}

#[test]
fn nothing_is_written_outside_and_nobody_is_called() {
    let sandbox = Sandbox::filled();
    let what = "that nothing is written outside (system calls)";
    if !has("strace", what) {
        return;
    }
    if sandbox.call_through("strace", &["-qq", "-o", "/dev/null"], "list").run().code != Some(0) {
        return not_tested(&format!("{what} (no right to trace)"));
    }
    sandbox.delivery("zweite");
    sandbox.delivery("eingang/dritte");
    fs::create_dir(sandbox.path("arbeit")).unwrap();
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    for (line, places) in [
        ("list", &[][..]),
        (&format!("show {id}"), &[]),
        ("accession list", &[]),
        ("journal verify", &[]),
        ("profile list", &[]),
        ("inspect zweite", &["arbeit"]),
        ("ingest zweite --dry-run", &["arbeit"]),
        ("ingest zweite --report protokolle --outbox post", &["archiv", "arbeit", "protokolle", "post"]),
        ("ingest --inbox eingang --outbox briefe --quiet-for 0s --dry-run", &["arbeit"]),
        ("ingest --inbox eingang --outbox briefe --quiet-for 0s", &["archiv", "arbeit", "briefe"]),
        ("pack zweite --out pakete", &["pakete", "arbeit"]),
        (&format!("export {id} --permit P --out aus"), &["archiv", "aus"]),
        ("catalogue rebuild", &["archiv"]),
        ("init neu --name Neu", &["neu", ".neu.init"]),
        ("doctor", &["archiv/staging", "arbeit"]),
    ] {
        let changes = changes(&sandbox, line);
        for place in places.iter().filter(|place| !place.starts_with("arbeit") && **place != "post") {
            let seen = changes.iter().any(|(_, path)| path.starts_with(sandbox.path(place)));
            assert!(seen, "{line}: nothing in {place}: {changes:?}");
        }
        for (call, path) in changes {
            // `doctor` tries what it must not.
            let tried = line == "doctor"
                && (["socket", "connect", "bind", "execve"].contains(&&*call)
                    || path.ends_with(".probe")
                    || path.extension().is_some_and(|end| end == "probe"));
            let below = places.iter().any(|place| path.starts_with(sandbox.path(place)));
            // Asked for as a folder that is to be there, and is.
            let there = call == "mkdir" && path == sandbox.path("");
            let nobody = path == Path::new("/dev/null") || there;
            assert!(below || nobody || tried, "{line}: {call} {}", path.display());
        }
    }
    // Checks touch the journal and the catalogue, and tidy: nothing that is stored is opened to be written.
    for line in ["verify", "audit"] {
        let changes = changes(&sandbox, line);
        assert!(changes.iter().any(|(_, path)| path.ends_with("archiv/journal/journal.jsonl")), "{line}: {changes:?}");
        for (call, path) in changes {
            let tidied = call == "rmdir" || call == "unlinkat";
            let own = [
                "archiv/journal",
                "archiv/catalogue.sqlite",
                "archiv/catalogue.sqlite-journal",
                "archiv/staging",
                "arbeit",
            ];
            let below = own.iter().any(|place| path.starts_with(sandbox.path(place)));
            // Where it remembers what was checked when.
            let history = line == "audit" && path.starts_with(sandbox.path("archiv/reports/audit"));
            assert!(below || history || tidied || path == Path::new("/dev/null"), "{line}: {call} {}", path.display());
        }
    }
}

/// Runs every command that takes an archive; the folder is filled with the delivery first.
fn works(sandbox: &Sandbox, archive: &str, source: &str, before: &str, rebuild: bool) {
    let run = |line: &str| sandbox.run(&format!("{line} --archive {archive}"));
    sandbox.run(&format!("inspect {source}")).exits(0);
    run(&format!("ingest --dry-run {source}")).exits(0);
    run(&format!("ingest {source} --report {before}protokolle/2026 --outbox {before}postausgang")).exits(0);
    run(&format!("ingest {source}")).exits(0).tells("already");
    run("verify").exits(0);
    run("audit").exits(0);
    let events = run("journal show").exits(0).stdout;
    assert!(["verified", "audited"].into_iter().all(|word| events.contains(word)), "{events}");
    if rebuild {
        run("catalogue rebuild").exits(0);
    }
    let rows = sandbox.json(&format!("list --archive {archive}")).exits(0).results();
    let id = rows[0]["id"].as_str().unwrap();
    run(&format!("show {id}")).exits(0);
    run(&format!("access grant --number P --basis Test --until 9999 --package {id}")).exits(0);
    run(&format!("export {id} --permit P --out {before}aus/gabe")).exits(0);
    run(&format!("export {id} . --permit P --out {before}dateien")).exits(0);
    run("accession show 2023-0001 --format html").exits(0);
    run("doctor").exits(0);
    sandbox.run(&format!("pack {source} --out {before}pakete/neu")).exits(0);
}

#[test]
fn commands_work_with_relative_linked_and_nested_places() {
    // Relative, and folders that are made by the call.
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let source = tree(&sandbox.path("lieferung"));
    works(&sandbox, "./archiv/../archiv", "./lieferung/.", "./neu/../", true);
    assert_eq!(tree(&sandbox.path("lieferung")), source);

    // A link to the archive, a link to the delivery.
    let sandbox = Sandbox::new();
    sandbox.delivery("fern/lieferung");
    fs::create_dir(sandbox.path("platten")).unwrap();
    fs::rename(sandbox.path("archiv"), sandbox.path("platten/eins")).unwrap();
    symlink("platten/eins", sandbox.path("archiv")).unwrap();
    symlink("fern", sandbox.path("nah")).unwrap();
    works(&sandbox, "archiv", "nah/lieferung", "", true);

    // Store and staging folder on another file system, by links in the archive.
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let other = tempfile::Builder::new().prefix("earchiv-test-").tempdir_in("/tmp").unwrap();
    for part in ["store", "staging"] {
        let place = other.path().join(part);
        let moved = Command::new("mv").arg(sandbox.path("archiv").join(part)).arg(&place).status().unwrap();
        assert!(moved.success());
        symlink(&place, sandbox.path("archiv").join(part)).unwrap();
    }
    // The catalogue is made beside what is staged and then moved, which needs one file system for both.
    works(&sandbox, "archiv", "lieferung", "", false);

    // The archive in the folder that is written to, and the other way round.
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    works(&sandbox, "archiv", "lieferung", "archiv-und-mehr/", true);
}

#[test]
fn commands_work_across_mounts() {
    let what = "an archive on a mount of its own and a source that is mounted read-only";
    if !is_root() || !has("unshare", what) {
        return not_tested(&format!("{what} (needs root)"));
    }
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let program = env!("CARGO_BIN_EXE_earchiv");
    let script = format!(
        "mount --make-rprivate / && mkdir -p platte quelle zweite \
         && mount -t tmpfs archiv platte && mount -t tmpfs teil zweite \
         && mount --bind lieferung quelle && mount -o remount,ro,bind quelle \
         && cd / && {program} ingest --init --archive $OLDPWD/platte/tief/archiv $OLDPWD/quelle && cd $OLDPWD \
         && mkdir platte/tief/archiv/store/000 && mount --bind zweite platte/tief/archiv/store/000 \
         && umount platte/tief/archiv/store/000 && rmdir platte/tief/archiv/store/000 \
         && {program} audit --archive platte/tief/archiv && {program} verify --archive platte/tief/archiv \
         && {program} doctor --archive platte/tief/archiv \
         && mount -o remount,ro platte && {program} audit --archive platte/tief/archiv \
         && {program} list --archive platte/tief/archiv"
    );
    let output = Command::new("unshare")
        .args(["-m", "sh", "-ec", &script])
        .current_dir(sandbox.path(""))
        .env("EARCHIV_LANG", "en")
        .env("HOME", sandbox.path(""))
        .output()
        .unwrap();
    let run = Run::new(script, output);
    if run.stderr.contains("unshare failed") {
        return not_tested(&format!("{what} (no right to mount)"));
    }
    run.exits(0).tells("Writing outside of its own folders is denied");
}

#[test]
fn what_is_open_already_stays_usable() {
    let sandbox = Sandbox::filled();
    let program = env!("CARGO_BIN_EXE_earchiv");
    for (line, code) in [
        ("list > liste.txt && test -s liste.txt", 0),
        ("list >> liste.txt", 0),
        ("list > /dev/null 2>&1", 0),
        ("list --json | cat > kopie.json && test -s kopie.json", 0),
        ("list < /dev/null", 0),
        // The runtime puts /dev/null in the place of what is closed.
        ("list 0<&- 1>&- 2>&-", 0),
        ("list > /dev/full", 4),
        ("verify > /dev/null", 0),
        ("ingest - < liste-der-quellen > bericht.txt", 0),
    ] {
        sandbox.file("liste-der-quellen", b"lieferung\n");
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{program} {line}")]).current_dir(sandbox.path(""));
        let shell = shell.env("EARCHIV_ARCHIVE", sandbox.path("archiv")).env("HOME", sandbox.path(""));
        let status = shell.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{line}");
    }
}

#[test]
fn an_interrupted_write_to_the_catalogue_is_undone_by_who_only_reads() {
    let sandbox = Sandbox::filled();
    // What SQLite leaves when it is killed before its first page: an empty journal.
    sandbox.file("archiv/catalogue.sqlite-journal", b"");
    for line in ["list", "accession list", "journal verify"] {
        sandbox.run(line).exits(0);
    }
    assert_eq!(sandbox.list().len(), 3);
}

#[test]
fn a_folder_for_temporary_files_that_is_not_there_hurts_nobody_who_needs_none() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    for place in ["gibt-es-nicht", "/proc", "lieferung/Anschreiben.txt"] {
        for line in ["list", "inspect lieferung", "ingest lieferung"] {
            sandbox.call(line).env("TMPDIR", place).run().exits(0);
        }
    }
}

#[test]
fn temporary_files_lie_in_a_folder_of_the_users_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let work = sandbox.path("arbeit");
    fs::create_dir(&work).unwrap();
    sandbox.call("inspect lieferung").env("TMPDIR", &work).run().exits(0);
    let names = || fs::read_dir(&work).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let [own] = &names()[..] else { panic!("{:?}", names()) };
    assert_eq!(fs::metadata(own).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(fs::read_dir(own).unwrap().next().is_none());
    // One that others can open, or a link, is not taken.
    fs::set_permissions(own, fs::Permissions::from_mode(0o777)).unwrap();
    sandbox.call("inspect lieferung").env("TMPDIR", &work).run().exits(0);
    assert_eq!(names().len(), 2);
    let own = own.clone();
    fs::remove_dir(&own).unwrap();
    symlink(Path::new("/"), &own).unwrap();
    sandbox.call("inspect lieferung").env("TMPDIR", &work).run().exits(0);
    assert_eq!(names().len(), 3);
}
