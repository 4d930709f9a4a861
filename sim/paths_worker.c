/* sim/paths_worker.c - one thread's work: a block of paths through all steps. */
#include <stdlib.h>
#include <string.h>

#include "sim/generator_internal.h"

struct path_worker {
    const fel_paths *paths;
    const path_request *request;
    void *source; /* state of paths->source */
    cpu_level level;
    size_t row_bytes;
    char *room, *unused; /* one allocation, and what is left of it while it is dealt out */
    asset_state assets[FEL_PATH_MAX_ASSETS];
    void *area, *scratch, *jump_count, *jump_count_tail, *jump_size;
    void *own_tail[PATH_MAX_DRIVERS], *z[PATH_MAX_DRIVERS], *tail[PATH_MAX_DRIVERS];
    philox_fn *philox;
    map_fn *normal_tail;
    mirror_fn *mirror;
    match_fn *match;
    correlate_fn *correlate;
    jump_fn *jump;
    total_fn *total;
};

/* ---- room ---------------------------------------------------------------------------------------
 */

enum { SHARED_ROWS = 4 + PATH_N_SCRATCH, ASSET_ROWS = 6 };

static void *deal(path_worker *w, size_t n_rows)
{
    void *rows = w->unused;
    w->unused += n_rows * w->row_bytes;
    return rows;
}

static void deal_asset(path_worker *w, asset_state *asset, const asset_law *law)
{
    void *const *values = w->request->values;
    memset(asset, 0, sizeof(*asset));
    asset->v = deal(w, 1);
    asset->v_next = deal(w, 1);
    asset->x = deal(w, 1);
    if (values[FEL_PATH_INTEGRATED] != NULL || values[FEL_PATH_VARIANCE_SWAP] != NULL) {
        asset->totals.integral = deal(w, 1);
    }
    if (values[FEL_PATH_REALISED] != NULL) {
        asset->totals.realised = deal(w, 1);
        asset->totals.x_before = deal(w, 1);
        asset->totals.drift_step = law_drift(law) * law->dt_years;
    }
}

static fel_status make_room(path_worker *w)
{
    const fel_paths *paths = w->paths;
    const size_t n_rows = SHARED_ROWS + ASSET_ROWS * paths->n_assets + paths->n_drivers;
    w->room = aligned_alloc(64, n_rows * w->row_bytes);
    if (w->room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a block of %zu paths",
                         paths->block_paths);
    }
    w->unused = w->room;
    w->area = deal(w, 1);
    w->jump_count = deal(w, 1);
    w->jump_count_tail = deal(w, 1);
    w->jump_size = deal(w, 1);
    w->scratch = deal(w, PATH_N_SCRATCH);
    for (uint32_t d = 0; d < paths->n_drivers; d++) {
        w->own_tail[d] = deal(w, 1);
    }
    for (size_t a = 0; a < paths->n_assets; a++) {
        deal_asset(w, &w->assets[a], &paths->laws[a]);
    }
    return FEL_OK;
}

static void choose_kernels(path_worker *w)
{
    const path_precision precision = w->request->precision;
    w->level = cpu_level_now();
    w->philox = philox_normals(precision, w->level);
    w->normal_tail = map_normal_tail(precision, w->level);
    w->mirror = mirror_normals(precision, w->level);
    w->match = match_moments(precision, w->level);
    w->correlate = correlate_normals(precision, w->level);
    w->jump = add_jumps(precision, w->level);
    w->total = add_totals(precision, w->level);
}

fel_status worker_open(path_worker **out, const fel_paths *paths, const path_request *request)
{
    path_worker *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a block of paths");
    }
    w->paths = paths;
    w->request = request;
    w->row_bytes =
        paths->block_paths * (request->precision == PATH_F32 ? sizeof(float) : sizeof(double));
    choose_kernels(w);
    const source_plan plan = {
        .config = &paths->config,
        .n_drivers = paths->n_drivers,
        .n_steps = paths->n_steps,
        .precision = request->precision,
        .level = w->level,
        .max_paths = paths->block_paths,
        .needs_tail = paths->needs_tail,
        .tail_alone = paths->tail_alone,
        .shared = paths->shared,
    };
    fel_status status = make_room(w);
    if (status == FEL_OK) {
        status = paths->source->open(&w->source, &plan);
    }
    if (status != FEL_OK) {
        worker_close(w);
        return status;
    }
    *out = w;
    return FEL_OK;
}

