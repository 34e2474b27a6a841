### Alles, was Benutzer lesen. Schlüssel und Variablen sind dieselben wie in en.ftl; Tests halten beide gleich.

## Hilfe: Befehle

help = Füllt ein digitales Archiv mit Unterlagen und weist nach, dass sie unversehrt bleiben.
help-init = Legt ein neues, leeres Archiv an.
help-pack = Bildet aus einer Ablieferung Übergabepakete (SIP) oder BagIt-Taschen; ein Archiv ist nicht nötig.
help-ingest = Übernimmt eine Ablieferung: packen, speichern, zurücklesen, nachweisen. Fertige E-ARK-SIP werden von selbst erkannt.
help-inspect = Zeigt, was eine Ablieferung ist und was daraus gepackt würde; geschrieben wird nichts.
help-validate = Prüft, ob Pakete ihrem Standard entsprechen und unversehrt sind (E-ARK, BagIt, OCFL); ein Archiv ist nicht nötig, verändert wird nichts.
help-verify = Liest gespeicherte Pakete und vergleicht jedes Byte mit dem, was bei der Übernahme festgehalten wurde.
help-audit = Vergleicht Archivspeicher, Nachweis und Journal und prüft Pakete: alle oder die, die an der Reihe sind.
help-doctor = Sagt, was auf diesem Rechner gilt: Rechte des Programms, Fähigkeiten des Dateisystems eines Archivs.
help-compare = Vergleicht Anbietung (0501) oder Bewertung (0502) mit der Aussonderung (0503).
help-list = Listet auf, was im Archiv ist.
help-show = Zeigt ein Paket: Verzeichnungsangaben, Dateien, Ereignisse, Ort.
help-accession = Das Zugangsbuch: alle Ablieferungen.
help-accession-list = Listet alle Zugänge auf.
help-accession-show = Zeigt einen Zugang.
help-amend = Berichtigt die Verzeichnungsangaben eines gespeicherten Pakets; seine Dateien bleiben unberührt.
help-export = Gibt ein Paket (DIP) oder einzelne Dateien aus; die Prüfsummen werden dabei verglichen.
help-dispose = Löscht Pakete auf Anordnung und hinterlässt an ihrer Stelle einen Grabstein; zwei Personen verantworten es.
help-replicate = Legt eine zweite Kopie des Archivs an und hält sie auf dem Stand; Abgebrochenes wird fortgesetzt.
help-repair = Stellt beschädigte oder fehlende Pakete und Zugänge aus einer zweiten Kopie des Archivs wieder her.
help-migrate = Stellt ein Archiv auf das neueste Format um; nur dieser Befehl tut das.
help-access = Benutzung: Schutzfristen und Genehmigungen.
help-access-term = Berechnet eine Schutzfrist und erläutert, wie sie zustande kommt.
help-access-grant = Hält eine Entscheidung fest, nach der gesperrte Pakete benutzt werden dürfen (Verkürzung der Schutzfrist).
help-access-list = Listet alle Genehmigungen auf.
help-profile = Übernahmeprofile: wie jede Art von Ablieferung übernommen wird.
help-profile-list = Listet alle Profile auf.
help-profile-show = Erklärt ein Profil in einfachen Worten.
help-profile-check = Prüft eine Profil- oder Vereinbarungsdatei.
help-catalogue = Der Nachweis: das Verzeichnis dessen, was im Archiv ist.
help-catalogue-rebuild = Baut den Nachweis allein aus Archivspeicher und Journal neu auf.
help-journal = Das Journal: die verkettete Aufzeichnung aller Vorgänge.
help-journal-verify = Prüft die Verkettung des Journals.
help-journal-show = Zeigt Einträge des Journals.
help-journal-head = Gibt den Kopf des Journals aus, damit er an anderer Stelle aufbewahrt werden kann.
help-completions = Gibt das Skript aus, mit dem die Shell Aufrufe ergänzt.
help-man = Gibt eine Handbuchseite aus oder schreibt alle.

## Hilfe: Optionen

option-help = Zeigt diese Hilfe
option-version = Zeigt die Version
option-json = Gibt ein einziges JSON-Dokument aus
option-quiet = Meldet nur Ergebnisse und Fehler
option-verbose = Meldet mehr
option-jobs = Anzahl gleichzeitiger Arbeiten [Vorgabe: alle Kerne; auch EARCHIV_JOBS]
option-lang = Sprache: de oder en [Vorgabe: wie das System, ohne Angabe Deutsch; auch EARCHIV_LANG]
option-config = Konfigurationsdatei [Vorgabe: ~/.config/earchiv/config.toml, dann /etc/earchiv/config.toml; auch EARCHIV_CONFIG]
option-no-color = Keine Farben (auch NO_COLOR)
option-archive = Ordner des Archivs (auch EARCHIV_ARCHIVE oder Konfigurationsdatei)
option-wait = Wartet, bis ein anderer Lauf das Archiv freigibt
option-on-behalf-of = In wessen Auftrag gearbeitet wird; steht im Journal (auch EARCHIV_ON_BEHALF_OF)
option-profile = Übernahmeprofil [Vorgabe: das Profil, das zum Inhalt passt]
option-agreement = Übernahmevereinbarung: Name oder Datei
option-producer = Abgebende Stelle
option-delivery = Kennung der Ablieferung [Vorgabe: aus der Ablieferung selbst]
option-decisions = Liste der Bewertungsentscheidungen (CSV: Id, Kennzeichen oder Pfad; Entscheidung A, B oder V; wer, wann, warum)
option-dry-run = Zeigt nur, was geschehen würde
option-schemas = Ordner mit amtlichen Schemata, die in die Pakete gelegt werden
option-files-from = Liest die Liste aus dieser Datei, mit - von der Standardeingabe
option-null = Einträge der Liste enden mit einem Nullbyte statt mit einem Zeilenende
option-sources = Ordner oder fertige Pakete; - allein liest die Liste von der Standardeingabe
option-form = Form der Pakete: zip oder folder [Vorgabe: zip]
option-against = Vergleicht auch mit einer zweiten Kopie des Archivs
option-json-lines = Gibt jedes Ergebnis sofort als eine JSON-Zeile aus, zuletzt die Zusammenfassung
option-level = Wie tief geprüft wird: quick (vorhanden, Größen, Nachweis, Journal), full (jedes Byte) oder deep (auch, was ein Paket über sich selbst sagt) [Vorgabe: full]
option-due = Prüft nur Pakete, die an der Reihe sind; die Frist nennt --every oder audit.toml im Archiv
option-every = Frist, in der jedes Paket geprüft wird, zum Beispiel 90d; prüft nur, was an der Reihe ist
option-max-time = Hört nach dieser Zeit auf, zum Beispiel 2h; der nächste Lauf macht dort weiter
option-max-bytes = Liest höchstens so viel, zum Beispiel 500GiB; der nächste Lauf macht dort weiter
option-shard = Prüft nur einen von mehreren gleichen Teilen, zum Beispiel 2/8; auto nimmt ihn aus einem Slurm-Array, auto/8 aus einem Kubernetes Indexed Job
option-history = Ordner für den Prüfverlauf [Vorgabe: reports/audit im Archiv]
option-head = Anderswo aufbewahrter Kopf des Journals (NUMMER:PRÜFSUMME)
option-status = Prüft nichts, sondern zeigt, wie aktuell die Prüfungen sind
option-all = Zeigt es für viele Archive: Datei mit einem Ordner je Zeile, dahinter mit Tabulator der Ordner des Prüfverlaufs
option-rate = Liest höchstens so viel in einer Sekunde, zum Beispiel 100MiB/s
option-idle = Stört andere Arbeit nicht: liest nur, wenn sonst niemand den Datenträger braucht, und wartet, solange in das Archiv geschrieben wird
help-audit-metrics = Schreibt Kennzahlen für Prometheus in diese Datei (node_exporter, textfile collector)
help-audit-nagios = Gibt nur eine Zeile für Nagios oder Icinga aus und endet mit deren Exit-Codes 0 bis 3
help-audit-hook = Führt diesen Befehl aus, wenn etwas nicht in Ordnung ist; er bekommt den Bericht (JSON) als Eingabe
option-isil = ISIL des Archivs
option-ids = Pakete; ohne Angabe alle, - liest die Liste von der Standardeingabe
option-id = Kennung des Pakets
option-limit = Höchstens so viele
help-init-archive = Ordner des neuen Archivs; er darf noch nicht vorhanden oder muss leer sein
help-init-name = Name des Archivs
help-init-id = UUID des Archivs [Vorgabe: eine neue]
help-pack-out = Ordner, in den die Pakete geschrieben werden
help-pack-format = Was aus einer Unterlage wird: eark (Übergabepaket) oder bagit (BagIt-Tasche) [Vorgabe: eark]
help-pack-bag-profile = Tasche um ein E-ARK-Paket nach dem BagIt-Profil der E-ARK-AIP-Spezifikation: eark-aip
help-pack-bag-info = Angabe für bag-info.txt, „Name: Wert“; mehrfach möglich
help-ingest-init = Legt das Archiv an, wenn es noch nicht vorhanden ist
help-ingest-name = Name des neuen Archivs
help-ingest-isil = ISIL des neuen Archivs
help-ingest-id = UUID des neuen Archivs [Vorgabe: eine neue]
help-ingest-outbox = Ordner, in den Rückmeldungen an die abgebende Stelle geschrieben werden (xdomea 0506, 0507), mit --inbox auch die Protokolle
help-ingest-inbox = Eingangsordner: übernimmt in einem Durchgang die Ablieferungen, die vollständig darin liegen, jede als eigenen Zugang; geändert wird dort nichts
help-ingest-ready-marker = Vollständig ist eine Ablieferung, neben der eine Datei ihres Namens mit dieser Endung liegt (.fertig: „Akten.fertig“ neben „Akten“)
help-ingest-quiet-for = So lange darf sich an einer Ablieferung nichts geändert haben, mit --ready-marker nur nach dem Vermerk: 90s, 10min, 2h, 1d [Vorgabe: 10min]
help-ingest-supplements = Kennung eines gespeicherten Pakets: die Quelle sind Dateien, die zu ihm gehören und nachgekommen sind
help-ingest-as-folder = Speichert Pakete als Ordner statt als ZIP-Datei
help-list-search = Suchwörter
help-list-accession = Nur Pakete dieses Zugangs
help-list-producer = Nur Pakete dieser abgebenden Stelle
help-list-from = Laufzeit nicht vor diesem Datum
help-list-to = Laufzeit nicht nach diesem Datum
help-list-closed = Nur Pakete, deren Schutzfrist läuft oder noch zu prüfen ist
help-list-free = Nur Pakete, die benutzt werden dürfen
help-list-retention-ends-before = Nur Pakete, deren Aufbewahrungsfrist vor diesem Datum endet
help-list-state = Nur Pakete in diesem Zustand
help-accession-show-number = Zugangsnummer, zum Beispiel 2026-0001
help-compare-messages = Nachrichten 0501, 0502 und 0503 in beliebiger Folge: XML-Datei, ZIP-Datei oder Ordner
help-doctor-folder = Dateisystem dieses Ordners erproben statt des Archivs
help-doctor-locked = Sagt über den Exit-Code, ob ein anderer Prozess die Datei hält
help-amend-reason = warum berichtigt wird; steht im Paket und in der Fassung, nicht im Journal
help-amend-title = Titel
help-amend-identifier = Aktenzeichen; mehrere durch Wiederholen, sie ersetzen alle bisherigen
help-amend-signature = Signatur des Archivs
help-amend-date-from = Beginn der Laufzeit (2013, 2013-05 oder 2013-05-04); "" entfernt die Angabe
help-amend-date-to = Ende der Laufzeit
help-amend-creator = Provenienz: wer die Unterlagen geführt hat
help-amend-holdings = Bestand
help-amend-summary = Enthält-Vermerk
help-amend-subject = Schlagwort; mehrere durch Wiederholen, sie ersetzen alle bisherigen
help-amend-metadata = Tabelle (metadata.toml oder CSV) mit einer Zeile für dieses Paket; ihr Pfad ist die Kennung des Pakets oder ein Punkt
help-export-out = Ordner, in den geschrieben wird
help-export-form = Form des Pakets: folder oder zip [Vorgabe: folder]
help-export-permit = Nummer der Genehmigung, nach der ein gesperrtes Paket benutzt werden darf
help-dispose-order = Nummer oder Aktenzeichen der Anordnung; steht im Journal und im Grabstein
help-dispose-first = Erste Person, die die Löschung verantwortet
help-dispose-second = Zweite Person; es muss eine andere sein
help-dispose-ground = Grund: court-order (Anordnung eines Gerichts), misdelivery (Fehlablieferung), term-end (Ende der Verwahrfrist) oder order (steht in der Anordnung) [Vorgabe: order]
help-dispose-ids = Pakete; - liest die Liste von der Standardeingabe
help-replicate-to = Ordner der Kopie; fehlt er, wird er angelegt
help-replicate-full = Liest auch jedes Byte, das die Kopie schon hat, und ersetzt, was dort beschädigt ist
help-replicate-as-copy = Was aus einer Kopie entsteht, bleibt eine Kopie; sonst ist es ein Archiv, in dem gearbeitet wird (Wiederherstellung)
help-repair-from = Ordner der zweiten Kopie; sie wird nur gelesen
help-repair-ids = Pakete oder Zugangsnummern; ohne Angabe alles, was beschädigt ist
help-access-term-made = Letztes Datum der Unterlagen (Ende der Laufzeit)
help-access-term-born = Geburt einer Person, - für unbekannt; je Person einmal, in derselben Reihenfolge wie --died
help-access-term-died = Tod einer Person, - für unbekannt; je Person einmal
help-access-term-secret = Es gelten Vorschriften über Geheimhaltung
help-access-term-personal = Die Unterlagen sind personenbezogen, Lebensdaten sind nicht bekannt
help-access-term-exact = Taggenau statt zum Jahresende
help-access-term-profile = Nach den Schutzfristen dieses Profils [Vorgabe: SächsArchivG § 10]
help-access-term-agreement = Nach den Schutzfristen dieser Übernahmevereinbarung
help-access-grant-number = Nummer der Entscheidung
help-access-grant-basis = Rechtsgrundlage oder Bescheid; ohne Namen, denn der Text steht im Journal
help-access-grant-until = Letzter Tag, an dem benutzt werden darf
help-access-grant-package = Pakete, für die sie gilt
help-access-grant-holdings = Bestand, für dessen Pakete sie gilt
help-export-files = Dateien des Pakets; ohne Angabe das ganze Paket
help-profile-show-toml = Den Text des Profils zum Kopieren
help-profile-show-resolved = Mit allen Werten, auch den nicht ausdrücklich genannten
help-profile-show-agreement = So, wie diese Vereinbarung es ergänzt
help-profile-show-name = Name des Profils
help-profile-check-file = Datei
help-validate-format = Standard, an dem die Pakete gemessen werden: eark, bagit oder ocfl [Vorgabe: wonach jedes aussieht]
help-validate-spec = Version der E-ARK-Spezifikationen: 2.0.4, 2.1.0 oder 2.2.0 [Vorgabe: die das Paket nennt]
help-validate-junit = Schreibt einen Bericht als JUnit-XML in diese Datei, für Buildserver wie Jenkins oder GitLab
help-validate-bag-profile = Misst Taschen auch an diesem BagIt-Profil (JSON); das in einer Tasche genannte wird nie geladen
help-validate-schemas = Ordner mit amtlichen Schemata; METS, PREMIS und andere Metadaten werden auch an ihnen gemessen, nach Namensraum
help-validate-summary = Nennt je Paket nur das Ergebnis, ohne die einzelnen Befunde
help-validate-paths = Pakete: Ordner, ZIP- oder TAR-Dateien, auch .tar.gz; - allein liest die Liste von der Standardeingabe
help-journal-verify-head = Kopf, der an anderer Stelle aufbewahrt wurde
help-journal-show-limit = Nur die letzten so vielen Einträge
help-journal-show-package = Nur Einträge zu diesem Paket
help-completions-shell = Shell: bash, zsh, fish, elvish oder powershell
help-man-out = Schreibt alle Seiten in diesen Ordner
help-man-command = Befehl, dessen Seite ausgegeben wird [Vorgabe: die Hauptseite]

## Hilfe: Überschriften und Werte

heading-usage = Aufruf
heading-commands = Befehle
heading-arguments = Argumente
heading-options = Optionen
heading-common = Allgemeine Optionen
value-options = OPTIONEN
value-command = BEFEHL
value-archive = ARCHIV
value-agreement = VEREINBARUNG
value-date = DATUM
value-copy = KOPIE
value-dir = ORDNER
value-duration = DAUER
value-ending = ENDUNG
value-share = TEIL/ANZAHL
value-level = STUFE
value-list = LISTE
value-size = MENGE
value-file = DATEI
value-format = FORMAT
value-element = ANGABE
value-form = FORM
value-ground = GRUND
value-head = KOPF
value-id = KENNUNG
value-isil = ISIL
value-lang = SPRACHE
value-n = ANZAHL
value-message = NACHRICHT
value-name = NAME
value-number = NUMMER
value-path = PFAD
value-profile = PROFIL
value-rate = MENGE/s
value-shell = SHELL
value-source = QUELLE
value-standard = STANDARD
value-version = VERSION
value-state = ZUSTAND
value-text = TEXT
value-uuid = UUID
value-words = WÖRTER
man-name = BEZEICHNUNG
man-synopsis = ÜBERSICHT
man-description = BESCHREIBUNG
man-version = VERSION

## Doctor

doctor-yes = ja
doctor-no = nein
doctor-unknown = ?
doctor-system = System
doctor-program = eArchiv { $value }
doctor-kernel = Kern { $value }
doctor-rights = Rechte, die das Programm abgibt
doctor-landlock = Landlock, Fassung { $version }, voll wirksam
doctor-landlock-partly = Landlock, Fassung { $version }, teilweise wirksam
    .hint = Ein neuerer Kern schränkt mehr ein; am Ergebnis ändert das nichts.
doctor-landlock-none = Landlock
    .hint = Dieser Kern kennt es nicht oder hat es abgeschaltet. Das Programm arbeitet ebenso, der Kern hält es nur nicht zurück. Nötig ist Linux ab 5.19 mit „landlock“ in /sys/kernel/security/lsm.
doctor-landlock-off = Landlock
    .hint = Mit EARCHIV_LANDLOCK=off abgeschaltet. Nehmen Sie die Variable wieder weg.
doctor-landlock-refused = Landlock
    .hint = Der Kern hat es verweigert, etwa weil ein Container es sperrt. Das Programm arbeitet ebenso, der Kern hält es nur nicht zurück.
doctor-write-outside = Schreiben außerhalb der eigenen Ordner wird verweigert
doctor-connect = Verbindungen (TCP) werden verweigert
doctor-listen = Lauschen auf Anschlüssen (TCP) wird verweigert
doctor-execute = Start anderer Programme wird verweigert
doctor-not-denied = Der Kern hat es zugelassen.
doctor-not-tried = Ließ sich hier nicht erproben.
doctor-medium = Dateisystem von { $file } ({ $kind })
doctor-write = Schreiben und Zurücklesen
    .hint = Was geschrieben wurde, kam nicht ebenso zurück: Hier kann kein Archiv liegen.
