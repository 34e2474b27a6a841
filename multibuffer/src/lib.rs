//! SHA-256 (FIPS 180-4) of several messages side by side.
//!
//! A round of SHA-256 needs the one before, so one message leaves a processor's SHA unit waiting most of the time. Rounds of other messages fill that
//! time: four together take little more than twice as long as one. Where there is no such unit, the messages follow each other.

// Lanes are for the extensions only.
#![cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]

#[cfg(target_arch = "x86_64")]
mod extensions;

use sha2::block_api::compress256;

#[cfg(target_arch = "x86_64")]
use extensions::Extensions;

/// Messages that are hashed side by side at most; more are taken in turn.
const LANES: usize = 4;

/// A SHA-256.
pub type Sum = [u8; 32];

/// What the rounds work on: eight words.
type State = [u32; 8];
/// What one turn of 64 rounds takes in.
type Block = [u8; 64];

/// A message that comes in pieces.
#[derive(Debug, Clone)]
pub struct Message {
    state: State,
    /// Bytes so far.
    length: u64,
    /// The begun block: `length % 64` bytes of it count.
    begun: Block,
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

impl Message {
    /// Begins a message (FIPS 180-4, 5.3.3).
    #[must_use]
    pub const fn new() -> Self {
        let state =
            [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
        Self { state, length: 0, begun: [0; 64] }
    }

    /// Adds bytes up to the end of the begun block and returns the others.
    fn fill<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let at = self.filled();
        self.length += bytes.len() as u64;
        if at == 0 {
            return bytes;
        }
        let (first, rest) = bytes.split_at(bytes.len().min(64 - at));
        self.begun[at..at + first.len()].copy_from_slice(first);
        if at + first.len() == 64 {
            compress256(&mut self.state, &[self.begun]);
        }
        rest
    }

    fn filled(&self) -> usize {
        (self.length % 64) as usize
    }

    /// Returns the last one or two blocks: what is begun, a one, zeros, and the length in bits (FIPS 180-4, 5.1.1).
    fn last(&self) -> ([Block; 2], usize) {
        let (mut last, at) = ([[0; 64]; 2], self.filled());
        let count = if at < 56 { 1 } else { 2 };
        last[0][..at].copy_from_slice(&self.begun[..at]);
        last[0][at] = 0x80;
        // Lengths of 2^61 bytes and more do not exist.
        last[count - 1][56..].copy_from_slice(&(self.length << 3).to_be_bytes());
        (last, count)
    }
}

/// Returns whether messages side by side are faster than one after the other on this processor.
#[must_use]
pub fn pays() -> bool {
    #[cfg(target_arch = "x86_64")]
    return Extensions::detect().is_some();
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Adds to each message its next bytes.
pub fn update<'a>(pieces: impl IntoIterator<Item = (&'a mut Message, &'a [u8])>) {
    side_by_side(pieces.into_iter().filter_map(|(message, bytes)| {
        let (blocks, rest) = message.fill(bytes).as_chunks();
        // No block is begun any more: `fill` has completed it, or has taken all bytes.
        message.begun[..rest.len()].copy_from_slice(rest);
        (!blocks.is_empty()).then_some(Lane { state: &mut message.state, blocks })
    }));
}

/// Returns the SHA-256 of each message, in their order.
pub fn finish(messages: impl IntoIterator<Item = Message>) -> Vec<Sum> {
    let end = |message: Message| {
        let (last, count) = message.last();
        (message.state, last, count)
    };
    let mut ends: Vec<(State, [Block; 2], usize)> = messages.into_iter().map(end).collect();
    side_by_side(ends.iter_mut().map(|(state, last, count)| Lane { state, blocks: &last[..*count] }));
    ends.into_iter().map(|(state, ..)| bytes(state)).collect()
}

/// Returns the words in the order in which a SHA-256 is written (FIPS 180-4, 6.2.2).
fn bytes(state: State) -> Sum {
    let mut sum = [0; 32];
    for (bytes, word) in sum.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    sum
}

/// Returns the SHA-256 of each of `messages`, in their order.
#[must_use]
pub fn sums(messages: &[&[u8]]) -> Vec<Sum> {
    let mut begun = vec![Message::new(); messages.len()];
    update(begun.iter_mut().zip(messages.iter().copied()));
    finish(begun)
}

/// A message's next blocks.
struct Lane<'a> {
    state: &'a mut State,
    blocks: &'a [Block],
}

impl Lane<'_> {
    /// Takes the next `count` blocks.
    fn next(&mut self, count: usize) -> (&mut State, &[Block]) {
        let (next, rest) = self.blocks.split_at(count);
        self.blocks = rest;
        (self.state, next)
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn side_by_side<'a>(waiting: impl Iterator<Item = Lane<'a>>) {
    one_by_one(waiting);
}

#[cfg(target_arch = "x86_64")]
fn side_by_side<'a>(waiting: impl Iterator<Item = Lane<'a>>) {
    match Extensions::detect() {
        Some(extensions) => together(extensions, waiting),
        None => one_by_one(waiting),
    }
}

