/* sim/pathfeed_market.c - a source of simulated paths: checks, the generator, what is listed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/generator_internal.h"
#include "sim/pathfeed_internal.h"

enum { MOST_DATES = 1000000, MOST_SUBSTEPS = 10000, MOST_LISTINGS = 4096 };

fel_path_market fel_path_market_default(void)
{
    fel_path_market market;
    memset(&market, 0, sizeof(market));
    market.struct_size = (uint32_t)sizeof(market);
    market.calendar = fel_path_calendar_default();
    market.scheme = FEL_SCHEME_QE_M;
    market.steps_per_bar = 4;
    market.substeps = 1;
    market.seed = 1;
    return market;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static fel_status check_listing(const fel_path_market *m, size_t index)
{
    const fel_listing *l = &m->listings[index];
    const char *symbol = l->instrument.symbol;
    for (size_t i = 0; i < index; i++) {
        if (strcmp(m->listings[i].instrument.symbol, symbol) == 0) {
            return FEL_RAISE(FEL_ERR_ARG, "%s is listed twice", symbol);
        }
    }
    if (l->asset >= m->n_assets) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: asset %u of %zu", symbol, l->asset, m->n_assets);
    }
    if (l->kind != FEL_LISTED_OPTION) {
        return l->kind == FEL_LISTED_ASSET || l->kind == FEL_LISTED_VARIANCE_SWAP
                   ? FEL_OK
                   : FEL_RAISE(FEL_ERR_ARG, "%s: listed as %d", symbol, (int)l->kind);
    }
    if (!(l->instrument.strike > 0.0) || !isfinite(l->instrument.strike)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: strike %g is not above zero", symbol,
                         l->instrument.strike);
    }
    if (l->expiry_bar >= m->calendar.n_bars) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s expires after bar %zu of a path of %zu bars", symbol,
                         l->expiry_bar + 1, m->calendar.n_bars);
    }
    return l->instrument.right == FEL_CALL || l->instrument.right == FEL_PUT
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "%s is neither a call nor a put", symbol);
}

static fel_status check_steps(const fel_path_market *m)
{
    if (m->steps_per_bar == 0 || m->steps_per_bar > MOST_SUBSTEPS || m->substeps == 0 ||
        m->substeps > MOST_SUBSTEPS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu steps a bar of %zu substeps; each lies in 1 .. %d",
                         m->steps_per_bar, m->substeps, MOST_SUBSTEPS);
    }
    if (m->calendar.n_bars > MOST_DATES / m->steps_per_bar) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu bars of %zu steps; a path has at most %d steps",
                         m->calendar.n_bars, m->steps_per_bar, MOST_DATES);
    }
    if (m->overnight_steps >= m->steps_per_bar ||
        (m->overnight_steps > 0 && m->rows == FEL_PATH_QUOTES)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%zu of %zu steps of a bar before its open; bars leave at least one, "
                         "quotes have none",
                         m->overnight_steps, m->steps_per_bar);
    }
    return FEL_OK;
}

static fel_status check_market(const fel_path_market *m)
{
    if (m->struct_size != sizeof(*m)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_path_market has %u bytes, this library's has %zu",
                         m->struct_size, sizeof(*m));
    }
    if (m->n_assets == 0 || m->n_assets > FEL_PATH_MAX_ASSETS || m->n_listings == 0 ||
        m->n_listings > MOST_LISTINGS) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%zu assets and %zu listings; a market has 1 to %d and 1 to %d",
                         m->n_assets, m->n_listings, FEL_PATH_MAX_ASSETS, MOST_LISTINGS);
    }
    if (!(m->half_spread_bps >= 0.0) || m->half_spread_bps >= 10000.0) {
        return FEL_RAISE(FEL_ERR_RANGE, "half_spread_bps = %g is not in [0, 10000)",
                         m->half_spread_bps);
    }
    FEL_TRY(check_steps(m));
    for (size_t i = 0; i < m->n_assets; i++) {
        FEL_TRY(fel_process_check(&m->assets[i]));
    }
    for (size_t i = 0; i < m->n_listings; i++) {
        FEL_TRY(check_listing(m, i));
    }
    return FEL_OK;
}

/* ---- drivers --------------------------------------------------------------------------------- */

