/* cli/list_internal.h - the lists of `feller list` as JSON: [{name, summary, parameters: [...]}].
 */
#ifndef FEL_CLI_LIST_INTERNAL_H
#define FEL_CLI_LIST_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/list_internal.h belongs to cli/"
#endif

#include <jansson.h>

#include <feller/strategy.h>

/* NULL when memory is out; the caller's. */
json_t *list_strategies(void);
json_t *list_costs(void);
json_t *list_metrics(void);
json_t *list_trip_metrics(void);
json_t *list_holding_metrics(void);
json_t *list_losses(void);
json_t *list_risks(void);
json_t *list_models(void);
json_t *list_optimizers(void);
json_t *list_schedules(void);
json_t *list_features(void);
json_t *list_indicators(void);
json_t *list_targets(void);
json_t *list_scales(void);
json_t *list_layouts(void);
json_t *list_rules(void);
json_t *list_keys(void);
json_t *list_processes(void);
json_t *list_schemes(void);
json_t *list_payoffs(void);
json_t *list_hedge_features(void);
json_t *list_hedge_rules(void);

/* [{name, type, default, doc}] */
json_t *list_params(const fel_param_spec *specs, size_t n);

#endif
