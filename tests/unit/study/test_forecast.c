/* tests/unit/study/test_forecast.c - a study's model: what it may see, how it is chosen, how it is
 * traded; the same bits for any number of threads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/train.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

enum { N_BARS = 620, MAX_FORECASTS = 1000, MAX_COLUMNS = 16 };

/* Two windows of training and a third that is cut short by the data's end. */
static const char base[] = "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\n"
                           "fill: same_close\n"
                           "features: [return, {volatility: 10}, day_of_week]\n"
                           "model: {kind: lstm, hidden: [5], sequence: 4, seeds: 2}\n"
                           "train: {loss: mse, epochs: 3, batch: 32, learning_rate: 0.01}\n"
                           "walk_forward: {train: 240, validation: 0.25, test: 150}\n"
                           "strategy: {kind: forecast_sign, side: long_only}\n";

static const char *wave_folder(int n_bars)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "wave.csv"), n_bars, 0.3);
    return folder;
}

static const char *study_text(const char *more)
{
    static char text[2048];
    (void)snprintf(text, sizeof(text), "%s%s", base, more);
    return text;
}

/* ---- forecasts.csv --------------------------------------------------------------------------- */

typedef struct forecast_row {
    char time[32];
    double forecast, target, earned, outputs[2];
    int window;
} forecast_row;

typedef struct forecast_table {
    forecast_row rows[MAX_FORECASTS];
    int n;
} forecast_table;

static double field(const char *line, int index)
{
    for (; index > 0 && line != NULL; index--) {
        line = strchr(line, ',');
        line = line != NULL ? line + 1 : NULL;
    }
    return line == NULL || *line == ',' || *line == '\n' ? (double)NAN : strtod(line, NULL);
}

static void read_forecasts(const char *folder, const char *run, forecast_table *out)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/forecasts.csv", run);
    char *csv = get_file(in_folder(folder, path));
    CHECK(csv != NULL);
    char *line = csv != NULL ? strchr(csv, '\n') + 1 : NULL;
    out->n = 0;
    while (line != NULL && *line != '\0' && out->n < MAX_FORECASTS) {
        forecast_row *row = &out->rows[out->n++];
        (void)snprintf(row->time, sizeof(row->time), "%.20s", line);
        row->window = (int)field(line, 2);
        row->forecast = field(line, 3);
        row->target = field(line, 4);
        row->earned = field(line, 5);
        row->outputs[0] = field(line, 6);
        row->outputs[1] = field(line, 7);
        line = strchr(line, '\n') + 1;
    }
    free(csv);
}

/* Another past for the same future would be as bad: the file's rows from `first` on, changed. */
static void change_bars_from(const char *folder, int first)
{
    char *csv = get_file(in_folder(folder, "wave.csv"));
    CHECK(csv != NULL);
    FILE *file = fopen(in_folder(folder, "wave.csv"), "wb");
    int row = -1;
    for (char *line = csv, *next = NULL; line != NULL && *line != '\0'; line = next, row++) {
        next = strchr(line, '\n');
        *next++ = '\0';
        if (row < first) {
            (void)fprintf(file, "%s\n", line);
            continue;
        }
        const double close = field(line, 4) * (row % 3 == 0 ? 1.31 : 0.83);
        (void)fprintf(file, "%.10s,%.2f,%.2f,%.2f,%.2f,777\n", line, close, close * 1.02,
                      close * 0.97, close);
    }
    CHECK(fclose(file) == 0);
    free(csv);
}

/* ---- what it may see ------------------------------------------------------------------------- */

static fel_models *models_of(const char *folder, const char *run)
{
    char path[64];
    fel_models *models = NULL;
    (void)snprintf(path, sizeof(path), "%s/models.h5", run);
    CHECK_OK(fel_models_read(&models, in_folder(folder, path)));
    return models;
}

static int same_model(const fel_models *a, const fel_models *b, size_t index)
{
    const fel_model_entry *x = fel_models_at(a, index), *y = fel_models_at(b, index);
    return strcmp(x->name, y->name) == 0 && strcmp(x->note, y->note) == 0 &&
           memcmp(x->params, y->params, fel_network_count_params(x->network) * sizeof(float)) == 0;
}

