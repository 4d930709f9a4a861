/* study/study_value.c - values that are more than a number or a word: times, spans, cash, lists. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/data.h>

#include "core/number.h"
#include "study/study_schema_internal.h"

enum { DATE_LENGTH = 10, MAX_AXIS = 10000, MAX_MATRIX = 2 * 64 };

int time_is_day(const char *text)
{
    return strlen(text) == DATE_LENGTH;
}

fel_status schema_read_time(const tree_node *value, const char *path, int is_last, int64_t *out)
{
    const char *text = NULL;
    int64_t time_ns = 0;
    FEL_TRY(schema_scalar(value, path, &text));
    if (fel_time_parse(text, "UTC", &time_ns) != FEL_OK) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "\"%.64s\" is not a time such as 2020-04-20 or 2020-04-20T14:30:00Z",
                            text);
    }
    *out = is_last && time_is_day(text) ? time_ns + FEL_NS_PER_DAY : time_ns;
    return FEL_OK;
}

fel_status schema_read_duration(const tree_node *value, const char *path, int64_t *out)
{
    const char *text = NULL;
    int64_t duration_ns = 0;
    FEL_TRY(schema_scalar(value, path, &text));
    if (fel_duration_parse(text, &duration_ns) != FEL_OK || duration_ns <= 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "\"%.64s\" is not a length of time such as 1d, 4h, 15m, 30s, 1w", text);
    }
    *out = duration_ns;
    return FEL_OK;
}

/* Whole count before a suffix; 0 if the text is anything else. */
static int64_t count_before(const char *text, const char *suffix)
{
    char *end = NULL;
    const long long count = strtoll(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && strcmp(end, suffix) == 0 && count <= 1000000000
               ? count
               : -1;
}

fel_status schema_read_span(const tree_node *value, const char *path, study_span *out)
{
    const char *text = NULL;
    FEL_TRY(schema_scalar(value, path, &text));
    const int64_t bars = count_before(text, "");
    const int64_t months = count_before(text, "mo"), years = count_before(text, "y");
    int64_t duration_ns = 0;
    if (bars >= 0) {
        out->unit = SPAN_BARS;
        out->amount = bars;
    } else if (months >= 0 || years >= 0) {
        out->unit = SPAN_MONTHS;
        out->amount = months >= 0 ? months : 12 * years;
    } else if (fel_duration_parse(text, &duration_ns) == FEL_OK && duration_ns >= 0) {
        out->unit = SPAN_NS;
        out->amount = duration_ns;
    } else {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "\"%.64s\" is neither bars (250) nor a span such as 4y, 6mo, 30d, 12h",
                            text);
    }
    return FEL_OK;
}

fel_status schema_read_cash(const tree_node *value, const char *path, study_cash *out)
{
    const char *text = NULL;
    FEL_TRY(schema_scalar(value, path, &text));
    char number[64];
    const size_t length = strcspn(text, " ");
    const char *currency = text + length + strspn(text + length, " ");
    (void)snprintf(number, sizeof(number), "%.*s", (int)(length < 63 ? length : 63), text);
    double amount = 0.0;
    if (!number_parse(number, &amount) || strlen(currency) >= sizeof(out->currency) ||
        strchr(currency, ' ') != NULL) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "\"%.64s\" is not an amount of money such as 1e6 or \"1e6 USD\"", text);
    }
    if (!(amount > 0.0) || amount > 1e15) {
        return schema_raise(FEL_ERR_RANGE, value->mark, path, "%s is not in (0, 1e15]", number);
    }
    out->amount = amount;
    (void)snprintf(out->currency, sizeof(out->currency), "%s", currency);
    return FEL_OK;
}

/* One whole number from 1 to a million. */
static fel_status read_size(const tree_node *value, const char *path, size_t *out)
{
    const fel_param_spec spec = {path, FEL_PARAM_INTEGER, 1.0, 1.0, 1e6, NULL, NULL};
    double number = 0.0;
    FEL_TRY(schema_read_param(&spec, value, path, &number));
    *out = (size_t)number;
    return FEL_OK;
}

