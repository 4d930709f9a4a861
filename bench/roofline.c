/* bench/roofline.c - see roofline.h. */
#include "bench/roofline.h"

int64_t roofline_run(const roofline_data *data, size_t fast, size_t slow, long *n_trades)
{
    const int64_t *const open = data->open, *const close = data->close;
    const int64_t n_fast = (int64_t)fast, n_slow = (int64_t)slow;
    int64_t fast_sum = 0, slow_sum = 0, cash = 0;
    int is_long = 0;
    long trades = 0;
    for (size_t i = 0; i < slow; i++) {
        slow_sum += close[i];
        fast_sum += i >= slow - fast ? close[i] : 0;
    }
    for (size_t i = slow - 1; i + 1 < data->n; i++) {
        if (i >= slow) {
            fast_sum += close[i] - close[i - fast];
            slow_sum += close[i] - close[i - slow];
        }
        const int64_t a = fast_sum * n_slow, b = slow_sum * n_fast;
        if (!is_long && a > b) {
            cash -= open[i + 1] * 100 * 1001;
            is_long = 1;
        } else if (is_long && a < b) {
            cash += open[i + 1] * 100 * 999;
            is_long = 0;
            trades++;
        }
    }
    *n_trades = trades;
    return is_long ? cash + close[data->n - 1] * 100 * 1000 : cash;
}
