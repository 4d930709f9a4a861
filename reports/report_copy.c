/* reports/report_copy.c - own copies of all that a report is made of. */
#include <stdio.h>
#include <string.h>

#include "reports/report_model_internal.h"

fel_status report_copy_array(fel_report *r, const void *items, size_t n, size_t size, void **out)
{
    FEL_TRY(report_alloc(r, n, size, out));
    if (n > 0) {
        memcpy(*out, items, n * size);
    }
    return FEL_OK;
}

static fel_status copy_pairs(fel_report *r, const fel_report_pair *pairs, size_t n,
                             fel_report_pair **out)
{
    void *items;
    FEL_TRY(report_alloc(r, n, sizeof(fel_report_pair), &items));
    *out = items;
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(report_text_copy(r, pairs[i].key, &(*out)[i].key));
        FEL_TRY(report_text_copy(r, pairs[i].value, &(*out)[i].value));
    }
    return FEL_OK;
}

static fel_status copy_variants(fel_report *r, const fel_report_input *input)
{
    void *items;
    FEL_TRY(report_copy_array(r, input->variants, input->n_variants, sizeof(fel_report_variant),
                              &items));
    r->variants = items;
    r->n_variants = input->n_variants;
    for (size_t i = 0; i < r->n_variants; i++) {
        FEL_TRY(report_text_copy(r, r->variants[i].name, &r->variants[i].name));
        FEL_TRY(report_text_copy(r, r->variants[i].order_hash, &r->variants[i].order_hash));
    }
    return FEL_OK;
}

static fel_status copy_result(fel_report *r, const fel_result *result)
{
    void *items;
    FEL_TRY(report_copy_array(r, result->instruments, result->n_instruments, sizeof(fel_instrument),
                              &items));
    r->result.instruments = items;
    FEL_TRY(
        report_copy_array(r, result->orders, result->n_orders, sizeof(fel_order_record), &items));
    r->result.orders = items;
    FEL_TRY(report_copy_array(r, result->fills, result->n_fills, sizeof(fel_fill_record), &items));
    r->result.fills = items;
    FEL_TRY(
        report_copy_array(r, result->equity, result->n_equity, sizeof(fel_equity_point), &items));
    r->result.equity = items;
    FEL_TRY(report_copy_array(r, result->positions, result->n_instruments,
                              sizeof(fel_position_record), &items));
    r->result.positions = items;
    FEL_TRY(report_copy_array(r, result->order_events, result->n_order_events,
                              sizeof(fel_order_event), &items));
    r->result.order_events = items;
    FEL_TRY(report_copy_array(r, result->margin_calls, result->n_margin_calls,
                              sizeof(fel_margin_call), &items));
    r->result.margin_calls = items;
    r->result.legs = NULL;
    return FEL_OK;
}

/* Digits after the point of an amount: 2, but none for currencies without cents and 8 for coins. */
static int places_of(const char *currency)
{
    static const char *const whole[] = {"JPY", "KRW", "VND", "CLP", "ISK", "HUF"};
    static const char *const coins[] = {"BTC", "XBT", "ETH", "BNB", "SOL", "LTC"};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        if (strcmp(currency, whole[i]) == 0) {
            return 0;
        }
        if (strcmp(currency, coins[i]) == 0) {
            return 8;
        }
    }
    return 2;
}

static fel_status copy_settings(fel_report *r, const fel_report_input *input)
{
    FEL_TRY(report_text_copy(r, input->title, &r->title));
    FEL_TRY(report_text_copy(r, input->strategy_name, &r->strategy_name));
    if (input->benchmark != NULL) {
        const char *name = input->benchmark_name != NULL ? input->benchmark_name : "benchmark";
        FEL_TRY(report_text_copy(r, name, &r->benchmark_name));
    }
    r->currency = r->result.n_instruments > 0 ? r->result.instruments[0].currency : "";
    r->money_places = places_of(r->currency);
    r->periods_per_year = input->periods_per_year;
    r->risk_free_per_year = input->risk_free_per_year;
    r->has_all_scores = input->has_all_scores != 0;
    r->options = fel_metric_options_default();
    r->options.starts_with_cash = 1;
    r->options.periods_per_year = input->periods_per_year;
    r->options.risk_free_per_period = input->risk_free_per_year / input->periods_per_year;
    (void)snprintf(r->conventions, sizeof(r->conventions),
                   "simple returns of the equity at the last event of each trading day, flat days "
                   "included; %g periods a year; risk-free rate %g a year",
                   r->periods_per_year, r->risk_free_per_year);
    return FEL_OK;
}

fel_status report_copy_input(fel_report *r, const fel_report_input *input)
{
    r->result = *input->result;
    if (!input->is_result_borrowed) {
        FEL_TRY(copy_result(r, input->result));
    }
    FEL_TRY(copy_settings(r, input));
    FEL_TRY(copy_pairs(r, input->parameters, input->n_parameters, &r->parameters));
    r->n_parameters = input->n_parameters;
    FEL_TRY(copy_pairs(r, input->manifest, input->n_manifest, &r->manifest));
    r->n_manifest = input->n_manifest;
    return copy_variants(r, input);
}

const char *report_symbol(const fel_report *r, uint32_t instrument)
{
    return instrument < r->result.n_instruments ? r->result.instruments[instrument].symbol : "?";
}

const char *report_unit_name(fel_metric_unit unit)
{
    static const char *const names[] = {"fraction", "ratio", "years", "count", "money"};
    return (size_t)unit < sizeof(names) / sizeof(names[0]) ? names[unit] : "?";
}
