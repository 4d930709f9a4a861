/* tests/unit/models/kfac_regression.h - a linear regression that hosts steps of kfac, whose minimum
 * and curvature are known, and whose answers can be made wrong. */
#ifndef FEL_TESTS_KFAC_REGRESSION_H
#define FEL_TESTS_KFAC_REGRESSION_H

#include <feller/kfac.h>

/* Two outputs, linear in three inputs and a bias; half the mean square of what they miss. The
 * slopes of unit cotangents of each output: T = 2 uses with the factor 1/2 of the identity. */
enum { REG_N = 40, REG_IN = 3, REG_OUT = 2, REG_PARAMS = REG_OUT * REG_IN + REG_OUT };

typedef struct regression {
    fel_kfac *kfac;
    fel_kfac_stats *stats, *parts[1];
    double inputs[REG_N * REG_IN], targets[REG_N * REG_OUT];
    double told_curvature; /* times the true one */
    double told_loss;      /* added to the loss after a step */
    double told_gradient;  /* times the true one */
    int n_losses;
} regression;

extern const fel_block_info regression_blocks[2];

void regression_begin(regression *r, const char *settings);
void regression_end(regression *r);
fel_kfac_host regression_host(regression *r);
/* Parameters to start at. */
void regression_start(double *params);
/* A step that must succeed. */
fel_kfac_report regression_step(regression *r, double *params);

double regression_output(const regression *r, const double *params, size_t sample, size_t out);
double regression_loss(const regression *r, const double *params);
double regression_gradient_norm(regression *r, const double *params);
/* Answers of the host; payload is the regression. */
fel_status regression_gradient(void *payload, const void *params, double *loss, void *gradient);
fel_status regression_statistics(void *payload, const void *params, fel_kfac_stats *const **parts,
                                 size_t *n_parts);
fel_status regression_curvature(void *payload, const void *params, const void *const *directions,
                                size_t n, double *matrix);
/* An array of the state by name. */
double *regression_array(fel_kfac *kfac, const char *name);

#endif
