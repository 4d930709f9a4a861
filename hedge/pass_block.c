/* hedge/pass_block.c - prepared blocks: paths with all that a policy's parameters do not change.
 * Made once, they serve every pass of a training step over the same paths. */
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_kernel_internal.h"
#include "hedge/pass_block_internal.h"

static int sample_room(hedge_sample *s)
{
    const fel_policy *policy = s->policy;
    const size_t dates = policy->problem->config.n_dates, stride = s->block.stride;
    const size_t rows = hedge_columns_state(policy->columns, policy->n_columns);
    arena *a = &s->memory;
    s->inputs =
        arena_array(a, dates * s->block.max_n * policy->n_columns, number_size(s->is_double));
    s->row = arena_array(a, stride, sizeof(double));
    s->state = arena_array(a, rows * stride, sizeof(double));
    int is_made = s->inputs != NULL && s->row != NULL && s->state != NULL;
    if (policy->base != NULL) {
        const size_t n_instruments = policy->problem->config.n_instruments;
        s->base = arena_array(a, dates * n_instruments * stride, sizeof(double));
        s->base_state = arena_array(a, hedge_rule_state(policy->base) * stride, sizeof(double));
        is_made = is_made && s->base != NULL && s->base_state != NULL;
    }
    return is_made;
}

fel_status hedge_sample_create(hedge_sample **out, const fel_policy *policy, int is_double,
                               size_t max_n)
{
    hedge_sample *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for paths");
    }
    s->policy = policy;
    s->is_double = is_double;
    fel_status status = hedge_block_create(&s->block, policy->problem, max_n);
    if (status == FEL_OK && !sample_room(s)) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the inputs of %zu paths", max_n);
    }
    if (status != FEL_OK) {
        hedge_sample_destroy(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

void hedge_sample_destroy(hedge_sample *sample)
{
    if (sample != NULL) {
        hedge_block_clear(&sample->block);
        arena_free(&sample->memory);
        free(sample);
    }
}

/* ---- what the policy sees ---------------------------------------------------------------------
 */

static void put_column(hedge_sample *s, const hedge_view *view, size_t c, double *state)
{
    const fel_policy *policy = s->policy;
    const hedge_column *column = &policy->columns[c];
    hedge_column_at(
        &(hedge_feature_args){.view = view, .column = column, .state = state, .out = s->row});
    const column_job job = {.n = view->n,
                            .step = policy->n_columns,
                            .column = c,
                            .row = s->row,
                            .shift = column->shift,
                            .scale = column->scale,
                            .numbers = sample_inputs(s, view->date)};
    if (s->is_double) {
        column_put_f64(&job);
    } else {
        column_put_f32(&job);
    }
}

void sample_see(hedge_sample *sample, size_t date)
{
    const fel_policy *policy = sample->policy;
    const hedge_view view = hedge_view_at(&sample->block, date);
    double *state = sample->state;
    for (size_t c = 0; c + policy->n_live < policy->n_columns; c++) {
        put_column(sample, &view, c, state);
        state += policy->columns[c].n_state * view.stride;
    }
    if (policy->base != NULL) {
        hedge_rule_decide(&(hedge_rule_args){.rule = policy->base,
                                             .view = &view,
                                             .position = sample_base(sample, date, 0),
                                             .state = sample->base_state});
    }
}

static void see_all(hedge_sample *sample)
{
    for (size_t k = 0; k < sample->policy->problem->config.n_dates; k++) {
        sample_see(sample, k);
    }
}

fel_status hedge_sample_fill(hedge_sample *sample, uint64_t first, size_t n)
{
    FEL_TRY(hedge_block_fill(&sample->block, first, n));
    see_all(sample);
    return FEL_OK;
}

/* ---- paths from several places ----------------------------------------------------------------
 */

/* n paths from place `from` of a block to place `to` of another. */
typedef struct path_copy {
    hedge_block *block;
    const hedge_block *part;
    size_t to, from, n;
} path_copy;

static void copy_rows(const path_copy *c, double *to, const double *from, size_t n_rows)
{
    for (size_t r = 0; to != NULL && r < n_rows; r++) {
        memcpy(to + r * c->block->stride + c->to, from + r * c->part->stride + c->from,
               c->n * sizeof(double));
    }
}

static void copy_paths(const path_copy *c)
{
    const hedge_block *b = c->block, *part = c->part;
    const size_t dates = b->problem->config.n_dates + 1;
    copy_rows(c, b->spot, part->spot, dates);
    copy_rows(c, b->variance, part->variance, dates);
    copy_rows(c, b->price == b->spot ? NULL : b->price, part->price,
              dates * b->problem->config.n_instruments);
    copy_rows(c, b->payoff, part->payoff, 1);
}

static void pad_rows(double *rows, const hedge_block *b, size_t n_rows)
{
    for (size_t r = 0; rows != NULL && r < n_rows; r++) {
        for (size_t i = b->n; i < b->stride; i++) {
            rows[r * b->stride + i] = rows[r * b->stride + b->n - 1];
        }
    }
}

static void pad_block(const hedge_block *b)
{
    const size_t dates = b->problem->config.n_dates + 1;
    pad_rows(b->spot, b, dates);
    pad_rows(b->variance, b, dates);
    pad_rows(b->price, b, b->price == b->spot ? 0 : dates * b->problem->config.n_instruments);
    pad_rows(b->payoff, b, 1);
}

/* Groups from g on that are consecutive paths: how many. */
static size_t run_of_groups(const uint64_t *starts, size_t g, size_t n_groups)
{
    size_t n = 1;
    while (g + n < n_groups && starts[g + n] == starts[g] + n * HEDGE_GROUP) {
        n++;
    }
    return n;
}

void sample_take(hedge_sample *sample, const hedge_block *from, size_t at, size_t n)
{
    hedge_block *b = &sample->block;
    copy_paths(&(path_copy){b, from, 0, at, n});
    b->first = from->first + at;
    b->n = n;
    pad_block(b);
    see_all(sample);
}

fel_status sample_gather(hedge_sample *sample, hedge_block *scratch, const uint64_t *starts,
                         size_t n)
{
    const size_t n_groups = (n + HEDGE_GROUP - 1) / HEDGE_GROUP;
    hedge_block *b = &sample->block;
    if (run_of_groups(starts, 0, n_groups) == n_groups) {
        return hedge_sample_fill(sample, starts[0], n);
    }
    for (size_t g = 0; g < n_groups;) {
        const size_t run = run_of_groups(starts, g, n_groups), at = g * HEDGE_GROUP;
        const size_t length = run * HEDGE_GROUP < n - at ? run * HEDGE_GROUP : n - at;
        FEL_TRY(hedge_block_fill(scratch, starts[g], length));
        copy_paths(&(path_copy){b, scratch, at, 0, length});
        g += run;
    }
    b->first = starts[0];
    b->n = n;
    pad_block(b);
    see_all(sample);
    return FEL_OK;
}