doctor-rename-no-replace = Umbenennen, ohne je zu ersetzen (RENAME_NOREPLACE)
    .hint = eArchiv sieht stattdessen vorher nach. Sicher ist das, solange nur eArchiv in das Archiv schreibt.
doctor-exchange = Zwei Namen in einem Schritt tauschen (RENAME_EXCHANGE)
    .hint = Neue Fassungen gespeicherter Pakete brauchen das; alles andere geht.
doctor-hard-link = Feste Verknüpfungen (hard links)
    .hint = Neue Fassungen gespeicherter Pakete müssten alle Dateien kopieren.
doctor-lock = Sperre (flock)
    .hint = Zwei Läufe könnten zugleich schreiben. Hier darf kein Archiv liegen; bei einer Freigabe helfen andere Mount-Optionen (NFS ohne nolock, SMB ohne nobrl).
doctor-lock-others = Sperre, die auch ein zweiter Prozess sieht
    .hint = Zwei Läufe könnten zugleich schreiben. Hier darf kein Archiv liegen.
doctor-sync-file = Dateien dauerhaft machen (fsync)
    .hint = Was als gespeichert gemeldet wird, könnte nach einem Stromausfall fehlen. Hier darf kein Archiv liegen.
doctor-sync-folder = Ordner dauerhaft machen (fsync)
    .hint = Was als gespeichert gemeldet wird, könnte nach einem Stromausfall fehlen. Hier darf kein Archiv liegen.
doctor-sync-file-system = Ein ganzes Dateisystem dauerhaft machen (syncfs)
    .hint = Was als gespeichert gemeldet wird, könnte nach einem Stromausfall fehlen. Hier darf kein Archiv liegen.
doctor-unnamed-file = Dateien ohne Namen (O_TMPFILE)
    .hint = eArchiv nimmt stattdessen Dateien, deren Namen es sofort löscht; es folgt nichts daraus.
doctor-cache-advice = Zurücklesen vom Datenträger statt aus dem Speicher (posix_fadvise)
    .hint = Das Zurücklesen prüft womöglich nur, was noch im Arbeitsspeicher liegt. Prüfen Sie nach der Übernahme mit earchiv verify, am besten nach einem Neustart.
doctor-long-name = Namen von 255 Bytes
    .hint = Lange Namen lassen sich nicht ablegen.
doctor-any-name = Namen, die kein UTF-8 sind
    .hint = Für das Archiv folgt nichts daraus: Namen in Paketen sind immer UTF-8. Ein Export kann solche Namen nicht wiederherstellen.
doctor-case-sensitive = Groß- und Kleinschreibung zählt
    .hint = Für das Archiv folgt nichts daraus: Namen in Paketen unterscheiden sich immer auch sonst.
doctor-form-sensitive = Namen bleiben, wie sie sind (NFC und NFD zählen)
    .hint = Für das Archiv folgt nichts daraus: Namen in Paketen unterscheiden sich immer auch sonst. Ein Export kann andere Namen haben.
doctor-sparse = Lücken brauchen keinen Platz
    .hint = Es folgt nur mehr Platzbedarf während der Arbeit.
doctor-time-step = Zeiten in Schritten von { $value } ns
    .hint = Änderungen an Quellen, die schneller folgen, fallen nur an der Größe auf.
doctor-writable = Beschreibbar eingehängt
    .hint = Nur lesen und prüfen ist möglich.
doctor-free-bytes = Frei: { $value }
    .hint = Der Datenträger ist voll.
doctor-free-files = Frei: { $value } Dateien
    .hint = Es lässt sich keine Datei mehr anlegen, auch wenn noch Platz ist.
doctor-work = Temporäre Dateien in { $file }
doctor-work-usable = Dateien ohne Namen
    .hint = Container in Containern und große Nachrichten lassen sich nicht lesen. Nennen Sie mit TMPDIR einen Ordner, in den Sie schreiben dürfen.
doctor-failed = Ließ sich nicht erproben: { $cause }
doctor-good = Alles Nötige ist da.

## Arten von Fehlern

kind-usage = Falscher Aufruf
kind-config = Falsche Konfiguration
kind-refused = Zurückgewiesen
kind-io = Lese- oder Schreibfehler
kind-integrity = Nicht unversehrt
kind-locked = Gesperrt
kind-catalogue = Nachweis nicht brauchbar
kind-journal = Journal nicht brauchbar
kind-marker = Archiv nicht erkannt
kind-permission = Nicht erlaubt
kind-stopped = Abgebrochen
kind-bug = Unerwarteter Fehler
cause = Ursache: { $cause }
hint = Abhilfe: { $hint }
did-you-mean = Meinten Sie { $word }?

## Ursachen, die das Betriebssystem nennt

io-not-found = Datei oder Ordner nicht vorhanden
io-permission = keine Berechtigung
io-exists = bereits vorhanden
io-not-a-folder = kein Ordner
io-is-a-folder = ein Ordner, keine Datei
io-no-file = keine gewöhnliche Datei
io-full = kein Platz auf dem Datenträger
io-quota = das Kontingent ist erschöpft
io-read-only = das Dateisystem ist schreibgeschützt
io-stale = die Verbindung zum Netzlaufwerk ist verloren

## Falsche Aufrufe

fault-unknown-option = Die Option oder das Argument { $option } gibt es hier nicht.
    .hint = Alle Optionen zeigt --help.
fault-unknown-command = Den Befehl { $command } gibt es nicht.
    .hint = Alle Befehle zeigt earchiv --help.
fault-missing-command = Der Befehl fehlt.
    .hint = Alle Befehle zeigt --help.
fault-missing-argument = Es fehlt: { $option }
    .hint = Den vollständigen Aufruf zeigt --help.
fault-value-missing = Nach { $option } fehlt der Wert.
    .hint = Welche Werte möglich sind, zeigt --help.
fault-value-not-among = „{ $value }“ ist kein Wert für { $option }; möglich sind: { $values }.
    .hint = Mehr dazu zeigt --help.
fault-value-invalid = „{ $value }“ ist kein Wert für { $option }.
    .hint = Welche Werte möglich sind, zeigt --help.
fault-quantity-number = „{ $value }“ für { $option } beginnt mit keiner Zahl.
    .hint = Geschrieben wird eine Zahl und dahinter die Einheit, zum Beispiel 500GiB, 100MiB/s oder 2h.
fault-quantity-comma = „{ $value }“ für { $option }: Das Komma kann hier Dezimal- oder Tausenderzeichen sein.
    .hint = Schreiben Sie einen Punkt vor die Nachkommastellen, zum Beispiel 1.5GiB, und Tausender ohne Zeichen.
fault-quantity-bytes = „{ $value }“ für { $option } nennt keine Einheit für eine Datenmenge.
    .hint = Möglich sind B, kB, MB, GB, TB (je 1000) und KiB, MiB, GiB, TiB (je 1024), zum Beispiel 500GiB.
fault-quantity-rate = „{ $value }“ für { $option } nennt keine Einheit für eine Datenmenge je Sekunde.
    .hint = Möglich sind B/s, kB/s, MB/s, GB/s und KiB/s, MiB/s, GiB/s, zum Beispiel 100MiB/s.
fault-quantity-time = „{ $value }“ für { $option } nennt keine Einheit für eine Zeit.
    .hint = Möglich sind s, min, h, d (Tage) und w (Wochen), zum Beispiel 30min, 2h oder 90d; Monate und Jahre sind verschieden lang.
fault-quantity-zero = „{ $value }“ für { $option } ist nichts.
    .hint = Lassen Sie die Option weg, wenn es keine Grenze geben soll.
fault-quantity-part = „{ $value }“ für { $option } ergibt keine ganze Zahl von Bytes oder Sekunden.
    .hint = Schreiben Sie es in einer kleineren Einheit.
fault-quantity-overflow = „{ $value }“ für { $option } ist mehr, als sich zählen lässt.
    .hint = Lassen Sie die Option weg, wenn es keine Grenze geben soll.
fault-value-no-id = „{ $value }“ für { $option } ist keine Kennung eines Pakets.
    .hint = Eine Kennung ist eine UUID; earchiv list zeigt die Kennungen aller Pakete.
fault-value-no-date = „{ $value }“ für { $option } ist kein Datum.
    .hint = Ein Datum wird als 2013-05-04, 2013-05 oder 2013 geschrieben.
fault-value-no-marker = „{ $value }“ für { $option } ist keine Endung für einen Fertigvermerk.
    .hint = Sie beginnt mit Punkt, Binde- oder Unterstrich, zum Beispiel .fertig, und ist keine, die unfertige Dateien haben.
fault-value-no-level = „{ $value }“ für { $option } ist keine Stufe einer Prüfung.
    .hint = Möglich sind quick, full und deep.
fault-value-no-shard = „{ $value }“ für { $option } ist kein Teil.
    .hint = Geschrieben wird zum Beispiel 2/8 für den zweiten von acht Teilen; auto gilt nur in einem Slurm-Array, auto/8 nur in einem Kubernetes Indexed Job.
fault-no-period = Es ist keine Frist festgelegt, nach der Pakete an der Reihe wären.
    .hint = Nennen Sie sie mit --every, zum Beispiel 90d, oder schreiben Sie every_days = 90 in die Datei audit.toml im Archiv.
fault-history-other = Der Prüfverlauf { $file } gehört zu einem anderen Archiv ({ $archive }).
    .hint = Nennen Sie mit --history den Ordner dieses Archivs oder einen leeren.
fault-history-damaged = Der Prüfverlauf { $file } ist beschädigt.
    .hint = Legen Sie die Datei beiseite und prüfen Sie erneut: Ein neuer Verlauf beginnt, und jedes Paket gilt als seit der Übernahme ungeprüft. Was schon geprüft wurde, steht im Journal.
fault-history-newer = Den Prüfverlauf { $file } hat eine neuere Fassung von eArchiv angelegt.
    .hint = Verwenden Sie die neuere Fassung.
fault-history-busy = In den Prüfverlauf { $file } schreibt gerade ein anderer Lauf.
    .hint = Warten Sie, bis er fertig ist, oder geben Sie jedem Lauf mit --history einen eigenen Ordner.
fault-value-no-text = „{ $value }“ für { $option } enthält Steuerzeichen.
    .hint = Schreiben Sie den Text ohne sie; ein Paket kann sie nicht festhalten.
fault-value-no-form = „{ $value }“ für { $option } ist keine Form eines Pakets.
    .hint = Möglich sind zip und folder.
fault-value-count = Für { $option } ist die Anzahl der Werte falsch.
    .hint = Den vollständigen Aufruf zeigt --help.
fault-option-twice = { $option } darf nur einmal angegeben werden.
    .hint = Nennen Sie die Option nur einmal.
fault-options-conflict = { $option } und { $other } schließen sich aus.
    .hint = Lassen Sie eine der beiden Angaben weg.
fault-argument-letters = Ein Argument ist kein gültiges UTF-8.
    .hint = Nennen Sie Dateien mit solchen Namen in einer Liste mit --files-from.
fault-wrong-call = Der Aufruf ist falsch.
    .hint = Den vollständigen Aufruf zeigt --help.
fault-list-nul = Die Liste { $file } enthält Nullbytes.
    .hint = Enden die Einträge mit einem Nullbyte, geben Sie zusätzlich -0 an.
fault-value-no-element = „{ $value }“ für { $option } ist keine Angabe für bag-info.txt.
    .hint = Geschrieben wird sie „Organization-Address: Rathausplatz 1, 12345 Musterstadt“; Payload-Oxum und Bag-Size werden gezählt.
fault-bag-options = --bag-profile und --bag-info gehören zu --format bagit.
    .hint = Ergänzen Sie --format bagit, oder lassen Sie beide weg.
fault-bag-profile-file = Die Datei ist kein BagIt-Profil.
    .hint = Ein Profil ist eine JSON-Datei mit BagIt-Profile-Info und Accept-BagIt-Version.
fault-bag-profile-form = Das BagIt-Profil von E-ARK nimmt nur gepackte Taschen an.
    .hint = Lassen Sie --form weg, oder nehmen Sie --form zip.
fault-bag-profile-address = Das BagIt-Profil von E-ARK verlangt die Anschrift der abgebenden Stelle.
    .hint = --bag-info "Organization-Address: Rathausplatz 1, 12345 Musterstadt"
fault-list-empty = Es wurde keine Quelle genannt.
    .hint = Nennen Sie mindestens einen Ordner oder ein fertiges Paket.
fault-doctor-lacks = { $file } fehlt etwas, das ein Archiv braucht.
    .hint = Was fehlt und was daraus folgt, steht oben.
fault-archive-address = Das Archiv ist mit einer Adresse benannt; es liegt in einem Ordner.
    .hint = Nennen Sie den Ordner, unter dem es eingehängt ist. Kennwörter und Schlüssel gehören in keine Einstellung.
fault-archive-not-named = Es wurde kein Archiv genannt.
    .hint = Nennen Sie den Ordner mit --archive, mit der Variablen EARCHIV_ARCHIVE oder als archive in der Konfigurationsdatei.
fault-no-id = „{ $value }“ ist keine Kennung eines Pakets.
    .hint = Eine Kennung ist eine UUID; earchiv list zeigt die Kennungen aller Pakete.

## Konfiguration

fault-config-missing = Die Konfigurationsdatei { $file } gibt es nicht.
    .hint = Prüfen Sie --config und EARCHIV_CONFIG.
fault-variable = Die Umgebungsvariable { $name } hat den ungültigen Wert „{ $value }“.
    .hint = Berichtigen oder entfernen Sie die Variable.
fault-toml-letters = { $file } ist kein gültiges UTF-8.
    .hint = Speichern Sie die Datei als UTF-8.
fault-toml-syntax = { $file } ist kein richtiges TOML.
    .hint = Berichtigen Sie die genannte Stelle.
fault-toml-key-unknown = Den Schlüssel { $key } gibt es hier nicht.
    .hint = Möglich sind hier: { $expected }
fault-toml-key-twice = Der Schlüssel { $key } steht zweimal da.
    .hint = Entfernen Sie einen der beiden.
fault-toml-type = Der Wert von { $key } hat die falsche Art.
    .hint = Berichtigen Sie die genannte Stelle.
fault-toml-value = „{ $value }“ ist kein Wert für { $key }.
fault-toml-key-missing = Der Schlüssel { $key } fehlt.
    .hint = Ergänzen Sie ihn.
fault-profile-unknown = Das Profil { $name } gibt es nicht; vorhanden sind: { $known }.
    .hint = Alle Profile zeigt earchiv profile list.
fault-agreement-unknown = Die Übernahmevereinbarung { $name } gibt es nicht.
    .hint = Vereinbarungen liegen im Ordner agreements des Archivs; möglich ist auch der Pfad einer Datei.

## Lesen, Schreiben, Abbruch

fault-read = { $file } konnte nicht gelesen werden.
    .hint = Prüfen Sie Datenträger und Pfad und wiederholen Sie den Aufruf.
fault-read-denied = { $file } darf nicht gelesen werden.
    .hint = Geben Sie dem Benutzer das Leserecht oder rufen Sie als anderer Benutzer auf.
fault-write = { $file } konnte nicht geschrieben werden.
    .hint = Prüfen Sie Datenträger und Pfad und wiederholen Sie den Aufruf.
fault-write-denied = { $file } darf nicht geschrieben werden.
    .hint = Geben Sie dem Benutzer das Schreibrecht oder rufen Sie als anderer Benutzer auf.
fault-no-names = Für { $file } lässt sich nichts mehr anlegen, obwohl { $free } frei sind (nötig { $needed }): Der Datenträger hat keine Inodes mehr, oder ein Kontingent ist erschöpft.
    .hint = Entfernen Sie Dateien, die niemand braucht, oder lassen Sie das Kontingent erhöhen, und wiederholen Sie den Aufruf; Begonnenes wird dabei zu Ende geführt.
fault-no-space = Für { $file } reicht der Platz nicht: nötig { $needed }, frei { $free }.
    .hint = Schaffen Sie Platz und wiederholen Sie den Aufruf; Begonnenes wird dabei zu Ende geführt.
fault-access = Mit { $file } konnte nicht gearbeitet werden.
    .hint = Prüfen Sie Datenträger und Pfad und wiederholen Sie den Aufruf.
fault-access-denied = Der Zugriff auf { $file } ist nicht erlaubt.
    .hint = Geben Sie dem Benutzer das nötige Recht oder rufen Sie als anderer Benutzer auf.
fault-full = Für { $file } reicht der Platz nicht; frei sind { $free }.
    .hint = Schaffen Sie Platz und wiederholen Sie den Aufruf; Begonnenes wird dabei zu Ende geführt.
fault-stdout = Die Ausgabe konnte nicht vollständig geschrieben werden.
    .hint = Prüfen Sie, wohin die Ausgabe geleitet wird.
fault-signals = Auf Abbruchsignale kann nicht gehört werden.
fault-threads = Die Arbeiten konnten nicht gestartet werden.
    .hint = Verringern Sie --jobs.
fault-man = Die Handbuchseite konnte nicht erzeugt werden.
fault-stopped = Der Lauf wurde auf Wunsch abgebrochen; das Archiv ist in Ordnung.
    .hint = Derselbe Aufruf setzt die Arbeit fort.
fault-bug = Das Programm hat einen Fehler ({ $place }): { $said }
    .hint = Bitte melden Sie diese Zeile; das Archiv bleibt in Ordnung.
stopping = Wird abgebrochen, sobald das Archiv in Ordnung ist; erneuter Abbruch beendet sofort.

## Archiv

fault-locked = Ein anderer Lauf arbeitet mit dem Archiv { $file }.
    .hint = Warten Sie auf sein Ende, oder lassen Sie diesen Aufruf mit --wait warten.
fault-marker-missing = In { $file } ist kein Archiv: die Kennzeichnung earchiv.toml fehlt.
    .hint = Ist der Datenträger eingehängt? Ein neues Archiv legt nur earchiv init an.
fault-archive-newer = Das Archiv { $file } hat das Format { $format }, das diese Fassung des Programms nicht kennt.
    .hint = Verwenden Sie eine neuere Fassung von eArchiv.
fault-archive-older = Das Archiv { $file } hat das Format { $format }; dafür ist das Format { $needed } nötig. Es wurde nichts verändert.
    .hint = Stellen Sie das Archiv mit earchiv migrate --archive { $file } um. Ältere Fassungen des Programms können es danach nicht mehr öffnen.
fault-archive-exists = In { $file } ist bereits ein Archiv.
    .hint = Verwenden Sie dieses Archiv, oder nennen Sie einen anderen Ordner.
fault-folder-not-empty = Der Ordner { $file } ist nicht leer.
    .hint = Nennen Sie einen neuen oder leeren Ordner.
fault-catalogue-missing = Der Nachweis { $file } fehlt.
    .hint = Bauen Sie ihn mit earchiv catalogue rebuild neu auf.
