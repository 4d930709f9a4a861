/* tests/unit/reports/simulation_fixture.c - see simulation_fixture.h. */
#include "tests/unit/reports/simulation_fixture.h"

#include <math.h>

#define NONE      ((double)NAN)
#define COUNT(of) (sizeof(of) / sizeof((of)[0]))
#define DAY(n)    ((18262 + (int64_t)(n)) * FEL_NS_PER_DAY + 21 * FEL_NS_PER_HOUR)

/* ---- Monte Carlo ----------------------------------------------------------------------------- */

static const fel_report_parameter heston[] = {
    {"spot", "price at the start", "", 100.0, NONE, NONE, NONE, 0},
    {"v0", "variance at the start", "variance a year", 0.04, NONE, NONE, NONE, 0},
    {"kappa", "speed of mean reversion", "a year", 1.5, NONE, NONE, NONE, 0},
    {"theta", "long-run variance", "variance a year", 0.04, NONE, NONE, NONE, 0},
    {"xi", "volatility of variance", "a year", 0.75, NONE, NONE, NONE, 0},
    {"rho", "correlation of price and variance", "", -0.7, NONE, NONE, NONE, 0},
};
static const fel_report_process processes[] = {
    {"SIM", "heston", "qe_m, 4 steps a bar", heston, COUNT(heston), -0.4425, 0.4266666666666667},
    {"BOND", "gbm", "exact", NULL, 0, NONE, NONE},
};
static const char *const drivers[] = {"SIM price", "SIM variance", "BOND"};
static const double correlation[] = {1.0, -0.7, 0.25, -0.7, 1.0, 0.0, 0.25, 0.0, 1.0};

static const double finals[] = {104000.0, 91000.0, 121500.0, 99500.0};
static const double returns[] = {0.04, -0.09, 0.215, -0.005};
static const double sharpes[] = {0.385, -1.25, 2.385, NONE};
static const fel_report_quantile equity_quantiles[] = {
    {0.05, 91000.0, NONE, NONE}, {0.5, 101750.0, 91000.0, 121500.0}, {0.95, 121500.0, NONE, NONE}};
static const fel_report_quantile return_quantiles[] = {
    {0.05, -0.09, NONE, NONE}, {0.5, 0.0175, -0.09, 0.215}, {0.95, 0.215, NONE, NONE}};
static const fel_report_quantile sharpe_quantiles[] = {{0.5, 0.385, -1.25, 2.385}};
static const double edges[] = {90000.0, 100000.0, 110000.0, 120000.0};
static const uint64_t counts[] = {2, 1, 0};

static const fel_report_distribution distributions[] = {
    {.name = "final_equity",
     .label = "Final equity",
     .convention = "at the last bar, after all costs",
     .unit = FEL_UNIT_MONEY,
     .n = 4,
     .mean = 104000.0,
     .mean_error = 6425.859216219,
     .deviation = 12851.718432438,
     .min = 91000.0,
     .max = 121500.0,
     .quantiles = equity_quantiles,
     .n_quantiles = COUNT(equity_quantiles),
     .bins = {3, edges, counts, 0, 1},
     .benchmark_mean = 105250.0,
     .benchmark_error = 7100.5,
     .values = finals},
    {.name = "total_return",
     .label = "Total return",
     .convention = "final equity / initial cash - 1",
     .unit = FEL_UNIT_FRACTION,
     .n = 4,
     .mean = 0.04,
     .mean_error = 0.06425859216219,
     .deviation = 0.12851718432438,
     .min = -0.09,
     .max = 0.215,
     .quantiles = return_quantiles,
     .n_quantiles = COUNT(return_quantiles),
     .benchmark_mean = 0.0525,
     .benchmark_error = 0.071005,
     .values = returns},
    {.name = "sharpe_ratio",
     .label = "Sharpe ratio",
     .convention = "mean excess return / sd (ddof 1) x sqrt(periods a year)",
     .unit = FEL_UNIT_RATIO,
     .n = 3,
     .mean = 0.50666666666666667,
     .mean_error = 1.0510960,
     .deviation = 1.8205517,
     .min = -1.25,
     .max = 2.385,
     .quantiles = sharpe_quantiles,
     .n_quantiles = COUNT(sharpe_quantiles),
     .benchmark_mean = NONE,
     .benchmark_error = NONE,
     .values = sharpes},
    {.name = "n_trades",
     .label = "Trades",
     .unit = FEL_UNIT_COUNT,
     .n = 4,
     .mean = 17.25,
     .mean_error = 0.85,
     .deviation = 1.7,
     .min = 15.0,
     .max = 19.0,
     .benchmark_mean = NONE,
     .benchmark_error = NONE},
};
static const fel_report_probability probabilities[] = {
    {"loss", "final equity below the initial cash", 0.5, 0.15, 0.85, 2, 4}};

