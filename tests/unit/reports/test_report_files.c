/* tests/unit/reports/test_report_files.c - the CSV files and the terminal table of the hand-made
 * run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/reports/report_fixture.h"

static char file_text[1 << 21];

static const char *read_file(const char *folder, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    if (file == NULL) {
        return "";
    }
    const size_t n = fread(file_text, 1, sizeof(file_text) - 1, file);
    file_text[n] = '\0';
    (void)fclose(file);
    return file_text;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += *text == '\n';
    }
    return n;
}

/* Every line has as many commas as the first. */
static void check_rectangular(const char *text)
{
    long first = -1, commas = 0;
    for (; *text != '\0'; text++) {
        commas += *text == ',';
        if (*text == '\n') {
            first = first < 0 ? commas : first;
            CHECK_INT(commas, first);
            commas = 0;
        }
    }
}

static void test_csv_files_by_hand(void)
{
    report_fixture x;
    char folder[512];
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(fel_report_write_csv(r, folder));

    const char *trades = read_file(folder, "trades.csv");
    CHECK_INT(count_lines(trades), 4);
    check_rectangular(trades);
    CHECK_HAS(trades,
              "AAA,long,closed,2020-01-30T15:00:00Z,2020-02-03T15:00:00Z,0,2,100,20,22,4,196,"
              "0.098,-100,300,filled\n");
    CHECK_HAS(trades, "AAA,short,open,");

    const char *orders = read_file(folder, "orders.csv");
    CHECK_INT(count_lines(orders), 6);
    check_rectangular(orders);
    CHECK_HAS(orders, "3,0,AAA,buy,market,gtc,,,10.5,0,,,20.1,,2020-01-30T14:00:00Z,"
                      "2020-01-30T15:00:00Z,,rejected,no_cash,,,,\n");

    const char *fills = read_file(folder, "fills.csv");
    CHECK_INT(count_lines(fills), 4);
    check_rectangular(fills);
    CHECK_HAS(fills, "4,2020-02-04T15:00:00Z,AAA,buy,30,21,21,21,1.2,-630,");

    const char *equity = read_file(folder, "equity.csv");
    CHECK_INT(count_lines(equity), 7);
    check_rectangular(equity);
    CHECK_HAS(equity, "2020-02-04T21:00:00Z,10233.8,10663.8,430,-430,630,2,0,\n");

    const char *positions = read_file(folder, "positions.csv");
    CHECK_INT(count_lines(positions), 2);
    check_rectangular(positions);
    CHECK_HAS(positions, "AAA,-20,23,-440,230,-20,6.2,0,5930,5\n");
    fel_report_destroy(r);
}

static void test_symbols_with_commas_are_quoted(void)
{
    report_fixture x;
    char folder[512];
    fixture_make(&x);
    (void)snprintf(x.instrument.symbol, sizeof(x.instrument.symbol), "A,\"B\"");
    fel_report *r = fixture_report(&x);
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(fel_report_write_csv(r, folder));
    CHECK_HAS(read_file(folder, "positions.csv"), "\n\"A,\"\"B\"\"\",-20,");
    CHECK_STATUS(fel_report_write_csv(r, "/no/such/folder"), FEL_ERR_IO);
    fel_report_destroy(r);
}

static void test_splits_are_told_from_fills(void)
{
    report_fixture x;
    char folder[512];
    fixture_make(&x);
    x.fills[1].order_id = 0;
    x.fills[1].quantity = 0.0;
    x.fills[1].reference_price = 2.0;
    fel_report *r = fixture_report(&x);
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(fel_report_write_csv(r, folder));
    CHECK_HAS(read_file(folder, "fills.csv"), "0,2020-02-03T15:00:00Z,AAA,split,0,,2,,");
    fel_report_destroy(r);
}

/* Names of the fixed files, and the kind each is of. */
static const struct {
    const char *name;
    fel_report_files kind;
} fixed_files[] = {
    {"report.json", FEL_REPORT_JSON}, {"report.txt", FEL_REPORT_TEXT},
    {"report.html", FEL_REPORT_HTML}, {"equity.csv", FEL_REPORT_CSV},
    {"trades.csv", FEL_REPORT_CSV},   {"orders.csv", FEL_REPORT_CSV},
    {"fills.csv", FEL_REPORT_CSV},    {"positions.csv", FEL_REPORT_CSV},
};
enum { N_FIXED_FILES = sizeof(fixed_files) / sizeof(fixed_files[0]) };

static void make_folder(const char *name, char folder[512])
{
    (void)snprintf(folder, 512, "%s/%s-XXXXXX", scratch_folder(), name);
    CHECK(mkdtemp(folder) != NULL);
}