static void test_the_future_changes_no_weight_and_no_forecast(void)
{
    static forecast_table before, after;
    const char *folder = wave_folder(N_BARS);
    CHECK_OK(run_text(folder, base, "before", 1, NULL));
    read_forecasts(folder, "before", &before);
    /* In the middle of the second test window. */
    const int first_changed = 240 + 150 + 70;
    change_bars_from(folder, first_changed);
    CHECK_OK(run_text(folder, base, "after", 1, NULL));
    read_forecasts(folder, "after", &after);
    CHECK_INT(before.n, N_BARS - 240);
    CHECK_INT(after.n, before.n);
    const int n_same = first_changed - 240;
    for (int i = 0; i < n_same; i++) {
        CHECK_TEXT(before.rows[i].time, after.rows[i].time);
        CHECK_SAME(before.rows[i].forecast, after.rows[i].forecast);
        CHECK_SAME(before.rows[i].outputs[1], after.rows[i].outputs[1]);
    }
    CHECK(before.rows[n_same].forecast != after.rows[n_same].forecast);
    fel_models *a = models_of(folder, "before"), *b = models_of(folder, "after");
    CHECK_INT(fel_models_count(a), 6);
    for (size_t i = 0; i < 4; i++) {
        CHECK(same_model(a, b, i));
    }
    CHECK(!same_model(a, b, 4) && !same_model(a, b, 5));
    fel_models_destroy(a);
    fel_models_destroy(b);
}

/* ---- how it is chosen ------------------------------------------------------------------------ */

static void check_same_file(const char *folder, const char *a, const char *b, const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/%s", a, name);
    char *x = get_file(in_folder(folder, path));
    (void)snprintf(path, sizeof(path), "%s/%s", b, name);
    char *y = get_file(in_folder(folder, path));
    CHECK(x != NULL && y != NULL && strlen(x) > 100);
    CHECK(x != NULL && y != NULL && strcmp(x, y) == 0);
    free(x);
    free(y);
}

static const char search[] = "search: {train.learning_rate: [0.001, 0.03], "
                             "model.hidden: [[3], [4, 2]]}\n";

static void test_threads_change_nothing(void)
{
    static const char *const files[] = {"forecasts.csv",        "trials.csv", "training.csv",
                                        "forecast_windows.csv", "equity.csv", "report.json"};
    const char *folder = wave_folder(N_BARS);
    CHECK_OK(run_text(folder, study_text(search), "one", 1, NULL));
    CHECK_OK(run_text(folder, study_text(search), "three", 3, NULL));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        check_same_file(folder, "one", "three", files[i]);
    }
    fel_models *a = models_of(folder, "one"), *b = models_of(folder, "three");
    for (size_t i = 0; i < fel_models_count(a); i++) {
        CHECK(same_model(a, b, i));
    }
    fel_models_destroy(a);
    fel_models_destroy(b);
}

/* Of each window's four trials the one with the lowest validation loss, and every trial listed. */
static void test_the_best_trial_of_validation_is_taken(void)
{
    const char *folder = wave_folder(N_BARS);
    double best[3] = {(double)INFINITY, (double)INFINITY, (double)INFINITY}, taken[3] = {0.0};
    int n_chosen = 0, n = 0;
    CHECK_OK(run_text(folder, study_text(search), "run", 1, NULL));
    char *csv = get_file(in_folder(folder, "run/trials.csv"));
    CHECK(csv != NULL);
    for (char *line = strchr(csv, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, n++) {
        const int window = (int)field(line, 0);
        best[window] = fmin(best[window], field(line, 3));
        if (field(line, 2) > 0.0) {
            taken[window] = field(line, 3);
            n_chosen++;
        }
    }
    free(csv);
    CHECK_INT(n, 12);
    CHECK_INT(n_chosen, 3);
    for (int i = 0; i < 3; i++) {
        CHECK_SAME(taken[i], best[i]);
    }
}

static void test_a_random_search_draws_its_trials(void)
{
    const char *folder = wave_folder(N_BARS);
    CHECK_OK(run_text(folder,
                      "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\n"
                      "features: [return]\nmodel: {kind: mlp, hidden: [3]}\ntrain: {epochs: 1}\n"
                      "walk_forward: {train: 240, test: 150, search: random, trials: 3}\n"
                      "search: {train.learning_rate: [0.1, 0.01, 0.001, 0.0001], train.batch: [16, "
                      "32, 64]}\nstrategy: {kind: forecast_sign}\n",
                      "run", 1, NULL));
    char *csv = get_file(in_folder(folder, "run/trials.csv"));
    int n = 0;
    for (const char *c = csv; c != NULL && *c != '\0'; c++) {
        n += *c == '\n' ? 1 : 0;
    }
    CHECK_INT(n, 1 + 3 * 3);
    free(csv);
}

static double last_equity(const char *folder, const char *run)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/equity.csv", run);
    char *csv = get_file(in_folder(folder, path));
    CHECK(csv != NULL);
    char *end = csv + strlen(csv) - 1;
    while (end > csv && end[-1] != '\n') {
        end--;
    }
    const double equity = field(end, 1);
    free(csv);
    return equity;
}

