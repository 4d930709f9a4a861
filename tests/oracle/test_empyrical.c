/* tests/oracle/test_empyrical.c - every call that empyrical's own test suite makes, with the result
 * that it gave, against the table of metrics; scalars and rolling windows to 1e-9 relative. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define FOLDER "oracles/empyrical/"

/* Relative; the absolute part is for results that are rounding noise about 0 in the original. */
#define RELATIVE 1e-9
#define ABSOLUTE 1e-12

/* What a function of the original is here; metric NULL: left out, why says so. */
typedef struct function_row {
    const char *function, *metric, *why;
    size_t n_left_out;
} function_row;

static function_row functions[] = {
    {"annual_return", "annual_return", NULL, 0},
    {"cagr", "annual_return", NULL, 0},
    {"cum_returns_final", "total_return", NULL, 0},
    {"annual_volatility", "annual_volatility", NULL, 0},
    {"sharpe_ratio", "sharpe_ratio", NULL, 0},
    {"sortino_ratio", "sortino_ratio", NULL, 0},
    {"calmar_ratio", "calmar_ratio", NULL, 0},
    {"omega_ratio", "omega_ratio", NULL, 0},
    {"max_drawdown", "max_drawdown", NULL, 0},
    {"downside_risk", "downside_risk", NULL, 0},
    {"excess_sharpe", "excess_sharpe", NULL, 0},
    {"alpha", "alpha", NULL, 0},
    {"alpha_aligned", "alpha", NULL, 0},
    {"beta", "beta", NULL, 0},
    {"stability_of_timeseries", "stability_of_timeseries", NULL, 0},
    {"tail_ratio", "tail_ratio", NULL, 0},
    {"value_at_risk", "value_at_risk", NULL, 0},
    {"conditional_value_at_risk", "conditional_value_at_risk", NULL, 0},
    {"capture", "capture", NULL, 0},
    {"up_capture", "up_capture", NULL, 0},
    {"down_capture", "down_capture", NULL, 0},
    {"up_down_capture", "up_down_capture", NULL, 0},
    {"roll_max_drawdown", "max_drawdown", NULL, 0},
    {"roll_sharpe_ratio", "sharpe_ratio", NULL, 0},
    {"roll_up_capture", "up_capture", NULL, 0},
    {"roll_down_capture", "down_capture", NULL, 0},
    {"roll_up_down_capture", "up_down_capture", NULL, 0},
    {"alpha_beta", "alpha", NULL, 0},
    {"roll_alpha_beta", "alpha", NULL, 0},
    {"cum_returns", "-", NULL, 0},
    {"simple_returns", "-", NULL, 0},
    {"gpd_risk_estimates_aligned", NULL,
     "its numbers are where scipy's simplex search happened to stop (shape 1e-6), not an optimum",
     0},
};
enum { N_FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

static function_row *row_of(const char *function)
{
    static function_row unknown = {"?", NULL, "this function is not known here", 0};
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        if (strcmp(functions[i].function, function) == 0) {
            return &functions[i];
        }
    }
    return &unknown;
}

/* One recorded call with its inputs looked up. */
typedef struct oracle_case {
    const json_t *inputs, *call, *args;
    const char *label; /* of its test */
    fel_cvec returns, factor;
    fel_metric_options options;
} oracle_case;

/* An argument that names an input, or the argument itself. */
static const json_t *looked_up(const oracle_case *c, const json_t *value)
{
    const char *id = json_string_value(json_object_get(value, "$input"));
    return id != NULL ? json_object_get(c->inputs, id) : value;
}

/* A series' numbers: {values: []}, column `column` of a table or a bare list; else an empty view.
 */
static fel_cvec series_of(const oracle_case *c, const char *name, size_t column)
{
    const json_t *value = looked_up(c, json_object_get(c->args, name));
    json_t *data = json_object_get(value, "data");
    if (data != NULL) {
        const json_t *label = json_array_get(json_object_get(value, "columns"), column);
        return oracle_numbers(json_object_get(data, json_string_value(label)));
    }
    return oracle_numbers(json_is_array(value) ? value : json_object_get(value, "values"));
}

/* Subtract a scalar or a series argument from the returns. */
static void subtract(oracle_case *c, const char *name)
{
    const json_t *value = json_object_get(c->args, name);
    double *out = calloc(c->returns.len + 1, sizeof(double));
    const fel_cvec other = series_of(c, name, 0);
    for (size_t i = 0; i < c->returns.len; i++) {
        out[i] = c->returns.data[i] - (other.len > 0 ? other.data[i] : json_number_value(value));
    }
    free((void *)(uintptr_t)other.data);
    free((void *)(uintptr_t)c->returns.data);
    c->returns.data = out;
}

