/* losses/loss_pairwise.c - pairs of samples of a group in the wrong order: the logistic loss of
 * every pair (Burges et al. 2005; with two classes the surrogate of Mann and Whitney's statistic,
 * and over log 2 a bound of 1 - AUC), and the share of wrong pairs itself, 1 - AUC.
 *
 * L = sum over pairs y_i > y_j of w_i w_j log(1 + exp(-k (o_i - o_j))) / sum of w_i w_j
 * over all groups together. The logarithm does not split into a function of i and one of j, so the
 * sum takes a step for each pair; the share of wrong pairs is counted after a sort. */
#include <stdlib.h>

#include "core/sum.h"
#include "losses/loss_ranking_internal.h"

enum { PAIRS, THRESHOLD, SCALE, N_PARAMS };

static const fel_param_spec pair_params[N_PARAMS] = {
    {"pairs", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "classes|ranks",
     "compare targets above the threshold with the others, or any two that differ"},
    {"threshold", FEL_PARAM_REAL, 0.0, -1e12, 1e12, NULL,
     "classes: targets above it are positive, in units of the target"},
    {"scale", FEL_PARAM_REAL, 1.0, 1e-12, 1e12, NULL, "k: difference of outputs that counts"},
};

/* With classes a target is 0 or 1 from here on; the order stays sorted. */
static void set_levels(const double *params, ranked *items, size_t n)
{
    for (size_t i = 0; params[PAIRS] < 0.5 && i < n; i++) {
        items[i].target = items[i].target > params[THRESHOLD] ? 1.0 : 0.0;
    }
}

static fel_status raise_no_pairs(const char *name, const double *params)
{
    return params[PAIRS] < 0.5
               ? FEL_RAISE(FEL_ERR_RANGE,
                           "%s: no group has targets both above %g and not; there are no pairs",
                           name, params[THRESHOLD])
               : FEL_RAISE(FEL_ERR_RANGE,
                           "%s: targets are the same throughout each group; there "
                           "are no pairs",
                           name);
}

static fel_status raise_no_memory(const char *name, const fel_loss_batch *batch)
{
    return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu samples", name, batch->n);
}

/* ---- logistic -------------------------------------------------------------------------------- */

typedef struct pair_sums {
    running_sum loss, weight;
} pair_sums;

/* Item i against all items of lower targets, items[0 .. n_lower). Plain sums over one item's pairs;
 * compensated over items. */
static void compare_with_lower(const ranked *items, size_t i, size_t n_lower, double scale,
                               pair_sums *sums, double *gradient)
{
    double loss = 0.0, weight = 0.0, pull = 0.0;
    for (size_t j = 0; j < n_lower; j++) {
        double slope = 0.0;
        loss += items[j].weight * loss_softplus(scale * (items[j].score - items[i].score), &slope);
        weight += items[j].weight;
        pull += items[j].weight * slope;
        if (gradient != NULL) {
            gradient[items[j].row] += items[i].weight * items[j].weight * scale * slope;
        }
    }
    running_add(&sums->loss, items[i].weight * loss);
    running_add(&sums->weight, items[i].weight * weight);
    if (gradient != NULL) {
        gradient[items[i].row] -= items[i].weight * scale * pull;
    }
}

static void compare_group(const double *params, const ranked *items, size_t n, pair_sums *sums,
                          double *gradient)
{
    size_t n_lower = 0;
    for (size_t i = 0; i < n; i++) {
        while (items[n_lower].target < items[i].target) {
            n_lower++;
        }
        compare_with_lower(items, i, n_lower, params[SCALE], sums, gradient);
    }
}

static LOSS_WHOLE(pairwise_logistic)
{
    ranked *items = ranked_create(batch);
    pair_sums sums = {{0.0, 0.0}, {0.0, 0.0}};
    if (items == NULL) {
        return raise_no_memory("pairwise_logistic", batch);
    }
    for (size_t g = 0; g < loss_n_groups(batch); g++) {
        const size_t n = ranked_by_target(batch, g, items);
        set_levels(params, items, n);
        compare_group(params, items, n, &sums, gradient);
    }
    free(items);
    const double weight = running_value(&sums.weight);
    if (!(weight > 0.0)) {
        return raise_no_pairs("pairwise_logistic", params);
    }
    *value = running_value(&sums.loss) / weight;
    loss_scale_gradient(batch, 1.0 / weight, gradient);
    return FEL_OK;
}

const fel_loss_class loss_pairwise_logistic = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_RANKING,
    .shape = FEL_LOSS_SCORE,
    .flags = FEL_LOSS_HAS_GRADIENT | FEL_LOSS_GROUPED,
    .name = "pairwise_logistic",
    .summary = "logistic loss of pairs in the wrong order; trains AUC",
    .formula = "mean over y_i > y_j of log(1 + exp(-k (o_i - o_j)))",
    .params = pair_params,
    .n_params = N_PARAMS,
    .whole = pairwise_logistic,
};

/* ---- 1 - AUC --------------------------------------------------------------------------------- */

/* Best scores first: a positive loses to each negative seen before it, and half to those of its
 * own score. Sums of weights; with weights 1 they are counts, and exact. */
static void count_wrong(const ranked *items, size_t n, pair_sums *sums)
{
    running_sum negatives = {0}, positives = {0};
    for (size_t i = 0, end = 0; i < n; i = end) {
        running_sum tied[2] = {{0.0, 0.0}, {0.0, 0.0}};
        for (end = i; end < n && items[end].score >= items[i].score; end++) {
            running_add(&tied[items[end].target > 0.5], items[end].weight);
        }
        const double own = running_value(&tied[1]), other = running_value(&tied[0]);
        running_add(&sums->loss, own * (running_value(&negatives) + 0.5 * other));
        running_add(&negatives, other);
        running_add(&positives, own);
    }
    running_add(&sums->weight, running_value(&positives) * running_value(&negatives));
}

static LOSS_WHOLE(auc_error)
{
    const double classes[N_PARAMS] = {0.0, params[0], 1.0};
    ranked *items = ranked_create(batch);
    pair_sums sums = {{0.0, 0.0}, {0.0, 0.0}};
    if (items == NULL) {
        return raise_no_memory("auc_error", batch);
    }
    for (size_t g = 0; g < loss_n_groups(batch); g++) {
        const size_t n = ranked_by_target(batch, g, items);
        set_levels(classes, items, n);
        ranked_by_score(items, n);
        count_wrong(items, n, &sums);
    }
    free(items);
    const double weight = running_value(&sums.weight);
    if (!(weight > 0.0)) {
        return raise_no_pairs("auc_error", classes);
    }
    *value = running_value(&sums.loss) / weight;
    loss_scale_gradient(batch, 0.0, gradient);
    return FEL_OK;
}

const fel_loss_class loss_auc_error = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_RANKING,
    .shape = FEL_LOSS_SCORE,
    .flags = FEL_LOSS_GROUPED,
    .name = "auc_error",
    .summary = "1 - area under the ROC curve; no gradient, so for selection only",
    .formula = "share of pairs y_i > threshold >= y_j with o_i < o_j, ties half",
    .params = pair_params + THRESHOLD,
    .n_params = 1,
    .whole = auc_error,
};
