/* tests/unit/data/test_csv_rows.c - bytes into rows: the fast scan against libcsv, and where to
 * cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_DATA
#include "data/csv_rows_internal.h"

static int same_rows(const csv_rows *a, const csv_rows *b)
{
    if (a->n_rows != b->n_rows || a->n_lines != b->n_lines) {
        return 0;
    }
    for (size_t r = 0; r < a->n_rows; r++) {
        const csv_row *x = &a->rows[r], *y = &b->rows[r];
        if (x->n_fields != y->n_fields || x->line != y->line || x->raw_start != y->raw_start ||
            x->raw_size != y->raw_size) {
            return 0;
        }
        for (uint32_t c = 0; c < x->n_fields; c++) {
            const csv_field *f = &a->fields[x->first_field + c],
                            *g = &b->fields[y->first_field + c];
            if (f->size != g->size || memcmp(f->text, g->text, f->size) != 0) {
                return 0;
            }
        }
    }
    return 1;
}

/* Random bytes without quotes, thick with everything that matters. */
static size_t random_text(rng_stream *r, char *text, size_t most, const char *alphabet)
{
    const size_t n = rng_below(r, most + 1), n_letters = strlen(alphabet);
    for (size_t i = 0; i < n; i++) {
        text[i] = alphabet[rng_below(r, n_letters)];
    }
    return n;
}

static void test_scan_equals_libcsv(void)
{
    rng_stream r = rng_at(21, 0);
    csv_rows scan = {0}, libcsv = {0};
    size_t n_wrong = 0;
    for (int trial = 0; trial < 20000; trial++) {
        char text[300];
        const char delimiter = ",;\t|"[trial % 4];
        const size_t n = random_text(&r, text, sizeof(text), "a1, ;\t|\r\n\n.x,");
        CHECK_OK(csv_rows_scan(&scan, text, n, delimiter));
        CHECK_OK(csv_rows_libcsv(&libcsv, text, n, delimiter));
        n_wrong += same_rows(&scan, &libcsv) ? 0 : 1;
    }
    CHECK_INT(n_wrong, 0);
    csv_rows_clear(&scan);
    csv_rows_clear(&libcsv);
}

static void test_rows_know_their_lines_and_bytes(void)
{
    static const char text[] = "a,b\r\n\r\n1,\"x\ny\"\r\n  \n2, 3 \n4,5";
    csv_rows rows = {0};
    CHECK_OK(csv_rows_parse(&rows, text, strlen(text), ','));
    CHECK_INT(rows.n_rows, 4);
    static const uint32_t lines[] = {0, 2, 5, 6};
    static const char *const raws[] = {"a,b", "1,\"x\ny\"", "2, 3 ", "4,5"};
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(rows.rows[i].line, lines[i]);
        CHECK_INT(rows.rows[i].raw_size, strlen(raws[i]));
        CHECK(memcmp(text + rows.rows[i].raw_start, raws[i], strlen(raws[i])) == 0);
    }
    CHECK_INT(rows.n_lines, 6);
    csv_rows_clear(&rows);
}

static void test_bad_quotes_say_where(void)
{
    static const struct {
        const char *text;
        uint32_t line;
        size_t n_rows;
    } cases[] = {{"a\n\"b\n", 1, 1},
                 {"a,b\nc\"d\n", 1, 1},
                 {"\"a\"b\n", 0, 0},
                 {"1\n2\n\"3\n4\n\"5\"\n", 4, 2},
                 {"\"\"\"\n", 0, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        csv_rows rows = {0};
        CHECK_STATUS(csv_rows_parse(&rows, cases[i].text, strlen(cases[i].text), ','),
                     FEL_ERR_FORMAT);
        CHECK_INT(rows.fault_line, cases[i].line);
        CHECK_INT(rows.n_rows, cases[i].n_rows);
        csv_rows_clear(&rows);
    }
}

/* Cutting anywhere and parsing the two sides gives the rows of the whole. */
static void test_cuts_fall_between_rows(void)
{
    static const char text[] = "a,\"b\nc\",d\r\ne,f\r\n\"\"\"g\",\"\r\"\n\nh,i\rj,k\n\"l\",m";
    const size_t n = strlen(text);
    csv_rows whole = {0}, left = {0}, right = {0};
    CHECK_OK(csv_rows_parse(&whole, text, n, ','));
    CHECK_INT(whole.n_rows, 6);
    for (size_t size = 0; size <= n; size++) {
        const size_t cut = csv_rows_cut(text, size, size == n);
        CHECK(cut <= size);
        CHECK_OK(csv_rows_parse(&left, text, cut, ','));
        CHECK_OK(csv_rows_parse(&right, text + cut, n - cut, ','));
        CHECK_INT(left.n_rows + right.n_rows, whole.n_rows);
        CHECK_INT(left.n_lines + right.n_lines, whole.n_lines);
    }
    CHECK_INT(csv_rows_cut("a,b\r", 4, 0), 0); /* the line feed may follow */
    CHECK_INT(csv_rows_cut("a\rb\r", 4, 0), 2);
    CHECK_INT(csv_rows_cut("\"a\nb", 4, 0), 0);
    csv_rows_clear(&whole);
    csv_rows_clear(&left);
    csv_rows_clear(&right);
}

SUITE("data/csv_rows", TEST(test_scan_equals_libcsv), TEST(test_rows_know_their_lines_and_bytes),
      TEST(test_bad_quotes_say_where), TEST(test_cuts_fall_between_rows));