static double periods_of(const oracle_case *c)
{
    static const struct {
        const char *period;
        double per_year;
    } periods[] = {
        {"daily", 252}, {"weekly", 52}, {"monthly", 12}, {"quarterly", 4}, {"yearly", 1}};
    const json_t *given = json_object_get(c->args, "annualization");
    const char *period = json_string_value(json_object_get(c->args, "period"));
    for (size_t i = 0; period != NULL && i < sizeof(periods) / sizeof(periods[0]); i++) {
        if (strcmp(periods[i].period, period) == 0) {
            return periods[i].per_year;
        }
    }
    return json_is_number(given) ? json_number_value(given) : 252.0;
}

static void set_options(oracle_case *c, const char *function)
{
    const json_t *required = json_object_get(c->args, "required_return");
    const json_t *cutoff = json_object_get(c->args, "cutoff");
    c->options = fel_metric_options_default();
    c->options.periods_per_year = periods_of(c);
    if (json_is_number(cutoff)) {
        c->options.tail = json_number_value(cutoff);
    }
    if (strcmp(function, "omega_ratio") == 0) {
        /* Theirs is a return a year; below -1 it has no root and is undefined. */
        c->options.required_return = pow(1.0 + json_number_value(required), 1.0 / 252.0) - 1.0;
        subtract(c, "risk_free");
    } else if (json_is_number(required)) {
        c->options.required_return = json_number_value(required);
    } else if (required != NULL) {
        subtract(c, "required_return");
    }
    if (strcmp(function, "sharpe_ratio") == 0) {
        const json_t *rate = json_object_get(c->args, "risk_free");
        if (json_is_number(rate)) {
            c->options.risk_free_per_period = json_number_value(rate);
        } else {
            subtract(c, "risk_free");
        }
    }
}

static void compare(const oracle_case *c, const char *metric, double actual, double expected)
{
    const int ok = (isnan(actual) && isnan(expected)) || actual == expected ||
                   fabs(actual - expected) <= RELATIVE * fabs(expected) + ABSOLUTE;
    if (!ok) {
        (void)printf("\n%s: %s is %.17g, expected %.17g\n", c->label, metric, actual, expected);
    }
    CHECK(ok);
}

/* excess_sharpe takes a plain number as benchmark too. */
static fel_cvec factor_of(const oracle_case *c)
{
    const json_t *value = json_object_get(c->args, "factor_returns");
    fel_cvec factor = series_of(c, "factor_returns", 0);
    if (json_is_number(value)) {
        double *flat = calloc(c->returns.len + 1, sizeof(double));
        for (size_t i = 0; i < c->returns.len; i++) {
            flat[i] = json_number_value(value);
        }
        free((void *)(uintptr_t)factor.data);
        factor.data = flat;
        factor.len = c->returns.len;
    }
    return factor;
}

static void check_scalar(const oracle_case *c, const char *name, double expected)
{
    const fel_metric_class *metric;
    CHECK_OK(fel_metric_find(name, &metric));
    double actual = metric->eval(c->returns, c->factor, &c->options);
    const double start = json_number_value(json_object_get(c->args, "starting_value"));
    if (start != 0.0) {
        actual = (actual + 1.0) * start;
    }
    compare(c, name, actual, expected);
}

static void check_rolling(const oracle_case *c, const char *name, fel_cvec expected)
{
    const fel_metric_class *metric;
    const size_t window = (size_t)json_integer_value(json_object_get(c->args, "window"));
    CHECK_OK(fel_metric_find(name, &metric));
    /* The original pads an empty series to the benchmark's length: nothing is rolled here. */
    if (c->returns.len < window) {
        for (size_t i = 0; i < expected.len; i++) {
            CHECK(isnan(expected.data[i]));
        }
        return;
    }
    double *out = calloc(c->returns.len + 1, sizeof(double));
    CHECK_OK(fel_metric_rolling(metric, c->returns, c->factor, window, &c->options, out));
    CHECK_INT(c->returns.len - window + 1, expected.len);
    for (size_t i = 0; i < expected.len; i++) {
        compare(c, name, out[i], expected.data[i]);
    }
    free(out);
}

