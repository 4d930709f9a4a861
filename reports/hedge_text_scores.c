/* reports/hedge_text_scores.c - the hedgers' numbers and tails on a terminal. */
#include <math.h>
#include <string.h>

#include "reports/hedge_report_internal.h"
#include "reports/text_internal.h"

enum { MOST_COLUMNS = 6, MOST_LEVELS = 7, LABEL_WIDTH = 34, CELL_WIDTH = 11, LEVEL_WIDTH = 9 };

/* ---- hedgers --------------------------------------------------------------------------------- */

/* Measures that are shown, those that are there: the rest is in the files. */
static size_t shown_measures(const fel_hedge_report *r, size_t shown[MOST_COLUMNS])
{
    static const char *const wanted[] = {"risk",   "cost_mean", "pnl_mean", "pnl_sd",
                                         "sharpe", "cvar_95",   "var_95",   "turnover_mean"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && n < MOST_COLUMNS; i++) {
        const size_t measure = hedgers_measure(r, wanted[i]);
        if (measure < r->n_measures) {
            shown[n++] = measure;
        }
    }
    return n;
}

static void put_label(const fel_hedge_hedger *h, FILE *f)
{
    char text[SIM_TEXT_SIZE];
    (void)snprintf(text, sizeof(text), "%.*s%s", h->is_oracle ? LABEL_WIDTH - 10 : LABEL_WIDTH - 1,
                   h->label, h->is_oracle ? " (oracle)" : "");
    (void)fprintf(f, "%-*s", LABEL_WIDTH, text);
}

/* Numbers; the best of a column with a star. */
static void put_values(const fel_hedge_report *r, size_t hedger, const size_t *shown, size_t n,
                       FILE *f)
{
    char text[SIM_TEXT_SIZE], marked[SIM_TEXT_SIZE + 1];
    put_label(&r->hedgers[hedger], f);
    for (size_t k = 0; k < n; k++) {
        const fel_hedge_measure *m = &r->measures[shown[k]];
        hedgers_number(m->unit, r->hedgers[hedger].scores[shown[k]].value, text);
        const int is_best = r->n_hedgers > 1 && hedgers_best(r, shown[k]) == hedger;
        (void)snprintf(marked, sizeof(marked), "%s%s", is_best ? "*" : "", text);
        (void)fprintf(f, "%*s", CELL_WIDTH, marked);
    }
    (void)fputc('\n', f);
}

static void put_spreads(const fel_hedge_report *r, const fel_hedge_hedger *h, const size_t *shown,
                        size_t n, FILE *f)
{
    char text[SIM_TEXT_SIZE], label[SIM_TEXT_SIZE];
    (void)snprintf(label, sizeof(label), "  +- over %zu seed%s", h->n_seeds,
                   h->n_seeds == 1 ? "" : "s");
    (void)fprintf(f, "%-*s", LABEL_WIDTH, label);
    for (size_t k = 0; k < n; k++) {
        const double spread = h->scores[shown[k]].spread;
        const int is_fraction = r->measures[shown[k]].unit == FEL_UNIT_FRACTION;
        if (is_fraction) {
            unit_text(FEL_UNIT_FRACTION, spread, text);
        } else {
            real_text(2, spread, text);
        }
        (void)fprintf(f, "%*s", CELL_WIDTH, text);
    }
    (void)fputc('\n', f);
}

void hedgers_text_hedgers(const fel_hedge_report *r, FILE *f)
{
    size_t shown[MOST_COLUMNS];
    const size_t n = shown_measures(r, shown);
    text_heading(f, "Hedgers on the test paths");
    (void)fprintf(f, "%-*s", LABEL_WIDTH, "");
    for (size_t k = 0; k < n; k++) {
        (void)fprintf(f, "%*.*s", CELL_WIDTH, CELL_WIDTH - 1, r->measures[shown[k]].name);
    }
    (void)fputc('\n', f);
    for (size_t i = 0; i < r->n_hedgers; i++) {
        put_values(r, i, shown, n, f);
        if (r->hedgers[i].is_policy) {
            put_spreads(r, &r->hedgers[i], shown, n, f);
        }
    }
    if (r->n_hedgers > 1) {
        (void)fprintf(f, "* the best of its column; oracles do not count\n");
    }
}

void hedgers_text_measures(const fel_hedge_report *r, FILE *f)
{
    text_heading(f, "How the numbers are computed");
    for (size_t i = 0; i < r->n_measures; i++) {
        const fel_hedge_measure *m = &r->measures[i];
        const int used = fprintf(f, "%-22.22s ", m->name);
        char text[4 * SIM_TEXT_SIZE];
        const char *convention = text_of(m->convention);
        (void)snprintf(text, sizeof(text), "%.80s%s%.220s", m->label,
                       convention[0] != '\0' ? ": " : "", convention);
        text_wrapped(f, text, 23, used > 0 ? (size_t)used : 0);
    }
}

/* ---- tails ----------------------------------------------------------------------------------- */

static int has_tails(const fel_hedge_report *r)
{
    for (size_t i = 0; i < r->n_hedgers; i++) {
        if (r->hedgers[i].n_tail > 0) {
            return 1;
        }
    }
    return 0;
}

/* Number k of n places out of so many levels, evenly, the first and the last among them. */
static size_t level_at(const fel_hedge_report *r, size_t k, size_t n)
{
    return n > 1 ? (k * (r->n_tail_levels - 1) + (n - 1) / 2) / (n - 1) : 0;
}

void hedgers_text_tails(const fel_hedge_report *r, FILE *f)
{
    const size_t n = r->n_tail_levels < MOST_LEVELS ? r->n_tail_levels : MOST_LEVELS;
    char text[SIM_TEXT_SIZE];
    if (!has_tails(r)) {
        return;
    }
    text_heading(f, "Quantiles of P&L");
    (void)fprintf(f, "%-*s", LABEL_WIDTH, "");
    for (size_t k = 0; k < n; k++) {
        (void)snprintf(text, sizeof(text), "%g %%", 100.0 * r->tail_levels[level_at(r, k, n)]);
        (void)fprintf(f, "%*s", LEVEL_WIDTH, text);
    }
    (void)fputc('\n', f);
    for (size_t i = 0; i < r->n_hedgers; i++) {
        put_label(&r->hedgers[i], f);
        for (size_t k = 0; k < n; k++) {
            const fel_hedge_hedger *h = &r->hedgers[i];
            hedgers_number(FEL_UNIT_MONEY, h->n_tail > 0 ? h->tail[level_at(r, k, n)] : (double)NAN,
                           text);
            (void)fprintf(f, "%*s", LEVEL_WIDTH, text);
        }
        (void)fputc('\n', f);
    }
}
