/* study/hedging_budgets.c - comparisons of policies at equal training time, equal training loss and
 * equal risk; what all comparisons come to, in words. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/hedging_compare_internal.h"

/* ---- points of curves ------------------------------------------------------------------------ */

static const hedging_fit *fit_of(const contest *c, size_t hedger, size_t seed)
{
    return &c->h->hedgers[hedger].fits[seed];
}

/* The best point so far when so many seconds of training were spent; NULL: none yet. */
static const fel_hedge_curve *point_at(const hedging_fit *fit, double seconds)
{
    const fel_hedge_curve *best = NULL;
    for (size_t i = 0; i < fit->n_curve && fit->curve[i].seconds <= seconds; i++) {
        if (best == NULL || fit->curve[i].validation_risk < best->validation_risk) {
            best = &fit->curve[i];
        }
    }
    return best;
}

/* The first point with no more risk; NULL: never. */
static const fel_hedge_curve *point_of(const hedging_fit *fit, double risk)
{
    for (size_t i = 0; i < fit->n_curve; i++) {
        if (fit->curve[i].validation_risk <= risk) {
            return &fit->curve[i];
        }
    }
    return NULL;
}

/* ---- rows from points ------------------------------------------------------------------------ */

typedef struct point_pairs {
    double *values[4]; /* cost and log variance of the first, then of the second */
    double *risks[2];
    size_t n;
} point_pairs;

static fel_status make_pairs(contest *c, point_pairs *p)
{
    memset(p, 0, sizeof(*p));
    for (size_t k = 0; k < 6; k++) {
        double *room = arena_array(&c->h->memory, c->n_seeds, sizeof(double));
        FEL_TRY(hedging_need(room));
        *(k < 4 ? &p->values[k] : &p->risks[k - 4]) = room;
    }
    return FEL_OK;
}

static void add_pair(point_pairs *p, const fel_hedge_curve *first, const fel_hedge_curve *second)
{
    const fel_hedge_curve *both[2] = {first, second};
    if (first == NULL || second == NULL) {
        return;
    }
    for (size_t k = 0; k < 2; k++) {
        p->values[2 * k][p->n] = both[k]->validation_cost;
        p->values[2 * k + 1][p->n] = 2.0 * log(both[k]->validation_sd);
        p->risks[k][p->n] = both[k]->validation_risk;
    }
    p->n++;
}

/* Costs over the other's mean cost, variances as a ratio. */
static fel_status add_rows(contest *c, const char *budget, const point_pairs *p,
                           const char *convention)
{
    double mean = 0.0;
    for (size_t s = 0; s < p->n; s++) {
        mean += p->values[2][s] / (double)p->n;
    }
    if (p->n == 0) {
        return FEL_OK;
    }
    for (size_t s = 0; s < p->n && mean > 0.0; s++) {
        p->values[0][s] /= mean;
        p->values[2][s] /= mean;
    }
    if (mean > 0.0) {
        fel_hedge_comparison *cost =
            contest_add(c, budget, "cost_relative", "cost, relative difference", convention);
        FEL_TRY(contest_numbers(c, cost, p->values[0], p->values[2], p->n));
    }
    fel_hedge_comparison *variance = contest_add(c, budget, "variance_relative",
                                                 "P&L variance, relative difference", convention);
    FEL_TRY(contest_numbers(c, variance, p->values[1], p->values[3], p->n));
    variance->error *= exp(variance->value);
    variance->value = expm1(variance->value);
    variance->low = expm1(variance->low);
    variance->high = expm1(variance->high);
    return FEL_OK;
}

fel_status contest_at_equal_time(contest *c)
{
    point_pairs p;
    FEL_TRY(make_pairs(c, &p));
    for (size_t s = 0; s < c->n_seeds; s++) {
        const hedging_fit *first = fit_of(c, c->hedger, s), *second = fit_of(c, c->against, s);
        const double seconds = fmin(first->seconds, second->seconds);
        add_pair(&p, point_at(first, seconds), point_at(second, seconds));
    }
    FEL_TRY(add_rows(c, "equal training time", &p,
                     "best point of either curve within the seconds of the quicker one, on the "
                     "validation paths"));
    if (p.n == 0) {
        return FEL_OK;
    }
    fel_hedge_comparison *row =
        contest_add(c, "equal training time", "risk_difference", "risk, difference",
                    "of those points, on the validation paths");
    row->unit = FEL_UNIT_RATIO;
    return contest_numbers(c, row, p.risks[0], p.risks[1], p.n);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), compare_doubles);
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* How far the hedger had to go to be as good as the other at its best; seeds that never were count
 * as infinite. */
static fel_status add_race(contest *c)
{
    double *steps = arena_array(&c->h->memory, c->n_seeds, sizeof(*steps));
    double *seconds = arena_array(&c->h->memory, c->n_seeds, sizeof(*seconds));
    size_t n_reached = 0;
    FEL_TRY(hedging_need(steps));
    FEL_TRY(hedging_need(seconds));
    for (size_t s = 0; s < c->n_seeds; s++) {
        const hedging_fit *other = fit_of(c, c->against, s);
        const fel_hedge_curve *goal = point_of(other, other->best_risk);
        const fel_hedge_curve *at = point_of(fit_of(c, c->hedger, s), other->best_risk);
        const int is_reached = goal != NULL && at != NULL;
        steps[s] = is_reached ? (double)at->step / (double)goal->step : (double)INFINITY;
        seconds[s] = is_reached ? at->seconds / goal->seconds : (double)INFINITY;
        n_reached += is_reached ? 1 : 0;
    }
    const char *text =
        arena_printf(&c->h->memory,
                     "to the other's best validation risk over what it took the other, median over "
                     "seeds; reached with %zu of %zu",
                     n_reached, c->n_seeds);
    FEL_TRY(hedging_need(text));
    const double values[2] = {median(steps, c->n_seeds), median(seconds, c->n_seeds)};
    static const char *const names[2] = {"steps_ratio", "seconds_ratio"};
    static const char *const labels[2] = {"steps, ratio", "training seconds, ratio"};
    for (size_t k = 0; k < 2; k++) {
        fel_hedge_comparison *row =
            contest_add(c, "equal training loss", names[k], labels[k], text);
        row->unit = FEL_UNIT_RATIO;
        row->value = isfinite(values[k]) ? values[k] : (double)NAN;
    }
    return FEL_OK;
}

