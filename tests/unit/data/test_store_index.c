/* tests/unit/data/test_store_index.c - the index: sorted, found again, and the same after a round
 * trip through its file. */
#define FEL_MODULE_DATA 1
#include <stdio.h>

#include "data/store_internal.h"
#include "tests/unit/data/sample_series.h"

static fel_series_info info_of(const char *symbol, fel_data_kind kind, int64_t length_ns)
{
    fel_series_info info = fel_series_info_default(kind, symbol);
    info.length_ns = length_ns;
    if (kind == FEL_DATA_SIGNAL) {
        info.n_columns = 2;
        (void)snprintf(info.columns[0], sizeof(info.columns[0]), "forecast");
        (void)snprintf(info.columns[1], sizeof(info.columns[1]), "\"quoted\" \\ \t name");
    }
    return info;
}

/* Series, parts and files in no special order of insertion. */
static void fill(store_index *index)
{
    static const char *const symbols[] = {"MSFT", "AAPL", "ZN", "A", "\xc3\xa9"};
    for (uint32_t f = 1; f <= 3; f++) {
        store_file file = {.number = 10 * f, .n_bytes = 1000 + f};
        (void)snprintf(file.checksum, sizeof(file.checksum), "%032x", (unsigned)f);
        CHECK_OK(ARRAY_PUSH(&index->files, file));
    }
    for (size_t i = 0; i < 15; i++) {
        const fel_data_kind kind = i % 3 == 0 ? FEL_DATA_SIGNAL : FEL_DATA_BAR;
        const fel_series_info info =
            info_of(symbols[i % 5], kind, (int64_t)(i % 3) * FEL_NS_PER_HOUR);
        size_t at = 0;
        CHECK_OK(store_index_add(index, &info, &at));
        for (uint32_t p = 0; p < i % 4; p++) {
            const store_part part = {.file = 10 * (p + 1),
                                     .group = (uint32_t)i,
                                     .has_open = (int)(i % 2),
                                     .n_rows = UINT64_C(1) << 40,
                                     .n_bytes = 77,
                                     .first_ns = INT64_MIN + (int64_t)p,
                                     .last_ns = INT64_MIN + (int64_t)p};
            CHECK_OK(ARRAY_PUSH(&index->series.items[at].parts, part));
        }
        for (unsigned k = 0; k < i % 3; k++) {
            char hash[HASH_TEXT_SIZE];
            (void)snprintf(hash, sizeof(hash), "%032x", k);
            CHECK_OK(store_series_add_source(&index->series.items[at], hash));
            CHECK_OK(store_series_add_source(&index->series.items[at], hash)); /* kept once */
        }
        CHECK_OK(store_series_sum_sources(&index->series.items[at]));
    }
}

static void test_series_are_sorted_and_found(void)
{
    store_index index;
    memset(&index, 0, sizeof(index));
    fill(&index);
    CHECK_INT(index.series.n, 15);
    for (size_t i = 0; i < index.series.n; i++) {
        const fel_series_info *info = &index.series.items[i].info;
        CHECK_INT(store_index_find(&index, info), i);
        CHECK(i == 0 || strcmp(index.series.items[i - 1].info.instrument.symbol,
                               info->instrument.symbol) <= 0);
    }
    const fel_series_info other = info_of("AAPLE", FEL_DATA_BAR, 0);
    CHECK_INT(store_index_find(&index, &other), 15);
    CHECK(store_index_file(&index, 20) == &index.files.items[1]);
    CHECK(store_index_file(&index, 5) == NULL && store_index_file(&index, 31) == NULL);
    store_index_clear(&index);
}

static void test_unused_files_are_dropped(void)
{
    store_index index;
    memset(&index, 0, sizeof(index));
    fill(&index);
    for (size_t i = 0; i < index.series.n; i++) {
        index.series.items[i].parts.n = index.series.items[i].parts.n > 0 ? 1 : 0;
    }
    store_index_drop_files(&index);
    CHECK_INT(index.files.n, 1);
    CHECK_INT(index.files.items[0].number, 10);
    for (size_t i = 0; i < index.series.n; i++) {
        store_series_drop_parts(&index.series.items[i]);
    }
    store_index_drop_files(&index);
    CHECK_INT(index.files.n, 0);
    store_index_clear(&index);
}

