/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox-4x32-10 on eight counters: each word stands in the low half of a lane of 64 bits, where
 * the vector product takes it from; what is left above it is never read. */
#include "core/random/block.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <immintrin.h>

#define N_ROUNDS 10
/* Of Philox-4x32: multipliers, and the steps of its key (Salmon et al., SC11, section 3.3). */
#define TIMES_0 0xD2511F53u
#define TIMES_1 0xCD9E8D57u
#define STEP_0  0x9E3779B9u
#define STEP_1  0xBB67AE85u

typedef struct words {
    __m256i w[4];
} words;

bool rig_random_block_has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

__attribute__((target("avx2"))) static inline words counters_of(const rig_random_counters *from,
                                                                int at)
{
    words c;
    c.w[0] = _mm256_loadu_si256((const __m256i *)(const void *)(from->index + at));
    c.w[1] = _mm256_srli_epi64(c.w[0], 32);
    c.w[2] = _mm256_set1_epi64x((long long)from->replication);
    c.w[3] =
        _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(from->purpose + at)));
    return c;
}

__attribute__((target("avx2"))) static inline words round_of(words c, __m256i key_0, __m256i key_1)
{
    const __m256i product_0 = _mm256_mul_epu32(c.w[0], _mm256_set1_epi64x((long long)TIMES_0));
    const __m256i product_1 = _mm256_mul_epu32(c.w[2], _mm256_set1_epi64x((long long)TIMES_1));
    words next;
    next.w[0] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product_1, 32), c.w[1]), key_0);
    next.w[1] = product_1;
    next.w[2] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product_0, 32), c.w[3]), key_1);
    next.w[3] = product_0;
    return next;
}

/* 52 bits, and a half, as a double: exact in each step. */
__attribute__((target("avx2"))) static inline void put_uniforms(words c, double *u)
{
    const __m256i low = _mm256_and_si256(c.w[1], _mm256_set1_epi64x(0xFFFFFFFFll));
    const __m256i bits = _mm256_srli_epi64(_mm256_or_si256(_mm256_slli_epi64(c.w[0], 32), low), 12);
    const __m256d two_52 = _mm256_set1_pd(0x1p52);
    const __m256d whole = _mm256_sub_pd(
        _mm256_castsi256_pd(_mm256_or_si256(bits, _mm256_castpd_si256(two_52))), two_52);
    _mm256_storeu_pd(
        u, _mm256_mul_pd(_mm256_add_pd(whole, _mm256_set1_pd(0.5)), _mm256_set1_pd(0x1p-52)));
}

__attribute__((target("avx2"))) void rig_random_block_avx2(const rig_random_counters *counters,
                                                           double u[RIG_RANDOM_BLOCK])
{
    words a = counters_of(counters, 0), b = counters_of(counters, 4);
    uint32_t key_0 = (uint32_t)counters->seed, key_1 = (uint32_t)(counters->seed >> 32);
    for (int i = 0; i < N_ROUNDS; i++) {
        const __m256i k_0 = _mm256_set1_epi64x((long long)key_0);
        const __m256i k_1 = _mm256_set1_epi64x((long long)key_1);
        a = round_of(a, k_0, k_1);
        b = round_of(b, k_0, k_1);
        key_0 += STEP_0;
        key_1 += STEP_1;
    }
    put_uniforms(a, u);
    put_uniforms(b, u + 4);
}

#else

bool rig_random_block_has_avx2(void)
{
    return false;
}

void rig_random_block_avx2(const rig_random_counters *counters, double u[RIG_RANDOM_BLOCK])
{
    rig_random_block_portable(counters, u);
}

#endif
