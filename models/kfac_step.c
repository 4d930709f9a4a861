/* models/kfac_step.c - one step: gradient, on their schedules statistics and inverses, direction,
 * quadratic model, move; on a schedule the loss again on the same samples, by which a step is
 * refused and damping adapted (Levenberg and Marquardt; Martens and Grosse 2015, section 6.5). */
#include <math.h>
#include <string.h>

#include "core/sum.h"
#include "models/kfac_step_internal.h"

enum {
    BURN_IN_TESTS = 10,  /* first steps, all of them tested */
    BURN_IN_UPDATES = 3, /* first factors, inverted at once */
    REFUSAL = 4          /* tests' worth of damping that a refused step adds */
};

/* Of the damping, a step between two tests. */
static const double adaptation = 0.95;
/* Reduction ratios below which damping is raised, above which it is lowered. */
static const double poor = 0.25, good = 0.75;
/* The same of the factored curvature along the direction over the measured one. Where factors fall
 * this short, the step's size alone is right, its direction is not, and the ratio does not tell. */
static const double short_factors = 0.02, fair_factors = 0.05;
/* Steps so many times as long as the last one are tested though no test is due. */
static const double sudden = 4.0;

/* ---- the gradient ---------------------------------------------------------------------------- */

static double norm_of(const double *values, size_t n)
{
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, values[i] * values[i]);
    }
    return sqrt(running_value(&sum));
}

static void keep_squares(fel_kfac *k)
{
    const double nth = k->numbers[KFAC_STEPS] + 1.0;
    const double kept = fmin(1.0 - 1.0 / nth, kfac_param(k, KFAC_EMA));
    for (size_t i = 0; i < k->n_params; i++) {
        k->squares[i] = kept * k->squares[i] + (1.0 - kept) * k->gradient[i] * k->gradient[i];
    }
}

static fel_status find_gradient(kfac_stepper *s)
{
    fel_kfac *k = s->kfac;
    FEL_TRY(s->host->gradient(s->host->payload, s->params, &s->loss, k->given));
    for (size_t i = 0; i < k->n_params; i++) {
        k->gradient[i] = kfac_number(s, k->given, i);
    }
    const double norm = norm_of(k->gradient, k->n_params);
    s->report->loss = s->loss;
    s->report->gradient_norm = norm;
    if (!isfinite(norm) || !isfinite(s->loss)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the %s of step %.0f is %g",
                         isfinite(norm) ? "loss" : "norm of the gradient",
                         k->numbers[KFAC_STEPS] + 1.0, isfinite(norm) ? s->loss : norm);
    }
    keep_squares(k);
    for (size_t i = 0; i < k->n_spans; i++) {
        const kfac_span *span = &k->spans[i];
        for (size_t j = span->offset; span->decay > 0.0 && j < span->offset + span->n; j++) {
            k->gradient[j] += span->decay * kfac_number(s, s->params, j);
        }
    }
    return FEL_OK;
}

/* ---- curvature ------------------------------------------------------------------------------- */

static int is_due(const fel_kfac *k, int every)
{
    return !(fmod(k->numbers[KFAC_STEPS], kfac_param(k, every)) > 0.0);
}

/* After a refusal damping has changed: it is part of all inverses but those by eigenvalues. */
static int inverses_are_due(const fel_kfac *k, int has_statistics)
{
    const int holds_damping = kfac_has_lag(k) || kfac_choice(k, KFAC_DAMPING_KIND) == KFAC_TIKHONOV;
    return !(k->numbers[KFAC_INVERSIONS] > 0.0) || is_due(k, KFAC_INVERSES_EVERY) ||
           (has_statistics && k->numbers[KFAC_UPDATES] <= BURN_IN_UPDATES) ||
           (holds_damping && k->numbers[KFAC_TEST_IS_DUE] > 0.0);
}

static fel_status refresh(kfac_stepper *s)
{
    fel_kfac *k = s->kfac;
    fel_kfac_report *r = s->report;
    r->has_statistics = !(k->numbers[KFAC_UPDATES] > 0.0) || is_due(k, KFAC_FACTORS_EVERY);
    if (r->has_statistics) {
        fel_kfac_stats *const *parts = NULL;
        size_t n_parts = 0;
        FEL_TRY(s->host->statistics(s->host->payload, s->params, &parts, &n_parts));
        FEL_TRY(fel_kfac_update(k, parts, n_parts));
    }
    r->has_inverses = inverses_are_due(k, r->has_statistics);
    if (r->has_inverses) {
        FEL_TRY(fel_kfac_invert(k));
        r->n_retries = k->n_retries;
    }
    return FEL_OK;
}

/* ---- the test of a step ---------------------------------------------------------------------- */

static int test_is_due(const fel_kfac *k)
{
    const int is_wanted = kfac_choice(k, KFAC_ADAPT) || kfac_choice(k, KFAC_REJECTION);
    return is_wanted && (k->numbers[KFAC_STEPS] < BURN_IN_TESTS || is_due(k, KFAC_ADAPT_EVERY) ||
                         k->numbers[KFAC_TEST_IS_DUE] > 0.0);
}

static int is_sudden(const fel_kfac *k, const kfac_model *model)
{
    const double last = norm_of(k->last_step, k->n_params), now = norm_of(k->step, k->n_params);
    return kfac_choice(k, KFAC_REJECTION) && model->is_measured && last > 0.0 &&
           now > sudden * last;
}

