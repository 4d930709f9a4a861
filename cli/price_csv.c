/* cli/price_csv.c - feller price PROCESS FILE: a table of options in, the same with results out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/price_internal.h"
#include "core/number.h"
#include "core/outfile.h"

/* How a column is read into an option. */
typedef struct price_column price_column;
typedef fel_status read_fn(const price_request *request, const price_column *column,
                           const char *text, price_option *option);
struct price_column {
    read_fn *read;
    fel_param_spec spec; /* of a number */
    size_t place;        /* where it goes: an offset in price_option, or a parameter's index */
};

static fel_status read_number(const price_request *request, const price_column *column,
                              const char *text, price_option *option)
{
    double value = 0.0;
    (void)request;
    FEL_TRY(fel_param_parse(&column->spec, text, &value));
    memcpy((char *)option + column->place, &value, sizeof(value));
    return FEL_OK;
}

static fel_status read_param(const price_request *request, const price_column *column,
                             const char *text, price_option *option)
{
    size_t n = 0;
    double params[FEL_PROCESS_MAX_PARAMS];
    (void)request;
    fel_process_params(&option->process, params);
    FEL_TRY(fel_param_parse(&column->spec, text, &params[column->place]));
    return fel_process_make(&option->process, fel_process_classes(&n)[option->process.kind],
                            params);
}

static fel_status read_right(const price_request *request, const price_column *column,
                             const char *text, price_option *option)
{
    static const char *const words[] = {"call", "c", "put", "p"};
    (void)request;
    (void)column;
    for (int i = 0; i < 4; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            option->right = i < 2 ? FEL_CALL : FEL_PUT;
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "\"%.32s\" is not one of call, put, c, p", text);
}

static fel_status read_expiry(const price_request *request, const price_column *column,
                              const char *text, price_option *option)
{
    (void)column;
    return price_years_until(request, text, &option->t_years);
}

#define NUMBER_COLUMN(name, low, high, field)                                                      \
    {                                                                                              \
        read_number, {name, FEL_PARAM_REAL, 0, low, high, NULL, NULL},                             \
            offsetof(price_option, field)                                                          \
    }
static const price_column fixed_columns[] = {
    NUMBER_COLUMN("strike", 1e-300, 1e15, strike),
    NUMBER_COLUMN("t_years", 0, 1000, t_years),
    NUMBER_COLUMN("price", 0, 1e300, given),
    {read_right, {.name = "right"}, 0},
    {read_right, {.name = "type"}, 0},
    {read_expiry, {.name = "expiry"}, 0},
};
enum { N_FIXED = sizeof(fixed_columns) / sizeof(fixed_columns[0]) };

/* ---- columns --------------------------------------------------------------------------------- */

static const fel_process_class *class_of(const price_option *base)
{
    size_t n = 0;
    return fel_process_classes(&n)[base->process.kind];
}

/* What a header's name means; read is NULL where it means nothing here. */
static price_column column_of(const price_option *base, const char *name)
{
    const fel_process_class *code = class_of(base);
    for (size_t i = 0; i < N_FIXED; i++) {
        if (strcmp(fixed_columns[i].spec.name, name) == 0) {
            return fixed_columns[i];
        }
    }
    for (uint32_t i = 0; i < code->n_params; i++) {
        if (strcmp(code->params[i].name, name) == 0) {
            const price_column column = {read_param, code->params[i], i};
            return column;
        }
    }
    const price_column none = {NULL, {.name = name}, 0};
    return none;
}