/* alpha and beta of one call: two scalars, or two rolled columns. */
static void check_alpha_beta(const oracle_case *c, const json_t *result)
{
    static const char *const names[] = {"alpha", "beta"};
    static const char *const columns[] = {"0", "1"};
    for (size_t k = 0; k < 2; k++) {
        const json_t *data = json_object_get(result, "data");
        const json_t *values = json_object_get(result, "values");
        const fel_cvec rolled = oracle_numbers(json_object_get(data, columns[k]));
        if (data != NULL) {
            check_rolling(c, names[k], rolled);
        } else {
            check_scalar(c, names[k], oracle_number(json_array_get(values, k)));
        }
        free((void *)(uintptr_t)rolled.data);
    }
}

/* cum_returns and simple_returns: a series in, a series out. */
static void check_series(const oracle_case *c, const char *function, fel_cvec expected)
{
    double *out = calloc(c->returns.len + 1, sizeof(double));
    const double start = json_number_value(json_object_get(c->args, "starting_value"));
    if (strcmp(function, "simple_returns") == 0) {
        const fel_cvec prices = series_of(c, "prices", 0);
        out = realloc(out, (prices.len + 1) * sizeof(double));
        fel_simple_returns(prices, out);
        CHECK_INT(prices.len - 1, expected.len);
        free((void *)(uintptr_t)prices.data);
    } else {
        fel_cumulative_returns(c->returns, start, out);
        CHECK_INT(c->returns.len, expected.len);
    }
    for (size_t i = 0; i < expected.len; i++) {
        compare(c, function, out[i], expected.data[i]);
    }
    free(out);
}

static void check_result(const oracle_case *c, const function_row *row, const json_t *result,
                         size_t column)
{
    const json_t *values = json_object_get(result, "values");
    const fel_cvec expected = oracle_numbers(values);
    if (strstr(row->function, "alpha_beta") != NULL) {
        check_alpha_beta(c, result);
    } else if (row->metric[0] == '-') {
        check_series(c, row->function, expected);
    } else if (json_object_get(c->args, "window") != NULL) {
        check_rolling(c, row->metric, expected);
    } else {
        /* A table of returns has a result for each of its columns. */
        const json_t *one = values != NULL ? json_array_get(values, column) : result;
        CHECK(json_is_number(one) || json_is_string(one));
        check_scalar(c, row->metric, oracle_number(one));
    }
    free((void *)(uintptr_t)expected.data);
}

static void check_case(oracle_case *c, const function_row *row)
{
    const char *arg = json_object_get(c->args, "arr") != NULL ? "arr" : "returns";
    const json_t *table = looked_up(c, json_object_get(c->args, arg));
    const size_t listed = json_array_size(json_object_get(table, "columns"));
    const size_t n_columns = listed > 0 ? listed : 1;
    for (size_t column = 0; column < n_columns; column++) {
        c->returns = series_of(c, arg, column);
        c->factor = factor_of(c);
        set_options(c, row->function);
        check_result(c, row, looked_up(c, json_object_get(c->call, "result")), column);
        free((void *)(uintptr_t)c->returns.data);
        free((void *)(uintptr_t)c->factor.data);
    }
}

static void test_every_recorded_call_of_empyrical_gives_its_result(void)
{
    json_t *inputs = oracle_json(FOLDER "inputs.json.gz");
    char *lines = oracle_text(FOLDER "cases.jsonl");
    if (inputs == NULL || lines == NULL) {
        json_decref(inputs);
        free(lines);
        SKIP("../shared/oracles/empyrical is absent");
    }
    size_t n_checked = 0, n_calls = 0;
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        json_t *call = json_loads(line, 0, NULL);
        oracle_case c = {.inputs = inputs, .call = call, .args = json_object_get(call, "args")};
        function_row *row = row_of(json_string_value(json_object_get(call, "function")));
        c.label = json_string_value(json_object_get(call, "test"));
        CHECK(row->function[0] != '?');
        n_calls++;
        if (row->metric != NULL) {
            check_case(&c, row);
            n_checked++;
        } else {
            row->n_left_out++;
        }
        json_decref(call);
    }
    (void)printf("empyrical: %zu of %zu recorded calls checked\n", n_checked, n_calls);
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        if (functions[i].n_left_out > 0) {
            (void)printf("empyrical: %zu calls of %s left out: %s\n", functions[i].n_left_out,
                         functions[i].function, functions[i].why);
        }
    }
    CHECK(n_checked > 250);
    json_decref(inputs);
    free(lines);
}

SUITE("oracle/empyrical", TEST(test_every_recorded_call_of_empyrical_gives_its_result));
