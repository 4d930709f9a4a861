/* feller/paths.h - simulated paths: schemes, random numbers, blocks of paths.
 *
 * Path k is a function of (processes, configuration, seed, k) only: asking for paths in any order,
 * in blocks of any size, on any number of threads and any width of vectors gives the same bits. The
 * draws are counters' values (path, step, draw) under the seed as key (Philox 4x32-10). */
#ifndef FEL_PATHS_H
#define FEL_PATHS_H

#include <feller/data.h>
#include <feller/process.h>

FEL_BEGIN_DECLS

/* Pinned. Gbm and Merton are simulated exactly by every scheme. */
typedef enum fel_scheme {
    FEL_SCHEME_EULER = 0,    /* full truncation (Lord, Koekkoek, van Dijk 2010), log price */
    FEL_SCHEME_MILSTEIN = 1, /* of the variance, truncated; log price */
    FEL_SCHEME_QE = 2,       /* quadratic-exponential (Andersen 2008), gamma1 = gamma2 = 1/2 */
    FEL_SCHEME_QE_M = 3,     /* the same with the martingale correction; the default */
    FEL_SCHEME_EXACT_VARIANCE = 4, /* non-central chi-square variance, trapezoid integral */
    FEL_SCHEME_EXACT = 5 /* the same, integral given both ends by gamma expansion (Glasserman, Kim
                            2011): no bias whatever the step */
} fel_scheme;

typedef struct fel_scheme_row {
    fel_scheme scheme;
    const char *name;    /* "qe_m" */
    const char *summary; /* one line, no full stop */
} fel_scheme_row;
FEL_API const fel_scheme_row *fel_schemes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_scheme_find(const char *name, fel_scheme *out);

/* Where the draws come from. */
typedef enum fel_draws {
    FEL_DRAWS_PSEUDO = 0, /* Philox */
    FEL_DRAWS_SOBOL = 1   /* Sobol points (Joe, Kuo 2008) with a random digital shift by (seed,
                             replicate) and a Brownian bridge */
} fel_draws;

/* What a path can show at each date. Pinned. */
typedef enum fel_path_output {
    FEL_PATH_SPOT = 0,
    FEL_PATH_VARIANCE = 1,      /* v; vol^2 where the process has none of its own */
    FEL_PATH_INTEGRATED = 2,    /* int_0^t v ds, by the scheme's own rule */
    FEL_PATH_REALISED = 3,      /* sum over steps of squared log returns, jumps included */
    FEL_PATH_VARIANCE_SWAP = 4, /* total variance to the last date as known at t: INTEGRATED plus
                                   E[int_t^T v ds | v_t]; without jumps */
    FEL_PATH_N_OUTPUTS = 5
} fel_path_output;

typedef struct fel_path_config {
    uint32_t struct_size;
    fel_scheme scheme;
    double horizon_years; /* time of the last date, > 0 */
    size_t n_dates;       /* dates after time 0, equally spaced: 1 .. 10^6 */
    size_t n_substeps;    /* steps of the scheme between two dates: 1 .. 10^4 */
    uint64_t seed;
    fel_draws draws;
    uint32_t replicate;      /* Sobol: which random shift */
    uint8_t antithetic;      /* paths 2j and 2j+1 use mirrored draws */
    uint8_t moment_matching; /* in groups of 4,096 paths by index the normals of each step and
                                driver get mean 0 and variance 1; blocks are then made a group at a
                                time */
    uint8_t physical_drift;  /* drift of S is drift_per_year instead of r - q */
    uint8_t reserved[5];
    double drift_per_year; /* used where physical_drift is set: dS/S = mu dt + ... */
} fel_path_config;

/* QE_M, 1 year, 252 dates, 1 substep, seed 1, pseudo-random. */
FEL_API fel_path_config fel_path_config_default(void);

enum { FEL_PATH_GROUP = 4096, FEL_PATH_MAX_ASSETS = 64 };

/* A generator: immutable once made, shared by threads. */
typedef struct fel_paths fel_paths;