/* A variant of a sweep searches as it would alone. */
static void test_a_sweep_keeps_the_search(void)
{
    const char *folder = wave_folder(N_BARS);
    char more[512];
    (void)snprintf(more, sizeof(more), "%ssweep: {train.batch: [32, 64]}\n", search);
    CHECK_OK(run_text(folder, study_text(search), "alone", 1, NULL));
    CHECK_OK(run_text(folder, study_text(more), "swept", 1, NULL));
    char *csv = get_file(in_folder(folder, "swept/variants.csv"));
    char *manifest = get_file(in_folder(folder, "alone/manifest.json"));
    CHECK(csv != NULL && manifest != NULL);
    const char *hash = strstr(manifest, "order_hash\": \"");
    CHECK(hash != NULL);
    char wanted[33] = "";
    (void)snprintf(wanted, sizeof(wanted), "%.32s", hash + strlen("order_hash\": \""));
    CHECK_HAS(csv, wanted);
    free(csv);
    free(manifest);
}

/* The strategy trades the model's column, not the study's own signals before it. */
static void test_own_signals_are_not_the_forecast(void)
{
    const char *folder = wave_folder(N_BARS);
    put_file(in_folder(folder, "own.csv"), "date,mood\n2010-03-01,-1\n2011-06-01,-2\n");
    CHECK_OK(run_text(folder, base, "plain", 1, NULL));
    char text[2048];
    (void)snprintf(text, sizeof(text),
                   "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}, {symbol: WAVE, file: "
                   "own.csv, signals: [mood]}]\n%s",
                   strchr(base, '\n') + 1);
    CHECK_OK(run_text(folder, text, "own", 1, NULL));
    CHECK_SAME(last_equity(folder, "own"), last_equity(folder, "plain"));
}

/* ---- how it is joined and traded ------------------------------------------------------------- */

/* At the close that a forecast is of, without costs, long or flat: the product of what it earned.
 */
static void test_equity_is_the_product_of_what_forecasts_earned(void)
{
    static forecast_table table;
    const char *folder = wave_folder(N_BARS);
    double product = 1e6;
    CHECK_OK(run_text(folder, base, "run", 1, NULL));
    read_forecasts(folder, "run", &table);
    for (int i = 0; i < table.n; i++) {
        const forecast_row *row = &table.rows[i];
        CHECK_NEAR(row->forecast, (row->outputs[0] + row->outputs[1]) / 2.0, 1e-15);
        if (!isnan(row->earned) && row->forecast > 0.0) {
            product *= 1.0 + row->earned;
        }
    }
    CHECK(product != 1e6);
    CHECK_REL(last_equity(folder, "run"), product, 1e-6);
}

