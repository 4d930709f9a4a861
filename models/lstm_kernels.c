/* models/lstm_kernels.c - the steps of an LSTM at the level of vector instructions in use. */
#include "models/lstm_internal.h"

MODEL_KERNEL_DEFINE(lstm_pack,
                    (const lstm_shape *shape, const void *weight, const void *bias,
                     void *packed_weight, void *packed_bias),
                    (shape, weight, bias, packed_weight, packed_bias))
MODEL_KERNEL_DEFINE(lstm_pack_back,
                    (const lstm_shape *shape, const void *weight, size_t first, size_t cols,
                     void *packed),
                    (shape, weight, first, cols, packed))
MODEL_KERNEL_DEFINE(lstm_unpack,
                    (const lstm_shape *shape, const void *packed_weight, const void *packed_bias,
                     void *weight, void *bias),
                    (shape, packed_weight, packed_bias, weight, bias))
MODEL_KERNEL_DEFINE(lstm_forward_step, (const lstm_forward_args *args), (args))
MODEL_KERNEL_DEFINE(lstm_backward_step, (const lstm_backward_args *args), (args))
MODEL_KERNEL_DEFINE(lstm_gradient_step, (const lstm_gradient_args *args), (args))
MODEL_KERNEL_DEFINE(lstm_input_step, (const lstm_input_args *args), (args))
MODEL_KERNEL_DEFINE(lstm_row, (const lstm_row_args *args), (args))
