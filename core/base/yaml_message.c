#include "yaml_message.h"

#include <stddef.h>
#include <string.h>

static const struct row {
    const char *part; /* of libfyaml's message */
    const char *text;
} rows[] = {
    {"tab character may not", "a tab indents this line: indent with blanks"},
    {"double-quoted scalar without closing", "the text in double quotes is not closed: write a closing quote"},
    {"single-quoted scalar without closing", "the text in single quotes is not closed: write a closing quote, and double those within"},
    {"invalid multiline plain key", "this text goes on in the next line, and then a colon makes it a key: check the indentation of the "
                                    "next line, and that every key ends in a colon and a blank"},
    {"invalid nested block mapping", "a second key in one line: put the value in quotes if it holds a colon and a blank"},
    {"block sequence on the same line", "a list cannot start in the line of its key: put its first `- ` in the next line"},
    {"at the end of block sequence", "expected another `- ` of the list above: check the indentation"},
    {"invalid indentation in mapping", "this key stands neither under the keys above it nor under an outer one: check the indentation"},
    {"mapping in plain multiline", "this key stands neither under the keys above it nor under an outer one: check the indentation"},
    {"invalid value after mapping", "expected a key here: check the indentation"},
    {"cannot start with blank or zero", "a tab where a text should start: use blanks"},
    {"plain scalar cannot start with", "a text cannot start with this character: put it in quotes"},
    {"in double-quoted string", "an unknown escape in double quotes: write \\\\ for a backslash, or use single quotes"},
    {"trailing content after", "more text behind the closing quote: put all of it inside, and double the quotes it holds"},
    {"extra closing", "a closing bracket or brace that nothing opened: leave it out, or put the text in quotes"},
    {"extra comma", "a comma with nothing before it: leave it out"},
    {"undefined tag prefix", "a tag (`!…`) that is not known: leave it out, or put a text that starts with `!` in quotes"},
    {"uri terminator", "a tag (`!<…`) without its `>`: leave it out, or put a text that starts with `!` in quotes"},
    {"no linebreak found", "more text behind `|` or `>`: start it in the next line"},
    {"wrongly indented line", "a line of this text stands further left than its first one: check the indentation"},
    {"two anchors", "two anchors (`&…`) for one value: keep one"},
    {"unexpected alias", "an anchor (`&…`) cannot be given to an alias (`*…`): leave it out"},
    {"did not find expected node content", "expected a value here: write an empty item of a list as `null`"},
    {"missing document start", "more text behind the end of the document: separate documents with a line `---`"},
};

const char *sm_yaml_message(const char *message) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(message, rows[i].part))
            return rows[i].text;
    return message;
}