static void test_files_are_those_asked_for(void)
{
    static const unsigned kinds[] = {FEL_REPORT_JSON, FEL_REPORT_CSV, FEL_REPORT_TEXT,
                                     FEL_REPORT_HTML | FEL_REPORT_TEXT, 0};
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        char folder[512], path[600];
        make_folder("kinds", folder);
        CHECK_OK(fel_report_write_files(r, folder, kinds[k], 2));
        for (size_t i = 0; i < N_FIXED_FILES; i++) {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, fixed_files[i].name);
            CHECK_INT(access(path, F_OK) == 0, (kinds[k] & fixed_files[i].kind) != 0);
        }
    }
    fel_report_destroy(r);
}

static void test_threads_write_the_same_bytes(void)
{
    const unsigned all = FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | FEL_REPORT_HTML;
    report_fixture x;
    char one[512], many[512];
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    make_folder("one", one);
    make_folder("many", many);
    CHECK_OK(fel_report_write_files(r, one, all, 1));
    CHECK_OK(fel_report_write_files(r, many, all, 4));
    for (size_t i = 0; i < N_FIXED_FILES; i++) {
        char *before = strdup(read_file(one, fixed_files[i].name));
        CHECK(before != NULL && strlen(before) > 50);
        CHECK_TEXT(read_file(many, fixed_files[i].name), before);
        free(before);
    }
    CHECK_STATUS(fel_report_write_files(r, "/no/such/folder", all, 4), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "/no/such/folder/orders.csv");
    fel_report_destroy(r);
}

static void test_a_borrowed_result_gives_the_same_files(void)
{
    report_fixture x;
    fel_report *r = NULL;
    char copied[512], borrowed[512];
    fixture_make(&x);
    make_folder("copied", copied);
    make_folder("borrowed", borrowed);
    for (uint32_t is_borrowed = 0; is_borrowed < 2; is_borrowed++) {
        fel_report_input input = fel_report_input_default();
        input.title = "whose";
        input.result = &x.result;
        input.is_result_borrowed = is_borrowed;
        CHECK_OK(fel_report_create(&r, &input));
        x.fills[0].price += is_borrowed ? 0.0 : 1.0; /* a copy does not see this */
        CHECK_OK(fel_report_write_files(r, is_borrowed ? borrowed : copied,
                                        FEL_REPORT_CSV | FEL_REPORT_JSON, 1));
        x.fills[0].price -= is_borrowed ? 0.0 : 1.0;
        fel_report_destroy(r);
    }
    for (size_t i = 0; i < N_FIXED_FILES; i++) {
        if (fixed_files[i].kind == FEL_REPORT_CSV || fixed_files[i].kind == FEL_REPORT_JSON) {
            char *before = strdup(read_file(copied, fixed_files[i].name));
            CHECK_TEXT(read_file(borrowed, fixed_files[i].name), before);
            free(before);
        }
    }
}

static const char *terminal_text(const fel_report *r)
{
    FILE *stream = tmpfile();
    CHECK(stream != NULL);
    CHECK_OK(fel_report_write_terminal(r, stream));
    rewind(stream);
    const size_t n = fread(file_text, 1, sizeof(file_text) - 1, stream);
    file_text[n] = '\0';
    (void)fclose(stream);
    return file_text;
}

static void test_terminal_table_is_narrow_and_says_what_matters_first(void)
{
    report_fixture x;
    fel_report *r = NULL;
    const fel_report_pair note = {"warning",
                                  "a warning of more than one line, which has to be broken "
                                  "between words somewhere before the hundredth column of it"};
    fixture_make(&x);
    x.result.flags = FEL_FLAG_SAME_CLOSE;
    fel_report_input input = fel_report_input_default();
    input.title = "hand-made";
    input.strategy_name = "by_hand";
    input.result = &x.result;
    input.benchmark = &x.result;
    input.benchmark_name = "itself";
    input.notes = &note;
    input.n_notes = 1;
    CHECK_OK(fel_report_create(&r, &input));
    const char *text = terminal_text(r);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        CHECK(strcspn(line, "\n") <= 100);
    }
    const char *warning = strstr(text, "warning:"), *result = strstr(text, "Final equity");
    CHECK(warning != NULL && result != NULL && warning < result);
    CHECK_HAS(text, "10,203.80");
    CHECK_HAS(text, "2.04 %");
    CHECK_HAS(text, "-1.49 %");
    CHECK_HAS(text, "203.80");
    CHECK_HAS(text, "no_cash");
    CHECK_HAS(text, "not yet");
    CHECK_HAS(text, "periods a year");
    fel_report_destroy(r);
    fixture_make(&x);
    r = fixture_report(&x);
    FILE *full = fopen("/dev/full", "w");
    CHECK_STATUS(fel_report_write_terminal(r, full), FEL_ERR_IO);
    (void)fclose(full);
    fel_report_destroy(r);
}

SUITE("reports/report_files", TEST(test_csv_files_by_hand),
      TEST(test_symbols_with_commas_are_quoted), TEST(test_splits_are_told_from_fills),
      TEST(test_files_are_those_asked_for), TEST(test_threads_write_the_same_bytes),
      TEST(test_a_borrowed_result_gives_the_same_files),
      TEST(test_terminal_table_is_narrow_and_says_what_matters_first));
