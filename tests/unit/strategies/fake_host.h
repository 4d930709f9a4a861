/* tests/unit/strategies/fake_host.h - the least that a strategy needs: a context, and a market
 * where a target fills at the open of the instrument's next bar, free of charge. */
#ifndef FEL_TESTS_FAKE_HOST_H
#define FEL_TESTS_FAKE_HOST_H

#include <feller/strategy.h>

enum { FAKE_MAX_INSTRUMENTS = 16, FAKE_MAX_SIGNALS = 4, FAKE_MAX_ORDERS = 20000 };

/* A target as the strategy asked for it. */
typedef struct fake_order {
    size_t step; /* number of fake_step() calls before the one in which it was made, from 0 */
    uint32_t instrument;
    fel_target_kind kind;
    double amount;
} fake_order;

typedef struct fake_host {
    fel_ctx ctx; /* first: the strategy gets its address */
    fel_host table;
    const fel_strategy *strategy;
    void *state;
    void *blocks[8]; /* of host->alloc */
    size_t n_blocks;
    fel_instrument instruments[FAKE_MAX_INSTRUMENTS];
    double position[FAKE_MAX_INSTRUMENTS], last_price[FAKE_MAX_INSTRUMENTS];
    double signal[FAKE_MAX_INSTRUMENTS * FAKE_MAX_SIGNALS];
    fake_order waiting[FAKE_MAX_INSTRUMENTS];
    int is_waiting[FAKE_MAX_INSTRUMENTS];
    double cash;
    size_t n_steps, start_step; /* no orders before start_step, as in a run's warm-up */
    fake_order orders[FAKE_MAX_ORDERS];
    size_t n_orders;
    fel_order submitted[64]; /* plain orders; recorded, never filled */
    size_t n_submitted;
    int is_out_of_memory; /* alloc() gives NULL */
    char message[256];    /* of fail() */
} fake_host;

/* A host for n instruments without a grid and n_signals columns; cash 1e6. free() it after
 * fake_stop(). */
fake_host *fake_host_create(size_t n_instruments, size_t n_signals);
/* params NULL: the defaults. Gives on_start's status. May be called again after fake_stop(). */
fel_status fake_start(fake_host *host, const fel_strategy *strategy, const double *params);
/* One instant: fill what waits for these instruments at their opens, then on_bar for each bar and
 * on_slice. */
fel_status fake_step(fake_host *host, const fel_bar *bars, size_t n_bars);
/* A signal between two steps, or right before the bars of the next one. */
fel_status fake_signal(fake_host *host, uint32_t instrument, uint32_t column, double value);
/* A split between two steps; the position is multiplied first, as the engine does. */
fel_status fake_split(fake_host *host, uint32_t instrument, double ratio);
/* on_stop, and the memory of the run. Orders stay to be looked at. */
void fake_stop(fake_host *host);

/* A bar whose four prices are these. */
fel_bar fake_bar(uint32_t instrument, double open, double high, double low, double close);
/* One whose prices are all the same. */
fel_bar fake_flat_bar(uint32_t instrument, double price);

#endif
