/* tests/unit/sim/test_exact_bits.c - exact_variance and exact: bits that no split, thread, level or
 * kind of draws shows in, and what the kinds of draws mean to them. */
#include <string.h>

#include "core/cpu.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/sim/path_cases.h"

enum { N_PATHS = 4200, N_DATES = 3 };

typedef struct variant {
    fel_scheme scheme;
    fel_draws draws;
    uint8_t antithetic, moment_matching;
} variant;

static const variant variants[] = {
    {FEL_SCHEME_EXACT_VARIANCE, FEL_DRAWS_PSEUDO, 0, 0},
    {FEL_SCHEME_EXACT_VARIANCE, FEL_DRAWS_PSEUDO, 1, 1},
    {FEL_SCHEME_EXACT_VARIANCE, FEL_DRAWS_SOBOL, 0, 0},
    {FEL_SCHEME_EXACT, FEL_DRAWS_PSEUDO, 1, 0},
};
enum { N_VARIANTS = sizeof(variants) / sizeof(variants[0]) };

static fel_paths *generator(const variant *kind)
{
    const fel_process assets[2] = {heston_extreme(), bates()};
    fel_path_config config = short_config(kind->scheme, N_DATES, 0.4);
    config.draws = kind->draws;
    config.antithetic = kind->antithetic;
    config.moment_matching = kind->moment_matching;
    return make_paths(assets, 2, NULL, &config);
}

static int rooms_differ(const path_room *a, const path_room *b)
{
    const size_t n = FEL_PATH_N_OUTPUTS * a->n_rows * a->n_paths;
    return memcmp(a->all, b->all, n * sizeof(double)) != 0;
}

static void test_threads_and_splits_do_not_show(void)
{
    for (size_t k = 0; k < N_VARIANTS; k++) {
        fel_paths *paths = generator(&variants[k]);
        path_room whole = room_for(paths, N_PATHS), other = room_for(paths, N_PATHS);
        const fel_path_block_f64 at_once = block_of_room(&whole, 0);
        CHECK_OK(fel_paths_fill_f64(paths, &at_once));
        fel_path_block_f64 block = block_of_room(&other, 0);
        CHECK_OK(fel_paths_fill_parallel_f64(paths, &block, 3));
        CHECK(!rooms_differ(&whole, &other));
        memset(other.all, 0, FEL_PATH_N_OUTPUTS * other.n_rows * N_PATHS * sizeof(double));
        for (size_t first = 0; first < N_PATHS; first += 1173) {
            block = block_of_room(&other, first);
            block.n_paths = N_PATHS - first < 1173 ? N_PATHS - first : 1173;
            for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
                block.values[o] += first;
            }
            CHECK_OK(fel_paths_fill_f64(paths, &block));
        }
        CHECK(!rooms_differ(&whole, &other));
        free(whole.all);
        free(other.all);
        fel_paths_destroy(paths);
    }
}

static void test_levels_do_not_show(void)
{
    const char *best = fel_cpu_level();
    for (size_t k = 0; k < N_VARIANTS; k++) {
        fel_paths *paths = generator(&variants[k]);
        path_room at_best = room_for(paths, 700), at_base = room_for(paths, 700);
        fel_path_block_f64 block = block_of_room(&at_best, 0);
        CHECK_OK(fel_paths_fill_f64(paths, &block));
        CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
        block = block_of_room(&at_base, 0);
        CHECK_OK(fel_paths_fill_f64(paths, &block));
        CHECK_OK(fel_cpu_level_set(best));
        CHECK(!rooms_differ(&at_best, &at_base));
        free(at_best.all);
        free(at_base.all);
        fel_paths_destroy(paths);
    }
}

static void test_a_generator_is_the_same_twice(void)
{
    fel_paths *first = generator(&variants[0]), *second = generator(&variants[0]);
    path_room a = room_for(first, 300), b = room_for(second, 300);
    fel_path_block_f64 block = block_of_room(&a, 5);
    CHECK_OK(fel_paths_fill_f64(first, &block));
    block = block_of_room(&b, 5);
    CHECK_OK(fel_paths_fill_f64(second, &block));
    CHECK(!rooms_differ(&a, &b));
    free(a.all);
    free(b.all);
    fel_paths_destroy(first);
    fel_paths_destroy(second);
}

/* Mirrored normals: in a short step the variances of a pair are nearly mirrored. */
static void test_pairs_are_mirrored(void)
{
    enum { N = 20000 };
    const fel_process p = heston_mild();
    for (int scheme = FEL_SCHEME_EXACT_VARIANCE; scheme <= FEL_SCHEME_EXACT; scheme++) {
        fel_path_config config = short_config((fel_scheme)scheme, 1, 0.02);
        config.antithetic = 1;
        fel_paths *paths = make_paths(&p, 1, NULL, &config);
        path_room room = room_for(paths, N);
        const fel_path_block_f64 block = block_of_room(&room, 0);
        CHECK_OK(fel_paths_fill_f64(paths, &block));
        const double *v = room.values[FEL_PATH_VARIANCE] + N;
        const double *s = room.values[FEL_PATH_SPOT] + N;
        const double mean_v = mean_row(v, N).mean, mean_s = mean_row(s, N).mean;
        double product_v = 0.0, product_s = 0.0;
        for (size_t i = 0; i < N; i += 2) {
            product_v += (v[i] - mean_v) * (v[i + 1] - mean_v) / (N / 2);
            product_s += (s[i] - mean_s) * (s[i + 1] - mean_s) / (N / 2);
        }
        CHECK(product_v < -0.8 * mean_row(v, N).variance);
        CHECK(product_s < -0.8 * mean_row(s, N).variance);
        free(room.all);
        fel_paths_destroy(paths);
    }
}