void worker_close(path_worker *worker)
{
    if (worker != NULL) {
        worker->paths->source->close(worker->source);
        free(worker->room);
        free(worker);
    }
}

/* ---- a step -------------------------------------------------------------------------------------
 */

typedef struct block {
    uint64_t first_path;
    size_t n;
    uint32_t step;
} block;

/* What changes z takes from the source's tails what they know. */
static void draw_normals(path_worker *w, const block *b)
{
    const fel_paths *paths = w->paths;
    const fel_path_config *config = &paths->config;
    paths->source->step(w->source, b->step, w->z, w->tail);
    for (uint32_t d = 0; d < paths->n_drivers; d++) {
        if (config->antithetic) {
            w->mirror(w->z[d], w->tail[d], b->n / 2);
        }
        if (config->moment_matching) {
            w->match(w->z[d], b->n);
        }
    }
    if (paths->mixing != NULL) {
        w->correlate(paths->mixing, paths->n_drivers, w->z, b->n);
    }
    const int changed = config->moment_matching || paths->mixing != NULL;
    for (uint32_t d = 0; d < paths->n_drivers; d++) {
        if (paths->needs_tail[d] && (changed || w->tail[d] == NULL)) {
            w->normal_tail(w->z[d], w->own_tail[d], b->n);
            w->tail[d] = w->own_tail[d];
        }
    }
}

static void jump_asset(path_worker *w, const asset_law *law, void *x, const block *b)
{
    const unsigned halves = w->paths->config.antithetic ? 2 : 1;
    const philox_args args = {
        .seed = w->paths->config.seed,
        .first_path = b->first_path / halves,
        .step = b->step,
        .draw = DRAW_JUMPS + law->index,
        .n = b->n / halves,
        .z_a = w->jump_count,
        .z_b = w->jump_size,
        .tail_a = w->jump_count_tail,
    };
    w->philox(&args);
    if (halves == 2) {
        w->mirror(w->jump_count, w->jump_count_tail, b->n / 2);
        w->mirror(w->jump_size, NULL, b->n / 2);
    }
    w->jump(law, w->jump_count_tail, w->jump_size, x, b->n);
}

static void step_asset(path_worker *w, size_t a, const block *b)
{
    const fel_paths *paths = w->paths;
    const asset_law *law = &paths->laws[a];
    const scheme_class *scheme = paths->schemes[a];
    asset_state *asset = &w->assets[a];
    const uint32_t variance = law->driver_variance;
    const int uses_z = (scheme->uses & USES_Z_VARIANCE) != 0;
    const step_args args = {
        .law = law,
        .n = b->n,
        .z_price = w->z[law->driver_price],
        .z_variance = uses_z ? w->z[variance] : NULL,
        .tail_variance = uses_z ? w->tail[variance] : NULL,
        .v = asset->v,
        .v_next = asset->v_next,
        .area = w->area,
        .x = asset->x,
        .scratch = w->scratch,
        .seed = paths->config.seed,
        .first_path = b->first_path,
        .step = b->step,
    };
    step_fn *const *levels = w->request->precision == PATH_F32 ? scheme->f32 : scheme->f64;
    levels[w->level](&args);
    void *const spent = asset->v;
    asset->v = asset->v_next;
    asset->v_next = spent;
    if (law->has_jumps) {
        jump_asset(w, law, asset->x, b);
    }
    w->total(&asset->totals, asset->x, w->area, b->n);
}

/* ---- a block ------------------------------------------------------------------------------------
 */

