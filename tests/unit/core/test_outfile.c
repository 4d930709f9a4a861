/* tests/unit/core/test_outfile.c - files are whole or not there: full disks, failing renames,
 * links. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/outfile.h"
#include "tests/support/check.h"

static char folder[256];

static const char *in_folder(const char *name)
{
    static char paths[4][320];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    (void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void new_folder(void)
{
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
}

static size_t n_entries(void)
{
    size_t n = 0;
    DIR *listing = opendir(folder);
    for (const struct dirent *e = readdir(listing); e != NULL; e = readdir(listing)) {
        n += e->d_name[0] != '.' ? 1 : 0;
    }
    (void)closedir(listing);
    return n;
}

static void write_file(const char *path, const char *text)
{
    outfile out;
    CHECK_OK(outfile_open(&out, path));
    (void)fputs(text, out.stream);
    CHECK_OK(outfile_commit(&out));
}

static void check_content(const char *path, const char *expected)
{
    char text[256] = "";
    FILE *stream = fopen(path, "r");
    CHECK(stream != NULL);
    if (stream != NULL) {
        text[fread(text, 1, sizeof(text) - 1, stream)] = '\0';
        (void)fclose(stream);
    }
    CHECK_TEXT(text, expected);
}

static void test_a_file_appears_whole(void)
{
    new_folder();
    const char *path = in_folder("report.csv");
    outfile out;
    CHECK_OK(outfile_open(&out, path));
    (void)fputs("first\n", out.stream);
    (void)fflush(out.stream);
    CHECK(access(path, F_OK) != 0);
    CHECK_OK(outfile_commit(&out));
    check_content(path, "first\n");
    CHECK_INT(n_entries(), 1);
    outfile_abandon(&out);
    check_content(path, "first\n");
}

static void test_the_old_file_stays_until_commit(void)
{
    new_folder();
    const char *path = in_folder("store.h5");
    write_file(path, "old");
    CHECK(chmod(path, 0640) == 0);
    outfile out;
    CHECK_OK(outfile_open(&out, path));
    (void)fputs("new and longer", out.stream);
    (void)fflush(out.stream);
    check_content(path, "old");
    outfile_abandon(&out);
    check_content(path, "old");
    CHECK_INT(n_entries(), 1);
    write_file(path, "new");
    check_content(path, "new");
    struct stat info;
    CHECK(stat(path, &info) == 0);
    CHECK_INT(info.st_mode & 0777, 0640);
}

static void test_a_full_device_is_an_error(void)
{
    outfile out;
    CHECK_OK(outfile_open(&out, "/dev/full"));
    (void)fputs("lost", out.stream);
    CHECK_STATUS(outfile_commit(&out), FEL_ERR_IO);
    CHECK_TEXT(fel_last_error()->message, "/dev/full: cannot write: No space left on device");
    CHECK_INT(fel_last_error()->os_errno, ENOSPC);
    CHECK_OK(outfile_open(&out, "/dev/null"));
    (void)fputs("gone", out.stream);
    CHECK_OK(outfile_commit(&out));
    CHECK(access("/dev/null", W_OK) == 0);
}

/* A limit on the size of files stands for a disk that fills up half way. */
static void test_a_file_cut_short_leaves_nothing(void)
{
    new_folder();
    const char *path = in_folder("equity.csv");
    write_file(path, "old");
    struct rlimit before;
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    void (*const handler)(int) = signal(SIGXFSZ, SIG_IGN);
    outfile out;
    CHECK_OK(outfile_open(&out, path));
    const struct rlimit small = {10000, before.rlim_max};
    CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
    for (size_t i = 0; i < 100000; i++) {
        (void)fputc('x', out.stream);
    }
    const fel_status status = outfile_commit(&out);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    (void)signal(SIGXFSZ, handler);
    CHECK_STATUS(status, FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "equity.csv: cannot write: ");
    check_content(path, "old");
    CHECK_INT(n_entries(), 1);
}