/* Is there a column of this name? */
static int has_column(const price_table *table, const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        if (strcmp(table->cells[c], name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A column is there once, and none is called as a result is. */
static fel_status check_names(const price_request *request, const price_option *base,
                              const price_table *table, const char *path)
{
    const char *names[PRICE_MAX_RESULTS];
    double values[PRICE_MAX_RESULTS];
    const size_t n_results = price_results(request, base, names, values);
    for (size_t c = 0; c < table->n_columns; c++) {
        const char *name = table->cells[c];
        for (size_t i = 0; i < c; i++) {
            if (name[0] != '\0' && strcmp(table->cells[i], name) == 0) {
                return FEL_RAISE(FEL_ERR_FORMAT, "%s: columns %zu and %zu are both called %.64s",
                                 path, i + 1, c + 1, name);
            }
        }
        for (size_t i = 0; i < n_results; i++) {
            if (strcmp(names[i], name) == 0) {
                return FEL_RAISE(FEL_ERR_FORMAT,
                                 "%s: there is a column %s already: the results would be a second",
                                 path, name);
            }
        }
    }
    return FEL_OK;
}

static fel_status check_header(const price_request *request, const price_option *base,
                               const price_table *table, const char *path)
{
    FEL_TRY(check_names(request, base, table, path));
    if (!has_column(table, "strike") && !(base->strike > 0.0)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: no column strike, and no --strike", path);
    }
    if (!has_column(table, "t_years") && !has_column(table, "expiry") && isnan(base->t_years)) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: no column t_years or expiry, and no --t-years or --expiry", path);
    }
    if (request->task == PRICE_IMPLIED_VOL && !has_column(table, "price")) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: no column price to imply volatilities from", path);
    }
    return FEL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static fel_status bad_cell(const char *path, size_t row, const char *column)
{
    char reason[sizeof(fel_last_error()->message)];
    (void)snprintf(reason, sizeof(reason), "%s", fel_last_error()->message);
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu, column %s: %s", path, row + 1, column, reason);
}

static fel_status read_rows(const price_request *request, const price_option *base,
                            const price_table *table, const char *path, price_option *options)
{
    price_column *columns = calloc(table->n_columns, sizeof(*columns));
    fel_status status = columns != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "%s: columns", path);
    for (size_t c = 0; status == FEL_OK && c < table->n_columns; c++) {
        columns[c] = column_of(base, table->cells[c]);
    }
    for (size_t r = 1; status == FEL_OK && r < table->n_rows; r++) {
        options[r - 1] = *base;
        for (size_t c = 0; status == FEL_OK && c < table->n_columns; c++) {
            const char *text = table->cells[r * table->n_columns + c];
            if (columns[c].read != NULL &&
                columns[c].read(request, &columns[c], text, &options[r - 1]) != FEL_OK) {
                status = bad_cell(path, r, table->cells[c]);
            }
        }
    }
    free(columns);
    return status;
}

/* In pieces, between which progress is shown and Ctrl-C is heard. */
static fel_status price_rows(const price_request *request, const char *path, price_option *options,
                             size_t n, int quiet)
{
    enum { PIECE = 4096 };
    fel_status status = FEL_OK;
    for (size_t done = 0; status == FEL_OK && done < n; done += PIECE) {
        const size_t count = n - done < PIECE ? n - done : PIECE;
        size_t failed = 0;
        status = price_options(request, options + done, count, &failed);
        if (status != FEL_OK) {
            char reason[sizeof(fel_last_error()->message)];
            (void)snprintf(reason, sizeof(reason), "%s", fel_last_error()->message);
            status = FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu: %s", path, done + failed + 2, reason);
        } else if (cli_stop_flag) {
            status = FEL_RAISE(FEL_ERR_STOPPED, "%s: stopped after %zu of %zu options", path,
                               done + count, n);
        } else if (!quiet) {
            cli_progress(NULL, "options", (double)(done + count), (double)n);
        }
    }
    cli_progress_end();
    return status;
}

/* ---- output ---------------------------------------------------------------------------------- */

/* A field, quoted where it must be. */
static void write_field(FILE *stream, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, stream);
        return;
    }
    (void)fputc('"', stream);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            (void)fputc('"', stream);
        }
        (void)fputc(*c, stream);
    }
    (void)fputc('"', stream);
}

/* An option's results, or with row 0 their names; an empty field where there is none. */
static void write_results(const price_request *request, const price_option *option, size_t row,
                          FILE *stream)
{
    const char *names[PRICE_MAX_RESULTS];
    double values[PRICE_MAX_RESULTS];
    const size_t n = price_results(request, option, names, values);
    for (size_t i = 0; i < n; i++) {
        char text[NUMBER_TEXT_SIZE] = "";
        if (!isnan(values[i])) {
            number_format(values[i], text, sizeof(text));
        }
        (void)fprintf(stream, ",%s", row == 0 ? names[i] : text);
    }
}

static void write_table(const price_request *request, const price_table *table,
                        const price_option *options, FILE *stream)
{
    for (size_t r = 0; r < table->n_rows; r++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            (void)fputs(c > 0 ? "," : "", stream);
            write_field(stream, table->cells[r * table->n_columns + c]);
        }
        write_results(request, &options[r > 0 ? r - 1 : 0], r, stream);
        (void)fputc('\n', stream);
    }
}

static fel_status write_output(const price_request *request, const price_table *table,
                               const price_option *options, const char *output)
{
    if (output == NULL) {
        write_table(request, table, options, stdout);
        return FEL_OK;
    }
    outfile file;
    FEL_TRY(outfile_open(&file, output));
    write_table(request, table, options, file.stream);
    return outfile_commit(&file);
}

int price_csv(const price_request *request, const price_option *base, const char *path,
              const char *output, int quiet)
{
    price_table table;
    price_option *options = NULL;
    if (price_table_read(&table, path) != FEL_OK) {
        return cli_fail(fel_last_error()->status);
    }
    cli_catch_signals();
    fel_status status = check_header(request, base, &table, path);
    if (status == FEL_OK) {
        options = calloc(table.n_rows, sizeof(*options));
        status = options != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "%s: options", path);
    }
    if (status == FEL_OK) {
        status = read_rows(request, base, &table, path, options);
    }
    if (status == FEL_OK) {
        status = price_rows(request, path, options, table.n_rows - 1, quiet);
    }
    if (status == FEL_OK) {
        status = write_output(request, &table, options, output);
    }
    free(options);
    price_table_clear(&table);
    return status == FEL_OK ? CLI_DONE : cli_fail(status);
}
