"""csource.py - just enough understanding of C sources for the checks beside it.

Text is blanked, never removed, so that offsets and line numbers stay what they are.
"""
import re

MODULES = ["core", "data", "sim", "losses", "models", "engine", "strategies", "reports", "study", "cli"]

_COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def _blank(match):
    return re.sub(r"[^\n]", " ", match)


def blank_comments(source):
    """The source with its comments blanked."""
    return _COMMENT_OR_TEXT.sub(
        lambda m: _blank(m.group(0)) if m.group(0).startswith("/") else m.group(0), source)


def blank_texts(source):
    """The source with what is inside string and character literals blanked."""
    return _COMMENT_OR_TEXT.sub(
        lambda m: m.group(0)[0] + _blank(m.group(0)[1:-1]) + m.group(0)[-1]
        if m.group(0)[0] in "\"'" else m.group(0), source)


def blank_directives(source):
    """The source without preprocessor lines and without the second and later branches of each #if."""
    out, hidden, continued = [], [], False
    for line in source.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)", line)
        was_continued, continued = continued, (continued or directive) and line.endswith("\\")
        if directive and not was_continued:
            word = directive.group(1)
            if word in ("if", "ifdef", "ifndef"):
                hidden.append(False)
            elif word in ("else", "elif") and hidden:
                hidden[-1] = True
            elif word == "endif" and hidden:
                hidden.pop()
        out.append("" if directive or was_continued or any(hidden) else line)
    return "\n".join(out)


def code_of(source):
    """Code alone: no comments, no texts, no directives; the same number of lines."""
    return blank_directives(blank_texts(blank_comments(source)))


class Function:
    """One function definition: its name, where it is, and what it measures."""

    def __init__(self, code, head_start, name, parameters, body_start, body_end):
        self.name = name
        self.line = code.count("\n", 0, head_start) + 1
        self.lines = code.count("\n", head_start, body_end) + 1
        self.is_static = re.search(r"\bstatic\b", code[head_start:body_start]) is not None
        self.parameters = count_parameters(parameters)
        body = code[body_start:body_end]
        self.branches = 1 + len(re.findall(r"\b(?:if|for|while|case)\b|&&|\|\||\?", body))
        self.nesting = nesting_of(body)


def count_parameters(text):
    if text.strip() in ("", "void"):
        return 0
    depth = count = 0
    for letter in text:
        depth += letter in "([{"
        depth -= letter in ")]}"
        count += letter == "," and depth == 0
    return count + 1


def nesting_of(body):
    """Depth of blocks below the function's own; braces of initialisers do not count."""
    depth = deepest = 0
    stack, before = [], ";"
    for token in re.findall(r"[{}]|\w+|[^\s\w]", body):
        if token == "{":
            is_block = before in (")", "else", "do", "{", "}", ";", ":") and (not stack or stack[-1])
            stack.append(is_block)
            depth += is_block
            deepest = max(deepest, depth)
        elif token == "}" and stack:
            depth -= stack.pop()
        before = token
    return max(deepest - 1, 0)


def match_back(code, close):
    """The place of the bracket that the one at `close` closes."""
    depth = 0
    for at in range(close, -1, -1):
        depth += code[at] == ")"
        depth -= code[at] == "("
        if depth == 0:
            return at
    return -1


def functions_of(source):
    """All function definitions of a source file."""
    code = code_of(source)
    functions, depth, start, found = [], 0, 0, None
    for at, letter in enumerate(code):
        if letter == "{":
            if depth == 0:
                found = head_before(code, at)
                start = at
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0 and found is not None:
                functions.append(Function(code, *found, start, at))
    return functions


def head_before(code, brace):
    """(start, name, parameters) of the function whose body opens at this brace, or None."""
    close = brace - 1
    while close >= 0 and code[close].isspace():
        close -= 1
    if close < 0 or code[close] != ")":
        return None
    opened = match_back(code, close)
    name = re.search(r"(\w+)\s*$", code[:opened])
    if name is None or name.group(1) in ("__attribute__",):
        return None
    start = max(code.rfind(";", 0, opened), code.rfind("}", 0, opened)) + 1
    while code[start].isspace():
        start += 1
    return start, name.group(1), code[opened + 1:close]
