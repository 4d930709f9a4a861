/* tests/unit/data/test_segment.c - segment files: what we write we read, HDF5's own filters read
 * too, and what was changed is not taken for data. */
#define FEL_MODULE_DATA 1
#include <hdf5.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/segment_internal.h"
#include "tests/unit/data/sample_series.h"

static char file_path[512];

static const char *write_segment(const fel_block *blocks, const fel_series_info *infos, size_t n)
{
    segment_writer *w = NULL;
    uint64_t n_bytes = 0;
    char checksum[HASH_TEXT_SIZE], again[HASH_TEXT_SIZE];
    struct stat info;
    (void)snprintf(file_path, sizeof(file_path), "%s/000001.h5", scratch_folder());
    CHECK_OK(segment_writer_create(&w));
    for (size_t i = 0; i < n; i++) {
        uint32_t group = 99;
        CHECK_OK(segment_writer_add(w, &infos[i], &blocks[i], &group));
        CHECK_INT(group, i);
    }
    CHECK_OK(segment_writer_save(w, file_path, &n_bytes, checksum));
    segment_writer_destroy(w);
    CHECK(stat(file_path, &info) == 0 && (uint64_t)info.st_size == n_bytes);
    CHECK_OK(hash_file(file_path, again));
    CHECK_TEXT(again, checksum);
    return file_path;
}

/* Every row of a lane, or the first failure. */
static fel_status read_lane(const segment_reader *r, segment_work *work, size_t lane,
                            codec_target to)
{
    const segment_shape shape = segment_reader_shape(r);
    for (size_t chunk = 0; chunk < shape.n_chunks; chunk++) {
        const size_t at = chunk * shape.chunk_rows, left = shape.n_rows - at;
        const codec_target part = {to.instants != NULL ? to.instants + at : NULL,
                                   to.values != NULL ? to.values + at : NULL};
        FEL_TRY(segment_reader_read(r, work, lane, chunk, 0,
                                    left < shape.chunk_rows ? left : shape.chunk_rows, part));
    }
    return FEL_OK;
}

/* Open and read all; FEL_OK only if every value is the one in b. */
static fel_status read_all(const char *path, uint32_t group, const fel_series_info *info,
                           const fel_block *b, int *is_same)
{
    segment_reader *r = NULL;
    segment_work *work = NULL;
    FEL_TRY(segment_reader_open(&r, path, group, info, b->n));
    const int has_open = segment_reader_shape(r).has_open;
    int64_t *instants = calloc(b->n, sizeof(int64_t));
    double *values = calloc(b->n, sizeof(double));
    fel_status status = segment_work_create(&work);
    *is_same = has_open == (b->open_ns != NULL);
    for (size_t lane = 0; status == FEL_OK && lane < 1 + info->n_columns + (size_t)has_open;
         lane++) {
        const int is_column = lane > 0 && lane <= info->n_columns;
        const codec_target to = {is_column ? NULL : instants, is_column ? values : NULL};
        const int64_t *expected = lane == 0 ? b->time_ns : b->open_ns;
        status = read_lane(r, work, lane, to);
        *is_same &= is_column ? same_doubles(values, b->columns[lane - 1], b->n)
                              : memcmp(instants, expected, b->n * sizeof(int64_t)) == 0;
    }
    free(instants);
    free(values);
    segment_work_destroy(work);
    segment_reader_close(r);
    return status;
}

static void test_several_series_in_one_file_come_back(void)
{
    const size_t sizes[] = {1, 65536, 65537, 200001};
    const double grids[] = {100.0, 0.0, 1e6, 8.0};
    sample_rows rows[4];
    fel_block blocks[4];
    fel_series_info infos[4];
    for (size_t i = 0; i < 4; i++) {
        rows[i] = sample_bars(30 + i, sizes[i], -5000 * FEL_NS_PER_DAY, grids[i]);
        blocks[i] = sample_block(&rows[i], i % 2 == 1);
        infos[i] = fel_series_info_default(FEL_DATA_BAR, "BTC/USD");
        infos[i].instrument.ticks_per_unit = grids[i];
    }
    const char *path = write_segment(blocks, infos, 4);
    for (uint32_t i = 0; i < 4; i++) {
        int is_same = 0;
        CHECK_OK(read_all(path, i, &infos[i], &blocks[i], &is_same));
        CHECK(is_same);
        sample_rows_destroy(&rows[i]);
    }
}

