/* Checks JSON lines against a shape: which members each object has, in which order, and which words a
 * member may hold. Usage: json_shape SHAPE <LINES; says the first difference, exit status 1.
 *
 * A shape line is  PATH: NAME NAME ..   the members of the objects at PATH, in order; or
 *                  PATH = WORD|WORD     the strings that may stand at PATH besides null.
 * "." is the line itself, ".hosts[]" each element of its member hosts. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shape {
    char path[128], kind, rest[1024];
};
static struct shape shapes[200];
static size_t n_shapes;
static int bad;
static unsigned long line_number;

static const struct shape *shape_of(const char *path, char kind)
{
    for (size_t i = 0; i < n_shapes; i++)
        if (shapes[i].kind == kind && strcmp(shapes[i].path, path) == 0)
            return &shapes[i];
    return NULL;
}

static void report(const char *path, const char *what, const char *detail)
{
    printf("line %lu: %s: %s%s\n", line_number, path, what, detail);
    bad = 1;
}

static void check(const char *path, json_t *value);

static void check_object(const char *path, json_t *object)
{
    const struct shape *shape = shape_of(path, ':');
    char names[1024] = "", next[256];
    const char *name;
    json_t *member;
    json_object_foreach(object, name, member) {
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", *names ? " " : "",
                 name);
        snprintf(next, sizeof next, "%s%s%s", path, strcmp(path, ".") == 0 ? "" : ".", name);
        check(next, member);
    }
    if (!shape)
        report(path, "an object that the shape does not know: ", names);
    else if (strcmp(shape->rest, names) != 0)
        report(path, "members are: ", names);
}

static void check_string(const char *path, const char *text)
{
    const struct shape *shape = shape_of(path, '=');
    size_t n = strlen(text);
    for (const char *word = shape ? shape->rest : NULL; word; word = strchr(word, '|')) {
        word += *word == '|';
        if (strncmp(word, text, n) == 0 && (word[n] == '|' || word[n] == 0))
            return;
    }
    if (shape)
        report(path, "not one of its words: ", text);
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            report(path, "a control character in: ", text);
}

static void check(const char *path, json_t *value)
{
    char next[256];
    if (json_is_object(value))
        check_object(path, value);
    if (json_is_string(value))
        check_string(path, json_string_value(value));
    snprintf(next, sizeof next, "%s[]", path);
    for (size_t i = 0; i < json_array_size(value); i++)
        check(next, json_array_get(value, i));
}

static int read_shapes(const char *file)
{
    char line[1400];
    FILE *f = fopen(file, "r");
    if (!f) {
        perror(file);
        return 0;
    }
    while (fgets(line, sizeof line, f) && n_shapes < 200) {
        struct shape *s = &shapes[n_shapes];
        line[strcspn(line, "\n")] = 0;
        if (sscanf(line, "%127[^: =]%*[ ]%c %1023[^\n]", s->path, &s->kind, s->rest) == 3 ||
            sscanf(line, "%127[^: =]%c %1023[^\n]", s->path, &s->kind, s->rest) == 3)
            n_shapes++;
    }
    fclose(f);
    return n_shapes > 0;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    if (argc != 2 || !read_shapes(argv[1]))
        return 99;
    while ((n = getline(&line, &room, stdin)) > 0) {
        json_error_t error;
        json_t *value = json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES, &error);
        line_number++;
        if (value)
            check(".", value);
        else
            report("not JSON", error.text, "");
        json_decref(value);
    }
    free(line);
    if (line_number == 0)
        report(".", "no line at all", "");
    return bad;
}
