/* models/optimizer_kfac.c - the row of Kronecker-factored curvature in the table of optimisers. Its
 * steps are those of kfac.h: they ask for more than a gradient. */
#include <math.h>
#include <string.h>

#include "models/kfac_internal.h"
#include "models/optimizer_internal.h"

static const fel_param_spec params[KFAC_N_PARAMS] = {
    [KFAC_LEARNING_RATE] = {"learning_rate", FEL_PARAM_REAL, 1.0, 0.0, 1e3, NULL,
                            "times the step that the quadratic model asks for"},
    [KFAC_DAMPING] = {"damping", FEL_PARAM_REAL, 1.0, 1e-300, 1e300, NULL,
                      "added to the curvature, at first"},
    [KFAC_DAMPING_UNIT] = {"damping_unit", FEL_PARAM_CHOICE, KFAC_UNIT_MEAN, 0.0, 0.0,
                           "mean|absolute",
                           "dampings are times the curvature's mean eigenvalue at first, or as "
                           "they are"},
    [KFAC_MIN_DAMPING] = {"min_damping", FEL_PARAM_REAL, 1e-6, 1e-300, 1e300, NULL,
                          "adaptation goes no lower"},
    [KFAC_MAX_DAMPING] = {"max_damping", FEL_PARAM_REAL, 1e6, 1e-300, 1e300, NULL,
                          "adaptation goes no higher"},
    [KFAC_ADAPT] = {"adapt", FEL_PARAM_BOOL, 1.0, 0.0, 1.0, NULL,
                    "damping follows how well the model foresees the loss"},
    [KFAC_ADAPT_EVERY] = {"adapt_every", FEL_PARAM_INTEGER, 5.0, 1.0, 1e6, NULL,
                          "steps between two tests of the model on the loss"},
    [KFAC_DAMPING_KIND] = {"damping_kind", FEL_PARAM_CHOICE, KFAC_EIGEN, 0.0, 0.0, "eigen|tikhonov",
                           "added to eigenvalues' products, or a share to each factor"},
    [KFAC_TIME_MODEL] = {"time_model", FEL_PARAM_CHOICE, KFAC_INDEPENDENT, 0.0, 0.0,
                         "independent|option1|option2",
                         "how slopes of two dates go together: not, or as chains"},
    [KFAC_EMA] = {"ema", FEL_PARAM_REAL, 0.95, 0.0, 0.999999, NULL,
                  "share of old factors kept, once there are enough"},
    [KFAC_FACTORS_EVERY] = {"factors_every", FEL_PARAM_INTEGER, 5.0, 1.0, 1e6, NULL,
                            "steps between two statistics"},
    [KFAC_INVERSES_EVERY] = {"inverses_every", FEL_PARAM_INTEGER, 5.0, 1.0, 1e6, NULL,
                             "steps between two inversions of the factors"},
    [KFAC_MOMENTUM_KIND] = {"momentum_kind", FEL_PARAM_CHOICE, KFAC_MOMENTUM_MODEL, 0.0, 0.0,
                            "model|fixed",
                            "step size and momentum from the quadratic model, or fixed"},
    [KFAC_MOMENTUM] = {"momentum", FEL_PARAM_REAL, 0.9, 0.0, 0.9999, NULL,
                       "share of the last step kept, if fixed"},
    [KFAC_CLIP] = {"clip", FEL_PARAM_REAL, 0.0, 0.0, 1e300, NULL,
                   "largest step' curvature step; 0 for none"},
    [KFAC_REJECTION] = {"rejection", FEL_PARAM_BOOL, 1.0, 0.0, 1.0, NULL,
                        "a tested step that makes the loss grow is taken back"},
    [KFAC_CURVATURE] = {"curvature", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "ggn|fisher",
                        "generalised Gauss-Newton, or empirical Fisher"},
    [KFAC_CURVATURE_SHARE] = {"curvature_share", FEL_PARAM_REAL, 0.25, 0.001, 1.0, NULL,
                              "share of the samples that statistics and curvature are taken of"},
    [KFAC_SPLIT_GATES] = {"split_gates", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL,
                          "an LSTM's four gates by themselves: for many units"},
    [KFAC_WEIGHT_DECAY] = {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL,
                           "half of it times the squared weights is part of the model"},
};

static fel_status check(const double *values)
{
    if (values[KFAC_MIN_DAMPING] > values[KFAC_DAMPING] ||
        values[KFAC_DAMPING] > values[KFAC_MAX_DAMPING]) {
        return FEL_RAISE(FEL_ERR_RANGE, "damping is %g; between min_damping %g and max_damping %g",
                         values[KFAC_DAMPING], values[KFAC_MIN_DAMPING], values[KFAC_MAX_DAMPING]);
    }
    return FEL_OK;
}

static fel_status step(fel_optimizer *optimizer, optimizer_step *now)
{
    (void)optimizer;
    (void)now;
    return FEL_RAISE(
        FEL_ERR_ARG,
        "kfac reads inputs and slopes of layers: a gradient alone makes no step of it");
}

const fel_optimizer_class optimizer_kfac = {
    .info = {.name = "kfac",
             .summary = "Damped Gauss-Newton steps with curvature factored layer by layer",
             .formula = "p += momentum d - size (A x G + damping)^-1 g, size and momentum of the "
                        "quadratic model",
             .params = params,
             .n_params = KFAC_N_PARAMS,
             .flags = FEL_OPTIMIZER_NEEDS_LAYERS},
    .decay_param = KFAC_WEIGHT_DECAY,
    .check = check,
    .step = step,
};

double fel_kfac_setting(const fel_optimizer_config *config, const char *name)
{
    for (size_t i = 0; i < KFAC_N_PARAMS; i++) {
        if (config->code == &optimizer_kfac && strcmp(params[i].name, name) == 0) {
            return config->params[i];
        }
    }
    return (double)NAN;
}
