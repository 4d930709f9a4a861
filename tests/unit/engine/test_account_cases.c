/* tests/unit/engine/test_account_cases.c - every row of the table of accounts, and the table in
 * docs/accounts.md against it. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/engine/account_cases.h"

enum { TEXT_SIZE = 640 };

/* ---- running --------------------------------------------------------------------------------- */

static const account_case *current;

static fel_status case_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    int *n_bars = state;
    for (size_t k = 0; k < CASE_ORDERS && current->orders[k].quantity != 0.0; k++) {
        const case_order *c = &current->orders[k];
        if (c->bar == *n_bars) {
            fel_order order = fel_order_default(
                bar->instrument, c->quantity < 0.0 ? FEL_SELL : FEL_BUY, fabs(c->quantity));
            order.position_side = c->side;
            FEL_TRY(fel_submit(ctx, &order, NULL));
        }
    }
    ++*n_bars;
    return FEL_OK;
}

static const fel_strategy case_strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "account_case",
    .state_size = sizeof(int),
    .on_bar = case_on_bar,
};

static size_t count_prices(const account_case *c)
{
    size_t n = 0;
    while (n < CASE_PRICES && c->prices[n] > 0.0) {
        n++;
    }
    return n;
}

/* 1970-01-01 was a Thursday. */
static void add_days(market *m, const account_case *c, const fel_series_info *info)
{
    const size_t n = count_prices(c);
    int64_t opens[CASE_PRICES], closes[CASE_PRICES];
    double rows[CASE_PRICES * FEL_BAR_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        const int64_t day = DAYS(i + (c->is_week && i > 1 ? 2 : 0));
        const double open = c->opens[i] > 0.0 ? c->opens[i] : c->prices[i], close = c->prices[i];
        const double row[FEL_BAR_COLUMNS] = {open, fmax(open, close), fmin(open, close), close,
                                             1e6};
        opens[i] = day + HOURS(14) + MINUTES(30);
        closes[i] = day + HOURS(21);
        memcpy(&rows[i * FEL_BAR_COLUMNS], row, sizeof(row));
    }
    market_add(m, info, closes, opens, rows, n);
}

static market case_market(const account_case *c, fel_engine_config *config)
{
    market m = {0};
    fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    info.instrument.kind = c->kind;
    info.instrument.multiplier = c->multiplier > 0.0 ? c->multiplier : 1.0;
    c->rules(config, &info.instrument);
    add_days(&m, c, &info);
    if (c->dividend > 0.0) {
        market_add_action(&m, "X", DAYS(3), FEL_DIVIDEND, c->dividend);
    }
    return m;
}

/* ---- what came of it, in words ----------------------------------------------------------------
 */

typedef struct words {
    char text[TEXT_SIZE];
    size_t used;
} words;

static FEL_PRINTF(2, 3) void say(words *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    w->used += (size_t)vsnprintf(w->text + w->used, sizeof(w->text) - w->used, format, args);
    va_end(args);
}

/* "open of 3" */
static void say_when(words *w, const account_case *c, int64_t t)
{
    const int64_t day = t / FEL_NS_PER_DAY;
    say(w, "%s of %d", t % FEL_NS_PER_DAY == HOURS(21) ? "close" : "open",
        (int)(c->is_week && day > 1 ? day - 2 : day));
}

static const char *side_word(int32_t side)
{
    return side == 0 ? "" : side > 0 ? " long" : " short";
}

static void say_calls(words *w, const account_case *c, const fel_result *r, size_t n_fills_said)
{
    for (size_t k = 0; k < r->n_margin_calls; k++) {
        const fel_margin_call *call = &r->margin_calls[k];
        const int64_t next_ns =
            n_fills_said < r->n_fills ? r->fills[n_fills_said].time_ns : FEL_TIME_MAX;
        const int64_t last_ns = n_fills_said > 0 ? r->fills[n_fills_said - 1].time_ns : 0;
        if (call->time_ns >= next_ns || call->time_ns < last_ns) {
            continue;
        }
        say(w, "call at ");
        say_when(w, c, call->time_ns);
        say(w, ": %.7g < %.7g", call->equity, call->maintenance);
        if (call->n_liquidations == 0 && call->end_ns != FEL_TIME_MAX) {
            say(w, ", met at ");
            say_when(w, c, call->end_ns);
        }
        say(w, "; ");
    }
}

