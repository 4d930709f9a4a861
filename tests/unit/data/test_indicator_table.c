/* tests/unit/data/test_indicator_table.c - what holds for every row of the table of indicators. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/data/indicator_bars.h"

enum { N = 700, MANY = 240000, TAIL = 40000, OUT = FEL_INDICATOR_MAX_OUTPUTS };

/* Parameters number `variant`: 0 the defaults; then other lengths and every choice. 0 if there is
 * no such variant. */
static int make_params(const fel_indicator_class *c, size_t variant, double *params)
{
    fel_param_defaults(c->params, c->n_params, params);
    for (size_t p = 0; p < c->n_params; p++) {
        const fel_param_spec *spec = &c->params[p];
        if (spec->kind == FEL_PARAM_INTEGER && spec->max > 1.0) {
            const double lengths[] = {params[p], spec->min, spec->min + 6.0, spec->min + 40.0};
            params[p] = lengths[variant % 4];
        } else if (spec->kind == FEL_PARAM_CHOICE) {
            const int is_three = strchr(strchr(spec->choices, '|') + 1, '|') != NULL;
            params[p] = (double)(variant % (is_three ? 3 : 2));
        }
    }
    return variant < 12;
}

/* Every variant that its row allows. */
static void for_all(void (*check)(const fel_indicator_class *c, const double *params))
{
    size_t n = 0;
    const fel_indicator_class *const *all = fel_indicator_classes(&n);
    for (size_t i = 0; i < n; i++) {
        double params[FEL_INDICATOR_MAX_PARAMS];
        for (size_t variant = 0; make_params(all[i], variant, params); variant++) {
            if (fel_indicator_check(all[i], params) == FEL_OK) {
                check(all[i], params);
            }
        }
    }
}

static fel_bar bars[N], other[N];
static double out[N * OUT], out_other[N * OUT];

/* ---- warm-up, look-ahead --------------------------------------------------------------------- */

static void check_warm_up(const fel_indicator_class *c, const double *params)
{
    const size_t n_out = indicator_bars_run(c->name, params, bars, N, out);
    const size_t warm_up = c->warm_up(params);
    size_t n_wrong = 0;
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < n_out; k++) {
            n_wrong += (isfinite(out[i * n_out + k]) != 0) != (i >= warm_up);
        }
    }
    if (n_wrong > 0) {
        (void)fprintf(stderr, "%s: warm-up %zu\n", c->name, warm_up);
    }
    CHECK_INT(n_wrong, 0);
}

static void test_warm_up_is_as_stated(void)
{
    indicator_bars_walk(bars, N, 1);
    for (size_t i = 0; i < N; i++) { /* no flat stretch among shortest windows */
        bars[i].high += 1e-3;
        bars[i].close += 1e-4 * (double)(i % 2);
        bars[i].volume += 1.0;
    }
    for_all(check_warm_up);
}

static void check_future(const fel_indicator_class *c, const double *params)
{
    const size_t n_out = indicator_bars_run(c->name, params, bars, N, out);
    (void)indicator_bars_run(c->name, params, other, N, out_other);
    CHECK(memcmp(out, out_other, (size_t)400 * n_out * sizeof(double)) == 0);
    const int is_blind = memcmp(out, out_other, (size_t)N * n_out * sizeof(double)) == 0;
    if (is_blind) {
        (void)fprintf(stderr, "%s: %g %g blind\n", c->name, params[0], params[1]);
    }
    CHECK(!is_blind);
}

static void test_a_changed_future_changes_no_past(void)
{
    indicator_bars_walk(bars, N, 2);
    indicator_bars_walk(other, N, 3);
    memcpy(other, bars, 400 * sizeof(bars[0]));
    for_all(check_future);
}

/* ---- splits ---------------------------------------------------------------------------------- */

static size_t count_different(const double *a, const double *b, size_t n)
{
    size_t n_different = 0;
    for (size_t i = 0; i < n; i++) {
        n_different += a[i] != b[i] && !(isnan(a[i]) && isnan(b[i]));
    }
    return n_different;
}

