/* reports/simulation_notes.c - the line on the Feller condition, and notes that the caller gave.
 *
 * Feller (1951): a square-root process with 2 kappa theta > xi^2 never reaches zero; with 4 kappa
 * theta / xi^2 degrees of freedom below 2 it does, and stays close to it for long. */
#include <math.h>
#include <stdio.h>

#include "reports/simulation_internal.h"

void feller_text(const fel_report_process *process, char text[FELLER_TEXT_SIZE])
{
    const double margin = process->feller_margin;
    text[0] = '\0';
    if (!isfinite(margin)) {
        return;
    }
    const char *verdict = margin > 0.0 ? "holds: the variance never reaches zero"
                                       : "does not hold: the variance reaches zero";
    int n = snprintf(text, FELLER_TEXT_SIZE, "Feller condition %s (2 kappa theta - xi^2 = %.4g",
                     verdict, margin);
    if (isfinite(process->variance_degrees)) {
        n += snprintf(text + n, FELLER_TEXT_SIZE - (size_t)n, ", %.4g degrees of freedom",
                      process->variance_degrees);
    }
    (void)snprintf(text + n, FELLER_TEXT_SIZE - (size_t)n, ")");
}

void note_process(const fel_report_process *process, note_taker take, void *payload)
{
    char line[FELLER_TEXT_SIZE], text[FELLER_TEXT_SIZE + 64];
    feller_text(process, line);
    if (!(process->feller_margin > 0.0) && line[0] != '\0') {
        (void)snprintf(text, sizeof(text), "%.60s%s%s", text_of(process->asset),
                       text_of(process->asset)[0] != '\0' ? ": " : "", line);
        take(payload, "note", text);
    }
}

void take_pairs(const fel_report_pair *pairs, size_t n, note_taker take, void *payload)
{
    for (size_t i = 0; i < n; i++) {
        take(payload, pairs[i].key, pairs[i].value);
    }
}