static void test_votes_and_quantiles(void)
{
    static forecast_table table;
    const char *folder = wave_folder(N_BARS);
    CHECK_OK(run_text(folder, study_text("name: vote\n"), "raw", 1, NULL));
    fel_study *study = load_study(folder, study_text(""));
    fel_study_destroy(study);
    char text[2048];
    (void)snprintf(text, sizeof(text), "%s", base);
    char *seeds = strstr(text, "seeds: 2}");
    (void)memcpy(seeds, "seeds: 2,", 9);
    char with[2200];
    (void)snprintf(with, sizeof(with), "%.*s ensemble: vote}%s", (int)(seeds + 9 - text), text,
                   seeds + 9);
    CHECK_OK(run_text(folder, with, "vote", 1, NULL));
    read_forecasts(folder, "vote", &table);
    for (int i = 0; i < table.n; i++) {
        const double a = table.rows[i].outputs[0], b = table.rows[i].outputs[1];
        CHECK_SAME(table.rows[i].forecast, (copysign(1.0, a) + copysign(1.0, b)) / 2.0);
    }
    (void)snprintf(with, sizeof(with), "%.*s output: quantile}%s", (int)(seeds + 9 - text), text,
                   seeds + 9);
    CHECK_OK(run_text(folder, with, "quantile", 1, NULL));
    read_forecasts(folder, "quantile", &table);
    for (int i = 0; i < table.n; i++) {
        /* 60 validation samples and fewer: whole steps between -1 and 1. */
        CHECK(fabs(table.rows[i].forecast) <= 1.0);
    }
}

/* ---- refusals -------------------------------------------------------------------------------- */

typedef struct refusal {
    const char *text, *message;
} refusal;

#define DATA  "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\n"
#define TRADE "strategy: {kind: forecast_sign}\n"
#define WALK  "walk_forward: {train: 240, test: 150}\n"

static const refusal refusals[] = {
    {DATA TRADE "features: [return]\n", "features: is about a model, but there is no model"},
    {DATA TRADE "model: {kind: mlp}\nfeatures: [return]\n", "model: needs walk_forward"},
    {DATA TRADE WALK "model: {kind: mlp}\n", "features: the key is required"},
    {DATA TRADE WALK "model: {kind: mpl}\nfeatures: [return]\n", "did you mean \"mlp\"?"},
    {DATA TRADE WALK "model: {kind: mlp, dropuot: 0.1}\nfeatures: [return]\n",
     "model.dropuot: unknown key; did you mean \"dropout\"?"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [volatlity]\n", "did you mean \"volatility\"?"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [{sma_ratio: {bras: 3}}]\n", "bras"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [return]\ntrain: {loss: gmald}\n",
     "did you mean \"gmadl\"?"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [return]\ntrain: {loss: madl, epochs: 1}\n",
     "madl"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [return]\nsearch: {costs.fee_bps: [1, 2]}\n",
     "costs.fee_bps: cannot be searched"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [return]\nsearch: {train.loss: [mse, mae]}\n",
     "give train.select_by"},
    {DATA TRADE "walk_forward: {train: 4000, test: 150}\nmodel: {kind: mlp}\nfeatures: [return]\n",
     "walk_forward"},
    {DATA TRADE WALK "model: {kind: mlp, sequence: 300}\nfeatures: [return]\n", ""},
    {DATA TRADE WALK "model: {kind: transformer, d_model: 30}\nfeatures: [return]\n", "heads"},
    {DATA TRADE WALK "model: {kind: mlp}\nfeatures: [return]\ntrain: {learning_rate: 1000, "
                     "optimizer: sgd, epochs: 50}\nscaling: none\n",
     ""},
};

static void test_refusals_say_what_is_wrong(void)
{
    const char *folder = wave_folder(N_BARS);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        fel_study *study = NULL;
        put_file(in_folder(folder, "study.yaml"), refusals[i].text);
        fel_status status = fel_study_load(&study, in_folder(folder, "study.yaml"), NULL, 0);
        fel_study_destroy(study);
        if (status == FEL_OK) {
            status = run_text(folder, refusals[i].text, "run", 1, NULL);
        }
        const int is_exploding = i + 1 == sizeof(refusals) / sizeof(refusals[0]);
        CHECK(status != FEL_OK || is_exploding);
        if (status != FEL_OK) {
            CHECK_HAS(fel_last_error()->message, refusals[i].message);
        }
    }
}

SUITE("study/forecast", TEST(test_the_future_changes_no_weight_and_no_forecast),
      TEST(test_threads_change_nothing), TEST(test_the_best_trial_of_validation_is_taken),
      TEST(test_a_random_search_draws_its_trials), TEST(test_a_sweep_keeps_the_search),
      TEST(test_own_signals_are_not_the_forecast),
      TEST(test_equity_is_the_product_of_what_forecasts_earned), TEST(test_votes_and_quantiles),
      TEST(test_refusals_say_what_is_wrong));
