/* cli/csv_flags.c - flags of the command to fields of fel_csv_options, by a table. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "cli/csv_flags_internal.h"

typedef struct text_flag {
    int key;
    const char *name;
    size_t offset, size;
    const char *choices; /* NULL: free text */
} text_flag;

#define TEXT_FLAG(key, name, field, choices)                                                       \
    {                                                                                              \
        key, name, offsetof(fel_csv_options, field), sizeof(((fel_csv_options *)0)->field),        \
            choices                                                                                \
    }

static const text_flag text_flags[] = {
    TEXT_FLAG(CSV_FLAG_LAYOUT, "--layout", layout, NULL),
    TEXT_FLAG(CSV_FLAG_SYMBOL, "--symbol", symbol, NULL),
    TEXT_FLAG(CSV_FLAG_ZONE, "--zone", zone, NULL),
    TEXT_FLAG(CSV_FLAG_SESSION, "--session", session, NULL),
    TEXT_FLAG(CSV_FLAG_STAMP, "--stamp", stamp, "open|close"),
    TEXT_FLAG(CSV_FLAG_MAP, "--map", map, NULL),
    TEXT_FLAG(CSV_FLAG_DATE_FORMAT, "--date-format", date_format, "ymd|dmy|mdy"),
    TEXT_FLAG(CSV_FLAG_CURRENCY, "--currency", currency, NULL),
};

static const fel_param_spec bad_rows_spec = {
    "--bad-rows", FEL_PARAM_CHOICE, 0, 0, 0, "stop|quarantine", NULL};
static const fel_param_spec adjustment_spec = {
    "--adjustment", FEL_PARAM_CHOICE, 0, 0, 0, "raw|split|total_return", NULL};
static const fel_param_spec kind_spec = {
    "--kind", FEL_PARAM_CHOICE, 0, 0, 0, "equity|index|fx|crypto_spot|future|perpetual", NULL};
static const fel_param_spec ticks_spec = {"--ticks", FEL_PARAM_REAL, 0, 0, 1e9, NULL, NULL};

static error_t read_text(fel_csv_options *options, const char *command, const text_flag *flag,
                         const char *text)
{
    const fel_param_spec spec = {flag->name, FEL_PARAM_CHOICE, 0, 0, 0, flag->choices, NULL};
    double ignored = 0.0;
    if (strlen(text) >= flag->size) {
        return cli_usage(command, "%s: \"%.40s...\" is longer than %zu characters", flag->name,
                         text, flag->size - 1);
    }
    if (flag->choices != NULL && cli_value(command, &spec, text, &ignored) != 0) {
        return EINVAL;
    }
    (void)snprintf((char *)options + flag->offset, flag->size, "%s", text);
    return 0;
}

static error_t read_delimiter(fel_csv_options *options, const char *command, const char *text)
{
    if (strcmp(text, "tab") == 0) {
        options->delimiter = '\t';
        return 0;
    }
    if (strlen(text) != 1) {
        return cli_usage(command, "--delimiter: \"%.40s\" is not one character or tab", text);
    }
    options->delimiter = text[0];
    return 0;
}

static error_t read_choice(fel_csv_options *options, const char *command, int key, const char *text)
{
    const fel_param_spec *spec = key == CSV_FLAG_BAD_ROWS     ? &bad_rows_spec
                                 : key == CSV_FLAG_ADJUSTMENT ? &adjustment_spec
                                 : key == CSV_FLAG_KIND       ? &kind_spec
                                                              : &ticks_spec;
    double value = 0.0;
    if (cli_value(command, spec, text, &value) != 0) {
        return EINVAL;
    }
    if (key == CSV_FLAG_BAD_ROWS) {
        options->bad_rows = (fel_bad_rows)value;
    } else if (key == CSV_FLAG_ADJUSTMENT) {
        options->adjustment = (fel_adjustment)value;
    } else if (key == CSV_FLAG_KIND) {
        options->instrument_kind = (fel_instrument_kind)value;
    } else {
        options->ticks_per_unit = value;
    }
    return 0;
}

static error_t read_switch(fel_csv_options *options, int key)
{
    if (key == CSV_FLAG_NEGATIVE) {
        options->allow_negative = 1;
    } else if (key == CSV_FLAG_NO_GAPS) {
        options->allow_gaps = 0;
    } else {
        options->sort = 1;
    }
    return 0;
}

error_t csv_flag_read(fel_csv_options *options, const char *command, int key, const char *text)
{
    for (size_t i = 0; i < sizeof(text_flags) / sizeof(text_flags[0]); i++) {
        if (text_flags[i].key == key) {
            return read_text(options, command, &text_flags[i], text);
        }
    }
    switch (key) {
    case CSV_FLAG_DELIMITER:
        return read_delimiter(options, command, text);
    case CSV_FLAG_NEGATIVE:
    case CSV_FLAG_NO_GAPS:
    case CSV_FLAG_SORT:
        return read_switch(options, key);
    case CSV_FLAG_FREQUENCY:
        return fel_duration_parse(text, &options->length_ns) == FEL_OK
                   ? 0
                   : cli_usage(command, "--frequency: %s", fel_last_error()->message);
    case CSV_FLAG_QUARANTINE:
        options->quarantine_path = text;
        return 0;
    case CSV_FLAG_SIGNALS:
        options->signal_columns = text;
        return 0;
    default:
        return read_choice(options, command, key, text);
    }
}

void csv_print_summary(const char *path, const fel_csv_options *options, const fel_csv_summary *s)
{
    (void)printf("%s: %s, %llu rows, %llu accepted", path, s->layout, (unsigned long long)s->n_rows,
                 (unsigned long long)s->n_accepted);
    if (s->n_missing > 0) {
        (void)printf(", %llu empty", (unsigned long long)s->n_missing);
    }
    if (s->n_gaps > 0) {
        (void)printf(", %llu gaps", (unsigned long long)s->n_gaps);
    }
    if (s->n_zero_volume > 0) {
        (void)printf(", %llu without volume", (unsigned long long)s->n_zero_volume);
    }
    if (s->n_quarantined > 0) {
        const int is_named = options->quarantine_path != NULL;
        (void)printf(", %llu quarantined in %s%s (first: %s)", (unsigned long long)s->n_quarantined,
                     is_named ? options->quarantine_path : path, is_named ? "" : ".rejected.csv",
                     s->first_reason);
    }
    (void)putchar('\n');
}
