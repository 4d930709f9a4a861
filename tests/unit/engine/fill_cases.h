/* tests/unit/engine/fill_cases.h - hand-worked fills: orders, the bars that follow, what fills
 * where. docs/engine.md shows the same table, and a test compares the two. */
#ifndef FEL_TESTS_FILL_CASES_H
#define FEL_TESTS_FILL_CASES_H

#include "tests/unit/engine/engine_fixture.h"

typedef struct fill_case {
    fel_order orders[2]; /* made at the close of a bar at 100; the second may be none */
    int held;            /* units held by then, bought or sold at 100 */
    fel_fill_rule fill;
    fel_limit_rule limit;
    fel_bar_path path;
    fel_trail_rule trail;
    int answers_open;  /* the orders are made in on_fill of an order that filled at bar 1's open */
    int cancels_other; /* on_fill cancels the other order */
    ohlc bars[2];      /* bar 1 and, unless it is all 0, bar 2 */
    const char *fills; /* "a 98 in 1, b 103 in 2"; bar 0 is the one of the decision */
} fill_case;

extern const fill_case fill_cases[];
extern const size_t n_fill_cases;

#endif