static void test_file_holds_the_whole_index(void)
{
    store_index index, again;
    char path[512];
    memset(&index, 0, sizeof(index));
    memset(&again, 0, sizeof(again));
    fill(&index);
    index.next_file = 4000000000U;
    (void)snprintf(path, sizeof(path), "%s", scratch_folder());
    CHECK_OK(store_index_save(&index, path));
    CHECK_OK(store_index_load(&again, path));
    CHECK_INT(again.next_file, 4000000000U);
    CHECK_INT(again.series.n, index.series.n);
    CHECK_INT(again.files.n, 3);
    CHECK(memcmp(again.files.items, index.files.items, 3 * sizeof(store_file)) == 0);
    for (size_t i = 0; i < again.series.n; i++) {
        const store_series *a = &index.series.items[i], *b = &again.series.items[i];
        CHECK(memcmp(&a->info, &b->info, sizeof(a->info)) == 0);
        CHECK_INT(b->parts.n, a->parts.n);
        CHECK_INT(b->sources.n, a->sources.n);
        for (size_t p = 0; p < a->parts.n; p++) {
            CHECK_INT(b->parts.items[p].first_ns, a->parts.items[p].first_ns);
            CHECK_INT(b->parts.items[p].n_rows, a->parts.items[p].n_rows);
            CHECK_INT(b->parts.items[p].file, a->parts.items[p].file);
            CHECK_INT(b->parts.items[p].has_open, a->parts.items[p].has_open);
        }
    }
    store_index_clear(&index);
    store_index_clear(&again);
}

static void test_numbers_that_json_lacks_are_refused(void)
{
    store_index index;
    size_t at = 0;
    memset(&index, 0, sizeof(index));
    fel_series_info info = info_of("NAN", FEL_DATA_BAR, 0);
    info.instrument.strike = (double)NAN;
    CHECK_OK(store_index_add(&index, &info, &at));
    CHECK_STATUS(store_index_save(&index, scratch_folder()), FEL_ERR_ARG);
    store_index_clear(&index);
}

static void test_names_and_words_go_both_ways(void)
{
    char text[32];
    for (int kind = FEL_DATA_BAR; kind <= FEL_DATA_ACTION; kind++) {
        CHECK_INT(store_kind_find(store_kind_word((fel_data_kind)kind)), kind);
    }
    CHECK_INT(store_kind_find("bars"), -1);
    CHECK(store_kind_word((fel_data_kind)0) == NULL && store_kind_word((fel_data_kind)8) == NULL);
    for (int kind = FEL_EQUITY; kind <= FEL_OPTION; kind++) {
        CHECK_INT(store_instrument_find(store_instrument_word((fel_instrument_kind)kind)), kind);
    }
    const int64_t lengths[] = {0, FEL_NS_PER_SECOND, 90 * FEL_NS_PER_SECOND, 14 * FEL_NS_PER_DAY,
                               7};
    const char *const texts[] = {"no length", "1s", "90s", "2w", "7ns"};
    for (size_t i = 0; i < 5; i++) {
        store_length_text(lengths[i], text, sizeof(text));
        CHECK_TEXT(text, texts[i]);
    }
    CHECK_INT(store_segment_number("000012.h5"), 12);
    CHECK_INT(store_segment_number("1234567.h5"), 1234567);
    CHECK_INT(store_segment_number("000012.h5.4fa-2"), 0);
    CHECK_INT(store_segment_number("-00012.h5"), 0);
    CHECK_INT(store_segment_number("h5"), 0);
}

SUITE("data/store_index", TEST(test_series_are_sorted_and_found),
      TEST(test_unused_files_are_dropped), TEST(test_file_holds_the_whole_index),
      TEST(test_numbers_that_json_lacks_are_refused), TEST(test_names_and_words_go_both_ways));