/* A driver of the generator: an asset's price, or its variance. */
typedef struct driver {
    size_t asset;
    double own; /* correlation with the asset's price driver: 1, rho */
} driver;

static size_t list_drivers(const fel_path_market *m, driver drivers[2 * FEL_PATH_MAX_ASSETS])
{
    size_t n = 0;
    for (; n < m->n_assets; n++) {
        const driver price = {n, 1.0};
        drivers[n] = price;
    }
    for (size_t i = 0; i < m->n_assets; i++) {
        if (fel_process_has_variance(&m->assets[i])) {
            const driver variance = {i, m->assets[i].heston.rho};
            drivers[n++] = variance;
        }
    }
    return n;
}

/* Variance i is rho_i times price i plus something of its own: what it shares with another asset's
 * drivers goes through both prices. Such a matrix is positive definite whenever that of the prices
 * is and no rho is 1. */
static double through_prices(const fel_path_market *m, const driver *a, const driver *b, int same)
{
    if (same) {
        return 1.0;
    }
    return a->own * b->own *
           (a->asset == b->asset ? 1.0 : m->correlation[a->asset * m->n_assets + b->asset]);
}

/* NULL where assets are independent. */
static fel_status make_correlation(fel_path_source *source)
{
    simulated_market *s = &source->simulated;
    const fel_path_market *m = &s->market;
    driver drivers[2 * FEL_PATH_MAX_ASSETS];
    const size_t n = list_drivers(m, drivers);
    if (m->correlation == NULL) {
        return FEL_OK;
    }
    if (m->n_correlated != n && m->n_correlated != m->n_assets) {
        return FEL_RAISE(
            FEL_ERR_SHAPE,
            "a correlation matrix of %zu rows; %zu assets with %zu drivers take one of "
            "%zu or %zu",
            m->n_correlated, m->n_assets, n, m->n_assets, n);
    }
    s->correlation = arena_array(&source->memory, n * n, sizeof(double));
    if (s->correlation == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a correlation matrix");
    }
    s->n_drivers = n;
    if (m->n_correlated == n && n != m->n_assets) {
        memcpy(s->correlation, m->correlation, n * n * sizeof(double));
        return FEL_OK;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const int is_price = i < m->n_assets && j < m->n_assets;
            s->correlation[i * n + j] = is_price
                                            ? m->correlation[i * m->n_assets + j]
                                            : through_prices(m, &drivers[i], &drivers[j], i == j);
        }
    }
    return FEL_OK;
}

/* ---- series ---------------------------------------------------------------------------------- */

/* Steps lie evenly in the session of their bar. */
static void spread_quotes(const fel_path_market *m, const int64_t *open_ns, const int64_t *close_ns,
                          int64_t *time_ns)
{
    const int64_t n = (int64_t)m->steps_per_bar;
    for (size_t bar = 0; bar < m->calendar.n_bars; bar++) {
        const int64_t length_ns = close_ns[bar] - open_ns[bar];
        for (int64_t k = 0; k < n; k++) {
            *time_ns++ = open_ns[bar] + length_ns / n * (k + 1) + length_ns % n * (k + 1) / n;
        }
    }
}

/* Bars are known at their closes, quotes at their steps. *close_ns: of the bars, in the arena. */
static fel_status make_times(fel_path_source *source, const int64_t **close_ns)
{
    const fel_path_market *m = &source->simulated.market;
    const size_t n_bars = m->calendar.n_bars;
    if (m->rows == FEL_PATH_BARS) {
        *close_ns = source->time_ns;
        return fel_path_calendar_dates(&m->calendar, source->open_ns, source->time_ns);
    }
    int64_t *open = arena_array(&source->memory, n_bars, sizeof(int64_t));
    int64_t *close = arena_array(&source->memory, n_bars, sizeof(int64_t));
    if (open == NULL || close == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu dates", n_bars);
    }
    FEL_TRY(fel_path_calendar_dates(&m->calendar, open, close));
    if ((close[0] - open[0]) / (int64_t)m->steps_per_bar == 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu quotes in %lld ns", m->steps_per_bar,
                         (long long)(close[0] - open[0]));
    }
    spread_quotes(m, open, close, source->time_ns);
    source->open_ns = NULL;
    *close_ns = close;
    return FEL_OK;
}

