/* sim/source_pseudo.c - pseudo-random normals: a Philox block for every path (float: pair of
 * paths), step and pair of drivers. */
#include <stdlib.h>

#include "sim/paths_internal.h"

typedef struct pseudo {
    philox_fn *normals;
    uint64_t seed, first_path;
    size_t n, row_bytes;
    uint32_t n_drivers;
    const uint8_t *needs_tail, *tail_alone;
    path_precision precision;
    char *room; /* z of each driver, then the tails of each */
} pseudo;

static void pseudo_close(void *state)
{
    pseudo *p = state;
    if (p != NULL) {
        free(p->room);
        free(p);
    }
}

static fel_status pseudo_open(void **state, const source_plan *plan)
{
    pseudo *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a source of normals");
    }
    p->normals = philox_normals(plan->precision, plan->level);
    p->seed = plan->config->seed;
    p->n_drivers = plan->n_drivers;
    p->needs_tail = plan->needs_tail;
    p->tail_alone = plan->tail_alone;
    p->precision = plan->precision;
    p->row_bytes = plan->max_paths * (plan->precision == PATH_F32 ? sizeof(float) : sizeof(double));
    p->room = aligned_alloc(64, 2 * (size_t)plan->n_drivers * p->row_bytes);
    if (p->room == NULL) {
        pseudo_close(p);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %u drivers of %zu paths",
                         plan->n_drivers, plan->max_paths);
    }
    *state = p;
    return FEL_OK;
}

static fel_status pseudo_begin(void *state, uint64_t first_path, size_t n)
{
    pseudo *p = state;
    p->first_path = first_path;
    p->n = n;
    return FEL_OK;
}

static void pseudo_step(void *state, uint32_t step, void **z, void **tail)
{
    pseudo *p = state;
    char *const tails = p->room + p->n_drivers * p->row_bytes;
    for (uint32_t d = 0; d < p->n_drivers; d++) {
        const int alone = p->tail_alone[d] && p->precision == PATH_F64;
        z[d] = alone ? NULL : p->room + d * p->row_bytes;
        tail[d] = p->needs_tail[d] ? tails + d * p->row_bytes : NULL;
    }
    for (uint32_t d = 0; d < p->n_drivers; d += 2) {
        const int pair = d + 1 < p->n_drivers;
        const philox_args args = {
            .seed = p->seed,
            .first_path = p->first_path,
            .step = step,
            .draw = DRAW_NORMALS + d / 2,
            .n = p->n,
            .z_a = z[d],
            .z_b = pair ? z[d + 1] : NULL,
            .tail_a = tail[d],
            .tail_b = pair ? tail[d + 1] : NULL,
        };
        p->normals(&args);
    }
}

const source_class source_pseudo = {
    .open = pseudo_open,
    .close = pseudo_close,
    .begin = pseudo_begin,
    .step = pseudo_step,
};
