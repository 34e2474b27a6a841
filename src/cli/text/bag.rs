//! What findings about bags say by a word, as the key of its sentence.

use earchiv::model::finding::Code;

/// Returns the key of what `word` says in a finding of `code` about a bag.
pub fn key(code: Code, word: &str) -> Option<&'static str> {
    match code {
        Code::BagInvalid | Code::BagNotice => of_bag(word),
        Code::BagProfile => of_profile(word),
        _ => None,
    }
}

fn of_bag(word: &str) -> Option<&'static str> {
    Some(match word {
        "algorithm-name" => "bag-algorithm-name",
        "algorithm-twice" => "bag-algorithm-twice",
        "bag-inside" => "bag-bag-inside",
        "checksum" => "bag-checksum",
        "declaration" => "bag-declaration",
        "dot" => "bag-dot",
        "element" => "bag-element",
        "empty" => "bag-empty",
        "encoding" => "bag-encoding",
        "encoding-unknown" => "bag-encoding-unknown",
        "fetch" => "bag-fetch",
        "fetch-length" => "bag-fetch-length",
        "fetch-unlisted" => "bag-fetch-unlisted",
        "folder" => "bag-folder",
        "length" => "bag-length",
        "letters" => "bag-letters",
        "line" => "bag-line",
        "line-long" => "bag-line-long",
        "link" => "bag-link",
        "long" => "bag-long",
        "mark" => "bag-mark",
        "md5sum" => "bag-md5sum",
        "name" => "bag-name",
        "names-alike" => "bag-names-alike",
        "normal-form" => "bag-normal-form",
        "oxum" => "bag-oxum",
        "oxum-form" => "bag-oxum-form",
        "payload" => "bag-payload",
        "percent" => "bag-percent",
        "repeated" => "bag-repeated",
        "separator" => "bag-separator",
        "special" => "bag-special",
        "system-file" => "bag-system-file",
        "tagmanifest-algorithm" => "bag-tagmanifest-algorithm",
        "tagmanifest-lacks" => "bag-tagmanifest-lacks",
        "url" => "bag-url",
        "version" => "bag-version",
        _ => return None,
    })
}

fn of_profile(word: &str) -> Option<&'static str> {
    Some(match word {
        "profile-allowed" => "bag-profile-allowed",
        "profile-container" => "bag-profile-container",
        "profile-empty" => "bag-profile-empty",
        "profile-folder" => "bag-profile-folder",
        "profile-identifier" => "bag-profile-identifier",
        "profile-label" => "bag-profile-label",
        "profile-once" => "bag-profile-once",
        "profile-required" => "bag-profile-required",
        "profile-value" => "bag-profile-value",
        "profile-version" => "bag-profile-version",
        _ => return None,
    })
}
