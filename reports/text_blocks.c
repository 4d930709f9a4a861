/* reports/text_blocks.c - the terminal report's first blocks: title, notes, headline, costs; and
 * the conventions that close it. */
#include <math.h>
#include <string.h>

#include "reports/text_internal.h"

void text_title(const fel_report *r, FILE *f)
{
    const report_equity *e = &r->equity;
    const char *first_day = e->day[e->n > 1 ? 1 : 0]; /* point 0 is the cash before the first day */
    (void)fprintf(f, "%.60s: %.30s\n", r->title[0] != '\0' ? r->title : "run", r->strategy_name);
    (void)fprintf(f, "%s to %s, %zu daily returns, %zu instrument%s%s%s\n", first_day,
                  e->day[e->n - 1], e->n - 1, r->result.n_instruments,
                  r->result.n_instruments == 1 ? "" : "s", r->currency[0] != '\0' ? ", " : "",
                  r->currency);
}

void text_notes(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->n_notes; i++) {
        (void)fprintf(f, "%s:", r->notes[i].key);
        text_wrapped(f, r->notes[i].value, 2, strlen(r->notes[i].key) + 1);
    }
}

/* ---- headline -------------------------------------------------------------------------------- */

static const char *const headline[] = {
    "total_return",
    "annual_return",
    "annual_volatility",
    "sharpe_ratio",
    "sharpe_error",
    "sharpe_error_robust",
    "sortino_ratio",
    "calmar_ratio",
    "max_drawdown",
    "value_at_risk",
    "alpha",
    "beta",
    "arc",
    "asd",
    "md",
    "mld",
    "ir1",
    "ir2",
    "ir3",
    "time_in_market",
    "average_exposure",
    "turnover_per_year",
    "n_trades",
};
enum { N_HEADLINE = sizeof(headline) / sizeof(headline[0]), LABEL_WIDTH = 34, VALUE_WIDTH = 18 };

static const fel_score *find_score(const fel_report *r, const char *name)
{
    for (size_t i = 0; i < r->n_scores; i++) {
        if (strcmp(r->scores[i].name, name) == 0) {
            return &r->scores[i];
        }
    }
    return NULL;
}

static void money_row(const fel_report *r, FILE *f, const char *label, double value)
{
    char text[TEXT_VALUE_SIZE];
    text_value(r, FEL_UNIT_MONEY, value, text);
    (void)fprintf(f, "%-*s%*s\n", LABEL_WIDTH, label, VALUE_WIDTH, text);
}

void text_headline(const fel_report *r, FILE *f)
{
    const int has_benchmark = r->benchmark_name != NULL;
    text_heading(f, "Result");
    money_row(r, f, "Initial cash", r->result.initial_cash);
    money_row(r, f, "Final equity", fel_money_value(r->result.final_equity));
    if (has_benchmark) {
        (void)fprintf(f, "%-*s%*s%*.20s\n", LABEL_WIDTH, "", VALUE_WIDTH, "strategy",
                      VALUE_WIDTH + 4, r->benchmark_name);
    }
    for (size_t i = 0; i < N_HEADLINE; i++) {
        const fel_score *s = find_score(r, headline[i]);
        char value[TEXT_VALUE_SIZE], other[TEXT_VALUE_SIZE] = "";
        if (s == NULL) {
            continue;
        }
        text_value(r, s->unit, s->value, value);
        if (has_benchmark && !isnan(s->benchmark)) {
            text_value(r, s->unit, s->benchmark, other);
        }
        (void)fprintf(f, "%-*s%*s", LABEL_WIDTH, s->label, VALUE_WIDTH, value);
        (void)fprintf(f, other[0] != '\0' ? "%*s\n" : "\n", VALUE_WIDTH + 4, other);
    }
}

/* ---- costs ----------------------------------------------------------------------------------- */

void text_costs(const fel_report *r, FILE *f)
{
    char text[TEXT_VALUE_SIZE];
    text_heading(f, "Where the money went");
    for (size_t i = 0; i < N_WATERFALL_ROWS; i++) {
        text_group(r->costs[i].text, text);
        (void)fprintf(f, "%-*s%*s\n", LABEL_WIDTH, r->costs[i].label, VALUE_WIDTH, text);
    }
    text_group(r->cost_difference, text);
    (void)fprintf(f, "%-*s%*s\n", LABEL_WIDTH, "Difference (net - rows above)", VALUE_WIDTH, text);
}

/* ---- conventions ----------------------------------------------------------------------------- */

void text_conventions(const fel_report *r, FILE *f)
{
    text_heading(f, "All scores and how they are computed");
    text_wrapped(f, r->conventions, 0, 0);
    for (size_t i = 0; i < r->n_scores; i++) {
        const fel_score *s = &r->scores[i];
        char value[TEXT_VALUE_SIZE];
        text_value(r, s->unit, s->value, value);
        const int used = fprintf(f, "%-31s%13s ", s->label, value);
        text_wrapped(f, s->convention, 45, used > 0 ? (size_t)used : 0);
    }
}
