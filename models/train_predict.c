/* models/train_predict.c - a network's outputs on the samples of a dataset. */
#include <stdlib.h>

#include <feller/train.h>

static fel_status check(const fel_dataset *data, const fel_network_config *net)
{
    if (data->struct_size != sizeof(*data)) {
        return FEL_RAISE(FEL_ERR_ARG, "the data are of another version");
    }
    if (data->n_features != net->n_features) {
        return FEL_RAISE(FEL_ERR_SHAPE, "rows have %zu features; the network takes %zu",
                         data->n_features, net->n_features);
    }
    for (size_t k = 0; k < data->n_samples; k++) {
        if (data->last_rows[k] >= data->n_rows || data->last_rows[k] + 1 < net->sequence) {
            return FEL_RAISE(FEL_ERR_SHAPE,
                             "sample %zu ends with row %zu of %zu; the network takes %zu rows up "
                             "to it",
                             k, data->last_rows[k], data->n_rows, net->sequence);
        }
    }
    return FEL_OK;
}

fel_status fel_dataset_predict(const fel_dataset *data, const fel_network *network,
                               const float *params, int n_threads, double *outputs)
{
    const fel_network_config *net = fel_network_describe(network);
    FEL_TRY(check(data, net));
    const size_t n = data->n_samples, n_outputs = fel_network_output_size(network);
    if (n == 0) {
        return FEL_OK;
    }
    const float **rows = calloc(n, sizeof(*rows));
    float *values = calloc(n, n_outputs * sizeof(*values));
    fel_status status = FEL_OK;
    if (rows == NULL || values == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu forecasts", n);
        goto done;
    }
    for (size_t k = 0; k < n; k++) {
        rows[k] = data->rows + (data->last_rows[k] + 1 - net->sequence) * data->n_features;
    }
    status = fel_network_predict_f32(network, params, rows, data->n_features, n, n_threads, values);
    for (size_t i = 0; status == FEL_OK && i < n * n_outputs; i++) {
        outputs[i] = (double)values[i];
    }
done:
    free(rows);
    free(values);
    return status;
}
