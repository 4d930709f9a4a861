/* tests/oracle/option_rows.c - the published prices of exotic options (E. G. Haug and others). */
#include "tests/oracle/option_rows.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"

/* One row of a table, by the names of its fields. */
typedef struct fields {
    const json_t *names, *values;
} fields;

static const json_t *field(const fields *f, const char *name)
{
    for (size_t i = 0; i < json_array_size(f->names); i++) {
        if (strcmp(json_string_value(json_array_get(f->names, i)), name) == 0) {
            return json_array_get(f->values, i);
        }
    }
    return NULL;
}

static double number(const fields *f, const char *name)
{
    const json_t *value = field(f, name);
    if (json_is_number(value)) {
        return json_number_value(value);
    }
    /* "15.0000*std::exp(-0.05)", "4.4064/60*std::exp(-0.04*0.25)": the numbers in it, in order. */
    double x[4] = {0.0, 1.0, 0.0, 1.0};
    const char *text = value != NULL ? json_string_value(value) : NULL;
    if (text != NULL && sscanf(text, "%lf/%lf*std::exp(%lf*%lf)", &x[0], &x[1], &x[2], &x[3]) < 3) {
        x[1] = 1.0;
        (void)sscanf(text, "%lf*std::exp(%lf)", &x[0], &x[2]);
    }
    return x[0] / x[1] * exp(x[2] * x[3]);
}

static const char *word(const fields *f, const char *name)
{
    const char *text = json_string_value(field(f, name));
    return text != NULL ? text : "";
}

static void set(option_row *row, const char *param, double value)
{
    CHECK_OK(fel_payoff_set(&row->payoff, param, value));
}

static void set_text(option_row *row, const char *param, const char *text)
{
    CHECK_OK(fel_payoff_set_text(&row->payoff, param, text));
}

/* What nearly all tables have. */
static void begin(option_row *row, const fields *f, const char *payoff)
{
    row->process = (fel_process){.kind = FEL_PROCESS_GBM,
                                 .spot = number(f, "s"),
                                 .rate_per_year = number(f, "r"),
                                 .dividend_per_year = number(f, "q"),
                                 .vol_per_year = number(f, "v")};
    row->t_years = number(f, "t");
    row->expected = number(f, "result");
    row->tolerance = fmax(number(f, "tol"), 1e-12);
    row->n_dates = 8;
    row->has_formula = 1;
    CHECK_OK(fel_payoff_init(&row->payoff, payoff));
}

static int is_put(const fields *f)
{
    return strcmp(word(f, "type"), "Put") == 0;
}

static void cash_digital(option_row *row, const fields *f)
{
    begin(row, f, "cash_digital");
    set(row, "right", is_put(f));
    set(row, "strike", number(f, "strike"));
    set(row, "cash", 10.0);
    row->n_dates = 1;
}

static void asset_digital(option_row *row, const fields *f)
{
    begin(row, f, "asset_digital");
    set(row, "right", is_put(f));
    set(row, "strike", number(f, "strike"));
    row->n_dates = 1;
}

static void touch(option_row *row, const fields *f, const char *pays, const char *when)
{
    begin(row, f, "touch");
    set_text(row, "side", is_put(f) ? "down" : "up");
    set(row, "level", number(f, "strike"));
    set_text(row, "pays", pays);
    set(row, "cash", 15.0);
    set_text(row, "when", when);
    set_text(row, "knock", strcmp(word(f, "knockin"), "true") == 0 ? "in" : "out");
    row->n_dates = strcmp(when, "hit") == 0 ? 64 : 8;
}

static void cash_at_hit(option_row *row, const fields *f)
{
    touch(row, f, "cash", "hit");
}

static void asset_at_hit(option_row *row, const fields *f)
{
    touch(row, f, "asset", "hit");
}

static void cash_at_expiry(option_row *row, const fields *f)
{
    touch(row, f, "cash", "expiry");
}