static const int64_t days[] = {DAY(0), DAY(1), DAY(2)};
static const double levels[] = {0.05, 0.5, 0.95};
static const double fan[] = {100000.0, 95500.0,  91000.0,  100000.0, 100250.0,
                             101750.0, 100000.0, 111000.0, 121500.0};
static const double fan_low[] = {100000.0, NONE,     NONE,     100000.0, 95500.0,
                                 91000.0,  100000.0, 100250.0, 101750.0};
static const double fan_high[] = {100000.0, 100250.0, 101750.0, 100000.0, 111000.0,
                                  121500.0, 100000.0, NONE,     NONE};
static const double fan_mean[] = {100000.0, 101750.5, 104000.0};
static const double fan_error[] = {0.0, 3208.0, 6425.859216219};
static const fel_report_fan fans[] = {
    {"sma_cross", 3, levels, fan, fan_low, fan_high, fan_mean, fan_error},
    {"buy and hold", 3, levels, fan, NULL, NULL, NULL, NULL},
};
static const double best_equity[] = {100000.0, 111000.0, 121500.0};
static const double some_equity[] = {100000.0, 101500.0, 104000.0};
static const fel_report_path paths[] = {
    {7, "best final equity", 121500.0, 0.215, 2.385, -0.0125, 17,
     "feller run study.yaml --set montecarlo.path=7", best_equity},
    {5, "worst final equity", 91000.0, -0.09, -1.25, -0.0941, 19,
     "feller run study.yaml --set montecarlo.path=5", NULL},
    {4, "", 104000.0, 0.04, 0.385, -0.02, 18, "", some_equity},
};
static const uint64_t indices[] = {4, 5, 7, 8};
static const fel_report_pair parameters[] = {{"strategy.fast_bars", "10"}, {"costs.fee_bps", "1"}};
static const fel_report_pair manifest[] = {{"version", "0.0.0"},
                                           {"study hash", "0123456789abcdef"}};
static const fel_report_pair notes[] = {{"note", "made <by> hand & \"small\""}};

fel_montecarlo_report montecarlo_fixture(void)
{
    fel_montecarlo_report r = fel_montecarlo_report_default();
    r.flags = FEL_FLAG_STOPPED | FEL_FLAG_SAME_CLOSE;
    r.title = "four paths";
    r.strategy_name = "sma_cross";
    r.benchmark_name = "buy and hold";
    r.currency = "USD";
    r.seed = 2385;
    r.n_paths = 4;
    r.n_paths_asked = 10;
    r.n_paths_ruined = 1;
    r.path_indices = indices;
    r.initial_cash = 100000.0;
    r.risk_free_per_year = 0.02;
    r.data = "Heston paths of 2 daily bars, 4 steps a bar, qe_m";
    r.strategy_text = "fast_bars=10 slow_bars=50, orders fill at the close of the decision";
    r.costs_text = "fee 1 bps";
    r.processes = processes;
    r.n_processes = COUNT(processes);
    r.drivers = drivers;
    r.correlation = correlation;
    r.n_drivers = COUNT(drivers);
    r.distributions = distributions;
    r.n_distributions = COUNT(distributions);
    r.probabilities = probabilities;
    r.n_probabilities = COUNT(probabilities);
    r.time_ns = days;
    r.n_times = COUNT(days);
    r.fans = fans;
    r.n_fans = COUNT(fans);
    r.paths = paths;
    r.n_paths_listed = COUNT(paths);
    r.parameters = parameters;
    r.n_parameters = COUNT(parameters);
    r.manifest = manifest;
    r.n_manifest = COUNT(manifest);
    r.notes = notes;
    r.n_notes = COUNT(notes);
    return r;
}

