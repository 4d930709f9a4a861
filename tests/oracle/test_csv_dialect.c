/* tests/oracle/test_csv_dialect.c - rows of fields against other parsers' recorded results, parse
 * by parse: csv-spectrum, csv-test-data, libcsv's own cases, PapaParse's, zsv's inputs.
 *
 * Ours drops blanks around unquoted fields and passes over empty lines; where a case differs by
 * just that, the expected fields are trimmed and its empty rows left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"
#include "tests/support/csvcase.h"

#define FEL_MODULE_DATA
#include "data/csv_rows_internal.h"

static char *read_shared(const char *relative, size_t *size)
{
    char path[1024];
    const char *found = shared_path(relative);
    if (found == NULL) {
        return NULL;
    }
    (void)snprintf(path, sizeof(path), "%s", found);
    return csv_case_slurp(path, size);
}

static void trim(const char **text, size_t *size)
{
    while (*size > 0 && (**text == ' ' || **text == '\t')) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && ((*text)[*size - 1] == ' ' || (*text)[*size - 1] == '\t')) {
        (*size)--;
    }
}

/* Equal as they are, or but for the blanks around. */
static int same_field(const csv_field *have, const json_t *want)
{
    const char *text = json_string_value(want);
    size_t size = json_string_length(want);
    if (text == NULL) {
        return json_is_null(want) && have->size == 0;
    }
    if (have->size == size && memcmp(have->text, text, size) == 0) {
        return 1;
    }
    trim(&text, &size);
    return have->size == size && memcmp(have->text, text, size) == 0;
}

/* A row that an empty line, or one of blanks, gives in parsers that keep them. */
static int is_empty_row(const json_t *row)
{
    const char *text = json_string_value(json_array_get(row, 0));
    return json_array_size(row) == 0 ||
           (json_array_size(row) == 1 && text != NULL && strspn(text, " \t") == strlen(text));
}

static int same_rows(const csv_rows *have, size_t first, const json_t *want)
{
    size_t r = first;
    for (size_t i = 0; i < json_array_size(want); i++) {
        const json_t *row = json_array_get(want, i);
        if (r < have->n_rows && have->rows[r].n_fields == json_array_size(row)) {
            int same = json_array_size(row) > 0;
            for (uint32_t c = 0; same && c < have->rows[r].n_fields; c++) {
                same = same_field(&have->fields[have->rows[r].first_field + c],
                                  json_array_get(row, c));
            }
            if (same) {
                r++;
                continue;
            }
        }
        if (!is_empty_row(row)) {
            return 0;
        }
    }
    return r == have->n_rows;
}

/* Rows as objects by the names of the first one. */
static json_t *rows_of_objects(const json_t *objects, const csv_rows *have)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *row = json_array();
        for (uint32_t c = 0; have->n_rows > 0 && c < have->rows[0].n_fields; c++) {
            char name[64];
            const csv_field *f = &have->fields[have->rows[0].first_field + c];
            (void)snprintf(name, sizeof(name), "%.*s", (int)f->size, f->text);
            json_array_append(row, json_object_get(json_array_get(objects, i), name));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

/* The stored copies of some CRLF files have lost their CR: put it back. */
static char *with_crlf(char *text, size_t *size)
{
    char *out = malloc(2 * *size + 1);
    size_t n = 0;
    for (size_t i = 0; out != NULL && i < *size; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            out[n++] = '\r';
        }
        out[n++] = text[i];
    }
    free(text);
    *size = n;
    return out;
}

