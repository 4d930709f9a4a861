/* tests/unit/models/test_dropout.c - masks are the documented draws, whatever the shard, the layout
 * and the processor; their share and scale are right. */
#define FEL_MODULE_MODELS
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "models/dropout_internal.h"
#include "tests/support/check.h"
#include "tests/unit/models/chain_classes.h"

enum { ROWS = 5, COLS = 39, SAMPLES = 50, SAMPLE = 195, ALL = SAMPLES * SAMPLE };

static const uint64_t SEED = UINT64_C(0x123456789abcdef0);

/* What dropout makes of ones: n samples from `first` on. */
static void masks_of(const fel_network_class *code, double rate, const fel_dropout *dropout,
                     size_t n, double *out)
{
    fel_network_config config = fel_network_config_default(code);
    fel_network *net = NULL;
    fel_workspace *ws = NULL;
    double ones[SAMPLE];
    const double *rows[SAMPLES];
    config.sequence = ROWS;
    config.n_features = config.n_outputs = COLS;
    config.every_step = 1;
    config.params[CHAIN_RATE] = rate;
    for (size_t i = 0; i < SAMPLE; i++) {
        ones[i] = 1.0;
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        rows[i] = ones;
    }
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_OK(fel_workspace_create_f64(&ws, net, SAMPLES));
    fel_network_forward_f64(net, ones, rows, COLS, n, dropout, ws, out);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

/* All of two rooms. */
static int same_bytes(const void *a, const void *b)
{
    return memcmp(a, b, ALL * sizeof(double)) == 0;
}

static double *room(void)
{
    double *memory = calloc(ALL, sizeof(*memory));
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void test_masks_are_the_documented_draws(void)
{
    const fel_dropout dropout = {SEED, UINT64_C(0x100000003), UINT64_C(0xfffffff0)};
    const double rate = 0.37;
    const uint32_t site[4] = {3, 1, DROPOUT_SITE(0, 0), 0x64726f70};
    uint32_t words[4];
    double *mask = room();
    size_t wrong = 0;
    masks_of(&chain_dropout, rate, &dropout, SAMPLES, mask);
    rng_block(SEED, site, words);
    const uint64_t key = words[0] | (uint64_t)words[1] << 32;
    for (size_t i = 0; i < ALL; i++) {
        const uint64_t sample = dropout.first_sample + i / SAMPLE;
        const uint32_t row = (uint32_t)(i / COLS % ROWS), col = (uint32_t)(i % COLS);
        const uint32_t counter[4] = {col / 4, row, (uint32_t)sample, (uint32_t)(sample >> 32)};
        rng_block(key, counter, words);
        wrong += mask[i] != ((double)words[col % 4] * 0x1p-32 < rate ? 0.0 : 1.0 / (1.0 - rate));
    }
    CHECK_INT(wrong, 0);
    free(mask);
}

/* A share of a Bernoulli count is off by less than 4.5 standard errors. */
static void test_share_and_scale(void)
{
    static const double rates[] = {0.05, 0.5, 0.931};
    double *mask = room();
    for (size_t k = 0; k < 3; k++) {
        const fel_dropout dropout = {SEED + k, 1, 0};
        size_t zeros = 0, others = 0;
        masks_of(&chain_dropout, rates[k], &dropout, SAMPLES, mask);
        for (size_t i = 0; i < ALL; i++) {
            zeros += mask[i] == 0.0;
            others += mask[i] != 0.0 && mask[i] != 1.0 / (1.0 - rates[k]);
        }
        CHECK_INT(others, 0);
        CHECK_NEAR((double)zeros / ALL, rates[k],
                   4.5 * sqrt(rates[k] * (1.0 - rates[k]) / (double)ALL));
    }
    free(mask);
}

static void test_shards_layouts_and_levels_do_not_show(void)
{
    static const char *const levels[] = {"x86-64", "x86-64-v3", "x86-64-v4"};
    const char *best = fel_cpu_level();
    const fel_dropout all = {SEED, 8, 77};
    double *whole = room(), *part = room();
    masks_of(&chain_dropout, 0.5, &all, SAMPLES, whole);
    for (size_t first = 0; first < SAMPLES; first += 17) {
        const fel_dropout shard = {SEED, 8, 77 + first};
        const size_t n = SAMPLES - first < 17 ? SAMPLES - first : 17;
        masks_of(&chain_dropout, 0.5, &shard, n, part + first * SAMPLE);
    }
    CHECK(same_bytes(whole, part));
    masks_of(&chain_dropout_time_major, 0.5, &all, SAMPLES, part);
    CHECK(same_bytes(whole, part));
    for (size_t i = 0; i < 3; i++) {
        if (fel_cpu_level_set(levels[i]) == FEL_OK) {
            masks_of(&chain_dropout, 0.5, &all, SAMPLES, part);
            CHECK(same_bytes(whole, part));
        }
    }
    CHECK_OK(fel_cpu_level_set(best));
    free(whole);
    free(part);
}

/* Two fair masks agree at half of the places, give or take 4.5 standard errors. */
static void check_unrelated(const double *a, const double *b)
{
    size_t same = 0;
    for (size_t i = 0; i < ALL; i++) {
        same += a[i] == b[i];
    }
    CHECK_NEAR((double)same / ALL, 0.5, 4.5 * 0.5 / sqrt((double)ALL));
}

static void test_seed_step_sample_and_site_tell_masks_apart(void)
{
    const fel_dropout base = {SEED, 8, 77}, others[] = {{SEED + 1, 8, 77},
                                                        {SEED, 9, 77},
                                                        {SEED, 8, 77 + SAMPLES},
                                                        {SEED, 8 + (UINT64_C(1) << 32), 77}};
    double *a = room(), *b = room();
    masks_of(&chain_dropout, 0.5, &base, SAMPLES, a);
    for (size_t i = 0; i < 4; i++) {
        masks_of(&chain_dropout, 0.5, &others[i], SAMPLES, b);
        check_unrelated(a, b);
    }
    const dropout_draw one = dropout_begin(&base, DROPOUT_SITE(0, 0), 0.5);
    const dropout_draw two = dropout_begin(&base, DROPOUT_SITE(0, 1), 0.5);
    const dropout_draw three = dropout_begin(&base, DROPOUT_SITE(1, 0), 0.5);
    CHECK(one.key != two.key && one.key != three.key && two.key != three.key);
    free(a);
    free(b);
}

static void test_nothing_is_left_out_without_dropout(void)
{
    const fel_dropout dropout = {SEED, 8, 77};
    double *mask = room(), *none = room();
    masks_of(&chain_dropout, 0.5, NULL, SAMPLES, mask);
    masks_of(&chain_dropout, 0.0, &dropout, SAMPLES, none);
    size_t wrong = 0;
    for (size_t i = 0; i < ALL; i++) {
        wrong += mask[i] != 1.0 || none[i] != 1.0;
    }
    CHECK_INT(wrong, 0);
    free(mask);
    free(none);
}

SUITE("models/dropout", TEST(test_masks_are_the_documented_draws), TEST(test_share_and_scale),
      TEST(test_shards_layouts_and_levels_do_not_show),
      TEST(test_seed_step_sample_and_site_tell_masks_apart),
      TEST(test_nothing_is_left_out_without_dropout));
