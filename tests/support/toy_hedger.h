/* tests/support/toy_hedger.h - a service "hedger" for tests that run every built-in strategy: holds
 * more the higher the price of the first instrument, in lives of five dates. */
#ifndef FEL_TESTS_TOY_HEDGER_H
#define FEL_TESTS_TOY_HEDGER_H

#include <feller/engine.h>

extern const fel_service toy_hedger;

#endif
