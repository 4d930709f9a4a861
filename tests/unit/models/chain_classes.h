/* tests/unit/models/chain_classes.h - classes of networks made for tests of single layers. */
#ifndef FEL_TESTS_CHAIN_CLASSES_H
#define FEL_TESTS_CHAIN_CLASSES_H

#include "models/layer_internal.h"

/* Parameters of both. pool: an index of chain_pools. */
enum { CHAIN_POOL = 0, CHAIN_RATE = 1 };
enum { CHAIN_N_POOLS = 4 };
extern const char *const chain_pools[CHAIN_N_POOLS];

/* dense (tanh, 5) - dropout - pool - dense, in either layout. */
extern const fel_network_class chain_sample_major, chain_time_major;

/* Dropout and nothing else, every step. */
extern const fel_network_class chain_dropout, chain_dropout_time_major;

#endif