static void fill_row(const path_worker *w, void *row, double value)
{
    const size_t n = w->paths->block_paths;
    if (row == NULL) {
        return;
    }
    for (size_t i = 0; w->request->precision == PATH_F64 && i < n; i++) {
        ((double *)row)[i] = value;
    }
    for (size_t i = 0; w->request->precision == PATH_F32 && i < n; i++) {
        ((float *)row)[i] = (float)value;
    }
}

static void start_asset(const path_worker *w, size_t a)
{
    const fel_process *process = &w->paths->laws[a].process;
    const asset_state *asset = &w->assets[a];
    const double vol = process->vol_per_year;
    fill_row(w, asset->v, fel_process_has_variance(process) ? process->heston.v0 : vol * vol);
    fill_row(w, asset->x, 0.0);
    fill_row(w, asset->totals.integral, 0.0);
    fill_row(w, asset->totals.realised, 0.0);
    fill_row(w, asset->totals.x_before, 0.0);
}

/* The part of the block that was asked for. */
static void emit_date(const path_worker *w, const block *b, size_t date)
{
    const path_request *request = w->request;
    const size_t n_assets = w->paths->n_assets;
    const uint64_t begin =
        b->first_path > request->first_path ? b->first_path : request->first_path;
    const uint64_t block_end = b->first_path + b->n;
    const uint64_t asked_end = request->first_path + request->n_paths;
    const uint64_t end = block_end < asked_end ? block_end : asked_end;
    emit_place place = {
        .date = date,
        .from = (size_t)(begin - b->first_path),
        .to = (size_t)(begin - request->first_path),
        .count = (size_t)(end - begin),
    };
    for (size_t a = 0; a < n_assets; a++) {
        place.row = date * n_assets + a;
        paths_emit(w->paths, request, w->level, &w->paths->laws[a], &w->assets[a], &place);
    }
}

static int is_stopped(const path_worker *w)
{
    return w->request->stop != NULL && *w->request->stop;
}

/* Up to the last date, or until stopped. */
static void run_steps(path_worker *w, block *b)
{
    const fel_paths *paths = w->paths;
    const size_t n_substeps = paths->config.n_substeps;
    emit_date(w, b, 0);
    for (size_t date = 1; date <= paths->config.n_dates; date++) {
        for (size_t s = 0; s < n_substeps; s++, b->step++) {
            if (is_stopped(w)) {
                return;
            }
            draw_normals(w, b);
            for (size_t a = 0; a < paths->n_assets; a++) {
                step_asset(w, a, b);
            }
        }
        emit_date(w, b, date);
    }
}

size_t worker_pieces(const fel_paths *paths, const path_request *request)
{
    const uint64_t unit = paths->block_paths, first = request->first_path / unit;
    return (size_t)((request->first_path + request->n_paths + unit - 1) / unit - first);
}

/* Whole groups with moment matching, else no more than PATH_ALIGN asks for. */
static block block_of(const path_worker *w, size_t index)
{
    const path_request *request = w->request;
    const uint64_t unit = w->paths->block_paths;
    const uint64_t align = w->paths->config.moment_matching ? unit : PATH_ALIGN;
    const uint64_t whole = (request->first_path / unit + index) * unit;
    const uint64_t asked = request->first_path / align * align;
    const uint64_t last = request->first_path + request->n_paths;
    const uint64_t asked_end = (last + align - 1) / align * align;
    const uint64_t begin = whole > asked ? whole : asked;
    const uint64_t end = whole + unit < asked_end ? whole + unit : asked_end;
    const block b = {begin, (size_t)(end - begin), 0};
    return b;
}

fel_status worker_run(path_worker *worker, size_t index)
{
    const fel_paths *paths = worker->paths;
    const unsigned halves = paths->config.antithetic ? 2 : 1;
    block b = block_of(worker, index);
    FEL_TRY(paths->source->begin(worker->source, b.first_path / halves, b.n / halves));
    for (size_t a = 0; a < paths->n_assets; a++) {
        start_asset(worker, a);
    }
    run_steps(worker, &b);
    return is_stopped(worker) ? FEL_RAISE(FEL_ERR_STOPPED, "stopped among the paths") : FEL_OK;
}