static size_t find_listing(const fel_path_market *m, size_t asset)
{
    size_t i = 0;
    while (i < m->n_listings &&
           (m->listings[i].kind != FEL_LISTED_ASSET || m->listings[i].asset != asset)) {
        i++;
    }
    return i;
}

/* A dividend yield is in the drift, not in the account: without one the price is all there is. */
static fel_adjustment adjustment_of(const fel_path_market *m, const fel_listing *l)
{
    const int pays = l->kind == FEL_LISTED_ASSET && m->assets[l->asset].dividend_per_year != 0.0;
    return pays ? FEL_ADJUST_RAW : FEL_ADJUST_TOTAL_RETURN;
}

static fel_status describe(fel_path_source *source, size_t series, const int64_t *close_ns)
{
    const fel_path_market *m = &source->simulated.market;
    const fel_listing *l = &m->listings[series];
    const int is_bar = m->rows == FEL_PATH_BARS;
    const size_t n_bars = l->kind == FEL_LISTED_OPTION ? l->expiry_bar + 1 : m->calendar.n_bars;
    fel_series_info *info = &source->infos[series];
    *info = fel_series_info_default(is_bar ? FEL_DATA_BAR : FEL_DATA_QUOTE, l->instrument.symbol);
    info->instrument = l->instrument;
    info->instrument.ticks_per_unit = 0.0;
    info->adjustment = adjustment_of(m, l);
    info->length_ns = is_bar ? m->calendar.length_ns : 0;
    source->n_rows[series] = is_bar ? n_bars : n_bars * m->steps_per_bar;
    if (l->kind != FEL_LISTED_OPTION) {
        return FEL_OK;
    }
    const size_t underlying = find_listing(m, l->asset);
    if (underlying >= series) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: its underlying asset must be listed before it",
                         l->instrument.symbol);
    }
    info->instrument.kind = FEL_OPTION;
    info->instrument.underlying = (uint32_t)underlying;
    info->instrument.expiry_ns = close_ns[l->expiry_bar];
    return FEL_OK;
}

/* ---- options --------------------------------------------------------------------------------- */

static int is_of_group(const fel_listing *l, const fel_listing *first)
{
    return l->kind == FEL_LISTED_OPTION && l->asset == first->asset &&
           l->expiry_bar == first->expiry_bar;
}

static int is_first_of_group(const fel_path_market *m, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_of_group(&m->listings[i], &m->listings[index])) {
            return 0;
        }
    }
    return m->listings[index].kind == FEL_LISTED_OPTION;
}

static fel_status make_group(fel_path_source *source, size_t first)
{
    simulated_market *s = &source->simulated;
    const fel_listing *listings = s->market.listings;
    const size_t n = s->market.n_listings;
    double *strikes = arena_array(&source->memory, n, sizeof(*strikes));
    fel_option_right *rights = arena_array(&source->memory, n, sizeof(*rights));
    size_t *series = arena_array(&source->memory, n, sizeof(*series));
    size_t n_options = 0;
    if (strikes == NULL || rights == NULL || series == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu options", n);
    }
    for (size_t i = first; i < n; i++) {
        if (is_of_group(&listings[i], &listings[first])) {
            strikes[n_options] = listings[i].instrument.strike;
            rights[n_options] = listings[i].instrument.right;
            series[n_options++] = i;
        }
    }
    const option_group group = {
        listings[first].asset, listings[first].expiry_bar, n_options, strikes, rights, series};
    s->groups[s->n_groups++] = group;
    s->largest_group = n_options > s->largest_group ? n_options : s->largest_group;
    return FEL_OK;
}

