/* tests/fuzz/fuzz_store.c - a damaged store: any bytes as its index, or index or segment file with
 * bytes changed or cut off. Never more than a clean failure. (What a segment's checksum does not
 * stop would fuzz HDF5 rather than us.)
 *
 * The first byte says which file and how; what follows is the index, or patches of three bytes: a
 * place in the file (16 bits) and what stands there instead. A last piece of one or two bytes is
 * where the file ends. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <feller/data.h>

#include "tests/fuzz/fuzz_target.h"

enum { N_ROWS = 300, MOST_BYTES = 1 << 17 };
enum { NEW_INDEX, PATCHED_INDEX, PATCHED_SEGMENT, N_WAYS };

typedef struct image {
    char path[320];
    uint8_t bytes[MOST_BYTES];
    size_t size;
} image;

static char folder[256];
static image the_index, the_segment;

/* ---- the sound store ------------------------------------------------------------------------ */

static fel_status append_bars(void)
{
    static int64_t times[N_ROWS];
    static double values[FEL_BAR_COLUMNS][N_ROWS];
    const double *columns[FEL_BAR_COLUMNS];
    for (size_t i = 0; i < N_ROWS; i++) {
        times[i] = (int64_t)(i + i / 40) * FEL_NS_PER_MINUTE;
        const double price = 100.0 + (double)(i * 7919 % 97) * 0.01;
        const double row[FEL_BAR_COLUMNS] = {price, price + 0.5, price - 0.5, price + 0.25, 1000.0};
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            values[c][i] = row[c];
            columns[c] = values[c];
        }
    }
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "AAA");
    info.length_ns = FEL_NS_PER_MINUTE;
    const fel_block rows = {N_ROWS, FEL_BAR_COLUMNS, times, NULL, columns};
    fel_series *series = NULL;
    FEL_TRY(fel_series_create(&series, &info, &rows));
    const fel_series *list = series;
    const fel_status status = fel_store_append(folder, &list, 1, 0);
    fel_series_destroy(series);
    return status;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_store(void)
{
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int load_image(image *m, const char *name)
{
    (void)snprintf(m->path, sizeof(m->path), "%s/%s", folder, name);
    FILE *file = fopen(m->path, "rb");
    if (file == NULL) {
        return 0;
    }
    m->size = fread(m->bytes, 1, sizeof(m->bytes), file);
    (void)fclose(file);
    return m->size > 0 && m->size < sizeof(m->bytes);
}

static int save_bytes(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    const int ok = file != NULL && fwrite(bytes, 1, size, file) == size;
    return file != NULL && fclose(file) == 0 && ok;
}

static int make_store(void)
{
    const char *temporary = getenv("TMPDIR");
    (void)snprintf(folder, sizeof(folder), "%s/feller-fuzz-XXXXXX",
                   temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(folder) == NULL || atexit(remove_store) != 0 || append_bars() != FEL_OK) {
        return 0;
    }
    return load_image(&the_index, "index.json") && load_image(&the_segment, "segments/000001.h5");
}

/* ---- damage --------------------------------------------------------------------------------- */

static size_t patch(uint8_t *bytes, size_t size, const uint8_t *patches, size_t n)
{
    for (; n >= 3; patches += 3, n -= 3) {
        bytes[((size_t)patches[0] << 8 | patches[1]) % size] = patches[2];
    }
    return n == 2   ? ((size_t)patches[0] << 8 | patches[1]) % (size + 1)
           : n == 1 ? size - (patches[0] < size ? patches[0] : size)
                    : size;
}

static int damage(const uint8_t *data, size_t size)
{
    static uint8_t bytes[MOST_BYTES];
    const int way = size > 0 ? data[0] % N_WAYS : NEW_INDEX;
    const uint8_t *rest = size > 0 ? data + 1 : data;
    const size_t n = size > 0 ? size - 1 : 0;
    if (way == NEW_INDEX) {
        return save_bytes(the_index.path, rest, n);
    }
    const image *m = way == PATCHED_INDEX ? &the_index : &the_segment;
    memcpy(bytes, m->bytes, m->size);
    return save_bytes(m->path, bytes, patch(bytes, m->size, rest, n));
}

/* ---- use ------------------------------------------------------------------------------------ */

static const char *read_entry(const fel_store *store, size_t index)
{
    fel_series *series = NULL;
    fel_feed feed = {NULL, NULL};
    fel_block block = {.n = 1};
    uint64_t n = 0;
    const fel_status read = fel_store_read(store, index, FEL_TIME_MIN, FEL_TIME_MAX, &series);
    fel_status status = fel_feed_of_store(&feed, store, index, FEL_TIME_MIN, FEL_TIME_MAX);
    while (status == FEL_OK && block.n > 0) {
        status = feed.code->next(feed.self, &block);
        n += status == FEL_OK ? block.n : 0;
    }
    const int agree = (read == FEL_OK) == (status == FEL_OK) &&
                      (read != FEL_OK || fel_series_rows(series).n == n);
    fel_feed_destroy(&feed);
    fel_series_destroy(series);
    return agree ? NULL : "reading at once and in chunks differ";
}

static const char *use_store(void)
{
    fel_store *store = NULL;
    char *report = NULL;
    const char *fault = NULL;
    const fel_status opened = fel_store_open(&store, folder);
    for (size_t i = 0; opened == FEL_OK && fault == NULL && i < fel_store_count(store); i++) {
        fault = read_entry(store, i);
    }
    const fel_status checked = fel_store_check(folder, &report);
    if (fault == NULL && opened != FEL_OK && checked == FEL_OK) {
        fault = "a store that cannot be opened is sound";
    }
    free(report);
    fel_store_close(store);
    return fault;
}

const char *fuzz_store(const uint8_t *data, size_t size)
{
    if (the_index.size == 0 && !make_store()) {
        return "the store to damage cannot be made";
    }
    const char *fault = damage(data, size) ? use_store() : NULL;
    if (!save_bytes(the_index.path, the_index.bytes, the_index.size) ||
        !save_bytes(the_segment.path, the_segment.bytes, the_segment.size)) {
        fault = "the store cannot be mended";
    }
    return fault;
}
