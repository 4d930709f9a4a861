/* study/forecast_files.c - what a forecasting study writes beside the report: forecasts.csv,
 * forecast_windows.csv, trials.csv, training.csv, models.h5. */
#include <stdio.h>

#include "core/csv_out.h"
#include "study/study_folder_internal.h"

static void put_time(FILE *stream, int64_t time_ns)
{
    char text[48];
    fel_time_format(time_ns, text, sizeof(text));
    (void)fputs(text, stream);
}

/* ---- forecasts ------------------------------------------------------------------------------- */

static void put_points(FILE *stream, const forecasts *f, const dataset *data, size_t window)
{
    const forecast_window *w = &f->windows[window];
    for (size_t i = 0; i < w->n_test; i++) {
        const forecast_point *p = &w->points[i];
        put_time(stream, p->time_ns);
        (void)fputc(',', stream);
        csv_put_text(stream, data->list.items[f->items[p->series]].info.instrument.symbol);
        (void)fprintf(stream, ",%zu", window);
        csv_put_number(stream, p->value);
        csv_put_number(stream, p->target);
        csv_put_number(stream, p->earned);
        for (size_t k = 0; k < f->n_seeds; k++) {
            csv_put_number(stream, w->outputs[i * f->n_seeds + k]);
        }
        (void)fputc('\n', stream);
    }
}

static fel_status write_forecasts(const forecasts *f, const dataset *data, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "forecasts.csv"));
    (void)fputs("time,symbol,window,forecast,target,return", file.stream);
    for (size_t k = 0; k < f->n_seeds; k++) {
        (void)fprintf(file.stream, ",output_%zu", k);
    }
    (void)fputc('\n', file.stream);
    for (size_t i = 0; i < f->n_done; i++) {
        put_points(file.stream, f, data, i);
    }
    return outfile_commit(&file);
}

/* ---- windows and trials ---------------------------------------------------------------------- */

static fel_status write_windows(const forecasts *f, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "forecast_windows.csv"));
    (void)fputs("window,train_after,train_until,validation_after,validation_until,test_after,"
                "test_until,n_train,n_validation,n_test,n_trials,n_failed,score,choice\n",
                file.stream);
    for (size_t i = 0; i < f->n_done; i++) {
        const forecast_window *w = &f->windows[i];
        const fel_span spans[] = {w->span.train, w->span.validation, w->span.test};
        (void)fprintf(file.stream, "%zu", i);
        for (size_t k = 0; k < 3; k++) {
            (void)fputc(',', file.stream);
            put_time(file.stream, spans[k].from_ns);
            (void)fputc(',', file.stream);
            put_time(file.stream, spans[k].to_ns);
        }
        (void)fprintf(file.stream, ",%zu,%zu,%zu,%zu,%zu", w->n_train, w->n_validation, w->n_test,
                      f->n_trials, w->n_failed);
        csv_put_number(file.stream, w->score);
        (void)fputc(',', file.stream);
        csv_put_text(file.stream, f->trials[w->best].name);
        (void)fputc('\n', file.stream);
    }
    return outfile_commit(&file);
}

/* Every trial of every window, chosen or not: what was looked at is part of the result. */
static fel_status write_trials(const forecasts *f, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "trials.csv"));
    (void)fputs("window,trial,is_chosen,validation_score,n_parameters,trial_parameters,message\n",
                file.stream);
    for (size_t i = 0; i < f->n_done; i++) {
        const forecast_window *w = &f->windows[i];
        for (size_t k = 0; k < f->n_trials; k++) {
            (void)fprintf(file.stream, "%zu,%zu,%d", i, k, w->best == k);
            csv_put_number(file.stream, w->scores[k].validation);
            (void)fprintf(file.stream, ",%zu,", fel_network_count_params(f->trials[k].network));
            csv_put_text(file.stream, f->trials[k].name);
            (void)fputc(',', file.stream);
            csv_put_text(file.stream, w->scores[k].message);
            (void)fputc('\n', file.stream);
        }
    }
    return outfile_commit(&file);
}

