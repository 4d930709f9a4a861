/* sim/heston_variance.c - what is known in closed form about Heston's variance: the Feller margin,
 * degrees of freedom, and the means of v_t and of its integral (Cox, Ingersoll, Ross 1985). */
#include <math.h>

#include <feller/process.h>

double fel_feller_margin(const fel_heston *heston)
{
    return 2.0 * heston->kappa * heston->theta - heston->xi * heston->xi;
}

double fel_variance_degrees(const fel_heston *heston)
{
    return 4.0 * heston->kappa * heston->theta / (heston->xi * heston->xi);
}

/* E[v_t] = theta + (v0 - theta) exp(-kappa t), written so that kappa = 0 gives v0 exactly. */
double fel_forward_variance(const fel_heston *heston, double t_years)
{
    const double gone = -expm1(-heston->kappa * t_years);
    return heston->v0 + (heston->theta - heston->v0) * gone;
}

/* t - (1 - exp(-kappa t)) / kappa over t, from 0 at kappa t = 0 to 1: the weight of theta in the
 * mean of the integral. The difference cancels for small x = kappa t; there the series. */
static double theta_weight(double x)
{
    if (x < 0.5) {
        double term = 0.5 * x, sum = term;
        for (int k = 3; k < 20; k++) {
            term *= -x / k;
            sum += term;
        }
        return sum;
    }
    return 1.0 + expm1(-x) / x;
}

double fel_total_variance(const fel_heston *heston, double t_years)
{
    const double weight = theta_weight(heston->kappa * t_years);
    return t_years * (heston->v0 + (heston->theta - heston->v0) * weight);
}
