/* study/study_hedging_keys.c - the keys of a study that has `hedge`: the problem. */
#include <stddef.h>

#include "study/study_internal.h"

#define KEY(type, kind, required, field, name, fallback, doc)                                      \
    {                                                                                              \
        name, kind, required, offsetof(type, field), 0, 0, NULL, fallback, NULL, doc               \
    }
#define NUMBER(type, kind, field, name, least, most, fallback, doc)                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), least, most, NULL, fallback, NULL, doc               \
    }
#define CHOICE(type, kind, field, name, words, fallback, doc)                                      \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), 0, 0, words, fallback, NULL, doc                     \
    }
#define PART(type, kind, required, field, name, part, doc)                                         \
    {                                                                                              \
        name, kind, required, offsetof(type, field), 0, 0, NULL, NULL, part, doc                   \
    }
#define TABLE(rows) .keys = (rows), .n = sizeof(rows) / sizeof((rows)[0])

/* ---- market ---------------------------------------------------------------------------------- */

static const schema_key market_keys[] = {
    KEY(study_hedge_market, SCHEMA_TEXT, 0, simulate, "simulate", NULL,
        "a process, see feller list processes; its parameters stand beside"),
    PART(study_hedge_market, SCHEMA_MAP, 0, calibrate, "calibrate", &study_calibrate_map,
         "Heston as fitted to this chain"),
    KEY(study_hedge_market, SCHEMA_PATH, 0, bootstrap, "bootstrap", NULL,
        "CSV of bars one date apart, whose log returns are drawn again in blocks"),
    KEY(study_hedge_market, SCHEMA_PATH, 0, paths, "paths", NULL,
        "HDF5 file of paths as feller simulate writes them: taken as they are"),
    CHOICE(study_hedge_market, SCHEMA_CHOICE, scheme, "scheme",
           "euler|milstein|qe|qe_m|exact_variance|exact", "qe_m", "of simulated paths"),
    NUMBER(study_hedge_market, SCHEMA_INTEGER, substeps, "substeps", 1, 10000, "1",
           "steps of the scheme from one date to the next"),
    NUMBER(study_hedge_market, SCHEMA_REAL, drift_per_year, "drift_per_year", -10, 10, NULL,
           "of the price, instead of that of the pricing measure"),
    CHOICE(study_hedge_market, SCHEMA_CHOICE, method, "method", "stationary|block", "stationary",
           "of the bootstrap"),
    NUMBER(study_hedge_market, SCHEMA_REAL, block_dates, "block_dates", 1, 1e6, "20",
           "mean length of a bootstrap's blocks"),
};

static fel_status begin_market(const schema_reader *reader, const tree_node *node, const char *path,
                               void *out)
{
    study_hedge_market *self = out;
    self->has_calibrate = tree_child(node, "calibrate") != NULL;
    if (self->simulate == NULL) {
        return FEL_OK;
    }
    if (fel_process_find(self->simulate, &self->process) != FEL_OK) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, "simulate", name, sizeof(name));
        return schema_raise(FEL_ERR_NOTFOUND, tree_child(node, "simulate")->mark, name, "%s",
                            fel_last_error()->message);
    }
    self->process_params = arena_array(reader->memory, self->process->n_params, sizeof(double));
    if (self->process_params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a process's parameters");
    }
    fel_param_defaults(self->process->params, self->process->n_params, self->process_params);
    return FEL_OK;
}

static size_t market_names(const void *out, const char **names, size_t n_max)
{
    const study_hedge_market *self = out;
    size_t n = 0;
    for (; self->process != NULL && n < self->process->n_params && n < n_max; n++) {
        names[n] = self->process->params[n].name;
    }
    if (self->process == NULL && n < n_max) {
        names[n++] = "spot";
    }
    return n;
}

static fel_status read_market_param(const schema_reader *reader, const tree_node *value,
                                    const char *path, void *out)
{
    study_hedge_market *self = out;
    static const fel_param_spec spot = {"spot", FEL_PARAM_REAL,   100.0, 1e-12, 1e15,
                                        NULL,   "price at date 0"};
    size_t index = 0;
    (void)reader;
    if (self->process == NULL) {
        return schema_read_param(&spot, value, path, &self->spot);
    }
    FEL_TRY(fel_param_find(self->process->params, self->process->n_params, value->key, &index));
    return schema_read_param(&self->process->params[index], value, path,
                             &self->process_params[index]);
}

static fel_status check_market(const tree_node *node, const char *path, const void *out)
{
    const study_hedge_market *self = out;
    const int n = (self->simulate != NULL) + self->has_calibrate + (self->bootstrap != NULL) +
                  (self->paths != NULL);
    return n == 1 ? FEL_OK
                  : schema_raise(FEL_ERR_FORMAT, node->mark, path,
                                 "give one of simulate, calibrate, bootstrap, paths");
}

static const schema_extra market_extra = {begin_market, market_names, read_market_param};
static const schema_map market_map = {TABLE(market_keys), .size = sizeof(study_hedge_market),
                                      .extra = &market_extra, .check = check_market};

/* ---- claims and instruments ------------------------------------------------------------------ */