static fel_status group_options(fel_path_source *source)
{
    simulated_market *s = &source->simulated;
    s->groups = arena_array(&source->memory, s->market.n_listings, sizeof(*s->groups));
    if (s->groups == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu listings", s->market.n_listings);
    }
    s->wants[FEL_PATH_SPOT] = 1;
    for (size_t i = 0; i < s->market.n_listings; i++) {
        const fel_listing *l = &s->market.listings[i];
        if (is_first_of_group(&s->market, i)) {
            FEL_TRY(make_group(source, i));
            s->wants[FEL_PATH_VARIANCE] |= fel_process_has_variance(&s->market.assets[l->asset]);
        }
        s->wants[FEL_PATH_VARIANCE_SWAP] |= l->kind == FEL_LISTED_VARIANCE_SWAP;
    }
    return FEL_OK;
}

/* ---- the source ------------------------------------------------------------------------------ */

static fel_status fill(const fel_path_source *source, fel_path_room *room, uint64_t first, size_t n)
{
    const simulated_market *s = &source->simulated;
    path_request request = {
        .first_path = first, .n_paths = n, .path_stride = room->n_slots, .stop = source->stop_flag};
    request.precision = PATH_F64;
    for (int i = 0; i < FEL_PATH_N_OUTPUTS; i++) {
        request.values[i] = room->values[i];
    }
    FEL_TRY(paths_fill(s->paths, &request, 1));
    if (s->market.rows == FEL_PATH_BARS) {
        path_bars_fill(source, room, n);
    } else {
        path_quotes_fill(source, room, n);
    }
    return path_options_fill(source, room, n);
}

static fel_status copy_market(fel_path_source *source, const fel_path_market *market)
{
    fel_path_market *m = &source->simulated.market;
    fel_process *assets = arena_array(&source->memory, market->n_assets, sizeof(*assets));
    fel_listing *listings = arena_array(&source->memory, market->n_listings, sizeof(*listings));
    if (assets == NULL || listings == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a market of %zu assets", market->n_assets);
    }
    memcpy(assets, market->assets, market->n_assets * sizeof(*assets));
    memcpy(listings, market->listings, market->n_listings * sizeof(*listings));
    *m = *market;
    m->assets = assets;
    m->listings = listings;
    return FEL_OK;
}

static fel_status make_paths(fel_path_source *source)
{
    simulated_market *s = &source->simulated;
    const fel_path_market *m = &s->market;
    double bars_per_year = 0.0;
    FEL_TRY(fel_path_calendar_rate(&m->calendar, &bars_per_year));
    fel_path_config config = fel_path_config_default();
    config.scheme = m->scheme;
    config.horizon_years = (double)m->calendar.n_bars / bars_per_year;
    config.n_dates = m->calendar.n_bars * m->steps_per_bar;
    config.n_substeps = m->substeps;
    config.seed = m->seed;
    config.physical_drift = m->has_drift != 0;
    config.drift_per_year = m->drift_per_year;
    FEL_TRY(make_correlation(source));
    return fel_paths_create(&s->paths, m->assets, m->n_assets, s->correlation, &config);
}

static fel_status build(fel_path_source *source, const fel_path_market *market)
{
    const int is_bar = market->rows == FEL_PATH_BARS;
    const size_t n_bars = market->calendar.n_bars;
    const int64_t *close_ns = NULL;
    source->n_columns = is_bar ? FEL_BAR_COLUMNS : FEL_QUOTE_COLUMNS;
    source->n_values = is_bar ? FEL_BAR_COLUMNS - 1 : 2;
    source->fill = fill;
    FEL_TRY(copy_market(source, market));
    FEL_TRY(path_source_alloc(source, market->n_listings,
                              is_bar ? n_bars : n_bars * market->steps_per_bar));
    FEL_TRY(make_times(source, &close_ns));
    for (size_t i = 0; i < market->n_listings; i++) {
        FEL_TRY(describe(source, i, close_ns));
    }
    FEL_TRY(group_options(source));
    return make_paths(source);
}

fel_status fel_path_source_simulated(fel_path_source **out, const fel_path_market *market)
{
    double ignored = 0.0;
    FEL_TRY(check_market(market));
    FEL_TRY(fel_path_calendar_rate(&market->calendar, &ignored));
    fel_path_source *source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a market");
    }
    const fel_status status = build(source, market);
    if (status != FEL_OK) {
        fel_path_source_destroy(source);
        return status;
    }
    *out = source;
    return FEL_OK;
}
