/* sim/paths_h5.c - paths in an HDF5 file: a dataset for each output, everything that made them as
 * attributes.
 *
 * HDF5 makes the file's structure with room for contiguous datasets and is done, over a driver that
 * keeps failures from it; the values are then written to their places without it. So a full disk is
 * met by plain calls, the whole size is reserved before the first path is made, and the same paths
 * are the same bytes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/h5.h"
#include "core/version.h"
#include "sim/paths_file_internal.h"
#include "sim/paths_h5_internal.h"

enum { MOST_OVERHEAD = 1 << 20 }; /* bytes of structure beside the values */

/* Where each output's values begin in the file. */
typedef struct h5_places {
    off_t offsets[FEL_PATH_N_OUTPUTS];
    double *years; /* of the dates */
} h5_places;

static fel_status raise_system(const path_sheet *sheet, int cause)
{
    const fel_status status = cause == ENOMEM ? FEL_ERR_NOMEM : FEL_ERR_IO;
    return FEL_RAISE(status, "%s: cannot write: %s", sheet->file.path, strerror(cause));
}

static size_t output_bytes(const path_sheet *sheet)
{
    return (size_t)sheet->options->n_paths * sheet->n_assets * sheet->n_columns * sheet->real_size;
}

/* Creation properties without time stamps. */
static hid_t timeless(hid_t class)
{
    const hid_t how = H5Pcreate(class);
    if (how >= 0 && H5Pset_obj_track_times(how, 0) >= 0) {
        return how;
    }
    h5_close(how);
    return -1;
}

/* ---- attributes -------------------------------------------------------------------------------
 */

static int put_integer(hid_t object, const char *name, uint64_t value)
{
    return h5_put_number(object, name, H5T_NATIVE_UINT64, &value);
}

static int put_real(hid_t object, const char *name, double value)
{
    return h5_put_number(object, name, H5T_NATIVE_DOUBLE, &value);
}

static int put_config(hid_t root, const path_sheet *sheet)
{
    const fel_path_config *c = fel_paths_config(sheet->paths);
    size_t n = 0;
    const char *draws = c->draws == FEL_DRAWS_SOBOL ? "sobol" : "pseudo";
    const char *precision = sheet->options->single_precision ? "float" : "double";
    int ok = h5_put_text(root, "format", "feller paths 1") >= 0 &&
             h5_put_text(root, "feller_version", FEL_VERSION) >= 0 &&
             h5_put_text(root, "scheme", fel_schemes(&n)[c->scheme].name) >= 0 &&
             h5_put_text(root, "draws", draws) >= 0 &&
             h5_put_text(root, "precision", precision) >= 0 &&
             put_real(root, "horizon_years", c->horizon_years) >= 0;
    const struct {
        const char *name;
        uint64_t value;
    } integers[] = {
        {"n_dates", c->n_dates},
        {"n_substeps", c->n_substeps},
        {"seed", c->seed},
        {"replicate", c->replicate},
        {"antithetic", c->antithetic},
        {"moment_matching", c->moment_matching},
        {"physical_drift", c->physical_drift},
        {"first_path", sheet->options->first_path},
        {"n_paths", sheet->options->n_paths},
        {"n_assets", sheet->n_assets},
    };
    for (size_t i = 0; ok && i < sizeof(integers) / sizeof(integers[0]); i++) {
        ok = put_integer(root, integers[i].name, integers[i].value) >= 0;
    }
    return ok && put_real(root, "drift_per_year", c->drift_per_year) >= 0;
}

static int put_asset(hid_t group, const fel_process *process)
{
    size_t n = 0;
    const fel_process_class *code = fel_process_classes(&n)[process->kind];
    double params[FEL_PROCESS_MAX_PARAMS];
    fel_process_params(process, params);
    int ok = h5_put_text(group, "process", code->name) >= 0;
    for (uint32_t i = 0; ok && i < code->n_params; i++) {
        ok = put_real(group, code->params[i].name, params[i]) >= 0;
    }
    return ok;
}

static int put_assets(hid_t root, const path_sheet *sheet)
{
    const hid_t how = timeless(H5P_GROUP_CREATE);
    const hid_t assets = H5Gcreate2(root, "assets", H5P_DEFAULT, how, H5P_DEFAULT);
    int ok = assets >= 0;
    for (size_t a = 0; ok && a < sheet->n_assets; a++) {
        char name[24];
        (void)snprintf(name, sizeof(name), "%zu", a);
        const hid_t group = H5Gcreate2(assets, name, H5P_DEFAULT, how, H5P_DEFAULT);
        ok = group >= 0 && put_asset(group, fel_paths_asset(sheet->paths, a));
        h5_close(group);
    }
    h5_close(assets);
    h5_close(how);
    return ok;
}

/* A vector or square matrix of doubles. */
static int put_array(hid_t root, const char *name, int rank, const hsize_t *dims,
                     const double *values)
{
    const hid_t space = H5Screate_simple(rank, dims, NULL);
    const hid_t how = timeless(H5P_DATASET_CREATE);
    const hid_t data = H5Dcreate2(root, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, how, H5P_DEFAULT);
    const int ok =
        data >= 0 && H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    h5_close(data);
    h5_close(how);
    h5_close(space);
    return ok;
}

static int put_times(hid_t root, const path_sheet *sheet, double *years)
{
    const fel_path_config *c = fel_paths_config(sheet->paths);
    const hsize_t n = sheet->n_columns;
    for (size_t d = 0; d < sheet->n_columns; d++) {
        years[d] = c->horizon_years * ((double)d / (double)c->n_dates);
    }
    return put_array(root, "time_years", 1, &n, years);
}

