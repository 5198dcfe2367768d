/* xoshiro256** 1.0 and SplitMix64, by Blackman and Vigna (https://prng.di.unimi.it). */
#include "rng.h"

#include "bug.h"

static uint64_t split_mix_64(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

/* FNV-1a. */
static uint64_t hash_text(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

void sm_rng_init(struct sm_rng *rng, uint64_t seed, const char *substream) {
    /* Neighbouring seeds must not meet neighbouring names: the seed is mixed before the name comes in. The nameless
     * substream is the plain generator, so that its numbers can be compared with published ones. */
    uint64_t state = seed;
    if (*substream)
        state = split_mix_64(&state) ^ hash_text(substream);
    for (int i = 0; i < 4; i++)
        rng->s[i] = split_mix_64(&state);
}

uint64_t sm_rng_next(struct sm_rng *rng) {
    uint64_t *s = rng->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint32_t sm_rng_below(struct sm_rng *rng, uint32_t n) {
    SM_ASSERT(n > 0);

    /* Lemire's multiplication: the high word is the answer, and the few low words that would favour some answers are
     * drawn again. */
    uint64_t product = (sm_rng_next(rng) >> 32) * n;
    if ((uint32_t)product < n) {
        uint32_t biased = (uint32_t)(-n) % n;
        while ((uint32_t)product < biased)
            product = (sm_rng_next(rng) >> 32) * n;
    }
    return (uint32_t)(product >> 32);
}
