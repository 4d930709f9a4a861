/* reports/report.c - makes a report from a run: copies, then one part after the other. */
#include <stdlib.h>
#include <string.h>

#include "reports/report_model_internal.h"

fel_report_input fel_report_input_default(void)
{
    fel_report_input input;
    memset(&input, 0, sizeof(input));
    input.struct_size = (uint32_t)sizeof(input);
    input.title = "";
    input.strategy_name = "";
    input.periods_per_year = 252.0;
    return input;
}

fel_status report_alloc(fel_report *r, size_t count, size_t size, void **out)
{
    void *memory = arena_array(&r->memory, count, size);
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu items of a report", count);
    }
    *out = memory;
    return FEL_OK;
}

fel_status report_text_copy(fel_report *r, const char *text, const char **out)
{
    const char *copy = arena_text(&r->memory, text != NULL ? text : "");
    if (copy == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a text of a report");
    }
    *out = copy;
    return FEL_OK;
}

static fel_status check_input(const fel_report_input *input)
{
    if (input->struct_size != sizeof(fel_report_input)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_report_input has %u bytes, this library's has %zu",
                         input->struct_size, sizeof(fel_report_input));
    }
    if (input->result == NULL || input->result->n_equity == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "a report needs a result with at least one equity point");
    }
    if (!(input->periods_per_year > 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "periods_per_year = %g must be above 0",
                         input->periods_per_year);
    }
    return FEL_OK;
}

static fel_status fill(fel_report *r, const fel_report_input *input)
{
    FEL_TRY(report_copy_input(r, input));
    FEL_TRY(report_fill_notes(r, input));
    FEL_TRY(report_fill_forecast(r, input->forecast));
    FEL_TRY(report_fill_equity(r));
    FEL_TRY(report_fill_benchmark(r, input->benchmark));
    report_fill_drawdowns(r);
    FEL_TRY(report_fill_monthly(r));
    FEL_TRY(report_fill_rolling(r));
    FEL_TRY(report_fill_histogram(r));
    report_fill_exposure(r);
    report_fill_costs(r);
    FEL_TRY(report_fill_trades(r));
    FEL_TRY(report_fill_orders(r));
    FEL_TRY(report_fill_prices(r, input->bars, input->n_bars));
    return report_fill_scores(r);
}

fel_status fel_report_create(fel_report **out, const fel_report_input *input)
{
    FEL_TRY(check_input(input));
    fel_report *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a report");
    }
    const fel_status status = fill(r, input);
    if (status != FEL_OK) {
        fel_report_destroy(r);
        return status;
    }
    *out = r;
    return FEL_OK;
}

void fel_report_destroy(fel_report *report)
{
    if (report != NULL) {
        arena_free(&report->memory);
        free(report->trades);
        free(report);
    }
}

const fel_score *fel_report_scores(const fel_report *report, size_t *n)
{
    *n = report->n_scores;
    return report->scores;
}

double fel_report_score(const fel_report *report, const char *name)
{
    for (size_t i = 0; i < report->n_scores; i++) {
        if (strcmp(report->scores[i].name, name) == 0) {
            return report->scores[i].value;
        }
    }
    return (double)NAN;
}
