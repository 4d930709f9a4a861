/* reports/hedge_text.c - a hedging report for a terminal: plain text, at most 100 columns, what
 * matters first. */
#include <math.h>

#include "reports/hedge_report_internal.h"
#include "reports/text_internal.h"

enum { LABEL_WIDTH = 14 };

/* Five digits that count, at most five places. */
void hedgers_number(fel_metric_unit unit, double value, char text[SIM_TEXT_SIZE])
{
    const double size = fabs(value);
    if (!isfinite(value) || unit == FEL_UNIT_FRACTION || unit == FEL_UNIT_COUNT) {
        unit_text(unit, value, text);
    } else if (fpclassify(value) == FP_ZERO) {
        (void)snprintf(text, SIM_TEXT_SIZE, "0");
    } else if (size >= 1e7 || size < 1e-4) {
        (void)snprintf(text, SIM_TEXT_SIZE, "%.3g", value);
    } else {
        const int whole = size >= 1.0 ? (int)floor(log10(size)) : 0;
        (void)snprintf(text, SIM_TEXT_SIZE, "%.*f", whole < 4 ? (size < 0.1 ? 5 : 4 - whole) : 0,
                       value);
    }
}

static void put_line(const char *label, const char *text, FILE *f)
{
    if (text_of(text)[0] != '\0') {
        const int used = fprintf(f, "%-*s", LABEL_WIDTH, label);
        text_wrapped(f, text, LABEL_WIDTH, used > 0 ? (size_t)used : 0);
    }
}

static void put_instrument(const fel_hedge_instrument_row *x, FILE *f)
{
    char text[4 * SIM_TEXT_SIZE];
    const char *const parts[] = {x->text, x->cost_text, x->bounds_text};
    int n = snprintf(text, sizeof(text), "%.40s", x->name);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (text_of(parts[i])[0] != '\0') {
            n += snprintf(text + n, sizeof(text) - (size_t)n, ", %.80s", parts[i]);
        }
    }
    put_line("Instrument", text, f);
}

static void put_title(const fel_hedge_report *r, FILE *f)
{
    const char *title = text_of(r->title);
    (void)fprintf(f, "%.60s: hedging, %llu test paths, seed %llu%s%.10s",
                  title[0] != '\0' ? title : "study", (unsigned long long)r->n_paths,
                  (unsigned long long)r->seed, text_of(r->currency)[0] != '\0' ? ", " : "",
                  text_of(r->currency));
    (void)fprintf(f, isfinite(r->seconds) ? ", %.4g s\n" : "\n", r->seconds);
    put_line("Claim", r->claim_text, f);
    put_line("Premium", r->premium_text, f);
    put_line("Market", r->market_text, f);
    put_line("Risk", r->risk_text, f);
    put_line("Features", r->features_text, f);
    for (size_t i = 0; i < r->n_instruments; i++) {
        put_instrument(&r->instruments[i], f);
    }
    hedgers_notes(r, text_take_note, f);
}

fel_status fel_hedge_report_write_terminal(const fel_hedge_report *report, FILE *file)
{
    FEL_TRY(hedgers_check(report));
    put_title(report, file);
    hedgers_text_hedgers(report, file);
    hedgers_text_comparisons(report, file);
    hedgers_text_tails(report, file);
    hedgers_text_trials(report, file);
    hedgers_text_frontier(report, file);
    hedgers_text_lives(report, file);
    if (report->process.name != NULL) {
        text_process(&report->process, file);
    }
    hedgers_text_measures(report, file);
    text_pairs("How to run it again", report->manifest, report->n_manifest, file);
    return text_end(file);
}
