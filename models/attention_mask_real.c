/* models/attention_mask_real.c - masks of dropout for attention's weights and for rows. */
#include "core/real.h"
#include "models/attention_mask_internal.h"
#include "models/dropout_internal.h"

/* Row by row over samples, as the draws are numbered. */
static void fill(const dropout_draw *draw, size_t samples, size_t rows, size_t cols, real *mask)
{
    for (size_t r = 0; r < rows; r++) {
        KERNEL(dropout_mask)
        (&(const dropout_args){.draw = draw,
                               .n_samples = samples,
                               .row = r,
                               .cols = cols,
                               .sample_step = rows * cols,
                               .mask = mask + r * cols});
    }
}

void KERNEL(attend_mask)(const attend_shape *shape, const fel_dropout *dropout, const layer *l,
                         real *mask)
{
    const dropout_draw draw = dropout_begin(dropout, DROPOUT_SITE(l->place, DROP_WEIGHTS), l->rate);
    fill(&draw, shape->samples, shape->heads * shape->keys, attend_lanes(shape), mask);
}

void KERNEL(rows_mask)(const rows_mask *what, const fel_dropout *dropout, const layer *l,
                       real *mask)
{
    const dropout_draw draw = dropout_begin(dropout, DROPOUT_SITE(l->place, what->site), l->rate);
    fill(&draw, what->samples, what->rows, what->cols, mask);
}
