/* reports/forecast_notes.c - what a reader of a forecasting study must be told beside its numbers:
 * what they do not count, and what they cannot say. */
#include <math.h>

#include "reports/report_model_internal.h"

enum { NOTE_SIZE = 320 };

static fel_status add(fel_report *r, const char *severity, const char *text)
{
    fel_report_pair *note = &r->forecast_notes[r->n_forecast_notes];
    note->key = severity;
    FEL_TRY(report_text_copy(r, text, &note->value));
    r->n_forecast_notes++;
    return FEL_OK;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static fel_status note_flat_loss(fel_report *r)
{
    char text[NOTE_SIZE];
    if (!r->forecast->has_zero_gradient) {
        return FEL_OK;
    }
    (void)snprintf(
        text, sizeof(text),
        "the training loss %s has a gradient of zero wherever it has one: networks learn "
        "nothing from it, and what trades is the random start that did best on "
        "validation data",
        r->forecast->loss_name);
    return add(r, "warning", text);
}

static fel_status note_trials(fel_report *r)
{
    char text[NOTE_SIZE];
    const fel_forecast_report *f = r->forecast;
    uint64_t n_trials = 0, n_failed = 0;
    for (size_t i = 0; i < f->n_windows; i++) {
        n_trials += f->windows[i].n_trials;
        n_failed += f->windows[i].n_failed;
    }
    if (n_failed > 0) {
        (void)snprintf(text, sizeof(text),
                       "%llu of %llu trials failed and could not be chosen: trials.csv says why",
                       (unsigned long long)n_failed, (unsigned long long)n_trials);
        FEL_TRY(add(r, "warning", text));
    }
    if (n_trials <= f->n_windows) {
        return FEL_OK;
    }
    (void)snprintf(
        text, sizeof(text),
        "hyper-parameters were chosen among %llu trials over %zu window%s, on validation "
        "data alone: the deflated Sharpe ratio does not count these trials, nor what was "
        "tried before this study",
        (unsigned long long)n_trials, f->n_windows, plural(f->n_windows));
    return add(r, "note", text);
}

static fel_status note_seeds(fel_report *r)
{
    if (r->forecast->n_seeds != 1) {
        return FEL_OK;
    }
    return add(
        r, "note",
        "one seed: how much of the result is the luck of initial weights and of the order of "
        "samples is not known");
}

static fel_status note_better(fel_report *r)
{
    char text[NOTE_SIZE];
    const fel_forecast_report *f = r->forecast;
    size_t n_better = 0;
    for (size_t i = 1; i < f->n_rivals; i++) {
        n_better += f->rivals[i].numbers.sharpe > f->rivals[0].numbers.sharpe;
    }
    if (n_better == 0) {
        return FEL_OK;
    }
    (void)snprintf(text, sizeof(text), "%zu of %zu rivals %s a higher Sharpe ratio than the model",
                   n_better, f->n_rivals - 1, n_better == 1 ? "has" : "have");
    return add(r, "note", text);
}

static fel_status note_tests(fel_report *r)
{
    char text[NOTE_SIZE];
    const fel_forecast_report *f = r->forecast;
    size_t n_tests = 0;
    for (size_t i = 0; i < f->n_rivals; i++) {
        n_tests += isnan(f->rivals[i].dm_p_value) ? 0 : 1;
    }
    if (n_tests < 2) {
        return FEL_OK;
    }
    (void)snprintf(text, sizeof(text),
                   "each rival's p-value stands alone, not corrected for there being %zu: one in "
                   "twenty is below 0.05 where there is no difference at all",
                   n_tests);
    return add(r, "note", text);
}

fel_status forecast_fill_notes(fel_report *r)
{
    FEL_TRY(note_flat_loss(r));
    FEL_TRY(note_trials(r));
    FEL_TRY(note_better(r));
    FEL_TRY(note_tests(r));
    return note_seeds(r);
}
