/* tests/verify/verify_studies.c - a thousand random studies, each run with one thread and with two:
 * the same outcome, and every file of the run folder the same, bit for bit; and each reproduced
 * from its folder. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"
#include "tests/verify/random_study.h"

enum { N_STUDIES = 1000, MOST_TRIED = 4000 };

typedef struct tally {
    int n_run, n_refused, n_files, n_differ, n_with_fills;
} tally;

/* From "wall" on a manifest tells how long it took, and with how many threads. */
static void cut_wall_times(char *text)
{
    char *wall = text != NULL ? strstr(text, "\"wall\"") : NULL;
    if (wall != NULL) {
        *wall = '\0';
    }
}

static int is_same_file(const char *folder, const char *name)
{
    char one[600], two[600];
    (void)snprintf(one, sizeof(one), "%s/one/%s", folder, name);
    (void)snprintf(two, sizeof(two), "%s/two/%s", folder, name);
    char *a = get_file(one), *b = get_file(two);
    if (strcmp(name, "manifest.json") == 0) {
        cut_wall_times(a);
        cut_wall_times(b);
    }
    const int same = a != NULL && b != NULL && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

static void compare(const char *folder, uint64_t seed, tally *t)
{
    DIR *entries = opendir(in_folder(folder, "one"));
    CHECK(entries != NULL);
    for (struct dirent *e = entries != NULL ? readdir(entries) : NULL; e != NULL;
         e = readdir(entries)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        t->n_files++;
        if (!is_same_file(folder, e->d_name)) {
            (void)printf("\nstudy %llu: %s differs\n", (unsigned long long)seed, e->d_name);
            t->n_differ++;
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    char *fills = get_file(in_folder(folder, "one/fills.csv"));
    t->n_with_fills += fills != NULL && strchr(fills, '\n') != strrchr(fills, '\n');
    free(fills);
}

static void run_twice(const char *folder, uint64_t seed, tally *t)
{
    char text[RANDOM_TEXT_SIZE], message[512];
    random_study_text(seed, text);
    put_file(in_folder(folder, "study.yaml"), text);
    fel_study *study = NULL;
    fel_run *runs[2] = {NULL, NULL};
    if (fel_study_load(&study, in_folder(folder, "study.yaml"), NULL, 0) != FEL_OK) {
        t->n_refused++;
        return;
    }
    fel_status status[2];
    for (int i = 0; i < 2; i++) {
        fel_run_options options = fel_run_options_default();
        options.out_dir = in_folder(folder, i == 0 ? "one" : "two");
        options.n_threads = i + 1;
        options.write_html = 0;
        status[i] = fel_study_run(study, &options, &runs[i]);
        if (i == 0) {
            (void)snprintf(message, sizeof(message), "%s", fel_last_error()->message);
        }
        fel_run_destroy(runs[i]);
    }
    CHECK_INT(status[1], status[0]);
    if (status[0] == FEL_OK) {
        t->n_run++;
        compare(folder, seed, t);
        const fel_run_options options = fel_run_options_default();
        CHECK_OK(fel_reproduce(in_folder(folder, "two"), &options));
    } else {
        t->n_refused++;
        CHECK_TEXT(fel_last_error()->message, message);
        CHECK(status[0] != FEL_ERR_INTERNAL);
    }
    fel_study_destroy(study);
}

static void test_random_studies_do_not_depend_on_threads(void)
{
    char folder[320];
    tally t = {0};
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    random_study_data(folder);
    for (uint64_t seed = 1; t.n_run < N_STUDIES && seed <= MOST_TRIED; seed++) {
        run_twice(folder, seed, &t);
    }
    (void)printf(
        "\n  %d studies, %d with fills, %d files each the same twice but for %d; %d refused\n",
        t.n_run, t.n_with_fills, t.n_files, t.n_differ, t.n_refused);
    CHECK_INT(t.n_run, N_STUDIES);
    CHECK_INT(t.n_differ, 0);
    CHECK(t.n_with_fills > N_STUDIES / 2);
}

SUITE("verify/studies", TEST(test_random_studies_do_not_depend_on_threads));