/* ---- calibration ----------------------------------------------------------------------------- */

static const fel_report_parameter fitted[] = {
    {"v0", "variance at the start", "variance a year", 0.02385, 0.0004, 1e-6, 4.0, 0},
    {"kappa", "speed of mean reversion", "a year", 50.0, 8.25, 1e-6, 50.0, 1},
    {"theta", "long-run variance", "variance a year", 0.0671, 0.002, 1e-6, 4.0, 0},
    {"xi", "volatility of variance", "a year", 0.75, 0.04, 1e-6, 10.0, 0},
    {"rho", "correlation of price and variance", "", -0.7402, 0.011, -1.0, 1.0, 0},
};
/* Residuals in volatility points: -1 2 0.5, then 3 and one without a model volatility. */
static const fel_calibration_quote quotes[] = {
    {2, 1, 0.25, 90.0, 101.0, 0.995, 0.24, 0.235, 0.245, 0.23, 1.25, 1.125, -1.0, 1.0},
    {3, 1, 0.25, 100.0, 101.0, 0.995, 0.2, 0.195, 0.225, 0.22, 3.5, 3.75, 2.0, 1.0},
    {5, 0, 0.25, 104.0, 101.0, 0.995, 0.18, NONE, NONE, 0.185, 2.5, 2.5625, 0.5, 1.0},
    {8, 0, 1.0, 100.0, 104.0, 0.98, 0.21, 0.2, 0.25, 0.24, NONE, NONE, 3.0, 1.0},
    {9, 0, 1.0, 160.0, 104.0, 0.98, 0.19, 0.18, 0.2, NONE, NONE, NONE, NONE, 1.0},
};
static const double curve_strikes[] = {90.0, 97.0, 104.0}, curve_vols[] = {0.23, 0.2225, 0.185};
static const fel_calibration_curve curves[] = {{0.25, 3, curve_strikes, curve_vols}};
static const double ends[] = {0.02385, 50.0, 0.0671, 0.75, -0.7402};
static const fel_calibration_start starts[] = {{ends, 14.25, 23, 1, "converged"},
                                               {NULL, 28.5, 200, 0, "out of iterations"}};
static const fel_calibration_refusal refusals[] = {
    {"zero_bid", "nobody bids", "row 4: bid is 0; it must be above 0", 2},
    {"crossed", "", "row 7: bid 3.2 is above ask 3.1", 1},
};

fel_calibration_report calibration_fixture(void)
{
    fel_calibration_report r = fel_calibration_report_default();
    r.is_interrupted = 1;
    r.title = "five quotes";
    r.chain = "chain.csv: 2011-01-24, forwards by put-call parity";
    r.model = "heston";
    r.objective = "implied volatility";
    r.objective_unit = "squared volatility points";
    r.residual_unit = "volatility points";
    r.weight = "equal";
    r.spot = 100.5;
    r.process.asset = "SPX";
    r.process.name = "heston";
    r.process.summary = "fitted under the pricing measure";
    r.process.parameters = fitted;
    r.process.n_parameters = COUNT(fitted);
    r.process.feller_margin = 6.1475;
    r.process.variance_degrees = 23.857777777777777;
    r.sum_of_squares = 14.25;
    r.rmse = r.rmse_vol_points = 1.8874586088176875;
    r.condition = 2.5e6;
    r.n_starts = 8;
    r.n_agreeing = 1;
    r.n_iterations = 23;
    r.n_evaluations = 212;
    r.seed = 3;
    r.n_rows = 8;
    r.refusals = refusals;
    r.n_refusals = COUNT(refusals);
    r.quotes = quotes;
    r.n_quotes = COUNT(quotes);
    r.curves = curves;
    r.n_curves = COUNT(curves);
    r.starts = starts;
    r.n_starts_listed = COUNT(starts);
    r.parameters = parameters;
    r.n_parameters = COUNT(parameters);
    r.manifest = manifest;
    r.n_manifest = COUNT(manifest);
    r.notes = notes;
    r.n_notes = COUNT(notes);
    return r;
}
