/* losses/loss_ndcg.c - NeuralNDCG (Pobrotyn and Bialobrzeski 2021, arXiv 2102.07831): the
 * normalised discounted cumulative gain of a cross-section with a soft sort in place of the sort.
 *
 * Of a group of n, for place i = 1 .. n and item k:
 *   K_ik = softmax over k of ((n + 1 - 2 i) o_k - sum_j |o_k - o_j|) / temperature  (NeuralSort,
 * Grover et al. 2019), P = K scaled so that rows and columns add up to 1 (Sinkhorn),
 *   L = -(1 / IDCG) sum_i (sum_k P_ik gain_k) / log2(1 + i),   gain = 2^y - 1 or y.
 * The mean over groups, each weighted with the mean weight of its samples; groups without a gain
 * are left out. As temperature falls it becomes -NDCG. Time and memory grow with n^2. */
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"
#include "losses/loss_ranking_internal.h"
#include "losses/loss_sinkhorn_internal.h"

enum { TEMPERATURE, GAIN, TRUNCATION, STEPS, TOLERANCE, N_PARAMS };

static const fel_param_spec ndcg_params[N_PARAMS] = {
    {"temperature", FEL_PARAM_REAL, 1.0, 1e-6, 1e9, NULL,
     "difference of outputs that tells two samples apart"},
    {"gain", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "exponential|linear",
     "2^target - 1, or the target: what it is worth"},
    {"truncation", FEL_PARAM_INTEGER, 0.0, 0.0, 1e6, NULL, "places that count; 0: all"},
    {"steps", FEL_PARAM_INTEGER, 50.0, 1.0, 1000.0, NULL, "most steps of Sinkhorn's scaling"},
    {"tolerance", FEL_PARAM_REAL, 1e-6, 0.0, 0.1, NULL, "of its sums; 0: always all steps"},
};

/* ---- memory ---------------------------------------------------------------------------------- */

typedef struct soft_sort {
    ranked *items; /* best target first */
    size_t n, n_places;
    double ideal;
    double *gains, *room, *sort, *dsort, *dplaces; /* n, 3 n, n x n three times */
    sinkhorn scaling;
} soft_sort;

/* Room for the largest group. */
static fel_status soft_sort_create(soft_sort *s, const double *params, const fel_loss_batch *batch,
                                   double **memory)
{
    size_t most = 1;
    for (size_t g = 0; g < loss_n_groups(batch); g++) {
        const size_t n = loss_group_start(batch, g + 1) - loss_group_start(batch, g);
        most = n > most ? n : most;
    }
    const size_t steps = (size_t)params[STEPS];
    const size_t vectors = 4 + 2 * (steps + 1);
    s->items = ranked_create(batch);
    *memory = calloc(most, (vectors + 3 * most) * sizeof(double));
    if (s->items == NULL || *memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "neural_ndcg: no memory to sort %zu samples", most);
    }
    s->gains = *memory;
    s->room = s->gains + most;
    s->scaling.rows = s->room + 3 * most;
    s->scaling.columns = s->scaling.rows + (steps + 1) * most;
    s->sort = s->scaling.columns + (steps + 1) * most;
    s->dsort = s->sort + most * most;
    s->dplaces = s->dsort + most * most;
    s->scaling.most_steps = steps;
    s->scaling.tolerance = params[TOLERANCE];
    return FEL_OK;
}

/* ---- gains ----------------------------------------------------------------------------------- */

static fel_status check_targets(const fel_loss_batch *batch)
{
    enum { MOST = 60 };
    for (size_t i = 0; i < batch->n; i++) {
        const double target = batch->targets[i];
        if (loss_weight(batch, i) > 0.0 && !(target >= 0.0 && target <= MOST)) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "neural_ndcg: the target of sample %zu is %g; grades 0 .. %d, such as "
                             "quantiles of the cross-section",
                             i, target, MOST);
        }
    }
    return FEL_OK;
}

static double discount(size_t place)
{
    return 1.0 / log2((double)place + 2.0);
}

/* Gains of the items and the best that can be had of them: ranked_by_target gives the worst first.
 */
static void weigh_items(soft_sort *s, const double *params)
{
    const size_t limit = (size_t)params[TRUNCATION];
    s->n_places = limit > 0 && limit < s->n ? limit : s->n;
    s->scaling.n = s->n;
    s->ideal = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        const double target = s->items[k].target;
        s->gains[k] = params[GAIN] < 0.5 ? exp2(target) - 1.0 : target;
    }
    for (size_t i = 0; i < s->n_places; i++) {
        s->ideal += s->gains[s->n - 1 - i] * discount(i);
    }
}

/* ---- soft sort ------------------------------------------------------------------------------- */

