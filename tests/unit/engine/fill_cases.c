/* tests/unit/engine/fill_cases.c - the table, worked by hand from the rules in feller/engine.h. */
#include "tests/unit/engine/fill_cases.h"

/* clang-format off */
#define BUY_MARKET           {.side = FEL_BUY, .type = FEL_ORDER_MARKET}
#define SELL_MARKET          {.side = FEL_SELL, .type = FEL_ORDER_MARKET}
#define BUY_LIMIT(p)         {.side = FEL_BUY, .type = FEL_ORDER_LIMIT, .limit_price = (p)}
#define SELL_LIMIT(p)        {.side = FEL_SELL, .type = FEL_ORDER_LIMIT, .limit_price = (p)}
#define BUY_STOP(p)          {.side = FEL_BUY, .type = FEL_ORDER_STOP, .stop_price = (p)}
#define SELL_STOP(p)         {.side = FEL_SELL, .type = FEL_ORDER_STOP, .stop_price = (p)}
#define BUY_STOP_LIMIT(s, p) {.side = FEL_BUY, .type = FEL_ORDER_STOP_LIMIT, .stop_price = (s), .limit_price = (p)}
#define SELL_STOP_LIMIT(s, p) {.side = FEL_SELL, .type = FEL_ORDER_STOP_LIMIT, .stop_price = (s), .limit_price = (p)}
#define SELL_TRAIL(d)        {.side = FEL_SELL, .type = FEL_ORDER_TRAILING_STOP, .trail = (d)}
#define BUY_TRAIL_PERCENT(d) {.side = FEL_BUY, .type = FEL_ORDER_TRAILING_STOP, .trail = (d), .trail_unit = FEL_TRAIL_PERCENT}
#define SELL_TRAIL_PERCENT(d) {.side = FEL_SELL, .type = FEL_ORDER_TRAILING_STOP, .trail = (d), .trail_unit = FEL_TRAIL_PERCENT}
#define BUY_ON_OPEN          {.side = FEL_BUY, .type = FEL_ORDER_MARKET_ON_OPEN}
#define SELL_LIMIT_ON_OPEN(p) {.side = FEL_SELL, .type = FEL_ORDER_LIMIT_ON_OPEN, .limit_price = (p)}
#define BUY_ON_CLOSE         {.side = FEL_BUY, .type = FEL_ORDER_MARKET_ON_CLOSE}
#define BUY_LIMIT_ON_CLOSE(p) {.side = FEL_BUY, .type = FEL_ORDER_LIMIT_ON_CLOSE, .limit_price = (p)}
#define BUY_LIMIT_NOW(p, t)  {.side = FEL_BUY, .type = FEL_ORDER_LIMIT, .limit_price = (p), .tif = (t)}
#define ONE(a)    .orders = {a}
#define TWO(a, b) .orders = {a, b}
#define BAR(o, h, l, c) .bars = {{o, h, l, c}}
#define BARS(o, h, l, c, o2, h2, l2, c2) .bars = {{o, h, l, c}, {o2, h2, l2, c2}}

