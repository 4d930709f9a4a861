/* reports/json_values.c - numbers, texts, instants and lists as JSON values. */
#include <math.h>
#include <string.h>

#include "reports/json_internal.h"

json_t *json_of_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_of_count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

json_t *json_of_text(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL) {
        return value;
    }
    char plain[1024];
    size_t n = 0;
    for (; text[n] != '\0' && n + 1 < sizeof(plain); n++) {
        plain[n] = (char)((unsigned char)text[n] < 128 ? text[n] : '?');
    }
    plain[n] = '\0';
    return json_string(plain);
}

json_t *json_of_instant(int64_t time_ns)
{
    char text[40];
    fel_time_format(time_ns, text, sizeof(text));
    return json_string(text);
}

/* ---- maps and lists -------------------------------------------------------------------------- */

json_part json_map_begin(void)
{
    const json_part part = {json_object(), 0};
    return part;
}

json_part json_list_begin(void)
{
    const json_part part = {json_array(), 0};
    return part;
}

void json_map_put(json_part *map, const char *key, json_t *value)
{
    map->failed |= json_object_set_new(map->json, key, value) != 0;
}

void json_list_put(json_part *list, json_t *value)
{
    list->failed |= json_array_append_new(list->json, value) != 0;
}

json_t *json_end(json_part *part)
{
    if (part->failed) {
        json_decref(part->json);
        part->json = NULL;
    }
    return part->json;
}

/* ---- lists of one kind ----------------------------------------------------------------------- */

json_t *json_of_numbers(const double *values, size_t n)
{
    if (values == NULL) {
        return json_null();
    }
    json_part list = json_list_begin();
    for (size_t i = 0; i < n; i++) {
        json_list_put(&list, json_of_number(values[i]));
    }
    return json_end(&list);
}

json_t *json_of_instants(const int64_t *times_ns, size_t n)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < n; i++) {
        json_list_put(&list, json_of_instant(times_ns[i]));
    }
    return json_end(&list);
}

json_t *json_of_names(const char *const *names, size_t n)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < n; i++) {
        json_list_put(&list, json_of_text(names[i]));
    }
    return json_end(&list);
}