/* What weight decay's part of the model grows by; `before` are the parameters before. */
static double decay_growth(const kfac_stepper *s)
{
    const fel_kfac *k = s->kfac;
    running_sum sum = {0};
    for (size_t i = 0; i < k->n_spans; i++) {
        const kfac_span *span = &k->spans[i];
        for (size_t j = span->offset; span->decay > 0.0 && j < span->offset + span->n; j++) {
            const double old = kfac_number(s, k->before, j), now = kfac_number(s, s->params, j);
            running_add(&sum, 0.5 * span->decay * (now - old) * (now + old));
        }
    }
    return running_value(&sum);
}

static void scale_damping(fel_kfac *k, double factor)
{
    const double unit = k->numbers[KFAC_UNIT] > 0.0 ? k->numbers[KFAC_UNIT] : 1.0;
    const double least = unit * kfac_param(k, KFAC_MIN_DAMPING);
    const double most = unit * kfac_param(k, KFAC_MAX_DAMPING);
    k->numbers[KFAC_NOW] = fmin(fmax(kfac_damping(k) * factor, least), most);
}

static void adapt(const kfac_stepper *s, const kfac_model *model)
{
    fel_kfac *k = s->kfac;
    const double factor = pow(adaptation, kfac_param(k, KFAC_ADAPT_EVERY));
    const double ratio = s->report->reduction_ratio;
    if (ratio < poor || model->agreement < short_factors) {
        scale_damping(k, 1.0 / factor);
    } else if (ratio > good && model->agreement > fair_factors) {
        scale_damping(k, factor);
    }
}

static void refuse(const kfac_stepper *s, size_t n_bytes)
{
    fel_kfac *k = s->kfac;
    memcpy(s->params, k->before, n_bytes);
    memset(k->last_step, 0, k->n_params * sizeof(double));
    scale_damping(k, pow(adaptation, -REFUSAL * kfac_param(k, KFAC_ADAPT_EVERY)));
    s->report->is_rejected = 1;
}

/* Growth of this much of the loss is rounding. */
static double slack(const kfac_stepper *s)
{
    return (s->is_double ? 1e-12 : 1e-6) * fabs(s->loss);
}

static fel_status test(const kfac_stepper *s, const kfac_model *model, size_t n_bytes)
{
    const fel_kfac *k = s->kfac;
    double loss = (double)NAN;
    FEL_TRY(s->host->loss(s->host->payload, s->params, &loss));
    const double growth = loss - s->loss + decay_growth(s);
    if (model->predicted < -slack(s)) {
        s->report->reduction_ratio = growth / model->predicted;
    }
    if (kfac_choice(k, KFAC_REJECTION) && !(growth <= slack(s))) {
        refuse(s, n_bytes);
    } else if (kfac_choice(k, KFAC_ADAPT)) {
        adapt(s, model);
    }
    return FEL_OK;
}

/* ---- the move -------------------------------------------------------------------------------- */

static fel_status move(const kfac_stepper *s)
{
    fel_kfac *k = s->kfac;
    const size_t n_bytes = k->n_params * (s->is_double ? sizeof(double) : sizeof(float));
    const int is_due_now = test_is_due(k);
    kfac_model model;
    FEL_TRY(kfac_model_step(s, is_due_now, &model));
    const int is_tested = is_due_now || is_sudden(k, &model);
    memcpy(k->before, s->params, n_bytes);
    for (size_t i = 0; i < k->n_params; i++) {
        kfac_set_number(s, s->params, i, kfac_number(s, s->params, i) + k->step[i]);
    }
    memcpy(k->last_step, k->step, k->n_params * sizeof(double));
    if (is_tested) {
        const fel_status status = test(s, &model, n_bytes);
        if (status != FEL_OK) {
            memcpy(s->params, k->before, n_bytes);
            return status;
        }
    }
    k->numbers[KFAC_TEST_IS_DUE] = s->report->is_rejected ? 1.0 : 0.0;
    return FEL_OK;
}

static fel_status step(kfac_stepper *s)
{
    fel_kfac *k = s->kfac;
    FEL_TRY(find_gradient(s));
    FEL_TRY(refresh(s));
    s->report->damping = kfac_damping(k);
    kfac_apply(k, k->gradient, k->direction);
    FEL_TRY(move(s));
    k->numbers[KFAC_STEPS] += 1.0;
    return FEL_OK;
}

static fel_status begin(kfac_stepper *s, double rate_factor)
{
    *s->report = (fel_kfac_report){.reduction_ratio = (double)NAN, .loss = (double)NAN};
    if (!(rate_factor >= 0.0) || !isfinite(rate_factor)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the schedule's factor is %g; 0 or more", rate_factor);
    }
    s->rate = kfac_param(s->kfac, KFAC_LEARNING_RATE) * rate_factor;
    return step(s);
}

fel_status fel_kfac_step_f32(fel_kfac *kfac, const fel_kfac_host *host, double rate_factor,
                             float *params, fel_kfac_report *report)
{
    fel_kfac_report unread;
    kfac_stepper s = {
        .kfac = kfac, .host = host, .is_double = 0, .report = report != NULL ? report : &unread};
    s.params = params;
    return begin(&s, rate_factor);
}

fel_status fel_kfac_step_f64(fel_kfac *kfac, const fel_kfac_host *host, double rate_factor,
                             double *params, fel_kfac_report *report)
{
    fel_kfac_report unread;
    kfac_stepper s = {
        .kfac = kfac, .host = host, .is_double = 1, .report = report != NULL ? report : &unread};
    s.params = params;
    return begin(&s, rate_factor);
}