/* ---- training -------------------------------------------------------------------------------- */

static void put_curve(FILE *stream, size_t window, size_t seed, const forecast_fit *fit)
{
    for (size_t e = 0; e < fit->n_epochs; e++) {
        const fel_train_curve *c = &fit->curve[e];
        const double numbers[] = {c->train_loss, c->validation_loss, c->selection, c->gradient_norm,
                                  c->learning_rate};
        (void)fprintf(stream, "%zu,%zu,%zu,%d", window, seed, e, e == fit->best_epoch);
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            csv_put_number(stream, numbers[i]);
        }
        (void)fputc('\n', stream);
    }
}

static fel_status write_training(const forecasts *f, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "training.csv"));
    (void)fputs("window,seed,epoch,is_best,train_loss,validation_loss,selection,gradient_norm,"
                "learning_rate\n",
                file.stream);
    for (size_t i = 0; i < f->n_done; i++) {
        for (size_t k = 0; k < f->n_seeds; k++) {
            put_curve(file.stream, i, k, &f->windows[i].fits[k]);
        }
    }
    return outfile_commit(&file);
}

/* ---- networks -------------------------------------------------------------------------------- */

/* Names and the features' scale go with each network: it can be used without this study. */
static const char *note_of(arena *memory, const forecasts *f, const forecast_window *w)
{
    const fel_panel *panel = f->trials[w->best].panel;
    fel_named_array arrays[FEL_SCALER_ARRAYS];
    const char *note = "";
    fel_scaler_export(w->scaler, arrays);
    for (size_t i = 0; fel_panel_column(panel, i) != NULL && note != NULL; i++) {
        note = arena_printf(memory, "%s%s%s", note, i == 0 ? "features: " : ", ",
                            fel_panel_column(panel, i));
    }
    for (size_t a = 0; a < FEL_SCALER_ARRAYS && note != NULL; a++) {
        note = arena_printf(memory, "%s\n%s:", note, arrays[a].name);
        for (size_t i = 0; i < arrays[a].n && note != NULL; i++) {
            char number[NUMBER_TEXT_SIZE];
            number_format(arrays[a].values[i], number, sizeof(number));
            note = arena_printf(memory, "%s %s", note, number);
        }
    }
    return note;
}

static fel_status list_models(arena *memory, const forecasts *f, fel_model_entry **out)
{
    fel_model_entry *list = arena_array(memory, f->n_done * f->n_seeds + 1, sizeof(*list));
    size_t n = 0;
    for (size_t i = 0; i < f->n_done && list != NULL; i++) {
        const forecast_window *w = &f->windows[i];
        const char *note = note_of(memory, f, w);
        for (size_t k = 0; k < f->n_seeds && list != NULL; k++) {
            fel_model_entry *entry = &list[n++];
            entry->name = arena_printf(memory, "window%zu/seed%zu", i, k);
            entry->note = note;
            entry->network = f->trials[w->best].network;
            entry->params = w->fits[k].params;
            list = entry->name != NULL && note != NULL ? list : NULL;
        }
    }
    *out = list;
    return list != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for models.h5");
}

static fel_status write_models(const forecasts *f, const char *folder)
{
    arena memory = {0};
    fel_model_entry *list = NULL;
    fel_status status = list_models(&memory, f, &list);
    const char *path = arena_printf(&memory, "%s/models.h5", folder);
    if (status == FEL_OK && path != NULL) {
        status = fel_models_write(path, list, f->n_done * f->n_seeds);
    }
    arena_free(&memory);
    return status;
}

fel_status forecast_write(const forecasts *f, const dataset *data, const char *folder)
{
    FEL_TRY(write_forecasts(f, data, folder));
    FEL_TRY(write_windows(f, folder));
    FEL_TRY(write_trials(f, folder));
    FEL_TRY(write_training(f, folder));
    return write_models(f, folder);
}
