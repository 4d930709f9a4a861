/* tests/unit/engine/account_cases.h - accounts worked out by hand: what is held, what prices do,
 * what the account says. docs/accounts.md shows the same table, and a test compares the two. */
#ifndef FEL_TESTS_ACCOUNT_CASES_H
#define FEL_TESTS_ACCOUNT_CASES_H

#include "tests/unit/engine/engine_fixture.h"

enum { CASE_PRICES = 8, CASE_ORDERS = 4 };

/* An order made at the close of a bar; it fills at the next open. */
typedef struct case_order {
    int bar;         /* 0 ...; quantity 0: none */
    double quantity; /* negative: sold */
    int32_t side;    /* of the leg */
} case_order;

typedef struct account_case {
    const char *title, *what; /* as the document has them; what: the account's rules, the events */
    fel_instrument_kind kind;
    double multiplier;
    double cash;
    void (*rules)(fel_engine_config *config, fel_instrument *instrument);
    case_order orders[CASE_ORDERS];
    double prices[CASE_PRICES]; /* of each day, 14:30 to 21:00; ends with 0 */
    double opens[CASE_PRICES];  /* where it opens at another price; else 0 */
    int is_week;                /* Thursday and Friday, Monday and Tuesday; else day after day */
    double dividend;            /* ex at the open of bar 3 */
    const char *result;
} account_case;

extern const account_case account_cases[];
extern const size_t n_account_cases;

#endif
