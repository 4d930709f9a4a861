/* tests/unit/data/test_store_crash.c - writers that are killed, that meet each other, that meet a
 * full disk: the store is always the old one or the new one. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/data/sample_series.h"

enum { PART_ROWS = 60, N_KILLS = 60, N_WRITERS = 4, N_EACH = 6 };

/* Row i of the endless series that the writers append, so that any prefix can be checked. */
static void fill_row(sample_rows *r, size_t at, int64_t i)
{
    static const int above[FEL_BAR_COLUMNS] = {1, 3, 0, 2, 5}; /* low, open, close, high */
    r->time_ns[at] = (i + 1) * FEL_NS_PER_MINUTE;
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        r->columns[c][at] = (double)(i * 7 % 1000 + above[c]) / 100.0;
    }
}

static fel_status append_part(const char *path, const char *symbol, int64_t part)
{
    sample_rows r = sample_rows_create(PART_ROWS);
    for (size_t i = 0; i < PART_ROWS; i++) {
        fill_row(&r, i, part * PART_ROWS + (int64_t)i);
    }
    fel_series *s = sample_series(symbol, &r, 0);
    const fel_series *list = s;
    const fel_status status = fel_store_append(path, &list, 1, 0);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
    return status;
}

/* Parts of the series in the store, all of them whole and right; -1 where there is no store yet. */
static int64_t check_parts(const char *path, const char *symbol)
{
    fel_store *store = NULL;
    fel_series *s = NULL;
    size_t at = 0;
    const fel_status status = fel_store_open(&store, path);
    if (status == FEL_ERR_NOTFOUND) {
        return -1;
    }
    CHECK_OK(status);
    CHECK_OK(fel_store_find(store, symbol, FEL_DATA_BAR, 0, &at));
    CHECK_OK(fel_store_read(store, at, FEL_TIME_MIN, FEL_TIME_MAX, &s));
    const fel_block rows = fel_series_rows(s);
    sample_rows one = sample_rows_create(1);
    int same = rows.n % PART_ROWS == 0;
    for (size_t i = 0; i < rows.n; i++) {
        fill_row(&one, 0, (int64_t)i);
        same &= rows.time_ns[i] == one.time_ns[0];
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            same &= rows.columns[c][i] == one.columns[c][0];
        }
    }
    CHECK(same);
    const int64_t n = (int64_t)(rows.n / PART_ROWS);
    sample_rows_destroy(&one);
    fel_series_destroy(s);
    fel_store_close(store);
    return n;
}

/* A child to write in. Of the threads of OpenMP's pool none lives in it, so it must not ask for
 * any: on one core the library works without. */
static pid_t fork_writer(void)
{
    const pid_t child = fork();
    if (child == 0) {
        cpu_set_t one;
        CPU_ZERO(&one);
        for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++) {
            CPU_SET(cpu, &one);
            if (sched_setaffinity(0, sizeof(one), &one) != 0) {
                CPU_CLR(cpu, &one); /* not one of ours */
            }
        }
        (void)alarm(60); /* whatever happens, it ends */
    }
    return child;
}

static void append_for_ever(const char *path, int64_t first)
{
    for (int64_t part = first;; part++) {
        if (append_part(path, "KILL", part) != FEL_OK ||
            (part % 5 == 4 && fel_store_compact(path) != FEL_OK)) {
            _exit(3);
        }
    }
}

static void test_killed_writers_leave_the_old_or_the_new_store(void)
{
    char path[512];
    rng_stream s = rng_at(71, 1);
    int64_t n = 0;
    (void)snprintf(path, sizeof(path), "%s/kill", scratch_folder());
    for (int kill_number = 0; kill_number < N_KILLS; kill_number++) {
        const pid_t child = fork_writer();
        if (child == 0) {
            append_for_ever(path, n > 0 ? n : 0);
        }
        const struct timespec wait = {0, (long)rng_below(&s, 40000000)};
        (void)nanosleep(&wait, NULL);
        int status = 0;
        CHECK(kill(child, SIGKILL) == 0);
        CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
        const int64_t now = check_parts(path, "KILL");
        CHECK(now >= n || now == -1);
        n = now;
    }
    CHECK(n > 5);
    char *report = NULL;
    CHECK_OK(fel_store_check(path, &report));
    free(report);
    CHECK_OK(fel_store_compact(path)); /* clears up after them */
    CHECK_OK(fel_store_check(path, &report));
    CHECK_TEXT(report, "");
    free(report);
    CHECK_INT(check_parts(path, "KILL"), n);
}

