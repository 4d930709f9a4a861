/* models/dense_real.c - passes of the dense layer: products over the rows of all samples at once.
 */
#include "core/real.h"
#include "models/dense_internal.h"
#include "models/gemm_internal.h"

static const real *bias_of(const layer *l, const real *params)
{
    return l->n_blocks > 1 ? params + l->blocks[1].offset : NULL;
}

static void apply(const layer *l, const real *params, size_t rows, const real *in, real *out,
                  real *before)
{
    const size_t n_in = l->in_cols, n_out = l->out_cols;
    const gemm_shape shape = {rows, n_out, n_in, n_out};
    activate_args f = {.kind = (activation)l->sizes[DENSE_ACTIVATION],
                       .rows = rows,
                       .cols = n_out,
                       .bias = bias_of(l, params)};
    f.values = out;
    f.before = before;
    gemm(shape, REAL_C(1.0), gemm_plain(in, n_in), gemm_transposed(params, n_in), REAL_C(0.0), out);
    KERNEL(activate)(&f);
}

void KERNEL(dense_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    apply(l, pass->params, pass->n * l->in_rows, pass->in, pass->out, pass->cache);
}

void KERNEL(dense_step)(const layer_step *step)
{
    apply(step->layer, step->params, 1, step->in, step->out, step->scratch);
}

/* d loss / d what the activation was given. */
static const real *slopes_before(const layer_pass *pass, size_t rows)
{
    const layer *l = pass->layer;
    const activation kind = (activation)l->sizes[DENSE_ACTIVATION];
    const slope_args f = {.kind = kind,
                          .n = rows * l->out_cols,
                          .known = kind == ACTIVATION_GELU ? pass->cache : pass->out,
                          .d_out = pass->d_out,
                          .d_in = pass->scratch};
    if (kind == ACTIVATION_NONE) {
        return pass->d_out;
    }
    KERNEL(activate_slope)(&f);
    return pass->scratch;
}

/* Rows that lie time-major are dates; of others the last one stands for all. */
static void tell(const layer_pass *pass, const real *slopes)
{
    const layer *l = pass->layer;
    const int has_dates = l->time_major && l->in_rows > 1;
    const size_t n_dates = has_dates ? l->in_rows : 1, n = pass->n * l->in_rows / n_dates;
    for (size_t t = n_dates; t-- > 0;) {
        const fel_layer_use use = {.block = pass->first_block,
                                   .date = has_dates ? t : pass->last_row,
                                   .n = n,
                                   .inputs = (const real *)pass->in + t * n * l->in_cols,
                                   .slopes = slopes + t * n * l->out_cols};
        pass->sink->use(pass->sink->payload, &use);
    }
}

void KERNEL(dense_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const size_t rows = pass->n * l->in_rows, n_in = l->in_cols, n_out = l->out_cols;
    const real *slopes = slopes_before(pass, rows);
    real *gradient = pass->gradient;
    const gemm_shape of_weights = {n_out, n_in, rows, n_in}, of_inputs = {rows, n_in, n_out, n_in};
    if (pass->sink != NULL) {
        tell(pass, slopes);
    }
    gemm(of_weights, REAL_C(1.0), gemm_transposed(slopes, n_out), gemm_plain(pass->in, n_in),
         REAL_C(1.0), gradient);
    if (l->n_blocks > 1) {
        KERNEL(add_column_sums)(rows, n_out, slopes, gradient + l->blocks[1].offset);
    }
    if (pass->d_in != NULL) {
        gemm(of_inputs, REAL_C(1.0), gemm_plain(slopes, n_out), gemm_plain(pass->params, n_in),
             REAL_C(0.0), pass->d_in);
    }
}
