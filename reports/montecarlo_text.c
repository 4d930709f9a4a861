/* reports/montecarlo_text.c - a Monte Carlo report for a terminal: plain text, at most 100 columns,
 * what matters first. */
#include <math.h>
#include <string.h>

#include "reports/simulation_internal.h"
#include "reports/text_internal.h"

static void put_title(const fel_montecarlo_report *r, FILE *f)
{
    const char *title = text_of(r->title);
    (void)fprintf(f, "%.60s: %.30s, Monte Carlo\n", title[0] != '\0' ? title : "study",
                  text_of(r->strategy_name));
    (void)fprintf(f, "%llu paths, seed %llu%s%s", (unsigned long long)r->n_paths,
                  (unsigned long long)r->seed, text_of(r->currency)[0] != '\0' ? ", " : "",
                  text_of(r->currency));
    (void)fprintf(f, isfinite(r->seconds) ? ", %.2f s\n" : "\n", r->seconds);
    const char *const lines[] = {r->data, r->strategy_text, r->costs_text};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (text_of(lines[i])[0] != '\0') {
            text_wrapped(f, lines[i], 2, 0);
        }
    }
    montecarlo_notes(r, text_take_note, f);
}

/* ---- distributions --------------------------------------------------------------------------- */

static const double shown_levels[] = {0.05, 0.5, 0.95};
enum { N_SHOWN = sizeof(shown_levels) / sizeof(shown_levels[0]) };

static double quantile_of(const fel_report_distribution *d, double level)
{
    for (size_t i = 0; i < d->n_quantiles; i++) {
        if (fabs(d->quantiles[i].level - level) < 1e-9) {
            return d->quantiles[i].value;
        }
    }
    return (double)NAN;
}

static void put_distribution(const fel_report_distribution *d, FILE *f)
{
    char text[SIM_TEXT_SIZE];
    unit_text(d->unit, d->mean, text);
    (void)fprintf(f, "%-25.25s%16s", d->label, text);
    unit_text(d->unit, d->mean_error, text);
    (void)fprintf(f, " +-%11s", text);
    for (size_t i = 0; i < N_SHOWN; i++) {
        unit_text(d->unit, quantile_of(d, shown_levels[i]), text);
        (void)fprintf(f, "%15s", text);
    }
    (void)fputc('\n', f);
}

static void put_distributions(const fel_montecarlo_report *r, FILE *f)
{
    text_heading(f, "Over paths");
    (void)fprintf(f, "%-25s%16s %13s%15s%15s%15s\n", "", "mean", "+- error", "5 %", "median",
                  "95 %");
    for (size_t i = 0; i < r->n_distributions; i++) {
        put_distribution(&r->distributions[i], f);
    }
}

static void put_probabilities(const fel_montecarlo_report *r, FILE *f)
{
    if (r->n_probabilities > 0) {
        char title[SIM_TEXT_SIZE];
        (void)snprintf(title, sizeof(title), "Probabilities (%g %% interval)",
                       100.0 * r->confidence);
        text_heading(f, title);
    }
    for (size_t i = 0; i < r->n_probabilities; i++) {
        const fel_report_probability *p = &r->probabilities[i];
        char value[SIM_TEXT_SIZE], low[SIM_TEXT_SIZE], high[SIM_TEXT_SIZE];
        unit_text(FEL_UNIT_FRACTION, p->value, value);
        unit_text(FEL_UNIT_FRACTION, p->low, low);
        unit_text(FEL_UNIT_FRACTION, p->high, high);
        (void)fprintf(f, "%-60.60s %10s  (%s to %s)\n", p->label, value, low, high);
    }
}

/* ---- paths ----------------------------------------------------------------------------------- */

static void put_paths(const fel_montecarlo_report *r, FILE *f)
{
    int has_title = 0;
    for (size_t i = 0; i < r->n_paths_listed; i++) {
        const fel_report_path *p = &r->paths[i];
        char equity[SIM_TEXT_SIZE], gain[SIM_TEXT_SIZE];
        if (text_of(p->what)[0] == '\0') {
            continue;
        }
        if (!has_title) {
            text_heading(f, "Paths to look at");
            has_title = 1;
        }
        unit_text(FEL_UNIT_MONEY, p->final_equity, equity);
        unit_text(FEL_UNIT_FRACTION, p->total_return, gain);
        (void)fprintf(f, "%-36.36s path %-8llu%18s%13s\n", p->what, (unsigned long long)p->index,
                      equity, gain);
        if (text_of(p->command)[0] != '\0') {
            (void)fprintf(f, "  %s\n", p->command);
        }
    }
}

fel_status fel_montecarlo_report_write_terminal(const fel_montecarlo_report *report, FILE *file)
{
    FEL_TRY(montecarlo_check(report));
    put_title(report, file);
    put_distributions(report, file);
    put_probabilities(report, file);
    put_paths(report, file);
    for (size_t i = 0; i < report->n_processes; i++) {
        text_process(&report->processes[i], file);
    }
    text_pairs("How to run it again", report->manifest, report->n_manifest, file);
    return text_end(file);
}
