/* tests/unit/models/test_feature_values.c - every feature against numpy and pandas
 * (feature_pandas.py, which says how): recorded, and those of the pandas that is installed. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/bars_fixture.h"

#define RECORDED "tests/unit/models/feature_pandas.json"
#define SCRIPT   "tests/unit/models/feature_pandas.py"

enum { MOST_ROWS = 128 };

static size_t read_numbers(const json_t *list, double *out)
{
    const size_t n = json_array_size(list);
    CHECK(n <= MOST_ROWS);
    for (size_t i = 0; i < n && i < MOST_ROWS; i++) {
        const json_t *x = json_array_get(list, i);
        out[i] = json_is_null(x) ? (double)NAN : json_number_value(x);
    }
    return n;
}

static void read_times(const json_t *list, int64_t *out)
{
    for (size_t i = 0; i < json_array_size(list) && i < MOST_ROWS; i++) {
        out[i] = (int64_t)json_integer_value(json_array_get(list, i));
    }
}

typedef struct oracle {
    fel_series *bars, *signals;
    json_t *root;
} oracle;

static fel_series *read_signals(const json_t *from)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_SIGNAL, "s");
    static double a[MOST_ROWS], b[MOST_ROWS];
    static int64_t times[MOST_ROWS];
    const double *columns[] = {a, b};
    fel_series *series = NULL;
    info.n_columns = 2;
    (void)snprintf(info.columns[0], sizeof(info.columns[0]), "a");
    (void)snprintf(info.columns[1], sizeof(info.columns[1]), "b");
    read_times(json_object_get(from, "time_ns"), times);
    (void)read_numbers(json_object_get(from, "b"), b);
    const fel_block rows = {read_numbers(json_object_get(from, "a"), a), 2, times, NULL, columns};
    CHECK_OK(fel_series_create(&series, &info, &rows));
    return series;
}

static void oracle_open(oracle *o, json_t *root)
{
    static const char *const names[FEL_BAR_COLUMNS] = {"o", "h", "l", "c", "v"};
    static bars_fixture b;
    const json_t *bars = json_object_get(root, "bars");
    memset(&b, 0, sizeof(b));
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        b.n = read_numbers(json_object_get(bars, names[c]), b.columns[c]);
    }
    read_times(json_object_get(bars, "time_ns"), b.times_ns);
    memcpy(b.open_ns, b.times_ns, sizeof(b.open_ns));
    b.zone = json_string_value(json_object_get(root, "zone"));
    o->root = root;
    o->bars = bars_series(&b, "X");
    o->signals = read_signals(json_object_get(root, "signals"));
}

static void oracle_close(oracle *o)
{
    fel_series_destroy(o->bars);
    fel_series_destroy(o->signals);
    json_decref(o->root);
}

static fel_feature read_feature(const json_t *item)
{
    fel_feature feature = {0};
    const json_t *params = json_object_get(item, "params");
    CHECK_OK(fel_feature_find(json_string_value(json_object_get(item, "name")), &feature));
    CHECK(json_array_size(params) <= feature.code->n_params);
    for (size_t i = 0; i < json_array_size(params); i++) {
        feature.params[i] = json_number_value(json_array_get(params, i));
    }
    (void)snprintf(feature.column, sizeof(feature.column), "%s",
                   json_string_value(json_object_get(item, "column")));
    return feature;
}

/* Relative to the column's own size: a return of 1e-6 beside one of 1e-2 has lost its last bits. */
static void check_column(const fel_samples *s, size_t c, const json_t *expected, const char *label)
{
    double numbers[MOST_ROWS], size = 0.0;
    CHECK_INT(read_numbers(expected, numbers), s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++) {
        size = isnan(numbers[i]) ? size : fmax(size, fabs(numbers[i]));
    }
    for (size_t i = 0; i < s->n_rows; i++) {
        const double ours = s->rows[i * s->n_columns + c];
        const int is_near =
            isnan(ours) ? isnan(numbers[i]) : fabs(ours - numbers[i]) <= 1e-9 * size;
        if (!is_near) {
            (void)fprintf(stderr, "%s, row %zu: %.17g, pandas %.17g\n", label, i, ours, numbers[i]);
        }
        CHECK(is_near);
    }
}

static void check_feature(const oracle *o, const json_t *item)
{
    const fel_feature feature = read_feature(item);
    const fel_target target = target_of("next_return");
    const fel_panel_series series = {o->bars, o->signals, NULL};
    fel_panel_config config = fel_panel_config_default();
    fel_panel *panel = NULL;
    config.features = &feature;
    config.targets = &target;
    config.series = &series;
    config.n_features = config.n_targets = config.n_series = 1;
    CHECK_OK(fel_panel_create(&panel, &config));
    if (panel == NULL) {
        return;
    }
    for (size_t k = 0; k < feature.code->n_outputs; k++) {
        const char *name = feature.code->outputs != NULL ? feature.code->outputs[k] : "";
        check_column(fel_panel_samples(panel), k,
                     json_object_get(json_object_get(item, "outputs"), name),
                     fel_panel_column(panel, k));
    }
    fel_panel_destroy(panel);
}

/* Each row of the table is among them. */
static void check_complete(const json_t *features)
{
    size_t n = 0;
    const fel_feature_class *const *all = fel_feature_classes(&n);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < json_array_size(features) &&
               strcmp(json_string_value(json_object_get(json_array_get(features, k), "name")),
                      all[i]->name) != 0) {
            k++;
        }
        CHECK(k < json_array_size(features));
    }
}

static void check_all(json_t *root)
{
    oracle o;
    CHECK(root != NULL);
    if (root == NULL) {
        return;
    }
    oracle_open(&o, root);
    const json_t *features = json_object_get(root, "features");
    check_complete(features);
    for (size_t i = 0; i < json_array_size(features); i++) {
        check_feature(&o, json_array_get(features, i));
    }
    oracle_close(&o);
}

static void test_recorded_values_of_pandas(void)
{
    check_all(json_load_file(RECORDED, 0, NULL));
}

/* Debian's pandas belongs to Debian's python, which need not be the first one. */
static const char *python_with_pandas(void)
{
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char command[128];
        (void)snprintf(command, sizeof(command), "%s -c 'import pandas' >/dev/null 2>&1", names[i]);
        if (system(command) == 0) {
            return names[i];
        }
    }
    return NULL;
}

static void test_values_of_the_pandas_that_is_installed(void)
{
    const char *python = python_with_pandas();
    if (python == NULL) {
        SKIP("pandas is not installed for python3");
    }
    char command[128];
    (void)snprintf(command, sizeof(command), "%s " SCRIPT " 2>/dev/null", python);
    FILE *output = popen(command, "r");
    CHECK(output != NULL);
    if (output != NULL) {
        check_all(json_loadf(output, 0, NULL));
        CHECK_INT(pclose(output), 0);
    }
}

SUITE("models/feature_values", TEST(test_recorded_values_of_pandas),
      TEST(test_values_of_the_pandas_that_is_installed));