const fill_case fill_cases[] = {
    /* market orders: the next open, whatever the bar does then */
    {ONE(BUY_MARKET), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(SELL_MARKET), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(BUY_MARKET), BAR(100.5, 103, 99, 102), .fill = FEL_FILL_SAME_CLOSE, .fills = "a 100 in 0"},
    {ONE(BUY_MARKET), .answers_open = 1, .held = 1, BARS(101, 103, 99, 102, 102.5, 103, 102, 103), .fills = "a 102.5 in 2"},
    /* limits: through, touch, gaps */
    {ONE(BUY_LIMIT(98)), BAR(100, 101, 97, 99), .fills = "a 98 in 1"},
    {ONE(BUY_LIMIT(98)), BAR(100, 101, 98, 99), .fills = "none"},
    {ONE(BUY_LIMIT(98)), BAR(100, 101, 98, 99), .limit = FEL_LIMIT_TOUCH, .fills = "a 98 in 1"},
    {ONE(BUY_LIMIT(98)), BAR(96, 97, 95, 96.5), .fills = "a 96 in 1"},
    {ONE(BUY_LIMIT(98)), BAR(98, 99, 98, 98.5), .fills = "none"},
    {ONE(BUY_LIMIT(98)), BAR(98, 99, 98, 98.5), .limit = FEL_LIMIT_TOUCH, .fills = "a 98 in 1"},
    {ONE(BUY_LIMIT(98)), BAR(98, 99, 97.5, 98.5), .fills = "a 98 in 1"},
    {ONE(BUY_LIMIT(98)), BARS(100, 101, 99, 100, 99, 99.5, 97.75, 98), .fills = "a 98 in 2"},
    {ONE(BUY_LIMIT(105)), BAR(101, 103, 99, 102), .fills = "a 101 in 1"},
    {ONE(SELL_LIMIT(103)), BAR(100, 104, 99, 101), .fills = "a 103 in 1"},
    {ONE(SELL_LIMIT(103)), BAR(100, 103, 99, 101), .fills = "none"},
    {ONE(SELL_LIMIT(103)), BAR(100, 103, 99, 101), .limit = FEL_LIMIT_TOUCH, .fills = "a 103 in 1"},
    {ONE(SELL_LIMIT(103)), BAR(104.5, 105, 104, 105), .fills = "a 104.5 in 1"},
    {ONE(SELL_LIMIT(103)), BARS(100, 102, 99, 100, 105, 106, 104, 105), .fills = "a 105 in 2"},
    /* stops: a touch is enough, a gap fills at the open */
    {ONE(BUY_STOP(103)), BAR(100, 104, 99, 101), .fills = "a 103 in 1"},
    {ONE(BUY_STOP(103)), BAR(100, 103, 99, 101), .fills = "a 103 in 1"},
    {ONE(BUY_STOP(103)), BAR(105, 106, 101, 102), .fills = "a 105 in 1"},
    {ONE(BUY_STOP(103)), BAR(100, 102.99, 99, 101), .fills = "none"},
    {ONE(SELL_STOP(97)), BAR(100, 101, 96, 99), .fills = "a 97 in 1"},
    {ONE(SELL_STOP(97)), BAR(100, 101, 97, 99), .fills = "a 97 in 1"},
    {ONE(SELL_STOP(97)), BAR(95, 99, 94, 98), .fills = "a 95 in 1"},
    {ONE(SELL_STOP(97)), BARS(100, 101, 98, 99, 96.5, 99, 96, 98), .fills = "a 96.5 in 2"},
    /* stop-limits: the stop wakes a limit */
    {ONE(BUY_STOP_LIMIT(103, 104)), BAR(100, 105, 99, 102), .fills = "a 103 in 1"},
    {ONE(BUY_STOP_LIMIT(103, 104)), BAR(103.5, 105, 103, 104), .fills = "a 103.5 in 1"},
    {ONE(BUY_STOP_LIMIT(103, 104)), BAR(106, 107, 103, 105), .fills = "a 104 in 1"},
    {ONE(BUY_STOP_LIMIT(103, 104)), BARS(106, 107, 105, 106, 105, 105.5, 103.5, 104), .fills = "a 104 in 2"},
    {ONE(BUY_STOP_LIMIT(103, 101)), BAR(102, 104, 100.5, 102), .path = FEL_PATH_OHLC, .fills = "a 101 in 1"},
    {ONE(BUY_STOP_LIMIT(103, 101)), BAR(102, 104, 100.5, 102), .path = FEL_PATH_OLHC, .fills = "none"},
    {ONE(BUY_STOP_LIMIT(103, 104)), BAR(100, 102, 97, 101), .fills = "none"},
    {ONE(SELL_STOP_LIMIT(97, 96)), BAR(100, 101, 95, 98), .fills = "a 97 in 1"},
    {ONE(SELL_STOP_LIMIT(97, 96)), BAR(94, 97, 93, 95), .fills = "a 96 in 1"},
    {ONE(SELL_STOP_LIMIT(97, 96)), BARS(94, 95, 93, 94, 96.5, 97, 96, 97), .fills = "a 96.5 in 2"},
    /* stop and limit in one bar: the path decides */
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), BAR(100, 104, 96, 101), .path = FEL_PATH_OHLC, .fills = "a 103 in 1, b 97 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), BAR(100, 104, 96, 101), .path = FEL_PATH_OLHC, .fills = "b 97 in 1, a 103 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(100, 104, 96, 101), .path = FEL_PATH_OHLC, .fills = "a 103 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(100, 104, 96, 101), .path = FEL_PATH_OLHC, .fills = "b 97 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(100, 104, 96, 101), .path = FEL_PATH_PESSIMISTIC, .fills = "b 97 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(100, 104, 96, 101), .fills = "a 103 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(100, 105, 96, 101), .fills = "b 97 in 1"},
    {TWO(BUY_LIMIT(97), BUY_STOP(103)), .held = -1, .cancels_other = 1, BAR(100, 106, 96, 101), .path = FEL_PATH_PESSIMISTIC, .fills = "b 103 in 1"},
    {TWO(BUY_LIMIT(97), BUY_STOP(103)), .held = -1, .cancels_other = 1, BAR(100, 106, 96, 101), .fills = "a 97 in 1"},
    {TWO(BUY_LIMIT(97), BUY_STOP(103)), .cancels_other = 1, BAR(100, 106, 96, 101), .path = FEL_PATH_PESSIMISTIC, .fills = "a 97 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(95, 104, 94, 101), .path = FEL_PATH_OHLC, .fills = "b 95 in 1"},
    {TWO(SELL_LIMIT(103), SELL_STOP(97)), .held = 1, .cancels_other = 1, BAR(104, 105, 94, 101), .path = FEL_PATH_OLHC, .fills = "a 104 in 1"},
    {TWO(BUY_STOP(102), SELL_STOP(98)), BAR(100, 103, 97, 100), .path = FEL_PATH_OHLC, .fills = "a 102 in 1, b 98 in 1"},
    {TWO(BUY_LIMIT(99), BUY_LIMIT(98)), BAR(100, 101, 97, 100), .path = FEL_PATH_OHLC, .fills = "a 99 in 1, b 98 in 1"},
    {TWO(BUY_LIMIT(98), BUY_LIMIT(99)), BAR(100, 101, 97, 100), .path = FEL_PATH_OHLC, .fills = "b 99 in 1, a 98 in 1"},
    /* made in answer to bar 1's open: the rest of bar 1 counts, its open does not */
    {ONE(BUY_LIMIT(98)), .answers_open = 1, .held = 1, BAR(100, 101, 97, 99), .fills = "a 98 in 1"},
    {ONE(SELL_STOP(97)), .answers_open = 1, .held = 1, BAR(100, 101, 96, 99), .fills = "a 97 in 1"},
    {ONE(SELL_STOP(97)), .answers_open = 1, .held = 1, BARS(95, 98, 94, 96, 96.5, 98, 96, 97), .path = FEL_PATH_OHLC, .fills = "a 96.5 in 2"},
    {ONE(SELL_STOP(97)), .answers_open = 1, .held = 1, BARS(95, 98, 94, 98, 98.5, 99, 98, 99), .path = FEL_PATH_OHLC, .fills = "a 98.5 in 2"},
    {ONE(BUY_STOP_LIMIT(97, 96)), .answers_open = 1, .held = 1, BAR(100, 101, 95, 99), .path = FEL_PATH_OHLC, .fills = "a 96 in 1"},
    {ONE(BUY_LIMIT(101)), .answers_open = 1, .held = 1, BARS(100, 100.5, 99, 100, 99.5, 100, 99, 100), .fills = "a 99.5 in 2"},
    /* trailing stops: the last price when it goes live is the first that it follows */
    {ONE(SELL_TRAIL(3)), BAR(100, 101, 96, 99), .fills = "a 97 in 1"},
    {ONE(SELL_TRAIL(3)), BARS(100, 104, 99, 103, 103, 103.5, 98, 99), .fills = "a 101 in 2"},
    {ONE(SELL_TRAIL(3)), BARS(100, 104, 100, 104, 98, 99, 97, 98), .fills = "a 98 in 2"},
    {ONE(SELL_TRAIL(3)), BARS(100, 100, 98, 98, 98, 98, 96.5, 97), .fills = "a 97 in 2"},
    {ONE(SELL_TRAIL(3)), BAR(100, 106, 99, 102), .path = FEL_PATH_OHLC, .fills = "none"},
    {ONE(SELL_TRAIL(3)), BAR(100, 106, 99, 102), .path = FEL_PATH_OHLC, .trail = FEL_TRAIL_PATH, .fills = "a 103 in 1"},
    {ONE(SELL_TRAIL(3)), BAR(100, 102, 99, 100), .path = FEL_PATH_OLHC, .trail = FEL_TRAIL_PATH, .fills = "none"},
    {ONE(SELL_TRAIL(3)), BARS(100, 102, 99, 100, 103, 103, 99.5, 101), .trail = FEL_TRAIL_PATH, .fills = "a 100 in 2"},
    {ONE(SELL_TRAIL(3)), BARS(100, 102, 99, 100, 103, 103, 99.5, 101), .fills = "none"},
    {ONE(SELL_TRAIL(3)), .answers_open = 1, .held = 1, BAR(100, 101, 96, 99), .fills = "a 97 in 1"},
    {ONE(BUY_TRAIL_PERCENT(4)), BARS(100, 100, 95, 95, 96, 99, 95.5, 98), .fills = "a 98.8 in 2"},
    {ONE(SELL_TRAIL_PERCENT(4)), BARS(100, 105, 99, 105, 104, 104.5, 100, 101), .fills = "a 100.8 in 2"},
    /* opens and closes only */
    {ONE(BUY_ON_OPEN), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(BUY_ON_OPEN), BAR(100.5, 103, 99, 102), .fill = FEL_FILL_SAME_CLOSE, .fills = "a 100.5 in 1"},
    {ONE(SELL_LIMIT_ON_OPEN(100)), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(SELL_LIMIT_ON_OPEN(101)), BARS(100.5, 103, 99, 102, 102, 103, 101, 102), .fills = "none"},
    {ONE(SELL_LIMIT_ON_OPEN(100.5)), BAR(100.5, 103, 99, 102), .fills = "none"},
    {ONE(SELL_LIMIT_ON_OPEN(100.5)), BAR(100.5, 103, 99, 102), .limit = FEL_LIMIT_TOUCH, .fills = "a 100.5 in 1"},
    {ONE(BUY_ON_CLOSE), BAR(100.5, 103, 99, 102), .fills = "a 102 in 1"},
    {ONE(BUY_ON_CLOSE), .answers_open = 1, .held = 1, BAR(100.5, 103, 99, 102), .fills = "a 102 in 1"},
    {ONE(BUY_LIMIT_ON_CLOSE(102.5)), BAR(100.5, 103, 99, 102), .fills = "a 102 in 1"},
    {ONE(BUY_LIMIT_ON_CLOSE(101)), BARS(100.5, 103, 99, 102, 102, 102, 100, 100), .fills = "none"},
    /* now or never */
    {ONE(BUY_LIMIT_NOW(101, FEL_TIF_IOC)), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(BUY_LIMIT_NOW(98, FEL_TIF_IOC)), BARS(100, 101, 97, 99, 96, 97, 95, 96), .fills = "none"},
    {ONE(BUY_LIMIT_NOW(101, FEL_TIF_FOK)), BAR(100.5, 103, 99, 102), .fills = "a 100.5 in 1"},
    {ONE(BUY_LIMIT_NOW(98, FEL_TIF_FOK)), BARS(100, 101, 97, 99, 96, 97, 95, 96), .fills = "none"},
};
/* clang-format on */

const size_t n_fill_cases = sizeof(fill_cases) / sizeof(fill_cases[0]);
