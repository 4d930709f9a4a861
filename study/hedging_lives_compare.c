/* study/hedging_lives_compare.c - hedgers on real prices against one of them: how P&L scattered,
 * its worst tenth, what hedging cost, with bootstrap intervals over lives. Nothing on means: a few
 * hundred lives do not tell them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "study/hedging_lives_internal.h"

enum { N_RESAMPLES = 10000, N_STATISTICS = 3, LIFE_STREAM = 0x6c697665 };
#define WORST_SHARE 0.1

typedef struct life_table {
    const fel_hedge_life *lives;
    size_t n, first, second; /* lives; hedgers */
    size_t *draw;            /* n: which lives count */
    double *room;            /* n */
} life_table;

static double pnl_of(const life_table *t, size_t hedger, size_t i)
{
    return t->lives[t->draw[i]].pnl[hedger];
}

static double deviation(const life_table *t, size_t hedger)
{
    double mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        mean += pnl_of(t, hedger, i) / (double)t->n;
    }
    for (size_t i = 0; i < t->n; i++) {
        const double d = pnl_of(t, hedger, i) - mean;
        squares += d * d;
    }
    return sqrt(squares / (double)(t->n - 1));
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean loss of the worst tenth. */
static double tail(const life_table *t, size_t hedger)
{
    const size_t n = (size_t)ceil(WORST_SHARE * (double)t->n);
    double sum = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        t->room[i] = pnl_of(t, hedger, i);
    }
    qsort(t->room, t->n, sizeof(double), compare_doubles);
    for (size_t i = 0; i < n; i++) {
        sum -= t->room[i];
    }
    return sum / (double)n;
}

static double mean_cost(const life_table *t, size_t hedger)
{
    double sum = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        sum += t->lives[t->draw[i]].cost[hedger];
    }
    return sum / (double)t->n;
}

static void statistics(const life_table *t, double out[N_STATISTICS])
{
    out[0] = deviation(t, t->first) / deviation(t, t->second) - 1.0;
    out[1] = tail(t, t->first) - tail(t, t->second);
    out[2] = mean_cost(t, t->first) / mean_cost(t, t->second) - 1.0;
}

/* ---- bootstrap ------------------------------------------------------------------------------- */

/* [statistic][resample], sorted. */
static void resample(life_table *t, uint64_t seed, double *draws)
{
    rng_stream stream = rng_at(seed, LIFE_STREAM);
    for (size_t k = 0; k < N_RESAMPLES; k++) {
        double values[N_STATISTICS];
        for (size_t i = 0; i < t->n; i++) {
            t->draw[i] = (size_t)rng_below(&stream, t->n);
        }
        statistics(t, values);
        for (size_t s = 0; s < N_STATISTICS; s++) {
            draws[s * N_RESAMPLES + k] = values[s];
        }
    }
    for (size_t s = 0; s < N_STATISTICS; s++) {
        qsort(draws + s * N_RESAMPLES, N_RESAMPLES, sizeof(double), compare_doubles);
    }
}

static void interval(const double *sorted, double confidence, fel_hedge_comparison *row)
{
    const double edge = 0.5 * (1.0 - confidence) * (N_RESAMPLES - 1);
    double mean = 0.0, squares = 0.0, below = 0.0;
    for (size_t k = 0; k < N_RESAMPLES; k++) {
        mean += sorted[k] / N_RESAMPLES;
        below += sorted[k] < 0.0 ? 1.0 : 0.0;
    }
    for (size_t k = 0; k < N_RESAMPLES; k++) {
        squares += (sorted[k] - mean) * (sorted[k] - mean);
    }
    row->error = sqrt(squares / (N_RESAMPLES - 1));
    row->low = sorted[(size_t)edge];
    row->high = sorted[N_RESAMPLES - 1 - (size_t)edge];
    row->p_value = fmin(1.0, 2.0 * (fmin(below, N_RESAMPLES - below) + 1.0) / (N_RESAMPLES + 1.0));
}

static void fill_rows(const hedging *h, life_table *t, double *draws, fel_hedge_comparison *rows)
{
    static const struct {
        const char *name, *label, *convention;
        fel_metric_unit unit;
    } words[N_STATISTICS] = {
        {"sd_relative", "P&L deviation, relative difference",
         "over lives; interval by bootstrap of lives", FEL_UNIT_FRACTION},
        {"cvar_90_difference", "CVaR 90 %, difference",
         "mean loss of the worst tenth of lives, share of the first price", FEL_UNIT_FRACTION},
        {"cost_relative", "cost, relative difference", "mean over lives", FEL_UNIT_FRACTION},
    };
    double values[N_STATISTICS];
    for (size_t i = 0; i < t->n; i++) {
        t->draw[i] = i;
    }
    statistics(t, values);
    resample(t, (uint64_t)h->study->values.seed, draws);
    for (size_t s = 0; s < N_STATISTICS; s++) {
        memset(&rows[s], 0, sizeof(rows[s]));
        rows[s].hedger = t->first;
        rows[s].against = t->second;
        rows[s].budget = "real prices";
        rows[s].name = words[s].name;
        rows[s].label = words[s].label;
        rows[s].convention = words[s].convention;
        rows[s].unit = words[s].unit;
        rows[s].value = values[s];
        rows[s].t_paths = rows[s].wilcoxon_p = rows[s].claim = (double)NAN;
        if (!isfinite(values[s])) { /* the other's cost is 0 */
            rows[s].value = rows[s].error = rows[s].low = rows[s].high = rows[s].p_value =
                (double)NAN;
            continue;
        }
        interval(draws + s * N_RESAMPLES, h->study->values.confidence, &rows[s]);
    }
}

/* Against Black-Scholes where it is among them, else against the last hedger. */
static size_t reference_of(const hedging *h)
{
    for (size_t i = 0; i < h->n_hedgers; i++) {
        if (strcmp(h->hedgers[i].name, "black_scholes_delta") == 0) {
            return i;
        }
    }
    return h->n_hedgers - 1;
}

fel_status hedging_compare_lives(hedging *h)
{
    const size_t reference = reference_of(h), n_before = h->report.n_comparisons;
    const size_t n_lives = h->report.n_lives;
    life_table t = {.lives = h->report.lives, .n = n_lives, .second = reference};
    fel_hedge_comparison *rows =
        arena_array(&h->memory, n_before + N_STATISTICS * h->n_hedgers, sizeof(*rows));
    double *draws = arena_array(&h->memory, (size_t)N_STATISTICS * N_RESAMPLES, sizeof(*draws));
    t.draw = arena_array(&h->memory, n_lives, sizeof(*t.draw));
    t.room = arena_array(&h->memory, n_lives, sizeof(*t.room));
    FEL_TRY(hedging_need(rows));
    FEL_TRY(hedging_need(draws));
    FEL_TRY(hedging_need(t.draw));
    FEL_TRY(hedging_need(t.room));
    if (n_lives < 10) {
        return FEL_OK; /* too few to say anything */
    }
    memcpy(rows, h->report.comparisons, n_before * sizeof(*rows));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        if (i != reference && strcmp(h->hedgers[i].name, "none") != 0) {
            t.first = i;
            fill_rows(h, &t, draws, rows + h->report.n_comparisons);
            h->report.n_comparisons += N_STATISTICS;
        }
    }
    h->report.comparisons = rows;
    return FEL_OK;
}
