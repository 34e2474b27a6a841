### Everything that users read. Keys and variables are those of de.ftl; tests hold both alike.

## Help: commands

help = Fills a digital archive with records and proves that they stay intact.
help-init = Makes a new, empty archive.
help-pack = Makes submission packages (SIP) or BagIt bags of a delivery; no archive is needed.
help-ingest = Takes in a delivery: packs, stores, reads back, records. Finished E-ARK SIPs are recognised by themselves.
help-inspect = Shows what a delivery is and what would be packed of it; nothing is written.
help-validate = Says whether packages conform to their standard and are whole (E-ARK, BagIt, OCFL); no archive is needed, nothing is changed.
help-verify = Reads stored packages and compares every byte with what was recorded at ingest.
help-audit = Compares store, catalogue and journal, and checks packages: all of them, or those whose turn it is.
help-doctor = States what holds on this machine: rights of the program, abilities of an archive's file system.
help-compare = Compares an offer (0501) or an appraisal (0502) with the delivery (0503).
help-list = Lists what is held.
help-show = Shows a package: description, files, events, place.
help-accession = The register of deliveries.
help-accession-list = Lists all accessions.
help-accession-show = Shows an accession.
help-amend = Corrects the description of a stored package; its files stay untouched.
help-export = Gives out a package (DIP) or single files, comparing their checksums on the way.
help-dispose = Removes packages on order and leaves a tombstone in the place of each; two persons answer for it.
help-replicate = Makes a second copy of the archive and keeps it up to date; an interrupted copying is gone on with.
help-repair = Restores damaged or missing packages and accessions from a second copy of the archive.
help-migrate = Gives an archive the newest format; no other command does.
help-access = Use: closure periods and permits.
help-access-term = Computes a closure period and tells how it comes about.
help-access-grant = Records a decision by which closed packages may be used (a shortened closure period).
help-access-list = Lists all permits.
help-profile = Profiles: how each kind of delivery is taken in.
help-profile-list = Lists all profiles.
help-profile-show = Explains a profile in plain words.
help-profile-check = Checks a profile or agreement file.
help-catalogue = The catalogue: the index of what is held.
help-catalogue-rebuild = Makes the catalogue anew from store and journal alone.
help-journal = The journal: the chained log of everything that was done.
help-journal-verify = Checks the chain of the journal.
help-journal-show = Shows entries of the journal.
help-journal-head = Prints the head of the journal, to be kept elsewhere.
help-completions = Prints the script with which a shell completes calls.
help-man = Prints a manual page, or writes all of them.

## Help: options

option-help = Shows this help
option-version = Shows the version
option-json = Prints one JSON document
option-quiet = Prints results and failures only
option-verbose = Tells more
option-jobs = Number of parallel jobs [default: all cores; also EARCHIV_JOBS]
option-lang = Language: de or en [default: that of the system, German where none is set; also EARCHIV_LANG]
option-config = Configuration file [default: ~/.config/earchiv/config.toml, then /etc/earchiv/config.toml; also EARCHIV_CONFIG]
option-no-color = No colours (also NO_COLOR)
option-archive = The archive's folder (also EARCHIV_ARCHIVE or configuration file)
option-wait = Waits until another run releases the archive
option-on-behalf-of = For whom the work is done; stands in the journal (also EARCHIV_ON_BEHALF_OF)
option-profile = Profile [default: the one that fits the contents]
option-agreement = Submission agreement: name or file
option-producer = Who delivers
option-delivery = Identifier of the delivery [default: from the delivery itself]
option-decisions = List of appraisal decisions (CSV: id, reference or path; decision A, B or V; who, when, why)
option-dry-run = Only shows what would be done
option-schemas = Folder of official schemas to be put into the packages
option-files-from = Reads the list from this file, with - from standard input
option-null = Items of the list end in a NUL byte instead of a line end
option-sources = Folders or finished packages; - alone reads the list from standard input
option-form = Form of the packages: zip or folder [default: zip]
option-against = Compares with a second copy of the archive as well
option-json-lines = Prints each result at once as a line of JSON, the summary last
option-level = How deep packages are checked: quick (presence, sizes, catalogue, journal), full (every byte) or deep (also what a package says of itself) [default: full]
option-due = Checks only packages whose turn it is; the period comes from --every or from audit.toml in the archive
option-every = Period within which every package is checked, such as 90d; checks only those whose turn it is
option-max-time = Ends after this time, such as 2h; the next run goes on there
option-max-bytes = Reads no more than this, such as 500GiB; the next run goes on there
option-shard = Checks only one of several equal shares, such as 2/8; auto takes it from a Slurm array, auto/8 from a Kubernetes Indexed Job
option-history = Folder for the history of audits [default: reports/audit in the archive]
option-head = Head of the journal that was kept elsewhere (NUMBER:CHECKSUM)
option-status = Checks nothing, and shows how up to date the checks are
option-all = Shows it for many archives: a file with a folder in each line, behind a tab the folder of its history
option-rate = Reads no more than this in a second, such as 100MiB/s
option-idle = Disturbs no other work: reads only while nobody else needs the medium, and waits while the archive is written to
help-audit-metrics = Writes metrics for Prometheus into this file (textfile collector of node_exporter)
help-audit-nagios = Prints only one line for Nagios or Icinga and ends with their exit codes 0 to 3
help-audit-hook = Runs this command if anything is not as it should be; its input is the report (JSON)
option-isil = The archive's ISIL
option-ids = Packages; without any, all; - reads the list from standard input
option-id = The package's identifier
option-limit = At most so many
help-init-archive = The new archive's folder; must not exist yet or be empty
help-init-name = The archive's name
help-init-id = The archive's UUID [default: a new one]
help-pack-out = Folder that the packages are written to
help-pack-format = What is made of a record: eark (submission package) or bagit (BagIt bag) [default: eark]
help-pack-bag-profile = A bag around an E-ARK package by the bag profile of the E-ARK AIP specification: eark-aip
help-pack-bag-info = Element for bag-info.txt, “label: value”; may be repeated
help-ingest-init = Makes the archive if there is none yet
help-ingest-name = The new archive's name
help-ingest-isil = The new archive's ISIL
help-ingest-id = The new archive's UUID [default: a new one]
help-ingest-outbox = Folder into which answers to the agency are written (xdomea 0506, 0507), with --inbox the receipts as well
help-ingest-inbox = Inbox: takes in one pass the deliveries that lie complete in it, each as an accession of its own; nothing is changed there
help-ingest-ready-marker = A delivery is complete that has a file of its name with this ending beside it (.ready: “Records.ready” beside “Records”)
help-ingest-quiet-for = For so long nothing in a delivery may have changed, with --ready-marker only after the marker: 90s, 10min, 2h, 1d [default: 10min]
help-ingest-supplements = id of a stored package: the source is files that belong to it and came later
help-ingest-as-folder = Stores packages as folders instead of ZIP files
help-list-search = Words to search for
help-list-accession = Only packages of this accession
help-list-producer = Only packages of this producer
help-list-from = Contents not before this date
help-list-to = Contents not after this date
help-list-closed = Only packages whose closure period runs or is still to be established
help-list-free = Only packages that may be used
help-list-retention-ends-before = Only packages that must be kept to a day before this date
help-list-state = Only packages in this state
help-accession-show-number = Accession number, for example 2026-0001
help-compare-messages = Messages 0501, 0502 and 0503 in any order: XML file, ZIP file or folder
help-doctor-folder = Tries the file system of this folder instead of an archive's
help-doctor-locked = Says by the exit code whether another process holds the file
help-amend-reason = why it is corrected; stands in the package and in its version, not in the journal
help-amend-title = title
help-amend-identifier = reference code that it brought along; several by repeating, they replace all former ones
help-amend-signature = the archive's reference code
help-amend-date-from = first date of its contents (2013, 2013-05 or 2013-05-04); "" takes it away
help-amend-date-to = last date of its contents
help-amend-creator = who made the records
help-amend-holdings = holdings
help-amend-summary = contents in some sentences
help-amend-subject = subject term; several by repeating, they replace all former ones
help-amend-metadata = table (metadata.toml or CSV) with one row for this package; its path is the package's id or a full stop
help-export-out = Folder to write to
help-export-form = Form of the package: folder or zip [default: folder]
help-export-permit = Number of the permit by which a closed package may be used
help-dispose-order = Number of the order; it stands in the journal and in the tombstone
help-dispose-first = First person who answers for the disposal
help-dispose-second = Second person, who must be another one
help-dispose-ground = Ground: court-order, misdelivery, term-end (an interim term has ended) or order (the order says why) [default: order]
help-dispose-ids = Packages; - reads the list from standard input
help-replicate-to = Folder of the copy; made if it is not there
help-replicate-full = Also reads every byte that the copy has already, and replaces what is damaged there
help-replicate-as-copy = What is made of a copy stays a copy; otherwise it is an archive to work in (restoring)
help-repair-from = Folder of the second copy, which is only read
help-repair-ids = Packages or numbers of accessions; without any, all that is damaged
help-access-term-made = Last date of the records
help-access-term-born = Birth of a person, - for unknown; once for each person, in the order of --died
help-access-term-died = Death of a person, - for unknown; once for each person
help-access-term-secret = Rules of secrecy apply
help-access-term-personal = The records are about persons whose dates of life are not known
help-access-term-exact = To the day instead of to the end of the year
help-access-term-profile = By the closure periods of this profile [default: SächsArchivG § 10]
help-access-term-agreement = By the closure periods of this agreement
help-access-grant-number = Number of the decision
help-access-grant-basis = Law or decision; without names, since the text stands in the journal
help-access-grant-until = Last day on which it may be used
help-access-grant-package = Packages that it is for
help-access-grant-holdings = Holdings whose packages it is for
help-export-files = Files of the package; without any, the whole package
help-profile-show-toml = The text of the profile, for copying
help-profile-show-resolved = With all values, also those that are not written down
help-profile-show-agreement = As this agreement extends it
help-profile-show-name = The profile's name
help-profile-check-file = The file
help-validate-format = The standard that packages are held to: eark, bagit or ocfl [default: what each looks like]
help-validate-spec = The version of the E-ARK specifications: 2.0.4, 2.1.0 or 2.2.0 [default: the one that the package names]
help-validate-junit = Writes a report as JUnit XML to this file, for build servers such as Jenkins or GitLab
help-validate-bag-profile = Holds bags to this BagIt profile (JSON) besides; the one that a bag names is never fetched
help-validate-schemas = Folder of official schemas; METS, PREMIS and other metadata are held to these as well, by namespace
help-validate-summary = Tells only the verdict of each package, not its findings
help-validate-paths = Packages: folders, ZIP or TAR files, also .tar.gz; - alone reads the list from standard input
help-journal-verify-head = A head that was kept elsewhere
help-journal-show-limit = Only the last so many entries
help-journal-show-package = Only entries about this package
help-completions-shell = Shell: bash, zsh, fish, elvish or powershell
help-man-out = Writes all pages into this folder
help-man-command = Command whose page is printed [default: the main page]

## Help: headings and values

heading-usage = Usage
heading-commands = Commands
heading-arguments = Arguments
heading-options = Options
heading-common = Common options
value-options = OPTIONS
value-command = COMMAND
value-archive = ARCHIVE
value-agreement = AGREEMENT
value-date = DATE
value-duration = DURATION
value-share = SHARE/COUNT
value-level = LEVEL
value-list = LIST
value-size = SIZE
value-copy = COPY
value-dir = DIR
value-ending = ENDING
value-file = FILE
value-format = FORMAT
value-element = ELEMENT
value-form = FORM
value-ground = GROUND
value-head = HEAD
value-id = ID
value-isil = ISIL
value-lang = LANG
value-n = N
value-message = MESSAGE
value-name = NAME
value-number = NUMBER
value-path = PATH
value-profile = PROFILE
value-rate = AMOUNT/s
value-shell = SHELL
value-source = SOURCE
value-standard = STANDARD
value-version = VERSION
value-state = STATE
value-text = TEXT
value-uuid = UUID
value-words = WORDS
man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-version = VERSION

## Doctor

doctor-yes = yes
doctor-no = no
doctor-unknown = ?
doctor-system = System
doctor-program = eArchiv { $value }
doctor-kernel = Kernel { $value }
doctor-rights = Rights that the program gives up
doctor-landlock = Landlock, version { $version }, in full effect
doctor-landlock-partly = Landlock, version { $version }, partly in effect
    .hint = A newer kernel restricts more; results are the same.
doctor-landlock-none = Landlock
    .hint = This kernel does not know it or has it switched off. The program works all the same, the kernel just does not hold it back. Linux 5.19 or later is needed, with “landlock” in /sys/kernel/security/lsm.
doctor-landlock-off = Landlock
    .hint = Switched off by EARCHIV_LANDLOCK=off. Take the variable away again.
doctor-landlock-refused = Landlock
    .hint = The kernel refused it, perhaps because a container forbids it. The program works all the same, the kernel just does not hold it back.
doctor-write-outside = Writing outside of its own folders is denied
doctor-connect = Connections (TCP) are denied
doctor-listen = Listening on ports (TCP) is denied
doctor-execute = Starting other programs is denied
doctor-not-denied = The kernel let it happen.
doctor-not-tried = Could not be tried here.
doctor-medium = File system of { $file } ({ $kind })
doctor-write = Writing and reading back
    .hint = What was written did not come back as it was: no archive can be kept here.