/* A split of 2 is a power of two: everything is as if the new units had been seen all along. */
static void check_split(const fel_indicator_class *c, const double *params)
{
    enum { SPLIT = 317 };
    fel_indicator *split = NULL;
    double row[OUT];
    size_t n_different = 0;
    CHECK_OK(fel_indicator_create(&split, c, params));
    (void)indicator_bars_run(c->name, params, other, N, out_other);
    for (size_t i = 0; split != NULL && i < N; i++) {
        if (i == SPLIT) {
            CHECK_OK(fel_indicator_rescale(split, 0.5));
        }
        n_different += fel_indicator_update(split, i < SPLIT ? &bars[i] : &other[i], row) != FEL_OK;
        if (i >= SPLIT) {
            n_different += count_different(row, &out_other[i * c->n_outputs], c->n_outputs);
        }
    }
    if (n_different > 0) {
        (void)fprintf(stderr, "%s: split\n", c->name);
    }
    CHECK_INT(n_different, 0);
    fel_indicator_destroy(split);
}

static void test_a_split_leaves_no_trace(void)
{
    indicator_bars_walk(bars, N, 4);
    for (size_t i = 0; i < N; i++) {
        other[i] = bars[i];
        other[i].open *= 0.5;
        other[i].high *= 0.5;
        other[i].low *= 0.5;
        other[i].close *= 0.5;
        other[i].volume *= 2.0;
    }
    for_all(check_split);
}

/* ---- drift ----------------------------------------------------------------------------------- */

static int counts_from_the_start(const fel_indicator_class *c)
{
    return strcmp(c->name, "obv") == 0;
}

/* After many bars, some with prices a million times as high, an indicator says what one says that
 * has seen the last of them only. */
static void check_drift(const fel_indicator_class *c, const fel_bar *many)
{
    fel_indicator *old = NULL, *young = NULL;
    double a[OUT] = {0.0}, b[OUT] = {0.0};
    size_t n_wrong = 0;
    CHECK_OK(fel_indicator_create(&old, c, NULL));
    CHECK_OK(fel_indicator_create(&young, c, NULL));
    for (size_t i = 0; old != NULL && young != NULL && i < MANY; i++) {
        n_wrong += fel_indicator_update(old, &many[i], a) != FEL_OK;
        if (i >= MANY - TAIL) {
            n_wrong += fel_indicator_update(young, &many[i], b) != FEL_OK;
        }
    }
    for (size_t k = 0; k < c->n_outputs; k++) {
        n_wrong += !(fabs(a[k] - b[k]) <= 1e-11 * (1.0 + fabs(b[k])));
    }
    if (n_wrong > 0) {
        (void)fprintf(stderr, "%s: %.17g %.17g\n", c->name, a[0], b[0]);
    }
    CHECK_INT(n_wrong, 0);
    fel_indicator_destroy(old);
    fel_indicator_destroy(young);
}

static void test_nothing_drifts(void)
{
    fel_bar *many = malloc(MANY * sizeof(*many));
    size_t n = 0;
    const fel_indicator_class *const *all = fel_indicator_classes(&n);
    CHECK(many != NULL);
    if (many == NULL) {
        return;
    }
    indicator_bars_walk(many, MANY, 5);
    for (size_t i = 0; i < MANY - TAIL; i++) {
        const double factor = i % 5000 < 40 ? 1e6 : 1.0;
        many[i].open *= factor;
        many[i].high *= factor;
        many[i].low *= factor;
        many[i].close *= factor;
    }
    for (size_t i = 0; i < n; i++) {
        if (!counts_from_the_start(all[i])) {
            check_drift(all[i], many);
        }
    }
    free(many);
}

/* ---- bad numbers ----------------------------------------------------------------------------- */

static double *field_of(fel_bar *bar, size_t field)
{
    double *const fields[] = {&bar->open, &bar->high, &bar->low, &bar->close, &bar->volume};
    return fields[field];
}

