/* strategies/builtins.c - the list of built-in strategies; the only file here that is no strategy.
 */
#include <string.h>

#include <feller/strategies.h>

#include "core/nearest.h"

/* Sorted by name. */
#define BUILTIN_LIST(X)                                                                            \
    X(buy_and_hold)                                                                                \
    X(cross_sectional_momentum)                                                                    \
    X(donchian_breakout)                                                                           \
    X(forecast_sign)                                                                               \
    X(hedge)                                                                                       \
    X(pairs)                                                                                       \
    X(rebalance)                                                                                   \
    X(rsi_reversion)                                                                               \
    X(signals)                                                                                     \
    X(sma_cross)                                                                                   \
    X(volatility_target)

#define BUILTIN_DECLARE(name) extern const fel_strategy fel_strategy_##name;
BUILTIN_LIST(BUILTIN_DECLARE)

#define BUILTIN_ADDRESS(name) &fel_strategy_##name,
static const fel_strategy *const builtins[] = {BUILTIN_LIST(BUILTIN_ADDRESS)};

#define BUILTIN_NAME(name) #name,
static const char *const builtin_names[] = {BUILTIN_LIST(BUILTIN_NAME)};

enum { N_BUILTINS = sizeof(builtins) / sizeof(builtins[0]) };

const fel_strategy *const *fel_strategy_builtins(size_t *n)
{
    if (n != NULL) {
        *n = N_BUILTINS;
    }
    return builtins;
}

fel_status fel_strategy_find(const char *name, const fel_strategy **out)
{
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (strcmp(name, builtin_names[i]) == 0) {
            *out = builtins[i];
            return FEL_OK;
        }
    }
    const size_t nearest = nearest_name(name, builtin_names, N_BUILTINS);
    if (nearest < N_BUILTINS) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no strategy is called \"%s\"; did you mean %s?", name,
                         builtin_names[nearest]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no strategy is called \"%s\" (feller list strategies)",
                     name);
}
