/* losses/loss_ranking_internal.h - the samples of one group, sorted. */
#ifndef FEL_LOSSES_LOSS_RANKING_INTERNAL_H
#define FEL_LOSSES_LOSS_RANKING_INTERNAL_H

#ifndef FEL_MODULE_LOSSES
#error "losses/loss_ranking_internal.h belongs to losses/"
#endif

#include "losses/loss_internal.h"

typedef struct ranked {
    double score, target, weight;
    size_t row;
} ranked;

/* The samples of a group that count, sorted by target and then row; their number. items has room
 * for the whole batch. */
size_t ranked_by_target(const fel_loss_batch *batch, size_t group, ranked *items);
/* Sort by score, highest first, and then row. */
void ranked_by_score(ranked *items, size_t n);
/* Room for a batch; NULL when memory is out. */
ranked *ranked_create(const fel_loss_batch *batch);

#endif
