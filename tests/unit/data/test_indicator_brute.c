/* tests/unit/data/test_indicator_brute.c - indicators against their formulas, worked out anew over
 * whole windows at each bar. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/data/indicator_bars.h"

enum { N = 500 };

static fel_bar bars[N];
static double out[N * FEL_INDICATOR_MAX_OUTPUTS];

/* One output of a row at bar i, by its definition; p: its parameters. */
typedef double definition(const double *p, size_t i);

static double close_at(size_t i)
{
    return bars[i].close;
}

static double typical_at(size_t i)
{
    return (bars[i].high + bars[i].low + bars[i].close) / 3.0;
}

static double mean_of(double (*at)(size_t i), size_t i, size_t n)
{
    long double sum = 0.0L;
    for (size_t k = 0; k < n; k++) {
        sum += (long double)at(i - k);
    }
    return (double)(sum / (long double)n);
}

/* With the mean taken off first. */
static double deviation_of(double (*at)(size_t i), size_t i, size_t n, double ddof)
{
    const double mean = mean_of(at, i, n);
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        sum += (at(i - k) - mean) * (at(i - k) - mean);
    }
    return sqrt(sum / ((double)n - ddof));
}

static double highest(size_t i, size_t n)
{
    double most = bars[i].high;
    for (size_t k = 1; k < n; k++) {
        most = fmax(most, bars[i - k].high);
    }
    return most;
}

static double lowest(size_t i, size_t n)
{
    double least = bars[i].low;
    for (size_t k = 1; k < n; k++) {
        least = fmin(least, bars[i - k].low);
    }
    return least;
}

/* ---- definitions ----------------------------------------------------------------------------- */

static double sma(const double *p, size_t i)
{
    return mean_of(close_at, i, (size_t)p[0]);
}

static double wma(const double *p, size_t i)
{
    double sum = 0.0;
    for (size_t k = 0; k < (size_t)p[0]; k++) {
        sum += (p[0] - (double)k) * bars[i - k].close;
    }
    return sum / (p[0] * (p[0] + 1.0) / 2.0);
}

static double kama_from(const double *p, size_t begin, double value, size_t i)
{
    const size_t n = (size_t)p[0];
    for (size_t t = begin; t <= i; t++) {
        double path = 0.0;
        for (size_t k = 0; k < n; k++) {
            path += fabs(bars[t - k].close - bars[t - k - 1].close);
        }
        const double ratio = fabs(bars[t].close - bars[t - n].close) / path;
        const double slow = 2.0 / (p[2] + 1.0), w = ratio * (2.0 / (p[1] + 1.0) - slow) + slow;
        value += w * w * (bars[t].close - value);
    }
    return value;
}

static double kama(const double *p, size_t i)
{
    const size_t n = (size_t)p[0];
    return kama_from(p, n, bars[n - 1].close, i);
}

static double kama_mean(const double *p, size_t i)
{
    const size_t n = (size_t)p[0];
    return kama_from(p, n + 1, mean_of(close_at, n, n), i);
}

static double fast_k(size_t i, size_t n)
{
    const double high = highest(i, n), low = lowest(i, n);
    return high > low ? 100.0 * (bars[i].close - low) / (high - low) : 50.0;
}

static double stochastic_k(const double *p, size_t i)
{
    double sum = 0.0;
    for (size_t k = 0; k < (size_t)p[1]; k++) {
        sum += fast_k(i - k, (size_t)p[0]);
    }
    return sum / p[1];
}

static double stochastic_d(const double *p, size_t i)
{
    double sum = 0.0;
    for (size_t k = 0; k < (size_t)p[2]; k++) {
        sum += stochastic_k(p, i - k);
    }
    return sum / p[2];
}

static double williams_r(const double *p, size_t i)
{
    const double high = highest(i, (size_t)p[0]), low = lowest(i, (size_t)p[0]);
    return high > low ? -100.0 * (high - bars[i].close) / (high - low) : -50.0;
}

