/* tests/unit/reports/hedge_report_fixture.c - see hedge_report_fixture.h. */
#include "tests/unit/reports/hedge_report_fixture.h"

#include <math.h>

#define NONE      ((double)NAN)
#define COUNT(of) (sizeof(of) / sizeof((of)[0]))
#define DAY(n)    ((15000 + (int64_t)(n)) * FEL_NS_PER_DAY + 21 * FEL_NS_PER_HOUR)

/* ---- what was hedged ------------------------------------------------------------------------- */

static const fel_report_parameter heston[] = {
    {"v0", "variance at the start", "variance a year", 0.04, NONE, NONE, NONE, 0},
    {"xi", "volatility of variance", "a year", 0.75, NONE, NONE, NONE, 0},
};
static const fel_hedge_instrument_row instruments[] = {
    {"spot", "spot", "the asset itself", "10 bps of what is traded", "free", 1.0, 100.0},
    {"call_105", "option", "European call, strike 105", "50 bps", NULL, 2.5, 1.2345},
};

/* ---- who hedged ------------------------------------------------------------------------------ */

static const fel_hedge_measure measures[] = {
    {"risk", "risk", "entropic, aversion 1", FEL_UNIT_RATIO, 1, 0},
    {"cost_mean", "cost", "mean over test paths", FEL_UNIT_MONEY, 1, 0},
    {"pnl_mean", "mean P&L", "mean over test paths", FEL_UNIT_MONEY, -1, 0},
    {"pnl_sd", "P&L deviation", "ddof 1", FEL_UNIT_MONEY, 1, 0},
    {"sharpe", "Sharpe", NULL, FEL_UNIT_RATIO, 0, 0},
};
_Static_assert(COUNT(measures) == HEDGE_FIXTURE_MEASURES, "as many as the header says");

static const double kfac_risk[] = {2.625, 2.75, 2.5}, kfac_cost[] = {0.25, 0.5, 0.375};
static const double adam_risk[] = {2.75, 3.0}, adam_cost[] = {0.5, 0.75};
static const fel_hedge_score kfac[] = {
    {2.625, 0.02385, 0.125, kfac_risk}, {0.375, 0.0011, 0.125, kfac_cost},
    {-0.125, NONE, NONE, NULL},         {0.625, NONE, 0.0213, NULL},
    {-0.2, NONE, NONE, NULL},
};
static const fel_hedge_score adam[] = {
    {2.875, 0.025, 0.17677669529663687, adam_risk},
    {0.625, 0.0012, 0.17677669529663687, adam_cost},
    {-0.1875, NONE, NONE, NULL},
    {0.75, NONE, 0.0313, NULL},
    {-0.25, NONE, NONE, NULL},
};
static const fel_hedge_score delta[] = {
    {2.677, 0.031, NONE, NULL}, {0.875, 0.002, NONE, NULL}, {-0.25, 0.01, NONE, NULL},
    {0.5, NONE, NONE, NULL},    {NONE, NONE, NONE, NULL},
};
static const fel_hedge_score oracle[] = {
    {1.5, 0.0285, NONE, NULL},  {0.125, 0.001, NONE, NULL}, {0.0, 0.01, NONE, NULL},
    {0.0625, NONE, NONE, NULL}, {0.5, NONE, NONE, NULL},
};
static const double edges[] = {-2.0, -1.0, 0.0, 1.0};
static const uint64_t counts[][3] = {{1, 3, 4}, {2, 3, 1}, {0, 4, 0}, {0, 2, 2}};
static const double levels[] = {0.01, 0.5, 0.99};
static const double tails[][3] = {
    {-1.75, -0.125, 0.9375}, {-1.9375, -0.25, 1.0}, {-1.5, -0.25, 0.75}, {-1.25, 0.0, 0.5}};