/* A refused bar is named and leaves no trace; what an indicator does not read it does not mind. */
static void check_bad_bars(const fel_indicator_class *c, const double *params)
{
    static const char *const names[] = {"open = ", "high = ", "low = ", "close = ", "volume = "};
    static const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    fel_indicator *indicator = NULL;
    double row[OUT];
    size_t n_different = 0;
    (void)indicator_bars_run(c->name, params, bars, 120, out);
    CHECK_OK(fel_indicator_create(&indicator, c, params));
    for (size_t i = 0; indicator != NULL && i < 120; i++) {
        const size_t field = i % 5;
        fel_bar wrong = bars[i];
        *field_of(&wrong, field) = bad[i / 5 % 3];
        if ((c->inputs >> field & 1) != 0) {
            CHECK_STATUS(fel_indicator_update(indicator, &wrong, row), FEL_ERR_RANGE);
            CHECK_HAS(fel_last_error()->message, names[field]);
            CHECK_HAS(fel_last_error()->message, c->name);
            wrong = bars[i];
        }
        CHECK_OK(fel_indicator_update(indicator, &wrong, row));
        n_different += count_different(row, &out[i * c->n_outputs], c->n_outputs);
    }
    CHECK_INT(n_different, 0);
    fel_indicator_destroy(indicator);
}

static void test_numbers_that_are_none_are_refused(void)
{
    indicator_bars_walk(bars, N, 6);
    for_all(check_bad_bars);
}

