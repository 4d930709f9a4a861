/* tests/unit/sim/test_paths_file.c - files of paths: what is in them is what the generator makes,
 * and a failure leaves none. */
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/failing_malloc.h"
#include "tests/unit/sim/path_cases.h"

enum { N = 300, DATES = 7, FIRST = 4000 };

static fel_paths *two_assets(void)
{
    const fel_process assets[2] = {bates(), gbm(0.25)};
    static const double correlation[9] = {1.0, 0.4, -0.62, 0.4, 1.0, -0.3, -0.62, -0.3, 1.0};
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, DATES, 0.3);
    return make_paths(assets, 2, correlation, &config);
}

static fel_path_file options_for(uint32_t outputs)
{
    fel_path_file options = fel_path_file_default();
    options.outputs = outputs;
    options.first_path = FIRST;
    options.n_paths = N;
    options.n_threads = 2;
    return options;
}

static const char *file_named(const char *name)
{
    static char path[4200];
    (void)snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
    return path;
}

static void read_dataset(const char *path, const char *name, hid_t type, void *values)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t data = H5Dopen2(file, name, H5P_DEFAULT);
    CHECK(data >= 0 && H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    (void)H5Dclose(data);
    (void)H5Fclose(file);
}

static double attribute(const char *path, const char *object, const char *name)
{
    double value = (double)NAN;
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t a = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    CHECK(a >= 0 && H5Aread(a, H5T_NATIVE_DOUBLE, &value) >= 0);
    (void)H5Aclose(a);
    (void)H5Fclose(file);
    return value;
}

static void test_datasets_hold_the_generator_s_paths(void)
{
    static double spot[2][N][DATES + 1], realised[2][N][DATES + 1], years[DATES + 1];
    static double correlation[9];
    fel_paths *paths = two_assets();
    path_room room = room_for(paths, N);
    const fel_path_block_f64 block = block_of_room(&room, FIRST);
    const fel_path_file options = options_for(1U << FEL_PATH_SPOT | 1U << FEL_PATH_REALISED);
    const char *path = file_named("paths.h5");
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    CHECK_OK(fel_paths_write(paths, path, &options));
    read_dataset(path, "spot", H5T_NATIVE_DOUBLE, spot);
    read_dataset(path, "realised", H5T_NATIVE_DOUBLE, realised);
    read_dataset(path, "time_years", H5T_NATIVE_DOUBLE, years);
    read_dataset(path, "correlation", H5T_NATIVE_DOUBLE, correlation);
    int n_wrong = 0;
    for (size_t a = 0; a < 2; a++) {
        for (size_t p = 0; p < N; p++) {
            for (size_t d = 0; d <= DATES; d++) {
                const size_t at = (d * 2 + a) * N + p;
                n_wrong += bits_differ(&spot[a][p][d], &room.values[FEL_PATH_SPOT][at], 8);
                n_wrong += bits_differ(&realised[a][p][d], &room.values[FEL_PATH_REALISED][at], 8);
            }
        }
    }
    CHECK_INT(n_wrong, 0);
    CHECK_REL(years[3], 0.3 * 3 / 7, 1e-15);
    CHECK_SAME(correlation[5], -0.3);
    CHECK_SAME(attribute(path, "/", "seed"), 2385.0);
    CHECK_SAME(attribute(path, "/", "first_path"), (double)FIRST);
    CHECK_SAME(attribute(path, "/assets/0", "jump_vol"), 0.12);
    CHECK_SAME(attribute(path, "/assets/0", "rho"), -0.62);
    CHECK_SAME(attribute(path, "/assets/1", "vol_per_year"), 0.25);
    free(room.all);
    fel_paths_destroy(paths);
}

/* More dates than one chunk holds paths of: several chunks, the last one short. */
static void test_chunks_do_not_show(void)
{
    enum { LONG = 40000 };
    const fel_process process = heston_mild();
    fel_path_config config = short_config(FEL_SCHEME_QE_M, LONG, 1.0);
    fel_paths *paths = make_paths(&process, 1, NULL, &config);
    fel_path_file options = options_for(1U << FEL_PATH_VARIANCE);
    options.single_precision = 1;
    options.n_paths = 450;
    const char *path = file_named("long.h5");
    CHECK_OK(fel_paths_write(paths, path, &options));
    float *all = malloc((size_t)450 * (LONG + 1) * sizeof(*all));
    float *one = malloc((LONG + 1) * sizeof(*one));
    read_dataset(path, "variance", H5T_NATIVE_FLOAT, all);
    for (uint64_t p = 0; p < 450; p += 449) {
        const fel_path_block_f32 block = {FIRST + p, 1, 1, {[FEL_PATH_VARIANCE] = one}};
        CHECK_OK(fel_paths_fill_f32(paths, &block));
        CHECK(!bits_differ(one, all + p * (LONG + 1), (LONG + 1) * sizeof(*one)));
    }
    free(all);
    free(one);
    fel_paths_destroy(paths);
}

