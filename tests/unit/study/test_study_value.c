/* tests/unit/study/test_study_value.c - how single values are read; any text is read or refused. */
#define FEL_MODULE_STUDY
#include <stdlib.h>
#include <string.h>

#include "study/study_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static tree_node scalar(const char *text)
{
    const tree_node node = {.kind = TREE_SCALAR, .mark = {"s.yaml", 3, 7}, .text = text};
    return node;
}

static void test_spans_are_bars_time_or_months(void)
{
    static const struct {
        const char *text;
        study_unit unit;
        int64_t amount;
    } good[] = {
        {"0", SPAN_BARS, 0},
        {"250", SPAN_BARS, 250},
        {"30d", SPAN_NS, 30 * FEL_NS_PER_DAY},
        {"2w", SPAN_NS, 14 * FEL_NS_PER_DAY},
        {"12h", SPAN_NS, 12 * FEL_NS_PER_HOUR},
        {"45m", SPAN_NS, 45 * FEL_NS_PER_MINUTE},
        {"6mo", SPAN_MONTHS, 6},
        {"4y", SPAN_MONTHS, 48},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const tree_node node = scalar(good[i].text);
        study_span span = {SPAN_NONE, -1};
        CHECK_OK(schema_read_span(&node, "x", &span));
        CHECK_INT(span.unit, good[i].unit);
        CHECK_INT(span.amount, good[i].amount);
    }
    static const char *const bad[] = {"-3", "3.5", "y", "4 y", "1e3", "99999999999", "4yy", " 4y"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const tree_node node = scalar(bad[i]);
        study_span span = {SPAN_NONE, -1};
        CHECK_STATUS(schema_read_span(&node, "x", &span), FEL_ERR_FORMAT);
        CHECK_HAS(fel_last_error()->message, "s.yaml:3:7: x: ");
    }
}

static void test_cash_has_a_currency_or_not(void)
{
    static const struct {
        const char *text, *currency;
        double amount;
    } good[] = {{"1e6", "", 1e6},
                {"2385.5 USD", "USD", 2385.5},
                {"0.25   BTC", "BTC", 0.25},
                {"1000000000000000", "", 1e15}};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const tree_node node = scalar(good[i].text);
        study_cash cash = {0.0, "?"};
        CHECK_OK(schema_read_cash(&node, "cash", &cash));
        CHECK_SAME(cash.amount, good[i].amount);
        CHECK_TEXT(cash.currency, good[i].currency);
    }
    static const char *const bad[] = {"USD", "1e6USD", "1e6 US D", "1e6 DUBLOONS", "inf", "nan"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const tree_node node = scalar(bad[i]);
        study_cash cash = {0.0, "?"};
        CHECK_STATUS(schema_read_cash(&node, "cash", &cash), FEL_ERR_FORMAT);
    }
    static const char *const out[] = {"0", "-5 USD", "1.1e15"};
    for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++) {
        const tree_node node = scalar(out[i]);
        study_cash cash = {0.0, "?"};
        CHECK_STATUS(schema_read_cash(&node, "cash", &cash), FEL_ERR_RANGE);
    }
}

/* A date is its first instant where something starts and its last where something ends. */
static void test_dates_are_first_or_last_instants(void)
{
    const tree_node date = scalar("2020-04-20"), instant = scalar("2020-04-20T14:30:00Z");
    int64_t first = 0, last = 0;
    CHECK_OK(schema_read_time(&date, "start", 0, &first));
    CHECK_OK(schema_read_time(&date, "end", 1, &last));
    CHECK_INT(first, INT64_C(1587340800) * FEL_NS_PER_SECOND);
    CHECK_INT(last - first, FEL_NS_PER_DAY);
    CHECK_OK(schema_read_time(&instant, "start", 0, &first));
    CHECK_OK(schema_read_time(&instant, "end", 1, &last));
    CHECK_INT(first, last);
}

/* ---- combinations -----------------------------------------------------------------------------
 */

static void test_combinations_run_through_all_the_last_fastest(void)
{
    const tree_node texts[] = {scalar("a"), scalar("b"), scalar("x"), scalar("y"), scalar("z")};
    const tree_node *const first[] = {&texts[0], &texts[1]};
    const tree_node *const second[] = {&texts[2], &texts[3], &texts[4]};
    const study_axis items[] = {{"k", first, 2}, {"m", second, 3}};
    const study_axes axes = {items, 2};
    static const char *const names[] = {"k=a m=x", "k=a m=y", "k=a m=z",
                                        "k=b m=x", "k=b m=y", "k=b m=z"};
    arena memory = {0};
    size_t n = 0;
    CHECK_OK(study_count_combinations(&axes, "sweep", &n));
    CHECK_INT(n, 6);
    for (size_t i = 0; i < 6; i++) {
        study_pick picks[2];
        study_combination(&axes, i, picks);
        CHECK_TEXT(study_pick_name(&memory, picks, 2), names[i]);
    }
    arena_free(&memory);
}