doctor-rename-no-replace = Renaming that never replaces (RENAME_NOREPLACE)
    .hint = eArchiv looks first instead. That is safe as long as only eArchiv writes to the archive.
doctor-exchange = Exchanging two names in one step (RENAME_EXCHANGE)
    .hint = New versions of stored packages need it; all else works.
doctor-hard-link = Hard links
    .hint = New versions of stored packages would have to copy all files.
doctor-lock = Lock (flock)
    .hint = Two runs could write at the same time. No archive may be kept here; for a share, other mount options help (NFS without nolock, SMB without nobrl).
doctor-lock-others = Lock that a second process sees, too
    .hint = Two runs could write at the same time. No archive may be kept here.
doctor-sync-file = Making files durable (fsync)
    .hint = What is reported as stored might be lost in a power cut. No archive may be kept here.
doctor-sync-folder = Making folders durable (fsync)
    .hint = What is reported as stored might be lost in a power cut. No archive may be kept here.
doctor-sync-file-system = Making a whole file system durable (syncfs)
    .hint = What is reported as stored might be lost in a power cut. No archive may be kept here.
doctor-unnamed-file = Files without a name (O_TMPFILE)
    .hint = eArchiv uses files whose names it removes at once instead; nothing follows.
doctor-cache-advice = Reading back from the medium, not from memory (posix_fadvise)
    .hint = Reading back may only check what is still in memory. Run earchiv verify after taking in, best after a restart.
doctor-long-name = Names of 255 bytes
    .hint = Long names cannot be kept.
doctor-any-name = Names that are no UTF-8
    .hint = Nothing follows for the archive: names in packages are always UTF-8. An export cannot restore such names.
doctor-case-sensitive = Upper and lower case differ
    .hint = Nothing follows for the archive: names in packages always differ otherwise, too.
doctor-form-sensitive = Names stay as they are (NFC and NFD differ)
    .hint = Nothing follows for the archive: names in packages always differ otherwise, too. An export may have other names.
doctor-sparse = Holes take no space
    .hint = Only more space is needed during work.
doctor-time-step = Times in steps of { $value } ns
    .hint = Changes of sources that follow faster are noticed by size only.
doctor-writable = Mounted for writing
    .hint = Only reading and checking are possible.
doctor-free-bytes = Free: { $value }
    .hint = The medium is full.
doctor-free-files = Free: { $value } files
    .hint = No further file can be made, even if there is space.
doctor-work = Temporary files in { $file }
doctor-work-usable = Files without a name
    .hint = Containers in containers and large messages cannot be read. Name a folder with TMPDIR that you may write to.
doctor-failed = Could not be tried: { $cause }
doctor-good = All that is needed is there.

## Kinds of failures

kind-usage = Wrong call
kind-config = Wrong configuration
kind-refused = Refused
kind-io = Read or write fault
kind-integrity = Not intact
kind-locked = Locked
kind-catalogue = Catalogue not usable
kind-journal = Journal not usable
kind-marker = Archive not recognised
kind-permission = Not allowed
kind-stopped = Stopped
kind-bug = Unexpected failure
cause = Cause: { $cause }
hint = What to do: { $hint }
did-you-mean = Did you mean { $word }?

## Causes that the operating system names

io-not-found = no such file or folder
io-permission = permission denied
io-exists = exists already
io-not-a-folder = not a folder
io-is-a-folder = a folder, not a file
io-no-file = no regular file
io-full = no space left on the medium
io-quota = the quota is exhausted
io-read-only = the file system is read-only
io-stale = the connection to the network share is lost

## Wrong calls

fault-unknown-option = There is no option or argument { $option } here.
    .hint = --help shows all options.
fault-unknown-command = There is no command { $command }.
    .hint = earchiv --help shows all commands.
fault-missing-command = The command is missing.
    .hint = --help shows all commands.
fault-missing-argument = Missing: { $option }
    .hint = --help shows the complete call.
fault-value-missing = The value of { $option } is missing.
    .hint = --help shows the possible values.
fault-value-not-among = “{ $value }” is no value of { $option }; possible are: { $values }.
    .hint = --help shows more.
fault-value-invalid = “{ $value }” is no value of { $option }.
    .hint = --help shows the possible values.
fault-quantity-number = “{ $value }” for { $option } does not begin with a number.
    .hint = Write a number and its unit behind it, such as 500GiB, 100MiB/s or 2h.
fault-quantity-comma = “{ $value }” for { $option }: the comma may stand for decimals or for thousands.
    .hint = Write a point before decimals, such as 1.5GiB, and thousands without any sign.
fault-quantity-bytes = “{ $value }” for { $option } names no unit of an amount of data.
    .hint = Possible are B, kB, MB, GB, TB (by 1000) and KiB, MiB, GiB, TiB (by 1024), such as 500GiB.
fault-quantity-rate = “{ $value }” for { $option } names no unit of an amount of data per second.
    .hint = Possible are B/s, kB/s, MB/s, GB/s and KiB/s, MiB/s, GiB/s, such as 100MiB/s.
fault-quantity-time = “{ $value }” for { $option } names no unit of time.
    .hint = Possible are s, min, h, d (days) and w (weeks), such as 30min, 2h or 90d; months and years differ in length.
fault-quantity-zero = “{ $value }” for { $option } is nothing.
    .hint = Leave the option out if there is to be no limit.
fault-quantity-part = “{ $value }” for { $option } comes to no whole number of bytes or seconds.
    .hint = Write it in a smaller unit.
fault-quantity-overflow = “{ $value }” for { $option } is more than can be counted.
    .hint = Leave the option out if there is to be no limit.
fault-value-no-id = “{ $value }” for { $option } is no package's identifier.
    .hint = An identifier is a UUID; earchiv list shows those of all packages.
fault-value-no-date = “{ $value }” for { $option } is no date.
    .hint = A date is written as 2013-05-04, 2013-05 or 2013.
fault-value-no-marker = “{ $value }” for { $option } is no ending for a marker.
    .hint = It begins with a dot, hyphen or underscore, such as .ready, and is none that unfinished files have.
fault-value-no-level = “{ $value }” for { $option } is no level of a check.
    .hint = Possible are quick, full and deep.
fault-value-no-shard = “{ $value }” for { $option } is no share.
    .hint = Write 2/8 for the second of eight shares; auto works in a Slurm array only, auto/8 in a Kubernetes Indexed Job only.
fault-no-period = No period is set after which it would be a package's turn.
    .hint = Name it with --every, such as 90d, or write every_days = 90 into the file audit.toml in the archive.
fault-history-other = The history of audits { $file } belongs to another archive ({ $archive }).
    .hint = Name the folder of this archive with --history, or an empty one.
fault-history-damaged = The history of audits { $file } is damaged.
    .hint = Put the file aside and audit again: a new history begins, and every package counts as not checked since it was stored. What was checked before stands in the journal.
fault-history-newer = A newer version of eArchiv made the history of audits { $file }.
    .hint = Use the newer version.
fault-history-busy = Another run is writing to the history of audits { $file }.
    .hint = Wait until it has ended, or give each run a folder of its own with --history.
fault-value-no-text = “{ $value }” for { $option } holds control characters.
    .hint = Write the text without them; a package cannot hold them.
fault-value-no-form = “{ $value }” for { $option } is no form of a package.
    .hint = Possible are zip and folder.
fault-value-count = { $option } has the wrong number of values.
    .hint = --help shows the complete call.
fault-option-twice = { $option } must be given only once.
    .hint = Name the option only once.
fault-options-conflict = { $option } and { $other } exclude each other.
    .hint = Leave out one of the two.
fault-argument-letters = An argument is not valid UTF-8.
    .hint = Name files with such names in a list with --files-from.
fault-wrong-call = The call is wrong.
    .hint = --help shows the complete call.
fault-list-nul = The list { $file } contains NUL bytes.
    .hint = If its items end in a NUL byte, give -0 as well.
fault-value-no-element = “{ $value }” for { $option } is no element for bag-info.txt.
    .hint = It is written “Organization-Address: Rathausplatz 1, 12345 Musterstadt”; Payload-Oxum and Bag-Size are counted.
fault-bag-options = --bag-profile and --bag-info belong to --format bagit.
    .hint = Add --format bagit, or leave both out.
fault-bag-profile-file = The file is no BagIt profile.
    .hint = A profile is a JSON file with BagIt-Profile-Info and Accept-BagIt-Version.
fault-bag-profile-form = The bag profile of E-ARK takes packed bags alone.
    .hint = Leave --form out, or use --form zip.
fault-bag-profile-address = The bag profile of E-ARK demands the address of the producer.
    .hint = --bag-info "Organization-Address: Rathausplatz 1, 12345 Musterstadt"
fault-list-empty = No source was named.
    .hint = Name at least one folder or finished package.
fault-doctor-lacks = { $file } lacks something that an archive needs.
    .hint = What lacks, and what follows, is listed above.
fault-archive-address = The archive is named by an address; it lies in a folder.
    .hint = Name the folder where it is mounted. Passwords and keys belong in no setting.
fault-archive-not-named = No archive was named.
    .hint = Name its folder with --archive, with the variable EARCHIV_ARCHIVE, or as archive in the configuration file.
fault-no-id = “{ $value }” is no package's identifier.
    .hint = An identifier is a UUID; earchiv list shows those of all packages.

## Configuration

fault-config-missing = There is no configuration file { $file }.
    .hint = Check --config and EARCHIV_CONFIG.
fault-variable = The environment variable { $name } has the invalid value “{ $value }”.
    .hint = Correct or remove the variable.
fault-toml-letters = { $file } is not valid UTF-8.
    .hint = Save the file as UTF-8.
fault-toml-syntax = { $file } is not sound TOML.
    .hint = Correct the place that is named.
fault-toml-key-unknown = There is no key { $key } here.
    .hint = Possible here: { $expected }
fault-toml-key-twice = The key { $key } stands twice.
    .hint = Remove one of the two.
fault-toml-type = The value of { $key } has the wrong type.
    .hint = Correct the place that is named.
fault-toml-value = “{ $value }” is no value of { $key }.
fault-toml-key-missing = The key { $key } is missing.
    .hint = Add it.
fault-profile-unknown = There is no profile { $name }; there are: { $known }.
    .hint = earchiv profile list shows all profiles.
fault-agreement-unknown = There is no agreement { $name }.
    .hint = Agreements lie in the archive's folder agreements; the path of a file is possible as well.

## Reading, writing, stopping

fault-read = { $file } could not be read.
    .hint = Check medium and path, and call again.
fault-read-denied = { $file } must not be read.
    .hint = Allow the user to read it, or call as another user.
fault-write = { $file } could not be written.
    .hint = Check medium and path, and call again.
fault-write-denied = { $file } must not be written.
    .hint = Allow the user to write it, or call as another user.
fault-no-names = Nothing more can be made for { $file }, though { $free } are free ({ $needed } needed): the medium has no inodes left, or a quota is exhausted.
    .hint = Remove files that nobody needs, or have the quota raised, and call again; what was begun is completed then.
fault-no-space = There is not enough space for { $file }: { $needed } needed, { $free } free.
    .hint = Make space and call again; what was begun is completed then.
fault-access = Could not work with { $file }.
    .hint = Check medium and path, and call again.
fault-access-denied = Access to { $file } is not allowed.
    .hint = Give the user the right that is needed, or call as another user.
fault-full = There is not enough space for { $file }; { $free } are free.
    .hint = Make space and call again; what was begun is completed then.
fault-stdout = The output could not be written completely.
    .hint = Check where the output goes.
fault-signals = Cannot listen to signals.
fault-threads = The jobs could not be started.
    .hint = Lower --jobs.
fault-man = The manual page could not be made.
fault-stopped = The run was stopped on request; the archive is consistent.
    .hint = The same call continues the work.
fault-bug = The program has a fault ({ $place }): { $said }
    .hint = Please report this line; the archive stays consistent.
stopping = Stopping as soon as the archive is consistent; once more ends at once.

## Archive

fault-locked = Another run works with the archive { $file }.
    .hint = Wait for its end, or let this call wait with --wait.
fault-marker-missing = There is no archive in { $file }: the marker earchiv.toml is missing.
    .hint = Is the medium mounted? Only earchiv init makes a new archive.
fault-archive-newer = The archive { $file } has the format { $format }, which this version of the program does not know.
    .hint = Use a newer version of eArchiv.
fault-archive-older = The archive { $file } has the format { $format }; this takes the format { $needed }. Nothing was changed.
    .hint = Migrate the archive with earchiv migrate --archive { $file }. Older versions of the program cannot open it after that.
fault-archive-exists = There is an archive in { $file } already.
    .hint = Use this archive, or name another folder.
fault-folder-not-empty = The folder { $file } is not empty.
    .hint = Name a new or empty folder.
fault-catalogue-missing = The catalogue { $file } is missing.
    .hint = Make it anew with earchiv catalogue rebuild.
fault-catalogue-damaged = The catalogue { $file } is damaged.
    .hint = Make it anew with earchiv catalogue rebuild.
fault-catalogue-older = The catalogue { $file } was written by an older version of the program.
    .hint = Make it anew with earchiv catalogue rebuild; the archive itself does not change by that.