fn one_by_one<'a>(lanes: impl Iterator<Item = Lane<'a>>) {
    lanes.for_each(|lane| compress256(lane.state, lane.blocks));
}

/// Keeps as many lanes busy as there are: where a message ends, the next one that waits takes its place.
#[cfg(target_arch = "x86_64")]
fn together<'a>(extensions: Extensions, waiting: impl Iterator<Item = Lane<'a>>) {
    let (mut waiting, mut lanes) = (waiting.fuse(), Vec::with_capacity(LANES));
    loop {
        lanes.extend(waiting.by_ref().take(LANES - lanes.len()));
        let Some(count) = lanes.iter().map(|lane: &Lane<'_>| lane.blocks.len()).min() else { break };
        match &mut lanes[..] {
            [a, b, c, d] => extensions.compress([a, b, c, d].map(|lane| lane.next(count))),
            [a, b, c] => extensions.compress([a, b, c].map(|lane| lane.next(count))),
            [a, b] => extensions.compress([a, b].map(|lane| lane.next(count))),
            others => others.iter_mut().for_each(|lane| extensions.compress([lane.next(count)])),
        }
        lanes.retain(|lane| !lane.blocks.is_empty());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn content(length: usize, seed: usize) -> Vec<u8> {
        (0..length).map(|at| u8::try_from((at * 31 + at / 251 + seed * 7) % 256).unwrap()).collect()
    }

    fn expected(message: &[u8]) -> Sum {
        Sha256::digest(message).into()
    }

    #[test]
    fn the_examples_of_the_standard() {
        let cases: [(&[u8], &str); 3] = [
            (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ];
        let found = sums(&cases.map(|(message, _)| message));
        for (sum, (message, digits)) in found.iter().zip(cases) {
            assert_eq!(sum.map(|byte| format!("{byte:02x}")).concat(), digits, "{message:?}");
        }
    }

    #[test]
    fn every_length_around_blocks_and_any_number_of_messages() {
        for count in 0..=2 * LANES + 1 {
            for first in 0..200 {
                let messages: Vec<Vec<u8>> = (0..count).map(|number| content(first + 37 * number, number)).collect();
                let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
                let wanted: Vec<Sum> = messages.iter().map(|message| expected(message)).collect();
                assert_eq!(sums(&messages), wanted, "{count} from {first}");
            }
        }
    }

    #[test]
    fn a_message_by_itself_in_pieces() {
        let whole = content(1_000, 3);
        for piece in 1..200 {
            let mut message = Message::new();
            whole.chunks(piece).for_each(|piece| update([(&mut message, piece)]));
            assert_eq!(finish([message]), [expected(&whole)], "{piece}");
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn with_and_without_extensions_it_is_the_same() {
        let Some(extensions) = Extensions::detect() else {
            use std::io::Write as _;
            drop(writeln!(std::io::stderr(), "not tested: SHA extensions (this processor has none)"));
            return;
        };
        let bytes = content(64 * 40, 5);
        let blocks = bytes.as_chunks().0;
        let ranges = [0..7, 3..40, 20..21, 8..30, 0..40, 5..6];
        let [mut alone, mut beside] = [(); 2].map(|()| [Message::new().state; 6]);
        let lanes = |states: &mut [State; 6], work: &dyn Fn(&mut dyn Iterator<Item = Lane<'_>>)| {
            let lane = |(state, range): (_, &std::ops::Range<usize>)| Lane { state, blocks: &blocks[range.clone()] };
            work(&mut states.iter_mut().zip(&ranges).map(lane));
        };
        lanes(&mut alone, &|lanes| one_by_one(lanes));
        lanes(&mut beside, &|lanes| together(extensions, lanes));
        assert_eq!(alone, beside);
    }

    proptest! {
        #[test]
        fn pieces_of_any_length_of_any_messages(
            lengths in prop::collection::vec(0_usize..3_000, 0..9),
            cuts in prop::collection::vec(0_usize..500, 1..40),
        ) {
            let whole: Vec<Vec<u8>> = lengths.iter().enumerate().map(|(seed, length)| content(*length, seed)).collect();
            let mut messages = vec![Message::new(); whole.len()];
            let mut left: Vec<&[u8]> = whole.iter().map(Vec::as_slice).collect();
            let mut cuts = cuts.iter().cycle();
            while left.iter().any(|rest| !rest.is_empty()) {
                let pieces: Vec<&[u8]> = left
                    .iter_mut()
                    .map(|rest| {
                        let (piece, others) = rest.split_at((cuts.next().unwrap() + 1).min(rest.len()));
                        *rest = others;
                        piece
                    })
                    .collect();
                update(messages.iter_mut().zip(pieces));
            }
            let wanted: Vec<Sum> = whole.iter().map(|whole| expected(whole)).collect();
            prop_assert_eq!(finish(messages), wanted);
        }
    }
}
