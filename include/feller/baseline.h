/* feller/baseline.h - forecasters that a network must beat: linear and logistic regression on the
 * same samples. */
#ifndef FEL_BASELINE_H
#define FEL_BASELINE_H

#include <feller/train.h>

FEL_BEGIN_DECLS

/* Numbers that a sample's regression reads, its rows one after another, and the intercept after
 * them: sequence x n_features + 1. */
FEL_API size_t fel_regression_size(const fel_dataset *data, size_t sequence);

/* Least squares of the first target on a sample's rows, with a ridge of 1e-6 times the mean square
 * of the inputs (not on the intercept), so that collinear columns do no harm:
 * coefficients[fel_regression_size]. ERR_SHAPE: no samples; ERR_RANGE: a number that is not finite.
 */
FEL_API FEL_NODISCARD fel_status fel_linear_fit(const fel_dataset *data, size_t sequence,
                                                double *coefficients);

/* Maximum likelihood of the first target being above 0, same ridge, by Newton's method until no
 * coefficient moves by more than 1e-10 of the largest, at most 100 steps. Separable samples have
 * large but finite coefficients. Errors as above. */
FEL_API FEL_NODISCARD fel_status fel_logistic_fit(const fel_dataset *data, size_t sequence,
                                                  double *coefficients);

/* The linear predictor of one sample: the forecast, or the logit. */
FEL_API double fel_regression_value(const fel_dataset *data, size_t sequence, size_t sample,
                                    const double *coefficients);

FEL_END_DECLS
#endif
