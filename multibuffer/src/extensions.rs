//! The rounds of SHA-256 with the SHA extensions of x86-64, of several messages in turn. The only place with unsafe code.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
};

use super::{Block, State};

/// The constants of the rounds (FIPS 180-4, 4.2.2).
const K: [[u32; 4]; 16] = [
    [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
    [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
    [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
    [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
    [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
    [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
    [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
    [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
    [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
    [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
    [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
    [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
    [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
];

/// Proof that this processor has what the rounds need.
#[derive(Clone, Copy)]
pub(super) struct Extensions(());

impl Extensions {
    pub(super) fn detect() -> Option<Self> {
        let there = is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1");
        there.then_some(Self(()))
    }

    /// Takes the blocks of each message into its state; all have as many.
    #[allow(unsafe_code, clippy::unused_self)]
    pub(super) fn compress<const N: usize>(self, lanes: [(&mut State, &[Block]); N]) {
        // SAFETY: `self` exists only where `detect` found both features, and SSE4.1 comes with SSSE3 and SSE2.
        unsafe { rounds(lanes) }
    }
}

#[target_feature(enable = "sha,sse4.1")]
fn rounds<const N: usize>(lanes: [(&mut State, &[Block]); N]) {
    let zero = _mm_setzero_si128();
    let count = lanes.iter().map(|(_, blocks)| blocks.len()).min().unwrap_or_default();
    // The instructions want the words A, B, E, F in one register and C, D, G, H in the other, the first on top.
    let (mut abef, mut cdgh) = ([zero; N], [zero; N]);
    for (lane, (state, _)) in lanes.iter().enumerate() {
        let word = |at: usize| state[at];
        abef[lane] = words([5, 4, 1, 0].map(word));
        cdgh[lane] = words([7, 6, 3, 2].map(word));
    }
    for number in 0..count {
        let before = (abef, cdgh);
        // The last sixteen words of each message's schedule.
        let mut schedule = [[zero; 4]; N];
        for (schedule, (_, blocks)) in schedule.iter_mut().zip(&lanes) {
            let (words, _) = blocks[number].as_chunks();
            *schedule = [big_endian(&words[0]), big_endian(&words[1]), big_endian(&words[2]), big_endian(&words[3])];
        }
        // Unrolled, so that all of it stays in registers.
        macro_rules! four_rounds {
            ($($turn:literal)*) => {$(
                for lane in 0..N {
                    let sum = _mm_add_epi32(schedule[lane][$turn % 4], words(K[$turn]));
                    cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], sum);
                    abef[lane] = _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], _mm_shuffle_epi32(sum, 0x0e));
                }
                if $turn < 12 {
                    for words in &mut schedule {
                        let [first, second, third, last] = [0, 1, 2, 3].map(|at| words[($turn + at) % 4]);
                        let next = _mm_add_epi32(_mm_sha256msg1_epu32(first, second), _mm_alignr_epi8(last, third, 4));
                        words[$turn % 4] = _mm_sha256msg2_epu32(next, last);
                    }
                }
            )*};
        }
        four_rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        for lane in 0..N {
            abef[lane] = _mm_add_epi32(abef[lane], before.0[lane]);
            cdgh[lane] = _mm_add_epi32(cdgh[lane], before.1[lane]);
        }
    }
    for (lane, (state, _)) in lanes.into_iter().enumerate() {
        let (abef, cdgh) = (back(abef[lane]), back(cdgh[lane]));
        *state = [abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]];
    }
}

/// Four words in a register, the last on top.
#[target_feature(enable = "sse2")]
fn words([first, second, third, last]: [u32; 4]) -> __m128i {
    _mm_set_epi32(last.cast_signed(), third.cast_signed(), second.cast_signed(), first.cast_signed())
}

/// Sixteen bytes of a message as four words.
#[target_feature(enable = "ssse3")]
fn big_endian(bytes: &[u8; 16]) -> __m128i {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let (halves, _) = bytes.as_chunks();
    let [low, high] = [0, 1].map(|half| i64::from_le_bytes(halves[half]));
    _mm_shuffle_epi8(_mm_set_epi64x(high, low), order)
}

/// The four words of a register, the one on top last.
#[target_feature(enable = "sse4.1")]
fn back(register: __m128i) -> [u32; 4] {
    let words = [
        _mm_extract_epi32::<0>(register),
        _mm_extract_epi32::<1>(register),
        _mm_extract_epi32::<2>(register),
        _mm_extract_epi32::<3>(register),
    ];
    words.map(i32::cast_unsigned)
}
