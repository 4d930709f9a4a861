/* cli/list_sim.c - processes, schemes and payoffs as JSON, from the simulator's tables. */
#include <jansson.h>
#include <string.h>

#include <feller/montecarlo.h>
#include <feller/paths.h>
#include <feller/process.h>

#include "cli/list_internal.h"

json_t *list_processes(void)
{
    size_t n = 0;
    const fel_process_class *const *all = fel_process_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", all[i]->name,
                                                    "summary", all[i]->summary, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_schemes(void)
{
    size_t n = 0;
    const fel_scheme_row *all = fel_schemes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s}", "name", all[i].name, "summary", all[i].summary));
    }
    return list;
}

/* Not callback: its function can only come from a program. */
json_t *list_payoffs(void)
{
    size_t n = 0;
    const fel_payoff_class *const *all = fel_payoff_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i]->name, "callback") != 0) {
            (void)json_array_append_new(
                list, json_pack("{s:s, s:s, s:o}", "name", all[i]->name, "summary", all[i]->summary,
                                "parameters", list_params(all[i]->params, all[i]->n_params)));
        }
    }
    return list;
}
