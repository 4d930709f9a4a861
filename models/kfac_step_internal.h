/* models/kfac_step_internal.h - one step under way: what its parts hand to one another. */
#ifndef FEL_MODELS_KFAC_STEP_INTERNAL_H
#define FEL_MODELS_KFAC_STEP_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/kfac_step_internal.h belongs to models/"
#endif

#include "models/kfac_internal.h"

enum { KFAC_MAX_DIRECTIONS = 2 };

typedef struct kfac_stepper {
    fel_kfac *kfac;
    const fel_kfac_host *host;
    void *params; /* float or double */
    int is_double;
    double rate;
    fel_kfac_report *report;
    double loss;
} kfac_stepper;

static inline double kfac_number(const kfac_stepper *s, const void *numbers, size_t i)
{
    return s->is_double ? ((const double *)numbers)[i] : (double)((const float *)numbers)[i];
}
static inline void kfac_set_number(const kfac_stepper *s, void *numbers, size_t i, double value)
{
    if (s->is_double) {
        ((double *)numbers)[i] = value;
    } else {
        ((float *)numbers)[i] = (float)value;
    }
}

/* The quadratic model of the loss around the parameters, with damping and weight decay, along unit
 * directions: M(c) = slopes' c + c' matrix c / 2. */
typedef struct kfac_model {
    size_t n;                              /* directions: the new one, then the last step */
    const double *of[KFAC_MAX_DIRECTIONS]; /* what they are multiples of */
    double norms[KFAC_MAX_DIRECTIONS];     /* of those */
    double slopes[KFAC_MAX_DIRECTIONS];    /* gradient along them */
    double curvature[KFAC_MAX_DIRECTIONS * KFAC_MAX_DIRECTIONS]; /* undamped, n x n */
    double matrix[KFAC_MAX_DIRECTIONS * KFAC_MAX_DIRECTIONS];    /* damped, n x n */
    double c[KFAC_MAX_DIRECTIONS];                               /* the step */
    double predicted;                                            /* M(c) */
    double agreement; /* factored over measured curvature along the new direction, both damped */
    int is_measured;  /* by the host, not by the factors alone */
} kfac_model;

/* Fills the model and picks the step; kfac->step = sum of c x directions. kfac_model.c */
fel_status kfac_model_step(const kfac_stepper *s, int needs_prediction, kfac_model *model);

#endif
