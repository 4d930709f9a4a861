/* tests/unit/sim/test_source_sobol.c - paths from Sobol points, mirrored and matched normals. */
#define FEL_MODULE_SIM
#include <math.h>
#include <string.h>

#include "core/cpu.h"
#include "sim/paths_internal.h"
#include "tests/support/check.h"

enum { N_PATHS = 4096, N_DATES = 20 };
static double spot[(N_DATES + 1) * N_PATHS];

static const fel_process gbm = {
    .kind = FEL_PROCESS_GBM, .spot = 1.0, .rate_per_year = 0.02, .vol_per_year = 0.3};
static const fel_process heston = {.kind = FEL_PROCESS_HESTON,
                                   .spot = 1.0,
                                   .rate_per_year = 0.02,
                                   .heston = {0.043, 1.37, 0.061, 0.58, -0.68}};

static fel_path_config sobol_config(void)
{
    fel_path_config config = fel_path_config_default();
    config.n_dates = N_DATES;
    config.draws = FEL_DRAWS_SOBOL;
    config.seed = 5;
    return config;
}

static void fill(const fel_process *process, const fel_path_config *config, uint64_t first,
                 size_t n, double *out)
{
    fel_paths *paths = NULL;
    const fel_path_block_f64 block = {
        .first_path = first, .n_paths = n, .path_stride = N_PATHS, .values = {out}};
    CHECK_OK(fel_paths_create(&paths, process, 1, NULL, config));
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    fel_paths_destroy(paths);
}

/* Normals of all steps have mean 0, variance 1 and no correlation, all far better than random ones
 * (whose error would be 1 / 64). */
static void test_steps_are_independent_normals(void)
{
    const fel_path_config config = sobol_config();
    static double z[N_DATES][N_PATHS];
    fill(&gbm, &config, 0, N_PATHS, spot);
    const double dt = 1.0 / N_DATES;
    for (size_t d = 0; d < N_DATES; d++) {
        for (size_t p = 0; p < N_PATHS; p++) {
            const double x = log(spot[(d + 1) * N_PATHS + p] / spot[d * N_PATHS + p]);
            z[d][p] = (x - (0.02 - 0.045) * dt) / (0.3 * sqrt(dt));
        }
    }
    double worst = 0.0;
    for (size_t a = 0; a < N_DATES; a++) {
        for (size_t b = 0; b <= a; b++) {
            double sum = 0.0;
            for (size_t p = 0; p < N_PATHS; p++) {
                sum += z[a][p] * z[b][p] / N_PATHS;
            }
            worst = fmax(worst, fabs(sum - (a == b ? 1.0 : 0.0)));
        }
    }
    CHECK(worst < 0.012);
}

/* Path k is point k, from wherever it is asked for. */
static void test_paths_are_points_by_index(void)
{
    static double part[(N_DATES + 1) * N_PATHS];
    const fel_path_config config = sobol_config();
    fill(&heston, &config, 0, N_PATHS, spot);
    fill(&heston, &config, 1111, 777, part);
    int n_wrong = 0;
    for (size_t d = 0; d <= N_DATES; d++) {
        for (size_t p = 0; p < 777; p++) {
            n_wrong +=
                memcmp(&part[d * N_PATHS + p], &spot[d * N_PATHS + 1111 + p], sizeof(double)) != 0;
        }
    }
    CHECK_INT(n_wrong, 0);
}

/* The mean over 4,096 Sobol paths is nearly exact; another replicate is another mean. */
static void test_replicates_are_other_paths(void)
{
    double mean[2] = {0.0};
    for (uint32_t r = 0; r < 2; r++) {
        fel_path_config config = sobol_config();
        config.replicate = r;
        fill(&gbm, &config, 0, N_PATHS, spot);
        for (size_t p = 0; p < N_PATHS; p++) {
            mean[r] += spot[N_DATES * N_PATHS + p] / N_PATHS;
        }
        CHECK_NEAR(mean[r], exp(0.02), 1e-4); /* random: 0.3 / 64 = 5e-3 */
    }
    CHECK(fabs(mean[0] - mean[1]) > 1e-12);
}

