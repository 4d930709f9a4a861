/* tests/unit/sim/test_pathfeed.c - simulated paths as rows: bars are what the generator's steps
 * say, options what the pricer says, whatever the block. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/pathfeed.h>
#include <feller/price.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"

enum { N_BARS = 21, N_STEPS = 3 };

static const fel_process two_assets[] = {
    {.kind = FEL_PROCESS_HESTON,
     .spot = 87.5,
     .rate_per_year = 0.031,
     .dividend_per_year = 0.012,
     .heston = {0.0523, 2.385, 0.0417, 0.61, -0.67}},
    {.kind = FEL_PROCESS_GBM, .spot = 12.25, .rate_per_year = 0.031, .vol_per_year = 0.283},
};

enum { MARKET_LISTINGS = 6 };

typedef struct test_market {
    fel_path_market market;
    fel_listing listings[MARKET_LISTINGS];
} test_market;

static void list_one(test_market *m, fel_listing_kind kind, uint32_t asset, const char *symbol)
{
    fel_listing *l = &m->listings[m->market.n_listings++];
    l->kind = kind;
    l->asset = asset;
    l->instrument = fel_series_info_default(FEL_DATA_BAR, symbol).instrument;
}

/* Two assets, a call and a put on the first and a call on the second, a variance swap. */
static void make_market(test_market *m)
{
    memset(m, 0, sizeof(*m));
    m->market = fel_path_market_default();
    m->market.assets = two_assets;
    m->market.n_assets = 2;
    m->market.listings = m->listings;
    m->market.steps_per_bar = N_STEPS;
    m->market.calendar.n_bars = N_BARS;
    m->market.seed = 4711;
    list_one(m, FEL_LISTED_ASSET, 0, "X");
    list_one(m, FEL_LISTED_ASSET, 1, "Y");
    list_one(m, FEL_LISTED_OPTION, 0, "XC");
    list_one(m, FEL_LISTED_OPTION, 0, "XP");
    list_one(m, FEL_LISTED_OPTION, 1, "YC");
    list_one(m, FEL_LISTED_VARIANCE_SWAP, 0, "XV");
    for (int i = 2; i < 5; i++) {
        m->listings[i].instrument.right = i == 3 ? FEL_PUT : FEL_CALL;
        m->listings[i].instrument.strike = i == 4 ? 12.0 : 90.0;
        m->listings[i].expiry_bar = i == 4 ? 20 : 14;
    }
}

/* The generator that the market should have made, asked for itself. */
static void ask_generator(const test_market *m, uint64_t path, fel_path_output output, double *out)
{
    fel_path_config config = fel_path_config_default();
    fel_paths *paths = NULL;
    enum { STRIDE = 8 };
    config.n_dates = N_BARS * m->market.steps_per_bar;
    config.horizon_years = N_BARS / 252.0;
    config.seed = m->market.seed;
    double *values = calloc((config.n_dates + 1) * 2 * STRIDE, sizeof(double));
    CHECK_OK(fel_paths_create(&paths, two_assets, 2, NULL, &config));
    fel_path_block_f64 block = {.first_path = path, .n_paths = 1, .path_stride = STRIDE};
    block.values[output] = values;
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    for (size_t i = 0; i < (config.n_dates + 1) * 2; i++) {
        out[i] = values[i * STRIDE];
    }
    fel_paths_destroy(paths);
    free(values);
}

static void destroy_all(fel_series **list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fel_series_destroy(list[i]);
        list[i] = NULL;
    }
}

static void path_series(const test_market *m, uint64_t path, fel_series **list)
{
    fel_path_source *source = NULL;
    CHECK_OK(fel_path_source_simulated(&source, &m->market));
    CHECK_OK(fel_path_source_series(source, path, list));
    fel_path_source_destroy(source);
}

/* ---- dates ----------------------------------------------------------------------------------- */

static void test_business_days(void)
{
    int64_t open[7], close[7];
    fel_path_calendar c = fel_path_calendar_default();
    double rate = 0.0;
    c.n_bars = 7;
    CHECK_OK(fel_time_parse("2024-02-24", NULL, &c.start_ns)); /* a Saturday */
    CHECK_OK(fel_path_calendar_dates(&c, open, close));
    static const char *const days[] = {"2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29",
                                       "2024-03-01", "2024-03-04", "2024-03-05"};
    for (int i = 0; i < 7; i++) {
        char text[40];
        fel_day_format(close[i], text, sizeof(text));
        CHECK_TEXT(text, days[i]);
        CHECK_INT(close[i] - open[i], FEL_NS_PER_DAY);
    }
    CHECK_OK(fel_path_calendar_rate(&c, &rate));
    CHECK(rate == 252.0);
    c.days = FEL_PATH_ALL_DAYS;
    CHECK_OK(fel_path_calendar_dates(&c, open, close));
    CHECK_INT(open[0], c.start_ns);
    CHECK_INT(open[6] - open[0], 6 * FEL_NS_PER_DAY);
}

