/* study/study_calibrate_keys.c - the keys of `calibrate`, and of a study that has it. */
#include <math.h>

#include "study/study_internal.h"

#define TEXT(field, kind, required, name, doc)                                                     \
    {                                                                                              \
        name, kind, required, offsetof(study_calibrate, field), 0, 0, NULL, NULL, NULL, doc        \
    }
#define NUMBER(field, name, least, most, fallback, doc)                                            \
    {                                                                                              \
        name, SCHEMA_REAL, 0, offsetof(study_calibrate, field), least, most, NULL, fallback, NULL, \
            doc                                                                                    \
    }
#define WHOLE(field, name, least, most, fallback, doc)                                             \
    {                                                                                              \
        name, SCHEMA_INTEGER, 0, offsetof(study_calibrate, field), least, most, NULL, fallback,    \
            NULL, doc                                                                              \
    }
#define CHOICE(field, name, choices, fallback, doc)                                                \
    {                                                                                              \
        name, SCHEMA_CHOICE, 0, offsetof(study_calibrate, field), 0, 0, choices, fallback, NULL,   \
            doc                                                                                    \
    }
#define SWITCH(field, name, doc)                                                                   \
    {                                                                                              \
        name, SCHEMA_BOOL, 0, offsetof(study_calibrate, field), 0, 0, NULL, "false", NULL, doc     \
    }
#define START(field, name, least, most, doc)                                                       \
    {                                                                                              \
        name, SCHEMA_REAL, 1, offsetof(study_start, field), least, most, NULL, NULL, NULL, doc     \
    }
#define TABLE(rows) .keys = (rows), .n = sizeof(rows) / sizeof((rows)[0])

static const schema_key start_keys[] = {
    START(v0, "v0", 1e-6, 9, "variance a year at the quote date"),
    START(kappa, "kappa", 1e-3, 100, "speed of mean reversion a year"),
    START(theta, "theta", 1e-6, 9, "long-run variance a year"),
    START(xi, "xi", 1e-3, 30, "volatility of variance a year"),
    START(rho, "rho", -0.9999, 0.9999, "correlation of price and variance"),
};
static const schema_map start_map = {TABLE(start_keys), .size = sizeof(study_start)};

static const schema_key calibrate_keys[] = {
    TEXT(chain, SCHEMA_PATH, 1, "chain", "CSV of option quotes, see docs/calibration.md"),
    TEXT(quote_date, SCHEMA_TEXT, 0, "quote_date",
         "day of the quotes; needed where maturities are dates and no column has it"),
    CHOICE(date_format, "date_format", "ymd|dmy|mdy", NULL,
           "order of day, month and year where dates are ambiguous"),
    TEXT(map, SCHEMA_TEXT, 0, "map", "columns by header, such as strike=K,maturity=T,vol=iv"),
    NUMBER(spot, "spot", 1e-12, 1e15, NULL,
           "price of the underlying; absent: a column, or the shortest maturity's forward"),
    NUMBER(rate_per_year, "rate", -10, 10, NULL,
           "continuous, a year; absent: columns, or by put-call parity"),
    NUMBER(dividend_per_year, "dividend", -10, 10, NULL,
           "yield, continuous, a year; absent: columns, or by put-call parity"),
    NUMBER(min_moneyness, "min_moneyness", 0, 1e6, "0", "least strike / forward"),
    NUMBER(max_moneyness, "max_moneyness", 0, 1e6, NULL, "largest strike / forward"),
    NUMBER(min_years, "min_years", 0, 100, "0", "shortest maturity"),
    NUMBER(max_years, "max_years", 0, 100, NULL, "longest maturity"),
    NUMBER(min_vol, "min_vol", 0, 10, "0", "least implied volatility a year"),
    NUMBER(max_vol, "max_vol", 0, 10, NULL, "largest implied volatility a year"),
    SWITCH(otm_only, "otm_only", "only puts below the forward and calls from it on"),
    SWITCH(keep_zero_bid, "keep_zero_bid", "use quotes that nobody bids for"),
    SWITCH(keep_arbitrage, "keep_arbitrage", "do not compare the quotes of neighbouring strikes"),
    SWITCH(prefer_vol, "prefer_vol", "the volatility column counts even where there are prices"),
    CHOICE(objective, "objective", "vol|price|relative_price", "vol",
           "what is compared: volatility points, money, or fractions of the price"),
    CHOICE(weight, "weight", "equal|vega|spread", "equal", "of the quotes' residuals; mean 1"),
    WHOLE(starts, "starts", 1, 1000, "4", "searches from different points"),
    WHOLE(max_iterations, "max_iterations", 1, 100000, "200", "of each search"),
    NUMBER(tolerance, "tolerance", 1e-15, 0.1, "1e-8", "relative, on the parameters"),
    {"start", SCHEMA_MAP, 0, offsetof(study_calibrate, start), 0, 0, NULL, NULL, &start_map,
     "a first point to search from, besides the chain's own"},
};
const schema_map study_calibrate_map = {TABLE(calibrate_keys), .size = sizeof(study_calibrate)};

static const schema_key report_keys[] = {
    {"html", SCHEMA_BOOL, 0, offsetof(study_report, html), 0, 0, NULL, "true", NULL,
     "write report.html"},
};
static const schema_map report_map = {TABLE(report_keys), .size = sizeof(study_report)};

static const schema_key keys[] = {
    {"name", SCHEMA_TEXT, 0, offsetof(study_values, name), 0, 0, NULL, NULL, NULL,
     "of the run and its folder; absent: the file's name"},
    {"seed", SCHEMA_INTEGER, 0, offsetof(study_values, seed), 0, 9007199254740992.0, NULL, "1",
     NULL, "of all random numbers; recorded in the manifest"},
    {"calibrate", SCHEMA_MAP, 1, offsetof(study_values, calibrate), 0, 0, NULL, NULL,
     &study_calibrate_map, "what to fit"},
    {"report", SCHEMA_MAP, 0, offsetof(study_values, report), 0, 0, NULL, NULL, &report_map,
     "what is written"},
};
const schema_map study_calibration_schema = {TABLE(keys), .size = sizeof(study_values)};