static void asset_at_expiry(option_row *row, const fields *f)
{
    touch(row, f, "asset", "expiry");
}

static void barrier_of(option_row *row, const char *type, double barrier, double strike)
{
    static const char *const theirs[] = {"DownIn", "DownOut", "UpIn", "UpOut"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(type, theirs[i]) == 0) {
            set(row, "type", i);
        }
    }
    set(row, "barrier", barrier);
    set(row, "strike", strike);
}

static void barrier(option_row *row, const fields *f)
{
    begin(row, f, "barrier");
    barrier_of(row, word(f, "barrierType"), number(f, "barrier"), number(f, "strike"));
    set(row, "right", is_put(f));
    set(row, "rebate", number(f, "rebate"));
    row->n_dates = number(f, "rebate") > 0.0 ? 32 : 8;
    row->has_formula = strcmp(word(f, "exType"), "american") != 0;
}

/* The inputs that these tables leave to the test around them. */
static void calls_at(option_row *row, const fields *f, double spot, double rate, double dividend)
{
    begin(row, f, "barrier");
    row->process.spot = spot;
    row->process.rate_per_year = rate;
    row->process.dividend_per_year = dividend;
    row->process.vol_per_year = number(f, "volatility");
    row->t_years = 1.0;
    row->expected = number(f, "callValue");
    barrier_of(row, word(f, "type"), number(f, "barrier"), number(f, "strike"));
}

static void babsiri(option_row *row, const fields *f)
{
    calls_at(row, f, 100.0, 0.05, 0.02);
    row->tolerance = 1e-5;
}

static void beaglehole(option_row *row, const fields *f)
{
    calls_at(row, f, 50.0, log(1.1), 0.0);
    row->tolerance = 1e-3;
}

static void lookback_floating(option_row *row, const fields *f)
{
    const double window = number(f, "t1");
    begin(row, f, "lookback_floating");
    set(row, "right", is_put(f));
    set(row, "extreme_so_far", number(f, "minmax"));
    set(row, "window_end_years", window);
    set(row, "multiple", window > 0.0 ? number(f, "l") : 1.0);
    row->has_formula = window <= 0.0;
}

static void lookback_fixed(option_row *row, const fields *f)
{
    begin(row, f, "lookback_fixed");
    set(row, "right", is_put(f));
    set(row, "strike", number(f, "strike"));
    set(row, "extreme_so_far", number(f, "minmax"));
    row->has_formula = 1;
}

static void lookback_fixed_late(option_row *row, const fields *f)
{
    begin(row, f, "lookback_fixed");
    set(row, "right", is_put(f));
    set(row, "strike", number(f, "strike"));
    set(row, "window_start_years", number(f, "t1"));
    row->has_formula = 0;
}

/* Continuous arithmetic averages; prices of a partial differential equation. */
static void vecer(option_row *row, const fields *f)
{
    begin(row, f, "asian_arithmetic");
    row->process.spot = number(f, "spot");
    row->process.rate_per_year = number(f, "riskFreeRate");
    row->process.dividend_per_year = 0.0;
    row->process.vol_per_year = number(f, "volatility");
    row->t_years = number(f, "length");
    row->tolerance = number(f, "tolerance");
    set(row, "strike", number(f, "strike"));
    row->n_dates = 48;
    row->has_formula = 0;
}

/* Levy's formula is itself an approximation of the continuous arithmetic average (by a log-normal
 * law of the same two moments): good to one per cent of the price and a hundredth of a per cent of
 * spot. Days of a 360-day year. */
