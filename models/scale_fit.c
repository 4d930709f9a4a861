/* models/scale_fit.c - a scale fitted to rows, applied to rows, and taken to a checkpoint and back.
 *
 * A column that does not vary in the rows fitted to is shifted to 0 and not divided: whatever it
 * does later is seen at its own size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/scale_internal.h"

struct fel_scaler {
    size_t n, n_constant;
    double clip; /* 0: none */
    double *center, *spread;
};

static fel_status no_memory(size_t n)
{
    return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a scale of %zu columns", n);
}

static fel_status create(fel_scaler **out, size_t n, double clip)
{
    fel_scaler *s = calloc(1, sizeof(*s));
    double *numbers = calloc(2 * n, sizeof(*numbers));
    if (s == NULL || numbers == NULL) {
        free(s);
        free(numbers);
        return no_memory(n);
    }
    s->n = n;
    s->clip = clip;
    s->center = numbers;
    s->spread = numbers + n;
    *out = s;
    return FEL_OK;
}

void fel_scaler_destroy(fel_scaler *scaler)
{
    if (scaler != NULL) {
        free(scaler->center);
        free(scaler);
    }
}

size_t fel_scaler_width(const fel_scaler *scaler)
{
    return scaler->n;
}

size_t fel_scaler_count_constant(const fel_scaler *scaler)
{
    return scaler->n_constant;
}

/* ---- fit ------------------------------------------------------------------------------------- */

typedef struct fitting {
    const fel_scale *scale;
    fel_cmat rows;
    const size_t *picked;
    size_t n_picked;
    double *column;
} fitting;

static fel_status read_column(const fitting *f, size_t c)
{
    for (size_t i = 0; i < f->n_picked; i++) {
        const size_t row = f->picked != NULL ? f->picked[i] : i;
        const double x = fel_crow(f->rows, row)[c];
        if (!isfinite(x)) {
            return FEL_RAISE(FEL_ERR_RANGE, "scale %s: column %zu of row %zu is %g",
                             f->scale->code->name, c, row, x);
        }
        f->column[i] = x;
    }
    return FEL_OK;
}

/* So little next to the numbers themselves is what rounding leaves. */
static int does_vary(const fel_scale_fit *fit)
{
    return fit->spread > 1e-14 * fabs(fit->center);
}

static fel_status fit_columns(fel_scaler *s, const fitting *f)
{
    for (size_t c = 0; c < s->n; c++) {
        FEL_TRY(read_column(f, c));
        const fel_scale_class *code = f->scale->code;
        const fel_scale_fit as_it_is = {0.0, 1.0};
        fel_scale_fit fit =
            code->fit == NULL ? as_it_is : code->fit(f->scale->params, f->column, f->n_picked);
        if (!does_vary(&fit)) {
            fit.spread = 1.0;
            s->n_constant++;
        }
        s->center[c] = fit.center;
        s->spread[c] = fit.spread;
    }
    return FEL_OK;
}

fel_status fel_scaler_fit(fel_scaler **out, const fel_scale *scale, fel_cmat rows,
                          const size_t *picked, size_t n_picked)
{
    fitting f = {scale, rows, picked, picked != NULL ? n_picked : rows.rows, NULL};
    fel_scaler *s = NULL;
    FEL_TRY(fel_scale_check(scale));
    if (f.n_picked == 0 || rows.cols == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "scale %s: %zu rows of %zu columns; at least one of each",
                         scale->code->name, f.n_picked, rows.cols);
    }
    f.column = calloc(f.n_picked, sizeof(*f.column));
    if (f.column == NULL) {
        return no_memory(rows.cols);
    }
    fel_status status = create(&s, rows.cols, scale->params[scale->code->n_params - 1]);
    status = status == FEL_OK ? fit_columns(s, &f) : status;
    free(f.column);
    if (status != FEL_OK) {
        fel_scaler_destroy(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

/* ---- apply ----------------------------------------------------------------------------------- */

fel_status fel_scaler_apply(const fel_scaler *scaler, const double *row, float *out)
{
    const double bound = scaler->clip > 0.0 ? scaler->clip : HUGE_VAL;
    for (size_t c = 0; c < scaler->n; c++) {
        const double x = (row[c] - scaler->center[c]) / scaler->spread[c];
        out[c] = (float)(x > bound ? bound : x < -bound ? -bound : x);
        if (!isfinite(out[c])) {
            return FEL_RAISE(FEL_ERR_RANGE, "column %zu: %g scaled is %g, which float cannot hold",
                             c, row[c], x);
        }
    }
    return FEL_OK;
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

static const char *const names[FEL_SCALER_ARRAYS] = {"scale_center", "scale_spread", "scale_clip"};

void fel_scaler_export(const fel_scaler *scaler, fel_named_array out[FEL_SCALER_ARRAYS])
{
    const fel_named_array all[FEL_SCALER_ARRAYS] = {
        {names[0], scaler->center, scaler->n},
        {names[1], scaler->spread, scaler->n},
        {names[2], &scaler->clip, 1},
    };
    memcpy(out, all, sizeof(all));
}

static const fel_named_array *find_array(const fel_named_array *arrays, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(arrays[i].name, name) == 0) {
            return &arrays[i];
        }
    }
    return NULL;
}

static fel_status check_array(const fel_named_array *a, size_t n, double least)
{
    if (a->n != n || n == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s has %zu numbers; %zu are needed", a->name, a->n, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(a->values[i]) || a->values[i] < least) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: number %zu is %g", a->name, i, a->values[i]);
        }
    }
    return FEL_OK;
}

fel_status fel_scaler_import(fel_scaler **out, const fel_named_array *arrays, size_t n_arrays)
{
    const double least[FEL_SCALER_ARRAYS] = {-HUGE_VAL, 0x1p-1022, 0.0};
    const fel_named_array *found[FEL_SCALER_ARRAYS] = {NULL};
    for (size_t i = 0; i < FEL_SCALER_ARRAYS; i++) {
        found[i] = find_array(arrays, n_arrays, names[i]);
        if (found[i] == NULL) {
            return FEL_RAISE(FEL_ERR_NOTFOUND, "no array \"%s\": this is not a whole scale",
                             names[i]);
        }
        const size_t n = i < 2 ? found[0]->n : 1;
        FEL_TRY(check_array(found[i], n > 0 ? n : 1, least[i]));
    }
    fel_scaler *s = NULL;
    FEL_TRY(create(&s, found[0]->n, found[2]->values[0]));
    memcpy(s->center, found[0]->values, s->n * sizeof(double));
    memcpy(s->spread, found[1]->values, s->n * sizeof(double));
    *out = s;
    return FEL_OK;
}
