/* study/hedging_market.c - where a hedging study's paths come from: the files that it reads, as
 * inputs of the run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/h5.h"
#include "study/hedging_internal.h"
#include "study/study_folder_internal.h"

fel_status hedging_need(const void *memory)
{
    return memory != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging study");
}

static fel_status add_input(dataset *data, const char *path)
{
    return path != NULL ? dataset_add_input(data, path, NULL) : FEL_OK;
}

fel_status hedging_open(hedging *h, dataset *data)
{
    const study_hedge_market *m = &h->study->values.hedge.market;
    const study_hedge_lives *lives = &h->study->values.lives;
    h->data = data;
    FEL_TRY(add_input(data, m->has_calibrate ? m->calibrate.chain : NULL));
    FEL_TRY(add_input(data, m->bootstrap));
    FEL_TRY(add_input(data, m->paths));
    FEL_TRY(add_input(data, lives->is_present ? lives->prices : NULL));
    return add_input(data, lives->is_present ? lives->volatility : NULL);
}

/* ---- a series' closes ------------------------------------------------------------------------ */

static fel_status take_closes(hedging *h, const fel_series *series, const char *path)
{
    const fel_series_info *info = fel_series_describe(series);
    const fel_block rows = fel_series_rows(series);
    if (info->kind != FEL_DATA_BAR) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: has no bars to take returns of", path);
    }
    h->closes = arena_array(&h->memory, rows.n, sizeof(double));
    FEL_TRY(hedging_need(h->closes));
    memcpy(h->closes, rows.columns[FEL_FIELD_CLOSE], rows.n * sizeof(double));
    h->n_closes = rows.n;
    return FEL_OK;
}

static fel_status read_closes(hedging *h, const char *path)
{
    const fel_csv_options options = fel_csv_options_default();
    fel_series_list list = {NULL, 0};
    FEL_TRY(fel_csv_read(&list, path, &options, NULL));
    const fel_status status = take_closes(h, list.items[0], path);
    fel_series_list_clear(&list);
    return status;
}

/* ---- stored paths ---------------------------------------------------------------------------- */

/* A dataset [path][date] of the file as doubles; 0 if it is there and of that shape. */
static int read_matrix(hid_t file, const char *name, hsize_t *rows, hsize_t cols, double **out)
{
    hsize_t dims[3] = {0, 0, 0};
    const hid_t data = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = data >= 0 ? H5Dget_space(data) : -1;
    int failed = space < 0 || H5Sget_simple_extent_ndims(space) != 2 ||
                 H5Sget_simple_extent_dims(space, dims, NULL) < 0 || dims[1] != cols ||
                 (*rows != 0 && *rows != dims[0]);
    if (!failed) {
        *rows = dims[0];
        *out = malloc(dims[0] * dims[1] * sizeof(double));
        failed = *out == NULL ||
                 H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, *out) < 0;
    }
    h5_close(space);
    h5_close(data);
    return failed;
}

static fel_status read_stored(hedging *h, const char *path)
{
    const hsize_t cols = (hsize_t)h->study->values.hedge.dates + 1;
    hsize_t rows = 0;
    h5_scope scope;
    h5_begin(&scope);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    fel_status status = file >= 0 ? FEL_OK : h5_raise(FEL_ERR_IO, path, "cannot open");
    if (status == FEL_OK && read_matrix(file, "spot", &rows, cols, &h->stored_spot) != 0) {
        status = FEL_RAISE(FEL_ERR_SHAPE,
                           "%s: has no dataset spot of paths with %llu dates each (hedge.dates and "
                           "the one at time 0)",
                           path, (unsigned long long)cols);
    }
    if (status == FEL_OK && H5Lexists(file, "variance", H5P_DEFAULT) > 0 &&
        read_matrix(file, "variance", &rows, cols, &h->stored_variance) != 0) {
        status = FEL_RAISE(FEL_ERR_SHAPE, "%s: variance is not of the same shape as spot", path);
    }
    h5_close(file);
    h5_end(&scope);
    h->n_stored = rows;
    return status;
}

/* ---- the market ------------------------------------------------------------------------------ */

static fel_status calibrate(hedging *h)
{
    const fel_status status = calibration_of_study(
        &h->calibration, h->study, &h->study->values.hedge.market.calibrate, h->options);
    if (status == FEL_OK) {
        h->process = fel_calibration_run_process(h->calibration);
    }
    return status;
}

fel_status hedging_market_config(hedging *h, fel_hedge_config *config)
{
    const study_hedge_market *m = &h->study->values.hedge.market;
    fel_hedge_market *market = &config->market;
    memset(&h->process, 0, sizeof(h->process));
    h->process.spot = isnan(m->spot) || !(m->spot > 0.0) ? 100.0 : m->spot;
    if (m->has_calibrate) {
        FEL_TRY(calibrate(h));
    } else if (m->process != NULL) {
        FEL_TRY(fel_process_make(&h->process, m->process, m->process_params));
    } else if (m->bootstrap != NULL) {
        FEL_TRY(read_closes(h, m->bootstrap));
    } else {
        FEL_TRY(read_stored(h, m->paths));
    }
    market->kind = m->bootstrap != NULL ? FEL_HEDGE_BOOTSTRAP
                   : m->paths != NULL   ? FEL_HEDGE_STORED
                                        : FEL_HEDGE_SIMULATED;
    market->seed = (uint64_t)h->study->values.seed;
    market->process = h->process;
    market->scheme = (fel_scheme)m->scheme;
    market->has_drift = !isnan(m->drift_per_year);
    market->drift_per_year = market->has_drift ? m->drift_per_year : 0.0;
    market->n_substeps = (size_t)m->substeps;
    market->method = (fel_bootstrap_method)m->method;
    market->block_dates = m->block_dates;
    market->closes = h->closes;
    market->n_closes = h->n_closes;
    market->spot = h->stored_spot;
    market->variance = h->stored_variance;
    market->n_paths = h->n_stored;
    return FEL_OK;
}