fault-catalogue-newer = The catalogue { $file } was written by a newer version of the program.
    .hint = Use a newer version of eArchiv.
fault-journal-missing = The journal { $file } is missing.
    .hint = Restore it from a backup; without the journal nothing proves what was stored.
fault-journal-damaged = The journal { $file } was changed.
    .hint = earchiv journal verify shows the details; restore it from a backup.
fault-source-missing = There is no source { $file }.
    .hint = Check the path and whether the medium is mounted.
fault-outbox-inside = The folder { $file } for receipts lies in the inbox, where it would be a delivery.
    .hint = Name a folder outside with --outbox.
fault-source-overlaps = The source { $file } and the archive lie inside each other.
    .hint = Source and archive must be separate folders.
fault-source-empty = There is nothing to take in in { $file }.
    .hint = Check whether the delivery is complete.
fault-source-refused = { $file } is not taken over.
    .hint = earchiv inspect shows what is in it and what is wrong with it.
fault-package-not-held = The package { $package } is not in the archive.
    .hint = earchiv list shows all packages.
fault-package-disposed = The package { $package } was disposed of on { $day } under order { $order }.
    .hint = earchiv show tells what is known of it.
fault-disposal-term-runs = The package { $package } is not disposed of: it must be kept until { $until }, that day included.
    .hint = Wait for the end of the term. Only a court's order stands above it (--ground court-order).
fault-disposal-term-unknown = The package { $package } is not disposed of: neither the package nor the catalogue says how long it must be kept.
    .hint = Restore the package with earchiv repair, or the catalogue with earchiv catalogue rebuild, and repeat the command.
fault-disposal-no-term = The package { $package } is not disposed of: it is not kept for a term, or the end of its term is not known.
    .hint = The ground term-end takes a term that has ended. Give the ground that stands in the order.
fault-disposal-other-order = The package { $package } was disposed of already, under order { $order }.
    .hint = Nothing is left to be done; earchiv show tells what is known of it.
fault-dispose-order-empty = The number of the order is missing.
    .hint = Give the number under which the order is filed with --order.
fault-dispose-person-empty = The name of one of the two persons is missing.
    .hint = Name the two persons who answer for the disposal with --first and --second.
fault-dispose-same-person = --first and --second name the same person.
    .hint = Two different persons answer for a disposal; case, spaces and punctuation make no difference.
fault-dispose-unfit = The number of the order or a name holds control characters or is longer than 200 characters.
    .hint = Write each in one line.
fault-list-disposed = What was disposed of cannot be searched by content, time or origin: nothing of that is known any more.
    .hint = With --state disposed only --accession and --limit count.
fault-is-copy = { $file } is a copy of the archive; nothing but earchiv replicate writes to it.
    .hint = Call the command on the original. If the original is lost, make an archive of the copy with earchiv replicate --archive COPY --to NEW, or remove the file copy.toml.
fault-copy-overlaps = The copy { $file } and the archive lie inside each other.
    .hint = Name a folder elsewhere, best on another machine or medium.
fault-copy-parted = The journal of the copy { $file } went its own way from line { $line } on. Nothing was changed.
    .hint = Somebody wrote to the copy, or to an archive that was restored from it. Find out which of the two is the archive, and name a new folder for a copy of it.
fault-copy-ahead = The journal of the copy { $file } goes on where that of the archive ends (head { $head }). Nothing was changed.
    .hint = Either the archive was rolled back to an earlier state, or somebody wrote to the copy. Find out which; a head of the journal that was kept elsewhere decides it (earchiv journal verify --head HEAD).
fault-copy-journal-damaged = The journal of the copy { $file } is damaged from line { $line } on. Nothing was changed.
    .hint = Move the file journal/journal.jsonl out of the copy; earchiv replicate then copies all of it anew.
fault-no-copy = { $file } is no copy of an archive.
    .hint = Name the folder in which the copy of earchiv.toml, store/ and journal/ lies.
fault-copy-of-other = { $file } is the copy of another archive ({ $id }).
    .hint = Name a copy of this archive; the identities stand in earchiv.toml.
fault-journal-doubted = The journal { $file } is missing or damaged; without it nobody knows what was stored. Nothing was changed.
    .hint = earchiv journal verify shows the details. Restore journal/journal.jsonl from a copy whose head you compare with one that was kept elsewhere, and repeat the command; eArchiv does not replace the journal by itself.
copy-journal-whole = The journal of the copy is whole and holds the last entry that the catalogue knows (head { $head }).
copy-journal-unproven = The journal of the copy is whole (head { $head }); no catalogue here says whether it is the last one.
copy-journal-older = The journal of the copy is whole but ends before the last entry that the catalogue knows, or is another one (head { $head }).
copy-journal-damaged = The journal of the copy is missing or damaged too.
fault-file-not-in-package = The file { $name } is not in the package { $package }.
    .hint = earchiv show lists all files of a package.
fault-package-damaged = The package { $package } is not what was stored any more; nothing of it is given out.
    .hint = earchiv verify shows the details; restore the package from a backup.
fault-package-not-whole = The package { $package } is not what was stored any more; it gets no further version.
    .hint = earchiv verify shows the details; restore the package first.
fault-unchangeable = On the file system of { $file } stored packages cannot get further versions: it cannot give files a second name, or cannot swap folders in one step. Nothing was changed.
    .hint = Put the archive on a file system such as ext4 or XFS. Network drives and many FUSE file systems cannot do that.
fault-supplement-records = There are { $records } records in { $file }; a supplement to a package is exactly one. Nothing was changed.
    .hint = Give only what belongs to this package, or name with --profile the profile that takes the delivery as a whole (dateiablage).
fault-supplement-package = { $file } is a finished package; a supplement consists of files. Nothing was changed.
    .hint = Give the folder with the files that came later.
fault-supplement-sources = A supplement is exactly one delivery; { $sources } are named.
    .hint = Call earchiv ingest --supplements for each of them.
fault-dates-order = The first date ({ $from }) is after the last one ({ $to }).
fault-reason-empty = No reason is named.
    .hint = Say with --reason why the description is corrected.
fault-title-empty = A package cannot be without a title.
fault-amend-nothing = Nothing is named that is to be corrected.
    .hint = Name what is to be said, such as --title "…", or a table with --metadata.
fault-amend-persons = The table { $file } names dates of life or persons: closure periods are not changed like this.
    .hint = Leave these columns out.
fault-package-closed = The package { $package } is closed to use up to and including { $until } ({ $law }).
    .hint = If the closure period was shortened, record that with earchiv access grant and name its number with --permit.
fault-closure-unchecked = The package { $package } is closed to use: the end of its closure period is still to be established ({ $law }).
    .hint = Work out the period with earchiv access term; if the package may be used, record that with earchiv access grant and name its number with --permit.
fault-permit-exists = A permit with the number { $number } is recorded already.
    .hint = Give the decision a number of its own; earchiv access list shows all.
permit-unknown = No permit with the number { $permit } is recorded.
permit-for-others = The permit { $permit } is not for this package.
permit-ended = The permit { $permit } has ended.
fault-accession-not-held = There is no accession { $number }.
    .hint = earchiv accession list shows all accessions.
fault-archive-incomplete = The archive is not complete: { $file } is missing or is not what it should be.
    .hint = Is the medium mounted? Else restore the folder from a backup.
fault-object-taken = There is an object { $package } in the store already ({ $place }); it stays as it is.
    .hint = If it is another delivery, give it its own identifier with --delivery.
fault-not-as-written = The medium does not hold { $file } as it was written; it does not count as stored.
    .hint = Check the medium and call again.
fault-source-no-folder = The source { $file } is neither a folder nor a package.
    .hint = Name the delivery's folder or a finished package.
fault-source-changed = { $file } changed while it was being read.
    .hint = Call again when nobody works on the delivery any more.
fault-document = The document { $file } of a package cannot be read.
    .hint = earchiv verify shows the details; restore the package from a backup.
cause-document-type = The document has a document type declaration, which is not allowed.
cause-limit = A limit is passed: { $limit }

## Tables of descriptions

fault-tables-several = Two tables describe the same records: { $first } and { $second }.
    .hint = Leave only one of them in the delivery.
fault-table = The table { $file } is not right.
    .hint = Correct the line that is named, and call again.
table-utf16 = It is written in UTF-16; it must be UTF-8.
table-not-utf8 = It is not written in UTF-8.
table-nul = It holds a NUL byte.
table-control = Column { $column } holds a control character.
table-line-end = A line ends in a lone carriage return.
table-too-large = It is larger than { $limit } bytes.
table-row-too-long = The row is longer than { $limit } bytes.
table-too-many-columns = It has more than { $limit } columns.
table-too-many-rows = It has more than { $limit } rows.
table-too-many-values = It has more than { $limit } values; a table as large as that is read as CSV.
table-quote-open = A quote is not closed.
table-stray-quote = A quote stands in the middle of a cell.
table-ragged = The row has { $found } cells, the header { $expected }.
table-no-header = The header is missing.
table-column-twice = Column { $column } stands twice.
table-column-unknown = There is no column { $column }.
table-column-missing = Column { $column } is missing.
table-type = The value of { $key } has the wrong type.
table-no-path = The path is empty.
table-outside = { $path } is outside the delivery.
table-path-twice = { $path } is described twice, first in line { $first }.
table-no-such-entry = There is no { $path } in the delivery.
table-decision = “{ $value }” is no decision; A (archive), B (undecided) and V (destroy) are possible.
table-no-subject = The row names no id, no reference code and no path.
table-date-order = The dates end before they begin: { $from } to { $to }.
table-date = “{ $value }” in column { $column } is no date.

## Verdicts and findings

verdict-conforms = in order
verdict-nonconforming = does not conform
verdict-damaged = damaged
verdict-unreadable = not readable
severity-error = Error
severity-warning = Warning
severity-info = Note
place-line = line { $line }
place-column = line { $line }, column { $column }

finding-checksum-mismatch = The checksum of { $file } is { $value }, recorded is { $expected }.
    .hint = The file was changed. In an archive: restore it with “earchiv repair --from COPY”; in a delivery: ask for it again.
finding-size-mismatch = { $file } has { $value } bytes, recorded are { $expected }.
    .hint = The file was changed. In an archive: restore it with “earchiv repair --from COPY”; in a delivery: ask for it again.
finding-file-missing = { $file } is missing.
    .hint = In an archive: restore it with “earchiv repair --from COPY”; in a delivery: ask for it again.
finding-reference-missing = { $file } names “{ $value }”, which is missing.
    .hint = Restore the file from a backup or ask for it again.
finding-reference-alike = { $file } names “{ $value }”, which is missing; “{ $expected }” is there.
    .hint = Upper and lower case differ. Have the reference or the file's name corrected by the producer.
finding-file-unreferenced = { $file } is there, but nothing references it.
    .hint = Find out where the file comes from; it does not belong to the package.
finding-reference-outside = In { $file } the reference “{ $value }” leaves the package.
    .hint = Have the package corrected by its producer.
finding-algorithm-unknown = { $file } names the unknown checksum algorithm “{ $value }”.
    .hint = Use SHA-256 or SHA-512.
finding-checksum-absent = { $file } gives no checksum for “{ $value }”.
    .hint = Have the package corrected by its producer.
finding-unreadable = { $file } cannot be read: { $value }
    .hint = Check permission and medium; nothing is known of the file until it can be read. Then run the same command again.
finding-zip-structure = The structure of the ZIP file { $file } is not sound: { $value }
    .hint = The file is damaged or forged; restore it or ask for it again.
zip-no-end = the directory at the end of the file is missing or damaged
zip-parts = the file is only one part of several
zip-directory = the ZIP directory contradicts itself
zip-layout = entries overlap, or something lies between them that belongs to none
zip-headers = the header of an entry says something else than the ZIP directory
zip-encrypted = an entry is encrypted
zip-method = an entry is packed in a way that is not read here
zip-name = a name leads out of the package or is not allowed
zip-twice = two entries have the same name, perhaps in two Unicode forms, or one lies in another that is no folder
zip-special = an entry is a link or a device
zip-limit = an entry passes a limit
zip-content = the bytes of an entry do not match its checksum or size
finding-tar-structure = The structure of the TAR file is not sound ({ $file }): { $value }
    .hint = The file is damaged or forged, or a program wrote it with extensions; ask for it again, as a folder or packed with “tar --format=pax”.
tar-truncated = it ends within an entry
tar-no-end = the two blocks at the end are missing
tar-trailing = something follows after the end
tar-checksum = the checksum of a header is wrong
tar-number = a number in a header is none, is negative or too large
tar-extended = an extended header is wrong
tar-name = a name leads out of the folder, is empty or too long
tar-twice = two entries have the same name, perhaps in two Unicode forms, or one lies in another that is no folder
tar-hard-link = a hard link names no file before it
tar-sparse = a file is stored with holes (sparse)
tar-kind = an entry is of a kind that is not read here
tar-limit = an entry passes a limit
finding-gzip-structure = The file { $file }, packed with gzip, is damaged: { $value }
    .hint = Restore the file from a backup or ask for it again.
gzip-truncated = it ends too early
gzip-content = what it unpacks to does not match its checksum or length
gzip-trailing = something follows after the end
finding-gzip-limit = The file { $file }, packed with gzip, is not unpacked: { $value }
    .hint = So are files made that are to fill a medium. If it is genuine, unpack it to the TAR yourself (for example with gunzip) and name that.