fault-catalogue-damaged = Der Nachweis { $file } ist beschädigt.
    .hint = Bauen Sie ihn mit earchiv catalogue rebuild neu auf.
fault-catalogue-older = Der Nachweis { $file } wurde von einer älteren Fassung des Programms geschrieben.
    .hint = Bauen Sie ihn mit earchiv catalogue rebuild neu auf; am Archiv ändert sich dadurch nichts.
fault-catalogue-newer = Der Nachweis { $file } wurde von einer neueren Fassung des Programms geschrieben.
    .hint = Verwenden Sie eine neuere Fassung von eArchiv.
fault-journal-missing = Das Journal { $file } fehlt.
    .hint = Stellen Sie es aus einer Sicherung wieder her; ohne Journal lässt sich nicht nachweisen, was gespeichert wurde.
fault-journal-damaged = Das Journal { $file } ist verändert worden.
    .hint = Einzelheiten zeigt earchiv journal verify; stellen Sie es aus einer Sicherung wieder her.
fault-source-missing = Die Quelle { $file } gibt es nicht.
    .hint = Prüfen Sie den Pfad und ob der Datenträger eingehängt ist.
fault-outbox-inside = Der Ordner { $file } für Protokolle liegt im Eingang; dort gälte er als Ablieferung.
    .hint = Nennen Sie mit --outbox einen Ordner außerhalb.
fault-source-overlaps = Die Quelle { $file } und das Archiv liegen ineinander.
    .hint = Quelle und Archiv müssen getrennte Ordner sein.
fault-source-empty = In { $file } ist nichts zu übernehmen.
    .hint = Prüfen Sie, ob die Ablieferung vollständig ist.
fault-source-refused = { $file } wird nicht übernommen.
    .hint = earchiv inspect zeigt, was darin liegt und was daran nicht stimmt.
fault-package-not-held = Das Paket { $package } ist nicht im Archiv.
    .hint = Alle Pakete zeigt earchiv list.
fault-package-disposed = Das Paket { $package } wurde am { $day } auf Anordnung { $order } gelöscht.
    .hint = Was davon bekannt ist, zeigt earchiv show.
fault-disposal-term-runs = Das Paket { $package } wird nicht gelöscht: Es ist bis einschließlich { $until } aufzubewahren.
    .hint = Warten Sie das Ende der Frist ab. Nur die Anordnung eines Gerichts geht ihr vor (--ground court-order).
fault-disposal-term-unknown = Das Paket { $package } wird nicht gelöscht: Weder das Paket noch der Nachweis sagt, wie lange es aufzubewahren ist.
    .hint = Stellen Sie das Paket mit earchiv repair wieder her oder den Nachweis mit earchiv catalogue rebuild, und wiederholen Sie den Befehl.
fault-disposal-no-term = Das Paket { $package } wird nicht gelöscht: Es ist nicht auf Zeit verwahrt, oder das Ende seiner Frist ist nicht bekannt.
    .hint = Der Grund term-end setzt eine Verwahrfrist voraus, die abgelaufen ist. Nennen Sie den Grund, der in der Anordnung steht.
fault-disposal-other-order = Das Paket { $package } wurde schon gelöscht, und zwar auf Anordnung { $order }.
    .hint = Es ist nichts mehr zu tun; earchiv show zeigt, was davon bekannt ist.
fault-dispose-order-empty = Die Nummer der Anordnung fehlt.
    .hint = Geben Sie mit --order das Aktenzeichen an, unter dem die Anordnung zu finden ist.
fault-dispose-person-empty = Es fehlt der Name einer der beiden Personen.
    .hint = Nennen Sie mit --first und --second die beiden Personen, die die Löschung verantworten.
fault-dispose-same-person = Mit --first und --second ist dieselbe Person genannt.
    .hint = Eine Löschung verantworten zwei verschiedene Personen; Groß- und Kleinschreibung, Leer- und Satzzeichen machen keinen Unterschied.
fault-dispose-unfit = Die Nummer der Anordnung oder ein Name enthält Steuerzeichen oder ist länger als 200 Zeichen.
    .hint = Schreiben Sie beides in eine Zeile.
fault-list-disposed = Was gelöscht ist, lässt sich nicht nach Inhalt, Zeit oder Herkunft suchen: Davon ist nichts mehr bekannt.
    .hint = Mit --state disposed wirken nur --accession und --limit.
fault-is-copy = { $file } ist eine Kopie des Archivs; in sie schreibt nur earchiv replicate.
    .hint = Rufen Sie den Befehl mit dem Original auf. Ist das Original verloren, wird aus der Kopie ein Archiv: mit earchiv replicate --archive KOPIE --to NEU, oder indem Sie die Datei copy.toml entfernen.
fault-copy-overlaps = Die Kopie { $file } und das Archiv liegen ineinander.
    .hint = Nennen Sie einen Ordner an anderer Stelle, am besten auf einem anderen Rechner oder Datenträger.
fault-copy-parted = Das Journal der Kopie { $file } ist ab Zeile { $line } einen eigenen Weg gegangen. Es wurde nichts verändert.
    .hint = Jemand hat in die Kopie geschrieben oder in ein Archiv, das aus ihr wiederhergestellt wurde. Klären Sie, welches von beiden das Archiv ist, und nennen Sie einen neuen Ordner für eine Kopie davon.
fault-copy-ahead = Das Journal der Kopie { $file } geht weiter, wo das des Archivs endet (Kopf { $head }). Es wurde nichts verändert.
    .hint = Entweder wurde das Archiv auf einen früheren Stand zurückgesetzt, oder jemand hat in die Kopie geschrieben. Klären Sie, was zutrifft; ein anderswo aufbewahrter Kopf des Journals entscheidet es (earchiv journal verify --head KOPF).
fault-copy-journal-damaged = Das Journal der Kopie { $file } ist ab Zeile { $line } beschädigt. Es wurde nichts verändert.
    .hint = Nehmen Sie die Datei journal/journal.jsonl aus der Kopie heraus; earchiv replicate kopiert sie dann ganz neu.
fault-no-copy = { $file } ist keine Kopie eines Archivs.
    .hint = Nennen Sie den Ordner, in dem die Kopie von earchiv.toml, store/ und journal/ liegt.
fault-copy-of-other = { $file } ist die Kopie eines anderen Archivs ({ $id }).
    .hint = Nennen Sie eine Kopie dieses Archivs; die Kennungen stehen in earchiv.toml.
fault-journal-doubted = Das Journal { $file } fehlt oder ist beschädigt; ohne es steht nicht fest, was gespeichert wurde. Es wurde nichts verändert.
    .hint = Einzelheiten zeigt earchiv journal verify. Stellen Sie journal/journal.jsonl aus einer Kopie wieder her, deren Kopf Sie mit einem anderswo aufbewahrten vergleichen, und wiederholen Sie den Befehl; eArchiv ersetzt das Journal nicht von selbst.
copy-journal-whole = Das Journal der Kopie ist ganz und enthält den letzten Eintrag, den der Nachweis kennt (Kopf { $head }).
copy-journal-unproven = Das Journal der Kopie ist ganz (Kopf { $head }); ob es das letzte ist, sagt hier kein Nachweis.
copy-journal-older = Das Journal der Kopie ist ganz, aber es endet vor dem letzten Eintrag, den der Nachweis kennt, oder ist ein anderes (Kopf { $head }).
copy-journal-damaged = Das Journal der Kopie fehlt oder ist ebenfalls beschädigt.
fault-file-not-in-package = Die Datei { $name } ist nicht im Paket { $package }.
    .hint = Alle Dateien eines Pakets zeigt earchiv show.
fault-package-damaged = Das Paket { $package } ist nicht mehr so, wie es gespeichert wurde; nichts davon wird ausgegeben.
    .hint = Einzelheiten zeigt earchiv verify; stellen Sie das Paket aus einer Sicherung wieder her.
fault-package-not-whole = Das Paket { $package } ist nicht mehr so, wie es gespeichert wurde; es bekommt keine weitere Fassung.
    .hint = Einzelheiten zeigt earchiv verify; stellen Sie das Paket zuerst wieder her.
fault-unchangeable = Auf dem Dateisystem von { $file } können gespeicherte Pakete keine weitere Fassung bekommen: es kann Dateien keinen zweiten Namen geben oder Ordner nicht in einem Schritt vertauschen. Es wurde nichts verändert.
    .hint = Legen Sie das Archiv auf ein Dateisystem wie ext4 oder XFS. Netzlaufwerke und viele FUSE-Dateisysteme können das nicht.
fault-supplement-records = { $file } enthält { $records } Unterlagen; ein Nachtrag zu einem Paket ist genau eine. Es wurde nichts verändert.
    .hint = Übergeben Sie nur, was zu diesem Paket gehört, oder nennen Sie mit --profile das Profil, das die Ablieferung im Ganzen nimmt (dateiablage).
fault-supplement-package = { $file } ist ein fertiges Paket; ein Nachtrag besteht aus Dateien. Es wurde nichts verändert.
    .hint = Übergeben Sie den Ordner mit den Dateien, die nachgekommen sind.
fault-supplement-sources = Ein Nachtrag ist genau eine Ablieferung; genannt sind { $sources }.
    .hint = Rufen Sie earchiv ingest --supplements für jede einzeln auf.
fault-dates-order = Der Beginn der Laufzeit ({ $from }) liegt nach ihrem Ende ({ $to }).
fault-reason-empty = Es ist kein Grund genannt.
    .hint = Nennen Sie mit --reason, warum die Angaben berichtigt werden.
fault-title-empty = Ein Paket kann nicht ohne Titel sein.
fault-amend-nothing = Es ist nichts genannt, das berichtigt werden soll.
    .hint = Nennen Sie die neuen Angaben, etwa --title "…", oder eine Tabelle mit --metadata.
fault-amend-persons = Die Tabelle { $file } nennt Lebensdaten oder Personenbezug: Schutzfristen werden so nicht geändert.
    .hint = Lassen Sie diese Spalten weg.
fault-package-closed = Das Paket { $package } ist bis einschließlich { $until } für die Benutzung gesperrt ({ $law }).
    .hint = Ist die Schutzfrist verkürzt worden, halten Sie das mit earchiv access grant fest und nennen Sie die Nummer mit --permit.
fault-closure-unchecked = Das Paket { $package } ist für die Benutzung gesperrt: Das Ende seiner Schutzfrist ist noch zu prüfen ({ $law }).
    .hint = Prüfen Sie die Frist mit earchiv access term; darf das Paket benutzt werden, halten Sie das mit earchiv access grant fest und nennen Sie die Nummer mit --permit.
fault-permit-exists = Eine Genehmigung mit der Nummer { $number } ist schon verzeichnet.
    .hint = Geben Sie der Entscheidung eine eigene Nummer; alle zeigt earchiv access list.
permit-unknown = Eine Genehmigung mit der Nummer { $permit } ist nicht verzeichnet.
permit-for-others = Die Genehmigung { $permit } gilt nicht für dieses Paket.
permit-ended = Die Genehmigung { $permit } ist abgelaufen.
fault-accession-not-held = Den Zugang { $number } gibt es nicht.
    .hint = Alle Zugänge zeigt earchiv accession list.
fault-archive-incomplete = Das Archiv ist nicht vollständig: { $file } fehlt oder ist nicht das, was es sein sollte.
    .hint = Ist der Datenträger eingehängt? Stellen Sie sonst den Ordner aus einer Sicherung wieder her.
fault-object-taken = Im Archivspeicher liegt schon ein Objekt { $package } ({ $place }); es bleibt, wie es ist.
    .hint = Ist es eine andere Ablieferung, geben Sie ihr mit --delivery eine eigene Kennung.
fault-not-as-written = { $file } steht nicht so auf dem Datenträger, wie es geschrieben wurde; es gilt nicht als gespeichert.
    .hint = Prüfen Sie den Datenträger und wiederholen Sie den Aufruf.
fault-source-no-folder = Die Quelle { $file } ist weder ein Ordner noch ein Paket.
    .hint = Nennen Sie den Ordner der Ablieferung oder ein fertiges Paket.
fault-source-changed = { $file } hat sich geändert, während es gelesen wurde.
    .hint = Wiederholen Sie den Aufruf, wenn niemand mehr an der Ablieferung arbeitet.
fault-document = Das Dokument { $file } eines Pakets kann nicht gelesen werden.
    .hint = Einzelheiten zeigt earchiv verify; stellen Sie das Paket aus einer Sicherung wieder her.
cause-document-type = Das Dokument hat eine Dokumenttyp-Deklaration; sie ist nicht zugelassen.
cause-limit = Eine Grenze ist überschritten: { $limit }

## Tabellen mit Verzeichnungsangaben

fault-tables-several = Zwei Tabellen beschreiben dieselben Unterlagen: { $first } und { $second }.
    .hint = Lassen Sie nur eine davon in der Ablieferung.
fault-table = Die Tabelle { $file } ist nicht richtig.
    .hint = Berichtigen Sie die genannte Zeile und wiederholen Sie den Aufruf.
table-utf16 = Sie ist in UTF-16 geschrieben; nötig ist UTF-8.
table-not-utf8 = Sie ist nicht in UTF-8 geschrieben.
table-nul = Sie enthält ein Nullbyte.
table-control = In der Spalte { $column } steht ein Steuerzeichen.
table-line-end = Ein Zeilenende besteht nur aus einem Wagenrücklauf.
table-too-large = Sie ist größer als { $limit } Bytes.
table-row-too-long = Die Zeile ist länger als { $limit } Bytes.
table-too-many-columns = Sie hat mehr als { $limit } Spalten.
table-too-many-rows = Sie hat mehr als { $limit } Zeilen.
table-too-many-values = Sie hat mehr als { $limit } Angaben; eine so große Tabelle wird als CSV gelesen.
table-quote-open = Ein Anführungszeichen wird nicht geschlossen.
table-stray-quote = Ein Anführungszeichen steht mitten in einer Zelle.
table-ragged = Die Zeile hat { $found } Zellen, die Kopfzeile { $expected }.
table-no-header = Die Kopfzeile fehlt.
table-column-twice = Die Spalte { $column } steht zweimal da.
table-column-unknown = Die Spalte { $column } gibt es nicht.
table-column-missing = Die Spalte { $column } fehlt.
table-type = Der Wert von { $key } hat die falsche Art.
table-no-path = Der Pfad ist leer.
table-outside = { $path } liegt außerhalb der Ablieferung.
table-path-twice = { $path } ist zweimal beschrieben, zuerst in Zeile { $first }.
table-no-such-entry = { $path } gibt es in der Ablieferung nicht.
table-decision = „{ $value }“ ist keine Entscheidung; möglich sind A (archivwürdig), B (zu bewerten) und V (vernichten).
table-no-subject = Die Zeile nennt weder Id noch Kennzeichen noch Pfad.
table-date-order = Die Laufzeit endet vor ihrem Anfang: { $from } bis { $to }.
table-date = „{ $value }“ in der Spalte { $column } ist kein Datum.

## Urteile und Feststellungen

verdict-conforms = in Ordnung
verdict-nonconforming = nicht regelgerecht
verdict-damaged = beschädigt
verdict-unreadable = nicht lesbar
severity-error = Fehler
severity-warning = Warnung
severity-info = Hinweis
place-line = Zeile { $line }
place-column = Zeile { $line }, Spalte { $column }

finding-checksum-mismatch = Die Prüfsumme von { $file } ist { $value }, festgehalten ist { $expected }.
    .hint = Die Datei wurde verändert. Im Archiv: mit „earchiv repair --from KOPIE“ wiederherstellen; in einer Ablieferung: neu anfordern.
finding-size-mismatch = { $file } ist { $value } Bytes groß, festgehalten sind { $expected }.
    .hint = Die Datei wurde verändert. Im Archiv: mit „earchiv repair --from KOPIE“ wiederherstellen; in einer Ablieferung: neu anfordern.
finding-file-missing = { $file } fehlt.
    .hint = Im Archiv: mit „earchiv repair --from KOPIE“ wiederherstellen; in einer Ablieferung: neu anfordern.
finding-reference-missing = In { $file } wird „{ $value }“ genannt; die Datei fehlt.
    .hint = Stellen Sie die Datei aus einer Sicherung wieder her oder fordern Sie sie neu an.
finding-reference-alike = In { $file } wird „{ $value }“ genannt; diese Datei fehlt, vorhanden ist „{ $expected }“.
    .hint = Groß- und Kleinschreibung sind verschieden. Lassen Sie den Verweis oder den Dateinamen von der abgebenden Stelle berichtigen.
finding-file-unreferenced = { $file } ist vorhanden, wird aber nirgends genannt.
    .hint = Klären Sie, woher die Datei kommt; sie gehört nicht zum Paket.
finding-reference-outside = In { $file } führt der Verweis „{ $value }“ aus dem Paket hinaus.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-algorithm-unknown = In { $file } steht das unbekannte Prüfsummenverfahren „{ $value }“.
    .hint = Verwenden Sie SHA-256 oder SHA-512.
finding-checksum-absent = In { $file } ist für „{ $value }“ keine Prüfsumme angegeben.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-unreadable = { $file } kann nicht gelesen werden: { $value }
    .hint = Prüfen Sie Berechtigung und Datenträger; solange die Datei nicht lesbar ist, ist nichts über sie bekannt. Rufen Sie danach denselben Befehl noch einmal auf.
finding-zip-structure = Die ZIP-Datei { $file } ist nicht richtig aufgebaut: { $value }
    .hint = Die Datei ist beschädigt oder verfälscht; stellen Sie sie wieder her oder fordern Sie sie neu an.
zip-no-end = das Verzeichnis am Ende der Datei fehlt oder ist beschädigt
zip-parts = die Datei ist nur ein Teil von mehreren
zip-directory = das ZIP-Verzeichnis widerspricht sich
zip-layout = Einträge überlappen sich, oder zwischen ihnen liegt etwas, das zu keinem gehört
zip-headers = der Kopf eines Eintrags sagt etwas anderes als das ZIP-Verzeichnis
zip-encrypted = ein Eintrag ist verschlüsselt
zip-method = ein Eintrag ist mit einem Verfahren gepackt, das hier nicht gelesen wird
zip-name = ein Name führt aus dem Paket hinaus oder ist nicht zulässig
zip-twice = zwei Einträge heißen gleich, und sei es in anderer Unicode-Schreibweise, oder einer liegt in einem, der kein Ordner ist
zip-special = ein Eintrag ist ein Link oder ein Gerät
zip-limit = ein Eintrag überschreitet eine Grenze
zip-content = die Bytes eines Eintrags passen nicht zu seiner Prüfsumme oder Größe
finding-tar-structure = Die TAR-Datei ist nicht richtig aufgebaut ({ $file }): { $value }
    .hint = Die Datei ist beschädigt oder gefälscht, oder ein Programm hat sie mit Erweiterungen geschrieben; neu anfordern, als Ordner oder mit „tar --format=pax“ gepackt.
