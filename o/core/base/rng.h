/* Deterministic random numbers: xoshiro256** seeded by SplitMix64. One named substream a concern, derived from
 * (seed, name), so that a draw more in one does not move the others. */
#ifndef SM_RNG_H
#define SM_RNG_H

#include <stdint.h>

struct sm_rng {
    uint64_t s[4];
};

void sm_rng_init(struct sm_rng *rng, uint64_t seed, const char *substream);
uint64_t sm_rng_next(struct sm_rng *rng);
uint32_t sm_rng_below(struct sm_rng *rng, uint32_t n); /* uniform in [0, n); n > 0 */

#endif