gzip-ratio = it becomes more than 250 times as large
gzip-size = unpacked it is larger than 1 TiB
gzip-members = it consists of very many parts with next to nothing in them
finding-work-folder = To unpack, nothing can be written to the folder for temporary files, { $file }: { $value }
    .hint = Name a folder on a medium with enough room in the environment variable TMPDIR, or unpack the file to the TAR yourself and name that.
finding-name-undecoded = The name { $file } in the ZIP file is written neither in UTF-8 nor in code page 437; its bytes are kept.
    .hint = Ask the producer what the file is called, and to pack with names in UTF-8.
finding-input-not-taken = { $value }
    .hint = Deliver a folder, a ZIP or a TAR; “earchiv inspect” shows what was recognised.
input-ocfl = It is an OCFL object or an OCFL storage root; ask for an E-ARK package as delivery.
input-compressed = The file is packed otherwise than as ZIP, TAR or tar.gz (xz, 7z, RAR …); unpack it and deliver a folder, a ZIP or a TAR.
input-package-tar = It is an E-ARK package as TAR; unpack it and deliver the folder or a ZIP.
input-file = It is a single file that fits no profile; deliver it in a folder.
input-special = It is neither a file nor a folder.
finding-not-a-package = { $file } is no E-ARK package: it lacks a folder that holds METS.xml and all other files.
    .hint = If it is a zipped delivery, unpack it and name the folder; have a package corrected by the producer.
finding-package-compressed = { $file } is not read: the file is packed with xz, zstd, bzip2, 7z, RAR or the like, or it is packed with gzip and holds no TAR.
    .hint = Unpack it, for example to the TAR with “unxz”, and validate that or the folder. Folders, ZIP, TAR and tar.gz are read.
finding-entry-foreign = { $file } belongs in no package: { $value }
    .hint = Have the package made anew by its producer, without this entry.
entry-outside = lies outside the one folder that must hold all of the package
entry-name = its name is no path in UTF-8
entry-link = a link; it is not followed
entry-special = neither file nor folder
xml-no-mets = no METS document
finding-xml-malformed = { $value ->
    [elements] { $file } has an absurd number of elements; it was not read to its end.
    [references] { $file } names an absurd number of files that are not there; it was not read to its end.
    [ids] { $file } has an absurd number of ids or of references to such; they were not compared.
   *[other] { $file } is not well-formed XML: { $value }
}
    .hint = The file is damaged or was made wrongly; ask for it again.
finding-json-malformed = { $file } is no usable JSON: { $value }
    .hint = Have the producer export the delivery again.
finding-ocfl-invalid = { $value }
    .hint = Have the object corrected by the program that wrote it; the code in brackets is in the list of OCFL validation codes.
finding-ocfl-discouraged = { $value }
    .hint = Take it into account when writing next; the object is valid.
finding-ocfl-packed = { $file } is neither a folder nor a ZIP or TAR file in which an OCFL object could lie.
    .hint = Name the folder that holds inventory.json or the declaration “0=ocfl_…”, or a ZIP or TAR of it.
finding-findings-more = { $value } more findings of this kind ({ $expected }) are not listed one by one.
ocfl-found = found: { $value }
ocfl-expected = expected: { $value }
ocfl-limit = the inventory is larger than eArchiv has room for
ocfl-stray = does not belong into the object's folder
ocfl-declarations = the object must have exactly one version declaration
ocfl-declaration-name = the name of the version declaration names no known version of OCFL
ocfl-declaration-letter = the name of the version declaration must begin with “0=”
ocfl-declaration-value = the name of the version declaration says something else than the folder is to be
ocfl-declaration-text = the version declaration must hold the text of its name and a line feed
ocfl-no-versions = the object has no version
ocfl-first-version = the versions must begin with 1
ocfl-version-gap = a version is missing in the sequence
ocfl-version-zero = padded version numbers must begin with a zero
ocfl-version-conventions = all versions of an object must be named alike
ocfl-version-convention = the version is named otherwise than the first
ocfl-version-name = the content path names the version otherwise than its folder is called
ocfl-version-stray = does not belong into a version's folder
ocfl-content-missing = the version lacks the content folder in which the inventory names files
ocfl-content-name = contentDirectory must be the name of a folder
ocfl-content-set = contentDirectory must have been set in the first version and stayed the same
ocfl-content-changed = contentDirectory must not change between versions
ocfl-unlisted = the manifest does not name a file of the version
ocfl-empty-folder = the content folder must not hold an empty folder
ocfl-algorithm = digestAlgorithm must be sha512 or sha256
ocfl-digest-form = the digest must be written in hexadecimal digits
ocfl-json = the inventory is no unambiguous JSON object
ocfl-inventory-name = the inventory must be called inventory.json
ocfl-separator = content paths must be separated by /
ocfl-key-missing = the inventory lacks a key
ocfl-identity = the object's identifier is missing, not unique or not the same
ocfl-type = type must be the address of the inventory in the declared version of OCFL
ocfl-digest-algorithm = the digest is not one of digestAlgorithm
ocfl-head = head must name the newest version
ocfl-block-missing = the inventory lacks a block
ocfl-content-path = the content path leads into no content folder of a version
ocfl-versions-shape = versions must be a JSON object
ocfl-version-folders = versions in the inventory and folders of versions do not correspond
ocfl-version-shape = a version must be a JSON object
ocfl-version-key = the version lacks a key
ocfl-created = created must be a date and time by RFC 3339 with seconds and zone
ocfl-state = state and manifest must name the same digests, written alike
ocfl-logical-parts = a logical path must not have empty parts, . or ..
ocfl-logical-edges = a logical path must not begin or end with /
ocfl-user = user must be a JSON object with a name
ocfl-fixity-algorithm = the fixity block must be a JSON object of known digest algorithms
ocfl-fixity-shape = an algorithm in fixity must name digests and content paths as the manifest does
ocfl-sidecar-missing = the file with the inventory's digest is missing beside it
ocfl-sidecar-algorithm = the file with the inventory's digest names another algorithm than the inventory
ocfl-sidecar-form = the file must consist of digest, white space and inventory.json
ocfl-inventory-missing = the object lacks its inventory
ocfl-inventory-copy = the inventory of the newest version is not that of the object
ocfl-state-changed = an earlier inventory describes the version otherwise than the object's inventory
ocfl-extension-stray = the folder extensions may only hold folders of extensions
ocfl-root-undeclared = the storage root lacks its version declaration
ocfl-layout-form = ocfl_layout.json must be a JSON object with extension and description
ocfl-layout-name = ocfl_layout.json names no registered extension
ocfl-hierarchy-file = no file may lie between the objects
ocfl-hierarchy-empty = a storage root must not hold an empty folder
ocfl-root-inner = a storage root must not lie in another
ocfl-root-declarations = the storage root must have exactly one version declaration
ocfl-root-declaration-name = the name of the version declaration names no known version of OCFL
ocfl-later-object = the object is declared for a later version than the storage root
ocfl-inner-object = an object must not lie in another
ocfl-place = the object does not lie where it must by ocfl_layout.json
ocfl-hierarchy-end = the folder leads to no object
ocfl-special = neither a file nor a folder; OCFL cannot keep such a thing
ocfl-link = links are not allowed
ocfl-manifest-shape = the manifest must name the content paths of each digest as a list
ocfl-message = message must be a string
ocfl-logical-conflict = a logical path stands twice or is the folder of another
ocfl-manifest-twice = a digest stands twice in the manifest
ocfl-fixity-twice = a digest stands twice with one algorithm in fixity
ocfl-content-parts = a content path must not have empty parts, . or ..
ocfl-content-edges = a content path must not begin or end with /
ocfl-content-conflict = a content path stands twice or is the folder of another
ocfl-key-unknown = a key is not provided for
ocfl-spec-back = the inventory follows an earlier version of OCFL than one before it
ocfl-version-v = the name of a version must begin with v
ocfl-version-number = the number of a version must be a whole number from 1
ocfl-manifest-object = manifest must be a JSON object
ocfl-manifest-unused = the manifest names a digest that no version uses
ocfl-identity-changed = the identifier must not change between versions
ocfl-fixity-object = fixity must be a JSON object
ocfl-padded = version numbers should not be padded with zeros
ocfl-version-folder = a version's folder should only hold the content folder
ocfl-content-empty = an empty content folder should not be there
ocfl-sha512 = the object should use sha512
ocfl-identity-uri = the object's identifier should be a URI
ocfl-version-about = the version should have message and user
ocfl-address-missing = user should have an address
ocfl-address-uri = the address should be a URI
ocfl-version-inventory = every version should have an inventory
ocfl-about-changed = an earlier inventory says something else of time, reason or person
ocfl-extension-unknown = the extension is not registered
ocfl-depths = objects should either all lie in the storage root itself or all in folders below
finding-bag-invalid = { $file } in the BagIt bag is not in order: { $value }
    .hint = Have the producer make the bag anew; nothing in it is taken over or fetched.
finding-bag-notice = { $file } in the BagIt bag: { $value }
    .hint = The bag can be taken over as it is; the producer should do otherwise next time.
finding-bag-profile = { $file } in the BagIt bag is not as the BagIt profile demands: { $value }
    .hint = Have the bag made by the profile that was agreed on.
bag-algorithm-name = the algorithm’s name is not in lower case and without other signs in the name of the file; it should be { $expected }
bag-algorithm-twice = there is a list for { $expected } already; this one is not checked
bag-bag-inside = another bag lies in the payload; its own lists are not checked
bag-checksum = the checksum is not as long as { $expected } makes one
bag-declaration = the declaration is not exactly the two lines that it must be; here it must be: { $expected }
bag-dot = paths begin with “./”, here { $expected }; that does not belong there and is passed over
bag-element = the line is neither “label: value” nor goes on from one
bag-empty = the payload is empty
bag-encoding = the text files of the bag should be in { $expected }
bag-encoding-unknown = the encoding “{ $expected }” is not read here; the other files of the bag are not checked
bag-fetch = { $expected } is still to be fetched; eArchiv fetches nothing, the bag is incomplete
bag-fetch-length = the file is there, but not as long as it says: it has { $expected } bytes
bag-fetch-unlisted = { $expected } is not in the lists of checksums
bag-folder = a list must not name folders
bag-length = the length is neither a number nor “-”
bag-letters = the file is not in { $expected }, as the bag declares; from here on it is not read
bag-line = the line is not of the form that it must have
bag-line-long = the line is longer than { $expected } bytes and is not read
bag-link = this is a link; links are not followed, so the bag lacks the content
bag-long = the file is longer than what is read here (1 MiB, 10,000 elements)
bag-mark = it begins with a byte order mark (BOM), which is not allowed in UTF-8
bag-md5sum = the list is written as md5sum does, here { $expected }; in a strict check it is invalid
bag-name = the name is not possible on every system
bag-names-alike = the name differs from { $expected } in case or Unicode form only; on some systems both fall together
bag-normal-form = the name has another Unicode form in the list than in the folder
bag-oxum = Payload-Oxum says something else of the payload than there is: { $expected } (bytes.files)
bag-oxum-form = Payload-Oxum is not of the form bytes.files; it should be { $expected }
bag-payload = “data” is no folder
bag-percent = a percent sign in the path is not written as %25
bag-repeated = { $expected } stands there more than once
bag-separator = between label and value is not exactly a colon and one blank
bag-special = this is neither file nor folder but a device, a pipe or a socket
bag-system-file = an operating system left this; nobody will have wanted it
bag-tagmanifest-algorithm = there is no list of the other files (tagmanifest) for { $expected }
bag-tagmanifest-lacks = the list does not name { $expected }
bag-url = the address is no absolute URL
bag-version = version “{ $expected }” is not known; known are 0.93 to 0.97 and 1.0
bag-profile-allowed = the file is not allowed; allowed: { $expected }
bag-profile-container = the bag must be packed, as { $expected }
bag-profile-empty = “data” must be empty
bag-profile-folder = the bag must not be packed
bag-profile-identifier = BagIt-Profile-Identifier does not name this profile: { $expected }
bag-profile-label = the element { $expected } is missing
bag-profile-once = { $expected } may stand there only once
bag-profile-required = the file is missing
bag-profile-value = the value is none of those allowed: { $expected }
bag-profile-version = the version is none of those agreed on: { $expected }
finding-submission-invalid = In { $file } something is missing or has the wrong form: { $expected }
    .hint = Have the producer export the submission again.
finding-named-twice = In { $file } “{ $value }” is named more than once.
    .hint = Ask the producer which of them holds.
finding-key-missing = In { $file } an entry lacks its key ({ $expected }).
    .hint = Without a key the entry cannot be known again; the producer has to add it.
finding-column-missing = { $file } has no column “{ $value }”.
    .hint = Change the column's name in the profile; these are there: { $expected }
finding-row-without-files = In { $file } the entry “{ $value }” names no files.
    .hint = No package is made without files; the entry is kept with the accession in the export as a whole.
finding-date-invalid = In { $file } “{ $value }” is no date ({ $expected }).
    .hint = Add the way it is written to dates in the profile, or have it corrected.
finding-mail-unreadable = { $file } is no e-mail: it has no headers.
    .hint = Check whether the file was exported as EML (RFC 5322).
