/* feller/strategies.h - the strategies that are built into the library, by name. */
#ifndef FEL_STRATEGIES_H
#define FEL_STRATEGIES_H

#include <feller/strategy.h>

FEL_BEGIN_DECLS

/* All of them, sorted by name; static storage. n may be NULL. */
FEL_API const fel_strategy *const *fel_strategy_builtins(size_t *n);

/* The one of that name; ERR_NOTFOUND suggests the nearest. *out has static storage. */
FEL_API FEL_NODISCARD fel_status fel_strategy_find(const char *name, const fel_strategy **out);

FEL_END_DECLS
#endif