static void test_impossible_bars_are_refused(void)
{
    const fel_indicator_class *mfi = NULL, *roc = NULL;
    fel_indicator *flow = NULL, *change = NULL;
    double value;
    fel_bar bar = {.open = 2.5, .high = 2.75, .low = 2.25, .close = 2.5, .volume = -1.0};
    CHECK_OK(fel_indicator_find("mfi", &mfi));
    CHECK_OK(fel_indicator_find("roc", &roc));
    CHECK_OK(fel_indicator_create(&flow, mfi, NULL));
    CHECK_OK(fel_indicator_create(&change, roc, NULL));
    CHECK(fel_indicator_class_of(flow) == mfi);
    CHECK_STATUS(fel_indicator_update(flow, &bar, &value), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "mfi, bar 0: volume = -1");
    bar.volume = 1.0;
    bar.low = 3.0;
    CHECK_STATUS(fel_indicator_update(flow, &bar, &value), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "high = 2.75 is below low = 3");
    bar.close = 0.0;
    CHECK_STATUS(fel_indicator_update(change, &bar, &value), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "price above 0");
    CHECK_STATUS(fel_indicator_rescale(change, 0.0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_indicator_rescale(change, (double)INFINITY), FEL_ERR_RANGE);
    fel_indicator_destroy(flow);
    fel_indicator_destroy(change);
    fel_indicator_destroy(NULL);
}

static void test_wrong_indicators_are_refused(void)
{
    const fel_indicator_class *code = NULL;
    fel_indicator *indicator = NULL;
    const double length[] = {0.0}, macd[] = {26.0, 12.0, 9.0, 0.0, 0.0};
    const double appel[] = {10.0, 26.0, 9.0, 0.0, 1.0};
    CHECK_STATUS(fel_indicator_find("bolinger", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"bollinger\"?");
    CHECK_OK(fel_indicator_find("rsi", &code));
    CHECK_STATUS(fel_indicator_create(&indicator, code, length), FEL_ERR_RANGE);
    CHECK(indicator == NULL);
    CHECK_OK(fel_indicator_find("macd", &code));
    CHECK_STATUS(fel_indicator_create(&indicator, code, macd), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "fast = 26 is not below slow = 12");
    CHECK_STATUS(fel_indicator_create(&indicator, code, appel), FEL_ERR_RANGE);
}

/* ---- still markets --------------------------------------------------------------------------- */

static void test_still_markets_have_stated_values(void)
{
    static const struct {
        const char *name;
        double first; /* output */
    } rows[] = {
        {"rsi", 50.0},       {"stochastic", 50.0},
        {"stoch_rsi", 50.0}, {"williams_r", -50.0},
        {"cci", 0.0},        {"cci_own", 0.0},
        {"mfi", 50.0},       {"dmi", 0.0},
        {"adx", 0.0},        {"atr", 0.0},
        {"aroon", 100.0},    {"roc", 0.0},
        {"obv", 7.0},        {"zscore", (double)NAN},
        {"volatility", 0.0}, {"yang_zhang", 0.0},
        {"parkinson", 0.0},  {"garman_klass", 0.0},
        {"macd", 0.0},       {"kama", 83.717},
        {"wma", 83.717},     {"psar", 83.717},
        {"vwap", 83.717},    {"supertrend", 83.717},
    };
    for (size_t i = 0; i < N; i++) {
        const fel_bar bar = {
            .open = 83.717, .high = 83.717, .low = 83.717, .close = 83.717, .volume = 7.0};
        bars[i] = bar;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t n_out = indicator_bars_run(rows[i].name, NULL, bars, N, out);
        CHECK_NEAR(out[(N - 1) * n_out], rows[i].first, 1e-13);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void test_rows_are_complete(void)
{
    size_t n = 0;
    const fel_indicator_class *const *all = fel_indicator_classes(&n);
    CHECK(n >= 30);
    for (size_t i = 0; i < n; i++) {
        const fel_indicator_class *c = all[i], *found = NULL;
        CHECK_INT(c->struct_size, sizeof(*c));
        CHECK(c->inputs != 0 && c->formula[0] != '\0' && c->source[0] != '\0');
        CHECK(c->n_outputs >= 1 && c->n_outputs <= FEL_INDICATOR_MAX_OUTPUTS);
        CHECK(c->n_params <= FEL_INDICATOR_MAX_PARAMS);
        CHECK(c->summary[strlen(c->summary) - 1] != '.');
        CHECK_OK(fel_indicator_find(c->name, &found));
        CHECK(found == c);
        for (size_t p = 0; p < c->n_params; p++) {
            CHECK_OK(fel_param_check(&c->params[p], c->params[p].default_value));
        }
    }
}

static void test_documentation_has_every_row(void)
{
    size_t size = 0, n = 0;
    char *text = csv_case_slurp("docs/indicators.md", &size), line[512];
    CHECK(text != NULL);
    if (text == NULL) {
        return;
    }
    const fel_indicator_class *const *all = fel_indicator_classes(&n);
    for (size_t i = 0; i < n; i++) {
        double params[FEL_INDICATOR_MAX_PARAMS];
        fel_param_defaults(all[i]->params, all[i]->n_params, params);
        (void)snprintf(line, sizeof(line), "\n| `%s` | %s | %zu |", all[i]->name, all[i]->formula,
                       all[i]->warm_up(params));
        CHECK_HAS(text, line);
        for (size_t p = 0; p < all[i]->n_params; p++) {
            (void)snprintf(line, sizeof(line), "`%s`", all[i]->params[p].name);
            CHECK_HAS(text, line);
        }
    }
    free(text);
}

static fel_status create_call(void *payload, void **made)
{
    fel_indicator *indicator = NULL;
    FEL_TRY(fel_indicator_create(&indicator, payload, NULL));
    *made = indicator;
    return FEL_OK;
}

static void destroy_call(void *made)
{
    fel_indicator_destroy(made);
}

static void test_no_memory_is_an_error(void)
{
    const fel_indicator_class *code = NULL;
    CHECK_OK(fel_indicator_find("sma", &code));
    const failing_call call = {"fel_indicator_create", create_call, destroy_call,
                               (void *)(uintptr_t)code};
    CHECK_INT(check_failing_call(&call), 1);
}

SUITE("data/indicator_table", TEST(test_warm_up_is_as_stated),
      TEST(test_a_changed_future_changes_no_past), TEST(test_a_split_leaves_no_trace),
      TEST(test_nothing_drifts), TEST(test_numbers_that_are_none_are_refused),
      TEST(test_impossible_bars_are_refused), TEST(test_wrong_indicators_are_refused),
      TEST(test_still_markets_have_stated_values), TEST(test_rows_are_complete),
      TEST(test_documentation_has_every_row), TEST(test_no_memory_is_an_error));
