/* tests/unit/engine/test_fill_cases.c - every row of the table of fills, and the table in
 * docs/engine.md against it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/engine/fill_cases.h"

enum { LINE_SIZE = 512 };

static int has_bar(const ohlc *bar)
{
    return bar->open > 0.0;
}

static int has_order(const fel_order *order)
{
    return order->side != 0;
}

/* ---- running ----------------------------------------------------------------------------------
 */

/* The strategy of a case: a position first, then the case's orders. */
typedef struct case_state {
    uint64_t ids[2];
} case_state;

static const fill_case *current;
static int uses_group; /* "one cancels the other" is said by a group, not done in on_fill */

static fel_status make_orders(case_state *self, fel_ctx *ctx)
{
    for (size_t k = 0; k < 2 && has_order(&current->orders[k]); k++) {
        fel_order order = current->orders[k];
        order.struct_size = (uint32_t)sizeof(order);
        order.quantity = 1.0;
        order.group = uses_group && current->cancels_other ? 4711 : 0;
        FEL_TRY(fel_submit(ctx, &order, &self->ids[k]));
    }
    return FEL_OK;
}

static fel_status case_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    if (bar->close_time_ns == DAYS(current->answers_open ? 2 : 1) && current->held != 0) {
        FEL_TRY(fel_order_to_position(ctx, 0, current->held));
    }
    return bar->close_time_ns == DAYS(2) && !current->answers_open ? make_orders(state, ctx)
                                                                   : FEL_OK;
}

static fel_status case_on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    case_state *self = state;
    if (fill->order_id == 1 && current->held != 0) {
        return current->answers_open ? make_orders(self, ctx) : FEL_OK;
    }
    const uint64_t other = self->ids[fill->order_id == self->ids[0] ? 1 : 0];
    return current->cancels_other && !uses_group ? ctx->host->cancel(ctx, other) : FEL_OK;
}

static const fel_strategy case_strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "fill_case",
    .state_size = sizeof(case_state),
    .on_bar = case_on_bar,
    .on_fill = case_on_fill,
};

static market case_market(const fill_case *c)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    const ohlc flat = {100.0, 100.0, 100.0, 100.0};
    const ohlc bars[] = {flat, flat, c->bars[0], c->bars[1]};
    market_add_days(&m, &info, 0, bars, has_bar(&c->bars[1]) ? 4 : 3);
    return m;
}

static void say_fills(const fel_result *r, size_t n_first, char *text, size_t size)
{
    size_t used = 0;
    (void)snprintf(text, size, "none");
    for (size_t i = n_first; i < r->n_fills; i++) {
        const fel_fill_record *f = &r->fills[i];
        used += (size_t)snprintf(text + used, size - used, "%s%c %g in %d", used > 0 ? ", " : "",
                                 'a' + (int)(f->order_id - 1 - n_first), f->price,
                                 (int)f->bar_index - 1);
    }
}

static void run_case(const fill_case *c, char *text, size_t size)
{
    market m = case_market(c);
    fel_engine_config config = checked_config();
    config.fill = c->fill;
    config.limit = c->limit;
    config.path = c->path;
    config.trail = c->trail;
    current = c;
    run r = run_market(&m, &config, &case_strategy, NULL);
    if (r.result != NULL) {
        /* With same_close the position of `held` fills a bar earlier; it is the first fill anyway.
         */
        say_fills(r.result, c->held != 0, text, size);
        check_orders_ended(r.result);
        check_waterfall(r.result);
        CHECK_INT(r.result->flags & FEL_FLAG_SAME_CLOSE, c->fill == FEL_FILL_SAME_CLOSE);
    }
    run_clear(&r);
    market_clear(&m);
}

/* ---- the rows of the document ------------------------------------------------------------------
 */

/* Side, type, prices; "now" for IOC, "whole" for FOK. */
static void say_order(const fel_order *o, char *text, size_t size)
{
    static const char *const times[] = {"", "", "", " now", " now, whole"};
    char prices[48] = "";
    const int has_stop = o->stop_price != 0.0, has_limit = o->limit_price != 0.0;
    if (has_stop && has_limit) {
        (void)snprintf(prices, sizeof(prices), " %g, %g", o->stop_price, o->limit_price);
    } else if (has_stop || has_limit) {
        (void)snprintf(prices, sizeof(prices), " %g", has_stop ? o->stop_price : o->limit_price);
    } else if (o->trail != 0.0) {
        (void)snprintf(prices, sizeof(prices), " %g%s", o->trail,
                       o->trail_unit == FEL_TRAIL_PERCENT ? "%" : "");
    }
    (void)snprintf(text, size, "%s %s%s%s", o->side == FEL_BUY ? "buy" : "sell",
                   fel_order_type_name(o->type), prices, times[o->tif]);
}

static const char *say_rules(const fill_case *c)
{
    static char text[160];
    static const char *const paths[] = {"", ", O-H-L-C", ", O-L-H-C", ", pessimistic"};
    static const char *const holding[] = {", short 1", "", ", long 1"};
    (void)snprintf(text, sizeof(text), "%s%s%s%s%s%s%s",
                   c->fill == FEL_FILL_SAME_CLOSE ? ", same close" : "",
                   c->limit == FEL_LIMIT_TOUCH ? ", touch" : "", paths[c->path],
                   c->trail == FEL_TRAIL_PATH ? ", trail along the path" : "",
                   c->answers_open ? ", in answer to bar 1's open" : "",
                   c->answers_open ? "" : holding[c->held + 1],
                   c->cancels_other ? ", one cancels the other" : "");
    return text[0] == '\0' ? text : text + 2;
}

