/* engine/names.c - words for the engine's enums, as reports and files print them. */
#include <feller/engine.h>

static const char *word_at(const char *const *words, size_t n, size_t index)
{
    return index < n && words[index] != NULL ? words[index] : "?";
}

const char *fel_reason_name(fel_reason reason)
{
    static const char *const words[] = {
#define REASON_WORD(name, number, text) [number] = (text),
        FEL_REASON_LIST(REASON_WORD)
#undef REASON_WORD
    };
    return word_at(words, sizeof(words) / sizeof(words[0]), (size_t)reason);
}

const char *fel_order_state_name(fel_order_state state)
{
    static const char *const words[] = {"pending",   "live",    "filled",
                                        "cancelled", "expired", "rejected"};
    return word_at(words, sizeof(words) / sizeof(words[0]), (size_t)state);
}

const char *fel_order_type_name(fel_order_type type)
{
    static const char *const words[] = {"market",        "limit",           "stop",
                                        "stop_limit",    "trailing_stop",   "market_on_open",
                                        "limit_on_open", "market_on_close", "limit_on_close",
                                        "exercise"};
    return word_at(words, sizeof(words) / sizeof(words[0]), (size_t)type);
}