static double aroon_up(const double *p, size_t i)
{
    size_t age = 0;
    for (size_t k = 1; k <= (size_t)p[0]; k++) {
        age = bars[i - k].high > bars[i - age].high ? k : age;
    }
    return 100.0 * (p[0] - (double)age) / p[0];
}

static double cci(const double *p, size_t i)
{
    const double mean = mean_of(typical_at, i, (size_t)p[0]);
    double sum = 0.0;
    for (size_t k = 0; k < (size_t)p[0]; k++) {
        sum += fabs(typical_at(i - k) - mean);
    }
    return (typical_at(i) - mean) / (0.015 * sum / p[0]);
}

static double cci_own(const double *p, size_t i)
{
    const size_t n = (size_t)p[0];
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        sum += fabs(typical_at(i - k) - mean_of(typical_at, i - k, n));
    }
    return (typical_at(i) - mean_of(typical_at, i, n)) / (0.015 * sum / p[0]);
}

static double mfi(const double *p, size_t i)
{
    double up = 0.0, both = 0.0;
    for (size_t k = i; k > i - (size_t)p[0]; k--) {
        const double change = typical_at(k) - typical_at(k - 1);
        const double flow = change != 0.0 ? typical_at(k) * bars[k].volume : 0.0;
        up += change > 0.0 ? flow : 0.0;
        both += flow;
    }
    return 100.0 * up / both;
}

static double obv(const double *p, size_t i)
{
    double sum = p[0] > 0.0 ? 0.0 : bars[0].volume;
    for (size_t k = 1; k <= i; k++) {
        const double change = bars[k].close - bars[k - 1].close;
        sum += change == 0.0 ? 0.0 : copysign(bars[k].volume, change);
    }
    return sum;
}

static double vwap(const double *p, size_t i)
{
    const int64_t day_ns = INT64_C(86400000000000);
    double money = 0.0, volume = 0.0;
    for (size_t k = 0; k <= i; k++) {
        const int is_today = bars[k].open_time_ns / day_ns == bars[i].open_time_ns / day_ns;
        money += is_today || p[0] > 0.0 ? typical_at(k) * bars[k].volume : 0.0;
        volume += is_today || p[0] > 0.0 ? bars[k].volume : 0.0;
    }
    return money / volume;
}

static double vwma(const double *p, size_t i)
{
    double money = 0.0, volume = 0.0;
    for (size_t k = 0; k < (size_t)p[0]; k++) {
        money += bars[i - k].close * bars[i - k].volume;
        volume += bars[i - k].volume;
    }
    return money / volume;
}

static double bollinger_upper(const double *p, size_t i)
{
    return mean_of(close_at, i, (size_t)p[0]) + p[1] * deviation_of(close_at, i, (size_t)p[0], 0.0);
}

static double donchian_middle(const double *p, size_t i)
{
    return 0.5 * (highest(i, (size_t)p[0]) + lowest(i, (size_t)p[0]));
}

static double zscore(const double *p, size_t i)
{
    return (bars[i].close - mean_of(close_at, i, (size_t)p[0])) /
           deviation_of(close_at, i, (size_t)p[0], p[1]);
}

static double atr_at(size_t n, size_t i)
{
    double value = 0.0;
    for (size_t k = 1; k <= i; k++) {
        const double before = bars[k - 1].close;
        const double range = fmax(bars[k].high - bars[k].low,
                                  fmax(fabs(bars[k].high - before), fabs(bars[k].low - before)));
        value =
            k <= n ? value + range / (double)n : (value * ((double)n - 1.0) + range) / (double)n;
    }
    return value;
}

static double ema_at(size_t n, size_t i)
{
    double value = mean_of(close_at, n - 1, n);
    for (size_t k = n; k <= i; k++) {
        value = 2.0 / ((double)n + 1.0) * bars[k].close + (1.0 - 2.0 / ((double)n + 1.0)) * value;
    }
    return value;
}

