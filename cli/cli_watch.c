/* cli/cli_watch.c - the person at the terminal: Ctrl-C, and how far the work is. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_internal.h"
#include "core/progress.h"

volatile int cli_stop_flag;

/* ---- signals --------------------------------------------------------------------------------- */

static void on_signal(int number)
{
    (void)number;
    cli_stop_flag = 1;
}

void cli_catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* ---- progress -------------------------------------------------------------------------------- */

static struct {
    progress_meter meter;
    const char *what;
    int is_shown;
} shown;

void cli_progress(void *payload, const char *what, double done, double total)
{
    (void)payload;
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    if (shown.what == NULL || strcmp(shown.what, what) != 0 || total != shown.meter.total) {
        shown.what = what;
        progress_start(&shown.meter, total);
        return;
    }
    if (progress_due(&shown.meter, done)) {
        char text[80];
        progress_text(&shown.meter, done, text, sizeof(text));
        (void)fprintf(stderr, "\r\033[K%s  %s", what, text);
        (void)fflush(stderr);
        shown.is_shown = 1;
    }
}

void cli_progress_end(void)
{
    if (shown.is_shown) {
        (void)fputs("\r\033[K", stderr);
        shown.is_shown = 0;
    }
}
