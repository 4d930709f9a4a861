/* sim/option_estimate.c - price and standard error from the moments of blocks.
 *
 * With Y the payoff and C controls of known mean mu, the estimate is mean(Y) - b (mean(C) - mu)
 * with the b of least squares. Its error comes from what varies independently: single samples
 * (paths or pairs), group means (moment matching makes a group's paths depend on one another) or
 * replicate means (Sobol). */
#include <math.h>
#include <string.h>

#include "sim/option_internal.h"

/* Chan, Golub, LeVeque (1979). */
void option_moments_merge(option_moments *into, const option_moments *from)
{
    const double n = into->n + from->n;
    const double weight = into->n * from->n / n, share = from->n / n;
    double apart[OPTION_N_VALUES];
    for (size_t v = 0; v < OPTION_N_VALUES; v++) {
        apart[v] = from->mean[v] - into->mean[v];
        into->mean[v] += share * apart[v];
    }
    for (size_t v = 0; v < OPTION_N_VALUES; v++) {
        for (size_t w = v; w < OPTION_N_VALUES; w++) {
            into->cross[v][w] += from->cross[v][w] + weight * apart[v] * apart[w];
        }
    }
    const double n_paths = into->n_paths + from->n_paths;
    const double path_apart = from->path_mean - into->path_mean;
    into->path_mean += from->n_paths / n_paths * path_apart;
    into->path_square +=
        from->path_square + into->n_paths * from->n_paths / n_paths * path_apart * path_apart;
    into->n = n;
    into->n_paths = n_paths;
}

/* Normal equations of n controls, the right-hand sides in column n. */
typedef struct equations {
    double a[FEL_MAX_CONTROLS][FEL_MAX_CONTROLS + 1];
    double own[FEL_MAX_CONTROLS]; /* variances */
    int is_solved[FEL_MAX_CONTROLS];
    uint32_t n;
} equations;

static void set_up(equations *e, const option_moments *m, uint32_t n)
{
    memset(e, 0, sizeof(*e));
    e->n = n;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++) {
            e->a[i][j] = i <= j ? m->cross[i + 1][j + 1] : m->cross[j + 1][i + 1];
        }
        e->a[i][n] = m->cross[0][i + 1];
        e->own[i] = m->cross[i + 1][i + 1];
    }
}

/* The control of which the solved ones explain the smallest share; n if they explain all others. */
static uint32_t next_control(const equations *e)
{
    uint32_t best = e->n;
    double most = 1e-10;
    for (uint32_t i = 0; i < e->n; i++) {
        const double left = e->a[i][i] / e->own[i];
        if (!e->is_solved[i] && left > most) {
            best = i;
            most = left;
        }
    }
    return best;
}

static void eliminate(equations *e, uint32_t pivot)
{
    e->is_solved[pivot] = 1;
    for (uint32_t i = 0; i < e->n; i++) {
        const double factor = i == pivot ? 0.0 : e->a[i][pivot] / e->a[pivot][pivot];
        for (uint32_t j = 0; j <= e->n; j++) {
            e->a[i][j] -= factor * e->a[pivot][j];
        }
    }
}

/* Gauss-Jordan elimination. A control that the others already say, or that does not vary, gets no
 * weight. */
static void fit_weights(const option_moments *m, uint32_t n, double *weights)
{
    equations e;
    set_up(&e, m, n);
    for (uint32_t pivot = next_control(&e); pivot < n; pivot = next_control(&e)) {
        eliminate(&e, pivot);
    }
    for (uint32_t i = 0; i < n; i++) {
        weights[i] = e.is_solved[i] ? e.a[i][n] / e.a[i][i] : 0.0;
    }
}

/* mean(Y) - b (mean(C) - mu) of some paths. */
static double controlled_mean(const option_plan *plan, const option_moments *m,
                              const double *weights)
{
    double value = m->mean[0];
    for (uint32_t c = 0; c < plan->n_controls; c++) {
        value -= weights[c] * (m->mean[c + 1] - plan->controls[c].mean);
    }
    return value;
}

/* Variance of Y - b C over samples, with a degree of freedom for each weight. */
static double residual_variance(const option_plan *plan, const option_moments *m,
                                const double *weights)
{
    double sum = m->cross[0][0];
    for (uint32_t i = 0; i < plan->n_controls; i++) {
        sum -= 2.0 * weights[i] * m->cross[0][i + 1];
        for (uint32_t j = 0; j < plan->n_controls; j++) {
            const double cross = i <= j ? m->cross[i + 1][j + 1] : m->cross[j + 1][i + 1];
            sum += weights[i] * weights[j] * cross;
        }
    }
    return fmax(sum, 0.0) / (m->n - 1.0 - (double)plan->n_controls);
}

/* Spread of the controlled means of parts that are independent: each `n_blocks` blocks long. */
static double error_between(const option_plan *plan, const option_moments *moments, size_t n_parts,
                            size_t n_blocks, const double *weights)
{
    option_moments means = {0};
    for (size_t part = 0; part < n_parts; part++) {
        option_moments sum = {0};
        for (size_t b = 0; b < n_blocks; b++) {
            option_moments_merge(&sum, &moments[part * n_blocks + b]);
        }
        option_moments one = {.n = 1.0, .n_paths = 1.0};
        one.mean[0] = controlled_mean(plan, &sum, weights);
        option_moments_merge(&means, &one);
    }
    return sqrt(means.cross[0][0] / (means.n - 1.0) / means.n);
}

void option_estimate(const option_plan *plan, const option_moments *moments, fel_montecarlo *out)
{
    option_moments all = {0};
    for (size_t b = 0; b < plan->n_replicates * plan->n_blocks; b++) {
        option_moments_merge(&all, &moments[b]);
    }
    memset(out, 0, sizeof(*out));
    out->n_paths = plan->replicate_paths * plan->n_replicates;
    out->n_controls = plan->n_controls;
    fit_weights(&all, plan->n_controls, out->control_weight);
    out->price = controlled_mean(plan, &all, out->control_weight);
    if (plan->n_replicates > 1) {
        out->n_samples = plan->n_replicates;
        out->standard_error = error_between(plan, moments, plan->n_replicates,
                                            (size_t)plan->n_blocks, out->control_weight);
    } else if (plan->config.moment_matching) {
        out->n_samples = plan->n_blocks;
        out->standard_error =
            error_between(plan, moments, (size_t)plan->n_blocks, 1, out->control_weight);
    } else {
        out->n_samples = (uint64_t)all.n;
        out->standard_error = sqrt(residual_variance(plan, &all, out->control_weight) / all.n);
    }
    out->plain_error = sqrt(all.path_square / (all.n_paths - 1.0) / all.n_paths);
    const double ratio = out->plain_error / out->standard_error;
    out->variance_reduction = ratio * ratio;
}