static void test_rows_are_found_by_time(void)
{
    sample_rows r = sample_bars(41, 150000, 77, 100.0);
    r.time_ns[75000] = r.time_ns[74999]; /* one instant on both sides of the chunks' border */
    const fel_block b = sample_block(&r, 0);
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "FIND");
    const char *path = write_segment(&b, &info, 1);
    segment_reader *reader = NULL;
    segment_work *work = NULL;
    CHECK_OK(segment_reader_open(&reader, path, 0, &info, b.n));
    CHECK_OK(segment_work_create(&work));
    const size_t rows[] = {0, 1, 49999, 50000, 74999, 75000, 75001, 149999};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t at = 0;
        CHECK_OK(segment_reader_row(reader, work, r.time_ns[rows[i]], &at));
        CHECK_INT(at, rows[i] == 75000 ? 74999 : rows[i]);
        CHECK_OK(segment_reader_row(reader, work, r.time_ns[rows[i]] - 1, &at));
        CHECK_INT(at, rows[i] == 75000 ? 74999 : rows[i]);
    }
    size_t at = 0;
    CHECK_OK(segment_reader_row(reader, work, r.time_ns[149999] + 1, &at));
    CHECK_INT(at, 150000);
    double some[10];
    const codec_target to = {NULL, some};
    CHECK_OK(segment_reader_read(reader, work, 2, 1, 123, 133, to));
    CHECK(same_doubles(some, r.columns[1] + segment_reader_shape(reader).chunk_rows + 123, 10));
    segment_work_destroy(work);
    segment_reader_close(reader);
    sample_rows_destroy(&r);
}

/* Undo the encoding as docs/data.md says, on numbers that HDF5's own filters give. */
static void test_hdf5_filters_give_the_codes(void)
{
    sample_rows r = sample_bars(42, 70001, 0, 100.0);
    const fel_block b = sample_block(&r, 0);
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "H5");
    const char *path = write_segment(&b, &info, 1);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/000000/columns/close", H5P_DEFAULT);
    const hid_t table = H5Dopen2(file, "/000000/chunks", H5P_DEFAULT);
    long long *codes = calloc(b.n, sizeof(*codes));
    long long chunks[2][2 + 3 * 6];
    CHECK(H5Dread(dataset, H5T_NATIVE_LLONG, H5S_ALL, H5S_ALL, H5P_DEFAULT, codes) >= 0);
    CHECK(H5Dread(table, H5T_NATIVE_LLONG, H5S_ALL, H5S_ALL, H5P_DEFAULT, chunks) >= 0);
    const size_t chunk_rows = 35001;
    int same = 1;
    long long k = 0;
    for (size_t i = 0; i < b.n; i++) {
        const long long *row = chunks[i / chunk_rows];
        const long long first = row[2 + 3 * 4], step = row[2 + 3 * 4 + 1]; /* lane 4 is close */
        k = i % chunk_rows == 0 ? first : k + codes[i] * step;
        same &= (double)k / 100.0 == r.columns[3][i];
    }
    CHECK(same);
    CHECK_INT(chunks[1][0], r.time_ns[chunk_rows]);
    CHECK_INT(chunks[1][1], r.time_ns[70000]);
    CHECK(H5Dclose(table) >= 0 && H5Dclose(dataset) >= 0 && H5Fclose(file) >= 0);
    free(codes);
    sample_rows_destroy(&r);
}

