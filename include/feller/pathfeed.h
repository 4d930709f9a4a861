/* feller/pathfeed.h - paths as feeds of the engine: simulated markets, resampled history.
 *
 * A source says what there is to see (series, rows, dates) and makes path k from (seed, k) alone. A
 * room is one thread's place for a few paths as columns; its feeds read the path that is selected,
 * so that one engine runs path after path without being made again. */
#ifndef FEL_PATHFEED_H
#define FEL_PATHFEED_H

#include <feller/data.h>
#include <feller/paths.h>

FEL_BEGIN_DECLS

/* ---- dates ------------------------------------------------------------------------------------
 */

typedef enum fel_path_days {
    FEL_PATH_BUSINESS_DAYS = 0, /* Monday to Friday, no holidays; 252 make a year */
    FEL_PATH_ALL_DAYS = 1       /* 365 make a year */
} fel_path_days;

/* When simulated bars are. Time of the model passes in sessions only: each day takes 1/252 (1/365)
 * of a year, each bar of it an equal part, nights and weekends none. */
typedef struct fel_path_calendar {
    uint32_t struct_size;
    fel_path_days days;
    int64_t start_ns;        /* the first bar's day: any instant of it (UTC); if it is none of the
                                calendar's, the next one that is */
    int64_t session_open_ns; /* from midnight UTC to where a day's bars begin */
    int64_t session_ns;      /* from there to where they end, at most a day */
    int64_t length_ns;       /* of a bar: a day, which lasts for the session, or a part of the
                                session that divides it */
    size_t n_bars;           /* 1 .. 10^6 */
} fel_path_calendar;

/* 252 daily bars of business days from 2000-01-03 on, from midnight to midnight UTC. */
FEL_API fel_path_calendar fel_path_calendar_default(void);

/* Bars a year: 252, 365, or that many times the bars of a session. ERR_RANGE, ERR_ARG for a
 * calendar that is none. */
FEL_API FEL_NODISCARD fel_status fel_path_calendar_rate(const fel_path_calendar *calendar,
                                                        double *bars_per_year);
/* When each bar opens and when it is known; n_bars places each. */
FEL_API FEL_NODISCARD fel_status fel_path_calendar_dates(const fel_path_calendar *calendar,
                                                         int64_t *open_ns, int64_t *close_ns);

/* ---- a simulated market ------------------------------------------------------------------------
 */

typedef enum fel_listing_kind {
    FEL_LISTED_ASSET = 0,        /* the process itself */
    FEL_LISTED_OPTION = 1,       /* European, at the model's price given (S, v, t) */
    FEL_LISTED_VARIANCE_SWAP = 2 /* 10^4 x (variance to the last bar as known now) / horizon in
                                    years: the fair strike in squared volatility points, whose last
                                    value is what was realised; not discounted */
} fel_listing_kind;

/* One instrument of a simulated market. */
typedef struct fel_listing {
    fel_listing_kind kind;
    uint32_t asset;            /* place in the market's assets, of the option or swap too */
    fel_instrument instrument; /* symbol, kind, currency, lot, multiplier; right and strike of
                                  options, whose kind, expiry and underlying are set here */
    size_t expiry_bar;         /* options: settled at the close of this bar, from 0 */
} fel_listing;

typedef enum fel_path_rows {
    FEL_PATH_BARS = 0,  /* open, high, low, close of the steps of a bar; volume NaN */
    FEL_PATH_QUOTES = 1 /* a bid and an ask at each step; sizes NaN */
} fel_path_rows;

/* Start from fel_path_market_default(). */
typedef struct fel_path_market {
    uint32_t struct_size;
    fel_path_rows rows;
    fel_path_calendar calendar;
    const fel_process *assets;
    size_t n_assets;
    const fel_listing *listings; /* in the order of the series; an option's asset before it */
    size_t n_listings;
    /* Row-major: of the assets' price drivers (n_correlated = n_assets; what a variance driver then
     * has in common with other assets it has through its own price), or of all drivers in the order
     * of fel_paths_create(). NULL: independent. */
    const double *correlation;
    size_t n_correlated;
    fel_scheme scheme;
    size_t steps_per_bar;   /* prices seen in a bar, the close included: 1 .. 10^4 */
    size_t substeps;        /* steps of the scheme from one to the next: 1 .. 10^4 */
    size_t overnight_steps; /* of steps_per_bar, those before the open: 0, the open is the close
                               before, .. steps_per_bar - 1; bars only */
    double half_spread_bps; /* quotes: half the bid-ask spread */
    uint64_t seed;
    int has_drift; /* S drifts by drift_per_year instead of r - q; prices of options stay */
    double drift_per_year;
} fel_path_market;

/* Bars, the default calendar, QE_M, 4 steps a bar, 1 substep, seed 1. */
FEL_API fel_path_market fel_path_market_default(void);

/* ---- resampled history -------------------------------------------------------------------------
 */