/* The softmax of each place over items. room[0 .. n): sums of distances. */
static void sort_softly(soft_sort *s, double temperature)
{
    const size_t n = s->n;
    for (size_t k = 0; k < n; k++) {
        s->room[k] = 0.0;
        for (size_t j = 0; j < n; j++) {
            s->room[k] += fabs(s->items[k].score - s->items[j].score);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const double slope = (double)n - 1.0 - 2.0 * (double)i;
        double *row = s->sort + i * n, largest = -HUGE_VAL, sum = 0.0;
        for (size_t k = 0; k < n; k++) {
            row[k] = (slope * s->items[k].score - s->room[k]) / temperature;
            largest = fmax(largest, row[k]);
        }
        for (size_t k = 0; k < n; k++) {
            row[k] = exp(row[k] - largest);
            sum += row[k];
        }
        for (size_t k = 0; k < n; k++) {
            row[k] /= sum;
        }
    }
}

/* dsort, by the softmax's values, to slopes by the scores in room[0 .. n); room[n .. 2 n) are those
 * by the sums of distances. */
static void reverse_sort(soft_sort *s, double temperature)
{
    const size_t n = s->n;
    double *dscore = s->room, *ddistance = s->room + n;
    memset(s->room, 0, 2 * n * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        const double slope = (double)n - 1.0 - 2.0 * (double)i;
        const double *row = s->sort + i * n, *drow = s->dsort + i * n;
        double mean = 0.0;
        for (size_t k = 0; k < n; k++) {
            mean += row[k] * drow[k];
        }
        for (size_t k = 0; k < n; k++) {
            const double dlogit = row[k] * (drow[k] - mean) / temperature;
            dscore[k] += slope * dlogit;
            ddistance[k] -= dlogit;
        }
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j < n; j++) {
            dscore[k] +=
                loss_sign(s->items[k].score - s->items[j].score) * (ddistance[k] + ddistance[j]);
        }
    }
}

/* ---- gain of a group ------------------------------------------------------------------------- */

static double group_gain(soft_sort *s, double temperature)
{
    const size_t n = s->n;
    running_sum sum = {0};
    sort_softly(s, temperature);
    sinkhorn_scale(&s->scaling, s->sort);
    const double *row = s->scaling.rows + s->scaling.n_steps * n;
    const double *column = s->scaling.columns + s->scaling.n_steps * n;
    for (size_t i = 0; i < s->n_places; i++) {
        for (size_t k = 0; k < n; k++) {
            const double share = row[i] * s->sort[i * n + k] * column[k];
            running_add(&sum, share * s->gains[k] * discount(i));
        }
    }
    return running_value(&sum) / s->ideal;
}

/* gradient += -weight x the slopes of group_gain, which was called before. */
static void group_reverse(soft_sort *s, double temperature, double weight, double *gradient)
{
    const size_t n = s->n;
    for (size_t i = 0; i < n; i++) {
        const double factor = i < s->n_places ? discount(i) / s->ideal : 0.0;
        for (size_t k = 0; k < n; k++) {
            s->dplaces[i * n + k] = factor * s->gains[k];
        }
    }
    sinkhorn_reverse(&s->scaling, s->sort, s->dplaces, s->dsort, s->room);
    reverse_sort(s, temperature);
    for (size_t k = 0; k < n; k++) {
        gradient[s->items[k].row] -= weight * s->room[k];
    }
}

static double mean_weight(const soft_sort *s)
{
    running_sum sum = {0};
    for (size_t k = 0; k < s->n; k++) {
        running_add(&sum, s->items[k].weight);
    }
    return running_value(&sum) / (double)s->n;
}

static fel_status all_groups(soft_sort *s, const double *params, const fel_loss_batch *batch,
                             double *value, double *gradient)
{
    running_sum gain = {0}, weights = {0};
    for (size_t g = 0; g < loss_n_groups(batch); g++) {
        s->n = ranked_by_target(batch, g, s->items);
        weigh_items(s, params);
        if (s->ideal > 0.0) {
            const double weight = mean_weight(s);
            running_add(&gain, weight * group_gain(s, params[TEMPERATURE]));
            running_add(&weights, weight);
            if (gradient != NULL) {
                group_reverse(s, params[TEMPERATURE], weight, gradient);
            }
        }
    }
    const double weight = running_value(&weights);
    if (!(weight > 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "neural_ndcg: all targets are 0; there is nothing to rank");
    }
    *value = -running_value(&gain) / weight;
    loss_scale_gradient(batch, 1.0 / weight, gradient);
    return FEL_OK;
}

static LOSS_WHOLE(neural_ndcg)
{
    soft_sort s = {0};
    double *memory = NULL;
    fel_status status = check_targets(batch);
    if (status == FEL_OK) {
        status = soft_sort_create(&s, params, batch, &memory);
    }
    if (status == FEL_OK) {
        status = all_groups(&s, params, batch, value, gradient);
    }
    free(s.items);
    free(memory);
    return status;
}

/* No bound: before the scaling has settled a column may add up to more than 1. */
const fel_loss_class loss_neural_ndcg = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_RANKING,
    .shape = FEL_LOSS_SCORE,
    .flags = FEL_LOSS_HAS_GRADIENT | FEL_LOSS_GROUPED,
    .name = "neural_ndcg",
    .summary = "minus the discounted gain of a cross-section, softly sorted",
    .formula = "-mean over groups of (1 / IDCG) sum_i (P gain)_i / log2(1 + i)",
    .params = ndcg_params,
    .n_params = N_PARAMS,
    .whole = neural_ndcg,
    .bound = loss_no_bound,
};