static void levy(option_row *row, const fields *f)
{
    const double length = number(f, "length"), elapsed = number(f, "elapsed");
    begin(row, f, "asian_arithmetic");
    row->process.spot = number(f, "spot");
    row->process.rate_per_year = number(f, "riskFreeRate");
    row->process.dividend_per_year = number(f, "dividendYield");
    row->process.vol_per_year = number(f, "volatility");
    row->t_years = (length - elapsed) / 360.0;
    row->tolerance = 0.01 * row->expected + 1e-4 * row->process.spot;
    set(row, "right", is_put(f));
    set(row, "strike", number(f, "strike"));
    set(row, "past_average", number(f, "currentAverage"));
    set(row, "past_share", elapsed / length);
    row->n_dates = 48;
    row->has_formula = 0;
}

static void forward_start(option_row *row, const fields *f)
{
    begin(row, f, "forward_start");
    set(row, "right", is_put(f));
    set(row, "moneyness", number(f, "moneyness"));
    set(row, "start_years", number(f, "start"));
}

static void forward_performance(option_row *row, const fields *f)
{
    forward_start(row, f);
    set_text(row, "performance", "true");
}

/* ---- the tables ---------------------------------------------------------------------------------
 */

static const struct {
    const char *file, *test;
    void (*read)(option_row *row, const fields *f);
} tables[] = {
    {"digitaloption", "testCashOrNothingEuropeanValues", cash_digital},
    {"digitaloption", "testAssetOrNothingEuropeanValues", asset_digital},
    {"digitaloption", "testCashAtHitOrNothingAmericanValues", cash_at_hit},
    {"digitaloption", "testAssetAtHitOrNothingAmericanValues", asset_at_hit},
    {"digitaloption", "testCashAtExpiryOrNothingAmericanValues", cash_at_expiry},
    {"digitaloption", "testAssetAtExpiryOrNothingAmericanValues", asset_at_expiry},
    {"digitaloption", "testMCCashAtHit", cash_at_hit},
    {"barrieroption", "testHaugValues", barrier},
    {"barrieroption", "testBabsiriValues", babsiri},
    {"barrieroption", "testBeagleholeValues", beaglehole},
    {"asianoptions", "testLevyEngine", levy},
    {"asianoptions", "testVecerEngine", vecer},
    {"lookbackoptions", "testAnalyticContinuousFloatingLookback", lookback_floating},
    {"lookbackoptions", "testAnalyticContinuousFixedLookback", lookback_fixed},
    {"lookbackoptions", "testAnalyticContinuousPartialFloatingLookback", lookback_floating},
    {"lookbackoptions", "testAnalyticContinuousPartialFixedLookback", lookback_fixed_late},
    {"forwardoption", "testValues", forward_start},
    {"forwardoption", "testPerformanceValues", forward_performance},
};

/* Barrier rows with American exercise are another option. */
static int is_ours(const fields *f)
{
    return strcmp(word(f, "exType"), "american") != 0;
}

static int visit_table(const json_t *table, void (*each)(void *, const option_row *), void *payload)
{
    const char *file = json_string_value(json_object_get(table, "file"));
    const char *test = json_string_value(json_object_get(table, "test"));
    int n = 0;
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        if (strstr(file, tables[t].file) == NULL || strcmp(test, tables[t].test) != 0) {
            continue;
        }
        const json_t *rows = json_object_get(table, "rows");
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const fields f = {json_object_get(table, "fields"), json_array_get(rows, i)};
            option_row row = {.tolerance = 0.0};
            if (!is_ours(&f)) {
                continue;
            }
            tables[t].read(&row, &f);
            (void)snprintf(row.label, sizeof(row.label), "%s row %zu", test, i);
            each(payload, &row);
            n++;
        }
    }
    return n;
}

int option_rows_visit(void (*each)(void *payload, const option_row *row), void *payload)
{
    const char *path = shared_path("oracles/quantlib/option_tables.json");
    json_t *all = path != NULL ? json_load_file(path, 0, NULL) : NULL;
    int n = all != NULL ? 0 : -1;
    for (size_t i = 0; i < json_array_size(all); i++) {
        n += visit_table(json_array_get(all, i), each, payload);
    }
    json_decref(all);
    return n;
}
