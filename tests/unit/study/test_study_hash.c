/* tests/unit/study/test_study_hash.c - rows that stream through a run have the hash of the same
 * rows in memory. */
#define FEL_MODULE_STUDY
#include <stdio.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

enum { N_BARS = 137 };

/* A store of one series, read into memory. */
static fel_study *open_data(dataset *data)
{
    const char *folder = scratch_folder();
    char store[400];
    (void)snprintf(store, sizeof(store), "%s/store", folder);
    put_bars(in_folder(folder, "wave.csv"), N_BARS, 0.31);
    fel_csv_options csv = fel_csv_options_default();
    (void)snprintf(csv.symbol, sizeof(csv.symbol), "WAVE");
    CHECK_OK(fel_store_import(store, in_folder(folder, "wave.csv"), &csv, 0, NULL));
    fel_study *study =
        load_study(folder, "data: [{symbol: WAVE, store: store}]\n"
                           "start: 2010-02-01\n"
                           "strategy: {kind: sma_cross, fast_bars: 3, slow_bars: 7}\n");
    if (study != NULL) {
        CHECK_OK(dataset_open(data, study, 0, 0));
        CHECK_INT(data->inputs.n, 1);
        CHECK_INT(strlen(data->inputs.items[0].hash), 32);
    }
    return study;
}

/* The hash after a run that streams the same rows; stop: one that ends at its first event. */
static const char *streamed_hash(dataset *data, const fel_study *study, int stop, int was_stopped)
{
    static char text[HASH_TEXT_SIZE];
    dataset streamed = *data;
    dataset_item item = data->list.items[0];
    dataset_input input = data->inputs.items[0];
    study_engine run;
    const volatile int flag = stop;
    item.series = NULL;
    input.hash[0] = '\0';
    streamed.list.items = &item;
    streamed.inputs.items = &input;
    streamed.is_streamed = 1;
    const study_job job = {.study = study,
                           .data = &streamed,
                           .window = data->window,
                           .strategy = study->values.strategy.code,
                           .params = study->values.strategy.params,
                           .cash = 1e6,
                           .hashes_rows = 1,
                           .stop_flag = &flag};
    CHECK_OK(study_engine_run(&run, &job));
    CHECK_OK(dataset_hash_streamed(&streamed, &run, was_stopped));
    study_engine_clear(&run);
    (void)snprintf(text, sizeof(text), "%s", input.hash);
    return text;
}

static void test_streamed_rows_hash_as_those_in_memory(void)
{
    dataset data;
    fel_study *study = open_data(&data);
    if (study != NULL) {
        CHECK_TEXT(streamed_hash(&data, study, 0, 0), data.inputs.items[0].hash);
    }
    dataset_close(&data);
    fel_study_destroy(study);
}

static void test_a_run_that_ends_early_still_hashes_all_rows(void)
{
    dataset data;
    fel_study *study = open_data(&data);
    if (study != NULL) {
        CHECK_TEXT(streamed_hash(&data, study, 1, 0), data.inputs.items[0].hash);
        CHECK_TEXT(streamed_hash(&data, study, 1, 1), "not known: the run was stopped");
    }
    dataset_close(&data);
    fel_study_destroy(study);
}

static void test_a_rewound_feed_begins_again(void)
{
    dataset data;
    fel_study *study = open_data(&data);
    fel_feed feed = {NULL, NULL};
    fel_block block;
    if (study != NULL) {
        const dataset_item *item = &data.list.items[0];
        CHECK_OK(fel_feed_of_series(&feed, item->series, FEL_TIME_MIN, FEL_TIME_MAX, 50));
        CHECK_OK(feed_hash_begin(&feed, item));
        CHECK_OK(feed.code->next(feed.self, &block));
        CHECK_INT(block.n, 50);
        CHECK_OK(feed.code->rewind(feed.self));
        fel_source source = {.feed = feed};
        const study_engine run = {.sources = &source, .n_sources = 1};
        dataset again = data;
        dataset_item streamed = *item;
        dataset_input input = data.inputs.items[0];
        streamed.series = NULL;
        input.hash[0] = '\0';
        again.list.items = &streamed;
        again.inputs.items = &input;
        CHECK_OK(dataset_hash_streamed(&again, &run, 0));
        CHECK_TEXT(input.hash, data.inputs.items[0].hash);
    }
    fel_feed_destroy(&feed);
    dataset_close(&data);
    fel_study_destroy(study);
}

SUITE("study/hash", TEST(test_streamed_rows_hash_as_those_in_memory),
      TEST(test_a_run_that_ends_early_still_hashes_all_rows),
      TEST(test_a_rewound_feed_begins_again));
