/* tests/verify/verify_writes.c - a disk that fails: every command that writes runs again and again,
 * its k-th change to the disk failing for every k, alone, with all after it, and after a short
 * write.
 *
 * Whatever the command says, what is on the disk is what was there before, or all that a command
 * without failures leaves: an exit code of 0 only with the latter, else one line that says why. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"
#include "tests/verify/fail_write.h"

enum { MOST_FILES = 256, MOST_WORDS = 24 };

/* ---- what is on the disk --------------------------------------------------------------------- */

typedef struct one_file {
    char path[200];
    uint64_t hash; /* of its bytes */
} one_file;

typedef struct disk_tree {
    one_file files[MOST_FILES];
    size_t n;
} disk_tree;

static disk_tree *seen_tree; /* nftw has no payload */
static size_t seen_prefix;

static int see_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)ftw;
    if (seen_tree->n == MOST_FILES ||
        strlen(path + seen_prefix) >= sizeof(seen_tree->files[0].path)) {
        return 1;
    }
    one_file *f = &seen_tree->files[seen_tree->n++];
    (void)snprintf(f->path, sizeof(f->path), "%s", path + seen_prefix);
    f->hash = UINT64_C(14695981039346656037); /* FNV-1a */
    FILE *file = type == FTW_F ? fopen(path, "rb") : NULL;
    for (int c = file != NULL ? fgetc(file) : EOF; c != EOF; c = fgetc(file)) {
        f->hash = (f->hash ^ (uint64_t)c) * UINT64_C(1099511628211);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return info == NULL;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const one_file *)a)->path, ((const one_file *)b)->path);
}

static void see_disk(const char *folder, disk_tree *out)
{
    memset(out, 0, sizeof(*out));
    seen_tree = out;
    seen_prefix = strlen(folder);
    CHECK_INT(nftw(folder, see_entry, 16, FTW_PHYS), 0);
    qsort(out->files, out->n, sizeof(out->files[0]), by_path);
}

/* Files that say when they were written are compared by their names. */
static int is_dated(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && strcmp(slash, "/manifest.json") == 0;
}

static int is_same_disk(const disk_tree *a, const disk_tree *b)
{
    int same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        same = strcmp(a->files[i].path, b->files[i].path) == 0 &&
               (a->files[i].hash == b->files[i].hash || is_dated(a->files[i].path));
    }
    return same;
}

static const one_file *file_in(const disk_tree *tree, const one_file *file)
{
    for (size_t i = 0; i < tree->n; i++) {
        const one_file *f = &tree->files[i];
        if (strcmp(f->path, file->path) == 0 && (f->hash == file->hash || is_dated(f->path))) {
            return f;
        }
    }
    return NULL;
}

/* All of the command's files, and old segments that the new index does not name any more: the next
 * writer removes them. */
static int is_finished(const disk_tree *now, const disk_tree *before, const disk_tree *after)
{
    size_t n_new = 0;
    for (size_t i = 0; i < now->n; i++) {
        const one_file *f = &now->files[i];
        const int is_new = file_in(after, f) != NULL;
        const int is_orphan = strstr(f->path, "/segments/") != NULL && file_in(before, f) != NULL;
        if (!is_new && !is_orphan) {
            return 0;
        }
        n_new += is_new ? 1 : 0;
    }
    return n_new == after->n;
}

static void print_disk(const char *what, const disk_tree *tree)
{
    (void)printf("  %s:", what);
    for (size_t i = 0; i < tree->n; i++) {
        (void)printf(" %s", tree->files[i].path);
    }
    (void)printf("\n");
}

/* ---- a command ------------------------------------------------------------------------------- */

static const char *feller_path(void)
{
    const char *given = getenv("FELLER");
    return given != NULL ? given : "build/release/feller";
}

/* cp -a, rm -rf. */
static void run_tool(const char *tool, const char *flag, const char *from, const char *to)
{
    char *const words[] = {strdup(tool), strdup(flag), strdup(from), to != NULL ? strdup(to) : NULL,
                           NULL};
    const pid_t child = fork();
    int state = 0;
    if (child == 0) {
        (void)execvp(words[0], words);
        _exit(127);
    }
    CHECK(waitpid(child, &state, 0) == child && WIFEXITED(state) && WEXITSTATUS(state) == 0);
    for (size_t i = 0; words[i] != NULL; i++) {
        free(words[i]);
    }
}

typedef struct failing_command {
    char base[400], work[400]; /* the disk before, and a copy of it that the command works on */
    char words[MOST_WORDS][80];
    const char *argv[MOST_WORDS + 1];
    disk_tree before, after;
    int n_calls;
} failing_command;

/* The arguments, blanks between them. */
static void split_words(failing_command *c, const char *line)
{
    size_t n = 0;
    c->argv[n++] = feller_path();
    while (*line != '\0' && n < MOST_WORDS) {
        const size_t length = strcspn(line, " ");
        (void)snprintf(c->words[n], sizeof(c->words[0]), "%.*s", (int)length, line);
        c->argv[n] = c->words[n];
        n++;
        line += length + strspn(line + length, " ");
    }
    c->argv[n] = NULL;
}

static int run_once(const failing_command *c, disk_fault fault, int k, faulted_run *run,
                    disk_tree *disk)
{
    run_tool("rm", "-rf", c->work, NULL);
    run_tool("cp", "-a", c->base, c->work);
    const int is_traced = run_with_fault(c->work, c->argv, fault, k, run);
    see_disk(c->work, disk);
    return is_traced;
}

/* One line, which begins as all of the command's do. */
static int is_clear(const char *said)
{
    const char *end = strchr(said, '\n');
    return strncmp(said, "feller", 6) == 0 && end != NULL && end[1] == '\0';
}

