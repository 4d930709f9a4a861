/* tests/unit/engine/random_fixture.h - random markets, and a strategy that orders at random from
 * what is known: whatever comes later, what it has done by now is the same. */
#ifndef FEL_TESTS_RANDOM_FIXTURE_H
#define FEL_TESTS_RANDOM_FIXTURE_H

#include "tests/unit/engine/engine_fixture.h"

/* One series of bars. */
typedef struct random_bars {
    uint64_t seed;
    size_t n;
    int64_t length_ns;
    int is_uneven; /* bars are left out, and closes lie at any instant of their length */
    double ticks_per_unit, lot;
    double scale;       /* of prices; a power of two keeps the bits */
    int64_t changed_ns; /* rows known after this instant are others; 0: never */
    int is_variation, no_borrow;
    double borrow_rate_per_year;
} random_bars;

random_bars random_bars_default(uint64_t seed, size_t n, int64_t length_ns);
/* Kind FX, multiplier 1. The rows before changed_ns do not depend on what comes after. */
void market_add_random(market *m, const char *symbol, const random_bars *bars);
/* A column of signals, one about every length_ns, dated like the bars' closes or between them. */
void market_add_random_signals(market *m, const char *symbol, const random_bars *bars);

/* What the random strategy may do. */
typedef struct random_play {
    uint64_t seed;
    double activity; /* chance of an act at each bar */
    int no_weights;  /* nothing that depends on the account */
    int no_resting;  /* market orders and targets only */
    double scale;    /* of quantities */
    int may_halt;    /* pulls the kill switch now and then */
    int uses_timers;
    int uses_legs; /* orders say which leg they are for */
} random_play;

/* How the random strategy plays from now on. */
void random_play_use(const random_play *play);

/* Acts on bars, signals, fills and updates; each instrument by itself, from a stream of random
 * numbers that its symbol names. */
extern const fel_strategy random_strategy;

/* Of the last run: updates that ended an order; orders that ended more than once or were told to
 * have ended before they lived. */
uint64_t random_ended(void);
uint64_t random_ended_twice(void);

/* A configuration drawn at random: rules, costs, rates. Cash 100,000. */
fel_engine_config random_config(uint64_t seed);

/* Orders and fills up to an instant (not: equity) are the same, bit for bit. */
void check_same_past(const fel_result *a, const fel_result *b, int64_t until_ns);
/* Everything is the same, bit for bit. */
void check_same_result(const fel_result *a, const fel_result *b);

#endif
