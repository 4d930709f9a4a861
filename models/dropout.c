/* models/dropout.c - the dropout layer (Srivastava et al. 2014): numbers are left out at random in
 * training, those that stay are scaled so that nothing need be done afterwards. */
#include <math.h>

#include "core/rng.h"
#include "models/dropout_internal.h"

MODEL_KERNEL_DEFINE(dropout_mask, (const dropout_args *args), (args))
MODEL_KERNEL_DEFINE(dropout_apply, (size_t n, const void *mask, const void *in, void *out),
                    (n, mask, in, out))

dropout_draw dropout_begin(const fel_dropout *dropout, uint32_t site, double rate)
{
    const uint32_t counter[4] = {(uint32_t)dropout->step, (uint32_t)(dropout->step >> 32), site,
                                 UINT32_C(0x64726f70)};
    uint32_t words[4];
    rng_block(dropout->seed, counter, words);
    const dropout_draw draw = {.key = words[0] | (uint64_t)words[1] << 32,
                               .first_sample = dropout->first_sample,
                               .threshold = (uint32_t)floor(rate * 0x1p32),
                               .scale = 1.0 / (1.0 - rate)};
    return draw;
}

static fel_status plan(layer *l)
{
    if (!(l->rate >= 0.0 && l->rate < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "dropout = %g is not in [0, 1)", l->rate);
    }
    l->out_rows = l->in_rows;
    l->out_cols = l->in_cols;
    l->cache_size = l->rate > 0.0 ? l->in_rows * l->in_cols : 0;
    return FEL_OK;
}

const layer_kind layer_dropout = {
    .name = "dropout",
    .plan = plan,
    .forward = {dropout_forward_f32, dropout_forward_f64},
    .backward = {dropout_backward_f32, dropout_backward_f64},
    .step = {dropout_step_f32, dropout_step_f64},
};