static void test_odd_column_names_are_kept_apart(void)
{
    sample_rows r = sample_bars(43, 50, 0, 0.0);
    fel_series_info info = fel_series_info_default(FEL_DATA_SIGNAL, "ODD");
    const char *names[] = {"time", "a/b", "a/b", "", "."};
    info.n_columns = 5;
    for (size_t c = 0; c < 5; c++) {
        (void)snprintf(info.columns[c], sizeof(info.columns[c]), "%s", names[c]);
    }
    const fel_block b = sample_block(&r, 0);
    int is_same = 0;
    CHECK_OK(read_all(write_segment(&b, &info, 1), 0, &info, &b, &is_same));
    CHECK(is_same);
    sample_rows_destroy(&r);
}

static void test_bytes_do_not_depend_on_threads(void)
{
    char sums[3][HASH_TEXT_SIZE];
    sample_rows r = sample_bars(44, 180000, 0, 100.0);
    const fel_block b = sample_block(&r, 1);
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "SAME");
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(hash_file(write_segment(&b, &info, 1), sums[i]));
        CHECK_TEXT(sums[i], sums[0]);
    }
    sample_rows_destroy(&r);
}

static void test_wrong_expectations_are_errors(void)
{
    sample_rows r = sample_bars(45, 300, 0, 100.0);
    fel_block b = sample_block(&r, 0);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "WRONG");
    const char *path = write_segment(&b, &info, 1);
    segment_reader *reader = NULL;
    CHECK_STATUS(segment_reader_open(&reader, path, 0, &info, 299), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "000001.h5");
    CHECK_STATUS(segment_reader_open(&reader, path, 1, &info, 300), FEL_ERR_FORMAT);
    (void)snprintf(info.columns[2], sizeof(info.columns[2]), "deep");
    CHECK_STATUS(segment_reader_open(&reader, path, 0, &info, 300), FEL_ERR_FORMAT);
    CHECK(reader == NULL);
    sample_rows_destroy(&r);
}

static void put_byte(const char *path, long at, int change)
{
    FILE *f = fopen(path, "r+b");
    CHECK(f != NULL && fseek(f, at, SEEK_SET) == 0);
    const int old = f != NULL ? fgetc(f) : 0;
    CHECK(f != NULL && fseek(f, at, SEEK_SET) == 0 && fputc(old ^ change, f) != EOF);
    CHECK(f != NULL && fclose(f) == 0);
}

/* Where HDF5 put the first chunk of a dataset. */
static long chunk_place(const char *path, const char *dataset_name, long *size)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, dataset_name, H5P_DEFAULT);
    const hsize_t at = 0;
    hsize_t n_bytes = 0;
    haddr_t address = 0;
    unsigned mask = 0;
    CHECK(H5Dget_chunk_info_by_coord(dataset, &at, &mask, &address, &n_bytes) >= 0);
    CHECK(H5Dclose(dataset) >= 0 && H5Fclose(file) >= 0);
    *size = (long)n_bytes;
    return (long)address;
}

static void test_changed_chunks_never_pass_for_data(void)
{
    static const char *const names[] = {"/000000/time", "/000000/open_time", "/000000/columns/open",
                                        "/000000/columns/volume"};
    sample_rows r = sample_bars(46, 900, 0, 100.0);
    const fel_block b = sample_block(&r, 1);
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "FLIP");
    const char *path = write_segment(&b, &info, 1);
    int is_same = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        long size = 0;
        const long first = chunk_place(path, names[i], &size);
        for (long at = first; at < first + size; at += 11) {
            put_byte(path, at, 0x21);
            CHECK_STATUS(read_all(path, 0, &info, &b, &is_same), FEL_ERR_FORMAT);
            CHECK_HAS(fel_last_error()->message, "000001.h5");
            put_byte(path, at, 0x21);
        }
    }
    CHECK_OK(read_all(path, 0, &info, &b, &is_same));
    CHECK(is_same);
    sample_rows_destroy(&r);
}

SUITE("data/segment", TEST(test_several_series_in_one_file_come_back),
      TEST(test_rows_are_found_by_time), TEST(test_hdf5_filters_give_the_codes),
      TEST(test_odd_column_names_are_kept_apart), TEST(test_bytes_do_not_depend_on_threads),
      TEST(test_wrong_expectations_are_errors), TEST(test_changed_chunks_never_pass_for_data));
