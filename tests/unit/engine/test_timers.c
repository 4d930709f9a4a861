/* tests/unit/engine/test_timers.c - timers: when they come, in which order, and that orders made in
 * them go with those of the instant. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* What the strategy does: sets these at the start, and writes all calls down. */
typedef struct alarm_at {
    int64_t time_ns;
    uint64_t tag;
} alarm_at;

static const alarm_at *alarms;
static size_t n_alarms;
static uint64_t cancelled, buys; /* tags: is cancelled at once; buys a unit */
static int64_t repeat_ns;        /* every timer sets the next one; 0: none does */
static char calls[4096];
static fel_status in_stop, refused;

static void note(const char *what, int64_t t, uint64_t tag)
{
    const size_t used = strlen(calls);
    (void)snprintf(calls + used, sizeof(calls) - used, "%s%s%g:%llu", used > 0 ? " " : "", what,
                   (double)t / (double)FEL_NS_PER_DAY, (unsigned long long)tag);
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    calls[0] = '\0';
    for (size_t i = 0; i < n_alarms; i++) {
        FEL_TRY(ctx->host->set_timer(ctx, alarms[i].time_ns, alarms[i].tag));
    }
    return cancelled != 0 ? ctx->host->cancel_timer(ctx, cancelled) : FEL_OK;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    note("bar", ctx->now_ns, bar->instrument);
    refused = ctx->host->set_timer(ctx, ctx->now_ns, 1);
    return FEL_OK;
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    (void)state;
    note("slice", ctx->now_ns, slice->n_bars);
    return FEL_OK;
}

static fel_status on_timer(void *state, fel_ctx *ctx, const fel_timer *timer)
{
    (void)state;
    note("timer", ctx->now_ns, timer->tag);
    const fel_order order = fel_order_default(0, FEL_BUY, 1.0);
    if (timer->tag == buys) {
        FEL_TRY(fel_submit(ctx, &order, NULL));
    }
    return repeat_ns > 0 ? ctx->host->set_timer(ctx, ctx->now_ns + repeat_ns, timer->tag + 1)
                         : FEL_OK;
}

static fel_status on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    (void)state;
    note("fill", ctx->now_ns, (uint64_t)fill->price);
    return FEL_OK;
}

static void on_stop(void *state, fel_ctx *ctx)
{
    (void)state;
    in_stop = ctx->host->set_timer(ctx, DAYS(1000), 1);
}

static const fel_strategy strategy = {.struct_size = sizeof(fel_strategy),
                                      .name = "alarm",
                                      .summary = "sets timers",
                                      .state_size = 1,
                                      .on_start = on_start,
                                      .on_bar = on_bar,
                                      .on_slice = on_slice,
                                      .on_timer = on_timer,
                                      .on_fill = on_fill,
                                      .on_stop = on_stop};

/* Three bars of 12 hours, from noon to midnight of days 1 to 3. */
static market half_days(size_t n_series)
{
    static const double rows[][FEL_BAR_COLUMNS] = {
        {10, 10, 10, 10, 1}, {20, 20, 20, 20, 1}, {30, 30, 30, 30, 1}};
    static const int64_t times[] = {DAYS(1), DAYS(2), DAYS(3)};
    market m = {0};
    for (size_t i = 0; i < n_series; i++) {
        const fel_series_info info = bars_info(i == 0 ? "A" : "B", HOURS(12));
        market_add(&m, &info, times, NULL, &rows[0][0], 3);
    }
    return m;
}

static run run_alarms(const market *m, const alarm_at *list, size_t n, int is_checked)
{
    alarms = list;
    n_alarms = n;
    fel_engine_config config = checked_config();
    config.self_check = (uint8_t)is_checked;
    return run_market(m, &config, &strategy, NULL);
}

/* Before the first row: with it, its bar not yet open. At a close: after its slice. Between a close
 * and an open: at their instant. After the last row: never. */
