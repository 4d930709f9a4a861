/* feller/data.h - series of market data: in memory, in CSV files, in a store; and the feed that
 * hands them to the engine in blocks.
 *
 * One shape for everything: a series is an ordered list of rows, each with the instant at which it
 * is known and a few double columns; its kind says what the columns mean. */
#ifndef FEL_DATA_H
#define FEL_DATA_H

#include <feller/market.h>

FEL_BEGIN_DECLS

/* ---- series ------------------------------------------------------------------------------------
 */

/* Pinned: written into stores. */
typedef enum fel_data_kind {
    FEL_DATA_BAR = 1,    /* open, high, low, close, volume */
    FEL_DATA_QUOTE = 2,  /* bid, ask, bid_size, ask_size */
    FEL_DATA_SIGNAL = 3, /* any named columns */
    FEL_DATA_ACTION = 4, /* kind (fel_action_kind as a number), value */
    FEL_DATA_TRADE = 5,  /* price, quantity, taker_side: 1 buyer, -1 seller, 0 not known */
    FEL_DATA_DEPTH = 6,  /* side (1 bid, -1 ask), price, quantity, flags (FEL_DEPTH_SNAPSHOT) */
    FEL_DATA_FUNDING = 7 /* rate, mark (NaN: the last price), of a perpetual */
} fel_data_kind;

/* Can an instrument's rows of this kind fill orders and say what it is worth? */
static inline int fel_gives_prices(fel_data_kind kind)
{
    return kind == FEL_DATA_BAR || kind == FEL_DATA_QUOTE || kind == FEL_DATA_TRADE ||
           kind == FEL_DATA_DEPTH;
}

/* What has been done to the prices; decides which actions a run books. Pinned. */
typedef enum fel_adjustment {
    FEL_ADJUST_RAW = 0,         /* as traded: splits and dividends are booked */
    FEL_ADJUST_SPLIT = 1,       /* divided by later splits: only dividends are booked */
    FEL_ADJUST_TOTAL_RETURN = 2 /* dividends too are in the prices: nothing is booked */
} fel_adjustment;

enum { FEL_MAX_COLUMNS = 64, FEL_COLUMN_NAME_SIZE = 32, FEL_ZONE_SIZE = 64 };
enum { FEL_BAR_COLUMNS = 5, FEL_QUOTE_COLUMNS = 4, FEL_ACTION_COLUMNS = 2 };
enum { FEL_TRADE_COLUMNS = 3, FEL_DEPTH_COLUMNS = 4, FEL_FUNDING_COLUMNS = 2 };

/* What a series is; plain data, copied freely. */
typedef struct fel_series_info {
    fel_instrument instrument; /* index is set by the run */
    fel_data_kind kind;
    fel_adjustment adjustment;
    int64_t length_ns;        /* bars: nominal length (open instant = close - this); else 0 */
    char zone[FEL_ZONE_SIZE]; /* IANA name the source's times were read in */
    uint32_t n_columns;
    uint32_t reserved;
    char columns[FEL_MAX_COLUMNS][FEL_COLUMN_NAME_SIZE];
    char source_hash[33]; /* XXH3 128 of the source's bytes as hex; "" if not from a file */
} fel_series_info;

/* A run of rows: n instants and, for each of n_columns columns, n doubles. Times never decrease
 * within a series. A window on somebody else's memory. */
typedef struct fel_block {
    size_t n;
    size_t n_columns;
    const int64_t *time_ns;
    const int64_t
        *open_ns; /* bars whose length varies: their open instants; NULL: time_ns - length */
    const double *const *columns;
} fel_block;

/* An immutable series in memory; may be shared by threads. */
typedef struct fel_series fel_series;

/* Copies everything. ERR_SHAPE if n_columns differs from the kind's or the info's, ERR_FORMAT with
 * the row if times decrease or, for bars, an open instant is after its close instant. */
FEL_API FEL_NODISCARD fel_status fel_series_create(fel_series **out, const fel_series_info *info,
                                                   const fel_block *rows);
FEL_API void fel_series_destroy(fel_series *series); /* NULL is allowed */

/* Borrowed; good while the series lives. */
FEL_API const fel_series_info *fel_series_describe(const fel_series *series);
FEL_API fel_block fel_series_rows(const fel_series *series);

