/* tests/unit/engine/account_cases.c - the rows of the table in docs/accounts.md. */
#include "tests/unit/engine/account_cases.h"

static void cash_account(fel_engine_config *c, fel_instrument *i)
{
    (void)c;
    (void)i;
}

static void margin(fel_engine_config *c, double initial, double of_long, double of_short)
{
    const fel_margin_rate rate = {initial, of_long, of_short};
    c->account.kind = FEL_ACCOUNT_MARGIN;
    for (size_t k = 0; k < FEL_N_INSTRUMENT_KINDS; k++) {
        c->account.margin[k] = rate;
    }
}

static void textbook_long(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    margin(c, 0.6, 0.3, 0.3);
}

static void textbook_short(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    margin(c, 0.5, 0.3, 0.3);
}

static void regulation_t(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    c->account.kind = FEL_ACCOUNT_MARGIN;
}

static void regulation_t_reject(fel_engine_config *c, fel_instrument *i)
{
    regulation_t(c, i);
    c->cash_short = FEL_CASH_REJECT;
}

static void proportional(fel_engine_config *c, fel_instrument *i)
{
    regulation_t(c, i);
    c->account.liquidate = FEL_LIQUIDATE_PROPORTIONAL;
}

static void proportional_initial(fel_engine_config *c, fel_instrument *i)
{
    proportional(c, i);
    c->account.restore = FEL_RESTORE_INITIAL;
}

static void proportional_fee(fel_engine_config *c, fel_instrument *i)
{
    proportional(c, i);
    c->account.liquidation_fee = 0.01;
}

static void two_days(fel_engine_config *c, fel_instrument *i)
{
    regulation_t(c, i);
    c->account.grace_days = 2;
}

static void contract(fel_engine_config *c, fel_instrument *i)
{
    c->account.kind = FEL_ACCOUNT_MARGIN;
    i->lot = 1.0;
    i->margin_initial_amount = 12000.0;
    i->margin_maintenance_amount = 11000.0;
}

static void leverage_20(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    margin(c, 0.05, 0.025, 0.025);
}

static void borrow_3(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    c->account.borrow_rate_per_year = 0.036;
}

static void credit_2(fel_engine_config *c, fel_instrument *i)
{
    (void)i;
    c->cash_rate_per_year = 0.0365;
    c->account.short_credit_rate_per_year = 0.0073;
}

static void no_borrow(fel_engine_config *c, fel_instrument *i)
{
    (void)c;
    i->no_borrow = 1;
}

static void hedging(fel_engine_config *c, fel_instrument *i)
{
    leverage_20(c, i);
    c->account.position_mode = FEL_POSITIONS_HEDGING;
}

static void hedging_larger(fel_engine_config *c, fel_instrument *i)
{
    hedging(c, i);
    c->account.leg_margin = FEL_LEGS_LARGER;
}

