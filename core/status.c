/* core/status.c - status names and the calling thread's last error. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include <feller/base.h>

static _Thread_local fel_error last_error = {.message = "no error"};

const char *fel_status_name(fel_status status)
{
    switch (status) {
#define CASE(name, number, text)                                                                   \
    case FEL_##name:                                                                               \
        return "FEL_" #name;
        FEL_STATUS_LIST(CASE)
#undef CASE
    }
    return "FEL_?";
}

const char *fel_status_text(fel_status status)
{
    switch (status) {
#define CASE(name, number, text)                                                                   \
    case FEL_##name:                                                                               \
        return text;
        FEL_STATUS_LIST(CASE)
#undef CASE
    }
    return "unknown status";
}

const fel_error *fel_last_error(void)
{
    return &last_error;
}

/* Values come from files: one line it stays, whatever is in them. */
static void keep_one_line(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            *text = '?';
        }
    }
}

void fel_raise_at(fel_status status, const char *file, int line, const char *func,
                  const char *format, ...)
{
    /* The arguments may point into the old message. */
    char message[sizeof(last_error.message)];
    const int os_errno = status == FEL_ERR_IO ? errno : 0;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    last_error.status = status;
    last_error.os_errno = os_errno;
    last_error.file = file;
    last_error.line = line;
    last_error.func = func;
    keep_one_line(message);
    (void)snprintf(last_error.message, sizeof(last_error.message), "%s", message);
}