static void check_file(const char *csv, const char *json)
{
    size_t size = 0;
    csv_rows rows = {0};
    char *text = read_shared(csv, &size);
    if (text != NULL && strstr(csv, "_crlf") != NULL) {
        text = with_crlf(text, &size);
    }
    json_t *want = oracle_json(json);
    CHECK(text != NULL && want != NULL);
    if (text != NULL && want != NULL) {
        CHECK_OK(csv_rows_parse(&rows, text, size, ','));
        const int has_objects = json_is_object(json_array_get(want, 0));
        json_t *expected = has_objects ? rows_of_objects(want, &rows) : json_incref(want);
        const int is_header_only = json_array_size(want) == 0 && strstr(csv, "header-") != NULL;
        const int same = same_rows(&rows, has_objects || is_header_only ? 1 : 0, expected);
        check_true_at(same, csv, __FILE__, __LINE__);
        json_decref(expected);
    }
    json_decref(want);
    csv_rows_clear(&rows);
    free(text);
}

static void check_files(const char *folder, const char *csv_folder, const char *const *names,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char csv[256], json[256];
        (void)snprintf(csv, sizeof(csv), "oracles/csv/%s/%s/%s.csv", folder, csv_folder, names[i]);
        (void)snprintf(json, sizeof(json), "oracles/csv/%s/json/%s.json", folder, names[i]);
        check_file(csv, json);
    }
}