tar-truncated = sie endet mitten in einem Eintrag
tar-no-end = die beiden Blöcke am Ende fehlen
tar-trailing = nach dem Ende folgt noch etwas
tar-checksum = die Prüfsumme eines Kopfes stimmt nicht
tar-number = eine Zahl in einem Kopf ist keine, ist negativ oder zu groß
tar-extended = ein erweiterter Kopf ist fehlerhaft
tar-name = ein Name führt aus dem Ordner hinaus, ist leer oder zu lang
tar-twice = zwei Einträge heißen gleich, und sei es in anderer Unicode-Schreibweise, oder einer liegt in einem, der kein Ordner ist
tar-hard-link = ein harter Link nennt keine Datei, die vor ihm steht
tar-sparse = eine Datei ist mit Lücken gespeichert (sparse)
tar-kind = ein Eintrag hat eine Art, die hier nicht gelesen wird
tar-limit = ein Eintrag überschreitet eine Grenze
finding-gzip-structure = Die mit gzip gepackte Datei { $file } ist beschädigt: { $value }
    .hint = Stellen Sie die Datei aus einer Sicherung wieder her oder fordern Sie sie neu an.
gzip-truncated = sie endet zu früh
gzip-content = was ausgepackt wird, passt nicht zu Prüfsumme oder Länge
gzip-trailing = nach dem Ende folgt noch etwas
finding-gzip-limit = Die mit gzip gepackte Datei { $file } wird nicht ausgepackt: { $value }
    .hint = So sind Dateien gebaut, die einen Datenträger füllen sollen. Ist sie echt, packen Sie sie selbst bis zum TAR aus (zum Beispiel mit gunzip) und nennen Sie dieses.
gzip-ratio = sie wird beim Auspacken mehr als 250-mal so groß
gzip-size = ausgepackt ist sie größer als 1 TiB
gzip-members = sie besteht aus sehr vielen Teilen, in denen fast nichts ist
finding-work-folder = Zum Auspacken lässt sich im Ordner für vorübergehende Dateien, { $file }, nicht schreiben: { $value }
    .hint = Nennen Sie mit der Umgebungsvariablen TMPDIR einen Ordner, auf dessen Datenträger genug Platz ist, oder packen Sie die Datei selbst bis zum TAR aus und nennen Sie dieses.
finding-name-undecoded = Der Name { $file } in der ZIP-Datei ist weder UTF-8 noch in der Codepage 437 geschrieben; seine Bytes bleiben erhalten.
    .hint = Die abgebende Stelle fragen, wie die Datei heißt, und sie bitten, mit UTF-8-Namen zu packen.
finding-input-not-taken = { $value }
    .hint = Als Ordner, ZIP oder TAR abliefern; was erkannt wurde, zeigt „earchiv inspect“.
input-ocfl = Das ist ein OCFL-Objekt oder ein OCFL-Speicher; als Ablieferung ein E-ARK-Paket anfordern.
input-compressed = Die Datei ist anders gepackt als mit ZIP, TAR oder tar.gz (xz, 7z, RAR …); auspacken und als Ordner, ZIP oder TAR abliefern.
input-package-tar = Das ist ein E-ARK-Paket als TAR; auspacken und den Ordner oder ein ZIP abliefern.
input-file = Das ist eine einzelne Datei, die zu keinem Profil passt; sie in einem Ordner abliefern.
input-special = Das ist weder Datei noch Ordner.
finding-not-a-package = { $file } ist kein E-ARK-Paket: ein Ordner, in dem METS.xml und alle anderen Dateien liegen, fehlt.
    .hint = Ist es eine gepackte Ablieferung, entpacken Sie sie und nennen Sie den Ordner; ein Paket lassen Sie von der abgebenden Stelle berichtigen.
finding-package-compressed = { $file } wird nicht gelesen: Die Datei ist mit xz, zstd, bzip2, 7z, RAR oder Ähnlichem gepackt, oder sie ist mit gzip gepackt und enthält kein TAR.
    .hint = Packen Sie die Datei aus, zum Beispiel mit „unxz“ bis zum TAR, und prüfen Sie dieses oder den Ordner. Gelesen werden Ordner, ZIP, TAR und tar.gz.
finding-entry-foreign = { $file } gehört in kein Paket: { $value }
    .hint = Lassen Sie das Paket von der abgebenden Stelle ohne diesen Eintrag neu bilden.
entry-outside = liegt außerhalb des einen Ordners, in dem das ganze Paket liegen muss
entry-name = der Name ist kein Pfad in UTF-8
entry-link = eine Verknüpfung; ihr wird nicht gefolgt
entry-special = weder Datei noch Ordner
xml-no-mets = kein METS-Dokument
finding-xml-malformed = { $value ->
    [elements] { $file } hat unsinnig viele Elemente; sie wurde nicht zu Ende gelesen.
    [references] { $file } nennt unsinnig viele Dateien, die es nicht gibt; sie wurde nicht zu Ende gelesen.
    [ids] { $file } hat unsinnig viele Kennungen oder Verweise auf solche; sie wurden nicht verglichen.
   *[other] { $file } ist kein wohlgeformtes XML: { $value }
}
    .hint = Die Datei ist beschädigt oder falsch erzeugt; fordern Sie sie neu an.
finding-json-malformed = { $file } ist kein brauchbares JSON: { $value }
    .hint = Lassen Sie die Ablieferung von der abgebenden Stelle neu ausgeben.
finding-ocfl-invalid = { $value }
    .hint = Das Objekt von dem Programm berichtigen lassen, das es geschrieben hat; die Kennung in Klammern steht in der Liste der OCFL-Prüfkennungen.
finding-ocfl-discouraged = { $value }
    .hint = Beim nächsten Schreiben berücksichtigen; das Objekt ist gültig.
finding-ocfl-packed = { $file } ist weder ein Ordner noch eine ZIP- oder TAR-Datei, in der ein OCFL-Objekt liegen könnte.
    .hint = Nennen Sie den Ordner, in dem inventory.json oder die Erklärung „0=ocfl_…“ liegt, oder ein ZIP oder TAR davon.
finding-findings-more = { $value } weitere Befunde dieser Art ({ $expected }) sind nicht einzeln aufgeführt.
ocfl-found = gefunden: { $value }
ocfl-expected = erwartet: { $value }
ocfl-limit = das Inventar ist größer, als eArchiv Platz hält
ocfl-stray = gehört nicht in den Ordner des Objekts
ocfl-declarations = das Objekt muss genau eine Versionserklärung haben
ocfl-declaration-name = der Name der Versionserklärung nennt keine bekannte Version von OCFL
ocfl-declaration-letter = der Name der Versionserklärung muss mit „0=“ beginnen
ocfl-declaration-value = der Name der Versionserklärung sagt etwas anderes, als der Ordner sein soll
ocfl-declaration-text = die Versionserklärung muss den Text ihres Namens und ein Zeilenende enthalten
ocfl-no-versions = das Objekt hat keine Version
ocfl-first-version = die Versionen müssen mit 1 beginnen
ocfl-version-gap = in der Folge der Versionen fehlt eine
ocfl-version-zero = aufgefüllte Versionsnummern müssen mit einer Null beginnen
ocfl-version-conventions = die Versionen eines Objekts müssen alle gleich benannt sein
ocfl-version-convention = die Version ist anders benannt als die erste
ocfl-version-name = der Inhaltspfad nennt die Version anders, als ihr Ordner heißt
ocfl-version-stray = gehört nicht in den Ordner einer Version
ocfl-content-missing = der Version fehlt der Inhaltsordner, in dem das Inventar Dateien nennt
ocfl-content-name = contentDirectory muss der Name eines Ordners sein
ocfl-content-set = contentDirectory muss seit der ersten Version gesetzt und gleich geblieben sein
ocfl-content-changed = contentDirectory darf sich von Version zu Version nicht ändern
ocfl-unlisted = das Manifest nennt eine Datei der Version nicht
ocfl-empty-folder = im Inhaltsordner darf kein leerer Ordner liegen
ocfl-algorithm = digestAlgorithm muss sha512 oder sha256 sein
ocfl-digest-form = die Prüfsumme muss in Hexadezimalziffern geschrieben sein
ocfl-json = das Inventar ist kein eindeutiges JSON-Objekt
ocfl-inventory-name = das Inventar muss inventory.json heißen
ocfl-separator = Inhaltspfade müssen mit / getrennt sein
ocfl-key-missing = dem Inventar fehlt eine Angabe
ocfl-identity = die Kennung des Objekts fehlt, ist nicht eindeutig oder stimmt nicht überein
ocfl-type = type muss die Adresse des Inventars in der erklärten Version von OCFL sein
ocfl-digest-algorithm = die Prüfsumme ist nicht mit dem Verfahren von digestAlgorithm gebildet
ocfl-head = head muss die neueste Version nennen
ocfl-block-missing = dem Inventar fehlt ein Block
ocfl-content-path = der Inhaltspfad führt in keinen Inhaltsordner einer Version
ocfl-versions-shape = versions muss ein JSON-Objekt sein
ocfl-version-folders = Versionen im Inventar und Ordner von Versionen stimmen nicht überein
ocfl-version-shape = eine Version muss ein JSON-Objekt sein
ocfl-version-key = der Version fehlt eine Angabe
ocfl-created = created muss ein Zeitpunkt nach RFC 3339 mit Sekunden und Zeitzone sein
ocfl-state = Zustand und Manifest müssen dieselben Prüfsummen gleich geschrieben nennen
ocfl-logical-parts = ein logischer Pfad darf keine leeren Teile, . oder .. haben
ocfl-logical-edges = ein logischer Pfad darf nicht mit / beginnen oder enden
ocfl-user = user muss ein JSON-Objekt mit einem Namen sein
ocfl-fixity-algorithm = der Block fixity muss ein JSON-Objekt mit bekannten Prüfverfahren sein
ocfl-fixity-shape = ein Prüfverfahren in fixity muss Prüfsummen und Inhaltspfade wie das Manifest nennen
ocfl-sidecar-missing = neben dem Inventar fehlt die Datei mit seiner Prüfsumme
ocfl-sidecar-algorithm = die Datei mit der Prüfsumme des Inventars nennt ein anderes Verfahren als das Inventar
ocfl-sidecar-form = die Datei muss aus Prüfsumme, Leerraum und inventory.json bestehen
ocfl-inventory-missing = dem Objekt fehlt das Inventar
ocfl-inventory-copy = das Inventar der neuesten Version ist nicht das des Objekts
ocfl-state-changed = ein früheres Inventar beschreibt die Version anders als das Inventar des Objekts
ocfl-extension-stray = im Ordner extensions dürfen nur Ordner von Erweiterungen liegen
ocfl-root-undeclared = dem Speicherort fehlt die Versionserklärung
ocfl-layout-form = ocfl_layout.json muss ein JSON-Objekt mit extension und description sein
ocfl-layout-name = ocfl_layout.json nennt keine registrierte Erweiterung
ocfl-hierarchy-file = zwischen den Objekten darf keine Datei liegen
ocfl-hierarchy-empty = im Speicherort darf kein leerer Ordner liegen
ocfl-root-inner = in einem Speicherort darf kein anderer liegen
ocfl-root-declarations = der Speicherort muss genau eine Versionserklärung haben
ocfl-root-declaration-name = der Name der Versionserklärung nennt keine bekannte Version von OCFL
ocfl-later-object = das Objekt ist für eine spätere Version erklärt als der Speicherort
ocfl-inner-object = in einem Objekt darf kein anderes liegen
ocfl-place = das Objekt liegt nicht dort, wo es nach ocfl_layout.json liegen muss
ocfl-hierarchy-end = der Ordner führt zu keinem Objekt
ocfl-special = weder Datei noch Ordner; so etwas kann OCFL nicht aufbewahren
ocfl-link = Verknüpfungen sind nicht erlaubt
ocfl-manifest-shape = das Manifest muss zu jeder Prüfsumme die Inhaltspfade als Liste nennen
ocfl-message = message muss ein Text sein
ocfl-logical-conflict = ein logischer Pfad steht doppelt oder ist der Ordner eines anderen
ocfl-manifest-twice = eine Prüfsumme steht doppelt im Manifest
ocfl-fixity-twice = eine Prüfsumme steht bei einem Verfahren in fixity doppelt
ocfl-content-parts = ein Inhaltspfad darf keine leeren Teile, . oder .. haben
ocfl-content-edges = ein Inhaltspfad darf nicht mit / beginnen oder enden
ocfl-content-conflict = ein Inhaltspfad steht doppelt oder ist der Ordner eines anderen
ocfl-key-unknown = eine Angabe ist nicht vorgesehen
ocfl-spec-back = das Inventar folgt einer früheren Version von OCFL als eines davor
ocfl-version-v = der Name einer Version muss mit v beginnen
ocfl-version-number = die Nummer einer Version muss eine ganze Zahl ab 1 sein
ocfl-manifest-object = manifest muss ein JSON-Objekt sein
ocfl-manifest-unused = das Manifest nennt eine Prüfsumme, die keine Version verwendet
ocfl-identity-changed = die Kennung darf sich von Version zu Version nicht ändern
ocfl-fixity-object = fixity muss ein JSON-Objekt sein
ocfl-padded = Versionsnummern sollten nicht mit Nullen aufgefüllt sein
ocfl-version-folder = im Ordner einer Version sollte nur der Inhaltsordner liegen
ocfl-content-empty = einen leeren Inhaltsordner sollte es nicht geben
ocfl-sha512 = das Objekt sollte sha512 verwenden
ocfl-identity-uri = die Kennung des Objekts sollte eine URI sein
ocfl-version-about = die Version sollte message und user haben
ocfl-address-missing = user sollte eine Adresse haben
ocfl-address-uri = die Adresse sollte eine URI sein
ocfl-version-inventory = jede Version sollte ein Inventar haben
ocfl-about-changed = ein früheres Inventar macht andere Angaben zu Zeit, Grund oder Person
ocfl-extension-unknown = die Erweiterung ist nicht registriert
ocfl-depths = Objekte sollten entweder alle im Speicherort selbst oder alle in Ordnern darunter liegen
finding-bag-invalid = { $file } in der BagIt-Tasche ist nicht in Ordnung: { $value }
    .hint = Lassen Sie die Tasche von der abgebenden Stelle neu erzeugen; übernommen oder nachgeladen wird daraus nichts.
finding-bag-notice = { $file } in der BagIt-Tasche: { $value }
    .hint = Die Tasche kann so übernommen werden; bei der nächsten sollte die abgebende Stelle es anders machen.
finding-bag-profile = { $file } in der BagIt-Tasche ist nicht, wie das BagIt-Profil es verlangt: { $value }
    .hint = Lassen Sie die Tasche nach dem vereinbarten Profil erzeugen.
bag-algorithm-name = der Name des Verfahrens ist im Dateinamen nicht klein und ohne Sonderzeichen geschrieben; richtig wäre { $expected }
bag-algorithm-twice = für { $expected } gibt es schon eine Liste; diese bleibt ungeprüft
bag-bag-inside = im Inhalt liegt noch eine Tasche; deren eigene Listen sind nicht geprüft
bag-checksum = die Prüfsumme ist nicht so lang, wie { $expected } sie macht
bag-declaration = die Erklärung besteht nicht genau aus den beiden vorgeschriebenen Zeilen; vorgeschrieben ist hier: { $expected }
bag-dot = Pfade beginnen mit „./“, hier { $expected }; das gehört nicht in die Liste und wird übergangen
bag-element = die Zeile ist weder „Name: Wert“ noch setzt sie eine solche fort
bag-empty = der Inhalt ist leer
bag-encoding = die Textdateien der Tasche sollten in { $expected } geschrieben sein
bag-encoding-unknown = die Kodierung „{ $expected }“ wird hier nicht gelesen; die übrigen Dateien der Tasche bleiben ungeprüft
bag-fetch = { $expected } ist erst noch zu laden; eArchiv lädt nichts nach, die Tasche ist unvollständig
bag-fetch-length = die Datei ist da, aber so lang wie angegeben ist sie nicht, sondern { $expected } Bytes
bag-fetch-unlisted = { $expected } steht nicht in den Prüfsummenlisten
bag-folder = eine Liste darf keine Ordner nennen
bag-length = die Länge ist weder eine Zahl noch „-“
bag-letters = die Datei ist nicht in { $expected } geschrieben, wie die Tasche es angibt; ab hier bleibt sie ungelesen
bag-line = die Zeile hat nicht die vorgeschriebene Form
bag-line-long = die Zeile ist länger als { $expected } Bytes und bleibt ungelesen
bag-link = das ist ein Link; Links werden nicht verfolgt, der Inhalt fehlt der Tasche
bag-long = die Datei ist länger, als hier gelesen wird (1 MiB, 10.000 Angaben)
bag-mark = am Anfang steht eine Bytereihenfolge-Marke (BOM), die in UTF-8 nicht erlaubt ist
bag-md5sum = die Liste ist geschrieben, wie md5sum es tut, hier { $expected }; bei strenger Prüfung ist sie ungültig
bag-name = der Name ist nicht auf jedem System möglich
bag-names-alike = der Name unterscheidet sich von { $expected } nur in Groß- und Kleinschreibung oder Unicode-Form; auf manchen Systemen fallen beide zusammen
bag-normal-form = der Name steht in der Liste in anderer Unicode-Form als im Ordner
bag-oxum = Payload-Oxum sagt etwas anderes über den Inhalt, als da ist: { $expected } (Bytes.Dateien)
bag-oxum-form = Payload-Oxum hat nicht die Form Bytes.Dateien; richtig wäre { $expected }
bag-payload = „data“ ist kein Ordner
bag-percent = ein Prozentzeichen im Pfad ist nicht als %25 geschrieben
bag-repeated = { $expected } ist mehrfach angegeben
bag-separator = zwischen Name und Wert stehen nicht genau ein Doppelpunkt und ein Leerzeichen
bag-special = das ist weder Datei noch Ordner, sondern ein Gerät, eine Pipe oder ein Socket
bag-system-file = das hat ein Betriebssystem hinterlassen; gewollt ist es wohl nicht
bag-tagmanifest-algorithm = für { $expected } gibt es keine Liste der übrigen Dateien (tagmanifest)
bag-tagmanifest-lacks = die Liste nennt { $expected } nicht
bag-url = die Adresse ist keine vollständige URL
bag-version = die Fassung „{ $expected }“ ist nicht bekannt; bekannt sind 0.93 bis 0.97 und 1.0
bag-profile-allowed = die Datei ist nicht erlaubt; erlaubt: { $expected }
bag-profile-container = die Tasche muss gepackt sein, als { $expected }
bag-profile-empty = „data“ muss leer sein
bag-profile-folder = die Tasche darf nicht gepackt sein
bag-profile-identifier = BagIt-Profile-Identifier nennt dieses Profil nicht: { $expected }
bag-profile-label = die Angabe { $expected } fehlt
bag-profile-once = { $expected } darf nur einmal angegeben sein
bag-profile-required = die Datei fehlt
bag-profile-value = der Wert ist keiner der erlaubten: { $expected }
bag-profile-version = die Fassung ist keine der vereinbarten: { $expected }
finding-submission-invalid = In { $file } fehlt eine Angabe oder hat die falsche Form: { $expected }
    .hint = Lassen Sie die Einreichung von der abgebenden Stelle neu ausgeben.