static size_t say_bar(const ohlc *b, char *text, size_t size)
{
    return has_bar(b)
               ? (size_t)snprintf(text, size, "%g %g %g %g", b->open, b->high, b->low, b->close)
               : 0;
}

static void say_row(const fill_case *c, char *line, size_t size)
{
    char a[80] = "", b[80] = "", bar1[80] = "", bar2[80] = "";
    say_order(&c->orders[0], a, sizeof(a));
    if (has_order(&c->orders[1])) {
        say_order(&c->orders[1], b, sizeof(b));
    }
    (void)say_bar(&c->bars[0], bar1, sizeof(bar1));
    (void)say_bar(&c->bars[1], bar2, sizeof(bar2));
    (void)snprintf(line, size, "| %s | %s | %s | %s | %s | %s |", a, b, say_rules(c), bar1, bar2,
                   c->fills);
}

/* ---- tests -------------------------------------------------------------------------------------
 */

static void test_orders_fill_where_the_table_says(void)
{
    for (size_t i = 0; i < n_fill_cases; i++) {
        char text[LINE_SIZE] = "";
        run_case(&fill_cases[i], text, sizeof(text));
        if (strcmp(text, fill_cases[i].fills) != 0) {
            char line[LINE_SIZE];
            say_row(&fill_cases[i], line, sizeof(line));
            (void)printf("\nrow %zu: %s\n", i + 1, line);
        }
        CHECK_TEXT(text, fill_cases[i].fills);
    }
}

static void test_a_group_cancels_as_the_strategy_would(void)
{
    size_t n_groups = 0;
    uses_group = 1;
    for (size_t i = 0; i < n_fill_cases; i++) {
        char text[LINE_SIZE] = "";
        run_case(&fill_cases[i], text, sizeof(text));
        CHECK_TEXT(text, fill_cases[i].fills);
        n_groups += fill_cases[i].cancels_other != 0;
    }
    uses_group = 0;
    CHECK(n_groups > 5);
}

/* Prices mirrored at 100 and sides exchanged: the same fills, mirrored. */
static fill_case mirrored(const fill_case *c)
{
    fill_case m = *c;
    m.held = -c->held;
    for (size_t k = 0; k < 2; k++) {
        m.orders[k].side = (fel_side)(-(int)c->orders[k].side);
        m.orders[k].limit_price = 200.0 - c->orders[k].limit_price; /* unused where it was 0 */
        m.orders[k].stop_price = 200.0 - c->orders[k].stop_price;
        if (has_bar(&c->bars[k])) {
            const ohlc bar = {200.0 - c->bars[k].open, 200.0 - c->bars[k].low,
                              200.0 - c->bars[k].high, 200.0 - c->bars[k].close};
            m.bars[k] = bar;
        }
    }
    m.path = c->path == FEL_PATH_OHLC   ? FEL_PATH_OLHC
             : c->path == FEL_PATH_OLHC ? FEL_PATH_OHLC
                                        : c->path;
    return m;
}

static int is_tie(const ohlc *b)
{
    return b->high - b->open == b->open - b->low;
}

static void mirror_text(const char *fills, char *text, size_t size)
{
    size_t used = 0;
    char word[32];
    int length = 0;
    (void)snprintf(text, size, "%s", strcmp(fills, "none") == 0 ? "none" : "");
    for (const char *p = fills;
         strcmp(fills, "none") != 0 && sscanf(p, "%31s%n", word, &length) == 1; p += length) {
        const int is_price = used > 0 && strchr("ab", text[used - 1]) != NULL;
        used += is_price
                    ? (size_t)snprintf(text + used, size - used, " %g", 200.0 - atof(word))
                    : (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", word);
    }
}

static void test_a_mirrored_market_fills_mirrored(void)
{
    for (size_t i = 0; i < n_fill_cases; i++) {
        const fill_case c = mirrored(&fill_cases[i]);
        char text[LINE_SIZE] = "", expected[LINE_SIZE];
        if ((fill_cases[i].path == FEL_PATH_NEAREST && is_tie(&c.bars[0])) ||
            c.orders[0].trail_unit == FEL_TRAIL_PERCENT) {
            continue; /* ties go to the high on both sides of the mirror; a percentage is none */
        }
        mirror_text(fill_cases[i].fills, expected, sizeof(expected));
        run_case(&c, text, sizeof(text));
        CHECK_TEXT(text, expected);
    }
}

static void test_the_document_shows_the_same_table(void)
{
    char *document = calloc(1, 1 << 18);
    FILE *stream = fopen("docs/engine.md", "rb");
    CHECK(stream != NULL);
    if (stream != NULL) {
        CHECK(fread(document, 1, (1 << 18) - 1, stream) > 0);
        (void)fclose(stream);
    }
    const char *at = strstr(document, "<!-- fill cases -->\n");
    const char *end = strstr(document, "<!-- end of fill cases -->");
    CHECK(at != NULL && end != NULL);
    /* Two lines of header follow the mark. */
    for (int skip = 0; at != NULL && skip < 3; skip++) {
        at = strchr(at, '\n') + 1;
    }
    for (size_t i = 0; at != NULL && i < n_fill_cases; i++) {
        char line[LINE_SIZE], shown[LINE_SIZE];
        say_row(&fill_cases[i], line, sizeof(line));
        (void)snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(at, "\n"), at);
        CHECK_TEXT(shown, line);
        at += strcspn(at, "\n") + 1;
    }
    CHECK(at == end);
    free(document);
}

SUITE("engine/fill_cases", TEST(test_orders_fill_where_the_table_says),
      TEST(test_a_group_cancels_as_the_strategy_would), TEST(test_a_mirrored_market_fills_mirrored),
      TEST(test_the_document_shows_the_same_table));
