/* feller/base.h - export marks, status codes, last error, views, money, parameter tables. */
#ifndef FEL_BASE_H
#define FEL_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define FEL_BEGIN_DECLS extern "C" {
#define FEL_END_DECLS   }
#else
#define FEL_BEGIN_DECLS
#define FEL_END_DECLS
#endif

/* The library is built with -fvisibility=hidden: FEL_API is the whole list of what it exports. */
#define FEL_API                __attribute__((visibility("default")))
#define FEL_NODISCARD          __attribute__((warn_unused_result))
#define FEL_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

FEL_BEGIN_DECLS

/* ---- status ---------------------------------------------------------------------------------- */

/* The one list of status codes; enum, names and texts are made from it. Numbers never change. */
#define FEL_STATUS_LIST(X)                                                                         \
    X(OK, 0, "success")                                                                            \
    X(ERR_NOMEM, 1, "out of memory")                                                               \
    X(ERR_ARG, 2, "invalid argument")                                                              \
    X(ERR_RANGE, 3, "value outside its documented range")                                          \
    X(ERR_SHAPE, 4, "sizes do not agree")                                                          \
    X(ERR_NOTFOUND, 5, "no such name")                                                             \
    X(ERR_IO, 6, "input or output failed")                                                         \
    X(ERR_FORMAT, 7, "malformed input")                                                            \
    X(ERR_ABI, 8, "plug-in built for another ABI")                                                 \
    X(ERR_USER, 9, "stopped by a user callback")                                                   \
    X(ERR_STOPPED, 10, "interrupted")                                                              \
    X(ERR_INTERNAL, 11, "a bug in this library")

typedef enum fel_status {
#define FEL_STATUS_ENUM(name, number, text) FEL_##name = (number),
    FEL_STATUS_LIST(FEL_STATUS_ENUM)
#undef FEL_STATUS_ENUM
} fel_status;

/* What went wrong, for people. Programs branch on the status only. */
typedef struct fel_error {
    fel_status status;
    int os_errno; /* errno where it mattered, else 0 */
    int line;
    const char *file; /* static storage, as is func */
    const char *func;
    char message[512]; /* one line, no full stop; truncated, never allocated; '?' for control
                          characters of a value */
} fel_error;

/* Name and text of a code, "FEL_ERR_RANGE" and "value outside ..."; never NULL. */
FEL_API const char *fel_status_name(fel_status status);
FEL_API const char *fel_status_text(fel_status status);

/* The latest failure on the calling thread. Never NULL; owned by the library; valid until the next
 * failure on this thread. Meaningful only right after a call that did not return FEL_OK. */
FEL_API const fel_error *fel_last_error(void);

/* Record a failure and yield its status: every failing path reads `return FEL_RAISE(...)`. The
 * status is a plain value of the expression so that static analysers see it is not FEL_OK. */
FEL_API void fel_raise_at(fel_status status, const char *file, int line, const char *func,
                          const char *format, ...) FEL_PRINTF(5, 6);
#define FEL_RAISE(status, ...)                                                                     \
    (fel_raise_at((status), __FILE__, __LINE__, __func__, __VA_ARGS__), (status))

/* Hand a failure up unchanged. Only for functions that own nothing yet; others `goto done`. */
#define FEL_TRY(call)                                                                              \
    do {                                                                                           \
        const fel_status fel_try_status_ = (call);                                                 \
        if (fel_try_status_ != FEL_OK) {                                                           \
            return fel_try_status_;                                                                \
        }                                                                                          \
    } while (0)

/* Version of the library as "major.minor.patch"; static storage. */
FEL_API const char *fel_version(void);

/* The level of vector instructions in use, by its psABI name: "x86-64", "x86-64-v3" (AVX2),
 * "x86-64-v4" (AVX-512); the processor's best unless set lower. Static storage. */
FEL_API const char *fel_cpu_level(void);
/* Use a lower level; call before anything else runs. ERR_ARG if the processor has not that one. */
FEL_API FEL_NODISCARD fel_status fel_cpu_level_set(const char *name);

/* ---- views ----------------------------------------------------------------------------------- */

/* Row-major windows on somebody else's doubles. A view never owns; pass it by value. */
typedef struct fel_vec {
    double *data;
    size_t len;
} fel_vec;
typedef struct fel_cvec {
    const double *data;
    size_t len;
} fel_cvec;
typedef struct fel_mat {
    double *data;
    size_t rows, cols, row_stride;
} fel_mat;
typedef struct fel_cmat {
    const double *data;
    size_t rows, cols, row_stride;
} fel_cmat;

static inline double *fel_row(fel_mat m, size_t i)
{
    return m.data + i * m.row_stride;
}
static inline const double *fel_crow(fel_cmat m, size_t i)
{
    return m.data + i * m.row_stride;
}
static inline fel_cmat fel_const(fel_mat m)
{
    const fel_cmat c = {m.data, m.rows, m.cols, m.row_stride};
    return c;
}

/* ---- money ----------------------------------------------------------------------------------- */

/* An amount of money as an unevaluated sum hi + lo with |lo| <= ulp(hi) / 2 (about 32 digits).
 * Arithmetic on it is in core/money.h; outside the library read hi + lo. */
typedef struct fel_money {
    double hi, lo;
} fel_money;

/* The nearest double. */
static inline double fel_money_value(fel_money m)
{
    return m.hi + m.lo;
}

/* ---- named parameters ------------------------------------------------------------------------ */

typedef enum fel_param_kind {
    FEL_PARAM_REAL = 0,
    FEL_PARAM_INTEGER = 1,
    FEL_PARAM_BOOL = 2,  /* false or true: 0 or 1 */
    FEL_PARAM_CHOICE = 3 /* one of `choices`: its index, from 0 */
} fel_param_kind;

/* One row drives --help, study-file parsing, range checks, the manual and the tests. */
typedef struct fel_param_spec {
    const char *name; /* snake_case, unit last: "vol_per_year", "fee_bps" */
    fel_param_kind kind;
    double default_value;
    double min, max;     /* both allowed; ignored for BOOL and CHOICE */
    const char *choices; /* CHOICE only: "long_only|long_short" */
    const char *doc;     /* one line, no full stop */
} fel_param_spec;

/* Index of `name` in a table of n rows. ERR_NOTFOUND names the nearest row. */
FEL_API FEL_NODISCARD fel_status fel_param_find(const fel_param_spec *specs, size_t n,
                                                const char *name, size_t *index);

/* Parse the text of a value for one row: a number, "true"/"false", or a choice's word. ERR_FORMAT
 * or ERR_RANGE say the name, the value and what is allowed; NaN and infinities are never allowed.
 */
FEL_API FEL_NODISCARD fel_status fel_param_parse(const fel_param_spec *spec, const char *text,
                                                 double *value);

/* ERR_RANGE unless `value` is one that `spec` allows. */
FEL_API FEL_NODISCARD fel_status fel_param_check(const fel_param_spec *spec, double value);

/* Fill values[0..n) with the defaults. */
FEL_API void fel_param_defaults(const fel_param_spec *specs, size_t n, double *values);

/* Write the text of a value ("10", "long_only", "true") into text[0..size); always terminated. */
FEL_API void fel_param_format(const fel_param_spec *spec, double value, char *text, size_t size);

FEL_END_DECLS
#endif
