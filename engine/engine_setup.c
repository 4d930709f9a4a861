/* engine/engine_setup.c - instruments, cursors and options of a run, from its sources. */
#include <string.h>

#include "engine/engine_internal.h"

static uint32_t find_symbol(const fel_engine *e, const char *symbol)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (strcmp(e->instruments[i].symbol, symbol) == 0) {
            return i;
        }
    }
    return SLOT_NONE;
}

static int is_option_row(const fel_series_info *info)
{
    return info->instrument.kind == FEL_OPTION;
}

static fel_status check_instrument(const fel_engine *e, const fel_instrument *i)
{
    if (strcmp(i->currency, e->config.currency) != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%s is in %s, the account in %s: one currency a run",
                         i->symbol, i->currency, e->config.currency);
    }
    if (!(i->multiplier > 0.0) || !(i->lot >= 0.0) || !(i->ticks_per_unit >= 0.0)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: multiplier %g must be positive, lot %g and ticks a unit %g not "
                         "negative",
                         i->symbol, i->multiplier, i->lot, i->ticks_per_unit);
    }
    return FEL_OK;
}

fel_status setup_instruments(fel_engine *e)
{
    e->instruments = arena_array(&e->fixed, e->n_sources, sizeof(fel_instrument));
    if (e->instruments == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu instruments", e->n_sources);
    }
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        const int makes_one = fel_gives_prices(info->kind) || is_option_row(info);
        if (!makes_one || find_symbol(e, info->instrument.symbol) != SLOT_NONE) {
            continue;
        }
        fel_instrument *i = &e->instruments[e->n_instruments];
        *i = info->instrument;
        i->index = (uint32_t)e->n_instruments++;
        FEL_TRY(check_instrument(e, i));
    }
    return e->n_instruments > 0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG,
                           "no source gives prices: bars, quotes, trades or depth are needed");
}

static fel_status place_signal(fel_engine *e, const char *name, uint32_t *place)
{
    for (uint32_t i = 0; i < e->n_signals; i++) {
        if (strcmp(e->signal_names[i], name) == 0) {
            *place = i;
            return FEL_OK;
        }
    }
    *place = (uint32_t)e->n_signals++;
    memcpy(e->signal_names[*place], name, FEL_COLUMN_NAME_SIZE);
    return FEL_OK;
}

static fel_status place_signals(fel_engine *e, const fel_series_info *info, cursor *c)
{
    uint32_t *places = arena_array(&e->fixed, info->n_columns, sizeof(uint32_t));
    if (places == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for signal columns");
    }
    for (uint32_t j = 0; j < info->n_columns; j++) {
        FEL_TRY(place_signal(e, info->columns[j], &places[j]));
    }
    c->signal_columns = places;
    c->n_columns = info->n_columns;
    return FEL_OK;
}

static fel_status make_cursor(fel_engine *e, size_t source)
{
    const fel_series_info *info = e->sources[source].info;
    const uint32_t instrument = find_symbol(e, info->instrument.symbol);
    cursor *c = &e->merge.cursors[e->merge.n++];
    if (instrument == SLOT_NONE) {
        return FEL_RAISE(FEL_ERR_ARG, "%s has %s but no prices in this run",
                         info->instrument.symbol,
                         info->kind == FEL_DATA_SIGNAL    ? "signals"
                         : info->kind == FEL_DATA_FUNDING ? "funding rates"
                                                          : "actions");
    }
    if (info->kind == FEL_DATA_FUNDING && e->instruments[instrument].kind != FEL_PERPETUAL) {
        return FEL_RAISE(FEL_ERR_ARG, "%s has funding rates and is no perpetual",
                         info->instrument.symbol);
    }
    c->instrument = instrument;
    c->source = (uint32_t)source;
    c->kind = info->kind;
    c->length_ns = info->length_ns;
    if (info->kind == FEL_DATA_SIGNAL) {
        return place_signals(e, info, c);
    }
    if (info->kind == FEL_DATA_BAR && info->length_ns <= 0) {
        return FEL_RAISE(FEL_ERR_ARG, "bars of %s have no length", info->instrument.symbol);
    }
    return FEL_OK;
}

fel_status setup_cursors(fel_engine *e)
{
    size_t n_names = 0;
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        n_names += info->kind == FEL_DATA_SIGNAL ? info->n_columns : 0;
    }
    e->merge.cursors = arena_array(&e->fixed, e->n_sources, sizeof(cursor));
    e->signal_names = arena_array(&e->fixed, n_names, FEL_COLUMN_NAME_SIZE);
    if (e->merge.cursors == NULL || e->signal_names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu feeds", e->n_sources);
    }
    for (size_t s = 0; s < e->n_sources; s++) {
        FEL_TRY(make_cursor(e, s));
    }
    return merge_create(e);
}

/* ---- options and actions
 * ---------------------------------------------------------------------------------- */

fel_status setup_options(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const fel_instrument *o = &e->instruments[i];
        if (!fel_expires(o)) {
            continue;
        }
        if (o->kind == FEL_OPTION && ((unsigned)o->exercise > FEL_AMERICAN ||
                                      (unsigned)o->delivery > FEL_DELIVER_PHYSICAL)) {
            return FEL_RAISE(FEL_ERR_ARG, "option %s: exercise %d, delivery %d: each is 0 or 1",
                             o->symbol, (int)o->exercise, (int)o->delivery);
        }
        if (o->kind == FEL_OPTION &&
            (o->underlying >= e->n_instruments || o->underlying == i || !(o->strike >= 0.0))) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "option %s: underlying %u must be another instrument of the run and "
                             "strike %g not negative",
                             o->symbol, o->underlying, o->strike);
        }
        FEL_TRY(ARRAY_PUSH(&e->options, i));
        /* Insert by expiry; equal expiries stay in the order of instruments. */
        for (size_t k = e->options.n - 1; k > 0; k--) {
            uint32_t *pair = &e->options.items[k - 1];
            if (e->instruments[pair[0]].expiry_ns <= e->instruments[pair[1]].expiry_ns) {
                break;
            }
            const uint32_t swap = pair[0];
            pair[0] = pair[1];
            pair[1] = swap;
        }
    }
    return FEL_OK;
}

void setup_adjustments(fel_engine *e)
{
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        if (fel_gives_prices(info->kind)) {
            instrument_state *state = &e->inst[find_symbol(e, info->instrument.symbol)];
            state->books_splits = info->adjustment == FEL_ADJUST_RAW;
            state->books_dividends = info->adjustment != FEL_ADJUST_TOTAL_RETURN;
        }
    }
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        int has_actions = !e->inst[i].books_dividends;
        for (size_t s = 0; s < e->n_sources && !has_actions; s++) {
            const fel_series_info *info = e->sources[s].info;
            has_actions = info->kind == FEL_DATA_ACTION &&
                          strcmp(info->instrument.symbol, e->instruments[i].symbol) == 0;
        }
        const fel_instrument_kind kind = e->instruments[i].kind;
        if (!has_actions && (kind == FEL_EQUITY || kind == FEL_INDEX)) {
            e->flags |= FEL_FLAG_PRICE_RETURN;
        }
    }
}
