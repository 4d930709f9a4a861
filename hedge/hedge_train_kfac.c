/* hedge/hedge_train_kfac.c - what kfac asks of a step's paths: loss and gradient, statistics of
 * layers, the loss again, and the curvature along directions.
 *
 * The curvature's matrix is C = (1/n) sum_i c_i J_i' J_i, with J_i the derivative of path i's P&L
 * by the parameters and c_i the curvature of its term (for the empirical Fisher matrix its squared
 * slope; 1 for a measure without curvature), each scaled as the loss is. J_i d comes from a
 * difference to the P&L that the gradient's pass left,
 *
 *   J_i d = (P&L_i(p + h d) - P&L_i(p)) / h + O(h |d|^2) + O(u / h),
 *
 * u the rounding of a float P&L. |h d| = |p| / 1024, a power of two times d: on a hedger of 30
 * dates the relative error of d' C d is some 1e-3 (a test measures it against double), far less
 * than what a quarter of the paths leaves open, and a pass less than by differences to both sides.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_train_internal.h"

static const double displacement = 1.0 / 1024.0; /* of the parameters' norm */

enum { MOST_DIRECTIONS = 2, LEAST_SHARE = 128 };

/* ---- memory ---------------------------------------------------------------------------------- */

/* The value of a row of kfac's table. */
static fel_status kfac_row(const fel_hedge_trainer *t, const char *name, double *value)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(t->config.optimizer.code);
    size_t row = 0;
    FEL_TRY(fel_param_find(info->params, info->n_params, name, &row));
    *value = t->config.optimizer.params[row];
    return FEL_OK;
}

fel_status hedge_kfac_host_make(fel_hedge_trainer *t)
{
    hedge_kfac_host *h = &t->host;
    const size_t n = t->order.largest;
    double kind = 0.0;
    FEL_TRY(kfac_row(t, "curvature", &kind));
    FEL_TRY(kfac_row(t, "curvature_share", &h->share));
    h->kind = kind > 0.0 ? HEDGE_FISHER : HEDGE_GGN;
    h->pnl = calloc(n, sizeof(*h->pnl));
    h->lines = calloc(n, (MOST_DIRECTIONS) * sizeof(*h->lines));
    h->weights = calloc(n, 2 * sizeof(*h->weights));
    h->base = calloc(t->n_params, sizeof(*h->base));
    h->moved = calloc(t->n_params, sizeof(*h->moved));
    return h->pnl != NULL && h->lines != NULL && h->weights != NULL && h->base != NULL &&
                   h->moved != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "no memory for the curvature of %zu paths", n);
}

void hedge_kfac_host_clear(hedge_kfac_host *host)
{
    for (size_t i = 0; i < host->n_parts; i++) {
        fel_kfac_stats_destroy(host->parts[i]);
    }
    free(host->pnl);
    free(host->lines);
    free(host->weights);
    free(host->base);
    free(host->moved);
    *host = (hedge_kfac_host){.n_parts = 0};
}

static fel_status make_parts(fel_hedge_trainer *t, size_t n_parts)
{
    hedge_kfac_host *h = &t->host;
    if (n_parts > BATCH_MAX_PARTS) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "%zu parts of statistics", n_parts);
    }
    while (h->n_parts < n_parts) {
        FEL_TRY(fel_kfac_stats_create_f32(&h->parts[h->n_parts], t->kfac));
        h->n_parts++;
    }
    return FEL_OK;
}

/* ---- loss, gradient, statistics -------------------------------------------------------------- */

static hedge_batch_args args_at(const fel_hedge_trainer *t, const void *params)
{
    return (hedge_batch_args){
        .objective = &t->config.objective, .params = params, .threshold = t->sums[SUM_THRESHOLD]};
}

static void count_paths(fel_hedge_trainer *t, size_t n)
{
    t->counts[COUNT_PATH_STEPS] += n * t->policy->problem->config.n_dates;
}

