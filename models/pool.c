/* models/pool.c - layers without parameters that make one row of many: the last, the mean, all one
 * after the other, and the mean over columns (keras' GlobalAveragePooling1D, channels first). */
#include "models/pool_internal.h"

static fel_status plan_row(layer *l)
{
    l->out_rows = 1;
    l->out_cols = l->in_cols;
    return FEL_OK;
}

static fel_status plan_flatten(layer *l)
{
    l->out_rows = 1;
    l->out_cols = l->in_rows * l->in_cols;
    return FEL_OK;
}

static fel_status plan_mean_cols(layer *l)
{
    l->out_rows = 1;
    l->out_cols = l->in_rows;
    return FEL_OK;
}

#define PASSES(name)                                                                               \
    .forward = {name##_forward_f32, name##_forward_f64},                                           \
    .backward = {name##_backward_f32, name##_backward_f64}

const layer_kind layer_last = {.name = "last",
                               .plan = plan_row,
                               PASSES(pool_last),
                               .step = {pool_last_step_f32, pool_last_step_f64}};
const layer_kind layer_mean = {.name = "mean", .plan = plan_row, PASSES(pool_mean)};
const layer_kind layer_flatten = {.name = "flatten", .plan = plan_flatten, PASSES(pool_flatten)};
const layer_kind layer_mean_cols = {
    .name = "mean_cols", .plan = plan_mean_cols, PASSES(pool_mean_cols)};