fel_status schema_read_sizes(const schema_reader *reader, const tree_node *value, const char *path,
                             study_sizes *out)
{
    const tree_node *item = value->kind == TREE_LIST ? value->first : value;
    const size_t n = value->kind == TREE_LIST ? value->n : 1;
    out->items = arena_array(reader->memory, n + 1, sizeof(*out->items));
    out->n = n;
    if (out->items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    for (size_t i = 0; i < n; i++, item = item->next) {
        FEL_TRY(read_size(item, path, &out->items[i]));
    }
    return FEL_OK;
}

fel_status schema_read_words(const schema_reader *reader, const tree_node *value, const char *path,
                             study_words *out)
{
    const tree_node *first = value->kind == TREE_LIST ? value->first : value;
    const size_t n = value->kind == TREE_LIST ? value->n : 1;
    const char **items = arena_array(reader->memory, n, sizeof(*items));
    if (items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    if (n == 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path, "the list is empty");
    }
    size_t i = 0;
    for (const tree_node *item = first; i < n; item = item->next, i++) {
        FEL_TRY(schema_scalar(item, path, &items[i]));
    }
    out->items = items;
    out->n = n;
    return FEL_OK;
}

static fel_status read_axis(const schema_reader *reader, const tree_node *list, const char *path,
                            study_axis *out)
{
    if (list->kind != TREE_LIST || list->n == 0 || list->n > MAX_AXIS) {
        return schema_raise(FEL_ERR_FORMAT, list->mark, path,
                            "expected a list of 1 to %d values to try, such as [5, 10, 20]",
                            MAX_AXIS);
    }
    const tree_node **values = arena_array(reader->memory, list->n, sizeof(void *));
    if (values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    size_t i = 0;
    for (const tree_node *item = list->first; item != NULL; item = item->next, i++) {
        const char *text = NULL;
        if (item->kind == TREE_SCALAR) {
            FEL_TRY(schema_scalar(item, path, &text));
        }
        values[i] = item;
    }
    const study_axis axis = {list->key, values, list->n};
    *out = axis;
    return FEL_OK;
}

fel_status schema_read_axes(const schema_reader *reader, const tree_node *value, const char *path,
                            study_axes *out)
{
    if (value->kind != TREE_MAP || value->n == 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "expected a map of keys and lists such as "
                            "{strategy.fast_bars: [5, 10]}");
    }
    study_axis *items = arena_array(reader->memory, value->n, sizeof(*items));
    if (items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    size_t i = 0;
    for (const tree_node *list = value->first; list != NULL; list = list->next, i++) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, list->key, name, sizeof(name));
        FEL_TRY(read_axis(reader, list, name, &items[i]));
    }
    out->items = items;
    out->n = value->n;
    return FEL_OK;
}

/* ---- matrices -------------------------------------------------------------------------------- */

static fel_status read_matrix_row(const tree_node *row, const char *path, size_t n, double *out)
{
    if (row->kind != TREE_LIST || row->n != n) {
        return schema_raise(FEL_ERR_FORMAT, row->mark, path, "expected a row of %zu numbers", n);
    }
    for (const tree_node *item = row->first; item != NULL; item = item->next, out++) {
        const char *text = NULL;
        FEL_TRY(schema_scalar(item, path, &text));
        if (!number_parse(text, out)) {
            return schema_raise(FEL_ERR_FORMAT, item->mark, path,
                                "\"%.64s\" is not a finite number", text);
        }
    }
    return FEL_OK;
}

fel_status schema_read_matrix(const schema_reader *reader, const tree_node *value, const char *path,
                              study_matrix *out)
{
    if (value->kind != TREE_LIST || value->n == 0 || value->n > MAX_MATRIX) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "expected 1 to %d rows of a square matrix, such as [[1, 0.5], [0.5, "
                            "1]]",
                            MAX_MATRIX);
    }
    double *values = arena_array(reader->memory, value->n * value->n, sizeof(*values));
    if (values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    size_t i = 0;
    for (const tree_node *row = value->first; row != NULL; row = row->next, i++) {
        FEL_TRY(read_matrix_row(row, path, value->n, values + i * value->n));
    }
    out->values = values;
    out->n = value->n;
    return FEL_OK;
}
