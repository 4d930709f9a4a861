/* core/param.c - parameter tables: find a row, read, check and write its value. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/base.h>

#include "core/nearest.h"
#include "core/number.h"

enum { MAX_NAMES = 128, CHOICE_SIZE = 64 };

/* Names of up to MAX_NAMES rows, for "did you mean". */
static size_t nearest_param(const fel_param_spec *specs, size_t n, const char *name)
{
    const char *names[MAX_NAMES];
    const size_t n_names = n < MAX_NAMES ? n : MAX_NAMES;
    for (size_t i = 0; i < n_names; i++) {
        names[i] = specs[i].name;
    }
    const size_t nearest = nearest_name(name, names, n_names);
    return nearest < n_names ? nearest : n;
}

/* "a, b, c", cut short where the buffer ends. */
static void list_params(const fel_param_spec *specs, size_t n, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n && used < size; i++) {
        const int length =
            snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", specs[i].name);
        used += length > 0 ? (size_t)length : 0;
    }
}

fel_status fel_param_find(const fel_param_spec *specs, size_t n, const char *name, size_t *index)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(specs[i].name, name) == 0) {
            *index = i;
            return FEL_OK;
        }
    }
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no parameter \"%s\"; there are none", name);
    }
    const size_t nearest = nearest_param(specs, n, name);
    if (nearest < n) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no parameter \"%s\"; did you mean \"%s\"?", name,
                         specs[nearest].name);
    }
    char list[320];
    list_params(specs, n, list, sizeof(list));
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no parameter \"%s\"; there are: %s", name, list);
}

/* Copy word `index` of "a|b|c" to text; 0 if there are not so many. */
static int choice_word(const char *choices, size_t index, char *text, size_t size)
{
    for (; index > 0; index--) {
        choices = strchr(choices, '|');
        if (choices == NULL) {
            return 0;
        }
        choices++;
    }
    (void)snprintf(text, size, "%.*s", (int)strcspn(choices, "|"), choices);
    return 1;
}

static fel_status parse_bool(const fel_param_spec *spec, const char *text, double *value)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s = \"%.64s\" is neither true nor false", spec->name,
                         text);
    }
    *value = text[0] == 't' ? 1.0 : 0.0;
    return FEL_OK;
}

static fel_status parse_choice(const fel_param_spec *spec, const char *text, double *value)
{
    char words[MAX_NAMES][CHOICE_SIZE];
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (; n < MAX_NAMES && choice_word(spec->choices, n, words[n], CHOICE_SIZE); n++) {
        names[n] = words[n];
        if (strcmp(words[n], text) == 0) {
            *value = (double)n;
            return FEL_OK;
        }
    }
    const size_t nearest = nearest_name(text, names, n);
    if (nearest < n) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s = \"%.64s\" is not one of %s; did you mean \"%s\"?",
                         spec->name, text, spec->choices, names[nearest]);
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s = \"%.64s\" is not one of %s", spec->name, text,
                     spec->choices);
}

static fel_status parse_number(const fel_param_spec *spec, const char *text, double *value)
{
    double number = 0.0;
    if (!number_parse(text, &number)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s = \"%.64s\" is not a finite number", spec->name, text);
    }
    FEL_TRY(fel_param_check(spec, number));
    *value = number;
    return FEL_OK;
}

fel_status fel_param_parse(const fel_param_spec *spec, const char *text, double *value)
{
    static fel_status (*const parsers[])(const fel_param_spec *, const char *, double *) = {
        [FEL_PARAM_REAL] = parse_number,
        [FEL_PARAM_INTEGER] = parse_number,
        [FEL_PARAM_BOOL] = parse_bool,
        [FEL_PARAM_CHOICE] = parse_choice,
    };
    return parsers[spec->kind](spec, text, value);
}

static size_t count_choices(const char *choices)
{
    size_t n = 1;
    for (; *choices != '\0'; choices++) {
        n += *choices == '|' ? 1 : 0;
    }
    return n;
}

fel_status fel_param_check(const fel_param_spec *spec, double value)
{
    const int is_word = spec->kind == FEL_PARAM_BOOL || spec->kind == FEL_PARAM_CHOICE;
    const double min = is_word ? 0.0 : spec->min;
    const double most_words =
        spec->kind == FEL_PARAM_CHOICE ? (double)count_choices(spec->choices) - 1.0 : 1.0;
    const double max = is_word ? most_words : spec->max;
    char text[NUMBER_TEXT_SIZE], min_text[NUMBER_TEXT_SIZE], max_text[NUMBER_TEXT_SIZE];
    number_format(value, text, sizeof(text));
    if (!isfinite(value) || value < min || value > max) {
        number_format(min, min_text, sizeof(min_text));
        number_format(max, max_text, sizeof(max_text));
        return FEL_RAISE(FEL_ERR_RANGE, "%s = %s is not in [%s, %s]", spec->name, text, min_text,
                         max_text);
    }
    if (spec->kind != FEL_PARAM_REAL && floor(value) != value) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s = %s is not a whole number", spec->name, text);
    }
    return FEL_OK;
}

void fel_param_defaults(const fel_param_spec *specs, size_t n, double *values)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = specs[i].default_value;
    }
}

void fel_param_format(const fel_param_spec *spec, double value, char *text, size_t size)
{
    if (spec->kind == FEL_PARAM_BOOL) {
        (void)snprintf(text, size, "%s", value != 0.0 ? "true" : "false");
    } else if (spec->kind != FEL_PARAM_CHOICE || !(value >= 0.0) ||
               !choice_word(spec->choices, (size_t)value, text, size)) {
        number_format(value, text, size);
    }
}