/* An info with its kind's columns named, everything else empty, multiplier 1. */
FEL_API fel_series_info fel_series_info_default(fel_data_kind kind, const char *symbol);

/* The largest power-of-ten grid (1, 10, ... 10^8 ticks a unit; smallest that fits) on which every
 * finite value of these columns lies; 0 if there is none. */
FEL_API double fel_detect_ticks_per_unit(const double *const *columns, size_t n_columns, size_t n);

/* ---- feed
 * ---------------------------------------------------------------------------------------- */

/* Where the engine pulls rows from: a series, a store in chunks, a simulated path. One thread. */
typedef struct fel_feed_class {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    /* The next rows, later than all before; n = 0 at the end. Good until the next call. */
    fel_status (*next)(void *self, fel_block *out);
    /* Start again from the first row. */
    fel_status (*rewind)(void *self);
    void (*destroy)(void *self);
} fel_feed_class;

typedef struct fel_feed {
    const fel_feed_class *code;
    void *self;
} fel_feed;

static inline void fel_feed_destroy(fel_feed *feed)
{
    if (feed->code != NULL) {
        feed->code->destroy(feed->self);
    }
    feed->code = NULL;
    feed->self = NULL;
}

/* A feed over the rows of a series with start_ns <= time_ns < end_ns (FEL_TIME_MIN, FEL_TIME_MAX
 * for all). The series must outlive the feed. block_rows 0: all rows in one block. */
FEL_API FEL_NODISCARD fel_status fel_feed_of_series(fel_feed *out, const fel_series *series,
                                                    int64_t start_ns, int64_t end_ns,
                                                    size_t block_rows);

/* ---- time
 * ---------------------------------------------------------------------------------------- */

/* Parse "2020-04-20", "2020-04-20 16:00:00.5", "2020-04-20T16:00:00Z", "...+02:00" into ns UTC;
 * times without an offset are read in `zone` (IANA name; NULL or "" is UTC). ERR_FORMAT otherwise;
 * ERR_RANGE for local times that a clock change skips; one that occurs twice is the first. */
FEL_API FEL_NODISCARD fel_status fel_time_parse(const char *text, const char *zone,
                                                int64_t *time_ns);

/* The clock changes of a zone (IANA name; NULL or "" is UTC), read once: immutable, may be shared
 * by threads. ERR_ARG for a name that is not known. */
typedef struct zone_table fel_zone;
FEL_API FEL_NODISCARD fel_status fel_zone_create(fel_zone **out, const char *name);
FEL_API void fel_zone_destroy(fel_zone *zone); /* NULL is allowed */
/* What the wall clock shows at an instant, as ns since its 1970-01-01. */
FEL_API int64_t fel_zone_wall(const fel_zone *zone, int64_t time_ns);
/* When the wall clock shows that: the first time if twice, the instant of the change if never. */
FEL_API int64_t fel_zone_instant(const fel_zone *zone, int64_t wall_ns);

/* Wall clock minus UTC at an instant in a zone (IANA name; NULL or "" is UTC). ERR_ARG for a name
 * that is not known. */
FEL_API FEL_NODISCARD fel_status fel_zone_offset(const char *zone, int64_t time_ns,
                                                 int64_t *offset_ns);

/* "2020-04-20T16:00:00Z", with a fraction only where there is one. size >= 40. */
FEL_API void fel_time_format(int64_t time_ns, char *text, size_t size);

/* The UTC day, "2020-04-20", of the trading day that a row known at time_ns belongs to: the day of
 * the nanosecond before it. size >= 16. */
FEL_API void fel_day_format(int64_t time_ns, char *text, size_t size);

/* "1d", "4h", "15m", "30s", "1w" to nanoseconds. */
FEL_API FEL_NODISCARD fel_status fel_duration_parse(const char *text, int64_t *duration_ns);

/* ---- reading CSV
 * --------------------------------------------------------------------------------- */

typedef enum fel_bad_rows {
    FEL_BAD_ROWS_STOP = 0,      /* the first bad row is an error */
    FEL_BAD_ROWS_QUARANTINE = 1 /* bad rows go to a file with their reasons and are counted */
} fel_bad_rows;

