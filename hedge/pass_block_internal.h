/* hedge/pass_block_internal.h - inside of prepared blocks and passes. */
#ifndef FEL_HEDGE_PASS_BLOCK_INTERNAL_H
#define FEL_HEDGE_PASS_BLOCK_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/pass_block_internal.h belongs to hedge/"
#endif

#include "core/real.h"
#include "hedge/pass_internal.h"
#include "hedge/pass_tally_internal.h"

struct hedge_sample {
    const fel_policy *policy;
    int is_double;
    hedge_block block;
    void *inputs;       /* [date][n][n_columns] as the network takes them; live columns unset */
    double *base;       /* [date][instrument][stride], positions of the base rule; or NULL */
    double *state;      /* rows of columns */
    double *base_state; /* rows of the base rule */
    double *row;
    arena memory;
};

static inline size_t number_size(int is_double)
{
    return is_double ? sizeof(double) : sizeof(float);
}
static inline void *sample_inputs(const hedge_sample *s, size_t date)
{
    const size_t numbers = date * s->block.max_n * s->policy->n_columns;
    return (unsigned char *)s->inputs + numbers * number_size(s->is_double);
}
static inline double *sample_base(const hedge_sample *s, size_t date, size_t instrument)
{
    const size_t n_instruments = s->policy->problem->config.n_instruments;
    return s->base + (date * n_instruments + instrument) * s->block.stride;
}
/* Columns and base positions of a date whose market data are in the block; dates in order. */
void sample_see(hedge_sample *sample, size_t date);
/* hedge_sample_fill() for groups of paths that begin at starts[], gathered in scratch. */
fel_status sample_gather(hedge_sample *sample, hedge_block *scratch, const uint64_t *starts,
                         size_t n);

/* n paths from place `at` of another block. */
void sample_take(hedge_sample *sample, const hedge_block *from, size_t at, size_t n);

struct hedge_pass {
    const fel_policy *policy;
    int is_double;
    size_t max_n, stride, n;
    fel_unroll *unroll;
    hedge_tally tally;
    double *position;           /* [date + 1][instrument][stride]: held before date, after it */
    const hedge_sample *sample; /* of the forward pass */
    double cost_factor;
    /* Back. */
    double *d_gains, *d_cost; /* d objective / d gains, d cost of the date and later */
    double *d_held;           /* [instrument]: / d what was held before the date */
    double *d_position;
    void *d_outputs;      /* of the network */
    const void **outputs; /* [date]: of the forward pass, in unroll's memory */
    arena memory;
};

static inline double *pass_held(const hedge_pass *p, size_t date)
{
    const size_t n_instruments = p->policy->problem->config.n_instruments;
    return p->position + date * n_instruments * p->stride;
}

/* A pass date by date, gains and costs kept by the caller: begin, then dates in order. */
void pass_begin(hedge_pass *pass, const hedge_pass_args *args);
void pass_decide(hedge_pass *pass, size_t date);
/* The same in numbers of float or double. */
void pass_begin_f32(hedge_pass *pass, const void *params, int is_new);
void pass_begin_f64(hedge_pass *pass, const void *params, int is_new);
/* Inputs of a date through the network to positions. */
void pass_decide_f32(hedge_pass *pass, size_t date);
void pass_decide_f64(hedge_pass *pass, size_t date);
/* From d_position[instrument] to d_held, d_gains and d_cost of the date before. */
void pass_undo_f32(hedge_pass *pass, size_t date, const fel_layer_sink *sink);
void pass_undo_f64(hedge_pass *pass, size_t date, const fel_layer_sink *sink);

#endif
