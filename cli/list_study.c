/* cli/list_study.c - the keys of a study file as JSON; the rules are those keys that choose. */
#include <jansson.h>
#include <string.h>

#include <feller/study.h>

#include "cli/list_internal.h"

typedef struct key_list {
    json_t *list;
    int rules_only;
} key_list;

static int is_rule(const fel_study_key *key)
{
    return strchr(key->path, '.') == NULL && strstr(key->type, " | ") != NULL;
}

static void add_key(void *payload, const fel_study_key *key)
{
    const key_list *to = payload;
    if (to->rules_only && !is_rule(key)) {
        return;
    }
    (void)json_array_append_new(to->list, json_pack("{s:s, s:s, s:s, s:s}", "name", key->path,
                                                    "summary", key->doc, "type", key->type,
                                                    "default", key->default_text));
}

static json_t *list_some(int rules_only)
{
    key_list to = {json_array(), rules_only};
    fel_study_each_key(add_key, &to);
    return to.list;
}

json_t *list_rules(void)
{
    return list_some(1);
}

json_t *list_keys(void)
{
    return list_some(0);
}