/* How to read a file. Start from fel_csv_options_default(); empty strings mean "find out".
 *
 * Dated rows (no time of day, or midnight throughout, in steps of whole days): the row of day d
 * begins at d 00:00 and is known at d+1 00:00 in `zone`, or from the session's first hour to its
 * last. A session that ends before it begins ("18:00-17:00") began the day before. Weeks, months,
 * quarters and years are counted on the calendar; they begin at their stamps unless stamp says
 * "close" or the stamps are plainly ends (last days of months, Thursdays to Sundays). Rows with a
 * time of day begin at their stamp
 * ("open") or are known at it ("close"); quotes and signals are known at their stamps, dated
 * signals at the end of their day. Stamps with a UTC offset and counts since 1970 are instants;
 * where a zone is given too, days are counted in it. */
typedef struct fel_csv_options {
    uint32_t struct_size;
    fel_bad_rows bad_rows;
    char layout[32]; /* "canonical", "yahoo", "binance", "histdata", "lean", "panel", ...
                        fel_layout_at(); "" detects */
    char symbol[FEL_SYMBOL_SIZE]; /* "" takes the file's name; panels: only this symbol */
    char zone[FEL_ZONE_SIZE];     /* IANA zone of the times; "" is UTC, or the layout's own */
    char session[16];     /* "09:30-16:00": local hours of a daily bar; "" is the whole day */
    char stamp[8];        /* "open" or "close": what a time stamp is; "" see above */
    char map[256];        /* "time=Date,close=Last,volume=7": columns by header or 1-based
                             number; time, clock, end, symbol, open, high, low, close, volume,
                             bid, ask, bid_size, ask_size, dividend, split, gain,
                             price, quantity, side, maker, flags, funding, mark */
    char date_format[32]; /* "dmy" or "mdy" or "ymd" where dates are ambiguous */
    char currency[FEL_CURRENCY_SIZE]; /* "" is USD */
    char delimiter;                   /* 0 detects among , ; tab | */
    uint8_t allow_negative;           /* negative and zero prices are legal */
    uint8_t allow_gaps;               /* 1 (default): gaps are counted, not errors */
    uint8_t sort;              /* rows are put in order of time; needs memory for the whole file */
    fel_adjustment adjustment; /* RAW: what the layout says, which is raw but for yahoo */
    fel_instrument_kind instrument_kind;
    double ticks_per_unit;       /* 0 detects; else prices off this grid are bad rows */
    int64_t length_ns;           /* 0 detects the bar length from the most frequent step */
    const char *quarantine_path; /* QUARANTINE: written atomically; NULL: <file>.rejected.csv */
    const char *signal_columns;  /* kind SIGNAL: "forecast,signal_long"; NULL: read bars */
    /* Called now and then with what = "bytes" of the file as it is on disk; or NULL. */
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_csv_options;

FEL_API fel_csv_options fel_csv_options_default(void);

/* A layout that options.layout may name. */
typedef struct fel_layout_row {
    const char *name;    /* "yahoo" */
    const char *summary; /* one line, no full stop */
} fel_layout_row;

/* The index-th layout, in the order in which detection tries them; NULL past the last. Static
 * storage. */
FEL_API const fel_layout_row *fel_layout_at(size_t index);

/* What reading a file found; counts of rows. Gaps: bars missing between two rows, counted once
 * however many; weekends are none for daily bars of a file without weekend rows. */
typedef struct fel_csv_summary {
    char layout[32];
    uint64_t n_rows, n_accepted, n_quarantined;
    uint64_t n_gaps, n_zero_volume,
        n_missing;          /* n_missing: rows the layout defines as empty (".") */
    char first_reason[160]; /* of the first quarantined row */
} fel_csv_summary;

/* Series made from one file: bars (or quotes, signals) by symbol, and the actions found beside. */
typedef struct fel_series_list {
    fel_series **items;
    size_t n;
} fel_series_list;
FEL_API void fel_series_list_clear(fel_series_list *list); /* destroys the series too */

/* Read a CSV file (plain, or packed by gzip, zstd, zip, bzip2, xz: by content) into memory, on all
 * cores. On success the caller owns *out. options NULL: the default. summary may be NULL. ERR_IO,
 * ERR_FORMAT, ERR_ARG, ERR_NOMEM; a bad row is one line with file, row (line of the file, from 1),
 * column, value and rule. Quotes out of place are an error in any case: no row can be told after.
 */
FEL_API FEL_NODISCARD fel_status fel_csv_read(fel_series_list *out, const char *path,
                                              const fel_csv_options *options,
                                              fel_csv_summary *summary);

/* ---- store
 * --------------------------------------------------------------------------------------- */

/* A folder: index.json, replaced atomically, and immutable segments/NNNNNN.h5. */
typedef struct fel_store fel_store;

typedef struct fel_store_entry {
    fel_series_info info;
    uint64_t n_rows;
    int64_t first_ns, last_ns;
    uint32_t n_segments;
    uint32_t reserved;
    uint64_t n_bytes; /* on disk */
} fel_store_entry;

/* Open for reading; the index read here is what this handle sees whatever is appended later. */
FEL_API FEL_NODISCARD fel_status fel_store_open(fel_store **out, const char *path);
FEL_API void fel_store_close(fel_store *store); /* NULL is allowed */
FEL_API size_t fel_store_count(const fel_store *store);
FEL_API const fel_store_entry *fel_store_entry_at(const fel_store *store, size_t index);

/* Entry with this symbol, kind and bar length (0: the only one; ERR_ARG names them if several). */
FEL_API FEL_NODISCARD fel_status fel_store_find(const fel_store *store, const char *symbol,
                                                fel_data_kind kind, int64_t length_ns,
                                                size_t *index);

/* Append series, all or none, creating the store where there is none. Rows must be later than those
 * there (ERR_FORMAT) unless replace is non-zero, which drops the old rows of those series. */
FEL_API FEL_NODISCARD fel_status fel_store_append(const char *path, const fel_series *const *series,
                                                  size_t n, int replace);

/* Import a CSV into a store, streaming: memory does not grow with the file. */
FEL_API FEL_NODISCARD fel_status fel_store_import(const char *path, const char *csv_path,
                                                  const fel_csv_options *options, int replace,
                                                  fel_csv_summary *summary);

/* Read rows start_ns <= time < end_ns of an entry into memory, on all cores. */
FEL_API FEL_NODISCARD fel_status fel_store_read(const fel_store *store, size_t index,
                                                int64_t start_ns, int64_t end_ns, fel_series **out);

/* A feed over an entry that holds a few chunks at a time. The store must outlive it. */
FEL_API FEL_NODISCARD fel_status fel_feed_of_store(fel_feed *out, const fel_store *store,
                                                   size_t index, int64_t start_ns, int64_t end_ns);

/* Merge all segments into few large ones (one, if it stays under 64 MiB or so: memory is bounded)
 * and delete those no longer named. Handles opened before then find their segments gone (ERR_IO).
 */
FEL_API FEL_NODISCARD fel_status fel_store_compact(const char *path);

/* Recompute checksums, order, bounds of every row. *report: one line a finding, owned by the caller
 * (free()), empty if all is well, NULL if the store could not be checked; ERR_FORMAT if anything is
 * broken. */
FEL_API FEL_NODISCARD fel_status fel_store_check(const char *path, char **report);

/* Longer bars from shorter ones. Buckets begin where the wall clock of `zone` (NULL or "": the
 * series' own) shows multiples of length_ns, weeks on Mondays; a bar belongs to the bucket that its
 * last nanosecond lies in. Each is known at its bucket's end, never before its last bar. An
 * unfinished last bucket is left out unless keep_partial: then it is known at its last bar's close.
 * ERR_ARG if they are no bars or length_ns is no multiple of theirs. */
FEL_API FEL_NODISCARD fel_status fel_resample(fel_series **out, const fel_series *bars,
                                              int64_t length_ns, const char *zone,
                                              int keep_partial);

/* Write a series as canonical CSV: atomically (a temporary file, renamed) where path is a regular
 * file or new, straight into it where it is a device such as /dev/stdout. */
FEL_API FEL_NODISCARD fel_status fel_csv_write(const fel_series *series, const char *path);

FEL_END_DECLS
#endif