static double keltner_upper(const double *p, size_t i)
{
    return ema_at((size_t)p[0], i) + p[2] * atr_at((size_t)p[1], i);
}

/* The bands and the line as TradingView's manual writes them. */
static double supertrend(const double *p, size_t i)
{
    double upper = 0.0, lower = 0.0;
    int trend = 0;
    for (size_t k = (size_t)p[0]; k <= i; k++) {
        const double middle = (bars[k].high + bars[k].low) / 2.0;
        const double width = p[1] * atr_at((size_t)p[0], k);
        const double last_upper = upper, last_lower = lower;
        const double before = bars[k - 1].close;
        upper = trend == 0 || middle + width < last_upper || before > last_upper ? middle + width
                                                                                 : last_upper;
        lower = trend == 0 || middle - width > last_lower || before < last_lower ? middle - width
                                                                                 : last_lower;
        if (trend <= 0) {
            trend = trend < 0 && bars[k].close > upper ? 1 : -1;
        } else {
            trend = bars[k].close < lower ? -1 : 1;
        }
    }
    return trend > 0 ? lower : upper;
}

/* ---- regression, volatility ------------------------------------------------------------------ */

static double slope_at(size_t i, size_t n)
{
    const double mean = mean_of(close_at, i, n), middle = 0.5 * ((double)n - 1.0);
    double xy = 0.0, xx = 0.0;
    for (size_t k = 0; k < n; k++) {
        const double x = middle - (double)k;
        xy += x * (bars[i - k].close - mean);
        xx += x * x;
    }
    return xy / xx;
}

static double regression_end(const double *p, size_t i)
{
    return mean_of(close_at, i, (size_t)p[0]) + 0.5 * (p[0] - 1.0) * slope_at(i, (size_t)p[0]);
}

static double regression_deviation(const double *p, size_t i)
{
    const double end = regression_end(p, i), slope = slope_at(i, (size_t)p[0]);
    double sum = 0.0;
    for (size_t k = 0; k < (size_t)p[0]; k++) {
        const double left = bars[i - k].close - (end - slope * (double)k);
        sum += left * left;
    }
    return sqrt(sum / (p[0] - 2.0));
}

static double regression_correlation(const double *p, size_t i)
{
    const size_t n = (size_t)p[0];
    return slope_at(i, n) * sqrt((p[0] * p[0] - 1.0) / 12.0) / deviation_of(close_at, i, n, 0.0);
}

static double return_at(size_t i)
{
    return log(bars[i].close) - log(bars[i - 1].close);
}

static double gap_at(size_t i)
{
    return log(bars[i].open) - log(bars[i - 1].close);
}

static double body_at(size_t i)
{
    return log(bars[i].close) - log(bars[i].open);
}

static double parkinson_at(size_t i)
{
    return pow(log(bars[i].high) - log(bars[i].low), 2.0) / (4.0 * log(2.0));
}

static double garman_klass_at(size_t i)
{
    return 0.5 * pow(log(bars[i].high) - log(bars[i].low), 2.0) -
           (2.0 * log(2.0) - 1.0) * pow(body_at(i), 2.0);
}

static double rogers_satchell_at(size_t i)
{
    const double up = log(bars[i].high) - log(bars[i].open), c = body_at(i);
    const double down = log(bars[i].low) - log(bars[i].open);
    return up * (up - c) + down * (down - c);
}

static double volatility(const double *p, size_t i)
{
    return sqrt(p[1]) * deviation_of(return_at, i, (size_t)p[0], 1.0);
}

static double parkinson(const double *p, size_t i)
{
    return sqrt(p[1] * mean_of(parkinson_at, i, (size_t)p[0]));
}

static double garman_klass(const double *p, size_t i)
{
    return sqrt(p[1] * mean_of(garman_klass_at, i, (size_t)p[0]));
}