static void test_timers_come_after_closes_and_before_orders_reach_the_venue(void)
{
    static const alarm_at list[] = {{DAYS(1) + HOURS(6), 3}, {DAYS(9), 9}, {DAYS(1), 2},
                                    {HOURS(1), 1},           {DAYS(1), 8}, {DAYS(2) + HOURS(12), 4},
                                    {DAYS(1) + HOURS(18), 7}};
    const char *want = "timer0.5:1 bar1:0 slice1:1 timer1:2 timer1:8 timer1.25:3 fill1.5:20 "
                       "timer1.75:7 bar2:0 slice2:1 timer2.5:4 bar3:0 slice3:1";
    buys = 3;
    for (int is_checked = 0; is_checked < 2; is_checked++) {
        market m = half_days(1);
        run r = run_alarms(&m, list, sizeof(list) / sizeof(list[0]), is_checked);
        CHECK_TEXT(calls, want);
        CHECK_INT(refused, FEL_ERR_ARG);
        CHECK_INT(in_stop, FEL_ERR_ARG);
        run_clear(&r);
        market_clear(&m);
    }
    market m = half_days(2);
    run r = run_alarms(&m, list, sizeof(list) / sizeof(list[0]), 1);
    CHECK_HAS(calls, "bar1:0 bar1:1 slice1:2 timer1:2 timer1:8 timer1.25:3 fill1.5:20 timer1.75:7");
    run_clear(&r);
    market_clear(&m);
    buys = 0;
}

/* An order made at the instant of an open, in a timer, is in time for it. */
static void test_an_order_of_a_timer_at_an_open_fills_there(void)
{
    static const alarm_at list[] = {{DAYS(1) + HOURS(12), 3}};
    buys = 3;
    market m = half_days(1);
    run r = run_alarms(&m, list, 1, 0);
    CHECK_TEXT(calls, "bar1:0 slice1:1 timer1.5:3 fill1.5:20 bar2:0 slice2:1 bar3:0 slice3:1");
    run_clear(&r);
    market_clear(&m);
    buys = 0;
}

static void test_cancelled_timers_do_not_come(void)
{
    static const alarm_at list[] = {{DAYS(1), 5}, {DAYS(1), 6}, {DAYS(2), 5}, {DAYS(2), 4}};
    cancelled = 5;
    market m = half_days(1);
    run r = run_alarms(&m, list, 4, 0);
    CHECK_TEXT(calls, "bar1:0 slice1:1 timer1:6 bar2:0 slice2:1 timer2:4 bar3:0 slice3:1");
    run_clear(&r);
    cancelled = 77;
    fel_engine *e = NULL;
    const fel_result *result = NULL;
    const fel_engine_config config = checked_config();
    CHECK_OK(fel_engine_create(&e, &config, m.sources, m.n, &strategy, NULL));
    CHECK_INT(fel_engine_run(e, &result), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no timer with tag 77");
    fel_engine_destroy(e);
    market_clear(&m);
    cancelled = 0;
}

/* Twelve a day, each set by the one before: counted by hand. */
static void test_a_timer_may_set_the_next(void)
{
    static const alarm_at list[] = {{DAYS(1), 100}};
    repeat_ns = HOURS(2);
    market m = half_days(1);
    run r = run_alarms(&m, list, 1, 0);
    CHECK_HAS(calls, "timer1:100 timer1.08333:101");
    CHECK_HAS(calls, "bar2:0 slice2:1 timer2:112 timer2.08333:113");
    CHECK_HAS(calls, "timer2.91667:123 bar3:0 slice3:1 timer3:124");
    CHECK_INT(strlen(strstr(calls, "timer3:124")), strlen("timer3:124"));
    run_clear(&r);
    market_clear(&m);
    repeat_ns = 0;
}

/* A heap against a sorted list: every timer comes once, in order of instant, then of setting. */
static void test_many_timers_come_in_order(void)
{
    enum { N = 300 };
    static alarm_at list[N];
    uint64_t x = 7;
    for (uint64_t i = 0; i < N; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        list[i].time_ns = DAYS(1) + HOURS((int64_t)(x >> 60));
        list[i].tag = i;
    }
    market m = half_days(1);
    run r = run_alarms(&m, list, N, 0);
    size_t n = 0;
    const char *at = calls;
    double time_before = 0.0;
    unsigned long long tag_before = 0;
    for (at = strstr(at, "timer"); at != NULL; at = strstr(at + 1, "timer")) {
        double time = 0.0;
        unsigned long long tag = 0;
        if (sscanf(at, "timer%lf:%llu", &time, &tag) == 2 && strlen(at) > 20) {
            CHECK(time > time_before || (time == time_before && tag > tag_before));
            time_before = time;
            tag_before = tag;
            n++;
        }
    }
    CHECK(n > 200);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/timers", TEST(test_timers_come_after_closes_and_before_orders_reach_the_venue),
      TEST(test_an_order_of_a_timer_at_an_open_fills_there),
      TEST(test_cancelled_timers_do_not_come), TEST(test_a_timer_may_set_the_next),
      TEST(test_many_timers_come_in_order));