static void test_points_end_somewhere(void)
{
    fel_path_config config = sobol_config();
    fel_paths *paths = NULL;
    const fel_path_block_f64 block = {.first_path = (UINT64_C(1) << 40) - 64,
                                      .n_paths = 128,
                                      .path_stride = N_PATHS,
                                      .values = {spot}};
    CHECK_OK(fel_paths_create(&paths, &gbm, 1, NULL, &config));
    CHECK_STATUS(fel_paths_fill_f64(paths, &block), FEL_ERR_RANGE);
    fel_paths_destroy(paths);
    config.n_dates = 21202;
    CHECK_STATUS(fel_paths_create(&paths, &gbm, 1, NULL, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "21202 Sobol dimensions");
}

/* ---- mirrored and matched
 * ------------------------------------------------------------------------- */

static void set_normals(double *z, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        z[i] = sin(12.9898 * (double)i + 0.7) * 1.7 + 0.3;
    }
}

static void test_mirror_images_take_turns(void)
{
    double z[256];
    double tail[256];
    double first[128];
    set_normals(z, 128);
    set_normals(tail, 128);
    memcpy(first, z, sizeof(first));
    mirror_normals(PATH_F64, cpu_level_now())(z, tail, 128);
    int n_wrong = 0;
    for (size_t i = 0; i < 128; i++) {
        n_wrong += z[2 * i] != first[i] || z[2 * i + 1] != -first[i];
        n_wrong += tail[2 * i] != first[i] || tail[2 * i + 1] != 1.0 - first[i];
    }
    CHECK_INT(n_wrong, 0);
}

static void test_matched_moments_are_exact(void)
{
    static double z[N_PATHS];
    static float z_f32[N_PATHS];
    set_normals(z, N_PATHS);
    for (size_t i = 0; i < N_PATHS; i++) {
        z_f32[i] = (float)z[i];
    }
    match_moments(PATH_F64, cpu_level_now())(z, N_PATHS);
    match_moments(PATH_F32, cpu_level_now())(z_f32, N_PATHS);
    double sum = 0.0;
    double square = 0.0;
    double worst = 0.0;
    for (size_t i = 0; i < N_PATHS; i++) {
        sum += z[i];
        square += z[i] * z[i];
        worst = fmax(worst, fabs((double)z_f32[i] - z[i]));
    }
    CHECK_NEAR(sum / N_PATHS, 0.0, 1e-14);
    CHECK_NEAR(square / N_PATHS, 1.0, 1e-14);
    CHECK(worst < 1e-6);
}

static void test_levels_give_the_same_bits(void)
{
    static double z[3][N_PATHS];
    const cpu_level best = cpu_level_now();
    for (int level = CPU_BASE; level <= (int)best; level++) {
        set_normals(z[level], N_PATHS / 2);
        mirror_normals(PATH_F64, (cpu_level)level)(z[level], NULL, N_PATHS / 2);
        z[level][17] += 0.25;
        match_moments(PATH_F64, (cpu_level)level)(z[level], N_PATHS);
        CHECK(memcmp(z[level], z[0], sizeof(z[0])) == 0);
    }
}

/* In a group of paths the matched normals make the first step's log price exact in mean. */
static void test_groups_are_matched(void)
{
    fel_path_config config = sobol_config();
    config.draws = FEL_DRAWS_PSEUDO;
    config.moment_matching = 1;
    fill(&gbm, &config, 3 * N_PATHS, N_PATHS, spot);
    for (size_t d = 1; d <= N_DATES; d++) {
        double sum = 0.0;
        for (size_t p = 0; p < N_PATHS; p++) {
            sum += log(spot[d * N_PATHS + p]) / N_PATHS;
        }
        CHECK_NEAR(sum, (0.02 - 0.045) * (double)d / N_DATES, 1e-13);
    }
}

SUITE("sim/source_sobol", TEST(test_steps_are_independent_normals),
      TEST(test_paths_are_points_by_index), TEST(test_replicates_are_other_paths),
      TEST(test_points_end_somewhere), TEST(test_mirror_images_take_turns),
      TEST(test_matched_moments_are_exact), TEST(test_levels_give_the_same_bits),
      TEST(test_groups_are_matched));
