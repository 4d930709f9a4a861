/* sim/paths_file.c - paths into a file, a chunk at a time: filled as blocks [date][path], turned to
 * [path][date], handed to the format. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>

#include "sim/paths_file_internal.h"

/* Of each of the two arrays of a chunk. */
static const size_t CHUNK_BYTES = (size_t)64 << 20;
static const size_t CHUNK_STEPS = (size_t)1 << 25;

static const char *const output_names[FEL_PATH_N_OUTPUTS] = {"spot", "variance", "integrated",
                                                             "realised", "variance_swap"};

const char *fel_path_output_name(fel_path_output output)
{
    return (size_t)output < FEL_PATH_N_OUTPUTS ? output_names[output] : NULL;
}

fel_path_file fel_path_file_default(void)
{
    const fel_path_file options = {
        .struct_size = sizeof(options),
        .outputs = 1U << FEL_PATH_SPOT,
        .n_paths = 10000,
    };
    return options;
}

static const path_format *format_of(const char *path)
{
    static const struct {
        const char *extension;
        const path_format *format;
    } formats[] = {
        {".h5", &path_format_h5}, {".hdf5", &path_format_h5}, {".csv", &path_format_csv}};
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const size_t n = strlen(formats[i].extension);
        if (length > n && strcasecmp(path + length - n, formats[i].extension) == 0) {
            return formats[i].format;
        }
    }
    return NULL;
}

/* ---- before anything is made ------------------------------------------------------------------
 */

static fel_status check_options(const fel_path_file *options)
{
    static const uint8_t none[sizeof(options->reserved)] = {0};
    if (options->struct_size != sizeof(*options)) {
        return FEL_RAISE(FEL_ERR_ABI, "options of a path file of %u bytes, this library has %zu",
                         options->struct_size, sizeof(*options));
    }
    if (options->outputs == 0 || options->outputs >> FEL_PATH_N_OUTPUTS != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "outputs = %#x: bits 0 .. %d, at least one", options->outputs,
                         FEL_PATH_N_OUTPUTS - 1);
    }
    if (options->single_precision > 1 || memcmp(options->reserved, none, sizeof(none)) != 0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "single_precision is 0 or 1, reserved bytes of a path file are 0");
    }
    if (options->n_paths == 0 || options->n_paths > UINT64_C(1) << 40) {
        return FEL_RAISE(FEL_ERR_RANGE, "%llu paths: 1 .. 2^40",
                         (unsigned long long)options->n_paths);
    }
    return FEL_OK;
}

/* Text takes more than half the bytes of what it says. */
static fel_status check_space(const path_sheet *s)
{
    const double bytes = (double)s->options->n_paths * (double)s->n_columns *
                         (double)(s->n_assets * s->n_outputs * s->real_size);
    char folder[sizeof(s->file.path)];
    struct statvfs disk;
    (void)snprintf(folder, sizeof(folder), "%s", s->file.path);
    char *slash = strrchr(folder, '/');
    (void)snprintf(slash != NULL ? slash + 1 : folder, 2, ".");
    if (bytes > 0x1p60) {
        return FEL_RAISE(FEL_ERR_RANGE, "%.3g bytes of paths: more than any disk holds", bytes);
    }
    if (s->file.temporary[0] != '\0' && statvfs(folder, &disk) == 0) {
        const double left = (double)disk.f_bavail * (double)disk.f_frsize;
        if (left < bytes) {
            const int is_vast = bytes >= 1e12;
            return FEL_RAISE(FEL_ERR_IO, "%s: %.4g %s of paths, but the disk has %.3g GB left",
                             s->file.path, bytes / (is_vast ? 1e12 : 1e9), is_vast ? "TB" : "GB",
                             left / 1e9);
        }
    }
    return FEL_OK;
}

static fel_status set_up(path_sheet *s, const fel_paths *paths, const fel_path_file *options)
{
    s->paths = paths;
    s->options = options;
    s->n_assets = paths->n_assets;
    s->n_columns = paths->config.n_dates + 1;
    s->real_size = options->single_precision ? sizeof(float) : sizeof(double);
    for (unsigned o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        if (options->outputs >> o & 1U) {
            s->outputs[s->n_outputs++] = (fel_path_output)o;
        }
    }
    return FEL_OK;
}

/* ---- chunks -------------------------------------------------------------------------------------
 */

typedef struct chunk_room {
    char *filled, *turned; /* [output][date][asset][path], [output][asset][path][date] */
    size_t most_paths;
} chunk_room;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* As many paths as fit, and of slow ones no more than a second or so of work: progress is told
 * after each chunk. Whole blocks of them if it can be. */