static const schema_key claim_keys[] = {
    CHOICE(study_hedge_claim, SCHEMA_NAMED, payoff, "payoff", "payoff", NULL,
           "what is paid at the last date, see feller list payoffs: {european: {right: call, "
           "strike: 100}}"),
    NUMBER(study_hedge_claim, SCHEMA_REAL, quantity, "quantity", -1e12, 1e12, "1",
           "so many of it; below 0: the other side"),
};
static const schema_map claim_map = {TABLE(claim_keys), .size = sizeof(study_hedge_claim)};

#define OF_INSTRUMENT(field, name, least, most, fallback, doc)                                     \
    NUMBER(study_hedge_instrument, SCHEMA_REAL, field, name, least, most, fallback, doc)
static const schema_key instrument_keys[] = {
    CHOICE(study_hedge_instrument, SCHEMA_CHOICE, kind, "kind", "spot|option|variance_swap", "spot",
           "what is traded"),
    KEY(study_hedge_instrument, SCHEMA_TEXT, 0, name, "name", NULL, "absent: the kind"),
    CHOICE(study_hedge_instrument, SCHEMA_CHOICE, right, "right", "call|put", "call", "of options"),
    OF_INSTRUMENT(strike, "strike", 1e-12, 1e15, NULL, "of options"),
    OF_INSTRUMENT(expiry_years, "expiry_years", 0, 100, "0", "of options; 0: the last date"),
    OF_INSTRUMENT(vol_per_year, "vol_per_year", 0, 100, NULL,
                  "that quotes options of a market without a model"),
    OF_INSTRUMENT(min_position, "min_position", -1e15, 1e15, NULL,
                  "units; 0: no short; absent: any"),
    OF_INSTRUMENT(max_position, "max_position", -1e15, 1e15, NULL, "units; absent: any"),
    OF_INSTRUMENT(unit, "unit", 0, 1e15, "0",
                  "units that a network's output of 1 is; 0: what moves as the spot does"),
    OF_INSTRUMENT(proportional_bps, "proportional_bps", 0, 1e6, "0",
                  "basis points of the traded value; variance swap: of vega notional"),
    OF_INSTRUMENT(per_unit, "per_unit", 0, 1e12, "0", "money a unit"),
    OF_INSTRUMENT(fixed, "fixed", 0, 1e12, "0", "money a trade"),
    OF_INSTRUMENT(fixed_width, "fixed_width", 0, 1e12, "0",
                  "units over which training smooths the fixed cost"),
    OF_INSTRUMENT(quadratic_bps, "quadratic_bps", 0, 1e6, "0",
                  "basis points of price x units squared: impact"),
};
static const schema_map instrument_map = {TABLE(instrument_keys),
                                          .size = sizeof(study_hedge_instrument)};

/* ---- hedge ----------------------------------------------------------------------------------- */

static const schema_key hedge_keys[] = {
    PART(study_hedge, SCHEMA_MAP, 1, market, "market", &market_map, "where paths come from"),
    CHOICE(study_hedge, SCHEMA_CHOICE, side, "side", "sold|bought", "sold",
           "of the claims: sold ones are paid for at first and settled at last"),
    PART(study_hedge, SCHEMA_LIST, 1, claims, "claims", &claim_map, "what is hedged"),
    NUMBER(study_hedge, SCHEMA_REAL, premium, "premium", 0, 1e15, NULL,
           "money at date 0 for all claims; absent: the model's price"),
    {"horizon_years", SCHEMA_REAL, 1, offsetof(study_hedge, horizon_years), 1e-6, 100, NULL, NULL,
     NULL, "time of the last date, at which claims are settled"},
    {"dates", SCHEMA_INTEGER, 1, offsetof(study_hedge, dates), 1, 10000, NULL, NULL, NULL,
     "times at which positions are chosen, equally spaced from 0 on"},
    PART(study_hedge, SCHEMA_LIST, 0, instruments, "instruments", &instrument_map,
         "what may be traded; absent: spot without costs"),
    KEY(study_hedge, SCHEMA_BOOL, 0, unwind, "unwind", "true",
        "closing positions at the last date costs"),
    NUMBER(study_hedge, SCHEMA_REAL, rate_per_year, "rate_per_year", -5, 5, NULL,
           "of cash, continuous; absent: the process's"),
    NUMBER(study_hedge, SCHEMA_REAL, reference_vol, "reference_vol", 0, 100, NULL,
           "volatility of rules and features; absent: implied by the model's price"),
    CHOICE(study_hedge, SCHEMA_NAMES, features, "features", "hedge_feature", NULL,
           "what a network is told, see feller list hedge_features; absent: log_moneyness, "
           "time_to_maturity, volatility, previous_position"),
    CHOICE(study_hedge, SCHEMA_NAMED, risk, "risk", "risk", "entropic",
           "of the P&L, see feller list risks: what training makes small"),
    CHOICE(study_hedge, SCHEMA_NAMES, rules, "rules", "hedge_rule", NULL,
           "hedges that are not trained, see feller list hedge_rules; absent: none and "
           "black_scholes_delta"),
};
const schema_map study_hedge_map = {TABLE(hedge_keys), .size = sizeof(study_hedge)};
