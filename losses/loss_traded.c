/* losses/loss_traded.c - the net P&L of the positions that a batch's outputs make, and its reverse.
 *
 *   x_k = (1 / m) sum_a (p_ka r_ka - c |p_ka - p_(k-1)a|)
 * over the m outputs (equal shares of the capital), r the targets, which are the returns earned
 * after the position is taken, c the cost of a unit of turnover, p_(k-1) the position of the sample
 * before in the same group that counts, or positions_before. A fraction of capital, not compounded;
 * positions are taken to be brought back to p at each sample.
 *
 * d|z| / dz is taken to be sign(z), 0 at 0: of the subdifferential [-1, 1] the middle. */
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"
#include "losses/loss_trading_internal.h"

/* ---- memory ---------------------------------------------------------------------------------- */

static size_t count_samples(const fel_loss_batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < batch->n; i++) {
        n += loss_weight(batch, i) > 0.0 ? 1 : 0;
    }
    return n;
}

/* One block: three vectors and three matrices of doubles, rows, marks. */
static fel_status allot(traded *t)
{
    enum { VECTORS = 3, MATRICES = 3 };
    const size_t per_sample = VECTORS + MATRICES * t->n_outputs;
    const size_t bytes = per_sample * sizeof(double) + sizeof(size_t) + 1;
    double *memory = calloc(t->n, bytes);
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to trade %zu samples of %zu outputs", t->n,
                         t->n_outputs);
    }
    double *const vectors[VECTORS] = {memory, memory + t->n, memory + 2 * t->n};
    double *matrix = memory + VECTORS * t->n;
    t->memory = memory;
    t->weights = vectors[0];
    t->pnl = vectors[1];
    t->dpnl = vectors[2];
    t->positions = matrix;
    t->slopes = matrix + t->n * t->n_outputs;
    t->before = matrix + 2 * t->n * t->n_outputs;
    t->rows = (size_t *)(void *)(memory + t->n * per_sample);
    t->begins = (unsigned char *)(t->rows + t->n);
    return FEL_OK;
}

void traded_clear(traded *t)
{
    free(t->memory);
    memset(t, 0, sizeof(*t));
}

/* ---- forwards -------------------------------------------------------------------------------- */

/* What is held before the first sample of a group that counts. */
static void hold_before(traded *t, size_t k, const fel_loss_batch *batch, size_t group)
{
    if (batch->positions_before != NULL) {
        memcpy(t->before + k * t->n_outputs, batch->positions_before + group * t->n_outputs,
               t->n_outputs * sizeof(double));
    }
}

static void list_samples(traded *t, const fel_loss_batch *batch)
{
    size_t k = 0;
    for (size_t g = 0; g < loss_n_groups(batch); g++) {
        const size_t first = k;
        for (size_t at = loss_group_start(batch, g); at < loss_group_start(batch, g + 1); at++) {
            const size_t row = loss_row(batch, at);
            if (loss_weight(batch, row) > 0.0) {
                t->rows[k] = row;
                t->weights[k] = loss_weight(batch, row);
                t->begins[k] = k == first;
                k++;
            }
        }
        if (k > first) {
            hold_before(t, first, batch, g);
        }
    }
}

static void take_positions(traded *t, const double *params, const fel_loss_batch *batch)
{
    const size_t m = t->n_outputs;
    for (size_t k = 0; k < t->n; k++) {
        for (size_t a = 0; a < m; a++) {
            t->positions[k * m + a] =
                trade_position(params, batch->outputs[t->rows[k] * m + a], &t->slopes[k * m + a]);
        }
        if (!t->begins[k]) {
            memcpy(t->before + k * m, t->positions + (k - 1) * m, m * sizeof(double));
        }
    }
}

static void earn(traded *t, const fel_loss_batch *batch)
{
    const size_t m = t->n_outputs;
    for (size_t k = 0; k < t->n; k++) {
        running_sum sum = {0};
        for (size_t a = 0; a < m; a++) {
            const double position = t->positions[k * m + a];
            running_add(&sum, position * batch->targets[t->rows[k] * m + a]);
            running_add(&sum, -t->cost * fabs(position - t->before[k * m + a]));
        }
        t->pnl[k] = running_value(&sum) / (double)m;
    }
}

static void take_moments(traded *t)
{
    running_sum weights = {0}, squares = {0}, sum = {0}, deviations = {0};
    for (size_t k = 0; k < t->n; k++) {
        running_add(&weights, t->weights[k]);
        running_add(&squares, t->weights[k] * t->weights[k]);
        running_add(&sum, t->weights[k] * t->pnl[k]);
    }
    t->weight_sum = running_value(&weights);
    t->freedom = t->weight_sum - running_value(&squares) / t->weight_sum;
    t->mean = running_value(&sum) / t->weight_sum;
    for (size_t k = 0; k < t->n; k++) {
        const double d = t->pnl[k] - t->mean;
        running_add(&deviations, t->weights[k] * d * d);
    }
    t->variance = running_value(&deviations) / t->freedom;
}

fel_status traded_make(traded *t, const char *name, const double *params,
                       const fel_loss_batch *batch)
{
    const traded empty = {.n = count_samples(batch),
                          .n_outputs = batch->n_outputs,
                          .cost = params[TRADE_COST_BPS] / 10000.0};
    *t = empty;
    FEL_TRY(allot(t));
    list_samples(t, batch);
    take_positions(t, params, batch);
    earn(t, batch);
    take_moments(t);
    if (t->n < 2 || !(t->freedom > 1e-12 * t->weight_sum)) {
        const size_t n = t->n;
        traded_clear(t);
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: %zu samples count, one of them for all; a variance needs two", name,
                         n);
    }
    return FEL_OK;
}

/* ---- backwards ------------------------------------------------------------------------------- */

void traded_reverse(const traded *t, const fel_loss_batch *batch, double *gradient)
{
    const size_t m = t->n_outputs;
    for (size_t k = 0; k < t->n; k++) {
        for (size_t a = 0; a < m; a++) {
            const size_t at = k * m + a;
            const double share = t->dpnl[k] / (double)m;
            const double turn = t->cost * loss_sign(t->positions[at] - t->before[at]);
            const double earned = batch->targets[t->rows[k] * m + a];
            gradient[t->rows[k] * m + a] += share * (earned - turn) * t->slopes[at];
            if (!t->begins[k]) {
                gradient[t->rows[k - 1] * m + a] += share * turn * t->slopes[at - m];
            }
        }
    }
}
