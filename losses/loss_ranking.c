/* losses/loss_ranking.c - the samples of one group, sorted; ties by row, so that the order is the
 * same everywhere. */
#include <stdlib.h>

#include "losses/loss_ranking_internal.h"

static int compare(double x, double y)
{
    return (x > y) - (x < y);
}

static int compare_rows(const ranked *a, const ranked *b)
{
    return (a->row > b->row) - (a->row < b->row);
}

static int by_target(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    const int order = compare(x->target, y->target);
    return order != 0 ? order : compare_rows(x, y);
}

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    const int order = compare(y->score, x->score);
    return order != 0 ? order : compare_rows(x, y);
}

size_t ranked_by_target(const fel_loss_batch *batch, size_t group, ranked *items)
{
    size_t n = 0;
    for (size_t k = loss_group_start(batch, group); k < loss_group_start(batch, group + 1); k++) {
        const size_t row = loss_row(batch, k);
        const double weight = loss_weight(batch, row);
        if (weight > 0.0) {
            const ranked item = {batch->outputs[row], batch->targets[row], weight, row};
            items[n++] = item;
        }
    }
    qsort(items, n, sizeof(*items), by_target);
    return n;
}

void ranked_by_score(ranked *items, size_t n)
{
    qsort(items, n, sizeof(*items), by_score);
}

ranked *ranked_create(const fel_loss_batch *batch)
{
    return calloc(batch->n, sizeof(ranked));
}
