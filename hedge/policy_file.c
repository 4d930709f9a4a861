/* hedge/policy_file.c - files of trained policies: a group for each with name, note, what its
 * parameters have their meaning from, the problem it was trained on, and the parameters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/hedge_train.h>

#include "core/sealed.h"
#include "hedge/hedge_words_internal.h"

static const sealed_kind policies_kind = {"feller policies", 1};

enum { GROUP_NAME_SIZE = 32, MOST_POLICIES = 1 << 20, MOST_NAME = 256, MOST_NOTE = 60000 };

static void group_name(char name[GROUP_NAME_SIZE], size_t index)
{
    (void)snprintf(name, GROUP_NAME_SIZE, "policy_%06zu", index);
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct policy_list {
    const fel_policy_entry *entries;
    size_t n;
    hedge_words *words; /* of one of them at a time */
} policy_list;

static fel_status put_words(hid_t group, const char *path, const fel_policy *policy, hedge_words *w)
{
    w->n = 0;
    hedge_say_policy(w, policy);
    int ok = h5_put_text(group, "policy", w->text) >= 0;
    w->n = 0;
    FEL_TRY(hedge_say_problem(w, policy->problem));
    ok = ok && h5_put_text(group, "problem", w->text) >= 0;
    return ok ? FEL_OK : h5_raise(FEL_ERR_IO, path, "cannot describe the policy");
}

static fel_status put_policy(hid_t group, const char *path, const fel_policy_entry *e,
                             hedge_words *w)
{
    if (h5_put_text(group, "name", e->name) < 0 || h5_put_text(group, "note", e->note) < 0) {
        return h5_raise(FEL_ERR_IO, path, e->name);
    }
    FEL_TRY(put_words(group, path, e->policy, w));
    return saved_put(group, path, "parameters_f32", SAVED_F32, fel_policy_count_params(e->policy),
                     e->params);
}

static fel_status put_policies(hid_t file, const char *path, const void *payload)
{
    const policy_list *list = payload;
    const uint64_t n = list->n;
    fel_status status = h5_put_number(file, "policies", H5T_NATIVE_UINT64, &n) < 0
                            ? h5_raise(FEL_ERR_IO, path, "cannot begin this file")
                            : FEL_OK;
    for (size_t i = 0; i < list->n && status == FEL_OK; i++) {
        char name[GROUP_NAME_SIZE];
        group_name(name, i);
        const hid_t group = saved_group_create(file, name);
        status = group >= 0 ? put_policy(group, path, &list->entries[i], list->words)
                            : h5_raise(FEL_ERR_IO, path, name);
        h5_close(group);
    }
    return status;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* No two of the same name. */
static fel_status check_unique(const fel_policy_entry *entries, size_t n)
{
    const char **names = calloc(n + 1, sizeof(*names));
    fel_status status = FEL_OK;
    if (names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the names of %zu policies", n);
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = entries[i].name;
    }
    qsort(names, n, sizeof(*names), by_text);
    for (size_t i = 1; i < n && status == FEL_OK; i++) {
        if (strcmp(names[i - 1], names[i]) == 0) {
            status = FEL_RAISE(FEL_ERR_ARG, "two policies have the name \"%.64s\"", names[i]);
        }
    }
    free(names);
    return status;
}

static fel_status check_entries(const fel_policy_entry *entries, size_t n)
{
    if (n > MOST_POLICIES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu policies in one file; at most %d", n,
                         (int)MOST_POLICIES);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(entries[i].name);
        if (length == 0 || length >= MOST_NAME || strlen(entries[i].note) >= MOST_NOTE) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "policy %zu: its name is empty, or name or note is too "
                             "long",
                             i);
        }
    }
    return check_unique(entries, n);
}

fel_status fel_policies_write(const char *path, const fel_policy_entry *entries, size_t n)
{
    FEL_TRY(check_entries(entries, n));
    const policy_list list = {entries, n, malloc(sizeof(hedge_words))};
    if (list.words == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to write policies");
    }
    const fel_status status = sealed_write(path, &policies_kind, put_policies, &list);
    free(list.words);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct wanted_policy {
    const char *name;
    const fel_policy *policy;
    float *params;
    hedge_words ours, theirs;
    char names[400]; /* "a, b": those there are */
    size_t n_names;
    int is_found;
} wanted_policy;

static void note_name(wanted_policy *w, const char *name)
{
    const size_t room = sizeof(w->names) - w->n_names;
    const int n = snprintf(w->names + w->n_names, room, "%s%s", w->n_names == 0 ? "" : ", ", name);
    w->n_names += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static fel_status get_policy(hid_t group, const char *path, wanted_policy *w)
{
    char what[MOST_NAME + 64];
    if (h5_get_text(group, "policy", w->theirs.text, sizeof(w->theirs.text)) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read what the policy is for");
    }
    (void)snprintf(what, sizeof(what), "policy \"%s\" is of another problem", w->name);
    FEL_TRY(hedge_words_compare(path, what, w->theirs.text, w->ours.text));
    w->is_found = 1;
    return saved_get(group, path, "parameters_f32", SAVED_F32, fel_policy_count_params(w->policy),
                     w->params);
}

static fel_status look_at(hid_t group, const char *path, wanted_policy *w)
{
    char name[MOST_NAME];
    if (h5_get_text(group, "name", name, sizeof(name)) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read a policy's name");
    }
    note_name(w, name);
    return strcmp(name, w->name) == 0 ? get_policy(group, path, w) : FEL_OK;
}

static fel_status get_policies(hid_t file, const char *path, void *payload)
{
    wanted_policy *w = payload;
    uint64_t n = 0;
    if (h5_get_number(file, "policies", H5T_NATIVE_UINT64, &n) < 0 || n > MOST_POLICIES) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read how many policies there are");
    }
    fel_status status = FEL_OK;
    for (size_t i = 0; i < n && status == FEL_OK && !w->is_found; i++) {
        char name[GROUP_NAME_SIZE];
        group_name(name, i);
        const hid_t group = H5Gopen2(file, name, H5P_DEFAULT);
        status = group >= 0 ? look_at(group, path, w) : h5_raise(FEL_ERR_FORMAT, path, name);
        h5_close(group);
    }
    return status;
}

static fel_status read_wanted(const char *path, wanted_policy *w)
{
    hedge_say_policy(&w->ours, w->policy);
    FEL_TRY(sealed_read(path, &policies_kind, get_policies, w));
    if (!w->is_found) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no policy \"%.64s\"; there are: %.300s", path,
                         w->name, w->n_names > 0 ? w->names : "none");
    }
    return FEL_OK;
}

fel_status fel_policies_read(const char *path, const char *name, const fel_policy *policy,
                             float *params)
{
    wanted_policy *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to read policies");
    }
    w->name = name;
    w->policy = policy;
    w->params = params;
    const fel_status status = read_wanted(path, w);
    free(w);
    return status;
}
