/* sim/lewis_sum.c - Lewis's integral by the midpoint rule: nodes in blocks, evaluated once for all
 * strikes of a maturity, until the rest is negligible. */
#include <math.h>

#include "sim/lewis_internal.h"

/* Beyond MANY nodes, where the function hardly decays (rho = -1 and little variance), what is left
 * need only be below `loose`: it oscillates and is smaller than its bound. Not for second
 * derivatives. */
enum { MAX_NODES = 1 << 20, MANY_NODES = 1 << 16 };
static const double loose = 4e-9;

static const size_t n_channels[LEWIS_N_SETS] = {1, 5, 6};

/* exp(i (j + 1/2) a) for lane j by doubling, and the turn by LEWIS_LANES steps. */
static void start_strike(lewis_strike *strike, double angle)
{
    double re = cos(angle), im = sin(angle); /* a turn by `n` steps */
    strike->re[0] = cos(0.5 * angle);
    strike->im[0] = sin(0.5 * angle);
    for (size_t n = 1; n < LEWIS_LANES; n *= 2) {
        for (size_t j = 0; j < n; j++) {
            strike->re[n + j] = strike->re[j] * re - strike->im[j] * im;
            strike->im[n + j] = strike->re[j] * im + strike->im[j] * re;
        }
        const double twice = 2.0 * re * im;
        re = (re - im) * (re + im);
        im = twice;
    }
    strike->turn_re = re;
    strike->turn_im = im;
    for (size_t c = 0; c < LEWIS_MAX_CHANNELS; c++) {
        for (size_t j = 0; j < LEWIS_LANES; j++) {
            strike->sum[c][j] = 0.0;
        }
    }
}

static double add_lanes(const double *lanes)
{
    double half[LEWIS_LANES];
    for (size_t j = 0; j < LEWIS_LANES; j++) {
        half[j] = lanes[j];
    }
    for (size_t n = LEWIS_LANES / 2; n > 0; n /= 2) {
        for (size_t j = 0; j < n; j++) {
            half[j] += half[n + j];
        }
    }
    return half[0];
}

/* A bound of what lies beyond u of the integral, and of those of the other channels. */
static double rest_beyond(lewis_set set, double u, double size)
{
    static const double power[LEWIS_N_SETS] = {-1.0, 1.0, 0.0};
    return size * (power[set] < 0.0 ? 1.0 / u : power[set] > 0.0 ? u : 1.0);
}

fel_status lewis_integrate(const fourier_law *law, lewis_set set, lewis_line line, const double *x,
                           size_t n, double tolerance, double *sums)
{
    static lewis_fill_fn *const fill[CPU_N_LEVELS] = KERNEL_LEVELS(lewis_fill, f64);
    static lewis_add_fn *const add[CPU_N_LEVELS] = KERNEL_LEVELS(lewis_add, f64);
    const cpu_level level = cpu_level_now();
    lewis_strike strikes[LEWIS_MAX_STRIKES];
    const double step = 6.28318530717958647693 / line.period;
    const double jumps = exp(law_log_jumps(law, line.p)); /* bounds their factor on the line */
    lewis_block block = {.p = line.p, .step = step};
    for (size_t k = 0; k < n; k++) {
        start_strike(&strikes[k], step * x[k]);
    }
    size_t done = 0;
    double end = 0.0, enough = tolerance;
    do {
        if (done >= MAX_NODES) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "t_years %g: the characteristic function decays so slowly that more "
                             "than %d nodes would be needed",
                             law->t, (int)MAX_NODES);
        }
        block.first = ((double)done + 0.5) * step;
        fill[level](law, set, &block);
        add[level](&block, set, strikes, n);
        done += LEWIS_BLOCK;
        end = (double)done * step;
        enough = done < MANY_NODES || set == LEWIS_GREEKS ? tolerance : loose;
    } while (rest_beyond(set, end, block.size * jumps) > enough);
    for (size_t c = 0; c < n_channels[set]; c++) {
        for (size_t k = 0; k < n; k++) {
            sums[c * n + k] = add_lanes(strikes[k].sum[c]);
        }
    }
    return FEL_OK;
}
