/* sim/generator_internal.h - a generator of paths, and one thread's room to make a block of them.
 */
#ifndef FEL_SIM_GENERATOR_INTERNAL_H
#define FEL_SIM_GENERATOR_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/generator_internal.h belongs to sim/"
#endif

#include "sim/paths_internal.h"

struct fel_paths {
    fel_path_config config;
    asset_law *laws;              /* n_assets */
    const scheme_class **schemes; /* of each asset */
    double *mixing;               /* rows of the drivers' Cholesky factor; NULL: independent */
    double *correlation;          /* the caller's matrix, n_motions squared; NULL: none */
    size_t n_motions;
    const source_class *source;
    void *shared; /* the source's */
    size_t n_assets, block_paths;
    uint32_t n_drivers, n_steps;
    uint8_t needs_tail[PATH_MAX_DRIVERS], tail_alone[PATH_MAX_DRIVERS];
};

/* Everything about sizes, names and numbers that can be wrong, before anything is allocated. */
fel_status paths_check(const fel_process *assets, size_t n_assets, const fel_path_config *config);

/* The lower triangle, row by row, that makes independent normals the drivers of paths->laws, from
 * the full matrix of Brownian motions. */
fel_status drivers_mix(double **mixing, const fel_paths *paths, const double *correlation);

/* Expected jumps' tails of a step. */
fel_status jump_table_make(asset_law *law);

/* A block's request, of either precision. */
typedef struct path_request {
    path_precision precision;
    uint64_t first_path;
    size_t n_paths, path_stride;
    void *values[FEL_PATH_N_OUTPUTS];
    const volatile int *stop; /* NULL, or: not 0 ends it between two steps, ERR_STOPPED */
} path_request;

/* Checks the request and fills it. */
fel_status paths_fill(const fel_paths *paths, const path_request *request, int n_threads);

typedef struct path_worker path_worker;
fel_status worker_open(path_worker **out, const fel_paths *paths, const path_request *request);
void worker_close(path_worker *worker); /* NULL is allowed */
/* Piece `index` of worker_pieces() of the request. */
fel_status worker_run(path_worker *worker, size_t index);
size_t worker_pieces(const fel_paths *paths, const path_request *request);

/* Writes one date of one asset; count paths of the block from `from` go to element `to` of a row.
 */
typedef struct emit_place {
    size_t date, row, from, to, count;
} emit_place;
typedef struct asset_state {
    void *v, *v_next, *x;
    path_totals totals;
} asset_state;
void paths_emit(const fel_paths *paths, const path_request *request, cpu_level level,
                const asset_law *law, const asset_state *state, const emit_place *place);

/* S is multiplied by e^(this t) beside e^x: the drift, compensated for jumps. */
double law_drift(const asset_law *law);

#endif