static void test_bars_of_a_session(void)
{
    int64_t open[30], close[30];
    char text[40];
    fel_path_calendar c = fel_path_calendar_default();
    double rate = 0.0;
    c.n_bars = 30;
    c.session_open_ns = 14 * FEL_NS_PER_HOUR + 30 * FEL_NS_PER_MINUTE;
    c.session_ns = 6 * FEL_NS_PER_HOUR + 30 * FEL_NS_PER_MINUTE;
    c.length_ns = 30 * FEL_NS_PER_MINUTE;
    CHECK_OK(fel_path_calendar_rate(&c, &rate));
    CHECK(rate == 252.0 * 13.0);
    CHECK_OK(fel_path_calendar_dates(&c, open, close));
    fel_time_format(close[12], text, sizeof(text));
    CHECK_TEXT(text, "2000-01-03T21:00:00Z");
    fel_time_format(open[13], text, sizeof(text));
    CHECK_TEXT(text, "2000-01-04T14:30:00Z");
    c.length_ns = FEL_NS_PER_DAY; /* a daily bar lasts for the session */
    CHECK_OK(fel_path_calendar_dates(&c, open, close));
    CHECK_INT(close[1] - open[1], c.session_ns);
    c.length_ns = 7 * FEL_NS_PER_HOUR;
    CHECK_STATUS(fel_path_calendar_dates(&c, open, close), FEL_ERR_ARG);
    c = fel_path_calendar_default();
    c.n_bars = 0;
    CHECK_STATUS(fel_path_calendar_dates(&c, open, close), FEL_ERR_RANGE);
    c.n_bars = 30;
    c.start_ns = INT64_MAX - 10;
    CHECK_STATUS(fel_path_calendar_dates(&c, open, close), FEL_ERR_RANGE);
}

/* ---- bars ------------------------------------------------------------------------------------ */

static void check_bars(const test_market *m, size_t asset, const fel_series *series,
                       const double *spot)
{
    const fel_block rows = fel_series_rows(series);
    CHECK_INT(rows.n, N_BARS);
    for (size_t bar = 0; bar < N_BARS; bar++) {
        const size_t first = bar * m->market.steps_per_bar + m->market.overnight_steps;
        const size_t last = (bar + 1) * m->market.steps_per_bar;
        double high = 0.0, low = 1e300;
        for (size_t d = first; d <= last; d++) {
            high = fmax(high, spot[2 * d + asset]);
            low = fmin(low, spot[2 * d + asset]);
        }
        CHECK_SAME(rows.columns[0][bar], spot[2 * first + asset]);
        CHECK_SAME(rows.columns[1][bar], high);
        CHECK_SAME(rows.columns[2][bar], low);
        CHECK_SAME(rows.columns[3][bar], spot[2 * last + asset]);
        CHECK(isnan(rows.columns[4][bar]));
    }
}

static void test_bars_are_what_the_steps_say(void)
{
    double spot[2 * (N_BARS * 5 + 1)];
    for (size_t overnight = 0; overnight < 3; overnight++) {
        fel_series *list[MARKET_LISTINGS] = {NULL};
        test_market m;
        make_market(&m);
        m.market.n_listings = 2;
        m.market.steps_per_bar = 5;
        m.market.overnight_steps = overnight;
        ask_generator(&m, 1234567, FEL_PATH_SPOT, spot);
        path_series(&m, 1234567, list);
        check_bars(&m, 0, list[0], spot);
        check_bars(&m, 1, list[1], spot);
        if (overnight == 0) {
            CHECK_SAME(fel_series_rows(list[0]).columns[0][0], 87.5);
            CHECK_SAME(fel_series_rows(list[1]).columns[0][7],
                       fel_series_rows(list[1]).columns[3][6]);
        }
        destroy_all(list, 2);
    }
}