finding-named-twice = In { $file } ist „{ $value }“ mehrfach genannt.
    .hint = Klären Sie mit der abgebenden Stelle, welche Angabe gilt.
finding-key-missing = In { $file } fehlt einem Eintrag sein Kennzeichen ({ $expected }).
    .hint = Ohne Kennzeichen lässt sich der Eintrag nicht wiedererkennen; die abgebende Stelle muss es ergänzen.
finding-column-missing = In { $file } gibt es keine Spalte „{ $value }“.
    .hint = Passen Sie im Profil den Namen der Spalte an; vorhanden sind: { $expected }
finding-row-without-files = In { $file } nennt der Eintrag „{ $value }“ keine Dateien.
    .hint = Ohne Dateien entsteht kein Paket; der Eintrag bleibt mit der ganzen Ausgabe beim Zugang erhalten.
finding-date-invalid = In { $file } ist „{ $value }“ kein Datum ({ $expected }).
    .hint = Ergänzen Sie im Profil unter dates die Schreibweise, oder lassen Sie die Angabe berichtigen.
finding-mail-unreadable = { $file } ist keine E-Mail: Kopfzeilen fehlen.
    .hint = Prüfen Sie, ob die Datei im Format EML (RFC 5322) ausgegeben wurde.
finding-mail-fault = Die E-Mail { $file } ist nicht einwandfrei: { $value }
    .hint = Die E-Mail wird unverändert übernommen; prüfen Sie ihre Beschreibung.
mail-no-from = der Absender fehlt
mail-no-date = das Datum fehlt oder ist keines
mail-head = die Kopfzeilen sind zu lang; was über 1 MiB hinausgeht, ist nicht gelesen
mail-open = das Ende eines Teils fehlt
mail-encoding = ein Teil ist nicht richtig kodiert
mail-depth = Teile sind zu tief ineinander geschachtelt; ab dort sind Anlagen nicht aufgeführt
mail-parts = es sind zu viele Teile; nicht alle sind aufgeführt
mail-boundary = die Trennzeile zwischen den Teilen ist nicht angegeben
mail-empty = es ist keine Nachricht darin
expected-attribute = das Attribut
expected-bytes = eine Größe in Bytes
expected-checksum = eine Prüfsumme in Hexadezimalziffern
expected-element = ein Element
expected-file-group = die ID einer passenden Dateigruppe (fileGrp)
expected-media-type = ein Medientyp (MIME)
expected-time = ein Datum mit Uhrzeit
expected-value = ein Wert
expected-id = eine Kennung (xml:id): beginnt mit einem Buchstaben oder Unterstrich, ohne Leerzeichen und Doppelpunkte
expected-own-id = eine Kennung, die im Dokument nur einmal steht
expected-section = die ID eines Abschnitts von { $name }
expected-current = die IDs aller aktuellen Abschnitte von { $name }
expected-vocabulary = ein Wert der Liste { $vocabulary }
finding-mets-requirement = In { $file } steht „{ $value }“; erwartet ist: { $expected }.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-mets-spelling = In { $file } wird „{ $value }“ genannt; die Datei heißt „{ $expected }“ (Trennzeichen, Unicode-Form oder ein Zusatz sind anders).
    .hint = Die Datei wurde gefunden und verglichen. Lassen Sie den Verweis von der abgebenden Stelle berichtigen: Andere Programme finden sie vielleicht nicht.
finding-mets-section = { $file } ist vorhanden, aber kein Abschnitt des METS-Dokuments verweist darauf (erwartet ist: { $expected }).
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-mets-once = In { $file } fehlt das genannte Element, ist leer oder steht mehrmals; vorgesehen ist { $expected }.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-mets-lacks = In { $file } fehlt eine Angabe; erwartet ist: { $expected }.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-mets-count = In { $file } kommt das genannte Element { $value }-mal vor; vorgesehen ist { $expected }.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-mets-optional = { $file } nutzt eine freigestellte Angabe nicht ({ $expected }).
finding-structure-name = Das Paket heißt „{ $value }“; nach seiner Kennung sollte es „{ $expected }“ heißen.
    .hint = Nennen Sie den Ordner oder die Datei nach der Kennung (OBJID) in METS.xml. Wo Zeichen daraus in Namen nicht stehen können, dürfen es andere sein.
finding-structure-requirement = Die Ordner des Pakets sind nicht so, wie es empfohlen oder verlangt ist: { $file } (erwartet { $expected }).
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-premis-requirement = { $file } erfüllt eine Anforderung an PREMIS nicht: verlangt { $expected }.
    .hint = Lassen Sie das Paket von der abgebenden Stelle berichtigen.
finding-checksum-weak = { $file } nennt Prüfsummen nach { $value }: Sie zeigen zufällige Änderungen, schützen aber nicht mehr gegen Absicht.
finding-metadata-missing = Eine Pflichtangabe fehlt: { $expected }.
    .hint = Ergänzen Sie die Angabe in der Ablieferung (metadata.csv) oder ändern Sie die Pflichtangaben im Profil.
finding-delivery-refused = Die Ablieferung { $value } wird als Ganzes nicht übernommen.
    .hint = Beheben Sie die anderen Befunde; das Profil oder die Vereinbarung verlangt sie vollständig.
finding-not-an-invoice = { $file } ist keine Rechnung, die eArchiv kennt (Wurzelelement: { $value }).
    .hint = Erkannt werden UBL (Invoice, CreditNote), UN/CEFACT CII und PDF. Begleitdateien nehmen Sie mit per = "folder" zur Rechnung ihres Ordners, oder Sie lassen sie mit einer Regel im Profil weg.
finding-invoice-not-evaluated = { $file } ist { $value }: Das Format wird erkannt, aber nicht ausgewertet.
    .hint = Die Datei wird unverändert übernommen; ergänzen Sie Angaben, die Sie brauchen, von Hand.
finding-invoice-term-missing = In { $file } fehlt { $expected }, eine Pflichtangabe jeder Rechnung nach EN 16931.
    .hint = Fragen Sie bei der abgebenden Stelle nach, ob die Rechnung so angenommen wurde.
finding-invoice-date-invalid = In { $file } ist { $expected } kein gültiges Datum: { $value }
    .hint = Das Datum bleibt, wie es ist, und wird nicht ausgewertet.
finding-no-invoice-in-pdf = { $file } ist keine E-Rechnung: In der PDF-Datei steckt keine Rechnung als XML.
    .hint = Die PDF-Datei wird übernommen, ohne Angaben daraus; ergänzen Sie Titel und Datum, wenn Sie sie brauchen.
finding-pdf-unreadable = Die PDF-Datei { $file } kann nicht gelesen werden: { $value }
    .hint = Fordern Sie die Datei neu an, oder prüfen Sie, ob ein anderes Programm sie noch öffnet.
pdf-structure = ihr Aufbau ist zerstört
pdf-limit = sie überschreitet eine Grenze, die vor bösartigen Dateien schützt
finding-pdf-damaged = Die PDF-Datei { $file } ist beschädigt; sie wurde gelesen, so weit es ging.
    .hint = Prüfen Sie, ob die Datei sich öffnen lässt, und fordern Sie sie sonst neu an.
finding-pdf-encrypted = Die PDF-Datei { $file } ist verschlüsselt; was in ihr steckt, kann nicht aufgeführt werden.
    .hint = Fordern Sie die Datei ohne Kennwortschutz an; für die Archivierung ist er nicht zulässig.
finding-attachment-damaged = In { $file } ist die eingebettete Datei „{ $value }“ beschädigt.
    .hint = Fordern Sie die Anlage bei der abgebenden Stelle neu an.
finding-attachments-unlisted = In { $file } stecken mehr Dateien, als hier aufgeführt werden.
    .hint = Prüfen Sie, ob die Datei echt ist; so viele Anlagen hat keine Rechnung.
finding-retention-running = „{ $file }“ soll auf Dauer archiviert werden, ist aber noch bis { $value } aufzubewahren ({ $expected }).
    .hint = Übernehmen Sie die Unterlage nur zur Verwahrung (purpose = "interim"), oder geben Sie die Entscheidung des Archivs mit der Ablieferung an.
finding-retention-unknown = Wie lange „{ $file }“ aufzubewahren ist, lässt sich nicht bestimmen: Das Datum fehlt.
    .hint = Legen Sie das Ende in der Übernahmevereinbarung fest (retention_end).
finding-package-missing = { $value } ist nicht mehr im Archivspeicher ({ $file }).
    .hint = Stellen Sie es mit „earchiv repair --from KOPIE“ aus einer zweiten Kopie des Archivs wieder her.
finding-read-doubtful = { $file } war beim ersten Lesen nicht in Ordnung ({ $value }), beim zweiten schon.
    .hint = Das Paket ist unversehrt, aber Datenträger, Kabel oder Arbeitsspeicher sind verdächtig: Lassen Sie die Hardware prüfen.
finding-read-repeated = { $file } wurde ein zweites Mal gelesen ({ $value ->
    [same] dasselbe Ergebnis
   *[other] ein anderes Ergebnis
 }).
finding-history-changed = Der Prüfverlauf { $file } ist nicht der, der geschrieben wurde: Lauf { $value } wurde verändert oder fehlt.
    .hint = Die Pakete betrifft das nicht. Klären Sie, wer die Datei verändert oder zurückgespielt hat; was geprüft wurde, steht auch im Journal.
finding-package-unknown = { $value } liegt im Archivspeicher ({ $file }), steht aber nicht im Journal.
    .hint = Klären Sie, woher es stammt: „earchiv journal show“ zeigt, was gespeichert wurde und ob das Journal zurückgesetzt ist. eArchiv löscht es nicht.
finding-package-changed = Das Paket { $file } ist nicht das übernommene: seine Prüfsumme ist { $value }, festgehalten ist { $expected }.
    .hint = Lassen Sie es vorerst, wie es ist, und stellen Sie es mit „earchiv repair --from KOPIE“ aus einer zweiten Kopie des Archivs wieder her.
finding-record-disposed = „{ $file }“ war schon einmal gespeichert und wurde auf Anordnung { $value } gelöscht; die Unterlage wird nicht noch einmal übernommen.
    .hint = Nehmen Sie sie aus der Ablieferung. Soll sie doch archiviert werden, liefern Sie sie unter einer anderen Kennung ab (--delivery).
finding-disposed-present = Das Paket { $value } wurde auf Anordnung { $expected } gelöscht und ist wieder da ({ $file }).
    .hint = Rufen Sie earchiv dispose mit derselben Anordnung noch einmal auf; es entfernt das Paket und stellt den Grabstein wieder her.
finding-tombstone-unknown = An der Stelle des Pakets { $value } steht ein Grabstein ({ $file }), aber das Journal kennt keine Löschung.
    .hint = Klären Sie, woher er kommt; earchiv repair stellt das Paket aus einer zweiten Kopie wieder her.
finding-disposal-pending = Die Löschung des Pakets { $value } ist begonnen, aber noch nicht abgeschlossen.
    .hint = Der nächste Lauf, der in das Archiv schreibt, bringt es in Ordnung.
finding-inventory-invalid = Das OCFL-Verzeichnis { $file } stimmt nicht: gefunden { $value }, erwartet { $expected }.
    .hint = Stellen Sie das Objekt mit „earchiv repair --from KOPIE“ aus einer zweiten Kopie des Archivs wieder her.
finding-store-intruder = { $file } gehört nicht in den Archivspeicher.
    .hint = Klären Sie, woher es stammt, und nehmen Sie es aus dem Ordner store heraus. Liegt es dort, wo ein Paket war, rufen Sie danach „earchiv repair --from KOPIE“ auf.
finding-copy-missing = Der Kopie fehlt das Objekt { $value } ({ $file }).
    .hint = „earchiv replicate --to KOPIE“ kopiert es neu.
finding-copy-damaged = In der Kopie ist { $file } nicht das Gespeicherte: gefunden { $value }, festgehalten ist { $expected }.
    .hint = „earchiv replicate --full --to KOPIE“ kopiert es neu.
finding-copy-behind = Die Kopie ist nicht auf dem Stand: { $file } hat { $value }, das Archiv { $expected }.
    .hint = „earchiv replicate --to KOPIE“ bringt sie auf den Stand.
finding-copy-unreadable = In der Kopie lässt sich { $file } nicht lesen: { $value }
    .hint = Prüfen Sie, ob der Datenträger eingehängt und in Ordnung ist und ob die Berechtigung fehlt.
finding-copy-parted = Das Journal { $file } der Kopie ist einen eigenen Weg gegangen.
    .hint = Jemand hat in die Kopie geschrieben. Klären Sie, welches von beiden das Archiv ist, und legen Sie davon mit „earchiv replicate --to NEU“ eine neue Kopie an.
finding-copy-ahead = Das Journal { $file } der Kopie geht weiter, wo das des Archivs endet: dort { $value }, hier { $expected }.
    .hint = Übernehmen Sie nichts mehr. Entweder wurde das Archiv auf einen früheren Stand zurückgesetzt, oder jemand hat in die Kopie geschrieben; „earchiv journal verify --head KOPF“ entscheidet es mit einem anderswo aufbewahrten Kopf. Ist das Journal das richtige, stellt „earchiv repair --from KOPIE“ die Pakete wieder her.
finding-copy-journal-damaged = Das Journal { $file } der Kopie wurde verändert.
    .hint = Nehmen Sie die Datei aus der Kopie heraus; „earchiv replicate --to KOPIE“ kopiert sie neu.
finding-store-declaration = Die Erklärung des Archivspeichers { $file } fehlt oder ist verändert: gefunden { $value }, erwartet { $expected }.
    .hint = Kopieren Sie die Datei aus einer zweiten Kopie des Archivs; sie ist in jedem Archiv dieser Fassung gleich.
finding-package-pending = Das Paket { $value } wurde begonnen, aber nicht abgeschlossen.
    .hint = Die nächste Übernahme bringt es in Ordnung.
finding-accession-open = Der Zugang { $value } wurde begonnen, aber nicht abgeschlossen.
    .hint = Derselbe Aufruf führt ihn zu Ende.
finding-catalogue-lacks = Im Nachweis fehlt { $value }.
    .hint = Bauen Sie den Nachweis mit „earchiv catalogue rebuild“ neu auf.
finding-catalogue-surplus = Im Nachweis steht { $value }, das es nicht gibt.
    .hint = Bauen Sie den Nachweis mit „earchiv catalogue rebuild“ neu auf.
finding-catalogue-differs = Im Nachweis { $file } weicht der Eintrag { $value } von Archivspeicher und Journal ab, und zwar in: { $expected }.
    .hint = Bauen Sie den Nachweis mit „earchiv catalogue rebuild“ neu auf.
finding-catalogue-unreadable = Der Nachweis { $file } kann nicht gelesen werden: { $value }
    .hint = Bauen Sie den Nachweis mit „earchiv catalogue rebuild“ neu auf.
finding-journal-changed = Das Journal { $file } ist verändert: gefunden { $value }, erwartet { $expected }.
    .hint = Übernehmen Sie vorerst nichts mehr. Setzen Sie das Journal einer zweiten Kopie an seine Stelle, prüfen Sie es mit „earchiv journal verify --head KOPF“, und klären Sie, wer es verändert hat.
finding-journal-short = Das Journal { $file } endet zu früh: letzter Eintrag { $value }, bekannt ist { $expected }.
    .hint = Übernehmen Sie vorerst nichts mehr. Setzen Sie das Journal einer zweiten Kopie an seine Stelle, und prüfen Sie es mit „earchiv journal verify --head KOPF“.
finding-journal-torn = Die letzte Zeile des Journals { $file } wurde nicht zu Ende geschrieben.
    .hint = Die nächste Übernahme bringt es in Ordnung.
finding-journal-clock = Im Journal { $file } geht die Uhr zurück: auf { $expected } folgt { $value }.
    .hint = Prüfen Sie die Uhr des Rechners; die Reihenfolge der Einträge ist davon nicht berührt.
finding-journal-future = Im Journal { $file } liegt die Zeit eines Eintrags in der Zukunft: { $value }, jetzt ist { $expected }.
    .hint = Prüfen Sie die Uhr des Rechners; die Reihenfolge der Einträge ist davon nicht berührt.
finding-decision-missing = Für „{ $value }“ liegt keine Bewertung des Archivs vor; die Unterlagen werden übernommen.
    .hint = Legen Sie der Ablieferung das Bewertungsverzeichnis (0502) bei oder nennen Sie mit --decisions eine Bewertungsliste.
finding-decision-contradicts = Über „{ $value }“ ist in { $file } widersprüchlich entschieden: { $expected }.
    .hint = Klären Sie, welche Entscheidung gilt, und geben Sie nur diese mit.
finding-decision-foreign = Die Bewertung { $file } gehört zum Vorgang { $value }, nicht zu dieser Aussonderung; sie wird nicht angewandt.
    .hint = Legen Sie die Bewertung (0502) zu dieser Aussonderung bei oder geben Sie eine Liste mit --decisions mit.
finding-record-without-files = Zu „{ $value }“ gehört keine Primärdatei; ein Paket entsteht nicht.
    .hint = Fordern Sie die Dateien an. Was es nur auf Papier gibt, wird auf anderem Weg abgegeben; ist das so gewollt, stufen Sie den Befund im Profil herab.
finding-decision-unused = Die Bewertung von „{ $value }“ in { $file } betrifft kein Objekt dieser Ablieferung.
    .hint = Prüfen Sie, ob Liste und Ablieferung zusammengehören.
finding-decision-not-followed = { $value } wurde mit { $expected } bewertet und trotzdem ausgesondert ({ $file }).
    .hint = Es wird nicht übernommen; weisen Sie die abgebende Stelle darauf hin.
finding-object-missing = { $value } wurde als archivwürdig bewertet und fehlt in { $file }.
    .hint = Fordern Sie das Fehlende bei der abgebenden Stelle nach.
finding-object-surplus = { $value } in { $file } wurde weder angeboten noch bewertet.
    .hint = Es wird übernommen; klären Sie mit der abgebenden Stelle, wie es in die Aussonderung kam.
finding-answer-impossible = Auf { $file } kann keine Rückmeldung { $expected } geschrieben werden ({ $value }).
    .hint = Bestätigen Sie der abgebenden Stelle Empfang und Übernahme auf anderem Weg.
finding-marker-differs = In der Kennzeichnung des Archivs { $file } steht „{ $value }“, im Journal „{ $expected }“.
    .hint = Ist es der richtige Datenträger? Sonst kopieren Sie die Datei aus einer zweiten Kopie des Archivs.
finding-message-foreign = { $file } ist keine xdomea-Nachricht (Wurzelelement „{ $value }“).
    .hint = Prüfen Sie, ob es die richtige Datei und das richtige Profil ist.
finding-message-version-unknown = { $file } hat die xdomea-Fassung „{ $value }“; gelesen werden { $expected }.
    .hint = Bitten Sie die abgebende Stelle um einen Export in einer dieser Fassungen.
