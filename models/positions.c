/* models/positions.c - positions of rows, added to them: sinusoidal or learned. */
#include "models/positions_internal.h"

static fel_status plan(layer *l)
{
    l->out_rows = l->in_rows;
    l->out_cols = l->in_cols;
    if (l->sizes[POSITIONS_LEARNED]) {
        l->blocks[0] = (layer_block){.name = "table",
                                     .role = FEL_BLOCK_TABLE,
                                     .init = INIT_NORMAL,
                                     .rows = l->in_rows,
                                     .cols = l->in_cols,
                                     .parts = 1,
                                     .value = 0.02};
        l->n_blocks = 1;
    } else {
        l->scratch_fixed = l->in_rows * l->in_cols;
    }
    return FEL_OK;
}

const layer_kind layer_positions = {
    .name = "positions",
    .plan = plan,
    .forward = {positions_forward_f32, positions_forward_f64},
    .backward = {positions_backward_f32, positions_backward_f64},
};
