/* reports/text_forecast.c - the terminal report's block on a forecasting study: what was trained,
 * the model beside its rivals, tests. */
#include <math.h>
#include <string.h>

#include "reports/text_internal.h"

enum { SETTING_WIDTH = 13, DAY_SIZE = 10 };

static void setting(FILE *f, const char *label, const char *text)
{
    if (text[0] != '\0') {
        (void)fprintf(f, "%-*s", SETTING_WIDTH, label);
        text_wrapped(f, text, SETTING_WIDTH, SETTING_WIDTH);
    }
}

static void day_text(int64_t time_ns, char text[48])
{
    fel_time_format(time_ns, text, 48);
    text[DAY_SIZE] = '\0';
}

static void settings(const fel_report *r, FILE *f)
{
    const fel_forecast_report *x = r->forecast;
    char text[400], n_params[TEXT_VALUE_SIZE], n_fits[TEXT_VALUE_SIZE];
    setting(f, "Model", x->model_text);
    setting(f, "Features", x->features_text);
    setting(f, "Target", x->target_text);
    setting(f, "Scaling", x->scaling_text);
    setting(f, "Training", x->training_text);
    setting(f, "Chosen by", x->selection_name);
    text_value(r, FEL_UNIT_COUNT, (double)x->n_params, n_params);
    text_value(r, FEL_UNIT_COUNT, (double)x->n_fits, n_fits);
    (void)snprintf(text, sizeof(text), "%s networks of %s parameters trained, %u seed%s", n_fits,
                   n_params, x->n_seeds, x->n_seeds == 1 ? "" : "s");
    setting(f, "Fits", text);
    if (x->n_windows > 0) {
        char from[48], to[48];
        day_text(x->windows[0].test_from_ns, from);
        day_text(x->windows[x->n_windows - 1].test_to_ns, to);
        (void)snprintf(text, sizeof(text), "%zu, tested from %s to %s", x->n_windows, from, to);
        setting(f, "Windows", text);
    }
}

/* A p-value as people print them. */
static void p_text(double value, char text[TEXT_VALUE_SIZE])
{
    (void)snprintf(text, TEXT_VALUE_SIZE,
                   isnan(value)    ? "-"
                   : value < 0.001 ? "<0.001"
                                   : "%.3f",
                   value);
}

static int has_error_tests(const fel_forecast_report *x)
{
    int has = 0;
    for (size_t i = 0; i < x->n_rivals; i++) {
        has |= !isnan(x->rivals[i].dm_error_p_value);
    }
    return has;
}

static void rival_row(const fel_report *r, FILE *f, const fel_forecast_rival *rival, int has_errors)
{
    char equity[TEXT_VALUE_SIZE], a_year[TEXT_VALUE_SIZE], drawdown[TEXT_VALUE_SIZE];
    char sharpe[TEXT_VALUE_SIZE], statistic[TEXT_VALUE_SIZE], p[TEXT_VALUE_SIZE];
    text_value(r, FEL_UNIT_MONEY, rival->numbers.final_equity, equity);
    text_value(r, FEL_UNIT_FRACTION, rival->numbers.annual_return, a_year);
    text_value(r, FEL_UNIT_FRACTION, rival->numbers.max_drawdown, drawdown);
    text_value(r, FEL_UNIT_RATIO, rival->numbers.sharpe, sharpe);
    (void)snprintf(statistic, sizeof(statistic), isnan(rival->dm_statistic) ? "-" : "%.2f",
                   rival->dm_statistic);
    p_text(rival->dm_p_value, p);
    (void)fprintf(f, "%-26.25s%9s%11s%11s%17s%8s%8s", rival->label, sharpe, a_year, drawdown,
                  equity, statistic, p);
    if (has_errors) {
        p_text(rival->dm_error_p_value, p);
        (void)fprintf(f, "%10s", p);
    }
    (void)fputc('\n', f);
}

static void rivals(const fel_report *r, FILE *f)
{
    const fel_forecast_report *x = r->forecast;
    const int has_errors = has_error_tests(x);
    if (x->n_rivals == 0) {
        return;
    }
    (void)fprintf(f, "\n%-26s%9s%11s%11s%17s%8s%8s%s\n", "", "Sharpe", "a year", "drawdown",
                  "final equity", "DM", "p", has_errors ? "  p errors" : "");
    for (size_t i = 0; i < x->n_rivals; i++) {
        rival_row(r, f, &x->rivals[i], has_errors);
    }
    text_wrapped(f,
                 "DM: Diebold-Mariano test on daily net returns, two-sided p; above 0 the model "
                 "earns more.",
                 0, 0);
    if (has_errors) {
        text_wrapped(f, "p errors: the same on squared errors of the forecasts.", 0, 0);
    }
}

static void facts(const fel_report *r, FILE *f)
{
    const fel_forecast_report *x = r->forecast;
    if (x->n_facts > 0) {
        (void)fputc('\n', f);
    }
    for (size_t i = 0; i < x->n_facts; i++) {
        char value[TEXT_VALUE_SIZE];
        text_value(r, x->facts[i].unit, x->facts[i].value, value);
        const int used = fprintf(f, "%-31.60s%13s ", x->facts[i].label, value);
        text_wrapped(f, x->facts[i].convention, 45, used > 0 ? (size_t)used : 0);
    }
}

void text_forecast(const fel_report *r, FILE *f)
{
    if (r->forecast == NULL) {
        return;
    }
    text_heading(f, "Forecast");
    settings(r, f);
    rivals(r, f);
    facts(r, f);
    if (r->n_forecast_notes > 0) {
        (void)fputc('\n', f);
    }
    for (size_t i = 0; i < r->n_forecast_notes; i++) {
        (void)fprintf(f, "%s:", r->forecast_notes[i].key);
        text_wrapped(f, r->forecast_notes[i].value, 2, strlen(r->forecast_notes[i].key) + 1);
    }
}
