/* models/feature_adjust.c - prices that go on over splits and dividends.
 *
 * Later prices are multiplied, earlier ones stay: so nothing that is known at a bar depends on what
 * comes after it, which dividing earlier prices would. A dividend d after a close c multiplies by
 * c / (c - d), as if it had been put into the price at that close. */
#include "models/feature_internal.h"

void adjuster_init(price_adjuster *a)
{
    a->price = 1.0;
    a->volume = 1.0;
    a->last_close = 0.0;
}

static fel_status split(price_adjuster *a, const fel_action *action, const char *symbol)
{
    if (!(action->value > 0.0) || !isfinite(action->value)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: a split of %g new shares for an old one; above 0 is "
                         "allowed",
                         symbol, action->value);
    }
    a->price *= action->value;
    a->volume /= action->value;
    a->last_close /= action->value;
    return FEL_OK;
}

/* Before the first bar there is nothing to go on from. */
static fel_status dividend(price_adjuster *a, const fel_action *action, const char *symbol)
{
    if (a->last_close == 0.0) {
        return FEL_OK;
    }
    if (!(action->value >= 0.0) || !(action->value < a->last_close)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: a dividend of %g after a close of %g; from 0 to below "
                         "the close is allowed",
                         symbol, action->value, a->last_close);
    }
    a->price *= a->last_close / (a->last_close - action->value);
    a->last_close -= action->value;
    return FEL_OK;
}

fel_status adjuster_act(price_adjuster *a, const fel_action *action, const char *symbol)
{
    return action->kind == FEL_SPLIT ? split(a, action, symbol) : dividend(a, action, symbol);
}

void adjuster_apply(price_adjuster *a, fel_bar *bar)
{
    a->last_close = bar->close;
    bar->open *= a->price;
    bar->high *= a->price;
    bar->low *= a->price;
    bar->close *= a->price;
    bar->volume *= a->volume;
}
