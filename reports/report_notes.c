/* reports/report_notes.c - what a reader must be told first: the run's flags, then the caller's
 * notes. */
#include <stdio.h>
#include <string.h>

#include "reports/report_model_internal.h"

static const struct {
    uint32_t flag;
    const char *severity, *text;
} flag_notes[] = {
    {FEL_FLAG_STOPPED, "warning",
     "the run was interrupted: what follows the last point is missing"},
    {FEL_FLAG_RUINED, "warning",
     "equity went to zero or below: positions were liquidated and the run ended there"},
    {FEL_FLAG_HALTED, "warning", "a risk stop or the kill switch has cut trading off"},
    {FEL_FLAG_SAME_CLOSE, "warning",
     "orders fill at the close that they were decided on: no market gives that price"},
    {FEL_FLAG_PRICE_RETURN, "warning", "price return only: no dividends are known"},
};
enum { N_FLAG_NOTES = sizeof(flag_notes) / sizeof(flag_notes[0]), MOST_OWN = N_FLAG_NOTES + 2 };

static void add_note(fel_report *r, const char *severity, const char *text)
{
    const fel_report_pair note = {severity, text};
    r->notes[r->n_notes++] = note;
}

static fel_status add_margin_note(fel_report *r)
{
    const fel_result *result = &r->result;
    char day[40], text[160];
    const char *kept;
    size_t n_orders = 0;
    for (size_t i = 0; i < result->n_margin_calls; i++) {
        n_orders += result->margin_calls[i].n_liquidations;
    }
    if (result->n_margin_calls == 0) {
        return FEL_OK;
    }
    fel_time_format(result->margin_calls[0].time_ns, day, sizeof(day));
    (void)snprintf(text, sizeof(text), "margin calls: %zu, the first at %s; %zu liquidation orders",
                   result->n_margin_calls, day, n_orders);
    FEL_TRY(report_text_copy(r, text, &kept));
    add_note(r, "warning", kept);
    return FEL_OK;
}

fel_status report_fill_notes(fel_report *r, const fel_report_input *input)
{
    void *items;
    uint32_t flags = r->result.flags;
    if (input->is_price_return_only) {
        flags |= FEL_FLAG_PRICE_RETURN;
    }
    FEL_TRY(report_alloc(r, input->n_notes + MOST_OWN, sizeof(fel_report_pair), &items));
    r->notes = items;
    for (size_t i = 0; i < N_FLAG_NOTES; i++) {
        if (flags & flag_notes[i].flag) {
            add_note(r, flag_notes[i].severity, flag_notes[i].text);
        }
    }
    FEL_TRY(add_margin_note(r));
    if (r->result.n_fills_total > 0 && r->result.n_fills == 0) {
        add_note(r, "note", "orders and fills were not recorded: no trades can be shown");
    }
    for (size_t i = 0; i < input->n_notes; i++) {
        const char *severity, *text;
        FEL_TRY(report_text_copy(r, input->notes[i].key, &severity));
        FEL_TRY(report_text_copy(r, input->notes[i].value, &text));
        add_note(r, severity, text);
    }
    return FEL_OK;
}
