/* losses/loss_ldr.c - label-distributionally robust losses (Zhu, Ying, Yang 2023, arXiv
 * 2112.14869).
 *
 * With margins d_k = o_k - o_c + margin [k != c] against the row's class c,
 *   LDR-KL  = max over p of sum_k p_k d_k - lambda KL(p, 1/K) = lambda log((1/K) sum_k exp(d_k /
 * lambda)), cross-entropy - log K for lambda 1 and margin 0, Crammer and Singer's margin loss as
 * lambda falls to 0.
 *   ALDR-KL = the same with lambda chosen for each sample, at the price alpha log K / (2 lambda_0)
 * (lambda - lambda_0)^2: at the stationary point lambda = lambda_0 (1 - KL(p, 1/K) / (alpha log
 * K)). The authors keep each sample's lambda from epoch to epoch and move it once a visit; here
 * both conditions are solved at every evaluation, so that the loss is a function of its batch
 * alone. The gradient by lambda is 0 there: that by o is p less the class, as for LDR-KL. */
#include "losses/loss_internal.h"

/* ---- softmax of the margins ------------------------------------------------------------------ */

typedef struct row_margins {
    const double *logits;
    size_t n, class;
    double margin;
} row_margins;

static double margin_at(const row_margins *row, size_t k)
{
    return k == row->class ? 0.0 : row->logits[k] - row->logits[row->class] + row->margin;
}

/* p = softmax(d / lambda); lambda log((1/K) sum exp(d / lambda)), and KL(p, 1/K) in *divergence. */
static double robust_margin(const row_margins *row, double lambda, double *p, double *divergence)
{
    double largest = 0.0, sum = 0.0, mean = 0.0;
    for (size_t k = 0; k < row->n; k++) {
        largest = fmax(largest, margin_at(row, k));
    }
    for (size_t k = 0; k < row->n; k++) {
        p[k] = exp((margin_at(row, k) - largest) / lambda);
        sum += p[k];
    }
    for (size_t k = 0; k < row->n; k++) {
        p[k] /= sum;
        mean += p[k] * (margin_at(row, k) - largest);
    }
    const double log_mean = log(sum / (double)row->n);
    *divergence = fmax(mean / lambda - log_mean, 0.0);
    return largest + lambda * log_mean;
}

/* ---- LDR-KL ---------------------------------------------------------------------------------- */

enum { LAMBDA, MARGIN, ALPHA, N_PARAMS };

static const fel_param_spec ldr_params[N_PARAMS] = {
    {"lambda", FEL_PARAM_REAL, 1.0, 1e-6, 1e9, NULL,
     "how far from the worst class to the mean of all"},
    {"margin", FEL_PARAM_REAL, 0.1, 0.0, 1e9, NULL, "by how much the class should lead, in logits"},
    {"alpha", FEL_PARAM_REAL, 2.0, 1.1, 1e12, NULL,
     "how firmly lambda is held; without end it is LDR-KL"},
};

static double ldr_row(const double *params, const double *logits, size_t n, size_t class,
                      double *slopes)
{
    const row_margins row = {logits, n, class, params[MARGIN]};
    double divergence = 0.0;
    const double value = robust_margin(&row, params[LAMBDA], slopes, &divergence);
    slopes[class] -= 1.0;
    return value;
}

static LOSS_WHOLE(ldr_kl)
{
    return loss_mean_rows(ldr_row, params, batch, value, gradient);
}

/* The class leads by any length: only its own term of the mean is left. */
static double least_ldr(const double *params, const fel_loss_batch *batch)
{
    return -params[LAMBDA] * log((double)batch->n_outputs);
}

const fel_loss_class loss_ldr_kl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_CLASSIFICATION,
    .shape = FEL_LOSS_CLASS,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "ldr_kl",
    .summary = "between cross-entropy and a margin loss, robust to wrong labels",
    .formula = "mean l log((1/K) sum_k exp((o_k - o_c + margin [k != c]) / l))",
    .params = ldr_params,
    .n_params = ALPHA,
    .whole = ldr_kl,
    .bound = least_ldr,
};

/* ---- ALDR-KL --------------------------------------------------------------------------------- */

/* lambda -> lambda_0 (1 - KL / (alpha log K)) rises with lambda, so from lambda_0 it falls, step by
 * step, to the largest fixed point, which is above lambda_0 (1 - 1 / alpha) > 0. */
static double aldr_row(const double *params, const double *logits, size_t n, size_t class,
                       double *slopes)
{
    enum { MOST_STEPS = 2000 };
    const row_margins row = {logits, n, class, params[MARGIN]};
    const double start = params[LAMBDA], price = params[ALPHA] * log((double)n);
    double lambda = start, divergence = 0.0;
    double value = robust_margin(&row, lambda, slopes, &divergence);
    for (int step = 0; step < MOST_STEPS; step++) {
        const double next = start * (1.0 - divergence / price);
        const double moved = fabs(next - lambda);
        lambda = next;
        value = robust_margin(&row, lambda, slopes, &divergence);
        if (moved <= 1e-15 * start) {
            break;
        }
    }
    slopes[class] -= 1.0;
    return value - 0.5 * price / start * (lambda - start) * (lambda - start);
}

static LOSS_WHOLE(aldr_kl)
{
    return loss_mean_rows(aldr_row, params, batch, value, gradient);
}

/* No lambda is above lambda_0, and the stationary value is the largest over lambda near it. */
const fel_loss_class loss_aldr_kl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_CLASSIFICATION,
    .shape = FEL_LOSS_CLASS,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "aldr_kl",
    .summary = "LDR-KL with a lambda of its own for each sample",
    .formula = "mean max_l l log((1/K) sum_k exp((o_k - o_c + margin [k != c]) / l)) - alpha log K "
               "(l - lambda)^2 / (2 lambda)",
    .params = ldr_params,
    .n_params = N_PARAMS,
    .whole = aldr_kl,
    .bound = least_ldr,
};