static void test_quotes_surround_the_steps(void)
{
    double spot[2 * (N_BARS * N_STEPS + 1)];
    fel_series *list[MARKET_LISTINGS] = {NULL};
    test_market m;
    make_market(&m);
    m.market.rows = FEL_PATH_QUOTES;
    m.market.half_spread_bps = 3.5;
    ask_generator(&m, 9, FEL_PATH_SPOT, spot);
    path_series(&m, 9, list);
    const fel_block rows = fel_series_rows(list[1]);
    CHECK_INT(rows.n, N_BARS * N_STEPS);
    for (size_t i = 0; i < rows.n; i++) {
        CHECK_REL(0.5 * (rows.columns[0][i] + rows.columns[1][i]), spot[2 * (i + 1) + 1], 1e-15);
        CHECK_REL(rows.columns[1][i] / rows.columns[0][i], 1.00035 / 0.99965, 1e-15);
    }
    CHECK_INT(rows.time_ns[0] - 946857600 * FEL_NS_PER_SECOND, 8 * FEL_NS_PER_HOUR);
    CHECK_INT(rows.time_ns[2] - rows.time_ns[1], 8 * FEL_NS_PER_HOUR);
    CHECK_INT(fel_series_rows(list[2]).n, 15 * N_STEPS);
    destroy_all(list, MARKET_LISTINGS);
}

/* ---- instruments on the assets --------------------------------------------------------------- */

static void test_options_are_priced_by_the_model(void)
{
    double spot[2 * (N_BARS * N_STEPS + 1)], variance[2 * (N_BARS * N_STEPS + 1)];
    fel_series *list[MARKET_LISTINGS] = {NULL};
    test_market m;
    make_market(&m);
    ask_generator(&m, 42, FEL_PATH_SPOT, spot);
    ask_generator(&m, 42, FEL_PATH_VARIANCE, variance);
    path_series(&m, 42, list);
    const fel_block call = fel_series_rows(list[2]), put = fel_series_rows(list[3]);
    const fel_block black = fel_series_rows(list[4]);
    CHECK_INT(call.n, 15);
    for (size_t bar = 0; bar < 14; bar++) {
        const size_t d = (bar + 1) * N_STEPS;
        const double t = (14.0 - (double)bar) / 252.0, strike = 90.0;
        fel_process now = two_assets[0];
        double price = 0.0;
        now.spot = spot[2 * d];
        now.heston.v0 = variance[2 * d];
        CHECK_OK(fel_price_european(&now, t, &strike, NULL, 1, FEL_PRICE_ADAPTIVE, &price));
        CHECK_NEAR(call.columns[3][bar], price, 2e-8 * now.spot);
        const double parity = now.spot * exp(-0.012 * t) - 90.0 * exp(-0.031 * t);
        CHECK_NEAR(call.columns[3][bar] - put.columns[3][bar], parity, 4e-8 * now.spot);
        CHECK_SAME(call.columns[0][bar + 1], call.columns[3][bar]);
        CHECK(call.columns[1][bar] >= call.columns[3][bar]);
        CHECK(call.columns[2][bar] <= call.columns[0][bar]);
    }
    CHECK_SAME(call.columns[3][14], fmax(spot[2 * 45] - 90.0, 0.0));
    CHECK_SAME(put.columns[3][14], fmax(90.0 - spot[2 * 45], 0.0));
    CHECK_INT(fel_series_describe(list[2])->instrument.expiry_ns, call.time_ns[14]);
    CHECK_INT(fel_series_describe(list[4])->instrument.underlying, 1);
    fel_greeks greeks;
    CHECK_OK(fel_black_scholes(FEL_CALL, spot[2 * 3 * N_STEPS + 1], 12.0, 18.0 / 252.0, 0.031, 0.0,
                               0.283, &greeks));
    CHECK_NEAR(black.columns[3][2], greeks.price, 1e-10);
    destroy_all(list, MARKET_LISTINGS);
}

static void test_variance_swaps_end_at_what_was_realised(void)
{
    double integrated[2 * (N_BARS * N_STEPS + 1)];
    fel_series *list[MARKET_LISTINGS] = {NULL};
    test_market m;
    make_market(&m);
    const double horizon = N_BARS / 252.0;
    ask_generator(&m, 3, FEL_PATH_INTEGRATED, integrated);
    path_series(&m, 3, list);
    const fel_block rows = fel_series_rows(list[5]);
    CHECK_REL(rows.columns[0][0],
              1e4 * fel_total_variance(&two_assets[0].heston, horizon) / horizon, 1e-12);
    CHECK_REL(rows.columns[3][N_BARS - 1], 1e4 * integrated[2 * N_BARS * N_STEPS] / horizon, 1e-12);
    destroy_all(list, MARKET_LISTINGS);
}