static void test_a_failing_rename_leaves_nothing(void)
{
    new_folder();
    const char *path = in_folder("taken");
    outfile out;
    CHECK_OK(outfile_open(&out, path));
    (void)fputs("text", out.stream);
    CHECK(mkdir(path, 0700) == 0);
    CHECK_STATUS(outfile_commit(&out), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "taken: cannot replace: ");
    CHECK_INT(n_entries(), 1);
    CHECK_STATUS(outfile_open(&out, path), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "taken: cannot create: Is a directory");
}

static void test_a_bad_path_is_named(void)
{
    outfile out;
    CHECK_STATUS(outfile_open(&out, "/nowhere/at/all.csv"), FEL_ERR_IO);
    CHECK_TEXT(fel_last_error()->message,
               "/nowhere/at/all.csv: cannot create: No such file or directory");
    outfile_abandon(&out);
    CHECK_STATUS(outfile_open(&out, ""), FEL_ERR_IO);
    static char longest[5000];
    memset(longest, 'a', sizeof(longest) - 1);
    CHECK_STATUS(outfile_open(&out, longest), FEL_ERR_IO);
}

static void test_a_link_stays_a_link(void)
{
    new_folder();
    write_file(in_folder("real"), "old");
    CHECK(symlink("real", in_folder("link")) == 0);
    write_file(in_folder("link"), "new");
    struct stat info;
    CHECK(lstat(in_folder("link"), &info) == 0 && S_ISLNK(info.st_mode));
    check_content(in_folder("real"), "new");
}

/* What goes to /dev/stdout continues the stream, wherever that leads. */
static void test_stdout_is_continued(void)
{
    new_folder();
    const char *path = in_folder("redirected");
    (void)fflush(stdout);
    const int saved = dup(STDOUT_FILENO);
    FILE *target = fopen(path, "w");
    CHECK(saved >= 0 && target != NULL && dup2(fileno(target), STDOUT_FILENO) >= 0);
    const int wrote = write(STDOUT_FILENO, "one ", 4) == 4;
    outfile out;
    const fel_status opened = outfile_open(&out, "/dev/stdout");
    (void)fputs("two", out.stream);
    const fel_status committed = outfile_commit(&out);
    CHECK(dup2(saved, STDOUT_FILENO) >= 0);
    (void)close(saved);
    (void)fclose(target);
    CHECK(wrote);
    CHECK_OK(opened);
    CHECK_OK(committed);
    check_content(path, "one two");
}

static void test_two_writers_do_not_meet(void)
{
    new_folder();
    outfile a, b;
    CHECK_OK(outfile_open(&a, in_folder("same")));
    CHECK_OK(outfile_open(&b, in_folder("same")));
    (void)fputs("from a", a.stream);
    (void)fputs("from b", b.stream);
    CHECK_OK(outfile_commit(&b));
    CHECK_OK(outfile_commit(&a));
    check_content(in_folder("same"), "from a");
    CHECK_INT(n_entries(), 1);
}

static void test_folders_are_made_on_the_way(void)
{
    new_folder();
    CHECK_OK(make_folders(in_folder("a/b//c/")));
    CHECK_OK(make_folders(in_folder("a/b/c")));
    struct stat info;
    CHECK(stat(in_folder("a/b/c"), &info) == 0 && S_ISDIR(info.st_mode));
    write_file(in_folder("a/file"), "x");
    CHECK_STATUS(make_folders(in_folder("a/file/d")), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "a/file: cannot make this folder: ");
    CHECK_STATUS(make_folders(""), FEL_ERR_IO);
}

SUITE("core/outfile", TEST(test_a_file_appears_whole), TEST(test_the_old_file_stays_until_commit),
      TEST(test_a_full_device_is_an_error), TEST(test_a_file_cut_short_leaves_nothing),
      TEST(test_a_failing_rename_leaves_nothing), TEST(test_a_bad_path_is_named),
      TEST(test_a_link_stays_a_link), TEST(test_stdout_is_continued),
      TEST(test_two_writers_do_not_meet), TEST(test_folders_are_made_on_the_way));