static fel_status give_gradient(void *payload, const void *params, double *loss, void *gradient)
{
    fel_hedge_trainer *t = payload;
    hedge_kfac_host *h = &t->host;
    hedge_batch_args args = args_at(t, params);
    fel_hedge_loss found = {.best_threshold = (double)NAN};
    args.wants_threshold = (t->config.objective.risk.code->flags & FEL_RISK_HAS_THRESHOLD) != 0;
    FEL_TRY(hedge_batch_loss(t->batch, &args, &found, gradient, h->pnl));
    count_paths(t, t->n);
    found.value += hedge_train_penalize(t->policy, params, gradient);
    if (!found.is_finite || !isfinite(found.value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the loss is not finite");
    }
    memcpy(h->base, params, t->n_params * sizeof(float));
    memcpy(t->good, params, t->n_params * sizeof(float));
    h->best_threshold = found.best_threshold;
    *loss = found.value;
    return FEL_OK;
}

static fel_status give_loss(void *payload, const void *params, double *loss)
{
    fel_hedge_trainer *t = payload;
    const hedge_batch_args args = args_at(t, params);
    fel_hedge_loss found = {.is_finite = 0};
    const fel_status status = hedge_batch_loss(t->batch, &args, &found, NULL, NULL);
    count_paths(t, t->n);
    if (status != FEL_OK && status != FEL_ERR_RANGE) {
        return status;
    }
    found.value += hedge_train_penalize(t->policy, params, NULL);
    *loss = status == FEL_OK && found.is_finite ? found.value : (double)NAN;
    return FEL_OK;
}

/* Paths that statistics and curvature are taken of: the first ones, enough for a covariance. */
static size_t share_of(const fel_hedge_trainer *t)
{
    const double n = fmax(ceil(t->host.share * (double)t->n), LEAST_SHARE);
    return n < (double)t->n ? (size_t)n : t->n;
}

static fel_status give_statistics(void *payload, const void *params, fel_kfac_stats *const **parts,
                                  size_t *n_parts)
{
    fel_hedge_trainer *t = payload;
    const hedge_batch_args args = args_at(t, params);
    const size_t n = share_of(t);
    *n_parts = hedge_batch_parts(t->batch, n);
    FEL_TRY(make_parts(t, *n_parts));
    *parts = t->host.parts;
    for (size_t i = 0; i < *n_parts; i++) {
        fel_kfac_stats_reset(t->host.parts[i]);
    }
    count_paths(t, n);
    return hedge_batch_statistics(t->batch, &args, t->host.kind, n, *parts, *n_parts);
}

/* ---- curvature along directions -------------------------------------------------------------- */

/* c_i of n paths. */
static fel_status weigh(fel_hedge_trainer *t, size_t n)
{
    const fel_risk *risk = &t->config.objective.risk;
    const double w = t->sums[SUM_THRESHOLD];
    double *weights = t->host.weights, *slopes = weights + t->order.largest;
    const int has_curvature = (risk->code->flags & FEL_RISK_HAS_CURVATURE) != 0;
    fel_risk_sums sums;
    double value = 0.0, scale = 0.0;
    fel_risk_terms(risk, t->host.pnl, n, w, &sums, slopes, weights);
    FEL_TRY(fel_risk_finish(risk, &sums, w, &value, &scale));
    for (size_t i = 0; i < n; i++) {
        const double slope = slopes[i] * scale;
        weights[i] = t->host.kind == HEDGE_FISHER ? slope * slope
                     : has_curvature              ? fmax(weights[i] * scale, 0.0)
                                                  : 1.0;
    }
    return FEL_OK;
}

static double norm_of(const float *values, size_t n)
{
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (double)values[i] * (double)values[i];
    }
    return sqrt(squares);
}

/* h of the difference, a power of two; 0: the direction is nothing. */
static double stretch_of(const fel_hedge_trainer *t, const float *direction)
{
    const double length = norm_of(direction, t->n_params);
    const double wanted = displacement * fmax(norm_of(t->host.base, t->n_params), 1.0);
    return length > 0.0 && isfinite(length) ? exp2(round(log2(wanted / length))) : 0.0;
}

static fel_status pnl_beside(fel_hedge_trainer *t, const float *direction, double h, double *pnl)
{
    const hedge_batch_args args = args_at(t, t->host.moved);
    const float by = (float)h;
    size_t n = 0;
    for (size_t i = 0; i < t->n_params; i++) {
        t->host.moved[i] = t->host.base[i] + by * direction[i];
    }
    FEL_TRY(hedge_batch_pnl(t->batch, &args, share_of(t), pnl, &n));
    count_paths(t, n);
    t->host.n_done = n;
    return FEL_OK;
}

/* line[i] = J_i d, by what P&L becomes beside the parameters whose gradient was taken. */
static fel_status derive(fel_hedge_trainer *t, const float *direction, double *line)
{
    const double h = stretch_of(t, direction);
    if (!(h > 0.0)) {
        memset(line, 0, t->order.largest * sizeof(*line));
        t->host.n_done = share_of(t);
        return FEL_OK;
    }
    FEL_TRY(pnl_beside(t, direction, h, line));
    for (size_t i = 0; i < t->host.n_done; i++) {
        line[i] = (line[i] - t->host.pnl[i]) / h;
    }
    return FEL_OK;
}

static double weighted_product(const double *weights, const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i] * a[i] * b[i];
    }
    return sum / (double)n;
}

static fel_status give_curvature(void *payload, const void *params, const void *const *directions,
                                 size_t n, double *matrix)
{
    fel_hedge_trainer *t = payload;
    hedge_kfac_host *h = &t->host;
    if (memcmp(params, h->base, t->n_params * sizeof(float)) != 0) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "curvature is asked for away from the gradient");
    }
    for (size_t k = 0; k < n; k++) {
        FEL_TRY(derive(t, directions[k], h->lines + k * t->order.largest));
    }
    FEL_TRY(weigh(t, h->n_done));
    for (size_t i = 0; i < n * n; i++) {
        matrix[i] = weighted_product(h->weights, h->lines + i / n * t->order.largest,
                                     h->lines + i % n * t->order.largest, h->n_done);
    }
    return FEL_OK;
}

/* ---- a step ---------------------------------------------------------------------------------- */

fel_status hedge_train_step_kfac(fel_hedge_trainer *t, double rate_factor, fel_kfac_report *report)
{
    const fel_kfac_host host = {.payload = t,
                                .gradient = give_gradient,
                                .statistics = give_statistics,
                                .loss = give_loss,
                                .curvature = give_curvature};
    t->host.best_threshold = (double)NAN;
    return fel_kfac_step_f32(t->kfac, &host, rate_factor, t->params, report);
}