finding-mail-fault = The e-mail { $file } is not quite in order: { $value }
    .hint = The e-mail is taken over unchanged; check its description.
mail-no-from = the sender is missing
mail-no-date = the date is missing or is none
mail-head = the headers are too long; what is beyond 1 MiB was not read
mail-open = the end of a part is missing
mail-encoding = a part is not encoded properly
mail-depth = parts are nested too deep; attachments from there on are not listed
mail-parts = there are too many parts; not all are listed
mail-boundary = the line between the parts is not told
mail-empty = there is no message in it
expected-attribute = the attribute
expected-bytes = a size in bytes
expected-checksum = a checksum in hexadecimal digits
expected-element = an element
expected-file-group = the ID of a file group (fileGrp) of that kind
expected-media-type = a media type (MIME)
expected-time = a date with time
expected-value = a value
expected-id = an id (xml:id): begins with a letter or an underscore, without blanks and colons
expected-own-id = an id that is there only once in the document
expected-section = the id of a section of { $name }
expected-current = the ids of all current sections of { $name }
expected-vocabulary = a value of the list { $vocabulary }
finding-mets-requirement = { $file } says “{ $value }”; expected: { $expected }.
    .hint = Have the package corrected by its producer.
finding-mets-spelling = { $file } names “{ $value }”; the file is called “{ $expected }” (separators, Unicode form or an addition differ).
    .hint = The file was found and compared. Have the reference corrected by the producer: other programs may not find it.
finding-mets-section = { $file } is there, but no section of the METS document refers to it (expected: { $expected }).
    .hint = Have the package corrected by its producer.
finding-mets-once = In { $file } the named element is missing, is empty or is there several times; { $expected } is allowed.
    .hint = Have the package corrected by its producer.
finding-mets-lacks = { $file } lacks something; expected: { $expected }.
    .hint = Have the package corrected by its producer.
finding-mets-count = { $file } has the named element { $value } times; { $expected } is allowed.
    .hint = Have the package corrected by its producer.
finding-mets-optional = { $file } does not use something optional ({ $expected }).
finding-structure-name = The package is called “{ $value }”; after its identifier it should be called “{ $expected }”.
    .hint = Name the folder or the file after the identifier (OBJID) in METS.xml. Where letters of it cannot stand in names, others may.
finding-structure-requirement = The folders of the package are not as recommended or demanded: { $file } (expected { $expected }).
    .hint = Have the package corrected by its producer.
finding-premis-requirement = { $file } does not meet a requirement for PREMIS: demanded { $expected }.
    .hint = Have the package corrected by its producer.
finding-checksum-weak = { $file } records checksums as { $value }: they show accidental changes, but no longer protect against intent.
finding-metadata-missing = A mandatory detail is missing: { $expected }.
    .hint = Add it in the delivery (metadata.csv), or change what the profile demands.
finding-delivery-refused = The delivery { $value } is not taken over as a whole.
    .hint = Mend the other findings; the profile or the agreement wants all of it.
finding-not-an-invoice = { $file } is no invoice that eArchiv knows (root element: { $value }).
    .hint = UBL (Invoice, CreditNote), UN/CEFACT CII and PDF are recognised. Take accompanying files to the invoice of their folder with per = "folder", or leave them out by a rule in the profile.
finding-invoice-not-evaluated = { $file } is { $value }: the format is recognised but not evaluated.
    .hint = The file is taken over unchanged; add what you need to know by hand.
finding-invoice-term-missing = { $file } lacks { $expected }, which EN 16931 demands of every invoice.
    .hint = Ask the producer whether the invoice was accepted like this.
finding-invoice-date-invalid = In { $file }, { $expected } is no valid date: { $value }
    .hint = The date stays as it is and is not evaluated.
finding-no-invoice-in-pdf = { $file } is no electronic invoice: no invoice in XML is embedded in the PDF.
    .hint = The PDF is taken over without data from it; add title and date if you need them.
finding-pdf-unreadable = The PDF { $file } cannot be read: { $value }
    .hint = Ask for the file again, or see whether another program still opens it.
pdf-structure = its structure is destroyed
pdf-limit = it passes a limit that protects against malicious files
finding-pdf-damaged = The PDF { $file } is damaged; it was read as far as possible.
    .hint = See whether the file can be opened, and ask for it again if not.
finding-pdf-encrypted = The PDF { $file } is encrypted; what is embedded in it cannot be listed.
    .hint = Ask for the file without a password; archiving does not allow one.
finding-attachment-damaged = In { $file }, the embedded file “{ $value }” is damaged.
    .hint = Ask the producer for the attachment again.
finding-attachments-unlisted = More files are embedded in { $file } than are listed here.
    .hint = See whether the file is genuine; no invoice has so many attachments.
finding-retention-running = “{ $file }” is to be archived for good but must still be kept until { $value } ({ $expected }).
    .hint = Take the record over for a time only (purpose = "interim"), or give the archive's decision with the delivery.
finding-retention-unknown = How long “{ $file }” must be kept cannot be determined: its date is missing.
    .hint = Set the end in the agreement (retention_end).
finding-package-missing = { $value } is not in the store any more ({ $file }).
    .hint = Restore it with “earchiv repair --from COPY” from a second copy of the archive.
finding-read-doubtful = { $file } was not in order when it was first read ({ $value }), and was when it was read again.
    .hint = The package is intact, but medium, cable or memory are suspect: have the hardware checked.
finding-read-repeated = { $file } was read a second time ({ $value ->
    [same] the same result
   *[other] another result
 }).
finding-history-changed = The history of audits { $file } is not the one that was written: run { $value } was changed or is missing.
    .hint = No package is concerned. Find out who changed the file or put back an earlier state; what was checked stands in the journal as well.
finding-package-unknown = { $value } lies in the store ({ $file }), but the journal does not know it.
    .hint = Find out where it comes from: “earchiv journal show” tells what was stored, and whether the journal was rolled back. eArchiv does not delete it.
finding-package-changed = The package { $file } is not the one that was taken in: its checksum is { $value }, recorded is { $expected }.
    .hint = Leave it as it is for now, and restore it with “earchiv repair --from COPY” from a second copy of the archive.
finding-record-disposed = “{ $file }” was stored once and disposed of under order { $value }; the record is not taken over again.
    .hint = Take it out of the delivery. If it is to be archived after all, deliver it under another identifier (--delivery).
finding-disposed-present = The package { $value } was disposed of under order { $expected } and is there again ({ $file }).
    .hint = Call earchiv dispose with the same order once more; it removes the package and restores the tombstone.
finding-tombstone-unknown = A tombstone stands in the place of the package { $value } ({ $file }), but the journal knows of no disposal.
    .hint = Find out where it comes from; earchiv repair restores the package from a second copy.
finding-disposal-pending = The disposal of the package { $value } was begun and is not complete yet.
    .hint = The next run that writes to the archive settles it.
finding-inventory-invalid = The OCFL inventory { $file } is wrong: found { $value }, expected { $expected }.
    .hint = Restore the object with “earchiv repair --from COPY” from a second copy of the archive.
finding-store-intruder = { $file } does not belong into the store.
    .hint = Find out where it comes from, and move it out of the folder store. If it lies where a package was, run “earchiv repair --from COPY” after that.
finding-copy-missing = The copy lacks the object { $value } ({ $file }).
    .hint = “earchiv replicate --to COPY” copies it anew.
finding-copy-damaged = In the copy, { $file } is not what was stored: found { $value }, recorded is { $expected }.
    .hint = “earchiv replicate --full --to COPY” copies it anew.
finding-copy-behind = The copy is not up to date: { $file } has { $value }, the archive { $expected }.
    .hint = “earchiv replicate --to COPY” brings it up to date.
finding-copy-unreadable = In the copy, { $file } cannot be read: { $value }
    .hint = See whether the medium is mounted and sound, and whether permission lacks.
finding-copy-parted = The copy's journal { $file } went its own way.
    .hint = Somebody wrote to the copy. Find out which of the two is the archive, and make a new copy of it with “earchiv replicate --to NEW”.
finding-copy-ahead = The copy's journal { $file } goes on where that of the archive ends: there { $value }, here { $expected }.
    .hint = Stop ingesting. Either the archive was rolled back to an earlier state, or somebody wrote to the copy; “earchiv journal verify --head HEAD” decides it with a head that was kept elsewhere. “earchiv repair --from COPY” restores packages once the journal is the right one.
finding-copy-journal-damaged = The copy's journal { $file } was changed.
    .hint = Move the file out of the copy; “earchiv replicate --to COPY” copies it anew.
finding-store-declaration = The store's declaration { $file } is missing or changed: found { $value }, expected { $expected }.
    .hint = Copy the file from a second copy of the archive; it is the same in every archive of this version.
finding-package-pending = The package { $value } was begun, but not completed.
    .hint = The next ingest settles it.
finding-accession-open = The accession { $value } was begun, but not completed.
    .hint = The same call completes it.
finding-catalogue-lacks = The catalogue lacks { $value }.
    .hint = Make the catalogue anew with “earchiv catalogue rebuild”.
finding-catalogue-surplus = The catalogue knows { $value }, which does not exist.
    .hint = Make the catalogue anew with “earchiv catalogue rebuild”.
finding-catalogue-differs = In the catalogue { $file }, the entry { $value } differs from store and journal, namely in: { $expected }.
    .hint = Make the catalogue anew with “earchiv catalogue rebuild”.
finding-catalogue-unreadable = The catalogue { $file } cannot be read: { $value }
    .hint = Make the catalogue anew with “earchiv catalogue rebuild”.
finding-journal-changed = The journal { $file } was changed: found { $value }, expected { $expected }.
    .hint = Stop ingesting. Put the journal of a second copy in its place, compare it with “earchiv journal verify --head HEAD”, and find out who changed it.
finding-journal-short = The journal { $file } ends too early: last entry { $value }, known is { $expected }.
    .hint = Stop ingesting. Put the journal of a second copy in its place, and compare it with “earchiv journal verify --head HEAD”.
finding-journal-torn = The last line of the journal { $file } was not written to its end.
    .hint = The next ingest settles it.
finding-journal-clock = In the journal { $file } the clock goes back: { $expected } is followed by { $value }.
    .hint = Check the machine's clock; the order of the entries is not touched by it.
finding-journal-future = In the journal { $file } the time of an entry is still to come: { $value }, now it is { $expected }.
    .hint = Check the machine's clock; the order of the entries is not touched by it.
finding-decision-missing = The archive has not decided on “{ $value }”; the records are taken over.
    .hint = Put the appraisal (0502) beside the delivery, or name a list of decisions with --decisions.
finding-decision-contradicts = Decisions in { $file } contradict each other about “{ $value }”: { $expected }.
    .hint = Find out which decision holds, and give only that one along.
finding-decision-foreign = The appraisal { $file } belongs to the process { $value }, not to this delivery; it is not applied.
    .hint = Add the appraisal (0502) of this delivery, or give a list with --decisions.
finding-record-without-files = No primary file belongs to “{ $value }”; no package is made.
    .hint = Ask for the files. What is on paper only is handed over in another way; if that is meant, lower the finding in the profile.
finding-decision-unused = The decision on “{ $value }” in { $file } concerns no object of this delivery.
    .hint = Check whether list and delivery belong together.
finding-decision-not-followed = { $value } was appraised as { $expected } and delivered nevertheless ({ $file }).
    .hint = It is not taken over; tell the agency.
finding-object-missing = { $value } was appraised as worth archiving and is missing in { $file }.
    .hint = Ask the agency for what is missing.
finding-object-surplus = { $value } in { $file } was neither offered nor appraised.
    .hint = It is taken over; ask the agency how it came into the delivery.
finding-answer-impossible = No answer { $expected } can be written to { $file } ({ $value }).
    .hint = Tell the agency in another way what came in and what was taken over.
finding-marker-differs = The archive's marker { $file } says “{ $value }”, the journal “{ $expected }”.
    .hint = Is it the right medium? Else copy the file from a second copy of the archive.
finding-message-foreign = { $file } is no xdomea message (root element “{ $value }”).
    .hint = Check whether this is the right file and the right profile.
finding-message-version-unknown = { $file } has the xdomea version “{ $value }”; { $expected } can be read.
    .hint = Ask the producer for an export in one of these versions.
finding-message-kind-differs = The header of { $file } says type { $value }, the message itself is of type { $expected }.
    .hint = The root element counts; tell the producer of the mistake.
finding-message-kind-unexpected = { $file } holds no transfer of records (0503) but { $value }.
    .hint = An offer (0501) or an appraisal (0502) hands over no records yet; ask for the message 0503.
finding-message-process-invalid = { $file } has no process id (ProzessID), or one that is no UUID: “{ $value }”.
    .hint = Without it the transfer belongs to no process; ask for a corrected message.
finding-message-process-differs = The name of the file { $file } should begin with the process id { $expected }.
    .hint = Check whether file and message belong together.
finding-object-id-invalid = In { $file } an object ({ $expected }) has no valid UUID: “{ $value }”.
    .hint = Without it the object cannot be named in answers; ask for a corrected message.
finding-object-id-duplicate = In { $file } more than one object has the UUID { $value }.
    .hint = Have the producer correct the message.
finding-primary-file-missing = The primary file { $file } is named in the message but is not in the delivery.
    .hint = Ask for the complete delivery again.