finding-message-kind-differs = In { $file } nennt der Nachrichtenkopf den Typ { $value }, die Nachricht selbst ist vom Typ { $expected }.
    .hint = Maßgeblich ist das Wurzelelement; melden Sie den Fehler der abgebenden Stelle.
finding-message-kind-unexpected = { $file } enthält keine Aussonderung (0503), sondern { $value }.
    .hint = Eine Anbietung (0501) oder Bewertung (0502) übergibt noch keine Unterlagen; fordern Sie die Nachricht 0503 an.
finding-message-process-invalid = In { $file } fehlt die ProzessID, oder sie ist keine UUID: „{ $value }“.
    .hint = Ohne ProzessID lässt sich die Abgabe keinem Vorgang zuordnen; fordern Sie eine berichtigte Nachricht an.
finding-message-process-differs = Die Datei { $file } müsste mit der ProzessID { $expected } beginnen.
    .hint = Prüfen Sie, ob Datei und Nachricht zusammengehören.
finding-object-id-invalid = In { $file } hat ein Objekt ({ $expected }) keine gültige UUID: „{ $value }“.
    .hint = Ohne UUID lässt sich das Objekt in Rückmeldungen nicht nennen; fordern Sie eine berichtigte Nachricht an.
finding-object-id-duplicate = In { $file } steht die UUID { $value } bei mehr als einem Objekt.
    .hint = Lassen Sie die Nachricht von der abgebenden Stelle berichtigen.
finding-primary-file-missing = Die Primärdatei { $file } wird in der Nachricht genannt, ist aber nicht in der Ablieferung.
    .hint = Fordern Sie die Ablieferung vollständig neu an.
finding-primary-file-surplus = { $file } liegt in der Ablieferung, wird aber in keiner Nachricht genannt.
    .hint = Die Datei wird nicht ins Paket übernommen; klären Sie mit der abgebenden Stelle, wozu sie gehört.
finding-primary-file-empty = Die Primärdatei { $file } ist leer.
    .hint = Klären Sie mit der abgebenden Stelle, ob der Inhalt verloren ging.
finding-primary-file-duplicate = Die Primärdatei { $file } wird mehrmals genannt oder ist mehrmals vorhanden ({ $value }).
    .hint = Jede Primärdatei soll genau einmal vorkommen; prüfen Sie, ob die richtige Datei gemeint ist.
finding-paper-part = Zu „{ $value }“ gehört ein Teil auf Papier (Medium { $expected }).
    .hint = Sorgen Sie dafür, dass auch der Papierteil abgegeben wird.
finding-schema-invalid = { $file } entspricht nicht dem Schema: { $value }
    .hint = Lassen Sie die Datei von der abgebenden Stelle berichtigen.
finding-schema-expected = { $file } entspricht nicht dem Schema: Gefunden wurde { $value }, erwartet war { $expected }.
    .hint = Lassen Sie die Datei von der abgebenden Stelle berichtigen.
finding-schema-lacks = { $file } entspricht nicht dem Schema: Hier fehlt { $expected }.
    .hint = Lassen Sie die Datei von der abgebenden Stelle berichtigen.
finding-schema-absent = Für { $file } wurde kein Schema mit dem Namensraum { $value } gefunden; die Datei wurde nicht gegen ihr Schema geprüft.
    .hint = Legen Sie die Schemadateien in den Ordner, den Sie mit --schemas nennen.

## Fortschritt

progress = { $files } von { $of } { $of ->
    [one] Datei
   *[other] Dateien
}, { $bytes }, { $rate }/s, noch { $left }
stage-scanning = Sichten
stage-packing = Packen
stage-reading-back = Zurücklesen
stage-verifying = Prüfen
stage-rebuilding = Nachweis aufbauen
stage-replicating = Kopieren
stage-exporting = Ausgeben

## Befehle auf dem Archiv

init-done = Das Archiv „{ $name }“ wurde in { $file } angelegt (Kennung { $id }).
fault-agreement-records = In der Übernahmevereinbarung { $agreement } passt records.per nicht zum Profil { $profile }; möglich sind: { $allowed }.
    .hint = Ändern Sie den Wert, oder lassen Sie den Abschnitt [records] weg.
fault-agreement-other-profile = Die Übernahmevereinbarung { $agreement } ergänzt das Profil { $extended }, nicht { $profile }.
    .hint = Lassen Sie --profile weg oder nennen Sie dasselbe Profil.
fault-no-schemas = Im Ordner { $file } ist kein Schema (.xsd).
fault-no-head = „{ $value }“ ist kein Kopf eines Journals.
    .hint = Ein Kopf sieht so aus: 17:3f… – die Nummer des Eintrags, ein Doppelpunkt, 64 Stellen.
fate-stored = gespeichert
fate-already-stored = schon gespeichert
fate-packed = gepackt
fate-already-packed = schon gepackt
fate-planned = würde übernommen
fate-left-out = ausgelassen
fate-refused = zurückgewiesen
fate-conflict = zurückgewiesen, anderer Inhalt
fate-failed = fehlgeschlagen
conflict = Ein Paket mit dieser Kennung ist schon da, mit anderem Inhalt: Prüfsumme dort { $stored }, hier { $delivered }.
conflict-hint = Ist es eine neue Ablieferung, geben Sie ihr mit --delivery einen eigenen Namen.
left-out-empty = Keine Datei bleibt übrig, die übernommen wird.
storage-failed = { $file } konnte nicht geschrieben werden: { $error }
exceptions-more = … und { $entries } weitere; das Übernahmeprotokoll und --json nennen alle.
reason-link = eine Verknüpfung mit „{ $target }“; Verknüpfungen wird nicht gefolgt
reason-special = weder Datei noch Ordner
reason-permission = keine Berechtigung zum Lesen
reason-unreadable = nicht lesbar: { $error }
reason-path-too-long = der Pfad ist zu lang
reason-changed = hat sich geändert, während es gelesen wurde
reason-left-out = Regel „{ $rule }“
reason-description = beschreibt die Unterlagen und liegt beim Zugang
reason-unnamed = nicht übernommen: keine Nachricht nennt die Datei
reason-appraised = nicht übernommen: { $decision ->
        [destroy] als nicht archivwürdig bewertet
       *[other] noch nicht bewertet
    }
reason-empty-record = ein Ordner ohne Dateien
reason-record-refused = anderes in denselben Unterlagen wurde zurückgewiesen
state-stored = gespeichert
state-refused = zurückgewiesen
state-failed = fehlgeschlagen
state-left-out = ausgelassen
accession-done = Zugang { $number }
kind-records = Pakete
kind-file = Dateien
kind-folder = Ordner
kind-link = Verknüpfungen
kind-fifo = Pipes
kind-socket = Sockets
kind-device = Gerätedateien
tally-stored = gespeichert
tally-packed = gepackt
tally-planned = vorgesehen
tally = { $kind }: { $sum } – { $kept } { $stored }, zurückgewiesen { $refused }, fehlgeschlagen { $failed }, ausgelassen { $out }
list-extent = {"  "}({ $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}, { $bytes })
list-count = { $packages ->
    [one] { $packages } Paket
   *[other] { $packages } Pakete
}
validate-folder = Ordner
validate-files = { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}
validate-errors = { $count } Fehler
validate-warnings = { $count ->
    [one] { $count } Warnung
   *[other] { $count } Warnungen
}
validate-notes = { $count ->
    [one] Ein Hinweis, der nichts beanstandet; ihn zeigt --verbose.
   *[other] { $count } Hinweise, die nichts beanstanden; sie zeigt --verbose.
}
validate-more = … und { $count } weitere Befunde; --verbose und --json nennen alle.
validate-answers = Anforderungen: { $passed } erfüllt, { $failed } nicht erfüllt, { $absent } nicht anwendbar, { $unchecked } nicht geprüft
validate-unchecked = Nicht geprüft, mit Grund: { $list }
validate-junit-absent = nicht anwendbar
validate-junit-unchecked = nicht geprüft: { $reason }
validate-totals = { $packages ->
    [one] { $packages } Paket
   *[other] { $packages } Pakete
} ({ $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}, { $bytes }): { $conforms } in Ordnung, { $nonconforming } nicht regelgerecht, { $damaged } beschädigt, { $unreadable } nicht lesbar
verify-good = { $packages ->
    [one] { $packages } Paket geprüft: unversehrt.
   *[other] { $packages } Pakete geprüft: alle unversehrt.
}
verify-bad = { $packages ->
    [one] { $packages } Paket geprüft, { $damaged } nicht in Ordnung.
   *[other] { $packages } Pakete geprüft, { $damaged } nicht in Ordnung.
}
audit-index-unchecked = Der Suchindex des Nachweises wurde nicht geprüft: Im Ordner für temporäre Dateien (TMPDIR) ist für eine Kopie des Nachweises kein Platz oder kein Schreibrecht.
finding-since = Bekannt seit { $date }
history-not-kept = Hinweis: Ohne Schreibrecht im Archiv wird kein Prüfverlauf geführt; mit --history nennen Sie einen eigenen Ordner dafür.
audit-ended-time = Die Zeit ist um; { $left ->
    [one] ein Paket bleibt
   *[other] { $left } Pakete bleiben
 } für den nächsten Lauf.
audit-ended-bytes = Die Datenmenge ist erreicht; { $left ->
    [one] ein Paket bleibt
   *[other] { $left } Pakete bleiben
 } für den nächsten Lauf.
audit-overdue = { $packages ->
    [one] Bei einem Paket ist die Frist für die Prüfung abgelaufen.
   *[other] Bei { $packages } Paketen ist die Frist für die Prüfung abgelaufen.
 } Welche es sind, zeigt earchiv audit --status.
status-counts = Pakete: { $packages } mit { $bytes }; geprüft { $checked }, seit der Übernahme ungeprüft { $never }; an der Reihe { $due }, überfällig { $overdue }
status-oldest-check = Am längsten ungeprüft seit { $date }
status-doubted = { $packages ->
    [one] Ein Paket ist nicht in Ordnung.
   *[other] { $packages } Pakete sind nicht in Ordnung.
 } Befunde und was zu tun ist, zeigt earchiv audit.
status-last-run = Letzte Prüfung { $date }: { $packages ->
    [one] ein Paket
   *[other] { $packages } Pakete
 } mit { $bytes }, { $errors } Fehler
