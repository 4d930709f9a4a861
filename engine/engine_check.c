/* engine/engine_check.c - settings that make no sense are refused before anything runs. */
#include <math.h>

#include "engine/engine_internal.h"

static fel_status check_costs(const fel_cost *costs, int want_fee, const char *what)
{
    for (int k = 0; k < FEL_MAX_COSTS && costs[k].code != NULL; k++) {
        const fel_cost_class *code = costs[k].code;
        if ((code->fee != NULL) != want_fee) {
            return FEL_RAISE(FEL_ERR_ARG, "%s is no %s model", code->name, what);
        }
        for (size_t p = 0; p < code->n_params; p++) {
            FEL_TRY(fel_param_check(&code->params[p], costs[k].params[p]));
        }
    }
    return FEL_OK;
}

static fel_status check_rules(const fel_engine_config *c)
{
    const struct {
        const char *name;
        unsigned value, n;
    } rules[] = {{"fill", c->fill, 2},
                 {"path", c->path, 4},
                 {"limit", c->limit, 2},
                 {"trail", c->trail, 2},
                 {"sizing", c->sizing, 2},
                 {"cash_short", c->cash_short, 3},
                 {"off_grid", c->off_grid, 2},
                 {"end_of_data", c->end_of_data, 2},
                 {"record", c->record, 3},
                 {"cash_check", c->cash_check, 2},
                 {"slip_range", c->slip_range, 2},
                 {"on_drawdown", c->risk.on_drawdown, 2}};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].value >= rules[i].n) {
            return FEL_RAISE(FEL_ERR_ARG, "%s = %u; it lies in 0 .. %u", rules[i].name,
                             rules[i].value, rules[i].n - 1);
        }
    }
    return c->cash_check == FEL_CASH_AT_SUBMISSION && c->cash_short != FEL_CASH_REJECT
               ? FEL_RAISE(FEL_ERR_ARG, "cash_check at_submission needs cash_short reject")
               : FEL_OK;
}

/* A fraction a year. */
static int is_rate(double rate)
{
    return rate >= -1.0 && rate <= 10.0;
}

static fel_status check_queue(const fel_engine_config *c)
{
    if ((unsigned)c->queue > FEL_QUEUE_OPTIMISTIC ||
        !(c->queue_power > 0.0 && c->queue_power <= 16.0)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "queue = %d, queue_power = %g; rules are 0 to 2, powers in (0, 16]",
                         (int)c->queue, c->queue_power);
    }
    return FEL_OK;
}

fel_status engine_check_config(const fel_engine_config *c)
{
    if (c->struct_size != sizeof(*c)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "engine configuration of %u bytes, not %zu: start from "
                         "fel_engine_config_default()",
                         c->struct_size, sizeof(*c));
    }
    if (!(c->cash > 0.0) || !isfinite(c->cash)) {
        return FEL_RAISE(FEL_ERR_RANGE, "cash = %g; it must be positive", c->cash);
    }
    if (!is_rate(c->cash_rate_per_year) || !is_rate(c->debit_rate_per_year)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "cash_rate = %g, debit_rate = %g; a year's rate lies in [-1, 10]",
                         c->cash_rate_per_year, c->debit_rate_per_year);
    }
    if (!(c->volume_limit >= 0.0 && c->volume_limit <= 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "volume_limit = %g; a share lies in [0, 1]",
                         c->volume_limit);
    }
    if (!(c->fee_minimum >= 0.0) || !isfinite(c->fee_minimum)) {
        return FEL_RAISE(FEL_ERR_RANGE, "fee_minimum = %g; it must not be negative",
                         c->fee_minimum);
    }
    if (c->fill == FEL_FILL_SAME_CLOSE && c->sizing == FEL_SIZE_AT_DECISION &&
        c->fees[0].code != NULL && c->fees[0].code->needs_weights) {
        return FEL_RAISE(FEL_ERR_ARG, "fee model %s needs sizing at_fill", c->fees[0].code->name);
    }
    FEL_TRY(check_queue(c));
    FEL_TRY(risk_check(&c->risk));
    FEL_TRY(account_check(&c->account));
    FEL_TRY(check_rules(c));
    FEL_TRY(check_costs(c->fees, 1, "fee"));
    return check_costs(c->slippage, 0, "slippage");
}

fel_status engine_check_strategy(const fel_strategy *s)
{
    if (s->struct_size != sizeof(*s)) {
        return FEL_RAISE(FEL_ERR_ABI, "strategy table of %u bytes, not %zu", s->struct_size,
                         sizeof(*s));
    }
    return FEL_OK;
}