finding-primary-file-surplus = { $file } lies in the delivery but no message names it.
    .hint = The file does not become part of a package; ask the producer what it belongs to.
finding-primary-file-empty = The primary file { $file } is empty.
    .hint = Ask the producer whether its content was lost.
finding-primary-file-duplicate = The primary file { $file } is named more than once or is there more than once ({ $value }).
    .hint = Each primary file should be there exactly once; check whether the right one is meant.
finding-paper-part = A part of “{ $value }” is on paper (medium { $expected }).
    .hint = See to it that the paper part is handed over as well.
finding-schema-invalid = { $file } does not conform to its schema: { $value }
    .hint = Have the producer correct the file.
finding-schema-expected = { $file } does not conform to its schema: { $value } was found, { $expected } was expected.
    .hint = Have the producer correct the file.
finding-schema-lacks = { $file } does not conform to its schema: { $expected } is missing here.
    .hint = Have the producer correct the file.
finding-schema-absent = No schema with the namespace { $value } was found for { $file }; it was not checked against its schema.
    .hint = Put the schema files into the folder that you name with --schemas.

## Progress

progress = { $files } of { $of } { $of ->
    [one] file
   *[other] files
}, { $bytes }, { $rate }/s, { $left } left
stage-scanning = Scanning
stage-packing = Packing
stage-reading-back = Reading back
stage-verifying = Verifying
stage-rebuilding = Rebuilding
stage-replicating = Copying
stage-exporting = Exporting

## Commands on the archive

init-done = The archive “{ $name }” was made in { $file } (id { $id }).
fault-agreement-records = In the agreement { $agreement }, records.per does not fit the profile { $profile }; possible are: { $allowed }.
    .hint = Change the value, or leave out the section [records].
fault-agreement-other-profile = The agreement { $agreement } extends the profile { $extended }, not { $profile }.
    .hint = Leave --profile out, or name the same profile.
fault-no-schemas = There is no schema (.xsd) in the folder { $file }.
fault-no-head = “{ $value }” is not the head of a journal.
    .hint = A head looks like 17:3f…: the number of the entry, a colon, 64 digits.
fate-stored = stored
fate-already-stored = already stored
fate-packed = packed
fate-already-packed = already packed
fate-planned = would be taken over
fate-left-out = left out
fate-refused = refused
fate-conflict = refused, other content
fate-failed = failed
conflict = A package with this id is there already, with other content: checksum there { $stored }, here { $delivered }.
conflict-hint = If it is a new delivery, give it a name of its own with --delivery.
left-out-empty = No file of it is left to take over.
storage-failed = { $file } could not be written: { $error }
exceptions-more = … and { $entries } more; the receipt and --json name all.
reason-link = a link to “{ $target }”; links are not followed
reason-special = neither file nor folder
reason-permission = no permission to read
reason-unreadable = not readable: { $error }
reason-path-too-long = the path is too long
reason-changed = changed while it was read
reason-left-out = rule “{ $rule }”
reason-description = describes the records and is kept with the accession
reason-unnamed = not taken over: no message names the file
reason-appraised = not taken over: { $decision ->
        [destroy] appraised as to be destroyed
       *[other] not appraised yet
    }
reason-empty-record = a folder without files
reason-record-refused = other parts of the record were refused
state-stored = stored
state-refused = refused
state-failed = failed
state-left-out = left out
accession-done = Accession { $number }
kind-records = Packages
kind-file = Files
kind-folder = Folders
kind-link = Links
kind-fifo = Pipes
kind-socket = Sockets
kind-device = Devices
tally-stored = stored
tally-packed = packed
tally-planned = planned
tally = { $kind }: { $sum } – { $kept } { $stored }, refused { $refused }, failed { $failed }, left out { $out }
list-extent = {"  "}({ $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $bytes })
list-count = { $packages ->
    [one] { $packages } package
   *[other] { $packages } packages
}
validate-folder = folder
validate-files = { $files ->
    [one] { $files } file
   *[other] { $files } files
}
validate-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
validate-warnings = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}
validate-notes = { $count ->
    [one] One note that finds no fault; --verbose shows it.
   *[other] { $count } notes that find no fault; --verbose shows them.
}
validate-more = … and { $count } more findings; --verbose and --json show all.
validate-answers = Requirements: { $passed } passed, { $failed } failed, { $absent } not applicable, { $unchecked } not checked
validate-unchecked = Not checked, with the reason: { $list }
validate-junit-absent = not applicable
validate-junit-unchecked = not checked: { $reason }
validate-totals = { $packages ->
    [one] { $packages } package
   *[other] { $packages } packages
} ({ $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $bytes }): { $conforms } in order, { $nonconforming } not conforming, { $damaged } damaged, { $unreadable } unreadable
verify-good = { $packages ->
    [one] { $packages } package verified: intact.
   *[other] { $packages } packages verified: all intact.
}
verify-bad = { $packages ->
    [one] { $packages } package verified, { $damaged } not in order.
   *[other] { $packages } packages verified, { $damaged } not in order.
}
audit-index-unchecked = The index of the search was not checked: the folder for temporary files (TMPDIR) has no room for a copy of the catalogue, or may not be written to.
finding-since = Known since { $date }
history-not-kept = Note: Without the right to write to the archive no history of audits is kept; name a folder of your own for it with --history.
audit-ended-time = The time is up; { $left ->
    [one] one package is
   *[other] { $left } packages are
 } left for the next run.
audit-ended-bytes = The amount of data is reached; { $left ->
    [one] one package is
   *[other] { $left } packages are
 } left for the next run.
audit-overdue = { $packages ->
    [one] The period of one package is over.
   *[other] The periods of { $packages } packages are over.
 } Which they are is shown by earchiv audit --status.
status-counts = Packages: { $packages } with { $bytes }; checked { $checked }, not checked since they were stored { $never }; due { $due }, overdue { $overdue }
status-oldest-check = Longest without a check: since { $date }
status-doubted = { $packages ->
    [one] One package is not in order.
   *[other] { $packages } packages are not in order.
 } Findings and what to do are shown by earchiv audit.
status-last-run = Last audit { $date }: { $packages ->
    [one] one package
   *[other] { $packages } packages
 } with { $bytes }, { $errors } errors
status-no-run = No audit yet
status-forecast = Forecast: { $rate } a second, { $day } a day; every package is checked once more in { $days ->
    [one] one day
   *[other] { $days } days
 }, which is enough.
status-forecast-late = Forecast: { $rate } a second, { $day } a day; every package is checked once more only in { $days ->
    [one] one day
   *[other] { $days } days
 }. That is not enough: give the audit more time or more data a day.