/* Sobol points with a shift: the mean of v over 4,096 points is far closer than chance. */
static void test_quasi_random_points_serve(void)
{
    enum { N = 4096 };
    const fel_process p = heston_mild();
    fel_path_config config = short_config(FEL_SCHEME_EXACT_VARIANCE, 4, 1.0);
    config.draws = FEL_DRAWS_SOBOL;
    fel_paths *paths = make_paths(&p, 1, NULL, &config);
    path_room room = room_for(paths, N);
    const fel_path_block_f64 block = block_of_room(&room, 0);
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    const mean_of v = mean_row(room.values[FEL_PATH_VARIANCE] + 4 * N, N);
    CHECK_NEAR(v.mean, fel_forward_variance(&p.heston, 1.0), 0.25 * v.error);
    free(room.all);
    fel_paths_destroy(paths);
}

static void test_float_has_the_same_moments(void)
{
    enum { N = 40000 };
    const fel_process p = heston_extreme();
    for (int scheme = FEL_SCHEME_EXACT_VARIANCE; scheme <= FEL_SCHEME_EXACT; scheme++) {
        const size_t n = scheme == FEL_SCHEME_EXACT ? N / 4 : N;
        fel_path_config config = short_config((fel_scheme)scheme, 2, 2.0 / 365);
        fel_paths *paths = make_paths(&p, 1, NULL, &config);
        float *all = malloc(6 * n * sizeof(*all));
        double *wide = malloc(n * sizeof(*wide));
        const fel_path_block_f32 block = {
            .n_paths = n, .path_stride = n, .values = {all, all + 3 * n}};
        CHECK_OK(fel_paths_fill_f32(paths, &block));
        for (size_t i = 0; i < n; i++) {
            CHECK(all[5 * n + i] >= 0.0F);
            wide[i] = (double)all[5 * n + i];
        }
        CHECK_MEAN(mean_row(wide, n), fel_forward_variance(&p.heston, 2.0 / 365));
        for (size_t i = 0; i < n; i++) {
            wide[i] = (double)all[2 * n + i];
        }
        CHECK_NEAR(mean_row(wide, n).mean, p.spot * exp(p.rate_per_year * 2.0 / 365),
                   4.0 * mean_row(wide, n).error + 2e-3);
        free(all);
        free(wide);
        fel_paths_destroy(paths);
    }
}

/* Almost no noise, no pull, no variance at the start, steps of a minute and of thirty years. */
static void test_extreme_parameters(void)
{
    enum { N = 2000 };
    static const fel_heston sets[] = {{0.04, 2.0, 0.04, 1e-4, -0.7}, {0.04, 2.0, 0.04, 1e-7, 0.5},
                                      {0.04, 0.0, 0.04, 0.5, -0.5},  {0.0, 1.0, 0.04, 3.0, -0.9},
                                      {0.04, 3.0, 0.0, 0.7, 0.3},    {0.5, 50.0, 0.5, 5.0, -1.0},
                                      {1e-6, 0.01, 1e-5, 0.9, 0.0}};
    static const double times[] = {1.0 / (252.0 * 390.0), 0.1, 30.0};
    for (size_t k = 0; k < 3 * sizeof(sets) / sizeof(sets[0]); k++) {
        fel_process p = heston_mild();
        p.heston = sets[k / 3];
        for (int scheme = FEL_SCHEME_EXACT_VARIANCE; scheme <= FEL_SCHEME_EXACT; scheme++) {
            const fel_path_config config = short_config((fel_scheme)scheme, 1, times[k % 3]);
            fel_paths *paths = make_paths(&p, 1, NULL, &config);
            path_room room = room_for(paths, N);
            const fel_path_block_f64 block = block_of_room(&room, 0);
            CHECK_OK(fel_paths_fill_f64(paths, &block));
            const double *v = room.values[FEL_PATH_VARIANCE] + N;
            const double *area = room.values[FEL_PATH_INTEGRATED] + N;
            int sound = 1;
            for (size_t i = 0; i < N; i++) {
                sound &= v[i] >= 0.0 && isfinite(v[i]) && area[i] >= 0.0 && isfinite(area[i]);
                sound &= !isnan(room.values[FEL_PATH_SPOT][N + i]);
            }
            CHECK(sound);
            const double mean = fel_forward_variance(&p.heston, times[k % 3]);
            const mean_of found = mean_row(v, N);
            if (p.heston.v0 != 1e-6) { /* there one path in 100,000 is not at zero */
                CHECK_NEAR(found.mean, mean, 5.0 * found.error + 1e-9 + (k % 3 == 2) * 0.02 * mean);
            }
            free(room.all);
            fel_paths_destroy(paths);
        }
    }
}

static fel_status create_exact(void *payload, void **out)
{
    const fel_process assets[2] = {heston_extreme(), bates()};
    const fel_path_config *config = payload;
    return fel_paths_create((fel_paths **)out, assets, 2, NULL, config);
}

static void destroy_paths(void *made)
{
    fel_paths_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    fel_path_config config = short_config(FEL_SCHEME_EXACT, 2, 0.4);
    const failing_call call = {"fel_paths_create", create_exact, destroy_paths, &config};
    CHECK(check_failing_call(&call) >= 5);
}

SUITE("sim/exact_bits", TEST(test_threads_and_splits_do_not_show), TEST(test_levels_do_not_show),
      TEST(test_a_generator_is_the_same_twice), TEST(test_pairs_are_mirrored),
      TEST(test_quasi_random_points_serve), TEST(test_float_has_the_same_moments),
      TEST(test_extreme_parameters), TEST(test_memory_that_runs_out));
