/* tests/unit/sim/test_paths_bits.c - a path is a function of (processes, configuration, seed,
 * index) only: not of threads, blocks, splits, outputs asked for or vector width. */
#include <string.h>

#include "core/cpu.h"
#include "tests/unit/sim/path_cases.h"

enum { N_PATHS = 1100, N_DATES = 5 };

/* Every kind of draw: two drivers, correlation, jumps, both branches of QE. */
static fel_paths *generator(void (*adjust)(fel_path_config *config))
{
    const fel_process assets[3] = {heston_extreme(), bates(), gbm(0.27)};
    /* prices 1, 2, 3, variances 1, 2 */
    static const double correlation[25] = {
        1.0,  0.3,   0.2,   -0.7,  -0.1,  /* */
        0.3,  1.0,   0.4,   -0.2,  -0.62, /* */
        0.2,  0.4,   1.0,   -0.15, -0.25, /* */
        -0.7, -0.2,  -0.15, 1.0,   0.35,  /* */
        -0.1, -0.62, -0.25, 0.35,  1.0,
    };
    fel_path_config config = short_config(FEL_SCHEME_QE_M, N_DATES, 1.3);
    config.n_substeps = 3;
    if (adjust != NULL) {
        adjust(&config);
    }
    return make_paths(assets, 3, correlation, &config);
}

static void with_antithetic(fel_path_config *config)
{
    config->antithetic = 1;
}
static void with_matching(fel_path_config *config)
{
    config->moment_matching = 1;
    config->antithetic = 1;
    config->n_dates = 2;
}
static void with_sobol(fel_path_config *config)
{
    config->draws = FEL_DRAWS_SOBOL;
}
static void with_euler(fel_path_config *config)
{
    config->scheme = FEL_SCHEME_EULER;
}

typedef void adjust_fn(fel_path_config *config);
static adjust_fn *const kinds[] = {NULL, with_antithetic, with_matching, with_sobol, with_euler};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static int rooms_differ(const path_room *a, const path_room *b)
{
    const size_t n = FEL_PATH_N_OUTPUTS * a->n_rows * a->n_paths;
    return bits_differ(a->all, b->all, n * sizeof(double));
}

static void test_threads_do_not_show(void)
{
    static const int threads[] = {2, 3, 7};
    for (size_t k = 0; k < N_KINDS; k++) {
        fel_paths *paths = generator(kinds[k]);
        path_room one = room_for(paths, N_PATHS), many = room_for(paths, N_PATHS);
        const fel_path_block_f64 a = block_of_room(&one, 333), b = block_of_room(&many, 333);
        CHECK_OK(fel_paths_fill_f64(paths, &a));
        for (size_t t = 0; t < 3; t++) {
            memset(many.all, 0, sizeof(double));
            CHECK_OK(fel_paths_fill_parallel_f64(paths, &b, threads[t]));
            CHECK_INT(rooms_differ(&one, &many), 0);
        }
        free(one.all);
        free(many.all);
        fel_paths_destroy(paths);
    }
}

/* Fills [first, first + n) of a room whose paths start at `start`. */
static void fill_part(const fel_paths *paths, const path_room *room, uint64_t start, uint64_t first,
                      size_t n)
{
    fel_path_block_f64 block = block_of_room(room, first);
    block.n_paths = n;
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        block.values[o] += first - start;
    }
    CHECK_OK(fel_paths_fill_f64(paths, &block));
}

static void test_splits_do_not_show(void)
{
    static const size_t sizes[] = {1, 63, 64, 200, 257, 515};
    const uint64_t start = 4000; /* over the end of a group of 4,096 */
    for (size_t k = 0; k < N_KINDS; k++) {
        fel_paths *paths = generator(kinds[k]);
        path_room whole = room_for(paths, N_PATHS), parts = room_for(paths, N_PATHS);
        const fel_path_block_f64 block = block_of_room(&whole, start);
        CHECK_OK(fel_paths_fill_f64(paths, &block));
        uint64_t next = start;
        for (size_t i = 0; i < 6; i++) {
            fill_part(paths, &parts, start, next, sizes[i]);
            next += sizes[i];
        }
        CHECK_INT(next, start + N_PATHS);
        CHECK_INT(rooms_differ(&whole, &parts), 0);
        free(whole.all);
        free(parts.all);
        fel_paths_destroy(paths);
    }
}

static void fill_f32(const fel_paths *paths, fel_path_block_f32 block)
{
    block.path_stride = block.n_paths;
    CHECK_OK(fel_paths_fill_f32(paths, &block));
}