status-no-run = Noch keine Prüfung
status-forecast = Vorschau: { $rate } je Sekunde, { $day } am Tag; in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 } ist jedes Paket einmal geprüft, das genügt.
status-forecast-late = Vorschau: { $rate } je Sekunde, { $day } am Tag; erst in { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 } ist jedes Paket einmal geprüft. Das genügt nicht: Geben Sie der Prüfung mehr Zeit oder mehr Daten am Tag.
status-overdue-one = überfällig: { $package } seit { $date }
status-overdue-more = … und { $more } weitere; --json nennt alle.
status-name = Archiv
status-packages = Pakete
status-kept = in der Frist
status-overdue = überfällig
status-in-doubt = mit Befund
status-oldest = älteste Prüfung
status-last = letzter Lauf
status-unknown = ?
audit-good = { $packages ->
    [one] { $packages } Paket mit { $bytes } geprüft: Archivspeicher, Nachweis und Journal stimmen überein.
   *[other] { $packages } Pakete mit { $bytes } geprüft: Archivspeicher, Nachweis und Journal stimmen überein.
}
audit-bad = { $packages ->
    [one] { $packages } Paket mit { $bytes } geprüft: { $damaged } beschädigt, { $missing } fehlend, { $unknown } unbekannt, { $errors } Fehler.
   *[other] { $packages } Pakete mit { $bytes } geprüft: { $damaged } beschädigt, { $missing } fehlend, { $unknown } unbekannt, { $errors } Fehler.
}
not-in-journal = Hinweis: Die Prüfung oder Ausgabe steht nicht im Journal, weil gerade nicht in das Archiv geschrieben werden kann.
not-in-journal-because = Hinweis: Die Prüfung oder Ausgabe steht nicht im Journal. { $cause }
journal-head = Kopf des Journals: { $head }
journal-good = { $entries ->
    [one] { $entries } Eintrag, lückenlos verkettet; Kopf { $head }
   *[other] { $entries } Einträge, lückenlos verkettet; Kopf { $head }
}
journal-bad = Das Journal ist nicht unversehrt; { $entries } heile Einträge, letzter { $head }
journal-no-catalogue = Hinweis: Ohne Nachweis lässt sich nicht feststellen, ob am Ende Einträge fehlen.
amend-already = { $package }: bereits so
amend-planned = { $package }: bekäme die Fassung { $version }
amend-done = { $package }: berichtigt, Fassung { $version }
amend-closure-stays = Schutzfrist und Aufbewahrungsfrist bleiben, wie sie bei der Übernahme festgestellt wurden.
export-done = geschrieben: { $file }
explain-head = { $title } (Profil { $name }, Fassung { $version })
explain-source = Woher die Unterlagen kommen
explain-source-folder = Aus einem Ordner, so wie er auf dem Laufwerk liegt.
explain-source-bagit = Aus einer BagIt-Tasche, als Ordner, ZIP oder TAR: ihr Inhalt, belegt durch ihre Prüfsummenlisten.
explain-source-fit-connect = Aus Einreichungen von FIT-Connect (OZG): jede mit metadata.json, Daten und Anlagen.
explain-source-mail = Aus E-Mails (EML) und Postfächern (MBOX).
explain-source-table = Aus der Ausgabe eines Fachverfahrens (CSV oder XML) und den Dateien, die sie nennt.
explain-source-xdomea = Aus Nachrichten im Standard xdomea (Aussonderung, 0503), gepackt oder als Ordner.
explain-source-einvoice = Elektronische Rechnungen: XML-Dateien (XRechnung und andere nach EN 16931) und PDF-Dateien, in denen eine Rechnung steckt (ZUGFeRD, Factur-X).
explain-per-folder = Jeder Ordner auf der obersten Ebene wird eine Unterlage und damit ein Paket; lose Dateien daneben bilden zusammen eine weitere.
explain-per-delivery = Die ganze Ablieferung wird eine Unterlage und damit ein Paket.
explain-per-file = Jede Datei wird eine Unterlage und damit ein Paket.
explain-per-message = Jede Nachricht wird eine Unterlage und damit ein Paket.
explain-per-object = Jedes Objekt der obersten Ebene (meist eine Akte) wird eine Unterlage und damit ein Paket.
explain-description = Was über die Unterlagen bekannt sein muss
explain-tables = Angaben werden aus { $files } neben den Unterlagen gelesen, wenn eine dieser Dateien da ist.
explain-field = „{ $field }“ wird aus „{ $from }“ gelesen.
explain-required = Pflichtangaben: { $fields }. Fehlt eine, ist das der Befund „metadata-missing“, in der Regel ein Fehler.
explain-required-none = Keine Angabe ist Pflicht.
explain-taking = Was bei Fehlern geschieht und was weggelassen wird
explain-take-rest = Eine fehlerhafte Unterlage wird zurückgewiesen, die übrigen werden übernommen.
explain-all-or-nothing = Wird eine Unterlage zurückgewiesen, wird von der Ablieferung nichts übernommen.
explain-check-error = Der Befund „{ $code }“ gilt als Fehler und weist die Unterlage zurück.
explain-check-warning = Der Befund „{ $code }“ gilt als Warnung; die Unterlage wird übernommen.
explain-check-info = Der Befund „{ $code }“ gilt als Hinweis.
explain-links-left-out = Verknüpfungen werden nach Regel weggelassen; gefolgt wird ihnen nie.
explain-links-refused = Verknüpfungen werden zurückgewiesen und genannt; gefolgt wird ihnen nie.
explain-leave-out = Weggelassen wird nach der Regel „{ $rule }“: { $names } ({ $reason }).
explain-leave-out-none = Keine Datei wird nach einer Regel weggelassen.
explain-keeping = Wie lange und wozu
explain-permanent = Die Unterlagen werden Archivgut und bleiben auf Dauer.
explain-interim = Die Unterlagen werden nur bis zum Ende ihrer Aufbewahrungsfrist verwahrt (Zwischenarchiv).
explain-retention-year-end = Aufbewahrungsfrist: { $years ->
    [one] { $years } Jahr
   *[other] { $years } Jahre
} ab dem Ende des Kalenderjahres, in dem die Unterlage endet ({ $basis }).
explain-retention-date = Aufbewahrungsfrist: { $years ->
    [one] { $years } Jahr
   *[other] { $years } Jahre
} ab dem letzten Datum der Unterlage ({ $basis }).
explain-rights = Benutzung eingeschränkt bis { $end }: { $restriction } ({ $statute }).
explain-rights-open = Benutzung eingeschränkt, Ende nicht bekannt: { $restriction } ({ $statute }).
explain-closure = Schutzfristen nach { $law }: { $general } Jahre nach Entstehung, bei Geheimhaltung { $secret }; bei personenbezogenen Unterlagen { $death } nach dem Tod, sonst { $birth } nach der Geburt, sonst { $unknown } nach Entstehung. Ist kein Datum bekannt, ist die Frist zu prüfen und die Benutzung gesperrt.
explain-closure-personal = Alle Unterlagen gelten als personenbezogen.
explain-closure-federal = Statt der Frist für Geheimhaltung gilt die Frist des Bundesrechts.
explain-closure-published = Die Unterlagen waren von Anfang an zur Veröffentlichung bestimmt: keine Schutzfrist.
explain-closure-officials = Die Unterlagen betreffen Amtsträger in Ausübung ihrer Ämter: keine personenbezogene Schutzfrist.
explain-closure-gdr = Die Unterlagen stammen von Stellen der DDR: nur personenbezogene Schutzfristen.
explain-appraisal = Ob eine Unterlage archivwürdig ist, entscheidet das Archiv mit der Ablieferung, nie das Profil.
explain-package = Wie die Pakete aussehen
explain-form-zip = Jedes Paket ist eine ungepackte ZIP-Datei nach E-ARK.
explain-form-folder = Jedes Paket ist ein Ordner nach E-ARK.
explain-content = Art des Inhalts: { $category }; Vorschrift: { $type }.
explain-digests-both = Jede Datei bekommt Prüfsummen SHA-256 und SHA-512, jede Paketdatei SHA-512.
explain-digests = Jede Datei bekommt eine Prüfsumme SHA-256, jede Paketdatei außerdem SHA-512.
explain-toml = Das Profil zum Kopieren und Anpassen zeigt earchiv profile show { $name } --toml
check-profile = { $file } ist ein richtiges Profil: { $name }
check-agreement = { $file } ist eine richtige Übernahmevereinbarung: { $name }
rebuilt = Der Nachweis wurde neu aufgebaut: { $packages ->
    [one] { $packages } Paket
   *[other] { $packages } Pakete
}, { $accessions ->
    [one] { $accessions } Zugang
   *[other] { $accessions } Zugänge
}.
rebuilt-lost = Das Paket { $package } steht im Journal, ist im Archivspeicher aber nicht lesbar.
show-more = … und { $files } weitere; --json nennt alle.
accession-open = offen
accession-extent = { $packages ->
    [one] { $packages } Paket
   *[other] { $packages } Pakete
}, { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}, { $bytes }
closure-free = frei
closure-open = Schutzfrist zu prüfen
closure-until = Schutzfrist bis { $day }
closure-ended = frei (Schutzfrist bis { $day })
retention-until = aufzubewahren bis { $day }
term-person = Person { $number }:
term-general = Entstehung der Unterlagen
term-secret = Entstehung der Unterlagen, Geheimhaltung
term-federal = Entstehung der Unterlagen, Bundesrecht
term-death = Tod
term-birth = Geburt (Tod nicht bekannt)
term-unknown = Entstehung der Unterlagen (Geburt und Tod nicht bekannt)
term-step = { $rule }: { $from }, dazu { $years ->
    [one] { $years } Jahr
   *[other] { $years } Jahre
}, Ende { $end } – { $law }
term-step-open = { $rule }: nicht bekannt oder widersprüchlich, daher kein Ende – { $law }
term-step-aside = { $rule }: nicht bekannt; es zählen die Lebensdaten – { $law }
term-until = Gesperrt bis einschließlich { $day }, frei ab { $free }.
term-open = Das Ende lässt sich nicht berechnen: Die Schutzfrist ist zu prüfen, bis dahin ist gesperrt.
term-free = Es gilt keine Schutzfrist.
term-year-end = Gerechnet wird zum Jahresende; von mehreren Fristen zählt die längste.
term-exact = Gerechnet wird taggenau; von mehreren Fristen zählt die längste.
grant-until = bis { $day }
grant-ended = abgelaufen ({ $day })
grant-holdings = Bestand { $holdings }
purpose-permanent = dauernd aufzubewahren
purpose-interim = befristet aufzubewahren
receipt-title = Übernahmeprotokoll über den Zugang { $number }
receipt-exceptions = Nicht in einem Paket:
receipt-promise = Als „gespeichert“ steht hier nur, was vollständig auf dem Datenträger ist und zurückgelesen wurde.
field-title = Titel
field-package = Paket
field-accession = Zugang
field-signature = Signatur
field-identifiers = Kennzeichen
field-dates = Laufzeit
field-creator = Provenienz
field-producer = Abgebende Stelle
field-holdings = Bestand
field-summary = Enthält
field-subjects = Schlagwörter
field-files = Dateien
field-bytes = Umfang
field-content = Prüfsumme des Inhalts (SHA-256)
field-place = Ort
field-kind = Art
field-closure = Benutzung
field-retention = Aufbewahrung
field-versions = Fassungen
version-first = Übernahme
version-amendment = Berichtigung
version-supplement = Nachtrag
field-events = Ereignisse
field-started = Begonnen
field-closed = Abgeschlossen
field-delivery = Ablieferung
field-profile = Profil
field-agreement = Übernahmevereinbarung
field-purpose = Zweck
field-packages = Pakete
field-refused = Zurückgewiesene Einträge
field-failed = Fehlgeschlagene Einträge
field-left-out = Ausgelassene Einträge
field-archive = Archiv
field-isil = ISIL
event-created = Archiv angelegt
event-accession-started = Zugang begonnen
event-appraised = Bewertung angewandt
event-answered = Rückmeldung geschrieben
event-amending = Berichtigung angekündigt
event-supplementing = Nachtrag angekündigt
event-staged = Paket geschrieben
event-read-back = Paket zurückgelesen
event-committing = Paket angekündigt
event-published = Paket veröffentlicht
event-completed = Paket gespeichert
event-abandoned = Paket verworfen
event-refused = Unterlagen zurückgewiesen
event-accession-closing = Zugang wird abgeschlossen
event-accession-closed = Zugang abgeschlossen
event-catalogue-rebuilt = Nachweis neu aufgebaut
event-exported = Paket ausgegeben
event-access-granted = Genehmigung festgehalten
event-access-used = Benutzung nach Genehmigung
event-access-refused = Benutzung verweigert
event-verified = Pakete geprüft
event-audited = Archiv geprüft
event-torn-line-removed = angefangene Zeile entfernt
event-disposing = Löschung angekündigt
event-disposed = Paket gelöscht
event-disposal-abandoned = Löschung nicht ausgeführt
event-repairing = Wiederherstellung angekündigt
event-repaired = wiederhergestellt
event-repair-abandoned = Wiederherstellung nicht ausgeführt
event-replicated = zweite Kopie auf den Stand gebracht
event-migrating = Umstellung des Formats angekündigt
event-migrated = Format umgestellt
event-other = anderer Vorgang
dispose-done = Nachweis der Löschung: Das Paket { $package } wurde auf Anordnung { $order } gelöscht.
dispose-already = Das Paket { $package } wurde schon früher auf Anordnung { $order } gelöscht:
dispose-planned = Das Paket { $package } würde auf Anordnung { $order } gelöscht:
dispose-missing = Das Paket selbst lag nicht mehr im Archivspeicher.
dispose-not-promised = Nicht erfasst sind Kopien in anderen Archiven, Sicherungen und Schnappschüsse, ausgelieferte Exemplare sowie Übernahmeprotokoll und Dateiliste des Zugangs; die Datenblöcke werden freigegeben, aber nicht überschrieben.
ground-order = wie in der Anordnung angegeben
ground-court-order = Anordnung eines Gerichts
ground-misdelivery = Fehlablieferung
ground-term-end = Ende der Verwahrfrist
field-order = Anordnung
field-ground = Grund
field-first = Erste Person
field-second = Zweite Person
field-inventory = SHA-512 des Verzeichnisses
field-disposed = Gelöscht
field-tombstone = Grabstein
field-journal = Eintrag im Journal
field-copies = Mit entfernte Kopien
list-disposed = gelöscht am { $day }, Anordnung { $order }
show-disposed = Dieses Paket wurde am { $day } gelöscht.
replicate-copied = kopiert: { $name }
replicate-updated = auf den Stand gebracht: { $name }
replicate-restored = in der Kopie beschädigt, neu kopiert: { $name }
replicate-planned = würde kopiert: { $name }
replicate-kept = Das Beschädigte liegt in { $file } der Kopie.
replicate-damaged-here = im Archiv beschädigt: { $name }; die Kopie hat es, wie es gespeichert wurde
replicate-damaged = im Archiv beschädigt, nicht kopiert: { $name }
replicate-unread = nicht kopiert: { $name }; die Berechtigung zum Lesen fehlt
replicate-open = nicht kopiert: { $name }; ein abgebrochener Lauf hat es mitten in einer Änderung gelassen, die der nächste schreibende Aufruf zu Ende bringt
replicate-sum = { $objects } Objekte, davon jetzt kopiert { $copied } ({ $bytes }), im Archiv nicht in Ordnung { $left }.
replicate-plan = { $objects } Objekte, davon würden kopiert { $copied } ({ $bytes }), im Archiv nicht in Ordnung { $left }.
replicate-head = Kopf des Journals der Kopie: { $head }
replicate-archive = { $file } ist wieder ein Archiv, in dem gearbeitet werden kann. Soll es stattdessen eine weitere Kopie werden, rufen Sie den Befehl mit --as-copy auf.
repair-done = { $name }: aus der Kopie wiederhergestellt.
repair-planned = { $name }: würde aus der Kopie wiederhergestellt.
repair-whole = { $name }: unversehrt, es ist nichts zu tun.
repair-copy-lacks = { $name }: nicht wiederhergestellt; die Kopie hat es nicht.
repair-copy-damaged = { $name }: nicht wiederhergestellt; die Kopie ist dort ebenfalls beschädigt ({ $cause }).
repair-copy-older = { $name }: nicht wiederhergestellt; die Kopie hat nur einen früheren Stand. Nehmen Sie eine jüngere Kopie.
repair-unread = { $name }: nicht geprüft; die Berechtigung zum Lesen fehlt.
repair-disposed = { $name }: gelöscht und wieder da; das wird nicht repariert. Rufen Sie earchiv dispose mit derselben Anordnung noch einmal auf.
repair-kept = Das Beschädigte liegt in { $file }.
repair-sum = { $repaired } wiederhergestellt, { $whole } unversehrt, { $left } nicht wiederhergestellt.
repair-plan = { $repaired } würden wiederhergestellt, { $whole } unversehrt, { $left } nicht wiederherstellbar.
migrate-done = Das Archiv wurde von Format { $from } auf Format { $to } umgestellt.
migrate-planned = Das Archiv würde von Format { $from } auf Format { $to } umgestellt; ältere Fassungen des Programms könnten es danach nicht mehr öffnen.
migrate-already = Das Archiv hat schon das Format { $to }; es ist nichts zu tun.
idle-no-nice = Das System gewährt die niedrigste Rechenpriorität nicht ({ $cause }); es wird mit der üblichen gelesen.
idle-no-class = Das System gewährt die niedrigste Priorität am Datenträger nicht ({ $cause }); es wird mit der üblichen gelesen.
idle-no-traffic = Ob gerade jemand in das Archiv schreibt, ist hier nicht zu sehen ({ $cause }); darauf wird nicht gewartet.
monitoring-archives = { $archives ->
    [one] 1 Archiv
   *[other] { $archives } Archive
}
monitoring-ok = { $packages ->
    [one] 1 Paket, nicht überfällig, kein offener Befund
   *[other] { $packages } Pakete, keines überfällig, kein offener Befund
}
monitoring-warning = { $overdue } von { $packages } Paketen nicht in der Frist geprüft
monitoring-critical = { $findings ->
    [one] 1 offener Befund, Exit-Code { $code }
   *[other] { $findings } offene Befunde, Exit-Code { $code }
}
monitoring-unknown = nicht geprüft, Exit-Code { $code }
hook-not-started = Der Befehl von --hook konnte nicht ausgeführt werden: { $cause }
hook-failed = Der Befehl von --hook schlug fehl, Exit-Code { $code }; am Ergebnis der Prüfung ändert das nichts.
hook-running = Der Befehl von --hook läuft noch; es wird nicht länger auf ihn gewartet.
dry-run = Probelauf: es wird nichts geschrieben.
expected-name = Erwartet wird ein Name aus Buchstaben von a bis z, Ziffern, Binde- und Unterstrich und Punkt.
expected-line = Erwartet werden Wörter in einer Zeile.
expected-day = Erwartet wird ein Datum wie 2056-12-31.
expected-file-name = Erwartet wird der Name einer Datei ohne Ordner.
expected-category = Erwartet wird ein Wert der E-ARK-Liste der Inhaltsarten, zum Beispiel Mixed.
expected-information-type = Erwartet wird ein Wert der E-ARK-Liste der Inhaltstypen, zum Beispiel MIXED.
expected-one-name = Erwartet wird wenigstens ein Name.
expected-pattern = Erwartet wird ein Name ohne Ordner; * steht für beliebige Zeichen.
expected-unique = Erwartet wird ein Name, den keine andere Regel hat.
expected-after-start = Erwartet wird ein Datum, das nicht vor start liegt.
expected-own-name = Erwartet wird der Name, den die Datei hat.
expected-interim = Das gilt nur, wenn daneben purpose = "interim" steht.
expected-values = Erwartet wird: { $values }
fault-target-exists = { $file } ist schon da und wird nicht überschrieben.
    .hint = Nennen Sie einen anderen Ordner.

## Vergleich von Anbietung, Bewertung und Aussonderung

compare-offer = Angeboten (0501): { $objects ->
        [one] ein Objekt
       *[other] { $objects } Objekte
    } in { $file }
compare-decisions = Bewertet (0502): { $archive } archivwürdig, { $undecided } zu bewerten, { $destroy } zu vernichten; { $file }
compare-delivery = Ausgesondert (0503): { $objects ->
        [one] ein Objekt
       *[other] { $objects } Objekte
    } in { $file }
compare-missing = Es fehlen ({ $objects }):
compare-surplus = Überzählig, weder angeboten noch bewertet ({ $objects }):
compare-not-followed = Entgegen der Bewertung ausgesondert ({ $objects }):
compare-kind = Art
compare-reference = Aktenzeichen
compare-title = Betreff
compare-id = Kennung
compare-decision = Bewertung
compare-agrees = Kein Unterschied.
compare-informs = Zur Kenntnis: Ohne Bewertungsverzeichnis (0502) sind Unterschiede kein Fehler.
fault-not-a-junit-report = { $file } ist kein JUnit-Bericht und wird nicht überschrieben.
    .hint = Nennen Sie mit --junit eine neue Datei.
fault-compare-message = { $file } kann nicht verglichen werden.
    .hint = Fordern Sie die Nachricht neu an.
fault-compare-changed = Eine Nachricht hat sich geändert, während sie gelesen wurde.
    .hint = Wiederholen Sie den Vergleich, wenn sie fertig geschrieben ist.
fault-compare-no-delivery = Unter den Nachrichten ist keine Aussonderung (0503).
    .hint = Nennen Sie eine Nachricht 0503 und dazu eine Anbietung (0501) oder Bewertung (0502).
fault-compare-no-basis = Unter den Nachrichten ist weder eine Anbietung (0501) noch eine Bewertung (0502).
    .hint = Nennen Sie eine Nachricht 0503 und dazu eine Anbietung (0501) oder Bewertung (0502).

## Bewertung und Rückmeldungen an die abgebende Stelle

fate-not-taken = Nicht übernommen
not-taken = Nicht übernommen ({ $decision ->
        [destroy] als nicht archivwürdig bewertet
       *[other] noch nicht bewertet
    }): { $object }
answer-written = Rückmeldung { $message } geschrieben: { $file }
answer-kept = Rückmeldung { $message } liegt schon vor: { $file }
answer-asked = Die abgebende Stelle erwartet die Rückmeldung { $message }; sie wird nur mit --outbox ORDNER geschrieben.
answer-outcome = davon im Archiv: { $stored } von { $objects } Objekten
answer-released = Alles Ausgesonderte ist im Archiv; die abgebende Stelle darf löschen.
answer-not-released = Zur Löschung bei der abgebenden Stelle ist noch nicht alles freigegeben.
outcome-refused = Zurückgewiesen: { $reason }
outcome-failed = Die Speicherung ist fehlgeschlagen; die Übernahme wird wiederholt.
outcome-conflict = Unter derselben Kennung liegt im Archiv ein anderer Inhalt.
outcome-left-out = Es ist keine Datei zu übernehmen.
outcome-not-taken = { $decision ->
        [destroy] Nicht übernommen: als nicht archivwürdig bewertet (V).
       *[other] Nicht übernommen: noch nicht bewertet (B).
    }
outcome-partly = Nicht vollständig übernommen: Teile dieses Objekts sind nicht im Archiv.
outcome-not-delivered = Als archivwürdig bewertet (A), aber nicht ausgesondert.
outcome-not-stored = Nicht übernommen.
inspect-what = { $path }: { $form }, { $kind }
inspect-fits = Passendes Profil
inspect-system = System
inspect-recipient = Empfänger
inspect-process = Vorgangskennung
inspect-message = Nachricht
inspect-records = Unterlagen
inspect-key = Schlüssel
inspect-kind = Art
inspect-contributors = Mitwirkende
inspect-audience = Bestimmt für
inspect-conforms = Folgt
inspect-relations = Verweist auf
inspect-units = Gliederung ({ $units } Einheiten)
inspect-unit-files = { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}
inspect-metadata = Metadaten der Quelle
inspect-empty-folders = Leere Ordner
inspect-act = Davor geschehen
inspect-more = … und { $count } weitere; --verbose und --json nennen alle.
form-folder = Ordner
form-zip = ZIP-Datei
form-tar = TAR-Datei
form-tar-gz = TAR-Datei, mit gzip gepackt
form-file = Datei
form-special = weder Datei noch Ordner
input-is-package = E-ARK-Paket
input-is-bag = BagIt-Tasche
input-is-ocfl = OCFL-Objekt oder -Speicher
input-is-xdomea = xdomea ({ $messages })
input-is-invoice = E-Rechnung ({ $syntaxes })
input-is-pdf = PDF, in dem auf den ersten Blick keine E-Rechnung zu sehen ist
input-is-fit-connect = FIT-Connect-Einreichung
input-is-email = E-Mail
input-is-compressed = anders gepackt als ZIP, TAR oder tar.gz
input-is-xml = XML-Datei mit dem Wurzelelement { $root }
input-is-xml-unread = XML-Datei, die nicht gelesen werden kann
input-is-share = Dateiablage
input-is-file = Datei, die zu keinem Profil passt
input-is-special = Gerät, Pipe oder Socket
## Übernahmeprotokoll

help-accession-show-format = Zeigt stattdessen das Übernahmeprotokoll: text, html, csv (Pakete) oder deviations (Abweichungen als CSV)
fault-receipt-changed = Das Übernahmeprotokoll { $file } ist nicht mehr so, wie es gespeichert wurde.
    .hint = Einzelheiten zeigt earchiv audit; stellen Sie das Objekt aus einer Sicherung wieder her.
