/* losses/loss_madl.c - mean absolute directional loss (Michankow, Sakowski, Slepaczuk 2023, arXiv
 * 2309.10546): minus the mean return of a position of +-1 that follows the sign of the output.
 *
 * It is flat wherever it has a derivative: no gradient method can train with it (docs/losses.md).
 * It chooses among models that were trained with another loss. */
#include "losses/loss_internal.h"

static LOSS_TERM(directional)
{
    (void)params;
    *slope = 0.0;
    return -loss_sign(output) * target;
}

static double most(const double *params, const fel_loss_batch *batch)
{
    (void)params;
    return -loss_mean_power(batch, 1.0);
}

const fel_loss_class loss_madl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_DIRECTION,
    .shape = FEL_LOSS_EACH,
    .name = "madl",
    .summary = "mean absolute directional loss; no gradient, so for selection only",
    .formula = "-mean sign(R o) |R|",
    .term = directional,
    .bound = most,
};