/* ---- blocks and correlation ------------------------------------------------------------------ */

static void test_blocks_do_not_matter(void)
{
    static const size_t sizes[] = {1, 7, 8, 24, 130, 0};
    fel_path_source *source = NULL;
    test_market m;
    make_market(&m);
    CHECK_OK(fel_path_source_simulated(&source, &m.market));
    for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
        fel_path_room *room = NULL;
        CHECK_OK(fel_path_room_create(&room, source, sizes[k]));
        CHECK(fel_path_room_size(room) >= sizes[k]);
        const size_t n = sizes[k] > 0 ? sizes[k] : 100;
        CHECK_OK(fel_path_room_fill(room, 1000, n));
        for (size_t i = 0; i < n; i += 6) {
            fel_series *list[MARKET_LISTINGS] = {NULL};
            CHECK_OK(fel_path_source_series(source, 1000 + i, list));
            fel_path_room_select(room, i);
            for (size_t s = 0; s < MARKET_LISTINGS; s++) {
                fel_feed feed = {NULL, NULL};
                fel_block rows;
                CHECK_OK(fel_path_room_feed(room, s, FEL_TIME_MIN, FEL_TIME_MAX, &feed));
                CHECK_OK(feed.code->next(feed.self, &rows));
                const fel_block alone = fel_series_rows(list[s]);
                CHECK(rows.n == alone.n &&
                      memcmp(rows.columns[3], alone.columns[3], rows.n * sizeof(double)) == 0 &&
                      memcmp(rows.columns[1], alone.columns[1], rows.n * sizeof(double)) == 0);
                fel_feed_destroy(&feed);
            }
            destroy_all(list, MARKET_LISTINGS);
        }
        fel_path_room_destroy(room);
    }
    fel_path_source_destroy(source);
}

static void test_a_feed_has_a_window(void)
{
    fel_path_source *source = NULL;
    fel_path_room *room = NULL;
    fel_feed feed = {NULL, NULL};
    fel_block rows;
    test_market m;
    make_market(&m);
    CHECK_OK(fel_path_source_simulated(&source, &m.market));
    CHECK_OK(fel_path_room_create(&room, source, 0));
    CHECK_OK(fel_path_room_fill(room, 0, 2));
    const int64_t *times = fel_path_source_times(source);
    CHECK_OK(fel_path_room_feed(room, 2, times[3], times[18], &feed));
    CHECK_OK(feed.code->next(feed.self, &rows));
    CHECK_INT(rows.n, 12); /* the option's rows end at 14 */
    CHECK_INT(rows.time_ns[0], times[3]);
    fel_feed_destroy(&feed);
    CHECK_STATUS(fel_path_room_feed(room, 6, 0, 1, &feed), FEL_ERR_ARG);
    fel_path_room_destroy(room);
    fel_path_source_destroy(source);
}

/* Correlation of the log returns of bars of two assets over many paths. */
static double measure_correlation(const test_market *m)
{
    fel_path_source *source = NULL;
    double sxx = 0.0, syy = 0.0, sxy = 0.0;
    CHECK_OK(fel_path_source_simulated(&source, &m->market));
    for (uint64_t path = 0; path < 300; path++) {
        fel_series *list[MARKET_LISTINGS] = {NULL};
        CHECK_OK(fel_path_source_series(source, path, list));
        const fel_block a = fel_series_rows(list[0]), b = fel_series_rows(list[1]);
        for (size_t i = 0; i < a.n; i++) {
            const double x = log(a.columns[3][i] / a.columns[0][i]);
            const double y = log(b.columns[3][i] / b.columns[0][i]);
            sxx += x * x;
            syy += y * y;
            sxy += x * y;
        }
        destroy_all(list, 2);
    }
    fel_path_source_destroy(source);
    return sxy / sqrt(sxx * syy);
}