refusal-title = Abweisungsprotokoll über die Ablieferung „{ $delivery }“
receipt-lead = Die Ablieferung „{ $delivery }“ der abgebenden Stelle „{ $producer }“ wurde geprüft, gespeichert und am { $date } abgeschlossen.
refusal-lead = Von der Ablieferung „{ $delivery }“ der abgebenden Stelle „{ $producer }“ wurde nichts übernommen; es gibt keinen Zugang.
receipt-part-terms = Wer, wann, auf welcher Grundlage
receipt-caption-terms = Angaben zum Zugang; Zeiten in UTC
receipt-part-messages = Nachrichten
receipt-caption-messages = Nachrichten der abgebenden Stelle in dieser Ablieferung
receipt-message-kind = Nachricht
receipt-message-version = Fassung
receipt-message-created = Erstellt
receipt-message-file = Datei
receipt-part-counts = Ergebnis
receipt-caption-counts = Was angeboten wurde und was daraus geworden ist
receipt-count-what = Was
receipt-count-offered = angeboten
receipt-count-taken = über­nommen
receipt-count-held = schon vorhanden
receipt-count-not-taken = nach Bewertung nicht über­nommen
receipt-count-refused = zurück­gewiesen
receipt-count-failed = fehl­geschlagen
receipt-count-left-out = durch Regel ausgelassen
receipt-count-objects = Unterlagen (je ein Paket)
receipt-count-others = Verknüpfungen und anderes
receipt-counts-note = Jeder Eintrag der Ablieferung ist genau einmal gezählt. Der Umfang nennt die Dateien, die zu Unterlagen gehören.
receipt-released = Löschung beim Absender freigegeben: ja.
receipt-not-released = Löschung beim Absender freigegeben: nein.
receipt-release-note = Freigegeben wird sie nur durch eine Antwort des Archivs, die das sagt (xdomea-Nachricht 0506), nicht durch dieses Protokoll.
receipt-part-packages = Unterlagen und Pakete
receipt-caption-packages = Alle Unterlagen der Ablieferung in ihrer Reihenfolge, mit ihrem Paket
receipt-no-packages = Die Ablieferung enthält keine Unterlagen.
receipt-number = Nr.
receipt-records = Unterlagen
receipt-extent = Umfang
receipt-files = { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
}
receipt-periods = Fristen
receipt-closure = Schutzfrist bis
receipt-closure-end = Schutzfrist bis { $date }
receipt-retention = Aufbewahrung bis
receipt-retention-end = Aufbewahrung bis { $date }
receipt-outcome = Ergebnis
receipt-package-checksum = Paket und Prüfsumme
receipt-sum-package = SHA-512 der Paketdatei
receipt-sum-inventory = SHA-512 des Inventars
receipt-kind = Art
receipt-key = In der Ablieferung
receipt-dates-of-files = Daten nur aus Dateizeiten
receipt-dates-of-files-only = { $dates } (nur aus Dateizeiten)
receipt-date-from = Laufzeit von
receipt-date-to = Laufzeit bis
receipt-byte-count = Bytes
receipt-yes = ja
receipt-no = nein
receipt-more = Hier stehen die ersten { $shown } von { $all }; die CSV-Tabellen und receipt.json nennen alle.
receipt-part-deviations = Abweichungen
receipt-caption-deviations = Was nicht übernommen wurde, und was bei der Prüfung auffiel
receipt-no-deviations = Keine: Alles, was angeboten wurde, ist übernommen, und nichts fiel auf.
receipt-deviation-where = Wo
receipt-deviation-kind = Art
receipt-deviation-code = Code
receipt-deviation-what = Feststellung
receipt-deviation-hint = Abhilfe
receipt-record-refused = Die Unterlagen wurden nicht übernommen; warum, steht in den Zeilen danach.
receipt-part-equal = Inhaltsgleiches im Archiv
receipt-caption-equal = Pakete im Archiv, deren Inhalt und Beschreibung dieselben sind
receipt-no-equal = Das Archiv hat kein anderes Paket mit demselben Inhalt und derselben Beschreibung.
receipt-equal = Inhaltsgleich mit
receipt-equal-delivered = Unterlagen
receipt-equal-package = Paket im Archiv
receipt-equal-what = Verhältnis
receipt-equal-same = schon früher übernommen, dasselbe Paket
receipt-equal-other = gleicher Inhalt, anderes Paket
receipt-equal-line = Inhaltsgleich mit Paket { $package } aus Zugang { $accession }
receipt-part-formats = Formate
receipt-formats-note = Die Formate folgen aus den Dateinamen und aus dem, was die Ablieferung selbst angibt; die Dateien wurden dafür nicht untersucht.
receipt-chart-title = Dateien nach Format
receipt-chart-description = { $files } Dateien in { $formats } Formaten; am häufigsten ist { $first } mit { $most }. Die Zahlen stehen in der Tabelle darunter.
receipt-chart-caption = Dateien nach Format; dieselben Zahlen stehen in der Tabelle.
receipt-caption-formats = Übernommene Dateien nach Format
receipt-format = Format
receipt-format-share = Anteil
receipt-format-plain = ohne Endung ({ $type })
receipt-formats-others = { $formats } weitere Formate
receipt-formats-rest = seltene Formate
receipt-part-evidence = Nachweis
receipt-head-note = Kopf des Journals, als dieses Protokoll geschrieben wurde:
receipt-object-note = Der Zugang liegt mit diesem Protokoll und allen Eintragslisten im Archivspeicher als Objekt:
receipt-part-signatures = Unterschriften
receipt-party-producer = Übergebende Stelle
receipt-party-archive = Archiv
receipt-place-date = Ort, Datum
receipt-name-office = Name, Amtsbezeichnung
receipt-signature = Unterschrift
receipt-footer = Erzeugt von { $tool } { $version } aus receipt.json des Zugangs { $number }.
refusal-footer = Erzeugt von { $tool } { $version }. Im Archiv ist davon nichts gespeichert.
receipt-producer-code = Kennung der abgebenden Stelle
receipt-process = Prozess oder Vorgangskennung
receipt-system = Abgebendes System
receipt-recipient = Gerichtet an
receipt-legal-basis = Rechtsgrundlage
receipt-restriction = Nutzungsbeschränkung
receipt-actor = Übernommen von (Benutzer)
receipt-on-behalf-of = Im Auftrag von
receipt-profile-version = { $name }, Fassung { $version }
receipt-tool = Programm
overview-title = Übersicht über { $deliveries } Ablieferungen
overview-delivery = Ablieferung
overview-all = alles
help-ingest-report = Legt Kopien der Übernahmeprotokolle in diesen Ordner, und für jede abgewiesene Ablieferung ein Abweisungsprotokoll
overview-entries = einzelne Einträge
receipt-decision = { $decision ->
        [destroy] als nicht archivwürdig bewertet
       *[other] noch nicht bewertet
    }
receipt-decided-against = Nach Bewertung nicht übernommen: { $objects ->
        [one] ein Objekt
       *[other] { $objects } Objekte
    } (Akten, Vorgänge, Dokumente); sie stehen unter den Abweichungen.
inbox-title = Eingang { $folder }
inbox-planned = würde übernommen: { $name }
inbox-taken = übernommen: { $name }
inbox-taken-before = schon übernommen am { $since }: { $name }
inbox-partial = teilweise abgewiesen: { $name }
inbox-partial-before = teilweise abgewiesen am { $since }, seitdem unverändert: { $name }
inbox-refused = abgewiesen: { $name }
inbox-refused-before = abgewiesen am { $since }, seitdem unverändert: { $name }
inbox-failed = fehlgeschlagen, der nächste Durchgang versucht es wieder: { $name }
inbox-waiting = wartet: { $name }
inbox-accession = Zugang { $numbers }
inbox-receipt = Protokoll { $file }
inbox-hidden = verborgen: der Name beginnt mit einem Punkt
inbox-partial-name = dem Namen nach noch nicht vollständig oder nur vorübergehend da
inbox-system = hat ein Betriebssystem angelegt
inbox-link = eine Verknüpfung; ihr wird nicht gefolgt
inbox-special = eine Pipe, ein Socket oder ein Gerät
inbox-marker-alone = ein Fertigvermerk ohne Ablieferung
inbox-empty = noch liegt keine Datei darin
inbox-no-marker = der Fertigvermerk fehlt
inbox-uploading = dem Namen nach wird { $file } noch übertragen
inbox-changing = zuletzt geändert am { $last }; übernommen wird ab { $until }, wenn sich nichts mehr ändert
inbox-future = zuletzt geändert am { $last }, nach der Uhr dieses Rechners also in der Zukunft; wird beobachtet und ab { $until } übernommen, wenn sich nichts mehr ändert
inbox-gone = liegt nicht mehr da
inbox-sum = Ablieferungen: übernommen { $taken }, teilweise abgewiesen { $partial }, abgewiesen { $refused }, fehlgeschlagen { $failed }, wartend { $waiting }; aus früheren Durchgängen: übernommen { $before }, abgewiesen { $open }
inbox-sum-planned = Ablieferungen: würden übernommen { $planned }, teilweise abgewiesen { $partial }, abgewiesen { $refused }, fehlgeschlagen { $failed }, wartend { $waiting }; aus früheren Durchgängen: übernommen { $before }, abgewiesen { $open }

## Bericht über Prüfungen

help-audit-report = Schreibt den Bericht über die Prüfungen der letzten Jahre: Seiten auf Deutsch und Englisch, Tabellen als CSV.
help-audit-report-history = Ordner des Prüfverlaufs [Vorgabe: reports/audit im Archiv]
help-audit-report-every = Wie lange eine Prüfung gilt, zum Beispiel 90d [Vorgabe: audit.toml des Archivs]
help-audit-report-out = Ordner für den Bericht, oder eine Datei .html für die Seite allein [Vorgabe: neben dem Prüfverlauf]
fault-not-a-report = { $file } ist kein Bericht von eArchiv und wird nicht überschrieben.
    .hint = Nennen Sie mit --out einen anderen Ordner, oder räumen Sie die Datei beiseite.
audits-title = Prüfbericht vom { $date }
audits-footer = Erzeugt von eArchiv { $version } am { $time } aus dem Prüfverlauf.
audits-verdict-good = Alles in Ordnung
audits-verdict-late = Prüfung nachholen
audits-verdict-bad = Handlungsbedarf: Das Archiv ist nicht in Ordnung
audits-verdict-damaged = { $packages ->
    [one] { $packages } Paket ist nicht in Ordnung. Was zu tun ist, steht unter „Offene Befunde“.
   *[other] { $packages } Pakete sind nicht in Ordnung. Was zu tun ist, steht unter „Offene Befunde“.
}
audits-verdict-whole = { $errors ->
    [one] { $errors } Fehler betrifft das Archiv als Ganzes (Archivspeicher, Nachweis oder Journal).
   *[other] { $errors } Fehler betreffen das Archiv als Ganzes (Archivspeicher, Nachweis oder Journal).
}
audits-verdict-broken = Der Prüfverlauf ist nicht so, wie er geschrieben wurde: ab Lauf { $run } fehlt etwas oder ist verändert.
audits-verdict-overdue = { $overdue ->
    [one] { $overdue } von { $packages } Paketen ist überfällig: Seine Frist ist vorbei, ohne dass es geprüft wurde.
   *[other] { $overdue } von { $packages } Paketen sind überfällig: Ihre Frist ist vorbei, ohne dass sie geprüft wurden.
}
audits-verdict-never = Noch kein Lauf hat das Archiv bis zu einem Ende geprüft.
audits-verdict-quiet = Seit dem { $date }, also seit { $days } Tagen, ist kein Lauf zu Ende gegangen.
audits-verdict-endless = Der Lauf, der am { $time } begann, hat kein Ende: Er läuft noch oder wurde abgebrochen.
audits-verdict-warnings = { $warnings ->
    [one] { $warnings } Warnung ist offen.
   *[other] { $warnings } Warnungen sind offen.
}
audits-verdict-empty = Das Archiv enthält keine Pakete.
audits-verdict-no-period = Es ist nicht festgelegt, wie oft Pakete zu prüfen sind; deshalb kann keines überfällig sein.
audits-verdict-within = { $packages ->
    [one] Bei dem einen Paket des Archivs ist die Frist eingehalten.
   *[other] Bei allen { $packages } Paketen ist die Frist eingehalten.
}
audits-verdict-last = Der letzte Lauf endete am { $time }.
audits-part-facts = Archiv und Zeitraum
audits-caption-facts = Worüber berichtet wird; Zeiten in UTC
audits-archive-id = Kennung des Archivs
audits-made = Stand
audits-covered = Läufe von – bis
audits-runs = Läufe
audits-runs-endless = { $runs }, davon { $endless } ohne Ende
audits-unchecked = seit der Übernahme nie geprüft
audits-overdue = überfällig
audits-oldest = Am längsten ungeprüft seit
audits-history = Kennung des Prüfverlaufs
audits-part-open = Offene Befunde
audits-caption-open = Was nicht in Ordnung ist, seit wann, und was zu tun ist
audits-no-open = Keine.
audits-part-cleared = Behobene Befunde des letzten Jahres
audits-caption-cleared = Was eine spätere Prüfung nicht mehr fand
audits-no-cleared = Keine.
audits-more = Hier stehen { $shown } von { $all }; audit-findings.csv nennt alle.
audits-finding-where = Paket und Datei
audits-finding-what = Befund und Abhilfe
audits-finding-first = Zuerst gesehen
audits-finding-last = Zuletzt gesehen
audits-finding-cleared = Behoben
audits-finding-whole = Archiv als Ganzes
audits-finding-state = Stand
audits-finding-kind = Art
audits-finding-file = Datei
audits-finding-hint = Abhilfe
audits-finding-is-open = offen
audits-finding-is-cleared = behoben
audits-part-ages = Alter der letzten Prüfung
audits-ages-note = Wie lange die letzte Prüfung jedes Pakets zurückliegt. Ein Paket, das seit der Übernahme nie geprüft wurde, zählt von der Übernahme an: Damals wurde es zurückgelesen.
audits-ages-description = { $packages } Pakete nach dem Alter ihrer letzten Prüfung; { $unchecked } seit der Übernahme nie geprüft, { $overdue } überfällig. Die Zahlen stehen in der Tabelle darunter.
audits-caption-ages = Pakete nach dem Alter ihrer letzten Prüfung
audits-age = Alter
audits-age-week = bis 7 Tage
audits-age-days = { $from } bis { $to } Tage
audits-age-years = { $from } bis { $to } Jahre
audits-age-more = mehr als { $from } Jahre
audits-sum = Summe
audits-key-checked = geprüft
audits-key-unchecked = seit der Übernahme nie geprüft
audits-key-lowest = niedrigster Stand
audits-key-end = Stand am Ende
audits-part-days = Prüfungen nach Tagen
audits-part-months = Prüfungen der letzten Monate
audits-part-years = Prüfungen nach Jahren
audits-series-note = Ein Strich (–) steht, wo kein Lauf zu Ende ging. Dieselben Zahlen stehen in der Tabelle.
audits-chart-coverage = Pakete innerhalb ihrer Frist
audits-chart-coverage-description = Anteil der Pakete, deren Frist nicht vorbei ist, je Zeitraum. Die Zahlen stehen in der Tabelle darunter.
audits-chart-packages = Geprüfte Pakete
audits-chart-bytes = Gelesene Datenmenge in { $unit }
audits-chart-rate = Durchsatz in { $unit }/s
audits-chart-description = Höchstens { $most } in einem Zeitraum. Die Zahlen stehen in der Tabelle darunter.
audits-caption-series = Was die Läufe zusammen geprüft haben; jeder Lauf zählt zu dem Zeitraum, in dem er begann (UTC)
audits-period = Zeitraum
audits-checked = geprüfte Pakete
audits-read = gelesen
audits-duration = Dauer
audits-rate = Durch­satz
audits-coverage = inner­halb der Frist
audits-coverage-end = inner­halb der Frist, am Ende
audits-coverage-lowest = niedrigster Stand
audits-overdue-end = überfällig, am Ende
audits-errors = Fehler
audits-new = neue Fehler
audits-part-runs = Läufe des letzten Jahres
audits-caption-runs = Jeder Aufruf von earchiv audit, der letzte zuerst; Zeiten in UTC
audits-no-runs = Keine.
audits-runs-more = Hier stehen die letzten { $shown } von { $all }; audit-runs.csv nennt alle.
audits-runs-before = { $runs ->
    [one] { $runs } früherer Lauf ist oben nach Jahren zusammengefasst; audit-runs.csv nennt ihn einzeln.
   *[other] { $runs } frühere Läufe sind oben nach Jahren zusammengefasst; audit-runs.csv nennt sie einzeln.
}
audits-run = Lauf
audits-run-planned = von { $packages }
audits-run-new = { $errors } neu
audits-times = Beginn und Ende
audits-begin = Beginn
audits-end = Ende
audits-ending = Warum beendet
audits-ending-none = ohne Ende: läuft noch oder abgebrochen
audits-ending-complete = alles erledigt
audits-ending-time = Zeit aufgebraucht
audits-ending-bytes = Datenmenge erreicht
audits-ending-stopped = angehalten
audits-level = Tiefe
audits-level-quick = schnell
audits-level-full = voll
audits-level-deep = tief
audits-share = Anteil { $number } von { $of }
audits-head = Kopf des Journals
audits-shard-number = Anteil
audits-shards = Anteile
audits-planned = geplante Pakete
audits-milliseconds = Millisekunden
audits-rate-bytes = Bytes je Sekunde
audits-damaged = beschädigt
audits-missing = fehlend
audits-unreadable = nicht lesbar
audits-doubtful = erst beim zweiten Lesen in Ordnung
audits-unknown = unbekannte Objekte
audits-held = Pakete im Archiv
audits-held-bytes = Bytes im Archiv
audits-ever-checked = je geprüft
audits-overdue-bytes = überfällige Bytes
audits-hash = Prüfsumme des Laufs
audits-chain-none = Noch ist kein Lauf aufgezeichnet, der zu Ende ging.
audits-chain-whole = { $runs ->
    [one] Die Kette der Läufe ist unversehrt ({ $runs } Lauf mit Ende). Das Journal nennt keinen Lauf dieses Prüfverlaufs; ob am Ende Läufe fehlen, lässt sich deshalb nicht feststellen.
   *[other] Die Kette der Läufe ist unversehrt ({ $runs } Läufe mit Ende): Keiner wurde verändert oder weggelassen. Das Journal nennt keinen Lauf dieses Prüfverlaufs; ob am Ende Läufe fehlen, lässt sich deshalb nicht feststellen.
}
audits-chain-proven = { $runs ->
    [one] Die Kette der Läufe ist unversehrt ({ $runs } Lauf mit Ende), und das Journal bestätigt ihn.
   *[other] Die Kette der Läufe ist unversehrt ({ $runs } Läufe mit Ende): Keiner wurde verändert oder weggelassen, und das Journal bestätigt den letzten, den es nennt.
}
audits-chain-broken = Die Kette der Läufe ist nicht unversehrt: Ab Lauf { $run } wurde der Prüfverlauf verändert, oder es fehlen Läufe. Verlassen Sie sich nicht auf ältere Angaben dieses Berichts, und prüfen Sie alle Pakete neu.
audits-hash-note = Prüfsumme des letzten Laufs, mit der alle früheren bewiesen sind:
audits-head-note = Kopf des Journals, wie ihn der letzte Lauf nachgerechnet hat. Bewahren Sie ihn außerhalb des Archivs auf, etwa mit diesem Bericht auf Papier; earchiv journal verify --head vergleicht ihn später mit dem Journal:

## Prüfverläufe zusammenführen

help-audit-merge = Führt die Prüfverläufe mehrerer Maschinen zu einem zusammen.
help-audit-merge-folders = Ordner der Prüfverläufe, die hinzukommen
help-audit-merge-history = Ordner des Prüfverlaufs, der sie aufnimmt [Vorgabe: reports/audit im Archiv]
merged-one = { $folder }: { $runs ->
        [0] kein neuer Lauf
        [one] ein neuer Lauf
       *[other] { $runs } neue Läufe
    }, { $packages ->
        [0] keine spätere Prüfung
        [one] spätere Prüfung eines Pakets
       *[other] spätere Prüfungen von { $packages } Paketen
    }, { $findings ->
        [0] kein neuer Befund
        [one] ein neuer Befund
       *[other] { $findings } neue Befunde
    }
merged = Zusammengeführt in { $folder }: { $runs ->
        [one] ein Lauf
       *[other] { $runs } Läufe
    }{ $unended ->
        [0] {""}
        [one] , davon einer ohne Ende
       *[other] , davon { $unended } ohne Ende
    }; { $packages ->
        [0] kein Paket mit offenem Befund
        [one] ein Paket mit offenem Befund
       *[other] { $packages } Pakete mit offenen Befunden
    }.
fault-history-missing = In { $file } liegt kein Prüfverlauf.
    .hint = Nennen Sie die Ordner, die bei den Läufen mit --history angegeben waren; in jedem liegt eine Datei history.sqlite.
fault-history-changed = Der Prüfverlauf { $file } ist nicht der, der geschrieben wurde: Lauf { $run } wurde verändert oder fehlt.
    .hint = Führen Sie ihn nicht mit anderen zusammen. Holen Sie ihn aus einer Sicherung, oder legen Sie ihn beiseite und prüfen Sie seinen Teil erneut.