static int is_good(const failing_command *c, const faulted_run *run, const disk_tree *disk)
{
    if (run->exit_code == 0) {
        return is_same_disk(disk, &c->after);
    }
    return run->exit_code == 2 && is_clear(run->said) &&
           (is_same_disk(disk, &c->before) || is_finished(disk, &c->before, &c->after));
}

static void try_fault(const failing_command *c, disk_fault fault, int k)
{
    static const char *const names[DISK_N_FAULTS] = {"fine", "once", "full", "short"};
    static disk_tree disk;
    faulted_run run;
    CHECK(run_once(c, fault, k, &run, &disk));
    const int good = is_good(c, &run, &disk);
    CHECK(good);
    if (!good) {
        (void)printf("\n%s %s, %s, call %d of %d: exit code %d, says: %s\n", c->argv[1], c->argv[2],
                     names[fault], k, c->n_calls, run.exit_code, run.said);
        print_disk("before", &c->before);
        print_disk("after", &c->after);
        print_disk("now", &disk);
    }
}

/* Two runs without failures leave the same; then each call fails in turn. */
static void check_command(failing_command *c, const char *line)
{
    static disk_tree again;
    faulted_run run;
    split_words(c, line);
    see_disk(c->base, &c->before);
    if (!run_once(c, DISK_FINE, 0, &run, &c->after)) {
        SKIP(run.said);
    }
    CHECK_INT(run.exit_code, 0);
    CHECK_TEXT(run.said, "");
    CHECK(run_once(c, DISK_FINE, 0, &run, &again));
    CHECK(is_same_disk(&again, &c->after));
    c->n_calls = run.n_calls;
    CHECK(c->n_calls > 2);
    for (int fault = DISK_ONCE; fault < DISK_N_FAULTS; fault++) {
        for (int k = 1; k <= c->n_calls; k++) {
            try_fault(c, (disk_fault)fault, k);
        }
    }
    (void)printf("%s %s: %d calls, each failing in %d ways\n", c->argv[1], c->argv[2], c->n_calls,
                 DISK_N_FAULTS - 1);
}

/* A folder with bars, a study and a chain of options. */
static failing_command *new_command(void)
{
    failing_command *c = calloc(1, sizeof(*c));
    const char *folder = scratch_folder();
    (void)snprintf(c->base, sizeof(c->base), "%s/base", folder);
    (void)snprintf(c->work, sizeof(c->work), "%s/work", folder);
    CHECK(mkdir(c->base, 0777) == 0);
    put_bars(in_folder(c->base, "wave.csv"), 400, 0.4);
    put_bars(in_folder(c->base, "other.csv"), 700, 1.1);
    put_file(in_folder(c->base, "s.yaml"),
             "name: s\ndata: [{symbol: W, file: wave.csv}]\nstrategy: {kind: sma_cross}\n"
             "costs: {fee_bps: 5}\nreport: {html: false}\n");
    run_tool("cp", "-a", "examples/data/sample_chain.csv", in_folder(c->base, "chain.csv"));
    return c;
}

static void check_line(const char *line)
{
    failing_command *c = new_command();
    check_command(c, line);
    free(c);
}

/* The same where an earlier command has left what the second one replaces. */
static void check_line_after(const char *first, const char *line)
{
    failing_command *c = new_command();
    faulted_run run;
    split_words(c, first);
    if (!run_with_fault(c->base, c->argv, DISK_FINE, 0, &run)) {
        free(c);
        SKIP(run.said);
    }
    CHECK_INT(run.exit_code, 0);
    check_command(c, line);
    free(c);
}

static void test_an_import_is_whole_or_not_there(void)
{
    check_line("data import wave.csv -s store --symbol W -q");
}

static void test_an_import_that_appends_leaves_the_old_store(void)
{
    check_line_after("data import wave.csv -s store --symbol W -q",
                     "data import other.csv -s store --symbol X -q");
}

static void test_a_store_is_compacted_or_as_before(void)
{
    check_line_after("data import wave.csv -s store --symbol W -q", "data compact store");
}

static void test_a_run_is_whole_or_not_there(void)
{
    check_line("run s.yaml -q");
}

static void test_a_run_that_replaces_one_leaves_the_old(void)
{
    check_line_after("run s.yaml -q --set costs.fee_bps=7", "run s.yaml -q");
}

static void test_simulated_paths_are_whole_or_not_there(void)
{
    check_line("simulate heston --paths 200 --dates 12 -o paths.h5 -q");
    check_line("simulate gbm --paths 300 --dates 12 -o paths.csv -q");
}

static void test_a_calibration_is_whole_or_not_there(void)
{
    check_line("calibrate chain.csv --otm-only --starts 1 -q --no-html -o fit");
    check_line("calibrate chain.csv --otm-only --starts 1 -q -o heston.yaml");
}

static void test_a_calibration_that_replaces_one_leaves_the_old(void)
{
    check_line_after("calibrate chain.csv --starts 1 -q --no-html -o fit",
                     "calibrate chain.csv --otm-only --starts 1 -q --no-html -o fit");
}

SUITE("verify/writes", TEST(test_an_import_is_whole_or_not_there),
      TEST(test_an_import_that_appends_leaves_the_old_store),
      TEST(test_a_store_is_compacted_or_as_before), TEST(test_a_run_is_whole_or_not_there),
      TEST(test_a_run_that_replaces_one_leaves_the_old),
      TEST(test_simulated_paths_are_whole_or_not_there),
      TEST(test_a_calibration_is_whole_or_not_there),
      TEST(test_a_calibration_that_replaces_one_leaves_the_old));