static void test_prices_are_correlated_as_asked(void)
{
    const double prices[] = {1.0, 0.6, 0.6, 1.0};
    const double drivers[] = {1.0, 0.6, -0.67, 0.6, 1.0, -0.402, -0.67, -0.402, 1.0};
    size_t n = 0;
    fel_path_source *source = NULL;
    test_market m;
    make_market(&m);
    m.market.n_listings = 2;
    const double apart = measure_correlation(&m);
    m.market.correlation = prices;
    m.market.n_correlated = 2;
    /* Standard error (1 - r^2) / sqrt(6300) with 6300 bars; twice that for fat tails. */
    CHECK_NEAR(apart, 0.0, 4.0 * 2.0 / sqrt(6300.0));
    CHECK_NEAR(measure_correlation(&m), 0.6, 4.0 * 2.0 * 0.64 / sqrt(6300.0));
    /* Of all drivers: the variance's with the other price goes through its own. */
    CHECK_OK(fel_path_source_simulated(&source, &m.market));
    const double *made = fel_path_source_correlation(source, &n);
    CHECK_INT(n, 3);
    for (size_t i = 0; i < 9; i++) {
        CHECK_NEAR(made[i], drivers[i], 1e-15);
    }
    fel_path_source_destroy(source);
    m.market.correlation = drivers;
    m.market.n_correlated = 3;
    CHECK_OK(fel_path_source_simulated(&source, &m.market));
    fel_path_source_destroy(source);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static void refuse(const test_market *m, fel_status status, const char *part)
{
    fel_path_source *source = NULL;
    CHECK_STATUS(fel_path_source_simulated(&source, &m->market), status);
    CHECK_HAS(fel_last_error()->message, part);
    CHECK(source == NULL);
}

static void test_bad_markets_are_refused(void)
{
    static const double impossible[] = {1.0, 1.4, 1.4, 1.0};
    fel_process bad[2] = {two_assets[0], two_assets[1]};
    test_market m;
    make_market(&m);
    m.market.steps_per_bar = 0;
    refuse(&m, FEL_ERR_RANGE, "0 steps a bar of 1 substeps");
    m.market.steps_per_bar = 9000;
    m.market.calendar.n_bars = 999999;
    refuse(&m, FEL_ERR_RANGE, "a path has at most 1000000 steps");
    make_market(&m);
    m.market.overnight_steps = N_STEPS;
    refuse(&m, FEL_ERR_RANGE, "before its open");
    make_market(&m);
    m.listings[2].expiry_bar = N_BARS;
    refuse(&m, FEL_ERR_RANGE, "XC expires after bar 22 of a path of 21 bars");
    make_market(&m);
    m.listings[2].instrument.strike = (double)NAN;
    refuse(&m, FEL_ERR_RANGE, "XC: strike nan");
    make_market(&m);
    (void)snprintf(m.listings[1].instrument.symbol, FEL_SYMBOL_SIZE, "X");
    refuse(&m, FEL_ERR_ARG, "X is listed twice");
    make_market(&m);
    m.market.n_listings = 3;
    m.listings[0].asset = 1;
    refuse(&m, FEL_ERR_ARG, "XC: its underlying asset must be listed before it");
    make_market(&m);
    m.market.correlation = impossible;
    m.market.n_correlated = 2;
    refuse(&m, FEL_ERR_RANGE, "1.4");
    m.market.n_correlated = 4;
    refuse(&m, FEL_ERR_SHAPE, "a correlation matrix of 4 rows");
    make_market(&m);
    bad[0].heston.xi = -0.1;
    m.market.assets = bad;
    refuse(&m, FEL_ERR_RANGE, "xi");
    make_market(&m);
    m.market.n_assets = 1000;
    refuse(&m, FEL_ERR_RANGE, "1000 assets");
}

static fel_status call_series(void *payload, void **out)
{
    static fel_series *list[MARKET_LISTINGS];
    const test_market *m = payload;
    fel_path_source *source = NULL;
    FEL_TRY(fel_path_source_simulated(&source, &m->market));
    const fel_status status = fel_path_source_series(source, 2, list);
    fel_path_source_destroy(source);
    if (status == FEL_OK) {
        *out = list;
    }
    return status;
}

static void destroy_series(void *made)
{
    destroy_all(made, MARKET_LISTINGS);
}

static void test_memory_that_runs_out(void)
{
    test_market m;
    make_market(&m);
    const failing_call call = {"fel_path_source_series", call_series, destroy_series, &m};
    CHECK(check_failing_call(&call) > 5);
}

SUITE("sim/pathfeed", TEST(test_business_days), TEST(test_bars_of_a_session),
      TEST(test_bars_are_what_the_steps_say), TEST(test_quotes_surround_the_steps),
      TEST(test_options_are_priced_by_the_model),
      TEST(test_variance_swaps_end_at_what_was_realised), TEST(test_blocks_do_not_matter),
      TEST(test_a_feed_has_a_window), TEST(test_prices_are_correlated_as_asked),
      TEST(test_bad_markets_are_refused), TEST(test_memory_that_runs_out));
