/* reports/hedge_report_summary.c - what follows from a hedging report's numbers: who is best, how
 * the option lives went. */
#include <math.h>
#include <string.h>

#include "reports/hedge_report_internal.h"

size_t hedgers_best(const fel_hedge_report *r, size_t measure)
{
    const int less_is_better = r->measures[measure].less_is_better;
    size_t best = r->n_hedgers;
    if (less_is_better < 0) {
        return best;
    }
    for (size_t i = 0; i < r->n_hedgers; i++) {
        const double value = r->hedgers[i].scores[measure].value;
        /* Who never trades has no costs: nothing to be proud of. */
        if (r->hedgers[i].is_oracle || !isfinite(value) ||
            (less_is_better && fpclassify(value) == FP_ZERO)) {
            continue;
        }
        const double so_far =
            best < r->n_hedgers ? r->hedgers[best].scores[measure].value : (double)NAN;
        if (isnan(so_far) || (less_is_better ? value < so_far : value > so_far)) {
            best = i;
        }
    }
    return best;
}

size_t hedgers_measure(const fel_hedge_report *r, const char *name)
{
    size_t i = 0;
    while (i < r->n_measures && strcmp(r->measures[i].name, name) != 0) {
        i++;
    }
    return i;
}

hedgers_lives hedgers_lives_of(const fel_hedge_report *r, size_t hedger)
{
    const double none = (double)NAN;
    hedgers_lives s = {0, 0.0, 0.0, none, none, 0.0};
    double squares = 0.0;
    size_t n_costs = 0;
    for (size_t i = 0; i < r->n_lives; i++) {
        const double pnl = r->lives[i].pnl[hedger];
        const double cost = r->lives[i].cost != NULL ? r->lives[i].cost[hedger] : none;
        if (!isfinite(pnl)) {
            continue;
        }
        /* Welford: mean and squares about it in one go. */
        const double change = pnl - s.mean;
        s.n++;
        s.mean += change / (double)s.n;
        squares += change * (pnl - s.mean);
        s.min = fmin(s.min, pnl);
        s.max = fmax(s.max, pnl);
        if (isfinite(cost)) {
            n_costs++;
            s.cost_mean += (cost - s.cost_mean) / (double)n_costs;
        }
    }
    s.deviation = s.n > 1 ? sqrt(squares / (double)(s.n - 1)) : none;
    s.mean = s.n > 0 ? s.mean : none;
    s.cost_mean = n_costs > 0 ? s.cost_mean : none;
    return s;
}

int hedgers_has_claims(const fel_hedge_report *r)
{
    for (size_t i = 0; i < r->n_comparisons; i++) {
        if (isfinite(r->comparisons[i].claim)) {
            return 1;
        }
    }
    return 0;
}