static void say_fills(words *w, const account_case *c, const fel_result *r)
{
    for (size_t i = 0; i < r->n_orders; i++) {
        if (!(r->orders[i].filled > 0.0)) {
            say(w, "order %d %s; ", (int)r->orders[i].id, fel_reason_name(r->orders[i].reason));
        }
    }
    say_calls(w, c, r, 0);
    for (size_t i = 0; i < r->n_fills; i++) {
        const fel_fill_record *f = &r->fills[i];
        say(w, "%+.8g%s @ %g in %d%s; ", (double)f->side * f->quantity, side_word(f->position_side),
            f->price, (int)f->bar_index, f->reason == FEL_REASON_MARGIN_CALL ? " margin_call" : "");
        say_calls(w, c, r, i + 1);
    }
}

static void say_amount(words *w, const char *name, double amount)
{
    if (amount != 0.0) {
        say(w, ", %s %.8g", name, amount);
    }
}

static void say_result(words *w, const account_case *c, const fel_result *r)
{
    say_fills(w, c, r);
    say(w, "equity %.8g, cash %.8g", fel_money_value(r->final_equity),
        fel_money_value(r->final_cash));
    say_amount(w, "margin", r->equity[r->n_equity - 1].margin);
    say_amount(w, "borrow", fel_money_value(r->waterfall.borrow));
    say_amount(w, "dividends", fel_money_value(r->waterfall.dividends));
    say_amount(w, "interest", fel_money_value(r->waterfall.interest));
    for (size_t k = 0; r->legs != NULL && k < 2; k++) {
        const fel_leg_record *leg = &r->legs[k];
        say(w, ";%s %.8g, P&L %.8g", side_word(leg->position_side), leg->quantity,
            fel_money_value(leg->realised) + fel_money_value(leg->unrealised));
    }
}

static void run_case(const account_case *c, words *w)
{
    fel_engine_config config = checked_config();
    config.cash = c->cash;
    market m = case_market(c, &config);
    current = c;
    run r = run_market(&m, &config, &case_strategy, NULL);
    say_result(w, c, r.result);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_accounts_say_what_the_table_says(void)
{
    for (size_t i = 0; i < n_account_cases; i++) {
        words w = {"", 0};
        run_case(&account_cases[i], &w);
        CHECK_TEXT(w.text, account_cases[i].result);
    }
}

static void test_the_document_shows_the_same_table(void)
{
    char *document = calloc(1, 1 << 17);
    FILE *stream = fopen("docs/accounts.md", "rb");
    CHECK(stream != NULL);
    if (stream != NULL) {
        CHECK(fread(document, 1, (1 << 17) - 1, stream) > 0);
        (void)fclose(stream);
    }
    const char *at = strstr(document, "<!-- account cases -->\n");
    const char *end = strstr(document, "<!-- end of account cases -->");
    CHECK(at != NULL && end != NULL);
    for (int skip = 0; at != NULL && skip < 3; skip++) {
        at = strchr(at, '\n') + 1; /* the mark, and two lines of header */
    }
    for (size_t i = 0; at != NULL && i < n_account_cases; i++) {
        const account_case *c = &account_cases[i];
        char line[2 * TEXT_SIZE], shown[2 * TEXT_SIZE];
        (void)snprintf(line, sizeof(line), "| %s | %s | %s |", c->title, c->what, c->result);
        (void)snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(at, "\n"), at);
        CHECK_TEXT(shown, line);
        at += strcspn(at, "\n") + 1;
    }
    CHECK(at == end);
    free(document);
}

SUITE("engine/account_cases", TEST(test_accounts_say_what_the_table_says),
      TEST(test_the_document_shows_the_same_table));