static int put_correlation(hid_t root, const path_sheet *sheet)
{
    const hsize_t n = sheet->paths->n_motions, dims[2] = {n, n};
    return sheet->paths->correlation == NULL ||
           put_array(root, "correlation", 2, dims, sheet->paths->correlation);
}

/* ---- datasets ---------------------------------------------------------------------------------
 */

/* [asset][path][date], the first only if there are several: allocated now, filled later. */
static hid_t make_dataset(hid_t file, const path_sheet *sheet, fel_path_output output)
{
    const hsize_t dims[3] = {sheet->n_assets, sheet->options->n_paths, sheet->n_columns};
    const int skip = sheet->n_assets > 1 ? 0 : 1;
    const hid_t type = sheet->options->single_precision ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    const hid_t space = H5Screate_simple(3 - skip, dims + skip, NULL);
    const hid_t how = timeless(H5P_DATASET_CREATE);
    hid_t data = -1;
    if (space >= 0 && how >= 0 && H5Pset_layout(how, H5D_CONTIGUOUS) >= 0 &&
        H5Pset_alloc_time(how, H5D_ALLOC_TIME_EARLY) >= 0 &&
        H5Pset_fill_time(how, H5D_FILL_TIME_NEVER) >= 0) {
        data = H5Dcreate2(file, fel_path_output_name(output), type, space, H5P_DEFAULT, how,
                          H5P_DEFAULT);
    }
    h5_close(how);
    h5_close(space);
    return data;
}

static int make_datasets(hid_t file, const path_sheet *sheet, h5_places *places)
{
    int ok = 1;
    for (size_t o = 0; ok && o < sheet->n_outputs; o++) {
        const hid_t data = make_dataset(file, sheet, sheet->outputs[o]);
        const haddr_t offset = data >= 0 ? H5Dget_offset(data) : HADDR_UNDEF;
        ok = offset != HADDR_UNDEF;
        places->offsets[o] = (off_t)offset;
        h5_close(data);
    }
    return ok;
}

static fel_status make_structure(const path_sheet *sheet, h5_places *places)
{
    h5_quiet_file quiet = {.descriptor = fileno(sheet->file.stream)};
    const hid_t how = timeless(H5P_FILE_CREATE), access = h5_quiet_access(&quiet);
    const hid_t file = H5Fcreate(sheet->file.temporary, H5F_ACC_TRUNC, how, access);
    int ok = file >= 0 && put_config(file, sheet) && put_assets(file, sheet) &&
             put_times(file, sheet, places->years) && put_correlation(file, sheet) &&
             make_datasets(file, sheet, places);
    fel_status status =
        ok ? FEL_OK : h5_raise(FEL_ERR_IO, sheet->file.path, "cannot begin this file");
    h5_close(how);
    h5_close(access);
    if (file >= 0 && H5Fclose(file) < 0 && ok) {
        status = h5_raise(FEL_ERR_IO, sheet->file.path, "cannot begin this file");
    }
    h5_quiet_end(&quiet);
    return quiet.cause == 0 ? status : raise_system(sheet, quiet.cause);
}

/* Room on the disk for all of it, before anything is written. */
static fel_status reserve(const path_sheet *sheet)
{
    const int file = fileno(sheet->file.stream);
    const off_t size = (off_t)(output_bytes(sheet) * sheet->n_outputs) + MOST_OVERHEAD;
    const int cause = posix_fallocate(file, 0, size);
    return cause == 0 ? FEL_OK : raise_system(sheet, cause);
}

static fel_status h5_open(path_sheet *sheet)
{
    h5_scope scope;
    h5_places *places = calloc(1, sizeof(*places));
    sheet->format_state = places;
    if (places != NULL) {
        places->years = calloc(sheet->n_columns, sizeof(*places->years));
    }
    if (places == NULL || places->years == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for writing %s", sheet->file.path);
    }
    if (sheet->file.temporary[0] == '\0') {
        return FEL_RAISE(FEL_ERR_IO, "%s: HDF5 needs a file, not a device", sheet->file.path);
    }
    FEL_TRY(reserve(sheet));
    h5_begin(&scope);
    const fel_status status = make_structure(sheet, places);
    h5_end(&scope);
    return status;
}

/* ---- values -----------------------------------------------------------------------------------
 */

static fel_status put_bytes(const path_sheet *sheet, const char *bytes, size_t n, off_t offset)
{
    const int cause = h5_put_bytes(fileno(sheet->file.stream), bytes, n, offset);
    return cause == 0 ? FEL_OK : raise_system(sheet, cause);
}

/* A chunk's paths of one output and asset lie together, here and in the file. */
static fel_status h5_write(path_sheet *sheet, const path_chunk *chunk)
{
    const h5_places *places = sheet->format_state;
    const size_t path_bytes = sheet->n_columns * sheet->real_size;
    const size_t before = (size_t)(chunk->first_path - sheet->options->first_path);
    const char *from = chunk->values;
    for (size_t o = 0; o < sheet->n_outputs; o++) {
        for (size_t a = 0; a < sheet->n_assets; a++) {
            const size_t place = (a * (size_t)sheet->options->n_paths + before) * path_bytes;
            FEL_TRY(put_bytes(sheet, from, chunk->n_paths * path_bytes,
                              places->offsets[o] + (off_t)place));
            from += chunk->n_paths * path_bytes;
        }
    }
    return FEL_OK;
}

/* The file ends where HDF5 said. */
static fel_status h5_finish(path_sheet *sheet)
{
    (void)sheet;
    return FEL_OK;
}

static void h5_shut(path_sheet *sheet)
{
    h5_places *places = sheet->format_state;
    if (places != NULL) {
        free(places->years);
        free(places);
    }
}

const path_format path_format_h5 = {h5_open, h5_write, h5_finish, h5_shut};