static const fel_hedge_hedger hedgers[] = {
    {.name = "kfac",
     .label = "LSTM 32, K-FAC",
     .text = "lstm of 32 units, 400 steps",
     .is_policy = 1,
     .n_seeds = 3,
     .n_params = 4769,
     .n_steps = 400,
     .train_seconds = 31.25,
     .scores = kfac,
     .bins = {3, edges, counts[0], 0, 4},
     .n_tail = 3,
     .tail = tails[0]},
    {.name = "adam",
     .label = "LSTM 32, Adam",
     .text = "lstm, \"Adam\" <0.01>",
     .is_policy = 1,
     .n_seeds = 2,
     .n_params = 4769,
     .n_steps = 400,
     .train_seconds = NONE,
     .scores = adam,
     .bins = {3, edges, counts[1], 1, 1},
     .n_tail = 3,
     .tail = tails[1]},
    {.name = "black_scholes_delta",
     .label = "Black-Scholes delta",
     .train_seconds = NONE,
     .scores = delta,
     .bins = {3, edges, counts[2], 0, 0},
     .n_tail = 3,
     .tail = tails[2]},
    {.name = "black_scholes_oracle",
     .label = "Black-Scholes, true variance",
     .is_oracle = 1,
     .train_seconds = NONE,
     .scores = oracle,
     .bins = {3, edges, counts[3], 0, 0},
     .n_tail = 3,
     .tail = tails[3]},
};
_Static_assert(COUNT(hedgers) == HEDGE_FIXTURE_HEDGERS, "as many as the header says");

/* ---- who was better -------------------------------------------------------------------------- */

static const fel_hedge_comparison comparisons[] = {
    {0, 1, "equal steps", "cost_relative", "mean cost, relative difference",
     "mean cost of the first over the second's, - 1", FEL_UNIT_FRACTION, -0.4, 0.05, -0.5, -0.3,
     0.0004, -41.25, 0.0625, -0.783},
    {0, 1, "equal steps", "variance_log_ratio", "variance, log ratio", NULL, FEL_UNIT_RATIO,
     -0.36464311358790935, 0.1, -0.6, NONE, 0.25, NONE, NONE, NONE},
    {0, 2, "equal risk", "sharpe_difference", "Sharpe, difference", NULL, FEL_UNIT_RATIO, 0.0426,
     0.01, 0.0238, 0.0614, 0.0313, 3.5, NONE, NONE},
};

/* ---- how they learned ------------------------------------------------------------------------ */

static const double steps[] = {0.0, 100.0, 200.0}, seconds[] = {0.0, 7.8125, 15.625};
static const double losses[] = {4.125, 2.75, 2.625}, risks[] = {4.25, 2.875, NONE};
static const double costs[] = {0.0, 0.5, 0.375}, deviations[] = {2.5, 0.75, 0.625};
static const double damping[] = {0.1, 0.01, 0.001};
static const fel_hedge_curve_line curves[] = {
    {0, 0, 3, steps, seconds, losses, risks, costs, deviations, damping},
    {1, 1, 2, steps, NULL, NULL, losses, NULL, NULL, NULL},
};
static const fel_hedge_trial trials[] = {
    {0, "learning_rate=0.01", 2.65, 0.0238, 1, 0},
    {0, "learning_rate=0.1", NONE, NONE, 0, 0},
};
static const double eigenvalues[] = {21.5, 1.25, 0.00238}, slopes[] = {0.5, 0.0};
static const fel_hedge_spectrum spectra[] = {
    {0, "lstm0.weight", "inputs", 3, eigenvalues, 0.0042},
    {0, "lstm0.weight", "slopes", 2, slopes, 0.0042},
};

/* ---- what they do ---------------------------------------------------------------------------- */

static const double spots[] = {90.0, 100.0, 110.0}, left_years[] = {0.08, 0.04};
static const double kfac_surface[] = {0.125, 0.5, 0.9375, 0.0625, NONE, 1.0};
static const double delta_surface[] = {0.1875, 0.5, 0.875, 0.125, 0.5, 0.9375};
static const fel_hedge_surface surfaces[] = {
    {"kfac", "LSTM 32, K-FAC", "first seed", 0, kfac_surface},
    {"black_scholes_delta", "Black-Scholes delta", NULL, 0, delta_surface},
};
static const double sample_spot[] = {100.0, 101.5, 99.25, 102.0};
static const double sample_variance[] = {0.04, 0.05, 0.045, 0.0385};
static const double positions[] = {
    0.5,  0.625, 0.375,  0.125, 0.25, 0.0625, /* kfac: spot, call_105 */
    0.5,  0.75,  0.25,   0.0,   0.0,  0.0,    /* adam */
    0.53, 0.61,  0.4375, 0.0,   0.0,  0.0,    /* delta */
    NONE, NONE,  NONE,   NONE,  NONE, NONE,   /* the oracle was not run */
};
static const double sample_pnl[] = {-0.125, -0.1875, -0.25, NONE};
static const fel_hedge_sample samples[] = {
    {2199023255555, "median P&L of kfac", sample_spot, sample_variance, positions, sample_pnl}};