static void test_text_reads_back_as_the_same_numbers(void)
{
    fel_paths *paths = two_assets();
    path_room room = room_for(paths, N);
    const fel_path_block_f64 block = block_of_room(&room, FIRST);
    const fel_path_file options = options_for(1U << FEL_PATH_SPOT | 1U << FEL_PATH_VARIANCE);
    const char *path = file_named("paths.csv");
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    CHECK_OK(fel_paths_write(paths, path, &options));
    FILE *file = fopen(path, "r");
    char line[256];
    int n_rows = 0, n_wrong = 0;
    CHECK(file != NULL && fgets(line, sizeof(line), file) != NULL);
    CHECK_TEXT(line, "path,date,years,asset,spot,variance\n");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        char *at_text = line;
        double values[6];
        for (size_t i = 0; i < 6; i++) {
            values[i] = strtod(at_text, &at_text);
            at_text += *at_text == ',';
        }
        const double spot = values[4], variance = values[5];
        const size_t k = (size_t)values[0] - FIRST, d = (size_t)values[1], a = (size_t)values[3];
        const size_t at = (d * 2 + a) * N + k;
        n_wrong += bits_differ(&spot, &room.values[FEL_PATH_SPOT][at], 8);
        n_wrong += bits_differ(&variance, &room.values[FEL_PATH_VARIANCE][at], 8);
        n_rows++;
    }
    CHECK_INT(n_rows, N * (DATES + 1) * 2);
    CHECK_INT(n_wrong, 0);
    if (file != NULL) {
        (void)fclose(file);
    }
    free(room.all);
    fel_paths_destroy(paths);
}

static void test_bad_requests_are_refused_and_leave_nothing(void)
{
    fel_paths *paths = two_assets();
    const char *path = file_named("none.h5");
    fel_path_file options = options_for(1U << FEL_PATH_SPOT);
    CHECK_STATUS(fel_paths_write(paths, "paths.dat", &options), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, ".h5, .hdf5 or .csv");
    options.outputs = 0;
    CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_ARG);
    options.outputs = 1U << FEL_PATH_N_OUTPUTS;
    CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_ARG);
    options = options_for(1U << FEL_PATH_SPOT);
    options.n_paths = 0;
    CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_RANGE);
    options.n_paths = UINT64_C(1) << 40;
    CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "GB left");
    options.struct_size = 3;
    CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_ABI);
    CHECK(access(path, F_OK) != 0);
    fel_paths_destroy(paths);
}

static void test_a_stop_leaves_nothing(void)
{
    static const volatile int stop = 1;
    static const char *const names[2] = {"stopped.h5", "stopped.csv"};
    fel_paths *paths = two_assets();
    for (size_t i = 0; i < 2; i++) {
        fel_path_file options = options_for(1U << FEL_PATH_SPOT);
        const char *path = file_named(names[i]);
        options.stop = &stop;
        CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_STOPPED);
        CHECK(access(path, F_OK) != 0);
    }
    fel_paths_destroy(paths);
}

/* Between two steps of paths that would take minutes: the flag goes up after the first look at it.
 */
static volatile int flag;

static void raise_flag(void *payload, const char *what, double done, double total)
{
    (void)payload;
    (void)what;
    (void)done;
    (void)total;
    flag = 1;
}

static void test_a_stop_is_heard_within_a_path(void)
{
    const fel_process heston = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.385, 0.05, 0.61, -0.7}};
    fel_path_config config = fel_path_config_default();
    fel_paths *paths = NULL;
    config.scheme = FEL_SCHEME_EXACT;
    config.n_dates = 1000;
    config.n_substeps = 10000;
    CHECK_OK(fel_paths_create(&paths, &heston, 1, NULL, &config));
    for (int32_t n_threads = 1; n_threads <= 2; n_threads++) {
        fel_path_file options = options_for(1U << FEL_PATH_SPOT);
        const char *path = file_named("slow.h5");
        flag = 0;
        options.n_paths = 300;
        options.n_threads = n_threads;
        options.progress = raise_flag;
        options.stop = &flag;
        CHECK_STATUS(fel_paths_write(paths, path, &options), FEL_ERR_STOPPED);
        CHECK_HAS(fel_last_error()->message, "slow.h5: interrupted");
        CHECK(access(path, F_OK) != 0);
    }
    fel_paths_destroy(paths);
}

typedef struct writing {
    fel_paths *paths;
    char path[4200];
} writing;

static fel_status write_small(void *payload, void **out)
{
    const writing *w = payload;
    fel_path_file options = options_for(1U << FEL_PATH_SPOT);
    options.n_paths = 5;
    options.n_threads = 1;
    (void)out;
    return fel_paths_write(w->paths, w->path, &options);
}

static void test_memory_that_runs_out_is_reported(void)
{
    static const char *const names[2] = {"memory.h5", "memory.csv"};
    static writing w;
    w.paths = two_assets();
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(w.path, sizeof(w.path), "%s", file_named(names[i]));
        const failing_call call = {"fel_paths_write", write_small, NULL, &w};
        CHECK(check_failing_call(&call) > 0);
    }
    fel_paths_destroy(w.paths);
}

static void test_outputs_have_names(void)
{
    CHECK_TEXT(fel_path_output_name(FEL_PATH_VARIANCE_SWAP), "variance_swap");
    CHECK(fel_path_output_name(FEL_PATH_N_OUTPUTS) == NULL);
}

SUITE("sim/paths_file", TEST(test_datasets_hold_the_generator_s_paths),
      TEST(test_chunks_do_not_show), TEST(test_text_reads_back_as_the_same_numbers),
      TEST(test_bad_requests_are_refused_and_leave_nothing), TEST(test_a_stop_leaves_nothing),
      TEST(test_a_stop_is_heard_within_a_path), TEST(test_memory_that_runs_out_is_reported),
      TEST(test_outputs_have_names));