status-overdue-one = overdue: { $package } since { $date }
status-overdue-more = … and { $more } more; --json names all.
status-name = Archive
status-packages = Packages
status-kept = in time
status-overdue = overdue
status-in-doubt = findings
status-oldest = oldest check
status-last = last run
status-unknown = ?
audit-good = { $packages ->
    [one] { $packages } package of { $bytes } audited: store, catalogue and journal agree.
   *[other] { $packages } packages of { $bytes } audited: store, catalogue and journal agree.
}
audit-bad = { $packages ->
    [one] { $packages } package of { $bytes } audited: { $damaged } damaged, { $missing } missing, { $unknown } unknown, { $errors } errors.
   *[other] { $packages } packages of { $bytes } audited: { $damaged } damaged, { $missing } missing, { $unknown } unknown, { $errors } errors.
}
not-in-journal = Note: the check or export is not in the journal, since the archive cannot be written to just now.
not-in-journal-because = Note: the check or export is not in the journal. { $cause }
journal-head = Head of the journal: { $head }
journal-good = { $entries ->
    [one] { $entries } entry, chained without a gap; head { $head }
   *[other] { $entries } entries, chained without a gap; head { $head }
}
journal-bad = The journal is not intact; { $entries } whole entries, the last { $head }
journal-no-catalogue = Note: without the catalogue it cannot be told whether entries are missing at the end.
amend-already = { $package }: already so
amend-planned = { $package }: would get version { $version }
amend-done = { $package }: amended, version { $version }
amend-closure-stays = Closure and retention periods stay as they were established when the package was taken over.
export-done = written: { $file }
explain-head = { $title } (profile { $name }, version { $version })
explain-source = Where the records come from
explain-source-folder = From a folder as it lies on the drive.
explain-source-bagit = From a BagIt bag, as folder, ZIP or TAR: its payload, proven by its manifests.
explain-source-fit-connect = From submissions of FIT-Connect (OZG): each with metadata.json, data and attachments.
explain-source-mail = From e-mails (EML) and mailboxes (MBOX).
explain-source-table = From the export of a line-of-business system (CSV or XML) and the files that it names.
explain-source-xdomea = From messages of the standard xdomea (transfer of records, 0503), packed or as a folder.
explain-source-einvoice = Electronic invoices: XML files (XRechnung and others by EN 16931) and PDFs that hold an invoice (ZUGFeRD, Factur-X).
explain-per-folder = Each folder on the top level becomes a record and so a package; loose files beside them form one more.
explain-per-delivery = The whole delivery becomes one record and so one package.
explain-per-file = Each file becomes a record and so a package.
explain-per-message = Each message becomes a record and so a package.
explain-per-object = Each object of the top level (mostly a file) becomes a record and so a package.
explain-description = What must be known of the records
explain-tables = Details are read from { $files } beside the records where one of these files is there.
explain-field = “{ $field }” is read from “{ $from }”.
explain-required = Mandatory details: { $fields }. Where one is missing, that is the finding “metadata-missing”, an error as a rule.
explain-required-none = No detail is mandatory.
explain-taking = What happens on errors, and what is left out
explain-take-rest = A record with errors is refused, the others are taken over.
explain-all-or-nothing = Where one record is refused, nothing of the delivery is taken over.
explain-check-error = The finding “{ $code }” counts as an error and refuses the record.
explain-check-warning = The finding “{ $code }” counts as a warning; the record is taken over.
explain-check-info = The finding “{ $code }” counts as a note.
explain-links-left-out = Links are left out by rule; they are never followed.
explain-links-refused = Links are refused and named; they are never followed.
explain-leave-out = Left out by the rule “{ $rule }”: { $names } ({ $reason }).
explain-leave-out-none = No file is left out by a rule.
explain-keeping = For how long, and what for
explain-permanent = The records become archival holdings and stay for good.
explain-interim = The records are kept only until their retention period ends.
explain-retention-year-end = Retention period: { $years ->
    [one] { $years } year
   *[other] { $years } years
} from the end of the calendar year in which the record ends ({ $basis }).
explain-retention-date = Retention period: { $years ->
    [one] { $years } year
   *[other] { $years } years
} from the record's last date ({ $basis }).
explain-rights = Use restricted until { $end }: { $restriction } ({ $statute }).
explain-rights-open = Use restricted, end not known: { $restriction } ({ $statute }).
explain-closure = Closure periods by { $law }: { $general } years after the records were made, { $secret } where secrecy applies; for records about persons { $death } after death, else { $birth } after birth, else { $unknown } after the records were made. Where no date is known the period is to be established and the records are closed.
explain-closure-personal = All records count as being about persons.
explain-closure-federal = The period of federal law goes in the place of the one for secrecy.
explain-closure-published = The records were meant for the public when they were made: no closure period.
explain-closure-officials = The records are about office-holders in office: no personal closure period.
explain-closure-gdr = The records come from bodies of the GDR: personal closure periods only.
explain-appraisal = Whether a record is of enduring value is decided by the archive with the delivery, never by the profile.
explain-package = What the packages look like
explain-form-zip = Each package is a ZIP file without compression, by E-ARK.
explain-form-folder = Each package is a folder, by E-ARK.
explain-content = Kind of content: { $category }; specification: { $type }.
explain-digests-both = Each file gets SHA-256 and SHA-512 checksums, each package file SHA-512.
explain-digests = Each file gets a SHA-256 checksum, each package file SHA-512 as well.
explain-toml = The profile for copying and changing: earchiv profile show { $name } --toml
check-profile = { $file } is a sound profile: { $name }
check-agreement = { $file } is a sound agreement: { $name }
rebuilt = The catalogue was made anew: { $packages ->
    [one] { $packages } package
   *[other] { $packages } packages
}, { $accessions ->
    [one] { $accessions } accession
   *[other] { $accessions } accessions
}.
rebuilt-lost = The package { $package } is in the journal but cannot be read in the store.
show-more = … and { $files } more; --json names all.
accession-open = open
accession-extent = { $packages ->
    [one] { $packages } package
   *[other] { $packages } packages
}, { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $bytes }
closure-free = free
closure-open = closure period to be established
closure-until = closed until { $day }
closure-ended = free (closed until { $day })
retention-until = to be kept until { $day }
term-person = Person { $number }:
term-general = records made
term-secret = records made, secrecy applies
term-federal = records made, federal law
term-death = death
term-birth = birth (death not known)
term-unknown = records made (birth and death not known)
term-step = { $rule }: { $from }, plus { $years ->
    [one] { $years } year
   *[other] { $years } years
}, end { $end } – { $law }
term-step-open = { $rule }: not known or contradictory, so there is no end – { $law }
term-step-aside = { $rule }: not known; the dates of life count – { $law }
term-until = Closed up to and including { $day }, free from { $free }.
term-open = The end cannot be computed: the closure period is to be established, until then the records are closed.
term-free = No closure period applies.
term-year-end = Periods run to the end of the year; of several the longest counts.
term-exact = Periods run to the day; of several the longest counts.
grant-until = until { $day }
grant-ended = ended ({ $day })
grant-holdings = holdings { $holdings }
purpose-permanent = to be kept for good
purpose-interim = to be kept for a time
receipt-title = Receipt of accession { $number }
receipt-exceptions = Not in a package:
receipt-promise = “Stored” is said here only of what is complete on the medium and was read back.
field-title = Title
field-package = Package
field-accession = Accession
field-signature = Reference code
field-identifiers = Identifiers
field-dates = Dates
field-creator = Provenance
field-producer = Producer
field-holdings = Holdings
field-summary = Contents
field-subjects = Subjects
field-files = Files
field-bytes = Size
field-content = Checksum of the content (SHA-256)
field-place = Place
field-kind = Kind
field-closure = Use
field-retention = Retention
field-versions = Versions
version-first = taken over
version-amendment = amendment
version-supplement = supplement
field-events = Events
field-started = Begun
field-closed = Closed
field-delivery = Delivery
field-profile = Profile
field-agreement = Agreement
field-purpose = Purpose
field-packages = Packages
field-refused = Refused entries
field-failed = Failed entries
field-left-out = Entries left out
field-archive = Archive
field-isil = ISIL
event-created = archive created
event-accession-started = accession begun
event-appraised = decisions applied
event-answered = answer written
event-amending = amendment announced
event-supplementing = supplement announced
event-staged = package written
event-read-back = package read back
event-committing = package announced
event-published = package published
event-completed = package stored
event-abandoned = package abandoned
event-refused = record refused
event-accession-closing = accession is being closed
event-accession-closed = accession closed
event-catalogue-rebuilt = catalogue made anew
event-exported = package exported
event-access-granted = permit recorded
event-access-used = used by permit
event-access-refused = use refused
event-verified = packages verified
event-audited = archive audited
event-torn-line-removed = torn line removed
event-disposing = disposal announced
event-disposed = package disposed of
event-disposal-abandoned = disposal not carried out
event-repairing = repair announced
event-repaired = restored
event-repair-abandoned = repair not carried out
event-replicated = second copy brought up to date
event-migrating = new format announced
event-migrated = new format
event-other = other event
dispose-done = Proof of disposal: the package { $package } was disposed of under order { $order }.
dispose-already = The package { $package } was already disposed of under order { $order }:
dispose-planned = The package { $package } would be disposed of under order { $order }:
dispose-missing = The package itself was not in the store any more.
dispose-not-promised = Not covered are copies in other archives, backups and snapshots, copies given out, and the receipt and list of files of the accession; the blocks of the medium are released, not overwritten.
ground-order = as stated in the order
ground-court-order = order of a court
ground-misdelivery = delivered by mistake
ground-term-end = end of an interim term
field-order = Order
field-ground = Ground
field-first = First person
field-second = Second person
field-inventory = SHA-512 of the inventory
field-disposed = Disposed of
field-tombstone = Tombstone
field-journal = Entry in the journal
field-copies = Copies removed too
list-disposed = disposed of on { $day }, order { $order }
show-disposed = This package was disposed of on { $day }.
replicate-copied = copied: { $name }
replicate-updated = brought up to date: { $name }
replicate-restored = damaged in the copy, copied anew: { $name }
replicate-planned = would be copied: { $name }
replicate-kept = What was damaged lies in { $file } of the copy.
replicate-damaged-here = damaged in the archive: { $name }; the copy has it as it was stored
replicate-damaged = damaged in the archive, not copied: { $name }
replicate-unread = not copied: { $name }; permission to read it lacks
replicate-open = not copied: { $name }; an interrupted run left it in the middle of a change, which the next one that writes to the archive settles
replicate-sum = { $objects } objects, { $copied } of them copied now ({ $bytes }), { $left } not in order in the archive.
replicate-plan = { $objects } objects, { $copied } of them would be copied ({ $bytes }), { $left } not in order in the archive.
replicate-head = Head of the copy's journal: { $head }
replicate-archive = { $file } is an archive again and can be worked in. To make a further copy instead, call the command with --as-copy.
repair-done = { $name }: restored from the copy.
repair-planned = { $name }: would be restored from the copy.
repair-whole = { $name }: as it was stored, nothing is to be done.
repair-copy-lacks = { $name }: not restored; the copy does not have it.
repair-copy-damaged = { $name }: not restored; the copy is damaged there too ({ $cause }).
repair-copy-older = { $name }: not restored; the copy has only an earlier state of it. Use a later copy.
repair-unread = { $name }: not checked; permission to read it lacks.
repair-disposed = { $name }: disposed of and there again; that is not repaired. Call earchiv dispose with the same order once more.
repair-kept = What is damaged lies in { $file }.
repair-sum = { $repaired } restored, { $whole } as stored, { $left } not restored.
repair-plan = { $repaired } would be restored, { $whole } as stored, { $left } cannot be restored.
migrate-done = The archive was migrated from format { $from } to format { $to }.
migrate-planned = The archive would be migrated from format { $from } to format { $to }; older versions of the program could not open it after that.
migrate-already = The archive has format { $to } already; nothing is to be done.
idle-no-nice = The system does not grant the lowest priority of computing ({ $cause }); reading goes on with the usual one.
idle-no-class = The system does not grant the lowest priority at the medium ({ $cause }); reading goes on with the usual one.
idle-no-traffic = Whether somebody writes to the archive cannot be seen here ({ $cause }); that is not waited for.
monitoring-archives = { $archives ->
    [one] 1 archive
   *[other] { $archives } archives
}
monitoring-ok = { $packages ->
    [one] 1 package, not overdue, no open finding
   *[other] { $packages } packages, none overdue, no open finding
}
monitoring-warning = { $overdue } of { $packages } packages not checked within their period
monitoring-critical = { $findings ->
    [one] 1 open finding, exit code { $code }
   *[other] { $findings } open findings, exit code { $code }
}
monitoring-unknown = not checked, exit code { $code }
hook-not-started = The command of --hook could not be run: { $cause }
hook-failed = The command of --hook failed, exit code { $code }; that changes nothing of what was checked.
hook-running = The command of --hook is still running; it is not waited for any longer.
dry-run = Dry run: nothing is written.
expected-name = Expected is a name of letters a to z, digits, hyphen, underscore and dot.
expected-line = Expected are words in one line.
expected-day = Expected is a date such as 2056-12-31.
expected-file-name = Expected is the name of a file, without a folder.
expected-category = Expected is a value of E-ARK's list of content categories, such as Mixed.
expected-information-type = Expected is a value of E-ARK's list of content information types, such as MIXED.
expected-one-name = Expected is at least one name.
expected-pattern = Expected is a name without a folder; * stands for any characters.
expected-unique = Expected is a name that no other rule has.
expected-after-start = Expected is a date not before start.
expected-own-name = Expected is the name that the file has.
expected-interim = This holds only with purpose = "interim" beside it.
expected-values = Expected is: { $values }
fault-target-exists = { $file } is there already and is not overwritten.
    .hint = Name another folder.

## Comparing offer, appraisal and delivery

compare-offer = Offered (0501): { $objects ->
        [one] one object
       *[other] { $objects } objects
    } in { $file }
compare-decisions = Appraised (0502): { $archive } to be archived, { $undecided } undecided, { $destroy } to be destroyed; { $file }
compare-delivery = Delivered (0503): { $objects ->
        [one] one object
       *[other] { $objects } objects
    } in { $file }
compare-missing = Missing ({ $objects }):
compare-surplus = Surplus, neither offered nor appraised ({ $objects }):
compare-not-followed = Delivered against the decision ({ $objects }):
compare-kind = Kind
compare-reference = Reference
compare-title = Title
compare-id = Identifier
compare-decision = Decision
compare-agrees = No difference.
compare-informs = For information: without an appraisal (0502) differences are no fault.
fault-not-a-junit-report = { $file } is no JUnit report and is not overwritten.
    .hint = Name a new file with --junit.
fault-compare-message = { $file } cannot be compared.
    .hint = Ask for the message again.
fault-compare-changed = A message changed while it was read.
    .hint = Compare again once it is completely written.
fault-compare-no-delivery = There is no delivery (0503) among the messages.
    .hint = Name a message 0503 and with it an offer (0501) or an appraisal (0502).
fault-compare-no-basis = There is neither an offer (0501) nor an appraisal (0502) among the messages.
    .hint = Name a message 0503 and with it an offer (0501) or an appraisal (0502).

## Appraisal, and answers to the agency

fate-not-taken = Not taken over
not-taken = Not taken over ({ $decision ->
        [destroy] appraised as not worth archiving
       *[other] not appraised yet
    }): { $object }
answer-written = Answer { $message } written: { $file }
answer-kept = Answer { $message } is there already: { $file }
answer-asked = The agency asked for the answer { $message }; it is only written with --outbox FOLDER.
answer-outcome = of these in the archive: { $stored } of { $objects } objects
answer-released = All that was delivered is in the archive; the agency may delete it.
answer-not-released = Not everything is released for deletion at the agency yet.
outcome-refused = Refused: { $reason }
outcome-failed = Storing failed; it will be tried again.
outcome-conflict = The archive holds other content under the same identifier.
outcome-left-out = There is no file to take over.
outcome-not-taken = { $decision ->
        [destroy] Not taken over: appraised as not worth archiving (V).
       *[other] Not taken over: not appraised yet (B).
    }
outcome-partly = Not completely taken over: parts of this object are not in the archive.
outcome-not-delivered = Appraised as worth archiving (A), but not delivered.
outcome-not-stored = Not taken over.
inspect-what = { $path }: { $form }, { $kind }
inspect-fits = Profile that fits
inspect-system = System
inspect-recipient = Recipient
inspect-process = Process
inspect-message = Message
inspect-records = Records
inspect-key = Key
inspect-kind = Kind
inspect-contributors = Contributors
inspect-audience = Intended for
inspect-conforms = Conforms to
inspect-relations = Relations
inspect-units = Outline ({ $units } units)
inspect-unit-files = { $files ->
    [one] { $files } file
   *[other] { $files } files
}
inspect-metadata = Metadata of the source
inspect-empty-folders = Empty folders
inspect-act = Done before
inspect-more = … and { $count } more; --verbose and --json give all.
form-folder = folder
form-zip = ZIP file
form-tar = TAR file
form-tar-gz = TAR file packed with gzip
form-file = file
form-special = neither file nor folder
input-is-package = E-ARK package
input-is-bag = BagIt bag
input-is-ocfl = OCFL object or storage root
input-is-xdomea = xdomea ({ $messages })
input-is-invoice = invoice ({ $syntaxes })
input-is-pdf = PDF in which no invoice is seen at first sight
input-is-fit-connect = FIT-Connect submission
input-is-email = e-mail
input-is-compressed = packed otherwise than ZIP, TAR or tar.gz
input-is-xml = XML document with the root element { $root }
input-is-xml-unread = XML document that cannot be read
input-is-share = file share
input-is-file = file that fits no profile
input-is-special = device, pipe or socket
## Receipt

help-accession-show-format = Shows the receipt instead: text, html, csv (packages) or deviations (as CSV)
fault-receipt-changed = The receipt { $file } is not what was stored any more.
    .hint = earchiv audit shows the details; restore the object from a backup.
