/* study/hedging_service_internal.h - hedgers within the event engine. */
#ifndef FEL_STUDY_HEDGING_SERVICE_H
#define FEL_STUDY_HEDGING_SERVICE_H

#ifndef FEL_MODULE_STUDY
#error "study/hedging_service_internal.h belongs to study/"
#endif

#include <math.h>

#include <feller/engine.h>
#include <feller/hedge.h>
#include <feller/strategy.h>

/* The service and its entry for fel_engine_config.services; stays where it is while in use. */
typedef struct hedging_service {
    fel_hedger_service table;
    fel_service entry;
    const fel_hedge_problem *problem;
    const fel_hedger *hedger;
} hedging_service;

/* Borrows both. ERR_ARG where the engine cannot run it. */
fel_status hedging_service_init(hedging_service *out, const fel_hedge_problem *problem,
                                const fel_hedger *hedger);
/* The first instrument's costs as fees. */
fel_status hedging_engine_costs(const fel_hedge_problem *problem, fel_engine_config *config);

#endif