/* BKM: Bodie, Kane, Marcus, Investments, chapter 3: "buying on margin", "short sales". */
const account_case account_cases[] = {
    {.title = "buying on margin (BKM)",
     .what = "own 6,000, initial 60 %, maintenance 30 %: buy 100 at 100; price 57.15, 57.14",
     .cash = 6000,
     .rules = textbook_long,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 57.15, 57.14, 57},
     .result = "+100 @ 100 in 1; call at open of 3: 1714 < 1714.2; -100 @ 57.14 in 3 margin_call; "
               "equity 1714, cash 1714"},
    {.title = "short sale (BKM)",
     .what = "own 50,000, initial 50 %, maintenance 30 %: sell 1,000 at 100; price 115.38, 115.39",
     .cash = 50000,
     .rules = textbook_short,
     .orders = {{0, -1000, 0}},
     .prices = {100, 100, 115.38, 115.39, 116},
     .result = "-1000 @ 100 in 1; call at open of 3: 34610 < 34617; +1000 @ 115.39 in 3 "
               "margin_call; equity 34610, cash 34610"},
    {.title = "too large, cut",
     .what = "own 6,000, Regulation T: buy 200 at 100; price 101",
     .cash = 6000,
     .rules = regulation_t,
     .orders = {{0, 200, 0}},
     .prices = {100, 100, 101},
     .result = "+120 @ 100 in 1; equity 6120, cash -6000, margin 3030"},
    {.title = "too large, refused",
     .what = "the same, `cash_short: reject`",
     .cash = 6000,
     .rules = regulation_t_reject,
     .orders = {{0, 200, 0}},
     .prices = {100, 100, 101},
     .result = "order 1 no_margin; equity 6000, cash 6000"},
    {.title = "a call closes all",
     .what = "own 5,000, Regulation T: buy 100 at 100; close 66; next open 64",
     .cash = 5000,
     .rules = regulation_t,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 65, 65},
     .opens = {0, 0, 90, 64},
     .result = "+100 @ 100 in 1; call at close of 2: 1600 < 1650; -100 @ 64 in 3 margin_call; "
               "equity 1400, cash 1400"},
    {.title = "a call closes a part",
     .what = "`liquidate: proportional`: 50 missing of 1,650, 3.0303 shares; next open 66",
     .cash = 5000,
     .rules = proportional,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 66, 66},
     .opens = {0, 0, 90},
     .result = "+100 @ 100 in 1; call at close of 2: 1600 < 1650; -3.030303 @ 66 in 3 margin_call; "
               "equity 1600, cash -4800, margin 1600"},
    {.title = "back to the initial margin",
     .what = "the same, `restore: initial`: 1,700 missing of 3,300, 51.515 shares",
     .cash = 5000,
     .rules = proportional_initial,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 66, 66},
     .opens = {0, 0, 90},
     .result = "+100 @ 100 in 1; call at close of 2: 1600 < 1650; -51.515152 @ 66 in 3 "
               "margin_call; equity 1600, cash -1600, margin 800"},
    {.title = "a liquidation's fee",
     .what = "`liquidate: proportional`, `liquidation_fee: 0.01`: a share frees 16.5, costs 0.66",
     .cash = 5000,
     .rules = proportional_fee,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 66, 66},
     .opens = {0, 0, 90},
     .result = "+100 @ 100 in 1; call at close of 2: 1600 < 1650; -3.1565657 @ 66 in 3 "
               "margin_call; equity 1597.9167, cash -4793.75, margin 1597.9167"},
    {.title = "two days' grace, met",
     .what = "`grace_days: 2`: price 66, 66.1, 67: equity 1,700 > 1,675",
     .cash = 5000,
     .rules = two_days,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 66.1, 67, 67},
     .result = "+100 @ 100 in 1; call at open of 2: 1600 < 1650, met at open of 4; equity 1700, "
               "cash -5000, margin 1675"},
    {.title = "two days' grace, over",
     .what = "the same, price 66, 66, 66, close 65",
     .cash = 5000,
     .rules = two_days,
     .orders = {{0, 100, 0}},
     .prices = {100, 100, 66, 66, 65, 65},
     .opens = {0, 0, 0, 0, 66},
     .result = "+100 @ 100 in 1; call at open of 2: 1600 < 1650; -100 @ 65 in 4 margin_call; "
               "equity 1500, cash 1500"},
    {.title = "a future, settled daily",
     .what = "own 30,000, a contract of 50 needs 12,000: buy 3 at 4,000; settled at 4,010; 4,012",
     .kind = FEL_FUTURE,
     .multiplier = 50,
     .cash = 30000,
     .rules = contract,
     .orders = {{0, 3, 0}},
     .prices = {4000, 4000, 4010, 4012},
     .result = "+2 @ 4000 in 1; equity 31200, cash 31000, margin 22000"},
    {.title = "a future's margin call",
     .what = "the same, maintenance 11,000 a contract: price 3,920, 3,919",
     .kind = FEL_FUTURE,
     .multiplier = 50,
     .cash = 30000,
     .rules = contract,
     .orders = {{0, 2, 0}},
     .prices = {4000, 4000, 3920, 3919, 3919},
     .result = "+2 @ 4000 in 1; call at open of 3: 21900 < 22000; -2 @ 3919 in 3 margin_call; "
               "equity 21900, cash 21900"},
    {.title = "a perpetual, 20 times",
     .what = "own 1,000, initial 5 %, maintenance 2.5 %: sell 0.4 at 50,000; price 51,200, 51,300",
     .kind = FEL_PERPETUAL,
     .cash = 1000,
     .rules = leverage_20,
     .orders = {{0, -0.4, 0}},
     .prices = {50000, 50000, 51200, 51300, 51250},
     .result = "-0.4 @ 50000 in 1; call at open of 3: 480 < 513; +0.4 @ 51300 in 3 margin_call; "
               "equity 480, cash 480"},
    {.title = "borrow over a weekend",
     .what = "sell 100 on Friday at 50; close 50, Monday 52, Tuesday 53; 3.6 % a year, act/360",
     .cash = 10000,
     .rules = borrow_3,
     .orders = {{0, -100, 0}},
     .prices = {50, 50, 52, 53},
     .is_week = 1,
     .result = "-100 @ 50 in 1; equity 9697.98, cash 14997.98, borrow 2.02"},
    {.title = "what a short sale's proceeds earn",
     .what = "the same days, price 50; cash 3.65 % a year, proceeds 0.73 %",
     .cash = 10000,
     .rules = credit_2,
     .orders = {{0, -100, 0}},
     .prices = {50, 50, 50, 50},
     .is_week = 1,
     .result = "-100 @ 50 in 1; equity 10005.401, cash 15005.401, interest 5.40073"},
    {.title = "nothing to borrow",
     .what = "buy 10, sell 25 (cut), sell 5",
     .cash = 10000,
     .rules = no_borrow,
     .orders = {{0, 10, 0}, {1, -25, 0}, {2, -5, 0}},
     .prices = {50, 50, 51, 52, 52},
     .result = "order 3 no_borrow; +10 @ 50 in 1; -10 @ 51 in 2; equity 10010, cash 10010"},
    {.title = "a dividend on a short position",
     .what = "sell 100 at 50; a dividend of 0.5 a share, then price 49.5",
     .cash = 10000,
     .rules = cash_account,
     .orders = {{0, -100, 0}},
     .prices = {50, 50, 50, 49.5},
     .dividend = 0.5,
     .result = "-100 @ 50 in 1; equity 10000, cash 14950, dividends -50"},
    {.title = "legs",
     .what = "20 times; long 10 at 100, short 4 at 110, close the long at 105, and once more; 104",
     .kind = FEL_PERPETUAL,
     .cash = 1000,
     .rules = hedging,
     .orders = {{0, 10, 1}, {1, -4, -1}, {2, -10, 1}, {3, -5, 1}},
     .prices = {100, 100, 110, 105, 104, 104},
     .result = "order 4 no_change; +10 long @ 100 in 1; -4 short @ 110 in 2; -10 long @ 105 in 3; "
               "equity 1074, cash 1070, margin 10.4; long 0, P&L 50; short 4, P&L 24"},
    {.title = "margin of legs, the sum",
     .what = "the same, both open at 105: 14 × 105 × 2.5 %",
     .kind = FEL_PERPETUAL,
     .cash = 1000,
     .rules = hedging,
     .orders = {{0, 10, 1}, {1, -4, -1}},
     .prices = {100, 100, 110, 105},
     .result = "+10 long @ 100 in 1; -4 short @ 110 in 2; equity 1070, cash 1040, margin 36.75; "
               "long 10, P&L 50; short 4, P&L 20"},
    {.title = "margin of legs, the larger",
     .what = "the same, `legs: larger`: 10 × 105 × 2.5 %",
     .kind = FEL_PERPETUAL,
     .cash = 1000,
     .rules = hedging_larger,
     .orders = {{0, 10, 1}, {1, -4, -1}},
     .prices = {100, 100, 110, 105},
     .result = "+10 long @ 100 in 1; -4 short @ 110 in 2; equity 1070, cash 1040, margin 26.25; "
               "long 10, P&L 50; short 4, P&L 20"},
};

const size_t n_account_cases = sizeof(account_cases) / sizeof(account_cases[0]);
