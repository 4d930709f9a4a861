/* models/train_kfac_internal.h - what steps of Kronecker-factored curvature ask of a training: more
 * passes over the batch under way. */
#ifndef FEL_MODELS_TRAIN_KFAC_INTERNAL_H
#define FEL_MODELS_TRAIN_KFAC_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/train_kfac_internal.h belongs to models/"
#endif

#include <feller/kfac.h>

#include "models/train_pass_internal.h"

enum { TRAIN_KFAC_PARTS = 4, TRAIN_KFAC_DIRECTIONS = 2 };

struct train_kfac {
    fel_trainer *trainer;
    train_pass *pass;
    fel_kfac *kfac;
    int is_ggn; /* else empirical Fisher */
    double share;
    fel_kfac_stats *stats[TRAIN_KFAC_PARTS];
    float *moved;        /* n_params */
    float *before;       /* outputs of the share at the parameters */
    float *cotangents;   /* what goes back from each output of the share */
    double *curvatures;  /* of the loss by each output of the share: Gauss-Newton alone */
    double *derivatives; /* of outputs along directions [direction][output] */
    /* The step under way. */
    train_gradient gradient;
    size_t n_share; /* samples, the first of the batch */
};

/* train_kfac_pass.c: after train_pass_run() at the parameters. */

/* What goes back from outputs, and what they were. */
void train_kfac_begin(train_kfac *k);
fel_status train_kfac_statistics(train_kfac *k, const float *params);
/* The loss of the batch with penalties; not finite where it is not defined. */
fel_status train_kfac_loss(train_kfac *k, const float *params, double *loss);
fel_status train_kfac_curvature(train_kfac *k, const float *params, const void *const *directions,
                                size_t n, double *matrix);

/* train_kfac.c */
fel_status train_kfac_create(train_kfac **out, fel_trainer *t);
void train_kfac_destroy(train_kfac *k);
/* One step; *g gets the loss and the weight of the batch. */
fel_status train_kfac_step(train_kfac *k, double rate_factor, train_gradient *g,
                           fel_kfac_report *report);

#endif