typedef enum fel_bootstrap_method {
    FEL_BOOTSTRAP_STATIONARY = 0, /* blocks of geometric length (Politis, Romano 1994) */
    FEL_BOOTSTRAP_BLOCK = 1       /* blocks of one length (Kunsch 1989), round the end */
} fel_bootstrap_method;

/* Bars of one or more series drawn again in blocks. A bar is drawn as open, high, low and close
 * over the close before it and its own volume, all series at the same dates. The path begins at the
 * source's first close and has the source's dates from its second bar on; where it is longer they
 * are repeated, whole weeks on. */
typedef struct fel_bootstrap {
    uint32_t struct_size;
    fel_bootstrap_method method;
    double
        block_bars; /* mean length (stationary), length: 1 .. the source's bars; whole for BLOCK */
    uint64_t seed;
    size_t n_bars;                   /* of a path; 0: one less than the source has */
    const fel_series *const *series; /* bars, dates that all of them have; copied */
    size_t n_series;
} fel_bootstrap;

/* Stationary, 20 bars, seed 1. */
FEL_API fel_bootstrap fel_bootstrap_default(void);

/* Which of n_source rows each of n rows of a path is. ERR_RANGE, ERR_ARG. */
FEL_API FEL_NODISCARD fel_status fel_bootstrap_draw(const fel_bootstrap *how, size_t n_source,
                                                    uint64_t path, size_t *rows, size_t n);

/* ---- sources -----------------------------------------------------------------------------------
 */

/* Immutable once made, shared by threads. */
typedef struct fel_path_source fel_path_source;

/* ERR_ARG, ERR_RANGE with what is wrong; sizes that no machine has are refused before anything is
 * allocated. */
FEL_API FEL_NODISCARD fel_status fel_path_source_simulated(fel_path_source **out,
                                                           const fel_path_market *market);
/* ERR_ARG for series that are no bars, ERR_FORMAT for prices that are not positive (says the row),
 * ERR_RANGE for fewer than two common dates or a block longer than the series. */
FEL_API FEL_NODISCARD fel_status fel_path_source_bootstrapped(fel_path_source **out,
                                                              const fel_bootstrap *how);
FEL_API void fel_path_source_destroy(fel_path_source *source); /* NULL is allowed */

/* Where a signal handler writes 1: paths that are being made then end with ERR_STOPPED after the
 * step at hand. Before the source is shared; must outlive it. NULL: none. */
FEL_API void fel_path_source_watch(fel_path_source *source, const volatile int *stop_flag);

FEL_API size_t fel_path_source_count(const fel_path_source *source); /* series */
/* Borrowed, good while the source lives. */
FEL_API const fel_series_info *fel_path_source_describe(const fel_path_source *source,
                                                        size_t series);
/* Rows of a series, the same of every path, and the instants at which they are known; the longest
 * series has all of the source's instants, others the first of them. */
FEL_API size_t fel_path_source_rows(const fel_path_source *source, size_t series);
FEL_API const int64_t *fel_path_source_times(const fel_path_source *source);
/* Of a simulated market's drivers, as given to the generator: n x n, NULL and 0 where there is one
 * asset or none is correlated. Borrowed. */
FEL_API const double *fel_path_source_correlation(const fel_path_source *source, size_t *n);

/* One path as series, as they would come from a file: out[fel_path_source_count()], the caller's.
 */
FEL_API FEL_NODISCARD fel_status fel_path_source_series(const fel_path_source *source,
                                                        uint64_t path, fel_series **out);

/* ---- rooms -------------------------------------------------------------------------------------
 */

typedef struct fel_path_room fel_path_room;

/* n_paths: for so many at a time; 0: as many as stay in the cache. What a path holds does not
 * depend on it. ERR_NOMEM, ERR_RANGE. */
FEL_API FEL_NODISCARD fel_status fel_path_room_create(fel_path_room **out,
                                                      const fel_path_source *source,
                                                      size_t n_paths);
FEL_API void fel_path_room_destroy(fel_path_room *room); /* NULL is allowed */
FEL_API size_t fel_path_room_size(const fel_path_room *room);

/* Paths first .. first + n - 1, n <= the room's size; the first is selected. Allocates nothing but
 * what the generator does. ERR_STOPPED: see fel_path_source_watch(). */
FEL_API FEL_NODISCARD fel_status fel_path_room_fill(fel_path_room *room, uint64_t first, size_t n);
/* The i-th of them is what feeds read from their next rewind on. */
FEL_API void fel_path_room_select(fel_path_room *room, size_t i);

/* A feed over rows start_ns <= time_ns < end_ns of a series, all of them in one block: no copy. The
 * room must outlive it. */
FEL_API FEL_NODISCARD fel_status fel_path_room_feed(const fel_path_room *room, size_t series,
                                                    int64_t start_ns, int64_t end_ns,
                                                    fel_feed *out);

FEL_END_DECLS
#endif