static void test_writers_at_the_same_time_take_turns(void)
{
    char path[512], symbol[16];
    pid_t children[N_WRITERS];
    (void)snprintf(path, sizeof(path), "%s/turns", scratch_folder());
    for (int w = 0; w < N_WRITERS; w++) {
        (void)snprintf(symbol, sizeof(symbol), "W%d", w);
        children[w] = fork_writer();
        if (children[w] == 0) {
            fel_status status = FEL_OK;
            for (int part = 0; status == FEL_OK && part < N_EACH; part++) {
                status = append_part(path, symbol, part);
            }
            _exit(status == FEL_OK ? 0 : 1);
        }
    }
    for (int w = 0; w < N_WRITERS; w++) {
        int status = 0;
        CHECK(waitpid(children[w], &status, 0) == children[w]);
        CHECK_INT(WEXITSTATUS(status), 0);
        (void)snprintf(symbol, sizeof(symbol), "W%d", w);
    }
    for (int w = 0; w < N_WRITERS; w++) {
        (void)snprintf(symbol, sizeof(symbol), "W%d", w);
        CHECK_INT(check_parts(path, symbol), N_EACH);
    }
}

/* Append in a child that may not write files beyond a size: write(2) fails there as on a full disk,
 * but with EFBIG. The child's exit code is its status. */
static int append_within(const char *path, rlim_t most_bytes, int64_t part)
{
    const pid_t child = fork_writer();
    if (child == 0) {
        const struct rlimit limit = {most_bytes, most_bytes};
        (void)signal(SIGXFSZ, SIG_IGN);
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        const fel_status status = append_part(path, "FULL", part);
        _exit(status != FEL_OK && fel_last_error()->message[0] == '\0' ? 99 : (int)status);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_failed_writes_change_nothing(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/full", scratch_folder());
    CHECK_INT(append_within(path, 100, 0), FEL_ERR_IO);
    CHECK_INT(check_parts(path, "FULL"), -1);
    CHECK(access(path, F_OK) != 0);
    CHECK_OK(append_part(path, "FULL", 0));
    for (rlim_t most = 0; most < 2000; most += 150) { /* fails in the segment, later in the index */
        CHECK_INT(append_within(path, most, 1), FEL_ERR_IO);
        CHECK_INT(check_parts(path, "FULL"), 1);
    }
    CHECK_INT(append_within(path, 1000000, 1), FEL_OK);
    CHECK_INT(check_parts(path, "FULL"), 2);
    char *report = NULL;
    CHECK_OK(fel_store_check(path, &report));
    CHECK_TEXT(report, ""); /* failed writers clear up after themselves */
    free(report);
}

/* A real full disk, where this process may mount one. */
static void test_full_disk_changes_nothing(void)
{
    char folder[256], path[512];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    (void)snprintf(path, sizeof(path), "%s/store", folder);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=160k") != 0) {
        SKIP("a small file system cannot be mounted here");
    }
    fel_status status = FEL_OK;
    int64_t n = 0;
    while (status == FEL_OK && n < 1000) {
        status = append_part(path, "FULL", n);
        n += status == FEL_OK;
    }
    CHECK_INT(status, FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, strerror(ENOSPC));
    CHECK(n > 2);
    CHECK_INT(check_parts(path, "FULL"), n);
    CHECK(umount(folder) == 0);
}

SUITE("data/store_crash", TEST(test_killed_writers_leave_the_old_or_the_new_store),
      TEST(test_writers_at_the_same_time_take_turns), TEST(test_failed_writes_change_nothing),
      TEST(test_full_disk_changes_nothing));
