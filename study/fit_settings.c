/* study/fit_settings.c - what a calibration was asked for, as pairs of words: objective, weights,
 * starts, and what of the chain's options is not the default. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/fit_internal.h"

enum { MAX_PAIRS = 24 };

typedef struct pair_list {
    fel_calibration_run *run;
    fel_report_pair *items;
    size_t n;
    int is_out_of_memory;
} pair_list;

static void add(pair_list *list, const char *key, const char *value)
{
    list->is_out_of_memory = list->is_out_of_memory || value == NULL;
    list->items[list->n].key = key;
    list->items[list->n++].value = value;
}

static void add_number(pair_list *list, const char *key, double value)
{
    char text[NUMBER_TEXT_SIZE];
    if (!isnan(value)) {
        number_format(value, text, sizeof(text));
        add(list, key, arena_text(&list->run->memory, text));
    }
}

static void add_word(pair_list *list, const char *key, const char *word)
{
    if (word[0] != '\0') {
        add(list, key, arena_text(&list->run->memory, word));
    }
}

/* "0.8 .. 1.2", nothing for everything. */
static void add_range(pair_list *list, const char *key, double low, double high)
{
    if (low > 0.0 || isfinite(high)) {
        add(list, key, arena_printf(&list->run->memory, "%g .. %g", low, high));
    }
}

static void add_switch(pair_list *list, const char *key, int is_on)
{
    if (is_on) {
        add(list, key, "true");
    }
}

static void add_chain(pair_list *list, const fel_chain_options *o)
{
    add_word(list, "quote_date", o->quote_date);
    add_word(list, "date_format", o->date_format);
    add_word(list, "map", o->map);
    add_number(list, "spot", o->spot);
    add_number(list, "rate", o->rate_per_year);
    add_number(list, "dividend", o->dividend_per_year);
    add_range(list, "moneyness", o->min_moneyness, o->max_moneyness);
    add_range(list, "maturity, years", o->min_t_years, o->max_t_years);
    add_range(list, "vol", o->min_vol_per_year, o->max_vol_per_year);
    add_switch(list, "otm_only", o->otm_only);
    add_switch(list, "keep_zero_bid", o->keep_zero_bid);
    add_switch(list, "keep_arbitrage", o->keep_arbitrage);
    add_switch(list, "prefer_vol", o->prefer_vol);
}

fel_status fit_fill_settings(fel_calibration_run *run)
{
    const fel_calibrate_options *o = &run->options;
    pair_list list = {run, arena_array(&run->memory, MAX_PAIRS, sizeof(*list.items)), 0, 0};
    FEL_TRY(fit_need(list.items));
    add(&list, "objective", fel_fit_objective_name(o->objective));
    add(&list, "weight", fel_fit_weight_name(o->weight));
    add_number(&list, "starts", (double)o->n_starts);
    add_switch(&list, "start given", run->has_start);
    add_number(&list, "tolerance", o->tolerance);
    add_number(&list, "max_iterations", (double)o->max_iterations);
    add_chain(&list, &run->chain_options);
    run->report.parameters = list.items;
    run->report.n_parameters = list.n;
    return list.is_out_of_memory ? fit_need(NULL) : FEL_OK;
}
