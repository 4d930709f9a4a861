/* sim/pathfeed_bars.c - from the generator's block (a row a date, paths side by side) to columns of
 * bars or quotes a path.
 *
 * Eight bars by eight paths at a time: what is read and what is written are then whole cache lines,
 * and the inner loops have a fixed length for the compiler to turn into vectors. */
#include <string.h>

#include "sim/pathfeed_internal.h"

enum { OPEN, HIGH, LOW, CLOSE, N_PRICES, TILE_ROWS = 8 };

/* One bar of ROOM_LANES paths. */
typedef struct lanes {
    double at[ROOM_LANES];
} lanes;

static inline lanes load(const double *values)
{
    lanes x;
    memcpy(&x, values, sizeof(x));
    return x;
}

/* High and low over the steps of a bar, the open included. */
static inline void read_bar(const double *first, size_t date_stride, size_t n_dates,
                            lanes prices[N_PRICES])
{
    lanes high = load(first), low = high, last = high;
    prices[OPEN] = high;
    for (size_t d = 1; d < n_dates; d++) {
        last = load(first + d * date_stride);
        for (int q = 0; q < ROOM_LANES; q++) {
            high.at[q] = last.at[q] > high.at[q] ? last.at[q] : high.at[q];
            low.at[q] = last.at[q] < low.at[q] ? last.at[q] : low.at[q];
        }
    }
    prices[HIGH] = high;
    prices[LOW] = low;
    prices[CLOSE] = last;
}

/* Where n rows of a column of ROOM_LANES paths begin: the first path's, and from path to path. */
typedef struct tile_place {
    double *first;
    size_t path_stride, n_paths, n_rows;
} tile_place;

static inline void write_tile(lanes tile[TILE_ROWS], const tile_place *to)
{
    for (size_t q = 0; q < to->n_paths; q++) {
        double *row = to->first + q * to->path_stride;
        for (size_t i = 0; i < to->n_rows; i++) {
            row[i] = tile[i].at[q];
        }
    }
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Up to TILE_ROWS bars of one asset from bar `bar` on, of the paths from `slot` on. */
static void fill_tile(const fel_path_room *room, size_t series, size_t bar, size_t slot, size_t n)
{
    const fel_path_source *s = room->source;
    const fel_path_market *m = &s->simulated.market;
    const size_t asset = m->listings[series].asset;
    const size_t date_stride = m->n_assets * room->n_slots;
    const size_t n_rows = smaller(s->n_rows[series] - bar, TILE_ROWS);
    lanes tile[N_PRICES][TILE_ROWS];
    for (size_t i = 0; i < n_rows; i++) {
        lanes prices[N_PRICES];
        const double *first =
            room_values(room, FEL_PATH_SPOT, market_open_date(m, bar + i), asset) + slot;
        read_bar(first, date_stride, m->steps_per_bar - m->overnight_steps + 1, prices);
        for (int c = 0; c < N_PRICES; c++) {
            tile[c][i] = prices[c];
        }
    }
    for (size_t c = 0; c < N_PRICES; c++) {
        const tile_place to = {room_column(room, slot, series, c) + bar,
                               s->n_series * s->n_values * room->row_stride,
                               smaller(n - slot, ROOM_LANES), n_rows};
        write_tile(tile[c], &to);
    }
}

/* A variance swap moves by its value at the steps as an asset by its price. */
static void fill_swap(const fel_path_room *room, size_t series, size_t slot)
{
    const fel_path_source *s = room->source;
    const fel_path_market *m = &s->simulated.market;
    const double horizon = fel_paths_config(s->simulated.paths)->horizon_years;
    const double scale = 1e4 / horizon;
    double *columns[N_PRICES];
    for (size_t c = 0; c < N_PRICES; c++) {
        columns[c] = room_column(room, slot, series, c);
    }
    for (size_t bar = 0; bar < s->n_rows[series]; bar++) {
        double price[N_PRICES] = {0.0};
        for (size_t d = market_open_date(m, bar); d <= market_close_date(m, bar); d++) {
            const double x = scale * room_values(room, FEL_PATH_VARIANCE_SWAP, d,
                                                 m->listings[series].asset)[slot];
            const int is_first = d == market_open_date(m, bar);
            price[OPEN] = is_first ? x : price[OPEN];
            price[HIGH] = is_first || x > price[HIGH] ? x : price[HIGH];
            price[LOW] = is_first || x < price[LOW] ? x : price[LOW];
            price[CLOSE] = x;
        }
        for (size_t c = 0; c < N_PRICES; c++) {
            columns[c][bar] = price[c];
        }
    }
}

void path_bars_fill(const fel_path_source *source, fel_path_room *room, size_t n)
{
    const fel_path_market *m = &source->simulated.market;
    for (size_t series = 0; series < source->n_series; series++) {
        if (m->listings[series].kind == FEL_LISTED_VARIANCE_SWAP) {
            for (size_t slot = 0; slot < n; slot++) {
                fill_swap(room, series, slot);
            }
        }
        if (m->listings[series].kind != FEL_LISTED_ASSET) {
            continue;
        }
        for (size_t bar = 0; bar < source->n_rows[series]; bar += TILE_ROWS) {
            for (size_t slot = 0; slot < n; slot += ROOM_LANES) {
                fill_tile(room, series, bar, slot, n);
            }
        }
    }
}

/* ---- quotes ---------------------------------------------------------------------------------- */

static void quote_path(const fel_path_room *room, size_t series, size_t slot)
{
    const fel_path_source *s = room->source;
    const fel_path_market *m = &s->simulated.market;
    const fel_listing *listing = &m->listings[series];
    const int is_swap = listing->kind == FEL_LISTED_VARIANCE_SWAP;
    const double half = m->half_spread_bps * 1e-4;
    const double scale = is_swap ? 1e4 / fel_paths_config(s->simulated.paths)->horizon_years : 1.0;
    double *bid = room_column(room, slot, series, 0), *ask = room_column(room, slot, series, 1);
    for (size_t i = 0; i < s->n_rows[series]; i++) {
        const double middle =
            scale * room_values(room, is_swap ? FEL_PATH_VARIANCE_SWAP : FEL_PATH_SPOT, i + 1,
                                listing->asset)[slot];
        bid[i] = middle * (1.0 - half);
        ask[i] = middle * (1.0 + half);
    }
}

void path_quotes_fill(const fel_path_source *source, fel_path_room *room, size_t n)
{
    for (size_t series = 0; series < source->n_series; series++) {
        for (size_t slot = 0;
             slot < n && source->simulated.market.listings[series].kind != FEL_LISTED_OPTION;
             slot++) {
            quote_path(room, series, slot);
        }
    }
}
