/* cli/cli_message.c - one line for what went wrong, and the exit code that goes with it. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "cli/cli_internal.h"

void cli_message(const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* Values come from files: one line it stays, whatever is in them. */
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            *c = '?';
        }
    }
    cli_progress_end();
    (void)fflush(stdout);
    /* Usage messages begin with the whole command, "feller data import: ...". */
    (void)fprintf(stderr, "%s%s\n", strncmp(text, "feller ", 7) == 0 ? "" : "feller: ", text);
}

int cli_fail(fel_status status)
{
    const int is_ours = status == FEL_ERR_NOMEM || status == FEL_ERR_USER ||
                        status == FEL_ERR_STOPPED || status == FEL_ERR_INTERNAL;
    cli_message("%s", fel_last_error()->message);
    return is_ours ? CLI_FAILED : CLI_WRONG;
}

int cli_print_file(const char *path)
{
    char buffer[1 << 14];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        cli_message("%s: cannot open: %s", path, strerror(errno));
        return CLI_WRONG;
    }
    size_t n = 0;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        (void)fwrite(buffer, 1, n, stdout);
    }
    const int is_bad = ferror(file);
    (void)fclose(file);
    if (is_bad) {
        cli_message("%s: cannot read: %s", path, strerror(errno));
        return CLI_WRONG;
    }
    return CLI_DONE;
}
