/* tests/unit/models/layer_classes.h - classes of networks that are one layer, every step, for tests
 * of norm, positions, attention and the encoder by themselves. */
#ifndef FEL_TESTS_LAYER_CLASSES_H
#define FEL_TESTS_LAYER_CLASSES_H

#include "models/layer_internal.h"

/* Parameters of all. */
enum { LAYER_HEADS = 0, LAYER_WIDTH, LAYER_CAUSAL, LAYER_RATE, LAYER_LEARNED, LAYER_N_PARAMS };

extern const fel_network_class layer_class_norm, layer_class_positions, layer_class_attention,
    layer_class_encoder;

/* One layer over rows x cols, with these parameters. */
fel_network_config layer_config(const fel_network_class *code, size_t rows, size_t cols,
                                const double params[LAYER_N_PARAMS]);

#endif