static size_t paths_of_chunk(const path_sheet *s)
{
    const size_t row = s->n_columns * s->n_assets * s->n_outputs * s->real_size;
    const size_t block = s->paths->block_paths;
    const size_t brief = CHUNK_STEPS / s->paths->n_steps / s->n_assets + 16 * block;
    const size_t fit = least(CHUNK_BYTES / row, brief);
    const size_t most = fit >= block ? fit / block * block : fit > 0 ? fit : 1;
    return s->options->n_paths < most ? (size_t)s->options->n_paths : most;
}

static fel_status make_room(chunk_room *room, const path_sheet *s)
{
    room->most_paths = paths_of_chunk(s);
    const size_t bytes =
        room->most_paths * s->n_columns * s->n_assets * s->n_outputs * s->real_size;
    room->filled = bytes > 0 ? malloc(bytes) : NULL;
    room->turned = bytes > 0 ? malloc(bytes) : NULL;
    if (room->filled == NULL || room->turned == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths of %zu dates",
                         room->most_paths, s->n_columns);
    }
    return FEL_OK;
}

/* In squares that stay in the cache. */
static void turn(const path_sheet *s, const char *from, char *to, size_t n_paths)
{
    enum { SIDE = 16 };
    const size_t size = s->real_size, from_row = s->n_assets * n_paths * size;
    const size_t to_row = s->n_columns * size;
    for (size_t p0 = 0; p0 < n_paths; p0 += SIDE) {
        const size_t p1 = p0 + SIDE < n_paths ? p0 + SIDE : n_paths;
        for (size_t d = 0; d < s->n_columns; d++) {
            for (size_t p = p0; p < p1; p++) {
                memcpy(to + p * to_row + d * size, from + d * from_row + p * size, size);
            }
        }
    }
}

static fel_status fill_chunk(const path_sheet *s, const chunk_room *room, path_chunk *chunk)
{
    const size_t n = chunk->n_paths, sheet = s->n_columns * n * s->real_size;
    path_request request = {
        .precision = s->options->single_precision ? PATH_F32 : PATH_F64,
        .first_path = chunk->first_path,
        .n_paths = n,
        .path_stride = n,
        .stop = s->options->stop,
    };
    for (size_t o = 0; o < s->n_outputs; o++) {
        request.values[s->outputs[o]] = room->filled + o * s->n_assets * sheet;
    }
    FEL_TRY(paths_fill(s->paths, &request, s->options->n_threads));
    for (size_t o = 0; o < s->n_outputs; o++) {
        for (size_t a = 0; a < s->n_assets; a++) {
            const char *from = room->filled + o * s->n_assets * sheet + a * n * s->real_size;
            turn(s, from, room->turned + (o * s->n_assets + a) * sheet, n);
        }
    }
    chunk->values = room->turned;
    return FEL_OK;
}

static fel_status write_chunks(path_sheet *s, const path_format *format, const chunk_room *room)
{
    const fel_path_file *options = s->options;
    for (uint64_t done = 0; done < options->n_paths;) {
        const uint64_t left = options->n_paths - done;
        path_chunk chunk = {.first_path = options->first_path + done, .n_paths = room->most_paths};
        chunk.n_paths = left < chunk.n_paths ? (size_t)left : chunk.n_paths;
        if (options->progress != NULL) {
            options->progress(options->payload, "simulating", (double)done,
                              (double)options->n_paths);
        }
        fel_status status = fill_chunk(s, room, &chunk);
        if (status == FEL_OK) {
            status = format->write(s, &chunk);
        }
        if (options->stop != NULL && *options->stop) {
            return FEL_RAISE(FEL_ERR_STOPPED, "%s: interrupted, nothing is kept", s->file.path);
        }
        FEL_TRY(status);
        done += chunk.n_paths;
    }
    return FEL_OK;
}

static fel_status write_sheet(path_sheet *s, const path_format *format)
{
    chunk_room room = {0};
    fel_status status = format->open(s);
    if (status == FEL_OK) {
        status = make_room(&room, s);
    }
    if (status == FEL_OK) {
        status = write_chunks(s, format, &room);
    }
    if (status == FEL_OK) {
        status = format->finish(s);
    }
    free(room.filled);
    free(room.turned);
    format->close(s);
    return status;
}

fel_status fel_paths_write(const fel_paths *paths, const char *path, const fel_path_file *options)
{
    const path_format *format = format_of(path);
    if (format == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: the name must end in .h5, .hdf5 or .csv", path);
    }
    FEL_TRY(check_options(options));
    path_sheet *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for writing %s", path);
    }
    fel_status status = set_up(s, paths, options);
    if (status == FEL_OK) {
        status = outfile_open(&s->file, path);
    }
    if (status == FEL_OK) {
        status = check_space(s);
        if (status == FEL_OK) {
            status = write_sheet(s, format);
        }
        if (status == FEL_OK) {
            status = outfile_commit(&s->file);
        }
        outfile_abandon(&s->file);
    }
    free(s);
    return status;
}
