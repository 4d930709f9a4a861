/* hedge/policy_scale.c - what is subtracted from columns and what they are divided by, from pilot
 * paths that neither training nor tests take. Means and squares run on (Welford 1962). */
#include <float.h>
#include <math.h>

#include "hedge/pass_block_internal.h"
#include "hedge/policy_internal.h"

enum { PILOT_BLOCK = 256 };

typedef struct running_moments {
    double n, mean, squares;
} running_moments;

static void moments_add(running_moments *m, double x)
{
    m->n += 1.0;
    const double away = x - m->mean;
    m->mean += away / m->n;
    m->squares += away * (x - m->mean);
}

typedef struct pilot {
    running_moments column[FEL_HEDGE_MAX_FEATURES + FEL_HEDGE_MAX_INSTRUMENTS];
    running_moments payoff;
} pilot;

static void pilot_add(pilot *p, const hedge_sample *sample)
{
    const fel_policy *policy = sample->policy;
    const size_t n_columns = policy->n_columns, n_fixed = n_columns - policy->n_live;
    for (size_t k = 0; k < policy->problem->config.n_dates; k++) {
        const double *inputs = sample_inputs(sample, k);
        for (size_t i = 0; i < sample->block.n; i++) {
            for (size_t c = 0; c < n_fixed; c++) {
                moments_add(&p->column[c], inputs[i * n_columns + c]);
            }
        }
    }
    for (size_t i = 0; i < sample->block.n; i++) {
        moments_add(&p->payoff, sample->block.payoff[i]);
    }
}

static fel_status pilot_run(pilot *p, const fel_policy *policy)
{
    const uint64_t first = hedge_pilot_first(policy->problem);
    const size_t n = hedge_pilot_count(policy->problem);
    hedge_sample *sample = NULL;
    FEL_TRY(hedge_sample_create(&sample, policy, 1, PILOT_BLOCK));
    fel_status status = FEL_OK;
    for (size_t i = 0; i < n && status == FEL_OK; i += PILOT_BLOCK) {
        status = hedge_sample_fill(sample, first + i, n - i < PILOT_BLOCK ? n - i : PILOT_BLOCK);
        if (status == FEL_OK) {
            pilot_add(p, sample);
        }
    }
    hedge_sample_destroy(sample);
    return status;
}

/* 1 where it does not vary beyond rounding. */
static double deviation(const running_moments *m)
{
    const double sd = m->n > 0.0 ? sqrt(m->squares / m->n) : 0.0;
    return sd > 64.0 * DBL_EPSILON * fabs(m->mean) ? sd : 1.0;
}

static fel_status scale_column(hedge_column *column, const running_moments *m)
{
    if (!isfinite(m->mean) || !isfinite(m->squares)) {
        return FEL_RAISE(FEL_ERR_RANGE, "feature %s is not a number on the market's paths",
                         column->feature.info->name);
    }
    column->shift = m->mean;
    column->scale = 1.0 / deviation(m);
    return FEL_OK;
}

fel_status policy_scale(fel_policy *policy)
{
    pilot p = {.payoff = {0.0, 0.0, 0.0}};
    FEL_TRY(pilot_run(&p, policy));
    policy->pnl_scale = deviation(&p.payoff);
    for (size_t c = 0; policy->config.standardise && c + policy->n_live < policy->n_columns; c++) {
        FEL_TRY(scale_column(&policy->columns[c], &p.column[c]));
    }
    return FEL_OK;
}