/* correlation: NULL for independent assets; else the full matrix of all Brownian drivers,
 * row-major, in the order: price drivers of assets 0 .. n-1, then the variance drivers of those
 * assets that have one, in their order; its entries between an asset's own two drivers must be its
 * rho. ERR_RANGE for asymmetry, entries beyond 1, a matrix that is not positive definite (says the
 * pivot). One asset needs none. ERR_RANGE for absurd sizes, before anything is allocated. */
FEL_API FEL_NODISCARD fel_status fel_paths_create(fel_paths **out, const fel_process *assets,
                                                  size_t n_assets, const double *correlation,
                                                  const fel_path_config *config);
FEL_API void fel_paths_destroy(fel_paths *paths); /* NULL is allowed */
FEL_API const fel_path_config *fel_paths_config(const fel_paths *paths);
FEL_API const fel_process *fel_paths_asset(const fel_paths *paths, size_t asset);
FEL_API size_t fel_paths_count_assets(const fel_paths *paths);

/* Where a block of paths goes. values[output] is NULL if not wanted, else the caller's memory,
 * where path first_path + p of asset a at date d (0 .. n_dates; date 0 is time 0) is at
 *   values[output][(d * n_assets + a) * path_stride + p],   p < n_paths <= path_stride. */
typedef struct fel_path_block_f64 {
    uint64_t first_path;
    size_t n_paths, path_stride;
    double *values[FEL_PATH_N_OUTPUTS];
} fel_path_block_f64;
typedef struct fel_path_block_f32 {
    uint64_t first_path;
    size_t n_paths, path_stride;
    float *values[FEL_PATH_N_OUTPUTS];
} fel_path_block_f32;

/* Fill a block in the calling thread. float paths are computed in float throughout: they are not
 * the double paths rounded. ERR_NOMEM, ERR_ARG. */
FEL_API FEL_NODISCARD fel_status fel_paths_fill_f64(const fel_paths *paths,
                                                    const fel_path_block_f64 *block);
FEL_API FEL_NODISCARD fel_status fel_paths_fill_f32(const fel_paths *paths,
                                                    const fel_path_block_f32 *block);

/* The same on n_threads threads (0: all cores), cut into blocks that stay in the cache. */
FEL_API FEL_NODISCARD fel_status fel_paths_fill_parallel_f64(const fel_paths *paths,
                                                             const fel_path_block_f64 *block,
                                                             int n_threads);
FEL_API FEL_NODISCARD fel_status fel_paths_fill_parallel_f32(const fel_paths *paths,
                                                             const fel_path_block_f32 *block,
                                                             int n_threads);

/* ---- files ----------------------------------------------------------------------------------- */

/* What to write. */
typedef struct fel_path_file {
    uint32_t struct_size;
    uint32_t outputs; /* the sum of 1 << output over those wanted */
    uint64_t first_path, n_paths;
    int32_t n_threads; /* 0: all cores */
    uint8_t single_precision;
    uint8_t reserved[3];
    /* NULL: not told. Called in the calling thread. */
    void (*progress)(void *payload, const char *what, double done, double total);
    void *payload;
    const volatile int *stop; /* NULL, or where a signal handler writes 1: ERR_STOPPED, after the
                                 step at hand */
} fel_path_file;

/* The prices of 10,000 paths in double, on all cores. */
FEL_API fel_path_file fel_path_file_default(void);

/* "spot", "variance", "integrated", "realised", "variance_swap"; NULL for a number that is none. */
FEL_API const char *fel_path_output_name(fel_path_output output);

/* Write paths to a file that is whole or not there, in blocks, so that memory is bounded. By the
 * file's name:
 *   .h5 .hdf5  a dataset for each output, [path][date] (with several assets [asset][path][date]),
 *              dates 0 .. n_dates; time_years[date]; correlation; all parameters as attributes
 *              of the root and of assets/0 and so on. The same paths are the same bytes
 *   .csv       path,date,years,[asset,]spot,...: a row for each path, date and asset
 * ERR_ARG for another name; ERR_RANGE for sizes beyond any disk and ERR_IO for those beyond this
 * one, before any path is made; ERR_IO with the cause. */
FEL_API FEL_NODISCARD fel_status fel_paths_write(const fel_paths *paths, const char *path,
                                                 const fel_path_file *options);

FEL_END_DECLS
#endif
