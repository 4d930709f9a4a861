/* reports/simulation_text.c - numbers, notes and parameters of simulation reports on a terminal. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "reports/simulation_internal.h"
#include "reports/text_internal.h"

static void grouped(char text[SIM_TEXT_SIZE], int places, double value)
{
    char plain[TEXT_VALUE_SIZE];
    (void)snprintf(plain, sizeof(plain), "%.*f", places, value);
    text_group(plain, text);
}

void unit_text(fel_metric_unit unit, double value, char text[SIM_TEXT_SIZE])
{
    const int is_huge = fabs(value) >= 1e15;
    if (!isfinite(value)) {
        (void)snprintf(text, SIM_TEXT_SIZE, "-");
    } else if (unit == FEL_UNIT_FRACTION) {
        (void)snprintf(text, SIM_TEXT_SIZE, fabs(value) >= 1e4 ? "%.3g %%" : "%.2f %%",
                       100.0 * value);
    } else if (unit == FEL_UNIT_YEARS) {
        (void)snprintf(text, SIM_TEXT_SIZE, "%.2f y", value);
    } else if (is_huge) {
        (void)snprintf(text, SIM_TEXT_SIZE, "%.4g", value);
    } else if (unit == FEL_UNIT_RATIO) {
        grouped(text, 3, value);
    } else if (unit == FEL_UNIT_MONEY) {
        grouped(text, fabs(value) < 1e6 ? 2 : 0, value);
    } else {
        grouped(text, fabs(value - round(value)) < 1e-9 ? 0 : 2, value);
    }
}

void real_text(int digits, double value, char text[SIM_TEXT_SIZE])
{
    if (isfinite(value)) {
        (void)snprintf(text, SIM_TEXT_SIZE, "%.*g", digits, value);
    } else {
        (void)snprintf(text, SIM_TEXT_SIZE, "-");
    }
}

void text_take_note(void *file, const char *severity, const char *text)
{
    FILE *f = file;
    (void)fprintf(f, "%s:", severity);
    text_wrapped(f, text, 2, strlen(severity) + 1);
}

/* A word with two blanks before it; none for an empty one. */
static void put_word(FILE *f, const char *word)
{
    if (word[0] != '\0') {
        (void)fprintf(f, "  %.60s", word);
    }
}

/* "v0   0.04 +- 0.002  variance a year" */
static void put_parameter(const fel_report_parameter *p, FILE *f)
{
    char value[SIM_TEXT_SIZE], error[SIM_TEXT_SIZE] = "";
    real_text(8, p->value, value);
    if (isfinite(p->standard_error)) {
        (void)snprintf(error, sizeof(error), "+- %.3g", p->standard_error);
    }
    (void)fprintf(f, "%-26.60s %14s", p->name, value);
    const char *unit = text_of(p->unit), *bound = p->is_at_bound ? "at its bound" : "";
    if (unit[0] != '\0' || bound[0] != '\0') {
        (void)fprintf(f, "  %-12s", error);
    } else {
        put_word(f, error);
    }
    put_word(f, unit);
    put_word(f, bound);
    (void)fputc('\n', f);
}

void text_process(const fel_report_process *process, FILE *f)
{
    char line[FELLER_TEXT_SIZE], title[TEXT_WIDTH];
    const char *asset = text_of(process->asset);
    (void)snprintf(title, sizeof(title), "%.40s%s%.40s", asset, asset[0] != '\0' ? ": " : "",
                   text_of(process->name));
    text_heading(f, title);
    if (text_of(process->summary)[0] != '\0') {
        text_wrapped(f, process->summary, 0, 0);
    }
    for (size_t i = 0; i < process->n_parameters; i++) {
        put_parameter(&process->parameters[i], f);
    }
    feller_text(process, line);
    if (line[0] != '\0') {
        text_wrapped(f, line, 0, 0);
    }
}

void text_pairs(const char *title, const fel_report_pair *pairs, size_t n, FILE *f)
{
    if (n == 0) {
        return;
    }
    text_heading(f, title);
    for (size_t i = 0; i < n; i++) {
        const int used = fprintf(f, "%-34.60s ", pairs[i].key);
        text_wrapped(f, pairs[i].value, 35, used > 0 ? (size_t)used : 0);
    }
}

fel_status text_end(FILE *f)
{
    if (fflush(f) != 0 || ferror(f)) {
        return FEL_RAISE(FEL_ERR_IO, "the report could not be printed: %s", strerror(errno));
    }
    return FEL_OK;
}