static void test_keys_are_in_their_parts(void)
{
    CHECK(study_key_is_in("data.0.file", "data"));
    CHECK(study_key_is_in("data", "data"));
    CHECK(!study_key_is_in("database", "data"));
    CHECK(!study_key_is_in("dat", "data"));
    CHECK(!study_key_is_in("costs.data", "data"));
}

/* ---- any text ---------------------------------------------------------------------------------
 */

static const char whole[] =
    "name: x\nseed: 7\ndata:\n  - {symbol: A, file: a.csv, frequency: 1d, signals: [p, q]}\n"
    "start: 2015-01-01\nend: 2024-10-24\nholdout: 2023-10-24\ncash: 1e6 USD\n"
    "costs: {fee_bps: 5, slippage: {half_spread_bps: 1, volume_share: {price_impact: 0.2}}}\n"
    "strategy: {kind: sma_cross, fast_bars: 5, side: long_short}\n"
    "walk_forward: {train: 4y, test: 1y, purge: 1, embargo: 2d}\n"
    "search: {strategy.fast_bars: [5, 8]}\nsweep: {costs.fee_bps: [1, 2.5]}\n"
    "report: {benchmark: none, periods_per_year: 365}\n";

/* Each beginning of a study, and the study with any one byte changed, is read or refused with a
 * message: under the sanitizers no such text may do more. */
static void test_any_text_is_read_or_refused(void)
{
    char text[sizeof(whole)];
    size_t n_read = 0;
    for (size_t i = 0; i < sizeof(whole) - 1; i++) {
        for (int way = 0; way < 3; way++) {
            static const char changes[] = {'\0', ':', '{'};
            arena memory = {0};
            tree_node *root = NULL;
            memcpy(text, whole, sizeof(whole));
            text[i] = changes[way];
            const fel_status status = tree_parse(&root, &memory, "s.yaml", text, strlen(text));
            if (status == FEL_OK && root->kind == TREE_MAP) {
                const schema_reader reader = {&memory, "", 0};
                study_values values;
                memset(&values, 0, sizeof(values));
                const fel_status read = schema_read(&reader, &study_schema, root, "", &values);
                CHECK(read == FEL_OK || fel_last_error()->message[0] != '\0');
                n_read += read == FEL_OK ? 1 : 0;
            }
            arena_free(&memory);
        }
    }
    CHECK(n_read > 20);
}

/* ---- the list of keys -------------------------------------------------------------------------
 */

typedef struct seen_keys {
    char paths[400][80];
    size_t n;
} seen_keys;

static void see_key(void *payload, const fel_study_key *key)
{
    seen_keys *seen = payload;
    CHECK(key->doc != NULL && strlen(key->doc) > 3);
    CHECK(key->doc[strlen(key->doc) - 1] != '.');
    CHECK(key->type[0] != '\0');
    CHECK(seen->n < sizeof(seen->paths) / sizeof(seen->paths[0]));
    for (size_t i = 0; i < seen->n; i++) {
        CHECK(strcmp(seen->paths[i], key->path) != 0);
    }
    (void)snprintf(seen->paths[seen->n++], sizeof(seen->paths[0]), "%s", key->path);
}

static int was_seen(const seen_keys *seen, const char *path)
{
    for (size_t i = 0; i < seen->n; i++) {
        if (strcmp(seen->paths[i], path) == 0) {
            return 1;
        }
    }
    return 0;
}

static void test_every_key_is_listed_once_with_its_line(void)
{
    seen_keys *seen = calloc(1, sizeof(*seen));
    CHECK(seen != NULL);
    if (seen == NULL) {
        return;
    }
    fel_study_each_key(see_key, seen);
    static const char *const some[] = {"name",
                                       "data[].option.strike",
                                       "costs.fee_bps",
                                       "costs.fee_minimum",
                                       "costs.slippage.bps",
                                       "costs.slippage.volume_share.price_impact",
                                       "walk_forward.embargo",
                                       "report.write"};
    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        CHECK(was_seen(seen, some[i]));
    }
    free(seen);
}

SUITE("study/value", TEST(test_spans_are_bars_time_or_months),
      TEST(test_cash_has_a_currency_or_not), TEST(test_dates_are_first_or_last_instants),
      TEST(test_combinations_run_through_all_the_last_fastest), TEST(test_keys_are_in_their_parts),
      TEST(test_any_text_is_read_or_refused), TEST(test_every_key_is_listed_once_with_its_line));