static double yang_zhang(const double *p, size_t i)
{
    const size_t n = (size_t)p[0];
    const double k = 0.34 / (1.34 + (p[0] + 1.0) / (p[0] - 1.0));
    return sqrt(p[1] * (pow(deviation_of(gap_at, i, n, 1.0), 2.0) +
                        k * pow(deviation_of(body_at, i, n, 1.0), 2.0) +
                        (1.0 - k) * mean_of(rogers_satchell_at, i, n)));
}

/* ---- comparison ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    double params[FEL_INDICATOR_MAX_PARAMS];
    size_t output;
    definition *expected;
} rows[] = {
    {"sma", {7}, 0, sma},
    {"wma", {17}, 0, wma},
    {"kama", {9, 3, 21, 0}, 0, kama},
    {"kama", {9, 3, 21, 1}, 0, kama_mean},
    {"stochastic", {9, 4, 3}, 0, stochastic_k},
    {"stochastic", {9, 4, 3}, 1, stochastic_d},
    {"williams_r", {1}, 0, williams_r},
    {"williams_r", {13}, 0, williams_r},
    {"aroon", {11}, 1, aroon_up},
    {"cci", {15}, 0, cci},
    {"cci_own", {15}, 0, cci_own},
    {"mfi", {8}, 0, mfi},
    {"obv", {0}, 0, obv},
    {"obv", {1}, 0, obv},
    {"vwap", {0}, 0, vwap},
    {"vwap", {1}, 0, vwap},
    {"vwma", {6}, 0, vwma},
    {"bollinger", {14, 2.5}, 0, bollinger_upper},
    {"donchian", {19}, 1, donchian_middle},
    {"zscore", {12, 1}, 0, zscore},
    {"keltner", {20, 10, 1.5}, 0, keltner_upper},
    {"keltner", {5, 30, 1.5}, 0, keltner_upper},
    {"supertrend", {7, 1.1}, 0, supertrend},
    {"regression", {10}, 0, regression_end},
    {"regression", {10}, 4, regression_deviation},
    {"regression", {10}, 5, regression_correlation},
    {"volatility", {21, 252, 0, 1}, 0, volatility},
    {"parkinson", {21, 252}, 0, parkinson},
    {"garman_klass", {21, 252}, 0, garman_klass},
    {"yang_zhang", {21, 365}, 0, yang_zhang},
};

static void test_every_bar_is_as_defined(void)
{
    indicator_bars_walk(bars, N, 7);
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        const fel_indicator_class *code = NULL;
        const size_t n_out = indicator_bars_run(rows[r].name, rows[r].params, bars, N, out);
        CHECK_OK(fel_indicator_find(rows[r].name, &code));
        size_t n_wrong = 0;
        for (size_t i = code != NULL ? code->warm_up(rows[r].params) : N; i < N; i++) {
            const double expected = rows[r].expected(rows[r].params, i);
            const double actual = out[i * n_out + rows[r].output];
            n_wrong += !(fabs(actual - expected) <= 1e-11 * (1.0 + fabs(expected)));
        }
        check_int_at((int64_t)n_wrong, 0, rows[r].name, __FILE__, __LINE__);
    }
}

/* Both trends and many turns must have been in what was compared. */
static void test_the_walk_turns_trends(void)
{
    static const double tight[FEL_INDICATOR_MAX_PARAMS] = {7, 1.1};
    size_t n_turns = 0;
    indicator_bars_walk(bars, N, 7);
    const size_t n_out = indicator_bars_run("supertrend", tight, bars, N, out);
    for (size_t i = 8; i < N; i++) {
        n_turns += out[i * n_out + 1] * out[(i - 1) * n_out + 1] < 0.0;
    }
    CHECK(n_turns > 15);
}

SUITE("data/indicator_brute", TEST(test_every_bar_is_as_defined), TEST(test_the_walk_turns_trends));
