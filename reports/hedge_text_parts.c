/* reports/hedge_text_parts.c - comparisons, tuning, frontier and option lives on a terminal. */
#include <math.h>
#include <string.h>

#include "reports/hedge_report_internal.h"
#include "reports/text_internal.h"

enum { LABEL_WIDTH = 40, VALUE_WIDTH = 12 };

/* ---- comparisons ----------------------------------------------------------------------------- */

static void put_p(double p, FILE *f)
{
    char text[SIM_TEXT_SIZE];
    (void)snprintf(text, sizeof(text), isfinite(p) ? (p < 0.001 ? "<0.001" : "%.3f") : "-", p);
    (void)fprintf(f, "%9s", text);
}

/* "kfac against adam, equal steps", above the rows that share it. */
static void put_pairing(const fel_hedge_report *r, const fel_hedge_comparison *c, FILE *f)
{
    (void)fprintf(f, "%.34s against %.34s, %.20s\n", r->hedgers[c->hedger].label,
                  r->hedgers[c->against].label, c->budget);
}

static int is_same_pairing(const fel_hedge_comparison *a, const fel_hedge_comparison *b)
{
    return a->hedger == b->hedger && a->against == b->against && strcmp(a->budget, b->budget) == 0;
}

static void put_comparison(const fel_hedge_comparison *c, int has_claims, FILE *f)
{
    char value[SIM_TEXT_SIZE], low[SIM_TEXT_SIZE], high[SIM_TEXT_SIZE], text[3 * SIM_TEXT_SIZE];
    hedgers_number(c->unit, c->value, value);
    hedgers_number(c->unit, c->low, low);
    hedgers_number(c->unit, c->high, high);
    (void)snprintf(text, sizeof(text), "%s%s%s", low, isfinite(c->low) ? " to " : "",
                   isfinite(c->low) ? high : "");
    (void)fprintf(f, "  %-33.33s%11s%23.40s", c->label, value, text);
    put_p(c->p_value, f);
    real_text(3, c->t_paths, text);
    (void)fprintf(f, "%9.9s", text);
    if (has_claims) {
        hedgers_number(c->unit, c->claim, text);
        (void)fprintf(f, "%13.13s", text);
    }
    (void)fputc('\n', f);
}

void hedgers_text_comparisons(const fel_hedge_report *r, FILE *f)
{
    const int has_claims = hedgers_has_claims(r);
    char interval[SIM_TEXT_SIZE];
    if (r->n_comparisons > 0) {
        text_heading(f, "Who was better");
        (void)snprintf(interval, sizeof(interval), "%g %% interval", 100.0 * r->confidence);
        (void)fprintf(f, "%-35s%11s%23s%9s%9s%13s\n", "", "value", interval, "p, seeds", "t, paths",
                      has_claims ? "published" : "");
        for (size_t i = 0; i < r->n_comparisons; i++) {
            const fel_hedge_comparison *c = &r->comparisons[i];
            if (i == 0 || !is_same_pairing(c, c - 1)) {
                put_pairing(r, c, f);
            }
            put_comparison(c, has_claims, f);
        }
        text_wrapped(f,
                     "p and interval: bootstrap over seeds with paths nested. t takes paths as the "
                     "units and the trained networks as given: it grows with the number of paths "
                     "however few networks were trained.",
                     0, 0);
    }
    if (has_claims && text_of(r->claims_heading)[0] != '\0') {
        text_wrapped(f, r->claims_heading, 0, 0);
    }
    if (text_of(r->conclusion)[0] != '\0') {
        text_heading(f, "Conclusion");
        text_wrapped(f, r->conclusion, 0, 0);
    }
}

/* ---- tuning and frontier --------------------------------------------------------------------- */

void hedgers_text_trials(const fel_hedge_report *r, FILE *f)
{
    char value[SIM_TEXT_SIZE], spread[SIM_TEXT_SIZE], text[SIM_TEXT_SIZE];
    if (r->n_trials > 0) {
        text_heading(f, "Tuning, on seeds of its own: validation risk");
    }
    for (size_t i = 0; i < r->n_trials; i++) {
        const fel_hedge_trial *t = &r->trials[i];
        hedgers_number(FEL_UNIT_RATIO, t->validation_risk, value);
        real_text(2, t->spread, text);
        (void)snprintf(spread, sizeof(spread), "%s%.60s", isfinite(t->spread) ? "+- " : "", text);
        (void)fprintf(f, "%-25.25s %-40.40s%*s%12s%s\n", r->hedgers[t->hedger].label, t->name,
                      VALUE_WIDTH, value, spread, t->is_chosen ? "  chosen" : "");
    }
}

void hedgers_text_frontier(const fel_hedge_report *r, FILE *f)
{
    char text[SIM_TEXT_SIZE];
    if (r->n_frontier > 0) {
        text_heading(f, "Cost against risk");
        (void)fprintf(f, "%-30s%-22s%*s%*s%*s\n", "", "", VALUE_WIDTH, "cost_mean", VALUE_WIDTH,
                      "pnl_sd", VALUE_WIDTH, "risk");
    }
    for (size_t i = 0; i < r->n_frontier; i++) {
        const fel_hedge_frontier *x = &r->frontier[i];
        const double values[] = {x->cost_mean, x->pnl_sd, x->risk};
        (void)fprintf(f, "%-30.29s%-22.21s", r->hedgers[x->hedger].label, text_of(x->setting));
        for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
            hedgers_number(FEL_UNIT_MONEY, values[k], text);
            (void)fprintf(f, "%*s", VALUE_WIDTH, text);
        }
        (void)fputc('\n', f);
    }
}

/* ---- lives ----------------------------------------------------------------------------------- */

static void put_lives_of(const fel_hedge_report *r, size_t hedger, FILE *f)
{
    const hedgers_lives s = hedgers_lives_of(r, hedger);
    const double values[] = {s.mean, s.deviation, s.min, s.max, s.cost_mean};
    char text[SIM_TEXT_SIZE];
    if (s.n == 0) {
        return;
    }
    (void)fprintf(f, "%-*.*s%6zu", LABEL_WIDTH - 6, LABEL_WIDTH - 6, r->hedgers[hedger].label, s.n);
    for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
        unit_text(FEL_UNIT_FRACTION, values[k], text);
        (void)fprintf(f, "%*s", VALUE_WIDTH, text);
    }
    (void)fputc('\n', f);
}

void hedgers_text_lives(const fel_hedge_report *r, FILE *f)
{
    if (r->n_lives == 0) {
        return;
    }
    text_heading(f, "Option lives on real prices: P&L per unit of spot at the start");
    if (text_of(r->lives_text)[0] != '\0') {
        text_wrapped(f, r->lives_text, 0, 0);
    }
    (void)fprintf(f, "%*s%*s%*s%*s%*s%*s\n", LABEL_WIDTH, "lives", VALUE_WIDTH, "mean", VALUE_WIDTH,
                  "sd", VALUE_WIDTH, "worst", VALUE_WIDTH, "best", VALUE_WIDTH, "mean cost");
    for (size_t i = 0; i < r->n_hedgers; i++) {
        put_lives_of(r, i, f);
    }
}