static void test_csv_spectrum(void)
{
    static const char *const names[] = {"comma_in_quotes",
                                        "empty",
                                        "empty_crlf",
                                        "escaped_quotes",
                                        "json",
                                        "newlines",
                                        "newlines_crlf",
                                        "quotes_and_newlines",
                                        "simple",
                                        "simple_crlf",
                                        "utf8"};
    if (shared_path("oracles/csv") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    check_files("csv-spectrum", "csvs", names, sizeof(names) / sizeof(names[0]));
}

static void test_csv_test_data(void)
{
    static const char *const names[] = {"all-empty",
                                        "empty-field",
                                        "empty-one-column",
                                        "header-no-rows",
                                        "header-simple",
                                        "leading-space",
                                        "one-column",
                                        "quotes-empty",
                                        "quotes-with-comma",
                                        "quotes-with-escaped-quote",
                                        "quotes-with-newline",
                                        "quotes-with-space",
                                        "simple-crlf",
                                        "simple-lf",
                                        "trailing-newline-one-field",
                                        "trailing-newline",
                                        "trailing-space",
                                        "utf8"};
    if (shared_path("oracles/csv") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    check_files("csv-test-data", "csv", names, sizeof(names) / sizeof(names[0]));
}

/* A quote inside an unquoted field too: location_coordinates has seconds of arc as 37.8"N. */
static void test_bad_quotes_are_errors(void)
{
    static const char *const paths[] = {
        "oracles/csv/csv-test-data/csv/bad-missing-quote.csv",
        "oracles/csv/csv-test-data/csv/bad-quotes-with-unescaped-quote.csv",
        "oracles/csv/csv-test-data/csv/bad-unescaped-quote.csv",
        "oracles/csv/csv-spectrum/csvs/location_coordinates.csv"};
    if (shared_path("oracles/csv") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        size_t size = 0;
        csv_rows rows = {0};
        char *text = read_shared(paths[i], &size);
        CHECK(text != NULL);
        if (text != NULL) {
            CHECK_STATUS(csv_rows_parse(&rows, text, size, ','), FEL_ERR_FORMAT);
        }
        csv_rows_clear(&rows);
        free(text);
    }
}

/* Text that JSON holds as Latin-1 code points, as bytes. */
static size_t to_bytes(const json_t *value, char *bytes, size_t most)
{
    const unsigned char *text = (const unsigned char *)json_string_value(value);
    const size_t size = json_string_length(value);
    size_t n = 0;
    for (size_t i = 0; i < size && n < most; i++) {
        if (text[i] >= 0xc0 && i + 1 < size) {
            bytes[n++] = (char)(((text[i] & 3U) << 6) | (text[i + 1] & 0x3fU));
            i++;
        } else {
            bytes[n++] = (char)text[i];
        }
    }
    return n;
}

static void test_libcsv_cases(void)
{
    if (shared_path("oracles/csv/libcsv_cases.json") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    json_t *all =
        json_load_file(shared_path("oracles/csv/libcsv_cases.json"), JSON_ALLOW_NUL, NULL);
    const json_t *cases = json_object_get(all, "parser_tests");
    size_t n_run = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c = json_array_get(cases, i);
        char bytes[1024];
        const char *delimiter = json_string_value(json_object_get(c, "delimiter"));
        const char *options = json_string_value(json_object_get(c, "options"));
        /* ours is the strict dialect with double quotes; lenient cases that it refuses are below */
        if (strcmp(json_string_value(json_object_get(c, "quote")), "\"") != 0) {
            continue;
        }
        const char *test = json_string_value(json_object_get(c, "test"));
        const int only_lenient = strcmp(test, "test07") == 0 || strcmp(test, "test08") == 0 ||
                                 strcmp(test, "test16") == 0;
        const int want_error = json_is_true(json_object_get(c, "error")) || only_lenient;
        const size_t n = to_bytes(json_object_get(c, "input_latin1"), bytes, sizeof(bytes));
        csv_rows rows = {0};
        const fel_status status = csv_rows_parse(&rows, bytes, n, delimiter[0]);
        check_int_at(status, want_error ? FEL_ERR_FORMAT : FEL_OK, test, __FILE__, __LINE__);
        if (status == FEL_OK && !want_error) {
            check_true_at(same_rows(&rows, 0, json_object_get(c, "rows")), options, __FILE__,
                          __LINE__);
        }
        csv_rows_clear(&rows);
        n_run++;
    }
    CHECK_INT(n_run, 40);
    json_decref(all);
}

/* Not the cases whose settings are not about our dialect, that guess a delimiter, or that take a
 * lone CR for text. */
static int is_plain_case(const json_t *c)
{
    const char *what = json_string_value(json_object_get(c, "description"));
    if (strstr(what, "guessed") != NULL || strstr(what, "Mixed slash") != NULL) {
        return 0;
    }
    static const char *const known[] = {"delimiter", "skipEmptyLines", "newline"};
    const char *key = NULL;
    json_t *value = NULL, *config = json_object_get(c, "config");
    json_object_foreach(config, key, value)
    {
        int is_known = 0;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            is_known = is_known || strcmp(key, known[i]) == 0;
        }
        if (!is_known || (strcmp(key, "skipEmptyLines") == 0 && json_is_string(value))) {
            return 0;
        }
    }
    const char *delimiter = json_string_value(json_object_get(config, "delimiter"));
    return json_is_string(json_object_get(c, "input")) &&
           (json_object_get(config, "delimiter") == NULL ||
            (delimiter != NULL && strlen(delimiter) == 1 && strchr(",;\t|", delimiter[0]) != NULL));
}

static void check_papaparse(const json_t *c, size_t *n_same, size_t *n_refused)
{
    const char *delimiter =
        json_string_value(json_object_get(json_object_get(c, "config"), "delimiter"));
    const char *found = json_string_value(
        json_object_get(json_object_get(json_object_get(c, "expected"), "meta"), "delimiter"));
    const json_t *input = json_object_get(c, "input");
    const char *text = json_string_value(input);
    size_t size = json_string_length(input);
    csv_rows rows = {0};
    const char used = delimiter != NULL ? delimiter[0] : found != NULL && found[0] ? found[0] : ',';
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (csv_rows_parse(&rows, text, size, used) != FEL_OK) {
        /* a quote where none may stand: theirs guesses, ours refuses */
        (*n_refused)++;
    } else {
        const json_t *data = json_object_get(json_object_get(c, "expected"), "data");
        const char *what = json_string_value(json_object_get(c, "description"));
        const int is_blank_quote = strstr(what, "whitespace around quotes") != NULL;
        check_true_at(same_rows(&rows, 0, data) != is_blank_quote, what, __FILE__, __LINE__);
        (*n_same)++;
    }
    csv_rows_clear(&rows);
}

static void test_papaparse_cases(void)
{
    static const char *const groups[] = {"CORE_PARSER_TESTS", "PARSE_TESTS"};
    if (shared_path("oracles/csv/papaparse_cases.json") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    json_t *all =
        json_load_file(shared_path("oracles/csv/papaparse_cases.json"), JSON_ALLOW_NUL, NULL);
    size_t n_same = 0, n_refused = 0;
    for (size_t g = 0; g < 2; g++) {
        const json_t *cases = json_object_get(all, groups[g]);
        for (size_t i = 0; i < json_array_size(cases); i++) {
            if (is_plain_case(json_array_get(cases, i))) {
                check_papaparse(json_array_get(cases, i), &n_same, &n_refused);
            }
        }
    }
    CHECK_INT(n_same, 73);
    CHECK_INT(n_refused, 8);
    json_decref(all);
}

/* Rows of the whole against rows of two parts, cut at every place; and the count that Python's csv
 * module gives; 0 where a quote stands inside a field, which we refuse. */
static void check_zsv(const char *name, char delimiter, size_t n_rows)
{
    char path[128];
    size_t size = 0;
    csv_rows whole = {0}, left = {0}, right = {0};
    (void)snprintf(path, sizeof(path), "oracles/csv/zsv/data/%s", name);
    char *text = read_shared(path, &size);
    CHECK(text != NULL);
    if (text != NULL) {
        const fel_status status = csv_rows_parse(&whole, text, size, delimiter);
        check_int_at(status, n_rows == 0 ? FEL_ERR_FORMAT : FEL_OK, name, __FILE__, __LINE__);
        check_int_at(status == FEL_OK ? (int64_t)whole.n_rows : 0, (int64_t)n_rows, name, __FILE__,
                     __LINE__);
        for (size_t at = 0; status == FEL_OK && at <= size; at++) {
            const size_t cut = csv_rows_cut(text, at, at == size);
            CHECK_OK(csv_rows_parse(&left, text, cut, delimiter));
            CHECK_OK(csv_rows_parse(&right, text + cut, size - cut, delimiter));
            CHECK_INT(left.n_rows + right.n_rows, whole.n_rows);
            CHECK_INT(left.n_fields + right.n_fields, whole.n_fields);
        }
    }
    csv_rows_clear(&whole);
    csv_rows_clear(&left);
    csv_rows_clear(&right);
    free(text);
}

static void test_zsv_inputs(void)
{
    static const struct {
        const char *name;
        char delimiter;
        size_t n_rows;
    } files[] = {{"quoted.csv", ',', 0},
                 {"quoted2.csv", ',', 0},
                 {"test/crlf.txt", '|', 0},
                 {"test/embedded.csv", ',', 5},
                 {"test/embedded_dos.csv", ',', 5},
                 {"test/latin1.csv", ',', 8},
                 {"test/no-eol-1.csv", ',', 4},
                 {"test/no-eol-2.csv", ',', 4},
                 {"test/no-eol-3.csv", ',', 4},
                 {"test/no-eol-4.csv", ',', 3},
                 {"test/crlf-2.csv", ',', 5},
                 {"test/tab.txt", '\t', 2},
                 {"test/header-only.csv", ',', 1},
                 {"test/seed_03_push_semicolon", ';', 2}};
    if (shared_path("oracles/csv/zsv") == NULL) {
        SKIP("../shared/oracles/csv is absent");
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        check_zsv(files[i].name, files[i].delimiter, files[i].n_rows);
    }
}

SUITE("oracle/csv_dialect", TEST(test_csv_spectrum), TEST(test_csv_test_data),
      TEST(test_bad_quotes_are_errors), TEST(test_libcsv_cases), TEST(test_papaparse_cases),
      TEST(test_zsv_inputs));
