/* sim/source_sobol.c - normals from scrambled Sobol points, laid out by a Brownian bridge.
 *
 * The first coordinates of a Sobol point are its best: they decide the drivers' values at the
 * horizon, the next ones those half-way, and so on: coordinate rank x n_drivers + driver is the
 * normal of that rank in the driver's bridge. Steps then come in order of time, as independent
 * standard normals, like pseudo-random ones. Path k is point k. Draws other than the drivers'
 * normals (jumps, exact variance) stay pseudo-random. */
#include <stdlib.h>
#include <string.h>

#include "sim/sobol_internal.h"

typedef struct shared_table {
    sobol points;
    uint32_t n_drivers, n_steps;
    bridge_split *splits; /* n_steps - 1 */
} shared_table;

/* One thread's: normals[driver][step][path]. */
typedef struct source_state {
    const shared_table *shared;
    size_t real_size, max_paths;
    char *normals;
    sobol_fn *uniforms;
    map_fn *probit;
    bridge_fn *halve;
} source_state;

static void sobol_release(void *shared)
{
    shared_table *t = shared;
    if (t != NULL) {
        sobol_clear(&t->points);
        free(t->splits);
        free(t);
    }
}

static fel_status sobol_prepare(void **shared, const fel_path_config *config, uint32_t n_drivers,
                                uint32_t n_steps)
{
    const size_t n_dims = (size_t)n_drivers * n_steps;
    if (n_dims > SOBOL_MAX_DIMS) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%u steps by %u random drivers need %zu Sobol dimensions, at most %d",
                         n_steps, n_drivers, n_dims, SOBOL_MAX_DIMS);
    }
    shared_table *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for Sobol points");
    }
    t->n_drivers = n_drivers;
    t->n_steps = n_steps;
    fel_status status =
        sobol_init(&t->points, n_dims, config->seed, config->replicate, SOBOL_SCRAMBLED);
    if (status == FEL_OK) {
        t->splits = calloc(n_steps, sizeof(*t->splits));
        status = t->splits != NULL
                     ? FEL_OK
                     : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %u steps", n_steps);
    }
    if (status != FEL_OK) {
        sobol_release(t);
        return status;
    }
    bridge_plan(n_steps, t->splits);
    *shared = t;
    return FEL_OK;
}

static void sobol_close(void *state)
{
    source_state *s = state;
    if (s != NULL) {
        free(s->normals);
        free(s);
    }
}

static fel_status sobol_open(void **state, const source_plan *plan)
{
    const shared_table *shared = plan->shared;
    source_state *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a source of normals");
    }
    s->shared = shared;
    s->real_size = plan->precision == PATH_F32 ? sizeof(float) : sizeof(double);
    s->max_paths = plan->max_paths;
    s->uniforms = sobol_uniforms(plan->precision, plan->level);
    s->probit = map_probit(plan->precision, plan->level);
    s->halve = bridge_step(plan->precision, plan->level);
    const size_t n_rows = (size_t)shared->n_drivers * shared->n_steps;
    s->normals = aligned_alloc(64, n_rows * plan->max_paths * s->real_size);
    if (s->normals == NULL) {
        sobol_close(s);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu x %zu normals", n_rows,
                         plan->max_paths);
    }
    *state = s;
    return FEL_OK;
}

static void *row_of(const source_state *s, uint32_t driver, uint32_t step)
{
    const size_t row = (size_t)driver * s->shared->n_steps + step;
    return s->normals + row * s->max_paths * s->real_size;
}

/* The normal of this rank in the driver's bridge, into the slot where its split looks for it. */
static void fill_rank(source_state *s, uint32_t driver, uint32_t rank, uint64_t first_path,
                      size_t n)
{
    const sobol *points = &s->shared->points;
    const size_t dimension = (size_t)rank * s->shared->n_drivers + driver;
    void *row = row_of(s, driver, rank == 0 ? 0 : s->shared->splits[rank - 1].middle);
    const sobol_args args = {points->directions + dimension * SOBOL_INDEX_BITS,
                             sobol_coordinate(points, dimension, first_path), first_path, n, row};
    s->uniforms(&args);
    s->probit(row, row, n);
}

static fel_status sobol_begin(void *state, uint64_t first_path, size_t n)
{
    source_state *s = state;
    const shared_table *t = s->shared;
    if (first_path + n > UINT64_C(1) << SOBOL_INDEX_BITS) {
        return FEL_RAISE(FEL_ERR_RANGE, "Sobol path %llu, at most 2^%d of them",
                         (unsigned long long)(first_path + n), SOBOL_INDEX_BITS);
    }
    for (uint32_t driver = 0; driver < t->n_drivers; driver++) {
        for (uint32_t rank = 0; rank < t->n_steps; rank++) {
            fill_rank(s, driver, rank, first_path, n);
        }
        for (uint32_t i = 0; i + 1 < t->n_steps; i++) {
            const bridge_split *split = &t->splits[i];
            s->halve(split, row_of(s, driver, split->left), row_of(s, driver, split->middle), n);
        }
    }
    return FEL_OK;
}

/* After the bridge nothing is known about the tails of z. */
static void sobol_step(void *state, uint32_t step, void **z, void **tail)
{
    const source_state *s = state;
    for (uint32_t driver = 0; driver < s->shared->n_drivers; driver++) {
        z[driver] = row_of(s, driver, step);
        tail[driver] = NULL;
    }
}

const source_class source_sobol = {
    .prepare = sobol_prepare,
    .release = sobol_release,
    .open = sobol_open,
    .close = sobol_close,
    .begin = sobol_begin,
    .step = sobol_step,
};