fel_status contest_at_equal_loss(contest *c)
{
    point_pairs p;
    FEL_TRY(make_pairs(c, &p));
    for (size_t s = 0; s < c->n_seeds; s++) {
        const hedging_fit *first = fit_of(c, c->hedger, s), *second = fit_of(c, c->against, s);
        const double risk = fmax(first->best_risk, second->best_risk);
        add_pair(&p, point_of(first, risk), point_of(second, risk));
    }
    FEL_TRY(add_rows(c, "equal training loss", &p,
                     "first points of both curves with the validation risk that both reach"));
    return add_race(c);
}

/* ---- equal risk ------------------------------------------------------------------------------ */

static double mean_score(const contest *c, size_t hedger, const char *measure)
{
    const hedging_hedger *who = &c->h->hedgers[hedger];
    const double *seeds = who->scores + hedging_measure_of(measure) * who->n_runs;
    double sum = 0.0;
    for (size_t s = 0; s < who->n_runs; s++) {
        sum += seeds[s];
    }
    return sum / (double)who->n_runs;
}

/* Cost on the line through frontier points at this deviation; NaN outside. */
static double frontier_cost(const contest *c, double sd)
{
    const hedging *h = c->h;
    for (size_t i = 0; i < h->n_frontier; i++) {
        for (size_t k = 0; k < h->n_frontier; k++) {
            const hedging_frontier *a = &h->frontier[i], *b = &h->frontier[k];
            int is_next = a->sd <= sd && sd < b->sd;
            for (size_t m = 0; m < h->n_frontier && is_next; m++) {
                is_next = !(h->frontier[m].sd > a->sd && h->frontier[m].sd < b->sd);
            }
            if (is_next) {
                return a->cost + (sd - a->sd) / (b->sd - a->sd) * (b->cost - a->cost);
            }
        }
    }
    return (double)NAN;
}

fel_status contest_at_equal_risk(contest *c)
{
    const size_t owner = c->h->frontier_policy;
    const size_t other = owner == c->hedger ? c->against : c->hedger;
    if (c->h->n_frontier < 2 || (owner != c->hedger && owner != c->against)) {
        return FEL_OK;
    }
    const double cost = mean_score(c, other, "cost_mean");
    const double same = frontier_cost(c, mean_score(c, other, "pnl_sd"));
    if (isnan(same) || !(cost > 0.0)) {
        return FEL_OK;
    }
    fel_hedge_comparison *row =
        contest_add(c, "equal risk", "cost_relative", "cost, relative difference",
                    "the frontier's cost, between its points, at the P&L deviation of the policy "
                    "that has no frontier");
    row->value = owner == c->hedger ? same / cost - 1.0 : cost / same - 1.0;
    return FEL_OK;
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *verdict(const fel_hedge_comparison *row)
{
    return isnan(row->low)   ? "could not be told"
           : row->low > 0.0  ? "is higher"
           : row->high < 0.0 ? "is lower"
                             : "does not differ beyond chance";
}

static const char *claim_words(const fel_hedge_comparison *row)
{
    return isnan(row->claim) || isnan(row->low)                ? ""
           : row->low <= row->claim && row->claim <= row->high ? "; the published number is within"
                                                               : "; the published number is not "
                                                                 "within";
}

static const char *append(contest *c, const char *text, const fel_hedge_comparison *row)
{
    char *label = arena_text(&c->h->memory, row->label);
    if (label == NULL) {
        return NULL;
    }
    label[0] = (char)toupper((unsigned char)label[0]);
    const int is_fraction = row->unit == FEL_UNIT_FRACTION;
    const double factor = is_fraction ? 100.0 : 1.0;
    const char *unit = is_fraction ? " %" : "";
    return arena_printf(&c->h->memory, "%s%s%s of %s against %s %s: %+.3g%s (%.3g%s to %.3g%s)%s.",
                        text, text[0] != '\0' ? " " : "", label, c->h->hedgers[row->hedger].label,
                        c->h->hedgers[row->against].label, verdict(row), factor * row->value, unit,
                        factor * row->low, unit, factor * row->high, unit, claim_words(row));
}

static int is_told(const fel_hedge_comparison *row)
{
    static const char *const names[] = {"cost_relative", "variance_relative", "sharpe_difference",
                                        "risk_difference"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(row->name, names[i]) == 0) {
            return strcmp(row->budget, "equal steps") == 0;
        }
    }
    return 0;
}

fel_status contest_conclude(contest *c)
{
    const char *text = "";
    for (size_t i = 0; i < c->n && text != NULL; i++) {
        if (is_told(&c->rows[i])) {
            text = append(c, text, &c->rows[i]);
        }
    }
    if (text == NULL) {
        return hedging_need(NULL);
    }
    c->h->report.conclusion = text[0] != '\0' ? text : NULL;
    return FEL_OK;
}