refusal-title = Record of refusal of the delivery “{ $delivery }”
receipt-lead = The delivery “{ $delivery }” of “{ $producer }” was checked, stored and closed on { $date }.
refusal-lead = Nothing of the delivery “{ $delivery }” of “{ $producer }” was taken over; there is no accession.
receipt-part-terms = Who, when, on what grounds
receipt-caption-terms = About the accession; times are UTC
receipt-part-messages = Messages
receipt-caption-messages = Messages of the producer in this delivery
receipt-message-kind = Message
receipt-message-version = Version
receipt-message-created = Created
receipt-message-file = File
receipt-part-counts = Result
receipt-caption-counts = What was offered and what became of it
receipt-count-what = What
receipt-count-offered = offered
receipt-count-taken = taken over
receipt-count-held = held before
receipt-count-not-taken = not taken after appraisal
receipt-count-refused = refused
receipt-count-failed = failed
receipt-count-left-out = left out by rule
receipt-count-objects = Records (one package each)
receipt-count-others = Links and others
receipt-counts-note = Every entry of the delivery is counted exactly once. The size is that of the files that belong to records.
receipt-released = Deletion at the sender released: yes.
receipt-not-released = Deletion at the sender released: no.
receipt-release-note = Only an answer of the archive that says so releases it (xdomea message 0506), not this receipt.
receipt-part-packages = Records and packages
receipt-caption-packages = All records of the delivery in their order, each with its package
receipt-no-packages = The delivery holds no records.
receipt-number = No.
receipt-records = Records
receipt-extent = Size
receipt-files = { $files ->
    [one] { $files } file
   *[other] { $files } files
}
receipt-periods = Periods
receipt-closure = Closed until
receipt-closure-end = Closed until { $date }
receipt-retention = Retained until
receipt-retention-end = Retained until { $date }
receipt-outcome = Result
receipt-package-checksum = Package and checksum
receipt-sum-package = SHA-512 of the package file
receipt-sum-inventory = SHA-512 of the inventory
receipt-kind = Kind
receipt-key = In the delivery
receipt-dates-of-files = Dates of files only
receipt-dates-of-files-only = { $dates } (of files only)
receipt-date-from = Dates from
receipt-date-to = Dates to
receipt-byte-count = Bytes
receipt-yes = yes
receipt-no = no
receipt-more = These are the first { $shown } of { $all }; the CSV tables and receipt.json name all.
receipt-part-deviations = Deviations
receipt-caption-deviations = What was not taken over, and what the checks established
receipt-no-deviations = None: all that was offered is taken over, and nothing was established.
receipt-deviation-where = Where
receipt-deviation-kind = Kind
receipt-deviation-code = Code
receipt-deviation-what = What
receipt-deviation-hint = What to do
receipt-record-refused = The records were not taken over; the lines below say why.
receipt-part-equal = Equal content in the archive
receipt-caption-equal = Packages in the archive with the same content and description
receipt-no-equal = The archive has no other package with the same content and description.
receipt-equal = Equal to
receipt-equal-delivered = Records
receipt-equal-package = Package in the archive
receipt-equal-what = How they belong together
receipt-equal-same = taken over before, the same package
receipt-equal-other = equal content, another package
receipt-equal-line = Equal content: package { $package } of accession { $accession }
receipt-part-formats = Formats
receipt-formats-note = Formats follow from the names of files and from what the delivery says; files were not looked into for this.
receipt-chart-title = Files by format
receipt-chart-description = { $files } files in { $formats } formats; the most frequent is { $first } with { $most }. The numbers are in the table below.
receipt-chart-caption = Files by format; the table has the same numbers.
receipt-caption-formats = Files that were taken over, by format
receipt-format = Format
receipt-format-share = Share
receipt-format-plain = no extension ({ $type })
receipt-formats-others = { $formats } other formats
receipt-formats-rest = rare formats
receipt-part-evidence = Evidence
receipt-head-note = The journal’s head when this receipt was written:
receipt-object-note = The accession lies in the store, with this receipt and the lists of all entries, as object:
receipt-part-signatures = Signatures
receipt-party-producer = Transferring body
receipt-party-archive = Archive
receipt-place-date = Place, date
receipt-name-office = Name, office
receipt-signature = Signature
receipt-footer = Made by { $tool } { $version } from receipt.json of accession { $number }.
refusal-footer = Made by { $tool } { $version }. Nothing of it is stored in the archive.
receipt-producer-code = Code of the producer
receipt-process = Process or submission id
receipt-system = System of origin
receipt-recipient = Addressed to
receipt-legal-basis = Legal basis
receipt-restriction = Restriction of use
receipt-actor = Taken over by (user)
receipt-on-behalf-of = On behalf of
receipt-profile-version = { $name }, version { $version }
receipt-tool = Program
overview-title = Overview of { $deliveries } deliveries
overview-delivery = Delivery
overview-all = all
help-ingest-report = Puts copies of the receipts into this folder, and a record of refusal for each refused delivery
overview-entries = entries only
receipt-decision = { $decision ->
        [destroy] appraised as not worth keeping
       *[other] not appraised yet
    }
receipt-decided-against = Not taken over after appraisal: { $objects ->
        [one] one object
       *[other] { $objects } objects
    } (files, subfiles, documents); they are among the deviations.
inbox-title = Inbox { $folder }
inbox-planned = would be taken: { $name }
inbox-taken = taken: { $name }
inbox-taken-before = taken before, { $since }: { $name }
inbox-partial = refused in part: { $name }
inbox-partial-before = refused in part { $since }, unchanged since: { $name }
inbox-refused = refused: { $name }
inbox-refused-before = refused { $since }, unchanged since: { $name }
inbox-failed = failed, the next pass tries again: { $name }
inbox-waiting = waiting: { $name }
inbox-accession = accession { $numbers }
inbox-receipt = receipt { $file }
inbox-hidden = hidden: its name begins with a dot
inbox-partial-name = not complete or not meant to stay, by its name
inbox-system = laid there by an operating system
inbox-link = a link; it is not followed
inbox-special = a pipe, socket or device
inbox-marker-alone = a marker without a delivery
inbox-empty = no file lies in it yet
inbox-no-marker = its marker is not there
inbox-uploading = { $file } is still being sent, by its name
inbox-changing = changed last { $last }; is taken from { $until } on if nothing more changes
inbox-future = changed last { $last }, which this machine's clock says is to come; is watched, and taken from { $until } on if nothing more changes
inbox-gone = lies there no more
inbox-sum = Deliveries: taken { $taken }, refused in part { $partial }, refused { $refused }, failed { $failed }, waiting { $waiting }; from earlier passes: taken { $before }, refused { $open }
inbox-sum-planned = Deliveries: would be taken { $planned }, refused in part { $partial }, refused { $refused }, failed { $failed }, waiting { $waiting }; from earlier passes: taken { $before }, refused { $open }

## Report on audits

help-audit-report = Writes the report on the audits of the years past: pages in German and English, tables as CSV.
help-audit-report-history = Folder with the history of audits [default: reports/audit in the archive]
help-audit-report-every = How long a check holds, for example 90d [default: the archive's audit.toml]
help-audit-report-out = Folder for the report, or a file .html for the page alone [default: beside the history]
fault-not-a-report = { $file } is no report of eArchiv and is not overwritten.
    .hint = Name another folder with --out, or put the file away.
audits-title = Audit report of { $date }
audits-footer = Made by eArchiv { $version } on { $time } from the history of audits.
audits-verdict-good = All in order
audits-verdict-late = Checks are to be made
audits-verdict-bad = To be acted upon: the archive is not in order
audits-verdict-damaged = { $packages ->
    [one] { $packages } package is not in order. “Open findings” says what to do.
   *[other] { $packages } packages are not in order. “Open findings” says what to do.
}
audits-verdict-whole = { $errors ->
    [one] { $errors } error concerns the archive as a whole (store, catalogue or journal).
   *[other] { $errors } errors concern the archive as a whole (store, catalogue or journal).
}
audits-verdict-broken = The history of audits is not as it was written: from run { $run } on something is missing or changed.
audits-verdict-overdue = { $overdue ->
    [one] { $overdue } of { $packages } packages is overdue: its period ended without a check.
   *[other] { $overdue } of { $packages } packages are overdue: their period ended without a check.
}
audits-verdict-never = No run has yet audited the archive and come to an end.
audits-verdict-quiet = Since { $date }, for { $days } days, no run has come to an end.
audits-verdict-endless = The run that began on { $time } has no end: it is still going on, or it was broken off.
audits-verdict-warnings = { $warnings ->
    [one] { $warnings } warning is open.
   *[other] { $warnings } warnings are open.
}
audits-verdict-empty = The archive holds no packages.
audits-verdict-no-period = It is not laid down how often packages are to be checked, so none can be overdue.
audits-verdict-within = { $packages ->
    [one] The one package of the archive is within its period.
   *[other] All { $packages } packages are within their period.
}
audits-verdict-last = The last run ended on { $time }.
audits-part-facts = Archive and time
audits-caption-facts = What this report is about; times in UTC
audits-archive-id = Identity of the archive
audits-made = As of
audits-covered = Runs from – to
audits-runs = Runs
audits-runs-endless = { $runs }, of which { $endless } without an end
audits-unchecked = never checked since stored
audits-overdue = overdue
audits-oldest = Longest without a check, since
audits-history = Identity of the history
audits-part-open = Open findings
audits-caption-open = What is not in order, since when, and what to do
audits-no-open = None.
audits-part-cleared = Findings cleared in the last year
audits-caption-cleared = What a later check saw no more
audits-no-cleared = None.
audits-more = These are { $shown } of { $all }; audit-findings.csv has all.
audits-finding-where = Package and file
audits-finding-what = Finding and what to do
audits-finding-first = First seen
audits-finding-last = Last seen
audits-finding-cleared = Cleared
audits-finding-whole = Archive as a whole
audits-finding-state = State
audits-finding-kind = Kind
audits-finding-file = File
audits-finding-hint = What to do
audits-finding-is-open = open
audits-finding-is-cleared = cleared
audits-part-ages = Age of the last check
audits-ages-note = How long ago each package was checked last. A package that was never checked since it was stored counts from then: it was read back that day.
audits-ages-description = { $packages } packages by the age of their last check; { $unchecked } never checked since stored, { $overdue } overdue. The numbers are in the table below.
audits-caption-ages = Packages by the age of their last check
audits-age = Age
audits-age-week = up to 7 days
audits-age-days = { $from } to { $to } days
audits-age-years = { $from } to { $to } years
audits-age-more = more than { $from } years
audits-sum = Sum
audits-key-checked = checked
audits-key-unchecked = never checked since stored
audits-key-lowest = lowest
audits-key-end = at the end
audits-part-days = Audits by day
audits-part-months = Audits of the last months
audits-part-years = Audits by year
audits-series-note = A dash (–) stands where no run came to an end. The same numbers are in the table.
audits-chart-coverage = Packages within their period
audits-chart-coverage-description = Share of packages whose period is not over. The numbers are in the table below.
audits-chart-packages = Packages checked
audits-chart-bytes = Amount of data read in { $unit }
audits-chart-rate = Throughput in { $unit }/s
audits-chart-description = At most { $most } in a span. The numbers are in the table below.
audits-caption-series = What the runs checked together; each run counts for the span in which it began (UTC)
audits-period = Span
audits-checked = packages checked
audits-read = read
audits-duration = duration
audits-rate = through­put
audits-coverage = within period
audits-coverage-end = within period, at the end
audits-coverage-lowest = lowest
audits-overdue-end = overdue, at the end
audits-errors = errors
audits-new = new errors
audits-part-runs = Runs of the last year
audits-caption-runs = Each call of earchiv audit, the last one first; times in UTC
audits-no-runs = None.
audits-runs-more = These are the last { $shown } of { $all }; audit-runs.csv has all.
audits-runs-before = { $runs ->
    [one] { $runs } earlier run is summed up by year above; audit-runs.csv has it in full.
   *[other] { $runs } earlier runs are summed up by year above; audit-runs.csv has each of them.
}
audits-run = Run
audits-run-planned = of { $packages }
audits-run-new = { $errors } new
audits-times = Begin and end
audits-begin = Begin
audits-end = End
audits-ending = Why it ended
audits-ending-none = no end: still going on or broken off
audits-ending-complete = all done
audits-ending-time = time used up
audits-ending-bytes = amount of data reached
audits-ending-stopped = stopped
audits-level = Depth
audits-level-quick = quick
audits-level-full = full
audits-level-deep = deep
audits-share = share { $number } of { $of }
audits-head = Head of the journal
audits-shard-number = Share
audits-shards = Shares
audits-planned = packages planned
audits-milliseconds = milliseconds
audits-rate-bytes = bytes per second
audits-damaged = damaged
audits-missing = missing
audits-unreadable = unreadable
audits-doubtful = in order only when read again
audits-unknown = unknown objects
audits-held = packages held
audits-held-bytes = bytes held
audits-ever-checked = checked at all
audits-overdue-bytes = overdue bytes
audits-hash = Checksum of the run
audits-chain-none = No run that came to an end is recorded yet.
audits-chain-whole = { $runs ->
    [one] The chain of runs is whole ({ $runs } run with an end). The journal names no run of this history, so whether runs are missing at its end cannot be told.
   *[other] The chain of runs is whole ({ $runs } runs with an end): none was changed or left out. The journal names no run of this history, so whether runs are missing at its end cannot be told.
}
audits-chain-proven = { $runs ->
    [one] The chain of runs is whole ({ $runs } run with an end), and the journal confirms it.
   *[other] The chain of runs is whole ({ $runs } runs with an end): none was changed or left out, and the journal confirms the last one that it names.
}
audits-chain-broken = The chain of runs is not whole: from run { $run } on the history was changed, or runs are missing. Do not rely on what this report says of earlier times, and check all packages anew.
audits-hash-note = Checksum of the last run, which proves all before it:
audits-head-note = Head of the journal as the last run verified it. Keep it outside the archive, for example with this report on paper; earchiv journal verify --head compares it with the journal later:

## Merging histories

help-audit-merge = Takes the histories of audits of several machines into one.
help-audit-merge-folders = Folders of the histories that are taken in
help-audit-merge-history = Folder of the history that takes them in [default: reports/audit in the archive]
merged-one = { $folder }: { $runs ->
        [0] no new run
        [one] one new run
       *[other] { $runs } new runs
    }, { $packages ->
        [0] no later check
        [one] a later check of one package
       *[other] later checks of { $packages } packages
    }, { $findings ->
        [0] no new finding
        [one] one new finding
       *[other] { $findings } new findings
    }
merged = Merged into { $folder }: { $runs ->
        [one] one run
       *[other] { $runs } runs
    }{ $unended ->
        [0] {""}
        [one] , one of them without an end
       *[other] , { $unended } of them without an end
    }; { $packages ->
        [0] no package with an open finding
        [one] one package with an open finding
       *[other] { $packages } packages with open findings
    }.
fault-history-missing = There is no history of audits in { $file }.
    .hint = Name the folders that the runs had as --history; in each there is a file history.sqlite.
fault-history-changed = The history of audits { $file } is not the one that was written: run { $run } was changed or is missing.
    .hint = Do not merge it with others. Fetch it from a backup, or put it aside and audit its share again.
