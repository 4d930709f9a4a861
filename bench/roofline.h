/* bench/roofline.h - the workload's rule as a bare loop over whole ticks: no engine, no orders, no
 * records. A ceiling for speed, not a peer. */
#ifndef FEL_BENCH_ROOFLINE_H
#define FEL_BENCH_ROOFLINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct roofline_data {
    const int64_t *open, *close; /* ticks */
    size_t n;
} roofline_data;

/* Buy 100 at the next open while flat and the fast sum is above, sell while long and below; fee 0.1
 * %. Returns the cash earned in thousandths of a tick; the trades closed in *n_trades. */
int64_t roofline_run(const roofline_data *data, size_t fast, size_t slow, long *n_trades);

#endif