static void test_a_single_float_path_is_that_of_the_block(void)
{
    enum { ROWS = (N_DATES + 1) * 3 };
    static float all[ROWS * 300], one[ROWS];
    fel_paths *paths = generator(NULL);
    fill_f32(paths, (fel_path_block_f32){.first_path = 1000, .n_paths = 300, .values = {all}});
    for (uint64_t p = 0; p < 300; p += 97) {
        fill_f32(paths,
                 (fel_path_block_f32){.first_path = 1000 + p, .n_paths = 1, .values = {one}});
        for (size_t row = 0; row < ROWS; row++) {
            CHECK_SAME((double)one[row], (double)all[row * 300 + p]);
        }
    }
    fel_paths_destroy(paths);
}

static void test_levels_do_not_show(void)
{
    const cpu_level best = cpu_level_now();
    for (size_t k = 0; k < N_KINDS; k++) {
        fel_paths *paths = generator(kinds[k]);
        path_room first = room_for(paths, 140), other = room_for(paths, 140);
        const fel_path_block_f64 a = block_of_room(&first, 70), b = block_of_room(&other, 70);
        CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
        CHECK_OK(fel_paths_fill_f64(paths, &a));
        for (cpu_level level = CPU_AVX2; level <= best; level++) {
            CHECK_OK(fel_cpu_level_set(cpu_level_name(level)));
            CHECK_OK(fel_paths_fill_f64(paths, &b));
            CHECK_INT(rooms_differ(&first, &other), 0);
        }
        CHECK_OK(fel_cpu_level_set(cpu_level_name(best)));
        free(first.all);
        free(other.all);
        fel_paths_destroy(paths);
    }
}

static void test_float_levels_do_not_show(void)
{
    enum { ROWS = (N_DATES + 1) * 3, N = 150 };
    static float first[ROWS * N], other[ROWS * N];
    const cpu_level best = cpu_level_now();
    fel_paths *paths = generator(NULL);
    CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
    fill_f32(paths, (fel_path_block_f32){.first_path = 21, .n_paths = N, .values = {first}});
    for (cpu_level level = CPU_AVX2; level <= best; level++) {
        CHECK_OK(fel_cpu_level_set(cpu_level_name(level)));
        fill_f32(paths, (fel_path_block_f32){.first_path = 21, .n_paths = N, .values = {other}});
        CHECK(!bits_differ(first, other, sizeof(first)));
    }
    CHECK_OK(fel_cpu_level_set(cpu_level_name(best)));
    fel_paths_destroy(paths);
}

static void test_outputs_do_not_depend_on_each_other(void)
{
    fel_paths *paths = generator(NULL);
    path_room all = room_for(paths, 130), alone = room_for(paths, 130);
    const fel_path_block_f64 block = block_of_room(&all, 9);
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        fel_path_block_f64 single = {.first_path = 9, .n_paths = 130, .path_stride = 130};
        single.values[o] = alone.values[o];
        CHECK_OK(fel_paths_fill_f64(paths, &single));
    }
    CHECK_INT(rooms_differ(&all, &alone), 0);
    free(all.all);
    free(alone.all);
    fel_paths_destroy(paths);
}

/* With no other asset, none may change what an asset's path is: only its own counters count. */
static void test_seeds_and_paths_differ(void)
{
    const fel_process process = heston_mild();
    fel_path_config config = short_config(FEL_SCHEME_QE, 1, 0.5);
    double a[64], b[64];
    fel_paths *paths = make_paths(&process, 1, NULL, &config);
    config.seed++;
    fel_paths *others = make_paths(&process, 1, NULL, &config);
    double room[2][2][64];
    fel_path_block_f64 block = {0, 64, 64, {[FEL_PATH_SPOT] = &room[0][0][0]}};
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    block.values[FEL_PATH_SPOT] = &room[1][0][0];
    CHECK_OK(fel_paths_fill_f64(others, &block));
    memcpy(a, room[0][1], sizeof(a));
    memcpy(b, room[1][1], sizeof(b));
    for (size_t i = 0; i < 64; i++) {
        CHECK(a[i] < b[i] || a[i] > b[i]);
        CHECK(i == 0 || a[i] < a[i - 1] || a[i] > a[i - 1]);
    }
    fel_paths_destroy(paths);
    fel_paths_destroy(others);
}

SUITE("sim/paths_bits", TEST(test_threads_do_not_show), TEST(test_splits_do_not_show),
      TEST(test_a_single_float_path_is_that_of_the_block), TEST(test_levels_do_not_show),
      TEST(test_float_levels_do_not_show), TEST(test_outputs_do_not_depend_on_each_other),
      TEST(test_seeds_and_paths_differ));