static const fel_hedge_frontier frontier[] = {
    {0, "cost_factor=2", 2.0, 0.25, 0.0011, 0.6875, 0.47265625, 2.65, 0, 0},
    {2, NULL, NONE, 0.875, NONE, 0.5, 0.25, 2.677, 1, 0},
};
static const double life_pnl[][4] = {{0.0125, 0.01, -0.0025, NONE},
                                     {-0.0375, -0.02, -0.0325, NONE}};
static const double life_cost[] = {0.001, 0.00125, 0.002, NONE};
static const fel_hedge_life lives[] = {
    {DAY(0), DAY(30), 1300.0, 1300.0, 26.5, 0.1785, life_pnl[0], life_cost},
    {DAY(30), DAY(60), 1312.5, 1312.5, 27.25, NONE, life_pnl[1], NULL},
};

static const fel_report_pair parameters[] = {{"hedge.claim", "european call strike=100"}};
static const fel_report_pair manifest[] = {{"version", "0.0.0"}, {"seed", "2385"}};
static const fel_report_pair notes[] = {{"note", "made <by> hand & \"small\""}};

static void fill_parts(fel_hedge_report *r)
{
    r->comparisons = comparisons;
    r->n_comparisons = COUNT(comparisons);
    r->claims_heading = "Numbers of another study: its configuration is not published.";
    r->conclusion = "K-FAC trades less at the same risk.";
    r->curves = curves;
    r->n_curves = COUNT(curves);
    r->trials = trials;
    r->n_trials = COUNT(trials);
    r->spectra = spectra;
    r->n_spectra = COUNT(spectra);
    r->surface_spots = spots;
    r->n_spots = COUNT(spots);
    r->surface_left_years = left_years;
    r->n_times = COUNT(left_years);
    r->surfaces = surfaces;
    r->n_surfaces = COUNT(surfaces);
    r->samples = samples;
    r->n_samples = COUNT(samples);
    r->frontier = frontier;
    r->n_frontier = COUNT(frontier);
    r->lives = lives;
    r->n_lives = COUNT(lives);
    r->lives_text = "One-month calls on closes; premium by the model of the quote date.";
}

fel_hedge_report hedge_report_fixture(void)
{
    fel_hedge_report r = fel_hedge_report_default();
    r.is_interrupted = 1;
    r.title = "a short call";
    r.currency = "USD";
    r.seed = 2385;
    r.n_paths = 4;
    r.n_dates = 3;
    r.horizon_years = 0.12;
    r.market_text = "Heston, qe_m, 3 dates of 0.04 years";
    r.claim_text = "sold: 1 european call strike 100";
    r.premium_text = "1.6917, Fourier";
    r.risk_text = "entropic aversion=1";
    r.features_text = "log_moneyness, previous_position";
    r.premium = 1.6917;
    r.process.asset = "spot";
    r.process.name = "heston";
    r.process.parameters = heston;
    r.process.n_parameters = COUNT(heston);
    r.process.feller_margin = -0.4425;
    r.process.variance_degrees = 0.4266666666666667;
    r.instruments = instruments;
    r.n_instruments = COUNT(instruments);
    r.measures = measures;
    r.n_measures = COUNT(measures);
    r.tail_levels = levels;
    r.n_tail_levels = COUNT(levels);
    r.hedgers = hedgers;
    r.n_hedgers = COUNT(hedgers);
    r.parameters = parameters;
    r.n_parameters = COUNT(parameters);
    r.manifest = manifest;
    r.n_manifest = COUNT(manifest);
    r.notes = notes;
    r.n_notes = COUNT(notes);
    fill_parts(&r);
    return r;
}
