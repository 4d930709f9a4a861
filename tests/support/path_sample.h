/* tests/support/path_sample.h - means and standard errors of functions of simulated paths' ends. */
#ifndef FEL_TESTS_PATH_SAMPLE_H
#define FEL_TESTS_PATH_SAMPLE_H

#include <feller/paths.h>

/* A path's end, one asset. */
typedef struct path_end {
    double spot, variance, integral; /* integral of the variance from 0 to the end */
} path_end;

typedef struct path_plan {
    fel_process process;
    fel_path_config config; /* one date; sub-steps are the steps */
    size_t n_paths;
} path_plan;

/* `n_steps` steps to t_years. */
path_plan path_plan_of(const fel_process *process, fel_scheme scheme, double t_years,
                       size_t n_steps, size_t n_paths);

typedef double path_value(const path_end *end, const void *context);

typedef struct estimate {
    double mean, error; /* error: one standard error */
} estimate;

/* Mean of value(end); pairs of paths count as one where the plan is antithetic. With a control,
 * whose mean is known, value is taken minus beta (control - mean), beta from a pilot of other
 * paths. */
typedef struct path_control {
    path_value *value;
    double mean;
} path_control;
estimate path_estimate(const path_plan *plan, path_value *value, const void *context,
                       const path_control *control);

/* The same from Sobol points: n_paths of them in each of some replicates, whose spread is the
 * error. */
estimate path_estimate_sobol(const path_plan *plan, path_value *value, const void *context,
                             const path_control *control, uint32_t n_replicates);

/* The parameters of process "heston" with rate 0 unless given. */
fel_process heston_process(double spot, double v0, double kappa, double theta, double xi,
                           double rho);

/* Some functions of an end. context: const double *, the strike. */
double end_call(const path_end *end, const void *context);
double end_spot(const path_end *end, const void *context);
double end_variance(const path_end *end, const void *context);
double end_variance_squared(const path_end *end, const void *context);
double end_integral(const path_end *end, const void *context);
double end_integral_squared(const path_end *end, const void *context);

/* Prints the estimate if it is further than 4 standard errors (and `slack`) from expected. */
void check_estimate_at(estimate e, double expected, double slack, const char *what,
                       const char *file, int line);
#define CHECK_ESTIMATE(e, expected, slack)                                                         \
    check_estimate_at((e), (expected), (slack), #e, __FILE__, __LINE__)

#endif
